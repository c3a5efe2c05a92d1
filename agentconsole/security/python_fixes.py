"""Whether this Python has the fixes that the desk relies on; apart, for the console has no use for mail."""

from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage


def header_injection_safe() -> bool:
    """Probe whether this Python keeps a decoded subject's line breaks out of the headers it writes (CVE-2024-6923)."""
    hostile = message_from_bytes(b"Subject: =?utf-8?q?hi=0D=0ABcc:_evil@example.org?=\n\n", policy=policy.default)
    message = EmailMessage()
    try:
        message["Subject"] = hostile["Subject"]
        return b"\nBcc:" not in message.as_bytes()
    except (MessageError, ValueError):
        return True
