"""Reading a regime: TOML text in, a checked `Regime` out, or a refusal with file, line, key and what is allowed."""

import tomllib
from datetime import date
from types import MappingProxyType

from agentconsole.domain.errors import Refused
from agentconsole.domain.policy_blanks import Substitutes, bare
from agentconsole.domain.policy_calendars import HolidaySets, read_calendars
from agentconsole.domain.policy_lines import KeyLines
from agentconsole.domain.policy_names import Names, take_id
from agentconsole.domain.policy_place import Origin
from agentconsole.domain.policy_reader import Reader
from agentconsole.domain.policy_targets import read_target
from agentconsole.domain.regime import COUNTS_FROM, ORDER, RECEIPT, Regime, RegimeClause, RegimeStep, Wording


def parse_regime(text: str, *, file: str, holiday_sets: HolidaySets) -> Regime:
    """Read a regime; refuses, naming file, line and key, whatever it does not know."""
    try:
        tables = tomllib.loads(text)
    except ValueError as error:
        raise Refused(f"{file} is no TOML: {bare(str(error), 200)}.", code="pack") from error
    root = Reader(tables, (), Origin(file, KeyLines(text), Substitutes()))
    root.only("regime", "calendars", "clauses", "steps", "wording")
    names = Names(calendars=read_calendars(root, holiday_sets))
    clauses = _clauses(root)
    head = root.sub("regime").only(
        "id", "title", "authority", "applies", "source", "checked_on", "checked_against", "second_stage", "outside_body"
    )
    return Regime(
        id=head.name("id"),
        title=head.text("title"),
        authority=head.text("authority"),
        applies=head.text("applies"),
        source=head.text("source"),
        checked_on=_day(head, "checked_on"),
        checked_against=head.text("checked_against"),
        second_stage=head.text("second_stage", default=""),
        outside_body=head.text("outside_body", default=""),
        clauses=tuple(clauses.values()),
        steps=_steps(root, names, clauses),
        wording=_wording(root, clauses),
        calendars=MappingProxyType(names.calendars),
    )


def _clauses(root: Reader) -> dict[str, RegimeClause]:
    taken: set[str] = set()
    clauses = {}
    for table in root.rows("clauses"):
        table.only("id", "section", "text", "review")
        name = take_id(table, taken)
        clauses[name] = RegimeClause(name, table.text("section"), table.text("text"), table.text("review", default=""))
    return clauses


def _steps(root: Reader, names: Names, clauses: dict[str, RegimeClause]) -> tuple[RegimeStep, ...]:
    taken: set[str] = set()
    steps = []
    for table in root.rows("steps"):
        table.only("id", "clause", "text", "target", "counts_from", "required", "optional")
        table.one_of("id", ORDER, "a step of handling a complaint")
        steps.append(
            RegimeStep(
                id=take_id(table, taken),
                clause=table.one_of("clause", clauses, "a clause of this regime"),
                text=table.text("text"),
                target=read_target(table.sub("target"), names) if table.has("target") else None,
                counts_from=table.one_of("counts_from", COUNTS_FROM, "an instant to count from", default=RECEIPT),
                required=table.texts("required"),
                optional=table.flag("optional", default=False) is True,
            )
        )
    return tuple(steps)


def _wording(root: Reader, clauses: dict[str, RegimeClause]) -> tuple[Wording, ...]:
    taken: set[str] = set()
    wording = []
    for table in root.rows("wording"):
        table.only("id", "clause", "text", "review", "reviewed")
        wording.append(
            Wording(
                id=take_id(table, taken),
                clause=table.one_of("clause", clauses, "a clause of this regime"),
                text=table.text("text"),
                review=table.text("review", default=""),
                reviewed=table.flag("reviewed", default=False) is True,
            )
        )
    return tuple(wording)


def _day(table: Reader, key: str) -> date:
    value = table.value(key)
    if not isinstance(value.raw, date):
        value.unfit("a date without quotes, such as 2024-01-15")
    return value.raw
