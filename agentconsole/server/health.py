"""How the server is: `status` from what it knows, `doctor` from a closer look at machine, files and log."""

import os
import shutil
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from functools import partial

from agentconsole import __version__
from agentconsole.domain.anchor import Anchor
from agentconsole.domain.errors import Refused
from agentconsole.domain.untrusted import Untrusted
from agentconsole.queries.backups import read_restores
from agentconsole.queries.brands import examine_brands
from agentconsole.queries.servers import examine_servers, read_servers
from agentconsole.queries.status import (
    examine_accounts,
    examine_packs,
    examine_rows,
    finding,
    read_figures,
    read_mailboxes,
)
from agentconsole.security.python_fixes import header_injection_safe
from agentconsole.server.desk import OpenDesk
from agentconsole.server.health_safety import SAFETY, Look
from agentconsole.storage.damage import refusing_damage
from agentconsole.storage.engine import SQLITE_VERSION
from agentconsole.storage.events import head, verify
from agentconsole.storage.instants import is_behind
from agentconsole.storage.postgres_guards import check_guards
from agentconsole.storage.reading import ReadSession
from agentconsole.storage.upgrade import HEAD
from agentconsole.wire.rows import AuditReport, DeskStatus, Finding

SCARCE_BYTES = 500 * 1024 * 1024
SAFE_SQLITE = (3, 51, 3)


def read_status(session: ReadSession, desk: OpenDesk, since: datetime, sessions: int, *, doctor: bool) -> DeskStatus:
    """Return how the desk is; `doctor` adds findings, worst first."""
    with refusing_damage():
        figures = read_figures(session, desk.clock.now())
    return DeskStatus(
        desk=Untrusted(desk.context.name),
        version=__version__,
        pid=os.getpid(),
        since=since,
        sessions=sessions,
        tickets_live=figures.tickets_live,
        outbox_waiting=figures.outbox_waiting,
        outbox_unknown=figures.outbox_unknown,
        jobs_waiting=figures.raw_waiting + figures.overdue_sweep,
        mailboxes=read_mailboxes(session, desk.wall.now()),
        schema=HEAD,
        findings=_findings(session, desk) if doctor else _pressing(session, desk),
        servers=read_servers(session, desk.holder, desk.wall.now()),
    )


def _findings(session: ReadSession, desk: OpenDesk) -> tuple[Finding, ...]:
    found = [
        *_guarded("database", lambda: examine_rows(session, desk.wall.now())),
        *examine_brands(len(desk.context.shelf.brands)),
        *examine_packs(desk.context.shelf.packs),
        *_guarded("accounts", lambda: [examine_accounts(session)] if desk.context.team else ()),
        *_guarded("event log", lambda: [_audit(session, desk)]),
        _disk(desk),
        *_guarded("clock", lambda: [_drift(session, desk)]),
        *(found for subject, look in SAFETY.items() for found in _guarded(subject, partial(_one, look, session, desk))),
        *_guarded("servers", lambda: _servers(session, desk) if desk.database.is_shared else ()),
        finding("ok", "master key", f"The master key is kept here: {desk.key_store}."),
        *_own(session, desk),
        _python(),
    ]
    return tuple(sorted(found, key=lambda found: ("bad", "warn", "note", "ok").index(found.level)))


def _guarded(subject: str, examine: Callable[[], Iterable[Finding]]) -> tuple[Finding, ...]:
    """Examine one thing; that a damaged database does not let it be examined is a finding, too."""
    try:
        with refusing_damage():
            return tuple(examine())
    except Refused as refused:
        return (finding("bad", subject, refused.sentence),)


def _one(look: Look, session: ReadSession, desk: OpenDesk) -> tuple[Finding, ...]:
    return (look(session, desk),)


def _pressing(session: ReadSession, desk: OpenDesk) -> tuple[Finding, ...]:
    """Return what keeps the desk from its work altogether, which also who asks for no doctor has to hear."""
    clock = (_drift(session, desk),) if is_behind(desk.clock.now(), head(session).at) else ()
    return (*clock, *examine_brands(len(desk.context.shelf.brands)))


def _servers(session: ReadSession, desk: OpenDesk) -> tuple[Finding, ...]:
    return examine_servers(session, desk.holder, desk.wall.now(), hears=desk.hears())


def _audit(session: ReadSession, desk: OpenDesk) -> Finding:
    report = verify_audit(session, desk)
    return Finding("ok" if report.sound else "bad", "event log", report.sentence)


def verify_audit(session: ReadSession, desk: OpenDesk, told: Collection[tuple[str, int, str]] = ()) -> AuditReport:
    """Walk the event log and report; what was `told` outside of it has to be in it. Refuses another desk's anchors."""
    anchors = [Anchor(*one) for one in told if one[0] == desk.context.uid]
    if told and not anchors:
        raise Refused(f"None of these {len(told):,} anchors is of this desk, which is {desk.context.uid}.")
    verdict, newest = verify(session, desk.context.audit_key, anchors), head(session)
    if verdict.fault:
        sentence = f"The event log is broken after {verdict.events} events: {verdict.fault}."
    else:
        sentence = f"All {verdict.events} events are whole, in order and carry the desk's seal."
        sentence += f" {len(anchors):,} anchors from outside agree." if anchors else ""
    restored = read_restores(session) if verdict.fault and anchors else ()
    if restored:
        sentence += f" A backup was restored as event {restored[-1]}: anchors from before then may name what it lost."
    line = Anchor(desk.context.uid, newest.seq, newest.hash).line()
    return AuditReport(verdict.events, not verdict.fault, Untrusted(sentence), line)


def _disk(desk: OpenDesk) -> Finding:
    usage = shutil.disk_usage(desk.paths.home)
    return judge_disk(usage.free, usage.total, str(desk.paths.home))


def judge_disk(free: int, total: int, home: str) -> Finding:
    """Judge the bytes that are free where the desk lives: less than 500 MB, or than two parts in a hundred, is bad."""
    scarce = free < SCARCE_BYTES or free < total // 50
    return finding("bad" if scarce else "ok", "disk", f"{free // 1048576:,} MB are free under {home}.")


def _drift(session: ReadSession, desk: OpenDesk) -> Finding:
    newest, told = head(session).at, desk.clock.now()
    if newest is not None and is_behind(told, newest):
        return finding(
            "bad",
            "clock",
            f"The clock went back: it is {told:%Y-%m-%d %H:%M:%S} UTC here, the newest entry is from "
            f"{newest:%Y-%m-%d %H:%M:%S} UTC. Nothing is written until it is set right, or accepted with "
            "`agentconsole clock accept`.",
        )
    ahead = (newest - told).total_seconds() if newest else 0
    if ahead > 1:
        return finding(
            "bad", "clock", f"The machine's clock is {ahead:.0f} s behind the desk's newest entry: set it right."
        )
    return finding("ok", "clock", f"The machine's clock says {desk.wall.now():%Y-%m-%d %H:%M:%S} UTC.")


def _own(session: ReadSession, desk: OpenDesk) -> tuple[Finding, ...]:
    """Examine what only the one or the other kind of database has."""
    if desk.paths.database_named.exists():
        return _guarded("roles", lambda: [_roles(session)])
    return (_sqlite(), *_guarded("pages", lambda: [_pages(desk)]))


def _roles(session: ReadSession) -> Finding:
    level, sentence = check_guards(session)
    return finding(level, "roles", sentence)


def _sqlite() -> Finding:
    version = ".".join(map(str, SQLITE_VERSION))
    if SQLITE_VERSION >= SAFE_SQLITE:
        return finding("ok", "sqlite", f"SQLite {version}.")
    return finding(
        "note", "sqlite", f"SQLite {version} can damage a WAL that two connections reset; here only one writes."
    )


def _pages(desk: OpenDesk) -> Finding:
    if desk.page_sums is None:
        said = "The sums of the database's pages could not be kept (the server's log says why): start it again."
        return finding("warn", "pages", said)
    damaged = desk.page_sums.damaged()
    if not damaged:
        return finding("ok", "pages", f"All {desk.page_sums.pages:,} pages of the database are as they were written.")
    some = f"{len(damaged)} page{'' if len(damaged) == 1 else 's'}"
    return finding(
        "bad", "pages", f"The disk changed {some} of the database (page {damaged[0]} is the first): restore a backup."
    )


def _python() -> Finding:
    if header_injection_safe():
        return finding("ok", "python", "This Python writes mail headers safely.")
    return finding(
        "warn",
        "python",
        "This Python has CVE-2024-6923 (mail headers); our own composer refuses such headers: update it.",
    )
