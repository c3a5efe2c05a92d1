"""Handing a mail to a server (SMTP), and knowing afterwards whether it took it, refused it, or nobody can say."""

import re
import smtplib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agentconsole.channels.email.account import Account, Security, refuse_plain_network, tls_context
from agentconsole.channels.email.trouble import reason
from agentconsole.domain.errors import Refused
from agentconsole.domain.text import clean_line

# The greeting of a client that has no name of its own in the DNS (RFC 5321 section 4.1.3).
_GREETING = "[127.0.0.1]"
GOODBYE_SECONDS = 2.0
_ENVELOPE = re.compile(r"[!-;=?A-~]{1,64}@[A-Za-z0-9.:\[\]-]{1,255}")
_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Delivered:
    """The server took the mail; `refused` names recipients it did not take, each with its sentence."""

    answer: str
    refused: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """The server does not have the mail; `permanent` means that trying again unchanged is useless.

    `down` means that the server cannot be used at all now, so that no other mail would leave either.
    """

    permanent: bool
    sentence: str
    down: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """The connection was lost after the mail was handed over: it may have been taken; Sent or a person knows."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """The mail was not handed over after all, for it may not leave from here any more: the server has none of it."""

    sentence: str = "Another server of the desk has this mail now."


def _always() -> bool:
    return True


def deliver(
    message: bytes,
    envelope_from: str,
    recipients: Sequence[str],
    account: Account,
    may_go: Callable[[], bool] = _always,
) -> Delivered | Refusal | Unknown | Withheld:
    """Hand one mail over; blocks, never raises for server or network. An empty `envelope_from` is the null path.

    `may_go` is asked last of all, when the server waits for the text: connecting may have taken long.
    Line ends become CRLF and leading dots are doubled, so that no byte of the mail can end it or begin another.
    """
    unusable = [email for email in (*recipients, *([envelope_from] if envelope_from else [])) if not _usable(email)]
    if unusable or not recipients:
        return Refusal(True, f"The mail has no usable recipient: {clean_line(', '.join(unusable), 200) or 'none'}.")
    try:
        refuse_plain_network(account)
        server = _connected(account)
    except Refused as refused:
        return Refusal(False, refused.sentence, down=True)
    except (OSError, smtplib.SMTPException, ValueError) as trouble:
        return Refusal(False, f"{account.host} cannot be used: {_why(trouble)}.", down=True)
    try:
        return _hand_over(server, message, envelope_from, recipients, may_go)
    except (OSError, smtplib.SMTPException, ValueError) as trouble:
        return Refusal(False, f"{account.host} did not take the mail: {_why(trouble)}.")
    finally:
        server.close()


def try_account(account: Account) -> str:
    """Connect and sign in without sending anything; returns "" or the sentence that says what is wrong."""
    try:
        refuse_plain_network(account)
        server = _connected(account)
    except Refused as refused:
        return refused.sentence
    except (OSError, smtplib.SMTPException, ValueError) as trouble:
        return f"{account.host} cannot be used: {_why(trouble)}."
    _leave(server)
    server.close()
    return ""


def _connected(account: Account) -> smtplib.SMTP:
    """Connect, protect, sign in."""
    context = tls_context(account) if account.security is not Security.PLAIN else None
    if account.security is Security.SSL:
        assert context is not None
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            account.host, account.port, _GREETING, timeout=account.timeout, context=context
        )
    else:
        server = smtplib.SMTP(account.host, account.port, _GREETING, timeout=account.timeout)
    try:
        if account.security is Security.STARTTLS:
            server.starttls(context=context)
        server.ehlo_or_helo_if_needed()
        if account.user:
            server.login(account.user, account.password)
    except BaseException:
        server.close()
        raise
    return server


def _hand_over(
    server: smtplib.SMTP, message: bytes, envelope_from: str, recipients: Sequence[str], may_go: Callable[[], bool]
) -> Delivered | Refusal | Unknown | Withheld:
    code, answer = server.mail(envelope_from)
    if code != 250:
        return _refusal(code, answer)
    refused: list[tuple[str, int, bytes]] = []
    for email in recipients:
        code, answer = server.rcpt(email)
        if code not in (250, 251):
            refused.append((email, code, answer))
    if len(refused) == len(recipients):
        permanent = all(500 <= code < 600 for _, code, _ in refused)
        return Refusal(permanent, _sentence(refused[0][1], refused[0][2]))
    said = tuple((email, _sentence(code, answer)) for email, code, answer in refused)
    return _hand_text(server, message, said, may_go)


def _hand_text(
    server: smtplib.SMTP, message: bytes, refused: tuple[tuple[str, str], ...], may_go: Callable[[], bool]
) -> Delivered | Refusal | Unknown | Withheld:
    """Hand over the text of a mail whose envelope the server took, but for the recipients it refused."""
    code, answer = server.docmd("DATA")
    if code != 354:
        return _refusal(code, answer)
    if not may_go():
        return Withheld()
    # While this raises, the dot that ends the mail has not left: the server cannot have taken it.
    server.send(_on_the_wire(message))
    try:
        code, answer = server.getreply()
    except (OSError, smtplib.SMTPException) as trouble:
        return Unknown(f"The connection was lost before the server said whether it took the mail: {_why(trouble)}.")
    if code != 250:
        return _refusal(code, answer)
    _leave(server)
    return Delivered(_sentence(code, answer), refused)


def _on_the_wire(message: bytes) -> bytes:
    lines = _LINE_END.sub(b"\n", message).removesuffix(b"\n").split(b"\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n"


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye, and wait for the answer but shortly: the mail is taken, and in doubt until that is noted."""
    try:
        if server.sock is not None:
            server.sock.settimeout(GOODBYE_SECONDS)
        server.quit()
    except (OSError, smtplib.SMTPException):
        return


def _usable(email: str) -> bool:
    return _ENVELOPE.fullmatch(email) is not None


def _refusal(code: int, answer: bytes) -> Refusal:
    return Refusal(500 <= code < 600, _sentence(code, answer))


def _sentence(code: int, answer: bytes) -> str:
    return f"The server said {code} {clean_line(answer.decode('utf-8', 'replace'), 300)}"


def _why(trouble: Exception) -> str:
    """Say what went wrong in a few words; a server's own words are cleaned."""
    if isinstance(trouble, smtplib.SMTPResponseException) and not isinstance(trouble, smtplib.SMTPAuthenticationError):
        return clean_line(f"it said {trouble.smtp_code} {_text(trouble.smtp_error)}", 300)
    return reason(trouble, smtplib.SMTPAuthenticationError)


def _text(words: bytes | str) -> str:
    return words if isinstance(words, str) else words.decode("utf-8", "replace")
