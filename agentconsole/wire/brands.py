"""What is asked about the brands, and about the desk's own name and time zone."""

from agentconsole.wire.command import Command

NO_BRAND = (
    "This desk has no brand yet and takes no mail: an administrator types `agentconsole brand add BRAND NAME POLICY`."
)


class AddBrand(Command, frozen=True):
    """Add an organisation that the desk answers for, under a policy of the desk or one that ships with the program."""

    brand: str
    name: str
    pack: str


class SetDesk(Command, frozen=True):
    """Give the desk another name or time zone; "" leaves what there is."""

    name: str = ""
    zone: str = ""
