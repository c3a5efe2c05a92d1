"""When things happen at the demo's desk: under each brand's calendar and standards, around the instant it begins at."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from agentconsole.domain.calendar import Calendar
from agentconsole.domain.clock_target import measure
from agentconsole.domain.policy import Pack

SEARCHED_BACK = timedelta(days=30)
SECOND = timedelta(seconds=1)
_WORK = {"ecolab": "desk", "ecomstore": "business", "ist-desk": "official"}


@dataclass(frozen=True, slots=True)
class Hours:
    """Count with a brand's pack: when its people work, and what its e-mail standards promise."""

    brand_name: str
    pack: Pack

    @property
    def work(self) -> Calendar:
        """Return when the brand's people answer mail."""
        return self.pack.calendars[_WORK[self.pack.id]]

    def due(self, standard: str, start: datetime) -> datetime | None:
        """Return when a standard's promise ends that begins at `start`; None when it promises no instant."""
        calendar, amount = self._promised(standard, start)
        if amount is None:
            return None
        return start + amount if calendar is None else calendar.add(start, amount)

    def start_for(self, left: timedelta, at: datetime) -> datetime:
        """Return when a mail came in on whose first answer `left` is left at `at`; the latest such second."""
        calendar, amount = self._promised("email-first", at)
        used = (amount or left) - left
        if calendar is None:
            return at - used
        low, high = at - SEARCHED_BACK, at
        while high - low > SECOND:
            middle = low + (high - low) / 2
            if calendar.elapsed(middle, at) >= used:
                low = middle
            else:
                high = middle
        return low

    def _promised(self, standard: str, start: datetime) -> tuple[Calendar | None, timedelta | None]:
        found = next(rule for rule in self.pack.standards if rule.id == standard)
        promised = measure(found.target, start, self.pack)
        return promised.calendar, promised.amount
