"""The process that reads mail: what crosses its border, what it may, and that another follows it (PROMISES 12)."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentconsole.channels.email.parse import parse_mail
from agentconsole.channels.email.sandbox import ParserChild
from agentconsole.channels.email.site import Site
from agentconsole.domain.mail import AuthResult, ParsedMail, Unparsable
from tests.channels.mails import PLAIN

SITE = Site("desk-1", ("mx.desk.example",))


@pytest.fixture
def child() -> Iterator[ParserChild]:
    with ParserChild(SITE) as parser:
        yield parser


def test_a_mail_crosses_the_border_unchanged(child: ParserChild) -> None:
    assert child.parse(PLAIN) == parse_mail(PLAIN, SITE)


def test_each_mail_is_read_with_the_servers_that_are_believed_of_it(child: ParserChild) -> None:
    raw = b"Authentication-Results: mx.other.example; dmarc=fail\r\n" + PLAIN

    read = [child.parse(raw, trusted) for trusted in (("mx.other.example",), (), None)]

    assert [mail.auth for mail in read if isinstance(mail, ParsedMail)] == [
        *(AuthResult.FAIL, AuthResult.NONE, AuthResult.NONE),
    ]


def test_an_attachment_of_megabytes_crosses_the_border(child: ParserChild) -> None:
    raw = b"From: a@b.c\r\nContent-Type: application/pdf\r\n\r\n" + b"x" * 20_000_000

    mail = child.parse(raw)

    assert isinstance(mail, ParsedMail)
    assert mail.attachments[0].size == 20_000_000


def test_fifty_mails_a_second_are_read(child: ParserChild) -> None:
    child.parse(PLAIN)
    start = time.monotonic()

    for _ in range(100):
        child.parse(PLAIN)

    assert time.monotonic() - start < 2.0


def test_a_killed_child_costs_no_mail(child: ParserChild) -> None:
    for _ in range(5):
        child.parse(PLAIN)
        os.kill(_child_pid(), signal.SIGKILL)

        # Death may be noticed before the mail is sent or afterwards.
        assert child.parse(PLAIN) == parse_mail(PLAIN, SITE)


def test_a_mail_that_is_too_large_does_not_reach_the_child(child: ParserChild) -> None:
    assert child.parse(b"x" * (25 * 1024 * 1024 + 1)) == Unparsable("The message is larger than 25 MB.")


def test_the_child_has_little_to_lose(child: ParserChild, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET", "canary-in-the-environment")

    child.parse(PLAIN)

    proc = Path(f"/proc/{_child_pid()}")
    limits = {line[:25].strip(): line[26:46].strip() for line in (proc / "limits").read_text().splitlines()}
    assert b"canary" not in (proc / "environ").read_bytes()
    assert limits["Max address space"] == str(256 * 1024 * 1024)
    assert (limits["Max file size"], limits["Max core file size"], limits["Max processes"]) == ("0", "0", "0")
    assert {str(link.readlink()).partition(":")[0] for link in (proc / "fd").iterdir()} == {"pipe", "/dev/null"}


def test_memory_is_limited(child: ParserChild) -> None:
    child.parse(PLAIN)

    peak = int(_status("VmPeak"))

    assert peak < 256 * 1024


def _status(field: str) -> str:
    lines = Path(f"/proc/{_child_pid()}/status").read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith(f"{field}:"))


def _child_pid() -> int:
    """Find our parser among this process's children."""
    tasks = Path("/proc/self/task").glob("*/children")
    pids = [int(pid) for task in tasks for pid in task.read_text().split()]
    return next(pid for pid in pids if b"email.child" in Path(f"/proc/{pid}/cmdline").read_bytes())
