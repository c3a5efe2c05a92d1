"""What `agentconsole init` asks on a terminal; the answers are those that a file could hold, and any can be skipped."""

import argparse
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from agentconsole.cli.answers import UNNAMED, Answers, Person
from agentconsole.cli.mailbox import tried
from agentconsole.cli.say import tell_wrapped
from agentconsole.cli.users import unix_number
from agentconsole.config.packs import load_pack, shipped_packs
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Pack
from agentconsole.domain.terms import Role
from agentconsole.domain.text import clean_line
from agentconsole.server.desk import NewDesk
from agentconsole.services import users
from agentconsole.services.brands import check_brand
from agentconsole.services.naming import LONGEST_NAME, check_title, check_zone
from agentconsole.wire.commands import SetMailbox

LATER, NONE, AS_PROPOSED = "later", "none", "="
_HOURS = ("business_hours", "official_hours")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_LONGEST_REFUSAL = 300
_TLS_LATER = (":143", ":587")
_TITLE = "Name that customers read as the sender"
_SHORT = "Short name of the organisation, small letters"
Brand = tuple[str, str, str]


def questions(line: argparse.Namespace) -> Answers:
    """Ask for what was not given: names, brands with their policies, what those leave open, and mailboxes."""
    tell_wrapped("Enter takes what stands in brackets. What is answered with later is listed at the end.\n")
    given = {
        "name": asked(line.name, "Name of the desk", UNNAMED, check_title),
        "zone": asked(line.zone, "Time zone of its people", local_zone(), _or_later(check_zone)),
    }
    later = frozenset(key for key, answer in given.items() if answer == LATER)
    known = {"name": UNNAMED, "zone": local_zone()} | {key: given[key] for key in given if key not in later}
    tell_wrapped("Policies that ship with the program:")
    for shipped in map(load_pack, shipped_packs()):
        tell_wrapped(f"  {shipped.id:<10} {shipped.title}, {shipped.organisation}")
    answers = _with_brand(Answers(NewDesk(known["name"], known["zone"], ()), later=later), line, shipped_packs()[0])
    nothing = argparse.Namespace(pack=None, brand=None, brand_name=None, hours=None)
    while answers.new.brands and (pack := _one_more(line)) != NONE:
        answers = _with_brand(answers, nothing, pack)
    return answers


def _one_more(line: argparse.Namespace) -> str:
    if line.brand is not None:
        return NONE
    return asked(None, "Policy of another brand", NONE, _one_of((*shipped_packs(), NONE)))


def _with_brand(answers: Answers, line: argparse.Namespace, pack: str) -> Answers:
    """Return the answers with one brand more, with what its policy leaves open and its mailbox; or as they are."""
    taken = {brand for brand, _, _ in answers.new.brands}
    if not taken:
        packs = shipped_packs()
        pack = asked(line.pack, f"Policy to answer under ({', '.join(packs)})", pack, _one_of((*packs, LATER)))
    title = LATER if pack == LATER else asked(line.brand_name, _TITLE, answers.new.name, check_title)
    if title == LATER:
        return answers
    proposal = next(name for name in _names(pack) if name not in taken)
    brand = asked(line.brand, _SHORT, proposal, _unless(taken, check_brand))
    if brand == LATER:
        return answers
    is_known = pack in {known for _, _, known in answers.new.brands}
    blanks = () if is_known else tuple(_blanks(load_pack(pack), line.hours))
    box = None if line.brand is not None else _mailbox(brand)
    return replace(
        answers,
        new=replace(answers.new, brands=(*answers.new.brands, (brand, title, pack))),
        blanks=(*answers.blanks, *blanks),
        tried=answers.tried if box is None else (*answers.tried, box),
    )


def _names(pack: str) -> Iterator[str]:
    yield pack
    yield from (f"{pack[:20]}-{number}" for number in range(2, 100))


def _blanks(pack: Pack, hours: str | None) -> Iterator[tuple[str, str, str]]:
    """Ask for the hours, and for the rest of what a policy leaves open if somebody wants to go through it now."""
    rest = [blank for blank in pack.blanks if blank.id not in _HOURS]
    for blank in pack.blanks:
        if blank.id in _HOURS:
            given = asked(hours, "Business hours, as Mon-Fri 09:00-17:00", LATER, _blank(pack.id, blank.id, ""))
            yield from () if given == LATER else ((pack.id, blank.id, given),)
    if hours is not None or not rest:
        return
    question = f"{len(rest)} more that {pack.id} leaves open; y answers them now"
    if asked(None, question, LATER, _one_of(("y", LATER))) == LATER:
        return
    for blank in rest:
        tell_wrapped(f"\n{blank.question}\n  Until it is answered: {blank.proposal}")
        given = asked(None, "Answer, = for that", LATER, _blank(pack.id, blank.id, blank.proposal))
        if given != LATER:
            yield pack.id, blank.id, blank.proposal if given == AS_PROPOSED else given


def _mailbox(brand: str) -> SetMailbox | None:
    """Ask for a brand's mailbox until it answers, or None for later."""
    while True:
        address = asked(None, f"Address that customers of {brand} write to", LATER, _address)
        if address == LATER:
            return None
        domain = address.partition("@")[2]
        imap = asked(None, "IMAP server, HOST or HOST:PORT", f"imap.{domain}", _host)
        smtp = asked(None, "SMTP server, HOST or HOST:PORT", f"smtp.{domain}", _host)
        line = argparse.Namespace(
            brand=brand,
            address=address,
            user=address,
            imap=imap,
            smtp=smtp,
            folder="INBOX",
            imap_security=_security(imap),
            smtp_security=_security(smtp),
            sent="auto",
            hold=10,
            password_file="",
            ca_file="",
            existing=False,
            authserv_ids=None,
        )
        try:
            return tried(line)
        except (Refused, OSError, UnicodeError) as trouble:
            tell_wrapped(f"  {clean_line(str(trouble), _LONGEST_REFUSAL)}")


def _security(where: str) -> str:
    return "starttls" if where.endswith(_TLS_LATER) else "ssl"


def people(taken: str, *, team: bool) -> tuple[Person, ...]:
    """Ask for those who work at the desk, until there is no other."""
    found: list[Person] = []
    while True:
        known = {taken, *(person.login for person in found)}
        login = asked(None, "Login of somebody who answers customers", LATER, _unless(known, users.check_login))
        if login == LATER:
            return tuple(found)
        name = asked(None, f"Name of {login}", login.capitalize(), users.check_name)
        role = asked(None, "Role (agent, supervisor, manager, admin)", Role.AGENT.value, _one_of(tuple(Role)))
        unix = asked(None, "Unix account, or any", LATER, _account) if team else LATER
        found.append(Person(login, name, role, "" if unix == LATER else unix))


def asked(given: str | None, question: str, proposal: str, checked: Callable[[str], str]) -> str:
    """Return what was given, or what is typed, once it can be taken; refuses only what was given."""
    if given is not None:
        return checked(given)
    while True:
        typed = input(f"{question} [{proposal}]: ").strip() or proposal
        try:
            return checked(typed)
        except Refused as refused:
            tell_wrapped(f"  {clean_line(refused.sentence, _LONGEST_REFUSAL)}")


def local_zone() -> str:
    """Return the time zone of this host."""
    return str(Path("/etc/localtime").resolve()).partition("/zoneinfo/")[2] or "UTC"


def _or_later(checked: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: text if text == LATER else checked(text)


def _unless(taken: set[str], checked: Callable[[str], str]) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text in taken:
            raise Refused(f'"{text}" is taken: give another one.')
        return checked(text)

    return check


def _address(text: str) -> str:
    if text != LATER and not (_ADDRESS.fullmatch(text) and text.isprintable() and len(text) <= LONGEST_NAME):
        raise Refused("Give an address like care@example.com, or later.")
    return text


def _host(text: str) -> str:
    if not text.isprintable() or " " in text or "@" in text or len(text) > LONGEST_NAME:
        raise Refused("Give the name of a mail server, as imap.example.com or imap.example.com:993.")
    return text


def _account(text: str) -> str:
    return text if text == LATER else unix_number(text)


def _blank(pack: str, blank: str, proposal: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text == AS_PROPOSED and not proposal:
            raise Refused("There is no proposal to take: answer it, or type later.")
        if text != LATER:
            load_pack(pack, answers={blank: proposal if text == AS_PROPOSED else text})
        return text

    return check


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in choices:
            raise Refused(f'"{text[:40]}" is none of {", ".join(choices)}.')
        return text

    return check
