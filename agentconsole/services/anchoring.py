"""The anchor by mail: each day the newest event goes to a mailbox outside of the desk's host (PROMISES 20)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, select

from agentconsole.domain.anchor import Anchor
from agentconsole.domain.errors import Gap, Refused
from agentconsole.domain.mail import Address, Outgoing
from agentconsole.services.context import DeskContext
from agentconsole.storage.events import head
from agentconsole.storage.tables.desk import Desk
from agentconsole.storage.tables.mailbox import Mailbox
from agentconsole.storage.transaction import Tx

EVERY = timedelta(hours=24)
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")
_TEXT = """\
This names the newest event in the log of the desk "{desk}".

{anchor}

Keep this mail where whoever runs the desk's host cannot change it: by it, and
by nothing on that host, is it seen that a log was cut off or written anew.
To compare, save such mails into a file, and on the desk's host say
`agentconsole audit verify --anchors FILE`.
"""


@dataclass(frozen=True, slots=True)
class AnchorMail:
    """Carry a mail that is due, and the brand through whose mailbox it leaves."""

    brand: str
    mail: Outgoing


def set_address(tx: Tx, to: str) -> str:
    """Have the anchor mailed to an address from now on, or to nobody; returns what to say. Refuses what is no address.

    The first leaves at once, so that a wrong address is noticed at once.
    """
    to = to.strip()
    if to and not _ADDRESS.fullmatch(to):
        raise Refused("Not set: give an address like sam@example.com, or off.", gaps=(Gap("to", "an address"),))
    if to and tx.session.exec(select(Mailbox.brand_id).limit(1)).first() is None:
        raise Refused("Not set: no mailbox can send it. `agentconsole mail connect` connects one.")
    desk = tx.session.get_one(Desk, 1)
    desk.anchors_to, desk.anchors_at = to or None, None
    tx.record("anchors.mail", subject="on" if to else "off")
    if not to:
        return "The newest event is no longer mailed to anybody."
    return f"The newest event is mailed to {to} each day. The first mail leaves now: see that it comes."


def due(session: Session, desk: DeskContext, now: datetime) -> AnchorMail | None:
    """Return the mail that has to leave at `now` (UTC), None when none has."""
    row = session.get_one(Desk, 1)
    if not row.anchors_to or (row.anchors_at is not None and row.anchors_at <= now < row.anchors_at + EVERY):
        return None
    box = session.exec(select(Mailbox).order_by("brand_id").limit(1)).first()
    if box is None:
        raise Refused("No mailbox can send the anchor: `agentconsole mail connect` connects one.")
    newest = head(session)
    text = _TEXT.format(desk=row.name, anchor=Anchor(desk.uid, newest.seq, newest.hash).letter())
    return AnchorMail(
        box.brand_id,
        Outgoing(
            message_id=f"<anchor.{newest.seq}.{int(now.timestamp())}.{desk.uid[:8]}@{box.address.partition('@')[2]}>",
            from_=Address(desk.shelf.brand(box.brand_id).name, box.address),
            to=(Address("", row.anchors_to),),
            subject=f"Anchor of the desk's log: event {newest.seq}",
            text=text,
            in_reply_to="",
            references=(),
            reply_to=None,
            automatic=True,
        ),
    )


def mailed(tx: Tx) -> None:
    """Note that the anchor has left."""
    tx.session.get_one(Desk, 1).anchors_at = tx.wall
