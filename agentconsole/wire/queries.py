"""What a session asks to see: one frozen struct a question, naming the row type that answers it."""

from agentconsole.wire.duties import DutyQuery
from agentconsole.wire.policies import PolicyQuery
from agentconsole.wire.policy_reading import ReadingQuery
from agentconsole.wire.query import Query
from agentconsole.wire.windows import ReadWindow


class ReadQueue(Query, frozen=True):
    """Read a page of `mine`, `team` or `unassigned` as a `QueuePage`; `after` is the key of the row before the page."""

    view: str = "mine"
    filter: str = ""
    after: tuple[int, int, int] | None = None
    limit: int = 200


class ReadCase(Query, frozen=True):
    """Read one ticket as a `CaseView`."""

    ticket: int


class ExplainClock(Query, frozen=True):
    """Explain a clock of a ticket as a `Why`; an empty standard explains the one that decides its place."""

    ticket: int
    standard: str = ""


class ReadTemplates(Query, frozen=True):
    """Read the reply templates as a tuple of `TemplateRow`."""


class ReadPeople(Query, frozen=True):
    """Read who is at the desk as a tuple of `PersonRow`."""


class Search(Query, frozen=True):
    """Find tickets by number, customer, subject and text, newest first, as a tuple of `SearchRow`."""

    text: str
    limit: int = 20


class ReadUsers(Query, frozen=True):
    """Read all users as a tuple of `UserRow`."""


class ReadAddresses(Query, frozen=True):
    """Read the allow-list as `Addresses`."""


class ReadBrands(Query, frozen=True):
    """Read the brands as a tuple of `BrandRow`."""


class ReadStatus(Query, frozen=True):
    """Read how the desk is as a `DeskStatus`; `doctor` looks deeper and takes longer."""

    doctor: bool = False


class ReadBlanks(Query, frozen=True):
    """Read what the packs in force leave open as a tuple of `BlankRow`."""


class VerifyAudit(Query, frozen=True):
    """Walk the event log as an `AuditReport`, against what was anchored outside: (desk, number, hash) of events."""

    anchors: tuple[tuple[str, int, str], ...] = ()


AnyQuery = (
    ReadQueue
    | ReadCase
    | ExplainClock
    | ReadTemplates
    | ReadPeople
    | Search
    | ReadUsers
    | ReadAddresses
    | ReadBrands
    | ReadStatus
    | VerifyAudit
    | ReadBlanks
    | PolicyQuery
    | ReadingQuery
    | DutyQuery
    | ReadWindow
)
