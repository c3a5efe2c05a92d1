"""What the packs in force leave open."""

from agentconsole.domain.policy import Pack
from agentconsole.domain.untrusted import Untrusted
from agentconsole.wire.rows import BlankRow


def blank_rows(packs: tuple[Pack, ...]) -> tuple[BlankRow, ...]:
    """Return all blanks of these packs, the open ones first."""
    rows = [
        BlankRow(
            pack.id,
            blank.id,
            f"{pack.title} {blank.clause}",
            blank.question,
            blank.sentence,
            blank.proposal,
            blank.reason,
            None if blank.answer is None else Untrusted(blank.answer),
        )
        for pack in packs
        for blank in pack.blanks
    ]
    return tuple(sorted(rows, key=lambda row: row.answer is not None))
