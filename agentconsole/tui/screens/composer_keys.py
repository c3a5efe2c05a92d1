"""What keys do in the composer: editing as in readline, and the hints of each of its states."""

from collections.abc import Callable

from agentconsole.tui.buffer import Buffer
from agentconsole.tui.mode import Hint


def _move(motion: str) -> Callable[[Buffer, int, int], object]:
    return lambda buffer, width, height: buffer.move(motion)


def _delete(motion: str, *, keep: bool = False) -> Callable[[Buffer, int, int], object]:
    return lambda buffer, width, height: buffer.delete(motion, keep=keep)


EDITING: dict[str, Callable[[Buffer, int, int], object]] = {
    "enter": lambda buffer, width, height: buffer.insert("\n"),
    "ctrl+j": lambda buffer, width, height: buffer.insert("\n"),
    "backspace": _delete("left"),
    "ctrl+h": _delete("left"),
    "delete": _delete("right"),
    "ctrl+w": _delete("word_left", keep=True),
    "ctrl+u": _delete("home", keep=True),
    "ctrl+k": _delete("end", keep=True),
    "ctrl+y": lambda buffer, width, height: buffer.yank(),
    "ctrl+underscore": lambda buffer, width, height: buffer.undo(),
    "left": _move("left"),
    "right": _move("right"),
    "ctrl+left": _move("word_left"),
    "ctrl+right": _move("word_right"),
    "home": _move("home"),
    "ctrl+a": _move("home"),
    "end": _move("end"),
    "ctrl+e": _move("end"),
    "ctrl+home": _move("top"),
    "ctrl+end": _move("bottom"),
    "up": lambda buffer, width, height: buffer.move_rows(-1, width),
    "down": lambda buffer, width, height: buffer.move_rows(1, width),
    "pageup": lambda buffer, width, height: buffer.move_rows(-max(1, height - 1), width),
    "pagedown": lambda buffer, width, height: buffer.move_rows(max(1, height - 1), width),
}
"""What an editing key does to the text, given the width and height of the text on the screen."""

HINTS: dict[str, tuple[Hint, ...]] = {
    "text": (
        Hint("ctrl+d", "done"),
        Hint("ctrl+t", "templates"),
        Hint("Tab", "next blank"),
        Hint("ctrl+g", "leave"),
        Hint("ctrl+p", "palette"),
    ),
    "note": (Hint("ctrl+d", "add the note"), Hint("Tab", "next blank"), Hint("ctrl+g", "leave")),
    "escalate": (Hint("ctrl+d", "hand over"), Hint("Tab", "next blank"), Hint("ctrl+g", "leave")),
    "review": (
        Hint("y", "send"),
        Hint("e", "send+resolve"),
        Hint("w", "send+wait"),
        Hint("x", "send+escal."),
        Hint("i", "note"),
        Hint("Enter", "edit"),
        Hint("d", "draft"),
    ),
    "picker": (Hint("Enter", "insert"), Hint("Up Down", "choose"), Hint("ctrl+g", "close")),
    "stopped": (Hint("v", "read new"), Hint("y", "send anyway"), Hint("Enter", "edit"), Hint("d", "draft")),
}
"""The hints of each state, and of the texts that go to no customer."""
