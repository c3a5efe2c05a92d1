"""Counting promises that were kept and broken, on record and under another policy: per standard, per week, in all."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta, tzinfo

from agentconsole.domain.replay import Outcome, Result

WEEK = timedelta(days=7)


@dataclass(slots=True)
class Count:
    """Count what became of promises: on record, and (`replay_…`) under the policy that is tried."""

    kept: int = 0
    broken: int = 0
    overdue: int = 0
    running: int = 0
    replay_kept: int = 0
    replay_broken: int = 0
    replay_running: int = 0

    @property
    def ended(self) -> int:
        """Return how many were kept or broken on record."""
        return self.kept + self.broken

    @property
    def replay_ended(self) -> int:
        """Return how many would have been kept or broken."""
        return self.replay_kept + self.replay_broken

    def add(self, result: Result, *, replay: bool) -> None:
        """Count one; a promise that was not owed any more is neither kept nor broken."""
        if result is not Result.VOID:
            name = f"replay_{result}" if replay else str(result)
            setattr(self, name, getattr(self, name) + 1)

    def join(self, other: "Count") -> None:
        """Add another count to this one."""
        for each in fields(Count):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


@dataclass(slots=True)
class Tally:
    """Count the promises that began from `since` on, by the week they began in (its Monday in `zone`) and standard."""

    since: datetime
    zone: tzinfo
    tickets: int = 0
    cells: dict[tuple[date, str], Count] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def add(self, record: Iterable[Outcome], replay: Iterable[Outcome]) -> None:
        """Count one ticket's promises."""
        self.tickets += 1
        for outcomes, is_replay in ((record, False), (replay, True)):
            for outcome in outcomes:
                if outcome.started >= self.since:
                    day = outcome.started.astimezone(self.zone).date()
                    place = (day - timedelta(days=day.weekday()), outcome.standard)
                    self.cells.setdefault(place, Count()).add(outcome.result, replay=is_replay)
                    self.texts.setdefault(outcome.standard, outcome.text)

    @property
    def total(self) -> Count:
        """Return the count of everything."""
        return _sum(self.cells.values())

    @property
    def standards(self) -> dict[str, Count]:
        """Return the counts by standard, in the order of their ids."""
        return {
            standard: _sum(count for (_, of), count in self.cells.items() if of == standard)
            for standard in sorted({standard for _, standard in self.cells})
        }

    @property
    def weeks(self) -> dict[date, Count]:
        """Return the counts by week from the first to the last, also of those in which nothing began."""
        mondays = [monday for monday, _ in self.cells]
        found: dict[date, Count] = {}
        if mondays:
            week = min(mondays)
            while week <= max(mondays):
                found[week] = _sum(count for (monday, _), count in self.cells.items() if monday == week)
                week += WEEK
        return found


def _sum(counts: Iterable[Count]) -> Count:
    total = Count()
    for count in counts:
        total.join(count)
    return total
