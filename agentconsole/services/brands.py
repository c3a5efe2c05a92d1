"""Brands: adding an organisation that the desk answers for, under a policy of the desk's or one that ships."""

import re

from sqlmodel import select

from agentconsole.config.packs import pack_text, shipped_packs
from agentconsole.domain.errors import Refused
from agentconsole.services.context import DeskContext
from agentconsole.services.naming import check_title
from agentconsole.services.shelf import put_in_force
from agentconsole.storage.tables.brand import Brand
from agentconsole.storage.tables.pack_draft import PackDraft
from agentconsole.storage.tables.pack_version import PackVersion
from agentconsole.storage.transaction import Tx

_BRAND = re.compile(r"[a-z][a-z0-9-]{0,23}")


def check_brand(text: str) -> str:
    """Return the short name of a brand; refuses what cannot be one."""
    if not _BRAND.fullmatch(text):
        raise Refused("Use small letters, digits and dashes, at most 24, a letter first.")
    return text


def add_brand(tx: Tx, desk: DeskContext, brand: str, name: str, pack: str) -> str:
    """Add a brand under a pack, and return the sentence that says so; brands may share a pack.

    A pack that has no version here yet is put into force as it ships; refuses one that is a draft only.
    """
    check_brand(brand)
    if tx.session.get(Brand, brand) is not None:
        raise Refused(f'"{brand}" is taken: a short name is never given to a second brand.')
    # Asked of the rows and not of the shelf: another server may have put it into force just now.
    is_here = tx.session.exec(select(PackVersion).where(PackVersion.pack_id == pack)).first() is not None
    text = "" if is_here else _shipped(tx, pack)
    tx.session.add(Brand(id=brand, name=check_title(name), pack_id=pack))
    if not is_here:
        put_in_force(tx, desk.shelf, pack, text, {})
    tx.record("brand.added", subject=brand, body={"pack": pack})
    return f"The desk answers for {brand} now, under the policy {pack}."


def _shipped(tx: Tx, pack: str) -> str:
    """Return the text of a pack that ships; refuses one that the desk has only a draft of."""
    if pack not in shipped_packs() and tx.session.get(PackDraft, pack) is not None:
        raise Refused(f"{pack} is a draft only: put it into force first, with agentconsole policy activate {pack}.")
    return pack_text(pack)
