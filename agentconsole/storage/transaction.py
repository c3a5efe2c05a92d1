"""The only place that commits: one writing thread, group commit, and the transaction that a use case is handed."""

import logging
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection, Engine
from sqlmodel import Session, SQLModel

from agentconsole.config.clock import Clock
from agentconsole.domain.errors import Refused
from agentconsole.domain.terms import Role
from agentconsole.storage.events import EPOCH, HEAD, Head, canonical, head_of, is_there, sealed
from agentconsole.storage.held import Held
from agentconsole.storage.instants import next_instant
from agentconsole.storage.link import Link, in_transaction
from agentconsole.storage.prepared import Prepared
from agentconsole.storage.sending import Sending
from agentconsole.storage.tables.event import Event
from agentconsole.storage.types import micros

log = logging.getLogger(__name__)
Result = TypeVar("Result")
Row = TypeVar("Row", bound=SQLModel)

LARGEST_GROUP = 64
SETTINGS = frozenset({"pack.in_force", "brand.added", "mailbox.set", "desk.changed"})
"""The facts after which a server must read anew what it keeps in memory."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Say who does something: a signed-in user, the desk itself (`role` None), or an administrator on the host."""

    login: str
    user_id: int | None = None
    role: Role | None = None
    session: str = ""
    peer: int | None = None
    address: str = ""


DESK = Actor(login="desk")


@dataclass(slots=True)
class Tx:
    """Carry one open transaction to a use case: what to read and write with, the instants, the actor, what it touched.

    `now` is the desk's time, which a demo runs fast; `wall` is the machine's, by which codes and locks are judged;
    `told` is what the desk's clock says, which is before `now` where it went back;
    `zone` is where the desk's people are, for times in sentences. Tickets are always held (`get`, `add`), never loaded
    by `session`: two copies of one row would overwrite each other.
    """

    connection: Connection
    sending: Sending
    held: Held
    now: datetime
    wall: datetime
    zone: ZoneInfo
    actor: Actor
    chain_key: bytes
    head: Head
    told: datetime
    touched: set[int] = field(default_factory=set)
    placed: set[int] = field(default_factory=set)
    news: list[str] = field(default_factory=list)
    arrived: int = 0
    ended_sessions: dict[str, str] = field(default_factory=dict)
    settings: bool = False
    _session: Session | None = None

    @property
    def session(self) -> Session:
        """Return the ORM's session, for what is neither read by its key nor read often; it is dear."""
        if self._session is None:
            self._session = Session(
                bind=self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False
            )
        self.held.save()
        self.sending.send()
        return self._session

    def get(self, model: type[Row], *key: object) -> Row | None:
        """Return the row of a key as this transaction holds it, None where there is none."""
        self._flush_session()
        return self.held.get(model, *key)

    def get_one(self, model: type[Row], *key: object) -> Row:
        """Return the row of a key that must be there; LookupError when it is not."""
        row = self.get(model, *key)
        if row is None:
            raise LookupError(f"there is no {model.__name__} {key}")
        return row

    def add(self, row: Row) -> Row:
        """Insert a row, give it its number, and hold it: what is changed later is written too."""
        self._flush_session()
        return self.held.add(row)

    def insert(self, model: type[SQLModel], **fields: object) -> None:
        """Insert a row that this transaction needs no more; a column that has no plain default is named."""
        self._flush_session()
        self.held.insert(model, fields)

    def rows(self, sql: str, **bound: object) -> list[tuple[Any, ...]]:
        """Run SQL with named values; rows come as they are stored, instants in microseconds."""
        self.flush()
        return self.held.read(sql, bound)

    def flush(self) -> None:
        """Write what waits to be written, whoever keeps it; the next that is read sees it."""
        self._flush_session()
        self.held.save()

    def _flush_session(self) -> None:
        if self._session is not None:
            self.sending.send()
            self._session.flush()

    def record(
        self, kind: str, *, ticket: int | None = None, subject: str = "", body: Mapping[str, object] | None = None
    ) -> Head:
        """Append a fact to the event log. `body` must be plain JSON values without personal text."""
        fields: dict[str, object] = {
            "seq": self.head.seq + 1,
            "at": micros(self.now),
            "kind": kind,
            "actor": self.actor.login,
            "session": self.actor.session[:16],
            "peer": self.actor.peer,
            "address": self.actor.address,
            "ticket": ticket,
            "subject": subject,
            "body": canonical(body or {}),
            "epoch": EPOCH,
            "prev": self.head.hash,
        }
        digest, mac = sealed(fields, self.chain_key)
        self.held.insert(Event, {**fields, "at": self.now, "hash": digest, "mac": mac})
        self.head = Head(self.head.seq + 1, digest, self.now)
        self.settings |= kind in SETTINGS
        if ticket is not None:
            self.touch(ticket)
        return self.head

    def touch(self, ticket: int) -> None:
        """Note that a ticket's place must be computed anew, and that sessions should hear of it."""
        self.touched.add(ticket)
        self.placed.discard(ticket)

    @contextmanager
    def part(self) -> Iterator[None]:
        """Undo all of what is done within, and only that, when it raises; rows held before are read anew afterwards."""
        self._settle()
        before = (self.head, self.touched.copy(), self.placed.copy(), self.arrived, self.ended_sessions.copy())
        news = len(self.news)
        self.sending.begin_part()
        try:
            yield
            self._settle()
            self.sending.end_part()
        except BaseException:
            self._undo_part()
            self.head, self.touched, self.placed, self.arrived, self.ended_sessions = before
            del self.news[news:]
            raise

    def _settle(self) -> None:
        """Write what waits, and end the session: its own savepoint must not reach over the end of a part."""
        self.flush()
        if self._session is not None:
            self.sending.send()
            self._session.commit()
            self._end_session()

    def _undo_part(self) -> None:
        self.held.forget()
        if in_transaction(self.connection):
            self._end_session()
            self.sending.undo_part()
        else:
            self.sending.forget()

    def _end_session(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()


@dataclass(frozen=True, slots=True)
class Committed:
    """Tell what one group of commands changed, once it is safe on the disk; `settings` are brands, packs, boxes."""

    tickets: frozenset[int]
    news: tuple[str, ...]
    arrived: int
    ended_sessions: dict[str, str]
    settings: bool = False

    @property
    def is_heard_of(self) -> bool:
        """Tell whether anybody else has to hear of it."""
        return bool(self.tickets or self.news or self.ended_sessions or self.settings)


class _GroupLost(Exception):
    """Report that the database gave up the group's transaction, so that no later use case may run outside of it."""


@dataclass(slots=True)
class _Unit:
    actor: Actor
    work: Callable[[Tx], Any]
    done: "Future[Any]"
    behind: bool


class Writer:
    """Run use cases one after another on the one writing connection; waiting ones share a commit and its fsync.

    `finish` runs inside each use case's savepoint, after it (the projection). `announce` runs at the end of each group,
    before its commit; `committed` is called on the writing thread after the fsync and before the answers leave.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        chain_key: bytes,
        *,
        wall: Clock,
        zone: ZoneInfo,
        link: Link,
        finish: Callable[[Tx], None],
        committed: Callable[[Committed], None],
        announce: Callable[[Held, Committed, int], None] | None = None,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._wall = wall
        self.zone = zone
        self._link = link
        self._chain_key = chain_key
        self._finish = finish
        self._committed = committed
        self._announce = announce
        self._prepared = Prepared()
        self._queue: queue.SimpleQueue[_Unit | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def submit(self, actor: Actor, work: Callable[[Tx], Result], *, behind: bool = False) -> "Future[Result]":
        """Queue a use case; its future ends after the commit, or with what it raised (and then nothing was written).

        After `close` it ends with a refusal at once. With `behind` it is also done while the clock is behind the
        newest entry, as of that entry: what a start has to tidy, and accepting the time itself.
        """
        done: Future[Result] = Future()
        with self._closing:
            if self._closed:
                done.set_exception(Refused("The desk server is stopping: nothing was changed.", code="down"))
            else:
                self._queue.put(_Unit(actor, work, done, behind))
        return done

    def run(self, actor: Actor, work: Callable[[Tx], Result], *, behind: bool = False) -> Result:
        """Run a use case and wait for its commit; not for the event loop's thread."""
        return self.submit(actor, work, behind=behind).result()

    def close(self) -> None:
        """Finish what was queued, then stop."""
        with self._closing:
            self._closed = True
            self._queue.put(None)
        self._thread.join()
        self._engine.dispose()

    def _run(self) -> None:
        while True:
            unit = self._queue.get()
            if unit is None:
                return
            group, last = self._gather(unit)
            self._commit_group(group)
            if last:
                return

    def _gather(self, first: _Unit) -> tuple[list[_Unit], bool]:
        group = [first]
        while len(group) < LARGEST_GROUP:
            try:
                unit = self._queue.get_nowait()
            except queue.Empty:
                return group, False
            if unit is None:
                return group, True
            group.append(unit)
        return group, False

    def _commit_group(self, group: list[_Unit]) -> None:
        try:
            changed, outcomes, _ = self._link.write(
                self._engine,
                lambda connection: self._work_through(connection, group),
                lambda connection, told: is_there(connection, told[2]),
            )
        except Exception as error:  # the edge of the writing thread: every waiting caller must hear of it
            for unit in group:
                if not unit.done.cancelled():
                    unit.done.set_exception(error)
            return
        try:
            self._committed(changed)
        except Exception:  # what is on the disk stays done, whoever cannot be told of it
            log.exception("nobody could be told of a commit")
        for unit, result, failure in outcomes:
            if failure is None:
                unit.done.set_result(result)
            else:
                unit.done.set_exception(failure)

    def _work_through(
        self, connection: Connection, group: list[_Unit]
    ) -> tuple[Committed, list[tuple[_Unit, Any, BaseException | None]], Head]:
        """Run a group's use cases; again from the beginning where the database lost what they had written.

        Returns what changed, how each ended, and the newest event as they leave it.
        """
        outcomes: list[tuple[_Unit, Any, BaseException | None]] = []
        sending = self._link.sending(connection)
        held = Held(sending, self._prepared)
        newest = head_of(held.read(HEAD, {}))
        touched: set[int] = set()
        news: list[str] = []
        ended: dict[str, str] = {}
        arrived = 0
        speaking = ""
        settings = False
        for unit in group:
            # A caller that gave up before its turn is not served; one whose turn has come is, and hears of it.
            if not (unit.done.running() or unit.done.set_running_or_notify_cancel()):
                continue
            try:
                if unit.actor.login != speaking:
                    speaking = unit.actor.login
                    self._link.speak_for(sending, speaking)
                tx, result = self._one(connection, sending, unit, newest)
            except Exception as error:
                # A full disk or a failing one ends the whole transaction, and with it what earlier units wrote.
                if not in_transaction(connection):
                    raise _GroupLost(f"the database gave up the transaction: {error}") from error
                outcomes.append((unit, None, error))
                continue
            outcomes.append((unit, result, None))
            newest = tx.head
            touched |= tx.touched
            news += tx.news
            ended |= tx.ended_sessions
            arrived += tx.arrived
            settings |= tx.settings
        changes = Committed(frozenset(touched), tuple(news), arrived, ended, settings)
        if self._announce is not None:
            self._announce(held, changes, micros(self._wall.now()))
        sending.send()
        return changes, outcomes, newest

    def _one(self, connection: Connection, sending: Sending, unit: _Unit, newest: Head) -> tuple[Tx, Any]:
        told = self._clock.now()
        now = next_instant(told, newest, behind=unit.behind)
        held = Held(sending, self._prepared)
        tx = Tx(connection, sending, held, now, self._wall.now(), self.zone, unit.actor, self._chain_key, newest, told)
        # A refused use case leaves no trace in the group's transaction.
        with tx.part():
            result = unit.work(tx)
            tx.flush()
            self._finish(tx)
        return tx, result
