"""Where a catalogue comes from: the packaged file, or the one that `CATALOGUE_FILE` names."""

from importlib.resources import files
from pathlib import Path as FilePath

from bot.domain.catalogue.lookup import Catalogue
from bot.domain.catalogue.model import CatalogueError
from bot.domain.catalogue.parse import parse_catalogue


def load_default() -> Catalogue:
    """The catalogue that we ship: the article's table. Read afresh on every call; keep what comes back."""
    resource = files("bot") / "eligibility" / "catalogue.toml"
    return parse_catalogue(resource.read_text(encoding="utf-8"), source="catalogue.toml")


def load_catalogue(path: FilePath | None) -> Catalogue:
    """The operator's catalogue, or ours where none is named. Raises `CatalogueError` for one that cannot be read."""
    if path is None:
        return load_default()
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as fault:
        raise CatalogueError(source=str(path), line=1, sentence="the file is not UTF-8 text") from fault
    except OSError as fault:
        sentence = f"the file cannot be read ({fault.strerror})"
        raise CatalogueError(source=str(path), line=1, sentence=sentence) from fault
    return parse_catalogue(text, source=str(path))
