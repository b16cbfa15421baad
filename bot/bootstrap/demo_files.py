"""What the demo keeps between two runs: keys that nobody else may read, and how far its clock was moved."""

import contextlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.settings_faults import SettingsError

_OWNER_ONLY: Final = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoKeys:
    """Made up on the first start; they open nothing but this demo."""

    audit_key: str
    bot_token: str
    app_token: str
    service_token: str


class DemoFolder:
    """A folder with everything of one demo."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def make(self) -> None:
        """Make the folder. Raises SettingsError with a sentence where that is not possible."""
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError([f"The demo cannot keep its data in {self._path}: {error.strerror}."]) from None

    def file(self, name: str) -> Path:
        """A file of the demo."""
        return self._path / name

    def keys(self) -> DemoKeys:
        """The keys, made on the first start."""
        path = self.file("keys.json")
        with contextlib.suppress(FileNotFoundError):
            try:
                return DemoKeys(**json.loads(path.read_text(encoding="utf-8")))
            except (ValueError, TypeError) as error:
                sentence = f"{path} is damaged. Remove the folder {self._path} to begin anew."
                raise SettingsError([sentence]) from error
        made = DemoKeys(
            audit_key=secrets.token_hex(32),
            bot_token=f"xoxb-demo-{secrets.token_hex(16)}",
            app_token=f"xapp-demo-{secrets.token_hex(16)}",
            service_token=secrets.token_urlsafe(32),
        )
        self._write(path, json.dumps(asdict(made)))
        return made

    def shift(self) -> timedelta:
        """How far the clock was moved forward in earlier runs: what was written then must not lie in the future."""
        try:
            return timedelta(seconds=max(0.0, float(self.file("clock").read_text(encoding="utf-8"))))
        except (FileNotFoundError, ValueError):
            return timedelta(0)

    def keep_shift(self, shift: timedelta) -> None:
        """Remember it. Small and rare: written at once."""
        self._write(self.file("clock"), f"{shift.total_seconds()}\n")

    def _write(self, path: Path, text: str) -> None:
        new = path.with_suffix(".new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "w", encoding="utf-8") as file:
            file.write(text)
        new.replace(path)
