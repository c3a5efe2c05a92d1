"""Suggestions on clauses (REQUIREMENTS 000-07): kept with author and clause, and each decided on."""

import pytest

from agentconsole.domain.errors import Denied, Refused
from agentconsole.queries.policy_texts import read_suggestions
from agentconsole.services.suggestions import LONGEST_REASON, LONGEST_TEXT, MOST_OPEN
from agentconsole.storage.events import text_reference
from agentconsole.wire.policy_reading import SettleSuggestion, Suggest, SuggestionRow
from tests.desk_bench import MONDAY, Bench

IDEA = "Twelve hours would do for orders."


def _rows(bench: Bench, only_of: int | None = None) -> tuple[SuggestionRow, ...]:
    return bench.read(lambda session: read_suggestions(session, only_of))


def test_a_suggestion_is_kept_with_author_clause_and_version_and_the_log_has_no_word_of_it(bench: Bench) -> None:
    done = bench.do("ana", Suggest("ecolab", "2.5", f" {IDEA}\0 "))

    (row,) = _rows(bench)
    (event,) = bench.events("policy.suggested")
    (salt,) = {str(stored[7]) for stored in bench.tables()["suggestion"]}
    assert done.said.line() == "Suggestion 1 on ecolab 2.5 is kept; a manager decides on it."
    assert (row.pack, row.version, row.clause, row.login, row.at) == ("ecolab", 1, "2.5", "ana", MONDAY)
    assert row.text.verbatim() == f"{IDEA}\ufffd"
    assert (row.disposition, row.settled_at) == ("open", None)
    assert (event.actor, event.subject) == ("ana", "ecolab")
    assert IDEA not in event.body
    assert text_reference(salt, row.text.verbatim()) in event.body


@pytest.mark.parametrize(("decision", "words"), [("taken", "taken up"), ("declined", "declined")])
def test_a_decision_has_its_reason_and_is_made_once(bench: Bench, decision: str, words: str) -> None:
    bench.user("mara", "manager")
    bench.do("ana", Suggest("ecolab", "2.5", IDEA))

    done = bench.do("mara", SettleSuggestion(1, decision, " Costs too much. "))

    (row,) = _rows(bench)
    (event,) = bench.events("policy.suggestion_settled")
    assert done.said.line() == f"Suggestion 1 is {words}; its author reads why."
    assert (row.disposition, row.reason.line(), row.settled_by) == (decision, "Costs too much.", "mara")
    assert row.settled_at == MONDAY
    assert "Costs" not in event.body
    with pytest.raises(Refused, match=f"Suggestion 1 was {words} by mara already"):
        bench.do("mara", SettleSuggestion(1, "taken", "Again."))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (Suggest("nothing", "2.5", IDEA), 'No brand is under a policy "nothing"; there is ecolab'),
        (Suggest("ecolab", "99.9", IDEA), 'The policy ecolab has no clause "99.9"'),
        (Suggest("ecolab", "2.5", "  "), "Say in at most 2000 characters"),
        (Suggest("ecolab", "2.5", "x" * (LONGEST_TEXT + 1)), "Say in at most 2000 characters"),
        (SettleSuggestion(7, "taken", "Good."), "There is no suggestion 7"),
        (SettleSuggestion(1, "open", "Good."), 'taken or declined, not "open"'),
        (SettleSuggestion(1, "taken", " "), "Give the reason in one line"),
        (SettleSuggestion(1, "taken", "two\nlines"), "Give the reason in one line"),
        (SettleSuggestion(1, "taken", "x" * (LONGEST_REASON + 1)), "Give the reason in one line"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_is_refused_and_keeps_nothing(
    bench: Bench, command: Suggest | SettleSuggestion, said: str
) -> None:
    bench.user("mara", "manager")

    with pytest.raises(Refused, match=said):
        bench.do("mara", command)

    assert _rows(bench) == ()


def test_supervisors_and_agents_decide_nothing(bench: Bench) -> None:
    bench.do("ana", Suggest("ecolab", "2.5", IDEA))

    for login in ("ana", "sam"):
        with pytest.raises(Denied, match="Only a manager or an admin may decide on a suggestion"):
            bench.do(login, SettleSuggestion(1, "taken", "Good."))


def test_one_person_cannot_fill_the_list(bench: Bench) -> None:
    for number in range(MOST_OPEN):
        bench.do("ana", Suggest("ecolab", "2.5", f"Idea {number}"))

    with pytest.raises(Refused, match="50 suggestions of yours wait"):
        bench.do("ana", Suggest("ecolab", "2.5", "One more"))
    bench.do("sam", Suggest("ecolab", "2.5", "Mine"))

    assert len(_rows(bench)) == MOST_OPEN + 1


def test_what_waits_comes_first_and_an_author_alone_sees_her_own(bench: Bench) -> None:
    bench.user("mara", "manager")
    for login, text in (("ana", "first"), ("sam", "second"), ("ana", "third")):
        bench.do(login, Suggest("ecolab", "2.5", text))
    bench.do("mara", SettleSuggestion(3, "taken", "Good."))

    assert [row.number for row in _rows(bench)] == [2, 1, 3]
    assert [row.number for row in _rows(bench, bench.actor("ana").user_id)] == [1, 3]
