"""Policies as they are named on the command line: of the desk, a version or draft of it, as shipped, or a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agentconsole.cli.ask import ask, the_desk
from agentconsole.config.packs import holiday_sets, load_pack, shipped_packs
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_named import DRAFT, split_name
from agentconsole.domain.policy_parse import parse_pack
from agentconsole.wire.client import Client
from agentconsole.wire.policies import PolicyText, ReadPolicyText

SHIPPED = "shipped"
LARGEST_FILE = 4_000_000
FORMS = "ecolab, ecolab@2, ecolab@draft, ecolab@shipped, or a file's path ending in .toml"


@dataclass(frozen=True, slots=True)
class Named:
    """Hold a pack with what it was called and where it came from: "version 2", "draft", "as shipped", or a file."""

    pack: Pack
    label: str


def named_packs(names: Sequence[str]) -> tuple[Named, ...]:
    """Return the packs of these names; the desk is asked only for what it alone has.

    Without a desk a bare name is the shipped pack. Refuses a name that there is nothing of, saying what there is.
    """
    found: dict[str, Named] = {}
    asked = []
    for name in dict.fromkeys(names):
        if is_file(name):
            found[name] = Named(read_file(name), Path(name).name)
        elif name.endswith(f"@{SHIPPED}") or ("@" not in name and not the_desk().has_desk()):
            found[name] = _shipped(name.removesuffix(f"@{SHIPPED}"))
        else:
            asked.append(name)
    if asked:
        texts = ask(lambda client: _texts(client, asked))
        found |= {name: of_desk(text) for name, text in zip(asked, texts, strict=True)}
    return tuple(found[name] for name in names)


def is_file(name: str) -> bool:
    """Tell whether a name is meant as a file's path."""
    return name.endswith(".toml") or "/" in name


def read_text(path: str) -> str:
    """Return the text of a pack's file; refuses what cannot be read, is too large, or is no text."""
    file = Path(path)
    try:
        with file.open("rb") as opened:
            raw = opened.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "no such path"
        raise Refused(f"{path} cannot be read ({why}): give the path of a policy's TOML file.") from None
    if len(raw) > LARGEST_FILE:
        raise Refused(f"{path} is larger than a policy can be: give the path of a policy's TOML file.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{path} is no text in UTF-8: give the path of a policy's TOML file.") from None


def read_file(path: str) -> Pack:
    """Return the pack of a file, its blanks as proposed; refuses what the parser refuses."""
    return parse_pack(read_text(path), file=Path(path).name, holiday_sets=holiday_sets(), answers={})


def _shipped(name: str) -> Named:
    if name not in shipped_packs():
        raise Refused(f"There is no policy of that name here. Shipped are {', '.join(shipped_packs())}; name {FORMS}.")
    return Named(load_pack(name), "as shipped")


async def _texts(client: Client, names: Sequence[str]) -> list[PolicyText]:
    texts = []
    for name in names:
        pack, which = split_name(name)
        try:
            answer = await client.ask(ReadPolicyText(pack, which))
        except Refused as refused:
            if which or pack not in shipped_packs():
                raise
            raise Refused(f"{refused.sentence} As it ships it is {pack}@{SHIPPED}.", code=refused.code) from None
        assert isinstance(answer, PolicyText)
        texts.append(answer)
    return texts


def of_desk(kept: PolicyText) -> Named:
    """Return the pack of a text that the desk keeps."""
    answers = {name: answer.verbatim() for name, answer in kept.answers.items()}
    pack = parse_pack(kept.text.verbatim(), file=f"{kept.pack}.toml", holiday_sets=holiday_sets(), answers=answers)
    return Named(pack, f"version {kept.version}" if kept.version else DRAFT)
