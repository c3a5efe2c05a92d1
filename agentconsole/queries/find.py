"""Finding tickets by what somebody remembers: a case number, a customer, a word."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from agentconsole.domain.ticket import case_number, parse_case_number
from agentconsole.domain.untrusted import Untrusted
from agentconsole.storage import search
from agentconsole.storage.tables.customer import Customer
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.tables.user import User
from agentconsole.wire.rows import SearchRow

MOST_FOUND = 100


def find_tickets(session: Session, text: str, limit: int) -> tuple[SearchRow, ...]:
    """Return tickets, newest text first; a ticket whose number was typed comes before all others."""
    limit = max(1, min(limit, MOST_FOUND))
    numbers = search.find(session, text, limit)
    named = parse_case_number(text.strip().lstrip("#"))
    if named is not None:
        numbers = [named, *(number for number in numbers if number != named)]
    rows = _rows(session, numbers)
    return tuple(rows[number] for number in numbers if number in rows)[:limit]


def _rows(session: Session, numbers: Sequence[int]) -> dict[int, SearchRow]:
    found = session.exec(
        select(Ticket, Customer.name, User.login)
        .join(Customer, col(Customer.id) == Ticket.customer_id)
        .join(User, col(User.id) == Ticket.owner_id, isouter=True)
        .where(col(Ticket.id).in_(numbers))
    ).all()
    return {
        ticket.id or 0: SearchRow(
            ticket.id or 0,
            case_number(ticket.id or 0),
            Untrusted(name),
            Untrusted(ticket.subject),
            ticket.status.value,
            owner or "",
        )
        for ticket, name, owner in found
    }
