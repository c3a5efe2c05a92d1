"""The database of a new desk: where PostgreSQL keeps it, which of its roles may do what, and what they sign in with."""

import argparse
import getpass
import sys
from dataclasses import dataclass, field, replace

from agentconsole.cli.say import tell
from agentconsole.config.paths import DeskPaths
from agentconsole.domain.errors import Refused
from agentconsole.storage.database import keep_name
from agentconsole.storage.postgres_database import PostgresDatabase
from agentconsole.storage.postgres_password import joined, keep_password, read_password
from agentconsole.storage.postgres_upgrade import holds_desk, upgrade, wants_password


@dataclass(frozen=True, slots=True)
class Named:
    """Name a database as it was typed; what its roles sign in with has a password in it, and is shown nowhere."""

    app: str
    owner: str
    direct: str
    password: str = field(repr=False)
    as_app: str = field(repr=False)
    as_owner: str = field(repr=False)


def asked_database(line: argparse.Namespace) -> Named | None:
    """Return the database that a command line names, None where it names none; asks for the passwords it wants.

    Refuses a password in a name, a database that cannot be reached, and one that has a desk already.
    """
    app, owner, direct = line.database or "", line.database_owner or "", line.database_direct or ""
    if not app:
        for option, given in (
            ("--database-owner", owner),
            ("--database-direct", direct),
            ("--database-password-file", line.database_password_file),
        ):
            if given:
                raise Refused(f"{option} says more of a database: name it with --database.")
        return None
    PostgresDatabase(app, owner, direct).check()
    password = _password(app, line.database_password_file or "")
    as_app = joined(app, password)
    as_owner = joined(owner, _password(owner, "")) if owner else as_app
    if holds_desk(as_owner):
        raise Refused("There is a desk in that database already: make an empty one for this desk.")
    return Named(app, owner or app, direct, password, as_app, as_owner)


def name_database(paths: DeskPaths, named: Named) -> None:
    """Have a desk keep its rows in PostgreSQL: make its tables as their owner, and keep how it is signed in to."""
    upgrade(named.as_app, named.as_owner)
    paths.make()
    file = ""
    if named.password:
        keep_password(paths.database_password, named.password)
        file = str(paths.database_password)
        tell(f"The database's password is kept in {file}, which no other account can read.")
    keep_name(paths, named.app, named.owner, named.direct, file)
    if named.owner == named.app:
        tell("One role owns the tables and uses them: with --database-owner the desk's own could not change the log.")


def other_database(paths: DeskPaths, app: str, owner: str, direct: str, password_file: str) -> PostgresDatabase:
    """Return the database that a desk is to be moved or restored into; a password that it wants is kept in the home.

    Refuses a password in a name, and a database that cannot be reached.
    """
    PostgresDatabase(app, owner, direct).check()
    password = _password(app, password_file)
    if password:
        paths.make()
        # One that was asked before, for a move or a restore that did not come to its end.
        paths.database_password.unlink(missing_ok=True)
        keep_password(paths.database_password, password)
    return PostgresDatabase(app, owner or app, direct, str(paths.database_password) if password else "")


def owner_of(owner: str, password_file: str, database: PostgresDatabase) -> str:
    """Return what the owner of a desk's tables signs in with, its password in it where it wants one; it is asked.

    Refuses a password in a name, and a role that does not get in.
    """
    replace(database, owner=owner).check()
    if owner == database.app and not password_file:
        return owner
    return joined(owner, _password(owner, password_file))


def _password(conninfo: str, file: str) -> str:
    """Return the password of a role: from a file, or asked where it wants one that libpq does not find; else ""."""
    if file:
        return read_password(file)
    if not wants_password(conninfo):
        return ""
    if not sys.stdin.isatty():
        raise Refused(
            "The database wants a password: name a --database-password-file, or put it into ~/.pgpass, or where "
            "PGPASSFILE says."
        )
    return getpass.getpass(f"Password for {conninfo}: ")
