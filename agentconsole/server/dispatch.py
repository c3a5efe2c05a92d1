"""From a command to its use case: may this actor, was it done before, do it, answer."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from agentconsole.domain.errors import Refused
from agentconsole.domain.roles import Action, permit
from agentconsole.domain.suggestion import WORDS
from agentconsole.domain.terms import Role
from agentconsole.domain.ticket import case_number
from agentconsole.domain.untrusted import Untrusted
from agentconsole.server.desk import OpenDesk
from agentconsole.services import (
    acceptance,
    allowlist,
    anchoring,
    brands,
    drafts,
    duties,
    escalation,
    lifecycle,
    naming,
    outbox,
    ownership,
    policies,
    replies,
    suggestions,
    undo,
    unix_accounts,
    users,
)
from agentconsole.services.mailboxes import set_mailbox
from agentconsole.services.sessions import refuse_ended
from agentconsole.services.stands import keep_stand
from agentconsole.services.tickets import asker
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.storage.tables.request import Request
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import Actor, Tx
from agentconsole.wire import addresses, anchors, policy_reading
from agentconsole.wire import brands as wire_brands
from agentconsole.wire import commands as wire
from agentconsole.wire import duties as wire_duties
from agentconsole.wire import policies as wire_policies
from agentconsole.wire.frames import Done
from agentconsole.wire.plain import read, written

Work = Callable[[Tx, OpenDesk, Any], Done]
_answers = msgspec.msgpack.Encoder(enc_hook=written)
_kept: msgspec.msgpack.Decoder[Done] = msgspec.msgpack.Decoder(Done, dec_hook=read)


@dataclass(frozen=True, slots=True)
class Handler:
    """Say which permission a command needs and what carries it out."""

    action: Action
    work: Work


def _done(ticket: Ticket, said: str) -> Done:
    return Done(said=Untrusted(said.format(n=case_number(ticket.id or 0))), ticket=ticket.id, version=ticket.version)


def _take(tx: Tx, desk: OpenDesk, ask: wire.Take) -> Done:
    ticket = ownership.take(tx, ask.ticket, ask.seen)
    acceptance.refuse_new_work(tx, desk.context, asker(tx))
    return _done(ticket, "Case {n} is yours. u gives it back.")


def _give_back(tx: Tx, _desk: OpenDesk, ask: wire.GiveBack) -> Done:
    return _done(ownership.give_back(tx, ask.ticket, ask.seen), "Case {n} is back in the queue.")


def _take_next(tx: Tx, desk: OpenDesk, ask: wire.TakeNext) -> Done:
    owed = acceptance.late_with(tx, desk.context, asker(tx))
    ticket = ownership.take_next(tx, ask.brand, only_mine=owed is not None)
    if ticket is None and owed is not None:
        raise Refused(acceptance.not_accepted(owed), code="policy")
    return (
        Done(Untrusted("Nothing waits: neither for you nor for nobody."))
        if ticket is None
        else _done(ticket, "Case {n} is yours.")
    )


def _assign(tx: Tx, desk: OpenDesk, ask: wire.Assign) -> Done:
    ticket = ownership.assign(tx, ask.ticket, ask.seen, ask.to)
    acceptance.refuse_new_work(tx, desk.context, tx.get_one(User, ticket.owner_id))
    return _done(ticket, f"Case {{n}} given to {ask.to}. u takes it back.")


def _reply(tx: Tx, desk: OpenDesk, ask: wire.Reply) -> Done:
    ticket, mail = replies.reply(
        tx, desk.context, ask.ticket, ask.seen, ask.text, ask.then, anyway=ask.anyway, note=ask.note
    )
    return _held(ticket, mail, desk.context.hold_seconds)


def _held(ticket: Ticket, mail: Outbox, seconds: int) -> Done:
    return Done(
        said=Untrusted(f"Sending case {case_number(ticket.id or 0)} in {seconds} s, u takes it back."),
        ticket=ticket.id,
        version=ticket.version,
        contact=mail.contact_id,
        held_until=mail.not_before,
    )


def _note(tx: Tx, _desk: OpenDesk, ask: wire.AddNote) -> Done:
    return _done(replies.add_note(tx, ask.ticket, ask.text), "Note added to case {n}.")


def _wait(tx: Tx, _desk: OpenDesk, ask: wire.Wait) -> Done:
    return _done(lifecycle.wait(tx, ask.ticket, ask.seen, ask.until, ask.reason), "Case {n} waits. u takes it back.")


def _resolve(tx: Tx, _desk: OpenDesk, ask: wire.Resolve) -> Done:
    return _done(lifecycle.resolve(tx, ask.ticket, ask.seen, ask.reason), "Case {n} resolved. u takes it back.")


def _reopen(tx: Tx, _desk: OpenDesk, ask: wire.Reopen) -> Done:
    return _done(lifecycle.reopen(tx, ask.ticket, ask.seen), "Case {n} is open again.")


def _escalate(tx: Tx, _desk: OpenDesk, ask: wire.Escalate) -> Done:
    return _done(escalation.escalate(tx, ask.ticket, ask.seen, ask.note), "Case {n} escalated. u takes it back.")


def _priority(tx: Tx, _desk: OpenDesk, ask: wire.SetPriority) -> Done:
    ticket = lifecycle.set_priority(tx, ask.ticket, ask.seen, ask.priority)
    return _done(ticket, f"Case {{n}} has priority {ask.priority}. u takes it back.")


def _tag(tx: Tx, _desk: OpenDesk, ask: wire.Tag) -> Done:
    return _done(lifecycle.tag(tx, ask.ticket, ask.add, ask.remove), "Tags of case {n} changed.")


def _undo(tx: Tx, _desk: OpenDesk, _ask: wire.Undo) -> Done:
    ticket, said = undo.take_back(tx)
    return Done(said=Untrusted(said), ticket=ticket.id, version=ticket.version)


def _draft(tx: Tx, _desk: OpenDesk, ask: wire.SaveDraft) -> Done:
    drafts.save_draft(tx, ask.ticket, ask.kind, ask.text, ask.cursor, ask.seen, ask.below)
    return Done()


def _place(tx: Tx, _desk: OpenDesk, ask: wire.KeepPlace) -> Done:
    keep_stand(tx, ask.stand)
    return Done()


def _redeliver(tx: Tx, _desk: OpenDesk, ask: wire.Redeliver) -> Done:
    ticket = outbox.redeliver(tx, ask.contact, ask.decision)
    return _done(ticket, "Case {n}: the mail goes again." if ask.decision == "send" else "Case {n}: noted as sent.")


def _disable(tx: Tx, _desk: OpenDesk, ask: wire.DisableUser) -> Done:
    users.disable_user(tx, ask.login, disabled=ask.disabled)
    return Done(Untrusted(f"{ask.login} is {'closed' if ask.disabled else 'open'}."))


def _role(tx: Tx, _desk: OpenDesk, ask: wire.SetRole) -> Done:
    users.set_role(tx, ask.login, ask.role)
    return Done(Untrusted(f"{ask.login} is {ask.role} now, and signs in anew."))


def _tie(tx: Tx, _desk: OpenDesk, ask: wire.TieUser) -> Done:
    return Done(Untrusted(unix_accounts.tie(tx, ask.login, ask.unix)))


def _allow(tx: Tx, _desk: OpenDesk, ask: addresses.AllowAddress) -> Done:
    return Done(Untrusted(allowlist.allow(tx, ask.role, ask.range, ask.label)))


def _remove_address(tx: Tx, _desk: OpenDesk, ask: addresses.RemoveAddress) -> Done:
    return Done(Untrusted(allowlist.remove(tx, ask.role, ask.range)))


def _open_addresses(tx: Tx, _desk: OpenDesk, ask: addresses.OpenAddresses) -> Done:
    return Done(Untrusted(allowlist.set_aside(tx, ask.minutes)))


def _close_addresses(tx: Tx, _desk: OpenDesk, _ask: addresses.CloseAddresses) -> Done:
    return Done(Untrusted(allowlist.enforce(tx)))


def _mail_anchors(tx: Tx, _desk: OpenDesk, ask: anchors.MailAnchors) -> Done:
    return Done(Untrusted(anchoring.set_address(tx, ask.to)))


def _blank(tx: Tx, desk: OpenDesk, ask: wire.AnswerBlank) -> Done:
    pack = policies.answer(tx, desk.context, ask.pack, ask.blank, ask.answer)
    still = ", ".join(blank.id for blank in pack.open_blanks)
    left = f"Still open: {still}." if still else "No blank is left."
    return Done(Untrusted(f"{ask.pack} {ask.blank} is set. {left}"))


def _keep_draft(tx: Tx, desk: OpenDesk, ask: wire_policies.KeepDraft) -> Done:
    return Done(Untrusted(policies.keep_draft(tx, desk.context, ask.text)))


def _activate(tx: Tx, desk: OpenDesk, ask: wire_policies.ActivateDraft) -> Done:
    said = policies.activate(tx, desk.context, ask.pack, ask.since, with_proposals=ask.with_proposals)
    return Done(Untrusted(said))


def _mailbox(tx: Tx, desk: OpenDesk, ask: wire.SetMailbox) -> Done:
    brand = set_mailbox(tx, desk.context, ask)
    return Done(Untrusted(f"The mailbox of {brand} is {ask.address}."))


def _add_brand(tx: Tx, desk: OpenDesk, ask: wire_brands.AddBrand) -> Done:
    return Done(Untrusted(brands.add_brand(tx, desk.context, ask.brand, ask.name, ask.pack)))


def _set_desk(tx: Tx, _desk: OpenDesk, ask: wire_brands.SetDesk) -> Done:
    return Done(Untrusted(naming.set_desk(tx, ask.name, ask.zone)))


def _suggest(tx: Tx, desk: OpenDesk, ask: policy_reading.Suggest) -> Done:
    kept = suggestions.suggest(tx, desk.context, ask.pack, ask.clause, ask.text)
    return Done(Untrusted(f"Suggestion {kept.id} on {ask.pack} {ask.clause} is kept; a manager decides on it."))


def _settle(tx: Tx, _desk: OpenDesk, ask: policy_reading.SettleSuggestion) -> Done:
    kept = suggestions.settle(tx, ask.number, ask.disposition, ask.reason)
    return Done(Untrusted(f"Suggestion {kept.id} is {WORDS[kept.disposition]}; its author reads why."))


def _sign_off_duty(tx: Tx, desk: OpenDesk, ask: wire_duties.SignOffDuty) -> Done:
    return Done(Untrusted(duties.sign_off(tx, desk.context, ask.duty, ask.note)))


HANDLERS: Mapping[type, Handler] = {
    wire.Take: Handler(Action.TAKE, _take),
    wire.GiveBack: Handler(Action.GIVE_BACK, _give_back),
    wire.TakeNext: Handler(Action.TAKE_NEXT, _take_next),
    wire.Assign: Handler(Action.ASSIGN, _assign),
    wire.Reply: Handler(Action.REPLY, _reply),
    wire.AddNote: Handler(Action.NOTE, _note),
    wire.Wait: Handler(Action.WAIT, _wait),
    wire.Resolve: Handler(Action.RESOLVE, _resolve),
    wire.Reopen: Handler(Action.REOPEN, _reopen),
    wire.Escalate: Handler(Action.ESCALATE, _escalate),
    wire.SetPriority: Handler(Action.SET_PRIORITY, _priority),
    wire.Tag: Handler(Action.TAG, _tag),
    wire.Undo: Handler(Action.UNDO, _undo),
    wire.SaveDraft: Handler(Action.SAVE_DRAFT, _draft),
    wire.KeepPlace: Handler(Action.KEEP_PLACE, _place),
    wire.Redeliver: Handler(Action.REDELIVER, _redeliver),
    wire.DisableUser: Handler(Action.MANAGE_USERS, _disable),
    wire.SetRole: Handler(Action.MANAGE_USERS, _role),
    wire.TieUser: Handler(Action.MANAGE_USERS, _tie),
    wire.AnswerBlank: Handler(Action.ANSWER_BLANK, _blank),
    addresses.AllowAddress: Handler(Action.MANAGE_ADDRESSES, _allow),
    addresses.RemoveAddress: Handler(Action.MANAGE_ADDRESSES, _remove_address),
    addresses.OpenAddresses: Handler(Action.SET_ADDRESSES_ASIDE, _open_addresses),
    addresses.CloseAddresses: Handler(Action.SET_ADDRESSES_ASIDE, _close_addresses),
    wire.SetMailbox: Handler(Action.MANAGE_MAILBOXES, _mailbox),
    anchors.MailAnchors: Handler(Action.MANAGE_MAILBOXES, _mail_anchors),
    wire_brands.AddBrand: Handler(Action.MANAGE_BRANDS, _add_brand),
    wire_brands.SetDesk: Handler(Action.MANAGE_BRANDS, _set_desk),
    policy_reading.Suggest: Handler(Action.SUGGEST, _suggest),
    policy_reading.SettleSuggestion: Handler(Action.SETTLE_SUGGESTION, _settle),
    wire_duties.SignOffDuty: Handler(Action.SIGN_OFF_DUTY, _sign_off_duty),
    wire_policies.KeepDraft: Handler(Action.MANAGE_POLICIES, _keep_draft),
    wire_policies.ActivateDraft: Handler(Action.MANAGE_POLICIES, _activate),
}


def is_own(tx: Tx, actor: Actor, ask: object) -> bool:
    """Tell whether a command is about a ticket that is the actor's own or nobody's; drafts are always one's own."""
    number = getattr(ask, "ticket", None)
    if number is None or isinstance(ask, wire.SaveDraft):
        return True
    ticket = tx.get(Ticket, number)
    return ticket is None or ticket.owner_id in (None, actor.user_id)


async def carry_out(desk: OpenDesk, actor: Actor, role: Role, ask: wire.AnyCommand, request: str) -> Done:
    """Carry out a command in the desk's next transaction; the same request of a person is done once.

    It is hers and not her session's: who lost the link asks again from the session after it.
    """
    handler = HANDLERS.get(type(ask))
    if handler is None:
        raise Refused(f"This desk does not know the command {type(ask).__name__}.")
    is_kept = bool(request) and actor.user_id is not None and isinstance(ask, wire.KEPT)
    key = hashlib.sha256(f"{actor.user_id}\n{request}".encode()).hexdigest() if is_kept else ""

    def work(tx: Tx) -> Done:
        refuse_ended(tx)
        if key:
            known = tx.get(Request, key)
            if known is not None:
                return _kept.decode(known.answer)
        permit(role, handler.action, own=is_own(tx, actor, ask))
        done = handler.work(tx, desk, ask)
        if key:
            tx.insert(Request, id=key, at=tx.wall, answer=_answers.encode(done))
        return done

    done = await asyncio.wrap_future(desk.writer.submit(actor, work))
    if isinstance(ask, (wire.AnswerBlank, wire_policies.ActivateDraft, wire_brands.AddBrand, wire_brands.SetDesk)):
        await asyncio.to_thread(desk.reread_settings)
    return done
