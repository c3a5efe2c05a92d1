"""Mail whose time has come: taken under a lease, handed out as parcels, and in doubt when its lease runs out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from agentconsole.domain.mail import Address, Outgoing
from agentconsole.services.addressing import answer_address, desk_address
from agentconsole.services.context import DeskContext
from agentconsole.services.outbox_doubt import set_unknown
from agentconsole.storage.tables.contact import Contact
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.storage.tables.server import DeskServer
from agentconsole.storage.transaction import Tx

LEASE = timedelta(seconds=120)
_STOPPED = "the server stopped while it was being sent"


@dataclass(frozen=True, slots=True)
class Parcel:
    """Carry one mail that is to be sent now, out of the transaction that took it under the lease of this number."""

    outbox: int
    brand: str
    mail: Outgoing
    lease: int


def brands_with_work(session: Session, wall: datetime) -> tuple[str, ...]:
    """Return the brands that have mail to send or to look for, or a lease that ran out; writes nothing."""
    ready = (col(Outbox.state).in_(("held", "queued"))) & (col(Outbox.not_before) <= wall)
    lost = (col(Outbox.state) == "sending") & (col(Outbox.lease_until) < wall)
    doubt = (col(Outbox.state) == "unknown") & (col(Outbox.look_at) <= wall)
    return tuple(
        sorted({brand for wanted in (ready, lost, doubt) for brand in session.exec(_brands.where(wanted)).all()})
    )


_brands = select(Outbox.brand_id).distinct()


def collect(
    tx: Tx, desk: DeskContext, holder: str, limit: int = 10, *, brand: str = "", lease: int = 0
) -> tuple[Parcel, ...]:
    """Take mails (of one brand, or of all) whose time has come, under the holder's lease of that number.

    What was taken before and not heard of for too long is left `unknown`.
    """
    _expire(tx)
    ready = select(Outbox).where(col(Outbox.state).in_(("held", "queued")), Outbox.not_before <= tx.wall)
    if brand:
        ready = ready.where(Outbox.brand_id == brand)
    parcels = []
    for mail in tx.session.exec(ready.order_by("not_before", "id").limit(limit)).all():
        mail.state, mail.lease_by, mail.lease_until = "sending", holder, tx.wall + LEASE
        mail.lease_number = lease
        mail.attempts += 1
        parcels.append(_parcel(tx, desk, mail))
    return tuple(parcels)


def renew(tx: Tx, numbers: Collection[int]) -> None:
    """Hold on to mails that a slow server is still taking."""
    held = select(Outbox).where(col(Outbox.id).in_(numbers), Outbox.state == "sending")
    for mail in tx.session.exec(held).all():
        mail.lease_until = tx.wall + LEASE


def is_lost(session: Session, message_id: str, holder: str) -> bool:
    """Tell whether a mail is not the holder's to send any more: another server may have taken the holder for dead.

    What is not of the outbox nobody takes.
    """
    found = session.exec(select(Outbox.state, Outbox.lease_by).where(Outbox.message_id == message_id)).first()
    return found is not None and found != ("sending", holder)


def is_under(tx: Tx, parcel: Parcel, holder: str) -> bool:
    """Tell whether nobody has taken a mail since a parcel was made of it, and nobody decided about it."""
    mail = tx.session.get_one(Outbox, parcel.outbox)
    return (mail.lease_by, mail.lease_number) == (holder, parcel.lease) and mail.state in ("sending", "unknown")


def never_left(tx: Tx, outbox: int) -> None:
    """Let a mail go again that its server was kept from sending."""
    mail = tx.session.get_one(Outbox, outbox)
    mail.state, mail.lease_until, mail.look_at, mail.trouble = "queued", None, None, ""
    tx.touch(mail.ticket_id)


def abandon(tx: Tx) -> None:
    """Mark what servers that are gone were sending: nobody knows whether it left."""
    gone = col(Outbox.lease_by).not_in(select(DeskServer.id))
    for mail in tx.session.exec(select(Outbox).where(Outbox.state == "sending", gone)).all():
        set_unknown(tx, mail, _STOPPED)


def _expire(tx: Tx) -> None:
    lost = select(Outbox).where(
        Outbox.state == "sending", or_(col(Outbox.lease_until).is_(None), col(Outbox.lease_until) < tx.wall)
    )
    for mail in tx.session.exec(lost).all():
        set_unknown(tx, mail, _STOPPED)


def _parcel(tx: Tx, desk: DeskContext, mail: Outbox) -> Parcel:
    contact = tx.session.get_one(Contact, mail.contact_id)
    return Parcel(
        outbox=mail.id or 0,
        brand=mail.brand_id,
        lease=mail.lease_number,
        mail=Outgoing(
            message_id=mail.message_id,
            from_=desk_address(tx.session, desk, mail.brand_id),
            to=(Address("", mail.recipient),),
            subject=mail.subject,
            text=contact.text,
            in_reply_to=mail.in_reply_to,
            references=tuple(mail.references.split()),
            reply_to=answer_address(tx.session, desk, mail.brand_id, mail.ticket_id),
            automatic=mail.automatic,
        ),
    )
