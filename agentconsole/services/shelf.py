"""The policy packs in force: parsed once, looked up by brand and instant."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from agentconsole.domain.clocks import Applied
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_parse import parse_pack
from agentconsole.storage.row_checks import pack_digest
from agentconsole.storage.tables.brand import Brand
from agentconsole.storage.tables.pack_version import PackVersion
from agentconsole.storage.transaction import Tx
from agentconsole.wire.brands import NO_BRAND


class Shelf:
    """Keep every version of every pack that a brand is or was under; a ticket stays under the one it began with."""

    def __init__(self, holiday_sets: Mapping[str, Mapping[date, str]]) -> None:
        self._holiday_sets = holiday_sets
        self._versions: dict[str, list[Applied]] = {}
        self._brands: dict[str, Brand] = {}
        self._parsed: dict[str, tuple[str, dict[str, str], Pack]] = {}

    def read(self, session: Session) -> None:
        """Read brands and pack versions anew; packs that did not change are not parsed again."""
        brands = {brand.id: brand for brand in session.exec(select(Brand)).all()}
        versions: dict[str, list[Applied]] = {}
        for row in session.exec(select(PackVersion).order_by("pack_id", "version")).all():
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
            known = self._parsed[pack_id] = (text, dict(answers), pack)
        return replace(known[2], version=version, effective_from=since)

    @property
    def brands(self) -> tuple[Brand, ...]:
        """Return the brands, by id."""
        return tuple(self._brands[key] for key in sorted(self._brands))

    @property
    def packs(self) -> tuple[Pack, ...]:
        """Return the newest version of each pack."""
        return tuple(self._versions[key][-1].pack for key in sorted(self._versions))

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
        versions = self._versions.get(self.brand(brand_id).pack_id, [])
        binding = [applied for applied in versions if applied.since <= began] or versions[:1]
        return tuple(binding[-1:])

    def pack_at(self, pack_id: str, version: int) -> Pack:
        """Return one version of a pack; KeyError when there is none."""
        for applied in self._versions.get(pack_id, ()):
            if applied.pack.version == version:
                return applied.pack
        raise KeyError(pack_id, version)


def put_in_force(tx: Tx, shelf: Shelf, pack_id: str, text: str, answers: Mapping[str, str]) -> Pack:
    """Store a new version of a pack, binding from now on; tickets that began before keep theirs."""
    latest = tx.session.exec(select(PackVersion).where(PackVersion.pack_id == pack_id).order_by("version")).all()
    version = latest[-1].version + 1 if latest else 1
    since = _since(tx, latest[-1].since) if latest else tx.now
    pack = shelf.read_pack(text, pack_id, answers, version, since)
    tx.session.add(PackVersion(pack_id=pack_id, version=version, text=text, answers=dict(answers), since=since))
    tx.record(
        "pack.in_force",
        subject=pack_id,
        body={
            "version": version,
            "revision": pack.revision_text,
            "sha256": pack_digest(text, answers),
            "blanks_open": [blank.id for blank in pack.open_blanks],
        },
    )
    return pack


def _since(tx: Tx, latest: datetime) -> datetime:
    """Return from when a new version binds: after all that there is already, also where the clock stood still."""
    newest = max(latest, tx.head.at or latest)
    return tx.now if newest < tx.now else newest + timedelta(microseconds=1)


def answer_blanks(tx: Tx, shelf: Shelf, pack_id: str, answers: Mapping[str, str]) -> Pack:
    """Fill blanks of a pack, which makes one new version of it; refuses an answer it cannot compute with."""
    versions = tx.session.exec(select(PackVersion).where(PackVersion.pack_id == pack_id).order_by("version")).all()
    if not versions:
        there = ", ".join(pack.id for pack in shelf.packs)
        raise Refused(f'No brand is under a pack "{pack_id}"; there is {there}.' if there else NO_BRAND)
    latest = versions[-1]
    # Not the shelf's own: it is read anew after the commit, and somebody may have answered another blank just now.
    pack = shelf.read_pack(latest.text, pack_id, latest.answers, latest.version, latest.since)
    known = [blank.id for blank in pack.blanks]
    for blank in answers:
        if blank not in known:
            raise Refused(f'The pack {pack_id} has no blank "{blank}"; it has {", ".join(known)}.')
    return put_in_force(tx, shelf, pack_id, latest.text, {**latest.answers, **answers})
