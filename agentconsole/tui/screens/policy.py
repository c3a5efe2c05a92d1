"""The policies: which are in force, their text clause by clause, what changed, who accepted them, suggestions."""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style

from agentconsole.domain.text import clean_line
from agentconsole.tui.lines import Line, heading, wrap
from agentconsole.tui.mode import Console, Consult, Hint, Key, Mode
from agentconsole.tui.screens.policy_book import PolicyBook
from agentconsole.tui.screens.policy_deeds import PolicyDeeds
from agentconsole.tui.screens.policy_lines import (
    ACCEPTED,
    CHANGES,
    SUGGESTIONS,
    TEXT,
    accepted_lines,
    below_lines,
    clause_lines,
    found_in,
    head_line,
    near_day,
    policy_lines,
    suggestion_lines,
    tabs_line,
)
from agentconsole.tui.screens.policy_pages import Pages
from agentconsole.tui.widgets.canvas import Canvas
from agentconsole.wire.policy_reading import ClauseRow

EDGES = 5
"""Lines around the text: its name, the tabs, a rule, and two below."""

_STEPS = {"j": 1, "down": 1, "k": -1, "up": -1}
_CHANGES = {"J": 1, "K": -1}
_TABS = {"l": 1, "right": 1, "tab": 1, "h": -1, "left": -1, "shift+tab": -1}


class PolicyMode(Mode):
    """Read the policies in force; the cursor is on a policy, a clause or a suggestion."""

    name = "policy"

    def __init__(self, console: Console, paint: Callable[[str], Style]) -> None:
        super().__init__(console)
        self.book = PolicyBook(console, self._answered)
        self._deeds = PolicyDeeds(console, self.book)
        self._pages = {tab: Pages() for tab in (TEXT, CHANGES, ACCEPTED, SUGGESTIONS)}
        self._laid: object = None
        self._argument: object = None
        self._is_listing, self._chosen, self._tab = True, 0, TEXT
        self._find = self._to = ""
        self.canvas = Canvas(self.draw, paint, id="policy")
        self.body = self.canvas

    def enter(self, argument: object) -> None:
        """Show the clause that is asked for, or where one was; the list of policies is read anew."""
        if isinstance(argument, Consult) and argument is not self._argument:
            self._open(argument)
        elif argument is None and isinstance(self._argument, Consult):
            self._is_listing = True
        self._argument = argument
        self.book.read_policies()
        self._redraw()

    def forget(self) -> None:
        """Forget all that was read: someone else has signed in."""
        self.book.forget()
        self._argument, self._is_listing, self._chosen, self._find = None, True, 0, ""

    def title(self) -> str:
        """Say how many policies wait for an acceptance, and by when."""
        owed = [row.until for row in self.book.policies or () if row.until is not None]
        return f"policy, {len(owed)} to accept by {near_day(min(owed), self.desk.zone)}" if owed else "policy"

    def hints(self) -> tuple[Hint, ...]:
        """Name the keys of what is shown."""
        back = Hint("q", "back")
        if self._is_listing:
            return (Hint("Enter", "read"), Hint("j k", "choose"), back)
        if self._tab == SUGGESTIONS and self.console.permits("settle_suggestion"):
            return (Hint("Enter", "decide"), Hint("h l", "tabs"), back)
        if self._tab in (SUGGESTIONS, ACCEPTED):
            return (Hint("h l", "tabs"), back)
        changes = (Hint("J", "next change"),) if self._changes() else ()
        end = Hint("A", "accept (at end)")
        return (
            Hint("space", "page"),
            *changes,
            Hint("/", "find"),
            Hint("+", "suggest"),
            end,
            Hint("h l", "tabs"),
            back,
        )

    def handle(self, key: Key) -> bool:
        """Move, open, page, change the tab."""
        if self._is_listing or self.book.text is None:
            return self._in_list(key)
        if key.name == "q" and not isinstance(self._argument, Consult):
            self._is_listing = True
        elif key.name in _TABS:
            tabs = self._tabs()
            self._tab = tabs[(tabs.index(self._tab) + _TABS[key.name]) % len(tabs)]
        elif key.name in _CHANGES and self._tab == TEXT:
            self._to_change(_CHANGES[key.name])
        elif key.name == "n" and self._find:
            self._to_found(1)
        elif key.name == "enter" and self._tab == SUGGESTIONS:
            at = self._pages[SUGGESTIONS].at
            self._deeds.decide(self.book.suggestions[at] if at < len(self.book.suggestions) else None)
        elif not self._pages[self._tab].moves(key):
            return False
        self._redraw()
        return True

    def _in_list(self, key: Key) -> bool:
        rows = self.book.policies or ()
        if key.name in _STEPS:
            self._chosen = min(max(self._chosen + _STEPS[key.name], 0), max(len(rows) - 1, 0))
        elif key.name == "enter" and self._is_listing and self._chosen < len(rows):
            self._open(Consult(rows[self._chosen].pack))
        else:
            return False
        self._redraw()
        return True

    def do(self, action: str) -> bool:
        """Do what the viewer does in its own way."""
        doing: Callable[[], object] | None = {
            "move.top": lambda: self._pages[self._tab].go(0),
            "policy.accept": lambda: self._deeds.accept(0 if self._is_listing else self._pages[TEXT].read),
            "policy.suggest": lambda: self.suggest(""),
            "policy.find": self._ask_what,
        }.get(action)
        if doing is not None:
            doing()
            self._redraw()
        return doing is not None

    def suggest(self, text: str) -> None:
        """Suggest a change of the clause under the cursor; where nothing was typed yet, ask for it."""
        clauses = self._clauses() if self._tab in (TEXT, CHANGES) and not self._is_listing else ()
        at = self._pages[self._tab].at
        self._deeds.suggest(clauses[at] if at < len(clauses) else None, text)

    def _ask_what(self) -> None:
        def found(words: str) -> None:
            self._find = words
            if words and not self._is_listing:
                self._tab = TEXT
                self._to_found(0)
                self._redraw()

        self.console.prompt("Find in this policy:", found, initial=self._find)

    def _to_found(self, step: int) -> None:
        pages = self._pages[self._tab]
        found = found_in(self._clauses(), self._find, pages.at + step)
        if found is None:
            self.console.say(f"No clause has {clean_line(self._find, 60)}.")
        else:
            pages.go(found)
            self.console.say("n finds the next one.", "key")

    def _to_change(self, step: int) -> None:
        pages, changed = self._pages[TEXT], self._changes()
        ahead = [at for at in changed if (at > pages.at if step > 0 else at < pages.at)]
        if ahead:
            pages.go(ahead[0] if step > 0 else ahead[-1])
        else:
            self.console.say(
                "No change further on; K goes back." if changed else "Nothing changed for you here.", "key"
            )

    def _open(self, wanted: Consult) -> None:
        self._is_listing, self._tab, self._to = False, TEXT, wanted.clause
        for pages in self._pages.values():
            pages.begin()
        self.book.open(wanted)

    def _answered(self) -> None:
        clauses = self.book.text.clauses if self.book.text is not None else ()
        if self._to and clauses:
            wanted, self._to = self._to, ""
            found = next((at for at, row in enumerate(clauses) if row.id == wanted), None)
            if found is None:
                self.console.say(f"There is no clause {clean_line(wanted, 40)} in this version.", "warn")
            else:
                self._lay(self.console.size[0])
                self._pages[TEXT].go(found)
        self._redraw()

    def _tabs(self) -> tuple[str, ...]:
        may_see = (ACCEPTED,) if self.console.permits("read_acceptances") else ()
        changed = (CHANGES,) if self.book.text is not None and self.book.text.against else ()
        return (TEXT, *changed, *may_see, SUGGESTIONS)

    def _clauses(self) -> tuple[ClauseRow, ...]:
        clauses = self.book.text.clauses if self.book.text is not None else ()
        return tuple(row for row in clauses if row.change) if self._tab == CHANGES else clauses

    def _changes(self) -> list[int]:
        return [at for at, row in enumerate(self._clauses()) if row.change]

    def _redraw(self) -> None:
        self.canvas.redraw()
        self.console.frame_changed()

    def draw(self, width: int, height: int) -> list[Line]:
        """Lay out what is shown in a body of this size."""
        book, now, zone = self.book, self.desk.now(), self.desk.zone
        if book.refusal:
            said = wrap(book.refusal, width - 2)
            return [heading("policy", width), *(Line(((f" {text}", "refused"),)) for text in said)]
        if self._is_listing and book.policies is not None:
            rows = policy_lines(book.policies, self._chosen, width, now, zone)
            return [heading("policies in force", width), *rows]
        if self._is_listing or book.text is None:
            return [heading("policy", width), Line(((" reading ..", "quote"),))]
        self._lay(width)
        rule = Line((("-" * width, "rule"),))
        pages = self._pages[self._tab]
        shown = pages.window(height - EDGES)
        below = below_lines(book.text, pages.read, width) if self._tab == TEXT else [rule, Line()]
        tabs = tabs_line(self._tabs(), self._tab, book.text, book.acceptances, len(book.suggestions))
        return [head_line(book.text.policy, width, now, zone), tabs, rule, *shown, *below]

    def _lay(self, width: int) -> None:
        """Lay the text of the tab out anew where it is another one, or the width is."""
        book = self.book
        of = (book.text, book.acceptances, book.suggestions, self._tab, width)
        if self._laid == of:
            return
        self._laid = of
        if self._tab == ACCEPTED:
            self._pages[ACCEPTED].lay(*accepted_lines(book.acceptances, width, self.desk.zone))
        elif self._tab == SUGGESTIONS:
            self._pages[SUGGESTIONS].lay(*suggestion_lines(book.suggestions, width, self.desk.zone))
        else:
            self._pages[self._tab].lay(*clause_lines(self._clauses(), width))
