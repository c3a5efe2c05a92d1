"""A pack that is written reads back as the same pack: text, TOML and what the desk computes with agree."""

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentconsole.config.packs import holiday_sets, load_pack, pack_text, shipped_packs
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_identity import PackStatus
from agentconsole.domain.policy_parse import parse_pack
from agentconsole.domain.policy_toml import write_tables
from agentconsole.domain.policy_write import pack_tables, write_pack
from agentconsole.domain.policy_write_parts import write_duration
from agentconsole.services.shelf import Shelf
from tests.policies.generated import packs, texts
from tests.policies.small_pack import HOLIDAYS, SMALL, parse

keys = st.text(max_size=6)
leaves = st.one_of(
    st.text(max_size=8),
    st.integers(-(10**12), 10**12),
    st.booleans(),
    st.decimals(allow_nan=False, places=3, min_value=-1000, max_value=1000),
    st.dates(),
    st.datetimes(timezones=st.sampled_from([UTC])),
)
tables = st.dictionaries(
    st.one_of(keys, st.sampled_from(["sections", "procedure", "calendars"])),
    st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(st.one_of(keys, st.sampled_from(["clauses", "steps"])), inner, max_size=3),
        ),
        max_leaves=8,
    ),
    max_size=4,
)
often = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
seldom = settings(often, max_examples=10)


def read(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


def as_parsed(text: str, **answers: str) -> Pack:
    return parse_pack(text, file="written.toml", holiday_sets={**holiday_sets(), **HOLIDAYS}, answers=answers)


@often
@given(written=tables)
def test_any_tables_are_read_back_as_they_were_written(written: dict[str, Any]) -> None:
    assert read(write_tables(written)) == written


@often
@given(pack=packs())
def test_any_pack_is_read_back_as_it_was_written(pack: Pack) -> None:
    assert as_parsed(write_pack(pack)) == pack


@seldom
@given(pack=packs())
def test_a_desk_that_keeps_the_written_text_promises_the_same(pack: Pack) -> None:
    shelf = Shelf(holiday_sets(), lambda: pack.effective_from)

    kept = shelf.read_pack(write_pack(pack), pack.id, {}, pack.version, pack.effective_from)

    assert kept == replace(pack, status=PackStatus.ACTIVE)


@often
@given(pack=packs(), organisation=texts, sentence=texts)
def test_a_value_is_the_same_as_the_proposal_or_the_answer_of_a_blank(
    pack: Pack, organisation: str, sentence: str
) -> None:
    named = replace(pack, organisation=organisation, status=PackStatus.ACTIVE)
    tables: dict[str, Any] = pack_tables(named)
    tables["policy"]["organisation"] = {"blank": "name"}
    tables["blanks"] = [
        {
            "id": "name",
            "clause": "1",
            "question": "Who?",
            "sentence": sentence,
            "proposal": organisation,
            "reason": "So.",
        }
    ]
    text = write_tables(tables)

    proposed, answered = as_parsed(text), as_parsed(text, name=organisation)

    assert replace(proposed, blanks=()) == replace(named, status=PackStatus.DRAFT)
    assert replace(answered, blanks=()) == named
    assert [blank.proposal for blank in proposed.blanks] == [organisation]


@pytest.mark.parametrize("text", [SMALL, *map(pack_text, shipped_packs())], ids=["small", *shipped_packs()])
def test_a_shipped_text_keeps_its_blanks_settings_and_conditions_when_it_is_written_anew(text: str) -> None:
    written = write_tables(read(text))

    assert read(written) == read(text)
    assert as_parsed(written) == as_parsed(text)
    assert write_tables(read(written)) == written


@pytest.mark.parametrize("pack", [parse(), *map(load_pack, shipped_packs())], ids=["small", *shipped_packs()])
def test_a_pack_is_written_as_it_is_in_force_with_nothing_left_to_fill_in(pack: Pack) -> None:
    again = as_parsed(write_pack(pack))

    assert again == replace(pack, blanks=())
    assert again.standards == pack.standards


def test_the_parts_of_a_pack_stand_under_headers_of_their_own_and_short_tables_in_one_line() -> None:
    written = write_pack(load_pack("ecolab"))

    assert written.startswith('[policy]\nid = "ecolab"\n')
    assert 'target = { elapsed = "1 d" }' in written
    assert '\n[[procedure.steps]]\nid = "log"\n' in written
    assert '\n[sections.clauses]\n1 = { line = 5, quote = "Customer Care", rows = ["000-01"] }\n' in written
    assert '\ntext = """\nDear {{customer_name}},\n\nwe have received' in written


def test_a_comment_stands_above_its_header_on_one_line() -> None:
    written = write_tables(
        {"standards": [{"id": "a"}, {"id": "b"}]}, {("standards", 1): 'line 7: "within\na day"\x1b[31m'}
    )

    assert written == '[[standards]]\nid = "a"\n\n# line 7: "within?a day"?[31m\n[[standards]]\nid = "b"\n'


def test_what_no_file_can_hold_is_replaced_and_what_is_no_toml_is_an_error() -> None:
    assert read(write_tables({"a": "x\ud800y\x7f\u202e"})) == {"a": "x\ufffdy\x7f\u202e"}
    assert read(write_tables({"at": time(9, 30)})) == {"at": time(9, 30)}
    with pytest.raises(TypeError, match="TOML has no NoneType"):
        write_tables({"a": None})


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (timedelta(hours=24), "1 d"),
        (timedelta(minutes=90), "90 min"),
        (timedelta(seconds=61), "61 s"),
        (timedelta(days=999_999), "999999 d"),
    ],
)
def test_a_duration_is_written_in_the_largest_unit_that_fits_it(amount: timedelta, written: str) -> None:
    assert write_duration(amount) == written


@pytest.mark.parametrize("amount", [timedelta(0), timedelta(microseconds=5), timedelta(seconds=999_999_999)])
def test_a_time_that_no_pack_can_write_is_refused(amount: timedelta) -> None:
    with pytest.raises(Refused, match="A pack cannot write the time"):
        write_duration(amount)


def test_dates_are_written_as_dates() -> None:
    pack = replace(load_pack("ist-desk"), effective_from=datetime(2022, 1, 1, tzinfo=UTC))

    policy = read(write_pack(pack))["policy"]

    assert (policy["revision_date"], policy["effective_from"]) == (date(2022, 7, 27), datetime(2022, 1, 1, tzinfo=UTC))
