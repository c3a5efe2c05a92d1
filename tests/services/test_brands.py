"""Brands and the desk's own name and zone: added and changed once right, and refused for every reason there is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.wire.brands import NO_BRAND, AddBrand, SetDesk
from agentconsole.wire.command import Command
from agentconsole.wire.commands import AnswerBlank
from tests.desk_bench import Bench, open_bench

ACME = AddBrand("acme", "Acme Ltd", "ecomstore")


@pytest.fixture(name="empty")
def _empty(tmp_path: Path, database: str) -> Iterator[Bench]:
    """Open a desk that was founded without a brand."""
    with open_bench(tmp_path, brands=(), database=database) as opened:
        opened.user("ada", "admin")
        yield opened


def test_a_desk_without_a_brand_takes_its_first_one_and_then_its_mail(empty: Bench) -> None:
    with pytest.raises(Refused) as refused:
        empty.mail("Rosa <rosa@example.org>", "Order", "Where is it?")

    said = empty.do("ada", ACME).said.line()
    filed = empty.mail("Rosa <rosa@example.org>", "Order", "Where is it?")

    assert refused.value.sentence == NO_BRAND
    assert said == "The desk answers for acme now, under the policy ecomstore."
    assert filed.ticket is not None
    assert empty.case("ana", filed.ticket).clocks
    assert [event.kind for event in empty.events() if event.subject in ("acme", "ecomstore")] == [
        "pack.in_force",
        "brand.added",
    ]


def test_brands_that_share_a_policy_have_one_version_of_it(empty: Bench) -> None:
    for brand in ("acme", "other"):
        empty.do("ada", AddBrand(brand, "Acme Ltd", "ecomstore"))

    assert empty.scalar("SELECT count(*) FROM pack_version") == 1
    assert [brand.id for brand in empty.desk.context.shelf.brands] == ["acme", "other"]


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (AddBrand("Acme!", "Acme Ltd", "ecomstore"), "Use small letters, digits and dashes"),
        (AddBrand("a" * 25, "Acme Ltd", "ecomstore"), "at most 24"),
        (AddBrand("", "Acme Ltd", "ecomstore"), "a letter first"),
        (AddBrand("acme", "", "ecomstore"), "Give a name of at most 80 letters."),
        (AddBrand("acme", "x" * 81, "ecomstore"), "Give a name of at most 80 letters."),
        (AddBrand("acme", "Acme\u202e", "ecomstore"), "Give a name of at most 80 letters."),
        (AddBrand("acme", "Acme\r\nBcc: eve@x.test", "ecomstore"), "Give a name of at most 80 letters."),
        (AddBrand("acme", "Acme Ltd", "ecomstor"), "did you mean ecomstore?"),
        (AddBrand("acme", "Acme Ltd", "../../etc/passwd"), "Allowed: ecolab, ecomstore, ist-desk."),
        (AddBrand("ecolab", "Acme Ltd", "ecomstore"), '"ecolab" is taken'),
        (SetDesk(), "The desk is Test desk in Europe/London: nothing was changed."),
        (SetDesk("Test desk", "Europe/London"), "nothing was changed"),
        (SetDesk("a\x1b[2J"), "Give a name of at most 80 letters."),
        (SetDesk(zone="Mars/Base"), 'There is no time zone "Mars/Base"'),
        (SetDesk(zone="../../../etc/localtime"), "There is no time zone"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_no_trace(bench: Bench, command: Command, says: str) -> None:
    bench.user("ada", "admin")
    before = bench.tables()

    with pytest.raises(Refused) as refused:
        bench.do("ada", command)

    assert says in refused.value.sentence
    assert bench.tables() == before


def test_answering_a_blank_where_no_brand_is_says_what_is_missing(empty: Bench) -> None:
    with pytest.raises(Refused) as refused:
        empty.do("ada", AnswerBlank("ecolab", "business_hours", "Mon-Fri 09:00-17:00"))

    assert refused.value.sentence == NO_BRAND


def test_the_desk_has_another_name_and_zone_at_once_and_the_log_says_so(bench: Bench) -> None:
    bench.user("ada", "admin")

    said = bench.do("ada", SetDesk("Acme care", "Asia/Kolkata")).said.line(200)

    (event,) = [event for event in bench.events() if event.kind == "desk.changed"]
    assert said.startswith("The desk is Acme care in Asia/Kolkata now;")
    assert event.body == '{"name":"Acme care","zone":"Asia/Kolkata"}'
    assert (bench.desk.context.name, bench.desk.zone.key) == ("Acme care", "Asia/Kolkata")
    assert bench.write(lambda tx: tx.zone.key) == "Asia/Kolkata"
