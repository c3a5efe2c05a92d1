"""`agentconsole init`: a desk of your own, with its first administrator and her authenticator, or a team's."""

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from agentconsole.cli import team
from agentconsole.cli.answers import Answers, Person, check_brand, read_answers
from agentconsole.cli.ask import the_desk
from agentconsole.cli.database import asked_database, name_database
from agentconsole.cli.founding import First, asked_password, make
from agentconsole.cli.say import tell
from agentconsole.config.packs import load_pack, shipped_packs
from agentconsole.domain.errors import Refused
from agentconsole.domain.text import clean_line
from agentconsole.security.hardening import harden_process
from agentconsole.server.desk import NewDesk, check_zone
from agentconsole.services import users

_HOURS = "business_hours"
_LATER = "later"
_LONGEST_NAME = 80
_LONGEST_REFUSAL = 300


def make_desk(line: argparse.Namespace) -> int:
    """Ask for what was not given, make the desk, and bind the first administrator's authenticator."""
    harden_process()
    if line.team:
        return team.install(line.root, lambda: _answered(line), lambda: asked_database(line), dry_run=line.dry_run)
    if line.dry_run or line.root != "/":
        raise Refused("--dry-run and --root are for a team's desk: give --team with them.")
    paths = the_desk()
    if paths.team:
        raise Refused(
            "A team's desk is installed on this host: for one of your own, name a folder in AGENTCONSOLE_HOME."
        )
    if paths.has_desk():
        raise Refused(f"There is a desk in {paths.home} already: use it, or name another folder in AGENTCONSOLE_HOME.")
    database = asked_database(line)
    answers, first = _answered(line)
    if database is not None:
        name_database(paths, database)
    make(paths, answers, os.environ, first=first)
    tell("\nThe console: agentconsole")
    return 0


def _answered(line: argparse.Namespace) -> tuple[Answers, First | None]:
    """Return the answers of the file, or what somebody at the terminal says."""
    if line.answers:
        return read_answers(Path(line.answers), _local_zone()), None
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        raise Refused("Setting up a desk asks questions: run it on a terminal, or give --answers FILE.")
    answers = _questions(line)
    login = _asked(line.admin, "Login of the first administrator", "admin", users.check_login)
    name = _asked(line.admin_name, "Name of the first administrator", login.capitalize(), users.check_name)
    people = _people(login)
    return replace(answers, people=people), First(login, name, asked_password(login))


def _questions(line: argparse.Namespace) -> Answers:
    name = _asked(line.name, "Name of the desk", "Our desk", _name)
    zone = _asked(line.zone, "Time zone of its people", _local_zone(), check_zone)
    packs = shipped_packs()
    tell("Policies that ship with the program:")
    for shipped in map(load_pack, packs):
        tell(f"  {shipped.id:<10} {shipped.title}, {shipped.organisation}")
    pack = _asked(line.pack, f"Policy to answer under ({', '.join(packs)})", packs[0], _one_of(packs))
    brand_name = _asked(line.brand_name, "Name that customers read as the sender", name, _name)
    brand = _asked(line.brand, "Short name of the organisation, small letters", pack, check_brand)
    answers = Answers(NewDesk(name, zone, ((brand, brand_name, pack),)))
    if _HOURS not in {blank.id for blank in load_pack(pack).blanks}:
        return answers
    hours = _asked(line.hours, "Business hours, as Mon-Fri 09:00-17:00", _LATER, _hours(pack))
    return answers if hours == _LATER else replace(answers, blanks=((pack, _HOURS, hours),))


def _people(taken: str) -> tuple[Person, ...]:
    """Ask for those who answer customers, until there is no other."""
    people: list[Person] = []
    while True:
        known = {taken, *(person.login for person in people)}
        login = _asked(None, "Login of somebody who answers customers", _LATER, _new_login(known))
        if login == _LATER:
            return tuple(people)
        people.append(Person(login, _asked(None, f"Name of {login}", login.capitalize(), users.check_name), "agent"))


def _new_login(known: set[str]) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text in known:
            raise Refused(f'"{text}" is taken: give another login, or Enter to go on.')
        return users.check_login(text)

    return check


def _local_zone() -> str:
    return str(Path("/etc/localtime").resolve()).partition("/zoneinfo/")[2] or "UTC"


def _asked(given: str | None, question: str, proposal: str, checked: Callable[[str], str]) -> str:
    if given is not None:
        return checked(given)
    while True:
        typed = input(f"{question} [{proposal}]: ").strip() or proposal
        try:
            return checked(typed)
        except Refused as refused:
            tell(f"  {clean_line(refused.sentence, _LONGEST_REFUSAL)}")


def _name(text: str) -> str:
    if not text.strip() or len(text) > _LONGEST_NAME or not text.isprintable():
        raise Refused(f"Give a name of at most {_LONGEST_NAME} letters.")
    return text.strip()


def _hours(pack: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text != _LATER:
            load_pack(pack, answers={_HOURS: text})
        return text

    return check


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in choices:
            raise Refused(f'"{text[:40]}" is none of {", ".join(choices)}.')
        return text

    return check
