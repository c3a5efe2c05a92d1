"""The filter language of the lists, read into a tree that a query can turn into SQL."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NoReturn

from agentconsole.domain.errors import Gap, Refused
from agentconsole.domain.terms import Channel, ClockState, Priority, Status
from agentconsole.domain.text import clean_line

TEXT_LIMIT = 400
TERMS_LIMIT = 24

STATES = {
    state.value.lower(): state
    for state in (
        ClockState.LIVE,
        ClockState.DUE,
        ClockState.LATE,
        ClockState.SOON,
        ClockState.OK,
        ClockState.WAIT,
        ClockState.SHUT,
    )
}
FLAGS = ("unassigned", "escalated", "new", "reopened", "draft", "promise")
CHANNELS = {
    "em": Channel.EMAIL,
    "ph": Channel.PHONE,
    "ch": Channel.CHAT,
    "so": Channel.SOCIAL,
    "wi": Channel.WALKIN,
    "vm": Channel.VOICEMAIL,
}
NEXT_VERBS = (
    "answer",
    "reply",
    "call",
    "greet",
    "letter",
    "ack",
    "review",
    "guide",
    "sign",
    "promise",
    "resolve",
    "check",
    "accept",
)
FIELDS = ("ch", "st", "prio", "tag", "cust", "next", "brand", "from")
TIMES = ("due", "age", "idle", "created", "updated")
_CHOICES: dict[str, tuple[str, ...]] = {
    "ch": tuple(CHANNELS),
    "st": tuple(Status),
    "prio": tuple(Priority),
    "next": NEXT_VERBS,
}
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "wd": timedelta(days=1)}
_TOKEN = re.compile(r'(?:"[^"]*(?:"|\Z)|[^\s"])+')
_ATOM = re.compile(r'(?:"[^"]*"|[^|"])+')
_TIME = re.compile(r"([a-z]+)([<>])(.*)", re.DOTALL)
_SPAN = re.compile(r"(\d{1,4})([a-z]*)")
_FIELD = re.compile(r"([a-z]+):(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class State:
    """Keep tickets whose deciding clock stands so."""

    state: ClockState


@dataclass(frozen=True, slots=True)
class Flag:
    """Keep tickets that carry one of `FLAGS`."""

    name: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Keep tickets of a person, by login; `mine` and `@me` are read as the asker's own login."""

    login: str


@dataclass(frozen=True, slots=True)
class Number:
    """Keep the ticket of this case number, written with its check digit or without."""

    number: str


@dataclass(frozen=True, slots=True)
class FieldIs:
    """Keep tickets whose field has one of `values`: enumerated for ch, st, prio, next; else lower-case text to find."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimeCompare:
    """Compare a time of the ticket.

    With `span`: time left of `due`, or time gone by since the ticket was opened (`age`, `created`), the customer or
    the desk last wrote (`idle`), or anything changed (`updated`). With `day`: that instant against the start of the
    day in the desk's zone. A working day counts as 24 hours here: a list has no single calendar.
    """

    field: str
    less: bool
    span: timedelta | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """Keep tickets in whose subject, customer, number or text this is found; `quoted` asks for the exact words."""

    text: str
    quoted: bool = False


Atom = State | Flag | Owner | Number | FieldIs | TimeCompare | Words


@dataclass(frozen=True, slots=True)
class Term:
    """Keep what any of `atoms` keeps, or what none does if `negated`; `text` is how it was written."""

    atoms: tuple[Atom, ...]
    negated: bool
    text: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Keep what all terms keep."""

    terms: tuple[Term, ...]


def parse(text: str, me: str) -> Filter:
    """Read a filter typed by `me` (a login). Raises Refused with a sentence that points at the wrong piece."""
    if len(text) > TEXT_LIMIT:
        raise Refused(f"The filter is {len(text)} characters long; at most {TEXT_LIMIT} are read.")
    tokens = _TOKEN.findall(text)
    if len(tokens) > TERMS_LIMIT:
        raise Refused(f"The filter has {len(tokens)} terms; at most {TERMS_LIMIT} are read.")
    return Filter(tuple(_term(token, me) for token in tokens))


def completions(
    text: str, *, people: tuple[str, ...] = (), tags: tuple[str, ...] = (), brands: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Return what the last, unfinished piece of `text` may become, each as the whole new text, best first."""
    head, last = _last_piece(text)
    field, colon, typed = last.partition(":")
    if colon:
        known = {**_CHOICES, "tag": tags, "brand": brands}.get(field, ())
        head, last = text[: len(text) - len(typed.rpartition(",")[2])], typed.rpartition(",")[2]
        return tuple(head + value for value in known if value.startswith(last) and value != last)
    words = (
        *STATES,
        "mine",
        *FLAGS,
        *(f"{name}:" for name in FIELDS),
        *(f"{name}<" for name in TIMES),
        *(f"@{login}" for login in people),
    )
    return tuple(head + word for word in words if last and word.startswith(last) and word != last)


def _last_piece(text: str) -> tuple[str, str]:
    """Split off what follows the last space, bar or leading minus."""
    start = max(text.rfind(" "), text.rfind("|")) + 1
    if text[start : start + 1] == "-":
        start += 1
    return text[:start], text[start:].lower()


def _term(token: str, me: str) -> Term:
    negated = token.startswith("-") and len(token) > 1
    body = token[1:] if negated else token
    if body.count('"') % 2:
        _point(token, "the quote is not closed")
    if body.startswith("|") or body.endswith("|") or "||" in re.sub(r'"[^"]*"', "x", body):
        _point(token, "a word is missing beside |")
    return Term(tuple(_atom(piece, me) for piece in _ATOM.findall(body)), negated, token)


def _atom(piece: str, me: str) -> Atom:
    if '"' in piece and ":" not in piece.partition('"')[0]:
        return Words(piece.replace('"', "").lower(), quoted=True)
    word = piece.lower()
    if word.startswith("is:"):
        return _named(word[3:], me) or _point(piece, f"is: takes {' '.join((*STATES, 'mine', *FLAGS))}")
    return _named(word, me) or _marked(word, me) or _compared(word) or _field(piece) or Words(word)


def _named(word: str, me: str) -> Atom | None:
    if word in STATES:
        return State(STATES[word])
    if word == "mine":
        return Owner(me)
    return Flag(word) if word in FLAGS else None


def _marked(word: str, me: str) -> Atom | None:
    if word.startswith("@"):
        if not re.fullmatch(r"@[\w.\-]{1,64}", word):
            _point(word, "after @ comes a person's login, as in @bo")
        return Owner(me if word == "@me" else word[1:])
    if word.startswith("#"):
        if not re.fullmatch(r"#\d{1,12}(-\d)?", word, re.ASCII):
            _point(word, "after # comes a case number, as in #4471")
        return Number(word[1:])
    return None


def _compared(word: str) -> TimeCompare | None:
    found = _TIME.fullmatch(word)
    if found is None:
        return None
    field, sign, amount = found.groups()
    if field not in TIMES:
        _point(word, f"only {' '.join(TIMES)} can be compared")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", amount, re.ASCII):
        try:
            return TimeCompare(field, sign == "<", day=date.fromisoformat(amount))
        except ValueError:
            _point(word, "there is no such day")
    span = _SPAN.fullmatch(amount)
    if span is None:
        _point(word, "a time is 10m 2h 1d 3wd or a day like 2026-11-23")
    if span[2] not in _UNITS:
        _point(word, f"unit must be {' '.join(_UNITS)}")
    return TimeCompare(field, sign == "<", span=int(span[1]) * _UNITS[span[2]])


def _field(piece: str) -> FieldIs | None:
    found = _FIELD.fullmatch(piece.lower())
    # "http://…" and "10:30" are words to search for.
    if found is None or found[2].startswith("//"):
        return None
    field = found[1]
    if field not in FIELDS:
        _point(piece, f"no field {field}; fields are {' '.join(FIELDS)}")
    values = tuple(value.strip() for value in found[2].replace('"', "").split(","))
    if not all(values):
        _point(piece, f"a value is missing after {field}:")
    return FieldIs(field, tuple(_choice(piece, field, value) for value in values))


def _choice(piece: str, field: str, value: str) -> str:
    if field == "ch":
        value = next((short for short, channel in CHANNELS.items() if channel == value), value)
    if field in _CHOICES and value not in _CHOICES[field]:
        _point(piece, f"{field}: takes {' '.join(_CHOICES[field])}")
    return CHANNELS[value] if field == "ch" else value


def _point(piece: str, sentence: str) -> NoReturn:
    raise Refused(f"{clean_line(piece, 40)}  -- {sentence}", gaps=(Gap("filter", sentence),), code="filter")
