"""Clocks, counts and times as cells of a line, from the wire's rows and the present instant."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from agentconsole.domain.clock_cell import cell
from agentconsole.domain.terms import ClockKind, ClockState
from agentconsole.wire.rows import ClockRow

CHANNELS = {
    "email": "EM",
    "phone": "PH",
    "voicemail": "VM",
    "chat": "CH",
    "social": "SO",
    "walkin": "WI",
    "meeting": "ME",
    "web": "WE",
    "api": "AP",
}
"""The two letters by which a list names a channel."""

_BY_WORKING_DAYS = frozenset({ClockKind.ACKNOWLEDGE, ClockKind.HOLDING_LETTER, ClockKind.FULL_RESPONSE})
_SECONDS_BELOW = timedelta(minutes=11)
_FROZEN = {"WAIT": ClockState.WAIT, "SHUT": ClockState.SHUT}


def left_of(clock: ClockRow, now: datetime) -> timedelta | None:
    """Return what is left of a clock at `now` (negative: overdue), or None when it has no number."""
    if clock.left is None:
        return None
    left = timedelta(seconds=clock.left)
    return left - (now - clock.as_of) if clock.running and not clock.frozen and clock.met_at is None else left


def state_of(clock: ClockRow, now: datetime) -> ClockState:
    """Return the word of a clock at `now` by UX 9.1; the server draws the thresholds, the time draws the word."""
    if clock.met_at is not None:
        return ClockState.MISSED if clock.breached_at is not None else ClockState.MET
    if clock.frozen in _FROZEN:
        return _FROZEN[clock.frozen]
    left = left_of(clock, now)
    return ClockState.NONE if left is None else _running_state(clock, left.total_seconds())


def _running_state(clock: ClockRow, seconds: float) -> ClockState:
    if clock.live:
        return ClockState.LIVE
    if seconds < 0 or clock.breached_at is not None:
        return ClockState.LATE
    if seconds <= clock.due_below:
        return ClockState.DUE
    return ClockState.SOON if seconds <= clock.soon_below else ClockState.OK


def clock_cell(clock: ClockRow | None, now: datetime) -> tuple[str, str]:
    """Return a clock's word (at most 4 characters) and time (at most 6) at `now`."""
    if clock is None:
        return (ClockState.NONE.value, "")
    state, left = state_of(clock, now), left_of(clock, now)
    if left is None:
        return (state.value, "")
    letters = clock.business and clock.kind in _BY_WORKING_DAYS
    return cell(state, left, rings=_rings(clock, left), letters=letters)


def shows_seconds(clock: ClockRow, now: datetime) -> bool:
    """Tell whether a clock's cell changes by the second now, or will in a minute: below ten minutes, and by rings."""
    left = left_of(clock, now)
    return left is not None and (clock.ring is not None or abs(left) < _SECONDS_BELOW)


def _rings(clock: ClockRow, left: timedelta) -> tuple[int, int] | None:
    if clock.ring is None or clock.rings is None or clock.ring <= 0:
        return None
    gone = clock.ring * clock.rings - left.total_seconds()
    return (max(1, int(gone // clock.ring) + 1), clock.rings)


def used_bar(clock: ClockRow | None, now: datetime, cells: int = 8) -> str:
    """Return how much of a clock's target is used as a bar of `#` and `.`; empty when it has no number."""
    if clock is None or not clock.target:
        return ""
    left = left_of(clock, now)
    if left is None:
        return ""
    share = 1 - left.total_seconds() / clock.target
    full = min(max(int(share * cells), 0), cells)
    return f"[{'#' * full}{'.' * (cells - full)}]"


def due_text(instant: datetime, now: datetime, zone: tzinfo) -> str:
    """Return an instant as people read it: `10:46 today`, `Mon 30 Nov 18:00`."""
    there, today = instant.astimezone(zone), now.astimezone(zone)
    if there.date() == today.date():
        return f"{there:%H:%M} today"
    return f"{there:%a} {there.day} {there:%b %H:%M}"
