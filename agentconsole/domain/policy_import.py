"""Importing a policy: a policy document in, a draft pack as TOML out, every proposal below the line it comes from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agentconsole.domain.errors import Refused
from agentconsole.domain.policy_import_amounts import is_always
from agentconsole.domain.policy_import_escalation import read_triggers
from agentconsole.domain.policy_import_figures import read_figure
from agentconsole.domain.policy_import_found import Found, Place
from agentconsole.domain.policy_import_gaps import read_gaps
from agentconsole.domain.policy_import_head import read_head
from agentconsole.domain.policy_import_later import keep_from_complaints, limit_to_hours
from agentconsole.domain.policy_import_outline import Passage, outline
from agentconsole.domain.policy_import_promises import read_promises
from agentconsole.domain.policy_import_tasks import read_tasks
from agentconsole.domain.policy_import_text import read_lines
from agentconsole.domain.policy_import_words import channels_in
from agentconsole.domain.policy_import_write import draft_text
from agentconsole.domain.terms import Channel

_MOST_CLAUSES = 2_000
_LARGEST_DRAFT = 900_000
_TOO_MUCH = (
    "{file} says more than one pack holds; nothing was written. "
    "Import it chapter by chapter, each from a file of its own."
)


@dataclass(frozen=True, slots=True)
class Draft:
    """Hold a draft pack: its TOML, how much it proposes of what, and how many sentences with amounts became nothing."""

    text: str
    clauses: int
    proposed: tuple[tuple[str, int], ...]
    passed: int

    def count(self, table: str) -> int:
        """Return how many entries of one list of a pack are proposed."""
        return dict(self.proposed).get(table, 0)


def import_policy(document: bytes, *, file: str) -> Draft:
    """Draft a pack from the bytes of a text or Markdown document; `file` is its name, which the pack is called after.

    The pack has the status "draft" and parses. Refuses what is no text, too large, or has more clauses than a pack
    holds. Time is linear in the document.
    """
    passages = outline(read_lines(document, file))
    if not any(letter.isalpha() for passage in passages for letter in passage.text):
        raise Refused(f"{file} holds no sentence to import; nothing was written. Give the text of a policy.")
    if len(passages) > _MOST_CLAUSES:
        raise Refused(_TOO_MUCH.format(file=file))
    found = Found(always=_never_closed(passages))
    sentences = [
        (passage, Place(passage.id, line, sentence))
        for passage in passages
        for line, sentence in passage.sentences()
        if sentence.strip()
    ]
    for passage, place in sentences:
        for read in (read_figure, read_promises, read_tasks, read_triggers, read_gaps):
            read(passage, place.line, place.sentence, found)
    limit_to_hours(passages, found)
    keep_from_complaints(found)
    stem = file.rpartition("/")[2].partition(".")[0]
    head = read_head(passages, [place for _, place in sentences], found, stem)
    name = re.sub(r"[^a-z0-9]+", "-", stem.lower())[:60].strip("-") or "policy"
    proposed = tuple((table, len(entries)) for table, entries in found.entries.items())
    text = draft_text(head, passages, found, file=file, name=name)
    if len(text) > _LARGEST_DRAFT:
        raise Refused(_TOO_MUCH.format(file=file))
    return Draft(text, len(passages), proposed, len(found.passed))


def _never_closed(passages: Sequence[Passage]) -> frozenset[Channel]:
    """Return the channels that the document calls open at every hour."""
    return frozenset(
        channel
        for passage in passages
        for _, sentence in passage.sentences()
        if is_always(sentence)
        for channel in channels_in(sentence)
    )
