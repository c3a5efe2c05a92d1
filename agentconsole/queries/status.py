"""How the desk is: the facts behind `agentconsole status` and the findings of `agentconsole doctor`."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from agentconsole.domain.policy import Pack
from agentconsole.domain.untrusted import Untrusted
from agentconsole.storage.tables.counter import Counter
from agentconsole.storage.tables.desk import Desk
from agentconsole.storage.tables.mailbox import Mailbox
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.storage.tables.raw_mail import RawMail
from agentconsole.storage.tables.ticket import LIVE, Ticket
from agentconsole.storage.tables.user import User
from agentconsole.wire.rows import Finding

FAR_BEHIND = timedelta(minutes=15)
_UNCHECKED = (
    "Nobody is warned of a forged sender in mail of {brand}: `agentconsole mail connect --authserv-id` names the "
    "server that checks senders."
)


@dataclass(frozen=True, slots=True)
class Figures:
    """Count what waits in the desk."""

    tickets_live: int
    outbox_waiting: int
    outbox_unknown: int
    outbox_stranded: int
    raw_waiting: int
    overdue_sweep: int


def finding(level: str, subject: str, sentence: str) -> Finding:
    """Build a finding; its sentence quotes what mail servers, files and administrators said."""
    return Finding(level, subject, Untrusted(sentence))


def read_anchor_mail(session: Session) -> tuple[str, datetime | None]:
    """Return where the log's anchor is mailed each day, "" for nowhere, and when it last was."""
    desk = session.get_one(Desk, 1)
    return desk.anchors_to or "", desk.anchors_at


def read_figures(session: Session, now: datetime) -> Figures:
    """Count live tickets, mail on its way out, mail nobody knows about, mail not filed, and tickets the sweep owes."""
    counted = session.execute(sa.text("SELECT state, count(*) FROM outbox GROUP BY state"))
    states: dict[str, int] = {state: number for state, number in counted}
    return Figures(
        tickets_live=session.exec(select(func.coalesce(func.sum(Counter.number), 0))).one(),
        outbox_waiting=states.get("held", 0) + states.get("queued", 0) + states.get("sending", 0),
        outbox_unknown=states.get("unknown", 0) + states.get("failed", 0),
        outbox_stranded=sum(brand.mails for brand in read_waiting(session) if not brand.has_mailbox),
        raw_waiting=session.exec(select(func.count()).where(RawMail.state == "kept")).one(),
        overdue_sweep=session.exec(
            select(func.count()).where(col(Ticket.live) == LIVE, col(Ticket.until) < now - timedelta(minutes=1))
        ).one(),
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """Tell of a brand's mail that could not leave yet: how much, since when (the machine's time), why."""

    brand: str
    mails: int
    since: datetime
    trouble: str
    has_mailbox: bool


def read_waiting(session: Session) -> tuple[Waiting, ...]:
    """Return the brands whose mail has been put off, with what is said of the oldest."""
    late = select(Outbox).where(Outbox.state == "queued", col(Outbox.waits_since).is_not(None))
    oldest: dict[str, Waiting] = {}
    for mail in session.exec(late.order_by("waits_since", "id")).all():
        known = oldest.get(mail.brand_id)
        if known is not None:
            oldest[mail.brand_id] = replace(known, mails=known.mails + 1)
        elif mail.waits_since is not None:
            has_mailbox = session.get(Mailbox, mail.brand_id) is not None
            oldest[mail.brand_id] = Waiting(mail.brand_id, 1, mail.waits_since, mail.trouble, has_mailbox)
    return tuple(oldest.values())


def read_mailboxes(session: Session, now: datetime) -> tuple[Untrusted, ...]:
    """Describe each mailbox in a line: reachable and since when read, or what is wrong and since when."""
    return tuple(Untrusted(_mailbox_line(box, now)) for box in session.exec(select(Mailbox).order_by("brand_id")).all())


def read_reachable(session: Session) -> tuple[tuple[str, bool], ...]:
    """Tell of each brand that has a mailbox whether it could be read when that was tried last."""
    return tuple((box.brand_id, not box.trouble) for box in session.exec(select(Mailbox).order_by("brand_id")).all())


def _mailbox_line(box: Mailbox, now: datetime) -> str:
    if box.trouble:
        since = f" since {box.trouble_at:%Y-%m-%d %H:%M} UTC" if box.trouble_at else ""
        return f"{box.brand_id} <{box.address}> not reachable{since}: {box.trouble}"
    if box.read_at is None:
        return f"{box.brand_id} <{box.address}> not read yet"
    ago = int(max((now - box.read_at).total_seconds(), 0))
    return f"{box.brand_id} <{box.address}> read {ago} s ago"


def examine_rows(session: Session, now: datetime) -> tuple[Finding, ...]:
    """Look at what the database says about itself, the mailboxes and the counters."""
    findings = [_integrity(session), _counters(session)]
    for box in session.exec(select(Mailbox).order_by("brand_id")).all():
        late = box.read_at is not None and now - box.read_at > FAR_BEHIND
        level = "bad" if box.trouble or late else "ok"
        findings.append(finding(level, "mailbox", _mailbox_line(box, now)))
        if not box.authserv_ids:
            findings.append(finding("note", "senders", _UNCHECKED.format(brand=box.brand_id)))
    if not any(found.subject == "mailbox" for found in findings):
        findings.append(
            finding("note", "mailbox", "No mailbox is connected: `agentconsole mail connect` connects one.")
        )
    findings += [_waiting(brand) for brand in read_waiting(session)]
    figures = read_figures(session, now)
    if figures.outbox_unknown:
        findings.append(
            finding(
                "warn", "outbox", f"{figures.outbox_unknown} mails failed or may not have left: their cases say so."
            )
        )
    if figures.raw_waiting:
        findings.append(finding("warn", "intake", f"{figures.raw_waiting} messages are kept and not filed yet."))
    if figures.overdue_sweep:
        findings.append(
            finding("warn", "sweep", f"{figures.overdue_sweep} cases wait over a minute to be looked after.")
        )
    return tuple(findings)


def _waiting(brand: Waiting) -> Finding:
    mails = f"{brand.mails} mail{'' if brand.mails == 1 else 's'} of {brand.brand}"
    since = f"{brand.since:%Y-%m-%d %H:%M} UTC"
    if brand.has_mailbox:
        return finding("warn", "outbox", f"{mails} could not be sent since {since}: {brand.trouble}")
    said = f"{mails} wait since {since} for a mailbox: `agentconsole mail connect --brand {brand.brand}` lets them go."
    return finding("bad", "outbox", said)


def _integrity(session: Session) -> Finding:
    if session.connection().dialect.name == "postgresql":
        return _postgres(session)
    answer = session.execute(sa.text("PRAGMA integrity_check(3)")).scalars().all()
    if answer == ["ok"]:
        return finding("ok", "database", "The database is sound.")
    return finding("bad", "database", f"The database is damaged ({answer[0]}): restore a backup.")


def _postgres(session: Session) -> Finding:
    version, checksums = session.execute(
        sa.text("SELECT current_setting('server_version'), current_setting('data_checksums')")
    ).one()
    if checksums == "on":
        return finding("ok", "database", f"PostgreSQL {version}, which checks every page it reads.")
    return finding(
        "note",
        "database",
        f"PostgreSQL {version} does not check the pages it reads: its administrator can run `pg_checksums --enable`.",
    )


def _counters(session: Session) -> Finding:
    counted = {(owner, tier): n for owner, tier, n in session.execute(sa.text("SELECT * FROM counter")) if n}
    rows = session.execute(
        sa.text("SELECT coalesce(owner_id, 0), tier, count(*) FROM ticket WHERE live = 1 GROUP BY 1, 2")
    )
    if counted == {(owner, tier): n for owner, tier, n in rows}:
        return finding("ok", "counters", "The counts on the status bar agree with the cases.")
    return finding("bad", "counters", "The counts on the status bar do not agree with the cases: report this.")


def examine_accounts(session: Session) -> Finding:
    """Say, of a desk that several Unix accounts reach, who may sign in from any and whose account is not known yet."""
    users = session.exec(select(User).where(col(User.disabled).is_(False)).order_by("login")).all()
    anywhere = [user.login for user in users if user.unix_any]
    unknown = [user.login for user in users if not user.unix_any and user.unix_uid is None]
    if anywhere:
        said = (
            f"{', '.join(anywhere)} may sign in from any Unix account: `agentconsole user unix LOGIN ACCOUNT` ends it."
        )
        return finding("note", "unix accounts", said)
    if unknown:
        said = f"{', '.join(unknown)} will belong to the Unix account of the first sign-in."
        return finding("note", "unix accounts", said)
    return finding("ok", "unix accounts", "Everybody signs in from one Unix account of her own.")


def examine_packs(packs: tuple[Pack, ...]) -> tuple[Finding, ...]:
    """List the packs that are drafts because blanks are open."""
    return tuple(
        finding("warn", f"policy {pack.id}", f"A draft: open are {', '.join(blank.id for blank in pack.open_blanks)}.")
        if pack.open_blanks
        else finding("ok", f"policy {pack.id}", f"Version {pack.version} is complete.")
        for pack in packs
    )
