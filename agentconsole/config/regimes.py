"""Finding and loading the regimes for complaints that ship with the program."""

from difflib import get_close_matches

from agentconsole.config.packs import holiday_sets
from agentconsole.config.paths_data import data_dir
from agentconsole.domain.errors import Refused
from agentconsole.domain.regime import Regime
from agentconsole.domain.regime_read import parse_regime


def shipped_regimes() -> tuple[str, ...]:
    """Return the ids of the shipped regimes in alphabetical order."""
    return tuple(sorted(path.stem for path in (data_dir() / "regimes").glob("*.toml")))


def load_regime(id: str) -> Regime:
    """Load a shipped regime; refuses an id that is not shipped, naming those that are."""
    known = shipped_regimes()
    if id not in known:
        close = get_close_matches(id[:64], known, n=1)
        hint = f"; did you mean {close[0]}?" if close else "."
        raise Refused(f"There is no regime of that name{hint} There is {', '.join(known)}.")
    path = data_dir() / "regimes" / f"{id}.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path} cannot be read: {error}.") from error
    return parse_regime(text, file=path.name, holiday_sets=holiday_sets())
