"""The desk as the console knows it: the link, who is signed in, and what was read last."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Protocol
from zoneinfo import ZoneInfo

from msgspec import structs

from agentconsole.domain.errors import Refused
from agentconsole.domain.untrusted import NOTHING
from agentconsole.tui.known import Known, to_read
from agentconsole.tui.mode import OnDone, OnRefused
from agentconsole.tui.unanswered import Question, Unanswered
from agentconsole.wire.client import LinkLost, Told
from agentconsole.wire.commands import AnyCommand, StillHere
from agentconsole.wire.frames import AnyAnswer, Case, Changed, Page, Reaching, SignedIn, Welcome
from agentconsole.wire.policy_reading import MyPolicies
from agentconsole.wire.queries import AnyQuery, ReadCase, ReadPeople, ReadTemplates
from agentconsole.wire.rows import CaseView

RETRY_SECONDS = 1.0
# A server that was started with the console is there within seconds, and its user is waiting for it.
FIRST_RETRIES = 50
FIRST_RETRY_SECONDS = 0.1
STILL_HERE_SECONDS = 30.0
NOBODY = SignedIn("", NOTHING, "agent", (), (), 0)
NO_WELCOME = Welcome(NOTHING, "", 0, datetime(2000, 1, 1, tzinfo=UTC), 0.0, "UTC", "")
ASKED_AGAIN = Refused("The link was lost before the answer came; the desk is asked again.", code="link")
NO_LINK = "The desk is out of reach; what you typed is kept. Trying again."


class Link(Protocol):
    """A connection to the desk; `wire.client.Client` is one, and so is the desk that tests use."""

    welcome: Welcome
    told: Callable[[Told], None]
    lost: Callable[[], None]

    async def ask(self, body: AnyCommand | AnyQuery, *, request: str = "") -> AnyAnswer: ...
    async def close(self) -> None: ...


class Listener(Protocol):
    """Whom the backend tells: the console."""

    def link_made(self) -> None: ...
    def link_lost(self) -> None: ...
    def told(self, told: Told) -> None: ...
    def refused(self, refusal: Refused) -> None: ...
    def fault(self, error: BaseException) -> None: ...


class Backend(Known):
    """Ask the desk without ever waiting for it; connect again when the link is lost.

    A command whose answer was lost with the link is asked again, under the same id, when the same person has signed in.
    `done` hears of everything that the desk has answered and not refused.
    """

    def __init__(self, connect: Callable[[], Awaitable[Link]], listener: Listener) -> None:
        super().__init__()
        self._connect = connect
        self._listener = listener
        self._link: Link | None = None
        self._tasks: set[asyncio.Future[object]] = set()
        self.unanswered = Unanswered()
        self.welcome = NO_WELCOME
        self.me = NOBODY
        self.is_reaching = False
        self._since = monotonic()
        self._zone = ZoneInfo("UTC")
        self._here_at = 0.0
        self._closing = False
        self.done: Callable[[AnyCommand | AnyQuery], None] = lambda _: None
        self.settled: Callable[[str, str], None] = lambda _sentence, _kind: None

    @property
    def is_linked(self) -> bool:
        """Tell whether the desk is in reach."""
        return self._link is not None

    @property
    def zone(self) -> ZoneInfo:
        """Return the desk's zone."""
        return self._zone

    def now(self) -> datetime:
        """Return the desk's present instant, UTC."""
        return self.welcome.now + timedelta(seconds=(monotonic() - self._since) * self.welcome.speed)

    def start(self) -> None:
        """Connect, and keep trying."""
        self._spawn(self._keep_trying())

    def signed_in(self, me: SignedIn) -> None:
        """Remember who signed in, and read what every screen needs."""
        self.me = me
        # Who writes to no customer has no templates; that is no news to her.
        self.ask(ReadTemplates(), self.keep_templates, lambda _: None)
        self.read_people()
        if again := self.unanswered.of(me.login):
            self._spawn(self._ask_again(again))

    def signed_out(self) -> None:
        """Forget who was signed in and all that she could read."""
        self.me = NOBODY
        self.forget()

    def read_people(self) -> None:
        """Read who is at the desk."""
        self.ask(ReadPeople(), self.keep_people, lambda _: None)

    def ask(
        self, body: AnyCommand | AnyQuery, on_done: OnDone | None = None, on_refused: OnRefused | None = None
    ) -> None:
        """Ask at once, answer later; see `mode.Desk`."""
        question = Question(body, secrets.token_hex(16), self.me.login, on_done, on_refused or self._listener.refused)
        self._spawn(self._ask(self._link, question))

    def read_case(
        self,
        ticket: int,
        on_done: Callable[[CaseView], None] | None = None,
        on_refused: OnRefused | None = None,
    ) -> None:
        """Read a ticket whole and remember it."""

        def keep(answer: AnyAnswer) -> None:
            if isinstance(answer, Case):
                self.keep_case(answer.case)
                if on_done is not None:
                    on_done(answer.case)

        self.ask(ReadCase(ticket), keep, on_refused)

    def still_here(self) -> None:
        """Say that a key was pressed, at most every 30 seconds."""
        now = monotonic()
        if self.me.login and now - self._here_at >= STILL_HERE_SECONDS:
            self._here_at = now
            self.ask(StillHere(), lambda _: None, lambda _: None)

    async def settle(self, bodies: tuple[AnyCommand, ...], seconds: float) -> None:
        """Ask these last things and wait for their answers, at most so long; the way out of the console."""
        link = self._link
        if link is None:
            return
        asked = [asyncio.ensure_future(link.ask(body)) for body in bodies]
        if asked:
            done, late = await asyncio.wait(asked, timeout=seconds)
            for task in late:
                task.cancel()
            for task in done:
                task.exception()

    async def close(self) -> None:
        """Close the link for good."""
        self._closing = True
        link, self._link = self._link, None
        for task in tuple(self._tasks):
            task.cancel()
        if link is not None:
            await link.close()

    async def _ask(self, link: Link | None, question: Question) -> Refused | None:
        """Ask, and tell who waits for it; returns the refusal, if it came to one."""
        try:
            if link is None:
                raise LinkLost
            answer = await link.ask(question.body, request=question.request)
        except Refused as refusal:
            question.on_refused(refusal)
            return refusal
        except LinkLost:
            if link is not None and question.is_kept and not self._closing:
                self.unanswered.keep(question)
                return ASKED_AGAIN
            question.on_refused(Refused(NO_LINK, code="link"))
            return None
        if isinstance(answer, Page):
            self.keep_page(answer.page)
        if isinstance(answer, MyPolicies):
            self.me = structs.replace(self.me, to_read=to_read(answer, self.now()))
        self.done(question.body)
        if question.on_done is not None:
            question.on_done(answer)
        return None

    async def _ask_again(self, questions: tuple[Question, ...]) -> None:
        for question in questions:
            link = self._link
            if link is None:
                self.unanswered.keep(question)
                continue
            refusal = await self._ask(link, question)
            if refusal is not ASKED_AGAIN:
                self.settled(question.outcome(refusal), "done" if refusal is None else "refused")

    async def _keep_trying(self) -> None:
        tries, said = 0, ""
        while not self._closing:
            try:
                link = await self._connect()
            except (OSError, LinkLost, Refused) as trouble:
                if isinstance(trouble, Refused) and trouble.sentence != said:
                    said = trouble.sentence
                    self._listener.refused(trouble)
                tries += 1
                await asyncio.sleep(FIRST_RETRY_SECONDS if tries <= FIRST_RETRIES else RETRY_SECONDS)
                continue
            self.welcome, self._since = link.welcome, monotonic()
            self._zone = ZoneInfo(link.welcome.zone)
            link.told, link.lost = self._told, self._lost
            self._link = link
            self.is_reaching = False
            self._listener.link_made()
            return

    def _told(self, told: Told) -> None:
        if isinstance(told, Changed):
            for ticket in told.tickets:
                if self.case(ticket) is not None:
                    self.read_case(ticket)
        if isinstance(told, Reaching):
            self.is_reaching = not told.back
        self._listener.told(told)

    def _lost(self) -> None:
        self._link = None
        if not self._closing:
            self._listener.link_lost()
            self.start()

    def _spawn(self, work: Awaitable[object]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Future[object]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._listener.fault(error)
