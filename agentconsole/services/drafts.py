"""Drafts: what somebody is typing on a ticket, kept until it is sent or emptied."""

from agentconsole.domain.errors import Refused
from agentconsole.services.tickets import asker, find_ticket
from agentconsole.storage.tables.draft import Draft
from agentconsole.storage.transaction import Tx

KINDS = ("reply", "note", "escalate")
LONGEST_DRAFT = 400_000


def save_draft(
    tx: Tx, number: int, kind: str, text: str, cursor: tuple[int, int], seen: int, below: int | None = None
) -> None:
    """Keep a draft; an empty text drops it. Drafts are nobody else's business, so the event log has none.

    With `below` the text stands under an older draft that its writer has not seen, but for so many characters at the
    end of that, which are hers from just now.
    """
    if kind not in KINDS:
        raise Refused(f'A draft is of {", ".join(KINDS)}, not "{kind}".')
    me = asker(tx)
    draft = tx.session.get(Draft, (me.id, number, kind))
    if draft is not None and below is not None:
        text, cursor = _under(draft.text[: max(len(draft.text) - below, 0)].rstrip(), text, cursor)
    if len(text) > LONGEST_DRAFT:
        raise Refused(
            f"A draft has at most {LONGEST_DRAFT:,} characters; this one has {len(text):,} and was not saved."
        )
    if not text.strip():
        drop_draft(tx, number, kind)
        return
    find_ticket(tx, number)
    if draft is None:
        draft = Draft(user_id=me.id or 0, ticket_id=number, kind=kind, text=text, saved_at=tx.now)
        tx.session.add(draft)
    draft.text, draft.line, draft.column = text, *cursor
    draft.seen, draft.saved_at = seen, tx.now


def _under(above: str, text: str, cursor: tuple[int, int]) -> tuple[str, tuple[int, int]]:
    """Return a text under another one, as far as there is one, and where its cursor is then."""
    if not above or not text.strip():
        return above or text, cursor
    return f"{above}\n\n{text}", (above.count("\n") + 2 + cursor[0], cursor[1])


def drop_draft(tx: Tx, number: int, kind: str) -> None:
    """Forget one's own draft, if there is one."""
    draft = tx.session.get(Draft, (tx.actor.user_id, number, kind)) if tx.actor.user_id is not None else None
    if draft is not None:
        tx.session.delete(draft)
