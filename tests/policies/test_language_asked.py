"""The policy language that the requirements ask for, key by key: each is read, and changes what the pack asks for."""

import pytest

from tests.policies.small_pack import SMALL, parse

ASKED = [
    # (what the requirements ask for, as the small pack writes it, changed)
    ("policy: revision as written", 'revision_text = "29/02/2024"', 'revision_text = "2024"'),
    ("policy: revision date", "revision_date = 2024-02-29", "revision_date = 2024-03-01"),
    ("policy: effective from", "2024-03-01T00:00:00+01:00", "2024-03-02T00:00:00+01:00"),
    ("policy: status", 'status = "active"', 'status = "retired"'),
    ("policy: source file", 'source = "small.txt"', 'source = "other.txt"'),
    ("clauses: text", 'quote = "quickly"', 'quote = "soon"'),
    ("calendar: zone", '[calendars.night]\nzone = "Europe/Vienna"', '[calendars.night]\nzone = "Asia/Kolkata"'),
    ("calendar: windows across midnight, by the minute", '["22:00", "06:00"]', '["22:00", "06:01"]'),
    ("calendar: several windows a day", '["09:00", "12:00"], ', ""),
    ("calendar: exceptions with a name", '"2026-12-24" = "Christmas Eve"', '"2026-12-24" = "Eve"'),
    ("calendar: exceptions", "closed = {", 'exceptions = { "2026-12-31" = [["09:00", "10:00"]] }\nclosed = {'),
    ("calendar: 24x7", "always = true", 'hours = "Mon 00:00-24:00"'),
    ("clock: channel", 'channels = ["email"]', 'channels = ["chat"]'),
    ("clock: queue", 'queues = ["sales"]', "queues = []"),
    ("clock: brand", 'brands = ["example"]', "brands = []"),
    ("clock: priority", 'priorities = ["high"]', 'priorities = ["low"]'),
    ("clock: type", 'kinds = ["order"]', "kinds = []"),
    ("clock: tier", 'tiers = ["gold"]', "tiers = []"),
    ("clock: stage", 'stages = ["service", "escalated"]', 'stages = ["escalated"]'),
    ("clock: start event", 'start = "duty"', 'start = "left"'),
    ("clock: pauses", 'pauses = ["waiting"]', "pauses = []"),
    ("clock: on reopening", 'on_reopen = "new_ticket"', 'on_reopen = "continue"'),
    ("target: rings", "rings = 6", "rings = 5"),
    ("target: elapsed", 'elapsed = "1 d"', 'elapsed = "2 d"'),
    ("target: working days, counted from", 'receipt = "next_working_day"', 'receipt = "same_day"'),
    ("target: working days, end of day", 'end = "end_of_day" }\nletter', 'end = "close_of_business" }\nletter'),
    ("target: weeks", "weeks = 2", "weeks = 3"),
    ("target: months", "months = 1", "months = 2"),
    ("target: immediate", 'immediate = "30 s"', 'immediate = "20 s"'),
    ("target: best effort", 'best_effort = "erlang"', 'elapsed = "1 h"'),
    ("target: unspecified", 'unspecified = { blank = "soon" }', 'business = { blank = "soon" }'),
    ("comparator: under", 'comparator = "under"', 'comparator = "within"'),
    ("warnings: per cent", "percent = 75", "percent = 70"),
    ("warnings: before", 'before = "10 min"', 'before = "20 min"'),
    ("warnings: whom", 'whom = "agent"', 'whom = "manager"'),
    ("chain: at per cent", "percent = 150", "percent = 160"),
    ("chain: after the breach", 'after = "2 h"', 'after = "3 h"'),
    ("chain: respects hours", "respects_hours = false", "respects_hours = true"),
    ("stage actions: when", 'after = "12 h"', 'after = "11 h"'),
    ("duty: every", 'every = "2 h"', 'every = "3 h"'),
    ("duty: cadence", 'cadence = "monthly"', 'cadence = "weekly"'),
    ("duty: owner", 'text = "look around"\nowner = "team lead"', 'text = "look around"\nowner = "agent"'),
    ("procedure: letters, required fields", 'required = ["customer_name"]', "required = []"),
    ("procedure: enclosures", 'enclosures = ["procedure"]', "enclosures = []"),
    ("procedure: conflict rules", "Nobody judges themselves.", "Nobody."),
    ("procedure: immediate path", 'immediate_path = "At once."', 'immediate_path = "Never."'),
    ("procedure: second stage", 'second_stage = "The board."', 'second_stage = "None."'),
    ("procedure: outside body", "The ombudsman.", "The court."),
    ("procedure: regime", 'regime = "none"', 'regime = "other"'),
    ("triggers: strictly over or at the limit", "inclusive = true", "inclusive = false"),
    ("triggers: currency", "limit = 99.5", 'limit = 99.5\ncurrency = "USD"'),
    ("packet: fields", 'summary = "1.a"', 'summary = "1.a"\nattempts = "1"'),
    ("role aliases", '"team lead" = "supervisor"', '"team lead" = "manager"'),
    ("kpi: variant", 'variant = "share_satisfied"', 'variant = "mean"'),
    ("kpi: period", 'period = "month"', 'period = "week"'),
    ("reports: cadence", 'cadence = "weekly"\ncontents', 'cadence = "daily"\ncontents'),
    ("reports: contents", 'contents = ["arrived"]', 'contents = ["resolved"]'),
    ("reports: recipients", '["team lead", "admin"]', '["admin"]'),
    ("messages: by channel", 'channel = "email"', 'channel = "chat"'),
    ("messages: verbatim", "verbatim = true", "verbatim = false"),
    ("contacts", 'address = "122"', 'address = "123"'),
    ("emergency contacts", "emergency = true", "emergency = false"),
    ("retention", "keep = 18", "keep = 17"),
    ("residency", 'region = "Austria"', 'region = "Europe"'),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "written", "changed"), ASKED, ids=[row[0] for row in ASKED])
def test_what_the_requirements_ask_of_the_language_is_read(asked: str, written: str, changed: str) -> None:
    assert SMALL.count(written) >= 1, asked

    other = parse(SMALL.replace(written, changed, 1))

    assert other != parse()
