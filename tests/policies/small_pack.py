"""A small pack that uses every part of the policy language once, for tests to read and to break."""

from collections.abc import Mapping
from datetime import date

from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_parse import parse_pack

HOLIDAYS: Mapping[str, Mapping[date, str]] = {"moonbase": {date(2026, 7, 20): "Landing day"}}

SMALL = '''
[policy]
id = "small"
title = "A small policy"
organisation = "Example Works of {blank:town}"
source = "small.txt"
revision_text = "29/02/2024"
revision_date = 2024-02-29
effective_from = 2024-03-01T00:00:00+01:00
version = 3
status = "active"
intent = "Be kind."
zone = "Europe/Vienna"
currency = "EUR"
order = "late-first"

[[sections]]
heading = "Standards of {blank:town}"
[sections.clauses]
"1" = { line = 4, quote = "within a day" }
"1.a" = { line = 5, quote = "quickly", rows = ["X-1", "X-2"], note = "Odd." }
"0" = { line = 3, quote = "Standards", title = true }

[[blanks]]
id = "hours"
clause = "1"
question = "When are you open?"
sentence = "Open …"
proposal = "Mon-Fri 09:00-17:00"
reason = "Usual."

[[blanks]]
id = "free_days"
clause = "1"
question = "Which holidays?"
sentence = "Closed …"
proposal = "none"
reason = "None are named."

[[blanks]]
id = "town"
clause = "1"
question = "Which town?"
sentence = "Of …"
proposal = "Linz"
reason = "A town."

[[blanks]]
id = "soon"
clause = "1.a"
question = "How soon is quickly?"
sentence = "Quickly: …"
proposal = "4 h"
reason = "Half a day."

[[blanks]]
id = "days"
clause = "1"
question = "How many days?"
sentence = "… days"
proposal = "5"
reason = "A week."

[[settings]]
id = "reading"
clause = "1"
question = "Which hours?"
value = "elapsed"
allowed = ["elapsed", "business"]

[[settings]]
id = "end"
clause = "1"
question = "Which end?"
value = "close_of_business"
allowed = ["close_of_business", "end_of_day"]

[[settings]]
id = "retention"
clause = "1"
question = "How long is data kept?"
value = "two years"

[calendars.desk]
zone = "Europe/Vienna"
hours = { blank = "hours" }
holidays = { blank = "free_days" }

[calendars.night]
zone = "Europe/Vienna"
hours = { mon = [["22:00", "06:00"]], tue = [["09:00", "12:00"], ["13:00", "17:30"]] }
holidays = ["moonbase"]
closed = { "2026-12-24" = "Christmas Eve" }

[calendars.always]
zone = "Europe/Vienna"
always = true

[channel_calendars]
email = "desk"
chat = "always"

[roles]
"team lead" = "supervisor"

[[messages]]
id = "ack"
clause = "1"
channel = "email"
text = """
Thank you, {{customer_name}}.
We work in {blank:town}."""

[[messages]]
id = "prompt"
clause = "1"
text = "Leave a message"
verbatim = true

[[contacts]]
id = "fire"
clause = "1"
label = "Fire"
address = "122"
emergency = true
note = "Only for fires."

[defaults]
warnings = [{ percent = 75, whom = "agent" }, { before = "10 min", whom = "team lead" }]
chain = [{ percent = 150, role = "manager", respects_hours = false }, { after = "2 h", role = "team lead" }]

[[standards]]
id = "mail"
clause = "1"
clock = "first_response"
text = "mail within a day"
target = { by_setting = "reading", elapsed = { elapsed = "1 d" }, business = { business = "8 h", calendar = "desk" } }
applies = { channels = ["email"], queues = ["sales"], brands = ["example"], priorities = ["high"], kinds = ["order"] }
comparator = "under"
pauses = ["waiting"]
on_reopen = "new_ticket"
reopen_days = 14
actions = [{ kind = "auto_acknowledge", after = "12 h", message = "ack" }]

[[standards]]
id = "business-only"
clause = "1"
clock = "resolution"
text = "resolved"
target = { calendar_days = 3, calendar = "desk" }
applies = { escalated = true, out_of_hours = false }
warnings = []
chain = []
only_if = { reading = "business" }

[[standards]]
id = "rings"
clause = "1"
clock = "ring"
text = "six rings"
target = { rings = 6, cycle = "5 s" }
actions = [{ kind = "forward_to_voicemail", message = "prompt" }]

[[standards]]
id = "working-days"
clause = "1"
clock = "acknowledge"
text = "five working days"
target = { working_days = { blank = "days" }, calendar = "desk", receipt = "next_working_day", end = {setting = "end"} }

[[standards]]
id = "weeks"
clause = "1"
clock = "full_response"
text = "two weeks"
target = { weeks = 2, calendar = "desk" }

[[standards]]
id = "months"
clause = "1"
clock = "update"
text = "a month"
target = { months = 1, calendar = "desk" }

[[standards]]
id = "at-once"
clause = "1"
clock = "greet"
text = "at once"
target = { immediate = "30 s", calendar = "always" }

[[standards]]
id = "best"
clause = "1"
clock = "next_response"
text = "as the traffic allows"
target = { best_effort = "erlang" }

[[standards]]
id = "reasonable"
clause = "1.a"
clock = "next_response"
text = "quickly"
target = { unspecified = { blank = "soon" }, calendar = "desk" }

[[standards]]
id = "callback"
clause = "1"
clock = "callback"
text = "next period"
target = { next_period_end = "night" }

[[standards]]
id = "voicemail"
clause = "1"
clock = "return_call"
text = "called back after the check"
target = { elapsed = "10 min" }
applies = { tiers = ["gold"], stages = ["service", "escalated"] }
start = "duty"
duty = "look"

[[duties]]
id = "look"
clause = "1"
text = "look around"
owner = "team lead"
every = "2 h"
calendar = "desk"

[[duties]]
id = "read"
clause = "1"
text = "read again"
owner = "agent"
cadence = "monthly"
calendar = "desk"

[[letters]]
id = "first"
clause = "1"
title = "First letter"
message = "ack"
required = ["customer_name"]
enclosures = ["procedure"]

[procedure]
clause = "1"
owner = "team lead"
overdue_unaccepted = "15 min"
resolution_target = { elapsed = "48 h" }
conflicts = ["Nobody judges themselves."]
immediate_path = "At once."
second_stage = "The board."
outside_body = "The ombudsman."
regime = "none"

[[procedure.steps]]
id = "acknowledge"
clause = "1"
text = "write"
owner = "manager"
target = { working_days = 5, calendar = "desk", receipt = "same_day", end = "end_of_day" }
letter = "first"
required = ["outcome"]

[packet]
summary = "1.a"

[[triggers]]
id = "money"
clause = "1"
text = "much money"
predicate = "amount_over_limit"
to = "team lead"
limit = 99.5
inclusive = true

[[kpis]]
id = "happy"
clause = "1"
metric = "csat"
variant = "share_satisfied"
comparator = "at_least"
value = 90
unit = "percent"
period = "month"
calendar = "desk"

[[reports]]
id = "weekly"
clause = "1"
cadence = "weekly"
contents = ["arrived"]
recipients = ["team lead", "admin"]

[[criteria]]
id = "kind"
clause = "1.a"
question = "Was it kind?"

[[assurances]]
id = "guard"
clause = "1"
claim = "Well guarded."
evidence = "A letter of the guard."
owner = "team lead"
review = "yearly"

[[retention]]
id = "papers"
clause = "1"
data = "attachments"
keep = 18
unit = "months"
then = "erase"

[residency]
clause = "1"
region = "Austria"
'''


def parse(text: str = SMALL, **answers: str) -> Pack:
    """Parse a pack text under the file name small.toml."""
    return parse_pack(text, file="small.toml", holiday_sets=HOLIDAYS, answers=answers)


def line_of(text: str, part: str) -> int:
    """Return the line (1-based) in which the part begins."""
    return text[: text.index(part)].count("\n") + 1
