"""Which standards promise one thing on a ticket, and which of them is the strictest."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from agentconsole.domain.calendar import Calendar
from agentconsole.domain.clock_pause import Counting, Period, pauses_of
from agentconsole.domain.clock_rules import Applied, Rules, Situation, bound
from agentconsole.domain.clock_start import Episode, Origin
from agentconsole.domain.clock_target import Measure, measure
from agentconsole.domain.duty import next_check
from agentconsole.domain.policy import Applies, Comparator, Pack, Standard
from agentconsole.domain.terms import Channel, ClockKind, Start, Status

OVER = (Status.RESOLVED, Status.CLOSED)
_NO_INSTANT = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rival:
    """Hold one standard that applies, counted from one origin; `floor` is its due instant without an open pause."""

    pack: Pack
    standard: Standard
    origin: Origin
    measure: Measure
    counting: Counting
    floor: datetime | None

    @property
    def strictness(self) -> tuple[datetime, bool]:
        """Order by due instant, and at the same instant "under" before "within"."""
        return self.floor or _NO_INSTANT, self.standard.comparator is Comparator.WITHIN


def rivals(
    episode: Episode, rules: Rules, packs: Sequence[Applied], *, until: datetime | None, seen_at: datetime | None = None
) -> list[Rival]:
    """Return the standards that promise this episode under `rules`, the strictest first.

    `until` is when the episode finished, if it did: pauses end there. With `seen_at` it is what was known at that
    instant: later pauses and merges are left out.
    """
    found = []
    bound_at = until if seen_at is None else max(rules.since or episode.start, episode.start)
    for origin in episode.origins:
        if seen_at is not None and origin.joined is not None and origin.joined > (rules.since or episode.start):
            continue
        for pack in bound(packs, origin.start, bound_at):
            for standard in pack.standards:
                if (
                    standard.clock is episode.kind
                    and origin.suits(standard)
                    and applies(standard.applies, rules.situation, pack, origin)
                ):
                    found.append(_rival(pack, standard, origin, episode.kind, until, seen_at))
    found.sort(key=lambda rival: rival.strictness)
    return found


def applies(rule: Applies, situation: Situation, pack: Pack, origin: Origin | None) -> bool:
    """Say whether a standard binds a ticket in `situation`, for a clock from `origin` (None: not begun yet)."""
    channel = origin.channel if origin is not None and origin.channel is not None else situation.channel
    priorities = (situation.priority, origin.priority if origin is not None else None)
    return (
        (not rule.channels or channel in rule.channels)
        and (not rule.queues or situation.queue in rule.queues)
        and (not rule.priorities or any(priority in rule.priorities for priority in priorities))
        and (not rule.kinds or situation.kind in rule.kinds)
        and (not rule.brands or situation.brand in rule.brands)
        and (not rule.tiers or situation.tier in rule.tiers)
        and (not rule.stages or situation.stage in rule.stages)
        and (rule.escalated is None or rule.escalated is situation.escalated)
        and (rule.out_of_hours is None or rule.out_of_hours is _began_out_of_hours(pack, channel, origin))
    )


def hours_of(pack: Pack, channel: Channel) -> Calendar | None:
    """Return the hours in which the pack's desk serves a channel, or None where it names none."""
    name = pack.channel_calendars.get(channel)
    return None if name is None else pack.calendars.get(name)


def _began_out_of_hours(pack: Pack, channel: Channel, origin: Origin | None) -> bool | None:
    hours = hours_of(pack, channel)
    if origin is None:
        return None
    return hours is not None and not hours.is_open(origin.start)


def _rival(
    pack: Pack, standard: Standard, origin: Origin, kind: ClockKind, until: datetime | None, seen_at: datetime | None
) -> Rival:
    origin = _counted_from(origin, standard, pack)
    periods = origin.periods if seen_at is None else _seen(origin.periods, seen_at)
    # What was resolved and opened again did not count against a resolution in between (on_reopen = continue).
    states = (*standard.pauses, *OVER) if kind is ClockKind.RESOLUTION else standard.pauses
    promised = measure(standard.target, origin.start, pack)
    counting = Counting(origin.start, pauses_of(periods, states, origin.start, until), promised.calendar)
    floor = None if promised.amount is None else counting.floor(promised.amount)
    return Rival(pack, standard, origin, promised, counting, floor)


def _counted_from(origin: Origin, standard: Standard, pack: Pack) -> Origin:
    """Move an origin to the check of a duty where the standard counts from that and nobody has checked before."""
    if standard.start is not Start.DUTY:
        return origin
    duty = next(duty for duty in pack.duties if duty.id == standard.duty)
    at = next_check(duty, pack.calendars[duty.calendar], origin.start)
    return origin if at is None else replace(origin, start=at, because=f"duty to {duty.text}")


def _seen(periods: Sequence[Period], at: datetime) -> list[Period]:
    return [
        Period(period.start, None if period.end is not None and period.end > at else period.end, period.status, "", "")
        for period in periods
        if period.start <= at
    ]
