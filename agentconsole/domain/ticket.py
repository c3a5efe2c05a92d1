"""A ticket's life cycle as a table of moves, and its case number with the check digit."""

from dataclasses import dataclass
from enum import StrEnum

from agentconsole.domain.errors import Refused
from agentconsole.domain.terms import Status


class Deed(StrEnum):
    """Name what moves a ticket through its life; several leave it where it is."""

    TAKE = "take"
    REPLY = "reply"
    REPLY_RESOLVE = "reply_resolve"
    REPLY_WAIT = "reply_wait"
    NOTE = "note"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    WAIT = "wait"
    CUSTOMER_WROTE = "customer_wrote"
    CLOSE_AFTER_DAYS = "close_after_days"
    MERGE = "merge"


class Guard(StrEnum):
    """Name what must hold beside the status; the service that moves the ticket checks it."""

    REASON = "reason"
    TEXT = "text"
    RECIPIENT = "recipient"
    QUIET_DAYS = "quiet_days"
    OTHER_TICKET = "other_ticket"
    REOPENS = "reopens"


@dataclass(frozen=True, slots=True)
class Move:
    """Allow `deed` in `status`; it leads to `to` when the guards hold."""

    status: Status
    deed: Deed
    to: Status
    guards: tuple[Guard, ...] = ()


_SEND = (Guard.TEXT, Guard.RECIPIENT)
_NEW, _OPEN, _WAITING, _RESOLVED, _CLOSED = Status.NEW, Status.OPEN, Status.WAITING, Status.RESOLVED, Status.CLOSED

MOVES: tuple[Move, ...] = (
    Move(_NEW, Deed.TAKE, _OPEN),
    Move(_NEW, Deed.REPLY, _OPEN, _SEND),
    Move(_NEW, Deed.REPLY_RESOLVE, _RESOLVED, _SEND),
    Move(_NEW, Deed.REPLY_WAIT, _WAITING, (*_SEND, Guard.REASON)),
    Move(_NEW, Deed.NOTE, _NEW, (Guard.TEXT,)),
    Move(_NEW, Deed.RESOLVE, _RESOLVED),
    Move(_NEW, Deed.WAIT, _WAITING, (Guard.REASON,)),
    Move(_NEW, Deed.CUSTOMER_WROTE, _NEW),
    Move(_NEW, Deed.MERGE, _CLOSED, (Guard.OTHER_TICKET,)),
    Move(_OPEN, Deed.TAKE, _OPEN),
    Move(_OPEN, Deed.REPLY, _OPEN, _SEND),
    Move(_OPEN, Deed.REPLY_RESOLVE, _RESOLVED, _SEND),
    Move(_OPEN, Deed.REPLY_WAIT, _WAITING, (*_SEND, Guard.REASON)),
    Move(_OPEN, Deed.NOTE, _OPEN, (Guard.TEXT,)),
    Move(_OPEN, Deed.RESOLVE, _RESOLVED),
    Move(_OPEN, Deed.WAIT, _WAITING, (Guard.REASON,)),
    Move(_OPEN, Deed.CUSTOMER_WROTE, _OPEN),
    Move(_OPEN, Deed.MERGE, _CLOSED, (Guard.OTHER_TICKET,)),
    Move(_WAITING, Deed.TAKE, _WAITING),
    Move(_WAITING, Deed.REPLY, _OPEN, _SEND),
    Move(_WAITING, Deed.REPLY_RESOLVE, _RESOLVED, _SEND),
    Move(_WAITING, Deed.REPLY_WAIT, _WAITING, (*_SEND, Guard.REASON)),
    Move(_WAITING, Deed.NOTE, _WAITING, (Guard.TEXT,)),
    Move(_WAITING, Deed.RESOLVE, _RESOLVED),
    Move(_WAITING, Deed.REOPEN, _OPEN),
    Move(_WAITING, Deed.WAIT, _WAITING, (Guard.REASON,)),
    Move(_WAITING, Deed.CUSTOMER_WROTE, _OPEN),
    Move(_WAITING, Deed.MERGE, _CLOSED, (Guard.OTHER_TICKET,)),
    # A last word on a resolved ticket does not open it again; waiting for an answer does.
    Move(_RESOLVED, Deed.REPLY, _RESOLVED, _SEND),
    Move(_RESOLVED, Deed.REPLY_RESOLVE, _RESOLVED, _SEND),
    Move(_RESOLVED, Deed.REPLY_WAIT, _WAITING, (*_SEND, Guard.REASON)),
    Move(_RESOLVED, Deed.NOTE, _RESOLVED, (Guard.TEXT,)),
    Move(_RESOLVED, Deed.REOPEN, _OPEN),
    Move(_RESOLVED, Deed.CUSTOMER_WROTE, _OPEN, (Guard.REOPENS,)),
    Move(_RESOLVED, Deed.CLOSE_AFTER_DAYS, _CLOSED, (Guard.QUIET_DAYS,)),
    Move(_RESOLVED, Deed.MERGE, _CLOSED, (Guard.OTHER_TICKET,)),
    Move(_CLOSED, Deed.NOTE, _CLOSED, (Guard.TEXT,)),
    Move(_CLOSED, Deed.REOPEN, _OPEN, (Guard.REASON,)),
    Move(_CLOSED, Deed.CUSTOMER_WROTE, _OPEN, (Guard.REOPENS,)),
)
_TABLE = {(move.status, move.deed): move for move in MOVES}
_BY_ITSELF = frozenset({Deed.CUSTOMER_WROTE, Deed.CLOSE_AFTER_DAYS})


def allowed(status: Status) -> tuple[Move, ...]:
    """Return the moves that are possible in `status`."""
    return tuple(move for move in MOVES if move.status is status)


def move(status: Status, deed: Deed) -> Status:
    """Return the status that `deed` leads to; refuse, naming what is possible, what the table does not allow."""
    found = _TABLE.get((status, deed))
    if found is None:
        possible = ", ".join(_words(other.deed) for other in allowed(status) if other.deed not in _BY_ITSELF)
        raise Refused(f"A case that is {status} does not allow to {_words(deed)}. Possible: {possible}.", code="move")
    return found.to


def guards(status: Status, deed: Deed) -> tuple[Guard, ...]:
    """Return what must hold beside the status; refuse as `move` does."""
    move(status, deed)
    return _TABLE[status, deed].guards


_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_MOST_DIGITS = 18


def case_number(ticket_id: int) -> str:
    """Return a ticket's number as it is quoted: the id, a dash and a Damm check digit (001-127).

    The digit tells every single wrong digit and every swap of neighbours, so a number can be quoted by voice.
    """
    if ticket_id < 0:
        raise ValueError("a case number is not negative")
    return f"{ticket_id}-{_check_digit(str(ticket_id))}"


def parse_case_number(text: str) -> int | None:
    """Return the id that a case number means, with or without its check digit and a leading #; None if it is none."""
    number, dash, check = text.strip().removeprefix("#").partition("-")
    if not (number.isascii() and number.isdigit()) or len(number) > _MOST_DIGITS:
        return None
    digits = str(int(number))
    if dash and check != str(_check_digit(digits)):
        return None
    return int(digits)


def _check_digit(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim


def _words(deed: Deed) -> str:
    return deed.value.replace("_", " and " if deed in (Deed.REPLY_RESOLVE, Deed.REPLY_WAIT) else " ")
