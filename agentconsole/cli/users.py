"""`agentconsole user`: add, list, role, disable, enable, unix, reset-totp."""

import getpass
import pwd
import sys

from agentconsole.cli.ask import ask
from agentconsole.cli.say import tell
from agentconsole.cli.say_json import tell_json
from agentconsole.domain.errors import Refused
from agentconsole.wire.client import Client
from agentconsole.wire.commands import AddUser, AnyCommand, DisableUser, Proof, ResetByTwo, ResetTotp, SetRole, TieUser
from agentconsole.wire.frames import Done, Users
from agentconsole.wire.queries import ReadUsers
from agentconsole.wire.rows import UserRow


def carry_out(command: AnyCommand) -> Done:
    """Have the desk carry out a command and return its answer."""

    async def work(client: Client) -> Done:
        answer = await client.ask(command)
        assert isinstance(answer, Done)
        return answer

    return ask(work)


def add(login: str, name: str, role: str, unix: str) -> int:
    """Add somebody; the one-time password is printed once and kept nowhere in the clear."""
    done = carry_out(AddUser(login, name, role, unix=unix_number(unix)))
    tell(f"{done.said.line()}\nOne-time password: {done.secret}")
    tell("The first sign-in (no code yet) sets up the authenticator.")
    return 0


def show(*, as_json: bool) -> int:
    """List everybody."""

    async def read(client: Client) -> tuple[UserRow, ...]:
        answer = await client.ask(ReadUsers())
        assert isinstance(answer, Users)
        return answer.rows

    rows = ask(read)
    if as_json:
        tell_json(rows)
        return 0
    for row in rows:
        seen = f"last signed in {row.last_sign_in:%Y-%m-%d %H:%M} UTC" if row.last_sign_in else "never signed in"
        closed = "  CLOSED" if row.disabled else ""
        unix = f"  unix {row.unix}" if row.unix else ""
        tell(f"{row.login:<16} {row.role:<10} factor {row.factor:<9} {seen}  {row.name.line(80)}{unix}{closed}")
    return 0


def disable(login: str, *, disabled: bool) -> int:
    """Close or open an account."""
    tell(carry_out(DisableUser(login, disabled)).said.line())
    return 0


def role(login: str, role: str) -> int:
    """Give somebody another role."""
    tell(carry_out(SetRole(login, role)).said.line())
    return 0


def unix(login: str, account: str) -> int:
    """Say which Unix account somebody signs in from."""
    tell(carry_out(TieUser(login, unix_number(account))).said.line())
    return 0


def unix_number(account: str) -> str:
    """Return the number of a Unix account of this host; "any", "" and a number as they are. Refuses an unknown name."""
    if account in ("", "any") or (account.isascii() and account.isdigit()):
        return account
    try:
        return str(pwd.getpwnam(account).pw_uid)
    except (KeyError, ValueError):
        raise Refused(f'This host has no Unix account "{account[:40]}": give one that it has, or any.') from None


def reset_totp(login: str) -> int:
    """Throw a second factor away; where the desk wants two people for it, they prove themselves here."""
    try:
        done = carry_out(ResetTotp(login))
    except Refused as refused:
        if refused.code != "two":
            raise
        tell(refused.sentence)
        done = carry_out(ResetByTwo(login, _proof("First"), _proof("Second")))
    tell(f"{done.said.line()}\nOne-time password: {done.secret}")
    return 0


def _proof(which: str) -> Proof:
    if not sys.stdin.isatty():
        raise Refused("Two people type their passwords and codes for this: run it on a terminal.")
    user = input(f"{which} person, name: ")
    return Proof(user, getpass.getpass("Password: "), input("Code that the app shows now: "))
