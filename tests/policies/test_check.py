"""What `policy check` finds in one pack: a sound small pack has no finding, and each fault in it is the one finding."""

from datetime import UTC, date, datetime

import pytest

from agentconsole.config.templates import PLACEHOLDERS
from agentconsole.domain.policy_check import Known, check
from agentconsole.domain.policy_check_dates import STALE_MONTHS, day_text, read_dates
from agentconsole.domain.policy_check_finding import Finding
from agentconsole.domain.policy_check_words import trouble_with
from agentconsole.domain.terms import Role
from tests.policies.small_pack import parse

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KNOWN = Known(PLACEHOLDERS, {})

SOUND = """
[policy]
id = "sound"
title = "A sound policy"
organisation = "Example Works"
source = "sound.txt"
revision_text = "14/03/2026"
revision_date = 2026-03-14
version = 1
status = "active"
intent = "Be kind."
zone = "Europe/Vienna"
currency = "EUR"

[[sections]]
heading = "Service"
[sections.clauses]
"1" = { line = 4, quote = "mail within a day" }
"2" = { line = 5, quote = "live chat within minutes" }
"3" = { line = 6, quote = "as revised on 14/03/2026" }
"4" = { line = 7, quote = "voicemails are looked through" }
"5" = { line = 8, quote = "our emergency number" }

[[blanks]]
id = "hours"
clause = "1"
question = "When are you open?"
sentence = "Open …"
proposal = "Mon-Fri 09:00-17:00"
reason = "Usual."

[[settings]]
id = "stale_after_months"
clause = "3"
question = "After how many months is the policy read anew?"
value = "12"

[calendars.desk]
zone = "Europe/Vienna"
hours = { blank = "hours" }

[channel_calendars]
email = "desk"
chat = "desk"

[roles]
"representative" = "agent"

[[messages]]
id = "ack"
clause = "1"
channel = "email"
text = "Thank you, {{customer_name}}. We are here {blank:hours}."

[[messages]]
id = "letter-text"
clause = "1"
text = "By {{date_promised}}, as {{ruled}}, {{agent_name}}."

[[letters]]
id = "first"
clause = "1"
title = "First letter"
message = "letter-text"
required = ["ruled"]

[[contacts]]
id = "fire"
clause = "5"
label = "Fire"
address = "1-800-BRIGADE"
emergency = true

[defaults]
warnings = [{ percent = 75, whom = "agent" }]
chain = [{ percent = 100, role = "supervisor" }]

[[standards]]
id = "mail"
clause = "1"
clock = "first_response"
text = "mail within a day"
target = { elapsed = "24 h" }
applies = { channels = ["email"] }
actions = [{ kind = "auto_acknowledge", after = "12 h", message = "ack" }]

[[standards]]
id = "chat"
clause = "2"
clock = "first_response"
text = "chat within minutes"
target = { business = "5 min", calendar = "desk" }
applies = { channels = ["chat"], out_of_hours = false }

[[duties]]
id = "voicemails"
clause = "4"
text = "look through the voicemails"
owner = "agent"
every = "2 h"
calendar = "desk"

[[triggers]]
id = "stuck"
clause = "1"
text = "an agent cannot settle it"
predicate = "agent_cannot_resolve"
to = "supervisor"
"""


def found(text: str, **answers: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the findings of a pack as (level, check, clauses), its hours being answered unless `answers` are given."""
    pack = parse(text, **(answers or {"hours": "Mon-Fri 09:00-17:00"}))
    return [
        (finding.level.value, finding.check, tuple(place.clause for place in finding.where))
        for finding in check([pack], NOW, KNOWN).findings
    ]


def changed(old: str, new: str) -> str:
    """Return the sound pack with one fault in it."""
    assert SOUND.count(old) == 1, old
    return SOUND.replace(old, new)


def test_a_sound_pack_has_no_finding() -> None:
    assert found(SOUND) == []


MAIL_TARGET = 'target = { elapsed = "24 h" }'
MAIL_APPLIES = 'applies = { channels = ["email"] }'
MAIL_ACTION = 'after = "12 h"'
CHAT_APPLIES = 'applies = { channels = ["chat"], out_of_hours = false }'
DESK = 'hours = { blank = "hours" }\n\n[channel'


@pytest.mark.parametrize(
    ("situation", "old", "new", "level", "check_id", "clauses"),
    [
        ("a 2 h answer, acknowledged after 12 h", MAIL_TARGET, 'target = { elapsed = "2 h" }', "never", "late-action",
         "1"),
        ("acknowledged when it is due", MAIL_ACTION, 'after = "24 h"', "never", "late-action", "1"),
        ("warned when it is due", "percent = 75", "percent = 100", "never", "late-warning", "1 2"),
        ("warned at the start", '{ percent = 75, whom = "agent" }', '{ before = "24 h", whom = "agent" }', "never",
         "late-warning", "1 2"),
        ("no number, and a warning", 'target = { business = "5 min", calendar = "desk" }',
         'target = { best_effort = "erlang" }', "never", "never-due", "2"),
        ("told to those who know", 'role = "supervisor" }]', 'role = "representative" }]', "never", "chain-ends",
         "1 2"),
        ("told to nobody", 'chain = [{ percent = 100, role = "supervisor" }]', "chain = []", "warning", "chain-empty",
         "1 2"),
        ("handed to those who could not", 'to = "supervisor"', 'to = "representative"', "never", "escalates-to-nobody",
         "1"),
        ("a call that rings in the mail", 'id = "mail"\nclause = "1"\nclock = "first_response"',
         'id = "mail"\nclause = "1"\nclock = "ring"', "never", "never-binds", "1"),
        ("an escalated case that is not", CHAT_APPLIES,
         'applies = { channels = ["chat"], escalated = false, stages = ["escalated"] }', "never", "never-binds", "2"),
        ("a complaint of another kind", CHAT_APPLIES,
         'applies = { channels = ["chat"], kinds = ["order"], stages = ["complaint"] }', "never", "never-binds", "2"),
        ("hours that are over", 'hours = { blank = "hours" }\n',
         'hours = {}\nexceptions = { "2020-01-01" = [["09:00", "17:00"]] }\n', "never", "never-open", "2 4 "),
        ("round the clock and shut", 'quote = "live chat within minutes"', 'quote = "live chat (24/7 availability)"',
         "contradiction", "not-always-open", "2"),
        ("a channel without hours", 'email = "desk"\n', "", "warning", "no-hours", "1"),
        ("hours without a promise", 'email = "desk"\n', 'email = "desk"\nmeeting = "desk"\n', "warning", "no-standard",
         ""),
        ("one letter short", "1-800-BRIGADE", "1-800-IT-HELP", "never", "number", "5"),
        ("one letter long", "1-800-BRIGADE", "1-800-SECURITY", "warning", "number", "5"),
        ("a field nobody fills", "Thank you, {{customer_name}}", "Thank you, {{first_name}}", "never", "placeholder",
         "1"),
        ("a name of an agent where none writes", "Thank you, {{customer_name}}", "Yours, {{agent_name}}", "never",
         "placeholder", "1"),
        ("a field that the letter does not require", 'as {{ruled}}, {{agent_name}}', 'as {{ruled}}, {{agent name}}',
         "never", "placeholder", "1"),
        ("another's name", 'quote = "our emergency number"', 'quote = "your LiveAgent account"', "warning",
         "foreign-name", "5"),
        ("no date", 'revision_text = "14/03/2026"\nrevision_date = 2026-03-14\n', "", "warning", "no-date", ""),
        ("a date that is not read", "revision_date = 2026-03-14\n", "", "warning", "no-date", "3"),
        ("another date than is written", "revision_date = 2026-03-14", "revision_date = 2026-03-15", "contradiction",
         "wrong-date", "3"),
        ("a date of two meanings", 'revision_text = "14/03/2026"\nrevision_date = 2026-03-14',
         'revision_text = "04/03/2026"\nrevision_date = 2026-03-04', "warning", "unclear-date", ""),
        ("a date to come", 'revision_text = "14/03/2026"\nrevision_date = 2026-03-14', "revision_date = 2026-12-01",
         "warning", "future-date", ""),
        ("an old date", 'revision_text = "14/03/2026"\nrevision_date = 2026-03-14', "revision_date = 2025-11-22",
         "warning", "stale-date", ""),
    ],
)  # fmt: skip
def test_one_fault_is_one_finding(situation: str, old: str, new: str, level: str, check_id: str, clauses: str) -> None:
    seen = found(changed(old, new))

    places = [clause for _, _, where in seen for clause in where]
    assert {(seen_level, seen_check) for seen_level, seen_check, _ in seen} == {(level, check_id)}
    assert " ".join(places) == clauses


def test_a_longer_promise_beside_a_shorter_one_for_the_same_cases_never_decides() -> None:
    wholesale = """
[[standards]]
id = "wholesale"
clause = "2"
clock = "first_response"
text = "wholesale within two days"
target = { elapsed = "48 h" }
applies = { channels = ["email"], queues = ["wholesale"] }
"""

    longer, shorter = found(SOUND + wholesale), found(SOUND + wholesale.replace("48 h", "4 h"))

    assert longer == [("never", "never-decides", ("2",))]
    assert shorter == []


def test_an_open_blank_is_a_finding_of_its_own_and_fails_nothing() -> None:
    checked = check([parse(SOUND)], NOW, KNOWN)

    assert [(one.level.value, one.where[0].clause, one.where[0].line) for one in checked.findings] == [
        ("blank", "1", 4)
    ]
    assert 'agentconsole policy answer sound hours "..."' in checked.findings[0].do
    assert not checked.fails


def test_an_acknowledgement_is_in_time_where_nights_count_for_nothing() -> None:
    """Two hours of open time may last over a night, in which twelve hours of the clock pass before they are over."""
    mail = changed(MAIL_TARGET, 'target = { business = "2 h", calendar = "desk" }')

    assert found(mail) == []


@pytest.mark.parametrize(
    ("held", "missing"),
    [
        (None, []),
        ({Role.AGENT, Role.SUPERVISOR}, []),
        ({Role.AGENT, Role.MANAGER, Role.ADMIN}, ["Nobody at this desk is a supervisor"]),
        ({Role.SUPERVISOR}, ["Nobody at this desk is an agent"]),
        (set(), ["Nobody at this desk is an agent", "Nobody at this desk is a supervisor"]),
    ],
)
def test_an_escalation_to_a_role_that_nobody_has_ends_at_nobody(held: set[Role] | None, missing: list[str]) -> None:
    seen = check([parse(SOUND, hours="24x7")], NOW, Known(PLACEHOLDERS, {}, held)).findings

    assert [(one.level.value, one.check) for one in seen] == [("warning", "nobody-there")] * len(missing)
    assert [one.why.partition(",")[0] for one in seen] == missing


def test_what_was_found_says_where_why_and_what_to_do() -> None:
    text = changed(MAIL_TARGET, 'target = { elapsed = "2 h" }')

    (finding,) = check([parse(text, hours="24x7")], NOW, KNOWN).findings

    assert isinstance(finding, Finding)
    assert (finding.where[0].pack, finding.where[0].line, finding.where[0].quote) == ("sound", 4, "mail within a day")
    assert "waits 12 h" in finding.why
    assert "within 2 h" in finding.why
    assert "mail" in finding.do


def test_how_old_a_policy_may_be_is_its_own_setting_and_who_checks_may_say_otherwise() -> None:
    old = changed('revision_text = "14/03/2026"\nrevision_date = 2026-03-14', "revision_date = 2025-11-22")
    without = old.replace('id = "stale_after_months"', 'id = "another"')

    def stale(text: str, months: int | None = None) -> bool:
        pack = parse(text, hours="24x7")
        return any(one.check == "stale-date" for one in check([pack], NOW, KNOWN, stale_months=months).findings)

    assert [stale(old), stale(old, 13), stale(without), stale(without, 12)] == [True, False, False, True]
    assert STALE_MONTHS == 24


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("27/07/2022", ["27 July 2022"]),
        ("January 15, 2024", ["15 January 2024"]),
        ("15 January 2024", ["15 January 2024"]),
        ("2nd of March 2024", []),
        ("2nd March 2024", ["2 March 2024"]),
        ("05/04/2022", ["5 April 2022", "4 May 2022"]),
        ("04/04/2022", ["4 April 2022"]),
        ("07/27/2022", ["27 July 2022"]),
        ("2022-07-27", ["27 July 2022"]),
        ("27.7.2022", ["27 July 2022"]),
        ("31/02/2022", []),
        ("Sept. 3, 2024", ["3 September 2024"]),
        ("in spring", []),
        ("", []),
    ],
)
def test_a_date_is_understood_with_its_day_first(written: str, meant: list[str]) -> None:
    assert [day_text(day) for day in read_dates(written)] == meant


def test_a_date_that_was_not_read_is_proposed_in_both_its_meanings() -> None:
    (finding,) = check(
        [parse(changed("revision_date = 2026-03-14\n", "").replace("14/03", "04/03"), hours="24x7")], NOW, KNOWN
    ).findings

    assert finding.check == "no-date"
    assert '("04/03/2026" in the document: 4 March 2026 or 3 April 2026)' in finding.why
    assert "revision_date = 2026-03-04 or 2026-04-03 under [policy]" in finding.do


def test_a_stale_date_is_shown_as_written_and_as_meant() -> None:
    pack = parse(SOUND.replace("14/03/2026", "27/07/2022").replace("2026-03-14", "2022-07-27"), hours="24x7")

    (finding,) = check([pack], NOW, KNOWN).findings

    assert finding.why.startswith('It was last revised "27/07/2022" (27 July 2022), 51 months ago; 12 are allowed.')
    assert pack.revision_date == date(2022, 7, 27)


@pytest.mark.parametrize(
    ("address", "trouble"),
    [
        ("1-800-IT-HELP", "6 letters follow the area code where it takes 7, so it cannot be dialled."),
        ("1-800-SECURITY", "8 letters follow the area code where it takes 7; telephones ignore the rest."),
        ("1-800-MANAGER", None),
        ("1-800-555-0199", None),
        ("1-800-555-019", "6 digits follow the area code where it takes 7, so it cannot be dialled."),
        ("+1 (800) CALL-55", "6 letters and digits follow the area code where it takes 7, so it cannot be dialled."),
        ("8800993936", None),
        ("+91 88009 93936", None),
        ("+44 20 7946 0958", None),
        ("112", None),
        ("+442", "3 digits are too few for a number with its country code."),
        ("1234567890123456", "12 digits follow the area code where it takes 7; telephones ignore the rest."),
        ("2345678901234567", "16 digits are more than any number has (15)."),
        ("supervisor@ecomstore.com", None),
        ("24 Main Street", None),
        ("Supervisor on duty", None),
    ],
)
def test_a_number_is_dialled_key_by_key(address: str, trouble: str | None) -> None:
    seen = trouble_with(address)

    assert (seen.why if seen else None) == trouble
