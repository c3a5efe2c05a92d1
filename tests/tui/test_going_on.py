"""Texts that were begun on a case are found again: all of them, whichever kind was typed last (UX 6.3, 11)."""

from datetime import timedelta

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.tui.kinds import KEYS, NOUNS, also_kept
from agentconsole.tui.places import Place, Places, Tab
from agentconsole.tui.resuming import kept_elsewhere
from agentconsole.wire.commands import Reply
from agentconsole.wire.queries import ReadCase
from agentconsole.wire.rows import DraftRow
from agentconsole.wire.stands import OpenTab, Stand
from tests.rows import built
from tests.tui.driving import Driver, drive
from tests.tui.fake_desk import NOW, FakeDesk
from tests.tui.rosa import draft, rosa
from tests.tui.test_resuming import _desk, _sign_in

TEXTS = {"reply": "Dear Rosa, half", "note": "Asked Tomas", "escalate": "She wants more than I may give"}


def begun(*kinds: str) -> FakeDesk:
    """Return a desk that keeps texts of these kinds on Rosa's case, the last typed last, and her tab."""
    desk = _desk(Stand(tabs=(OpenTab(4471, "composer"),)))
    for at, kind in enumerate(kinds):
        saved = NOW - timedelta(hours=1) + timedelta(minutes=at)
        text = TEXTS[kind]
        desk.drafts[4471, kind] = built(DraftRow, 4471, kind, text, (0, len(text)), 1, saved)
    return desk


@pytest.mark.parametrize("kinds", [("reply", "note"), ("note", "reply"), ("note", "escalate", "reply")], ids="-".join)
def test_who_comes_back_to_several_texts_on_a_case_is_offered_each_of_them(kinds: tuple[str, ...]) -> None:
    async def script(it: Driver) -> None:
        await _sign_in(it, "1:4471")
        for kind in kinds:
            await it.keys("1")
            await it.sees("Go on with: ")
            assert all(f"{KEYS[one]} the {NOUNS[one]}" in it.message for one in kinds)
            await it.keys(KEYS[kind])
            await it.sees(TEXTS[kind])
            await it.keys("ctrl+g")

    drive(script, begun(*kinds))


@pytest.mark.parametrize("kind", TEXTS)
def test_the_one_text_that_was_begun_is_gone_on_with_at_once(kind: str) -> None:
    async def script(it: Driver) -> None:
        await _sign_in(it, "1:4471")
        await it.keys("1", "X")
        await it.sees(f"{TEXTS[kind]}X")

    drive(script, begun(kind))


def test_a_digit_whose_texts_are_all_gone_opens_the_case() -> None:
    async def script(it: Driver) -> None:
        await _sign_in(it, "1:4471")
        await it.keys("1")
        await it.sees("case 4471 Rosa Prado")

    drive(script, begun())


def test_the_case_names_each_of_one_s_texts_with_the_key_that_goes_on_with_it() -> None:
    async def script(it: Driver) -> None:
        await _sign_in(it, "1:4471")
        await it.keys("j", "enter")
        await it.sees("i your note, 09:43")
        await it.sees("r your reply, 09:42")
        await it.keys("r")
        await it.sees("Your draft of Mon 09:42 is back. Your note is kept, too (i in the case).")
        await it.keys("ctrl+g", "i")
        await it.sees("Asked Tomas")

    drive(script, begun("reply", "note"))


def test_texts_that_the_desk_never_got_are_offered_all_the_same() -> None:
    async def script(it: Driver) -> None:
        await it.sign_in()
        await it.keys("j", "r", "h", "a", "ctrl+g", "i", "n", "o", "ctrl+g")
        it.desk.drafts.clear()
        it.desk.forced[ReadCase] = Refused("The database is busy.")
        await it.keys("1")
        await it.sees("Go on with: r the reply, i the note")
        await it.keys("i", "X")
        await it.sees("noX")

    drive(script)


def test_sending_one_text_leaves_the_tab_of_the_other() -> None:
    async def script(it: Driver) -> None:
        await it.sign_in()
        await it.keys("j", "i", "n", "o", "ctrl+g", "r")
        await it.type("Dear Rosa, it is on its way.")
        await it.keys("ctrl+d", "y")
        await it.sees("sending in 10 s")
        await it.sees("1:4471")
        await it.keys("1", "X")
        await it.sees("noX")
        await it.keys("ctrl+d")
        await it.sees("Note added")
        await it.keys("0")
        assert "1:4471" not in it.text

    assert [reply.text for reply in drive(script).of(Reply)] == ["Dear Rosa, it is on its way."]


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        pytest.param((), "", id="no other"),
        pytest.param(("reply",), "", id="itself"),
        pytest.param(("note",), "Your note is kept, too (i in the case).", id="one"),
        pytest.param(("escalate", "note"), "Your hand-off and your note are kept, too.", id="two"),
    ],
)
def test_who_writes_hears_which_other_texts_of_hers_are_kept(kept: tuple[str, ...], said: str) -> None:
    assert also_kept(rosa(drafts=tuple(draft("x", kind=kind) for kind in kept)), "reply") == said


@pytest.mark.parametrize(
    ("drafts", "said"),
    [
        pytest.param((), (), id="none"),
        pytest.param(("4471-7",), (), id="under a digit"),
        pytest.param(("1-3",), ("Your text on case 1-3 is kept: :1-3 opens it.",), id="one"),
        pytest.param(
            ("1-3", "4471-7", "2-1", "3-7"),
            ("Your texts on case 1-3 and 2 more cases are kept: / draft lists them.",),
            id="several",
        ),
    ],
)
def test_who_signs_in_hears_of_texts_that_no_tab_shows(drafts: tuple[str, ...], said: tuple[str, ...]) -> None:
    places = Places([Place("queue")], None, [Tab(4471, "4471-7", "composer")])

    assert kept_elsewhere(drafts, places) == said
