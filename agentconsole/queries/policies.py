"""The policies as the desk keeps them: versions, drafts, their texts and the answers to their blanks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, select

from agentconsole.config.packs import holiday_sets
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_named import DRAFT, can_be_pack
from agentconsole.domain.policy_parse import parse_pack
from agentconsole.domain.untrusted import Untrusted
from agentconsole.storage.row_checks import pack_digest
from agentconsole.storage.tables.brand import Brand
from agentconsole.storage.tables.pack_draft import PackDraft
from agentconsole.storage.tables.pack_version import PackVersion
from agentconsole.wire.policies import PolicyRow, PolicyText, VersionRow

Parsed = Mapping[tuple[str, int], Pack]


def read_policies(session: Session, parsed: Iterable[Pack], now: datetime, pack: str = "") -> tuple[PolicyRow, ...]:
    """Return the policies, or the one named, with their versions; `parsed` are those that the server has read already.

    Refuses a name that is not here, naming those that are.
    """
    drafts = {draft.pack_id: draft for draft in session.exec(select(PackDraft)).all()}
    versions: dict[str, list[PackVersion]] = {}
    for row in session.exec(select(PackVersion).order_by("since", "version")).all():
        versions.setdefault(row.pack_id, []).append(row)
    names = sorted({*drafts, *versions})
    if pack and pack not in names:
        raise Refused(_unknown(names))
    brands = session.exec(select(Brand).order_by("id")).all()
    known = {(each.id, each.version): each for each in parsed}
    return tuple(
        _policy(
            name,
            tuple(brand.id for brand in brands if brand.pack_id == name),
            _versions(versions.get(name, []), known, now),
            drafts.get(name),
        )
        for name in names
        if pack in ("", name)
    )


def _policy(
    name: str, brands: tuple[str, ...], versions: Sequence[tuple[Pack, VersionRow]], draft: PackDraft | None
) -> PolicyRow:
    titles = [pack.title for pack, _ in versions]
    drafted = None
    if draft is not None:
        pack = _parse(draft, {})
        titles.append(pack.title)
        drafted = _row(pack, draft, "draft", version=0, since=draft.at)
    return PolicyRow(name, titles[0], brands, tuple(row for _, row in versions), drafted)


def _versions(rows: Sequence[PackVersion], known: Parsed, now: datetime) -> list[tuple[Pack, VersionRow]]:
    """Return each version parsed and as a row, the newest in front."""
    begun = [row.version for row in rows if row.since <= now][-1:]
    found = []
    for row in reversed(rows):
        pack = _parse(row, known)
        state = "in force" if [row.version] == begun else "waits" if row.since > now else "was"
        found.append((pack, _row(pack, row, state, version=row.version, since=row.since)))
    return found


def _parse(row: PackVersion | PackDraft, known: Parsed) -> Pack:
    pack = known.get((row.pack_id, row.version)) if isinstance(row, PackVersion) else None
    if pack is not None:
        return pack
    return parse_pack(row.text, file=f"{row.pack_id}.toml", holiday_sets=holiday_sets(), answers=row.answers)


def _row(pack: Pack, row: PackVersion | PackDraft, state: str, *, version: int, since: datetime) -> VersionRow:
    return VersionRow(
        version=version,
        state=state,
        since=since,
        author=row.author,
        revision=pack.revision_text,
        sha256=pack_digest(row.text, row.answers),
        blanks=len(pack.blanks),
        open_blanks=tuple(blank.id for blank in pack.open_blanks),
    )


def read_policy_text(session: Session, pack: str, which: str, now: datetime) -> PolicyText:
    """Return the text of a policy: of a version by its number, of the draft, or ("") of what is in force now.

    Refuses what is not here, naming what is.
    """
    if not can_be_pack(pack):
        raise Refused(_missing(session, "", (), None))
    rows = session.exec(select(PackVersion).where(PackVersion.pack_id == pack).order_by("since", "version")).all()
    draft = session.get(PackDraft, pack)
    found: PackVersion | PackDraft | None
    if which == DRAFT:
        found = draft
    elif which:
        found = next((row for row in rows if str(row.version) == which), None)
    else:
        found = next((row for row in reversed(rows) if row.since <= now), rows[0] if rows else None)
    if found is None:
        raise Refused(_missing(session, pack, rows, draft))
    version, since = (found.version, found.since) if isinstance(found, PackVersion) else (0, found.at)
    answers = {name: Untrusted(answer) for name, answer in found.answers.items()}
    return PolicyText(pack, version, since, Untrusted(found.text), answers)


def _missing(session: Session, pack: str, rows: Sequence[PackVersion], draft: PackDraft | None) -> str:
    there = [*(f"{pack}@{row.version}" for row in rows), *([f"{pack}@{DRAFT}"] if draft is not None else [])]
    if there:
        return f"The desk does not have that; of this policy there is {', '.join(there)}."
    names = {*session.exec(select(PackVersion.pack_id)).all(), *session.exec(select(PackDraft.pack_id)).all()}
    return _unknown(sorted(names))


def _unknown(names: Sequence[str]) -> str:
    known = f"there is {', '.join(names)}" if names else "there is none at all yet"
    return f"The desk has no policy of that name; {known}. List them: agentconsole policy list."
