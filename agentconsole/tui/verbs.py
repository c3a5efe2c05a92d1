"""What the verbs on tickets do, the same from a list, a case, the palette and the command line."""

from __future__ import annotations

from collections.abc import Callable

from agentconsole.domain.dates import parse_when
from agentconsole.domain.errors import Refused
from agentconsole.domain.terms import Priority
from agentconsole.domain.ticket import parse_case_number
from agentconsole.tui.command_line import one_of
from agentconsole.tui.console import Console
from agentconsole.tui.copying import CopyVerbs
from agentconsole.tui.doing import NO_CASE, Doing
from agentconsole.tui.lines import Line, clip
from agentconsole.tui.mode import Compose, Explain, Open, Target
from agentconsole.tui.prompt import Question
from agentconsole.wire.commands import (
    AddNote,
    Assign,
    Escalate,
    GiveBack,
    Redeliver,
    Reopen,
    Resolve,
    SetPriority,
    Tag,
    Take,
    TakeNext,
    Undo,
    Wait,
)
from agentconsole.wire.frames import AnyAnswer, Done
from agentconsole.wire.rows import CaseView, PersonRow

ANSWERS = frozenset({"answer", "reply", "ack", "letter", "guide", "promise", "greet", "call"})
"""What the NEXT column may ask for that is done by writing to the customer."""


STUCK = frozenset({"failed", "unknown"})
"""States of a mail that a person decides about."""


def ticket_verbs(console: Console) -> dict[str, Callable[[str], None]]:
    """Return what each action on tickets does; the argument is what was typed after the verb, or else the key."""
    writing, placing, copying = WritingVerbs(console), PlacingVerbs(console), CopyVerbs(console)
    return {
        "case.next_step": writing.next_step,
        "case.take_next": writing.take_next,
        "case.reply": writing.reply,
        "case.note": writing.note,
        "case.escalate": writing.escalate,
        "case.copy": copying.copy,
        "case.copy_message": copying.message,
        "case.copy_email": copying.email,
        "find.why": writing.why,
        "case.resolve": placing.resolve,
        "case.wait": placing.wait,
        "case.assign": placing.assign,
        "case.take": placing.take,
        "case.give_back": lambda _: placing.each("Give back", lambda it: GiveBack(it.ticket, it.version)),
        "case.reopen": lambda _: placing.each("Reopen", lambda it: Reopen(it.ticket, it.version)),
        "case.resend": writing.resend,
        "case.undo": lambda _: placing.do(Undo(), "Taken back."),
        "case.priority": placing.priority,
        "case.tag": placing.tag,
    }


class WritingVerbs(Doing):
    """Find the next work, and write: replies, notes, escalations."""

    def next_step(self, _: str) -> None:
        """Do what the NEXT column says."""
        self.on_one("The next step", self._step)

    def _step(self, target: Target) -> None:
        case, row = self.desk.case(target.ticket), self.row(target.ticket)
        verb = case.next if case is not None else row.next if row is not None else ""
        if verb in ANSWERS:
            self.reply("")
        elif verb == "resolve":
            self.console.run("case.resolve")
        elif verb in ("accept", "review", "check", "sign"):
            self.open(target.ticket)
        else:
            self.console.say(f"Nothing is to be done on case {target.number} now.")

    def take_next(self, _: str) -> None:
        """Take the next ticket and open it; keys typed ahead wait, for they mean that ticket."""
        release = self.console.hold("Taking the next case")

        def taken(answer: AnyAnswer) -> None:
            if not isinstance(answer, Done) or answer.ticket is None:
                self.console.say("Nothing waits: no case is yours or nobody's.")
                release()
                return
            if answer.said:
                self.console.say(answer.said.line(), "done")
            self.desk.read_case(answer.ticket, show, refused)

        def show(case: CaseView) -> None:
            self.console.go("case", Open(case.ticket, self.row(case.ticket)))
            release()

        def refused(refusal: Refused) -> None:
            self.console.refused(refusal)
            release()

        self.desk.ask(TakeNext(), taken, refused)

    def reply(self, words: str) -> None:
        """Write a reply, from a template if one is named (`;ref`)."""
        template = words.removeprefix(";") if words.startswith(";") else ""
        self.on_one("A reply", lambda it: self._compose(it, "reply", template))

    def _compose(self, target: Target, kind: str, template: str = "") -> None:
        self.console.go("composer", Compose(target.ticket, kind, template, self.row(target.ticket)))

    def note(self, words: str) -> None:
        """Add what was typed as a note, or open a note to write."""
        if len(words) > 1:
            self.on_one("A note", lambda it: self.do(AddNote(it.ticket, words), f"Note added to {it.number}."))
        else:
            self.on_one("A note", lambda it: self._compose(it, "note"))

    def escalate(self, words: str) -> None:
        """Escalate with the note that was typed, or open one to write."""
        if len(words) > 1:
            self.on_one(
                "Escalating",
                lambda it: self.do(Escalate(it.ticket, it.version, words), f"Case {it.number} escalated."),
            )
        else:
            self.on_one("Escalating", lambda it: self._compose(it, "escalate"))

    def resend(self, words: str) -> None:
        """Send a mail again that failed or is in doubt; after `sent`, note that it did leave."""
        decision = "sent" if words.strip() == "sent" else "send"
        self.on_one(
            "Sending again", lambda it: self.desk.read_case(it.ticket, lambda case: self._decide(case, decision))
        )

    def _decide(self, case: CaseView, decision: str) -> None:
        stuck = [contact for contact in case.contacts if contact.delivery in STUCK]
        if stuck:
            self.do(Redeliver(stuck[-1].id, decision), f"Case {case.number}: decided.")
        else:
            self.console.say(f"No mail of case {case.number} failed or is in doubt.")

    def why(self, _: str) -> None:
        """Explain the clock that decides a ticket's place."""
        self.on_one("Explaining", lambda it: self.console.go("why", Explain(it.ticket)))


class PlacingVerbs(Doing):
    """Say whose a ticket is and how it stands: take, assign, wait, resolve, priority, tags."""

    def resolve(self, words: str) -> None:
        """Resolve, with the reason that was typed."""
        reason = words if len(words) > 1 else ""
        self.each("Resolve", lambda it: Resolve(it.ticket, it.version, reason))

    def take(self, words: str) -> None:
        """Take, or give back what is mine; with a number that case of the list."""
        if number := parse_case_number(words):
            row = self.row(number)
            if row is None:
                self.console.say(f"Case {words} is not in this list: open it first, then press t.")
                return
            self.do(Take(row.ticket, row.version), f"Case {row.number} is yours.")
            return
        me = self.desk.me.login
        mine = [it for it in self.console.mode.targets() if it.owner == me]
        if mine and len(mine) == len(self.console.mode.targets()):
            self.each("Give back", lambda it: GiveBack(it.ticket, it.version))
        else:
            self.each("Take", lambda it: Take(it.ticket, it.version))

    def wait(self, words: str) -> None:
        """Wait for the customer or until a date."""
        if len(words) > 1:
            self._wait_until(words)
            return
        if not self._any():
            return
        self.console.line.open(Question("Wait for: c the customer, or until (fri 12:00, 2h, 27 nov)", self._wait_until))

    def _any(self) -> bool:
        """Tell whether there is a case to ask about; where none is, say so before anything is typed for it."""
        if self.console.mode.targets():
            return True
        self.console.say(NO_CASE)
        return False

    def _wait_until(self, words: str) -> None:
        if not words:
            return
        if words.lower() in ("c", "customer"):
            self.each("Wait for the customer", lambda it: Wait(it.ticket, it.version))
            return
        try:
            until = parse_when(words, self.desk.now(), self.desk.zone)
        except Refused as refusal:
            self.console.refused(refusal)
            return
        self.each("Wait", lambda it: Wait(it.ticket, it.version, until))

    def assign(self, words: str) -> None:
        """Give to someone, whom a few letters name."""
        if len(words) > 1:
            name, *_ = words.split()
            self._assign_to(name)
            return
        if not self._any():
            return
        self.desk.read_people()
        self.console.line.open(
            Question(
                "Assign to",
                self._assign_to,
                complete=lambda typed: next((person.login for person in self._people(typed)), typed),
                tray=self._people_lines,
            )
        )

    def _people(self, typed: str) -> list[PersonRow]:
        typed = typed.strip().lower()
        people = self.desk.people()
        logins = [person for person in people if person.login.lower().startswith(typed)]
        names = [person for person in people if person.name.line().lower().startswith(typed)]
        return logins + [person for person in names if person not in logins]

    def _people_lines(self, typed: str, width: int) -> list[Line]:
        people = self._people(typed)[:5]
        lines = [
            Line(
                (
                    (
                        clip(
                            f"  {person.login:<12} {person.name.line(20):<20} {person.open} open  {person.late} LATE"
                            f"{'' if person.online else '   away'}",
                            width,
                        ),
                        "",
                    ),
                )
            )
            for person in people
        ]
        return lines or [Line((("  nobody is called that", "note"),))]

    def _assign_to(self, typed: str) -> None:
        if not typed:
            return
        people = self._people(typed)
        if not people:
            self.console.say(f"Nobody at this desk is called {typed}.", "refused")
            return
        to = people[0].login
        self.each(f"Assign to {to}:", lambda it: Assign(it.ticket, it.version, to))

    def priority(self, words: str) -> None:
        """Set the priority that was typed, or begun to be."""
        wanted = one_of(tuple(Priority), words)
        if not wanted:
            self.console.say(f"Priority is one of {', '.join(Priority)}: as in :priority high", "refused")
            return
        self.each(f"Set priority {wanted} on", lambda it: SetPriority(it.ticket, it.version, wanted))

    def tag(self, words: str) -> None:
        """Add `+tags` and remove `-tags`."""
        add = tuple(word[1:] for word in words.split() if word.startswith("+") and word[1:])
        remove = tuple(word[1:] for word in words.split() if word.startswith("-") and word[1:])
        if not add and not remove:
            self.console.say("Tags are added by + and removed by -: as in :tag +refund -late", "refused")
            return
        self.each("Tag", lambda it: Tag(it.ticket, add, remove))
