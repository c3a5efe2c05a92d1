"""What each key of the composer does, in each of its states; all of it at once, nothing waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from agentconsole.domain.errors import Stale
from agentconsole.domain.review import blocked
from agentconsole.domain.ticket import case_number
from agentconsole.tui.keymap import shown
from agentconsole.tui.mode import Compose, Console, Key
from agentconsole.tui.screens.composer_draft import DraftKeeper
from agentconsole.tui.screens.composer_send import Sending
from agentconsole.tui.screens.composer_work import Work
from agentconsole.tui.writing import Writing
from agentconsole.wire.rows import CaseView

READ_FIRST = 0.5
"""Seconds after a stopped sending in which keys do nothing: they were typed before its reason could be read."""

_LEAVE = ("ctrl+g", "escape", "ctrl+c")
_SCROLL = {"up": -1, "down": 1, "k": -1, "j": 1, "pageup": -8, "pagedown": 8, "space": 8}
_THEN = {"y": "open", "e": "resolve", "w": "wait"}


class Hand:
    """Take the keys of the composer; `size` is that of the text on the screen, `shown` draws what changed."""

    def __init__(
        self,
        console: Console,
        work: Work,
        keeper: DraftKeeper,
        sending: Sending,
        size: Callable[[], tuple[int, int]],
        shown: Callable[[], None],
        monotonic: Callable[[], float],
    ) -> None:
        self._console = console
        self._work = work
        self._keeper = keeper
        self._sending = sending
        self._size = size
        self._shown = shown
        self._monotonic = monotonic
        self._stopped_at = 0.0
        self._warned = False

    def press(self, key: Key) -> bool:
        """Use a key; False leaves it to the console: palette and redraw everywhere, help where nothing is typed."""
        work = self._work
        if key.name in ("ctrl+p", "ctrl+l") or (key.name == "question_mark" and work.state in ("review", "stopped")):
            return False
        if self._warned:
            self._warned = False
            self._console.say("")
        before = work.pen.buffer.version
        {"text": self._write, "picker": self._pick, "review": self._decide, "stopped": self._choose}[work.state](key)
        if work.pen.buffer.version != before and not work.writing.underway:
            self._keeper.typed(work.writing)
        self._shown()
        return True

    def paste(self, text: str) -> None:
        """Put pasted text where the cursor stands."""
        if self._work.state == "text":
            self._say(self._work.pen.type(text))
            self._keeper.typed(self._work.writing)
            self._shown()

    def insert(self, abbr: str) -> None:
        """Put a template into the text, as `;abbr` and Tab would."""
        row = next((row for row in self._work.templates() if row.abbr == abbr), None)
        if row is None:
            self._console.say(f"There is no template ;{abbr}. ctrl+t shows them all.", "warn")
        elif self._work.writing.empty:
            self._work.pen.put(row, self._work.values())
            self._keeper.typed(self._work.writing)

    def to(self, state: str) -> None:
        """Go to another state of the composer."""
        work = self._work
        work.state = state
        if state in ("review", "stopped"):
            work.pen.marked = None
        if state == "picker":
            work.typed, work.picked = "", 0
        if state == "review":
            work.laid = replace(work.laid, top=0)
        self._console.frame_changed()

    def sent(self, writing: Writing) -> None:
        """Forget a text that reached the desk; its work tab stays for another one that was begun on its ticket."""
        self._work.forget(writing)
        if self._work.has_more(writing):
            self._console.keep_tab(writing.ticket, case_number(writing.ticket), "composer")
        else:
            self._console.drop_tab(writing.ticket)

    def stopped(self, writing: Writing, stale: Stale) -> None:
        """Show that a text was not sent because its ticket moved on (frame 25); a hand-off is only said."""
        desk = self._console.desk
        if writing.kind != "reply":
            desk.read_case(writing.ticket, lambda case: self._seen(writing, case))
            self._console.say(f"Not done: {stale.sentence} Look at it, then ctrl+d again.", "refused")
            return
        writing.changes = stale.changes or (stale.sentence,)
        self._stopped_at = self._monotonic()
        self._console.go("composer", Compose(writing.ticket, writing.kind, row=self._work.row))

    def _seen(self, writing: Writing, case: CaseView) -> None:
        writing.seen = case.version

    def _write(self, key: Key) -> None:
        work = self._work
        if key.name == "ctrl+d":
            self._done()
        elif key.name in _LEAVE:
            self._console.back()
        elif key.name == "ctrl+t" and work.writing.kind == "reply":
            self._once_read(lambda: self.to("picker"))
        elif key.name == "tab":
            self._once_read(self._tab)
        elif key.name == "shift+tab":
            work.pen.jump(back=True)
        elif key.printable and key.character is not None:
            self._say(work.pen.type(key.character))
        elif not work.pen.press(key, *self._size()):
            use = "ctrl+g leaves the text, then :suspend" if key.name == "ctrl+z" else "ctrl+d is done, ctrl+g leaves"
            self._say(f"{shown(key.name)} does nothing here; {use}.")

    def _tab(self) -> None:
        self._say(self._work.pen.tab(self._work.templates(), self._work.values()))

    def _once_read(self, act: Callable[[], None]) -> None:
        """Do what needs the case; when keys are typed ahead it may still be on its way, and then they wait for it."""
        work = self._work
        if work.case is not None:
            act()
            return
        writing, release = work.writing, self._console.hold("Reading the case")

        def read(case: CaseView | None) -> None:
            if case is not None and work.writing is writing and not writing.underway:
                version = work.pen.buffer.version
                act()
                if work.pen.buffer.version != version:
                    self._keeper.typed(writing)
            release()

        work.when_read = read

    def _done(self) -> None:
        work = self._work
        if work.writing.kind == "reply":
            self.to("review")
        elif work.writing.empty:
            self._console.say("Nothing is written yet.", "refused")
        elif work.writing.kind == "note":
            self._sending.note(work.writing)
        else:
            self._sending.hand_over(work.writing, work.number())

    def _pick(self, key: Key) -> None:
        work = self._work
        rows = work.templates()
        if key.name in ("up", "down", "tab"):
            step = -1 if key.name == "up" else 1
            work.picked = min(max(work.picked + step, 0), max(0, len(rows) - 1))
        elif key.name == "enter":
            self.to("text")
            if rows:
                work.pen.put(rows[work.picked], work.values())
        elif key.name in (*_LEAVE, "ctrl+t"):
            self.to("text")
        elif key.name in ("backspace", "ctrl+h"):
            work.typed, work.picked = work.typed[:-1], 0
        elif key.printable and len(work.typed) < 30:
            work.typed, work.picked = work.typed + (key.character or ""), 0

    def _decide(self, key: Key) -> None:
        work = self._work
        if key.name in _THEN:
            self._send(_THEN[key.name])
        elif key.name == "x":
            if self._may_send():
                self._console.prompt("Note to the supervisor: ", self._hand_over)
        elif key.name == "i" and not work.writing.empty:
            self._sending.note(work.writing)
        elif key.name in ("enter", *_LEAVE):
            self.to("text")
        elif key.name == "d":
            self._leave_draft()
        elif key.name in _SCROLL:
            work.laid = replace(work.laid, top=work.laid.top + _SCROLL[key.name])

    def _choose(self, key: Key) -> None:
        """Take the keys of frame 25; those typed before it could be read do nothing."""
        work = self._work
        if self._monotonic() - self._stopped_at < READ_FIRST:
            self._console.say("Read this first: the ticket has moved on. Keys typed ahead were dropped.", "warn")
        elif key.name == "v":
            work.unread = True
            work.read_all()
            self.to("text")
        elif key.name == "y":
            self.to("review")
            self._send("open", anyway=True)
        elif key.name in ("enter", *_LEAVE):
            self.to("text")
        elif key.name == "d":
            self._leave_draft()

    def _hand_over(self, note: str) -> None:
        if note.strip():
            self._send("escalate", note=note.strip())
        else:
            self._console.say("Not sent: the supervisor needs a word on why. x asks again.", "refused")

    def _send(self, then: str, *, anyway: bool = False, note: str = "") -> None:
        if self._may_send():
            self._keeper.keep(self._work.writing)
            self._sending.reply(self._work.writing, self._work.number(), then, anyway=anyway, note=note)

    def _may_send(self) -> bool:
        """Stop what must not go: say why, and put the cursor in the gap."""
        stop = blocked(self._work.checks())
        if stop is None:
            return not self._work.writing.underway
        self.to("text")
        self._work.pen.jump()
        self._console.say(f"NOT SENT: {stop.sentence}", "refused")
        return False

    def _leave_draft(self) -> None:
        self.to("text")
        self._console.back()
        self._console.say("Kept as a draft.", "done")

    def _say(self, sentence: str) -> None:
        """Say something that the next key makes old."""
        if sentence:
            self._warned = True
            self._console.say(sentence, "warn")
