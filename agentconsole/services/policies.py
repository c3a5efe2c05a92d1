"""Policies that a desk keeps: a draft for each pack, filled in at leisure, and put into force as a new version."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import select

from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_named import DRAFT, can_be_pack, split_name
from agentconsole.services.context import DeskContext
from agentconsole.services.shelf import (
    AT_ONCE,
    Shelf,
    answer_blanks,
    check_questions,
    put_in_force,
    questions,
    versions_of,
)
from agentconsole.storage.row_checks import pack_digest
from agentconsole.storage.tables.brand import Brand
from agentconsole.storage.tables.pack_draft import PackDraft
from agentconsole.storage.transaction import Tx

_LONGEST_WAIT = timedelta(days=366)


def keep_draft(tx: Tx, desk: DeskContext, text: str) -> str:
    """Keep a pack as the draft of its id, in place of the draft before, and return the sentence that says so.

    What the desk has answered of the same questions before, in the draft or in force, is taken over where it fits.
    Refuses what the parser refuses.
    """
    pack = desk.shelf.parse(text, "the draft", {})
    before = tx.session.get(PackDraft, pack.id)
    there = versions_of(tx, pack.id)
    given = {**(there[-1].answers if there else {}), **(before.answers if before is not None else {})}
    answers = _fitting(desk.shelf, pack, text, given)
    pack = desk.shelf.parse(text, "the draft", answers)
    tx.session.merge(PackDraft(pack_id=pack.id, text=text, answers=answers, author=tx.actor.login, at=tx.now))
    _record(tx, pack, text, answers)
    replaced = "in place of the draft before" if before is not None else "nothing is in force by that"
    return f"The draft of {pack.id} is kept, {replaced}. {_left(pack)}"


def _fitting(shelf: Shelf, pack: Pack, text: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return those answers that the new text asks for and can compute with."""
    known = questions(pack)
    asked = {name: answer for name, answer in given.items() if name in known}
    if _fits(shelf, text, asked):
        return asked
    fitting: dict[str, str] = {}
    for name, answer in asked.items():
        if _fits(shelf, text, {**fitting, name: answer}):
            fitting[name] = answer
    return fitting


def _fits(shelf: Shelf, text: str, answers: Mapping[str, str]) -> bool:
    try:
        shelf.parse(text, "the draft", answers)
    except Refused:
        return False
    return True


def answer(tx: Tx, desk: DeskContext, pack: str, name: str, given: str) -> Pack:
    """Fill in a blank or a setting of what is in force, or of the draft of a pack that is named with @draft.

    A pack that is a draft only needs no @draft. Refuses an answer that the pack cannot compute with.
    """
    pack_id, which = split_name(pack)
    if which not in ("", DRAFT):
        raise Refused("Give the policy as ecolab, or its draft as ecolab@draft: a version stays as it is.")
    draft = _draft(tx, pack_id)
    if draft is None and which:
        raise Refused(_no_draft(tx, pack_id))
    if draft is None or (not which and versions_of(tx, pack_id)):
        return answer_blanks(tx, desk.shelf, pack_id, {name: given})
    check_questions(desk.shelf.parse(draft.text, "the draft", draft.answers), {name: given})
    answers = {**draft.answers, name: given}
    answered = desk.shelf.parse(draft.text, "the draft", answers)
    draft.answers = answers
    tx.session.add(draft)
    _record(tx, answered, draft.text, answers)
    return answered


def activate(tx: Tx, desk: DeskContext, pack_id: str, since: datetime | None, *, with_proposals: bool) -> str:
    """Put a draft into force as a new version, at once or from `since`, and return the sentence that says so.

    Refuses an instant that is past or more than a year away, a draft with open blanks unless `with_proposals`, and
    one that says what is in force already.
    """
    if since is not None:
        _check_instant(tx, since)
    draft = _draft(tx, pack_id)
    if draft is None:
        raise Refused(_no_draft(tx, pack_id))
    pack = desk.shelf.parse(draft.text, "the draft", draft.answers)
    if pack.open_blanks and not with_proposals:
        raise Refused(
            f"The draft of {pack_id} leaves open {_names(pack)}. Fill them in (agentconsole policy answer {pack_id}"
            "@draft BLANK ANSWER), or use what is proposed with --with-proposals. Nothing was changed."
        )
    _check_new(tx, draft, since)
    begun = put_in_force(tx, desk.shelf, pack_id, draft.text, draft.answers, since)
    tx.session.delete(draft)
    return f"{_begins(begun, since)} {_who(tx, pack_id)}"


def _check_new(tx: Tx, draft: PackDraft, since: datetime | None) -> None:
    """Refuse a draft that says what will be in force then anyway."""
    begun = [row for row in versions_of(tx, draft.pack_id) if row.since <= (since or tx.now + AT_ONCE)]
    for row in begun[-1:]:
        if pack_digest(row.text, row.answers) == pack_digest(draft.text, draft.answers):
            raise Refused(f"The draft of {draft.pack_id} says what version {row.version} says: nothing was changed.")


def _check_instant(tx: Tx, since: datetime) -> None:
    if since.tzinfo is None:
        raise Refused("The instant from which a policy binds needs its zone.")
    if since <= tx.now + AT_ONCE:
        raise Refused(
            f"A policy cannot begin in the past: it is {tx.now:%Y-%m-%d %H:%M} UTC. To begin at once, leave --from out."
        )
    if since - tx.now > _LONGEST_WAIT:
        raise Refused("A policy can wait for at most a year: give a nearer day, or activate it later.")


def _begins(pack: Pack, since: datetime | None) -> str:
    if since is None:
        return f"Version {pack.version} of {pack.id} is in force."
    return f"Version {pack.version} of {pack.id} begins {since:%Y-%m-%d %H:%M} UTC."


def _who(tx: Tx, pack_id: str) -> str:
    if tx.session.exec(select(Brand).where(Brand.pack_id == pack_id)).first() is None:
        return f"No brand is under it yet: agentconsole brand add BRAND NAME {pack_id}."
    return "Cases that began before keep the version they began with."


def _draft(tx: Tx, pack_id: str) -> PackDraft | None:
    return tx.session.get(PackDraft, pack_id) if can_be_pack(pack_id) else None


def _no_draft(tx: Tx, pack_id: str) -> str:
    there = [draft.pack_id for draft in tx.session.exec(select(PackDraft).order_by("pack_id")).all()]
    known = f"there is one of {', '.join(there)}" if there else "there is none of any"
    named = pack_id if can_be_pack(pack_id) else "that name"
    return f"There is no draft of {named} here; {known}. Keep one: agentconsole policy add FILE.toml."


def _left(pack: Pack) -> str:
    if pack.open_blanks:
        return f"Still open: {_names(pack)}. What is asked: agentconsole policy blanks {pack.id}@draft."
    return f"No blank is left. What it changes: agentconsole policy diff {pack.id} {pack.id}@draft."


def _names(pack: Pack) -> str:
    return ", ".join(blank.id for blank in pack.open_blanks)


def _record(tx: Tx, pack: Pack, text: str, answers: Mapping[str, str]) -> None:
    tx.record(
        "pack.drafted",
        subject=pack.id,
        body={
            "revision": pack.revision_text,
            "sha256": pack_digest(text, answers),
            "blanks_open": [blank.id for blank in pack.open_blanks],
        },
    )
