"""What the verbs do that are about the console itself: go, find, filter, command line, theme, lock, quit."""

from __future__ import annotations

from collections.abc import Callable

from agentconsole.domain.errors import Refused
from agentconsole.domain.filters import parse as parse_filter
from agentconsole.tui import command_line
from agentconsole.tui.choices import Choices
from agentconsole.tui.command_line import Step
from agentconsole.tui.console import Console
from agentconsole.tui.demo_hooks import DemoHooks
from agentconsole.tui.lines import Line, clip, heading
from agentconsole.tui.mode import Open
from agentconsole.tui.prompt import Question
from agentconsole.tui.session import Session
from agentconsole.wire.commands import SignOut

FILTER_WORDS = (
    " late due soon ok wait shut live   mine unassigned @name escalated new draft",
    " ch:em,ph,ch,so,wi,vm  tag:refund  prio:high  due<2h  age>1d  cust:prado",
    ' -word not   a|b or   "exact words"   #4471 case number   else: search text',
)


class HouseVerbs:
    """Do what needs no ticket."""

    def __init__(self, console: Console, session: Session, demo: DemoHooks | None, choices: Choices) -> None:
        self._choices = choices
        self._console = console
        self._session = session
        self._demo = (demo, *demo.others) if demo is not None else ()
        self._role = 0
        self._filters: list[str] = []
        self._commands: list[str] = []

    def table(self) -> dict[str, Callable[[str], None]]:
        """Return what each of these actions does; the argument is what was typed after the verb, or else the key."""
        console = self._console
        return {
            "go.queue": lambda _: console.go("queue", "mine"),
            "go.team": lambda _: console.go("queue", "team"),
            "go.unassigned": lambda _: console.go("queue", "unassigned"),
            "go.messages": lambda _: console.go("messages"),
            "go.blanks": lambda _: console.go("blanks"),
            "go.late": lambda _: self._late(),
            "go.open": self._open,
            "go.back": lambda _: self._back(),
            "go.last": lambda _: console.go_last(),
            "find.filter": self._filter,
            "find.command": lambda _: self._command(),
            "find.palette": lambda _: console.go("palette"),
            "find.help": lambda _: console.go("help", console.mode.name),
            "console.redraw": lambda _: console.frame.draw_all_again(),
            "console.theme": self._choices.theme,
            "console.bell": self._choices.bell,
            "console.slow": self._choices.slow,
            "console.warm": self._choices.warm,
            "console.role": lambda _: self._next_role(),
            "console.tour": lambda _: self._tour(),
            "console.suspend": lambda _: self._suspend(),
            "console.lock": lambda _: self._session.lock(),
            "console.quit": lambda _: self._quit(),
        }

    def _back(self) -> None:
        if len(self._console.places.stack) == 1:
            self._console.say("This is the outermost place. Q or :quit goes off shift.", "key")
            return
        self._console.back()

    def _late(self) -> None:
        self._console.queue.filters["mine"] = "late"
        self._console.queue.page = None
        self._console.go("queue", "mine")

    def _open(self, words: str) -> None:
        try:
            steps = command_line.parse(words)
        except Refused:
            steps = ()
        if steps and steps[0].ticket is not None:
            self._do(steps[:1])
        else:
            self._console.say("Open which case? As in :open 4471")

    def _filter(self, words: str) -> None:
        if words not in ("", "slash"):
            self._keep_filter(words)
            return
        kept = self._console.queue.filter
        self._ask_filter(f"{kept} " if kept else "")

    def _ask_filter(self, initial: str) -> None:
        queue = self._console.queue
        self._console.line.open(
            Question(
                "/",
                self._keep_filter,
                on_change=self._try_filter,
                on_cancel=lambda: self._keep_filter(""),
                complete=queue.complete,
                tray=self._filter_tray,
                history=self._filters,
            ),
            initial,
        )

    def _try_filter(self, typed: str) -> None:
        """Filter while it is typed; a word that is not finished keeps the rows as they are."""
        queue = self._console.queue
        try:
            parse_filter(typed, self._console.desk.me.login)
        except Refused as refusal:
            queue.wrong = refusal.sentence
            return
        queue.set_filter(typed.strip())

    def _keep_filter(self, typed: str) -> None:
        """Filter by what was typed; what cannot be read is asked again, with the reason above it."""
        queue = self._console.queue
        try:
            parse_filter(typed, self._console.desk.me.login)
        except Refused as refusal:
            queue.wrong = refusal.sentence
            self._ask_filter(typed)
            return
        queue.set_filter(typed.strip())
        queue.wait_for_page()

    def _filter_tray(self, typed: str, width: int) -> list[Line]:
        wrong = self._console.queue.wrong
        last = Line(((clip(f" {wrong}", width), "warn"),)) if wrong else Line()
        return [
            heading("filter words (Tab completes)", width),
            *(Line(((clip(text, width), ""),)) for text in FILTER_WORDS),
            last,
        ]

    def _command(self) -> None:
        logins = [person.login for person in self._console.desk.people()]
        self._console.line.open(
            Question(
                ":",
                self._run,
                complete=lambda typed: command_line.complete(typed, logins),
                tray=lambda typed, width: command_line.tray(typed, width, self._commands),
                history=self._commands,
            )
        )

    def _run(self, typed: str) -> None:
        try:
            steps = command_line.parse(typed)
        except Refused as refusal:
            self._console.refused(refusal)
            return
        self._do(steps)

    def _do(self, steps: tuple[Step, ...]) -> None:
        """Do the steps in their order; those after a case to open wait until it is read."""
        for at, step in enumerate(steps):
            if step.action is not None:
                self._console.run(step.action.id, step.words)
            elif step.ticket is not None:
                self._open_then(step.ticket, steps[at + 1 :])
                return

    def _open_then(self, ticket: int, rest: tuple[Step, ...]) -> None:
        release = self._console.hold(f"Opening case {ticket}")

        def opened(_: object) -> None:
            self._console.go("case", Open(ticket, self._console.queue.list.find(ticket)))
            self._do(rest)
            release()

        def refused(refusal: Refused) -> None:
            self._console.refused(refusal)
            release()

        self._console.desk.read_case(ticket, opened, refused)

    def _next_role(self) -> None:
        if len(self._demo) < 2:
            self._console.say("Only the demo lets you be someone else with F9.")
            return
        self._role = (self._role + 1) % len(self._demo)
        self._session.become(self._demo[self._role])

    def _tour(self) -> None:
        if self._console.tour.has_steps:
            self._console.tour.begin()
        else:
            self._console.say("The guided tour is part of the demo: agentconsole demo.")

    def _suspend(self) -> None:
        if self._console.frame.outside.has_shell():
            self._session.lock(self._console.frame.outside.suspend_to_shell)
        else:
            self._console.say("There is no shell behind this console to go to; L locks it.", "refused")

    def _quit(self) -> None:
        for save in self._console.saves():
            self._console.desk.ask(save, lambda _: None, lambda _: None)
        self._console.desk.ask(SignOut(), lambda _: self._session.leave(), lambda _: self._session.leave())
