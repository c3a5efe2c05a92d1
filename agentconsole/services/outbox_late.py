"""Mail that could not leave yet: put off for growing waits, told of after some hours, given up after days."""

from datetime import datetime, timedelta

from sqlmodel import and_, col, select

from agentconsole.services.outbox import bring_back
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.storage.transaction import Tx

FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(minutes=30)
TELL_AFTER = timedelta(hours=4)
GIVE_UP_AFTER = timedelta(days=5)
"""RFC 5321 section 4.5.4.1: at least four to five days."""
_DOUBLINGS = 10


def not_sent(tx: Tx, outbox: int, sentence: str, *, permanent: bool) -> None:
    """Record that the mail server refused a mail: one that may be tried again waits, a hopeless one comes back."""
    mail = tx.session.get_one(Outbox, outbox)
    if permanent:
        _fail(tx, mail, sentence)
    elif mail.waits_since is not None and tx.wall - mail.waits_since >= GIVE_UP_AFTER:
        _fail(tx, mail, f"given up after {GIVE_UP_AFTER.days} days: {sentence}")
    else:
        _put_off(tx, mail, sentence)


def unreachable(tx: Tx, outbox: int, sentence: str) -> None:
    """Record that a mail server cannot be used now: the mail that was tried waits, and all behind it."""
    not_sent(tx, outbox, sentence, permanent=False)
    for mail in _behind(tx, outbox):
        mail.attempts += 1
        not_sent(tx, mail.id or 0, sentence, permanent=False)


def no_mailbox(tx: Tx, outbox: int, sentence: str) -> None:
    """Record that a brand has no mailbox: its mail waits for one, however long that takes."""
    for mail in (tx.session.get_one(Outbox, outbox), *_behind(tx, outbox)):
        _put_off(tx, mail, sentence)
        mail.not_before, mail.trouble = tx.wall + LONGEST_RETRY, sentence


def go_now(tx: Tx, brand: str) -> None:
    """Let the mail of a brand that waits go at once, with all its time before it: its mailbox was set."""
    for mail in tx.session.exec(select(Outbox).where(Outbox.brand_id == brand, Outbox.state == "queued")).all():
        mail.not_before, mail.waits_since, mail.attempts, mail.trouble = tx.wall, None, 0, ""
        tx.touched.add(mail.ticket_id)


def _behind(tx: Tx, outbox: int) -> list[Outbox]:
    """Return the mails of the same brand that are due, without the one at hand."""
    brand = tx.session.get_one(Outbox, outbox).brand_id
    due = and_(col(Outbox.state).in_(("held", "queued")), col(Outbox.not_before) <= tx.wall)
    found = select(Outbox).where(Outbox.brand_id == brand, due, Outbox.id != outbox)
    return list(tx.session.exec(found.order_by("id")).all())


def _put_off(tx: Tx, mail: Outbox, sentence: str) -> None:
    is_first = mail.waits_since is None
    since = mail.waits_since = mail.waits_since or tx.wall
    mail.state, mail.lease_until = "queued", None
    mail.not_before = tx.wall + min(FIRST_RETRY * (1 << min(max(mail.attempts - 1, 0), _DOUBLINGS)), LONGEST_RETRY)
    waiting = f"not delivered yet since {_said(tx, since)}, next try {_said(tx, mail.not_before)}"
    mail.trouble = f"{waiting}: {sentence}"
    # Five days of trying are some 250 tries: the log has the first one, the case has the newest.
    if is_first:
        tx.record("mail.retried", ticket=mail.ticket_id, body={"outbox": mail.id, "attempts": mail.attempts})
    tx.touched.add(mail.ticket_id)
    if mail.told_at is None and tx.wall - since >= TELL_AFTER:
        mail.told_at = tx.wall
        bring_back(tx, mail, f"its mail is not delivered yet since {_said(tx, since)}", sentence)


def _fail(tx: Tx, mail: Outbox, sentence: str) -> None:
    mail.state, mail.lease_until, mail.trouble = "failed", None, sentence
    bring_back(tx, mail, "the mail was not sent", sentence)


def _said(tx: Tx, at: datetime) -> str:
    """Say a time as people at the desk do: with the day when it is not today's."""
    local = at.astimezone(tx.zone)
    same_day = local.date() == tx.wall.astimezone(tx.zone).date()
    return f"{local:%H:%M}" if same_day else f"{local:%a %H:%M}"
