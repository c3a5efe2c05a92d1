"""Rosa Prado's ticket: the case that the tests of case view and composer look at."""

from datetime import UTC, datetime, timedelta

from agentconsole.wire.rows import (
    AttachmentRow,
    CaseView,
    ClockRow,
    ContactRow,
    CustomerRow,
    DraftRow,
    QueueRow,
    TemplateRow,
)
from tests.rows import built

NOW = datetime(2026, 11, 23, 5, 12, tzinfo=UTC)
"""10:42 at the desk in Kolkata, a Monday."""

COMPLAINT = (
    "I still have no answer about my order. This is the third time I write. I want to complain. "
    "I also paid for tracked shipping and nobody told me anything."
)


def contact(number: int, at: datetime, text: str, **more: object) -> ContactRow:
    """Build one entry of the history; a message of the customer unless said otherwise."""
    fields: dict[str, object] = {
        "kind": "message",
        "author": "customer",
        "name": "Rosa Prado",
        "channel": "email",
        "email": "rosa@example.org",
    }
    return built(ContactRow, id=number, at=at, text=text, **{**fields, **more})


HISTORY = (
    contact(
        1,
        datetime(2026, 11, 17, 3, 42, tzinfo=UTC),
        "I sent back order 4471 on 3 Nov. The tracking says you have it. When do I get my $140?",
        attachments=(built(AttachmentRow, "label.pdf", "application/pdf", 120_000, "ab"),),
    ),
    contact(
        2,
        datetime(2026, 11, 17, 5, 32, tzinfo=UTC),
        "Thank you, we are checking with the warehouse and will write within two days.",
        author="agent",
        name="Bo",
        delivery="sent",
        verdict="in time 1h50",
    ),
    contact(
        3,
        datetime(2026, 11, 18, 9, 50, tzinfo=UTC),
        "Warehouse: parcel received 9 Nov, not booked in. Asked Tomas to book it.",
        kind="note",
        author="agent",
        name="Bo",
    ),
    contact(
        4,
        datetime(2026, 11, 23, 3, 16, tzinfo=UTC),
        COMPLAINT,
        quoted="\n".join(f"line {number} of what Bo wrote" for number in range(1, 13)),
        fresh=True,
    ),
)

CLOCKS = (
    ClockRow(
        kind="next_response",
        standard="email.next",
        clause="Ecom 3",
        text="email within 2 hours during business hours",
        as_of=NOW,
        left=252.0,
        due_below=720.0,
        soon_below=1800.0,
        target=7200.0,
        due_at=NOW + timedelta(seconds=252),
        business=True,
        zone="Asia/Kolkata",
    ),
    ClockRow(
        kind="acknowledge",
        standard="complaint.ack",
        clause="Ecom 14",
        text="complaints are acknowledged",
        as_of=NOW,
        running=False,
        reason="no form yet",
    ),
    ClockRow(
        kind="resolution",
        standard="resolve",
        clause="Playbook 2",
        text="escalated cases are resolved within 48 hours",
        as_of=NOW,
        left=165_600.0,
        soon_below=43_200.0,
        target=172_800.0,
        due_at=NOW + timedelta(seconds=165_600),
        zone="Asia/Kolkata",
    ),
    ClockRow(
        kind="first_response",
        standard="email.first",
        clause="Ecom 3",
        text="email within 2 hours during business hours",
        as_of=NOW,
        left=600.0,
        running=False,
        target=7200.0,
        used=6600.0,
        met_at=datetime(2026, 11, 17, 5, 32, tzinfo=UTC),
    ),
)

CUSTOMER = built(
    CustomerRow,
    id=7,
    name="Rosa Prado",
    email="rosa@example.org",
    phone="+351 21 000 0000",
    zone="Europe/Lisbon",
    language="en",
    since=datetime(2019, 3, 1, tzinfo=UTC),
    tickets=3,
)


def rosa(**changes: object) -> CaseView:
    """Build Rosa's ticket, with some of its fields changed."""
    fields: dict[str, object] = {
        "ticket": 4471,
        "number": "4471-8",
        "version": 5,
        "subject": "RE: Refund for order 4471 not received",
        "status": "open",
        "priority": "high",
        "channel": "email",
        "brand": "ecolab",
        "brand_name": "Eco Lab Supply",
        "from_address": "care@ecolab.example",
        "kind": "",
        "owner": "ana",
        "escalated_to": "",
        "tags": ("refund", "return-late"),
        "opened_at": HISTORY[0].at,
        "next": "reply",
        "tier": "due",
        "flags": "C*",
        "contacts": HISTORY,
        "clocks": CLOCKS,
        "deciding": "email.next",
        "customer": CUSTOMER,
        "hints": ('The words "I want to complain": tell the supervisor (x).',),
        "as_of": NOW,
        "money_limit": "100",
    }
    return built(CaseView, **{**fields, **changes})


def draft(text: str, *, kind: str = "reply") -> DraftRow:
    """Build a draft that the desk kept half an hour ago."""
    at = NOW - timedelta(minutes=30)
    return built(DraftRow, ticket=4471, kind=kind, text=text, cursor=(0, len(text)), seen=5, saved_at=at)


ROW = built(
    QueueRow,
    ticket=4471,
    number="4471-8",
    version=5,
    tier="due",
    channel="email",
    customer="Rosa Prado",
    email="rosa@example.org",
    subject="RE: Refund for order 4471 not received",
    owner="ana",
    status="open",
    priority="high",
    brand="ecolab",
    next="reply",
    key=(1, 252, 4471),
    clock=CLOCKS[0],
)

TEMPLATES = (
    built(
        TemplateRow,
        "ref",
        "Refund delayed",
        "Dear {{customer_name}},\n\nI am sorry about the delay of your refund (case {{case_number}}).\n\n"
        "Kind regards,\n{{agent_name}}, {{brand_name}}",
    ),
    built(
        TemplateRow,
        "shp",
        "Parcel on its way",
        "Dear {{customer_name}},\n\nit will be with you by {{date_promised}}.\n\nKind regards,\n{{agent_name}}",
    ),
    built(TemplateRow, "clo", "Closing question", "Is there anything else I can do for you?"),
    built(TemplateRow, "clo", "Closing question of another brand", "Anything else?", brand="ecomstore"),
)
