"""What the program is said to do for a policy is there: every entry of the tables names something that exists."""

import argparse
import importlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import agentconsole
from agentconsole.cli.main import build_parser
from agentconsole.config.packs import load_pack, shipped_packs
from agentconsole.domain.clock_start import episodes_of
from agentconsole.domain.events import Fact, FactKind
from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_coverage import is_at_work, messages_at_work
from agentconsole.domain.policy_program import (
    CHANNELS_AT_WORK,
    CLOCKS_AT_WORK,
    MEANS_AT_WORK,
    OPEN_AT_WORK,
    PROGRAM,
    By,
    Doing,
    Means,
)
from agentconsole.domain.terms import Author, Channel, ContactKind
from agentconsole.tui.keymap import BY_ID
from tests.policies.requirements import numbered

BEGAN = datetime(2026, 11, 23, 9, tzinfo=UTC)
OTHER = {
    "business_hours": "Tue 10:00-11:00",
    "official_hours": "Tue 10:00-11:00",
    "time_zone": "Asia/Tokyo",
    "holidays": "us-federal",
    "organisation_name": "Somebody Else",
    "reasonable_email_time": "3 h",
    "complaint_review_cadence": "monthly",
    "monitoring_cadence": "monthly",
    "training_cadence": "weekly",
    "reread_cadence": "yearly",
    "social_monitoring_interval": "3 h",
}


def verbs(parser: argparse.ArgumentParser, before: str = "") -> Iterator[str]:
    """Yield every verb of the command line with its words."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield f"{before}{name}"
                yield from verbs(inner, f"{before}{name} ")


def exists(doing: Doing) -> bool:
    if doing.by is By.ACTION:
        return doing.name in BY_ID
    if doing.by is By.VERB:
        return doing.name in set(verbs(build_parser()))
    module, _, name = doing.name.partition(":")
    return callable(getattr(importlib.import_module(module), name, None))


@pytest.mark.parametrize("row", PROGRAM)
def test_what_answers_a_requirement_is_in_the_program(row: str) -> None:
    known = {row for pack_id in shipped_packs() for row in numbered(pack_id)}

    assert row in known
    assert exists(PROGRAM[row])
    assert 3 <= len(PROGRAM[row].does.split()) <= 20


@pytest.mark.parametrize(
    "name", [Doing(By.ACTION, "case.fly", ""), Doing(By.VERB, "mail sing", ""), Doing(By.CODE, "os:fly", "")]
)
def test_what_is_not_in_the_program_would_be_seen(name: Doing) -> None:
    assert not exists(name)


@pytest.mark.parametrize("means", MEANS_AT_WORK)
def test_what_carries_out_a_part_of_a_pack_is_in_the_program(means: Means) -> None:
    assert exists(MEANS_AT_WORK[means])


def test_contacts_come_by_the_channels_that_are_said_to_be_at_work_and_no_other() -> None:
    folder = Path(agentconsole.__file__).parent / "channels"

    built = {path.parent.name for path in folder.glob("*/__init__.py")}

    assert built == {channel.value for channel in CHANNELS_AT_WORK}


def test_a_conversation_by_mail_starts_the_clocks_that_are_said_to_be_at_work_and_no_other() -> None:
    kinds = [FactKind.OPENED, FactKind.CONTACT, FactKind.CONTACT, FactKind.CONTACT, FactKind.ESCALATED]
    authors = [None, Author.CUSTOMER, Author.AGENT, Author.CUSTOMER, None]
    facts = [
        Fact(
            at,
            BEGAN + timedelta(hours=at),
            kind,
            author=author,
            contact_kind=ContactKind.MESSAGE if author else None,
            channel=Channel.EMAIL,
        )
        for at, (kind, author) in enumerate(zip(kinds, authors, strict=True), start=1)
    ]

    started = {episode.kind for episode in episodes_of(facts)}

    assert started == CLOCKS_AT_WORK


def at_work(pack: Pack) -> object:
    """Return all of a pack that the desk acts by today: clocks, duties, the hours they count in, and what is sent."""
    running = [standard for standard in pack.standards if is_at_work(standard)]
    duties = pack.duties if Means.DUTY in MEANS_AT_WORK else ()
    named = {getattr(standard.target, "calendar", "") for standard in running} | {duty.calendar for duty in duties}
    hours = {name: calendar for name, calendar in pack.calendars.items() if name in named}
    sent = messages_at_work(pack)
    texts = [message.text for message in pack.messages if message.id in sent]
    return running, duties, hours, pack.zone, texts


def moved(pack: Pack) -> set[str]:
    """Return the blanks and settings of a pack of which another answer changes what is at work."""
    offered = {one.id: value for one in pack.choices for value in one.allowed if value != one.value}
    answers = {one.id: OTHER[one.id] for one in pack.blanks if one.id in OTHER} | offered
    return {
        name for name, answer in answers.items() if at_work(load_pack(pack.id, answers={name: answer})) != at_work(pack)
    }


def test_the_blanks_and_settings_that_are_said_to_be_at_work_are_those_that_move_something() -> None:
    found = set().union(*(moved(load_pack(pack_id)) for pack_id in shipped_packs()))

    assert found == OPEN_AT_WORK
