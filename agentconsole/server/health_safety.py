"""What `doctor` says of a desk's safety: its backups, its texts against the log, its stored mail, and its versions."""

import platform
from collections.abc import Callable, Mapping
from datetime import timedelta

from agentconsole import __version__
from agentconsole.domain.terms import Role
from agentconsole.queries.allowlist import open_until, read_rules
from agentconsole.queries.backups import LastBackup, read_last_backup
from agentconsole.queries.status import finding, read_anchor_mail
from agentconsole.server.desk import OpenDesk
from agentconsole.storage.backup import content_names
from agentconsole.storage.reading import ReadSession
from agentconsole.storage.row_checks import check_contacts, check_packs, check_schema
from agentconsole.storage.upgrade import HEAD
from agentconsole.wire.rows import Finding

Look = Callable[[ReadSession, OpenDesk], Finding]
DAILY = timedelta(hours=26)
"""A backup a day, and two hours for the one that takes long."""
_HOW = "`agentconsole backup FILE` makes one"


def _versions(_session: ReadSession, _desk: OpenDesk) -> Finding:
    return finding("ok", "versions", f"agentconsole {__version__}, schema {HEAD}, Python {platform.python_version()}.")


def _backup(session: ReadSession, desk: OpenDesk) -> Finding:
    last = read_last_backup(session)
    if last is None:
        return finding("warn", "backup", f"No backup was made yet: {_HOW}, and `agentconsole keys export` a key copy.")
    age = desk.clock.now() - last.at
    when = f"The last backup was made {_spoken(age)} ago ({last.size / 1_000_000:,.1f} MB, {_seal(last)})"
    if last.events_since <= 0:
        return finding("ok", "backup", f"{when}; nothing has happened since.")
    said = f"{when}; {last.events_since:,} entries of the event log are not in it"
    if age > DAILY:
        return finding("warn", "backup", f"{said}: {_HOW}.")
    return finding("ok", "backup", f"{said}.")


def _seal(last: LastBackup) -> str:
    return "sealed" if last.sealed else "not sealed"


def _spoken(age: timedelta) -> str:
    hours = age // timedelta(hours=1)
    return f"{hours // 24} days" if hours >= 48 else f"{hours} h" if hours else f"{age // timedelta(minutes=1)} min"


def _texts(session: ReadSession, _desk: OpenDesk) -> Finding:
    faults = [*check_packs(session), *check_contacts(session)]
    if not faults:
        return finding("ok", "texts", "Every text of every case, and every policy, is what the event log says.")
    return finding(
        "bad", "texts", f"Texts are not what the event log says ({'; '.join(faults[:3])}): restore a backup."
    )


def _schema(session: ReadSession, _desk: OpenDesk) -> Finding:
    faults = check_schema(session)
    if not faults:
        return finding("ok", "schema", "Tables, indexes and guards are as this program makes them.")
    return finding("bad", "schema", f"The schema was changed ({faults[0]}): restore a backup.")


def _stored(session: ReadSession, desk: OpenDesk) -> Finding:
    missing = sum(not desk.context.store.has(name) for name in content_names(session))
    if not missing:
        return finding("ok", "stored mail", "Every stored message and attachment is there.")
    return finding("bad", "stored mail", f"{missing} stored messages or attachments are gone from {desk.paths.raw}.")


def _anchors(session: ReadSession, desk: OpenDesk) -> Finding:
    to, at = read_anchor_mail(session)
    if to and (at is None or desk.wall.now() - at > DAILY):
        when = "never was" if at is None else f"last was {_spoken(desk.wall.now() - at)} ago"
        return finding("warn", "anchors", f"The newest event is to be mailed to {to} each day and {when}: see the log.")
    if to:
        return finding("ok", "anchors", f"The newest event is mailed to {to} each day.")
    if desk.anchored is None:
        return finding(
            "note",
            "anchors",
            "Nobody outside knows the newest event, so that a log that is cut off looks whole:"
            " `agentconsole audit mail ADDRESS` mails it each day.",
        )
    how = "`journalctl -t agentconsole -o cat | agentconsole audit verify --anchors -`"
    return finding("ok", "anchors", f"The journal of this host knows event {desk.anchored:,}: {how} compares.")


def _copies(_session: ReadSession, desk: OpenDesk) -> Finding:
    lying = sorted(path.name for path in desk.paths.home.glob("*-before-*.sqlite3"))
    if not lying:
        return finding("ok", "old copies", "No copy of the database from before an upgrade or a move lies about.")
    return finding("note", "old copies", f"{', '.join(lying)}: every case as it was then; remove it when all is well.")


def _addresses(session: ReadSession, desk: OpenDesk) -> Finding:
    rules, until = read_rules(session), open_until(session)
    if until is not None and until > desk.wall.now():
        said = f"Until {until:%Y-%m-%d %H:%M} UTC everybody may sign in from anywhere"
        return finding("warn", "addresses", f"{said}: `agentconsole address close` ends it.")
    free = [role.value for role in Role if role.value not in {rule.role for rule in rules}]
    if not free:
        return finding("ok", "addresses", "Every role signs in from the addresses that are allowed, and no others.")
    said = f"{', '.join(free)} may sign in from anywhere: `agentconsole address allow ROLE RANGE` says from where."
    return finding("note", "addresses", said)


SAFETY: Mapping[str, Look] = {
    "backup": _backup,
    "texts": _texts,
    "schema": _schema,
    "stored mail": _stored,
    "old copies": _copies,
    "anchors": _anchors,
    "addresses": _addresses,
    "versions": _versions,
}
"""What is examined, by the subject of its finding."""
