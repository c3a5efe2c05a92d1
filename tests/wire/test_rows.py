"""Each text on the wire is untrusted or a word of the desk; on the wire itself it is a plain string."""

import inspect
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
import pytest

from agentconsole.domain.errors import Stale
from agentconsole.domain.untrusted import Untrusted
from agentconsole.wire import duties, frames, histories, policies, policy_reading, rows, stands
from agentconsole.wire.client import refusal
from agentconsole.wire.command import Command
from agentconsole.wire.frames import Answer, BadFrame, Found, No, frame, read_tell
from agentconsole.wire.query import Query
from agentconsole.wire.rows import SearchRow

STATES = "the desk's own word for a state, a kind, a role or a verb"
IDS = "a number, a hash or a version that the desk gave"
CHECKED = "a name that the desk let in letter by letter: a login, a brand's short name, an abbreviation, a time zone"
PACK = "words of a policy pack: printable letters, or the parser refuses it"
SAID = "a sentence of the desk that quotes nobody"
OWN = "what this very session asked for or is given once"
DESK_MADE = {
    "ClockRow": {
        STATES: ("kind", "frozen"),
        PACK: ("standard", "clause", "text", "reason"),
        CHECKED: ("zone",),
    },
    "QueueRow": {
        STATES: ("tier", "channel", "status", "priority", "next", "flags"),
        IDS: ("number",),
        CHECKED: ("owner", "brand"),
    },
    "QueuePage": {OWN: ("view", "filter")},
    "AttachmentRow": {IDS: ("sha256",)},
    "ContactRow": {STATES: ("kind", "author", "channel", "delivery", "auth"), SAID: ("verdict",)},
    "DraftRow": {STATES: ("kind",)},
    "OthersDraft": {CHECKED: ("login",), STATES: ("kind",)},
    "CaseView": {
        STATES: ("status", "priority", "channel", "kind", "next", "tier", "flags", "allowed"),
        IDS: ("number", "link_to", "money_limit"),
        CHECKED: ("brand", "owner", "escalated_to"),
        PACK: ("deciding", "money_clause"),
    },
    "TemplateRow": {CHECKED: ("abbr", "brand", "language")},
    "PersonRow": {CHECKED: ("login",), STATES: ("role",)},
    "Stand": {OWN: ("view", "filters")},
    "Step": {OWN: ("mode", "kind")},
    "OpenTab": {OWN: ("mode",)},
    "WatcherRow": {CHECKED: ("login",)},
    "UserRow": {CHECKED: ("login",), STATES: ("role", "factor", "unix")},
    "AddressRow": {STATES: ("role",), CHECKED: ("range", "label")},
    "BrandRow": {CHECKED: ("brand",), PACK: ("pack",)},
    "Addresses": {CHECKED: ("here",)},
    "Why": {SAID: ("title",), CHECKED: ("pack",), PACK: ("clause", "standard", "others")},
    "Finding": {STATES: ("level",), SAID: ("subject",)},
    "DeskStatus": {IDS: ("version", "schema")},
    "BlankRow": {PACK: ("pack", "blank", "clause", "question", "sentence", "proposal", "reason")},
    "VersionRow": {STATES: ("state",), CHECKED: ("author",), PACK: ("revision", "open_blanks"), IDS: ("sha256",)},
    "PolicyRow": {PACK: ("pack", "title"), CHECKED: ("brands",)},
    "MyPolicyRow": {CHECKED: ("pack", "brands")},
    "CarrierRow": {STATES: ("kind", "change")},
    "ClauseRow": {STATES: ("change",), PACK: ("id",)},
    "AcceptanceRow": {CHECKED: ("login", "pack"), STATES: ("role",)},
    "SuggestionRow": {CHECKED: ("pack", "login", "settled_by"), STATES: ("disposition",), PACK: ("clause",)},
    "PolicyText": {PACK: ("pack", "answers")},
    "HistoryRow": {CHECKED: ("brand",), STATES: ("channel", "queue", "priority", "kind", "status")},
    "DutyRow": {PACK: ("duty", "task", "clause"), STATES: ("owner",), CHECKED: ("done_by",)},
    "SearchRow": {IDS: ("number",), STATES: ("status",), CHECKED: ("owner",)},
    "AuditReport": {IDS: ("anchor",)},
    "Copied": {IDS: ("file",)},
    "Welcome": {IDS: ("version", "peer"), CHECKED: ("zone",)},
    "SignedIn": {
        CHECKED: ("login", "brands"),
        STATES: ("role", "permits"),
        IDS: ("drafts",),
        SAID: ("notes",),
    },
    "Enrolling": {CHECKED: ("login",), OWN: ("seed_text", "uri", "qr", "qr_marks")},
    "Enrolled": {OWN: ("codes",)},
    "Codes": {OWN: ("codes",)},
    "Done": {OWN: ("secret",)},
    "No": {STATES: ("code", "gaps")},
    "Locked": {SAID: ("reason",)},
    "Ended": {SAID: ("reason",)},
}
"""All texts of rows and answers that are `str`, each with why nobody outside can write into it."""

HOSTILE = "\x1b]52;c;eA==\x07\x9b2J\u202e\ud800 e" + "\u0301" * 20


def structs() -> Iterator[type[msgspec.Struct]]:
    """Yield what the server tells a session."""
    for module in (rows, duties, frames, stands, policies, policy_reading, histories):
        for _, kind in inspect.getmembers(module, inspect.isclass):
            is_asked = issubclass(kind, (Command, Query, frames.Ask))
            if issubclass(kind, msgspec.Struct) and kind.__module__ == module.__name__ and not is_asked:
                yield kind


def holds_str(kind: object) -> bool:
    """Tell whether a field's type has a plain string anywhere in it."""
    if isinstance(kind, type) and issubclass(kind, str):
        return True
    return any(holds_str(part) for part in getattr(kind, "__args__", ()))


@pytest.mark.parametrize("kind", structs(), ids=lambda kind: kind.__name__)
def test_each_text_is_untrusted_or_stands_on_the_list_of_the_desk_s_own_words(kind: type[msgspec.Struct]) -> None:
    plain = {field.name for field in msgspec.structs.fields(kind) if holds_str(field.type)}

    listed = [name for names in DESK_MADE.get(kind.__name__, {}).values() for name in names]

    assert sorted(plain) == sorted(listed)


def test_the_list_names_nothing_that_is_gone() -> None:
    assert set(DESK_MADE) <= {kind.__name__ for kind in structs()}


def test_an_untrusted_text_is_a_plain_string_on_the_wire_and_untrusted_again_behind_it() -> None:
    row = SearchRow(1, "1-1", Untrusted("Rosa\x1b[2J"), Untrusted("Straße"), "open", "ana")

    sent = frame(Answer(7, Found((row,))))[4:]

    assert read_tell(sent) == Answer(7, Found((row,)))
    assert msgspec.msgpack.decode(sent)["body"]["rows"][0]["customer"] == "Rosa\x1b[2J"


def test_where_a_text_belongs_nothing_else_is_read() -> None:
    sent = msgspec.msgpack.decode(frame(Answer(7, No(Untrusted("no"))))[4:])
    sent["body"]["sentence"] = 7

    with pytest.raises(BadFrame, match="not an answer of ours"):
        read_tell(msgspec.msgpack.encode(sent))


def test_what_the_wire_does_not_know_is_not_sent_as_a_text() -> None:
    with pytest.raises(TypeError, match="object does not cross the wire"):
        frame(Answer(7, No(object())))  # type: ignore[arg-type]


def test_a_refusal_that_quotes_hostile_text_arrives_cleaned() -> None:
    text = Untrusted(HOSTILE)

    stale = refusal(No(text, "stale", changes=(text,)))
    refused = refusal(No(text, gaps=(("until", text),)))

    assert isinstance(stale, Stale)
    for said in (stale.sentence, *stale.changes, refused.sentence, refused.gaps[0].what):
        assert said == "␛]52;c;eA==␇\ufffd2J<U+202E>\ufffd e" + "\u0301" * 8


def test_a_date_beside_a_text_stays_a_date() -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)

    told = read_tell(frame(Answer(1, frames.Done(Untrusted("done"), held_until=at)))[4:])

    assert told == Answer(1, frames.Done(Untrusted("done"), held_until=at))
