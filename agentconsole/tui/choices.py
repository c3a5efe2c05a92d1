"""What a person chooses for herself: colours, the bell, a warm start, a slow line; kept for the next time."""

from __future__ import annotations

from collections.abc import Callable

from agentconsole.domain.errors import Refused
from agentconsole.tui.bell import LEVELS
from agentconsole.tui.command_line import one_of
from agentconsole.tui.console import Console
from agentconsole.tui.terminal import Terminal
from agentconsole.tui.theme import THEMES

RINGS = {
    "live": "The bell rings when somebody is waiting now, and for what is escalated to you.",
    "due": "The bell rings for who waits now, an escalation to you, your case turning DUE.",
    "off": "The bell does not ring.",
}
WARMTH = {
    "on": "A console is kept ready: within 15 minutes the next one opens at once.",
    "off": "No console is kept ready any more.",
}

THRIFT = {
    "on": "Sending less: clocks move every 5 s, lists show no preview. :slow off ends it.",
    "off": "Sending all of it again.",
}


class Choices:
    """Take what was chosen at once; a choice that cannot be kept holds until its person leaves."""

    def __init__(self, console: Console, terminal: Terminal) -> None:
        self._console = console
        self._terminal = terminal

    def theme(self, words: str) -> None:
        """Use other colours, on all terminals of this name."""
        name = one_of(THEMES, words)
        if not name:
            self._console.say("Colours are dark, light, 16 or mono: as in :theme light", "refused")
            return
        self._console.frame.use_theme(name)
        self._keep(lambda: self._terminal.preferences.choose_theme(self._terminal.name, name), f"Colours: {name}.")

    def bell(self, words: str) -> None:
        """Ring for more, for less, or not at all."""
        level = one_of(LEVELS, words)
        if not level:
            now = self._console.bell.level
            kind = "refused" if words else "note"
            self._console.say(f"Bell: {now}. It can be live, due or off: as in :bell live", kind)
            return
        self._console.bell.use(level)
        self._keep(lambda: self._terminal.preferences.choose_bell(level), RINGS[level])

    def warm(self, words: str) -> None:
        """Keep a console ready for the next sign-in, or not."""
        preferences = self._terminal.preferences
        chosen = one_of(tuple(WARMTH), words)
        if not chosen:
            now = "on" if preferences.warm else "off"
            self._console.say(f"Warm: {now}. It can be on or off: as in :warm on", "refused" if words else "note")
            return
        self._keep(lambda: preferences.choose_warm(warm=chosen == "on"), WARMTH[chosen])

    def slow(self, words: str) -> None:
        """Send less from now on, or all again, on all terminals of this name."""
        chosen = one_of(tuple(THRIFT), words)
        thrift = self._console.thrift
        if not chosen:
            now = "on" if thrift.is_on else "off"
            self._console.say(f"Slow: {now}. It can be on or off: as in :slow on", "refused" if words else "note")
            return
        thrift.is_on = chosen == "on"
        self._console.mode.tick(self._console.desk.now())
        self._console.frame.draw_all_again()
        self._keep(
            lambda: self._terminal.preferences.choose_slow(self._terminal.name, slow=thrift.is_on), THRIFT[chosen]
        )

    def _keep(self, choose: Callable[[], None], said: str) -> None:
        """Keep what was chosen, and say what it means; where it cannot be kept, say why."""
        try:
            choose()
        except Refused as refusal:
            self._console.refused(refusal)
        else:
            self._console.say(said, "done")
