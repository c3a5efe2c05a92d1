"""Full-text search behind one interface: folded words in, ticket numbers out, newest first."""

import re
import unicodedata
from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import Session

from agentconsole.storage.transaction import Tx

_WORDS = re.compile(r"\w+")
_INDEX = "INSERT INTO search_doc (ticket, body) VALUES (:ticket, :body)"
LONGEST_TEXT = 100_000
MOST_TERMS = 12


def fold(text: str) -> str:
    """Return the words of a text without case, accents and punctuation, separated by spaces."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST_TEXT]).casefold()
    return " ".join(_WORDS.findall("".join(letter for letter in plain if not unicodedata.combining(letter))))


def index(tx: Tx, ticket: int, text: str) -> None:
    """Make a text of a ticket findable."""
    folded = fold(text)
    if folded:
        tx.rows(_INDEX, ticket=ticket, body=folded)


def index_all(session: Session, texts: Iterable[tuple[int, str]]) -> None:
    """Make many texts findable at once, each given with its ticket."""
    rows = [{"ticket": ticket, "body": folded} for ticket, text in texts if (folded := fold(text))]
    if rows:
        session.execute(sa.text(_INDEX), rows)


def match_expression(text: str, *, exact: bool = False) -> str:
    """Return the match expression of what was typed: words as prefixes, or the `exact` phrase; "" without words."""
    terms = fold(text).split()[:MOST_TERMS]
    if exact:
        return f'"{" ".join(terms)}"' if terms else ""
    return " ".join(f'"{term}"*' for term in terms)


def find(session: Session, text: str, limit: int) -> list[int]:
    """Return the tickets whose texts have all words of `text`, newest text first, each once."""
    expression = match_expression(text)
    if not expression:
        return []
    rows = session.execute(
        sa.text("SELECT ticket FROM search_doc WHERE search_doc MATCH :match ORDER BY rowid DESC LIMIT :many"),
        {"match": expression, "many": limit * 4},
    )
    return list(dict.fromkeys(int(row[0]) for row in rows))[:limit]
