"""A desk in memory with policies to read: Eco Lab's in force since today, a second version of it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from agentconsole.config.packs import load_pack
from agentconsole.domain.clause_words import carriers
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Pack
from agentconsole.wire import frames as f
from agentconsole.wire import policy_reading as p
from agentconsole.wire.rows import Why
from tests.rows import built, changed
from tests.tui.fake_desk import CODE, NOW, FakeDesk

BEFORE = NOW - timedelta(days=266)
UNTIL = NOW + timedelta(days=4)
PACK = load_pack("ecolab", answers={"ring_cycle": "5 s"})
STORE = load_pack("ecomstore")


def _row(pack: Pack, **more: object) -> p.MyPolicyRow:
    return built(
        p.MyPolicyRow,
        pack.id,
        pack.title,
        pack.organisation,
        pack.version,
        pack.version,
        NOW,
        "",
        (pack.id,),
        len(pack.clauses),
        **more,
    )


OWED = _row(replace(PACK, version=2), accepted=1, accepted_at=BEFORE, owed=True, until=UNTIL)
ACCEPTED = changed(OWED, accepted=2, accepted_at=NOW, owed=False, until=None, again_at=NOW + timedelta(days=92))
OTHER = _row(STORE, accepted=1, accepted_at=BEFORE)


def _clauses(pack: Pack) -> tuple[p.ClauseRow, ...]:
    """Return the clauses; of the one about the phone, the length of a ring is another one than before."""
    rows = []
    carried = carriers(pack)
    for clause in sorted(pack.clauses, key=lambda clause: clause.line):
        held = [(one.kind, one.id, one.words, "") for one in carried[clause.id]]
        change = ""
        if pack is PACK and clause.id == "2.1":
            change = "changed"
            held = [(*one[:3], "new" if one[1] == "ring_cycle" else "") for one in held]
            held.append(("blank", "ring_cycle", "How long does one ring last, with its pause? 6 s", "gone"))
        marked = tuple(built(p.CarrierRow, *one) for one in held)
        rows.append(built(p.ClauseRow, clause.id, clause.heading, clause.quote, clause.line, marked, change))
    return tuple(rows)


CLAUSES = {"ecolab": _clauses(PACK), "ecomstore": _clauses(STORE)}


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
