"""What all queries have in common."""

import msgspec


class Query(msgspec.Struct, frozen=True, tag=True):
    """Be the root of all queries; the class name is the tag on the wire."""
