"""Every action of the console, once: id, keys, label, group, permission, where it works, undo or danger.

Hints, help, palette and `:` verbs are generated from this table, and a test reads it: one key means one verb, and no
key is one that terminals, multiplexers or habits take.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

LISTS = ("queue",)
ON_TICKETS = ("queue", "case")
EVERYWHERE: tuple[str, ...] = ()

FORBIDDEN = frozenset(
    {
        *("ctrl+a", "ctrl+b", "ctrl+s", "ctrl+q", "ctrl+z", "ctrl+backslash", "ctrl+c", "ctrl+h", "ctrl+i", "ctrl+m"),
        *("ctrl+left_square_bracket", "ctrl+enter", "shift+enter", "alt+enter", "ctrl+circumflex_accent"),
        *("grave_accent", "left_square_bracket", "right_square_bracket", "left_curly_bracket", "right_curly_bracket"),
        *("backslash", "tilde", "at", "vertical_line"),
    }
)
"""Keys that no action may have (UX 7.1); ctrl+c and, in fields, ctrl+a belong to the fields alone."""

NAMES = {
    "full_stop": ".",
    "slash": "/",
    "colon": ":",
    "question_mark": "?",
    "equals_sign": "=",
    "minus": "-",
    "plus": "+",
    "underscore": "_",
    "at": "@",
    "backslash": "\\",
    "space": "space",
    "asterisk": "*",
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "home": "Home",
    "end": "End",
}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing the console can do.

    `keys` are Textual's names, one or two presses ("g q"); `where` are the modes in which the keys work, none meaning
    all outside text; `verb` is its word after `:`; `undo` says what takes it back, `danger` what cannot be.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    group: str
    verb: str = ""
    arguments: str = ""
    permit: str = ""
    where: tuple[str, ...] = EVERYWHERE
    undo: str = ""
    danger: str = ""

    @property
    def options(self) -> tuple[str, ...]:
        """Return the words that `arguments` lists, which can be completed; none where it describes them (DATE)."""
        words = tuple(self.arguments.strip("[]").split("|"))
        return words if len(words) > 1 and all(word == word.lower() for word in words) else ()


ACTIONS: tuple[Action, ...] = (
    Action("case.next_step", ("full_stop",), "do what NEXT says", "do", "do", where=ON_TICKETS),
    Action(
        "case.take_next",
        ("n",),
        "take the next case",
        "do",
        "next",
        permit="take",
        where=ON_TICKETS,
        undo="u gives it back",
    ),
    Action(
        "case.reply",
        ("r",),
        "reply to the customer",
        "do",
        "reply",
        "[;template]",
        permit="reply",
        where=ON_TICKETS,
        undo="u within the hold",
    ),
    Action("case.note", ("i",), "internal note", "do", "note", "[TEXT]", permit="note", where=ON_TICKETS),
    Action(
        "case.resolve",
        ("e",),
        "resolve",
        "do",
        "resolve",
        "[REASON]",
        permit="resolve",
        where=ON_TICKETS,
        undo="u",
    ),
    Action(
        "case.wait",
        ("w",),
        "wait: customer or a date",
        "do",
        "wait",
        "customer|DATE",
        permit="wait",
        where=ON_TICKETS,
        undo="u",
    ),
    Action(
        "case.escalate",
        ("x",),
        "escalate to the supervisor",
        "do",
        "escalate",
        "[NOTE]",
        permit="escalate",
        where=ON_TICKETS,
        undo="u",
    ),
    Action(
        "case.assign",
        ("a",),
        "assign to someone",
        "do",
        "assign",
        "NAME [CASES]",
        permit="assign",
        where=ON_TICKETS,
        undo="u",
    ),
    Action(
        "case.take",
        ("t",),
        "take or give back",
        "do",
        "take",
        "[CASE]",
        permit="take",
        where=ON_TICKETS,
        undo="u",
    ),
    Action("case.give_back", (), "give back to the queue", "do", "give", permit="give_back", undo="u"),
    Action("case.reopen", (), "open it again", "do", "reopen", permit="reopen", where=ON_TICKETS),
    Action(
        "case.resend", (), "send a failed mail again", "do", "resend", "[sent]", permit="redeliver", where=ON_TICKETS
    ),
    Action("case.undo", ("u",), "take back my last change", "do", "undo", permit="undo"),
    Action(
        "duty.sign_off",
        ("S",),
        "sign off this duty",
        "do",
        "signoff",
        "[NOTE]",
        permit="sign_off_duty",
        where=("duties",),
    ),
    Action("case.priority", (), "set priority", "do", "priority", "low|normal|high|urgent", permit="set_priority"),
    Action("case.tag", (), "add and remove tags", "do", "tag", "+TAG -TAG", permit="tag"),
    Action("select.toggle", ("space",), "select this case", "select", where=LISTS),
    Action("select.all", ("asterisk",), "select all listed", "select", where=LISTS),
    Action("select.none", ("escape",), "select none", "select", where=LISTS),
    Action("move.down", ("j", "down"), "down", "move"),
    Action("move.up", ("k", "up"), "up", "move"),
    Action("move.page_down", ("pagedown",), "page down", "move"),
    Action("move.page_up", ("pageup",), "page up", "move"),
    Action("move.top", ("g g", "home"), "top", "move"),
    Action("move.end", ("G", "end"), "end", "move"),
    Action("tab.next", ("l", "right"), "next list", "move", where=LISTS),
    Action("tab.previous", ("h", "left"), "previous list", "move", where=LISTS),
    Action("pane.next", ("tab",), "other pane", "move", where=("case",)),
    Action("go.tab", tuple("0123456789"), "work tab; 0 is the list", "go"),
    Action("go.queue", ("g q",), "my work", "go", "mine"),
    Action("go.team", ("g t",), "team queue", "go", "team"),
    Action("go.unassigned", ("g o",), "unassigned cases", "go", "unassigned"),
    Action("go.messages", ("g n",), "messages so far", "go", "messages"),
    Action("go.duties", ("g d",), "duties", "go", "duties", permit="read_duties"),
    Action("go.policies", ("g y",), "policies, or a clause", "go", "policy", "[PACK [CLAUSE]]"),
    Action("go.blanks", (), "what the policies leave open", "go", "blanks", permit="answer_blank"),
    Action("go.late", (), "late cases", "go", "late"),
    Action("go.open", ("enter",), "open", "move", "open", "CASE", where=LISTS),
    Action("go.back", ("q",), "back, one level out", "move", "back"),
    Action("go.last", ("minus",), "last place", "move"),
    Action("go.next_item", ("J",), "next case of the list", "move", where=ON_TICKETS),
    Action("go.previous_item", ("K",), "previous case of the list", "move", where=ON_TICKETS),
    Action("find.filter", ("slash",), "filter this list", "find", "filter", "WORDS", where=LISTS),
    Action("find.command", ("colon",), "command line", "find"),
    Action("find.palette", ("ctrl+p",), "palette: any verb, any case", "find"),
    Action("find.why", ("equals_sign",), "why this order or clock", "find", "why", where=ON_TICKETS),
    Action("find.help", ("question_mark", "f1"), "help for this screen", "find", "help", "[VERB]"),
    Action("policy.find", ("slash",), "find in this policy", "find", where=("policy",)),
    Action(
        "policy.accept",
        ("A",),
        "accept it, at its end",
        "do",
        permit="accept_policy",
        where=("policy",),
        danger="an acceptance stays",
    ),
    Action(
        "policy.suggest",
        ("plus",),
        "suggest a change of a clause",
        "do",
        "suggest",
        "[TEXT]",
        permit="suggest",
        where=("policy",),
    ),
    Action("case.copy", ("y n",), "copy the number", "find", "copy", "[number|message|email]", where=ON_TICKETS),
    Action("case.copy_message", ("y m",), "copy the last message", "find", where=ON_TICKETS),
    Action("case.copy_email", ("y e",), "copy the address", "find", where=ON_TICKETS),
    Action("list.resort", ("R",), "sort the list again", "find", "sort", where=LISTS),
    Action("console.redraw", ("ctrl+l",), "draw the screen again", "desk", "redraw"),
    Action("console.theme", (), "colours", "desk", "theme", "dark|light|mono|16"),
    Action("console.slow", (), "send less on a slow line", "desk", "slow", "on|off"),
    Action("console.bell", (), "when the bell rings", "desk", "bell", "live|due|off"),
    Action("console.warm", (), "keep a console ready", "desk", "warm", "on|off"),
    Action("console.role", ("f9",), "be someone else of the demo", "desk"),
    Action("console.tour", (), "guided tour of the demo", "desk", "tour"),
    Action("console.suspend", (), "lock, and go to the shell", "desk", "suspend"),
    Action("console.codes", (), "new recovery codes to print", "desk", "codes", permit="renew_codes"),
    Action("console.clock", (), "accept a clock set back", "desk", "clock", "accept REASON", permit="accept_clock"),
    Action(
        "console.allow",
        (),
        "from where people sign in",
        "desk",
        "allow",
        "[remove] ROLE RANGE [NAME]",
        permit="manage_addresses",
    ),
    Action("console.lock", ("L",), "lock the screen", "desk", "lock"),
    Action("console.quit", ("Q",), "go off shift and leave", "desk", "quit"),
)

BY_ID = {action.id: action for action in ACTIONS}


def action_for(keys: str, mode: str) -> Action | None:
    """Return the action that these presses ("r", "g q") mean in a mode, or None."""
    for action in ACTIONS:
        if keys in action.keys and (not action.where or mode in action.where):
            return action
    return None


def leads(key: str) -> bool:
    """Tell whether a key is the first of two, like `g`."""
    return any(press.startswith(f"{key} ") for action in ACTIONS for press in action.keys)


def followers(key: str) -> tuple[tuple[str, Action], ...]:
    """Return what may follow a leading key, with the action it then means."""
    return tuple(
        (press.split(" ", 1)[1], action) for action in ACTIONS for press in action.keys if press.startswith(f"{key} ")
    )


def shown(keys: str) -> str:
    """Return presses as a person reads them: "full_stop" is ".", "dollar_sign" is "$", "g q" stays "g q"."""
    return " ".join(NAMES.get(key) or _sign(key) for key in keys.split(" "))


def _sign(key: str) -> str:
    if key[:1] == "f" and key[1:].isdigit():
        return key.upper()
    try:
        return key if len(key) == 1 else unicodedata.lookup(key.replace("_", " "))
    except KeyError:
        return key
