"""Playing the scripted cases of the demo through the desk's own use cases, at the instants of their past."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import select

from agentconsole.channels.email.parse import parse_mail
from agentconsole.channels.email.site import Site
from agentconsole.demo.chronicle import Case, acting
from agentconsole.demo.letters import Letter, write, write_bounce
from agentconsole.demo.plot import Moment
from agentconsole.domain.errors import Refused
from agentconsole.domain.mail import ParsedMail
from agentconsole.server.intake import CUSTOMER
from agentconsole.services import escalation, intake, lifecycle, outbox, ownership, replies, sweep
from agentconsole.services.addressing import desk_address
from agentconsole.services.context import DeskContext
from agentconsole.services.tickets import find_ticket
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import DESK, Tx


@dataclass(slots=True)
class Present:
    """Play moments before `base` in the order of time; a case that the chronicle began goes on here."""

    tx: Tx
    desk: DeskContext
    base: datetime
    staff: Mapping[str, User]
    cases: Mapping[int, Case]
    _tickets: dict[int, int] = field(default_factory=dict)
    _threads: dict[int, list[str]] = field(default_factory=dict)

    def play(self, moment: Moment) -> None:
        """Play one moment, at its instant and by its doer."""
        doing: dict[str, Callable[[Moment], None]] = {
            "mail": self._mail,
            "take": self._take,
            "reply": self._reply,
            "note": self._note,
            "promise": self._promise,
            "priority": self._priority,
            "escalate": self._escalate,
            "bounce": self._bounce,
        }
        self.tx.now = moment.at
        self.tx.actor = acting(self.staff[moment.step.who]) if moment.step.who else CUSTOMER
        doing[moment.step.do](moment)

    def look_after(self) -> None:
        """Let the desk record what has fallen due on every live ticket, as its sweep does each second."""
        self.tx.actor = DESK
        for (number,) in self.tx.rows("SELECT id FROM ticket WHERE live = 1 ORDER BY id"):
            sweep.look_after(self.tx, self.desk, find_ticket(self.tx, number))
        held = select(Outbox).where(Outbox.state == "held")
        for mail in self.tx.session.exec(held).all():
            outbox.sent(self.tx, mail.id or 0)

    def _ticket(self, moment: Moment) -> Ticket:
        number = self._tickets.get(moment.tale.number) or self.cases[moment.tale.number].ticket["id"]
        return find_ticket(self.tx, number)

    def _thread(self, moment: Moment) -> list[str]:
        """Return the Message-IDs of a case, oldest first."""
        begun = self.cases.get(moment.tale.number)
        return self._threads.setdefault(moment.tale.number, begun.thread if begun else [])

    def _mail(self, moment: Moment) -> None:
        self.tx.actor = CUSTOMER
        thread = self._thread(moment)
        sender = moment.tale.customer
        letter = Letter(
            sender=sender,
            to=desk_address(self.tx.session, self.desk, moment.tale.brand).email,
            subject=moment.tale.subject,
            text=moment.step.text,
            message_id=f"<case-{moment.tale.number}-{len(thread)}@{sender.email.partition('@')[2]}>",
            sent_at=moment.at,
            in_reply_to=thread[-1] if thread else "",
            references=tuple(thread[:-1]),
            files=moment.step.files,
        )
        number = self._file(moment, write(letter), letter.message_id)
        self._tickets[moment.tale.number] = number
        thread.append(letter.message_id)
        if len(thread) == 1 and moment.tale.tags:
            self.tx.actor = DESK
            lifecycle.tag(self.tx, number, moment.tale.tags, ())

    def _file(self, moment: Moment, raw: bytes, message_id: str) -> int:
        """Take a mail in as the intake does: kept, read, filed."""
        mail = parse_mail(raw, Site(self.desk.uid[:8]))
        if isinstance(mail, ParsedMail):
            for attachment in mail.attachments:
                self.desk.store.put(attachment.content)
        source = f"demo:{message_id}"
        intake.keep(
            self.tx, source=source, sha256=self.desk.store.put(raw), brand=moment.tale.brand, received_at=moment.at
        )
        filed = intake.file_mail(self.tx, self.desk, source, mail, raw)
        if filed.ticket is None:
            raise Refused(f"The demo's mail {message_id} was not filed: {filed.sentence}.")
        return filed.ticket

    def _take(self, moment: Moment) -> None:
        ticket = self._ticket(moment)
        ownership.take(self.tx, ticket.id or 0, ticket.version)

    def _reply(self, moment: Moment) -> None:
        ticket = self._ticket(moment)
        step = moment.step
        _, mail = replies.reply(self.tx, self.desk, ticket.id or 0, ticket.version, step.text, step.then, anyway=False)
        self.tx.actor = DESK
        outbox.sent(self.tx, mail.id or 0)
        self._thread(moment).append(mail.message_id)

    def _note(self, moment: Moment) -> None:
        replies.add_note(self.tx, self._ticket(moment).id or 0, moment.step.text)

    def _promise(self, moment: Moment) -> None:
        ticket = self._ticket(moment)
        until = self.base + moment.step.until
        lifecycle.wait(self.tx, ticket.id or 0, ticket.version, until, moment.step.text)

    def _priority(self, moment: Moment) -> None:
        ticket = self._ticket(moment)
        lifecycle.set_priority(self.tx, ticket.id or 0, ticket.version, moment.step.to)

    def _escalate(self, moment: Moment) -> None:
        ticket = self._ticket(moment)
        escalation.escalate(self.tx, ticket.id or 0, ticket.version, moment.step.text)

    def _bounce(self, moment: Moment) -> None:
        """Let the newest mail of the desk come back."""
        self.tx.actor = CUSTOMER
        email = moment.tale.customer.email
        message_id = f"<bounce-{moment.tale.number}@{email.partition('@')[2]}>"
        raw = write_bounce(email, self._thread(moment)[-1], message_id, moment.at)
        self._file(moment, raw, message_id)
