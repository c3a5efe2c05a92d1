"""The allow-list: rules that administrators set, whom they keep away, and the host's way round them (000-58)."""

import re
from datetime import timedelta

from agentconsole.domain.allowlist import Allowlist, check_range, term_of
from agentconsole.domain.errors import Gap, Refused
from agentconsole.domain.terms import Role
from agentconsole.queries.allowlist import open_until, read_allowlist, signed_in
from agentconsole.security.login_address import LOCAL
from agentconsole.services.sessions import end_session
from agentconsole.storage.tables.address_rule import AddressRule
from agentconsole.storage.tables.desk import Desk
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import Tx

EVERYBODY = "all"
MOST_RULES = 100
LONGEST_OPENING = 24 * 60
CODE = "address"
"""The code of a refusal for the place alone: the proofs may be right, and what was typed can be sent again."""

_LABEL = re.compile(r"[a-z][a-z0-9-]{0,23}")


def place(address: str) -> str:
    """Say from where somebody comes."""
    if address == LOCAL:
        return "the host's console"
    return address or "an address that this host does not know"


def nobody_from_here(tx: Tx, subject: str) -> Refused | None:
    """Return what to tell whoever comes from where no role may; it is the same for every name, right or wrong."""
    if _is_open(tx) or read_allowlist(tx.session).allows_anybody(tx.actor.address):
        return None
    tx.record("sign_in.other_address", subject=subject)
    return Refused(
        f"Nobody may sign in from {place(tx.actor.address)}: come from an address that is allowed, or ask an "
        "administrator.",
        code=CODE,
    )


def kept_away(tx: Tx, user: User) -> Refused | None:
    """Return what to tell somebody whose role may not sign in from there; None where she may."""
    if _is_open(tx) or read_allowlist(tx.session).allows(user.role, tx.actor.address):
        return None
    return Refused(
        f"{user.login} may not sign in from {place(tx.actor.address)}: come from an address that is allowed, or ask "
        "an administrator.",
        code=CODE,
    )


def allow(tx: Tx, role: str, range_: str, label: str) -> str:
    """Let a role, or all of them, sign in from a range; a role's first rule shuts all other places out."""
    wanted, term = _roles(role), check_range(range_)
    if label and not _LABEL.fullmatch(label):
        raise Refused(
            "A range's name has small letters, digits and dashes, at most 24, a letter first.",
            gaps=(Gap("label", "another name"),),
        )
    before = read_allowlist(tx.session)
    for one in wanted:
        row = tx.session.get(AddressRule, (one, term))
        if row is None:
            tx.session.add(AddressRule(role=one, range=term, label=label, added_at=tx.wall))
        else:
            row.label = label
        tx.record("address.allowed", subject=one.value, body={"range": term, "label": label})
    after = read_allowlist(tx.session)
    if len(after.rules) > MOST_RULES:
        raise Refused(f"There are {MOST_RULES} rules already: remove one, or allow a wider range.")
    ended = _in_force(tx, before, after)
    others = {rule.range for rule in after.rules if rule.role in wanted} - {term}
    return f"{_said(role)} may sign in from {term}{', too' if others else ' only'}.{ended}"


def remove(tx: Tx, role: str, range_: str) -> str:
    """Take a rule away; a role that has none left signs in from anywhere."""
    wanted, term = _roles(role), check_range(range_)
    before = read_allowlist(tx.session)
    rows = [row for one in wanted if (row := tx.session.get(AddressRule, (one, term))) is not None]
    if not rows:
        raise Refused(f"There is no rule that lets {role} sign in from {term}: `agentconsole address list` shows all.")
    for row in rows:
        tx.session.delete(row)
        tx.record("address.removed", subject=row.role.value, body={"range": term})
    after = read_allowlist(tx.session)
    ended = _in_force(tx, before, after)
    free = [_said(one) for one in wanted if one not in {rule.role for rule in after.rules}]
    left = f" {', '.join(free)} may sign in from anywhere again." if free else ""
    return f"The rule {term} is gone for {_said(role).lower()}.{left}{ended}"


def set_aside(tx: Tx, minutes: int) -> str:
    """Let everybody sign in from anywhere for so many minutes: for the host's own account, when all are shut out."""
    _at_the_host(tx)
    if not 1 <= minutes <= LONGEST_OPENING:
        raise Refused(f"Give the minutes as a number from 1 to {LONGEST_OPENING}.", gaps=(Gap("minutes", "a number"),))
    if not read_allowlist(tx.session).rules:
        return "There is no rule: everybody may sign in from anywhere already."
    until = tx.wall + timedelta(minutes=minutes)
    tx.session.get_one(Desk, 1).addresses_open_until = until
    tx.record("address.opened", body={"until": until.isoformat(timespec="seconds"), "minutes": minutes})
    tx.news.append(f"From the host: everybody may sign in from anywhere until {until:%H:%M} UTC.")
    return (
        f"Until {until:%Y-%m-%d %H:%M} UTC everybody may sign in from anywhere; then the rules hold again, and "
        "sessions that they do not allow end. `agentconsole address close` ends it now."
    )


def enforce(tx: Tx) -> str:
    """Have the rules hold again before their time, from the host."""
    _at_the_host(tx)
    if not _is_open(tx):
        return "The rules hold already."
    return f"The rules hold again.{_closed(tx, 'asked')}"


def end_opening(tx: Tx) -> None:
    """Have the rules hold again once their time has come."""
    until = open_until(tx.session)
    if until is not None and tx.wall >= until:
        _closed(tx, "its time was over")


def _closed(tx: Tx, why: str) -> str:
    tx.session.get_one(Desk, 1).addresses_open_until = None
    tx.record("address.closed", body={"why": why})
    return _end_others(tx, read_allowlist(tx.session))


def _at_the_host(tx: Tx) -> None:
    if tx.actor.user_id is not None:
        raise Refused("This is done at the host, as root or the desk's own account: agentconsole address open.")


def _is_open(tx: Tx) -> bool:
    until = open_until(tx.session)
    return until is not None and tx.wall < until


def _roles(text: str) -> tuple[Role, ...]:
    if text == EVERYBODY:
        return tuple(Role)
    if text in set(Role):
        return (Role(text),)
    raise Refused(
        f'There is no role "{text[:40]}": choose {", ".join(Role)} or {EVERYBODY}.', gaps=(Gap("role", "a role"),)
    )


def _said(role: str) -> str:
    return "Everybody" if role == EVERYBODY else f"{role.capitalize()}s"


def _in_force(tx: Tx, before: Allowlist, after: Allowlist) -> str:
    """Refuse rules that shut their author out, or every administrator where he sits; end sessions that they forbid."""
    address = tx.actor.address
    lost = {role for role in {Role.ADMIN, tx.actor.role or Role.ADMIN} if before.allows(role, address)}
    if any(not after.allows(role, address) for role in lost):
        how = ":allow" if tx.actor.user_id is not None else "agentconsole address allow"
        raise Refused(
            f"Nothing changed: you are at {place(address)}, and from there no administrator could sign in any more. "
            f"First: {how} admin {term_of(address)}"
        )
    return "" if _is_open(tx) else _end_others(tx, after)


def _end_others(tx: Tx, allowlist: Allowlist) -> str:
    """End the sessions that the rules do not allow; return what is said of it to who did it."""
    ended = 0
    for session, role in signed_in(tx.session):
        if not allowlist.allows(role, session.address):
            end_session(tx, session.id, "its address is no longer allowed")
            tx.ended_sessions[session.id] = (
                f"Signing in from {place(session.address)} is no longer allowed: this session is over, your drafts "
                "are kept."
            )
            ended += 1
    return f" {ended} session{'' if ended == 1 else 's'} ended." if ended else ""
