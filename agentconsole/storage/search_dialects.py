"""Full-text search as each database has it: FTS5 in SQLite, tsvector in PostgreSQL; what is given to them is folded."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from sqlalchemy.engine import Connection

# FTS5 takes a word apart at what is no letter and no digit; \w has the underscore besides.
_PARTS = re.compile(r"[^\W_]+")
_LONGEST_WORD = 300
"""Letters of a word that PostgreSQL keeps: at 2,046 bytes it refuses the whole text."""
_LAST_PLACE = 16383


class Form(Enum):
    """Say what is looked for: one phrase, whole words, the last of which may be unfinished, or beginnings of words."""

    PHRASE = "phrase"
    WORDS = "words"
    TYPING = "typing"
    BEGINNINGS = "beginnings"


@dataclass(frozen=True, slots=True)
class Spoken:
    """Say how one database indexes a text, and how it finds texts again, newest first."""

    index: str
    table: str
    matches: str
    newest: str
    document: Callable[[str], str]
    expression: Callable[[Sequence[str], Form], str]


def dialect_of(connection: Connection) -> Spoken:
    """Return how the database at the other end is spoken to."""
    return _POSTGRES if connection.dialect.name == "postgresql" else _SQLITE


def _unfinished(terms: Sequence[str], form: Form) -> list[bool]:
    """Tell of each term whether it may be the beginning of a longer word."""
    last = len(terms) - 1
    return [form is Form.BEGINNINGS or (form is Form.TYPING and place == last) for place in range(len(terms))]


def _fts5_expression(terms: Sequence[str], form: Form) -> str:
    if form is Form.PHRASE:
        return f'"{" ".join(terms)}"'
    told = zip(terms, _unfinished(terms, form), strict=True)
    return " ".join(f'"{term}"*' if unfinished else f'"{term}"' for term, unfinished in told)


def _lexeme(word: str) -> str:
    # A word of letters and digits has neither quote nor backslash in it.
    return f"'{word[:_LONGEST_WORD]}'"


def _tsvector(folded: str) -> str:
    """Return the words with their places, as PostgreSQL reads a tsvector: its own parser would take addresses apart."""
    words = _PARTS.findall(folded)
    return " ".join(f"{_lexeme(word)}:{min(place, _LAST_PLACE)}" for place, word in enumerate(words, 1))


def _tsquery(terms: Sequence[str], form: Form) -> str:
    told = [
        (_PARTS.findall(term), unfinished) for term, unfinished in zip(terms, _unfinished(terms, form), strict=True)
    ]
    if form is Form.PHRASE:
        return " <-> ".join(_lexeme(part) for parts, _ in told for part in parts)
    return " & ".join(_word(parts, unfinished) for parts, unfinished in told if parts)


def _word(parts: Sequence[str], unfinished: bool) -> str:
    last = f"{_lexeme(parts[-1])}:*" if unfinished else _lexeme(parts[-1])
    return f"({' <-> '.join([*map(_lexeme, parts[:-1]), last])})"


_SQLITE = Spoken(
    index="INSERT INTO search_doc (ticket, body) VALUES (:ticket, :body)",
    table="search_doc",
    matches="search_doc MATCH {}",
    newest="SELECT ticket FROM search_doc WHERE search_doc MATCH :match ORDER BY rowid DESC LIMIT :many",
    document=str,
    expression=_fts5_expression,
)
_POSTGRES = Spoken(
    index="INSERT INTO search_doc (ticket, body) VALUES (:ticket, CAST(:body AS tsvector))",
    table="search_text",
    matches="body @@ CAST({} AS tsquery)",
    # Matched first and put in order then: else a rare word is looked for through all texts, newest first.
    newest="WITH found AS MATERIALIZED (SELECT id, ticket FROM search_text WHERE body @@ CAST(:match AS tsquery))"
    " SELECT ticket FROM found ORDER BY id DESC LIMIT :many",
    document=_tsvector,
    expression=_tsquery,
)
