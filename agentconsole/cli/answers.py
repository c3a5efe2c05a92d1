"""The answers to what `agentconsole init` asks, from a TOML file: read as strictly as a policy pack."""

import argparse
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from agentconsole.cli.users import unix_number
from agentconsole.config.packs import load_pack, shipped_packs
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy_blanks import Substitutes
from agentconsole.domain.policy_lines import KeyLines
from agentconsole.domain.policy_place import Origin
from agentconsole.domain.policy_reader import Reader
from agentconsole.domain.terms import Role
from agentconsole.server.desk import NewDesk
from agentconsole.services import users
from agentconsole.services.brands import check_brand
from agentconsole.services.naming import check_zone
from agentconsole.wire.commands import SetMailbox

UNNAMED = "Our desk"
POSTPONED = ("name", "zone")
_LARGEST = 1_000_000
_SECURITY = ("ssl", "starttls", "plain")
_SENT = ("auto", "file", "server", "none")
_MAILBOX_KEYS = (
    *("brand", "address", "user", "imap", "smtp", "imap_security", "smtp_security", "folder", "sent"),
    *("password_file", "ca_file", "existing", "hold", "authserv_ids"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Name somebody who will sign in; `unix` is a number, "any", or "" for the account of the first sign-in."""

    login: str
    name: str
    role: str
    unix: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """Hold everything that is known of a new desk; what is missing is listed when it is made, and can be done later."""

    new: NewDesk
    blanks: tuple[tuple[str, str, str], ...] = ()
    people: tuple[Person, ...] = ()
    mailboxes: tuple[argparse.Namespace, ...] = ()
    tried: tuple[SetMailbox, ...] = field(default=(), repr=False)
    """Mailboxes that answered already, with their passwords."""
    later: frozenset[str] = frozenset()
    """Which of the desk's own name and zone are only there until somebody gives them."""


def read_answers(path: Path, zone: str) -> Answers:
    """Read a file of answers; `zone` stands in where it names none. A refusal says file, line, key and what fits."""
    text = _text(path)
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Refused(f"{path.name} is no TOML: {error}.") from None
    top = Reader(table, (), Origin(path.name, KeyLines(text), Substitutes()))
    top.only("name", "zone", "brands", "blanks", "users", "mailboxes")
    name = top.text("name", UNNAMED)
    brands = tuple(_brand(row, name) for row in top.rows("brands"))
    _no_twice(top, "brands", [brand for brand, _, _ in brands])
    people = tuple(_person(row) for row in top.rows("users"))
    _no_twice(top, "users", [person.login for person in people])
    boxes = tuple(_mailbox(row, [brand for brand, _, _ in brands]) for row in top.rows("mailboxes"))
    _no_twice(top, "mailboxes", [box.brand for box in boxes])
    new = NewDesk(name, _checked(top, "zone", top.text("zone", zone), check_zone), brands)
    later = frozenset(key for key in POSTPONED if not top.has(key))
    return Answers(new, _blanks(top.sub("blanks"), {pack for _, _, pack in brands}), people, boxes, later=later)


def _text(path: Path) -> str:
    if not path.is_file():
        raise Refused(f"There is no file {path}: give the file with the answers.")
    with path.open("rb") as file:
        raw = file.read(_LARGEST + 1)
    if len(raw) > _LARGEST:
        raise Refused(f"{path.name} is larger than answers can be (1 MB): give the file with the answers.")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(f"{path.name} is no text in UTF-8: save it as that.") from None


def _brand(row: Reader, desk: str) -> tuple[str, str, str]:
    row.only("id", "name", "pack")
    pack = row.one_of("pack", shipped_packs(), "a policy that ships with the program")
    return _checked(row, "id", row.text("id", pack), check_brand), row.text("name", desk), pack


def _person(row: Reader) -> Person:
    row.only("login", "name", "role", "unix")
    login = _checked(row, "login", row.text("login"), users.check_login)
    name = _checked(row, "name", row.text("name", login.capitalize()), users.check_name)
    role = row.one_of("role", [role.value for role in Role], "a role", Role.AGENT.value)
    return Person(login, name, role, _checked(row, "unix", row.text("unix"), unix_number) if row.has("unix") else "")


def _mailbox(row: Reader, brands: list[str]) -> argparse.Namespace:
    row.only(*_MAILBOX_KEYS)
    brand = row.one_of("brand", brands, "a brand of this desk", brands[0] if len(brands) == 1 else None)
    return argparse.Namespace(
        brand=brand,
        address=row.text("address"),
        user=row.text("user", row.text("address")),
        imap=row.text("imap"),
        smtp=row.text("smtp"),
        imap_security=row.one_of("imap_security", _SECURITY, "a way to protect the connection", "ssl"),
        smtp_security=row.one_of("smtp_security", _SECURITY, "a way to protect the connection", "ssl"),
        folder=row.text("folder", "INBOX"),
        sent=row.one_of("sent", _SENT, "who files sent mail", "auto"),
        password_file=row.text("password_file"),
        ca_file=row.text("ca_file") if row.has("ca_file") else "",
        existing=bool(row.flag("existing", default=False)),
        hold=row.integer("hold", maximum=60) if row.has("hold") else 10,
        authserv_ids=row.texts("authserv_ids") if row.has("authserv_ids") else (),
    )


def _blanks(table: Reader, packs: set[str]) -> tuple[tuple[str, str, str], ...]:
    found: list[tuple[str, str, str]] = []
    table.only(*sorted(packs))
    for pack in table.table:
        answers = table.sub(pack)
        answers.only(*(blank.id for blank in load_pack(pack).blanks))
        for blank in answers.table:
            given = answers.text(blank)
            try:
                load_pack(pack, answers={blank: given})
            except Refused as refused:
                answers.refuse(refused.sentence, blank)
            found.append((pack, blank, given))
    return tuple(found)


def _checked(row: Reader, key: str, given: str, check: Callable[[str], str]) -> str:
    try:
        return check(given)
    except Refused as refused:
        row.refuse(refused.sentence, key)


def _no_twice(top: Reader, key: str, names: list[str]) -> None:
    for number, name in enumerate(names):
        if name in names[:number]:
            top.origin.refuse((key, number), f'"{name}" is there twice: leave one out.')
