"""Heartbeats: who stands still while others count is buried; a database that is away from all buries nobody."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agentconsole.server.desk import OpenDesk
from agentconsole.server.feed import Feed
from agentconsole.server.heartbeat import STILL, Heartbeat
from agentconsole.server.sessions import Sessions
from tests.server.several import join, two_desks
from tests.server_bench import on_a_loop


@contextmanager
def _desks(folder: Path) -> Iterator[tuple[OpenDesk, OpenDesk]]:
    with two_desks(folder) as both:
        for desk in both:
            join(desk)
        yield both


@contextmanager
def _heartbeat(desk: OpenDesk) -> Iterator[Heartbeat]:
    feed = Feed(desk, Sessions(), asyncio.get_running_loop())
    try:
        yield Heartbeat(desk, feed, 0.1)
    finally:
        feed.stop()


def _living(desk: OpenDesk) -> set[str]:
    found = desk.reader.run(lambda session: session.connection().exec_driver_sql("SELECT id FROM server").all())
    return {row[0] for row in found}


@pytest.mark.parametrize(("beats", "lives"), [(STILL + 1, True), (STILL + 2, False)])
@on_a_loop
async def test_a_server_is_buried_when_it_stood_still_for_so_many_beats_of_another(
    tmp_path: Path, beats: int, lives: bool
) -> None:
    """The first beat sees it, the next ones count, and one more buries."""
    with _desks(tmp_path) as (one, two), _heartbeat(one) as heartbeat:
        for _ in range(beats):
            await heartbeat.beat()

        assert _living(one) == ({one.holder, two.holder} if lives else {one.holder})


@on_a_loop
async def test_time_that_passes_without_beats_buries_nobody(tmp_path: Path) -> None:
    """As when the database was away from both: neither could count, whatever the clocks say."""
    with _desks(tmp_path) as (one, two), _heartbeat(one) as heartbeat, _heartbeat(two) as other:
        for _ in range(STILL):
            await heartbeat.beat()
        await other.beat()
        for _ in range(STILL):
            await heartbeat.beat()

        assert _living(one) == {one.holder, two.holder}
