"""How a transaction meets its database: at once, as with a file that is always there."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy.engine import Connection, Engine
from sqlmodel import Session

from agentconsole.storage.sending import Sending

Result = TypeVar("Result")
Proof = Callable[[Connection, Result], bool]
"""Tells by what a transaction wrote whether that is there; True where it cannot tell."""


class Link(Protocol):
    """Run transactions from their beginning to their end."""

    def write(self, engine: Engine, work: Callable[[Connection], Result], proof: Proof[Result]) -> Result:
        """Run work in a transaction, commit it, and return what it returned; `proof` is for who cannot know it did."""

    def read(self, engine: Engine, query: Callable[[Session], Result]) -> Result:
        """Run a query in a transaction of its own."""

    def sending(self, connection: Connection) -> Sending:
        """Return what a transaction's statements are sent by."""

    def speak_for(self, sending: Sending, login: str) -> None:
        """Tell the database whose use case comes next in this transaction."""


class Direct:
    """Run every transaction once."""

    def write(self, engine: Engine, work: Callable[[Connection], Result], proof: Proof[Result]) -> Result:
        """Run work in a transaction, commit it, and return what it returned."""
        with engine.connect() as connection, connection.begin():
            return work(connection)

    def read(self, engine: Engine, query: Callable[[Session], Result]) -> Result:
        """Run a query in a transaction of its own."""
        with Session(engine, autoflush=False) as session:
            return query(session)

    def sending(self, connection: Connection) -> Sending:
        """Send one after another: to a file there is no way that could be saved."""
        return Sending(connection)

    def speak_for(self, sending: Sending, login: str) -> None:
        """Tell nothing: a file asks no one who he is."""


def in_transaction(connection: Connection) -> bool:
    """Tell whether the database still has the transaction: a full disk makes it give it up, a lost link too."""
    if connection.invalidated:
        return False
    link = connection.connection.dbapi_connection
    return not getattr(link, "closed", False) and bool(getattr(link, "in_transaction", True))
