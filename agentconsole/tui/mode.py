"""The contract of a mode: one place of the console (queue, case, composer, sign-in …) inside the one frame.

A mode is built once, its body is mounted for ever, and the router alone gives it keys. Order of what happens to a key:

1. an open prompt of the message line takes it;
2. a mode with an `editor` is in text: the key is posted to the editor's own queue, except the mode's `fences`
   (ctrl+d, ctrl+g, Tab …): those wait until the editor has caught up, then go to `handle`, while keys that came
   after them are held and then replayed in order;
3. `handle(key)` of the mode, which returns True when it has used the key (movement, letters of a review bar);
4. the action that `keymap` gives that key in this mode: `do(action id)` of the mode, and where that returns False the
   console's own way of doing it. The console does take, give back, assign, resolve, reopen, wait, undo, next, why,
   reply, note and escalate on `targets()` of the mode, so a mode that names its targets need not do them again.

Nothing here blocks: a mode asks the desk with callbacks and draws what it has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from textual.geometry import Offset
from textual.widget import Widget

from agentconsole.domain.errors import Refused
from agentconsole.domain.untrusted import NOTHING, Untrusted
from agentconsole.tui.thrift import Thrift
from agentconsole.wire.commands import AnyCommand
from agentconsole.wire.frames import AnyAnswer, SignedIn, Welcome
from agentconsole.wire.queries import AnyQuery
from agentconsole.wire.rows import CaseView, PersonRow, QueuePage, QueueRow, TemplateRow, WatcherRow

OnDone = Callable[[AnyAnswer], None]
OnRefused = Callable[[Refused], None]


@dataclass(frozen=True, slots=True)
class Key:
    """One key press: `name` as Textual names it ("j", "ctrl+d", "enter"), `character` what it types, or None."""

    name: str
    character: str | None = None

    @property
    def printable(self) -> bool:
        """Tell whether the key types something."""
        return self.character is not None and self.character.isprintable()


@dataclass(frozen=True, slots=True)
class Hint:
    """One key hint of the bottom line: "Enter open"."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Target:
    """A ticket that a verb would act on, at the version its user sees."""

    ticket: int
    number: str
    version: int
    customer: Untrusted = NOTHING
    status: str = "open"
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """Argument of the mode "case": show this ticket, drawn from its `row` until the whole case arrives."""

    ticket: int
    row: QueueRow | None = None


@dataclass(frozen=True, slots=True)
class Compose:
    """Argument of the mode "composer": `kind` is reply, note or escalate; `template` an abbreviation to begin with."""

    ticket: int
    kind: str = "reply"
    template: str = ""
    row: QueueRow | None = None


@dataclass(frozen=True, slots=True)
class Attention:
    """The ticket that a mode is about, and whether it is written to there."""

    ticket: int
    writing: bool = False


@dataclass(frozen=True, slots=True)
class Explain:
    """Argument of the mode "why": explain a clock of a ticket; an empty standard is the one that decides its place."""

    ticket: int
    standard: str = ""


@dataclass(frozen=True, slots=True)
class Consult:
    """Argument of the mode "policy": a policy (by its pack), a version of it (0: the one in force) and a clause."""

    pack: str = ""
    version: int = 0
    clause: str = ""


class Desk(Protocol):
    """The desk as a mode sees it: asks without waiting, and what is already known here.

    `ask` returns at once; `on_done` gets the answer, `on_refused` the refusal (default: its sentence on the message
    line). Questions are sent, done and answered in the order they were asked. When the link is lost, what was asked is
    refused with `code` "link". `now` is the server's time (UTC, aware), also between messages and in a fast demo.
    """

    @property
    def welcome(self) -> Welcome: ...
    @property
    def me(self) -> SignedIn: ...
    @property
    def zone(self) -> ZoneInfo: ...
    def ask(
        self, body: AnyCommand | AnyQuery, on_done: OnDone | None = None, on_refused: OnRefused | None = None
    ) -> None: ...
    def now(self) -> datetime: ...
    def case(self, ticket: int) -> CaseView | None: ...
    def read_case(
        self,
        ticket: int,
        on_done: Callable[[CaseView], None] | None = None,
        on_refused: OnRefused | None = None,
    ) -> None: ...
    def templates(self) -> tuple[TemplateRow, ...]: ...
    def people(self) -> tuple[PersonRow, ...]: ...
    def present(self, ticket: int) -> tuple[WatcherRow, ...]: ...
    def page(self, view: str) -> QueuePage | None: ...


class Console(Protocol):
    """The frame as a mode sees it: where to go, what to say, what to ask the agent.

    `say` kinds are "note", "done", "warn" and "refused", "news", which waits behind what was just said, and "key", of
    which the next key leaves nothing.
    `prompt` opens a line of text on the message line: Enter calls `on_answer`, Esc, ctrl+g and ctrl+c close it.
    `choose` waits for one key of `choices`, named as Textual names keys; any other key closes it and does nothing.
    `hold` keeps all further keys waiting, because what they mean depends on an answer of the desk; the function it
    returns lets them through, and ctrl+g drops them. `thrift` says what is left out on a slow line, and as of when
    countdowns are drawn. `frame_changed` redraws status bar and hints when `title` or
    `hints` say something new. `changed` of the modes is called when the server says that tickets moved.
    """

    @property
    def desk(self) -> Desk: ...
    @property
    def size(self) -> tuple[int, int]: ...
    @property
    def thrift(self) -> Thrift: ...
    def go(self, mode: str, argument: object = None) -> None: ...
    def back(self) -> None: ...
    def say(self, text: str, kind: str = "note") -> None: ...
    def refused(self, refusal: Refused) -> None: ...
    def prompt(
        self,
        question: str,
        on_answer: Callable[[str], None],
        *,
        initial: str = "",
        on_change: Callable[[str], None] | None = None,
        complete: Callable[[str], str] | None = None,
    ) -> None: ...
    def choose(self, question: str, choices: dict[str, Callable[[], None]]) -> None: ...
    def hold(self, what: str) -> Callable[[], None]: ...
    def run(self, action: str) -> None: ...
    def permits(self, permit: str) -> bool: ...
    def neighbour(self, ticket: int, step: int) -> Open | None: ...
    def leave_for_next(self, ticket: int) -> None: ...
    def keep_tab(self, ticket: int, number: str, mode: str) -> None: ...
    def drop_tab(self, ticket: int) -> None: ...
    def frame_changed(self) -> None: ...


class Mode:
    """One place of the console; subclass it, set `name`, build `body` in `__init__`."""

    name = ""
    fences: frozenset[str] = frozenset()

    def __init__(self, console: Console) -> None:
        self.console = console
        self.body: Widget

    @property
    def desk(self) -> Desk:
        """Return the desk this console is connected to."""
        return self.console.desk

    @property
    def editor(self) -> Widget | None:
        """Return the widget that keys are posted to while this mode is in text, or None when keys are verbs."""
        return None

    @property
    def takes_all_keys(self) -> bool:
        """Tell whether no key of this mode is a verb of the keymap (fields, review bars, overlays that are typed in).

        ctrl+p and ctrl+l still work everywhere, unless `handle` uses them.
        """
        return False

    def handle(self, key: Key) -> bool:
        """Use a key now, synchronously; False gives it to the keymap."""
        return False

    def paste(self, text: str) -> None:
        """Take pasted text, already cleaned; a mode without a field drops it."""

    def do(self, action: str) -> bool:
        """Do an action of the keymap in this mode's own way; False leaves it to the console."""
        return False

    def targets(self) -> tuple[Target, ...]:
        """Name the tickets that a verb would act on now; empty where there is none."""
        return ()

    def title(self) -> str:
        """Return what the status bar says about this place; empty shows the counts there."""
        return ""

    def hints(self) -> tuple[Hint, ...]:
        """Return the keys that matter now, most useful first; "? help" is added by the frame."""
        return ()

    def cursor(self) -> Offset | None:
        """Return where on the screen the terminal's own cursor should stand, for screen readers; None: anywhere."""
        return None

    def enter(self, argument: object) -> None:
        """Come into view; called each time the console goes here, before the next key."""

    def leave(self) -> None:
        """Go out of view; keep what was begun."""

    def changed(self, tickets: frozenset[int]) -> None:
        """Hear, while in view, that these tickets moved; an empty set means that the queue or the counts did."""

    def met(self, tickets: frozenset[int]) -> None:
        """Hear, while in view, that somebody came to these tickets or left them."""

    def tick(self, now: datetime) -> None:
        """Redraw, at each beat while in view, what time has changed, and nothing else."""

    def counts_seconds(self, now: datetime) -> bool:
        """Tell whether something in view changes by the second; where nothing does, the console beats seldom."""
        return True

    def save(self) -> AnyCommand | None:
        """Return the command that keeps unsaved text, or None; asked on hangup, on lock and before the console ends."""
        return None

    def forget(self) -> None:
        """Forget everything that the last person could see: someone else has signed in."""
