"""Text that somebody else wrote: no `str`, so that it cannot be shown, joined or compared before it was cleaned."""

from agentconsole.domain.text import clean, clean_line

REPR_LIMIT = 60


class Untrusted:
    """Hold a text from outside; `line` and `lines` make it safe to show, `verbatim` gives it out as it came.

    It is not a `str`: a forgotten cleaning is a type error, and where no type is checked a TypeError when it happens.
    Texts are equal when they came alike. An empty one is false.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        if type(text) is not str:
            raise TypeError(f"a text is a str, not {type(text).__name__}")
        self._text = text

    def line(self, limit: int = 500) -> str:
        """Return the text for one line of a screen: at most `limit` characters, cleaned (PROMISES 8.1)."""
        return clean_line(self._text, limit)

    def lines(self, limit: int | None = None) -> str:
        r"""Return the first `limit` characters, all without one, for many lines: cleaned, `\n` is the only control."""
        return clean(self._text if limit is None else self._text[:limit])

    def verbatim(self) -> str:
        """Return the text as it came, for what must not change it: a mail, a search, a hash, the wire; no screen."""
        return self._text

    def __len__(self) -> int:
        return len(self._text)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            raise TypeError("an untrusted text is compared with its like, or after line(), lines() or verbatim()")
        return self._text == other._text if isinstance(other, Untrusted) else NotImplemented

    def __hash__(self) -> int:
        return hash((Untrusted, self._text))

    def __repr__(self) -> str:
        return f"Untrusted({self.line(REPR_LIMIT)!r})"

    def __str__(self) -> str:
        raise TypeError("an untrusted text is written by line(), lines() or verbatim()")

    def __format__(self, spec: str) -> str:
        raise TypeError("an untrusted text is written by line(), lines() or verbatim()")


NOTHING = Untrusted("")
