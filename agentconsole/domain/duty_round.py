"""The rounds of a duty: from when each is asked for, by when it has to be signed off, and which were missed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from agentconsole.domain.calendar import Calendar
from agentconsole.domain.clock_rules import Applied
from agentconsole.domain.duty import next_check
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Duty, Pack

INSTANT = timedelta(microseconds=1)
DAY = timedelta(days=1)
LOOKED_BACK = timedelta(days=366)
MOST_PERIODS = 400
_MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}


@dataclass(frozen=True, slots=True)
class Round:
    """One round: it is asked for from `begins`, and is missed when it is not signed off by `due` (both UTC)."""

    begins: datetime
    due: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A duty that is in force, with its pack; `since` is the instant from which it has recurred as it does now."""

    pack: Pack
    duty: Duty
    since: datetime

    @property
    def calendar(self) -> Calendar:
        """Return the calendar that its rounds are counted in."""
        return self.pack.calendars[self.duty.calendar]

    @property
    def name(self) -> str:
        """Return what names it at a desk: pack and duty."""
        return f"{self.pack.id}/{self.duty.id}"

    def next_round(self, settled: datetime) -> Round | None:
        """Return the first round after what was settled; None when its calendar opens no more."""
        return first_round(self.duty, self.calendar, max(settled, self.since))

    def over(self, settled: datetime, now: datetime) -> Iterator[Round]:
        """Yield the rounds after what was settled that ended before `now`, of the last year, in their order.

        A round is within open hours by itself: a desk that was shut for three days has those that lay in its hours.
        """
        after = max(settled, now - LOOKED_BACK)
        while (found := self.next_round(after)) is not None and found.due < now:
            yield found
            after = found.due


def standing(versions: Sequence[Applied], now: datetime) -> tuple[Standing, ...]:
    """Return the duties of a pack that are in force at `now`, given its versions in their order."""
    binding = [applied for applied in versions if applied.since <= now]
    if not binding:
        return ()
    pack = binding[-1].pack
    return tuple(Standing(pack, duty, _recurs_since(duty, binding)) for duty in pack.duties)


def named(duties: Sequence[Standing], name: str) -> Standing:
    """Return the duty of that name, `pack/duty` or its own where one policy has it; refuses what names none or two."""
    found = [duty for duty in duties if name in (duty.name, duty.duty.id)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(duty.name for duty in found or duties)
    if found:
        raise Refused(f"Several policies have a duty of that name: say which, {known}.")
    raise Refused(f"There is no duty of that name; there is {known}." if known else "The policies here have no duties.")


def _recurs_since(duty: Duty, binding: Sequence[Applied]) -> datetime:
    """Return since when a duty recurs as it does: a new version of its pack changes nothing where it says the same."""
    wanted = _recurrence(duty, binding[-1].pack)
    since = binding[-1].since
    for applied in reversed(binding):
        same = next((one for one in applied.pack.duties if one.id == duty.id), None)
        if same is None or _recurrence(same, applied.pack) != wanted:
            break
        since = applied.since
    return since


def _recurrence(duty: Duty, pack: Pack) -> tuple[object, ...]:
    return duty.every, duty.cadence, pack.calendars[duty.calendar]


def first_round(duty: Duty, calendar: Calendar, after: datetime) -> Round | None:
    """Return the first round that begins at or after `after` (UTC); None when the calendar opens no more.

    With `every` the rounds are the pieces into which the checks of `next_check` divide open time: each lasts from a
    check to the next or to the closing. With a cadence there is one round for each day, week (from Monday), month,
    quarter or year that has a working day, from its first opening to the close of its last working day.
    """
    return _of_checks(duty, calendar, after) if duty.every is not None else _of_periods(duty.cadence, calendar, after)


def _of_checks(duty: Duty, calendar: Calendar, after: datetime) -> Round | None:
    begins = next_check(duty, calendar, after)
    if begins is not None and not calendar.is_open(begins):
        begins = next_check(duty, calendar, begins + INSTANT)  # the check at closing time ends a round and begins none
    if begins is None:
        return None
    _, close = next(calendar.openings(begins))
    following = next_check(duty, calendar, begins + INSTANT)
    return Round(begins, close if following is None else min(following, close))


def _of_periods(cadence: str, calendar: Calendar, after: datetime) -> Round | None:
    day = after.astimezone(calendar.zone).date()
    for first, last in islice(_periods(cadence, day), MOST_PERIODS):
        found = _in_period(calendar, first, last)
        if found is not None and found.begins >= after:
            return found
    return None


def _in_period(calendar: Calendar, first: date, last: date) -> Round | None:
    """Return the round of a period of days, both included; None where no day of it is a working day."""
    days = (last - first).days
    due = next(filter(None, (calendar.closing_on(last - back * DAY) for back in range(days + 1))), None)
    if due is None:
        return None
    midnight = datetime(first.year, first.month, first.day, tzinfo=calendar.zone)
    # A night that began on the day before is the period before.
    return Round(calendar.next_opening(max(midnight, calendar.closing_on(first - DAY) or midnight)), due)


def _periods(cadence: str, day: date) -> Iterator[tuple[date, date]]:
    """Yield the periods from the one that a date lies in on, each by its first and its last day."""
    first = _beginning(cadence, day)
    while True:
        following = _following(cadence, first)
        yield first, following - DAY
        first = following


def _beginning(cadence: str, day: date) -> date:
    if cadence == "weekly":
        return day - day.weekday() * DAY
    months = _MONTHS.get(cadence)
    return day if months is None else date(day.year, (day.month - 1) // months * months + 1, 1)


def _following(cadence: str, first: date) -> date:
    months = _MONTHS.get(cadence)
    if months is None:
        return first + (7 if cadence == "weekly" else 1) * DAY
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1)
