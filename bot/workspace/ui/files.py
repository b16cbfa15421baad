"""The page's files, and permalinks to it."""

import re
from pathlib import Path
from urllib.parse import urlencode

import anyio
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.workspace.refusals import PageError

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}
_NAME = re.compile(r"(?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*")
_PERMALINK = re.compile(r"p(\d{10})(\d{6})")


class Files:
    """Files of one folder. Names that could lead out of it do not fit the pattern."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def index(self, _request: Request) -> Response:
        """The page."""
        return await self._file("index.html")

    async def file(self, request: Request) -> Response:
        """Any other file of the page."""
        return await self._file(request.path_params["name"])

    async def _file(self, name: str) -> Response:
        kind = _TYPES.get(Path(name).suffix)
        if kind is None or not _NAME.fullmatch(name):
            raise PageError(404, "not_found")
        try:
            body = await anyio.Path(self._folder / name).read_bytes()
        except OSError:
            raise PageError(404, "not_found") from None
        return Response(body, headers={"Content-Type": kind})

    async def permalink(self, request: Request) -> Response:
        """From a message's permalink to the page at that message."""
        found = _PERMALINK.fullmatch(request.path_params["ts"])
        channel = request.path_params["channel"]
        if found is None or not channel.isalnum():
            raise PageError(404, "not_found")
        query = {"channel": channel, "ts": ".".join(found.groups())}
        if "thread_ts" in request.query_params:
            query["thread_ts"] = request.query_params["thread_ts"]
        return RedirectResponse(f"/?{urlencode(query)}", status_code=303)
