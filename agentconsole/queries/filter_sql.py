"""The filter language as SQL: one bound condition a term, over `ticket` joined with `customer` and `owner`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from agentconsole.domain.filters import Atom, FieldIs, Filter, Flag, Number, Owner, State, Term, TimeCompare, Words
from agentconsole.domain.queue import Tier
from agentconsole.domain.terms import ClockState
from agentconsole.domain.ticket import parse_case_number
from agentconsole.storage.search import match_expression, tickets_matching
from agentconsole.storage.search_dialects import Form
from agentconsole.storage.types import micros

_FLAGS: Mapping[str, str] = {
    "unassigned": "t.owner_id IS NULL",
    "escalated": "t.escalated_to IS NOT NULL",
    "new": "t.status = 'new'",
    "reopened": "EXISTS (SELECT 1 FROM event e WHERE e.ticket = t.id AND e.kind = 'ticket.status'"
    ' AND e.body LIKE \'%"reason":"reopened"%\')',
    "draft": "EXISTS (SELECT 1 FROM draft d WHERE d.ticket_id = t.id AND d.user_id = :me)",
    "promise": "EXISTS (SELECT 1 FROM event e WHERE e.ticket = t.id AND e.kind = 'ticket.promised')",
}
_STARVING: Mapping[ClockState, str] = {ClockState.LATE: "OR t.starving", ClockState.DUE: "AND NOT t.starving"}
_LOWER_NAME = "lower(c.name)"
# What differs in PostgreSQL, where a database's own rules may know the letters of ASCII only.
_ON_POSTGRES: Mapping[str, str] = {_LOWER_NAME: 'lower(c.name COLLATE "und-x-icu")', "instr": "strpos"}
_COLUMNS: Mapping[str, str] = {"ch": "t.channel", "st": "t.status", "prio": "t.priority", "next": "t.next_verb"}
_TEXTS: Mapping[str, tuple[str, ...]] = {
    "cust": (_LOWER_NAME, "c.email"),
    "from": ("c.email",),
    "brand": ("t.brand_id",),
    "tag": ("lower(CAST(t.tags AS text))",),
}
_TIMES: Mapping[str, str] = {
    "due": "t.due_at",
    "age": "t.opened_at",
    "created": "t.opened_at",
    "idle": "coalesce((SELECT max(k.at) FROM contact k WHERE k.ticket_id = t.id AND k.kind <> 'note'), t.opened_at)",
    "updated": "t.updated_at",
}


@dataclass(slots=True)
class Condition:
    """Collect SQL and its bound values; every value from outside is bound, never written into the text."""

    now: datetime
    zone: ZoneInfo
    connection: Connection
    bound: dict[str, object] = field(default_factory=dict)

    def bind(self, value: object) -> str:
        """Bind a value and return its name in the SQL."""
        name = f"f{len(self.bound)}"
        self.bound[name] = value
        return f":{name}"

    def spoken(self, sql: str) -> str:
        """Return a piece of SQL as the database at the other end of the connection has it."""
        return _ON_POSTGRES.get(sql, sql) if self.connection.dialect.name == "postgresql" else sql


def where(kept: Filter, condition: Condition) -> str:
    """Return the SQL condition of a filter; empty when it keeps everything."""
    return " AND ".join(term_sql(term, condition) for term in kept.terms)


def term_sql(term: Term, condition: Condition) -> str:
    """Return the SQL condition of one term."""
    either = " OR ".join(_atom(atom, condition) for atom in term.atoms)
    return f"NOT ({either})" if term.negated else f"({either})"


def _atom(atom: Atom, condition: Condition) -> str:
    return _WRITERS[type(atom)](atom, condition)


def _state(atom: State, condition: Condition) -> str:
    # A starving case stands among those that are DUE, and is LATE.
    if atom.state in _STARVING:
        rank = condition.bind(Tier.of_state(atom.state).rank)
        return f"(t.tier = {rank} {_STARVING[atom.state]})"
    return f"t.tier = {condition.bind(Tier.of_state(atom.state).rank)}"


def _flag(atom: Flag, _condition: Condition) -> str:
    return _FLAGS[atom.name]


def _owner(atom: Owner, condition: Condition) -> str:
    return f"o.login = {condition.bind(atom.login)}"


def _number(atom: Number, condition: Condition) -> str:
    return f"t.id = {condition.bind(parse_case_number(atom.number) or 0)}"


def _field(atom: FieldIs, condition: Condition) -> str:
    if atom.field in _COLUMNS:
        return f"{_COLUMNS[atom.field]} IN ({', '.join(condition.bind(value) for value in atom.values)})"
    within = condition.spoken("instr")
    columns = [condition.spoken(column) for column in _TEXTS[atom.field]]
    found = [f"{within}({column}, {condition.bind(value)}) > 0" for column in columns for value in atom.values]
    return f"({' OR '.join(found)})"


def _time(atom: TimeCompare, condition: Condition) -> str:
    column = _TIMES[atom.field]
    if atom.day is not None:
        start = datetime(atom.day.year, atom.day.month, atom.day.day, tzinfo=condition.zone)
        return f"{column} {'<' if atom.less else '>='} {condition.bind(micros(start))}"
    span = atom.span or timedelta(0)
    if atom.field == "due":
        return f"{column} {'<' if atom.less else '>'} {condition.bind(micros(condition.now + span))}"
    # "age<2d" keeps what happened less than two days ago, so a later instant.
    return f"{column} {'>' if atom.less else '<'} {condition.bind(micros(condition.now - span))}"


def _words(atom: Words, condition: Condition) -> str:
    expression = match_expression(condition.connection, atom.text, Form.PHRASE if atom.quoted else Form.BEGINNINGS)
    if not expression:
        return "false"
    return f"t.id IN ({tickets_matching(condition.connection, condition.bind(expression))})"


_WRITERS: Mapping[type, Callable[..., str]] = {
    State: _state,
    Flag: _flag,
    Owner: _owner,
    Number: _number,
    FieldIs: _field,
    TimeCompare: _time,
    Words: _words,
}
