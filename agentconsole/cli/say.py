"""The command line's way to the terminal: what is printed was cleaned."""

import sys

from agentconsole.domain.text import clean


def tell(text: str, *, error: bool = False) -> None:
    """Print some lines, on stderr as an `error`; what a terminal would obey is printed as its picture."""
    print(clean(text), file=sys.stderr if error else sys.stdout, flush=True)
