"""Text from outside made safe to show: the three ways to clean it."""

import re
import unicodedata

MARKS_A_BASE = 8
"""Combining marks kept on one base character; more have crashed terminals (xterm CVE-2021-27135)."""

NAME_CHARACTERS = 120
NAME_BYTES = 240

_TAB = 8
_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_INVISIBLE = (
    0x00AD,
    0x115F,
    0x1160,
    0x180E,
    0x200B,
    *range(0x2060, 0x2066),
    *range(0x206A, 0x2070),
    0x3164,
    0xFEFF,
    0xFFA0,
    *range(0xFFF9, 0xFFFC),
    *range(0x1D173, 0x1D17B),
    *range(0xE0000, 0xE0080),
)
_TABLE: dict[int, str | None] = {
    **{code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A)},
    0x7F: "\u2421",
    **dict.fromkeys((*range(0x80, 0xA0), 0x2028, 0x2029, 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)), "\ufffd"),
    **{code: f"<U+{code:04X}>" for code in _BIDI},
    **dict.fromkeys(_INVISIBLE),
}
_UNSAFE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
_JOINERS = re.compile("[\u200c\u200d]+")
# A combining mark is never alphanumeric, white space or ASCII, so a run of such characters is the only place where
# too many can stand; the run itself is looked at character by character.
_MARK_RUN = re.compile(rf"[^\w\s\x00-\x7f]{{{MARKS_A_BASE + 1},}}")


def clean(text: str) -> str:
    r"""Make text from outside safe to show, on many lines: only `\n` is left of the control characters.

    C0 and DEL become their pictures, C1, lone surrogates and U+2028-9 become U+FFFD, bidi controls become visible
    (`<U+202E>`), other invisible format characters go, tabs become spaces, and a base keeps at most 8 combining marks.
    Cleaning twice changes nothing. Time is linear.
    """
    if not _UNSAFE.search(text):
        return text if text.isascii() else _MARK_RUN.sub(_thin_marks, text)
    shown = text.replace("\r\n", "\n").expandtabs(_TAB).translate(_TABLE)
    return _JOINERS.sub(_keep_joiner, _MARK_RUN.sub(_thin_marks, shown))


def storable(text: str) -> str:
    """Make a text one that every database keeps letter by letter: U+0000, which not all can hold, becomes U+FFFD."""
    return text.replace("\0", "\ufffd")


def clean_line(text: str, limit: int = 500) -> str:
    """Make text from outside safe to show on one line of at most `limit` characters; a cut ends in an ellipsis."""
    # Sixteen times the limit leaves room for white space and invisible characters without reading a megabyte subject.
    line = " ".join(clean(text[: limit * 16]).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def clean_name(text: str) -> str:
    """Make an attachment's name inert: a bare name, never empty, hidden, a path, a device or over 120 characters.

    The name is normalised (NFKC) before it is checked, so that no character turns into a forbidden one afterwards.
    """
    name = unicodedata.normalize("NFKC", text[-2_000:])
    name = re.split(r"[/\\\u2044\u2215\u29f8\u2216\uff3c]", name)[-1]
    name = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C" and ord(letter) not in _TABLE)
    name = _MARK_RUN.sub(_thin_marks, " ".join(re.sub(r'[<>:"|?*]', "_", name).split()))
    name = _shorten_name(name.strip(" .~-"))
    if re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", name):
        name = f"_{name}"[:NAME_CHARACTERS]
    return name or "attachment"


def _keep_joiner(run: re.Match[str]) -> str:
    """Keep one joiner inside a word of an alphabet that needs it; drop it everywhere else, above all between ASCII."""
    before = run.string[run.start() - 1 : run.start()]
    after = run.string[run.end() : run.end() + 1]
    needed = before > "\x7f" and after > "\x7f" and not before.isspace() and not after.isspace()
    return run.group()[0] if needed else ""


def _thin_marks(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for letter in run.group():
        category = unicodedata.category(letter)
        if category[0] == "M":
            marks += 1
        elif category != "Cf":
            marks = 0
        if marks <= MARKS_A_BASE:
            kept.append(letter)
    return "".join(kept)


def _shorten_name(name: str) -> str:
    """Cut the stem and keep a short ending, within the limits in characters and in UTF-8 bytes."""
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 12:
        stem, dot, ending = name, "", ""
    tail = dot + ending
    stem = stem[: NAME_CHARACTERS - len(tail)]
    room = NAME_BYTES - len(tail.encode())
    stem = stem.encode()[:room].decode(errors="ignore")
    return (stem + tail).strip(" .~-")
