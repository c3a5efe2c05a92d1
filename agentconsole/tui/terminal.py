"""The terminal as environment and preferences describe it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agentconsole.config.preferences import Preferences
from agentconsole.tui.ground import can_be_asked
from agentconsole.tui.theme import THEMES, theme_for

GROUNDS = {True: "light", False: "dark"}
"""The themes that go by the terminal's ground."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """What is known of the terminal before it is asked; read once, so that tests can say it themselves."""

    environ: Mapping[str, str]
    preferences: Preferences = field(default_factory=Preferences)

    @property
    def name(self) -> str:
        """Return the terminal's name as shown at sign-in."""
        return self.environ.get("TERM", "unknown")[:32]

    @property
    def chosen(self) -> str:
        """Return the theme that its user chose for terminals of this name, "" where there is none."""
        name = self.preferences.theme(self.name)
        return name if name in THEMES else ""

    @property
    def theme(self) -> str:
        """Return the theme to begin with."""
        return self.chosen or theme_for(self.environ)

    @property
    def asks(self) -> bool:
        """Tell whether to ask for the ground: where the theme goes by it, and the terminal would answer."""
        return not self.chosen and self.theme in GROUNDS.values() and can_be_asked(self.environ)

    @property
    def titled(self) -> bool:
        """Tell whether the terminal has a title that can be said; one that answers such orders obeys them."""
        return can_be_asked(self.environ)

    @property
    def keeps_ground(self) -> bool:
        """Tell whether an erased cell gets the ground colour; GNU screen's does not."""
        return not self.name.startswith("screen")
