"""PROMISES 4, T1: the machine's clock may jump, slew and repeat an hour; no promise to a customer goes wrong."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.services import leases, shelf, timekeeping
from agentconsole.storage.events import verify
from tests.desk_bench import ECOLAB, SHOP, Bench, open_bench

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TURN = timedelta(hours=1)
CASE_EVERY = timedelta(hours=7)
ZONE = "America/New_York"
SMEAR_BEGINS, SMEAR_LASTS = datetime(2026, 12, 31, 12, tzinfo=UTC), timedelta(hours=24)

Offset = Callable[[datetime], timedelta]
"""How far the machine's clock is ahead of the time, at an instant (UTC)."""


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _right(_at: datetime) -> timedelta:
    return timedelta()


def _wrong(begins: str, ends: str, by: timedelta) -> Offset:
    """Be off by so much between two instants; a clock that is put back at the second is accepted by somebody."""
    return lambda at: by if _at(begins) <= at < _at(ends) else timedelta()


def _steps_back(at: datetime) -> timedelta:
    """Lose ten seconds at each of five full hours, and keep them lost."""
    return -timedelta(seconds=10) * max(0, min(5, (at - _at("2026-11-23T14:00")) // HOUR + 1))


def _smeared(at: datetime) -> timedelta:
    """Spread the second 23:59:60 over the day around it, as large providers of time do: no clock ever shows a :60."""
    return -timedelta(seconds=1) * max(0.0, min(1.0, (at - SMEAR_BEGINS) / SMEAR_LASTS))


def _slewed(at: datetime) -> timedelta:
    """Run 500 parts in a million too fast for two days: what NTP does to catch up, without a step."""
    return timedelta(seconds=0.0005) * max(0, min(2 * DAY, at - _at("2026-11-23T00:00")) // timedelta(seconds=1))


SITUATIONS: dict[str, tuple[str, str, Offset]] = {
    "an hour ahead, and back": ("2026-11-23T08:00", ZONE, _wrong("2026-11-23T15:10", "2026-11-24T02:10", HOUR)),
    "an hour behind, and right": ("2026-11-23T08:00", ZONE, _wrong("2026-11-23T15:10", "2026-11-24T02:10", -HOUR)),
    "a day ahead, and back": ("2026-11-23T08:00", ZONE, _wrong("2026-11-23T15:10", "2026-11-24T02:10", DAY)),
    "a day behind, and right": ("2026-11-23T08:00", ZONE, _wrong("2026-11-23T15:10", "2026-11-24T02:10", -DAY)),
    "ten seconds back, five times": ("2026-11-23T08:00", ZONE, _steps_back),
    "slewed": ("2026-11-23T08:00", ZONE, _slewed),
    "31 December, smeared": ("2026-12-30T12:00", ZONE, _smeared),
    "29 February": ("2028-02-27T12:00", ZONE, _right),
    "London, forward": ("2027-03-26T12:00", "Europe/London", _right),
    "London, back": ("2027-10-29T12:00", "Europe/London", _right),
    "New York, forward": ("2027-03-12T12:00", "America/New_York", _right),
    "New York, back": ("2027-11-05T12:00", "America/New_York", _right),
    "Lord Howe, forward": ("2027-10-01T12:00", "Australia/Lord_Howe", _right),
    "Lord Howe, back": ("2027-04-02T12:00", "Australia/Lord_Howe", _right),
    "Santiago, forward": ("2027-09-03T12:00", "America/Santiago", _right),
    "Santiago, back": ("2027-04-02T12:00", "America/Santiago", _right),
    "Casablanca, forward": ("2027-03-12T12:00", "Africa/Casablanca", _right),
    "Casablanca, back": ("2027-02-05T12:00", "Africa/Casablanca", _right),
}


@dataclass
class Timeline:
    """Let time pass on a desk whose clock is off, and remember when each case came: by the time, and by that clock."""

    bench: Bench
    offset: Offset
    came: dict[int, tuple[datetime, timedelta]] = field(default_factory=dict)
    accepted: list[datetime] = field(default_factory=list)
    negative: list[tuple[int, float | None]] = field(default_factory=list)

    def pass_to(self, at: datetime) -> None:
        """Be at an instant: the clock shows it as wrong as it is, and what has fallen due is looked after."""
        self.bench.clock.at = at + self.offset(at)
        try:
            self._sweep()
        except Refused as refused:
            if refused.code != "clock":
                raise
            if self.offset(at) >= timedelta():
                self._accept(at)
        for row in self.bench.page("sam").rows:
            clock = row.clock
            if clock and clock.left is not None and clock.left < 0 and clock.breached_at is None:
                self.negative.append((row.ticket, clock.left))

    def _accept(self, at: datetime) -> None:
        """Have somebody accept the time, once it is right: a clock that is behind is set right instead."""
        sam = self.bench.actor("sam")
        reason = "it was set right"
        self.bench.desk.writer.run(sam, lambda tx: timekeeping.accept_clock(tx, reason, live=()), behind=True)
        self.accepted.append(at)
        self._sweep()

    def _sweep(self) -> None:
        """Do what the server does each second, by which the desk knows what its clock showed last."""
        self.bench.write(lambda tx: leases.beat(tx, leases.Joining("this", "this", "this"), 0, {}))
        self.bench.sweep()

    def case(self, at: datetime, brand: str) -> None:
        """Have a customer write now; while the clock is far behind the mail waits in its mailbox."""
        if self.offset(at) < -MINUTE:
            return
        number = self.bench.ticket(f"c{len(self.came)}@example.org", brand=brand)
        self.came[number] = (at, self.offset(at))

    def known_since(self, number: int) -> tuple[datetime, timedelta]:
        """Return when a case came as far as the desk can know it, and by how much that may be off.

        What came while the clock was ahead is put right when somebody accepts the time, up to what had passed by then
        since the desk last looked; where nobody has to accept anything, the clock's word stands.
        """
        at, offset = self.came[number]
        is_put_right = offset > MINUTE and any(at < accepted for accepted in self.accepted)
        return (at, TURN) if is_put_right else (at + offset, timedelta())


def _due(brand: str, since: datetime, zone: ZoneInfo) -> datetime:
    """Compute a deadline as a person with a table in UTC does: minute by minute, looking at the wall."""
    if brand == "ecolab":
        return since + DAY
    left, at = 2 * HOUR, since
    while left:
        wall = at.astimezone(zone)
        to_minute = min(MINUTE - timedelta(seconds=at.second, microseconds=at.microsecond), left)
        if wall.weekday() < 5 and 9 <= wall.hour < 17:
            left -= to_minute
        at += to_minute
    return at


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("days", [3, pytest.param(10, marks=[pytest.mark.long, pytest.mark.timeout(1800)])])
def test_t1_whatever_the_clock_does_deadlines_are_those_of_the_table(tmp_path: Path, situation: str, days: int) -> None:
    begins, zone, offset = SITUATIONS[situation]
    start = _at(begins)
    with open_bench(tmp_path, brands=(ECOLAB, SHOP), at=start) as bench:
        for brand in ("ecolab", "ecomstore"):
            bench.write(
                lambda tx, pack=brand: shelf.answer_blanks(tx, bench.desk.context.shelf, pack, {"time_zone": zone})
            )
        bench.desk.reread_packs()
        timeline = Timeline(bench, offset)
        for turn in range(days * DAY // TURN):
            at = start + turn * TURN
            timeline.pass_to(at)
            if turn % (CASE_EVERY // TURN) == 0 and turn * TURN < DAY * days / 2:
                timeline.case(at, ("ecolab", "shop")[len(timeline.came) % 2])
        end = start + days * DAY
        found = {number: bench.clocks(number)["email-first"] for number in timeline.came}
        wrong, silent = [], []
        for number, clock in found.items():
            since, slack = timeline.known_since(number)
            expected = _due(bench.row(number).brand_id, since, ZoneInfo(zone))
            if clock.due_at is None or abs(clock.due_at - expected) > slack:
                wrong.append((number, since, expected, clock.due_at))
            if (clock.breached_at is None) is (expected + slack + TURN < end):
                silent.append((number, expected, clock.breached_at))
        notices = Counter(mail.to[0].email for mail in bench.deliver() if mail.automatic)
        fired = Counter((event.ticket, event.body) for event in bench.events("clock.breached"))
        verdict = bench.read(lambda session: verify(session, bench.desk.context.audit_key))
        numbers = [event.seq for event in bench.events()]

    assert wrong == []
    assert silent == []
    assert timeline.negative == []
    assert set(notices.values()) == set(fired.values()) == {1}
    assert (verdict.fault, numbers) == ("", list(range(1, len(numbers) + 1)))
