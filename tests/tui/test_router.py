"""The router gives every key to whom it belongs, in the order of typing."""

from dataclasses import dataclass, field

import pytest
from textual import events

from agentconsole.tui.keymap import Action
from agentconsole.tui.mode import Key, Mode
from agentconsole.tui.router import Router


class SlowEditor:
    """Stand in for a widget with its own queue, worked off when the test says so."""

    def __init__(self) -> None:
        self.queue: list = []
        self.text = ""
        self.mounted = True

    def post_message(self, event: events.Key) -> bool:
        self.queue.append(event)
        return True

    def call_later(self, callback, *arguments) -> bool:
        if self.mounted:
            self.queue.append((callback, arguments))
        return self.mounted

    def work(self) -> None:
        """Work off what is in the queue, and what that brings."""
        while self.queue:
            item = self.queue.pop(0)
            if isinstance(item, tuple):
                item[0](*item[1])
            else:
                self.text += item.character or ""


class Scripted(Mode):
    """A mode that uses some keys, and is in text when it has an editor."""

    name = "case"

    def __init__(self, uses: str = "", editor: SlowEditor | None = None, fences: frozenset[str] = frozenset()) -> None:
        self.uses = uses
        self._editor = editor
        self.fences = fences
        self.got: list[str] = []
        self.house: House | None = None

    @property
    def editor(self):
        return self._editor

    def handle(self, key: Key) -> bool:
        if key.name in self.fences or key.name in self.uses:
            self.got.append(key.name)
            if key.name == "ctrl+d" and self.house is not None:
                self.house.mode = self.house.next_mode
            return True
        return False

    def paste(self, text: str) -> None:
        self.got.append(f"pasted {text}")


@dataclass
class Line:
    """A prompt that takes all keys while it is open."""

    is_open: bool = False
    got: list[str] = field(default_factory=list)

    def handle(self, key: Key) -> None:
        self.got.append(key.name)

    def paste(self, text: str) -> None:
        self.got.append(f"pasted {text}")


@dataclass
class House:
    """What the router serves, writing down what it is told."""

    mode: Mode
    next_mode: Mode | None = None
    line: Line = field(default_factory=Line)
    did: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def perform(self, action: Action, pressed: str) -> None:
        self.did.append(action.id)

    def unknown(self, pressed: str) -> None:
        self.did.append(f"unknown {pressed}")

    def leading(self) -> None: ...

    def pressed(self) -> None: ...

    def say(self, text: str, kind: str = "note") -> None:
        self.said.append(text)


def typed(router: Router, *names: str) -> None:
    """Type keys; single letters carry themselves as character."""
    for name in names:
        router.key(Key(name, name if len(name) == 1 else None))


def test_a_mode_has_its_keys_before_the_verbs() -> None:
    mode = Scripted(uses="e")
    house = House(mode)

    typed(Router(house), "e", "r")

    assert (mode.got, house.did) == (["e"], ["case.reply"])


def test_two_presses_are_one_verb_and_a_mode_never_sees_the_second() -> None:
    mode = Scripted(uses="t")
    house = House(mode)

    typed(Router(house), "g", "t", "t")

    assert (house.did, mode.got) == (["go.team"], ["t"])


def test_an_open_prompt_takes_everything() -> None:
    house = House(Scripted(uses="e"))
    house.line.is_open = True
    router = Router(house)

    typed(router, "e", "g", "q")
    router.paste("text")

    assert (house.line.got, house.did) == (["e", "g", "q", "pasted text"], [])


def test_text_goes_through_the_editor_s_queue_and_a_fence_waits_for_it() -> None:
    editor = SlowEditor()
    review = Scripted(uses="y")
    writing = Scripted(editor=editor, fences=frozenset({"ctrl+d"}))
    house = House(writing, review)
    writing.house = house
    router = Router(house)

    typed(router, "h", "i", "ctrl+d", "y")
    before = (editor.text, list(writing.got), list(review.got))
    editor.work()

    assert before == ("", [], [])
    assert (editor.text, writing.got, review.got) == ("hi", ["ctrl+d"], ["y"])


def test_an_editor_that_is_gone_does_not_swallow_the_fence() -> None:
    editor = SlowEditor()
    editor.mounted = False
    writing = Scripted(editor=editor, fences=frozenset({"ctrl+d"}))

    typed(Router(House(writing)), "ctrl+d")

    assert writing.got == ["ctrl+d"]


def test_keys_wait_while_their_meaning_depends_on_the_desk() -> None:
    mode = Scripted(uses="jk")
    house = House(mode)
    router = Router(house)
    release = router.hold()

    typed(router, "j", "k", "r")
    router.paste("text")
    before = (list(mode.got), list(house.did))
    release()

    assert before == ([], [])
    assert (mode.got, house.did) == (["j", "k", "pasted text"], ["case.reply"])


@pytest.mark.parametrize("key", ["ctrl+g", "ctrl+c"])
def test_waiting_can_be_stopped_and_a_late_answer_changes_nothing(key: str) -> None:
    mode = Scripted(uses="jk")
    router = Router(house := House(mode))
    release = router.hold()
    typed(router, "j", key, "k")

    release()
    typed(router, "k")

    assert mode.got == ["k", "k"]
    assert house.said


def test_two_holds_are_both_waited_for() -> None:
    mode = Scripted(uses="j")
    router = Router(House(mode))
    first, second = router.hold(), router.hold()
    typed(router, "j")

    first()
    first()
    between = list(mode.got)
    second()

    assert (between, mode.got) == ([], ["j"])


def test_a_key_without_a_verb_is_said_to_be_unknown() -> None:
    house = House(Scripted())

    typed(Router(house), "f7")

    assert house.did == ["unknown f7"]
