"""`agentconsole mail connect`: connect a brand's mailbox, after trying both of its servers."""

import argparse
import getpass
import sys
from pathlib import Path

from agentconsole.channels.email.account import Account, Security
from agentconsole.channels.email.authentication import topmost_server
from agentconsole.channels.email.headers import BLOCK_LIMIT
from agentconsole.channels.email.imap import Mailbox, MailboxDown, Position
from agentconsole.channels.email.smtp import try_account
from agentconsole.cli.ask import ask
from agentconsole.cli.say import tell
from agentconsole.cli.users import carry_out
from agentconsole.domain.errors import Refused
from agentconsole.domain.untrusted import Untrusted
from agentconsole.wire.client import Client
from agentconsole.wire.commands import SetMailbox
from agentconsole.wire.frames import Status
from agentconsole.wire.queries import ReadStatus

_PORTS = {"imap": {"ssl": 993, "starttls": 143, "plain": 143}, "smtp": {"ssl": 465, "starttls": 587, "plain": 25}}


def connect(line: argparse.Namespace) -> int:
    """Try the mailbox as it will be used, then seal its password and start reading it."""
    done = carry_out(tried(line))
    old = "The mail in it becomes cases too" if line.existing else "The mail in it stays as it is"
    tell(f"{done.said.line()} {old}; new mail becomes cases from now on.")
    _tell_state()
    return 0


def tried(line: argparse.Namespace) -> SetMailbox:
    """Try both servers of a mailbox; return what the desk is to be told of it. Refuses what does not answer."""
    password = _password(line.password_file)
    user = line.user or line.address
    imap = _account("imap", line.imap, line.imap_security, user, password, line.ca_file)
    smtp = _account("smtp", line.smtp, line.smtp_security, user, password, line.ca_file)
    try:
        with Mailbox(imap, line.folder) as mailbox:
            newest = mailbox.newest()
            begins = Position() if line.existing else newest
            checks = _server_above(mailbox, newest)
            tell(f"IMAP {imap.host}:{imap.port} answers, folder {line.folder} is there.")
    except MailboxDown as down:
        raise Refused(f"Not connected: {down.sentence}") from None
    trouble = try_account(smtp)
    if trouble:
        raise Refused(f"Not connected: {trouble}")
    tell(f"SMTP {smtp.host}:{smtp.port} answers.")
    return SetMailbox(
        brand=line.brand,
        address=line.address,
        imap_host=imap.host,
        imap_port=imap.port,
        imap_security=line.imap_security,
        smtp_host=smtp.host,
        smtp_port=smtp.port,
        smtp_security=line.smtp_security,
        user=user,
        password=password,
        folder=line.folder,
        ca_file=str(Path(line.ca_file).absolute()) if line.ca_file else "",
        hold=line.hold,
        uidvalidity=begins.uidvalidity,
        uid=begins.uid,
        sent=line.sent,
        authserv_ids=_believed(line, checks),
    )


def _server_above(mailbox: Mailbox, newest: Position) -> str:
    """Return who says above the newest mail that its sender was checked, "" where nobody does."""
    if not newest.uid:
        return ""
    mails = mailbox.fetch_new(Position(newest.uidvalidity, newest.uid - 1))
    return topmost_server(next((mail.raw for mail in mails), b"")[:BLOCK_LIMIT])


def _believed(line: argparse.Namespace, named: str) -> tuple[str, ...]:
    """Return whose word on senders is believed; it is asked where the password is, for only a person can know.

    `named` stands above the newest mail, which is no proof: where its server writes no such header, the sender did.
    """
    if line.authserv_ids is not None:
        return tuple(line.authserv_ids)
    if line.password_file or not sys.stdin.isatty():
        tell(f"Senders are not checked: --authserv-id NAME says by which server{f', as {named}' if named else ''}.")
        return ()
    tell("A server that checks senders writes its name above each mail. Give that name,")
    tell("and the desk warns of forged senders; - is for none.")
    typed = input(f"Name of the server [{named or '-'}]: ").strip() or named
    return () if typed in ("", "-") else tuple(typed.split())


def _tell_state() -> None:
    async def read(client: Client) -> tuple[Untrusted, ...]:
        answer = await client.ask(ReadStatus())
        assert isinstance(answer, Status)
        return answer.status.mailboxes

    for line in ask(read):
        tell(line.line())


def _password(file: str | None) -> str:
    if file:
        return Path(file).read_text(encoding="utf-8").rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Refused("The mailbox's password is asked for on the terminal; give --password-file where there is none.")
    return getpass.getpass("Password of the mailbox: ")


def _account(kind: str, where: str, security: str, user: str, password: str, ca_file: str) -> Account:
    host, _, port = where.rpartition(":") if ":" in where else (where, "", "")
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise Refused(f'"{port}" is no port: write --{kind} HOST or --{kind} HOST:PORT.')
    number = int(port) if port else _PORTS[kind][security]
    return Account(host, number, Security(security), user, password, ca_file)
