"""Reading the policies in force, accepting them, and suggesting what a clause should say instead."""

from datetime import datetime

import msgspec

from agentconsole.domain.untrusted import NOTHING, Untrusted
from agentconsole.wire.command import Command
from agentconsole.wire.query import Query


class AcceptPolicy(Command, frozen=True):
    """Accept the version of a policy that is in force, after reading it to its end; `code` is spent by it."""

    pack: str
    version: int
    code: str


class Suggest(Command, frozen=True):
    """Suggest what a clause of the version in force should say instead."""

    pack: str
    clause: str
    text: str


class SettleSuggestion(Command, frozen=True):
    """Decide on a suggestion: `disposition` is taken or declined, and its author reads the reason."""

    number: int
    disposition: str
    reason: str


class ReadMyPolicies(Query, frozen=True):
    """Read the policies in force as `MyPolicies`."""


class ReadClauses(Query, frozen=True):
    """Read a version of a policy (0: the one in force) clause by clause as a `Clauses`."""

    pack: str
    version: int = 0


class ReadAcceptances(Query, frozen=True):
    """Read who has accepted the policies in force, or one of them, as `Acceptances`."""

    pack: str = ""


class ReadSuggestions(Query, frozen=True):
    """Read the suggestions as `Suggestions`, those that wait for a decision first; agents read their own."""


class MyPolicyRow(msgspec.Struct, frozen=True):
    """Show a policy and how the reader stands to it (instants in UTC).

    `version` is the one shown, `newest` the one in force. `accepted` is the newest that she accepted, 0 for none;
    without an acceptance (`owed`) there is new work only `until` then; what she accepted is to be read `again_at`.
    """

    pack: str
    title: Untrusted
    organisation: Untrusted
    version: int
    newest: int
    since: datetime
    revision: Untrusted
    brands: tuple[str, ...]
    clauses: int
    open_blanks: int = 0
    accepted: int = 0
    accepted_at: datetime | None = None
    owed: bool = False
    until: datetime | None = None
    again_at: datetime | None = None


class CarrierRow(msgspec.Struct, frozen=True):
    """Name what carries a clause: `kind` is clock, duty, message and so on; `change` is "", new or gone."""

    kind: str
    id: Untrusted
    words: Untrusted
    change: str = ""


class ClauseRow(msgspec.Struct, frozen=True):
    """Show a clause: its quote, its line in the document, what carries it.

    `change` is what happened to it since the version that the reader accepted: "", new, changed or gone.
    """

    id: str
    heading: Untrusted
    quote: Untrusted
    line: int
    carriers: tuple[CarrierRow, ...] = ()
    change: str = ""


class AcceptanceRow(msgspec.Struct, frozen=True):
    """Say how somebody stands to the `version` of a policy that is in force; instants are UTC.

    `accepted` is the newest that she accepted (0: none) and `at` when; she is `late` when there is no new work for her,
    and `overdue` when she should have read it again.
    """

    login: str
    role: str
    pack: str
    version: int
    accepted: int = 0
    at: datetime | None = None
    until: datetime | None = None
    late: bool = False
    again_at: datetime | None = None
    overdue: bool = False


class SuggestionRow(msgspec.Struct, frozen=True):
    """Show a suggestion and what became of it: `disposition` is open, taken or declined."""

    number: int
    pack: str
    version: int
    clause: str
    login: str
    at: datetime
    text: Untrusted
    disposition: str = "open"
    reason: Untrusted = NOTHING
    settled_by: str = ""
    settled_at: datetime | None = None


class MyPolicies(msgspec.Struct, frozen=True, tag=True):
    """Answer ReadMyPolicies."""

    rows: tuple[MyPolicyRow, ...]


class Clauses(msgspec.Struct, frozen=True, tag=True):
    """Answer ReadClauses; `changes` are against the version `against`, 0 where the reader accepted none before."""

    policy: MyPolicyRow
    clauses: tuple[ClauseRow, ...]
    against: int = 0


class Acceptances(msgspec.Struct, frozen=True, tag=True):
    """Answer ReadAcceptances."""

    rows: tuple[AcceptanceRow, ...]


class Suggestions(msgspec.Struct, frozen=True, tag=True):
    """Answer ReadSuggestions."""

    rows: tuple[SuggestionRow, ...]


ReadingCommand = AcceptPolicy | Suggest | SettleSuggestion
ReadingQuery = ReadMyPolicies | ReadClauses | ReadAcceptances | ReadSuggestions
ReadingAnswer = MyPolicies | Clauses | Acceptances | Suggestions
