"""Suggestions on the clauses of a policy: made by anybody at the desk, and each decided on with a reason."""

import secrets

from sqlmodel import func, select

from agentconsole.domain.acceptance import in_force
from agentconsole.domain.errors import Gap, Refused
from agentconsole.domain.suggestion import WORDS, Disposition
from agentconsole.domain.text import storable
from agentconsole.services.context import DeskContext
from agentconsole.services.tickets import asker
from agentconsole.storage.events import text_reference
from agentconsole.storage.tables.suggestion import Suggestion
from agentconsole.storage.transaction import Tx

LONGEST_TEXT = 2000
LONGEST_REASON = 500
MOST_OPEN = 50


def suggest(tx: Tx, desk: DeskContext, pack: str, clause: str, text: str) -> Suggestion:
    """Keep a suggestion on a clause of the version in force, with its author; the log gets a hash of the text."""
    me = asker(tx)
    versions = desk.shelf.in_use.get(pack, ())
    if not versions:
        raise Refused(f'No brand is under a policy "{pack[:40]}"; there is {", ".join(desk.shelf.in_use) or "none"}.')
    current = in_force(versions, tx.now)[-1].pack
    if clause not in (known.id for known in current.clauses):
        raise Refused(f'The policy {pack} has no clause "{clause[:40]}": g y lists them.')
    said = storable(text.strip())
    if not said or len(said) > LONGEST_TEXT:
        raise Refused(
            f"Say in at most {LONGEST_TEXT} characters what the clause should say instead.",
            gaps=(Gap("text", "empty or too long"),),
        )
    _refuse_flood(tx, me.id or 0)
    salt = secrets.token_hex(16)
    kept = tx.add(
        Suggestion(
            user_id=me.id or 0,
            at=tx.now,
            pack_id=pack,
            version=current.version,
            clause=clause,
            text=said,
            salt=salt,
            disposition=Disposition.OPEN,
        )
    )
    body = {"suggestion": kept.id, "version": current.version, "clause": clause, "text": text_reference(salt, said)}
    tx.record("policy.suggested", subject=pack, body=body)
    return kept


def _refuse_flood(tx: Tx, user_id: int) -> None:
    waiting = select(func.count()).where(Suggestion.user_id == user_id, Suggestion.disposition == Disposition.OPEN)
    if tx.session.exec(waiting).one() >= MOST_OPEN:
        raise Refused(f"{MOST_OPEN} suggestions of yours wait for a decision: have a manager decide on some first.")


def settle(tx: Tx, number: int, disposition: str, reason: str) -> Suggestion:
    """Decide on a suggestion: taken up or declined, with the reason that its author reads. Decided is decided."""
    if disposition not in (Disposition.TAKEN, Disposition.DECLINED):
        raise Refused(f'A suggestion is taken or declined, not "{disposition[:40]}".')
    said = reason.strip()
    if not said or len(said) > LONGEST_REASON or not said.isprintable():
        raise Refused(
            f"Give the reason in one line of at most {LONGEST_REASON} characters: its author reads it.",
            gaps=(Gap("reason", "one line"),),
        )
    kept = tx.get(Suggestion, number)
    if kept is None:
        raise Refused(f"There is no suggestion {number}: `agentconsole policy suggestions` lists them.")
    if kept.disposition is not Disposition.OPEN:
        raise Refused(f"Suggestion {number} was {WORDS[kept.disposition]} by {kept.settled_by} already.")
    kept.disposition, kept.reason = Disposition(disposition), said
    kept.settled_by, kept.settled_at = tx.actor.login, tx.now
    body = {"suggestion": number, "as": disposition, "reason": text_reference(kept.salt, said)}
    tx.record("policy.suggestion_settled", subject=kept.pack_id, body=body)
    return kept
