"""Who is at a ticket is seen by the others within two seconds, and is gone again soon after she is (UX 11)."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agentconsole.server.presence import SILENT_SECONDS
from agentconsole.wire import commands
from agentconsole.wire.frames import Present
from agentconsole.wire.rows import WatcherRow
from tests.desk_bench import PASSWORD
from tests.server_bench import Caller, Served, on_a_loop, serve, until

PEOPLE = (("ana", "agent"), ("bo", "agent"), ("sam", "supervisor"))
SOON = 2.0


def _map(caller: Caller) -> dict[int, tuple[WatcherRow, ...]]:
    """Put together what a caller was told, as a console does."""
    known: dict[int, tuple[WatcherRow, ...]] = {}
    for told in caller.told:
        if isinstance(told, Present):
            known = {} if told.whole else known
            known.update({row.ticket: row.people for row in told.rows})
    return {ticket: people for ticket, people in known.items() if people}


def _who(caller: Caller, ticket: int) -> str:
    """Name who is at a ticket, as lists do: < looks at it, * writes to it."""
    return " ".join(("*" if one.writing else "<") + one.login for one in _map(caller).get(ticket, ()))


async def _pair(served: Served) -> tuple[Caller, Caller]:
    return await served.sign_in("ana"), await served.sign_in("bo")


@on_a_loop
async def test_who_looks_and_who_writes_is_told_within_two_seconds(tmp_path: Path) -> None:
    async with serve(tmp_path, people=PEOPLE) as served:
        ana, bo = await _pair(served)

        await bo.ask(commands.Look(7))
        await until(lambda: _who(ana, 7) == "<bo", SOON)
        await bo.ask(commands.Look(7, writing=True))
        await until(lambda: _who(ana, 7) == "*bo", SOON)
        served.clock.move(timedelta(seconds=1))
        await ana.ask(commands.Look(7))
        await until(lambda: _who(ana, 7) == "*bo <ana", SOON)
        await bo.ask(commands.Look(8))
        await until(lambda: (_who(ana, 7), _who(ana, 8)) == ("<ana", "<bo"), SOON)
        await bo.ask(commands.Look(0))
        await until(lambda: set(_map(ana)) == {7}, SOON)


@pytest.mark.parametrize("way", ["link lost", "sign out", "lock", "account closed"])
@on_a_loop
async def test_who_is_gone_is_at_no_ticket(tmp_path: Path, way: str) -> None:
    async with serve(tmp_path, people=PEOPLE) as served:
        ana, bo = await _pair(served)
        host = await served.caller()
        await bo.ask(commands.Look(7, writing=True))
        await until(lambda: _who(ana, 7) == "*bo", SOON)

        if way == "link lost":
            await bo.client.close()
        elif way == "account closed":
            await host.ask(commands.DisableUser("bo"))
        else:
            await bo.ask(commands.SignOut() if way == "sign out" else commands.Lock())

        await until(lambda: _who(ana, 7) == "", SOON)


@on_a_loop
async def test_a_frozen_console_is_at_its_ticket_for_seconds_only(tmp_path: Path) -> None:
    """Its link stands, so only its silence tells."""
    async with serve(tmp_path, people=PEOPLE) as served:
        ana, bo = await _pair(served)
        await bo.ask(commands.Look(7))
        await ana.ask(commands.Look(9))
        await until(lambda: (_who(ana, 7), _who(ana, 9)) == ("<bo", "<ana"), SOON)

        for live in served.server.sessions.live:
            if live.login == "bo":
                assert live.watch is not None
                live.watch = replace(live.watch, heard=live.watch.heard - SILENT_SECONDS - 1)

        await until(lambda: _who(ana, 7) == "", 4.0)
        assert _who(ana, 9) == "<ana"


@on_a_loop
async def test_saying_the_same_again_tells_nobody_anything(tmp_path: Path) -> None:
    async with serve(tmp_path, people=PEOPLE) as served:
        ana, bo = await _pair(served)
        await bo.ask(commands.Look(7))
        await until(lambda: _who(ana, 7) == "<bo", SOON)
        before = len(ana.told)

        for _ in range(20):
            await bo.ask(commands.Look(7))
        await asyncio.sleep(0.3)

        assert len(ana.told) == before


@on_a_loop
async def test_who_comes_in_or_unlocks_is_told_everything(tmp_path: Path) -> None:
    async with serve(tmp_path, people=PEOPLE) as served:
        ana, bo = await _pair(served)
        await bo.ask(commands.Look(7))
        await until(lambda: _who(ana, 7) == "<bo", SOON)
        sam = await served.sign_in("sam")
        assert _who(sam, 7) == "<bo"

        await ana.ask(commands.Lock())
        heard = len(ana.told)
        await bo.ask(commands.Look(8))
        await until(lambda: _who(sam, 8) == "<bo", SOON)
        assert len(ana.told) == heard

        await ana.ask(commands.Unlock(PASSWORD))

    assert (_who(ana, 7), _who(ana, 8)) == ("", "<bo")


@on_a_loop
async def test_somebody_with_two_consoles_at_a_ticket_is_there_once(tmp_path: Path) -> None:
    async with serve(tmp_path, people=PEOPLE) as served:
        ana, bo = await _pair(served)
        again = await served.sign_in("bo")
        await bo.ask(commands.Look(7, writing=True))
        await again.ask(commands.Look(7))
        await until(lambda: _who(ana, 7) == "*bo", SOON)

        await bo.ask(commands.Look(0))

        await until(lambda: _who(ana, 7) == "<bo", SOON)
