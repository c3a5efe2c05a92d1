"""The policy viewer: read, searched, jumped into from a clock, accepted at its end, suggested on."""

from datetime import UTC

import pytest

from agentconsole.tui.screens.policy_lines import clause_lines, policy_lines
from agentconsole.wire.policy_reading import AcceptPolicy, ClauseRow, ReadClauses, SettleSuggestion, Suggest
from tests.rows import built, changed
from tests.tui.driving import Driver, drive
from tests.tui.fake_desk import CODE, NOW
from tests.tui.policies import OWED, PolicyDesk

SIZES = [(80, 23), (80, 24), (120, 40)]


async def _open(driver: Driver) -> None:
    await driver.sign_in()
    await driver.keys("g", "y")
    await driver.sees("policies in force")
    await driver.keys("enter")
    await driver.sees("[Text")


async def _to_the_end(driver: Driver) -> None:
    for _ in range(40):
        if "read 100 %" in driver.text:
            return
        await driver.keys("space")
    raise AssertionError(driver.text)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_policies_are_listed_with_what_each_asks_of_the_reader(size: tuple[int, int]) -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("g", "y")
        await driver.sees("accept it by Fri 27 Nov 2026")
        await driver.sees("v1 accepted Mon 2 Mar 2026")

        assert "policy, 1 to accept by Fri 27 Nov" in driver.rows[0]
        await driver.keys("q")
        await driver.sees("policy 1, g y")

    drive(script, PolicyDesk(), size=size)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_policy_is_accepted_by_the_code_at_its_end_and_not_before(size: tuple[int, int]) -> None:
    async def script(driver: Driver) -> None:
        await _open(driver)
        await driver.keys("A")
        assert "Read it to its end first: you have seen" in driver.message
        await _to_the_end(driver)
        await driver.keys("A")
        assert "Accepting version 2 takes your code. Code:" in driver.message
        await driver.type("111111")
        await driver.keys("enter")
        await driver.sees("Not accepted: that is not your code now")
        await driver.keys("A", *CODE, "enter")
        await driver.sees("Version 2 of the policy ecolab is accepted.")
        await driver.sees("v2 accepted Mon 23 Nov 2026")

        assert driver.console.desk.me.to_read == 0
        assert "to accept by" not in driver.rows[0]

    desk = drive(script, PolicyDesk(), size=size)

    assert desk.of(AcceptPolicy) == [AcceptPolicy("ecolab", 2, "111111"), AcceptPolicy("ecolab", 2, CODE)]


def test_an_empty_code_accepts_nothing() -> None:
    async def script(driver: Driver) -> None:
        await _open(driver)
        await _to_the_end(driver)
        await driver.keys("A", "enter")
        assert "Nothing done." in driver.message

    assert drive(script, PolicyDesk()).of(AcceptPolicy) == []


def test_what_was_read_in_another_tab_is_not_counted_as_the_text() -> None:
    async def script(driver: Driver) -> None:
        await _open(driver)
        await driver.keys("l", "G", "A")
        assert "Read it to its end first" in driver.message

    assert drive(script, PolicyDesk()).of(AcceptPolicy) == []


def test_equals_and_g_y_go_from_a_clock_to_its_clause_and_q_comes_back() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("j", "equals_sign")
        await driver.sees("e-mail within 24 hours")
        assert "g y its clause" in driver.rows[-1]
        await driver.keys("g", "y")
        await driver.sees("e-mail within 24 hours [within 24 h; email]")
        assert _here(driver) == "2.5"
        await driver.keys("q")
        await driver.sees("rule     e-mail within 24 hours")
        await driver.keys("q")
        await driver.sees("STATE")

    assert drive(script, PolicyDesk()).of(ReadClauses) == [ReadClauses("ecolab", 2)]


def test_an_older_version_says_so_and_cannot_be_accepted() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("j", "equals_sign")
        await driver.sees("e-mail within")
        await driver.keys("g", "y")
        await driver.sees("[Text")
        assert "not in force; v2 is" in driver.text
        await driver.keys("G", "A")
        assert "This is version 1; version 2 is in force: `:policy ecolab` opens it." in driver.message

    assert drive(script, PolicyDesk(rule_version=1)).of(AcceptPolicy) == []


def test_a_search_finds_clauses_by_all_their_words_one_after_the_other() -> None:
    async def script(driver: Driver) -> None:
        await _open(driver)
        await driver.keys("slash")
        await driver.type("voicemail returned")
        await driver.keys("enter")
        assert _here(driver) == "2.3b"
        await driver.keys("slash", "ctrl+u")
        await driver.type("live chat")
        await driver.keys("enter")
        assert _here(driver) == "2.7"
        await driver.keys("n")
        assert _here(driver) == "2.8"
        await driver.keys("slash", "ctrl+u")
        await driver.type("unicorn")
        await driver.keys("enter")
        assert "No clause has unicorn." in driver.message

    drive(script, PolicyDesk())


def _here(driver: Driver) -> str:
    return next(row.split()[1] for row in driver.rows if row.startswith(">"))


def test_changes_since_the_accepted_version_are_marked_and_j_goes_to_them() -> None:
    async def script(driver: Driver) -> None:
        await _open(driver)
        await driver.keys("J")
        assert _here(driver) == "2.1"
        assert "CHANGED" in driver.text
        assert "+ blank: How long does one ring last, with its pause? 5 s" in driver.text
        assert "- blank: How long does one ring last, with its pause? 6 s" in driver.text
        assert "Lines with | + - changed since version 1" in driver.text
        await driver.keys("J")
        assert "No change further on" in driver.message
        await driver.keys("l")
        await driver.sees("[What changed 1]")
        assert "voicemail" not in driver.text
        assert _here(driver) == "2.1"

    drive(script, PolicyDesk())


def test_a_suggestion_is_made_on_the_clause_under_the_cursor_and_decided_on_with_a_reason() -> None:
    async def script(driver: Driver) -> None:
        await _open(driver)
        await driver.keys("slash")
        await driver.type("2.5")
        await driver.keys("enter")
        await driver.keys("plus")
        assert f"What should {_here(driver)} say instead?" in driver.message
        await driver.type("Twelve hours")
        await driver.keys("enter")
        await driver.sees("is kept; a manager decides on it.")
        await driver.keys("h")
        await driver.sees("[Suggestions 1]")
        await driver.sees("waits for a decision")
        await driver.keys("enter", "d")
        await driver.type("Too dear")
        await driver.keys("enter")
        await driver.sees("ana: Too dear")
        await driver.keys("enter")
        assert "decided on already" in driver.message

    desk = drive(script, PolicyDesk())

    assert desk.of(Suggest) == [Suggest("ecolab", desk.of(Suggest)[0].clause, "Twelve hours")]
    assert desk.of(SettleSuggestion) == [SettleSuggestion(1, "declined", "Too dear")]


def test_the_verbs_work_from_anywhere() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("colon")
        await driver.type("suggest Other words")
        await driver.keys("enter")
        assert "Go to the clause first: g y" in driver.message
        await driver.keys("colon")
        await driver.type("policy ecolab 2.7")
        await driver.keys("enter")
        await driver.sees("[Text")
        assert _here(driver) == "2.7"
        await driver.keys("colon")
        await driver.type("suggest Other words")
        await driver.keys("enter")
        await driver.sees("Suggestion 1 on ecolab 2.7 is kept")
        await driver.keys("colon")
        await driver.type("policy nothing")
        await driver.keys("enter")
        await driver.sees('No brand is under a policy "nothing"')
        await driver.keys("q")
        await driver.sees("STATE")

    assert drive(script, PolicyDesk()).of(Suggest) == [Suggest("ecolab", "2.7", "Other words")]


def test_who_has_accepted_is_listed_with_who_is_late_in_front() -> None:
    async def script(driver: Driver) -> None:
        await _open(driver)
        await driver.keys("l", "l")
        await driver.sees("[Who accepted 1 of 3]")
        said = [row[1:].split(maxsplit=2) for row in driver.rows[4:7]]

        assert [(login, words) for login, _, words in said] == [
            ("dora", "NOT ACCEPTED (v1 was): no new work since Sun 22 Nov"),
            ("ana", "not accepted (v1 was): has until Fri 27 Nov 2026"),
            ("bo", "accepted Mon 2 Mar 2026"),
        ]

    drive(script, PolicyDesk())


def test_keys_that_were_typed_ahead_mean_what_they_would_have_meant() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("g", "y")
        await driver.sees("policies in force")
        await driver.keys("enter", "q", "q")
        await driver.sees("STATE")

    desk = PolicyDesk(delay=0.01)
    drive(script, desk)


def test_the_next_person_sees_nothing_of_it() -> None:
    async def script(driver: Driver) -> None:
        await _open(driver)
        mode = driver.console.modes["policy"]
        mode.forget()
        assert (mode.book.text, mode.book.policies) == (None, None)

    drive(script, PolicyDesk())


def test_the_name_of_a_clause_is_shown_whole_however_long_those_of_a_policy_are() -> None:
    names = ("1", "10.escalate.2", "17.emergency.12")
    rows = [built(ClauseRow, name, "Heading", "a quote", 7) for name in names]

    lines, begins = clause_lines(rows, 80)

    assert [lines[at].text.split()[:3] for at in begins] == [[name, '"a', 'quote"'] for name in names]
    assert max(len(line.text) for line in lines) <= 80


def test_blanks_that_are_open_are_said_to_stand_for_their_proposals() -> None:
    lines = policy_lines([changed(OWED, open_blanks=3), OWED], 1, 80, NOW, UTC)

    assert [line.text.strip() for line in lines if "blanks" in line.text] == [
        "3 blanks are open, what is proposed is used meanwhile."
    ]
