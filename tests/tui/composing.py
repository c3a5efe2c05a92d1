"""Playing with a composer: what its tests do again and again."""

from agentconsole.domain.errors import Refused
from agentconsole.tui.mode import Compose
from agentconsole.tui.screens.composer import ComposerMode
from agentconsole.wire.commands import AddNote, Escalate, Reply
from agentconsole.wire.frames import Done
from tests.tui.rosa import ROW, rosa
from tests.tui.stage import Stage, StageConsole, act, paint

GOOD = "Dear Rosa,\nyour money is on its way.\nKind regards,\nAna"


class Desk:
    """Play with a composer on a stage: what the tests do again and again."""

    def __init__(self) -> None:
        self.console = StageConsole()
        self.desk = self.console.desk
        self.goes_at: dict[int, object] = {}
        self.seconds = 100.0
        self.mode = ComposerMode(self.console, paint, self.goes_at, lambda: self.seconds)  # type: ignore[arg-type]
        self.console.mode = self.mode

    def sent(self, *kinds: type) -> list[object]:
        return [body for body in self.desk.asked if isinstance(body, kinds or (Reply, AddNote, Escalate))]

    def answer_all(self, answer: Done | Refused = Done()) -> None:  # noqa: B008 - Done is frozen
        while self.desk.waiting:
            self.desk.answer(answer)

    def answer_reply(self, answer: Done | Refused) -> None:
        """Answer drafts with yes, and the reply with `answer`."""
        for body in self.desk.asked[len(self.desk.asked) - len(self.desk.waiting) :]:
            self.desk.answer(answer if isinstance(body, Reply | Escalate | AddNote) else Done())


def play(desk: Desk, scene: object, compose: Compose | None = None, **changes: object) -> None:
    """Open a composer on Rosa's ticket and play a scene with it."""

    def begin(app: Stage) -> object:
        if compose is None or compose.ticket == 4471:
            desk.desk.deliver(rosa(**changes))
        return scene()  # type: ignore[operator]

    act(desk.mode, compose or Compose(4471, row=ROW), begin)  # type: ignore[arg-type]
