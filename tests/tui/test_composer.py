"""The composer: typing, templates, review."""

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.tui.mode import Compose, Key
from agentconsole.wire.commands import Reply
from tests.tui.composing import GOOD, Desk, play
from tests.tui.rosa import ROW, rosa
from tests.tui.stage import Stage, act, press, shown, write

WIDE = (120, 37)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_reply_names_whom_it_goes_to(desk: Desk) -> None:
    def scene() -> None:
        text = shown(desk.mode)
        assert " To  rosa@example.org      From  care@ecolab.example      Case 4471-8" in text
        assert desk.mode.title() == "reply to 4471-8 | DUE 4:12"
        assert ";ref  Refund delayed" in text

    play(desk, scene)


def test_the_review_says_what_it_found(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "Dear Bill,\nyou get $140 back, see the attachment.")
        press(desk.mode, "ctrl+d")
        text = shown(desk.mode)
        assert "checks before sending" in text
        for words in ("You greet Bill", "over 100", 'You write "attachment"', "Your name (Ana Costa)", '"complain"'):
            assert words in text, words
        assert desk.mode.title() == "reply to 4471-8 | REVIEW | DUE 4:12"

    play(desk, scene)


def test_a_blank_stops_the_sending_and_gets_the_cursor(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, ";shp")
        press(desk.mode, "tab", "ctrl+d", "y")
        assert desk.sent() == []
        assert desk.console.said[-1] == (
            "NOT SENT: 1 placeholder left: date_promised. Tab jumps to it.",
            "refused",
        )
        write(desk.mode, "Friday")
        press(desk.mode, "ctrl+d", "y")

    play(desk, scene)

    (reply,) = desk.sent()
    assert isinstance(reply, Reply)
    assert "it will be with you by Friday." in reply.text


def test_an_abbreviation_and_tab_become_the_template_with_the_customers_values(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, ";ref")
        press(desk.mode, "tab", "ctrl+d", "e")

    play(desk, scene)

    (reply,) = desk.sent()
    assert isinstance(reply, Reply)
    assert reply.text.startswith("Dear Rosa Prado,\n\nI am sorry about the delay of your refund (case 4471-8).")
    assert reply.text.endswith("Ana Costa, Eco Lab Supply")


def test_a_template_goes_into_the_middle_of_a_text(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "Thank you. ;clo")
        press(desk.mode, "tab")
        write(desk.mode, " Ana")
        assert "Thank you. Is there anything else I can do for you? Ana" in shown(desk.mode)

    play(desk, scene)


def test_an_unknown_abbreviation_is_said(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, ";zzz")
        press(desk.mode, "tab")

    play(desk, scene)

    assert desk.console.said[-1] == ("There is no template ;zzz. ctrl+t shows them all.", "warn")


def test_what_was_said_about_a_key_goes_with_the_next_one(desk: Desk) -> None:
    def scene() -> None:
        press(desk.mode, "f5", "a", "b")

    play(desk, scene)

    assert [text for text, _ in desk.console.said][-2:] == [
        "F5 does nothing here; ctrl+d is done, ctrl+g leaves.",
        "",
    ]


def test_tab_goes_round_the_blanks_and_what_is_typed_replaces_them(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "{{one}} and {{two}}")
        press(desk.mode, "tab")
        write(desk.mode, "1")
        press(desk.mode, "tab", "backspace")
        write(desk.mode, "2")
        press(desk.mode, "tab")
        assert shown(desk.mode).split("\n")[3] == " 1 and 2"

    play(desk, scene)

    assert desk.console.said[-1] == ("No blank is left.", "warn")


def test_the_picker_searches_previews_and_inserts(desk: Desk) -> None:
    def scene() -> None:
        press(desk.mode, "ctrl+t")
        write(desk.mode, "parcel")
        text = shown(desk.mode)
        assert "> ;shp   Parcel on its way" in text
        assert "Dear Rosa Prado," in text
        assert ";ref" not in text
        press(desk.mode, "enter")
        write(desk.mode, "Friday")
        assert "it will be with you by Friday." in shown(desk.mode)

    play(desk, scene)


def test_leaving_the_picker_changes_nothing(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "Dear")
        press(desk.mode, "ctrl+t", "down", "ctrl+g")
        write(desk.mode, " Rosa")
        assert shown(desk.mode).split("\n")[3] == " Dear Rosa"

    play(desk, scene)


def test_a_template_named_on_the_command_line_is_there_at_once(desk: Desk) -> None:
    def scene() -> None:
        assert "Dear Rosa Prado," in shown(desk.mode)

    play(desk, scene, Compose(4471, template="ref", row=ROW))


def test_a_long_text_scrolls_with_the_cursor_and_in_the_review(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "\n".join(f"line {number}" for number in range(60)))
        assert "line 59" in shown(desk.mode)
        press(desk.mode, "ctrl+home")
        assert shown(desk.mode).split("\n")[3] == " line 0"
        press(desk.mode, "ctrl+d")
        shown(desk.mode)
        press(desk.mode, "pagedown")
        assert shown(desk.mode).split("\n")[3] == " line 8"

    play(desk, scene)


@pytest.mark.parametrize("key", ["f5", "ctrl+x", "insert"])
def test_a_key_that_means_nothing_says_so_and_types_nothing(desk: Desk, key: str) -> None:
    def scene() -> None:
        assert desk.mode.handle(Key(key)) is True
        assert desk.mode.save() is None

    play(desk, scene)

    assert "does nothing here" in desk.console.said[-1][0]


@pytest.mark.parametrize(("state", "name", "used"), [("text", "ctrl+p", False), ("review", "question_mark", False)])
def test_palette_and_help_are_left_to_the_console(desk: Desk, state: str, name: str, used: bool) -> None:
    def scene() -> None:
        if state == "review":
            write(desk.mode, GOOD)
            press(desk.mode, "ctrl+d")
        assert desk.mode.handle(Key(name, "?" if name == "question_mark" else None)) is used

    play(desk, scene)


def test_pasted_text_is_text(desk: Desk) -> None:
    def scene() -> None:
        desk.mode.paste("y\ne\n\x1b[31m")
        assert "\x1b" not in shown(desk.mode)

    play(desk, scene)

    assert desk.sent() == []


def test_the_wide_composer_shows_templates_the_last_message_and_the_checks(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "Dear Rosa,")
        text = shown(desk.mode, WIDE)
        for words in (
            "templates   ;abbr Tab",
            "preview ;clo",
            "last message from the customer, Mon 23 Nov 08:46",
            "I still have no answer about my order.",
            "checks (live)",
            "reply by 10:46 today",
            "en, Lisbon, local 05:12",
        ):
            assert words in text, words

    play(desk, scene)


def test_what_is_answered_stands_below_the_text_while_there_is_room(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "Dear Rosa,")
        begun = shown(desk.mode)
        write(desk.mode, "\n".join(str(number) for number in range(20)))
        full = shown(desk.mode)
        assert "I still have no answer about my order." in begun
        assert begun.index("Dear Rosa,") < begun.index("last message from the customer")
        assert "last message from the customer" not in full
        assert "insert with ;abbr Tab" in full

    play(desk, scene)


def test_without_a_mailbox_the_reply_is_from_the_brand(desk: Desk) -> None:
    def scene() -> None:
        assert "From  Eco Lab Supply" in shown(desk.mode)

    play(desk, scene, from_address="", brand_name="Eco Lab Supply")


def test_where_a_question_mark_is_typed_no_help_is_promised_under_it(desk: Desk) -> None:
    def scene() -> None:
        assert desk.mode.takes_all_keys
        write(desk.mode, GOOD)
        press(desk.mode, "ctrl+d")
        assert not desk.mode.takes_all_keys

    play(desk, scene)


@pytest.mark.parametrize("size", [(80, 20), (80, 21), (120, 37), (200, 57), (40, 10), (20, 5), (4, 2)])
@pytest.mark.parametrize("keys", [(), ("ctrl+d",), ("ctrl+t",)])
def test_the_composer_fits_every_screen(desk: Desk, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    def scene() -> None:
        write(desk.mode, "配送が届きません " * 30)
        press(desk.mode, *keys)
        rows = desk.mode.draw(*size)
        assert rows
        assert (desk.mode.cursor() is None) is bool(keys)

    play(desk, scene)


@pytest.mark.parametrize("compose", [Compose(4471, row=ROW), Compose(4471)])
def test_a_template_that_is_typed_ahead_waits_for_the_case(desk: Desk, compose: Compose) -> None:
    def scene(_: Stage) -> None:
        write(desk.mode, ";ref")
        press(desk.mode, "tab")
        held = desk.console.held
        desk.desk.deliver(rosa())

        assert (held, desk.console.held) == (1, 0)
        assert "Dear Rosa" in shown(desk.mode)
        assert "customer_name" not in shown(desk.mode)

    act(desk.mode, compose, scene)


def test_keys_that_waited_for_a_case_that_cannot_be_read_go_on(desk: Desk) -> None:
    def scene(_: Stage) -> None:
        write(desk.mode, "Hello")
        press(desk.mode, "tab")
        for refused in desk.desk.refusing:
            if refused is not None:
                refused(Refused("Case 4471 is not there."))

        assert desk.console.held == 0
        assert desk.mode.title() == "reply to 4471-8"
        assert desk.console.said[-1] == ("Case 4471 is not there.", "refused")

    act(desk.mode, Compose(4471, row=ROW), scene)
