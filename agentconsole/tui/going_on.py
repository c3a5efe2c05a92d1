"""Going on with the work under a digit: the one text that was begun on its case, or a choice among several."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from agentconsole.domain.errors import Refused
from agentconsole.tui.console import Console
from agentconsole.tui.kinds import KEYS, NOUNS, in_order
from agentconsole.tui.mode import Compose, Open
from agentconsole.tui.places import Tab
from agentconsole.wire.rows import CaseView


class GoingOn:
    """Open the work under a digit; `begun` names the kinds of text that this console holds of a ticket.

    Only the desk knows what was begun at another console or before the sign-in, so it is asked first; where several
    texts were begun their writer chooses, for the one that is not shown would be lost to her.
    """

    def __init__(self, console: Console, begun: Callable[[int], Iterable[str]]) -> None:
        self._console = console
        self._begun = begun

    def table(self) -> dict[str, Callable[[str], None]]:
        """Return what the digits do."""
        return {"go.tab": self.tab}

    def tab(self, pressed: str) -> None:
        """Go to the list, or on with the work under a digit."""
        if pressed == "0":
            self._console.go("queue")
            return
        tabs = self._console.places.tabs
        if not pressed.isdigit() or int(pressed) > len(tabs):
            self._console.say(f"No work is open under {pressed}. Cases you open are put under 1 to 9.")
            return
        tab = tabs[int(pressed) - 1]
        if tab.mode == "composer":
            self._ask(tab)
        else:
            self._console.go("case", Open(tab.ticket, self._console.queue.list.find(tab.ticket)))

    def _ask(self, tab: Tab) -> None:
        release = self._console.hold(f"Opening {tab.number}")

        def read(case: CaseView) -> None:
            self._offer(tab.ticket, (*self._begun(tab.ticket), *(draft.kind for draft in case.drafts)))
            release()

        def refused(refusal: Refused) -> None:
            if kinds := tuple(self._begun(tab.ticket)):
                self._offer(tab.ticket, kinds)
            self._console.refused(refusal)
            release()

        self._console.desk.read_case(tab.ticket, read, refused)

    def _offer(self, ticket: int, begun: Iterable[str]) -> None:
        kinds = in_order(begun)
        if len(kinds) > 1:
            named = ", ".join(f"{KEYS[kind]} the {NOUNS[kind]}" for kind in kinds)
            choices: dict[str, Callable[[], None]] = {KEYS[kind]: partial(self._open, ticket, kind) for kind in kinds}
            self._console.choose(f"Go on with: {named}", choices)
        else:
            self._open(ticket, kinds[0] if kinds else "")

    def _open(self, ticket: int, kind: str) -> None:
        row = self._console.queue.list.find(ticket)
        if kind:
            self._console.go("composer", Compose(ticket, kind, row=row))
        else:
            self._console.go("case", Open(ticket, row))
