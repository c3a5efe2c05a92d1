"""The second wall: no row is read or written in a transaction that does not say for whom it is.

It stops whoever got hold of the desk's role and knows nothing of the desk: a forgotten connection, a tool that looks
around, another program behind the same pool. It does not stop whoever means harm and has the password: he can say
an actor too. What is sealed stays sealed for him, and an event that he adds does not carry the desk's seal.
"""

from typing import Any

from psycopg import sql
from sqlalchemy.engine import Connection

from agentconsole.storage.postgres_guards import OPEN, SEARCHED, TABLES

SETTING = "app.actor"
DESK = "desk"
AS_DESK = f"SET LOCAL {SETTING} = '{DESK}'"
"""Ends with the transaction: what is set for a session another one would find behind a pool."""
AS_ACTOR = f"SELECT set_config('{SETTING}', %s, true)"
SAID = f"current_setting('{SETTING}', true) <> ''"
POLICY = "only_for_an_actor"
_BARE = (
    f"{TABLES} AND c.relname <> '{OPEN}' AND pg_get_userbyid(c.relowner) = current_user AND NOT EXISTS"  # noqa: S608
    f" (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = '{POLICY}') ORDER BY c.relname"
)


def build_wall(connection: Connection) -> None:
    """Put every table that has no policy yet behind the wall, also for its owner; the owner's role does it."""
    link: Any = connection.connection.dbapi_connection
    for (name,) in link.execute(_BARE).fetchall():
        table = sql.Identifier(name)
        link.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(table))
        if name != SEARCHED:
            link.execute(sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(table))
        rule = sql.SQL("CREATE POLICY {} ON {} USING ({})")
        link.execute(rule.format(sql.Identifier(POLICY), table, sql.SQL(SAID)))
