"""What has been found in a policy document so far: the entries of the draft, each with the sentence it comes from."""

from dataclasses import dataclass, field
from decimal import Decimal

from agentconsole.domain.policy_import_words import named
from agentconsole.domain.terms import Channel

Toml = str | int | bool | Decimal | list["Toml"] | dict[str, "Toml"]
Keys = dict[str, Toml]

DESK = "desk"
ALWAYS = "always"

_MOST_ENTRIES = 120
_LONGEST_SHOWN = 160
_LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Place:
    """Say where something was read: the clause, the line (1-based) and the sentence."""

    clause: str
    line: int
    sentence: str

    @property
    def text(self) -> str:
        """Return the sentence, short enough for a line of the console."""
        return _short(self.sentence, _LONGEST_TEXT).rstrip(".;,: ") or "…"

    @property
    def shown(self) -> str:
        """Return the line and its sentence for a comment of the draft."""
        return f"line {self.line}: {_short(self.sentence, _LONGEST_SHOWN)}"


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one entry of the draft: its keys in the order to be written, and a remark for who reads the draft."""

    keys: Keys
    place: Place
    remark: str = ""


@dataclass(slots=True)
class Found:
    """Collect entries by the list of the pack that they belong to; `always` are the channels that are never closed."""

    always: frozenset[Channel] = frozenset()
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    passed: list[tuple[Place, str]] = field(default_factory=list)
    taken: dict[str, set[str]] = field(default_factory=dict)

    def add(self, table: str, base: tuple[str, ...], keys: Keys, place: Place, remark: str = "") -> str:
        """Add an entry under an id made of `base`; return the id. Who adds asks first whether the list is full."""
        name = named(base, self.taken.setdefault(table, set()))
        self.entries.setdefault(table, []).append(Entry({"id": name, "clause": place.clause, **keys}, place, remark))
        return name

    def is_full(self, table: str, place: Place) -> bool:
        """Say whether a list of the draft is as long as anybody reads, and note the sentence if it is."""
        if len(self.of(table)) < _MOST_ENTRIES:
            return False
        self.leave(place, f"the draft has {_MOST_ENTRIES} {table} already")
        return True

    def of(self, table: str) -> list[Entry]:
        """Return the entries of one list of the pack, in the order in which they were found."""
        return self.entries.get(table, [])

    def has(self, table: str, name: str) -> bool:
        """Say whether an id is taken in a list."""
        return name in self.taken.get(table, set())

    def is_from(self, table: str, place: Place) -> bool:
        """Say whether the newest entry of a list was read at a place."""
        return any(entry.place == place for entry in self.of(table)[-1:])

    def leave(self, place: Place, why: str) -> None:
        """Note a sentence from which nothing was proposed although it names an amount of time."""
        if len(self.passed) < _MOST_ENTRIES:
            self.passed.append((place, why))

    def blank(self, name: str, place: Place, question: str, proposal: str, reason: str) -> Toml:
        """Return a reference to a blank, which is made when it is new."""
        if not self.has("blanks", name):
            keys: Keys = {"question": question, "sentence": place.text, "proposal": proposal, "reason": reason}
            name = self.add("blanks", (name,), keys, place)
        return {"blank": name}

    def calendar(self, channels: tuple[Channel, ...]) -> str:
        """Return the calendar by which promises on these channels count."""
        return ALWAYS if channels and self.always.issuperset(channels) else DESK


def _short(text: str, longest: int) -> str:
    words = " ".join(text[: longest * 4].split())
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"
