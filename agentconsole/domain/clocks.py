"""The clocks of a ticket, computed from its facts, the packs that bind it and its situation (DESIGN 5)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from agentconsole.domain.clock_effects import Effect, EffectKind, due_effects, next_effect
from agentconsole.domain.clock_pause import Counting, Pause
from agentconsole.domain.clock_plain import no_standard, not_begun, promised_date, without_covered
from agentconsole.domain.clock_records import Records, breached, records_of, warned
from agentconsole.domain.clock_rivals import Rival, hours_of, rivals
from agentconsole.domain.clock_rules import Applied, Rules, Situation, rules_of
from agentconsole.domain.clock_start import Episode, episodes_of
from agentconsole.domain.clock_steps import steps
from agentconsole.domain.clock_value import Clock, Loser, Moved
from agentconsole.domain.events import Fact
from agentconsole.domain.policy import Comparator
from agentconsole.domain.terms import ClockKind

__all__ = [
    "Applied",
    "Clock",
    "Effect",
    "EffectKind",
    "Loser",
    "Moved",
    "Pause",
    "Situation",
    "compute",
    "due_effects",
    "next_effect",
    "steps",
]


def compute(facts: Sequence[Fact], packs: Sequence[Applied], situation: Situation, now: datetime) -> tuple[Clock, ...]:
    """Return every clock that runs or ran on a ticket, in the order in which they began; those not begun come last.

    Clocks of different kinds are separate. Where several standards promise the same, the strictest instant decides and
    the others are listed as losers. A change of priority, brand, queue or policy recomputes from the original start
    with the pauses kept, and is listed in `moved`; a breach that is a fact stays; a promised date is never moved.
    `now` decides only what no fact has recorded yet: a breach, and when a closed desk resumes.
    """
    ordered = sorted(facts, key=lambda fact: fact.seq)
    episodes = episodes_of(ordered)
    rules = rules_of(ordered, situation)
    records = records_of(ordered)
    clocks = []
    for episode in episodes:
        clock = _clock(episode, rules, packs, records, now)
        if clock is not None:
            clocks.append(clock)
    clocks.extend(not_begun(episodes, packs, situation, now))
    return tuple(without_covered(clocks))


def _clock(
    episode: Episode, rules: Sequence[Rules], packs: Sequence[Applied], records: Records, now: datetime
) -> Clock | None:
    if episode.kind is ClockKind.PROMISE:
        return promised_date(episode, packs, records, now)
    finish = episode.met or episode.ended
    final = _in_force(rules, finish)
    found = rivals(episode, final, packs, until=finish)
    if not found:
        return no_standard(episode, final, packs)
    chosen = found[0]
    counting, amount = chosen.counting, chosen.measure.amount
    due_at = None if amount is None else counting.reach(amount)
    starts = tuple({rival.origin.start for rival in found})
    channel = chosen.origin.channel or final.situation.channel
    is_running = finish is None
    paused = counting.pauses[-1].start if is_running and counting.pauses and counting.pauses[-1].end is None else None
    return Clock(
        kind=episode.kind,
        standard=chosen.standard.id,
        pack=chosen.pack.id,
        pack_version=chosen.pack.version,
        clause=chosen.standard.clause,
        text=chosen.standard.text,
        started_at=chosen.origin.start,
        because=chosen.origin.because,
        channel=channel,
        target=chosen.standard.target,
        amount=amount,
        due_at=due_at,
        target_span=_wall_length(counting, amount),
        paused_since=paused,
        pauses=counting.pauses,
        met_at=episode.met,
        ended_at=episode.ended,
        breached_at=breached(episode.kind, starts, records, _passed(chosen, due_at, episode, now)),
        warned=warned(episode.kind, starts, records),
        moved=_moves(episode, chosen.origin.start, rules, packs, finish),
        losers=tuple(_loser(rival, chosen) for rival in found[1:]),
        business=counting.calendar is not None,
        zone=chosen.pack.zone if counting.calendar is None else counting.calendar.zone.key,
        resumes_at=counting.resumes(now) if is_running and amount is not None and paused is None else None,
        no_clock_reason=chosen.measure.reason or episode.why_ended,
        starts=starts,
        rule=chosen.standard,
        hours=counting.calendar or hours_of(chosen.pack, channel),
        counting=counting,
    )


def _in_force(rules: Sequence[Rules], at: datetime | None) -> Rules:
    """Return the rules that held at `at`; None asks for those that hold now."""
    if at is None:
        return rules[-1]
    return next(held for held in reversed(rules) if held.since is None or held.since <= at)


def _moves(
    episode: Episode, start: datetime, rules: Sequence[Rules], packs: Sequence[Applied], finish: datetime | None
) -> tuple[Moved, ...]:
    """Return the changes between `start` and the finish that gave the episode another due instant."""
    moves = []
    for earlier, later in pairwise(rules):
        at = later.since
        if at is None or at <= start or (finish is not None and at > finish):
            continue
        was = rivals(episode, earlier, packs, until=finish, seen_at=at)
        becomes = rivals(episode, later, packs, until=finish, seen_at=at)
        before, after = was[0].floor if was else None, becomes[0].floor if becomes else None
        if before != after:
            moves.append(Moved(at, before, after, later.because))
    return tuple(moves)


def _passed(chosen: Rival, due_at: datetime | None, episode: Episode, now: datetime) -> datetime | None:
    """Return the due instant if it passed before the promise was kept."""
    if due_at is None:
        return None
    until = episode.met or episode.ended or now
    may_be_met = episode.ended is None and chosen.standard.comparator is Comparator.WITHIN
    return due_at if until > due_at or (until == due_at and not may_be_met) else None


def _wall_length(counting: Counting, amount: timedelta | None) -> timedelta | None:
    if amount is None:
        return None
    due = Counting(counting.start, (), counting.calendar).floor(amount)
    return None if due is None else due - counting.start


def _loser(rival: Rival, winner: Rival) -> Loser:
    if rival.floor is None:
        why = rival.measure.reason
    elif rival.floor == winner.floor:
        why = "same instant"
    else:
        why = "not stricter"
    standard = rival.standard
    notices = tuple(
        (rival.origin.start + action.after, action) for action in standard.actions if action.after is not None
    )
    return Loser(
        rival.pack.id, standard.clause, standard.text, rival.floor, why, rival.pack.version, standard.id, notices
    )
