"""Checking what several packs promise of one thing: how they differ on each channel, and which is the strictest."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from agentconsole.domain.calendar import Calendar
from agentconsole.domain.clock_steps import NAMES
from agentconsole.domain.policy import Pack, Standard, Target
from agentconsole.domain.policy_check_finding import Finding, Level, place
from agentconsole.domain.policy_check_hours import listed
from agentconsole.domain.policy_check_week import Week, binds
from agentconsole.domain.target_words import target_words
from agentconsole.domain.terms import Channel, ClockKind

Promise = tuple[Pack, Standard]

RESPONSES = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE)


@dataclass(frozen=True, slots=True)
class Rivalry:
    """Hold what packs promise of one thing on one channel (None: on any); `clocks` are promised alike."""

    channel: Channel | None
    clocks: tuple[ClockKind, ...]
    promises: tuple[Promise, ...]


def check_between(packs: Sequence[Pack], week: Week) -> Iterator[Finding]:
    """Yield where packs that serve one desk promise different times, and where only some of them promise any."""
    for channel in Channel:
        for rivalry in _rivalries(packs, channel):
            yield from _differing(rivalry, week)
    for clock in ClockKind:
        anywhere = tuple((pack, standard) for pack in packs for standard in _plain(pack, clock, None))
        yield from _differing(Rivalry(None, (clock,), anywhere), week)
    yield from _silent(packs)


def _rivalries(packs: Sequence[Pack], channel: Channel) -> list[Rivalry]:
    """Return what is promised on a channel, clock by clock; the next reply joins the first where it is alike."""
    found: list[Rivalry] = []
    for clock in ClockKind:
        promises = tuple((pack, standard) for pack in packs for standard in _plain(pack, clock, channel))
        first = next((one for one in found if one.clocks == (ClockKind.FIRST_RESPONSE,)), None)
        if clock is ClockKind.NEXT_RESPONSE and first and _targets(promises) == _targets(first.promises):
            found[found.index(first)] = replace(first, clocks=RESPONSES)
        elif any(standard.applies.channels for _, standard in promises):
            found.append(Rivalry(channel, (clock,), promises))
    return found


def _plain(pack: Pack, clock: ClockKind, channel: Channel | None) -> list[Standard]:
    """Return the standards that bind an ordinary case of the channel: no queue, priority, kind, brand or tier apart."""
    return [
        standard
        for standard in pack.standards
        if standard.clock is clock
        and (not standard.applies.channels or (channel is not None and channel in standard.applies.channels))
        and not (standard.applies.queues or standard.applies.priorities or standard.applies.kinds)
        and not (standard.applies.brands or standard.applies.tiers)
    ]


def _targets(promises: Sequence[Promise]) -> list[tuple[str, Target, bool | None]]:
    return [(pack.id, standard.target, standard.applies.out_of_hours) for pack, standard in promises]


def _differing(rivalry: Rivalry, week: Week) -> Iterator[Finding]:
    """Find one thing that two packs promise differently: by words, and by the instants that come of them."""
    by_pack: dict[str, list[tuple[Target, Calendar | None]]] = {}
    for pack, standard in rivalry.promises:
        calendar = pack.calendars.get(getattr(standard.target, "calendar", ""))
        by_pack.setdefault(pack.id, []).append((standard.target, calendar))
    if len(by_pack) > 1 and any(targets != next(iter(by_pack.values())) for targets in by_pack.values()):
        where = tuple(dict.fromkeys(place(pack, standard.clause) for pack, standard in rivalry.promises))
        said = ", ".join(f"{pack.id} ({_words(standard)})" for pack, standard in rivalry.promises)
        what = " and ".join(NAMES[clock] for clock in rivalry.clocks)
        on = f"On {rivalry.channel} policies" if rivalry.channel is not None else "Policies"
        yield Finding(
            Level.CONTRADICTION,
            f"time-{rivalry.channel or rivalry.clocks[0]}",
            where,
            f"{on} differ about {what}: {said}.",
            "Nothing, where each brand has a policy of its own and its agents know which; else promise one time.",
            _strictest(rivalry, week),
        )


def _words(standard: Standard) -> str:
    when = {None: "", True: ", out of hours", False: ", in hours"}[standard.applies.out_of_hours]
    return f"{target_words(standard.target, standard.comparator)}{when}"


def _strictest(rivalry: Rivalry, week: Week) -> str:
    """Say which promise is due first for what arrives in the hours of a week: the strictest instant wins."""
    won: Counter[str] = Counter()
    for start in week.arrivals:
        dues = []
        for pack, standard in rivalry.promises:
            if binds(pack, standard, rivalry.channel, start):
                due = week.due(pack, standard.target, start)
                if due is not None:
                    dues.append((due, f"{pack.id} {standard.clause}"))
        first = min((due for due, _ in dues), default=None)
        won.update({name for due, name in dues if due == first})
    if not won:
        return "None: no instant is promised."
    if len(won) == 1:
        return f"The strictest instant: always that of {next(iter(won))}."
    shares = [f"{name} for {count}" for name, count in won.most_common()]
    return f"The strictest instant: {listed(shares)} of the {len(week.arrivals)} hours of a week."


def _silent(packs: Sequence[Pack]) -> Iterator[Finding]:
    """Find a channel on which some packs promise something and others nothing: there no clock runs."""
    for channel in Channel:
        speaking = [pack for pack in packs if any(channel in one.applies.channels for one in pack.standards)]
        silent = [pack for pack in packs if pack not in speaking]
        if speaking and silent:
            where = tuple(
                place(pack, standard.clause)
                for pack in speaking
                for standard in pack.standards
                if channel in standard.applies.channels
            )
            said = listed([pack.id for pack in speaking])
            one = len(speaking) == 1
            yield Finding(
                Level.WARNING,
                f"silent-{channel}",
                tuple(dict.fromkeys(where)),
                f"On {channel} only {said} promise{'s' * one} a time; no clock runs there under "
                f"{listed([pack.id for pack in silent])}.",
                f"Nothing, where that is meant; else promise something on {channel} there, too.",
                f"{said}, wherever {'it binds' if one else 'they bind'}.",
            )
