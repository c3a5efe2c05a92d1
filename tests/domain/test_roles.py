"""Who may do what: every cell of the table, and the sentence that says no."""

import pytest

from agentconsole.domain.errors import Denied
from agentconsole.domain.roles import TABLE, Action, Scope, permit, scope
from agentconsole.domain.terms import Role

# One row an action: agent, supervisor, manager, admin; o own, t team, a all, - never.
EXPECTED = {
    "take": "taa-",
    "take_next": "taa-",
    "give_back": "oaa-",
    "assign": "taa-",
    "reply": "taa-",
    "redeliver": "taa-",
    "note": "taa-",
    "wait": "taa-",
    "resolve": "taa-",
    "reopen": "taa-",
    "escalate": "taa-",
    "accept": "-aa-",
    "undo": "ooo-",
    "set_priority": "taa-",
    "set_queue": "taa-",
    "set_brand": "-aa-",
    "tag": "taa-",
    "merge": "taa-",
    "promise": "taa-",
    "save_draft": "ooo-",
    "read_ticket": "taa-",
    "look": "taa-",
    "read_queue": "aaaa",
    "read_team_queue": "taaa",
    "read_templates": "taa-",
    "read_people": "aaaa",
    "why": "taaa",
    "search": "taa-",
    "read_users": "-aaa",
    "manage_users": "---a",
    "reset_totp": "-a-a",
    "read_audit": "--aa",
    "verify_audit": "-aaa",
    "read_status": "aaaa",
    "shutdown": "---a",
    "accept_clock": "-a-a",
    "import_mail": "---a",
    "manage_mailboxes": "---a",
    "manage_brands": "---a",
    "manage_addresses": "---a",
    "read_addresses": "---a",
    "set_addresses_aside": "---a",
    "answer_blank": "--aa",
    "manage_policies": "---a",
    "read_policies": "aaaa",
    "try_policies": "-aaa",
    "accept_policy": "oooo",
    "read_acceptances": "-aaa",
    "suggest": "aaaa",
    "read_suggestions": "oaaa",
    "settle_suggestion": "--aa",
    "read_duties": "aaaa",
    "sign_off_duty": "aaaa",
    "lock": "oooo",
    "unlock": "oooo",
    "still_here": "oooo",
    "back_up": "---a",
    "reset_by_two": "---a",
    "export_key": "---a",
    "keep_place": "oooo",
    "prove_again": "oooo",
    "renew_codes": "oooo",
    "sign_out": "oooo",
    "change_own_password": "oooo",
}
ROLES = (Role.AGENT, Role.SUPERVISOR, Role.MANAGER, Role.ADMIN)
LETTERS = {"o": Scope.OWN, "t": Scope.TEAM, "a": Scope.ALL, "-": None}
CELLS = [
    (role, action, LETTERS[EXPECTED[action.value][column]]) for action in Action for column, role in enumerate(ROLES)
]


def is_permitted(role: Role, action: Action, *, own: bool, team: bool) -> bool:
    try:
        permit(role, action, own=own, team=team)
    except Denied:
        return False
    return True


@pytest.mark.parametrize(("role", "action", "granted"), CELLS)
def test_a1_every_cell_of_the_table_is_as_written_and_as_enforced(
    role: Role, action: Action, granted: Scope | None
) -> None:
    assert scope(role, action) is granted
    assert is_permitted(role, action, own=True, team=True) is (granted is not None)
    assert is_permitted(role, action, own=False, team=True) is (granted in (Scope.TEAM, Scope.ALL))
    assert is_permitted(role, action, own=False, team=False) is (granted is Scope.ALL)


def test_a1_every_action_has_a_row_and_every_row_an_action() -> None:
    assert set(TABLE) == set(Action)
    assert set(EXPECTED) == {action.value for action in Action}


@pytest.mark.parametrize(
    ("role", "action", "sentence"),
    [
        (Role.AGENT, Action.ACCEPT, "Only a supervisor or a manager may accept an escalation."),
        (Role.AGENT, Action.SHUTDOWN, "Only an admin may stop the desk."),
        (Role.AGENT, Action.READ_USERS, "Only a supervisor, a manager or an admin may list the accounts."),
        (Role.ADMIN, Action.READ_TICKET, "Only an agent, a supervisor or a manager may read a case."),
        (
            Role.AGENT,
            Action.GIVE_BACK,
            "You may only give back a case where it is yours; a supervisor or a manager may do it for everyone.",
        ),
        (
            Role.AGENT,
            Action.REPLY,
            "You may only reply to a customer where it is your team's; "
            "a supervisor or a manager may do it for everyone.",
        ),
        (Role.ADMIN, Action.CHANGE_OWN_PASSWORD, "You may only change the password where it is yours."),
    ],
)
def test_a_denial_says_in_one_sentence_which_role_is_needed(role: Role, action: Action, sentence: str) -> None:
    with pytest.raises(Denied) as denial:
        permit(role, action, own=False, team=False)

    assert denial.value.sentence == sentence
    assert denial.value.code == "denied"


@pytest.mark.parametrize("role", ROLES)
def test_what_the_table_does_not_know_is_denied_to_everybody(role: Role) -> None:
    with pytest.raises(Denied, match="Nobody may format disk"):
        permit(role, _Unknown("format_disk"), own=True)  # type: ignore[arg-type]


class _Unknown(str):
    """An action that no table knows."""

    value = "format_disk"
