"""Reading the reply templates that are shipped with the program, one TOML file each."""

import itertools
import re
import tomllib
from pathlib import Path

from agentconsole.config.paths_data import data_dir
from agentconsole.domain.errors import Refused
from agentconsole.domain.templates import Template, placeholders

PLACEHOLDERS = ("customer_name", "case_number", "agent_name", "brand_name", "date_promised", "order_number")
"""The blanks a template may use; the composer fills what it knows of them."""

_KEYS = {"abbr", "title", "text", "brand", "language"}


def load_templates(folder: Path | None = None) -> tuple[Template, ...]:
    """Read all templates of `folder` (the shipped ones if None), by abbreviation and brand.

    Raises Refused naming the file and what is wrong in it.
    """
    files = sorted((folder or data_dir() / "templates").glob("*.toml"))
    read = sorted(map(_read, files), key=lambda each: (each.abbr, each.brand, each.language))
    for first, second in itertools.pairwise(read):
        if (first.abbr, first.brand, first.language) == (second.abbr, second.brand, second.language):
            raise Refused(f"Two templates are both called ;{first.abbr}: rename one of them.")
    return tuple(read)


def _read(file: Path) -> Template:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"Template {file.name} cannot be read: {error}.") from None
    unknown = sorted(table.keys() - _KEYS)
    if unknown:
        raise Refused(f"Template {file.name} has an unknown key {unknown[0]}; allowed: {', '.join(sorted(_KEYS))}.")
    for key in ("abbr", "title", "text"):
        if not str(table.get(key, "")).strip():
            raise Refused(f"Template {file.name} has no {key}.")
    if not all(isinstance(value, str) for value in table.values()):
        raise Refused(f"Template {file.name}: all values are texts in quotes.")
    template = Template(**{**table, "text": table["text"].strip("\n")})
    _check(file, template)
    return template


def _check(file: Path, template: Template) -> None:
    if not re.fullmatch(r"[a-z]{2,6}", template.abbr):
        raise Refused(f"Template {file.name}: abbr is two to six small letters, not {template.abbr!r}.")
    wrong = [blank.name for blank in placeholders(template.text) if blank.name not in PLACEHOLDERS]
    if wrong:
        raise Refused(f"Template {file.name}: no blank {wrong[0]}; allowed: {', '.join(PLACEHOLDERS)}.")
