"""Copying to the clipboard of the person's own machine, through the terminal (OSC 52): clean text, only when asked."""

from __future__ import annotations

from collections.abc import Mapping

from agentconsole.tui.command_line import one_of
from agentconsole.tui.doing import NO_CASE, Doing
from agentconsole.tui.mode import Target
from agentconsole.wire.rows import CaseView

LONGEST = 50_000
"""Characters; terminals drop what is much longer without a word."""

WHATS = ("number", "message", "email")
_WITHOUT = ("screen", "linux", "vt", "dumb", "ansi", "eterm")
_SILENT = ("note", "automatic")
"""Entries of a history that neither side wrote to the other."""


def has_clipboard(environ: Mapping[str, str]) -> bool:
    """Tell whether a terminal of this name may have a clipboard for programs; tmux calls itself screen, too."""
    name = environ.get("TERM", "").lower()
    return bool(name) and (not name.startswith(_WITHOUT) or bool(environ.get("TMUX")))


class CopyVerbs(Doing):
    """Copy a case number, a customer's address, or the last message of a conversation."""

    def copy(self, words: str) -> None:
        """Copy what was named after the verb; the number where nothing was, or only the key pressed."""
        what = "number" if words in ("", "y n") else one_of(WHATS, words)
        if not what:
            self.console.say("Copy number, message or email: as in :copy email", "refused")
        else:
            {"number": self.number, "message": self.message, "email": self.email}[what]("")

    def number(self, _: str) -> None:
        """Copy the numbers of all selected cases."""
        numbers = " ".join(it.number for it in self.console.mode.targets())
        if numbers:
            self._short(numbers)
        else:
            self.console.say(NO_CASE)

    def email(self, _: str) -> None:
        """Copy the customer's address."""
        self.on_one("Copying", lambda it: self.desk.read_case(it.ticket, self._address))

    def message(self, _: str) -> None:
        """Copy what was written last, by the customer or to her."""
        self.on_one("Copying", self._read_message)

    def _read_message(self, target: Target) -> None:
        self.desk.read_case(target.ticket, self._last_message)

    def _address(self, case: CaseView) -> None:
        address = case.customer.email.line()
        if address:
            self._short(address)
        else:
            self.console.say(f"No address is known for case {case.number}.", "refused")

    def _last_message(self, case: CaseView) -> None:
        written = [contact for contact in case.contacts if contact.kind not in _SILENT and contact.text.lines().strip()]
        text = written[-1].text.lines().strip() if written else ""
        if not text:
            self.console.say(f"Nothing is written on case {case.number} yet.", "refused")
        elif len(text) > LONGEST:
            self.console.say(f"The last message has {len(text):,} letters, too many for a clipboard.", "refused")
        elif self.console.frame.outside.copy(text):
            who = written[-1].name.line(40) or written[-1].author
            self.console.say(f"Copied: {len(text):,} letters by {who} on case {case.number}.", "done")
        else:
            self.console.say("This terminal has no clipboard for programs: Enter opens the case, select it there.")

    def _short(self, text: str) -> None:
        """Copy what also fits the message line, where it can be selected if the terminal did not take it."""
        if self.console.frame.outside.copy(text):
            self.console.say(f"Copied: {text}", "done")
        else:
            self.console.say(f"{text}   (this terminal has no clipboard for programs: select it here)")
