"""The database of a desk as who owns it can use it, past the desk and past the guards of the event log."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from tests.desk_bench import Bench, place_of


@contextmanager
def as_owner(bench: Bench) -> Iterator[Any]:
    """Open a driver's connection that commits each statement."""
    place = place_of(bench.desk.paths)
    link: Any = (
        sqlite3.connect(bench.desk.paths.database, isolation_level=None)
        if place is None
        else psycopg.connect(place.owner, autocommit=True)
    )
    if place is not None:
        link.execute("SET app.actor = 'owner'")
    try:
        yield link
    finally:
        link.close()


def unguard(link: Any) -> str:
    """Take the guards off the event log, and return how the driver marks a value."""
    if isinstance(link, psycopg.Connection):
        link.execute("ALTER TABLE event DISABLE TRIGGER USER")
        return "%s"
    link.execute("DROP TRIGGER event_no_update")
    link.execute("DROP TRIGGER event_no_delete")
    return "?"


def analyze(bench: Bench) -> None:
    """Let the database count its rows, as it does by itself in time."""
    with as_owner(bench) as link:
        link.execute("ANALYZE")
