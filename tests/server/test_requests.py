"""A command that is asked again: done once for its person, whichever session, link or server she asks it by."""

import asyncio
import contextlib
from datetime import timedelta
from pathlib import Path

from agentconsole.server.dispatch import HANDLERS
from agentconsole.services.sweep import REQUESTS_KEPT
from agentconsole.wire import commands
from agentconsole.wire.addresses import CloseAddresses, OpenAddresses
from agentconsole.wire.client import LinkLost
from tests.server_bench import on_a_loop, scalar, serve

NOTES = "SELECT count(*) FROM contact WHERE kind = 'note'"


@on_a_loop
async def test_what_was_done_before_the_link_was_lost_is_answered_alike_and_not_done_again(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        number = await served.ticket()
        ana = await served.sign_in("ana")
        first = await ana.ask(commands.Reply(number, 99, "Dear Rosa"), request="r1")
        await ana.client.close()
        at, paths = served.clock.now(), served.paths
    async with serve(tmp_path, paths=paths, at=at) as again:
        ana = await again.sign_in("ana")
        second = await ana.ask(commands.Reply(number, 99, "Dear Rosa"), request="r1")
        mails = await scalar(again, "SELECT count(*) FROM outbox")

    assert second == first
    assert mails == 1


@on_a_loop
async def test_a_link_that_is_cut_at_any_moment_leaves_it_done_once(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        number = await served.ticket()
        for turn in range(8):
            ana = await served.sign_in("ana")
            frame = ana.client.ask(commands.AddNote(number, f"Note {turn}."), request=f"r{turn}")
            asked = asyncio.ensure_future(frame)
            for _ in range(turn):
                await asyncio.sleep(0)
            await ana.client.close()
            with contextlib.suppress(LinkLost):
                await asked
            ana = await served.sign_in("ana")
            await ana.ask(commands.AddNote(number, f"Note {turn}."), request=f"r{turn}")
        notes = await scalar(served, NOTES)

    assert notes == 8


def test_every_command_of_a_person_is_kept_but_draft_and_place_that_later_ones_replace() -> None:
    of_the_host = {OpenAddresses, CloseAddresses}

    assert set(commands.KEPT) == set(HANDLERS) - {commands.SaveDraft, commands.KeepPlace} - of_the_host
    assert timedelta(hours=24) <= REQUESTS_KEPT
