"""After the hold of a mail: looking whether it left, and saying when."""

from __future__ import annotations

from collections.abc import Callable

from agentconsole.tui.mode import Console
from agentconsole.wire.rows import CaseView

Later = Callable[[float, Callable[[], None]], object]
"""Do something after so many seconds."""

FIRST_LOOK = 1.0
"""Seconds after the end of the hold; the desk sends at once, the mail server needs a moment."""

NEXT_LOOK = 2.0
LOOKS = 15
DEMO_HOLD = 10.0
"""Seconds; a hold runs by the machine's time, and the clock of a demo is another one."""

_UNDERWAY = ("held", "queued", "sending")


class Leaving:
    """Watch mails that were sent by this console; one that failed or was taken back is told of elsewhere."""

    def __init__(self, console: Console, later: Later) -> None:
        self._console = console
        self._later = later

    def watch(self, ticket: int, number: str, contact: int, held: float) -> None:
        """Look after a mail that is held for so many seconds yet."""
        login = self._console.desk.me.login
        looks = LOOKS

        def look() -> None:
            if self._console.desk.me.login == login:
                self._console.desk.read_case(ticket, arrived, lambda _: None)

        def arrived(case: CaseView) -> None:
            nonlocal looks
            looks -= 1
            state = next((entry.delivery for entry in case.contacts if entry.id == contact), "")
            if state == "sent":
                desk = self._console.desk
                self._console.say(f"{number}: the mail left, {desk.now().astimezone(desk.zone):%H:%M:%S}.", "news")
            elif state in _UNDERWAY and looks:
                self._later(NEXT_LOOK, look)
            elif state in _UNDERWAY:
                self._console.say(f"{number}: the mail has not left yet. The desk keeps trying.", "warn")

        self._later(held + FIRST_LOOK, look)
