"""Checking the regime of a complaint procedure: is it known, was its wording reviewed, which terms lose to it."""

from collections.abc import Iterator, Mapping

from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_check_finding import Finding, Level, place
from agentconsole.domain.policy_check_hours import listed
from agentconsole.domain.policy_check_week import Week
from agentconsole.domain.regime import COUNTS_FROM, NO_REGIME, NOBODY, REVIEW_SETTING, Regime, dues, join
from agentconsole.domain.target_words import target_words


def check_regime(pack: Pack, regimes: Mapping[str, Regime], week: Week) -> Iterator[Finding]:
    """Yield what is to be said of the regime that a pack's complaints are under; nothing where they are under none."""
    if pack.procedure is None or pack.procedure.regime in NO_REGIME:
        return
    where = (place(pack, pack.procedure.clause),)
    regime = regimes.get(pack.procedure.regime)
    if regime is None:
        why = f'Complaints are under the regime "{pack.procedure.regime}", which nobody here knows.'
        known = listed(sorted(regimes)) if regimes else "none"
        yield Finding(Level.NEVER, "regime-unknown", where, why, f"Name one that there is: {known}; or none.")
        return
    joined = join(pack, regime)
    if joined.reviewed_by == NOBODY:
        why = f"Complaints are under {regime.title}, and nobody has reviewed its terms and wording for this desk."
        do = f'Have them reviewed, then: agentconsole policy answer {pack.id} {REVIEW_SETTING} "NAME, DATE".'
        yield Finding(Level.WARNING, "regime-unreviewed", where, why, do)
    for step in joined.steps:
        found = dues(joined, step, dict.fromkeys(COUNTS_FROM, week.at))
        week.tried += len(found)
        if len(found) > 1 and len({due.at for due in found}) > 1:
            said = [f"{due.term.source} {due.term.clause} {target_words(due.term.target)}" for due in found]
            yield Finding(
                Level.WARNING,
                "regime-terms",
                where,
                f"The step {step.id} has two terms: {listed(said)}.",
                "Nothing: the strictest instant wins.",
                f"Now it would be {said[0]}.",
            )
