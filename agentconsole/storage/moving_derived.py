"""What follows from the rows of a moved desk: the index of their words, and where the database counts on."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.engine import Connection, Engine

from agentconsole.domain.errors import Refused
from agentconsole.storage.moving_tables import moving_tables
from agentconsole.storage.search import fold, opening_words
from agentconsole.storage.search_dialects import dialect_of

_PAGE = 500
_TEXTS = (
    "SELECT c.id, c.ticket_id, CASE c.author WHEN 'desk' THEN '' ELSE c.text END, t.subject, u.name, u.email,"
    " c.id = (SELECT min(first.id) FROM contact first WHERE first.ticket_id = c.ticket_id)"
    " FROM contact c JOIN ticket t ON t.id = c.ticket_id JOIN customer u ON u.id = t.customer_id"
    " WHERE c.id > {} ORDER BY c.id LIMIT {}"
)
_INDEX = {
    "sqlite": "INSERT INTO search_doc (rowid, ticket, body) VALUES (?, ?, ?)",
    "postgresql": "INSERT INTO search_doc (id, ticket, body) OVERRIDING SYSTEM VALUE VALUES (%s, %s, %s::tsvector)",
}
_NEWEST = {"sqlite": "SELECT max(rowid) FROM search_doc", "postgresql": "SELECT max(id) FROM search_doc"}
_COUNTS_ON = (
    'SELECT setval(pg_get_serial_sequence(\'"{0}"\', \'{1}\'), coalesce((SELECT max("{1}") FROM "{0}"), 1),'
    ' EXISTS (SELECT 1 FROM "{0}"))'
)


class WordIndex:
    """Index the texts of a target, entry after entry. What a killed one did is found by its numbers.

    The words of an entry have twice its number, those of a case one less than its first entry's.
    """

    def __init__(self, writing: Engine, *, anew: bool, told: Callable[[str, int], None]) -> None:
        self._writing = writing
        self._told = told
        with writing.begin() as connection:
            if anew:
                connection.exec_driver_sql("DELETE FROM search_doc")
            newest = connection.exec_driver_sql(_NEWEST[connection.dialect.name]).scalar()
        self._after = int(newest or 0) // 2

    def catch_up(self) -> None:
        """Index what is not yet."""
        while self._page():
            pass

    def _page(self) -> bool:
        with self._writing.begin() as connection:
            rows = connection.exec_driver_sql(_TEXTS.format(self._after, _PAGE)).fetchall()
            if rows:
                words = _words(connection, rows)
                if words:
                    connection.exec_driver_sql(_INDEX[connection.dialect.name], words)
                self._after = rows[-1][0]
        self._told("search_doc", len(rows))
        return len(rows) == _PAGE


def _words(connection: Connection, rows: Sequence[Any]) -> list[tuple[int, int, str]]:
    document = dialect_of(connection).document
    found = []
    for entry, ticket, text, subject, name, email, first in rows:
        texts = [(2 * entry - 1, opening_words(ticket, subject, name, email))] if first else []
        for number, words in (*texts, (2 * entry, text)):
            if folded := fold(words):
                found.append((number, ticket, document(folded)))
    return found


def count_on(connection: Connection) -> None:
    """Have PostgreSQL count on behind the last number of each table; a file does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    counted = [(table.name, table.counted) for table in moving_tables() if table.counted]
    for name, column in (*counted, ("search_doc", "id")):
        connection.exec_driver_sql(_COUNTS_ON.format(name, column))


def check_references(connection: Connection) -> None:
    """Refuse rows in a file that refer to rows which are not there; PostgreSQL never let them in."""
    if connection.dialect.name == "sqlite":
        loose = len(connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall())
        if loose:
            raise Refused(f"The copy has {loose} loose references: is a disk failing? Nothing was moved.")
