"""Making a desk from answers: what was given is done at once, what was left out is listed with what to type."""

import getpass
from collections.abc import Mapping
from dataclasses import dataclass, field

from agentconsole.cli.answers import Answers, Person
from agentconsole.cli.mailbox import tried
from agentconsole.cli.say import tell_wrapped
from agentconsole.config.clock import SystemClock
from agentconsole.config.packs import shipped_packs
from agentconsole.config.paths import DeskPaths
from agentconsole.domain.errors import Refused
from agentconsole.domain.terms import Role
from agentconsole.security.masterkey import MasterKey
from agentconsole.security.passwords import check_new_password, hash_password
from agentconsole.server.desk import OpenDesk, complete_founding, found_desk, open_desk
from agentconsole.services import shelf, signin, unix_accounts, users
from agentconsole.services.mailboxes import set_mailbox
from agentconsole.services.sessions import end_session
from agentconsole.services.signin import Failed, MustEnrol
from agentconsole.storage.transaction import Actor, Tx
from agentconsole.wire.commands import SetMailbox

HOST = Actor(login="init")
TRIES = 5
_NAMING = {"name": "the desk's name", "zone": "the time zone of its people"}
_WHITE_ON_BLACK = "\x1b[97;40m"
_PLAIN = "\x1b[0m"


@dataclass(slots=True)
class First:
    """Name the first administrator, who is at the terminal and has typed a password."""

    login: str
    name: str
    password: str = field(repr=False)


def make(
    paths: DeskPaths,
    answers: Answers,
    environ: Mapping[str, str],
    *,
    first: First | None = None,
    master: MasterKey | None = None,
) -> None:
    """Make the desk, do all that was answered, and say what is left for somebody's eye."""
    boxes, troubles = _tried_mailboxes(answers)
    where = found_desk(paths, answers.new, environ, wall=SystemClock(), master=master)
    desk = open_desk(paths, environ, committed=lambda _: None, master=master)
    try:
        complete_founding(desk, answers.new)
        _fill_in(desk, answers, boxes)
        if first is not None:
            enrol_first(desk, first)
        for person in answers.people:
            _add(desk, person)
        tell_wrapped(f"\nThe desk is in {paths.home}.")
        if master is None:
            tell_wrapped(f"Its master key: {where}. Keep a copy of it apart from the backups.")
        tell_wrapped("\n".join(_needs_an_eye(desk, answers, troubles, has_admin=first is not None)))
    finally:
        desk.close()


def _tried_mailboxes(answers: Answers) -> tuple[list[SetMailbox], list[str]]:
    """Try every mailbox before anything is made; one that does not answer is no reason not to make the desk."""
    found = list(answers.tried)
    troubles: list[str] = []
    for box in answers.mailboxes:
        try:
            found.append(tried(box))
        except (Refused, OSError, UnicodeError) as trouble:
            troubles.append(f"the mailbox of {box.brand}: {trouble}")
    return found, troubles


def _fill_in(desk: OpenDesk, answers: Answers, boxes: list[SetMailbox]) -> None:
    def work(tx: Tx) -> None:
        for pack in sorted({pack for pack, _, _ in answers.blanks}):
            given = {blank: answer for of, blank, answer in answers.blanks if of == pack}
            shelf.answer_blanks(tx, desk.context.shelf, pack, given)
        for box in boxes:
            set_mailbox(tx, desk.context, box)

    desk.writer.run(HOST, work)
    desk.reread_packs()


def _add(desk: OpenDesk, person: Person) -> None:
    password, hashed = users.one_time_password()

    def work(tx: Tx) -> None:
        users.add_user(tx, person.login, person.name, person.role, password, hashed)
        if person.unix:
            unix_accounts.tie(tx, person.login, person.unix)

    desk.writer.run(HOST, work)
    tell_wrapped(f"{person.login} is added as {person.role}.\n  One-time password: {password}")


def _needs_an_eye(desk: OpenDesk, answers: Answers, troubles: list[str], *, has_admin: bool) -> list[str]:
    """List what was skipped or did not work, each with what to type."""
    lines = [f"{_NAMING[key]}: agentconsole desk {key} {key.upper()}" for key in sorted(answers.later)]
    if not answers.new.brands:
        lines.append(f"a brand: agentconsole brand add BRAND NAME {'|'.join(shipped_packs())}")
    if not has_admin and Role.ADMIN not in {person.role for person in answers.people}:
        lines.append("an administrator: agentconsole user add LOGIN NAME --role admin")
    if not [person for person in answers.people if person.role != Role.ADMIN]:
        lines.append("somebody who answers customers: agentconsole user add LOGIN NAME --role agent")
    lines += troubles
    served = {box.brand for box in answers.mailboxes} | {box.brand for box in answers.tried}
    for brand, _, _ in answers.new.brands:
        if brand not in served:
            lines.append(f"the mailbox of {brand}: agentconsole mail connect --brand {brand} --help")
    for pack in desk.context.shelf.packs:
        if pack.open_blanks:
            count = f"{len(pack.open_blanks)} thing{'' if len(pack.open_blanks) == 1 else 's'}"
            lines.append(f"{count} that the policy {pack.id} leaves open: agentconsole policy blanks")
    return ["\nNeeds your eye, each when it suits you:", *(f"  {line}" for line in lines)] if lines else []


def asked_password(login: str) -> str:
    """Ask for a new password, twice."""
    while True:
        password = getpass.getpass(f"Password for {login} (8 characters or more): ")
        try:
            check_new_password(password, login)
        except Refused as refused:
            tell_wrapped(f"  {refused.sentence}")
            continue
        if getpass.getpass("The same again: ") == password:
            return password
        tell_wrapped("  The two differ: once more.")


def enrol_first(desk: OpenDesk, first: First) -> None:
    """Add the first administrator and bind her authenticator on this terminal."""
    hashed = hash_password(first.password)

    def add(tx: Tx) -> int:
        user = users.add_user(tx, first.login, first.name, "admin", first.password, hashed)
        user.must_change = False
        return user.id or 0

    user_id = desk.writer.run(HOST, add)
    offer = desk.writer.run(
        HOST, lambda tx: signin.complete(tx, desk.context, first.login, password_right=True, code="", recovery=False)
    )
    assert isinstance(offer, MustEnrol)
    tell_wrapped(
        f"\nSet up two-factor sign-in for {first.login}: scan this with an authenticator, or type the key below.\n"
    )
    for row in offer.qr:
        print(f"  {_WHITE_ON_BLACK}{row}{_PLAIN}")
    tell_wrapped(f"\n  {offer.seed_text}   (time-based, 6 digits, 30 s)\n")
    codes = _confirmed(desk, user_id)
    tell_wrapped(
        "\nRecovery codes, each works once if the phone is lost. Write them down now; they are not shown again:\n"
    )
    for pair in zip(codes[::2], codes[1::2], strict=True):
        tell_wrapped("  " + "     ".join(pair))


def _confirmed(desk: OpenDesk, user_id: int) -> tuple[str, ...]:
    for _ in range(TRIES):
        outcome = _try_code(desk, user_id, input("Code that the app shows now: "))
        if not isinstance(outcome, Failed):
            return outcome
        tell_wrapped(f"  {outcome.refusal.sentence}")
    raise Refused("The code was wrong five times. The desk is made; sign in with name and password to go on with this.")


def _try_code(desk: OpenDesk, user_id: int, code: str) -> tuple[str, ...] | Failed:
    outcome = desk.writer.run(HOST, lambda tx: signin.confirm_enrolment(tx, desk.context, user_id, code))
    if isinstance(outcome, Failed):
        return outcome
    begun, codes = outcome
    desk.writer.run(HOST, lambda tx: end_session(tx, begun.session.id, "set-up is done"))
    return codes
