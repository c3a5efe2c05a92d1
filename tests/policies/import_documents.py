"""Reading a draft, and policy documents of a bank, a council and a software firm for it, written in three styles."""

from agentconsole.config.packs import holiday_sets
from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_import import import_policy
from agentconsole.domain.policy_parse import parse_pack

BANK = """\
                      Harrow & Vale Bank                    Page 1

HARROW & VALE BANK
Service Charter for Personal Customers

Effective from 1 March 2025

1. Our promise
Harrow & Vale Bank is committed to dealing with every customer fairly. Our lines are open Monday to
Friday, 8am to 6pm. All amounts are in pounds.

2. Getting in touch

2.1 Telephone
(a) We pick up 90% of calls within thirty seconds.
(b) If you leave a voicemail, we will call you back within two (2) hours.
(c) Our fraud hotline, 0800 555 0199, is staffed 24 hours a day.

                      Harrow & Vale Bank                    Page 2

2.2 Secure messages and e-mail
(a) E-mails are acknowledged by the end of the same working day and answered in full within
three working days.
(b) Online enquiries get a reply no later than 1 working day after they reach us.

2.3 Branches
(a) Visitors are greeted in less than five minutes.
(b) Appointments can be booked up to 60 days ahead.

3. Money
(a) Refunds of charges are paid within 5 working days.
(b) Disputed payments over £500 must be escalated to a manager.
(c) Customers must report a lost card within 24 hours.

                      Harrow & Vale Bank                    Page 3

4. Complaints
(a) Complaints are recorded on the day they arrive.
(b) We acknowledge every complaint within 2 working days.
(c) You will have our final response within eight weeks.
(d) The complaints manager reviews all open complaints every week.
(e) Branch staff check the complaints mailbox every half an hour.

                      Harrow & Vale Bank                    Page 4
"""

COUNCIL = """\
Customer Contact Standards
==========================

Adopted: 03/04/2024

Millbrook District Council serves everybody who lives in, works in or visits the district.

How quickly we respond

Letters and emails: we will reply within ten working days.
Phone: calls to the contact centre are answered within 5 rings.
Social media messages: we respond in under 3 hours during office hours.
Web chat: we aim to reply within ninety seconds
to every person who is waiting.
Missed calls are returned the next working day.

Reception

You will be seen within 15 minutes of your arrival.
Where you have an appointment, you will be seen within [X] minutes.

When things go wrong

Missed bin collections are put right: we resolve them within 48 hours.
Staff who are threatened or abused should escalate to the duty supervisor.
If we are unable to give you an answer within ten working days, we will write and tell you why.

Complaints

- Complaints made to any officer are logged in the ____ register.
- Stage one: we will acknowledge your complaint within five working days.
- A full response is sent within 10 to 15 working days.
- Stage two: we will acknowledge it within 5 working days.

Records are kept for six years.

Email us at customer.services@millbrook.example or call 01632 960 112.
"""

SAAS = """\
# Acme Cloud Support SLA

_Last updated: 2025-06-30_

Support hours are 09:00 to 18:00 CET, Monday to Friday.

## Response targets

| Severity | First response | Updates | Resolution |
|---|---|---|---|
| P1 (critical) | 15 minutes | every 30 minutes | 4 hours |
| P2 (high) | 1 hour | every 4 hours | 1 business day |
| P3 (normal) | 8 business hours | - | 5 business days |

## Response by channel

* **Live chat**: <2 min
* **Email**: 24-hour response
* **Callback requests**: within half an hour
* [Status page](https://status.example) - 24/7

## Escalation

1. Escalations are accepted by the on-call engineer within 10 minutes.
2. Requests for credits over $1,000 are escalated to management for approval.
3. Security incidents: call +1 202 555 0143 at once.

## Key metrics

- CSAT (target: 92%)
- Average first response time: < 30 minutes

## Data

- Backups are taken every 6 hours and retained for 30 days.
- Customers may export their data within 60 days of cancellation.
- Monthly reports are sent to the account manager.
"""


def read(text: str) -> Pack:
    """Import a text and read the draft as the desk does."""
    return parse_pack(
        import_policy(text.encode(), file="text.md").text, file="draft.toml", holiday_sets=holiday_sets(), answers={}
    )
