"""A stage for one mode: a desk that answers when told to, a console that writes down what it was asked, a small app."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rich.color import ColorSystem
from rich.style import Style
from textual.app import App, ComposeResult

from agentconsole.domain.errors import Refused
from agentconsole.tui.mode import Key, Mode, OnDone, OnRefused, Open
from agentconsole.tui.theme import themes
from agentconsole.tui.thrift import Thrift
from agentconsole.wire.commands import AnyCommand
from agentconsole.wire.frames import AnyAnswer, SignedIn, Welcome
from agentconsole.wire.queries import AnyQuery
from agentconsole.wire.rows import CaseView, PersonRow, QueuePage, TemplateRow, WatcherRow
from tests.rows import built
from tests.tui.rosa import NOW, TEMPLATES


@dataclass
class StageDesk:
    """Keep what was asked until the test answers it, oldest first."""

    asked: list[AnyCommand | AnyQuery] = field(default_factory=list)
    here: tuple[WatcherRow, ...] = ()
    cases: dict[int, CaseView] = field(default_factory=dict)
    time: datetime = NOW
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Kolkata"))
    me: SignedIn = field(
        default_factory=lambda: built(SignedIn, "ana", "Ana Costa", "agent", (("ecolab", "Eco Lab Supply"),), (), 900)
    )
    welcome: Welcome = field(default_factory=lambda: built(Welcome, "desk", "0", 1, NOW, 1.0, "Asia/Kolkata", "here"))
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: list[tuple[OnDone | None, OnRefused | None]] = field(default_factory=list)
    refusing: list[OnRefused | None] = field(default_factory=list)
    reading: list[tuple[int, Callable[[CaseView], None] | None]] = field(default_factory=list)

    def ask(
        self, body: AnyCommand | AnyQuery, on_done: OnDone | None = None, on_refused: OnRefused | None = None
    ) -> None:
        self.asked.append(body)
        self.heard.set()
        self.waiting.append((on_done, on_refused))

    def answer(self, answer: AnyAnswer | Refused) -> None:
        """Answer the oldest question."""
        on_done, on_refused = self.waiting.pop(0)
        if isinstance(answer, Refused):
            if on_refused is not None:
                on_refused(answer)
        elif on_done is not None:
            on_done(answer)

    def deliver(self, case: CaseView) -> None:
        """Answer all readings of a case."""
        self.cases[case.ticket] = case
        reading, self.reading = self.reading, []
        for ticket, on_done in reading:
            if ticket == case.ticket and on_done is not None:
                on_done(case)

    def refuse_reading(self, refusal: Refused) -> None:
        """Refuse all readings of a case."""
        refusing, self.refusing = self.refusing, []
        for on_refused in refusing:
            if on_refused is not None:
                on_refused(refusal)

    def read_case(
        self,
        ticket: int,
        on_done: Callable[[CaseView], None] | None = None,
        on_refused: OnRefused | None = None,
    ) -> None:
        self.reading.append((ticket, on_done))
        self.refusing.append(on_refused)

    def now(self) -> datetime:
        return self.time

    def pass_time(self, seconds: float) -> None:
        """Let time go by."""
        self.time += timedelta(seconds=seconds)

    def case(self, ticket: int) -> CaseView | None:
        return self.cases.get(ticket)

    def templates(self) -> tuple[TemplateRow, ...]:
        return TEMPLATES

    def people(self) -> tuple[PersonRow, ...]:
        return ()

    def present(self, ticket: int) -> tuple[WatcherRow, ...]:
        return self.here

    def page(self, view: str) -> QueuePage | None:
        return None


@dataclass
class StageConsole:
    """Write down where a mode wants to go and what it says."""

    desk: StageDesk = field(default_factory=StageDesk)
    went: list[tuple[str, object]] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)
    asked: list[tuple[str, Callable[[str], None]]] = field(default_factory=list)
    held: int = 0
    tabs: dict[int, str] = field(default_factory=dict)
    neighbours: dict[int, Open] = field(default_factory=dict)
    mode: Mode | None = None
    size: tuple[int, int] = (80, 24)
    thrift: Thrift = field(default_factory=Thrift)

    def go(self, mode: str, argument: object = None) -> None:
        self.went.append((mode, argument))
        if self.mode is not None and mode == self.mode.name:
            self.mode.enter(argument)
        elif self.mode is not None:
            self.mode.leave()

    def back(self) -> None:
        self.went.append(("back", None))
        if self.mode is not None:
            self.mode.leave()

    def leave_for_next(self, ticket: int) -> None:
        self.drop_tab(ticket)
        self.go("queue")

    def say(self, text: str, kind: str = "note") -> None:
        self.said.append((text, kind))

    def refused(self, refusal: Refused) -> None:
        self.say(refusal.sentence, "refused")

    def prompt(self, question: str, on_answer: Callable[[str], None], **more: object) -> None:
        self.asked.append((question, on_answer))

    def choose(self, question: str, choices: dict[str, Callable[[], None]]) -> None:
        raise AssertionError("no mode under test asks for a choice")

    def hold(self, what: str) -> Callable[[], None]:
        self.held += 1

        def release() -> None:
            self.held -= 1

        return release

    def run(self, action: str) -> None:
        raise AssertionError("no mode under test runs an action")

    def permits(self, permit: str) -> bool:
        return True

    def neighbour(self, ticket: int, step: int) -> Open | None:
        return self.neighbours.get(step)

    def keep_tab(self, ticket: int, number: str, mode: str) -> None:
        self.tabs[ticket] = mode

    def drop_tab(self, ticket: int) -> None:
        self.tabs.pop(ticket, None)

    def frame_changed(self) -> None:
        if self.mode is not None:
            self.mode.title()
            self.mode.hints()


def paint(role: str, theme: str = "dark") -> Style:
    """Return the look of a role."""
    return themes(ColorSystem.TRUECOLOR)[theme].looks[role]


class Stage(App[None]):
    """Show the body of one mode and nothing else."""

    CSS = "Screen { background: #121212; }"

    def __init__(self, mode: Mode, argument: object) -> None:
        super().__init__()
        self._mode = mode
        self._argument = argument

    def compose(self) -> ComposeResult:
        yield self._mode.body

    def on_mount(self) -> None:
        self._mode.enter(self._argument)


def act(
    mode: Mode, argument: object, scene: Callable[[Stage], Awaitable[None] | None], size: tuple[int, int] = (80, 21)
) -> None:
    """Put a mode on the stage and play a scene with it."""

    async def play() -> None:
        app = Stage(mode, argument)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            played = scene(app)
            if played is not None:
                await played

    asyncio.run(play())


def press(mode: Mode, *names: str) -> None:
    """Press keys, each by its name; a single letter types itself."""
    for name in names:
        letters = {"space": " ", "semicolon": ";", "full_stop": "."}
        mode.handle(Key(name, letters.get(name, name if len(name) == 1 else None)))


def write(mode: Mode, text: str) -> None:
    """Type a text."""
    for letter in text:
        mode.handle(Key("enter") if letter == "\n" else Key(letter, letter))


def shown(mode: Mode, size: tuple[int, int] = (80, 21)) -> str:
    """Return what a mode draws in a body of this size, as text."""
    return "\n".join(line.text.rstrip() for line in mode.draw(*size))  # type: ignore[attr-defined]
