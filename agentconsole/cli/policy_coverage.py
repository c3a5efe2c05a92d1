"""`agentconsole policy coverage`: what keeps each clause of a policy today, and what nothing keeps yet."""

from collections.abc import Mapping
from typing import Any

from agentconsole.cli.policy_source import named_packs
from agentconsole.cli.say import tell_wrapped
from agentconsole.cli.say_json import tell_json
from agentconsole.config.packs import load_pack, shipped_packs
from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_coverage import Coverage, Covered, Standing, cover


def show_coverage(pack: str, *, as_json: bool, with_rows: bool) -> int:
    """Print each clause with what carries it, and totals; of all shipped packs when none is named.

    A shipped pack is read as it ships and a file as it is, without a desk; other names are asked of the desk. It
    exits with 0 whatever it finds.
    """
    covers = [cover(one) for one in _packs(pack)]
    if as_json:
        tell_json([_plain(one, with_rows=with_rows) for one in covers])
        return 0
    for one in covers:
        tell_wrapped("\n".join(_lines(one, with_rows=with_rows)))
    for one in covers:
        tell_wrapped(_total(one.pack.id, one.totals, "clauses"))
    for one in covers if with_rows else ():
        tell_wrapped(_total(one.pack.id, one.row_totals, "requirements"))
    return 0


def _packs(name: str) -> list[Pack]:
    if name and name not in shipped_packs():
        return [named.pack for named in named_packs((name,))]
    return [load_pack(shipped) for shipped in ((name,) if name else shipped_packs())]


def _lines(coverage: Coverage, *, with_rows: bool) -> list[str]:
    lines = [f"{coverage.pack.id}: {coverage.pack.title}"]
    for covered in coverage.clauses:
        clause = covered.clause
        rows = f" [{', '.join(clause.rows)}]" if with_rows and clause.rows else ""
        quote = clause.quote.replace("\n", " ")
        lines.append(f'  {clause.id:<8} {covered.standing:<11} "{quote}"{rows}')
        lines.extend(_carriers(covered))
    return [*lines, ""]


def _carriers(covered: Covered) -> list[str]:
    """Return what is at work and what is not yet, a line each."""
    lines = []
    for said, at_work in (("by ", True), ("not yet: ", False)):
        named = [f"{one.means} {one.name}" for one in covered.carriers if one.at_work is at_work]
        if named:
            lines.append(f"           {said}{'; '.join(dict.fromkeys(named))}")
    return lines


def _total(pack: str, totals: Mapping[Standing, int], what: str) -> str:
    headings = totals[Standing.HEADING]
    in_words = (
        f"{totals[Standing.AT_WORK]} at work, {totals[Standing.PACKED]} in the pack and not yet at work, "
        f"{totals[Standing.NOTHING]} with nothing yet"
    )
    besides = f"; {headings} headings besides" if headings else ""
    return f"{pack}: of {sum(totals.values()) - headings} {what} {in_words}{besides}."


def _plain(coverage: Coverage, *, with_rows: bool) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "pack": coverage.pack.id,
        "title": coverage.pack.title,
        "totals": coverage.totals,
        "clauses": [_plain_clause(covered, with_rows=with_rows) for covered in coverage.clauses],
    }
    if with_rows:
        plain |= {"row_totals": coverage.row_totals, "rows": coverage.rows}
    return plain


def _plain_clause(covered: Covered, *, with_rows: bool) -> dict[str, Any]:
    clause = covered.clause
    plain: dict[str, Any] = {
        "clause": clause.id,
        "heading": clause.heading,
        "quote": clause.quote,
        "line": clause.line,
        "standing": covered.standing,
        "carriers": covered.carriers,
    }
    if clause.note:
        plain["note"] = clause.note
    if with_rows:
        plain["rows"] = clause.rows
    return plain
