"""The instants at which checks try promises: each hour of a week, and when each promise made then falls due."""

from datetime import datetime, timedelta

from agentconsole.domain.clock_rivals import hours_of
from agentconsole.domain.clock_target import measure
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Pack, Standard, Target
from agentconsole.domain.terms import Channel

HOUR = timedelta(hours=1)
HOURS_OF_A_WEEK = 7 * 24


class Week:
    """Try promises at each full hour of the week from `at` (UTC), and count how many were tried (`tried`)."""

    def __init__(self, at: datetime) -> None:
        first = at.replace(minute=0, second=0, microsecond=0)
        self.at = at
        self.arrivals = tuple(first + number * HOUR for number in range(HOURS_OF_A_WEEK))
        self.tried = 0

    def due(self, pack: Pack, target: Target, start: datetime) -> datetime | None:
        """Return when what is promised at `start` falls due; None where no instant is promised."""
        self.tried += 1
        promised = measure(target, start, pack)
        if promised.amount is None:
            return None
        try:
            if promised.calendar is None:
                return start + promised.amount
            return promised.calendar.add(start, promised.amount)
        except (Refused, OverflowError):
            return None

    def counted(self, pack: Pack, target: Target, start: datetime) -> timedelta | None:
        """Return how much counted time a promise made at `start` gives; None where it gives no instant."""
        self.tried += 1
        return measure(target, start, pack).amount


def binds(pack: Pack, standard: Standard, channel: Channel | None, start: datetime) -> bool:
    """Say whether a standard binds what arrives on the channel at `start`, as far as the hours decide it."""
    wanted = standard.applies.out_of_hours
    if wanted is None or channel is None:
        return True
    hours = hours_of(pack, channel)
    return (hours is not None and not hours.is_open(start)) is wanted


def opens_again(pack: Pack, name: str, at: datetime) -> bool:
    """Say whether a calendar of the pack is open at some time from `at` on."""
    try:
        pack.calendars[name].next_opening(at)
    except Refused:
        return False
    return True
