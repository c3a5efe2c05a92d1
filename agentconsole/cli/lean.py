"""What a console goes without: it speaks over Unix sockets only, and OpenSSL would be a tenth of its memory."""

import sys
from importlib.machinery import PathFinder


def go_without_openssl() -> None:
    """Let `asyncio` and `hashlib` find no OpenSSL, for which both have a way of their own; call it before them.

    Nor can a setting of OpenSSL, which may name code to load, reach a process that has none.
    """
    # A Python that was built without hashes of its own needs those of OpenSSL.
    if any(map(PathFinder.find_spec, ("_sha2", "_sha256"))):
        sys.modules.update(dict.fromkeys(("ssl", "_hashlib")))  # type: ignore[arg-type] # None: it cannot be imported
