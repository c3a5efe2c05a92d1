"""`:blanks`: what the policies leave open, answered one by one."""

from agentconsole.domain.errors import Refused
from agentconsole.wire.commands import AnswerBlank, ProveAgain
from agentconsole.wire.frames import Blanks, Done
from agentconsole.wire.queries import ReadBlanks
from agentconsole.wire.rows import BlankRow
from tests.rows import built
from tests.tui.driving import Driver, drive
from tests.tui.fake_desk import CODE

HOURS = built(
    BlankRow,
    "ecolab",
    "business_hours",
    "Customer Care 2",
    "On which days and at which times is the desk open?",
    "The desk is open …",
    "Mon-Fri 09:00-17:00",
    "The document gives no hours.",
)
ZONE = built(
    BlankRow,
    "ecolab",
    "time_zone",
    "Customer Care 7.5",
    "In which time zone?",
    "All times are those of …",
    "UTC",
    "None.",
)
NAMED = built(
    BlankRow, "ecolab", "organisation_name", "Customer Care 7", "Which name?", "It is …", "Eco", "It says.", "Eco Lab"
)


async def _open(it: Driver, *rows: BlankRow) -> None:
    await it.sign_in()
    it.desk.forced[ReadBlanks] = Blanks(rows)
    await it.type(":blanks")
    await it.keys("enter")


def test_one_that_is_open_comes_first_with_its_sentence_its_proposal_and_the_reason() -> None:
    async def script(it: Driver) -> None:
        await _open(it, NAMED, HOURS)

        await it.sees("blanks: 1 of 2, 1 open")
        for told in ("The desk is open …", "proposal   Mon-Fri 09:00-17:00", "gives no hours.", "open: the proposal"):
            await it.sees(told)
        await it.keys("j")
        await it.sees("answer     Eco Lab")
        await it.keys("j")
        await it.sees("blanks: 1 of 2")

    drive(script)


def test_enter_takes_the_proposal_asks_for_the_code_and_goes_on_to_the_next() -> None:
    async def script(it: Driver) -> None:
        await _open(it, HOURS, ZONE)
        await it.sees("blanks: 1 of 2, 2 open")
        it.desk.forced[AnswerBlank] = Refused("This asks for your code once more.", code="sudo")
        await it.keys("enter", "enter")
        await it.sees("asks for your code once more")
        it.desk.forced[ProveAgain] = built(Done, "")
        it.desk.forced[AnswerBlank] = built(Done, "ecolab business_hours is set. Still open: time_zone.")
        it.desk.forced[ReadBlanks] = Blanks((ZONE, built(BlankRow, *_told(HOURS), "Mon-Fri 09:00-17:00")))
        await it.type(CODE)
        await it.keys("enter")
        await it.sees("business_hours is set.")
        await it.sees("blanks: 1 of 2, 1 open")
        await it.sees("In which time zone?")

        assert it.desk.of(AnswerBlank) == [AnswerBlank("ecolab", "business_hours", "Mon-Fri 09:00-17:00")] * 2

    drive(script)


def test_an_empty_answer_changes_nothing_and_a_desk_without_blanks_says_so() -> None:
    async def script(it: Driver) -> None:
        await _open(it, ZONE)
        await it.sees("In which time zone?")
        await it.keys("enter", "ctrl+u", "enter")
        await it.sees("Nothing was typed, and nothing changed.")
        await it.keys("escape")
        it.desk.forced[ReadBlanks] = Blanks(())
        await it.type(":blanks")
        await it.keys("enter")
        await it.sees("leave nothing open")

        assert it.desk.of(AnswerBlank) == []

    drive(script)


def _told(row: BlankRow) -> tuple[str, ...]:
    return row.pack, row.blank, row.clause, row.question, row.sentence, row.proposal, row.reason
