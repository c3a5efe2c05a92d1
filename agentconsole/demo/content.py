"""The demo's content as values: its customers, what they write about, and the cases that are open when it begins."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from agentconsole.config.paths_data import data_dir
from agentconsole.domain.errors import Refused

_BLANK = re.compile(r"\{(order|item|amount|count|day|name)\}")
_SPAN = re.compile(r"(-?)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


@dataclass(frozen=True, slots=True)
class Customer:
    """Be somebody who writes: `away` answers with an out-of-office notice, mail to who is `gone` comes back."""

    name: str
    email: str
    away: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """Hold what customers of a brand write about: subjects, texts and answers that go together, one wording each."""

    brand: str
    items: tuple[str, ...]
    subjects: tuple[str, ...]
    texts: tuple[str, ...]
    answers: tuple[str, ...]
    more: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """Hold how people begin and end a mail, thank, ask again and are away."""

    openings: tuple[str, ...]
    closings: tuple[str, ...]
    thanks: tuple[str, ...]
    questions: tuple[str, ...]
    away: tuple[str, ...]
    agent_openings: tuple[str, ...]
    agent_closings: tuple[str, ...]
    notes: tuple[str, ...]
    resolutions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Enclosure:
    """Be a file that a customer sends along."""

    name: str
    type: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """Be one step of a case; exactly one of `left`, `ago`, `after` and `day` (working days, with `time`) says when.

    `until` counts from the beginning of the demo on.
    """

    do: str
    text: str = ""
    who: str = ""
    to: str = ""
    then: str = "open"
    until: timedelta = timedelta(0)
    left: timedelta | None = None
    ago: timedelta | None = None
    after: timedelta | None = None
    day: int | None = None
    time: str = ""
    files: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """Be a case that is open when the demo begins; `answers` is what its customer will write back, one by one."""

    brand: str
    customer: str
    subject: str
    owner: str
    steps: tuple[Step, ...]
    tags: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Filler:
    """Ask for a case made from a matter: `left` on its clock, or begun `ago`; `done` when it is settled already."""

    brand: str
    owner: str
    left: timedelta | None
    ago: timedelta | None
    done: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """Be one mail made from a matter, with its blanks filled, and the words in which it is answered."""

    matter: Matter
    subject: str
    text: str
    answer: str
    more: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """Be a mail that comes in while the demo runs."""

    brand: str
    customer: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    """Hold everything that the demo's people write."""

    customers: Mapping[str, Customer]
    matters: tuple[Matter, ...]
    talk: Talk
    scripts: tuple[Script, ...]
    fillers: tuple[Filler, ...]
    arrivals: tuple[Arrival, ...]

    def word(self, matter: Matter, name: str, random: Random) -> Wording:
        """Put a matter into words for a customer of that name."""
        blanks = {
            "order": str(random.randint(2100, 4990)),
            "item": random.choice(matter.items),
            "amount": str(random.randint(12, 95)),
            "count": str(random.randint(2, 40)),
            "day": random.choice(_DAYS),
            "name": name,
        }
        opening, closing = random.choice(self.talk.openings), random.choice(self.talk.closings)
        which = random.randrange(len(matter.texts))

        def mail(wording: str) -> str:
            return f"{opening}\n\n{_fill(wording, blanks)}\n\n{closing}\n{name}"

        subject = _fill(matter.subjects[which], blanks)
        return Wording(
            matter=matter,
            subject=subject[:1].upper() + subject[1:],
            text=mail(matter.texts[which]),
            answer=_fill(matter.answers[which], blanks),
            more=mail(random.choice(matter.more)),
        )

    def answer_mail(self, answer: str, customer: str, agent: str, brand: str, random: Random) -> str:
        """Write an agent's answer as a whole mail."""
        opening = _fill(random.choice(self.talk.agent_openings), {"name": customer})
        return f"{opening}\n\n{answer}\n\n{random.choice(self.talk.agent_closings)}\n{agent}, {brand}"


def load_content() -> Content:
    """Read `data/demo`. Raises Refused when its parts do not fit together."""
    customers = {row["email"]: Customer(**row) for row in _read("customers")["customers"]}
    live = _read("live")
    content = Content(
        customers=customers,
        matters=tuple(matter for brand in ("ecolab", "ecom", "ist") for matter in _matters(_read(f"matters-{brand}"))),
        talk=Talk(**{key: tuple(value) for key, value in _read("talk").items()}),
        scripts=tuple(_script(row) for row in live["cases"]),
        fillers=tuple(filler for row in live["fill"] for filler in _fillers(row)),
        arrivals=tuple(Arrival(**{**row, "text": row["text"].strip()}) for row in _read("stream")["mails"]),
    )
    writers = [script.customer for script in content.scripts] + [mail.customer for mail in content.arrivals]
    unknown = [writer for writer in writers if writer not in customers]
    if unknown:
        raise Refused(f"The demo has no customer {unknown[0]}, who writes in it.")
    return content


def span(text: str) -> timedelta:
    """Read a span such as `1h35m`, `-22m` or `11m30s`."""
    found = _SPAN.fullmatch(text)
    if found is None or not any(found.groups()[1:]):
        raise Refused(f'"{text}" is no span of the demo: write it as 1h35m.')
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -length if found.group(1) else length


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((data_dir() / "demo" / f"{name}.toml").read_text(encoding="utf-8"))


def _fill(text: str, blanks: Mapping[str, str]) -> str:
    return _BLANK.sub(lambda found: blanks.get(found.group(1), found.group()), text)


def _matters(table: dict[str, Any]) -> list[Matter]:
    words = ("subjects", "texts", "answers", "more", "tags")
    return [
        Matter(table["brand"], tuple(table["items"]), **{word: tuple(row[word]) for word in words})
        for row in table["matters"]
    ]


def _script(row: dict[str, Any]) -> Script:
    lists: dict[str, Any] = {key: tuple(row[key]) for key in ("tags", "answers") if key in row}
    lists["steps"] = tuple(_step(step) for step in row["steps"])
    return Script(**(row | lists))


def _step(row: dict[str, Any]) -> Step:
    values: dict[str, Any] = {key: span(row[key]) for key in ("until", "left", "ago", "after") if key in row}
    values["files"] = tuple(Enclosure(**file) for file in row.get("files", ()))
    values["text"] = row.get("text", "").strip()
    return Step(**(row | values))


def _fillers(row: dict[str, Any]) -> list[Filler]:
    fillers = []
    for text in row["rows"]:
        brand, *when = text.split()
        ago = span(when[1]) if when[0] == "ago" else None
        left = None if ago is not None else span(when[0])
        fillers.append(Filler(brand, row["owner"], left, ago, row.get("done", False)))
    return fillers
