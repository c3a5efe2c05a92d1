"""Checking whom a pack names: escalations, duties and complaints that end at a role which nobody at the desk has."""

from collections.abc import Collection, Iterator

from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_check_finding import Finding, Level, Place, place
from agentconsole.domain.policy_check_hours import listed
from agentconsole.domain.terms import Role


def check_people(pack: Pack, held: Collection[Role] | None) -> Iterator[Finding]:
    """Yield the roles that a pack names and nobody has; `held` None: no desk is asked, and nothing is found."""
    if held is None:
        return
    for role in Role:
        named = [(where, what) for one, where, what in _named(pack) if one is role]
        if named and role not in held:
            yield Finding(
                Level.WARNING,
                "nobody-there",
                tuple(dict.fromkeys(where for where, _ in named)),
                f"Nobody at this desk is {_a(role)}, and {listed(list(dict.fromkeys(what for _, what in named)))} "
                f"{'goes' if len(named) == 1 else 'go'} to that role.",
                f'Add one: agentconsole user add LOGIN "NAME" --role {role}; or name another role.',
            )


def _named(pack: Pack) -> Iterator[tuple[Role, Place, str]]:
    for standard in pack.standards:
        for link in standard.chain:
            yield link.role, place(pack, standard.clause), f"the breach of {standard.id}"
    for duty in pack.duties:
        yield duty.owner, place(pack, duty.clause), f"the duty {duty.id}"
    if pack.procedure is not None:
        yield pack.procedure.owner, place(pack, pack.procedure.clause), "complaints"
    for trigger in pack.triggers:
        role = pack.role_aliases.get(trigger.to) or next((role for role in Role if role == trigger.to), None)
        if role is not None:
            yield role, place(pack, trigger.clause), f"the escalation {trigger.id}"


def _a(role: Role) -> str:
    return f"an {role}" if role in (Role.AGENT, Role.ADMIN) else f"a {role}"
