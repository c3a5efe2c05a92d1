"""A desk in memory with policies to read: Eco Lab's in force since today, a second version of it."""

from dataclasses import dataclass, field
from datetime import timedelta

from agentconsole.domain.errors import Refused
from agentconsole.wire import frames as f
from agentconsole.wire import policy_reading as p
from agentconsole.wire.rows import Why
from tests.rows import built, changed
from tests.tui.fake_desk import CODE, NOW, FakeDesk

BEFORE = NOW - timedelta(days=266)
UNTIL = NOW + timedelta(days=4)
RING = "How long does one ring last, with its pause?"
VOICEMAIL = (
    "You have reached Eco Lab Supply. We could not take your call. Please leave your name, your number and what it is "
    "about; we listen to our voicemail every two hours and call you back."
)
PHONE, EMAIL, CHAT, WALK_IN = (
    f"Service Standards Guidelines: {name}" for name in ("Phone", "E-mail", "Chat", "Walk-in")
)
TEXT: tuple[tuple[str, str, str, int, tuple[tuple[str, str], ...]], ...] = (
    ("Our philosophy", "1.1", "the importance of providing excellent customer service", 7, ()),
    ("Our philosophy", "1.3d", "review the Customer Service Playbook regularly", 11, (
        ("duty", "read the playbook again: quarterly, by the agent"),)),
    ("Our philosophy", "1.3e", "make suggestions on how we can improve", 11, ()),
    ("Our philosophy", "1.4", "well-timed", 15, (("criterion", "Was the answer well-timed?"),)),
    ("Our philosophy", "1.5", "professional", 16, (("criterion", "Was the answer professional?"),)),
    ("Our philosophy", "1.13", "hold each other accountable", 27, ()),
    ("Our philosophy", "1.14", "continuously improve our customer experience", 28, ()),
    (PHONE, "2.1", "answered within 6 rings", 33, (
        ("clock", "every call answered within 6 rings [within 6 rings; phone]"),
        ("+blank", f"{RING} 5 s"),
        ("setting", "Is a ring that the customer does not hear counted? no"),
        ("-blank", f"{RING} 6 s (OPEN: this is proposed)"))),
    (PHONE, "2.2", "it will be forwarded to voicemail", 34, (("message", VOICEMAIL),)),
    (PHONE, "2.3a", "Voicemails will be checked every 2 hours", 35, (
        ("duty", "check the voicemails: every 2 h, by the agent"),)),
    (PHONE, "2.3b", "returned within 10 minutes", 35, (
        ("clock", "voicemail returned within 10 minutes [within 10 min; voicemail]"),)),
    (PHONE, "2.4", "option to leave a voicemail or receive a callback", 36, (
        ("blank", "From how many waiting callers on is the call volume high? 3 (OPEN: this is proposed)"),)),
    (EMAIL, "2.5", "All emails will be answered within 24 hours", 39, (
        ("clock", "e-mail within 24 hours [within 24 h; email]"),)),
    (EMAIL, "2.6", "received a response within 12 hours", 40, (
        ("message", "Thank you for writing to Eco Lab Supply."),)),
    (CHAT, "2.7", "live chat within 5 minutes", 43, (
        ("clock", "live chat within 5 minutes [within 5 min; chat]"),)),
    (CHAT, "2.8", "option of leaving a message in a live chat", 44, (
        ("message", "We are sorry to keep you waiting. You may leave us a message here."),)),
    (WALK_IN, "2.9", "greeted within 10 seconds", 47, (
        ("clock", "customer greeted within 10 seconds [within 10 s; walkin]"),)),
    (WALK_IN, "2.10", "with a smile", 48, (("criterion", "Was she greeted with a smile?"),)),
    ("Escalation", "3.4", "within 48 hours", 56, (
        ("clock", "escalated issue resolved within 48 hours [within 48 h]"),)),
)  # fmt: skip
"""What the policy says: heading, clause, quote, line, and what carries it; + is new, - is gone."""


def _row(pack: str, title: str, version: int, **more: object) -> p.MyPolicyRow:
    known = (pack, title, title, version, version, NOW, "", (pack,), len(TEXT))
    return built(p.MyPolicyRow, *known, **more)


OWED = _row("ecolab", "Customer Care", 2, accepted=1, accepted_at=BEFORE, owed=True, until=UNTIL)
ACCEPTED = changed(OWED, accepted=2, accepted_at=NOW, owed=False, until=None, again_at=NOW + timedelta(days=92))
OTHER = _row("ecomstore", "Customer Service Guidelines", 1, accepted=1, accepted_at=BEFORE)
CHANGES = {"+": "new", "-": "gone"}


def _clauses() -> tuple[p.ClauseRow, ...]:
    rows = []
    for heading, name, quote, line, carriers in TEXT:
        held = tuple(
            built(p.CarrierRow, kind.lstrip("+-"), "x", words, CHANGES.get(kind[0], "")) for kind, words in carriers
        )
        changed_ = "changed" if any(one.change for one in held) else ""
        rows.append(built(p.ClauseRow, name, heading, quote, line, held, changed_))
    return tuple(rows)


CLAUSES = {"ecolab": _clauses(), "ecomstore": _clauses()}


@dataclass
class PolicyDesk(FakeDesk):
    """Answer what is asked about policies, and keep what is done about them; clocks run under `rule_version`."""

    rule_version: int = 2
    mine: p.MyPolicyRow = OWED
    suggested: list[p.SuggestionRow] = field(default_factory=list)

    def _on_read_my_policies(self, _: p.ReadMyPolicies) -> f.AnyAnswer:
        return p.MyPolicies((self.mine, OTHER))

    def _on_read_clauses(self, body: p.ReadClauses) -> f.AnyAnswer:
        if body.pack not in CLAUSES:
            raise Refused(f'No brand is under a policy "{body.pack}"; there is ecolab, ecomstore.')
        policy = self.mine if body.pack == "ecolab" else OTHER
        shown = changed(policy, version=body.version or policy.version)
        return p.Clauses(shown, CLAUSES[body.pack], 1 if body.pack == "ecolab" and policy.owed else 0)

    def _on_read_acceptances(self, body: p.ReadAcceptances) -> f.AnyAnswer:
        people = (("dora", 1, NOW - timedelta(days=1), True), ("ana", 1, UNTIL, False), ("bo", 2, None, False))
        return p.Acceptances(
            tuple(
                p.AcceptanceRow(login, "agent", body.pack, 2, version, BEFORE, until, late)
                for login, version, until, late in people
            )
        )

    def _on_read_suggestions(self, _: p.ReadSuggestions) -> f.AnyAnswer:
        return p.Suggestions(tuple(self.suggested))

    def _on_suggest(self, body: p.Suggest) -> f.AnyAnswer:
        number = len(self.suggested) + 1
        row = built(p.SuggestionRow, number, body.pack, 2, body.clause, self.login, NOW, body.text)
        self.suggested.append(row)
        return built(f.Done, f"Suggestion {number} on {body.pack} {body.clause} is kept; a manager decides on it.")

    def _on_settle_suggestion(self, body: p.SettleSuggestion) -> f.AnyAnswer:
        (row,) = (row for row in self.suggested if row.number == body.number)
        self.suggested = [
            changed(row, disposition=body.disposition, reason=body.reason, settled_by=self.login, settled_at=NOW)
        ]
        return built(f.Done, f"Suggestion {body.number} is {body.disposition}; its author reads why.")

    def _on_accept_policy(self, body: p.AcceptPolicy) -> f.AnyAnswer:
        if body.code != CODE:
            raise Refused("Not accepted: that is not your code now; each works once. Wait for the next.", code="code")
        self.mine = ACCEPTED
        return built(f.Done, f"Version {body.version} of the policy {body.pack} is accepted.")

    def _on_explain_clock(self, _: object) -> f.AnyAnswer:
        lines = ("rule     e-mail within 24 hours", "due      10:46")
        return f.Explained(built(Why, "why", lines, pack="ecolab", version=self.rule_version, clause="2.5"))
