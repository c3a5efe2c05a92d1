"""What a desk begins with, before anything can be recorded: the desk's own row and its wrapped data key."""

from sqlalchemy.engine import Engine
from sqlmodel import Session

from agentconsole.storage.tables.crypto_key import CryptoKey
from agentconsole.storage.tables.desk import Desk

FIRST_KEY = "k1"


def lay_foundation(engine: Engine, desk: Desk, key: CryptoKey) -> None:
    """Write both rows in one transaction; the event log begins with the first use case after it."""
    with engine.begin() as connection, Session(connection) as session:
        session.add_all((desk, key))
        session.flush()


def read_foundation(engine: Engine) -> tuple[Desk, CryptoKey] | None:
    """Read both rows, detached; None where a founding was never completed."""
    with Session(engine) as session:
        return foundation_in(session)


def foundation_in(session: Session) -> tuple[Desk, CryptoKey] | None:
    """Read both rows in a transaction that there is."""
    desk, key = session.get(Desk, 1), session.get(CryptoKey, FIRST_KEY)
    session.expunge_all()
    return None if desk is None or key is None else (desk, key)
