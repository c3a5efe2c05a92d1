"""One Message-ID on several cases: whose case an answer to it joins (PROMISES M1, H8)."""

from pathlib import Path

from tests.desk_bench import ECOLAB, ROSA, SHOP, Bench, open_bench, raw_mail

EVE = "Eve <eve@example.net>"


def test_an_answer_to_a_mail_that_two_brands_had_joins_the_case_of_the_brand_it_came_to(tmp_path: Path) -> None:
    with open_bench(tmp_path, brands=(ECOLAB, SHOP)) as bench:
        first = raw_mail(ROSA, "Order", "Where?", message_id="<both@example.org>")
        again = raw_mail(ROSA, "Order", "Still nowhere", in_reply_to="<both@example.org>")
        cases = [bench.raw_mail(first, brand=brand).ticket for brand in ("ecolab", "shop")]

        joined = [bench.raw_mail(again, brand=brand).ticket for brand in ("shop", "ecolab")]

        assert joined == list(reversed(cases))


def test_a_stranger_who_copies_a_message_id_takes_no_answer_away(bench: Bench) -> None:
    bench.mail(EVE, "Mine", "x", message_id="<order@example.org>")
    rosa = bench.mail(ROSA, "Order", "Where?", message_id="<order@example.org>")

    again = bench.mail(ROSA, "Re: Order", "Still nowhere", in_reply_to="<order@example.org>")

    assert (again.outcome, again.ticket) == ("joined", rosa.ticket)
