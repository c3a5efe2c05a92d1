"""What `policy check` finds between two packs of one desk, and where two clauses of one pack meet."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from agentconsole.config.packs import load_pack
from agentconsole.config.templates import PLACEHOLDERS
from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_check import Known, check
from agentconsole.domain.policy_check_finding import Finding
from tests.policies.small_pack import parse
from tests.policies.test_check import CHAT_APPLIES, SOUND, changed, found

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KNOWN = Known(PLACEHOLDERS, {})
MAIL = 'target = { elapsed = "24 h" }'
RESOLUTION = """
[[standards]]
id = "resolved"
clause = "1"
clock = "resolution"
text = "resolved within days"
target = { elapsed = "96 h" }
"""


def pack(text: str, name: str = "sound", hours: str = "Mon-Fri 09:00-17:00") -> Pack:
    """Return a pack of another name than the sound one has."""
    return replace(parse(text, hours=hours), id=name)


def between(*packs: Pack) -> list[Finding]:
    """Return the findings that are about more than one pack."""
    findings = check(packs, NOW, KNOWN).findings
    return [one for one in findings if len({place.pack for place in one.where}) > 1]


@pytest.mark.parametrize(
    ("situation", "ours", "theirs", "expected"),
    [
        ("the same text twice", SOUND, SOUND, []),
        ("another time for mail", SOUND, changed(MAIL, 'target = { elapsed = "20 h" }'), ["time-email"]),
        ("a time for one queue only", SOUND,
         SOUND + RESOLUTION.replace('"resolution"', '"first_response"') + 'applies = { channels = ["email"], queues = '
         '["sales"] }\n', []),
        ("another time to resolve, on any channel", SOUND + RESOLUTION,
         SOUND + RESOLUTION.replace("96 h", "72 h"), ["time-resolution"]),
        ("a resolution that one alone promises", SOUND + RESOLUTION, SOUND, []),
        ("other money", SOUND, changed('currency = "EUR"', 'currency = "CHF"'), ["currency"]),
        ("another reason to escalate", SOUND,
         changed('predicate = "agent_cannot_resolve"', 'predicate = "asked_by_customer"'), ["trigger"]),
        ("another one to escalate to", SOUND, changed('to = "supervisor"', 'to = "manager"'), ["escalate-to"]),
    ],
)  # fmt: skip
def test_two_packs_contradict_each_other_where_they_differ(
    situation: str, ours: str, theirs: str, expected: list[str]
) -> None:
    assert [one.check for one in between(pack(ours), pack(theirs, "other"))] == expected, situation


def test_the_same_amount_of_other_hours_is_another_promise() -> None:
    long_days = pack(SOUND, "other", hours="Mon-Sat 08:00-20:00")

    found_between = {one.check: one for one in between(pack(SOUND), long_days)}

    assert set(found_between) == {"time-chat", "hours"}
    assert (
        found_between["time-chat"].wins
        == "The strictest instant: other 2 for 72 and sound 2 for 40 of the 168 hours of a week."
    )
    assert "chat (sound 40 and other 72 of 168 hours of a week)" in found_between["hours"].why


def test_the_strictest_is_always_the_shorter_of_two_times_of_the_clock() -> None:
    (finding,) = between(pack(SOUND), pack(changed(MAIL, 'target = { elapsed = "20 h" }'), "other"))

    assert finding.wins == "The strictest instant: always that of other 1."


def test_the_name_of_another_organisation_of_the_desk_is_a_foreign_one() -> None:
    ours = pack(changed("Thank you, {{customer_name}}.", "Thank you, {{customer_name}}, says Acme Bakery."))
    theirs = replace(pack(SOUND, "bakery"), organisation="Acme Bakery")

    alone, together = check([ours], NOW, KNOWN).findings, check([ours, theirs], NOW, KNOWN).findings

    assert [one.check for one in alone] == []
    assert ["Acme Bakery" in one.why for one in together if one.check == "foreign-name"] == [True]


def test_hours_that_a_channel_does_not_have_bind_no_case() -> None:
    never_shut = changed(CHAT_APPLIES, 'applies = { channels = ["chat"], out_of_hours = true }').replace(
        'chat = "desk"', 'chat = "always"'
    )
    text = never_shut.replace(
        "[channel_calendars]", '[calendars.always]\nzone = "UTC"\nalways = true\n\n[channel_calendars]'
    )

    assert found(text) == [("never", "never-binds", ("2",))]
    assert found(never_shut.replace('chat = "always"', 'chat = "desk"')) == []


def test_a_promise_for_every_channel_is_one_for_each() -> None:
    meetings = changed('email = "desk"\n', 'email = "desk"\nmeeting = "desk"\n')

    assert found(meetings) == [("warning", "no-standard", ("",))]
    assert found(meetings + RESOLUTION) == []
    assert found(f'{meetings}{RESOLUTION}applies = {{ stages = ["escalated"] }}\n') == [
        ("warning", "no-standard", ("",))
    ]


def test_a_service_that_a_policy_may_well_name_is_no_foreign_name() -> None:
    assert found(changed('quote = "our emergency number"', 'quote = "pay by PayPal"')) == []


@pytest.mark.parametrize(("target", "level"), [("none", "warning"), ("48h", "contradiction")])
def test_a_term_for_complaints_that_ends_before_those_of_their_procedure_contradicts_it(
    target: str, level: str
) -> None:
    """Eco Lab's 48 hours (3.4) beside its five working days (4.3, 4.4): a setting says whether they bind complaints."""
    ecolab = load_pack("ecolab", answers={"complaint_resolution_target": target})

    seen = [one for one in check([ecolab], NOW, KNOWN).findings if one.check == "complaint-terms"]

    assert level in [one.level.value for one in seen]
    assert all("policy answer ecolab complaint_resolution_target" in one.do for one in seen)
