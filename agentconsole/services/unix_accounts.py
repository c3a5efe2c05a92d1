"""Which Unix account a person signs in from: on a host that a team shares, nobody can be there as somebody else."""

import re

from agentconsole.domain.errors import Gap, Refused
from agentconsole.services.context import DeskContext
from agentconsole.services.users import end_sessions, find_user
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import Tx

ANY = "any"
ROOT = 0
_NUMBER = re.compile(r"[0-9]{1,10}")
_LAST = 0xFFFFFFFE


def check_unix(unix: str) -> str:
    """Return the number of a Unix account, "any", or "" for that of the next sign-in; refuses anything else."""
    if unix in ("", ANY) or (unix.isascii() and _NUMBER.fullmatch(unix) and ROOT < int(unix) <= _LAST):
        return unix
    raise Refused(
        f'"{unix[:40]}" is no Unix account: give its name or number, or any.', gaps=(Gap("unix", "no account"),)
    )


def tie(tx: Tx, login: str, unix: str) -> str:
    """Say which Unix account a person signs in from, as `check_unix` reads it; her sessions from others end."""
    check_unix(unix)
    user = find_user(tx, login)
    user.unix_any = unix == ANY
    user.unix_uid = int(unix) if unix not in ("", ANY) else None
    tx.record("user.unix_account", subject=login, body={"unix": unix})
    if user.unix_uid is not None:
        end_sessions(tx, user, "the account is now another Unix account's")
    if user.unix_any:
        return f"{login} may sign in from any Unix account."
    whose = f"account {unix}" if unix else "account of the next sign-in"
    return f"{login} signs in from the Unix {whose}, and no other."


def other_account(tx: Tx, user: User) -> Refused | None:
    """Return what to tell somebody who is right in all else and at the wrong Unix account; None where it is hers."""
    if user.unix_any or user.unix_uid is None or tx.actor.peer in (None, ROOT, user.unix_uid):
        return None
    tx.record("sign_in.other_account", subject=user.login, body={"unix": tx.actor.peer})
    return Refused(
        f"{user.login} signs in from another Unix account than this one (number {tx.actor.peer}). Use your own, or ask "
        f"an administrator for: agentconsole user unix {user.login} {tx.actor.peer}",
        code="sign-in",
    )


def keep_account(tx: Tx, desk: DeskContext, user: User) -> None:
    """Keep the Unix account of a whole sign-in where none is known; on a desk of one person there is only one."""
    if desk.team and user.unix_uid is None and not user.unix_any and tx.actor.peer not in (None, ROOT):
        user.unix_uid = tx.actor.peer
        tx.record("user.unix_account", subject=user.login, body={"unix": str(tx.actor.peer)})
