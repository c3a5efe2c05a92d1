"""Duties: signing off a round of one, and recording the rounds that nobody signed off."""

from datetime import datetime

from agentconsole.domain.duty_round import INSTANT, Round, Standing, named, standing
from agentconsole.domain.duty_words import at_text, whose
from agentconsole.domain.errors import Denied, Refused
from agentconsole.domain.terms import Role
from agentconsole.domain.text import clean_line
from agentconsole.services.context import DeskContext
from agentconsole.storage.tables.duty_round import DutyRound
from agentconsole.storage.transaction import Tx
from agentconsole.storage.types import instant
from agentconsole.wire.duties import DUTIES

LONGEST_NOTE = 300
MOST_APART = 40
"""So many missed rounds of one absence are recorded each by itself, the newest; those before them as one."""

_REACH = {Role.AGENT: (Role.AGENT,), Role.SUPERVISOR: (Role.AGENT, Role.SUPERVISOR)}
_NEWEST = "SELECT due_at, login FROM duty_round WHERE pack_id = :pack AND duty_id = :duty ORDER BY begins DESC LIMIT 1"


def in_force(desk: DeskContext, now: datetime) -> tuple[Standing, ...]:
    """Return the duties of the policies that the desk's brands are under, by policy and in the policy's order."""
    packs = sorted({brand.pack_id for brand in desk.shelf.brands})
    return tuple(duty for pack in packs for duty in standing(desk.shelf.versions(pack), now))


def look_after_duties(tx: Tx, desk: DeskContext) -> None:
    """Record the rounds that ended without a sign-off; a duty that is new here is asked for from now on."""
    for duty in in_force(desk, tx.now):
        _settle(tx, duty)


def sign_off(tx: Tx, desk: DeskContext, name: str, note: str) -> str:
    """Sign off the round of a duty that is asked for now, and return the sentence that says so.

    Who comes after the end of a round does the next one: the one that ended stays missed. Refuses a round that is done
    or has not begun, and what is another role's.
    """
    duty = named(in_force(desk, tx.now), name)
    if duty.duty.owner not in _REACH.get(tx.actor.role or Role.ADMIN, tuple(Role)):
        raise Denied(f'Only {whose(duty.duty.owner)} sign off "{duty.duty.text}".')
    settled, missed = _settle(tx, duty)
    asked = duty.next_round(settled)
    if asked is None:
        raise Refused(f'"{duty.duty.text}" is asked for no more: its calendar {duty.calendar.name} opens no more.')
    if asked.begins > tx.now:
        raise Refused(_not_now(tx, duty, asked))
    _keep(tx, duty, asked, login=tx.actor.login, note=clean_line(note.strip(), LONGEST_NOTE))
    tx.touch(DUTIES)
    after = duty.next_round(asked.due)
    again = f"; it is asked for again from {at_text(after.begins, tx.now, tx.zone)}" if after is not None else ""
    late = f" {_missed_words(tx, duty, missed)}" if missed else ""
    return f"Signed off: {duty.duty.text}{again}.{late}"


def _not_now(tx: Tx, duty: Standing, asked: Round) -> str:
    newest = tx.rows(_NEWEST, pack=duty.pack.id, duty=duty.duty.id)
    by = f"{newest[0][1]} signed it off already" if newest and newest[0][1] else "its round has not begun"
    return f'"{duty.duty.text}" is not asked for now: {by}; the next is from {at_text(asked.begins, tx.now, tx.zone)}.'


def _settle(tx: Tx, duty: Standing) -> tuple[datetime, list[Round]]:
    """Record the rounds that were missed; return until when all are settled, and those that were missed just now."""
    newest = tx.rows(_NEWEST, pack=duty.pack.id, duty=duty.duty.id)
    if not newest:
        _keep(tx, duty, Round(tx.now - INSTANT, tx.now), 0)  # a round may begin now
        return tx.now, []
    settled = instant(newest[0][0])
    missed = list(duty.over(settled, tx.now))
    if not missed:
        return settled, missed
    older, apart = missed[:-MOST_APART], missed[-MOST_APART:]
    if older:
        _keep(tx, duty, Round(older[0].begins, older[-1].due), len(older))
    for one in apart:
        _keep(tx, duty, one)
    tx.news.append(_missed_words(tx, duty, missed))
    tx.touch(DUTIES)
    return missed[-1].due, missed


def _keep(tx: Tx, duty: Standing, kept: Round, rounds: int = 1, *, login: str = "", note: str = "") -> None:
    """Keep what became of a round, and record it; the row of no rounds says from when a duty is asked for."""
    tx.insert(
        DutyRound,
        pack_id=duty.pack.id,
        duty_id=duty.duty.id,
        begins=kept.begins,
        due_at=kept.due,
        done_at=tx.now if login else None,
        login=login,
        note=note,
        rounds=rounds,
    )
    if rounds:
        body = {"begins": kept.begins.isoformat(), "due": kept.due.isoformat(), "rounds": rounds, "noted": bool(note)}
        tx.record("duty.done" if login else "duty.missed", subject=duty.name, body=body)


def _missed_words(tx: Tx, duty: Standing, missed: list[Round]) -> str:
    first, last = (at_text(one.due, tx.now, tx.zone) for one in (missed[0], missed[-1]))
    if len(missed) == 1:
        return f"Missed: {duty.duty.text}, due {first}."
    return f"Missed: {len(missed)} rounds of {duty.duty.text}, due {first} to {last}."
