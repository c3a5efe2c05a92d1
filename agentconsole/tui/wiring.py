"""Putting the console together: the desk, the session, every mode, every verb."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from agentconsole.tui.addresses import AddressVerbs
from agentconsole.tui.backend import Backend, Link
from agentconsole.tui.choices import Choices
from agentconsole.tui.console import Console
from agentconsole.tui.demo_hooks import DemoHooks
from agentconsole.tui.duties import DutyBook
from agentconsole.tui.frame import ScreenFrame
from agentconsole.tui.going_on import GoingOn
from agentconsole.tui.house_verbs import HouseVerbs
from agentconsole.tui.mode import Mode
from agentconsole.tui.proving import Proving
from agentconsole.tui.queue_pane import QueuePane
from agentconsole.tui.resuming import Resuming
from agentconsole.tui.screens.blanks import BlanksMode
from agentconsole.tui.screens.case import CaseMode
from agentconsole.tui.screens.composer import ComposerMode
from agentconsole.tui.screens.duties import DutiesMode
from agentconsole.tui.screens.enrolment import EnrolmentMode
from agentconsole.tui.screens.help import HelpMode
from agentconsole.tui.screens.lock import LockMode
from agentconsole.tui.screens.messages import MessagesMode
from agentconsole.tui.screens.palette import PaletteMode
from agentconsole.tui.screens.password import PasswordMode
from agentconsole.tui.screens.policy import PolicyMode
from agentconsole.tui.screens.policy_verbs import policy_verbs
from agentconsole.tui.screens.queue import QueueMode
from agentconsole.tui.screens.recovery import RecoveryMode
from agentconsole.tui.screens.signin import SignInMode
from agentconsole.tui.screens.why import WhyMode
from agentconsole.tui.session import Session
from agentconsole.tui.terminal import Terminal
from agentconsole.tui.tour import Tour
from agentconsole.tui.verbs import ticket_verbs


def build_console(
    frame: ScreenFrame, connect: Callable[[], Awaitable[Link]], terminal: Terminal, demo: DemoHooks | None
) -> tuple[Console, Session]:
    """Return a console in this frame, with the session that opens and shuts its gate."""
    session = Session()
    console = Console(frame, Backend(connect, session))
    frame.console = session.console = console
    session.resuming = Resuming(console)
    console.also_saved = session.resuming.saves
    console.tour = Tour(demo.tour if demo is not None else (), frame.draw_edges)
    console.desk.done = lambda body: console.tour.hear(f"command:{type(body).__name__.lower()}")
    console.desk.settled = console.say
    paint = frame.paint
    goes_at: dict[int, datetime] = {}
    duties = DutyBook(console)
    door = SignInMode(console, paint, session, terminal.name, demo)
    composer = ComposerMode(console, paint, goes_at)
    policy = PolicyMode(console, paint)
    proving = Proving(console)
    modes: tuple[Mode, ...] = (
        door,
        EnrolmentMode(console, paint, session),
        RecoveryMode(console, paint, session, console.open_gate),
        PasswordMode(console, paint, session.open_desk),
        LockMode(console, paint, session.unlocked, session.someone_else, session.begun, lambda: door.demo),
        QueueMode(console, paint, QueuePane(console.places, console.messages), duties),
        DutiesMode(console, paint, duties),
        CaseMode(console, paint, goes_at),
        composer,
        WhyMode(console, paint),
        HelpMode(console, paint),
        PaletteMode(console, paint),
        MessagesMode(console, paint, console.messages),
        policy,
        BlanksMode(console, paint, proving.ask),
    )
    console.modes.update((mode.name, mode) for mode in modes)
    console.bell.use(terminal.preferences.bell)
    console.thrift.remember(slow=terminal.preferences.slow(terminal.name))
    console.verbs.update(ticket_verbs(console))
    console.verbs.update(policy_verbs(console, policy))
    console.verbs.update(duties.table())
    console.verbs.update(proving.table())
    console.verbs.update(GoingOn(console, composer.begun).table())
    console.verbs.update(AddressVerbs(console, proving).table())
    console.verbs.update(HouseVerbs(console, session, demo, Choices(console, terminal)).table())
    return console, session
