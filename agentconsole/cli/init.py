"""`agentconsole init`: a desk of your own, with its first administrator and her authenticator, or a team's."""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

from agentconsole.cli import team
from agentconsole.cli.answers import Answers, read_answers
from agentconsole.cli.ask import the_desk
from agentconsole.cli.database import asked_database, name_database
from agentconsole.cli.founding import First, asked_password, make
from agentconsole.cli.questions import LATER, asked, local_zone, people, questions
from agentconsole.cli.say import tell
from agentconsole.domain.errors import Refused
from agentconsole.security.hardening import harden_process
from agentconsole.services import users


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
        return read_answers(Path(line.answers), local_zone()), None
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        raise Refused("Setting up a desk asks questions: run it on a terminal, or give --answers FILE.")
    answers = questions(line)
    login = asked(line.admin, "Login of the first administrator", "admin", users.check_login)
    if login == LATER:
        return replace(answers, people=people("", team=line.team)), None
    name = asked(line.admin_name, "Name of the first administrator", login.capitalize(), users.check_name)
    others = people(login, team=line.team)
    return replace(answers, people=others), First(login, name, asked_password(login))
