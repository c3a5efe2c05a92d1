"""PROMISES 12, H3: no mail costs more than 5 s and 256 MB; it is kept, is a case, and the next mail is not held up."""

import os
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st

from agentconsole.channels.email.sandbox import ParserChild
from agentconsole.channels.email.site import Site
from agentconsole.domain.mail import ParsedMail, Unparsable
from agentconsole.server.intake import LARGEST_MAIL
from tests.channels.mails import BOMBS, PLAIN
from tests.desk_bench import ROSA, Bench, open_bench

SECONDS, KILOBYTES, NEXT_SECONDS = 5.0, 256 * 1024, 10.0
# Every table is laid out for more than a second, and none alone is over a limit.
TABLE = b"\r\n--x\r\nContent-Type: text/html\r\n\r\n<table>" + b"<tr><td>a</td><td>b</td></tr>" * 20_000 + b"</table>"
EMPTY = Unparsable("The message is empty.")
UUENCODED = b"Content-Type: a/b\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n"
UNREADABLE = {
    "Reading it took longer than": b"Content-Type: multipart/mixed; boundary=x\r\n" + TABLE * 40,
    "Reading it needs more memory than allowed.": UUENCODED + b"\n" * 25_000_000 + b"x",
    "it has 25.0 MB, more than the 25 MB that are read": b"From: eve@example.net\r\n\r\n" + b"x" * LARGEST_MAIL,
}


@dataclass
class Watched:
    """Hold a reader of mail and the process behind it."""

    child: ParserChild

    def pid(self) -> int:
        """Find the reader among this process's children."""
        tasks = Path("/proc/self/task").glob("*/children")
        pids = [int(pid) for task in tasks for pid in task.read_text().split()]
        return next(pid for pid in pids if b"email.child" in Path(f"/proc/{pid}/cmdline").read_bytes())

    def seconds(self) -> float:
        """Return the processor time that the reader has used."""
        fields = Path(f"/proc/{self.pid()}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def most_kilobytes(self) -> int:
        """Return the most memory that the reader ever had."""
        lines = Path(f"/proc/{self.pid()}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmPeak:"))

    def cost(self, raw: bytes) -> tuple[ParsedMail | Unparsable, float]:
        """Read a mail; returns what became of it and the processor time it took in the reader."""
        before, reader = self.seconds(), self.pid()
        read = self.child.parse(raw)
        # After some hundred mails another takes over, whose start is then counted too.
        return read, self.seconds() - (before if self.pid() == reader else 0.0)


@pytest.fixture(name="reader")
def _reader() -> Iterator[Watched]:
    with ParserChild(Site("desk-1", ("mx.desk.example",))) as child:
        child.parse(PLAIN)
        yield Watched(child)


@pytest.mark.parametrize("bomb", BOMBS)
def test_h3_a_bomb_is_read_in_the_time_and_the_memory_of_one_mail(reader: Watched, bomb: str) -> None:
    read, seconds = reader.cost(BOMBS[bomb])

    assert isinstance(read, ParsedMail)
    assert seconds <= SECONDS
    assert reader.most_kilobytes() <= KILOBYTES
    assert isinstance(reader.child.parse(PLAIN), ParsedMail)


@pytest.mark.parametrize("why", UNREADABLE)
def test_h3_what_cannot_be_read_is_kept_and_a_case_and_the_next_mail_comes_soon(tmp_path: Path, why: str) -> None:
    raw, used = UNREADABLE[why], resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with open_bench(tmp_path) as bench:
        filed = bench.raw_mail(raw)
        following, seconds = _next_mail(bench)
        entry = bench.case("ana", filed.ticket or 0).contacts[0]
        kept = bench.desk.context.store.get(entry.attachments[0].sha256)

    assert (filed.outcome, following) == ("unparsable", "new")
    assert entry.text.lines().startswith(f"This mail could not be read: {why}")
    assert kept == raw
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - used < SECONDS + 2, "its reader was not stopped"
    assert seconds <= NEXT_SECONDS


def _next_mail(bench: Bench) -> tuple[str, float]:
    began = time.monotonic()
    filed = bench.mail(ROSA, "Order", "Where?")
    return filed.outcome, time.monotonic() - began


_HEADS = st.sampled_from(
    [
        *(b"From", b"To", b"Cc", b"Subject", b"Date", b"Message-ID", b"References", b"Content-Type", b"Return-Path"),
        *(b"Content-Transfer-Encoding", b"Content-Disposition", b"Authentication-Results", b"X-\xff", b"", b" "),
    ]
)
_PIECES = st.sampled_from(
    [
        *(b"=?utf-8?q?", b"=?utf-8?b?", b"?=", b"multipart/mixed; boundary=x", b"message/rfc822", b"text/html"),
        *(b"base64", b"quoted-printable", b"x-uuencode", b"charset=utf-7", b"charset=rot13", b"name*0*=", b"<", b">"),
        *(b"ana@example.com", b'"', b"(", b")", b"\\", b",", b";", b"\r\n ", b"\r\n", b"\n", b"\r", b"\x00", b"\xff"),
        *(b"--x", b"--x--", b"<table><tr><td>", b"<style>", b"</p>", b"&#1114112;", b"<!--", b"Mon, 1 Jan 2024"),
        *(b"mx.desk.example; dmarc=pass", b"9" * 400, b"a" * 998, "é日本\u202e".encode()),
    ]
)
_TEXTS = st.lists(st.one_of(_PIECES, st.binary(max_size=30)), max_size=12).map(b"".join)
_MAILS = st.builds(
    lambda heads, body, times: b"".join(name + b": " + text + b"\r\n" for name, text in heads) + b"\r\n" + body * times,
    st.lists(st.tuples(_HEADS, _TEXTS), max_size=8),
    _TEXTS,
    st.sampled_from([1, 1, 1, 7, 300]),
)


@pytest.mark.timeout(14_400)
@pytest.mark.parametrize("count", [300, pytest.param(100_000, marks=pytest.mark.long)])
def test_h3_no_made_up_mail_ends_the_reader_or_costs_more_than_one_mail(count: int) -> None:
    dearest = 0.0
    with ParserChild(Site("desk-1", ("mx.desk.example",))) as child:
        reader = Watched(child)
        child.parse(PLAIN)

        @hypothesis.settings(max_examples=count, deadline=None, database=None, derandomize=True)
        @hypothesis.given(_MAILS)
        def each(raw: bytes) -> None:
            nonlocal dearest
            read, seconds = reader.cost(raw)
            dearest = max(dearest, seconds)
            assert isinstance(read, ParsedMail) or read == EMPTY
            assert seconds <= SECONDS

        each()
        assert reader.most_kilobytes() <= KILOBYTES
        assert isinstance(child.parse(PLAIN), ParsedMail)
    print(f"{count} mails, the dearest {dearest:.2f} s")
