"""Whatever a pack holds, a check of it ends, and each finding says where, why and what to do."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings

from agentconsole.config.templates import PLACEHOLDERS
from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_check import Known, check
from tests.policies.generated import packs

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KNOWN = Known(PLACEHOLDERS, {})


@settings(max_examples=25, deadline=None)
@given(pack=packs(), other=packs())
def test_any_two_packs_are_checked_to_the_end(pack: Pack, other: Pack) -> None:
    both = [pack, replace(other, id=f"{pack.id}-too")]

    checked = check(both, NOW, KNOWN)

    clauses = {(one.id, clause.id) for one in both for clause in one.clauses}
    for finding in checked.findings:
        assert finding.where
        assert finding.why.endswith((".", "?", '."'))
        assert finding.do
        assert {(place.pack, place.clause) for place in finding.where if place.clause} <= clauses
