"""A small desk in memory that answers as the server would: the link of a console under test."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from agentconsole.domain.errors import Refused
from agentconsole.wire import commands as c
from agentconsole.wire import frames as f
from agentconsole.wire import queries as q
from agentconsole.wire.client import LinkLost, Told
from agentconsole.wire.rows import ContactRow, DraftRow, PersonRow, QueueRow
from tests.rows import built
from tests.tui.fake_answers import Doing, Door, Reading
from tests.tui.fake_rows import CODE, NOW, PASSWORD, PEOPLE, QR, clock, row, sample_rows, wild_rows

__all__ = ["CODE", "NOW", "PASSWORD", "QR", "FakeDesk", "clock", "row", "sample_rows", "wild_rows"]


@dataclass
class FakeDesk(Door, Reading, Doing):
    """Answer commands and queries on a handful of tickets; every answer comes after `delay` seconds, in order.

    `asked` keeps what came. `told` and `lost` are set by the console. `forced` answers the next question of a type.
    """

    rows: list[QueueRow] = field(default_factory=sample_rows)
    people: tuple[PersonRow, ...] = PEOPLE
    delay: float = 0.0
    speed: float = 0.0
    first_time: bool = False
    must_change: bool = False
    demo: bool = False
    now: datetime = NOW
    asked: list[c.AnyCommand | q.AnyQuery] = field(default_factory=list)
    requests: dict[type, list[str]] = field(default_factory=dict)
    forced: dict[type, Refused | f.AnyAnswer] = field(default_factory=dict)
    drafts: dict[tuple[int, str], DraftRow] = field(default_factory=dict)
    notes: dict[int, list[ContactRow]] = field(default_factory=dict)
    told: Callable[[Told], None] = lambda _: None
    lost: Callable[[], None] = lambda: None
    login: str = ""
    closed: bool = False

    def __post_init__(self) -> None:
        self.welcome = built(
            f.Welcome, "Eco Lab Supply", "0.1", f.PROTOCOL, self.now, self.speed, "Asia/Kolkata", "uid 1000", self.demo
        )
        self._turn = asyncio.Lock()
        self._cuts = 0
        Doing.__init__(self)

    async def connect(self) -> "FakeDesk":
        """Be connected to."""
        self.closed = False
        return self

    async def close(self) -> None:
        """Be left."""
        self.closed = True

    async def ask(self, body: c.AnyCommand | q.AnyQuery, *, request: str = "") -> f.AnyAnswer:
        """Answer, one question after the other."""
        self.asked.append(body)
        self.requests.setdefault(type(body), []).append(request)
        cuts = self._cuts
        async with self._turn:
            await asyncio.sleep(self.delay)
            if self.closed or cuts != self._cuts:
                raise LinkLost
            if type(body) in self.forced:
                forced = self.forced.pop(type(body))
                if isinstance(forced, Refused):
                    raise forced
                return forced
            return self._answer(body)

    def of(self, kind: type) -> list:
        """Return what was asked of one type."""
        return [body for body in self.asked if isinstance(body, kind)]

    def arrive(self, *rows: QueueRow) -> None:
        """Let tickets come in, in front of all others."""
        self.rows = [*rows, *self.rows]
        self.told(f.Changed(tuple(held.ticket for held in rows), arrived=len(rows)))

    def change(self, ticket: int, **values: object) -> None:
        """Change a ticket and tell the console."""
        self._put(ticket, **values)
        self.told(f.Changed((ticket,)))

    def hang_up(self) -> None:
        """Cut the link."""
        self.closed = True
        self._cuts += 1
        self.lost()

    def _answer(self, body: c.AnyCommand | q.AnyQuery) -> f.AnyAnswer:
        name = re.sub("([A-Z])", lambda letter: f"_{letter[1].lower()}", type(body).__name__)
        answer = getattr(self, f"_on{name}", None)
        return answer(body) if answer is not None else f.Done()
