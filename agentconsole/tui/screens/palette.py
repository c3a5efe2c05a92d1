"""The palette: any verb by a few of its letters, any case by a few of its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from difflib import get_close_matches

from rich.style import Style

from agentconsole.domain.errors import Refused
from agentconsole.tui.keymap import ACTIONS, Action
from agentconsole.tui.lines import Line, fit
from agentconsole.tui.mode import Console, Key, Open
from agentconsole.tui.screens.help import keys_of
from agentconsole.tui.screens.overlay import STEPS, OverlayMode
from agentconsole.wire.frames import AnyAnswer, Found
from agentconsole.wire.queries import Search
from agentconsole.wire.rows import SearchRow

SEARCH_FROM = 2
HITS = 12
TEACH_AFTER = 3


class PaletteMode(OverlayMode):
    """List what matches what is typed: verbs known here, cases from the desk."""

    name = "palette"

    def __init__(self, console: Console, paint: Callable[[str], Style]) -> None:
        super().__init__(console, paint)
        self._actions: list[Action] = []
        self._cases: tuple[SearchRow, ...] = ()
        self._searching = ""
        self._searched = ""
        self._used: Counter[str] = Counter()
        self._late: tuple[Key, Callable[[], None]] | None = None

    def handle(self, key: Key) -> bool:
        """Type, move, run or close; what means a case waits until the cases are those of what was typed."""
        self._late = None
        means_a_case = key.name in STEPS or (key.name == "enter" and self.at >= len(self._actions))
        if means_a_case and self._is_behind:
            self._late = (key, self.console.hold("Searching"))
            return True
        return super().handle(key)

    def leave(self) -> None:
        """Wait for nothing any more."""
        self._late = None

    def forget(self) -> None:
        """Forget what was found."""
        self._cases = ()

    def title(self) -> str:
        """Name the screen."""
        return "palette"

    def typed(self) -> None:
        """Match the verbs at once, and ask the desk for cases."""
        typed = self.edit.value.strip()
        scored = [(score, action) for action in ACTIONS if (score := _score(typed.lower(), action)) is not None]
        self._actions = [action for _, action in sorted(scored, key=lambda pair: pair[0])]
        if len(typed) < SEARCH_FROM:
            self._cases = ()
        self._search()

    def count(self) -> int:
        """Return how many entries are listed."""
        return len(self._actions) + len(self._cases)

    def run_marked(self) -> None:
        """Run the marked verb where one came from, or open the marked case."""
        if self.at >= len(self._actions):
            self._open(self._cases[self.at - len(self._actions)])
            return
        action = self._actions[self.at]
        self.console.back()
        self._used[action.id] += 1
        if self._used[action.id] >= TEACH_AFTER and action.keys:
            self.console.say(f"Next time press {keys_of(action)}: you took this from the palette often.")
        self.console.run(action.id)

    def _open(self, hit: SearchRow) -> None:
        """Open a case once it is read: a verb typed after it acts on what is known of it."""
        release = self.console.hold(f"Opening case {hit.number}")
        self.console.back()

        def opened(_: object) -> None:
            self.console.go("case", Open(hit.ticket))
            release()

        def refused(refusal: Refused) -> None:
            self.console.refused(refusal)
            release()

        self.desk.read_case(hit.ticket, opened, refused)

    def draw(self, width: int, height: int) -> list[Line]:
        """Lay out the line, the verbs with their keys, and the cases."""
        found = f"{_counted(len(self._actions), 'command')}, {_counted(len(self._cases), 'case')}"
        typed = self.edit.shown(max(10, width - 8 - len(found)))
        lines = [
            Line(((" >  ", "head"), *typed, (f"  {found}", "column"))),
            Line((("  " + "-" * (width - 4), "rule"),)),
        ]
        entries = [*map(self._action_text, self._actions), *map(_case_text, self._cases)]
        room = max(1, height - 3)
        start = min(max(0, self.at - room // 2), max(0, len(entries) - room))
        for index, (text, key) in enumerate(entries[start : start + room], start):
            mark, role = ("  > ", "cursor") if index == self.at else ("    ", "")
            lines.append(Line(((mark + fit(text, max(width - 34, 20)), role), (f" {key}", "key"))))
        if not entries:
            lines.append(Line((("    Nothing matches; the desk is asked for cases by words.", "note"),)))
        return lines

    def _action_text(self, action: Action) -> tuple[str, str]:
        refused = "" if self.console.permits(action.permit) else "   needs a supervisor"
        return action.label, keys_of(action) + refused

    @property
    def _is_behind(self) -> bool:
        """Tell whether the cases are still those of something typed before."""
        typed = self.edit.value.strip()
        return len(typed) >= SEARCH_FROM and typed != self._searched

    def _search(self) -> None:
        """Ask for cases, one question at a time; what was typed meanwhile is asked next."""
        if self._searching or not self._is_behind:
            return
        self._searching = typed = self.edit.value.strip()
        self.desk.ask(Search(typed, HITS), self._hits, self._no_hits)

    def _hits(self, answer: AnyAnswer) -> None:
        self._searched, self._searching = self._searching, ""
        if isinstance(answer, Found) and len(self.edit.value.strip()) >= SEARCH_FROM:
            self._cases = answer.rows
        self._search()
        self.redraw()
        self._catch_up()

    def _no_hits(self, refusal: Refused) -> None:
        self._searched, self._searching = self.edit.value.strip(), ""
        self._cases = ()
        self.console.refused(refusal)
        self._catch_up()

    def _catch_up(self) -> None:
        """Use the key that waited, and let those through that came after it."""
        if self._late is not None and not self._is_behind:
            (key, release), self._late = self._late, None
            super().handle(key)
            release()


def _score(typed: str, action: Action) -> int | None:
    """Return how far from the top a verb stands for what is typed; None leaves it out."""
    if action.group == "move" or action.id == "find.palette":
        return None
    label, verb = action.label.lower(), action.verb
    if not typed or verb.startswith(typed) or label.startswith(typed):
        return 0
    if any(word.startswith(typed) for word in label.split()):
        return 1
    if typed in label:
        return 2
    initials = "".join(word[0] for word in label.split())
    return 3 if initials.startswith(typed) or get_close_matches(typed, [verb], cutoff=0.7) else None


def _counted(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"


def _case_text(hit: SearchRow) -> tuple[str, str]:
    text = f"case {hit.number} {hit.subject.line(80)}   {hit.customer.line(30)}"
    return text, f"{hit.status}{f', {hit.owner}' if hit.owner else ''}"
