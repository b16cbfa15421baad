"""Files: promised by an app, filled at an upload address, shared in a message."""

import base64
from dataclasses import asdict, dataclass
from typing import Any

from bot.workspace.state.naming import Names
from bot.workspace.store import WorkspaceStore

MOST_BYTES = 20_000_000
"""Slack takes a gigabyte; this workspace keeps files in its one file, and says so by Slack's own error."""


@dataclass(slots=True, kw_only=True)
class File:
    """A file. `content` is base64 once it was filled; `channel` is where it was shared."""

    id: str
    name: str
    title: str
    length: int
    content: str | None = None
    channel: str | None = None
    ts: str | None = None

    @property
    def shared(self) -> bool:
        """Whether somebody can see it."""
        return self.channel is not None


class Uploads:
    """All files of a workspace."""

    def __init__(self, *, names: Names, store: WorkspaceStore) -> None:
        self._names, self._store = names, store
        self._files: dict[str, File] = {}
        self._open: dict[str, str] = {}

    def restore(self, records: dict[str, dict[str, Any]]) -> None:
        """Take back what the store kept; addresses that were open are not."""
        self._files = {key: File(**body) for key, body in records.items()}

    def promise(self, *, name: str, length: int) -> tuple[File, str]:
        """A file to come, and the token of the address that it comes to, once."""
        file = File(id=self._names.id("F"), name=name, title=name, length=length)
        token = self._names.secret()
        self._files[file.id], self._open[token] = file, file.id
        return file, token

    def fill(self, token: str, content: bytes) -> bool:
        """Take a file's bytes, all of them at once. False: no such address, or another length than was said."""
        file = self._files.get(self._open.get(token, ""))
        if file is None or len(content) != file.length:
            return False
        del self._open[token]
        file.content = base64.b64encode(content).decode("ascii")
        return True

    def get(self, file_id: str) -> File | None:
        """A file by id."""
        return self._files.get(file_id)

    def share(self, file: File, *, title: str, channel: str | None, ts: str | None) -> None:
        """A filled file is in a message from now on."""
        file.title, file.channel, file.ts = title, channel, ts
        self._store.put("file", file.id, asdict(file))

    def delete(self, file: File) -> None:
        """The file is gone for everybody."""
        del self._files[file.id]
        self._open = {token: one for token, one in self._open.items() if one != file.id}
        self._store.put("file", file.id, None)

    @staticmethod
    def bytes_of(file: File) -> bytes:
        """What is in it."""
        return base64.b64decode(file.content or "")
