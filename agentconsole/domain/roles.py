"""Who may do what at the desk: the table of actions by role, with default deny (PROMISES 18 and section 6, item 15)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from agentconsole.domain.errors import Denied
from agentconsole.domain.terms import Role


class Action(StrEnum):
    """Name every command and query of the desk server; one that is not here cannot be permitted."""

    TAKE = "take"
    TAKE_NEXT = "take_next"
    GIVE_BACK = "give_back"
    ASSIGN = "assign"
    REPLY = "reply"
    REDELIVER = "redeliver"
    NOTE = "note"
    WAIT = "wait"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    ESCALATE = "escalate"
    ACCEPT = "accept"
    UNDO = "undo"
    SET_PRIORITY = "set_priority"
    SET_QUEUE = "set_queue"
    SET_BRAND = "set_brand"
    TAG = "tag"
    MERGE = "merge"
    PROMISE = "promise"
    SAVE_DRAFT = "save_draft"
    READ_TICKET = "read_ticket"
    READ_QUEUE = "read_queue"
    READ_TEAM_QUEUE = "read_team_queue"
    READ_TEMPLATES = "read_templates"
    READ_PEOPLE = "read_people"
    WHY = "why"
    SEARCH = "search"
    READ_USERS = "read_users"
    MANAGE_USERS = "manage_users"
    RESET_TOTP = "reset_totp"
    RESET_BY_TWO = "reset_by_two"
    READ_AUDIT = "read_audit"
    VERIFY_AUDIT = "verify_audit"
    READ_STATUS = "read_status"
    SHUTDOWN = "shutdown"
    ACCEPT_CLOCK = "accept_clock"
    BACK_UP = "back_up"
    EXPORT_KEY = "export_key"
    IMPORT_MAIL = "import_mail"
    MANAGE_MAILBOXES = "manage_mailboxes"
    MANAGE_BRANDS = "manage_brands"
    MANAGE_ADDRESSES = "manage_addresses"
    READ_ADDRESSES = "read_addresses"
    SET_ADDRESSES_ASIDE = "set_addresses_aside"
    ANSWER_BLANK = "answer_blank"
    ACCEPT_POLICY = "accept_policy"
    READ_ACCEPTANCES = "read_acceptances"
    SUGGEST = "suggest"
    READ_SUGGESTIONS = "read_suggestions"
    SETTLE_SUGGESTION = "settle_suggestion"
    MANAGE_POLICIES = "manage_policies"
    READ_POLICIES = "read_policies"
    TRY_POLICIES = "try_policies"
    READ_DUTIES = "read_duties"
    SIGN_OFF_DUTY = "sign_off_duty"
    LOCK = "lock"
    UNLOCK = "unlock"
    STILL_HERE = "still_here"
    LOOK = "look"
    KEEP_PLACE = "keep_place"
    PROVE_AGAIN = "prove_again"
    RENEW_CODES = "renew_codes"
    SIGN_OUT = "sign_out"
    CHANGE_OWN_PASSWORD = "change_own_password"  # noqa: S105 - the name of an action


class Scope(StrEnum):
    """Say on whose tickets, or on whose account, an action is permitted."""

    OWN = "own"
    TEAM = "team"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Grant:
    """Permit an action to each role in `scopes`; `words` completes the sentence "Only … may …"."""

    words: str
    scopes: Mapping[Role, Scope]


def _desk(words: str, *, agent: Scope | None = Scope.TEAM) -> Grant:
    """Grant work on tickets: agents as said, supervisors and managers on all; administrators not."""
    scopes = {Role.SUPERVISOR: Scope.ALL, Role.MANAGER: Scope.ALL}
    return Grant(words, scopes if agent is None else {Role.AGENT: agent, **scopes})


def _all(words: str, *roles: Role) -> Grant:
    return Grant(words, dict.fromkeys(roles, Scope.ALL))


def _own(words: str) -> Grant:
    return Grant(words, dict.fromkeys(Role, Scope.OWN))


TABLE: Mapping[Action, Grant] = {
    Action.TAKE: _desk("take a case"),
    Action.TAKE_NEXT: _desk("take the next case"),
    Action.GIVE_BACK: _desk("give back a case", agent=Scope.OWN),
    Action.ASSIGN: _desk("assign a case"),
    Action.REPLY: _desk("reply to a customer"),
    Action.REDELIVER: _desk("send a message again"),
    Action.NOTE: _desk("write a note"),
    Action.WAIT: _desk("set a case to waiting"),
    Action.RESOLVE: _desk("resolve a case"),
    Action.REOPEN: _desk("reopen a case"),
    Action.ESCALATE: _desk("escalate a case"),
    Action.ACCEPT: _desk("accept an escalation", agent=None),
    Action.UNDO: Grant("undo a change", {role: Scope.OWN for role in Role if role is not Role.ADMIN}),
    Action.SET_PRIORITY: _desk("set the priority"),
    Action.SET_QUEUE: _desk("move a case to another queue"),
    Action.SET_BRAND: _desk("move a case to another brand", agent=None),
    Action.TAG: _desk("tag a case"),
    Action.MERGE: _desk("merge cases"),
    Action.PROMISE: _desk("promise a date"),
    Action.SAVE_DRAFT: Grant("save a draft", {role: Scope.OWN for role in Role if role is not Role.ADMIN}),
    Action.READ_TICKET: _desk("read a case"),
    Action.LOOK: _desk("be at a case"),
    Action.READ_QUEUE: _all("read the queue", *Role),
    Action.READ_TEAM_QUEUE: Grant("read the team queue", {**dict.fromkeys(Role, Scope.ALL), Role.AGENT: Scope.TEAM}),
    Action.READ_TEMPLATES: _desk("read templates"),
    Action.READ_PEOPLE: _all("see who is on shift", *Role),
    Action.WHY: Grant("ask a clock why", {**dict.fromkeys(Role, Scope.ALL), Role.AGENT: Scope.TEAM}),
    Action.SEARCH: _desk("search the cases"),
    Action.READ_USERS: _all("list the accounts", Role.SUPERVISOR, Role.MANAGER, Role.ADMIN),
    Action.MANAGE_USERS: _all("add, change or disable accounts", Role.ADMIN),
    Action.RESET_TOTP: _all("reset somebody's authenticator", Role.SUPERVISOR, Role.ADMIN),
    Action.RESET_BY_TWO: _all("begin a reset by two people", Role.ADMIN),
    Action.READ_AUDIT: _all("read the audit log", Role.MANAGER, Role.ADMIN),
    Action.VERIFY_AUDIT: _all("verify the audit log", Role.SUPERVISOR, Role.MANAGER, Role.ADMIN),
    Action.READ_STATUS: _all("read the desk's status", *Role),
    Action.SHUTDOWN: _all("stop the desk", Role.ADMIN),
    Action.ACCEPT_CLOCK: _all("accept a clock that was set back", Role.SUPERVISOR, Role.ADMIN),
    Action.BACK_UP: _all("back the desk up", Role.ADMIN),
    Action.EXPORT_KEY: _all("take a copy of the master key", Role.ADMIN),
    Action.IMPORT_MAIL: _all("import mail", Role.ADMIN),
    Action.MANAGE_MAILBOXES: _all("connect mailboxes", Role.ADMIN),
    Action.MANAGE_BRANDS: _all("add brands and name the desk", Role.ADMIN),
    Action.MANAGE_ADDRESSES: _all("say from where people sign in", Role.ADMIN),
    Action.READ_ADDRESSES: _all("read from where people sign in", Role.ADMIN),
    Action.SET_ADDRESSES_ASIDE: _all("set the allow-list aside", Role.ADMIN),
    Action.ANSWER_BLANK: _all("fill in what a policy leaves open", Role.MANAGER, Role.ADMIN),
    Action.MANAGE_POLICIES: _all("keep a policy's draft and put it into force", Role.ADMIN),
    Action.READ_POLICIES: _all("read the policies", *Role),
    Action.TRY_POLICIES: _all("try a policy on the desk's cases", Role.SUPERVISOR, Role.MANAGER, Role.ADMIN),
    Action.READ_DUTIES: _all("see the duties and the open hours", *Role),
    Action.SIGN_OFF_DUTY: _all("sign off a duty", *Role),
    Action.ACCEPT_POLICY: _own("accept a policy"),
    Action.READ_ACCEPTANCES: _all("see who accepted a policy", Role.SUPERVISOR, Role.MANAGER, Role.ADMIN),
    Action.SUGGEST: _all("suggest a change of a policy", *Role),
    Action.READ_SUGGESTIONS: Grant("read suggestions", {**dict.fromkeys(Role, Scope.ALL), Role.AGENT: Scope.OWN}),
    Action.SETTLE_SUGGESTION: _all("decide on a suggestion", Role.MANAGER, Role.ADMIN),
    Action.KEEP_PLACE: _own("keep a place"),
    Action.PROVE_AGAIN: _own("give a code once more"),
    Action.RENEW_CODES: _own("make new recovery codes"),
    Action.LOCK: _own("lock the screen"),
    Action.UNLOCK: _own("unlock the screen"),
    Action.STILL_HERE: _own("keep a session awake"),
    Action.SIGN_OUT: _own("sign out"),
    Action.CHANGE_OWN_PASSWORD: _own("change the password"),
}


def scope(role: Role, action: Action) -> Scope | None:
    """Return on whose tickets or account `role` may do `action`; None: nowhere."""
    grant = TABLE.get(action)
    return None if grant is None else grant.scopes.get(role)


def permit(role: Role, action: Action, *, own: bool, team: bool = True) -> None:
    """Refuse with Denied, naming the role that is needed, what the table does not grant.

    `own` says whether the ticket, draft, change or account is the actor's, `team` whether it is her team's (a desk
    with one team leaves it). Supervisors and managers work on every ticket. Administrators manage accounts and
    mailboxes and may read the queue, to see that the desk runs; they read no customer's ticket and answer none.
    """
    granted = scope(role, action)
    if granted is Scope.ALL or (own and granted is not None) or (team and granted is Scope.TEAM):
        return
    raise Denied(_sentence(action, granted))


def _sentence(action: Action, granted: Scope | None) -> str:
    grant = TABLE.get(action)
    if grant is None:
        return f"Nobody may {action.value.replace('_', ' ')}: no role is granted it."
    wider = [role for role, held in grant.scopes.items() if held is Scope.ALL]
    if granted is None:
        return f"Only {_listed(list(grant.scopes))} may {grant.words}."
    whose = "yours" if granted is Scope.OWN else "your team's"
    helper = f"; {_listed(wider)} may do it for everyone" if wider else ""
    return f"You may only {grant.words} where it is {whose}{helper}."


def _listed(roles: list[Role]) -> str:
    words = [f"an {role.value}" if role.value[0] == "a" else f"a {role.value}" for role in roles]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
