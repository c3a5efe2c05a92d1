"""A broken pack: the sentence names the file, the line, the key and what would be allowed."""

import pytest

from agentconsole.config.packs import load_pack
from agentconsole.domain.errors import Refused
from tests.policies.small_pack import SMALL, line_of, parse

BROKEN = [
    # (what is replaced, by what, key path, said)
    ('order = "late-first"', 'ordr = "late-first"', "policy.ordr", 'no such key; did you mean "order"? Allowed: id'),
    ('order = "late-first"', 'order = "newest"', "policy.order", "Allowed: due-first, late-first."),
    ('zone = "Europe/Vienna"\ncurr', 'zone = "Vienna"\ncurr', "policy.zone", "IANA time zone, such as Europe/London"),
    ('currency = "EUR"', 'currency = "euro"', "policy.currency", "three capital letters of ISO 4217"),
    ("version = 3", "version = 0", "policy.version", "Allowed: a whole number from 1 to 100000."),
    ("version = 3", "version = true", "policy.version", "true does not fit. Allowed: a whole number"),
    ("version = 3", "version = 99999999999999999999", "policy.version", "a number beyond all measure does not fit"),
    ("revision_date = 2024-02-29", 'revision_date = "2024"', "policy.revision_date", "a date without quotes"),
    ("00:00:00+01:00", "00:00:00", "policy.effective_from", "a time with its offset"),
    ('intent = "Be kind."', 'intent = ""', "policy.intent", "a text that is not empty"),
    ('intent = "Be kind."', "intent = 7", "policy.intent", "7 does not fit. Allowed: a text."),
    ('intent = "Be kind."', 'intent = "Be\\u202e kind."', "policy.intent", "a text of printable characters"),
    ('status = "active"', 'status = "live"', "policy.status", "Allowed: draft, active, retired."),
    ('id = "small"', 'id = "a b"', "policy.id", "an identifier of up to 64 letters"),
    ("line = 5", "line = 0", "sections[1].clauses.1.a.line", "Allowed: a whole number from 1 to"),
    (
        'quote = "quickly"',
        'quote = "one two three four five six seven eight nine"',
        "sections[1].clauses.1.a.quote",
        "Allowed: at most 8 words.",
    ),
    ('clause = "1.a"\nquestion', 'clause = "1.b"\nquestion', "blanks[4].clause", "Allowed: 1, 1.a, 0."),
    ('id = "days"', 'id = "soon"', "blanks[5].id", 'the id "soon" is used twice'),
    ('proposal = "5"', 'proposal = "five"', "standards[4].target.working_days", 'the proposal for the blank "days"'),
    ('proposal = "Mon-Fri 09:00-17:00"', 'proposal = "office hours"', "calendars.desk.hours", "Mon-Fri 09:00-17:00;"),
    ('proposal = "none"', 'proposal = "moonbas"', "calendars.desk.holidays", 'did you mean "moonbase"? Allowed:'),
    ('{ blank = "soon" }', '{ blank = "son" }', "standards[9].target.unspecified", 'did you mean "soon"? Allowed:'),
    ('{ blank = "soon" }', '"3 h"', "blanks[4]", "nothing refers to this blank"),
    ("of {blank:town}\"\nsource", "of {blank:city}\"\nsource", "policy.organisation", '"city" is not a blank of this'),
    ('value = "elapsed"', 'value = "wall"', "settings[1].value", "Allowed: elapsed, business."),
    ('by_setting = "reading"', 'by_setting = "reeding"', "standards[1].target", 'did you mean "reading"?'),
    ('elapsed = { elapsed = "1 d" }, ', "", "standards[1].target", "one value is needed for each of: elapsed"),
    ('{setting = "end"}', '{setting = "ends"}', "standards[4].target.end", "Allowed: reading, end, retention."),
    ('elapsed = "1 d"', 'elapsed = "1 day"', "standards[1].target.elapsed.elapsed", '"30 s", "15 min", "2 h" or "3 d"'),
    ('cycle = "5 s"', 'cycle = "0 s"', "standards[3].target.cycle", "does not fit. Allowed: an amount and a unit"),
    ('rings = 6, cycle = "5 s"', 'rings = 6, cycel = "5 s"', "standards[3].target.cycel", 'did you mean "cycle"?'),
    ('rings = 6, cycle = "5 s"', 'ringz = 6, cycle = "5 s"', "standards[3].target", "exactly one kind. Allowed:"),
    ('weeks = 2, calendar = "desk"', 'weeks = 2, calendar = "dusk"', "standards[5].target.calendar", "Allowed: desk"),
    ('best_effort = "erlang"', 'best_effort = "magic"', "standards[8].target.best_effort", "Allowed: erlang."),
    ('receipt = "next_working_day"', 'receipt = "never"', "standards[4].target.receipt", "Allowed: same_day"),
    ('clock = "ring"', 'clock = "rings"', "standards[3].clock", 'did you mean "ring"? Allowed: greet, ring'),
    ('channels = ["email"]', 'channels = ["email", "fax"]', "standards[1].applies.channels[2]", "Allowed: email"),
    ('channels = ["email"]', 'channels = "email"', "standards[1].applies.channels", "Allowed: a list."),
    ("escalated = true", 'escalated = "yes"', "standards[2].applies.escalated", "Allowed: true or false."),
    ('stages = ["service", ', 'stages = ["servise", ', "standards[11].applies.stages[1]", "Allowed: service, esc"),
    ('tiers = ["gold"]', "tiers = [1]", "standards[11].applies.tiers[1]", "Allowed: a text."),
    ('on_reopen = "new_ticket"', 'on_reopen = "restart"', "standards[1].on_reopen", 'only a clock "resolution" may'),
    ('start = "duty"', 'start = "soon"', "standards[11].start", "Allowed: heard, left, duty."),
    ('duty = "look"\n', "", "standards[11].start", 'a start "duty" needs a "duty". Allowed: look.'),
    ('duty = "look"', 'duty = "read"', "standards[11].duty", "is not a duty with every"),
    ('clock = "greet"\n', 'clock = "greet"\nstart = "left"\n', "standards[7].start", 'only a clock "return_call" may'),
    ('clock = "greet"\n', 'clock = "greet"\nduty = "look"\n', "standards[7].duty", 'only a clock "return_call" may'),
    ('pauses = ["waiting"]', 'pauses = ["sleeping"]', "standards[1].pauses[1]", "Allowed: new, open, waiting"),
    ('message = "ack" }', 'message = "auto" }', "standards[1].actions[1].message", "Allowed: ack, prompt."),
    ('kind = "forward_to_voicemail"', 'kind = "hang_up"', "standards[3].actions[1].kind", "Allowed: auto_acknowledge"),
    ('percent = 75, whom = "agent"', 'whom = "agent"', "defaults.warnings[1]", 'either "percent" or "before"'),
    ('after = "2 h", role', "role", "defaults.chain[2]", '"percent", or "after" for so long after the due'),
    ('after = "2 h", role', 'after = "2", role', "defaults.chain[2].after", "Allowed: an amount and a unit"),
    ('whom = "team lead"', 'whom = "boss"', "defaults.warnings[2].whom", "manager, admin, team lead."),
    ('reading = "business" }', 'reeding = "business" }', "standards[2].only_if.reeding", "no such setting. Allowed:"),
    ('reading = "business" }', 'reading = "both" }', "standards[2].only_if.reading", "Allowed: elapsed, business."),
    ('cadence = "monthly"\ncal', 'cadence = "often"\ncal', "duties[2].cadence", "Allowed: daily, weekly, monthly"),
    ('every = "2 h"\n', "", "duties[1]", 'either "every" or "cadence"'),
    ('every = "2 h"\n', 'every = "2 h"\ncadence = "daily"\n', "duties[1]", 'either "every" or "cadence"'),
    ('required = ["customer_name"]', 'required = ["date"]', "letters[1].required", 'the message "ack" must hold'),
    ('enclosures = ["procedure"]', 'enclosures = ["cake"]', "letters[1].enclosures[1]", "Allowed: procedure."),
    ('id = "acknowledge"', 'id = "celebrate"', "procedure.steps[1].id", "Allowed: log, pass_to, acknowledge"),
    ('letter = "first"', 'letter = "second"', "procedure.steps[1].letter", "Allowed: first."),
    ('summary = "1.a"', 'summery = "1.a"', "packet.summery", 'did you mean "summary"?'),
    ('"amount_over_limit"', '"bad_mood"', "triggers[1].predicate", "Allowed: agent_cannot_resolve, asked_by_customer"),
    ("limit = 99.5\n", "", "triggers[1].predicate", '"limit" goes with the predicate amount_over_limit'),
    ("limit = 99.5", "limit = inf", "triggers[1].limit", "Allowed: a number from 0 to 1000000."),
    ('to = "team lead"', 'to = "nobody"', "triggers[1].to", "Allowed: agent, supervisor, manager, admin, team lead"),
    ('metric = "csat"', 'metric = "mood"', "kpis[1].metric", "Allowed: csat, first_response"),
    ('recipients = ["team lead", "admin"]', 'recipients = ["all"]', "reports[1].recipients[1]", "admin, team lead."),
    ('email = "desk"', 'mail = "desk"', "channel_calendars.mail", 'did you mean "email"? Allowed: email, phone'),
    ('"team lead" = "supervisor"', '"team lead" = "boss"', "roles.team lead", "Allowed: agent, supervisor, manager"),
    ('["13:00", "17:30"]', '["11:00", "17:30"]', "calendars.night.hours", "windows that overlap"),
    ('zone = "Europe/Vienna"\nalways', 'zone = "Vienna"\nalways', "calendars.always.zone", "IANA time zone such as"),
    ("[packet]", "[[packets]]", "packets", 'did you mean "packet"? Allowed: policy, sections'),
    ('question = "Was it kind?"', "question = 1", "criteria[1].question", "1 does not fit. Allowed: a text."),
    ('review = "yearly"', 'review = "seldom"', "assurances[1].review", "is not a cadence. Allowed: daily, weekly"),
    ('owner = "team lead"\nreview', 'owner = "god"\nreview', "assurances[1].owner", "is not a role or role alias"),
    ('data = "attachments"', 'data = "memories"', "retention[1].data", "Allowed: tickets, contacts, attachments"),
    ("keep = 18", "keep = 0", "retention[1].keep", "Allowed: a whole number from 1 to 1000."),
    ('unit = "months"', 'unit = "moons"', "retention[1].unit", 'did you mean "months"? Allowed: days, weeks'),
    ('then = "erase"', 'then = "sell"', "retention[1].then", "Allowed: erase, redact, review."),
    ('region = "Austria"', 'region = "Austria"\nregions = ["EU"]', "residency.region", "Allowed: EU."),
    ('rows = ["X-1", "X-2"]', 'rows = "X-1"', "sections[1].clauses.1.a.rows", "Allowed: a list."),
    ("title = true", 'title = "yes"', "sections[1].clauses.0.title", "Allowed: true or false."),
    ('text = "mail within a day"\n', "", "standards[1]", 'the key "text" is missing.'),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key", "said"), BROKEN, ids=[f"{row[2]} {n}" for n, row in enumerate(BROKEN)])
def test_a_broken_pack_is_refused_with_its_place(old: str, new: str, key: str, said: str) -> None:
    text = SMALL.replace(old, new, 1)

    with pytest.raises(Refused) as refusal:
        parse(text)

    place, _, sentence = refusal.value.sentence.partition(": ")
    assert old in SMALL
    assert place.startswith("small.toml, line ")
    assert place.endswith(f", {key}")
    assert said in sentence


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('order = "late-first"', 'order = "newest"'),
        ("line = 5", "line = 0"),
        ('proposal = "none"', 'proposal = ""'),
        ("escalated = true", "escalated = 1"),
        ("limit = 99.5", 'limit = "x"'),
        ('letter = "first"', 'letter = "second"'),
        ('["13:00", "17:30"]', '["11:00", "17:30"]'),
        ('recipients = ["team lead", "admin"]', 'recipients = ["all"]'),
    ],
)
def test_the_line_named_is_the_line_that_is_wrong(old: str, new: str) -> None:
    text = SMALL.replace(old, new, 1)

    with pytest.raises(Refused, match=f"^small.toml, line {line_of(text, new)}, "):
        parse(text)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (
            {"hours": "9-5"},
            'calendars.desk.hours: "9-5" (the answer for the blank "hours") does not fit. Allowed: "24x7"',
        ),
        ({"hours": "Mon 10:00-12:00, 11:00-14:00"}, "windows that overlap"),
        ({"soon": "a while"}, 'the answer for the blank "soon"'),
        ({"days": "-1"}, 'the answer for the blank "days"'),
        ({"town": "  "}, 'the answer for "town" must have 1 to 1000 characters.'),
        ({"town": "Li\x1bnz"}, "a text of printable characters"),
        ({"free_days": "moonbase, mars"}, "Allowed: none, moonbase."),
        ({"twon": "Graz"}, 'which is no blank or setting here; did you mean "town"?'),
        ({"reading": "both"}, 'the answer "both" for the setting "reading" does not fit. Allowed: elapsed, business.'),
    ],
)
def test_a_bad_answer_is_refused_and_named(answers: dict[str, str], said: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse(**answers)

    assert refusal.value.sentence.startswith("small.toml, line ")
    assert said in refusal.value.sentence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "small.toml, line 1, sections: a pack needs at least one clause."),
        ("[sections]", "small.toml, line 1, sections: a table does not fit. Allowed: a list."),
        ("a = 1\nb = ?\n", "line 2"),
        ("order = ", "small.toml is no TOML"),
        ("a = " + "[" * 5000, "nested too deeply"),
        ("a = " + "9" * 5000, "small.toml is no TOML"),
        ("#" * 1_000_001, "larger than 1000000 characters"),
        ("a = 1\na = 2", "small.toml is no TOML"),
        ("\x00", "small.toml is no TOML"),
    ],
)
def test_what_is_no_pack_at_all_is_refused(text: str, said: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse(text)

    assert said in refusal.value.sentence


def test_a_hostile_value_reaches_the_sentence_short_and_printable() -> None:
    text = SMALL.replace('order = "late-first"', 'order = "\\u001b[2J' + "x" * 5000 + '"')

    with pytest.raises(Refused) as refusal:
        parse(text)

    assert refusal.value.sentence.isprintable()
    assert len(refusal.value.sentence) < 300


def test_a_pack_that_is_not_shipped_is_refused_with_those_that_are() -> None:
    with pytest.raises(Refused, match=r"did you mean ecolab\? Allowed: ecolab, ecomstore, ist-desk\.$"):
        load_pack("ecolb")


@pytest.mark.parametrize("id", ["../small", "", "/etc/passwd", "ecolab.toml"])
def test_a_pack_id_is_never_a_path(id: str) -> None:
    with pytest.raises(Refused, match="no policy pack of that name"):
        load_pack(id)
