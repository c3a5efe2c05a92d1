"""Where every key press goes, in the order they were typed: prompt, editor, mode, or the verb of the keymap."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

from textual import events
from textual.widget import Widget

from agentconsole.tui.keymap import Action, action_for, leads
from agentconsole.tui.mode import Key, Mode

EVERYWHERE = frozenset({"ctrl+p", "ctrl+l"})
"""Keys that are verbs also while text is typed."""

DROPS = frozenset({"ctrl+g", "ctrl+c"})
"""Keys that drop what was typed ahead while an answer of the desk is awaited."""


class Prompting(Protocol):
    """The prompt of the message line, as far as keys and pasted text go."""

    @property
    def is_open(self) -> bool: ...
    def handle(self, key: Key) -> None: ...
    def paste(self, text: str) -> None: ...


class House(Protocol):
    """Whom the router serves: what is in view, and what to do with a verb."""

    @property
    def mode(self) -> Mode: ...
    @property
    def line(self) -> Prompting: ...
    def perform(self, action: Action, pressed: str) -> None: ...
    def unknown(self, pressed: str) -> None: ...
    def leading(self) -> None: ...
    def pressed(self) -> None: ...
    def say(self, text: str, kind: str = "note") -> None: ...


class Router:
    """Give each key to whom it belongs, synchronously; hold keys only where their meaning is not known yet."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._waiting: deque[Key | str] = deque()
        self._holds = 0
        self._epoch = 0
        self._fenced = False
        self.lead = ""

    def key(self, key: Key) -> None:
        """Take a key press."""
        if self._holds and key.name in DROPS:
            self.drop()
            self._house.say("Stopped waiting; the keys typed ahead were dropped.")
        elif self._holds or self._fenced:
            self._waiting.append(key)
        else:
            self._give(key)

    def paste(self, text: str) -> None:
        """Take pasted text, clean already; it is text wherever there is a field, and nothing anywhere else."""
        if self._holds or self._fenced:
            self._waiting.append(text)
        else:
            self._give(text)

    def hold(self) -> Callable[[], None]:
        """Keep all keys waiting until the function returned is called."""
        self._holds += 1
        epoch = self._epoch
        released = False

        def release() -> None:
            nonlocal released
            if not released and epoch == self._epoch:
                released = True
                self._holds -= 1
                self._replay()

        return release

    def drop(self) -> None:
        """Forget all holds and what was typed ahead."""
        self._epoch += 1
        self._holds = 0
        self._waiting.clear()

    def _give(self, press: Key | str) -> None:
        house = self._house
        if isinstance(press, str):
            if house.line.is_open:
                house.line.paste(press)
            else:
                house.mode.paste(press)
        elif house.line.is_open:
            house.line.handle(press)
        elif (editor := house.mode.editor) is not None:
            self._type(house.mode, editor, press)
        else:
            self._verb(house.mode, press)

    def _type(self, mode: Mode, editor: Widget, key: Key) -> None:
        """Post a key to the editor's own queue, or wait until it has caught up when the key is not for it."""
        if key.name in mode.fences or key.name in EVERYWHERE:
            self._fenced = True
            if not editor.call_later(self._caught_up, mode, key):
                self._caught_up(mode, key)
            return
        event = events.Key(key.name, key.character)
        event._set_forwarded()
        editor.post_message(event)

    def _caught_up(self, mode: Mode, key: Key) -> None:
        self._fenced = False
        if not mode.handle(key) and key.name in EVERYWHERE:
            self._act(key.name, mode)
        self._replay()

    def _replay(self) -> None:
        while self._waiting and not self._holds and not self._fenced:
            self._give(self._waiting.popleft())

    def _verb(self, mode: Mode, key: Key) -> None:
        lead, self.lead = self.lead, ""
        self._house.pressed()
        if lead:
            self._act(f"{lead} {key.name}", mode)
        elif mode.handle(key):
            return
        elif mode.takes_all_keys:
            if key.name in EVERYWHERE:
                self._act(key.name, mode)
        elif leads(key.name):
            self.lead = key.name
            self._house.leading()
        else:
            self._act(key.name, mode)

    def _act(self, pressed: str, mode: Mode) -> None:
        action = action_for(pressed, mode.name)
        if action is None:
            self._house.unknown(pressed)
        else:
            self._house.perform(action, pressed)
