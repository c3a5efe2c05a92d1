"""The shelf: a pack's text is parsed once, however often it is put into force and read back."""

from datetime import UTC, datetime

from agentconsole.config.packs import holiday_sets, pack_text
from agentconsole.services.shelf import Shelf

SINCE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TEXT = pack_text("ist-desk")


def test_a_text_that_was_parsed_is_not_parsed_again() -> None:
    shelf = Shelf(holiday_sets())

    first = shelf.read_pack(TEXT, "ist-desk", {}, 1, SINCE)
    again = shelf.read_pack(TEXT, "ist-desk", {}, 2, SINCE)

    assert again.standards is first.standards
    assert (first.version, again.version) == (1, 2)


def test_another_answer_or_text_is_parsed() -> None:
    shelf = Shelf(holiday_sets())
    open_blank = shelf.read_pack(TEXT, "ist-desk", {}, 1, SINCE)

    answered = shelf.read_pack(TEXT, "ist-desk", {"reasonable_email_time": "8 h"}, 2, SINCE)
    retitled = shelf.read_pack(TEXT.replace("title = ", 'title = "Another" # ', 1), "ist-desk", {}, 3, SINCE)

    assert len(answered.open_blanks) == len(open_blank.open_blanks) - 1
    assert retitled.title == "Another"
