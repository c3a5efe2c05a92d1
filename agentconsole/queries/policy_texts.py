"""The policies as people read them: which are in force, what each clause says and what carries it, and who knows it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from agentconsole.domain.acceptance import SCOPE, Standing, in_force, standing, standings
from agentconsole.domain.clause_words import Carrier, carriers
from agentconsole.domain.clocks import Applied
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Clause, Pack
from agentconsole.domain.suggestion import Disposition
from agentconsole.domain.terms import Role
from agentconsole.domain.untrusted import Untrusted
from agentconsole.queries.acceptances import ByPack, accepted_by, accepted_by_all
from agentconsole.storage.tables.suggestion import Suggestion
from agentconsole.storage.tables.user import User
from agentconsole.wire.policy_reading import (
    AcceptanceRow,
    CarrierRow,
    ClauseRow,
    Clauses,
    MyPolicyRow,
    SuggestionRow,
)

Shelved = Mapping[str, Sequence[Applied]]
"""All versions of each pack that a brand is under, the oldest first."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """Say who reads; whoever administers from the command line has accepted nothing and owes nothing."""

    role: Role = Role.ADMIN
    asked_since: datetime | None = None
    accepted: ByPack = field(default_factory=dict)


def _reader_of(session: Session, user_id: int | None) -> _Reader:
    if user_id is None:
        return _Reader()
    user = session.get_one(User, user_id)
    return _Reader(user.role, user.asked_since, accepted_by(session, user_id))


def read_standings(session: Session, shelved: Shelved, user_id: int | None, now: datetime) -> tuple[Standing, ...]:
    """Return how somebody stands to each policy, by their ids."""
    reader = _reader_of(session, user_id)
    return standings(reader.role, shelved, reader.accepted, reader.asked_since, now)


def read_my_policies(
    session: Session, shelved: Shelved, brands: Mapping[str, str], user_id: int | None, now: datetime
) -> tuple[MyPolicyRow, ...]:
    """Return the policies in force, those that the reader has to accept first; `brands` are the packs of the brands."""
    rows = [
        _policy_row(found, in_force(shelved[found.pack.id], now)[-1], brands)
        for found in read_standings(session, shelved, user_id, now)
    ]
    return tuple(sorted(rows, key=lambda row: (not row.owed, row.pack)))


def _policy_row(found: Standing, shown: Applied, brands: Mapping[str, str]) -> MyPolicyRow:
    pack = shown.pack
    return MyPolicyRow(
        pack=pack.id,
        title=Untrusted(pack.title),
        organisation=Untrusted(pack.organisation),
        version=pack.version,
        newest=found.pack.version,
        since=shown.since,
        revision=Untrusted(pack.revision_text),
        brands=tuple(brand for brand, under in brands.items() if under == pack.id),
        clauses=len(pack.clauses),
        open_blanks=len(pack.open_blanks),
        accepted=found.accepted.version if found.accepted else 0,
        accepted_at=found.accepted.at if found.accepted else None,
        owed=found.owed,
        until=found.until,
        again_at=found.again_at,
    )


def read_clauses(
    session: Session,
    shelved: Shelved,
    brands: Mapping[str, str],
    pack: str,
    version: int,
    user_id: int | None,
    now: datetime,
) -> Clauses:
    """Return a version of a policy (0: the one in force), compared with what the reader accepted newest before it."""
    versions = shelved.get(pack)
    if not versions:
        raise Refused(f'No brand is under a policy "{pack[:40]}"; there is {", ".join(shelved) or "none"}.')
    reader = _reader_of(session, user_id)
    found = standing(reader.role, versions, reader.accepted.get(pack, ()), reader.asked_since, now)
    shown = next((one for one in versions if one.pack.version == (version or found.pack.version)), None)
    if shown is None:
        raise Refused(f"The policy {pack} has no version {version}; the newest is {versions[-1].pack.version}.")
    known = found.accepted.version if found.accepted else 0
    before = next((one.pack for one in versions if one.pack.version == known < shown.pack.version), None)
    rows = tuple(_clauses(shown.pack, before))
    return Clauses(_policy_row(found, shown, brands), rows, before.version if before else 0)


def _clauses(pack: Pack, before: Pack | None) -> Iterator[ClauseRow]:
    """Yield the clauses in the document's order, and then those that are gone."""
    carried, were = carriers(pack), carriers(before) if before is not None else {}
    known = {clause.id: clause for clause in before.clauses} if before is not None else {}
    for clause in sorted(pack.clauses, key=lambda clause: clause.line):
        old, now = were.get(clause.id, ()), carried[clause.id]
        rows = (*_carried(now, old, "new" if clause.id in known else ""), *_gone(old, now))
        yield _clause_row(clause, rows, _change(clause, known, rows) if known else "")
    there = {clause.id for clause in pack.clauses}
    for clause in known.values():
        if clause.id not in there:
            yield _clause_row(clause, _gone(were[clause.id], ()), "gone")


def _carried(now: Sequence[Carrier], old: Sequence[Carrier], change: str) -> Iterator[CarrierRow]:
    for one in now:
        yield _carrier_row(one, "" if one in old else change)


def _gone(old: Sequence[Carrier], now: Sequence[Carrier]) -> tuple[CarrierRow, ...]:
    return tuple(_carrier_row(one, "gone") for one in old if one not in now)


def _change(clause: Clause, known: Mapping[str, Clause], rows: Sequence[CarrierRow]) -> str:
    before = known.get(clause.id)
    if before is None:
        return "new"
    said = (before.heading, before.quote) != (clause.heading, clause.quote)
    return "changed" if said or any(row.change for row in rows) else ""


def _clause_row(clause: Clause, rows: tuple[CarrierRow, ...], change: str) -> ClauseRow:
    heading, quote = Untrusted(clause.heading), Untrusted(clause.quote)
    return ClauseRow(clause.id, heading, quote, clause.line, rows, change)


def _carrier_row(one: Carrier, change: str) -> CarrierRow:
    return CarrierRow(one.kind, Untrusted(one.id), Untrusted(one.words), change)


def read_acceptances(session: Session, shelved: Shelved, pack: str, now: datetime) -> tuple[AcceptanceRow, ...]:
    """Return how everybody who is given work stands to each policy in force, or to one; who is late comes first."""
    if pack and pack not in shelved:
        raise Refused(f'No brand is under a policy "{pack[:40]}"; there is {", ".join(shelved) or "none"}.')
    wanted = {name: versions for name, versions in shelved.items() if pack in ("", name)}
    accepted = accepted_by_all(session)
    rows = [
        _acceptance_row(user, found, now)
        for user in session.exec(select(User).where(col(User.disabled).is_(False)).order_by("login")).all()
        if user.role in SCOPE
        for found in standings(user.role, wanted, accepted.get(user.id or 0, {}), user.asked_since, now)
    ]
    return tuple(sorted(rows, key=lambda row: (row.pack, not row.late, row.accepted == row.version, row.login)))


def _acceptance_row(user: User, found: Standing, now: datetime) -> AcceptanceRow:
    return AcceptanceRow(
        login=user.login,
        role=user.role.value,
        pack=found.pack.id,
        version=found.pack.version,
        accepted=found.accepted.version if found.accepted else 0,
        at=found.accepted.at if found.accepted else None,
        until=found.until,
        late=found.is_late(now),
        again_at=found.again_at,
        overdue=found.is_overdue(now),
    )


def read_suggestions(session: Session, only_of: int | None) -> tuple[SuggestionRow, ...]:
    """Return the suggestions, those that wait for a decision first, then the newest; `only_of` one person, or all."""
    wanted = select(Suggestion, User.login).join(User, col(User.id) == Suggestion.user_id)
    if only_of is not None:
        wanted = wanted.where(Suggestion.user_id == only_of)
    rows = [
        SuggestionRow(
            number=one.id or 0,
            pack=one.pack_id,
            version=one.version,
            clause=one.clause,
            login=login,
            at=one.at,
            text=Untrusted(one.text),
            disposition=one.disposition.value,
            reason=Untrusted(one.reason),
            settled_by=one.settled_by,
            settled_at=one.settled_at,
        )
        for one, login in session.exec(wanted).all()
    ]
    return tuple(sorted(rows, key=lambda row: (row.disposition != Disposition.OPEN, -row.number)))
