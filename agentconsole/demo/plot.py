"""The day on which the demo begins: the steps of its cases put at instants, before anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from agentconsole.demo.content import Content, Filler, Script, Step
from agentconsole.demo.days import working_day
from agentconsole.demo.hours import Hours
from agentconsole.demo.past import Deed, Tale, replied
from agentconsole.demo.people import AGENTS
from agentconsole.domain.errors import Refused

FIRST_NUMBER = 10_000
TAKEN_AFTER = timedelta(minutes=3)
ANSWERED_AFTER = timedelta(minutes=38)
LAST = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Moment:
    """Put one step of a case at an instant."""

    at: datetime
    tale: Tale
    step: Step


def plot(
    content: Content, hours: Mapping[str, Hours], base: datetime, zone: ZoneInfo, random: Random
) -> list[Moment | Deed]:
    """Put the steps of every case of the day at instants before `base`; not in order.

    Moments are for the use cases; deeds (steps of earlier days, and cases made from matters) for the chronicle.
    """
    told: list[Moment | Deed] = []
    for number, script in enumerate(content.scripts):
        customer = content.customers[script.customer]
        tale = Tale(FIRST_NUMBER + number, script.brand, customer, script.subject, script.tags)
        for moment in _moments(tale, script, hours[script.brand], base, zone):
            told += [moment] if moment.step.day is None else _deeds(moment)
    for number, filler in enumerate(content.fillers, FIRST_NUMBER + len(content.scripts)):
        told += _filled(content, filler, number, hours[filler.brand], base, random)
    return told


def _moments(tale: Tale, script: Script, hours: Hours, base: datetime, zone: ZoneInfo) -> list[Moment]:
    moments: list[Moment] = []
    at = base
    for step in _with_taking(script):
        at = _when(step, at, hours, base, zone)
        moments.append(Moment(min(at, base - LAST), tale, replace(step, who=step.who or script.owner)))
    if any(later.at < earlier.at for earlier, later in pairwise(moments)):
        raise Refused(f'The demo\'s case "{script.subject[:40]}" does not happen in the order of its steps.')
    return moments


def _with_taking(script: Script) -> list[Step]:
    """Return a script's steps, with the taking by its owner after the first of them."""
    first, *others = script.steps
    if not script.owner:
        return [*script.steps]
    taking = Step("take", who=script.owner, after=TAKEN_AFTER, day=first.day)
    return [first, taking, *others]


def _when(step: Step, before: datetime, hours: Hours, base: datetime, zone: ZoneInfo) -> datetime:
    if step.after is not None:
        return before + step.after
    if step.day is not None:
        return working_day(step.day, step.time, base, zone)
    if step.ago is not None:
        return base - step.ago
    return hours.start_for(step.left or timedelta(0), base)


def _deeds(moment: Moment) -> Sequence[Deed]:
    step = moment.step
    if step.do == "reply":
        return replied(moment.at, moment.tale, step.who, step.text, step.then)
    return (Deed(moment.at, moment.tale, step.do, "" if step.do == "mail" else step.who, step.text),)


def _filled(content: Content, filler: Filler, number: int, hours: Hours, base: datetime, random: Random) -> list[Deed]:
    """Make a case of a matter, of a customer who has no scripted one; with an owner it is taken, or settled."""
    scripted = {script.customer for script in content.scripts} | {mail.customer for mail in content.arrivals}
    customer = random.choice([each for each in content.customers.values() if each.email not in scripted])
    matter = random.choice([each for each in content.matters if each.brand == filler.brand])
    wording = content.word(matter, customer.name, random)
    tale = Tale(number, filler.brand, customer, wording.subject, matter.tags)
    at = hours.start_for(filler.left, base) if filler.left is not None else base - (filler.ago or LAST)
    deeds = [Deed(at, tale, "mail", text=wording.text)]
    if filler.owner:
        deeds.append(Deed(min(at + TAKEN_AFTER, base - LAST), tale, "take", filler.owner))
    if filler.done:
        agent = next(each for each in AGENTS if each.login == filler.owner)
        text = content.answer_mail(wording.answer, customer.name, agent.name, hours.brand_name, random)
        deeds += replied(at + ANSWERED_AFTER, tale, agent.login, text, "resolve")
    return deeds
