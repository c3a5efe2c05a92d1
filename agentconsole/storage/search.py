"""Full-text search behind one interface: folded words in, ticket numbers out, newest first."""

import re
import unicodedata
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlmodel import Session

from agentconsole.domain.ticket import case_number
from agentconsole.storage.search_dialects import Form, dialect_of
from agentconsole.storage.transaction import Tx

_WORDS = re.compile(r"\w+")
LONGEST_TEXT = 100_000
MOST_TERMS = 12


def fold(text: str) -> str:
    """Return the words of a text without case, accents and punctuation, separated by spaces."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST_TEXT]).casefold()
    return " ".join(_WORDS.findall("".join(letter for letter in plain if not unicodedata.combining(letter))))


def opening_words(ticket: int, subject: str, name: str, email: str) -> str:
    """Return what a case is found by besides its entries: its number, its subject and its customer."""
    return f"{case_number(ticket)} {subject} {name} {email}"


def index(tx: Tx, ticket: int, text: str) -> None:
    """Make a text of a ticket findable."""
    folded = fold(text)
    if folded:
        spoken = dialect_of(tx.connection)
        tx.rows(spoken.index, ticket=ticket, body=spoken.document(folded))


def index_all(session: Session, texts: Iterable[tuple[int, str]]) -> None:
    """Make many texts findable at once, each given with its ticket."""
    spoken = dialect_of(session.connection())
    rows = [{"ticket": ticket, "body": spoken.document(folded)} for ticket, text in texts if (folded := fold(text))]
    if rows:
        session.execute(sa.text(spoken.index), rows)


def tickets_matching(connection: Connection, name: str) -> str:
    """Return the SQL that reads the tickets whose texts match the expression that is bound as `name` (`:name`)."""
    spoken = dialect_of(connection)
    return f"SELECT ticket FROM {spoken.table} WHERE {spoken.matches.format(name)}"  # noqa: S608 - bound


def match_expression(connection: Connection, text: str, form: Form) -> str:
    """Return the match expression of what was typed; "" without words."""
    terms = fold(text).split()[:MOST_TERMS]
    return dialect_of(connection).expression(terms, form) if terms else ""


def find(session: Session, text: str, limit: int) -> list[int]:
    """Return the tickets whose texts have all words of `text`, newest text first, each once.

    Beginnings of words are looked for only where whole words find too little, the last word's before all others': for
    a beginning the index joins all words that have it, which takes the longer the more texts there are.
    """
    found = _newest(session, text, Form.WORDS, limit)
    if len(found) < limit:
        found = _newest(session, text, Form.TYPING, limit)
    return found or _newest(session, text, Form.BEGINNINGS, limit)


def _newest(session: Session, text: str, form: Form, limit: int) -> list[int]:
    expression = match_expression(session.connection(), text, form)
    if not expression:
        return []
    newest = sa.text(dialect_of(session.connection()).newest)
    rows = session.execute(newest, {"match": expression, "many": limit * 4})
    return list(dict.fromkeys(int(row[0]) for row in rows))[:limit]
