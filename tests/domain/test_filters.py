"""The filter language of UX section 8.2."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentconsole.domain.errors import Refused
from agentconsole.domain.filters import (
    Atom,
    FieldIs,
    Flag,
    Number,
    Owner,
    State,
    Term,
    TimeCompare,
    Words,
    completions,
    parse,
)
from agentconsole.domain.terms import Channel, ClockState


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("late", State(ClockState.LATE)),
        ("OK", State(ClockState.OK)),
        ("is:shut", State(ClockState.SHUT)),
        ("mine", Owner("ana")),
        ("@me", Owner("ana")),
        ("@bo", Owner("bo")),
        ("unassigned", Flag("unassigned")),
        ("is:new", Flag("new")),
        ("#4471", Number("4471")),
        ("#4471-8", Number("4471-8")),
        ("ch:em,ph", FieldIs("ch", (Channel.EMAIL, Channel.PHONE))),
        ("ch:email", FieldIs("ch", (Channel.EMAIL,))),
        ("st:waiting", FieldIs("st", ("waiting",))),
        ("prio:high,urgent", FieldIs("prio", ("high", "urgent"))),
        ("tag:Return-Late", FieldIs("tag", ("return-late",))),
        ('cust:"rosa prado"', FieldIs("cust", ("rosa prado",))),
        ("next:letter", FieldIs("next", ("letter",))),
        ("from:example.org", FieldIs("from", ("example.org",))),
        ("due<2h", TimeCompare("due", True, span=timedelta(hours=2))),
        ("age>3wd", TimeCompare("age", False, span=timedelta(days=3))),
        ("idle>10m", TimeCompare("idle", False, span=timedelta(minutes=10))),
        ("created>2026-11-20", TimeCompare("created", False, day=date(2026, 11, 20))),
        ("Refund", Words("refund")),
        ('"Not Received"', Words("not received", quoted=True)),
        ('"late"', Words("late", quoted=True)),
        ("10:30", Words("10:30")),
        ("https://shop.example/x", Words("https://shop.example/x")),
        ("-", Words("-")),
        ("配送", Words("配送")),
    ],
)
def test_a_term_is_read_as_what_it_means(text: str, expected: Atom) -> None:
    assert parse(text, "ana").terms == (Term((expected,), False, text),)


def test_terms_are_joined_by_and_and_alternatives_by_or() -> None:
    read = parse('ch:em|so late -@bo|"on hold"', "ana")

    assert [term.atoms for term in read.terms] == [
        (FieldIs("ch", (Channel.EMAIL,)), Words("so")),
        (State(ClockState.LATE),),
        (Owner("bo"), Words("on hold", quoted=True)),
    ]
    assert [term.negated for term in read.terms] == [False, False, True]


def test_a_bar_inside_quotes_is_text() -> None:
    assert parse('"a|b"', "ana").terms[0].atoms == (Words("a|b", quoted=True),)


def test_nothing_typed_keeps_everything() -> None:
    assert parse("  ", "ana").terms == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("due<2x", "due<2x  -- unit must be m h d wd"),
        ("late due<2", "due<2  -- unit must be m h d wd"),
        ("due<", "due<  -- a time is 10m 2h 1d 3wd or a day like 2026-11-23"),
        ("due<fast", "due<fast  -- a time is 10m 2h 1d 3wd or a day like 2026-11-23"),
        ("created<2026-02-30", "created<2026-02-30  -- there is no such day"),
        ("price<2h", "price<2h  -- only due age idle created updated can be compared"),
        ("team:a", "team:a  -- no field team; fields are ch st prio tag cust next brand from"),
        ("ch:fax", "ch:fax  -- ch: takes em ph ch so wi vm"),
        ("st:ended", "st:ended  -- st: takes new open waiting resolved closed"),
        ("prio:", "prio:  -- a value is missing after prio:"),
        ("ch:em,", "ch:em,  -- a value is missing after ch:"),
        ("is:blue", "is:blue  -- is: takes live due late"),
        ('late "not rec', '"not rec  -- the quote is not closed'),
        ("late|", "late|  -- a word is missing beside |"),
        ("a||b", "a||b  -- a word is missing beside |"),
        ("@", "@  -- after @ comes a person's login, as in @bo"),
        ("#abc", "#abc  -- after # comes a case number, as in #4471"),
        ("#4471-88", "#4471-88  -- after # comes a case number, as in #4471"),
        ("x" * 401, "The filter is 401 characters long"),
        ("x " * 25, "The filter has 25 terms"),
    ],
)
def test_an_error_points_at_the_wrong_piece(text: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(text, "ana")

    assert refused.value.sentence.startswith(sentence)


@given(st.text(alphabet=st.sampled_from('ab:<>|"-#@, 12hdiswechnot\n\x00é'), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = parse(text, "ana")
    except Refused:
        return

    assert all(term.atoms for term in read.terms)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("la", ("late",)),
        ("late -un", ("late -unassigned",)),
        ("late|du", ("late|due", "late|due<")),
        ("c", ("ch:", "cust:", "created<")),
        ("@b", ("@bo", "@bea")),
        ("st:o", ("st:open",)),
        ("ch:em,p", ("ch:em,ph",)),
        ("tag:re", ("tag:refund",)),
        ("brand:", ("brand:ecolab",)),
        ("", ()),
        ("late ", ()),
    ],
)
def test_completion_offers_what_the_last_piece_may_become(text: str, expected: tuple[str, ...]) -> None:
    assert completions(text, people=("bo", "bea", "chen"), tags=("refund",), brands=("ecolab",)) == expected
