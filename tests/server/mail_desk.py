"""What the tests of mail out share: a desk whose answers are written, and mailboxes to send them through."""

import time
from collections.abc import Callable
from typing import Any

from sqlmodel import Session, select

from agentconsole.services.mailboxes import set_mailbox
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.wire import commands
from tests.desk_bench import Bench
from tests.servers import PASSWORD, MailServer, SendServer

NOW = 10_000
SENT_FOLDER = """
namespace inbox {
  inbox = yes
  mailbox Sent {
    auto = create
    special_use = \\Sent
  }
}
"""


def wait_until(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait until something that another process does has come about."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds:g} s"
        time.sleep(0.02)


def wait_until_none_is(left: Callable[[], int], seconds: float = 120.0) -> None:
    """Wait until nothing is left, however long that takes, as long as it becomes less in so many seconds."""
    while now := left():
        wait_until(lambda now=now: left() < now, seconds)  # type: ignore[misc]


def mailbox_of(
    mail: MailServer, post: SendServer | int, address: str, brand: str, **changed: Any
) -> commands.SetMailbox:
    """Name a brand's mailbox on these servers; a number for the SMTP server is a plain port on loopback."""
    is_port = isinstance(post, int)
    settings: dict[str, Any] = {
        "brand": brand,
        "address": address,
        "imap_host": mail.host,
        "imap_port": mail.imaps_port,
        "imap_security": "ssl",
        "smtp_host": mail.host,
        "smtp_port": post if isinstance(post, int) else post.smtps_port,
        "smtp_security": "plain" if is_port else "ssl",
        "user": "" if is_port else address,
        "password": PASSWORD,
        "ca_file": str(mail.ca_file),
        "hold": 0,
    }
    return commands.SetMailbox(**settings | changed)


def connect(bench: Bench, box: commands.SetMailbox) -> None:
    """Connect a brand's mailbox."""
    bench.write(lambda tx: set_mailbox(tx, bench.desk.context, box))


def answer(bench: Bench, to: str, text: str = "It comes tomorrow.", brand: str = "") -> int:
    """Write an answer to a new customer's mail; returns the id of its mail."""
    bench.do("ana", commands.Reply(bench.ticket(to, brand=brand), NOW, text, then="resolve"))
    return mails(bench)[-1].id or 0


def mails(bench: Bench) -> list[Outbox]:
    """Read the outbox, oldest first."""

    def read(session: Session) -> list[Outbox]:
        return list(session.exec(select(Outbox).order_by("id")).all())

    return bench.read(read)
