"""The names that parts of a pack may refer to: clauses, calendars, messages, letters, contacts, duties and roles."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agentconsole.domain.calendar import Calendar
from agentconsole.domain.policy import Clause, Contact, Duty, Letter, Message
from agentconsole.domain.policy_reader import Reader
from agentconsole.domain.terms import Role

ROLES: Mapping[str, Role] = {role.value: role for role in Role}


@dataclass(slots=True)
class Names:
    """Hold what has been read so far and may be referred to; it grows while one pack is read."""

    clauses: dict[str, Clause] = field(default_factory=dict)
    calendars: dict[str, Calendar] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    letters: dict[str, Letter] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    duties: dict[str, Duty] = field(default_factory=dict)
    aliases: dict[str, Role] = field(default_factory=dict)

    def clause(self, table: Reader, key: str = "clause") -> str:
        """Return the clause id under the key; refuse one the pack does not have."""
        return table.one_of(key, self.clauses, "a clause of this pack")

    def calendar(self, table: Reader, key: str = "calendar") -> str:
        """Return the calendar name under the key; refuse one the pack does not have."""
        return table.one_of(key, self.calendars, "a calendar of this pack")

    def message(self, table: Reader, key: str = "message") -> str:
        """Return the message id under the key; refuse one the pack does not have."""
        return table.one_of(key, self.messages, "a message of this pack")

    def role(self, table: Reader, key: str) -> Role:
        """Return the role under the key, written as a role of the desk or as an alias of this pack."""
        known = {**ROLES, **self.aliases}
        return known[table.one_of(key, known, "a role or role alias")]


def take_id(table: Reader, taken: set[str]) -> str:
    """Return the identifier under `id` and remember it; refuse one that is taken in its list."""
    name = table.name("id")
    if name in taken:
        table.refuse(f'the id "{name}" is used twice. Allowed: an id that no other entry of this list has.', "id")
    taken.add(name)
    return name
