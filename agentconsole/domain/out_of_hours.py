"""Which message a customer gets while the desk is closed, or has more to do than it can: by the pack's calendar."""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from agentconsole.domain.calendar import Calendar
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import ActionKind, Message, Pack
from agentconsole.domain.terms import Channel

OUT_OF_HOURS = "out-of-hours"
HIGH_VOLUME = "high-volume"
"""How the ids of these messages begin, in every pack; one for each channel that the document has one for."""

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


class Volume(StrEnum):
    """Say whether more customers call or chat than the desk reaches (000-23)."""

    NORMAL = "normal"
    HIGH = "high"


def hours_of(pack: Pack, channel: Channel) -> Calendar | None:
    """Return the calendar that says when a channel is open; None where the document names no hours for it."""
    name = pack.channel_calendars.get(channel)
    return pack.calendars[name] if name is not None else None


def message_for(pack: Pack, channel: Channel, volume: Volume, at: datetime) -> Message | None:
    """Return the message that a contact on a channel gets at `at`; None where the document promises none.

    Closed comes before busy: nobody is there to be busy. A channel without hours of its own is never closed. Where a
    pack has no message for high volume by name, it is the one that a standard of the channel offers by itself.
    """
    hours = hours_of(pack, channel)
    if hours is not None and not hours.is_open(at):
        return _named(pack, channel, OUT_OF_HOURS)
    if volume is Volume.HIGH:
        return _named(pack, channel, HIGH_VOLUME) or _offered(pack, channel)
    return None


def text_for(message: Message, hours: Calendar, at: datetime, zone: ZoneInfo | None) -> str:
    """Return the text of a message; with the customer's zone it says when the desk opens where she is.

    A document's own wording stays as it is, and so does a message of a desk that opens no more.
    """
    if zone is None or message.verbatim:
        return message.text
    try:
        opening = hours.next_opening(at).astimezone(zone)
    except Refused:
        return message.text
    day = f"{_DAYS[opening.weekday()]} {opening.day} {_MONTHS[opening.month - 1]}"
    return f"{message.text}\n\nWe open again on {day} at {opening:%H:%M} your time ({zone.key})."


def _named(pack: Pack, channel: Channel, begins: str) -> Message | None:
    found = [message for message in pack.messages if message.id.startswith(begins)]
    own = next((message for message in found if message.channel is channel), None)
    return own or next((message for message in found if message.channel is None), None)


def _offered(pack: Pack, channel: Channel) -> Message | None:
    for standard in pack.standards:
        for action in standard.actions:
            if action.kind is ActionKind.OFFER_MESSAGE_OR_CALLBACK and channel in standard.applies.channels:
                return pack.message(action.message)
    return None
