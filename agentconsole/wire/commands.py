"""What a session asks the desk to do: one frozen struct a verb. `seen` is the ticket version on the sender's screen."""

from datetime import datetime

import msgspec

from agentconsole.wire.addresses import AllowAddress, CloseAddresses, OpenAddresses, RemoveAddress
from agentconsole.wire.anchors import MailAnchors
from agentconsole.wire.brands import AddBrand, SetDesk
from agentconsole.wire.command import Command
from agentconsole.wire.duties import SignOffDuty
from agentconsole.wire.policies import ActivateDraft, KeepDraft, PolicyCommand
from agentconsole.wire.policy_reading import ReadingCommand, SettleSuggestion, Suggest
from agentconsole.wire.stands import Stand


class SignIn(Command, frozen=True):
    """Sign in with all three; `code` is a recovery code if `recovery`, and empty at the first sign-in."""

    user: str
    password: str
    code: str = ""
    recovery: bool = False


class ConfirmEnrolment(Command, frozen=True):
    """Prove that the authenticator holds the key, by one code of it."""

    code: str


class Unlock(Command, frozen=True):
    """Open a locked session; the code is needed after an hour."""

    password: str
    code: str = ""


class Lock(Command, frozen=True):
    """Lock the session."""


class SignOut(Command, frozen=True):
    """End the session."""


class StillHere(Command, frozen=True):
    """Say that a key was pressed, at most once in 30 seconds; the server owns the idle lock."""


class Look(Command, frozen=True):
    """Say which ticket is on one's screen, and whether one writes to it; 0 is none. Said anew every few seconds."""

    ticket: int
    writing: bool = False


class ProveAgain(Command, frozen=True):
    """Give a code once more; this session may then do for five minutes what asks for it."""

    code: str


class RenewCodes(Command, frozen=True):
    """Make new recovery codes for oneself, answered as `Codes`; the old ones are void."""


class KeepPlace(Command, frozen=True):
    """Keep where one is at the desk, for the next sign-in."""

    stand: Stand


class ChangePassword(Command, frozen=True):
    """Change one's own password; `old` may be empty where the sign-in asked for a new one, and had the old one."""

    old: str
    new: str


class Take(Command, frozen=True):
    """Take a ticket; refused when someone else has it, unless a supervisor asks."""

    ticket: int
    seen: int


class GiveBack(Command, frozen=True):
    """Give a ticket back to the queue."""

    ticket: int
    seen: int


class TakeNext(Command, frozen=True):
    """Take the first ticket that is mine or nobody's, atomically; the answer is its number, or None when none waits."""

    brand: str = ""


class Assign(Command, frozen=True):
    """Give a ticket to `to` (a login)."""

    ticket: int
    seen: int
    to: str


class Reply(Command, frozen=True):
    """Answer the customer. `then` is open, resolve, wait or escalate; `anyway` sends although the ticket moved on.

    `note` tells the supervisor why it is escalated; the reply, the note and the escalation are done together or not.
    """

    ticket: int
    seen: int
    text: str
    then: str = "open"
    anyway: bool = False
    note: str = ""


class AddNote(Command, frozen=True):
    """Add an internal note."""

    ticket: int
    text: str


class Wait(Command, frozen=True):
    """Wait for the customer (`until` None) or until an instant promised to her; a reason is kept."""

    ticket: int
    seen: int
    until: datetime | None = None
    reason: str = ""


class Resolve(Command, frozen=True):
    """End a ticket."""

    ticket: int
    seen: int
    reason: str = ""


class Reopen(Command, frozen=True):
    """Open a resolved ticket again."""

    ticket: int
    seen: int


class Escalate(Command, frozen=True):
    """Hand a ticket to the supervisor with a note."""

    ticket: int
    seen: int
    note: str


class SetPriority(Command, frozen=True):
    """Set low, normal, high or urgent."""

    ticket: int
    seen: int
    priority: str


class Tag(Command, frozen=True):
    """Add and remove tags."""

    ticket: int
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class Undo(Command, frozen=True):
    """Take back my last change that can be taken back: a held mail first, then status, owner, tags, priority."""


class SaveDraft(Command, frozen=True):
    """Keep what is typed; an empty text drops the draft.

    `below` says that its writer has not seen yet whether the desk has an older draft: that stays, above the text, and
    this many characters at the end of what the desk has are what she sent since.
    """

    ticket: int
    kind: str
    text: str
    cursor: tuple[int, int] = (0, 0)
    seen: int = 0
    below: int | None = None


class Redeliver(Command, frozen=True):
    """Decide about a mail whose delivery is unknown or failed: `send` again, or mark it `sent`."""

    contact: int
    decision: str


class AddUser(Command, frozen=True):
    """Create a user; the answer carries the one-time password."""

    login: str
    name: str
    role: str
    password: str = ""
    unix: str = ""


class TieUser(Command, frozen=True):
    """Say from which Unix account somebody signs in: its number, "any", or "" for that of the next sign-in."""

    login: str
    unix: str = ""


class SetRole(Command, frozen=True):
    """Give somebody another role and end her sessions: what she may do is asked at the sign-in."""

    login: str
    role: str


class DisableUser(Command, frozen=True):
    """Close an account and end its sessions; `disabled` False opens it again."""

    login: str
    disabled: bool = True


class ResetTotp(Command, frozen=True):
    """Throw away a user's second factor; the next sign-in enrols a new one, with a new one-time password."""

    login: str


class Proof(msgspec.Struct, frozen=True):
    """Carry what one person proves herself by, without signing in."""

    user: str
    password: str
    code: str


class ResetByTwo(Command, frozen=True):
    """Reset a second factor before two other people: an administrator, and a supervisor or another administrator."""

    login: str
    first: Proof
    second: Proof


class ImportMail(Command, frozen=True):
    """Feed one raw message through the intake, as if it had come by mail to `brand`.

    `size` is what the whole message has, in bytes, where `raw` is only its beginning.
    """

    name: str
    raw: bytes
    brand: str = ""
    size: int = 0


class AnswerBlank(Command, frozen=True):
    """Fill a blank of a policy pack."""

    pack: str
    blank: str
    answer: str


class SetMailbox(Command, frozen=True):
    """Connect a brand's mailbox; passwords are sealed at once and never come back.

    A mailbox that is new here is read above `uid` (under `uidvalidity`); 0 reads it from its beginning. `sent` says who
    puts sent mail into its Sent folder: the desk (`file`), the `server` by itself, `none`; `auto` finds out. Whether a
    sender was proved is believed of the servers in `authserv_ids` (RFC 8601), which are as they call themselves.
    """

    brand: str
    address: str
    imap_host: str
    imap_port: int
    imap_security: str
    smtp_host: str
    smtp_port: int
    smtp_security: str
    user: str
    password: str
    folder: str = "INBOX"
    ca_file: str = ""
    hold: int = 10
    uidvalidity: int = 0
    uid: int = 0
    sent: str = "auto"
    authserv_ids: tuple[str, ...] = ()


class AcceptClock(Command, frozen=True):
    """Go on from what the machine's clock says although the newest entry is later; `code` where one is signed in."""

    reason: str
    code: str = ""


class BeginBackup(Command, frozen=True):
    """Have a checked copy of the database made in the desk's home, answered as a `Copied`; for the host's account."""


class EndBackup(Command, frozen=True):
    """Drop the copy; with a `size` (in bytes), note that a backup was made of it, `sealed` or not."""

    size: int = 0
    sealed: bool = False


class ExportKey(Command, frozen=True):
    """Seal the master key by a passphrase, for the safe; for the host's account."""

    passphrase: str


class Shutdown(Command, frozen=True):
    """Stop the server after it has finished what it acknowledged; to serve `again` when the desk's lock is free."""

    again: bool = False


KEPT = (
    *(Take, GiveBack, TakeNext, Assign, Reply, AddNote, Wait, Resolve, Reopen, Escalate, SetPriority, Tag, Undo),
    *(Redeliver, DisableUser, SetRole, TieUser, AnswerBlank, SetMailbox, AllowAddress, RemoveAddress, MailAnchors),
    *(AddBrand, SetDesk, KeepDraft, ActivateDraft, Suggest, SettleSuggestion, SignOffDuty),
)
"""Commands whose answer the desk keeps for a day: asked again under the same request id, they are done once."""

AnyCommand = (
    SignIn
    | ConfirmEnrolment
    | Unlock
    | Lock
    | SignOut
    | StillHere
    | Look
    | KeepPlace
    | ProveAgain
    | RenewCodes
    | ChangePassword
    | Take
    | GiveBack
    | TakeNext
    | Assign
    | Reply
    | AddNote
    | Wait
    | Resolve
    | Reopen
    | Escalate
    | SetPriority
    | Tag
    | Undo
    | SaveDraft
    | Redeliver
    | AddUser
    | DisableUser
    | SetRole
    | TieUser
    | ResetTotp
    | ResetByTwo
    | ImportMail
    | AnswerBlank
    | SetMailbox
    | AllowAddress
    | RemoveAddress
    | OpenAddresses
    | CloseAddresses
    | MailAnchors
    | AddBrand
    | SetDesk
    | PolicyCommand
    | ReadingCommand
    | SignOffDuty
    | AcceptClock
    | BeginBackup
    | EndBackup
    | ExportKey
    | Shutdown
)
