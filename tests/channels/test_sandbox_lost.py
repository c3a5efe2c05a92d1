"""Readers of mail that are lost: another one reads the mail again, a bounded number of times (PROMISES 12)."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from agentconsole.channels.email.frames import ANSWER, LENGTH, MAIL, READY
from agentconsole.channels.email.parse import parse_mail
from agentconsole.channels.email.sandbox import ParserChild, ReaderAway
from agentconsole.channels.email.site import Site
from agentconsole.domain.mail import Unparsable
from tests.channels.mails import PLAIN

SITE = Site("desk-1", ("mx.desk.example",))
READS, HANGS_UP, RESETS, NONSENSE, SHUT = "reads", "hangs up", "resets", "nonsense", "shut"


class Readers:
    """Be the readers behind a socket, one a connection, each of which does as it is told; the last word stays."""

    def __init__(self, folder: Path, plan: Sequence[str]) -> None:
        self.path, self.plan, self.begun = folder / "parser.sock", list(plan), 0
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listening.bind(str(self.path))
        self._listening.listen()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                link, _ = self._listening.accept()
            except OSError:
                return
            does = self.plan[min(self.begun, len(self.plan) - 1)]
            self.begun += 1
            with link:
                _read_as(link, does)


def _read_as(link: socket.socket, does: str) -> None:
    if does == SHUT:
        return
    frames = link.makefile("rb")
    _frame(frames.read)
    link.sendall(ANSWER.pack(READY, 0))
    while _frame(frames.read):
        if does == RESETS:
            # With something left to read the other end hears of an error and not of an end.
            return
        raw = _frame(frames.read)
        if does == HANGS_UP:
            return
        body = msgspec.msgpack.encode(parse_mail(raw, SITE))
        link.sendall(ANSWER.pack(MAIL, 0xFFFFFFFF) if does == NONSENSE else ANSWER.pack(MAIL, len(body)) + body)


def _frame(read: Callable[[int], bytes]) -> bytes:
    head = read(LENGTH.size)
    return read(*LENGTH.unpack(head)) if len(head) == LENGTH.size else b""


@pytest.fixture(name="readers")
def _readers(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Readers]:
    readers = Readers(tmp_path, request.param)
    yield readers
    readers.close()


@pytest.mark.parametrize(
    "readers",
    [
        pytest.param([READS], id="none is lost"),
        pytest.param([HANGS_UP, READS], id="the first is lost"),
        pytest.param([RESETS, HANGS_UP, READS], id="two are lost"),
        pytest.param([NONSENSE, READS], id="the first answers nonsense"),
    ],
    indirect=True,
)
def test_a_mail_whose_reader_is_lost_is_read_by_the_next(readers: Readers) -> None:
    with ParserChild(SITE, str(readers.path)) as child:
        read = child.parse(PLAIN)

    assert read == parse_mail(PLAIN, SITE)
    assert readers.begun == len(readers.plan)


@pytest.mark.parametrize("readers", [[HANGS_UP], [RESETS, HANGS_UP]], indirect=True)
def test_a_mail_that_loses_three_readers_is_called_unparsable_with_the_reason(readers: Readers) -> None:
    with ParserChild(SITE, str(readers.path)) as child:
        read = child.parse(PLAIN)

    assert read == Unparsable("Reading it ended the reader. It was tried 3 times.")
    assert readers.begun == 3


@pytest.mark.parametrize("readers", [[SHUT], [HANGS_UP, SHUT]], indirect=True)
def test_where_no_reader_begins_no_mail_is_to_blame(readers: Readers) -> None:
    with ParserChild(SITE, str(readers.path)) as child, pytest.raises(ReaderAway, match="ends before it has begun"):
        child.parse(PLAIN)


def test_where_nobody_listens_no_mail_is_to_blame(tmp_path: Path) -> None:
    with (
        ParserChild(SITE, str(tmp_path / "nobody")) as child,
        pytest.raises(ReaderAway, match=r"cannot be had \(No such file or directory\)"),
    ):
        child.parse(PLAIN)
