"""The demo's customers while it runs: they keep writing, and they answer what the desk sends them."""

import heapq
import itertools
import logging
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from agentconsole.channels.email.smtp import Delivered
from agentconsole.demo.content import Arrival, Content, Customer
from agentconsole.demo.letters import Letter, quoting, write, write_bounce
from agentconsole.domain.mail import Outgoing
from agentconsole.domain.threading import same_address
from agentconsole.server.desk import OpenDesk
from agentconsole.server.intake import Intake

log = logging.getLogger(__name__)
FIRST_MAIL = 12.0
BETWEEN_MAILS = (20.0, 40.0)
ANSWERED_AFTER = (timedelta(minutes=4), timedelta(minutes=12))
NOTICED_AFTER = timedelta(minutes=1)
ROUND = 0.5


@dataclass(order=True, slots=True)
class _Post:
    """Be a message on its way to the desk: it arrives at `at` of the desk's time."""

    at: datetime
    order: int
    brand: str = field(compare=False)
    message_id: str = field(compare=False)
    raw: bytes = field(compare=False)


class Customers:
    """Carry the desk's mail to the customers (`server.mail_out.Postman`) and bring theirs through the real intake."""

    def __init__(self, desk: OpenDesk, intake: Intake, content: Content, seed: int) -> None:
        self._desk = desk
        self._intake = intake
        self._content = content
        self._random = Random(f"customers of {seed}")  # noqa: S311 - it makes up a story, no secret
        self._numbers = itertools.count(1)
        self._arrivals = list(content.arrivals)
        self._answers = {script.customer: list(script.answers) for script in content.scripts}
        self._noticed: set[str] = set()
        self._post: list[_Post] = []
        self._lock = threading.Lock()
        self._next_mail = time.monotonic() + FIRST_MAIL
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._live, name="customers", daemon=True)

    def start(self) -> None:
        """Let them live, unless the desk's time stands still."""
        if self._desk.clock.speed > 0:
            self._thread.start()

    def stop(self) -> None:
        """Let them write no more."""
        self._stopped.set()

    def carry(self, brand: str, mail: Outgoing, message: bytes) -> Delivered:
        """Take a mail of the desk; whether and what its customer answers is decided at once, and comes later."""
        customer = self._content.customers.get(same_address(mail.to[0].email))
        if customer is not None and not mail.automatic:
            with self._lock:
                self._react(brand, mail, customer)
        return Delivered(f"the demo's customers have it ({len(message)} bytes)")

    def play(self, now: datetime, beat: float) -> int:
        """Bring what has arrived by `now` (the desk's time); `beat` is the monotonic clock's, for new mail."""
        with self._lock:
            if beat >= self._next_mail:
                self._next_mail = beat + self._random.uniform(*BETWEEN_MAILS)
                self._write_anew(now)
            due = []
            while self._post and self._post[0].at <= now:
                due.append(heapq.heappop(self._post))
        for post in due:
            self._intake.take_in(
                source=f"demo:{post.message_id}", brand=post.brand, raw=post.raw, received_at=self._desk.clock.now()
            )
        return len(due)

    def _live(self) -> None:
        while not self._stopped.wait(ROUND):
            try:
                self.play(self._desk.clock.now(), time.monotonic())
            except Exception:  # the edge of a thread: the demo goes on with its other mail
                log.exception("a mail of the demo's customers was lost")

    def _react(self, brand: str, mail: Outgoing, customer: Customer) -> None:
        now = self._desk.clock.now()
        if customer.gone:
            message_id = self._message_id(customer)
            self._send(
                now + NOTICED_AFTER, brand, message_id, write_bounce(customer.email, mail.message_id, message_id, now)
            )
            return
        if customer.away and customer.email not in self._noticed:
            self._noticed.add(customer.email)
            text = self._random.choice(self._content.talk.away)
            self._answer(now + NOTICED_AFTER, brand, mail, customer, text, automatic=True)
        text = self._words(customer)
        if text:
            delay = self._random.uniform(*(span.total_seconds() for span in ANSWERED_AFTER))
            self._answer(now + timedelta(seconds=delay), brand, mail, customer, text)

    def _words(self, customer: Customer) -> str:
        """Return what a customer answers: the script's words, thanks, a question, or nothing."""
        scripted = self._answers.get(customer.email)
        if scripted:
            return scripted.pop(0)
        mood = self._random.random()
        if mood < 0.5:
            return f"{self._random.choice(self._content.talk.thanks)}\n\n{customer.name}"
        if mood < 0.8:
            return f"{self._random.choice(self._content.talk.questions)}\n\n{customer.name}"
        return ""

    def _answer(
        self, at: datetime, brand: str, mail: Outgoing, customer: Customer, text: str, *, automatic: bool = False
    ) -> None:
        wall = f"{self._desk.clock.now().astimezone(self._desk.zone):%a %d %b %Y at %H:%M}"
        letter = Letter(
            sender=customer,
            to=(mail.reply_to or mail.from_).email,
            subject=f"Automatic reply: {mail.subject}" if automatic else mail.subject,
            text=text if automatic else quoting(text, mail.text, mail.from_.name, wall),
            message_id=self._message_id(customer),
            sent_at=at,
            in_reply_to=mail.message_id,
            references=mail.references,
            automatic=automatic,
        )
        self._send(at, brand, letter.message_id, write(letter))

    def _write_anew(self, now: datetime) -> None:
        arrival = self._arrivals.pop(0) if self._arrivals else self._made_up()
        customer = self._content.customers[arrival.customer]
        letter = Letter(
            sender=customer,
            to=self._desk.context.addresses[arrival.brand],
            subject=arrival.subject,
            text=arrival.text,
            message_id=self._message_id(customer),
            sent_at=now,
        )
        self._send(now, arrival.brand, letter.message_id, write(letter))

    def _made_up(self) -> Arrival:
        customer = self._random.choice([each for each in self._content.customers.values() if not each.gone])
        matter = self._random.choice(self._content.matters)
        wording = self._content.word(matter, customer.name, self._random)
        return Arrival(matter.brand, customer.email, wording.subject, wording.text)

    def _message_id(self, customer: Customer) -> str:
        return f"<now-{next(self._numbers)}-{self._desk.context.uid[:8]}@{customer.email.partition('@')[2]}>"

    def _send(self, at: datetime, brand: str, message_id: str, raw: bytes) -> None:
        heapq.heappush(self._post, _Post(at, next(self._numbers), brand, message_id, raw))
