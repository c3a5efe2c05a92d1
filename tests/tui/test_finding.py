"""Help, palette and command line: three doors to the same verbs."""

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.tui.command_line import complete, parse
from agentconsole.wire import commands as c
from agentconsole.wire import queries as q
from agentconsole.wire.frames import SignedIn
from tests.rows import built
from tests.tui.driving import Driver, drive
from tests.tui.fake_desk import FakeDesk


def test_help_lists_the_keys_of_the_screen_and_runs_the_marked_one() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("question_mark")
        await driver.sees("Keys in the lists")
        for words in (".          do what NEXT says", "Enter", "g q", "PgDn shows more"):
            assert words in driver.text
        await driver.type("resolve")
        await driver.sees("> e")
        await driver.keys("enter")
        await driver.sees("Case 4490 resolved.")

    drive(script)


def test_the_palette_finds_verbs_here_and_cases_at_the_desk() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("ctrl+p")
        await driver.type("esc")
        await driver.sees("case 4451 Trolley broken")
        assert "> escalate to the supervisor" in driver.text
        await driver.keys("ctrl+u")
        await driver.type("trolley")
        await driver.sees("0 commands, 1 case")
        await driver.keys("enter")
        await driver.sees("case 4451")

    assert drive(script).of(q.Search)[0] == q.Search("es", 12)


def test_the_palette_teaches_the_key_after_the_third_time() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        for _ in range(3):
            await driver.keys("ctrl+p")
            await driver.type("sort")
            await driver.keys("enter")
        assert any("Next time press R" in said.text for said in driver.console.messages.log)

    drive(script)


def test_a_verb_beyond_the_role_is_listed_and_refused_in_words() -> None:
    desk = FakeDesk()
    desk.forced[c.SignIn] = built(SignedIn, "ana", "Ana", "agent", (), (), 900, permits=("take", "reply"))

    async def script(driver: Driver) -> None:
        desk.login = "ana"
        await driver.sign_in()
        await driver.keys("e")
        await driver.sees("Your role may not do that: resolve.")
        await driver.keys("ctrl+p")
        await driver.type("resolve")
        await driver.sees("needs a supervisor")

    assert drive(script, desk).of(c.Resolve) == []


def test_a_number_opens_a_case_and_the_verbs_after_it_act_on_it() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.type(":4402 ; assign bo")
        await driver.keys("enter")
        await driver.sees("Case 4402 is bo's.")
        assert "case 4402" in driver.text

    assert [(given.ticket, given.to) for given in drive(script).of(c.Assign)] == [(4402, "bo")]


def test_a_number_that_is_no_case_says_so() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.type(":99")
        await driver.keys("enter")
        await driver.sees("There is no case 99.")

    drive(script)


def test_a_verb_that_does_not_exist_gets_the_nearest_one() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.type(":asign bo")
        await driver.sees("did you mean assign? (Tab)")
        await driver.keys("enter")
        await driver.sees('No command "asign". Did you mean assign?')

    drive(script)


def test_the_command_line_remembers_and_completes() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.type(":la")
        await driver.keys("tab", "enter")
        await driver.sees("2 of 9")
        await driver.keys("colon", "up")
        await driver.sees(" : late")

    drive(script)


def test_note_and_tags_can_be_given_in_one_line() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.type(":note called back ; tag ")
        await driver.keys("plus", "r", "e", "f", "enter")
        await driver.settle()

    desk = drive(script)

    assert [note.text for note in desk.of(c.AddNote)] == ["called back"]
    assert [tag.add for tag in desk.of(c.Tag)] == [("ref",)]


@pytest.mark.parametrize(("typed", "set_to"), [("hi", ["high"]), ("urgent", ["urgent"]), ("x", []), ("", [])])
def test_a_priority_can_be_begun_and_a_word_that_is_none_is_refused(typed: str, set_to: list[str]) -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.type(f":priority {typed}")
        await driver.keys("enter")
        await driver.sees("Set priority" if set_to else "Priority is one of low, normal, high, urgent")

    assert [asked.priority for asked in drive(script).of(c.SetPriority)] == set_to


def test_the_theme_changes_at_once() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.type(":theme light")
        await driver.keys("enter")
        assert driver.app.theme == "desk-light"
        await driver.type(":theme pink")
        await driver.keys("enter")
        await driver.sees("Colours are dark, light, 16 or mono")

    drive(script)


@pytest.mark.parametrize(
    ("typed", "steps"),
    [
        ("resolve", [("case.resolve", "")]),
        (":resolve done ; next", [("case.resolve", "done"), ("case.take_next", "")]),
        ("reso", [("case.resolve", "")]),
        ("e", [("case.resolve", "")]),
        ("reply ;ref", [("case.reply", ";ref")]),
        ("4471", [(4471, "")]),
        ("#4471 e", [(4471, ""), ("case.resolve", "")]),
        ("", []),
    ],
)
def test_a_command_line_is_read_into_steps(typed: str, steps: list) -> None:
    assert [(step.ticket or step.action.id, step.words) for step in parse(typed)] == steps


def test_a_verb_that_two_begin_alike_is_not_guessed() -> None:
    with pytest.raises(Refused, match='No command "re"'):
        parse("re")


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("ass", "assign "),
        ("assign ch", "assign chen "),
        ("xyzzy", "xyzzy"),
        ("asign", "assign "),
        ("priority hi", "priority high "),
        ("take ; theme li", "take ; theme light "),
        ("priority bo", "priority bo"),
    ],
)
def test_tab_completes_verbs_their_words_and_people(typed: str, completed: str) -> None:
    assert complete(typed, ("bo", "chen")) == completed
