"""Which ticket a mail belongs to: a reply joins by proof and a matching sender, and everything else only proposes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agentconsole.domain.mail import Address, AuthResult, ParsedMail
from agentconsole.domain.ticket import parse_case_number

_CASE_NUMBER = re.compile(r"\[#(\d{1,9}(?:-\d)?)\]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Thread:
    """Name a ticket and the customers' addresses an agent has accepted on it; a copy (Cc) alone accepts nobody."""

    ticket_id: int
    addresses: frozenset[str]


@dataclass(frozen=True, slots=True)
class Join:
    """Decide that the mail is a contact on this ticket."""

    ticket_id: int


@dataclass(frozen=True, slots=True)
class NewTicket:
    """Decide that the mail opens a ticket; `propose_link` is the ticket an agent may link it to with a key press."""

    propose_link: int | None = None


def join(
    mail: ParsedMail,
    *,
    by_token: Thread | None = None,
    by_references: Sequence[Thread] = (),
    named: Thread | None = None,
) -> Join | NewTicket:
    """Decide where a mail goes (PROMISES 6.11, H8).

    `by_token` is the ticket of the reply token found in `token_places`, `by_references` the tickets of the mail's
    In-Reply-To and References, nearest first, and `named` the ticket whose number stands in the subject. Only the first
    two can join, and only when the sender is one of that ticket's addresses and our own server did not disprove it.
    """
    proved = [thread for thread in (by_token, *by_references) if thread is not None]
    sender = same_address(mail.sender.email)
    if sender and mail.auth is not AuthResult.FAIL:
        for thread in proved:
            if sender in {same_address(address) for address in thread.addresses}:
                return Join(thread.ticket_id)
    meant = [*proved, named] if named else proved
    return NewTicket(propose_link=meant[0].ticket_id if meant else None)


def case_number_in(subject: str) -> int | None:
    """Find the case number a subject names, as in `[#1042-7]` or `[#1042]`; it never proves anything.

    Anyone can write one, and one whose check digit is wrong names no case.
    """
    found = _CASE_NUMBER.search(subject[:500])
    return parse_case_number(found.group(1)) if found else None


def token_places(mail: ParsedMail) -> tuple[str, ...]:
    """List the addresses and Message-IDs of a mail in which a reply token may stand, likeliest first."""
    recipients = (address.email for address in (*mail.to, *mail.cc))
    return tuple(place for place in (*recipients, mail.in_reply_to, *reversed(mail.references)) if place)


def threads_nearest_first(mail: ParsedMail) -> tuple[str, ...]:
    """List the Message-IDs a mail answers, the one it answers directly first, each once."""
    return tuple(dict.fromkeys(known for known in (mail.in_reply_to, *reversed(mail.references)) if known))


def reply_address(desk: Address, token: str) -> Address:
    """Put a reply token into the desk's address, as in `care+TOKEN@example.com` (RFC 5233)."""
    local, _, domain = desk.email.rpartition("@")
    return Address(desk.name, f"{local}+{token}@{domain}")


def same_address(email: str) -> str:
    """Write an address so that two spellings of one mailbox compare equal; the `+detail` of it stays significant."""
    return email.strip().casefold()
