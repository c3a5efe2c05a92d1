"""A draft as TOML: every entry under the sentence that it comes from, and every clause at the end."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from agentconsole.domain.policy_import_found import ALWAYS, DESK, Entry, Found, Keys, Place, Toml
from agentconsole.domain.policy_import_head import Head
from agentconsole.domain.policy_import_outline import Passage
from agentconsole.domain.policy_import_words import quote_of
from agentconsole.domain.terms import Channel

_LISTS = ("blanks", "settings", "messages", "contacts", "standards", "duties")
_LATER = ("triggers", "kpis", "reports")
_LONGEST_HEADING = 80


def draft_text(head: Head, passages: Sequence[Passage], found: Found, *, file: str, name: str) -> str:
    """Return the draft pack; `file` is the document's name and `name` the id of the pack."""
    parts = [
        f"# A draft made by `agentconsole policy import` of {_comment(file)}.",
        "# Nothing of it is in force: read it beside the document, change what is wrong, then:",
        "#   agentconsole policy check FILE",
        "#   agentconsole policy add FILE",
        *_left_out(found),
        "",
        *_policy(head, file, name),
        *_calendars(head, found),
    ]
    for table in _LISTS:
        parts.extend(_table(table, found.of(table)))
        if table == "contacts":
            parts.extend(_DEFAULTS)
    parts.extend(_procedure(found))
    for table in _LATER:
        parts.extend(_table(table, found.of(table)))
    parts.extend(_sections(head, passages))
    return "\n".join(parts) + "\n"


_DEFAULTS = (
    "# Who is warned when: the import's own, change it as the desk likes.",
    "[defaults]",
    'warnings = [{ percent = 75, whom = "agent" }]',
    'chain = [{ percent = 100, role = "supervisor", respects_hours = true }]',
    "",
)


def _left_out(found: Found) -> Iterator[str]:
    if found.passed:
        yield "#"
        yield "# Sentences with an amount of time that became nothing; write what they need by hand:"
        for place, why in found.passed:
            yield f"#   {_comment(place.shown)} ({why})"


def _policy(head: Head, file: str, name: str) -> Iterator[str]:
    yield "[policy]"
    keys: Keys = {"id": name, "title": head.title, "organisation": head.organisation, "source": file[:200]}
    yield from _keys(keys)
    yield f"# {_comment(head.remarks['revision'])}"
    if head.revision:
        yield f"revision_text = {_value(head.revision)}"
    if head.revised is not None:
        yield f"revision_date = {head.revised.isoformat()}"
    yield from _keys({"version": 1, "status": "draft", "intent": head.intent, "zone": head.zone})
    yield f"currency = {_value(head.currency)} # {head.remarks['currency']}"
    yield 'order = "due-first"'
    yield ""


def _calendars(head: Head, found: Found) -> Iterator[str]:
    yield f"[calendars.{DESK}]"
    yield f"zone = {_value(head.zone)}"
    if "hours" in head.remarks:
        yield f"# {_comment(head.remarks['hours'])}"
    yield f"hours = {_value(head.hours)}"
    yield f"holidays = {_value(head.holidays)}"
    yield ""
    if found.always:
        yield from (f"[calendars.{ALWAYS}]", f"zone = {_value(head.zone)}", "always = true", "")
    used = {Channel(str(channel)) for entry in found.of("standards") for channel in _channels(entry)} | found.always
    if used:
        yield "[channel_calendars]"
        yield from (f"{channel.value} = {_value(found.calendar((channel,)))}" for channel in Channel if channel in used)
        yield ""


def _channels(entry: Entry) -> list[Toml]:
    applies = entry.keys.get("applies")
    channels = applies.get("channels") if isinstance(applies, dict) else None
    return channels if isinstance(channels, list) else []


def _table(name: str, entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        yield from _said(entry.place, entry.remark)
        yield f"[[{name}]]"
        yield from _keys(entry.keys)
        yield ""


def _procedure(found: Found) -> Iterator[str]:
    steps = found.of("steps")
    if not steps:
        return
    yield "[procedure]"
    owners = [entry.keys["owner"] for entry in steps]
    owner = next((role for role in ("manager", "supervisor") if role in owners), "supervisor")
    yield from _keys({"clause": steps[0].keys["clause"], "owner": owner, "overdue_unaccepted": "15 min"})
    yield ""
    yield from _table("procedure.steps", steps)


def _sections(head: Head, passages: Sequence[Passage]) -> Iterator[str]:
    """Write every clause under its heading."""
    heading = None
    for passage in passages:
        above = ": ".join(passage.headings[-2:])[:_LONGEST_HEADING].strip() or head.title
        if above != heading:
            heading = above
            yield from ("", "[[sections]]", f"heading = {_value(heading)}", "[sections.clauses]")
        yield f'"{passage.id}" = {{ line = {passage.line}, quote = {_value(quote_of(passage.first_line))} }}'


def _said(place: Place, remark: str) -> Iterator[str]:
    yield f"# {_comment(place.shown)}"
    if remark:
        yield f"# {_comment(remark)}"


def _keys(keys: Keys) -> Iterator[str]:
    return (f"{key} = {_value(value)}" for key, value in keys.items())


def _value(value: Toml) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(item)}" for key, item in value.items()) + " }"
    escaped = _comment(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _comment(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
