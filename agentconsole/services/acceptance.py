"""Accepting the policies in force: by a code at the end of the text, and what waits for whoever has not."""

from agentconsole.domain.acceptance import Standing, in_force, standings
from agentconsole.domain.errors import Refused
from agentconsole.queries.acceptances import ACCEPTED_BY, ByPack, by_pack
from agentconsole.services import signin
from agentconsole.services.context import DeskContext
from agentconsole.services.signin import Failed
from agentconsole.services.tickets import asker
from agentconsole.storage.row_checks import pack_digest
from agentconsole.storage.tables.acceptance import Acceptance
from agentconsole.storage.tables.pack_version import PackVersion
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import Tx


def accept_policy(tx: Tx, desk: DeskContext, pack: str, version: int, code: str) -> Acceptance | Failed:
    """Accept the version of a policy that is in force, by a code of one's authenticator, which is spent by it.

    Refuses any other version before the code is looked at. A wrong code is a result, because it has to stay counted.
    """
    _check_version(tx, desk, pack, version)
    failed = signin.check_code(tx, desk, tx.session.get_one(User, tx.actor.user_id), code)
    return failed or keep_acceptance(tx, asker(tx), pack, version)


def _check_version(tx: Tx, desk: DeskContext, pack: str, version: int) -> None:
    shelved = desk.shelf.in_use
    if pack not in shelved:
        raise Refused(f'No brand is under a policy "{pack[:40]}"; there is {", ".join(shelved) or "none"}.')
    current = in_force(shelved[pack], tx.now)[-1].pack.version
    if version != current:
        raise Refused(
            f"The policy {pack} is at version {current} now, nothing was accepted and your code is still good: "
            "read what changed, then accept that."
        )


def keep_acceptance(tx: Tx, user: User, pack: str, version: int) -> Acceptance:
    """Keep that somebody read a version to its end and accepted it; once it is accepted, that she read it again."""
    known = tx.get(Acceptance, user.id, pack, version)
    stored = tx.session.get_one(PackVersion, (pack, version))
    digest = pack_digest(stored.text, stored.answers)
    kind = "policy.accepted" if known is None else "policy.read_again"
    tx.record(kind, subject=pack, body={"version": version, "sha256": digest, "login": user.login})
    if known is not None:
        known.read_at = tx.now
        return known
    return tx.add(
        Acceptance(user_id=user.id or 0, pack_id=pack, version=version, digest=digest, at=tx.now, read_at=tx.now)
    )


def late_with(tx: Tx, desk: DeskContext, user: User) -> Standing | None:
    """Return the policy whose version in force somebody should have accepted by now, None where there is none."""
    shelved = desk.shelf.in_use

    def late(accepted: ByPack) -> Standing | None:
        found = standings(user.role, shelved, accepted, user.asked_since, tx.now)
        return next((standing for standing in found if standing.is_late(tx.now)), None)

    # For two weeks after a version came nobody is late, whatever was accepted: a claim then asks nothing more.
    return late(by_pack(tx.rows(ACCEPTED_BY, me=user.id))) if late({}) is not None else None


def refuse_new_work(tx: Tx, desk: DeskContext, user: User) -> None:
    """Refuse to give somebody work that she does not have yet while a policy waits too long for her acceptance."""
    owed = late_with(tx, desk, user)
    if owed is not None:
        raise Refused(not_accepted(owed, "" if user.id == tx.actor.user_id else user.login), code="policy")


def not_accepted(owed: Standing, login: str = "") -> str:
    """Say which version was not accepted in time, of oneself or of somebody else, and what to do about it."""
    which = f"version {owed.pack.version} of the policy {owed.pack.id}"
    if login:
        return f"{login} has not accepted {which} and gets no new work until then; give it to somebody else."
    return (
        f"First accept {which}: g y shows it, A at its end accepts it. New work waits for that; what is yours goes on."
    )
