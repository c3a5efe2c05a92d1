"""The `:` line: verbs with their words, several with ` ; ` between them, a number that opens a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from agentconsole.domain.errors import Refused
from agentconsole.domain.ticket import parse_case_number
from agentconsole.tui.keymap import ACTIONS, Action
from agentconsole.tui.lines import Line, clip, heading
from agentconsole.tui.screens.help import keys_of

BY_VERB = {action.verb: action for action in ACTIONS if action.verb}
TRAY_LINES = 6


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of a command line: a case to open, or an action with what was typed after it."""

    ticket: int | None = None
    action: Action | None = None
    words: str = ""


def parse(text: str) -> tuple[Step, ...]:
    """Read a command line. Raises Refused, naming the verb that is not known and the nearest that is."""
    steps: list[Step] = []
    for part in text.strip().removeprefix(":").split(" ; "):
        first, _, words = part.strip().partition(" ")
        if not first:
            continue
        number = parse_case_number(first.removeprefix("#"))
        if number is not None:
            steps.append(Step(ticket=number))
            if words.strip():
                steps.extend(parse(words))
            continue
        steps.append(Step(action=_action(first), words=words.strip()))
    return tuple(steps)


def _action(verb: str) -> Action:
    known = BY_VERB.get(verb) or next(iter(_single(verb)), None)
    if known is not None:
        return known
    near = get_close_matches(verb, BY_VERB, n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]}?" if near else " Press ? for what there is."
    raise Refused(f'No command "{clip(verb, 30)}".{hint}')


def _single(verb: str) -> list[Action]:
    """Return the one action whose verb begins so; a key of an action counts as its verb."""
    begins = [action for name, action in BY_VERB.items() if name.startswith(verb)]
    keyed = [action for action in ACTIONS if verb in action.keys and action.verb]
    return keyed or (begins if len(begins) == 1 else [])


def one_of(options: Sequence[str], typed: str) -> str:
    """Return the option that was typed, or the only one that begins so; empty where there is none."""
    typed = typed.strip().lower()
    begin = [option for option in options if typed and option.startswith(typed)]
    return typed if typed in options else begin[0] if len(begin) == 1 else ""


def _words_after(head: str, logins: Sequence[str]) -> Sequence[str]:
    """Return what may follow a verb: the words of its own list, or else the people of the desk."""
    verb = head.rpartition(";")[2].strip().partition(" ")[0]
    action = BY_VERB.get(verb) or next(iter(_single(verb)), None)
    options = action.options if action is not None else ()
    return options or logins


def complete(typed: str, logins: Sequence[str] = ()) -> str:
    """Complete the verb being typed, or what follows it: a word of its list, the person after `assign`."""
    head, _, last = typed.rpartition(" ")
    known = BY_VERB if not head or head.endswith(";") else _words_after(head, logins)
    matches = [name for name in known if name.startswith(last)] if last or not head else []
    if not matches and not head:
        matches = get_close_matches(last, BY_VERB, n=1, cutoff=0.5)
    return f"{head} {matches[0]} ".lstrip() if matches else typed


def tray(typed: str, width: int, history: Sequence[str]) -> list[Line]:
    """Draw the verbs that what is typed may become, with their words and keys."""
    verb = typed.strip().rpartition(";")[2].strip().partition(" ")[0]
    found = [action for name, action in sorted(BY_VERB.items()) if name.startswith(verb)]
    lines = [heading(f"commands{f': {verb}' if verb else ''}", width)]
    for action in found[:TRAY_LINES]:
        keys = f"key {keys_of(action)}" if action.keys else ""
        usage = f"{action.verb} {action.arguments}".strip()
        lines.append(Line(((clip(f"  {f'{usage}  ':<28}{action.label:<38}{keys}", width), ""),)))
    if not found:
        near = get_close_matches(verb, BY_VERB, n=1, cutoff=0.5)
        text = f"  no command {clip(verb, 20)}{f': did you mean {near[0]}? (Tab)' if near else ''}"
        lines.append(Line(((text, "note"),)))
    last = f"   Up: {clip(history[0], 30)}" if history else ""
    lines.append(Line(((clip(f"  4471 opens a case   several: take ; reply ;ref{last}", width), "column"),)))
    return lines
