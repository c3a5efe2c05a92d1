"""The last gate before the terminal: no text passes it that the terminal could take for an order."""

from __future__ import annotations

import re

_ORDERS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
MARKS_A_CELL = 8
"""Combining marks that one cell may carry; more have crashed terminals (xterm CVE-2021-27135)."""


def inert(text: str) -> str:
    """Replace what a terminal would obey: C0 and DEL by their pictures, C1, bidi, tags and lone surrogates by U+FFFD.

    What comes from outside was cleaned long before; this holds for whatever widget drew the text, whoever forgot.
    """
    if text.isascii() and text.isprintable():
        return text
    return _ORDERS.sub(_picture, text)


def inert_cell(text: str) -> str:
    """Cap the combining marks that ride on one cell."""
    return text if len(text) <= MARKS_A_CELL + 1 else text[: MARKS_A_CELL + 1]


def _picture(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"
