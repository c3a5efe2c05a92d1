"""The picture that an authenticator app scans at the first sign-in."""

from collections.abc import Sequence
from typing import Literal

MOST_ROWS = 20
"""Rows of half blocks that an 80x23 terminal has for the picture (UX 2.5)."""

_HALF_BLOCKS = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}


def qr_rows(uri: str, *, style: Literal["half", "hash"] = "half") -> tuple[str, ...]:
    """Draw a URI as a QR code of level L: marks are its light modules and blanks its dark ones.

    So it wants light marks on a dark ground, set explicitly, whatever the terminal's own colours: inverted it does not
    scan. `half` packs two modules into the height of a row (a URI of at most 106 bytes takes 20 rows or fewer and 41
    columns); `hash` needs no block characters but two columns a module and a row each (35 rows or more). All rows are
    equally wide and include the quiet zone, which belongs to the picture: strip nothing.
    """
    import segno  # noqa: PLC0415  costs 70 to 100 ms and is wanted once in a user's life

    code = segno.make(uri, error="l", micro=False, boost_error=False)
    # Two modules of quiet zone scan better than one, where there is room for them.
    border = 2 if (code.symbol_size(border=2)[1] + 1) // 2 <= MOST_ROWS else 1
    modules = [[bool(module) for module in row] for row in code.matrix_iter(border=border)]
    return _hash_rows(modules) if style == "hash" else _half_rows(modules)


def _half_rows(modules: Sequence[Sequence[bool]]) -> tuple[str, ...]:
    light = [False] * len(modules[0])
    lower_rows = [*modules[1::2], *([light] if len(modules) % 2 else [])]
    pairs = zip(modules[::2], lower_rows, strict=True)
    return tuple("".join(_HALF_BLOCKS[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in pairs)


def _hash_rows(modules: Sequence[Sequence[bool]]) -> tuple[str, ...]:
    return tuple("".join("  " if dark else "##" for dark in row) for row in modules)
