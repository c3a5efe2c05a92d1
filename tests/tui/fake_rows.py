"""The tickets, templates and people of the desk in memory."""

from datetime import UTC, datetime, timedelta

from agentconsole.wire.rows import ClockRow, PersonRow, QueueRow, TemplateRow
from tests.rows import built

NOW = datetime(2026, 11, 23, 5, 12, tzinfo=UTC)
"""Monday, 10:42 at the desk in Kolkata."""

PASSWORD = "correct horse"
CODE = "492039"
QR = tuple("█" * 39 for _ in range(20))


def clock(left: float, *, target: float = 7200, live: bool = False, frozen: str = "", **more: object) -> ClockRow:
    """Return a running clock with so many seconds left, and the thresholds of UX 9.1."""
    due = min(max(target * 0.1, 600), target * 2 / 3)
    return ClockRow(
        kind="next_response",
        standard="reply",
        clause="Ecom 3",
        text="email within 2 hours in business hours",
        as_of=NOW,
        left=left,
        live=live,
        frozen=frozen,
        due_below=due,
        soon_below=target / 4,
        target=target,
        due_at=NOW + timedelta(seconds=left),
        zone="Asia/Kolkata",
        **more,
    )


def row(ticket: int, customer: str, subject: str, clock_row: ClockRow | None, **more: object) -> QueueRow:
    """Return a row of the queue, owned by ana unless said otherwise."""
    values: dict[str, object] = {
        "ticket": ticket,
        "number": str(ticket),
        "version": 1,
        "tier": "ok",
        "channel": "email",
        "customer": customer,
        "email": "someone@example.org",
        "subject": subject,
        "owner": "ana",
        "status": "open",
        "priority": "normal",
        "brand": "ecolab",
        "next": "reply",
        "key": (1, ticket, ticket),
        "clock": clock_row,
    }
    return built(QueueRow, **{**values, **more})


def sample_rows() -> list[QueueRow]:
    """Return the queue of the wireframes, as far as mail and its neighbours go, in the desk's order."""
    return [
        row(4490, "Priya Nair", "Is the 2 L flask in stock?", clock(41, target=60, live=True), channel="chat",
            next="answer", fresh=True, tier="LIVE", waiting_text="Hi, is the 2 L flask in stock?"),
        row(4471, "Rosa Prado", "Refund for order 4471 not received", clock(252), flags="C", fresh=True, tier="DUE",
            waiting_text="I still have no answer about my order."),
        row(4486, "0091 98xx 21", "Voicemail 0:48, asks for invoice", clock(363), channel="voicemail", next="call",
            tier="DUE"),
        row(4402, "Dora Ng", "Complaint: holding letter due", clock(-1300), flags="C", next="letter", tier="LATE"),
        row(4433, "Bill Okafor", "Re: wrong size delivered", clock(-7500), flags="R", tier="LATE"),
        row(4488, "@fernbots", 'mention: "any update??"', clock(2300, target=14400), channel="social", tier="SOON"),
        row(4489, "山田太郎", "配送が届きません", clock(6000, target=7200), fresh=True),
        row(4485, "Lars Holm", "Price list (US hours)", clock(4500, frozen="SHUT"), channel="email"),
        row(4420, "Fatima B.", "Photos of the damage", clock(11400, frozen="WAIT"), status="waiting", next="--",
            tier="WAIT"),
        row(4451, "Escort Ltd", "Trolley broken", clock(9000, target=86400), owner="chen"),
        row(4460, "Eero Salo", "Returned with guidance", clock(3060, target=7200), owner="bo", flags="E"),
        row(4500, "Ida Berg", "Where is my parcel?", clock(5000, target=7200), owner="", status="new"),
        row(4501, "Omar K", "Delivery on Saturday?", clock(6900, target=7200), owner="", status="new"),
    ]  # fmt: skip


def wild_rows() -> list[QueueRow]:
    """Return rows whose letters take more than a cell, none, or what each terminal thinks right."""
    names = (
        "Σofía Ñandú",
        "山田太郎 한글",
        "Jose\u0301 Nu\u0303ez",
        "❤\ufe0f 👍🏽",
        "👨\u200d👩\u200d👧 Kim",
        "🇩🇪 Post",
        "กุ้ง ①☺",
    )
    return [
        row(9001 + at, name, f"{name} asks about order {at}", clock(252), waiting_text=f"{name}: hello?", tier="DUE")
        for at, name in enumerate(names)
    ]


TEMPLATES = (
    built(
        TemplateRow, "ref", "Refund delayed", "Dear {{customer_name}},\n\nyour refund is on its way.\n\n{{agent_name}}"
    ),
    built(TemplateRow, "clo", "Closing question", "Is there anything else I can do for you?"),
)
PEOPLE = (
    built(PersonRow, "ana", "Ana Costa", "agent", 9, 3, 2, online=True),
    built(PersonRow, "bo", "Bo Lind", "agent", 7, 0, 1, online=True),
    built(PersonRow, "chen", "Chen Wei", "agent", 6, 1, 0),
    built(PersonRow, "sam", "Sam Rao", "supervisor", 0, 0, 0, online=True),
)
