"""An opened desk: its database, its keys, its clock, and what every part of the server shares."""

import logging
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from agentconsole.config.clock import Clock, SystemClock
from agentconsole.config.packs import holiday_sets
from agentconsole.config.paths import DeskPaths
from agentconsole.domain.errors import Refused
from agentconsole.security.masterkey import MasterKey, create_master_key, load_master_key
from agentconsole.security.sealing import Vault
from agentconsole.services.brands import add_brand
from agentconsole.services.context import DeskContext
from agentconsole.services.naming import check_zone
from agentconsole.services.projection import refresh
from agentconsole.services.shelf import Shelf
from agentconsole.storage.contents import ContentRows
from agentconsole.storage.database import Database, database_of, keep_page_sums
from agentconsole.storage.feed import Announcer
from agentconsole.storage.files import ContentStore
from agentconsole.storage.foundation import FIRST_KEY, foundation_in, lay_foundation
from agentconsole.storage.page_sums import PageSums
from agentconsole.storage.reading import Reader, ReadSession
from agentconsole.storage.tables.crypto_key import CryptoKey
from agentconsole.storage.tables.desk import Desk
from agentconsole.storage.transaction import DESK, Committed, Tx, Writer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NewDesk:
    """Say what a desk is founded with: its name, its zone, and its brands as (id, name, pack)."""

    name: str
    zone: str
    brands: tuple[tuple[str, str, str], ...]


@dataclass(slots=True)
class OpenDesk:
    """Hold an open desk; `hears` tells whether what its other servers do is heard at once."""

    paths: DeskPaths
    context: DeskContext
    writer: Writer
    reader: Reader
    clock: Clock
    wall: Clock
    key_store: str
    database: Database
    master: MasterKey = field(repr=False)
    page_sums: PageSums | None = None
    anchored: int | None = None
    hears: Callable[[], bool] = lambda: True

    @property
    def holder(self) -> str:
        """Return which server of the desk this is."""
        return self.context.server

    @property
    def place(self) -> str:
        """Return what names this host and folder among all whose server may work on one database."""
        return self.paths.place

    @property
    def server_name(self) -> str:
        """Return what says this server to people: its host and folder."""
        return f"{os.uname().nodename}:{self.paths.home}"

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone where the desk's people are."""
        return ZoneInfo(self.context.zone)

    def close(self) -> None:
        """Finish what was accepted, then close the database."""
        self.writer.close()
        self.reader.close()
        if self.page_sums is not None:
            self.page_sums.close()

    def reread_packs(self) -> None:
        """Read brands and packs anew after one of them changed."""
        self.reader.run(self.context.shelf.read)

    def reread_settings(self) -> None:
        """Read anew all that is kept in memory, after another server changed some of it."""
        self.reread_packs()
        self.context.name, self.context.zone, self.context.hold_seconds = self.reader.run(_facts)
        self.writer.zone = self.zone


def _facts(session: ReadSession) -> tuple[str, str, int]:
    desk = session.get_one(Desk, 1)
    return desk.name, desk.zone, desk.hold_seconds


def found_desk(
    paths: DeskPaths, new: NewDesk, environ: Mapping[str, str], *, wall: Clock, master: MasterKey | None = None
) -> str:
    """Create a desk's database, master key and data key; returns where the master key is kept and why there.

    Refuses a zone that does not exist, and a home that has a desk already.
    """
    check_zone(new.zone)
    paths.make()
    database = database_of(paths)
    if database.holds_something():
        raise Refused(f"There is a desk in {paths.home} already: use it, or name another folder in AGENTCONSOLE_HOME.")
    database.upgrade()
    uid = secrets.token_hex(16)
    where = "memory only"
    if master is None:
        created = create_master_key(paths.home, uid, environ)
        master, where = created.key, f"{created.where}, because {created.why}"
    _, wrapped = Vault.create(master)
    engine = database.writing()
    lay_foundation(
        engine,
        Desk(uid=uid, name=new.name, zone=new.zone, created_at=wall.now()),
        CryptoKey(kid=FIRST_KEY, wrapped=wrapped, created_at=wall.now()),
    )
    engine.dispose()
    return where


def _context(paths: DeskPaths, facts: Desk, vault: Vault, clock: Clock) -> DeskContext:
    return DeskContext(
        uid=facts.uid,
        name=facts.name,
        zone=facts.zone,
        vault=vault,
        store=ContentStore(paths.raw),
        shelf=Shelf(holiday_sets(), clock.now),
        hold_seconds=facts.hold_seconds,
        late_first=facts.late_first,
        team=paths.team,
        server=f"{paths.place}-{os.getpid()}-{secrets.token_hex(4)}",
    )


def open_desk(
    paths: DeskPaths,
    environ: Mapping[str, str],
    *,
    committed: Callable[[Committed], None],
    reaching: Callable[[bool], None] = lambda _: None,
    clock: Clock | None = None,
    wall: Clock | None = None,
    master: MasterKey | None = None,
) -> OpenDesk:
    """Open the desk of these paths, upgrading its schema first. Refuses where there is none, in one sentence.

    `reaching` hears, on any thread, when the database is out of reach for a while (True) and when it is back (False).
    """
    database = database_of(paths)
    if not database.holds_something():
        raise Refused(
            f"There is no desk in {paths.home}: `agentconsole init` makes one, `agentconsole demo` shows one."
        )
    paths.make()
    database.upgrade(paths.place)
    wall = wall or SystemClock()
    clock = clock or wall
    engine = database.writing()
    page_sums = keep_page_sums(database, engine)
    link = database.link(reaching)
    foundation = link.read(engine, foundation_in)
    if foundation is None:
        engine.dispose()
        raise Refused(f"The desk in {paths.home} was never completed: remove that folder and make the desk again.")
    facts, key = foundation
    master = master or load_master_key(paths.home, facts.uid, environ)
    context = _context(paths, facts, Vault(master, key.wrapped, key.kid), clock)
    writer = Writer(
        engine,
        clock,
        context.audit_key,
        wall=wall,
        zone=ZoneInfo(facts.zone),
        link=link,
        finish=lambda tx: refresh(tx, context),
        committed=committed,
        announce=Announcer(context.server) if database.is_shared else None,
    )
    reader = Reader(database.reading(), link)
    if database.is_shared:
        context.store = ContentRows(writer, reader, ContentStore(paths.raw))
    desk = OpenDesk(paths, context, writer, reader, clock, wall, master.store_name, database, master, page_sums)
    try:
        desk.reread_packs()
    except BaseException:
        desk.close()
        raise
    return desk


def complete_founding(desk: OpenDesk, new: NewDesk) -> None:
    """Record the founding and add the first brands, in the new desk's first transaction."""

    def work(tx: Tx) -> None:
        tx.record("desk.founded", body={"zone": new.zone})
        for brand, name, pack in new.brands:
            add_brand(tx, desk.context, brand, name, pack)

    desk.writer.run(DESK, work)
    desk.reread_packs()
