"""Whether a machine wrote a mail, and whether the desk may answer it with a machine of its own."""

import re
from dataclasses import dataclass
from datetime import timedelta

from agentconsole.domain.mail import AutoKind
from agentconsole.domain.threading import same_address

AUTOMATIC_AN_HOUR = 1
AUTOMATIC_A_THREAD = 3
HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)

_MACHINES = re.compile(
    r"(?:mailer-daemon|postmaster|no[-_.]?reply|do[-_.]?not[-_.]?reply|bounces?|listserv|majordomo|mdaemon|daemon|root"
    r"|auto(?:responder|reply|mailer)|vacation|notifications?-noreply)",
    re.IGNORECASE,
)
_MACHINE_ENDINGS = re.compile(r"(?:-request|-bounces?|-owner|-noreply|\+noreply|-admin-bounces)$", re.IGNORECASE)
_BULK = frozenset({"bulk", "list", "junk"})


@dataclass(frozen=True, slots=True)
class Marks:
    """Hold what a mail's headers say about a machine having written it; texts are cleaned, absent headers are empty.

    `null_return_path` means a Return-Path of `<>`, `report` a multipart/report body, `loop` the desk named by
    X-Agentconsole-Loop, and `answered_by_machine` any of the private marks of answering machines (X-Autoreply and kin)
    or a report that all is well: a mail delivered, a mail read.
    """

    auto_submitted: str = ""
    precedence: str = ""
    is_list: bool = False
    null_return_path: bool = False
    report: bool = False
    loop: str = ""
    answered_by_machine: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """Count the automatic mails the desk has sent or queued: to this address in the last hour, and on this ticket."""

    to_address_last_hour: int
    on_thread: int
    acknowledged_last_day: bool


def kind_of(marks: Marks, sender: str, desk: str) -> AutoKind:
    """Say what wrote a mail, from its marks (RFC 3834 section 2, RFC 2369, RFC 3464) and its sender's address.

    `desk` is the name this desk writes into X-Agentconsole-Loop. The mark of another desk is on its agents' mail too
    and makes nothing automatic.
    """
    if marks.loop and marks.loop == desk:
        return AutoKind.OWN_LOOP
    submitted = marks.auto_submitted.split(";")[0].strip().lower()
    is_prose_report = marks.null_return_path and _local(sender) in ("mailer-daemon", "postmaster", "")
    if marks.report or (is_prose_report and not marks.answered_by_machine):
        return AutoKind.BOUNCE
    if marks.is_list or marks.precedence.strip().lower() in _BULK:
        return AutoKind.BULK
    automatic = submitted not in ("", "no") or marks.answered_by_machine or marks.null_return_path
    return AutoKind.AUTO_REPLY if automatic or _local(sender) == "mailer-daemon" else AutoKind.NONE


def why_not_answer(auto: AutoKind, sender: str, own_addresses: frozenset[str], ledger: Ledger) -> str:
    """Say in a sentence why no automatic mail may answer one of this kind and sender; empty when one may (PROMISES 15).

    The answer goes to the sender alone: a Reply-To is the sender's wish and could point anywhere.
    """
    refusals = (
        (auto is not AutoKind.NONE, "A machine wrote this mail."),
        (not sender, "The mail has no sender to answer."),
        (_is_own(sender, own_addresses), "The mail comes from one of the desk's own addresses."),
        (is_machine_address(sender), "Nobody reads the sender's address."),
        (ledger.acknowledged_last_day, "This ticket was acknowledged within the last 24 hours."),
        (
            ledger.to_address_last_hour >= AUTOMATIC_AN_HOUR,
            "This address has had an automatic mail within the last hour.",
        ),
        (ledger.on_thread >= AUTOMATIC_A_THREAD, "This ticket has had three automatic mails."),
    )
    return next((sentence for holds, sentence in refusals if holds), "")


def is_machine_address(email: str) -> bool:
    """Say whether nobody reads an address: mailer-daemon, postmaster, noreply, list managers and their kin."""
    local = _local(email)
    return _MACHINES.fullmatch(local.partition("+")[0]) is not None or _MACHINE_ENDINGS.search(local) is not None


def _local(email: str) -> str:
    return email.rpartition("@")[0].casefold()


def _is_own(email: str, own_addresses: frozenset[str]) -> bool:
    """Compare without the `+token`, which the desk puts into its own addresses."""
    local, _, domain = same_address(email).rpartition("@")
    return f"{local.partition('+')[0]}@{domain}" in {same_address(own) for own in own_addresses}
