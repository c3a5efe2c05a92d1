"""The clock cell: one word and a time of at most six characters that never looks better than it is (UX 9.1, 9.2)."""

from datetime import timedelta

from agentconsole.domain.terms import ClockState

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BY_SECONDS = 10 * MINUTE
MOST_DAYS = 99

_BLANK = frozenset({ClockState.NONE, ClockState.MET})


def cell(
    state: ClockState, left: timedelta, *, rings: tuple[int, int] | None = None, letters: bool = False
) -> tuple[str, str]:
    """Return the word and the time of a clock with `left` to go (below zero: overdue by so much).

    `rings` (the ring that sounds now, rings promised) is shown instead of the time while a call is LIVE. `letters`
    says that a day of `left` is a working day. A kept clock and one without a target show no time.
    """
    if state in _BLANK:
        return state.value, ""
    if rings is not None and state is ClockState.LIVE:
        return state.value, _rings(*rings)
    return state.value, time_text(left, letters=letters, late=state in (ClockState.LATE, ClockState.MISSED))


def time_text(left: timedelta, *, letters: bool = False, late: bool = False) -> str:
    """Return `left` in at most six characters: time left rounded down, overdue (marked +) rounded up.

    `late` marks a deadline that has passed although no counted time has since: the desk was closed.
    """
    if left < timedelta(0) or late:
        return "+" + _duration(_rounded_up(max(-left, timedelta(0)), letters=letters), letters=letters)
    return _duration(left, letters=letters)


def used_text(used: timedelta) -> str:
    """Return time used, rounded up like overdue time: `1h56`."""
    return _duration(_rounded_up(used, letters=False), letters=False)


def _rounded_up(amount: timedelta, *, letters: bool) -> timedelta:
    """Return `amount` rounded up to what is shown of it; rounding may carry it over into the next, coarser unit."""
    for limit, step in ((BY_SECONDS, SECOND), (DAY, MINUTE)):
        if amount < limit:
            amount = _ceiling(amount, step)
            if amount < limit:
                return amount
    return _ceiling(amount, DAY if letters else HOUR)


def _ceiling(amount: timedelta, step: timedelta) -> timedelta:
    return -(-amount // step) * step


def _duration(amount: timedelta, *, letters: bool) -> str:
    seconds = int(amount // SECOND)
    minutes, hours, days = seconds // 60, seconds // 3600, amount.days
    if amount < BY_SECONDS:
        return f"{minutes}:{seconds % 60:02}"
    if amount < HOUR:
        return f"{minutes}m"
    if amount < DAY:
        return f"{hours}h{minutes % 60:02}"
    if letters:
        return f"{min(days, MOST_DAYS)}wd"
    return f"{days}d{hours % 24:02}" if days < MOST_DAYS else f"{MOST_DAYS}d"


def _rings(now: int, promised: int) -> str:
    text = f"{now} of {promised}"
    return text if len(text) <= 6 else f"{min(now, MOST_DAYS)}/{min(promised, MOST_DAYS)}"
