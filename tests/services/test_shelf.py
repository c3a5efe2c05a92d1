"""The shelf: a pack's text is parsed once, however often it is put into force and read back."""

from datetime import UTC, datetime

from agentconsole.config.packs import holiday_sets, pack_text
from agentconsole.services.shelf import Shelf, answer_blanks
from tests.desk_bench import Bench

SINCE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TEXT = pack_text("ist-desk")


def test_a_text_that_was_parsed_is_not_parsed_again() -> None:
    shelf = Shelf(holiday_sets(), lambda: SINCE)

    first = shelf.read_pack(TEXT, "ist-desk", {}, 1, SINCE)
    again = shelf.read_pack(TEXT, "ist-desk", {}, 2, SINCE)

    assert again.standards is first.standards
    assert (first.version, again.version) == (1, 2)


def test_another_answer_or_text_is_parsed() -> None:
    shelf = Shelf(holiday_sets(), lambda: SINCE)
    open_blank = shelf.read_pack(TEXT, "ist-desk", {}, 1, SINCE)

    answered = shelf.read_pack(TEXT, "ist-desk", {"reasonable_email_time": "8 h"}, 2, SINCE)
    retitled = shelf.read_pack(TEXT.replace("title = ", 'title = "Another" # ', 1), "ist-desk", {}, 3, SINCE)

    assert len(answered.open_blanks) == len(open_blank.open_blanks) - 1
    assert retitled.title == "Another"


def test_two_blanks_answered_before_the_shelf_is_read_again_are_both_answered(bench: Bench) -> None:
    shelf = bench.desk.context.shelf
    (pack,) = shelf.packs
    first, second = pack.open_blanks[:2]

    for blank in (first, second):
        bench.write(lambda tx, b=blank: answer_blanks(tx, shelf, pack.id, {b.id: str(b.proposal)}))
    bench.desk.reread_packs()

    (newest,) = shelf.packs
    assert {blank.id for blank in newest.blanks if blank.answer is not None} == {first.id, second.id}
    assert newest.version == pack.version + 2
