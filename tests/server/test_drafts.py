"""A draft is its writer's: it survives drops, restarts and a change of owner, and nobody else reads it (UX 11)."""

from datetime import timedelta
from pathlib import Path

import pytest

from agentconsole.wire import commands, queries
from agentconsole.wire.rows import CaseView
from tests.server_bench import Caller, on_a_loop, serve

PEOPLE = (("ana", "agent"), ("bo", "agent"), ("sam", "supervisor"))
TEXT = "Dear Rosa, the lamp is"


async def _case(caller: Caller, number: int) -> CaseView:
    case: CaseView = (await caller.ask(queries.ReadCase(number))).case
    return case


def _has(case: CaseView) -> str:
    """Return the text of one's own draft."""
    return case.drafts[0].text.verbatim() if case.drafts else ""


@pytest.mark.parametrize("kind", ["reply", "note", "escalate"])
@on_a_loop
async def test_who_loses_a_case_keeps_her_draft_and_the_new_owner_sees_that_there_is_one(
    tmp_path: Path, kind: str
) -> None:
    async with serve(tmp_path, people=PEOPLE) as served:
        number = await served.ticket()
        bo, ana, sam = [await served.sign_in(login) for login in ("bo", "ana", "sam")]
        taken = await bo.ask(commands.Take(number, 10_000))
        await bo.ask(commands.SaveDraft(number, kind, TEXT, (0, 3), taken.version))

        await sam.ask(commands.Assign(number, taken.version, "ana"))
        hers, his = await _case(ana, number), await _case(bo, number)

    assert hers.owner == "ana"
    assert [(one.login, one.kind) for one in hers.others_drafts] == [("bo", kind)]
    assert (_has(hers), _has(his)) == ("", TEXT)
    assert his.others_drafts == ()


@on_a_loop
async def test_a_draft_is_there_after_a_lost_link_and_a_restart_of_the_desk(tmp_path: Path) -> None:
    async with serve(tmp_path, people=PEOPLE) as served:
        number = await served.ticket()
        bo = await served.sign_in("bo")
        await bo.ask(commands.SaveDraft(number, "reply", TEXT))
        await bo.client.close()
        again = await served.sign_in("bo")
        assert _has(await _case(again, number)) == TEXT

    async with serve(tmp_path, people=PEOPLE, paths=served.paths, at=served.clock.now()) as served:
        assert _has(await _case(await served.sign_in("bo"), number)) == TEXT


@on_a_loop
async def test_two_who_write_to_one_case_overwrite_each_other_s_draft_nowhere(tmp_path: Path) -> None:
    async with serve(tmp_path, people=PEOPLE) as served:
        number = await served.ticket()
        bo, ana = await served.sign_in("bo"), await served.sign_in("ana")
        for turn in range(5):
            await bo.ask(commands.SaveDraft(number, "reply", f"{TEXT} bo {turn}"))
            await ana.ask(commands.SaveDraft(number, "reply", f"{TEXT} ana {turn}"))
        sent = await bo.ask(commands.Reply(number, 10_000, "Dear Rosa, it is on its way."))
        his, hers = await _case(bo, number), await _case(ana, number)

    assert sent.version == hers.version
    assert (_has(his), _has(hers)) == ("", f"{TEXT} ana 4")
    assert [one.login for one in his.others_drafts] == ["ana"]


@pytest.mark.parametrize(
    ("older", "whole"),
    [(TEXT, f"{TEXT}\n\nand on its way"), ("", "and on its way")],
    ids=["an older one", "none"],
)
@on_a_loop
async def test_r5_what_is_typed_before_an_older_draft_was_seen_stands_under_it(
    tmp_path: Path, older: str, whole: str
) -> None:
    """A console that is killed before its case was read has kept both."""
    async with serve(tmp_path, people=PEOPLE) as served:
        number = await served.ticket()
        bo = await served.sign_in("bo")
        await bo.ask(commands.SaveDraft(number, "reply", older))

        sent = 0
        for text in ("and", "and on   ", "", "and on its way"):
            await bo.ask(commands.SaveDraft(number, "reply", text, (0, 3), below=sent))
            sent = len(text)
        (draft,) = (await _case(bo, number)).drafts

    assert (draft.text.verbatim(), draft.cursor) == (whole, (2 if older else 0, 3))


@on_a_loop
async def test_a_reply_and_a_note_of_one_person_are_both_there_the_latest_first(tmp_path: Path) -> None:
    async with serve(tmp_path, people=PEOPLE) as served:
        number = await served.ticket()
        bo = await served.sign_in("bo")
        await bo.ask(commands.SaveDraft(number, "reply", "Dear Rosa"))
        served.clock.move(timedelta(minutes=1))
        await bo.ask(commands.SaveDraft(number, "note", "Asked Tomas"))
        drafts = (await _case(await served.sign_in("bo"), number)).drafts

    assert [(one.kind, one.text.verbatim()) for one in drafts] == [("note", "Asked Tomas"), ("reply", "Dear Rosa")]
