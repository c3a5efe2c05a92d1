"""`agentconsole user`: add, list, disable, enable, reset-totp."""

from agentconsole.cli.ask import ask
from agentconsole.cli.say import tell
from agentconsole.cli.say_json import tell_json
from agentconsole.wire.client import Client
from agentconsole.wire.commands import AddUser, AnyCommand, DisableUser, ResetTotp
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


def add(login: str, name: str, role: str) -> int:
    """Add somebody; the one-time password is printed once and kept nowhere in the clear."""
    done = carry_out(AddUser(login, name, role))
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
        tell(f"{row.login:<16} {row.role:<10} factor {row.factor:<9} {seen}  {row.name.line(80)}{closed}")
    return 0


def disable(login: str, *, disabled: bool) -> int:
    """Close or open an account."""
    tell(carry_out(DisableUser(login, disabled)).said.line())
    return 0


def reset_totp(login: str) -> int:
    """Throw a second factor away."""
    done = carry_out(ResetTotp(login))
    tell(f"{done.said.line()}\nOne-time password: {done.secret}")
    return 0
