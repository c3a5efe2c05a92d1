"""How a transaction meets PostgreSQL, which may restart: tried again for a while, and never done twice or by half."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlmodel import Session

from agentconsole.domain.errors import Refused
from agentconsole.storage.link import Proof, in_transaction
from agentconsole.storage.postgres_batch import batch
from agentconsole.storage.postgres_lock import BEGIN, ENDED
from agentconsole.storage.postgres_outage import Outage
from agentconsole.storage.postgres_wall import AS_ACTOR
from agentconsole.storage.sending import Sending

Result = TypeVar("Result")

PATIENCE = 20.0
"""Seconds for which what somebody asked for is tried again before they are told that it cannot be done."""
READING_PATIENCE = 2.0
"""Seconds for which somebody who only looks is kept waiting."""
PAUSE = 0.1
_GOING = ("57P01", "57P02", "57P03")
"""SQLSTATEs of a server that stops, was killed, or is not ready yet; class 08 is a link that failed."""
_NEVER_BEGUN = "22023"
"""SQLSTATE about a number that was not given out yet: a crash took with it all that its transaction had written."""
_UNREACHED = "The desk's database cannot be reached: nothing was done. Do it again when the desk has it back."
_UNREAD = "The desk is reconnecting to its database: this cannot be read now. What you typed is kept."
_IN_DOUBT = "The database was lost while it saved: look whether this was done before you do it again."


class _Lost(Exception):
    """Report that the link was lost, with the number of a transaction whose commit may have been done."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


class Reconnecting:
    """Run transactions on a database that may go away for a while; all that run on it know of the same outage."""

    def __init__(self, outage: Outage, patience: float = PATIENCE, reading: float = READING_PATIENCE) -> None:
        self._outage = outage
        self._patience = patience
        self._reading = reading

    def write(
        self, engine: Engine, work: Callable[[Connection], Result], proof: Proof[Result] = lambda _connection, _: True
    ) -> Result:
        """Run work under the desk's lock, commit it, and return what it returned.

        Where the link is lost the work is done anew, unless its commit had been asked for and was done: which the
        database is asked, and `proof`. Refuses what could not be done in time, and what nobody can tell of.
        """
        results: list[Result] = []
        while True:
            try:
                result = _once(engine, work, results)
            except _Lost as lost:
                since = self._outage.lost()
                if lost.number and self._was_committed(engine, lost.number, lambda link: proof(link, results[-1])):
                    return results[-1]
            else:
                self._outage.over()
                return result
            if time.monotonic() > since + self._patience:
                raise Refused(_UNREACHED, code="down")
            time.sleep(PAUSE)

    def read(self, engine: Engine, query: Callable[[Session], Result]) -> Result:
        """Run a query in a transaction of its own, again where the link is lost; refuses when it cannot be had."""
        while self._outage.is_worth_a_try(self._reading):
            found: list[Result] = []
            try:
                _look(engine, query, found)
            except (sa.exc.DBAPIError, psycopg.Error) as error:
                if not is_lost(error):
                    raise
            if found:
                self._outage.over()
                return found[0]
            if time.monotonic() > self._outage.lost() + self._reading:
                break
            time.sleep(PAUSE)
        raise Refused(_UNREAD, code="down")

    def _was_committed(
        self, engine: Engine, number: str, is_there: Callable[[Connection], bool] = lambda _: True
    ) -> bool:
        """Ask the database how a transaction ended, as soon as it can be asked; refuses to guess.

        After a crash another may have got its number: of one that was committed, what it wrote must be there.
        """
        deadline = time.monotonic() + self._patience
        while time.monotonic() < deadline:
            try:
                with engine.connect() as connection:
                    ended = connection.exec_driver_sql(ENDED, _named(number)).scalar()
                    if ended == "committed" and not is_there(connection):
                        return False
            except sa.exc.DBAPIError as error:
                if getattr(error.orig, "sqlstate", "") == _NEVER_BEGUN:
                    return False
                if not is_lost(error):
                    raise
                self._outage.lost()
                ended = "in progress"
            else:
                self._outage.over()
            if ended != "in progress":
                return bool(ended == "committed")
            time.sleep(PAUSE)
        raise Refused(_IN_DOUBT, code="down")

    def sending(self, connection: Connection) -> Sending:
        """Send what nobody waits for together with what somebody does."""
        return Sending(connection, batch)

    def speak_for(self, sending: Sending, login: str) -> None:
        """Say whose the next events are, to the end of the transaction: they are held against it."""
        sending.later(AS_ACTOR, (login,))


def is_lost(error: BaseException | None) -> bool:
    """Tell whether an error is about the link and not about the statement."""
    if isinstance(error, sa.exc.DBAPIError):
        return error.connection_invalidated or is_lost(error.orig)
    if not isinstance(error, psycopg.OperationalError):
        return False
    return error.sqlstate is None or error.sqlstate in _GOING or error.sqlstate.startswith("08")


def _named(number: str) -> tuple[str, str, str]:
    """Return what `ENDED` binds of what `BEGIN` told: when the number was given out, and the number."""
    transaction, _, began = number.partition(" ")
    return began, transaction, transaction


def _look(engine: Engine, query: Callable[[Session], Result], found: list[Result]) -> None:
    """Run a query once; `found` gets what it returned, also where the link is lost while its transaction ends."""
    with Session(engine, autoflush=False) as session:
        try:
            found.append(query(session))
        except (sa.exc.DBAPIError, psycopg.Error) as error:
            if is_lost(error):
                session.invalidate()
            raise


def _once(engine: Engine, work: Callable[[Connection], Result], results: list[Result]) -> Result:
    """Run work once; `results` gets what it returned before the commit is asked for."""
    try:
        connection = engine.connect()
    except sa.exc.DBAPIError as error:
        if is_lost(error):
            raise _Lost("") from error
        raise
    asked = ""
    with connection:
        try:
            with connection.begin(), _given_up_where_lost(connection):
                number = str(connection.exec_driver_sql(BEGIN).one()[0])
                results.append(work(connection))
                asked = number
        except BaseException as error:
            if not in_transaction(connection):
                raise _Lost(asked) from error
            raise
        return results[-1]


@contextmanager
def _given_up_where_lost(connection: Connection) -> Iterator[None]:
    """Ask nothing more of a connection whose link was lost, also not to roll back."""
    try:
        yield
    except BaseException:
        if not in_transaction(connection):
            connection.invalidate()
        raise
