"""Who else is at a ticket: what is said of it, and telling the desk which ticket is on this screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from agentconsole.tui.lines import clip
from agentconsole.tui.mode import Attention, OnDone, OnRefused
from agentconsole.wire.commands import Look
from agentconsole.wire.frames import SignedIn
from agentconsole.wire.rows import WatcherRow

BEAT_SECONDS = 3.0
NAME_CELLS = 8


class Asked(Protocol):
    """What is asked of the desk here."""

    @property
    def me(self) -> SignedIn: ...
    def present(self, ticket: int) -> tuple[WatcherRow, ...]: ...
    def ask(self, body: Look, on_done: OnDone | None = None, on_refused: OnRefused | None = None) -> None: ...


def others(people: tuple[WatcherRow, ...], login: str) -> tuple[WatcherRow, ...]:
    """Return who of these is somebody else, those who write first."""
    return tuple(sorted((one for one in people if one.login != login), key=lambda one: not one.writing))


def mark(people: tuple[WatcherRow, ...]) -> str:
    """Return what a list shows of others at a ticket: `<bo` looks at it, `*bo` writes to it, `*bo+1` and one more."""
    if not people:
        return ""
    more = f"+{len(people) - 1}" if len(people) > 1 else ""
    return f"{'*' if people[0].writing else '<'}{clip(people[0].login, NAME_CELLS)}{more}"


class Presence:
    """Keep the desk told, and the agent: each change is said once, and what stays is seen in the case and in lists."""

    def __init__(
        self, desk: Asked, after: Callable[[float, Callable[[], None]], None], say: Callable[[str, str], None]
    ) -> None:
        self._desk = desk
        self._after = after
        self._say = say
        self._at = Attention(0)
        self._seen: dict[str, bool] = {}
        self._beating = False

    def look(self, at: Attention) -> None:
        """Be at a ticket, or at none; who is there already is said at the first sight of it."""
        before, self._at = self._at, at
        if at == before:
            return
        self._tell()
        if at.ticket != before.ticket:
            self._seen = self._others()
            texts = [
                f"{login.upper()} is {'writing to' if writing else 'viewing'} this case"
                for login, writing in self._seen.items()
            ]
            if texts:
                self._say(f"{', '.join(texts)}.", "warn" if any(self._seen.values()) else "note")
        if at.ticket and not self._beating:
            self._beating = True
            self._after(BEAT_SECONDS, self._beat)

    def forget(self) -> None:
        """Be at no ticket: the desk itself knows that a session is locked or over."""
        self._at, self._seen = Attention(0), {}

    def met(self) -> None:
        """Say who came to the ticket in view, or began to write to it, since this was said last."""
        before, self._seen = self._seen, self._others()
        for login, writing in self._seen.items():
            if writing and not before.get(login):
                self._say(f"{login.upper()} is writing to this case too.", "warn" if self._at.writing else "news")
            elif login not in before:
                sees = " and sees that you are writing" if self._at.writing else ""
                self._say(f"{login.upper()} opened this case too{sees}.", "news")

    def _others(self) -> dict[str, bool]:
        people = others(self._desk.present(self._at.ticket), self._desk.me.login)
        return {one.login: one.writing for one in people}

    def _tell(self) -> None:
        # What cannot be told now is told by the next beat.
        self._desk.ask(Look(self._at.ticket, self._at.writing), lambda _: None, lambda _: None)

    def _beat(self) -> None:
        if self._at.ticket:
            self._tell()
            self._after(BEAT_SECONDS, self._beat)
        else:
            self._beating = False
