"""What all commands have in common."""

import msgspec


class Command(msgspec.Struct, frozen=True, tag=True):
    """Be the root of all commands; the class name is the tag on the wire."""
