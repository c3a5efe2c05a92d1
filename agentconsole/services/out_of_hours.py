"""Telling a customer that her mail came outside the desk's hours, where the policy of its brand promises that."""

from dataclasses import replace
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from agentconsole.domain.calendar import Calendar
from agentconsole.domain.errors import Refused
from agentconsole.domain.meeting_window import zone_named
from agentconsole.domain.out_of_hours import Volume, hours_of, message_for, text_for
from agentconsole.domain.terms import Channel
from agentconsole.services.automatic import send_automatic
from agentconsole.services.context import DeskContext
from agentconsole.storage.tables.customer import Customer
from agentconsole.storage.tables.raw_mail import FETCHED, RawMail
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.transaction import Tx


def tell_hours(tx: Tx, desk: DeskContext, ticket: Ticket, mail: RawMail) -> None:
    """Send the brand's out-of-hours message for a mail that came when the desk was closed, and has been since.

    It goes once for each mail at most, under the same caps as every automatic mail (`services.automatic`). A mail from
    before the desk's last opening gets its answer instead, and so does one that an administrator brings: it is old.
    """
    if not mail.source.startswith(FETCHED):
        return
    for applied in desk.shelf.applied(ticket.brand_id, tx.now):
        hours = hours_of(applied.pack, Channel.EMAIL)
        message = message_for(applied.pack, Channel.EMAIL, Volume.NORMAL, mail.received_at)
        if hours is None or message is None or _was_open(hours, mail.received_at, tx.now):
            continue
        zone = _zone_of(tx.get_one(Customer, ticket.customer_id))
        send_automatic(tx, desk, ticket, replace(message, text=text_for(message, hours, tx.now, zone)))


def _was_open(hours: Calendar, since: datetime, now: datetime) -> bool:
    return any(opening <= now for opening, _ in islice(hours.openings(since), 1))


def _zone_of(customer: Customer) -> ZoneInfo | None:
    try:
        return zone_named(customer.zone) if customer.zone else None
    except Refused:
        return None
