"""When the bell rings: for people who wait now, escalations to me, my cases turning DUE; seldom, or never (UX 11)."""

from datetime import timedelta

import pytest

from agentconsole.tui.bell import APART_SECONDS, Bell
from agentconsole.wire.rows import QueueRow
from tests.pty import Terminal
from tests.tui.fake_rows import NOW, clock, row

OK = row(1, "Rosa", "Refund", clock(3600))
DUE = row(1, "Rosa", "Refund", clock(252))
LATE = row(1, "Rosa", "Refund", clock(-252))
LIVE = row(2, "Priya", "Stock?", clock(41, target=60, live=True))
ESCALATED = row(3, "Eero", "Returned", clock(3600), flags="E")


class Rung:
    """A bell in a test: what it rang for is counted, time is moved by hand."""

    def __init__(self, level: str = "due") -> None:
        self.times = 0
        self.seconds = 0.0
        self.bell = Bell(self._ring, lambda: self.seconds)
        self.bell.use(level)

    def _ring(self) -> None:
        self.times += 1

    def look(self, *rows: QueueRow, login: str = "ana", after: float = 0) -> None:
        """Let the bell see these rows, so many seconds of the desk later."""
        self.bell.look(login, rows, NOW + timedelta(seconds=after))


@pytest.mark.parametrize(
    ("level", "before", "after", "rings"),
    [
        ("due", (OK,), (DUE,), 1),
        ("live", (OK,), (DUE,), 0),
        ("off", (OK,), (DUE,), 0),
        ("due", (OK,), (OK, LIVE), 1),
        ("live", (OK,), (OK, LIVE), 1),
        ("off", (OK,), (OK, LIVE), 0),
        ("live", (OK,), (OK, ESCALATED), 1),
        ("off", (OK,), (OK, ESCALATED), 0),
        ("due", (DUE,), (DUE,), 0),
        ("due", (DUE,), (LATE,), 0),
        ("due", (), (DUE,), 0),
        ("due", (ESCALATED,), (ESCALATED,), 0),
        ("nonsense", (OK,), (DUE,), 1),
    ],
)
def test_the_bell_rings_for_what_has_become_urgent(
    level: str, before: tuple[QueueRow, ...], after: tuple[QueueRow, ...], rings: int
) -> None:
    rung = Rung(level)

    rung.look(*before)
    rung.look(*after)

    assert rung.times == rings


def test_a_case_turns_due_by_time_alone() -> None:
    rung = Rung()

    rung.look(OK)
    rung.look(OK, after=3000)

    assert rung.times == 1


def test_what_is_there_when_someone_signs_in_rings_for_nobody() -> None:
    rung = Rung()

    rung.look(LIVE, DUE, ESCALATED)
    rung.look(row(9, "Ida", "Parcel", clock(10)), LIVE, login="bo")

    assert rung.times == 0


def test_the_bell_rings_once_in_half_a_minute_at_most() -> None:
    rung = Rung()
    rung.look(OK)

    for second in range(0, 60, 2):
        rung.seconds = float(second)
        rung.look(DUE)
        rung.look(OK)

    assert rung.times == 60 / APART_SECONDS


def test_the_bell_is_one_byte_on_the_line() -> None:
    with Terminal.python("tests.tui.fake_console", "speed=120") as terminal:
        terminal.wait_for("Username")
        terminal.feed(b"\r")
        terminal.wait_for("Priya")
        terminal.wait_for(lambda: b"\x07" in terminal.raw)
        terminal.read(3.0)

    assert terminal.raw.count(b"\x07") == 1
