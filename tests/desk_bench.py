"""A real desk for tests: SQLite or PostgreSQL of the test's own, clocks moved by hand, mail through the real parser."""

import asyncio
import atexit
import os
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from sqlmodel import Session, select

from agentconsole.channels.email.sandbox import ParserChild
from agentconsole.channels.email.site import Site
from agentconsole.channels.email.smtp import Delivered
from agentconsole.config.clock import SetClock
from agentconsole.config.paths import DeskPaths, desk_paths
from agentconsole.domain.clocks import Clock
from agentconsole.domain.mail import Outgoing
from agentconsole.queries.case import read_case
from agentconsole.queries.queue import read_queue
from agentconsole.security.masterkey import MasterKey
from agentconsole.security.passwords import hash_password
from agentconsole.security.totp import code_at
from agentconsole.server.desk import NewDesk, OpenDesk, complete_founding, found_desk, open_desk
from agentconsole.server.dispatch import carry_out
from agentconsole.server.intake import Intake, import_source
from agentconsole.server.mail_out import Outcome, send
from agentconsole.services import outbox_leaving, sweep, users
from agentconsole.services.intake import Filed
from agentconsole.services.projection import clocks_of
from agentconsole.storage.tables.event import Event
from agentconsole.storage.tables.factor import Factor
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import DESK, Actor, Committed, Tx
from agentconsole.wire.commands import AnyCommand, SetMailbox
from agentconsole.wire.frames import Done
from agentconsole.wire.rows import CaseView, QueuePage
from tests.postgres import Place, bouncer, cluster

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
FOUNDED = MONDAY - timedelta(days=60)
PASSWORD = "a quiet horse on a hill"
SEED = bytes(range(20))
ECOLAB = ("ecolab", "Eco Lab Supply", "ecolab")
SHOP = ("shop", "Ecom Store", "ecomstore")
IST = ("ist", "IST Desk", "ist-desk")
PAIR = (("ana", "agent"), ("sam", "supervisor"))
ROSA = "Rosa Prado <rosa@example.org>"
SQLITE, POSTGRES, BOUNCER = "sqlite", "postgres", "bouncer"
"""The databases that a desk of the tests can have; the last is PostgreSQL through a pool by transaction."""
Result = TypeVar("Result")


def mailbox_nowhere(address: str, brand: str = "ecolab") -> SetMailbox:
    """Name a brand's mailbox on servers that do not answer, for use cases that never connect."""
    return SetMailbox(brand, address, "127.0.0.1", 1, "plain", "127.0.0.1", 1, "plain", "care", "secret")


@cache
def parser() -> ParserChild:
    """Start the one parsing child that all tests of a run share."""
    child = ParserChild(Site("bench"))
    atexit.register(child.close)
    return child


@cache
def master() -> MasterKey:
    """Make the master key of every desk of this run."""
    return MasterKey.in_memory()


@cache
def password_hash() -> str:
    """Hash the one password of everybody once."""
    return hash_password(PASSWORD)


@cache
def _model(
    brands: tuple[tuple[str, str, str], ...], people: tuple[tuple[str, str], ...], database: str
) -> tuple[Path, Place | None]:
    """Found a desk with these brands and people once a run; each test gets a copy of it."""
    folder = Path(tempfile.mkdtemp(prefix="agentconsole-model-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    paths = desk_paths(os.environ, folder / "home")
    place = None
    if database == POSTGRES:
        place = cluster().database()
        paths.make()
        name_database(paths, place)
    new = NewDesk("Test desk", "Europe/London", brands)
    found_desk(paths, new, os.environ, wall=SetClock(FOUNDED), master=master())
    desk = open_desk(paths, os.environ, committed=lambda _: None, clock=SetClock(FOUNDED), master=master())
    complete_founding(desk, new)
    for login, role in people:
        add_person(desk, login, role)
    desk.close()
    return paths.home, place


def make_home(
    folder: Path,
    brands: tuple[tuple[str, str, str], ...] = (ECOLAB,),
    people: tuple[tuple[str, str], ...] = (),
    database: str = SQLITE,
) -> DeskPaths:
    """Put a founded desk with these brands and people below a folder, in a database of its own."""
    model, place = _model(brands, people, POSTGRES if database == BOUNCER else database)
    paths = desk_paths(os.environ, folder / "home")
    shutil.copytree(model, paths.home)
    if place is not None:
        copy = cluster().database(place.name)
        name_database(paths, bouncer().through(copy) if database == BOUNCER else copy)
    return paths


def name_database(paths: DeskPaths, place: Place) -> None:
    """Have a desk keep its rows in a database of the cluster."""
    lines = (f'{name} = "{value}"\n' for name, value in asdict(place).items())
    paths.database_named.write_text("".join(lines), "utf-8")


def place_of(paths: DeskPaths) -> Place | None:
    """Return the database that a desk was given in the cluster, None where it has a file."""
    file = paths.database_named
    return Place(**tomllib.loads(file.read_text("utf-8"))) if file.exists() else None


@dataclass
class Letterbox:
    """Take mail as a mail server would: keeps what it was given, and answers as it is told, else that it took it."""

    outcome: Outcome = field(default_factory=lambda: Delivered("taken"))
    mails: list[Outgoing] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    def carry(self, brand: str, mail: Outgoing, message: bytes) -> Outcome:
        """Keep a mail and answer."""
        assert brand
        self.mails.append(mail)
        self.raw.append(message)
        return self.outcome


@dataclass
class Bench:
    """Drive a desk without its socket: each helper is one thing that can happen to it."""

    desk: OpenDesk
    clock: SetClock
    intake: Intake
    post: Letterbox
    committed: list[Committed]

    def mail(self, from_: str, subject: str, text: str, *, source: str = "", brand: str = "", **headers: str) -> Filed:
        """Take in a mail; header names are written with underscores: `in_reply_to=...`."""
        return self.raw_mail(raw_mail(from_, subject, text, **headers), source=source, brand=brand)

    def raw_mail(self, raw: bytes, *, source: str = "", brand: str = "") -> Filed:
        """Take in the bytes of a mail."""
        brand = self.desk.context.shelf.meant(brand).id
        source = source or import_source(brand, raw)
        return self.intake.take_in(source=source, brand=brand, raw=raw, received_at=self.clock.now())

    def ticket(self, from_: str = ROSA, subject: str = "Where is my order?", *, brand: str = "") -> int:
        """Open a ticket by a mail and return its number."""
        stamp = f"<{self.scalar('SELECT count(*) FROM contact')}.{brand}@example.org>"
        filed = self.mail(from_, subject, "It has not come.", brand=brand, message_id=stamp)
        assert filed.ticket is not None
        return filed.ticket

    def user(self, login: str, role: str = "agent") -> int:
        """Add somebody who has a password and an authenticator."""
        return add_person(self.desk, login, role)

    def actor(self, login: str) -> Actor:
        """Return the actor that a signed-in user is."""
        user = self.read(lambda session: session.exec(select(User).where(User.login == login)).one())
        return Actor(login=login, user_id=user.id, role=user.role, session=f"session-of-{login}")

    def do(self, login: str, command: AnyCommand, *, request: str = "") -> Done:
        """Have somebody carry out a command."""
        actor = self.actor(login)
        assert actor.role is not None
        return asyncio.run(carry_out(self.desk, actor, actor.role, command, request))

    def write(self, work: Callable[[Tx], Result], actor: Actor = DESK) -> Result:
        """Run a use case in a transaction of its own."""
        return self.desk.writer.run(actor, work)

    def read(self, query: Callable[[Session], Result]) -> Result:
        """Run a query."""
        return self.desk.reader.run(query)

    def scalar(self, sql: str, **bound: object) -> object:
        """Read one value by SQL."""
        return self.read(lambda session: session.execute(sa.text(sql), bound).scalar())

    def move(self, **span: float) -> None:
        """Let time pass, then sweep as the server does."""
        self.clock.move(timedelta(**span))
        self.sweep()

    def sweep(self) -> None:
        """Look after what has fallen due."""
        while self.write(lambda tx: sweep.sweep(tx, self.desk.context)) == sweep.AT_ONCE:
            pass

    def deliver(self, outcome: Outcome | None = None) -> list[Outgoing]:
        """Let the hold pass and hand over what is due; returns what was handed over now."""
        self.clock.move(timedelta(seconds=self.desk.context.hold_seconds + 1))
        self.post.outcome = outcome or Delivered("taken")
        before = len(self.post.mails)
        for parcel in self.write(lambda tx: outbox_leaving.collect(tx, self.desk.context, self.desk.holder)):
            send(self.desk, self.post, parcel)
        return self.post.mails[before:]

    def page(self, login: str, view: str = "team", text: str = "", **more: object) -> QueuePage:
        """Read a page of a list as somebody sees it."""
        me = self.actor(login).user_id or 0
        return self.read(
            lambda session: read_queue(
                session,
                view=view,
                text=text,
                me=me,
                login=login,
                now=self.clock.now(),
                zone=self.desk.zone,
                **more,  # type: ignore[arg-type]
            )
        )

    def row(self, number: int) -> Ticket:
        """Read a ticket's row."""
        return self.read(lambda session: session.get_one(Ticket, number))

    def case(self, login: str, number: int) -> CaseView:
        """Read a ticket as somebody sees it."""
        me, now = self.actor(login).user_id or 0, self.clock.now()

        def read(session: Session) -> CaseView:
            ticket = session.get_one(Ticket, number)
            clocks = clocks_of(session, self.desk.context, ticket, now)
            packs = [applied.pack for applied in self.desk.context.shelf.applied(ticket.brand_id, ticket.opened_at)]
            return read_case(session, ticket, clocks, "", packs=packs, me=me, now=now)

        return self.read(read)

    def clocks(self, number: int) -> dict[str, Clock]:
        """Compute a ticket's clocks now, by the standard that each is about."""
        found = self.read(lambda s: clocks_of(s, self.desk.context, s.get_one(Ticket, number), self.clock.now()))
        return {clock.standard: clock for clock in found if clock.standard}

    def events(self, kind: str = "", ticket: int | None = None) -> list[Event]:
        """Read the log, all of it or what is of a kind or about a ticket."""
        wanted = select(Event).order_by("seq")
        if kind:
            wanted = wanted.where(Event.kind == kind)
        if ticket is not None:
            wanted = wanted.where(Event.ticket == ticket)
        return list(self.read(lambda session: session.exec(wanted).all()))

    def tables(self) -> dict[str, list[tuple[object, ...]]]:
        """Read everything there is, to show that something left no trace."""
        names = self.read(lambda s: sa.inspect(s.connection()).get_table_names())
        return {
            name: self.read(lambda s, n=name: [tuple(row) for row in s.execute(sa.text(f'SELECT * FROM "{n}"'))])  # type: ignore[misc]
            for name in names
        }


def raw_mail(from_: str, subject: str, text: str, **headers: str) -> bytes:
    """Write the bytes of a mail to the desk."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = from_, headers.pop("to", "care@desk.test"), subject
    mail["Date"] = "Mon, 23 Nov 2026 09:00:00 +0000"
    for name, value in headers.items():
        mail[name.replace("_", "-").title().replace("Message-Id", "Message-ID")] = value
    mail.set_content(text)
    return mail.as_bytes()


def add_person(desk: OpenDesk, login: str, role: str) -> int:
    """Add a user who has PASSWORD and an authenticator with SEED."""

    def add(tx: Tx) -> int:
        user = users.add_user(tx, login, login.title(), role, PASSWORD, password_hash())
        user.must_change = False
        sealed = desk.context.vault.seal(SEED, f"factor.sealed_seed.{user.id}")
        tx.session.add(Factor(user_id=user.id or 0, sealed_seed=sealed, enrolled_at=tx.wall))
        return user.id or 0

    return desk.writer.run(DESK, add)


def code(at: datetime) -> str:
    """Return the code that everybody's authenticator shows at an instant."""
    return code_at(SEED, at)


@contextmanager
def open_bench(
    folder: Path,
    *,
    brands: tuple[tuple[str, str, str], ...] = (ECOLAB,),
    at: datetime = MONDAY,
    database: str = SQLITE,
) -> Iterator[Bench]:
    """Open a desk with these brands at an instant; ana is an agent there, sam a supervisor."""
    paths = make_home(folder, brands, PAIR, database)
    clock = SetClock(at)
    committed: list[Committed] = []
    desk = open_desk(paths, os.environ, committed=committed.append, clock=clock, wall=clock, master=master())
    try:
        yield Bench(desk, clock, Intake(desk, parser()), Letterbox(), committed)
    finally:
        desk.close()
        if (place := place_of(paths)) is not None:
            cluster().drop(place)
