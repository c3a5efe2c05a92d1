"""People of a desk with a password and printed codes: the authenticator has a new code but every half minute."""

from collections.abc import Iterable

from agentconsole.security.passwords import hash_password
from agentconsole.security.recovery import new_recovery_codes, recovery_digest
from agentconsole.security.totp import new_seed
from agentconsole.server.desk import OpenDesk
from agentconsole.services.users import find_user
from agentconsole.storage.tables.factor import Factor
from agentconsole.storage.tables.recovery_code import RecoveryCode
from agentconsole.storage.transaction import DESK, Tx
from tests.journeys.first_day import PASSWORD


def give_codes(desk: OpenDesk, logins: Iterable[str], number: int) -> dict[str, list[str]]:
    """Give each a password, an authenticator and so many recovery codes; returns those by their logins."""
    codes = {login: list(new_recovery_codes(number)) for login in logins}
    pepper, hashed = desk.context.recovery_pepper, hash_password(PASSWORD)

    def work(tx: Tx) -> None:
        for login, given in codes.items():
            user = find_user(tx, login)
            user.password_hash, user.must_change = hashed, False
            sealed = desk.context.vault.seal(new_seed(), f"factor.sealed_seed.{user.id}")
            tx.session.add(Factor(user_id=user.id or 0, sealed_seed=sealed, enrolled_at=tx.wall))
            for code in given:
                tx.session.add(RecoveryCode(digest=recovery_digest(code, pepper), user_id=user.id or 0))

    desk.writer.run(DESK, work)
    return codes
