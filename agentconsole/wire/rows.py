"""What a query returns: frozen rows, ready to draw. Instants are UTC; lengths of time are seconds.

A text that somebody wrote is `Untrusted`; a `str` is a word of the desk: a state, a login, a number, a pack's text.
"""

from datetime import datetime

import msgspec

from agentconsole.domain.untrusted import NOTHING, Untrusted


class ClockRow(msgspec.Struct, frozen=True):
    """Show one clock. `left` is what was left at `as_of`; it runs down while `running`, and stands still otherwise.

    `frozen` says why it stands still: "WAIT" (paused) or "SHUT" (outside hours, until `resumes_at`), "" when it runs.
    The word changes at `due_below` and `soon_below` seconds left. `met_at` ends it. A clock without a number has
    `left` None and says why in `reason`. Phone clocks carry the ring length and the rings promised.
    """

    kind: str
    standard: str
    clause: str
    text: str
    as_of: datetime
    left: float | None = None
    running: bool = True
    frozen: str = ""
    live: bool = False
    due_below: float = 0.0
    soon_below: float = 0.0
    target: float | None = None
    due_at: datetime | None = None
    started_at: datetime | None = None
    met_at: datetime | None = None
    breached_at: datetime | None = None
    used: float | None = None
    resumes_at: datetime | None = None
    business: bool = False
    zone: str = "UTC"
    ring: float | None = None
    rings: int | None = None
    reason: str = ""


class QueueRow(msgspec.Struct, frozen=True):
    """Show one ticket in a list, in the order of UX section 10. `key` is its place for paging."""

    ticket: int
    number: str
    version: int
    tier: str
    channel: str
    customer: Untrusted
    email: Untrusted
    subject: Untrusted
    owner: str
    status: str
    priority: str
    brand: str
    next: str
    key: tuple[int, int, int]
    clock: ClockRow | None = None
    flags: str = ""
    tags: tuple[Untrusted, ...] = ()
    starving: bool = False
    fresh: bool = False
    waiting_text: Untrusted = NOTHING


class Counts(msgspec.Struct, frozen=True):
    """Count what the status bar shows."""

    mine: int = 0
    team: int = 0
    unassigned: int = 0
    late: int = 0
    due: int = 0


class QueuePage(msgspec.Struct, frozen=True):
    """Return a page of a view. `total` counts what the filter keeps; `emptied_by` says which term emptied it."""

    view: str
    filter: str
    rows: tuple[QueueRow, ...]
    total: int
    counts: Counts
    as_of: datetime
    more: bool = False
    emptied_by: Untrusted = NOTHING
    drafts: tuple[int, ...] = ()


class AttachmentRow(msgspec.Struct, frozen=True):
    """Name an attachment: cleaned name, type, size in bytes, content hash."""

    name: Untrusted
    content_type: Untrusted
    size: int
    sha256: str


class ContactRow(msgspec.Struct, frozen=True):
    """Show one entry of a history; `delivery`: "", held, queued, sending, sent, unknown, failed or taken back.

    `auth` is what our own mail server said of the sender's address: "", pass, fail or none.
    """

    id: int
    at: datetime
    kind: str
    author: str
    name: Untrusted
    channel: str
    text: Untrusted
    quoted: Untrusted = NOTHING
    email: Untrusted = NOTHING
    delivery: str = ""
    delivery_note: Untrusted = NOTHING
    verdict: str = ""
    auth: str = ""
    fresh: bool = False
    attachments: tuple[AttachmentRow, ...] = ()


class CustomerRow(msgspec.Struct, frozen=True):
    """Show who the customer is."""

    id: int
    name: Untrusted
    email: Untrusted
    phone: Untrusted
    zone: Untrusted
    language: Untrusted
    since: datetime
    tickets: int
    note: Untrusted = NOTHING


class DraftRow(msgspec.Struct, frozen=True):
    """Carry a draft: `kind` is reply, note or escalate, `cursor` its (line, column), `seen` the version it answers."""

    ticket: int
    kind: str
    text: Untrusted
    cursor: tuple[int, int]
    seen: int
    saved_at: datetime


class OthersDraft(msgspec.Struct, frozen=True):
    """Say that somebody else has begun a text on a ticket; what it says is hers alone."""

    login: str
    kind: str
    saved_at: datetime


class CaseView(msgspec.Struct, frozen=True):
    """Show one ticket whole; over `money_limit` (decimal, "" for none) its policy asks for approval.

    `drafts` are the asker's own, the latest first, at most one of a kind.
    """

    ticket: int
    number: str
    version: int
    subject: Untrusted
    status: str
    priority: str
    channel: str
    brand: str
    brand_name: Untrusted
    from_address: Untrusted
    kind: str
    owner: str
    escalated_to: str
    tags: tuple[Untrusted, ...]
    opened_at: datetime
    next: str
    tier: str
    flags: str
    contacts: tuple[ContactRow, ...]
    clocks: tuple[ClockRow, ...]
    deciding: str
    customer: CustomerRow
    drafts: tuple[DraftRow, ...] = ()
    others_drafts: tuple[OthersDraft, ...] = ()
    link_to: str = ""
    allowed: tuple[str, ...] = ()
    hints: tuple[Untrusted, ...] = ()
    as_of: datetime | None = None
    money_limit: str = ""
    money_clause: str = ""


class TemplateRow(msgspec.Struct, frozen=True):
    """Carry a reply template: `abbr` is what the agent types after a semicolon; `then` is send's default outcome."""

    abbr: str
    title: Untrusted
    text: Untrusted
    brand: str = ""
    language: str = "en"


class PersonRow(msgspec.Struct, frozen=True):
    """Name someone at the desk, with what she carries now."""

    login: str
    name: Untrusted
    role: str
    open: int = 0
    late: int = 0
    due: int = 0
    since: datetime | None = None
    online: bool = False


class WatcherRow(msgspec.Struct, frozen=True):
    """Name somebody who has a ticket on the screen since then, and whether she writes to it."""

    login: str
    since: datetime
    writing: bool = False


class PresenceRow(msgspec.Struct, frozen=True):
    """Say who is at a ticket now, who came first in front; nobody is an empty tuple."""

    ticket: int
    people: tuple[WatcherRow, ...]


class UserRow(msgspec.Struct, frozen=True):
    """Show a user to an administrator. `factor` is enrolled, waiting, or off."""

    login: str
    name: Untrusted
    role: str
    factor: str
    disabled: bool
    last_sign_in: datetime | None = None
    unix: str = ""


class AddressRow(msgspec.Struct, frozen=True):
    """Show a rule of the allow-list: a role, a range, what people call it, and how many sessions it lets in now."""

    role: str
    range: str
    label: str = ""
    sessions: int = 0


class BrandRow(msgspec.Struct, frozen=True):
    """Show a brand: its short name, what customers read, the policy it is under, and its mailbox's address."""

    brand: str
    name: Untrusted
    pack: str
    address: Untrusted


class Why(msgspec.Struct, frozen=True):
    """Explain a clock or an order, line by line; `pack`, its `version` and `clause` say which rule it is, if one.

    `standard` is whose clock it is, `others` are those of the ticket's other clocks.
    """

    title: str
    lines: tuple[Untrusted, ...]
    pack: str = ""
    version: int = 0
    clause: str = ""
    standard: str = ""
    others: tuple[str, ...] = ()


class Finding(msgspec.Struct, frozen=True):
    """Report one thing that `doctor` looked at: level is ok, note, warn or bad."""

    level: str
    subject: str
    sentence: Untrusted


class ServerRow(msgspec.Struct, frozen=True):
    """Say of one server what it does: `silent` seconds since it counted on, `behind` changes of others not read yet."""

    name: Untrusted
    me: bool
    since: datetime
    silent: float
    sessions: int
    leases: tuple[Untrusted, ...] = ()
    behind: int = 0


class DeskStatus(msgspec.Struct, frozen=True):
    """Say what is running, since when, and how far behind."""

    desk: Untrusted
    version: str
    pid: int
    since: datetime
    sessions: int
    tickets_live: int
    outbox_waiting: int
    outbox_unknown: int
    jobs_waiting: int
    mailboxes: tuple[Untrusted, ...] = ()
    schema: str = ""
    findings: tuple[Finding, ...] = ()
    servers: tuple[ServerRow, ...] = ()


class AuditReport(msgspec.Struct, frozen=True):
    """Report a walk over the event log; `anchor` is the line that names its newest event, to be kept outside."""

    events: int
    sound: bool
    sentence: Untrusted
    anchor: str = ""


class BlankRow(msgspec.Struct, frozen=True):
    """Show what a policy leaves open: the question, the sentence it comes from, the proposal and its reason."""

    pack: str
    blank: str
    clause: str
    question: str
    sentence: str
    proposal: str
    reason: str
    answer: Untrusted | None = None


class SearchRow(msgspec.Struct, frozen=True):
    """Show one hit of a search in the palette."""

    ticket: int
    number: str
    customer: Untrusted
    subject: Untrusted
    status: str
    owner: str
