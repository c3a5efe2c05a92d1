"""The case view."""

from datetime import timedelta

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.tui.mode import Open
from agentconsole.tui.screens.case import CaseMode
from tests.rows import changed
from tests.tui.rosa import CLOCKS, COMPLAINT, CUSTOMER, HISTORY, NOW, ROW, contact, rosa
from tests.tui.stage import Stage, StageConsole, act, paint, press, shown

NARROW, WIDE = (80, 21), (120, 37)


def opened(**changes: object) -> tuple[StageConsole, CaseMode]:
    console = StageConsole()
    mode = CaseMode(console, paint, {})
    console.mode = mode
    mode.enter(Open(4471, ROW))
    console.desk.deliver(rosa(**changes))
    return console, mode


def line_with(mode: CaseMode, words: str, size: tuple[int, int] = NARROW) -> str:
    return next(line for line in shown(mode, size).split("\n") if words in line)


def test_a_case_opens_from_its_row_before_the_desk_has_answered() -> None:
    console = StageConsole()
    mode = CaseMode(console, paint, {})

    mode.enter(Open(4471, ROW))

    assert "4471-8  RE: Refund for order 4471 not received" in shown(mode)
    assert "reading the case" in shown(mode)
    assert mode.title() == "case 4471-8 Rosa Prado"
    assert mode.targets()[0].version == ROW.version


def test_everything_an_agent_must_know_is_on_80_columns() -> None:
    _, mode = opened()

    text = shown(mode)

    for words in (
        "DUE    4:12 reply by 10:46",
        "ok     1d22 resolve Wed 08:42",
        "met         1st reply in 1h50",
        "--          complaint ack no",
        "[in time 1h50]",
        "* NEW",
        "note by Bo (internal)",
        "en, Lisbon, local 05:12",
        "> (12 quoted lines, Enter to show)",
        "[attachment label.pdf, 120 kB]",
        ". reply",
    ):
        assert words in text, words


def test_a_wide_screen_names_the_rule_and_its_clause() -> None:
    _, mode = opened()

    text = shown(mode, WIDE)

    assert "email within 2 hours during" in text
    assert "business hours, Ecom 3" in text
    assert "Rosa Prado  <rosa@example.org>  (email)" in text


def test_no_line_is_wider_than_the_screen_and_none_is_lost() -> None:
    name = "山田太郎" * 20
    _, mode = opened(
        subject=name,
        brand_name=name,
        tags=(name, "x" * 200),
        customer=changed(CUSTOMER, name=name, email="a" * 240 + "@example.org"),
        contacts=(contact(1, NOW, "語" * 500 + "\n" + "y" * 500, name=name), *HISTORY),
    )

    for size in ((80, 20), NARROW, WIDE, (200, 57)):
        lines = shown(mode, size).split("\n")
        assert len(lines) <= size[1]
        assert all(_cells(line) <= size[0] for line in lines), size


def test_quoted_text_is_folded_until_enter() -> None:
    _, mode = opened()
    assert "line 7 of what Bo wrote" not in shown(mode, WIDE)

    press(mode, "enter")
    unfolded = shown(mode, WIDE)
    press(mode, "enter")

    assert "line 7 of what Bo wrote" in unfolded
    assert "Enter to fold" in unfolded
    assert "line 7 of what Bo wrote" not in shown(mode, WIDE)


@pytest.mark.parametrize(
    ("delivery", "note", "words"),
    [
        ("held", "", "-- held, goes in 8 s"),
        ("queued", "", "-- waiting to be sent"),
        ("sending", "", "-- sending"),
        ("unknown", "link cut", "!! not known whether it was sent: link cut"),
        ("failed", "mailbox unknown", "!! not sent: mailbox unknown"),
        ("taken_back", "", "-- taken back, not sent"),
    ],
)
def test_what_became_of_a_mail_is_said_in_words(delivery: str, note: str, words: str) -> None:
    console = StageConsole()
    mode = CaseMode(console, paint, {9: NOW + timedelta(seconds=8)})
    mode.enter(Open(4471, ROW))
    reply = contact(9, NOW, "Dear Rosa", author="agent", name="Ana", delivery=delivery, delivery_note=note)

    console.desk.deliver(rosa(contacts=(reply,)))

    assert words in shown(mode)


def test_the_countdown_of_a_held_mail_runs() -> None:
    console = StageConsole()
    mode = CaseMode(console, paint, {9: NOW + timedelta(seconds=8)})
    mode.enter(Open(4471, ROW))
    console.desk.deliver(rosa(contacts=(contact(9, NOW, "Dear Rosa", author="agent", name="Ana", delivery="held"),)))

    before = shown(mode)
    console.desk.pass_time(3)

    assert "goes in 8 s" in before
    assert "goes in 5 s" in shown(mode)


def test_a_mail_that_was_simply_sent_needs_no_word() -> None:
    _, mode = opened()

    assert "-- sent" not in shown(mode)
    assert "[in time 1h50]" in line_with(mode, "Bo replied")


@pytest.mark.parametrize("size", [NARROW, WIDE])
@pytest.mark.parametrize(
    ("auth", "said"),
    [
        pytest.param("pass", "sender checked", id="proved"),
        pytest.param("none", "-- no proof that it is from that address", id="nothing known"),
        pytest.param("fail", "!! this may not be from that address", id="disproved"),
    ],
)
@pytest.mark.parametrize("name", ["Al", "Rosa Prado-Nascimento da Silva e Albuquerque"])
def test_h8_what_was_found_of_a_sender_s_address_is_said_in_words(
    auth: str, said: str, size: tuple[int, int], name: str
) -> None:
    """PROMISES H8: From is shown with the result of its check, whatever the width and the name."""
    _, mode = opened(contacts=(contact(1, NOW, "hello", auth=auth, name=name, fresh=True),))

    text = shown(mode, size)

    assert said in text
    assert max(map(len, text.split("\n"))) <= size[0]


def test_h8_a_sender_who_is_right_is_said_to_be_beside_the_name_where_there_is_room() -> None:
    _, mode = opened(contacts=(contact(1, NOW, "hello", auth="pass", name="Al"),))

    assert "  Al  (email)  sender checked" in line_with(mode, "  Al  ")


@pytest.mark.parametrize("status", ["open", "waiting", "resolved"])
def test_whose_a_case_is_can_be_read_in_full_on_80_columns(status: str) -> None:
    _, mode = opened(status=status, owner="sam", number="1396-1")

    first = shown(mode).split("\n")[0].partition("|")[2]

    assert "sam" in first
    assert ".." not in first


def test_h8_what_no_mail_server_brought_has_no_proof_to_speak_of() -> None:
    _, mode = opened(contacts=(contact(1, NOW, "hello", auth=""),))

    assert "proof" not in shown(mode)
    assert "checked" not in shown(mode)


def test_a_message_without_end_says_how_much_is_not_shown() -> None:
    _, mode = opened(contacts=(contact(1, NOW, "word " * 20_000),))
    press(mode, "G")

    assert "(the message goes on: 40,000 more characters)" in shown(mode)


def test_hostile_text_is_shown_as_pictures() -> None:
    hostile = "\x1b]0;owned\x07[red]x[/red]\u202etxt.exe"
    _, mode = opened(subject=hostile, contacts=(contact(1, NOW, hostile, name=hostile),), hints=(hostile,))

    text = shown(mode)

    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\u202e" not in text
    assert "[red]x[/red]" in text


def test_a_long_conversation_opens_at_its_end_and_scrolls() -> None:
    long = tuple(contact(number, NOW, f"message number {number}") for number in range(1, 40))
    _, mode = opened(contacts=long)
    at_end = shown(mode)

    press(mode, "home")
    top = shown(mode)
    press(mode, "j", "j")
    lower = shown(mode)
    press(mode, "pagedown", "k")
    page = shown(mode)
    press(mode, "G")

    assert "message number 39" in at_end
    assert top.split("\n")[3].startswith("   message number 1 ")
    assert "message number 39" not in top
    assert "message number 2" in lower.split("\n")[3]
    assert "message number 11" in page
    assert shown(mode) == at_end


def test_a_case_that_grows_stays_at_its_end_unless_one_has_scrolled_up() -> None:
    long = tuple(contact(number, NOW, f"message number {number}") for number in range(1, 40))
    console, mode = opened(contacts=long)
    shown(mode)
    more = (*long, contact(40, NOW, "the newest of all"))

    mode.changed(frozenset({4471}))
    console.desk.deliver(rosa(contacts=more, version=6))
    followed = shown(mode)
    press(mode, "pageup")
    before = shown(mode)
    mode.changed(frozenset({4471}))
    console.desk.deliver(rosa(contacts=(*more, contact(41, NOW, "even newer")), version=7))

    assert "the newest of all" in followed
    assert shown(mode) == before


def test_a_change_of_another_ticket_reads_nothing() -> None:
    console, mode = opened()

    mode.changed(frozenset({1}))

    assert console.desk.reading == []


def test_tab_moves_to_the_side_and_keys_scroll_there() -> None:
    clocks = tuple(changed(CLOCKS[0], standard=f"s{number}") for number in range(30))
    _, mode = opened(clocks=clocks)
    before = shown(mode)

    press(mode, "tab", "G")
    after = shown(mode)
    press(mode, "tab")

    assert ">4471-8  RE:" in before
    assert "since Mar 2019, 3 cases" in after
    assert "since Mar 2019, 3 cases" not in before
    assert " 4471-8  RE:" in after


def test_below_80_columns_there_is_one_pane_and_tab_turns_it() -> None:
    _, mode = opened()

    talk = shown(mode, (60, 20))
    press(mode, "tab")
    side = shown(mode, (60, 20))

    assert "I want to" in talk
    assert "clocks" not in talk
    assert "reply by 10:46" in side


def test_next_and_previous_go_through_the_list_one_came_from() -> None:
    console, mode = opened()
    console.neighbours = {1: Open(4433)}

    assert mode.do("go.next_item") is True
    gone = list(console.went)
    mode.do("go.previous_item")

    assert gone == [("case", Open(4433))]
    assert ("That is the first case of the list.", "note") in console.said
    assert mode.ticket == 4433


def test_verbs_on_the_case_are_left_to_the_console() -> None:
    _, mode = opened()

    assert mode.do("case.resolve") is False
    assert [(it.ticket, it.version, it.owner) for it in mode.targets()] == [(4471, 5, "ana")]


def test_only_what_the_ticket_allows_is_hinted() -> None:
    _, mode = opened(allowed=("reply", "reply_wait", "note"))

    assert [hint.label for hint in mode.hints()][:6] == ["do next", "reply", "note", "escalate", "take", "next, prev"]


def test_a_case_that_may_not_be_read_says_why() -> None:
    console = StageConsole()
    mode = CaseMode(console, paint, {})
    mode.enter(Open(4471, ROW))

    console.desk.refuse_reading(Refused("This case belongs to another team."))

    assert "This case belongs to another team." in shown(mode)


def test_the_moves_of_help_and_palette_do_what_the_keys_do() -> None:
    _, mode = opened()
    by_key = shown(mode)
    press(mode, "tab")
    after_key = shown(mode)
    press(mode, "tab")

    assert mode.do("pane.next") is True
    assert by_key != after_key == shown(mode)


def test_who_signs_in_next_does_not_see_the_case() -> None:
    _, mode = opened()

    mode.forget()
    mode.enter(None)

    assert "Rosa" not in shown(mode)
    assert mode.targets() == ()


def test_an_answer_about_a_case_one_has_left_is_not_drawn() -> None:
    console, mode = opened()

    mode.enter(Open(1, None))
    console.desk.deliver(rosa())

    assert COMPLAINT[:20] not in shown(mode)


def _cells(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


@pytest.mark.parametrize(("keys", "column"), [((), 0), (("tab",), 49)])
def test_the_terminals_cursor_stands_in_the_pane_that_the_keys_scroll(keys: tuple[str, ...], column: int) -> None:
    console = StageConsole()
    mode = CaseMode(console, paint, {})

    def scene(app: Stage) -> None:
        console.desk.deliver(rosa())
        press(mode, *keys)
        assert mode.cursor() == (column, 0)

    act(mode, Open(4471, ROW), scene)
