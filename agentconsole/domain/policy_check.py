"""Checking policies: what is wrong in each pack and between packs that serve one desk, the worst first."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_check_between import check_between
from agentconsole.domain.policy_check_dates import check_dates
from agentconsole.domain.policy_check_finding import FAILING, Finding, Level, place
from agentconsole.domain.policy_check_hours import check_hours
from agentconsole.domain.policy_check_people import check_people
from agentconsole.domain.policy_check_regime import check_regime
from agentconsole.domain.policy_check_standards import check_standards
from agentconsole.domain.policy_check_terms import check_terms
from agentconsole.domain.policy_check_week import Week
from agentconsole.domain.policy_check_words import check_words
from agentconsole.domain.regime import Regime
from agentconsole.domain.terms import Role


@dataclass(frozen=True, slots=True)
class Checked:
    """Hold what was found, and how many promises were tried at how many instants (`tried`), which is the work done."""

    findings: tuple[Finding, ...]
    tried: int

    @property
    def fails(self) -> bool:
        """Say whether something contradicts itself or can never be."""
        return any(finding.level in FAILING for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Known:
    """Hold what a check needs to know besides packs: what placeholders the composer fills, and the regimes by id.

    `roles` are those that somebody at the desk has; None where no desk is asked.
    """

    filled: Collection[str]
    regimes: Mapping[str, Regime]
    roles: Collection[Role] | None = None


def check(packs: Sequence[Pack], at: datetime, known: Known, *, stale_months: int | None = None) -> Checked:
    """Return all findings as of `at` (UTC), contradictions first, then by pack.

    `stale_months` goes before what a pack's own setting says of how old it may be.
    """
    week = Week(at)
    found = [finding for pack in packs for finding in _alone(pack, packs, week, known, stale_months)]
    found += [*check_between(packs, week), *check_terms(packs, week)]
    order = list(Level)
    return Checked(tuple(sorted(found, key=lambda finding: order.index(finding.level))), week.tried)


def _alone(pack: Pack, packs: Sequence[Pack], week: Week, known: Known, stale_months: int | None) -> Iterator[Finding]:
    yield from check_standards(pack, week)
    yield from check_hours(pack, week)
    yield from check_words(pack, packs, known.filled)
    yield from check_dates(pack, week.at.astimezone(ZoneInfo(pack.zone)).date(), stale_months)
    yield from check_regime(pack, known.regimes, week)
    yield from check_people(pack, known.roles)
    for blank in pack.open_blanks:
        why = f'{blank.question} Open; used meanwhile: "{blank.proposal}".'
        do = f'agentconsole policy answer {pack.id} {blank.id} "..."'
        yield Finding(Level.BLANK, "blank", (place(pack, blank.clause),), why, do)
