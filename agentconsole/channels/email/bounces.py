"""What a report of non-delivery says: the mail it is about, for whom, and whether for good (RFC 3464)."""

import re

from agentconsole.channels.email.headers import Headers, read_headers
from agentconsole.channels.email.structure import Part, body_of
from agentconsole.domain.mail import Bounce

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
_ORIGINAL_ID = re.compile(r"^[ \t>|]*message-id:[ \t]*(<[^<>\s]{1,250}>)", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_RECIPIENT = re.compile(r"<([^<>\s@]{1,64}@[^<>\s@]{1,253})>")
_MAILBOX_FULL = "5.2.2"


def read_report(raw: bytes, root: Part) -> Bounce | None:
    """Read a delivery status report; None when it reports a success or is no report."""
    if root.content_type != "multipart/report":
        return None
    status = next((part for part in root.children if part.content_type.endswith("/delivery-status")), None)
    if status is None:
        return None
    for group in _groups(body_of(raw, status)):
        action = group.first("action").strip().lower()
        if action in ("failed", "delayed"):
            code = _STATUS.search(group.first("status"))
            # The address we wrote to, before anybody forwarded it.
            recipient = group.first("original-recipient") or group.first("final-recipient")
            return Bounce(
                original_message_id=_original_id(raw, root),
                recipient=recipient.rpartition(";")[2].strip(" <>"),
                status=code.group(1) if code else "",
                hard=action == "failed" and _is_final(code.group(1) if code else "5"),
                delayed=action == "delayed",
            )
    return None


def read_prose(headers: Headers, text: str) -> Bounce:
    """Read what can be read from a report written for people only, as qmail and some gateways send it."""
    head = text[:20_000]
    code = _STATUS.search(head)
    failed = headers.first("x-failed-recipients").strip()
    recipient = None if failed else _RECIPIENT.search(head)
    original = _ORIGINAL_ID.search(text[:200_000])
    answered = _MESSAGE_ID.search(headers.first("in-reply-to") or headers.first("references"))
    return Bounce(
        original_message_id=original.group(1) if original else answered.group() if answered else "",
        recipient=failed or (recipient.group(1) if recipient else ""),
        status=code.group(1) if code else "",
        hard=_is_final(code.group(1) if code else "5"),
    )


def _groups(body: bytes) -> list[Headers]:
    """Read the groups of a delivery-status body: one about the mail, then one for each recipient."""
    groups: list[Headers] = []
    position = 0
    while position < len(body) and len(groups) < 50:
        group, after = read_headers(body, position, len(body))
        if group.fields:
            groups.append(group)
        position = max(after, position + 1)
    return groups


def _original_id(raw: bytes, root: Part) -> str:
    """Find the Message-ID in the returned mail or its headers; else in what the report answers."""
    for part in root.children:
        if part.content_type in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global"):
            body = body_of(raw, part)
            returned, _ = read_headers(body, 0, len(body))
            found = _MESSAGE_ID.search(returned.first("message-id"))
            if found:
                return found.group()
    answered = _MESSAGE_ID.search(root.headers.first("in-reply-to") or root.headers.first("references"))
    return answered.group() if answered else ""


def _is_final(status: str) -> bool:
    """Say whether a status means for good; a full mailbox is reported as permanent and is not."""
    return status.startswith("5") and status != _MAILBOX_FULL
