"""What the demo's customers put on the wire: mails and reports of non-delivery as RFC 5322 bytes."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from agentconsole.demo.content import Customer, Enclosure

_POLICY = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True, slots=True)
class Letter:
    """Be one mail of a customer; `to` is the desk's address, with the reply token when she answers."""

    sender: Customer
    to: str
    subject: str
    text: str
    message_id: str
    sent_at: datetime
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    files: tuple[Enclosure, ...] = ()
    automatic: bool = False


def write(letter: Letter) -> bytes:
    """Write a mail as a customer's program would."""
    mail = EmailMessage(policy=_POLICY)
    mail["Date"] = format_datetime(letter.sent_at)
    mail["From"] = formataddr((letter.sender.name, letter.sender.email))
    mail["To"] = letter.to
    mail["Message-ID"] = letter.message_id
    mail["Subject"] = letter.subject
    if letter.in_reply_to:
        mail["In-Reply-To"] = letter.in_reply_to
        mail["References"] = " ".join((*letter.references, letter.in_reply_to))
    if letter.automatic:
        mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(letter.text)
    for file in letter.files:
        kind, _, subkind = file.type.partition("/")
        mail.add_attachment(file.text.encode(), maintype=kind, subtype=subkind, filename=file.name)
    return mail.as_bytes()


def quoting(text: str, quoted: str, by: str, at: str) -> str:
    """Return an answer above what it answers, as most programs write it."""
    lines = "\n".join(f"> {line}".rstrip() for line in quoted.strip().splitlines())
    return f"{text}\n\nOn {at}, {by} wrote:\n{lines}\n"


def write_bounce(recipient: str, original_id: str, message_id: str, sent_at: datetime) -> bytes:
    """Write a report that a mail to `recipient` could not be delivered, for good (RFC 3464)."""
    domain = recipient.partition("@")[2]
    boundary = "=_delivery_report"
    lines = (
        f"Date: {format_datetime(sent_at)}",
        f"From: Mail Delivery System <MAILER-DAEMON@{domain}>",
        "To: undisclosed-recipients:;",
        "Subject: Undelivered Mail Returned to Sender",
        f"Message-ID: {message_id}",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"',
        "",
        f"--{boundary}",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        f"<{recipient}>: there is no such mailbox here. Your mail was not delivered.",
        "",
        f"--{boundary}",
        "Content-Type: message/delivery-status",
        "",
        f"Reporting-MTA: dns; mail.{domain}",
        "",
        f"Final-Recipient: rfc822; {recipient}",
        "Action: failed",
        "Status: 5.1.1",
        "",
        f"--{boundary}",
        "Content-Type: text/rfc822-headers",
        "",
        f"Message-ID: {original_id}",
        "",
        f"--{boundary}--",
        "",
    )
    return "\r\n".join(lines).encode("ascii")
