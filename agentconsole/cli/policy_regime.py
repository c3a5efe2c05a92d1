"""`agentconsole policy regimes`: what laws and ombudsmen ask of complaints, and what joins a policy's procedure."""

from collections.abc import Iterable

from agentconsole.cli.policy_source import named_packs
from agentconsole.cli.say import tell, tell_wrapped
from agentconsole.cli.say_json import tell_json
from agentconsole.config.clock import SystemClock
from agentconsole.config.regimes import load_regime, shipped_regimes
from agentconsole.domain.regime import COUNTS_FROM, NOBODY, Joined, Regime, join
from agentconsole.domain.regime import dues as dues_of
from agentconsole.domain.target_words import target_words

_SWITCH_ON = "Switch one on: agentconsole policy answer PACK regime NAME. Show one: agentconsole policy regimes NAME."


def regimes(name: str, pack: str, *, as_json: bool) -> int:
    """List the regimes, or show one: its clauses with source, terms and marks; or how it joins a policy's procedure."""
    if not name:
        found = [load_regime(each) for each in shipped_regimes()]
        if as_json:
            tell_json([_plain(regime) for regime in found])
        else:
            for regime in found:
                tell_wrapped(f"{regime.id}  {regime.title}\n    For {regime.applies}.\n    {_checked(regime)}")
            tell(_SWITCH_ON)
        return 0
    regime = load_regime(name)
    joined = join(named_packs([pack])[0].pack, regime) if pack else None
    if as_json:
        tell_json(_plain(regime) if joined is None else _plain_joined(joined))
    elif joined is None:
        tell_wrapped("\n".join(_lines(regime)))
    else:
        tell_wrapped("\n".join(_joined_lines(joined)))
    return 0


def _checked(regime: Regime) -> str:
    return f"Checked on {regime.checked_on} against {regime.checked_against}."


def _lines(regime: Regime) -> Iterable[str]:
    yield f"{regime.id}  {regime.title}"
    yield f"    {regime.authority}; for {regime.applies}."
    yield f"    {regime.source}. {_checked(regime)}"
    for clause in regime.clauses:
        yield f"  {clause.section}: {clause.text}"
        if clause.review:
            yield f"    REVIEW: {clause.review}"
        for step in regime.steps:
            if step.clause == clause.id:
                term = f" {target_words(step.target)} from the {_from(step.counts_from)}" if step.target else ""
                yield f"    step {step.id}{' (optional)' if step.optional else ''}:{term or ' no term'}. {step.text}"
    for wording in regime.wording:
        mark = "reviewed" if wording.reviewed else "NOT REVIEWED"
        yield f"  wording {wording.id}, {mark}: {wording.text}"
        if wording.review:
            yield f"    REVIEW: {wording.review}"
    yield f"Whom to turn to outside: {regime.outside_body}." if regime.outside_body else "Nobody outside is named."


def _joined_lines(joined: Joined) -> Iterable[str]:
    """Yield the steps of a complaint that came now, each with the term that wins and the terms that lose."""
    now = SystemClock().now()
    yield f"{joined.pack.id} under {joined.regime.id}: a complaint received {now:%Y-%m-%d %H:%M} UTC"
    for step in joined.steps:
        yield f"  {step.id}{' (optional)' if step.optional else ''}, by the {step.owner}: {step.text}"
        yield f"    from {', '.join(step.clauses)}"
        terms = dues_of(joined, step, dict.fromkeys(COUNTS_FROM, now))
        for place, due in enumerate(terms):
            word = "term" if len(terms) == 1 else "wins" if place == 0 else "loses"
            when = "no instant" if due.at is None else f"due {due.at:%Y-%m-%d %H:%M} UTC"
            counted = _from(due.term.counts_from)
            yield (
                f"    {word}: {due.term.source} {due.term.clause}, {target_words(due.term.target)} from the {counted}, "
                + when
            )
        if step.required:
            yield f"    needs {', '.join(step.required)}"
    mark = f"reviewed by {joined.reviewed_by}" if joined.reviewed_by != NOBODY else "NOT REVIEWED"
    yield f"Its wording is {mark}. Terms that count from a later step are shown as if that were done now."


def _from(event: str) -> str:
    return event.replace("_", " ")


def _plain(regime: Regime) -> dict[str, object]:
    return {
        "id": regime.id,
        "title": regime.title,
        "authority": regime.authority,
        "applies": regime.applies,
        "source": regime.source,
        "checked_on": regime.checked_on.isoformat(),
        "checked_against": regime.checked_against,
        "clauses": regime.clauses,
        "steps": [
            {
                "id": step.id,
                "clause": step.clause,
                "text": step.text,
                "target": None if step.target is None else target_words(step.target),
                "counts_from": step.counts_from,
                "required": step.required,
                "optional": step.optional,
            }
            for step in regime.steps
        ],
        "wording": regime.wording,
    }


def _plain_joined(joined: Joined) -> dict[str, object]:
    now = SystemClock().now()
    return {
        "pack": joined.pack.id,
        "regime": joined.regime.id,
        "reviewed_by": None if joined.reviewed_by == NOBODY else joined.reviewed_by,
        "received": now.isoformat(),
        "steps": [
            {
                "id": step.id,
                "owner": step.owner,
                "clauses": step.clauses,
                "required": step.required,
                "optional": step.optional,
                "terms": [
                    {
                        "source": due.term.source,
                        "clause": due.term.clause,
                        "target": target_words(due.term.target),
                        "counts_from": due.term.counts_from,
                        "due": None if due.at is None else due.at.isoformat(),
                        "wins": place == 0,
                    }
                    for place, due in enumerate(dues_of(joined, step, dict.fromkeys(COUNTS_FROM, now)))
                ],
            }
            for step in joined.steps
        ],
    }
