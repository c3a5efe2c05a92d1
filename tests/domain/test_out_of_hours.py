"""Which message a customer gets while the desk is closed or has more to do than it can (000-23, 001-34, 002-26)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from agentconsole.config.packs import load_pack
from agentconsole.domain.out_of_hours import Volume, hours_of, message_for, text_for
from agentconsole.domain.terms import Channel

SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
OFFICIAL = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NORMAL, HIGH = Volume.NORMAL, Volume.HIGH


@pytest.mark.parametrize(
    ("situation", "pack", "channel", "volume", "at", "message"),
    [
        ("a call in hours is answered", "ecolab", Channel.PHONE, NORMAL, MONDAY, None),
        ("a call in hours when many call (000-23)", "ecolab", Channel.PHONE, HIGH, MONDAY, "high-volume-offer"),
        ("a call out of hours", "ecolab", Channel.PHONE, NORMAL, SUNDAY, "out-of-hours-phone"),
        ("closed comes before busy", "ecolab", Channel.PHONE, HIGH, SUNDAY, "out-of-hours-phone"),
        ("a chat that waits: what its standard offers", "ecolab", Channel.CHAT, HIGH, MONDAY, "chat-offer"),
        ("a chat out of hours", "ecolab", Channel.CHAT, NORMAL, SUNDAY, "out-of-hours-chat"),
        ("the document promises no answer by mail", "ecolab", Channel.EMAIL, NORMAL, SUNDAY, None),
        ("nor when it is busy", "ecolab", Channel.EMAIL, HIGH, MONDAY, None),
        ("a channel without hours is never closed", "ecolab", Channel.SOCIAL, NORMAL, SUNDAY, None),
        ("mail out of business hours", "ecomstore", Channel.EMAIL, NORMAL, SUNDAY, "out-of-hours-email"),
        ("mail in business hours", "ecomstore", Channel.EMAIL, NORMAL, MONDAY, None),
        ("the chat is open 24/7", "ecomstore", Channel.CHAT, NORMAL, SUNDAY, None),
        ("a call after official hours", "ist-desk", Channel.PHONE, NORMAL, SUNDAY, "out-of-hours-phone"),
        ("a call in official hours", "ist-desk", Channel.PHONE, NORMAL, OFFICIAL, None),
        ("it has no offer for a busy chat", "ist-desk", Channel.CHAT, HIGH, OFFICIAL, None),
    ],
)
def test_the_message_is_chosen_by_the_calendar_of_the_channel_and_by_how_busy_the_desk_is(
    situation: str, pack: str, channel: Channel, volume: Volume, at: datetime, message: str | None
) -> None:
    found = message_for(load_pack(pack), channel, volume, at)

    assert (found and found.id) == message, situation


def told(pack: str, channel: Channel, zone: str) -> str:
    """Return the text of the message that a contact on Sunday gets, for a customer in that zone."""
    kept = load_pack(pack)
    message, hours = message_for(kept, channel, NORMAL, SUNDAY), hours_of(kept, channel)
    assert message is not None
    assert hours is not None
    return text_for(message, hours, SUNDAY, ZoneInfo(zone) if zone else None)


def test_a_customer_whose_zone_is_known_reads_when_the_desk_opens_where_she_is() -> None:
    assert told("ecomstore", Channel.EMAIL, "Asia/Kolkata").endswith(
        "\n\nWe open again on Monday 23 November at 19:30 your time (Asia/Kolkata)."
    )


def test_without_a_zone_the_text_is_the_policys_own() -> None:
    assert told("ecomstore", Channel.EMAIL, "").endswith("our live chat is open at any hour.")


def test_a_documents_own_wording_is_not_added_to() -> None:
    assert told("ist-desk", Channel.CHAT, "Europe/London").endswith("preferable time to chat and Time Zone")
