"""The policies laid out as lines: the list, a text clause by clause, who accepted it, and suggestions."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from agentconsole.domain.suggestion import WORDS, Disposition
from agentconsole.tui.lines import Line, Piece, clip, fit, heading, spread, width_of, wrap
from agentconsole.wire.policy_reading import AcceptanceRow, ClauseRow, Clauses, MyPolicyRow, SuggestionRow

TEXT, CHANGES, ACCEPTED, SUGGESTIONS = "Text", "What changed", "Who accepted", "Suggestions"
WIDEST = 110
"""Columns beyond which a line of running text is hard to follow."""

MARKS = {"": "  ", "new": " +", "changed": " |", "gone": " -"}
_CARRIED = 9
WIDEST_NAME = 16
_NO_CARRIER = "(people keep this: no clock, duty or message is set by it)"


def day(at: datetime, zone: tzinfo) -> str:
    """Write a day: `Fri 27 Nov 2026`."""
    return f"{near_day(at, zone)} {at.astimezone(zone):%Y}"


def near_day(at: datetime, zone: tzinfo) -> str:
    """Write a day that is not far away: `Fri 27 Nov`."""
    there = at.astimezone(zone)
    return f"{there:%a} {there.day} {there:%b}"


def standing(row: MyPolicyRow, now: datetime, zone: tzinfo) -> Piece:
    """Say how the reader stands to a policy, with what it asks of her."""
    if row.owed and row.until is not None and row.until <= now:
        return f"NOT ACCEPTED: no new work since {day(row.until, zone)}", "refused"
    if row.owed and row.until is not None:
        return f"accept it by {day(row.until, zone)}", "warn"
    if row.accepted_at is None:
        return "not accepted", "note"
    if row.again_at is not None and row.again_at <= now:
        return f"read it again: due {day(row.again_at, zone)}", "warn"
    again = f", read again by {day(row.again_at, zone)}" if row.again_at is not None else ""
    return f"v{row.accepted} accepted {day(row.accepted_at, zone)}{again}", "done"


def policy_lines(rows: Sequence[MyPolicyRow], at: int, width: int, now: datetime, zone: tzinfo) -> list[Line]:
    """List the policies in force, two lines each."""
    lines = []
    for place, row in enumerate(rows):
        here = place == at
        name = f"{'>' if here else ' '} {row.title.line(60)} v{row.version}"
        about = f"{row.clauses} clauses, for {', '.join(row.brands)}"
        lines.append(Line(spread(((name, "cursor" if here else "head"),), (about, "quote"), width)))
        words, role = standing(row, now, zone)
        lines.append(Line(((f"     {clip(words, width - 6)}", role),)))
        blanks = (
            f"     {row.open_blanks} blanks are open, what is proposed is used meanwhile." if row.open_blanks else ""
        )
        lines += [Line(((clip(blanks, width), "quote"),)), Line()] if blanks else [Line()]
    return lines or [Line((("  No policy is in force: no brand is under one.", "note"),))]


def head_line(row: MyPolicyRow, width: int, now: datetime, zone: tzinfo) -> Line:
    """Name a policy's version, since when it is in force, and how the reader stands to it."""
    since = f"in force since {day(row.since, zone)}" if row.version == row.newest else f"not in force; v{row.newest} is"
    words, role = standing(row, now, zone)
    name = clip(f" {row.title.line(60)} v{row.version}", max(width - len(words) - 2, 20))
    room = width - len(name) - len(words) - 6
    middle = f"   {since}" if len(since) <= room else ""
    return Line(spread(((name, "head"), (middle, "quote")), (f"{words} ", role), width))


def clause_lines(clauses: Sequence[ClauseRow], width: int) -> tuple[list[Line], list[int]]:
    """Lay clauses out under their headings; returns the lines, `part` of each its clause, and where clauses begin."""
    lines: list[Line] = []
    begins: list[int] = []
    heading = ""
    indent = min(max((width_of(clause.id) for clause in clauses), default=0), WIDEST_NAME) + 5
    for place, clause in enumerate(clauses):
        if clause.heading.line(120) != heading:
            heading = clause.heading.line(120)
            lines += [*([Line()] if lines else []), Line(((clip(f" {heading}", width), "head"),))]
        begins.append(len(lines))
        lines += [Line(pieces, place) for pieces in _clause(clause, min(width, WIDEST), indent)]
    return lines, begins


def _clause(clause: ClauseRow, width: int, indent: int) -> Iterator[tuple[Piece, ...]]:
    mark = (MARKS[clause.change], "fresh" if clause.change else "")
    told = {"changed": "   CHANGED", "new": "   NEW", "gone": "   GONE"}.get(clause.change, "")
    name = fit(f" {clause.id}", indent - 2)
    quote = f'"{clause.quote.line(200)}"  line {clause.line}{told}'
    first, *more = wrap(quote, width - indent - 1)
    yield mark, (name, "key"), (first, "")
    for text in more:
        yield mark, (" " * (indent - 2) + text, "")
    indent = min(indent, _CARRIED)
    for carrier in clause.carriers:
        sign = {"new": "+ ", "gone": "- "}.get(carrier.change, "")
        role = {"new": "fresh", "gone": "column"}.get(carrier.change, "quote")
        for text in wrap(f"{sign}{carrier.kind}: {carrier.words.line(600)}", width - indent - 3):
            yield mark, (" " * indent + text, role)
    if not clause.carriers:
        yield mark, (clip(" " * indent + _NO_CARRIER, width - 2), "quote")


def accepted_lines(rows: Sequence[AcceptanceRow], width: int, zone: tzinfo) -> tuple[list[Line], list[int]]:
    """List how everybody stands to a policy, who is late in front; returns the lines and where each person's begins."""
    lines = []
    for place, row in enumerate(rows):
        words, role = _accepted(row, zone)
        lines.append(Line(((clip(f"  {row.login:<12} {row.role:<10} {words}", width), role),), place))
    return lines or [Line((("  Nobody here is given work.", "note"),))], list(range(len(rows)))


def _accepted(row: AcceptanceRow, zone: tzinfo) -> Piece:
    known = f" (v{row.accepted} was)" if row.accepted and row.accepted != row.version else ""
    if row.late and row.until is not None:
        return f"NOT ACCEPTED{known}: no new work since {near_day(row.until, zone)}", "refused"
    if row.until is not None:
        return f"not accepted{known}: has until {day(row.until, zone)}", "warn"
    if row.at is None or row.accepted != row.version:
        return f"not accepted{known}: has not signed in yet", "note"
    if row.overdue and row.again_at is not None:
        return f"SHOULD READ IT AGAIN since {day(row.again_at, zone)}", "warn"
    return f"accepted {day(row.at, zone)}", ""


def suggestion_lines(rows: Sequence[SuggestionRow], width: int, zone: tzinfo) -> tuple[list[Line], list[int]]:
    """List suggestions with what became of them; returns the lines and where each suggestion begins."""
    lines: list[Line] = []
    begins: list[int] = []
    for place, row in enumerate(rows):
        begins.append(len(lines))
        words = WORDS[Disposition(row.disposition)]
        name = f"  {row.number}  clause {row.clause}, {row.login}, {day(row.at, zone)}"
        role = "warn" if row.disposition == Disposition.OPEN else "done"
        lines.append(Line(spread(((name, "head"),), (f"{words} ", role), width), place))
        lines += [Line(((f"     {text}", ""),), place) for text in wrap(row.text.lines(2000), width - 8)]
        if row.settled_by:
            why = f"{row.settled_by}: {row.reason.line()}"
            lines += [Line(((f"     {text}", "quote"),), place) for text in wrap(why, width - 8)]
    return lines or [Line((("  Nothing is suggested here. + suggests a change of a clause.", "note"),))], begins


def found_in(clauses: Sequence[ClauseRow], words: str, start: int) -> int | None:
    """Return the first clause from `start` on, and around the end, that has all the words; None where none has."""
    wanted = words.lower().split()
    places = ((start + step) % len(clauses) for step in range(len(clauses)))
    return next((place for place in places if all(word in _searched(clauses[place]) for word in wanted)), None)


def _searched(clause: ClauseRow) -> str:
    carriers = " ".join(f"{row.kind} {row.words.line(600)}" for row in clause.carriers)
    return f"{clause.id} {clause.heading.line(200)} {clause.quote.line(200)} {carriers}".lower()


def tabs_line(
    tabs: Sequence[str], current: str, text: Clauses, accepted: Sequence[AcceptanceRow], suggestions: int
) -> Line:
    """Name the tabs with what each holds."""
    counts = {
        TEXT: f"{len(text.clauses)} clauses",
        CHANGES: str(sum(bool(row.change) for row in text.clauses)),
        ACCEPTED: f"{sum(row.accepted == row.version for row in accepted)} of {len(accepted)}" if accepted else "",
        SUGGESTIONS: str(suggestions),
    }
    pieces: list[Piece] = []
    for tab in tabs:
        name = f"{tab} {counts[tab]}".rstrip()
        pieces += [(" ", ""), (f"[{name}]", "here") if tab == current else (f" {name} ", "tab")]
    return Line(tuple(pieces))


def below_lines(text: Clauses, read: int, width: int) -> list[Line]:
    """Say how much was read, what A does at the end, and what the marks mean."""
    done = "A accepts it" if text.policy.owed else "A says that you have read it again"
    told = f"read {read} %: {done}" if read == 100 else f"read {read} %; at the end {done}"
    marks = f" Lines with | + - changed since version {text.against}, which you accepted." if text.against else ""
    return [heading(told, width), Line(((clip(marks, width), "quote"),))]
