"""Statements that go to PostgreSQL together: whole, also where the line takes a little at a time."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest

from agentconsole.storage.postgres_batch import batch
from tests.postgres import cluster

LONG = "x" * (4 << 20)


@pytest.fixture(name="link")
def _link() -> "Iterator[psycopg.Connection[Any]]":
    """Return a connection whose line holds a few kilobytes, where others hold millions."""
    place = cluster().database()
    with psycopg.connect(place.owner) as link:
        with socket.socket(fileno=os.dup(link.fileno())) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        yield link
    cluster().drop(place)


def test_a_text_that_the_line_does_not_hold_arrives_whole(link: "psycopg.Connection[Any]") -> None:
    found: list[Any] = []

    def ask() -> None:
        with suppress(psycopg.OperationalError), batch(link):
            found.extend([link.execute("SELECT length(%s)", [LONG]), link.execute("SELECT 2")])

    asking = threading.Thread(target=ask)
    asking.start()
    asking.join(20)
    if is_hanging := asking.is_alive():
        cluster().ask(f"SELECT pg_terminate_backend({link.info.backend_pid})")
        asking.join()

    assert not is_hanging
    assert [cursor.fetchone() for cursor in found] == [(len(LONG),), (2,)]
