"""The frames between the desk and the process that parses its mail; they carry MessagePack."""

import struct

RAW_LIMIT = 25 * 1024 * 1024

LENGTH = struct.Struct(">I")
"""Before what the parent sends: the site first, then for each mail its site and the raw mail."""

ANSWER = struct.Struct(">cI")
"""Before what the child answers: its kind and length."""

READY = b"R"
MAIL = b"M"
UNPARSABLE = b"U"
LEAVING = b"L"
"""As `UNPARSABLE`, and the child ends: it may not be fit for another mail."""
