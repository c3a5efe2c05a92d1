"""Mail that is read under another account, behind a socket: as good as a child of one's own, and missed like one."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentconsole.channels.email.parse import parse_mail
from agentconsole.channels.email.sandbox import ParserChild
from agentconsole.channels.email.site import Site
from agentconsole.domain.mail import ParsedMail
from tests.channels.mails import PLAIN

SITE = Site("desk-1")
_READER = (sys.executable, "-I", "-m", "agentconsole.channels.email.child")


class Readers:
    """Start a reader for each connection, as the socket unit does."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.started: list[subprocess.Popen[bytes]] = []
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(path))
        self._listening.listen()
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._listening.accept()
            except OSError:
                return
            with link:
                self.started.append(subprocess.Popen(_READER, stdin=link, stdout=link))

    def close(self) -> None:
        """Stop listening and end the readers."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listening.close()
        for reader in self.started:
            reader.kill()
            reader.wait()


@pytest.fixture(name="readers")
def _readers(tmp_path: Path) -> Iterator[Readers]:
    readers = Readers(tmp_path / "sock")
    yield readers
    readers.close()


def test_mails_of_all_sizes_cross_the_socket_and_one_reader_reads_them(readers: Readers) -> None:
    large = b"From: a@b.c\r\nContent-Type: application/pdf\r\n\r\n" + b"x" * 5_000_000

    with ParserChild(SITE, str(readers.path)) as parser:
        first, attachment, again = parser.parse(PLAIN), parser.parse(large), parser.parse(PLAIN)

    assert first == again == parse_mail(PLAIN, SITE)
    assert isinstance(attachment, ParsedMail)
    assert attachment.attachments[0].size == 5_000_000
    assert len(readers.started) == 1


def test_a_reader_that_is_killed_is_replaced(readers: Readers) -> None:
    with ParserChild(SITE, str(readers.path)) as parser:
        parser.parse(PLAIN)
        readers.started[0].kill()
        readers.started[0].wait()
        after = parser.parse(PLAIN)

    assert after == parse_mail(PLAIN, SITE)
    assert len(readers.started) == 2


def test_the_reader_leaves_when_the_desk_does(readers: Readers) -> None:
    with ParserChild(SITE, str(readers.path)) as parser:
        parser.parse(PLAIN)

    assert readers.started[0].wait(10) == 0
