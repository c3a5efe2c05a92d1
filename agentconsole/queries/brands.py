"""The brands: whom the desk answers for, under which policy, and from which address."""

from sqlmodel import Session, select

from agentconsole.domain.untrusted import Untrusted
from agentconsole.storage.tables.brand import Brand
from agentconsole.storage.tables.mailbox import Mailbox
from agentconsole.wire.brands import NO_BRAND
from agentconsole.wire.rows import BrandRow, Finding


def read_brands(session: Session) -> tuple[BrandRow, ...]:
    """Return all brands by their short names, each with the address that its mailbox has ("": no mailbox)."""
    addresses = {box.brand_id: box.address for box in session.exec(select(Mailbox)).all()}
    return tuple(
        BrandRow(brand.id, Untrusted(brand.name), brand.pack_id, Untrusted(addresses.get(brand.id, "")))
        for brand in session.exec(select(Brand).order_by("id")).all()
    )


def examine_brands(brands: int) -> tuple[Finding, ...]:
    """Say of a desk with so many brands what is missing where it has none."""
    return () if brands else (Finding("warn", "brands", Untrusted(NO_BRAND)),)
