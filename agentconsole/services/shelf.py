"""The policy packs in force: parsed once, looked up by brand and instant."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from agentconsole.domain.clocks import Applied
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_identity import PackStatus
from agentconsole.domain.policy_parse import parse_pack
from agentconsole.storage.row_checks import pack_digest
from agentconsole.storage.tables.brand import Brand
from agentconsole.storage.tables.pack_version import PackVersion
from agentconsole.storage.transaction import Tx
from agentconsole.wire.brands import NO_BRAND

AT_ONCE = timedelta(minutes=1)
"""A version that was put into force at once may begin so much after what a clock says that went back a little."""


class Shelf:
    """Keep every version of every pack that a brand is or was under; a ticket stays under the one it began with."""

    def __init__(self, holiday_sets: Mapping[str, Mapping[date, str]], now: Callable[[], datetime]) -> None:
        self._holiday_sets = holiday_sets
        self._now = now
        self._versions: dict[str, list[Applied]] = {}
        self._brands: dict[str, Brand] = {}
        self._parsed: dict[str, tuple[str, dict[str, str], Pack]] = {}

    def read(self, session: Session) -> None:
        """Read brands and pack versions anew; packs that did not change are not parsed again."""
        brands = {brand.id: brand for brand in session.exec(select(Brand)).all()}
        versions: dict[str, list[Applied]] = {}
        for row in session.exec(select(PackVersion).order_by("pack_id", "since", "version")).all():
            versions.setdefault(row.pack_id, []).append(Applied(self._pack(row), row.since))
        session.expunge_all()
        self._brands, self._versions = brands, versions

    def _pack(self, row: PackVersion) -> Pack:
        for applied in self._versions.get(row.pack_id, ()):
            if applied.pack.version == row.version:
                return applied.pack
        return self.read_pack(row.text, row.pack_id, row.answers, row.version, row.since)

    def read_pack(self, text: str, pack_id: str, answers: Mapping[str, str], version: int, since: datetime) -> Pack:
        """Parse a pack that is about to be put into force; refuses what the parser refuses.

        The newest text of each pack is parsed once: putting it into force is followed by reading it back.
        """
        known = self._parsed.get(pack_id)
        if known is None or known[:2] != (text, answers):
            pack = parse_pack(text, file=f"{pack_id}.toml", holiday_sets=self._holiday_sets, answers=answers)
            # Whoever put it into force has decided; only what it leaves open still makes a draft of it.
            status = pack.status if pack.open_blanks else PackStatus.ACTIVE
            known = self._parsed[pack_id] = (text, dict(answers), replace(pack, status=status))
        return replace(known[2], version=version, effective_from=since)

    def parse(self, text: str, file: str, answers: Mapping[str, str]) -> Pack:
        """Parse what is not in force; refuses what the parser refuses, naming `file`."""
        return parse_pack(text, file=file, holiday_sets=self._holiday_sets, answers=answers)

    @property
    def brands(self) -> tuple[Brand, ...]:
        """Return the brands, by id."""
        return tuple(self._brands[key] for key in sorted(self._brands))

    @property
    def packs(self) -> tuple[Pack, ...]:
        """Return of each pack the version in force now; the first one where it only waits to begin."""
        now = self._now() + AT_ONCE
        return tuple(_binding(self._versions[key], now)[0].pack for key in sorted(self._versions))

    def versions(self, pack_id: str) -> tuple[Applied, ...]:
        """Return the versions of a pack in the order in which they begin, none for a pack that is not here."""
        return tuple(self._versions.get(pack_id, ()))

    def brand(self, brand_id: str) -> Brand:
        """Return a brand; refuses an unknown one, naming those there are."""
        if brand_id not in self._brands:
            if not self._brands:
                raise Refused(NO_BRAND)
            known = ", ".join(sorted(self._brands))
            said = f'There is no brand "{brand_id}" here' if brand_id else "Say which brand is meant, with --brand"
            raise Refused(f"{said}; there is {known}.")
        return self._brands[brand_id]

    def meant(self, brand_id: str) -> Brand:
        """Return the brand that is named, or the only one there is when none is."""
        if brand_id or len(self._brands) != 1:
            return self.brand(brand_id)
        return next(iter(self._brands.values()))

    def applied(self, brand_id: str, began: datetime) -> tuple[Applied, ...]:
        """Return the pack version that binds a ticket of the brand that began at `began`."""
        return _binding(self._versions.get(self.brand(brand_id).pack_id, []), began)

    @property
    def in_use(self) -> dict[str, tuple[Applied, ...]]:
        """Return all versions of each pack that a brand is under, by the pack's id and the oldest first."""
        used = sorted({brand.pack_id for brand in self._brands.values()} & self._versions.keys())
        return {pack: tuple(self._versions[pack]) for pack in used}

    def pack_at(self, pack_id: str, version: int) -> Pack:
        """Return one version of a pack; KeyError when there is none."""
        for applied in self._versions.get(pack_id, ()):
            if applied.pack.version == version:
                return applied.pack
        raise KeyError(pack_id, version)


def _binding(versions: Sequence[Applied], at: datetime) -> tuple[Applied, ...]:
    """Return the version that binds what begins at `at`, as the one and only; none where there are no versions."""
    return tuple(([applied for applied in versions if applied.since <= at] or versions[:1])[-1:])


def put_in_force(
    tx: Tx, shelf: Shelf, pack_id: str, text: str, answers: Mapping[str, str], since: datetime | None = None
) -> Pack:
    """Store a new version of a pack, binding from now on or from `since`; tickets that began before keep theirs."""
    there = versions_of(tx, pack_id)
    version = max((row.version for row in there), default=0) + 1
    begins = since or _since(tx, there)
    pack = shelf.read_pack(text, pack_id, answers, version, begins)
    tx.session.add(
        PackVersion(
            pack_id=pack_id, version=version, text=text, answers=dict(answers), since=begins, author=tx.actor.login
        )
    )
    tx.record(
        "pack.in_force",
        subject=pack_id,
        body={
            "version": version,
            "revision": pack.revision_text,
            "sha256": pack_digest(text, answers),
            "blanks_open": [blank.id for blank in pack.open_blanks],
            **({} if since is None else {"since": since.isoformat()}),
        },
    )
    return pack


def versions_of(tx: Tx, pack_id: str) -> Sequence[PackVersion]:
    """Read the versions of a pack in the order in which they begin; not the shelf's, which is read after a commit."""
    query = select(PackVersion).where(PackVersion.pack_id == pack_id).order_by("since", "version")
    return tx.session.exec(query).all()


def waits(tx: Tx, row: PackVersion) -> bool:
    """Tell whether a version is to begin later."""
    return row.since > tx.now + AT_ONCE


def _since(tx: Tx, there: Sequence[PackVersion]) -> datetime:
    """Return from when a new version binds: after all that binds already, also where the clock stood still."""
    begun = [row.since for row in there if not waits(tx, row)]
    if not begun:
        return tx.now
    newest = max(begun[-1], tx.head.at or begun[-1])
    return tx.now if newest < tx.now else newest + timedelta(microseconds=1)


def answer_blanks(tx: Tx, shelf: Shelf, pack_id: str, answers: Mapping[str, str]) -> Pack:
    """Fill blanks and settings of a pack, which makes one new version of it; refuses an answer it cannot compute with.

    A version that waits to begin is answered, too, where it asks the same: else the answer would be gone then.
    """
    versions = versions_of(tx, pack_id)
    if not versions:
        there = ", ".join(pack.id for pack in shelf.packs)
        raise Refused(f'No brand is under a pack "{pack_id}"; there is {there}.' if there else NO_BRAND)
    begun = [row for row in versions if not waits(tx, row)] or versions[:1]
    latest = begun[-1]
    # Not the shelf's own: it is read anew after the commit, and somebody may have answered another blank just now.
    check_questions(shelf.read_pack(latest.text, pack_id, latest.answers, latest.version, latest.since), answers)
    since = latest.since if waits(tx, latest) else None
    answered = put_in_force(tx, shelf, pack_id, latest.text, {**latest.answers, **answers}, since)
    for row in versions[versions.index(latest) + 1 :]:
        asked = questions(shelf.read_pack(row.text, pack_id, row.answers, row.version, row.since))
        fitting = {name: answer for name, answer in answers.items() if name in asked}
        if fitting:
            put_in_force(tx, shelf, pack_id, row.text, {**row.answers, **fitting}, row.since)
    return answered


def questions(pack: Pack) -> tuple[str, ...]:
    """Return what a desk can answer about a pack: its blanks, then its settings."""
    return (*(blank.id for blank in pack.blanks), *(choice.id for choice in pack.choices))


def check_questions(pack: Pack, answers: Mapping[str, str]) -> None:
    """Refuse answers to what a pack does not ask, naming what it does."""
    known = questions(pack)
    for name in answers:
        if name not in known:
            raise Refused(f'The pack {pack.id} has no blank or setting "{name}"; it has {", ".join(known)}.')
