"""The console behind the frame: which mode is in view, what is said, what a verb does; it needs no screen to run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from agentconsole.domain.errors import Refused
from agentconsole.tui.backend import Backend
from agentconsole.tui.bell import Bell
from agentconsole.tui.keymap import BY_ID, Action, followers, shown
from agentconsole.tui.lines import Line
from agentconsole.tui.messages import Messages
from agentconsole.tui.mode import Attention, Compose, Mode, Open
from agentconsole.tui.places import Place, Places, Tab
from agentconsole.tui.presence import Presence
from agentconsole.tui.prompt import Prompt, Question
from agentconsole.tui.router import Router
from agentconsole.tui.screens.queue import QueueMode
from agentconsole.tui.thrift import Thrift
from agentconsole.tui.tour import Tour
from agentconsole.wire.commands import AnyCommand

MENU_AFTER_SECONDS = 0.6
STILL_SECONDS = 0.1
STALE_SECONDS = 12.0
"""So long what was said goes along to the next place: longer than a mail is held, which `u` takes back meanwhile."""


class Outside(Protocol):
    """What the console asks of the terminal itself.

    `copy` puts clean text on its clipboard and is False where programs cannot reach one; `suspend_to_shell` gives the
    terminal back until the shell brings the console back, where it `has_shell` to do so.
    """

    def ring(self) -> None: ...
    def copy(self, text: str) -> bool: ...
    def has_shell(self) -> bool: ...
    def suspend_to_shell(self) -> None: ...


class Frame(Protocol):
    """What the console asks of the frame that is on the screen."""

    @property
    def outside(self) -> Outside: ...
    @property
    def cells(self) -> tuple[int, int]: ...
    def show(self, mode: Mode) -> None: ...
    def draw_edges(self) -> None: ...
    def draw_all_again(self) -> None: ...
    def use_theme(self, name: str) -> None: ...
    def after(self, seconds: float, then: Callable[[], None]) -> None: ...
    def still(self, seconds: float) -> Callable[[], None]: ...
    def leave(self, code: int) -> None: ...
    def fail(self, error: BaseException) -> None: ...


class Walking:
    """Go from place to place: the modes, the stack, the work tabs, and the gate that stands before all of them."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.modes: dict[str, Mode] = {}
        self.places = Places()
        self.gate = ""
        self.tour = Tour()
        self.also_saved: Callable[[], tuple[AnyCommand, ...]] = lambda: ()

    @property
    def mode(self) -> Mode:
        """Return the mode in view; while the gate is shut that is the gate's."""
        return self.modes[self.gate or self.places.here.mode]

    @property
    def queue(self) -> QueueMode:
        """Return the mode of the lists."""
        queue = self.modes["queue"]
        assert isinstance(queue, QueueMode)
        return queue

    def shut_gate(self, mode: str, argument: object = None) -> None:
        """Let nothing of the desk be seen but this mode: sign-in, enrolment, lock."""
        before = self.mode
        self.gate = mode
        self._show(before, argument)

    def open_gate(self) -> None:
        """Show the desk, where the agent was."""
        before = self.mode
        self.gate = ""
        self._show(before, self.places.here.argument)

    def go(self, mode: str, argument: object = None) -> None:
        """Go to a mode."""
        before = self.mode
        self.places.go(Place(mode, argument))
        if isinstance(argument, Open) and argument.ticket not in (tab.ticket for tab in self.places.tabs):
            number = argument.row.number if argument.row is not None else str(argument.ticket)
            self.places.keep(Tab(argument.ticket, number, mode))
        if not self.gate:
            self._show(before, argument)

    def back(self) -> None:
        """Go out one level."""
        before = self.mode
        if self.places.back() and not self.gate:
            self._show(before, self.places.here.argument)

    def go_last(self) -> None:
        """Go to the place left last."""
        if self.places.last is not None:
            self.go(self.places.last.mode, self.places.last.argument)

    def neighbour(self, ticket: int, step: int) -> Open | None:
        """Return the next or previous ticket of the list, and put the list's cursor there."""
        row = self.queue.list.neighbour(ticket, step)
        return Open(row.ticket, row) if row is not None else None

    def leave_for_next(self, ticket: int) -> None:
        """Go back to the list, with the cursor past a ticket that is done with for now."""
        self.drop_tab(ticket)
        self.queue.list.move_past(ticket)
        self.go("queue")

    def keep_tab(self, ticket: int, number: str, mode: str) -> None:
        """Keep begun work under a digit."""
        self.places.keep(Tab(ticket, number, mode))

    def drop_tab(self, ticket: int) -> None:
        """Close a ticket's tab."""
        self.places.drop(ticket)

    def saves(self) -> tuple[AnyCommand, ...]:
        """Return the commands that keep all unsaved text, and the place."""
        texts = tuple(save for mode in self.modes.values() if (save := mode.save()) is not None)
        return (*texts, *self.also_saved())

    def attention(self) -> Attention:
        """Return which ticket is in view, or under what is in view; behind the gate there is none."""
        if not self.gate:
            for place in reversed(self.places.stack):
                if isinstance(place.argument, Open | Compose):
                    return Attention(place.argument.ticket, writing=place.mode == "composer")
        return Attention(0)

    def _show(self, before: Mode, argument: object) -> None:
        now = self.mode
        if before is not now:
            before.leave()
        self.frame.show(now)
        now.enter(argument)
        self.tour.hear(f"mode:{now.name}")
        self.frame.draw_edges()


def _leave_behind(messages: Messages, frame: Frame) -> None:
    """Clear what was said of the place that is left: at once, or what is too new for that a while later."""
    messages.fade()
    said = messages.shown

    def again() -> None:
        if messages.shown is said:
            messages.fade()
            frame.draw_edges()

    if said is not None and said.text and said.role in ("said", "done"):
        frame.after(STALE_SECONDS, again)


class Console(Walking):
    """Say, ask and act; the modes know it by `mode.Console`, the router by `router.House`."""

    def __init__(self, frame: Frame, desk: Backend) -> None:
        super().__init__(frame)
        self.desk = desk
        self.messages = Messages(desk.now)
        self.line = Prompt(frame.draw_edges)
        self.router = Router(self)
        self.verbs: dict[str, Callable[[str], None]] = {}
        self.bell = Bell(frame.outside.ring)
        self.thrift = Thrift()
        self.presence = Presence(desk, frame.after, self.say)

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height of the terminal in cells."""
        return self.frame.cells

    def go(self, mode: str, argument: object = None) -> None:
        """Go to a mode; what was said a while ago about the place before is not said of this one."""
        _leave_behind(self.messages, self.frame)
        super().go(mode, argument)

    def back(self) -> None:
        """Go out one level, and leave what was said there behind."""
        _leave_behind(self.messages, self.frame)
        super().back()

    def _show(self, before: Mode, argument: object) -> None:
        super()._show(before, argument)
        if self.gate:
            self.presence.forget()
        else:
            self.presence.look(self.attention())

    def met(self, tickets: frozenset[int]) -> None:
        """Hear that somebody came to these tickets or left them."""
        if not self.gate:
            self.mode.met(tickets)
            self.presence.met()
            # Who left may have begun a text, which whoever has the case on the screen is told of.
            if at := tickets & {self.attention().ticket}:
                self.mode.changed(at)

    def say(self, text: str, kind: str = "note") -> None:
        """Say something on the message line, until something else is said or another place is gone to."""
        self.messages.say(text, kind)
        self.frame.draw_edges()

    def refused(self, refusal: Refused) -> None:
        """Say why not; the first gap is named with it."""
        self.say(refusal.sentence, "refused")

    def prompt(
        self,
        question: str,
        on_answer: Callable[[str], None],
        *,
        initial: str = "",
        on_change: Callable[[str], None] | None = None,
        complete: Callable[[str], str] | None = None,
    ) -> None:
        """Ask for a line of text."""
        self.line.open(Question(question, on_answer, on_change=on_change, complete=complete), initial)

    def choose(self, question: str, choices: dict[str, Callable[[], None]]) -> None:
        """Ask for one key."""
        self.line.open(Question(question, choices=choices, on_cancel=lambda: self.say("Nothing done.")))

    def hold(self, what: str) -> Callable[[], None]:
        """Keep all keys waiting, and say so where it lasts.

        An answer that comes at once is painted at once, and not a screen without it first.
        """
        release, paint = self.router.hold(), self.frame.still(STILL_SECONDS)
        waiting = True

        def remind() -> None:
            if waiting:
                self.say(f"{what} .. (ctrl+g stops waiting)")

        def end() -> None:
            nonlocal waiting
            waiting = False
            release()
            paint()

        self.frame.after(MENU_AFTER_SECONDS, remind)
        return end

    def permits(self, permit: str) -> bool:
        """Tell whether the role of who is signed in may do this; the desk itself checks again."""
        return not permit or not self.desk.me.permits or permit in self.desk.me.permits

    def run(self, action: str, words: str = "") -> None:
        """Do an action, as its key or its `:` verb would."""
        self.perform(BY_ID[action], "", words)

    def perform(self, action: Action, pressed: str, words: str = "") -> None:
        """Do an action if the role permits it: the mode's own way first, then the console's."""
        if self.gate and action.id not in ("console.redraw", "console.quit"):
            return
        if not self.permits(action.permit):
            self.say(f"Your role may not do that: {action.label}. Ask a supervisor.", "refused")
            return
        self.tour.hear(f"action:{action.id}")
        if words or not self.mode.do(action.id):
            verb = self.verbs.get(action.id)
            if verb is None:
                self.say(f"{action.label}: not here. Press ? for the keys of this screen.")
            else:
                verb(words or pressed)

    def unknown(self, pressed: str) -> None:
        """Say that a key means nothing here."""
        if self.gate:
            return
        if pressed == "ctrl+z":
            self.say(":suspend locks this screen and goes to the shell; fg brings it back.", "key")
        else:
            self.say(f"{shown(pressed)} does nothing here. Press ? for the keys of this screen.", "key")

    def leading(self) -> None:
        """Show what may follow a leading key, if the second press takes its time."""
        self.frame.after(MENU_AFTER_SECONDS, self._menu)

    def pressed(self) -> None:
        """Clear what was said about the key before."""
        if self.messages.pressed():
            self.frame.draw_edges()

    def _menu(self) -> None:
        if self.router.lead:
            choices = ", ".join(f"{shown(after)} {action.label}" for after, action in followers(self.router.lead))
            self.say(f"{self.router.lead} then: {choices}", "menu")

    def frame_changed(self) -> None:
        """Draw status bar, messages and hints again."""
        self.frame.draw_edges()

    def message_line(self, width: int) -> Line:
        """Draw the prompt, or else what was said last."""
        return self.line.line(width) if self.line.is_open else self.messages.line(width)
