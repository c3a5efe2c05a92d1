"""Taking back: a held mail first, then one's own last change, unless somebody has built on it."""

from collections.abc import Mapping
from enum import StrEnum

from sqlmodel import col, select

from agentconsole.domain.errors import Refused
from agentconsole.domain.terms import Priority, Status
from agentconsole.domain.ticket import case_number
from agentconsole.services.tickets import asker, find_ticket, mark, state_of
from agentconsole.storage.tables.contact import Contact
from agentconsole.storage.tables.draft import Draft
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.tables.undo import Undo
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import Tx

_NOT_LEFT = ("held", "queued")
_LEFT = {
    "sending": "is leaving",
    "sent": "has left",
    "unknown": "may have left",
    "failed": "has failed",
    "taken_back": "was taken back",
}
_WORDS: Mapping[str, type[StrEnum]] = {"status": Status, "priority": Priority}


def take_back(tx: Tx) -> tuple[Ticket, str]:
    """Take back my held mail, else my last change; returns the ticket and the sentence that says what it was."""
    me = asker(tx)
    last = _last_change(tx, me.id or 0)
    if last is None:
        raise Refused("There is nothing of yours to take back.")
    ticket = find_ticket(tx, last.ticket_id)
    if last.outbox_id is not None:
        _take_mail_back(tx, last, me.id or 0)
    _restore(tx, ticket, last)
    last.done = True
    number = case_number(ticket.id or 0)
    kept = "; the text is your draft again" if last.outbox_id is not None else ""
    return ticket, f"Taken back: {last.verb} of case {number}{kept}."


def _last_change(tx: Tx, me: int) -> Undo | None:
    mine = select(Undo).where(Undo.user_id == me, col(Undo.done).is_(False)).order_by(col(Undo.id).desc()).limit(1)
    # A mail whose hold is over and that has not left is in no hurry: it takes its turn among the other changes.
    held = mine.join(Outbox, col(Outbox.id) == Undo.outbox_id).where(
        Outbox.state == "held", Outbox.not_before > tx.wall
    )
    return tx.session.exec(held).first() or tx.session.exec(mine).first()


def _take_mail_back(tx: Tx, last: Undo, me: int) -> None:
    mail = tx.session.get_one(Outbox, last.outbox_id)
    if mail.state not in _NOT_LEFT:
        raise Refused(f"Too late: the mail to {mail.recipient} {_LEFT[mail.state]}. Write again to correct it.")
    mail.state = "taken_back"
    contact = tx.session.get_one(Contact, mail.contact_id)
    contact.taken_back = True
    draft = tx.session.get(Draft, (me, mail.ticket_id, "reply"))
    if draft is None:
        draft = Draft(user_id=me, ticket_id=mail.ticket_id, kind="reply", text="", saved_at=tx.now)
        tx.session.add(draft)
    draft.text = f"{contact.text}\n\n{draft.text}" if draft.text else contact.text


def _restore(tx: Tx, ticket: Ticket, last: Undo) -> None:
    before = dict(last.before)
    after = before.pop("after")
    fresh = before.pop("fresh", ticket.fresh)
    promised = before.pop("promised", None)
    now = state_of(ticket)
    changed = [name for name in before if before[name] != after[name]]
    built_on = [name for name in changed if now[name] != after[name]]
    if built_on:
        number = case_number(ticket.id or 0)
        raise Refused(f"Not taken back: the {' and '.join(built_on)} of case {number} was changed again since.")
    for name in changed:
        setattr(ticket, name, _WORDS[name](str(before[name])) if name in _WORDS else before[name])
    mark(tx, ticket, "ticket.undone", verb=last.verb)
    if promised is not None:
        mark(tx, ticket, "ticket.promise_withdrawn", ref=promised)
    if last.outbox_id is not None:
        ticket.fresh = bool(fresh)
    if "owner_id" in changed:
        owner = tx.session.get(User, ticket.owner_id) if ticket.owner_id is not None else None
        mark(tx, ticket, "ticket.owner", owner=owner.login if owner else "")
    if "priority" in changed:
        mark(tx, ticket, "ticket.priority", priority=ticket.priority.value, before=after["priority"])
    if "status" in changed:
        mark(tx, ticket, "ticket.status", status=ticket.status.value, reason="undo")
