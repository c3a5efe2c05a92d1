"""Why a ticket stands where it stands in the list and wears its colour, in lines that fit a screen (UX 9 and 10)."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from agentconsole.domain.clock_cell import cell, time_text
from agentconsole.domain.clock_steps import NAMES, instant_text, packed
from agentconsole.domain.clock_value import Clock
from agentconsole.domain.policy import WorkingDays
from agentconsole.domain.queue import Placing, Tier
from agentconsole.domain.terms import ClockState

_WITHIN = {
    Tier.LIVE: "in it calls first, then the counter, then chats, each by due instant",
    Tier.DUE: "in it by due instant",
    Tier.LATE: "in it complaints first, then what is over the most of its target",
    Tier.SOON: "in it by due instant",
    Tier.OK: "in it by due instant, what has no clock last",
    Tier.SHUT: "in it by when the desk opens for it, then by due instant",
    Tier.WAIT: "in it what has waited the longest first",
}
_TIES = "ties: complaint, VIP, older"


def order_steps(
    placing: Placing, clocks: Sequence[Clock], now: datetime, *, late_first: bool = False
) -> tuple[str, ...]:
    """Return how a ticket comes to its place and its colour at `now`, in lines of at most 78 cells.

    `clocks` are all of the ticket; those that run beside the deciding one are named, with the state that lost. What
    needs a time of day says it in the zone of the deciding clock.
    """
    labelled = (
        ("order", [_group(placing, now, late_first=late_first), _WITHIN[placing.tier], _TIES]),
        ("colour", list(_colour(placing.deciding, now))),
        ("beside", [_beside(clock, now) for clock in clocks if clock is not placing.deciding and clock.is_running]),
        ("holds", list(_holds(placing, now))),
    )
    return tuple(line for label, parts in labelled for line in packed(label, parts))


def _group(placing: Placing, now: datetime, *, late_first: bool) -> str:
    groups = " ".join(tier.state.value for tier in Tier)
    if placing.starving:
        return f"late by more than twice its target, so on top of {Tier.DUE.state.value} (groups: {groups})"
    deciding = placing.deciding
    if late_first and deciding is not None and deciding.state(now) is ClockState.LATE:
        return f"late, and this desk takes what is late first: in {Tier.DUE.state.value} (groups: {groups})"
    return f"group {placing.tier.rank + 1} of {len(Tier)}, {placing.tier.state.value} (groups: {groups})"


def _colour(clock: Clock | None, now: datetime) -> Iterator[str]:
    if clock is None:
        yield "none: no clock with a number runs here"
        return
    state = clock.state(now)
    if state in (ClockState.OK, ClockState.SOON, ClockState.DUE) and clock.amount is not None:
        bounds = (("SOON", clock.soon_below), ("DUE", clock.due_below), ("LATE", timedelta(0)))
        told = bounds if clock.soon_below > clock.due_below else bounds[1:]
        marks = ", ".join(f"{word} from {time_text(below)} left" for word, below in told)
        yield f"{state.value} by what is left: {marks}"
    elif state is ClockState.LATE:
        yield "LATE since the due instant"
    elif state is ClockState.SHUT:
        yield "SHUT: it counts open hours, and the desk is closed"
    elif state is ClockState.WAIT:
        yield "WAIT: it stands still, and no time is counted"
    else:
        yield f"{state.value}: somebody waits at this moment"


def _beside(clock: Clock, now: datetime) -> str:
    state = clock.state(now)
    letters = isinstance(clock.target, WorkingDays)
    word, time = cell(state, clock.left(now), rings=clock.rings(now), letters=letters)
    return f"{NAMES[clock.kind]} {word} {time}".rstrip()


def _holds(placing: Placing, now: datetime) -> Iterator[str]:
    if placing.until is None or placing.deciding is None:
        return
    yield f"until {instant_text(placing.deciding, placing.until, now)}, if nothing happens here"
