"""Who may do what, asked straight on the socket: every command and query by every role (PROMISES 18)."""

import typing
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.domain.roles import TABLE, Action, scope
from agentconsole.domain.terms import Role
from agentconsole.server import answering, connections, sudo
from agentconsole.server.dispatch import HANDLERS, carry_out
from agentconsole.wire import (
    addresses,
    anchors,
    brands,
    commands,
    duties,
    histories,
    policies,
    policy_reading,
    queries,
    windows,
)
from agentconsole.wire.query import Query
from agentconsole.wire.stands import Stand
from tests.server_bench import Caller, on_a_loop, serve

NOW = 10_000
OPEN_TO_ALL = frozenset({commands.SignIn, commands.ConfirmEnrolment})
OF_SESSION = {
    commands.Lock: Action.LOCK,
    commands.Unlock: Action.UNLOCK,
    commands.SignOut: Action.SIGN_OUT,
    commands.StillHere: Action.STILL_HERE,
    commands.Look: Action.LOOK,
    commands.ProveAgain: Action.PROVE_AGAIN,
    commands.RenewCodes: Action.RENEW_CODES,
    commands.ChangePassword: Action.CHANGE_OWN_PASSWORD,
    policy_reading.AcceptPolicy: Action.ACCEPT_POLICY,
}
OF_HOST = {
    commands.AddUser: Action.MANAGE_USERS,
    commands.ResetTotp: Action.RESET_TOTP,
    commands.ResetByTwo: Action.RESET_BY_TWO,
    commands.ImportMail: Action.IMPORT_MAIL,
    commands.AcceptClock: Action.ACCEPT_CLOCK,
    commands.BeginBackup: Action.BACK_UP,
    commands.EndBackup: Action.BACK_UP,
    commands.ExportKey: Action.EXPORT_KEY,
    commands.Shutdown: Action.SHUTDOWN,
}
ACTIONS: dict[type, Action] = {
    **{command: handler.action for command, handler in HANDLERS.items()},
    **OF_SESSION,
    **OF_HOST,
    **answering.ACTIONS,
}
# What is asked, so that nothing but the role decides; Shutdown and SignOut come last, by their own tests.
ASKED: tuple[commands.Command | Query, ...] = (
    commands.Lock(),
    commands.Unlock("a wrong password"),
    commands.StillHere(),
    commands.Look(99),
    commands.KeepPlace(Stand()),
    commands.ProveAgain("a wrong code"),
    commands.RenewCodes(),
    commands.ChangePassword("a wrong password", "a new quiet horse"),
    commands.Take(99, NOW),
    commands.GiveBack(99, NOW),
    commands.TakeNext(),
    commands.Assign(99, NOW, "ana"),
    commands.Reply(99, NOW, "Hi"),
    commands.AddNote(99, "Hi"),
    commands.Wait(99, NOW),
    commands.Resolve(99, NOW),
    commands.Reopen(99, NOW),
    commands.Escalate(99, NOW, "help"),
    commands.SetPriority(99, NOW, "high"),
    commands.Tag(99),
    commands.Undo(),
    commands.SaveDraft(99, "reply", "Hi"),
    commands.Redeliver(99, "send"),
    commands.AddUser("bo", "Bo", "wizard"),
    commands.DisableUser("nobody"),
    commands.SetRole("nobody", "admin"),
    commands.TieUser("nobody"),
    commands.ResetTotp("nobody"),
    commands.ResetByTwo("nobody", commands.Proof("a", "b", "c"), commands.Proof("a", "b", "c")),
    commands.ImportMail("x.eml", b"x", "nobrand"),
    commands.AnswerBlank("nopack", "x", "x"),
    commands.SetMailbox("nobrand", "a@b", "h", 1, "ssl", "h", 1, "ssl", "u", "p"),
    addresses.AllowAddress("agent", "nowhere"),
    anchors.MailAnchors("nowhere"),
    brands.AddBrand("No Brand", "x", "x"),
    brands.SetDesk(),
    duties.SignOffDuty("no/duty"),
    policies.KeepDraft("no TOML"),
    policies.ActivateDraft("nopack"),
    addresses.RemoveAddress("agent", "nowhere"),
    addresses.OpenAddresses(0),
    addresses.CloseAddresses(),
    commands.AcceptClock("the battery was empty"),
    commands.BeginBackup(),
    commands.EndBackup(),
    commands.ExportKey("short"),
    queries.ReadQueue("mine"),
    queries.ReadQueue("team"),
    queries.ReadQueue("unassigned"),
    queries.ReadCase(99),
    queries.ExplainClock(99),
    queries.ReadTemplates(),
    queries.ReadPeople(),
    queries.Search("order"),
    queries.ReadUsers(),
    queries.ReadAddresses(),
    queries.ReadStatus(),
    queries.VerifyAudit(),
    queries.ReadBlanks(),
    queries.ReadBrands(),
    duties.ReadDuties(),
    duties.ExplainDuty("no/duty"),
    windows.ReadWindow("nopack", "phone", "UTC", "9", "10"),
    policy_reading.AcceptPolicy("nopack", 1, "a wrong code"),
    policy_reading.Suggest("nopack", "1", "Other words."),
    policy_reading.SettleSuggestion(99, "taken", "Good."),
    policy_reading.ReadMyPolicies(),
    policy_reading.ReadClauses("nopack"),
    policy_reading.ReadAcceptances("nopack"),
    policy_reading.ReadSuggestions(),
    policies.ReadPolicies(),
    policies.ReadPolicyText("nopack"),
    histories.ReadHistories("nopack"),
)
LOGINS = {Role.AGENT: "ana", Role.SUPERVISOR: "sam", Role.MANAGER: "mara", Role.ADMIN: "ada"}


async def _outcome(caller: Caller, body: object) -> str:
    try:
        await caller.ask(body)
    except Refused as refused:
        return refused.code
    return "answered"


def _action(body: object) -> Action:
    if isinstance(body, queries.ReadQueue) and body.view != "mine":
        return Action.READ_TEAM_QUEUE
    return ACTIONS[type(body)]


def test_a1_every_command_and_query_of_the_wire_has_a_row_in_the_table() -> None:
    """One that is added without a row fails here, and could not be permitted to anybody."""
    of_wire = {*typing.get_args(commands.AnyCommand), *typing.get_args(queries.AnyQuery)}

    assert of_wire - OPEN_TO_ALL == set(ACTIONS)
    assert sudo.ACTIONS == ACTIONS
    assert set(ACTIONS.values()) <= set(TABLE)
    assert {type(body) for body in ASKED} | {commands.SignOut, commands.Shutdown} == set(ACTIONS)


@pytest.mark.parametrize("role", list(Role))
@on_a_loop
async def test_a1_the_socket_does_what_the_table_says(tmp_path: Path, role: Role) -> None:
    async with serve(tmp_path) as served:
        caller = await served.sign_in(LOGINS[role])
        denied = []
        for body in ASKED:
            if isinstance(body, commands.Lock):
                continue
            outcome = await _outcome(caller, body)
            assert outcome != "fault", str(body)
            if outcome == "denied":
                denied.append(body)

    assert denied == [body for body in ASKED if scope(role, _action(body)) is None]


@pytest.mark.parametrize("role", list(Role))
@on_a_loop
async def test_a1_the_use_cases_below_the_socket_do_too(tmp_path: Path, role: Role) -> None:
    """Whoever calls them, and whatever was checked before."""
    async with serve(tmp_path) as served:
        await served.sign_in(LOGINS[role])
        (live,) = [one for one in served.server.sessions.live if one.login == LOGINS[role]]
        denied = []
        asked = [body for body in ASKED if type(body) in HANDLERS]
        for number, body in enumerate(asked):
            try:
                await carry_out(served.desk, live.actor(), role, body, f"request {number}")  # type: ignore[arg-type]
            except Refused as refused:
                denied += [body] if refused.code == "denied" else []

    assert denied == [body for body in asked if scope(role, ACTIONS[type(body)]) is None]
    assert denied


@on_a_loop
async def test_a1_who_has_not_signed_in_may_ask_for_nothing_that_a_customer_wrote(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        host = await served.caller()
        answered = []
        for body in ASKED:
            outcome = await _outcome(host, body)
            assert outcome != "fault", str(body)
            if outcome != "sign-in":
                answered.append(type(body))

    assert set(answered) == set(connections._OPEN_TO_HOST) - {commands.Shutdown}


@on_a_loop
async def test_an_account_that_is_not_the_desk_s_own_may_do_nothing_before_it_signs_in(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        stranger = await served.caller()
        (live,) = served.server.sessions.live
        live.peer = type(live.peer)(**{**_fields(live.peer), "uid": 65534})
        outcomes = {await _outcome(stranger, body) for body in ASKED}

    assert outcomes == {"sign-in"}


def _fields(peer: object) -> dict[str, object]:
    return {name: getattr(peer, name) for name in peer.__dataclass_fields__}  # type: ignore[attr-defined]


@on_a_loop
async def test_a_locked_session_is_answered_nothing_but_unlocking_and_leaving(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        ana = await served.sign_in("ana")
        await ana.ask(commands.Lock())
        codes = {type(body): await _outcome(ana, body) for body in ASKED}
        left = await ana.ask(commands.SignOut())

    assert {kind for kind, code in codes.items() if code != "locked"} == {commands.Unlock}
    assert left.said.line() == "Signed out."


@pytest.mark.parametrize("login", ["ana", "sam", "mara"])
@on_a_loop
async def test_nobody_but_an_administrator_stops_the_desk(tmp_path: Path, login: str) -> None:
    async with serve(tmp_path) as served:
        caller = await served.sign_in(login)

        with pytest.raises(Refused) as refused:
            await caller.ask(commands.Shutdown())

        assert refused.value.code == "denied"
        assert not served.running.done()


@pytest.mark.parametrize(("target", "may"), [("ana", True), ("sam2", False), ("mara", False), ("ada", False)])
@on_a_loop
async def test_a_supervisor_resets_agents_only(tmp_path: Path, target: str, may: bool) -> None:
    """Who resets reads the one-time password; with an administrator's she would be one."""
    people = (("ana", "agent"), ("sam", "supervisor"), ("sam2", "supervisor"), ("mara", "manager"), ("ada", "admin"))
    async with serve(tmp_path, people=people) as served:
        sam = await served.sign_in("sam")
        await served.prove(sam)
        outcome = await _outcome(sam, commands.ResetTotp(target))

    assert outcome == ("answered" if may else "denied")
