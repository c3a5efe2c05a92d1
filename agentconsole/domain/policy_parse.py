"""Reading a policy pack: TOML text in, a checked `Pack` out, or a refusal with file, line, key and what is allowed."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_blanks import Substitutes, bare
from agentconsole.domain.policy_calendars import HolidaySets, read_calendars, read_channel_calendars
from agentconsole.domain.policy_head import check_answers, read_blanks, read_choices, read_identity
from agentconsole.domain.policy_identity import Identity, PackStatus
from agentconsole.domain.policy_lines import KeyLines
from agentconsole.domain.policy_names import Names
from agentconsole.domain.policy_place import Origin
from agentconsole.domain.policy_procedure import read_letters, read_packet, read_procedure, read_triggers
from agentconsole.domain.policy_reader import Reader
from agentconsole.domain.policy_registers import read_assurances, read_criteria, read_residency, read_retention
from agentconsole.domain.policy_sections import (
    read_aliases,
    read_clauses,
    read_contacts,
    read_kpis,
    read_messages,
    read_reports,
)
from agentconsole.domain.policy_standards import read_alarms, read_duties, read_standards

_LARGEST_PACK = 1_000_000
_SECTIONS = (
    "policy", "sections", "blanks", "settings", "calendars", "channel_calendars", "roles", "messages", "contacts",
    "defaults", "standards", "duties", "letters", "procedure", "triggers", "packet", "kpis", "reports", "criteria",
    "assurances", "retention", "residency",
)  # fmt: skip


def parse_pack(text: str, *, file: str, holiday_sets: HolidaySets, answers: Mapping[str, str]) -> Pack:
    """Read a pack; `answers` fill its blanks and settings by id.

    A blank without an answer stands for its proposal, and the pack is a draft. Refuses, naming file, line and key,
    whatever it does not know: keys, words, references, answers.
    """
    root = Reader(_tables(text, file), (), Origin(file, KeyLines(text), Substitutes()))
    root.only(*_SECTIONS)
    names = Names()
    _read_open_points(root, names, answers)
    identity = read_identity(root)
    _read_names(root, names, holiday_sets)
    pack = _pack(root, names, identity)
    _check_use(root)
    is_draft = pack.open_blanks and pack.status is PackStatus.ACTIVE
    return replace(pack, status=PackStatus.DRAFT) if is_draft else pack


def _read_open_points(root: Reader, names: Names, answers: Mapping[str, str]) -> None:
    """Read blanks and settings first, for everything else may refer to them; their own clauses are checked last."""
    substitutes = root.origin.substitutes
    substitutes.blanks.update(read_blanks(root, answers))
    substitutes.choices.update(read_choices(root, answers))
    check_answers(root, answers, (*substitutes.blanks, *substitutes.choices))
    names.clauses.update(read_clauses(root))
    for table in (*root.rows("blanks"), *root.rows("settings")):
        names.clause(table)


def _read_names(root: Reader, names: Names, holiday_sets: HolidaySets) -> None:
    names.calendars.update(read_calendars(root, holiday_sets))
    names.aliases.update(read_aliases(root))
    names.messages.update(read_messages(root, names))
    names.contacts.update(read_contacts(root, names))
    names.duties.update(read_duties(root, names))
    names.letters.update(read_letters(root, names))


def _pack(root: Reader, names: Names, identity: Identity) -> Pack:
    choices = root.origin.substitutes.choices
    packet = read_packet(root, names)
    return Pack(
        **vars(identity),
        clauses=tuple(names.clauses.values()),
        calendars=MappingProxyType(names.calendars),
        channel_calendars=MappingProxyType(read_channel_calendars(root, names)),
        standards=read_standards(root, names, read_alarms(root, names)),
        duties=tuple(names.duties.values()),
        messages=tuple(names.messages.values()),
        contacts=tuple(names.contacts.values()),
        blanks=tuple(root.origin.substitutes.blanks.values()),
        procedure=read_procedure(root, names),
        triggers=read_triggers(root, names, identity.currency),
        packet=tuple(packet),
        role_aliases=MappingProxyType(names.aliases),
        kpis=read_kpis(root, names),
        reports=read_reports(root, names),
        settings=MappingProxyType({choice.id: choice.value for choice in choices.values()}),
        choices=tuple(choices.values()),
        letters=tuple(names.letters.values()),
        packet_clauses=MappingProxyType(packet),
        criteria=read_criteria(root, names),
        assurances=read_assurances(root, names),
        retention=read_retention(root, names),
        residency=read_residency(root, names),
    )


def _check_use(root: Reader) -> None:
    """Refuse a blank that nothing refers to: its answer would go nowhere."""
    for table in root.rows("blanks"):
        if table.table["id"] not in root.origin.substitutes.used:
            table.refuse('nothing refers to this blank. Allowed: a blank with a value { blank = "..." } somewhere.')


def _tables(text: str, file: str) -> dict[str, object]:
    if len(text) > _LARGEST_PACK:
        raise Refused(f"{file}: the pack is larger than {_LARGEST_PACK} characters.", code="pack")
    try:
        return tomllib.loads(text, parse_float=_decimal)
    except RecursionError as error:
        raise Refused(f"{file}: the pack is nested too deeply.", code="pack") from error
    except ValueError as error:
        raise Refused(f"{file} is no TOML: {bare(str(error), 200)}.", code="pack") from error


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")
