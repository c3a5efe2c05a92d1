"""What carries each clause of a pack, in words: clocks with targets, duties, steps, triggers, messages, answers."""

from collections.abc import Iterator
from dataclasses import dataclass

from agentconsole.domain.policy import Duty, Kpi, Pack, Procedure, Standard, Trigger
from agentconsole.domain.target_words import amount_words, target_words


@dataclass(frozen=True, slots=True)
class Carrier:
    """Name one thing that carries a clause: `kind` is clock, duty, step and so on, `words` what it promises or asks."""

    kind: str
    id: str
    words: str


def carriers(pack: Pack) -> dict[str, tuple[Carrier, ...]]:
    """Return what carries each clause, by the clause's id and in the order of the pack; () where nothing does."""
    found: dict[str, list[Carrier]] = {clause.id: [] for clause in pack.clauses}
    for clause, carrier in _all(pack):
        found[clause].append(carrier)
    return {clause: tuple(held) for clause, held in found.items()}


def _all(pack: Pack) -> Iterator[tuple[str, Carrier]]:
    for standard in pack.standards:
        yield standard.clause, Carrier("clock", standard.id, _standard(standard))
    for duty in pack.duties:
        yield duty.clause, Carrier("duty", duty.id, _duty(duty))
    if pack.procedure is not None:
        yield from _procedure(pack.procedure)
    for letter in pack.letters:
        yield letter.clause, Carrier("letter", letter.id, letter.title)
    for trigger in pack.triggers:
        yield trigger.clause, Carrier("trigger", trigger.id, _trigger(trigger))
    for field, clause in pack.packet_clauses.items():
        yield clause, Carrier("hand-off", field, f"the packet has {field.replace('_', ' ')}")
    yield from _said(pack)
    yield from _measured(pack)
    yield from _looked_after(pack)
    yield from _answered(pack)


def _standard(standard: Standard) -> str:
    told = (target_words(standard.target, standard.comparator), ", ".join(standard.applies.channels))
    return f"{standard.text} [{'; '.join(word for word in told if word)}]"


def _duty(duty: Duty) -> str:
    often = f"every {amount_words(duty.every)}" if duty.every is not None else duty.cadence
    return f"{duty.text}: {often}, by the {duty.owner}"


def _procedure(procedure: Procedure) -> Iterator[tuple[str, Carrier]]:
    for step in procedure.steps:
        by = f": {target_words(step.target)}" if step.target is not None else ""
        yield step.clause, Carrier("step", step.id, f"{step.text}{by}, by the {step.owner}")


def _trigger(trigger: Trigger) -> str:
    if trigger.limit is None:
        return f"{trigger.text}: to {trigger.to}"
    over = "from" if trigger.inclusive else "over"
    return f"{trigger.text}: {over} {trigger.limit} {trigger.currency} to {trigger.to}"


def _said(pack: Pack) -> Iterator[tuple[str, Carrier]]:
    for message in pack.messages:
        yield message.clause, Carrier("message", message.id, message.text)
    for contact in pack.contacts:
        yield contact.clause, Carrier("contact", contact.id, f"{contact.label}: {contact.address}")


def _measured(pack: Pack) -> Iterator[tuple[str, Carrier]]:
    for kpi in pack.kpis:
        yield kpi.clause, Carrier("indicator", kpi.id, _kpi(kpi))
    for report in pack.reports:
        yield report.clause, Carrier("report", report.id, f"{report.cadence}, to {', '.join(report.recipients)}")


def _kpi(kpi: Kpi) -> str:
    how = kpi.comparator.replace("_", " ")
    return f"{kpi.metric.replace('_', ' ')} ({kpi.variant}): {how} {kpi.value} {kpi.unit} each {kpi.period}"


def _looked_after(pack: Pack) -> Iterator[tuple[str, Carrier]]:
    for criterion in pack.criteria:
        yield criterion.clause, Carrier("criterion", criterion.id, criterion.question)
    for assurance in pack.assurances:
        words = f"{assurance.claim} [looked at {assurance.review} by the {assurance.owner}]"
        yield assurance.clause, Carrier("assurance", assurance.id, words)
    for clause in pack.clauses:
        if clause.note:
            yield clause.id, Carrier("note", clause.id, clause.note)


def _answered(pack: Pack) -> Iterator[tuple[str, Carrier]]:
    for blank in pack.blanks:
        answer = f"{blank.proposal} (OPEN: this is proposed)" if blank.answer is None else blank.answer
        yield blank.clause, Carrier("blank", blank.id, f"{blank.question} {answer}")
    for choice in pack.choices:
        yield choice.clause, Carrier("setting", choice.id, f"{choice.question} {choice.value}")
