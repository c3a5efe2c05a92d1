"""People and their roles, from the administrator's side: changed once right, and refused for every reason there is."""

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.domain.terms import Role
from agentconsole.services import users
from agentconsole.services.sessions import begin_session
from agentconsole.storage.transaction import Tx
from agentconsole.wire.commands import SetRole
from tests.desk_bench import Bench


def test_a_role_is_changed_ends_her_sessions_and_stands_in_the_log(bench: Bench) -> None:
    bench.user("ada", "admin")

    def begin(tx: Tx) -> str:
        return begin_session(tx, users.find_user(tx, "ana"), "server").id

    session = bench.write(begin)

    said = bench.do("ada", SetRole("ana", "supervisor")).said.line()

    (event,) = bench.events("user.role_changed")
    assert said == "ana is supervisor now, and signs in anew."
    assert (event.subject, event.body) == ("ana", '{"from":"agent","to":"supervisor"}')
    assert bench.actor("ana").role is Role.SUPERVISOR
    assert bench.committed[-1].ended_sessions == {session: "the role was changed"}


@pytest.mark.parametrize(
    ("login", "role", "says"),
    [
        ("nobody", "agent", 'There is no user "nobody"'),
        ("ana", "wizard", 'There is no role "wizard": choose agent, supervisor, manager, admin.'),
        ("ana", "agent", "ana is agent already."),
        ("ada", "agent", "ada is the last administrator: add another one before taking this role away."),
    ],
)
def test_a_role_that_cannot_be_given_is_refused_and_nothing_changes(
    bench: Bench, login: str, role: str, says: str
) -> None:
    bench.user("ada", "admin")
    before = bench.tables()

    with pytest.raises(Refused) as refused:
        bench.do("ada", SetRole(login, role))

    assert says in refused.value.sentence
    assert bench.tables() == before


def test_one_of_two_administrators_may_have_another_role(bench: Bench) -> None:
    for login in ("ada", "eva"):
        bench.user(login, "admin")

    bench.do("ada", SetRole("eva", "agent"))

    assert bench.actor("eva").role is Role.AGENT
