"""What is asked about policies as the desk keeps them, versions and drafts, and the rows that answer it."""

from datetime import datetime

import msgspec

from agentconsole.domain.untrusted import Untrusted
from agentconsole.wire.command import Command
from agentconsole.wire.histories import Histories, ReadHistories
from agentconsole.wire.query import Query


class KeepDraft(Command, frozen=True):
    """Keep a policy's text (TOML) as the draft of its id, in place of the draft before; nothing comes into force."""

    text: str


class ActivateDraft(Command, frozen=True):
    """Put a draft into force as a new version, from `since` (None: at once); blanks may stay open `with_proposals`."""

    pack: str
    since: datetime | None = None
    with_proposals: bool = False


PolicyCommand = KeepDraft | ActivateDraft


class ReadPolicies(Query, frozen=True):
    """Read the policies that the desk keeps, or one of them, as `Policies`."""

    pack: str = ""


class ReadPolicyText(Query, frozen=True):
    """Read the text of a policy as `PolicyText`; `which` is a version's number, "draft", or "" for what is in force."""

    pack: str
    which: str = ""


PolicyQuery = ReadPolicies | ReadPolicyText | ReadHistories


class VersionRow(msgspec.Struct, frozen=True):
    """Show a version of a policy, or its draft: then `version` is 0 and `since` is when it was kept.

    `state` is in force, waits, was, or draft. `sha256` is over text and answers, as the event log has it.
    """

    version: int
    state: str
    since: datetime
    author: str
    revision: str
    sha256: str
    blanks: int
    open_blanks: tuple[str, ...] = ()


class PolicyRow(msgspec.Struct, frozen=True):
    """Show a policy: who is under it, its versions with the newest in front, and its draft."""

    pack: str
    title: str
    brands: tuple[str, ...]
    versions: tuple[VersionRow, ...]
    draft: VersionRow | None = None


class Policies(msgspec.Struct, frozen=True, tag=True):
    """Answer ReadPolicies."""

    rows: tuple[PolicyRow, ...]


class PolicyText(msgspec.Struct, frozen=True, tag=True):
    """Answer ReadPolicyText: the TOML as it is kept, and the desk's answers to its blanks and settings."""

    pack: str
    version: int
    since: datetime
    text: Untrusted
    answers: dict[str, Untrusted]


PolicyAnswer = Policies | PolicyText | Histories
