"""The allow-list as it stands: its rules, until when it is set aside, and who is signed in from where."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from agentconsole.domain.allowlist import Allowlist, Rule, covers
from agentconsole.domain.terms import Role
from agentconsole.storage.tables.address_rule import AddressRule
from agentconsole.storage.tables.desk import Desk
from agentconsole.storage.tables.session import Session as DeskSession
from agentconsole.storage.tables.user import User
from agentconsole.wire.rows import AddressRow


def read_allowlist(session: Session) -> Allowlist:
    """Return the rules, whether they are set aside or not."""
    return Allowlist(Rule(row.role, row.range) for row in _rows(session))


def open_until(session: Session) -> datetime | None:
    """Return until when the allow-list is set aside (UTC, the machine's clock); None where it is not."""
    return session.exec(select(Desk.addresses_open_until)).one()


def signed_in(session: Session) -> Sequence[tuple[DeskSession, Role]]:
    """Return the sessions that have not ended, each with its user's role."""
    running = select(DeskSession, User).join(User).where(col(DeskSession.ended_at).is_(None))
    found = session.exec(running.order_by(col(DeskSession.began_at))).all()
    return [(one, user.role) for one, user in found]


def read_rules(session: Session) -> tuple[AddressRow, ...]:
    """Return the rules in the order of the roles, each with how many sessions it lets in now."""
    here = [(role, one.address) for one, role in signed_in(session)]
    rows = sorted(_rows(session), key=lambda row: (list(Role).index(row.role), row.range))
    return tuple(AddressRow(row.role.value, row.range, row.label, _number(row, here)) for row in rows)


def _number(row: AddressRule, here: Sequence[tuple[Role, str]]) -> int:
    return sum(role is row.role and covers(Rule(role, row.range), address) for role, address in here)


def _rows(session: Session) -> Sequence[AddressRule]:
    return session.exec(select(AddressRule)).all()
