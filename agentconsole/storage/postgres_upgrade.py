"""Bringing a PostgreSQL schema up to date: as its owner, all or nothing; and what the desk's own role may do there."""

from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.engine import Connection

from agentconsole.domain.errors import Refused
from agentconsole.domain.text import clean_line
from agentconsole.storage.postgres import connect, migrating_engine
from agentconsole.storage.postgres_lock import LOCK
from agentconsole.storage.postgres_wall import AS_DESK, build_wall
from agentconsole.storage.upgrade import HEAD, refuse_newer, run_migrations

OLDEST = 15
_ENCODING = "UTF8"
# What is written once stays: no role but the owner may change or remove a fact, nor say which schema this is.
_ONLY_ADDED = ("event",)
_ONLY_READ = ("alembic_version",)
# By the database's own clock: a server says every five seconds that it is there.
_AT_WORK = (
    "SELECT name FROM server WHERE place <> :place AND seen_at > (extract(epoch FROM now()) - 60) * 1000000"
    " ORDER BY name"
)
_OWNERS = (
    "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = to_regclass('alembic_version')"
    " AND NOT pg_has_role(current_user, relowner, 'USAGE')"
)


def schema_of(conninfo: str) -> str:
    """Return the schema version of a database, "" when it has none yet; refuses one that cannot keep a desk."""
    with _reached(conninfo) as link:
        version = link.info.server_version // 10000
        if version < OLDEST:
            raise Refused(f"PostgreSQL {version} is too old for a desk: use {OLDEST} or newer.")
        encoding = link.execute(
            "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
        )
        if (found := encoding.fetchall()) != [(_ENCODING,)]:
            raise Refused(f"This database is kept in {found[0][0]}: make one with ENCODING '{_ENCODING}'.")
        if link.execute("SELECT to_regclass('alembic_version')").fetchall() == [(None,)]:
            return ""
        try:
            rows = link.execute("SELECT version_num FROM alembic_version").fetchall()
        except psycopg.errors.InsufficientPrivilege:
            raise Refused("This role may not read the tables there: name the one they were made for.") from None
        return str(rows[0][0]) if rows else ""


def holds_desk(conninfo: str) -> bool:
    """Tell whether a desk was founded in a database."""
    if not schema_of(conninfo):
        return False
    with _reached(conninfo) as link:
        link.execute(AS_DESK)
        return bool(link.execute("SELECT 1 FROM desk").fetchall())


def wants_password(conninfo: str) -> bool:
    """Tell whether a role is let in with a password only, and libpq finds none."""
    try:
        connect(conninfo).close()
    except psycopg.OperationalError as error:
        return error.pgconn is not None and error.pgconn.needs_password
    return False


def _reached(conninfo: str) -> psycopg.Connection[Any]:
    try:
        return connect(conninfo)
    except psycopg.Error as error:
        said = clean_line(str(error).partition("\n")[0], 300)
        raise Refused(f"The database cannot be reached: {said}", code="down") from None


def upgrade(app: str, owner: str, place: str = "") -> str:
    """Create or upgrade the schema as its owner, and return what it was before; servers of `place` are dead.

    Without an owner ("", or one whose password is not here) an old schema is refused: the desk's own role may not
    change it. While the schema is the newest nobody signs in as the owner.
    """
    before = schema_of(app)
    refuse_newer(before)
    if before == HEAD:
        return before
    if before and (not owner or wants_password(owner)):
        raise Refused(
            f"The database has the schema {before}, this program needs {HEAD}, and only the role that owns the tables "
            "can change them: type `agentconsole database upgrade --owner postgresql://OWNER@HOST/NAME`, once for all "
            "servers, and start again."
        )
    if not owner:
        raise Refused('The database has no tables yet: name the role that owns it in database.toml (owner = "…").')
    _reached(owner).close()
    migrate(owner, role_of(app), place)
    return before


def role_of(conninfo: str) -> str:
    """Return the role that a connection string signs in as; refuses one that the second wall would not stop."""
    with _reached(conninfo) as link:
        name, past = link.execute(
            "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchall()[0]
    if past:
        raise Refused(f"The role {name} is a superuser, whom no wall stops: make a plain one for the desk.")
    return str(name)


def migrate(owner: str, app_role: str, place: str = "") -> None:
    """Run all migrations that the database has not seen, and grant the desk's role what it needs, or nothing.

    Refuses where a server of another place works on it: its program does not know the tables as they will be.
    """
    engine = migrating_engine(owner)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(LOCK)
            _refuse_served(connection, place)
            _refuse_stranger(connection)
            run_migrations(connection)
            build_wall(connection)
            _grant(connection, app_role)
    finally:
        engine.dispose()


def _refuse_served(connection: Connection, place: str) -> None:
    if connection.execute(sa.text("SELECT to_regclass('server')")).scalar() is None:
        return
    names = connection.execute(sa.text(_AT_WORK), {"place": place}).scalars().all()
    if names:
        raise Refused(
            f"A desk server of an older program works on this database ({clean_line(names[0], 200)}): stop it first, "
            "and all others. One that was killed is forgotten after a minute. Nothing was changed.",
            code="down",
        )


def _refuse_stranger(connection: Connection) -> None:
    """Refuse a role that does not own the tables there are: half of what it did would be undone with a riddle."""
    owners = connection.execute(sa.text(_OWNERS)).scalars().all()
    if owners:
        raise Refused(f"The tables belong to the role {clean_line(owners[0], 63)}: name that one. Nothing was changed.")


def _grant(connection: Connection, app_role: str) -> None:
    link: Any = connection.connection.dbapi_connection
    role = sql.Identifier(app_role)
    if connection.execute(sa.text("SELECT current_user")).scalar() == app_role:
        return
    for statement in (
        "GRANT USAGE ON SCHEMA public TO {}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        *(f"REVOKE UPDATE, DELETE ON {table} FROM {{}}" for table in _ONLY_ADDED),
        *(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {{}}" for table in _ONLY_READ),
    ):
        link.execute(sql.SQL(statement).format(role))
