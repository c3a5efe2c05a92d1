"""`agentconsole policy show`, `accepted`, `suggestions` and `settle` on a desk that runs."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from agentconsole.cli.policy_read import standing_words
from agentconsole.wire.policy_reading import AcceptanceRow
from tests.cli.program import Program

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LATER = AT + timedelta(days=14)


def test_a_policy_is_shown_clause_by_clause_and_told_who_accepted_it(desk: Program) -> None:
    desk("user", "add", "ana", "Ana Costa")
    whole, one = desk("policy", "show", "ecomstore"), desk("policy", "show", "ecomstore", "3.resp.2", "--json")
    unknown, none = desk("policy", "show", "ecomstore", "99"), desk("policy", "show", "nothing")
    accepted, suggestions = desk("policy", "accepted"), desk("policy", "suggestions")
    settled = desk("policy", "settle", "1", "taken", "Good.")

    (clause,) = json.loads(one.out)["clauses"]
    assert whole.out.split("\n")[0] == "Customer Service Guidelines (ecomstore), January 15, 2024"
    assert whole.out.split("\n")[1].startswith("Version 1, in force since 20")
    said = " ".join(whole.out.split())
    assert "clock email within 2 hours during business hours [within 2 h of open time; email]" in said
    assert max(map(len, whole.out.split("\n"))) <= 80
    assert (clause["id"], clause["carriers"][0]["kind"]) == ("3.resp.2", "clock")
    assert unknown.err == (
        'agentconsole: The policy ecomstore has no clause "99": `agentconsole policy show ecomstore` lists them.\n'
    )
    assert none.err == 'agentconsole: No brand is under a policy "nothing"; there is ecomstore.\n'
    assert accepted.out == (
        "ecomstore    v1   ana              agent      not accepted, never signed in\n"
        "0 of 1 have accepted the version in force; 0 get no new work before they do.\n"
    )
    assert suggestions.out.startswith("0 suggestions, 0 to decide on")
    assert settled.err == "agentconsole: There is no suggestion 1: `agentconsole policy suggestions` lists them.\n"
    assert [said.code for said in (whole, one, unknown, none, accepted, suggestions, settled)] == [0, 0, 1, 1, 0, 0, 1]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (AcceptanceRow("ana", "agent", "x", 2, accepted=2, at=AT), "accepted 2026-11-23 10:00 UTC"),
        (
            AcceptanceRow("ana", "agent", "x", 2, accepted=2, at=AT, again_at=LATER, overdue=True),
            "accepted 2026-11-23 10:00 UTC; SHOULD HAVE READ IT AGAIN by 2026-12-07",
        ),
        (AcceptanceRow("ana", "agent", "x", 2, until=LATER), "not accepted, has until 2026-12-07"),
        (
            AcceptanceRow("ana", "agent", "x", 2, accepted=1, at=AT, until=LATER, late=True),
            "NOT ACCEPTED, accepted v1, no new work since 2026-12-07",
        ),
        (AcceptanceRow("ana", "agent", "x", 2), "not accepted, never signed in"),
    ],
)
def test_each_way_to_stand_to_a_policy_has_its_words(row: AcceptanceRow, words: str) -> None:
    assert standing_words(row) == words
