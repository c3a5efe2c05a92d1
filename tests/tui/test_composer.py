"""The composer: typing, templates, review, sending, what stops it, and drafts."""

import asyncio

import pytest

from agentconsole.domain.errors import Refused, Stale
from agentconsole.tui.mode import Compose, Key
from agentconsole.tui.screens import composer_hand
from agentconsole.tui.screens.composer import ComposerMode
from agentconsole.wire.commands import AddNote, Escalate, Reply, SaveDraft
from agentconsole.wire.frames import Done
from tests.tui.rosa import HISTORY, NOW, ROW, contact, draft, rosa
from tests.tui.stage import Stage, StageConsole, act, paint, press, shown, write

GOOD = "Dear Rosa,\nyour money is on its way.\nKind regards,\nAna"
WIDE = (120, 37)


class Desk:
    """Play with a composer on a stage: what the tests do again and again."""

    def __init__(self) -> None:
        self.console = StageConsole()
        self.desk = self.console.desk
        self.goes_at: dict[int, object] = {}
        self.mode = ComposerMode(self.console, paint, self.goes_at)  # type: ignore[arg-type]
        self.console.mode = self.mode

    def sent(self, *kinds: type) -> list[object]:
        return [body for body in self.desk.asked if isinstance(body, kinds or (Reply, AddNote, Escalate))]

    def answer_all(self, answer: Done | Refused = Done()) -> None:  # noqa: B008 - Done is frozen
        while self.desk.waiting:
            self.desk.answer(answer)

    def answer_reply(self, answer: Done | Refused) -> None:
        """Answer drafts with yes, and the reply with `answer`."""
        for body in self.desk.asked[len(self.desk.asked) - len(self.desk.waiting) :]:
            self.desk.answer(answer if isinstance(body, Reply | Escalate | AddNote) else Done())


@pytest.fixture
def desk() -> Desk:
    return Desk()


def play(desk: Desk, scene: object, compose: Compose | None = None, **changes: object) -> None:
    """Open a composer on Rosa's ticket and play a scene with it."""

    def begin(app: Stage) -> object:
        if compose is None or compose.ticket == 4471:
            desk.desk.deliver(rosa(**changes))
        return scene()  # type: ignore[operator]

    act(desk.mode, compose or Compose(4471, row=ROW), begin)  # type: ignore[arg-type]


def test_a_reply_names_whom_it_goes_to(desk: Desk) -> None:
    def scene() -> None:
        text = shown(desk.mode)
        assert " To  rosa@example.org      From  care@ecolab.example      Case 4471-8" in text
        assert desk.mode.title() == "reply to 4471-8 | DUE 4:12"
        assert ";ref  Refund delayed" in text

    play(desk, scene)


def test_enter_is_a_new_line_and_never_sends(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, GOOD)
        press(desk.mode, "ctrl+d", "enter", "enter", "enter")

    play(desk, scene)

    assert desk.sent() == []


@pytest.mark.parametrize(
    ("key", "then", "words"),
    [
        ("y", "open", "4471-8: sending in 8 s, u takes it back before 10:42:08"),
        ("e", "resolve", "4471-8, resolved: sending in 8 s, u takes it back before 10:42:08"),
        ("w", "wait", "4471-8, waits for the customer: sending in 8 s, u takes it back before 10:42:08"),
    ],
)
def test_one_letter_sends_and_goes_to_the_next_ticket(desk: Desk, key: str, then: str, words: str) -> None:
    def scene() -> None:
        write(desk.mode, GOOD)
        press(desk.mode, "ctrl+d", key)
        assert desk.console.held == 1
        desk.answer_reply(Done(contact=99, held_until=NOW.replace(second=8)))

    play(desk, scene)

    assert desk.sent() == [Reply(4471, 5, GOOD, then)]
    assert desk.console.went[-1] == ("queue", None)
    assert desk.console.said[-1] == (words, "done")
    assert desk.console.held == 0
    assert desk.goes_at == {99: NOW.replace(second=8)}


def test_a_burst_that_arrives_before_the_case_is_sent_as_typed(desk: Desk) -> None:
    def scene(app: Stage) -> None:
        write(desk.mode, "hello world")
        press(desk.mode, "ctrl+d", "e")

    act(desk.mode, Compose(4471, row=ROW), scene)

    assert desk.sent() == [Reply(4471, 5, "hello world", "resolve")]


def test_send_and_escalate_asks_for_a_note_and_hands_it_over_after_the_mail(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, GOOD)
        press(desk.mode, "ctrl+d", "x")
        question, answer = desk.console.asked[0]
        assert question == "Note to the supervisor: "
        answer("refund of $140, please decide")
        desk.answer_reply(Done())

    play(desk, scene)

    assert desk.sent() == [Reply(4471, 5, GOOD, "escalate"), AddNote(4471, "refund of $140, please decide")]


def test_no_word_to_the_supervisor_sends_nothing(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, GOOD)
        press(desk.mode, "ctrl+d", "x")
        desk.console.asked[0][1]("  ")

    play(desk, scene)

    assert desk.sent() == []
    assert desk.console.said[-1][1] == "refused"


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
        "f5 does nothing here; ctrl+d is done, ctrl+g leaves.",
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


STALE = Stale("The case has moved on.", changes=("10:44  Rosa Prado wrote again:\n> a replacement, please",))


def stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composer_hand, "READ_FIRST", 0.0)
    write(desk.mode, GOOD)
    press(desk.mode, "ctrl+d", "y")
    desk.answer_reply(STALE)


def test_a_sending_that_crossed_something_new_is_stopped_with_it_on_the_screen(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def scene() -> None:
        stopped(desk, monkeypatch)
        text = shown(desk.mode)
        assert "!! NOT SENT. While you wrote, something changed in this case:" in text
        assert "> a replacement, please" in text
        assert [hint.key for hint in desk.mode.hints()] == ["v", "y", "Enter", "d"]
        assert "STOPPED" in desk.mode.title()

    play(desk, scene)

    assert desk.console.held == 0


def test_sending_anyway_says_so_to_the_desk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def scene() -> None:
        stopped(desk, monkeypatch)
        press(desk.mode, "y")

    play(desk, scene)

    assert desk.sent()[-1] == Reply(4471, 5, GOOD, "open", anyway=True)


def test_reading_what_is_new_shows_it_beside_the_text_and_answers_the_new_version(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = contact(5, NOW, "never mind the refund, a replacement please", fresh=True)

    def scene() -> None:
        stopped(desk, monkeypatch)
        desk.desk.deliver(rosa(contacts=(*HISTORY, new), version=6))
        press(desk.mode, "v")
        assert "never mind the refund" in shown(desk.mode)
        assert "your money is on its way." in shown(desk.mode)
        press(desk.mode, "ctrl+d", "y")

    play(desk, scene)

    assert desk.sent()[-1] == Reply(4471, 6, GOOD, "open")


def test_keys_typed_ahead_of_a_stop_do_not_choose(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, GOOD)
        press(desk.mode, "ctrl+d", "y")
        desk.answer_reply(STALE)
        press(desk.mode, "y", "d", "enter")
        assert "STOPPED" in desk.mode.title()

    play(desk, scene)

    assert len(desk.sent()) == 1
    assert "Read this first" in desk.console.said[-1][0]


def test_a_refused_reply_keeps_the_text(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, GOOD)
        press(desk.mode, "ctrl+d", "y")
        desk.answer_reply(Refused("The link to the desk was lost.", code="link"))
        assert "your money is on its way." in shown(desk.mode)
        press(desk.mode, "y")

    play(desk, scene)

    assert desk.console.said[-1] == ("Not sent: The link to the desk was lost. Your text is kept.", "refused")
    assert len(desk.sent()) == 2


def test_keeping_a_reply_as_a_note_drops_its_draft(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "Warehouse says no.")
        desk.mode.leave()
        desk.answer_all()
        press(desk.mode, "ctrl+d", "i")
        desk.answer_all()

    play(desk, scene)

    assert desk.sent() == [AddNote(4471, "Warehouse says no.")]
    assert desk.desk.asked[-1] == SaveDraft(4471, "reply", "")
    assert ("back", None) in desk.console.went


def test_a_note_is_saved_by_ctrl_d(desk: Desk) -> None:
    def scene() -> None:
        assert "staff only, the customer never sees it" in shown(desk.mode)
        write(desk.mode, "Asked Tomas.")
        press(desk.mode, "ctrl+d")
        desk.answer_all()

    play(desk, scene, Compose(4471, "note", row=ROW))

    assert desk.sent() == [AddNote(4471, "Asked Tomas.")]
    assert desk.console.said[-1] == ("Note added. u takes it back.", "done")


def test_a_refused_note_is_still_there(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "Asked Tomas.")
        press(desk.mode, "ctrl+d")
        desk.answer_all(Refused("Too long."))
        desk.mode.enter(Compose(4471, "note", row=ROW))
        assert "Asked Tomas." in shown(desk.mode)

    play(desk, scene, Compose(4471, "note", row=ROW))


def test_handing_over_needs_a_reason(desk: Desk) -> None:
    def scene() -> None:
        press(desk.mode, "ctrl+d")
        assert desk.console.said[-1] == ("Nothing is written yet.", "refused")
        write(desk.mode, "Over my limit.")
        press(desk.mode, "ctrl+d")
        desk.answer_reply(Done(said="4471-8 is with Sam."))

    play(desk, scene, Compose(4471, "escalate", row=ROW))

    assert desk.sent() == [Escalate(4471, 5, "Over my limit.")]
    assert desk.console.said[-1] == ("4471-8 is with Sam.", "done")


def test_a_stale_hand_over_goes_through_the_second_time(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "Over my limit.")
        press(desk.mode, "ctrl+d")
        desk.answer_reply(STALE)
        desk.desk.deliver(rosa(version=6))
        press(desk.mode, "ctrl+d")

    play(desk, scene, Compose(4471, "escalate", row=ROW))

    assert [body.seen for body in desk.sent(Escalate)] == [5, 6]  # type: ignore[attr-defined]


def test_leaving_keeps_the_draft_and_a_tab_and_coming_back_goes_on(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "half a")
        press(desk.mode, "ctrl+g")
        desk.answer_all()
        assert desk.console.tabs == {4471: "composer"}
        desk.mode.enter(Compose(4471, row=ROW))
        write(desk.mode, " letter")
        assert "half a letter" in shown(desk.mode)

    play(desk, scene)

    assert desk.desk.asked[0] == SaveDraft(4471, "reply", "half a", (0, 6), 5)


def test_an_empty_text_leaves_nothing_behind(desk: Desk) -> None:
    def scene() -> None:
        press(desk.mode, "ctrl+g")

    play(desk, scene)

    assert desk.desk.asked == []
    assert desk.console.tabs == {}


def test_a_kept_draft_comes_back_where_it_was_left(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "!")
        assert "Dear Rosa!" in shown(desk.mode)

    play(desk, scene, draft=draft("Dear Rosa"))

    assert desk.console.said[0] == ("Your draft of Mon 10:12 is back.", "note")


def test_what_was_typed_before_the_draft_arrived_stands_below_it(desk: Desk) -> None:
    def scene(app: Stage) -> None:
        write(desk.mode, "typed ahead")
        desk.desk.deliver(rosa(draft=draft("Dear Rosa")))
        assert [line.rstrip() for line in shown(desk.mode).split("\n")[3:6]] == [" Dear Rosa", "", " typed ahead"]

    act(desk.mode, Compose(4471, row=ROW), scene)


def test_a_draft_of_the_other_kind_stays_where_it_is(desk: Desk) -> None:
    def scene() -> None:
        assert "a note" not in shown(desk.mode)

    play(desk, scene, draft=draft("a note", kind="note"))


def test_a_text_that_was_sent_is_not_kept_as_a_draft_afterwards(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, GOOD)
        press(desk.mode, "ctrl+d", "y")
        desk.answer_reply(Done())
        desk.mode.leave()
        assert desk.mode.save() is None

    play(desk, scene)

    assert [type(body) for body in desk.desk.asked] == [SaveDraft, Reply]


def test_typing_is_kept_a_second_after_it_stops(desk: Desk) -> None:
    async def scene(app: Stage) -> None:
        desk.desk.deliver(rosa())
        write(desk.mode, "Dear Rosa")
        before = list(desk.desk.asked)
        await asyncio.wait_for(desk.desk.heard.wait(), 10)
        desk.answer_all()
        assert before == []
        assert desk.mode.title() == "reply to 4471-8 | DUE 4:12 | draft saved 10:42:00"

    act(desk.mode, Compose(4471, row=ROW), scene)

    assert desk.desk.asked == [SaveDraft(4471, "reply", "Dear Rosa", (0, 9), 5)]


def test_a_draft_that_could_not_be_kept_is_kept_at_the_next_chance(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "Dear Rosa")
        desk.mode.leave()
        desk.answer_all(Refused("The link to the desk was lost.", code="link"))
        assert isinstance(desk.mode.save(), SaveDraft)

    play(desk, scene)

    assert desk.console.said[-1][0].startswith("Draft not kept yet:")


def test_a_draft_of_the_last_person_is_never_kept_as_the_next_ones(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "Dear Rosa")
        desk.mode.leave()
        desk.mode.forget()
        desk.answer_all(Refused("The link to the desk was lost.", code="link"))
        assert desk.mode.save() is None

    play(desk, scene)

    assert desk.console.said == []


def test_a_customer_who_writes_meanwhile_is_announced_and_stands_in_the_review(desk: Desk) -> None:
    new = contact(5, NOW, "never mind", fresh=True)

    def scene() -> None:
        write(desk.mode, GOOD)
        desk.mode.changed(frozenset({4471}))
        desk.desk.deliver(rosa(contacts=(*HISTORY, new), version=6))
        press(desk.mode, "ctrl+d")
        assert "A new message came." in shown(desk.mode)
        press(desk.mode, "y")

    play(desk, scene)

    assert ("Rosa Prado wrote again meanwhile.", "warn") in desk.console.said
    assert desk.sent()[-1] == Reply(4471, 5, GOOD, "open")


def test_who_signs_in_next_does_not_see_the_text(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, GOOD)
        desk.mode.forget()
        desk.mode.enter(Compose(4471, row=ROW))
        assert "your money" not in shown(desk.mode)

    play(desk, scene)


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
