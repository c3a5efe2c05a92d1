"""Clocks that no standard decides: a promised date, an answer for which nothing is promised, a promise not begun."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from agentconsole.domain.clock_pause import Counting
from agentconsole.domain.clock_records import Records, breached, warned
from agentconsole.domain.clock_rivals import OVER, applies
from agentconsole.domain.clock_rules import Applied, Rules, Situation, bound
from agentconsole.domain.clock_start import Episode
from agentconsole.domain.clock_value import Clock
from agentconsole.domain.policy import Standard
from agentconsole.domain.terms import ClockKind, Start

_RESPONSES = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE)
_CALLS = (ClockKind.CALLBACK, ClockKind.RETURN_CALL)
_NOT_BEGUN = {
    ClockKind.ACKNOWLEDGE: "begins with the complaint form",
    ClockKind.HOLDING_LETTER: "begins with the complaint form",
    ClockKind.FULL_RESPONSE: "begins with the complaint form",
    ClockKind.RETURN_CALL: "begins when the voicemail has been heard",
}


def promised_date(episode: Episode, packs: Sequence[Applied], records: Records, now: datetime) -> Clock | None:
    """Return the clock of a date told to a customer: wall time, no pauses, and no rule that could move it."""
    origin = episode.origins[0]
    if episode.due is None:
        return None
    counting = Counting(origin.start, (), None)
    amount = max(episode.due - origin.start, timedelta(0))
    finish = episode.met or now
    own = bound(packs, origin.start, None)
    return Clock(
        kind=episode.kind,
        standard="promise",
        pack="",
        pack_version=0,
        clause="",
        text=episode.text,
        started_at=origin.start,
        because=origin.because,
        channel=origin.channel,
        amount=amount,
        due_at=episode.due,
        target_span=amount,
        met_at=episode.met,
        breached_at=breached(episode.kind, (origin.start,), records, episode.due if finish > episode.due else None),
        warned=warned(episode.kind, (origin.start,), records),
        zone=episode.zone or (own[0].zone if own else "UTC"),
        starts=(origin.start,),
        counting=counting,
    )


def no_standard(episode: Episode, rules: Rules, packs: Sequence[Applied]) -> Clock | None:
    """Return a clock that says that nothing is promised, where a customer waits for an answer; None elsewhere."""
    if episode.kind not in _RESPONSES or episode.met or episode.ended:
        return None
    origin = episode.origins[0]
    channel = origin.channel or rules.situation.channel
    titles = ", ".join(pack.title for pack in bound(packs, origin.start, None)) or "no policy in force"
    return Clock(
        episode.kind,
        standard="",
        pack="",
        pack_version=0,
        clause="",
        text="",
        started_at=origin.start,
        because=origin.because,
        channel=channel,
        no_clock_reason=f"no standard for {channel}: {titles}",
        starts=(origin.start,),
    )


def without_covered(clocks: Iterable[Clock]) -> list[Clock]:
    """Drop "no standard" for an answer where a call back is promised instead (000-22, 002-26)."""
    found = list(clocks)
    if any(clock.kind in _CALLS and clock.standard and not clock.is_finished for clock in found):
        return [clock for clock in found if clock.standard or clock.kind not in _RESPONSES]
    return found


def not_begun(
    episodes: Sequence[Episode], packs: Sequence[Applied], situation: Situation, now: datetime
) -> Iterator[Clock]:
    """Yield a clock without a start for each promise that applies and that nothing on the ticket has begun."""
    if situation.status in OVER:
        return
    told: set[ClockKind] = set()
    for pack in bound(packs, now, None):
        for standard in pack.standards:
            kind = standard.clock
            if kind in told or not applies(standard.applies, situation, pack, None):
                continue
            if kind in _NOT_BEGUN and not _has_begun(standard, episodes):
                told.add(kind)
                yield Clock(
                    kind,
                    standard.id,
                    pack.id,
                    pack.version,
                    standard.clause,
                    standard.text,
                    started_at=None,
                    channel=situation.channel,
                    target=standard.target,
                    zone=pack.zone,
                    no_clock_reason=_NOT_BEGUN[kind],
                )


def _has_begun(standard: Standard, episodes: Sequence[Episode]) -> bool:
    """Say whether a standard's clock runs or ran; a voicemail that was left anew has not begun what hearing begins."""
    own = [episode for episode in episodes if episode.kind is standard.clock]
    if not own:
        return standard.start is not Start.HEARD
    return own[-1].is_finished or any(origin.suits(standard) for origin in own[-1].origins)
