"""Going on where one was: the console tells the desk its place now and then, and takes it up after the sign-in."""

from __future__ import annotations

from agentconsole.domain.ticket import case_number
from agentconsole.tui.console import Console
from agentconsole.tui.mode import Compose, Open
from agentconsole.tui.places import Place, Places, Tab
from agentconsole.wire.commands import AnyCommand, KeepPlace
from agentconsole.wire.stands import OpenTab, Stand, Step

KEEP_SECONDS = 5.0
KEPT = ("case", "composer")


class Resuming:
    """Keep one person's place at the desk; what changed is said at most every five seconds, and on the way out."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._kept: Stand | None = None
        self._beating = False

    def resume(self, stand: Stand | None) -> None:
        """Put the console where its user was; its modes have forgotten whoever was here before."""
        self._kept = stand
        if stand is not None:
            places = self._console.places
            self._console.queue.stand_at(stand.view, dict(stand.filters), stand.cursor)
            places.tabs[:] = [Tab(tab.ticket, case_number(tab.ticket), tab.mode) for tab in stand.tabs]
            places.stack[:] = [Place("queue", stand.view), *map(_place, stand.steps)]
        if not self._beating:
            self._beating = True
            self._console.frame.after(KEEP_SECONDS, self._beat)

    def saves(self) -> tuple[AnyCommand, ...]:
        """Return the command that keeps the place, if it is another one than the desk has."""
        stand = self.stand()
        if stand == self._kept:
            return ()
        self._kept = stand
        return (KeepPlace(stand),)

    def stand(self) -> Stand:
        """Return where the console is."""
        queue, places = self._console.queue, self._console.places
        return Stand(
            view=queue.view,
            filters=tuple((view, text) for view, text in queue.filters.items() if text),
            cursor=queue.at,
            steps=tuple(step for place in places.stack if (step := _step(place)) is not None),
            tabs=tuple(OpenTab(tab.ticket, tab.mode) for tab in places.tabs if tab.mode in KEPT),
        )

    def _beat(self) -> None:
        if not self._console.gate:
            for save in self.saves():
                self._console.desk.ask(save, lambda _: None, lambda _: self._lost())
        self._console.frame.after(KEEP_SECONDS, self._beat)

    def _lost(self) -> None:
        self._kept = None


def kept_elsewhere(drafts: tuple[str, ...], places: Places) -> tuple[str, ...]:
    """Say on which cases texts of one's own are kept that no open place and no tab shows."""
    open_ = {tab.ticket for tab in places.tabs}
    open_ |= {place.argument.ticket for place in places.stack if isinstance(place.argument, Open | Compose)}
    shown = set(map(case_number, open_))
    first, *more = [number for number in drafts if number not in shown] or [""]
    if not first:
        return ()
    if not more:
        return (f"Your text on case {first} is kept: :{first} opens it.",)
    cases = "1 more case" if len(more) == 1 else f"{len(more)} more cases"
    return (f"Your texts on case {first} and {cases} are kept: / draft lists them.",)


def _step(place: Place) -> Step | None:
    if isinstance(place.argument, Compose) and place.mode == "composer":
        return Step(place.mode, place.argument.ticket, place.argument.kind)
    if isinstance(place.argument, Open) and place.mode in KEPT:
        return Step(place.mode, place.argument.ticket)
    return None


def _place(step: Step) -> Place:
    if step.mode == "composer":
        return Place(step.mode, Compose(step.ticket, step.kind or "reply"))
    return Place(step.mode, Open(step.ticket))
