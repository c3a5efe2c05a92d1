"""The only place that commits: one writing thread, group commit, and the transaction that a use case is handed."""

import logging
import queue
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection, Engine
from sqlmodel import Session

from agentconsole.config.clock import Clock
from agentconsole.domain.errors import Refused
from agentconsole.domain.terms import Role
from agentconsole.storage.events import EPOCH, Head, canonical, head, seal
from agentconsole.storage.tables.event import Event

log = logging.getLogger(__name__)
Result = TypeVar("Result")

LARGEST_GROUP = 64
TOLERATED_STEP_BACK = timedelta(seconds=60)


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
    """Carry one open transaction to a use case: the session to write with, the instants, the actor, what it touched.

    `now` is the desk's time, which a demo runs fast; `wall` is the machine's, by which codes and locks are judged;
    `zone` is where the desk's people are, for times in sentences.
    """

    session: Session
    now: datetime
    wall: datetime
    zone: ZoneInfo
    actor: Actor
    chain_key: bytes
    head: Head
    touched: set[int] = field(default_factory=set)
    news: list[str] = field(default_factory=list)
    arrived: int = 0
    ended_sessions: dict[str, str] = field(default_factory=dict)

    def record(
        self, kind: str, *, ticket: int | None = None, subject: str = "", body: Mapping[str, object] | None = None
    ) -> Event:
        """Append a fact to the event log. `body` must be plain JSON values without personal text."""
        event = Event(
            seq=self.head.seq + 1,
            at=self.now,
            kind=kind,
            actor=self.actor.login,
            session=self.actor.session[:16],
            peer=self.actor.peer,
            address=self.actor.address,
            ticket=ticket,
            subject=subject,
            body=canonical(body or {}),
            epoch=EPOCH,
            prev=self.head.hash,
            hash="",
            mac="",
        )
        seal(event, self.chain_key)
        self.session.add(event)
        self.head = Head(event.seq, event.hash, event.at)
        if ticket is not None:
            self.touched.add(ticket)
        return event


@dataclass(frozen=True, slots=True)
class Committed:
    """Tell what one group of commands changed, once it is safe on the disk."""

    tickets: frozenset[int]
    news: tuple[str, ...]
    arrived: int
    ended_sessions: dict[str, str]


class _GroupLost(Exception):
    """Report that the database gave up the group's transaction, so that no later use case may run outside of it."""


@dataclass(slots=True)
class _Unit:
    actor: Actor
    work: Callable[[Tx], Any]
    done: "Future[Any]"


class Writer:
    """Run use cases one after another on the one writing connection; waiting ones share a commit and its fsync.

    `finish` runs inside each use case's savepoint, after it (the projection). `committed` is called on the writing
    thread after the fsync and before the answers leave.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        chain_key: bytes,
        *,
        wall: Clock,
        zone: ZoneInfo,
        finish: Callable[[Tx], None],
        committed: Callable[[Committed], None],
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._wall = wall
        self._zone = zone
        self._chain_key = chain_key
        self._finish = finish
        self._committed = committed
        self._queue: queue.SimpleQueue[_Unit | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def submit(self, actor: Actor, work: Callable[[Tx], Result]) -> "Future[Result]":
        """Queue a use case; its future ends after the commit, or with what it raised (and then nothing was written).

        After `close` it ends with a refusal at once.
        """
        done: Future[Result] = Future()
        with self._closing:
            if self._closed:
                done.set_exception(Refused("The desk server is stopping: nothing was changed.", code="down"))
            else:
                self._queue.put(_Unit(actor, work, done))
        return done

    def run(self, actor: Actor, work: Callable[[Tx], Result]) -> Result:
        """Run a use case and wait for its commit; not for the event loop's thread."""
        return self.submit(actor, work).result()

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
        outcomes: list[tuple[_Unit, Any, BaseException | None]] = []
        try:
            with self._engine.connect() as connection, connection.begin():
                changed = self._work_through(connection, group, outcomes)
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
        self, connection: Connection, group: list[_Unit], outcomes: list[tuple[_Unit, Any, BaseException | None]]
    ) -> Committed:
        with Session(bind=connection) as looking:
            newest = head(looking)
        touched: set[int] = set()
        news: list[str] = []
        ended: dict[str, str] = {}
        arrived = 0
        for unit in group:
            # A caller that gave up before its turn is not served; one whose turn has come is, and hears of it.
            if not unit.done.set_running_or_notify_cancel():
                continue
            try:
                tx, result = self._one(connection, unit, newest)
            except Exception as error:
                # A full disk or a failing one ends the whole transaction, and with it what earlier units wrote.
                if not _in_transaction(connection):
                    raise _GroupLost(f"the database gave up the transaction: {error}") from error
                outcomes.append((unit, None, error))
                continue
            outcomes.append((unit, result, None))
            newest = tx.head
            touched |= tx.touched
            news += tx.news
            ended |= tx.ended_sessions
            arrived += tx.arrived
        return Committed(frozenset(touched), tuple(news), arrived, ended)

    def _one(self, connection: Connection, unit: _Unit, newest: Head) -> tuple[Tx, Any]:
        now = self._now(newest)
        # The session's own savepoint: a refused use case leaves no trace in the group's transaction.
        with Session(bind=connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            tx = Tx(session, now, self._wall.now(), self._zone, unit.actor, self._chain_key, newest)
            result = unit.work(tx)
            session.flush()
            self._finish(tx)
            session.commit()
        return tx, result

    def _now(self, newest: Head) -> datetime:
        """Return the instant of the next fact: never before the newest one, and not far behind it at all."""
        now = self._clock.now()
        if newest.at is None or now >= newest.at:
            return now
        if newest.at - now > TOLERATED_STEP_BACK:
            raise Refused(
                f"This machine's clock says {now:%Y-%m-%d %H:%M:%S} UTC, but the desk's newest entry is from "
                f"{newest.at:%Y-%m-%d %H:%M:%S} UTC: set the clock right, then try again.",
                code="clock",
            )
        return newest.at


def _in_transaction(connection: Connection) -> bool:
    return bool(getattr(connection.connection.dbapi_connection, "in_transaction", True))
