"""A team's desk with secrets in it: mail, words of its agents, proofs of who they are; and where each of them lies."""

import json
import re
import sqlite3
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage

from agentconsole.cli.team_layout import HOME, KEY
from agentconsole.config.paths import TEAM_SOCKET
from tests.journeys.first_day import PASSWORD, first_sign_in
from tests.team.host import PEOPLE, Host, Said

MAIL = {
    name: f"canary-of-{name}-7f31c9" for name in ("sender", "address", "subject", "body", "file", "content", "header")
}
SAID = {name: f"canary-of-{name}-2b80e4" for name in ("note", "reply", "draft", "tag", "reason")}
SERVER_ENVIRONMENT, CONSOLE_ENVIRONMENT = "canary-of-the-server-55aa01", "canary-of-a-console-55aa02"

# What ana does over the socket, from her enrolment on; it runs under her account.
_ACTS = textwrap.dedent(
    """
    import asyncio, base64, json, sys
    from datetime import UTC, datetime
    from pathlib import Path
    from agentconsole.security.totp import code_at
    from agentconsole.wire.client import Client
    from agentconsole.wire import commands

    async def main():
        told = json.load(sys.stdin)
        said = told["said"]
        client = await Client.connect(Path(told["socket"]))
        offer = await client.ask(commands.SignIn("ana", told["one_time"], ""))
        seed = base64.b32decode(offer.seed_text.replace(" ", ""))
        await client.ask(commands.ConfirmEnrolment(code_at(seed, datetime.now(UTC))))
        await client.ask(commands.ChangePassword("", told["password"]))
        number = (await client.ask(commands.TakeNext())).ticket
        await client.ask(commands.AddNote(number, said["note"]))
        await client.ask(commands.Tag(number, (said["tag"],)))
        await client.ask(commands.Reply(number, 99, said["reply"]))
        await client.ask(commands.SaveDraft(number, "reply", said["draft"]))
        await client.ask(commands.Escalate(number, 99, said["reason"]))
        await client.close()

    asyncio.run(main())
    """
)


@dataclass(slots=True)
class Living:
    """Hold a desk at work: its server and bo's open console by process, and the twenty canaries by what they are."""

    host: Host
    server: int
    console: int
    canaries: dict[str, bytes]


@contextmanager
def living(host: Host, before: Sequence[str] = ()) -> Iterator[Living]:
    """Serve an installed desk on which ana has enrolled and worked a case, and bo has his console open."""
    with host.serving(canary=SERVER_ENVIRONMENT, before=before) as server:
        _import_mail(host)
        _work(host, one_time_password(host("user", "reset-totp", "ana")))
        added = one_time_password(host("user", "add", "bo", "Bo Example", "--unix", str(PEOPLE["bo"])))
        with host.console("bo", canary=CONSOLE_ENVIRONMENT) as console:
            first_sign_in(console, "bo", added)
            yield Living(host, server.pid, console.process.pid, _planted(host))


def one_time_password(said: Said) -> str:
    """Return the one-time password that was printed."""
    found = re.search(r"One-time password: (\S+)", said.out)
    assert found is not None, said
    return found.group(1)


def _import_mail(host: Host) -> None:
    mail = EmailMessage()
    mail["From"] = f"{MAIL['sender']} <{MAIL['address']}@example.org>"
    mail["To"], mail["Subject"], mail["X-Reference"] = "care@example.com", MAIL["subject"], MAIL["header"]
    mail["Date"] = "Mon, 16 Nov 2026 09:00:00 +0000"
    mail.set_content(MAIL["body"])
    mail.add_attachment(MAIL["content"], filename=f"{MAIL['file']}.txt")
    folder = host.root / "root"
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "one.eml").write_bytes(mail.as_bytes())
    said = host("mail", "import", str(folder / "one.eml"))
    assert "1 new case" in said.out, said
    (folder / "one.eml").unlink()


def _work(host: Host, one_time: str) -> None:
    told = {"said": SAID, "socket": str(host.at(TEAM_SOCKET)), "one_time": one_time, "password": PASSWORD}
    done = host.python_as("ana", _ACTS, given=json.dumps(told))
    assert done.code == 0, done.err


def _planted(host: Host) -> dict[str, bytes]:
    """Return the canaries: what was said, and what the desk itself keeps secret, read as root from its database."""
    link = sqlite3.connect(f"file:{host.at(HOME)}/desk.sqlite3?mode=ro", uri=True)

    def secret(sql: str) -> bytes:
        (value,) = link.execute(sql).fetchone()
        return value if isinstance(value, bytes) else str(value).encode()

    try:
        kept = {
            "the hash of ana's password": secret("SELECT password_hash FROM user WHERE login = 'ana'"),
            "a sealed seed": secret("SELECT sealed_seed FROM factor WHERE enrolled_at IS NOT NULL"),
            "a recovery code": secret("SELECT digest FROM recovery_code"),
            "a session that is open": secret("SELECT id FROM session WHERE ended_at IS NULL"),
            "the wrapped data key": secret("SELECT wrapped FROM crypto_key"),
        }
    finally:
        link.close()
    return {
        **{name: text.encode() for name, text in (*MAIL.items(), *SAID.items())},
        **kept,
        "the master key": host.at(KEY).read_bytes().strip(),
        "the server's environment": SERVER_ENVIRONMENT.encode(),
        "a console's environment": CONSOLE_ENVIRONMENT.encode(),
    }


_SIGN_IN = textwrap.dedent(
    """
    import asyncio, json, sys
    from pathlib import Path
    from agentconsole.domain.errors import Refused
    from agentconsole.wire.client import Client
    from agentconsole.wire import commands

    async def main():
        told = json.load(sys.stdin)
        client = await Client.connect(Path(told["socket"]))
        try:
            print(type(await client.ask(commands.SignIn(told["login"], told["password"], ""))).__name__)
        except Refused as refused:
            print(refused.sentence)
        await client.close()

    asyncio.run(main())
    """
)


def sign_in_as(host: Host, account: str, login: str, password: str) -> str:
    """Have a Unix account sign in with somebody's name and password; return what came of it."""
    told = {"socket": str(host.at(TEAM_SOCKET)), "login": login, "password": password}
    said = host.python_as(account, _SIGN_IN, given=json.dumps(told))
    assert said.code == 0, said.err
    return said.out.strip()
