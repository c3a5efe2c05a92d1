"""`agentconsole init`: a desk of your own, with its first administrator and her authenticator."""

import argparse
import getpass
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

from agentconsole.cli.ask import the_desk
from agentconsole.cli.say import tell
from agentconsole.config.clock import SystemClock
from agentconsole.config.packs import load_pack, shipped_packs
from agentconsole.domain.errors import Refused
from agentconsole.security.hardening import harden_process
from agentconsole.security.passwords import check_new_password, hash_password
from agentconsole.server.desk import NewDesk, OpenDesk, check_zone, complete_founding, found_desk, open_desk
from agentconsole.services import signin, users
from agentconsole.services.sessions import end_session
from agentconsole.services.signin import Failed, MustEnrol
from agentconsole.storage.transaction import Actor, Tx

_BRAND = re.compile(r"[a-z][a-z0-9-]{0,23}")
_WHITE_ON_BLACK = "\x1b[97;40m"
_PLAIN = "\x1b[0m"
HOST = Actor(login="init")
TRIES = 5


def make_desk(line: argparse.Namespace) -> int:
    """Ask for what was not given, make the desk, and bind the first administrator's authenticator."""
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        raise Refused("Setting up a desk asks questions: run `agentconsole init` on a terminal.")
    harden_process()
    paths = the_desk()
    if paths.database.exists():
        raise Refused(f"There is a desk in {paths.home} already: use it, or name another folder in AGENTCONSOLE_HOME.")
    new = _questions(line)
    login = _asked(line.admin, "Login of the first administrator", "admin", users.check_login)
    name = _asked(line.admin_name, "Name of the first administrator", login.capitalize(), users.check_name)
    password = _new_password(login)
    where = found_desk(paths, new, os.environ, wall=SystemClock())
    desk = open_desk(paths, os.environ, committed=lambda _: None)
    try:
        complete_founding(desk, new)
        _first_administrator(desk, login, name, password)
    finally:
        desk.close()
    _say_what_next(desk, where)
    return 0


def _questions(line: argparse.Namespace) -> NewDesk:
    name = _asked(line.name, "Name of the desk", "Our desk", str.strip)
    zone = _asked(line.zone, "Time zone of its people", _local_zone(), check_zone)
    packs = shipped_packs()
    tell("Policies that ship with the program:")
    for shipped in map(load_pack, packs):
        tell(f"  {shipped.id:<10} {shipped.title}, {shipped.organisation}")
    pack = _asked(line.pack, f"Policy to answer under ({', '.join(packs)})", packs[0], _one_of(packs))
    brand_name = _asked(line.brand_name, "Name that customers read as the sender", name, str.strip)
    brand = _asked(line.brand, "Short name of the organisation, small letters", pack, _brand)
    return NewDesk(name, zone, ((brand, brand_name, pack),))


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
            tell(f"  {refused.sentence}")


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in choices:
            raise Refused(f'"{text}" is none of {", ".join(choices)}.')
        return text

    return check


def _brand(text: str) -> str:
    if not _BRAND.fullmatch(text):
        raise Refused("Use small letters, digits and dashes, at most 24, a letter first.")
    return text


def _new_password(login: str) -> str:
    while True:
        password = getpass.getpass(f"Password for {login} (8 characters or more): ")
        try:
            check_new_password(password, login)
        except Refused as refused:
            tell(f"  {refused.sentence}")
            continue
        if getpass.getpass("The same again: ") == password:
            return password
        tell("  The two differ: once more.")


def _first_administrator(desk: OpenDesk, login: str, name: str, password: str) -> None:
    hashed = hash_password(password)

    def add(tx: Tx) -> int:
        user = users.add_user(tx, login, name, "admin", password, hashed)
        user.must_change = False
        return user.id or 0

    user_id = desk.writer.run(HOST, add)
    offer = desk.writer.run(
        HOST, lambda tx: signin.complete(tx, desk.context, login, password_right=True, code="", recovery=False)
    )
    assert isinstance(offer, MustEnrol)
    tell(f"\nSet up two-factor sign-in for {login}: scan this with an authenticator app, or type the key below it.\n")
    for row in offer.qr:
        print(f"  {_WHITE_ON_BLACK}{row}{_PLAIN}")
    tell(f"\n  {offer.seed_text}   (time-based, 6 digits, 30 s)\n")
    codes = _confirmed(desk, user_id)
    tell("\nRecovery codes, each works once if the phone is lost. Write them down now; they are not shown again:\n")
    for pair in zip(codes[::2], codes[1::2], strict=True):
        tell("  " + "     ".join(pair))


def _confirmed(desk: OpenDesk, user_id: int) -> tuple[str, ...]:
    for _ in range(TRIES):
        outcome = _try_code(desk, user_id, input("Code that the app shows now: "))
        if not isinstance(outcome, Failed):
            return outcome
        tell(f"  {outcome.refusal.sentence}")
    raise Refused("The code was wrong five times. The desk is made; sign in with name and password to go on with this.")


def _try_code(desk: OpenDesk, user_id: int, code: str) -> tuple[str, ...] | Failed:
    outcome = desk.writer.run(HOST, lambda tx: signin.confirm_enrolment(tx, desk.context, user_id, code))
    if isinstance(outcome, Failed):
        return outcome
    begun, codes = outcome
    desk.writer.run(HOST, lambda tx: end_session(tx, begun.session.id, "set-up is done"))
    return codes


def _say_what_next(desk: OpenDesk, where: str) -> None:
    open_blanks = sum(len(pack.open_blanks) for pack in desk.context.shelf.packs)
    tell(
        f"\nThe desk is in {desk.paths.home}.\nIts master key: {where}. Keep a copy of it apart from the backups.\n\n"
        "Next, each when it suits you:\n"
        "  agentconsole user add LOGIN NAME --role agent    somebody who answers customers\n"
        "  agentconsole mail connect --help                 the mailbox customers write to\n"
        f"  agentconsole policy blanks                       {open_blanks} things the policy leaves open\n"
        "  agentconsole                                     the console"
    )
