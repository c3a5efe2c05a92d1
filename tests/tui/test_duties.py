"""The duties in the console: above the lists, in a place of their own, signed off with one key."""

from datetime import timedelta

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.domain.untrusted import Untrusted
from agentconsole.tui.duties import WHICH, DutyBook
from agentconsole.tui.duty_lines import above_list
from agentconsole.tui.screens.duties import NOTHING_ASKED, DutiesMode
from agentconsole.wire.duties import DUTIES, Duties, ExplainDuty, ReadDuties, SignOffDuty
from agentconsole.wire.frames import Done, Explained
from agentconsole.wire.rows import Why
from tests.rows import built
from tests.tui.driving import Driver, drive
from tests.tui.duty_rows import ALL, CHECK, REREAD, REVIEW, SOCIAL, duty
from tests.tui.fake_desk import FakeDesk
from tests.tui.fake_rows import NOW
from tests.tui.stage import StageConsole, paint, press, shown

WHY = built(Why, "ecolab/voicemail-check", ("rule     check the voicemails, every 2 h of open time",))


def place(rows: Duties = ALL) -> tuple[StageConsole, DutiesMode, DutyBook]:
    """Go to the duties, at 10:42 on Monday, with these read."""
    console = StageConsole()
    book = DutyBook(console)
    mode = DutiesMode(console, paint, book)
    console.mode = mode
    console.desk.time = NOW
    mode.enter(None)
    console.desk.answer(rows)
    return console, mode, book


def above(*rows, width: int = 80) -> list[str]:
    """Return what stands above a list of that width."""
    console = StageConsole()
    return [line.text.rstrip() for line in above_list(rows, width, NOW, console.desk.zone)]


def test_a_duty_stands_above_the_list_with_word_and_countdown_like_a_case() -> None:
    assert above(CHECK) == ["  SOON    18m check the voicemails (ecolab 2.3a), due 11:00 today, g d"]
    assert above(CHECK, width=130) == [
        "  SOON    18m [######..] check the voicemails (ecolab 2.3a), due 11:00 today, last 08:42 today by bo, g d"
    ]


def test_of_many_duties_two_are_shown_and_the_rest_is_counted() -> None:
    lines = above(CHECK, SOCIAL, CHECK, width=130)

    assert len(lines) == 2
    assert lines[1].endswith("due 12:12 today, +1 more: g d")


def test_only_what_is_asked_of_ones_own_role_now_stands_above_a_list() -> None:
    _, _, book = place()

    assert book.asked(NOW) == (CHECK, SOCIAL)
    assert [row.duty for row in book.asked(NOW + timedelta(days=100))][-1] == REREAD.duty


def test_a_duty_that_is_late_counts_up() -> None:
    assert above(duty("x/y", "check", -300)) == ["  LATE  +5:00 check (ecolab 2.3a), due 10:37 today, g d"]


def test_all_duties_are_listed_in_the_order_of_what_is_due_with_whose_they_are() -> None:
    _, mode, _ = place()

    lines = shown(mode, (110, 21)).splitlines()

    assert lines[2].startswith(
        "> SOON    18m [######..] yours            check the voicemails (ecolab 2.3a), due 11:00"
    )
    assert lines[4].startswith("  ok     4d15 [#.......] the managers'    review all complaints")
    assert lines[5].startswith("  --                     yours            read the playbook again")
    assert "next from" in lines[5]


def test_the_note_of_who_was_there_last_is_read_below() -> None:
    _, mode, _ = place()

    assert "Note: two to return" in shown(mode)


def test_one_key_signs_off_the_duty_under_the_cursor() -> None:
    console, mode, book = place()
    press(mode, "j")

    book.sign_off("S")
    console.desk.answer(Done(Untrusted("Signed off.")))

    assert console.desk.asked[1:] == [SignOffDuty(SOCIAL.duty, ""), ReadDuties()]
    assert console.said == [("Signed off.", "done")]


def test_words_after_the_verb_are_the_note() -> None:
    console, _, book = place()

    book.sign_off("two to return")

    assert console.desk.asked[-1] == SignOffDuty(CHECK.duty, "two to return")


def test_a_refusal_is_said_and_the_duties_are_read_again() -> None:
    console, _, book = place()
    book.sign_off("S")

    console.desk.answer(Refused("bo signed it off already."))

    assert console.said == [("bo signed it off already.", "refused")]
    assert console.desk.asked[-1] == ReadDuties()


@pytest.mark.parametrize(
    ("situation", "rows", "signed"),
    [
        ("the only one that is asked for", (CHECK, REVIEW, REREAD), CHECK.duty),
        ("which of two", (CHECK, SOCIAL), ""),
        ("none is asked for", (REVIEW,), ""),
    ],
)
def test_elsewhere_the_only_duty_that_is_asked_for_is_meant(situation: str, rows: tuple, signed: str) -> None:
    console, mode, book = place(Duties(rows))
    mode.leave()

    book.sign_off("all quiet")

    asked = [ask.duty for ask in console.desk.asked if isinstance(ask, SignOffDuty)]
    assert asked == ([signed] if signed else []), situation
    assert console.said == ([] if signed else [(WHICH, "refused")])


@pytest.mark.parametrize("key", ["enter", "equals_sign"])
def test_the_rule_behind_a_duty_is_shown_below_it(key: str) -> None:
    console, mode, _ = place()

    press(mode, key)
    console.desk.answer(Explained(WHY))

    assert console.desk.asked[-1] == ExplainDuty(CHECK.duty)
    assert "rule     check the voicemails, every 2 h of open time" in shown(mode)


def test_a_refused_explanation_is_said_below() -> None:
    console, mode, _ = place()
    press(mode, "enter")

    console.desk.answer(Refused("There is no duty of that name."))

    assert "There is no duty of that name." in shown(mode)


def test_the_cursor_stays_on_its_duty_when_others_become_due_first() -> None:
    console, mode, book = place()
    press(mode, "j")

    book.read()
    console.desk.answer(Duties((SOCIAL, CHECK)))

    assert mode.current == SOCIAL
    assert mode.cursor().y == 3


def test_the_duties_are_read_again_when_one_of_them_changed_and_not_for_a_case() -> None:
    console, mode, _ = place()

    mode.changed(frozenset({4471}))
    mode.changed(frozenset({DUTIES, 4471}))

    assert console.desk.asked == [ReadDuties(), ReadDuties()]


def test_a_desk_without_duties_says_so_and_another_persons_are_forgotten() -> None:
    _, mode, book = place(Duties(()))
    assert NOTHING_ASKED in shown(mode)

    book.rows = ALL.rows
    mode.forget()

    assert "reading .." in shown(mode)


def test_g_d_leads_to_the_duties_and_the_list_has_its_own_line() -> None:
    desk = FakeDesk()
    desk._on_read_duties = lambda _: ALL

    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.sees("check the voicemails (ecolab 2.3a)")
        assert driver.rows[2].startswith("  SOON    18m check the voicemails")
        assert driver.app.terminal_cursor().y == 5
        await driver.keys("g", "d")
        await driver.sees("review all complaints")
        await driver.keys("S")

    drive(script, desk)

    assert desk.of(SignOffDuty) == [SignOffDuty(CHECK.duty)]
