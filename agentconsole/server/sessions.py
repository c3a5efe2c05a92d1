"""Live sessions: who is at the other end of each connection, when she last pressed a key, and what she is told."""

import asyncio
import logging
from dataclasses import dataclass, field

from agentconsole.config.clock import seconds_passed
from agentconsole.domain.sudo import Moment
from agentconsole.domain.terms import Role
from agentconsole.domain.untrusted import Untrusted
from agentconsole.security.peer import Peer
from agentconsole.server.presence import Presence, Watch
from agentconsole.storage.transaction import Actor, Committed
from agentconsole.wire.frames import Changed, Ended, FromServer, Locked, Reaching, frame

log = logging.getLogger(__name__)
SLOW_READER_BYTES = 16 * 1024 * 1024
MOST_NEWS = 5
BETWEEN_TELLINGS = 0.05


@dataclass(slots=True, eq=False)
class Live:
    """Hold one connection. `user_id` is set once the three proofs were right, `enrolling` between password and code.

    `owes_password` stands from a sign-in with a password that somebody else gave until it is changed; `proved` says
    when a code was given once more, for what asks for it; `address` is where her login at the host came from, if known;
    `of_host` are the accounts that need no sign-in for what administers the host. `last_key` is also the last try.
    """

    writer: asyncio.StreamWriter
    peer: Peer
    session_id: str = ""
    user_id: int | None = None
    login: str = ""
    name: str = ""
    role: Role | None = None
    owes_password: bool = False
    enrolling: int | None = None
    locked: bool = False
    began: float = field(default_factory=seconds_passed)
    last_key: float = field(default_factory=seconds_passed)
    code_at: float = field(default_factory=seconds_passed)
    watch: Watch | None = None
    proved: Moment | None = None
    address: str = ""
    of_host: bool = False

    @property
    def signed_in(self) -> bool:
        """Tell whether somebody is signed in here."""
        return self.user_id is not None

    def actor(self) -> Actor:
        """Return who acts over this connection, for the event log."""
        return Actor(
            login=self.login or f"uid {self.peer.uid}",
            user_id=self.user_id,
            role=self.role,
            session=self.session_id,
            peer=self.peer.uid,
            address=self.address,
        )

    def tell(self, message: FromServer) -> None:
        """Send a message without waiting; a reader that has stopped reading is cut off."""
        if self.writer.is_closing():
            return
        if self.writer.transport.get_write_buffer_size() > SLOW_READER_BYTES:
            log.warning("cutting off a session of %s that does not read", self.login or "nobody yet")
            self.writer.transport.abort()
            return
        self.writer.write(frame(message))

    def forget_user(self) -> None:
        """Return to the state before the sign-in."""
        self.session_id, self.user_id, self.login, self.name, self.role = "", None, "", "", None
        self.locked = self.owes_password = False
        self.watch = self.proved = None


class Sessions:
    """Know all live connections, and tell them what changed. Lives on the event loop's thread."""

    def __init__(self) -> None:
        self.live: set[Live] = set()
        self.had_any = False
        self.is_reaching = False
        self._pending: set[int] = set()
        self._news: list[str] = []
        self._arrived = 0
        self._told: asyncio.TimerHandle | None = None
        self._told_at = 0.0
        self.presence = Presence(self.live)

    def join(self, live: Live) -> None:
        """Take a connection in."""
        self.live.add(live)
        self.had_any = True

    def leave(self, live: Live) -> None:
        """Let a connection go."""
        self.live.discard(live)
        self.presence.changed()

    def reaching(self, *, away: bool) -> None:
        """Tell every connection that the database is out of reach, or back."""
        self.is_reaching = away
        for live in tuple(self.live):
            live.tell(Reaching(back=not away))

    def changed(self, committed: Committed) -> None:
        """Collect what a commit changed; sessions hear of it at once, but at most twenty times a second."""
        self._pending |= committed.tickets
        self._news += committed.news
        self._arrived += committed.arrived
        for session_id, reason in committed.ended_sessions.items():
            self.end(session_id, reason)
        if self._told is None and (self._pending or self._news):
            loop = asyncio.get_running_loop()
            self._told = loop.call_at(max(self._told_at + BETWEEN_TELLINGS, loop.time()), self._tell_all)

    def missed_some(self) -> None:
        """Have the sessions read anew what they show: other servers changed something, nobody knows what."""
        watched = {live.watch.ticket for live in self.live if live.watch is not None}
        self.changed(Committed(frozenset(watched), ("Other servers were away for a while: all is read anew.",), 0, {}))

    def _tell_all(self) -> None:
        message = Changed(
            tickets=tuple(sorted(self._pending)),
            news=tuple(map(Untrusted, self._news[-MOST_NEWS:])),
            arrived=self._arrived,
        )
        self._pending, self._news, self._arrived, self._told = set(), [], 0, None
        self._told_at = asyncio.get_running_loop().time()
        for live in tuple(self.live):
            if live.signed_in and not live.locked:
                live.tell(message)

    def end(self, session_id: str, reason: str) -> None:
        """Tell the connection of a session that it is over."""
        for live in tuple(self.live):
            if live.session_id == session_id:
                live.tell(Ended(reason))
                live.forget_user()
        self.presence.changed()

    def lock(self, live: Live, message: Locked) -> None:
        """Lock a connection's session and tell it."""
        live.locked = True
        live.watch = live.proved = None
        live.tell(message)
        self.presence.changed()
