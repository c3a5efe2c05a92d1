"""The connection of a client: ask and await the answer, and hear what the server tells unasked."""

import asyncio
import itertools
import secrets
import socket
from collections.abc import Callable
from pathlib import Path

from agentconsole.domain.errors import Gap, Refused, Stale
from agentconsole.wire.commands import AnyCommand
from agentconsole.wire.frames import (
    Answer,
    AnyAnswer,
    Ask,
    BadFrame,
    Changed,
    Ended,
    FromServer,
    Locked,
    No,
    Present,
    Reaching,
    Welcome,
    frame,
    read_body,
    read_tell,
)
from agentconsole.wire.queries import AnyQuery

Told = Changed | Present | Reaching | Locked | Ended
LONGEST_SENTENCE = 2_000
LONGEST_CHANGE = 4_000


class LinkLost(Exception):
    """Report that the desk server is gone; what was asked may or may not have been done."""


def refusal(no: No) -> Refused:
    """Turn a wire refusal back into the exception that the rules raise, cleaned: it quotes what people wrote."""
    sentence = no.sentence.line(LONGEST_SENTENCE)
    if no.code == "stale":
        return Stale(sentence, changes=tuple(change.lines(LONGEST_CHANGE) for change in no.changes))
    return Refused(sentence, gaps=tuple(Gap(field, what.line()) for field, what in no.gaps), code=no.code)


class Client:
    """Speak with one desk server over its socket; questions are answered in the order they were asked."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, welcome: Welcome) -> None:
        self._reader = reader
        self._writer = writer
        self.welcome = welcome
        self.told: Callable[[Told], None] = lambda _: None
        self.lost: Callable[[], None] = lambda: None
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[AnyAnswer]] = {}
        self._listener = asyncio.create_task(self._listen())
        self._closed = False

    @classmethod
    async def connect(cls, path: Path) -> "Client":
        """Connect to the socket at `path` and read the welcome. Raises OSError (nobody listens) or LinkLost (cut)."""
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(link, str(path))
        except OSError:
            link.close()
            raise
        return await cls.over(link)

    @classmethod
    async def over(cls, link: socket.socket) -> "Client":
        """Read the welcome from a Unix socket that is connected and does not block. Raises LinkLost where it is cut."""
        reader, writer = await asyncio.open_unix_connection(sock=link)
        try:
            body = await read_body(reader)
            welcome = read_tell(body) if body is not None else None
        except (BadFrame, ConnectionError) as error:
            writer.close()
            raise LinkLost(str(error)) from None
        if isinstance(welcome, Ended):
            writer.close()
            raise Refused(welcome.reason)
        if not isinstance(welcome, Welcome):
            writer.close()
            raise LinkLost("the desk server closed the connection")
        return cls(reader, writer, welcome)

    async def ask(self, body: AnyCommand | AnyQuery, *, request: str = "") -> AnyAnswer:
        """Ask and return the answer. Raises Refused (or Stale) when the desk says no, LinkLost when it is gone."""
        if self._closed:
            raise LinkLost("the link to the desk is closed")
        number = next(self._numbers)
        answer: asyncio.Future[AnyAnswer] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            self._writer.write(frame(Ask(number, body, request or secrets.token_hex(16))))
            result = await answer
        finally:
            self._waiting.pop(number, None)
        if isinstance(result, No):
            raise refusal(result)
        return result

    async def close(self) -> None:
        """Close the connection; questions still open end with LinkLost."""
        self._closed = True
        self._listener.cancel()
        self._writer.close()
        self._fail()

    async def _listen(self) -> None:
        try:
            while (body := await read_body(self._reader)) is not None:
                self._hear(read_tell(body))
        except (BadFrame, ConnectionError, OSError):
            pass
        if not self._closed:
            self._closed = True
            self._writer.close()
            self._fail()
            self.lost()

    def _hear(self, tell: FromServer) -> None:
        if isinstance(tell, Answer):
            waiting = self._waiting.get(tell.number)
            if waiting is not None and not waiting.done():
                waiting.set_result(tell.body)
        elif isinstance(tell, Told):
            self.told(tell)

    def _fail(self) -> None:
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(LinkLost("the link to the desk was lost"))
