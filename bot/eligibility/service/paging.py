"""Pages: `size`, `seekOperation=Next` and `MS-ContinuationToken` (facts/partner-center.md, 4)."""

import base64
import hashlib
import hmac
import json
from typing import Any, Final
from urllib.parse import urlencode

from bot.eligibility.service.errors import InvalidInput
from bot.eligibility.wire import Header, Link, Links
from storage.book.records import Page

MOST: Final = 500
"""Items of one page, at most; also what a page has where `size` is 0 or missing."""

TOKEN_HEADER: Final = "MS-ContinuationToken"  # noqa: S105 the name of a header
_LONGEST_TOKEN: Final = 4096


class Pager:
    """Signs the tokens of one list and reads them again. A token is good for the same list and filter only."""

    def __init__(self, *, key: bytes, path: str, query: dict[str, str]) -> None:
        self._key = key
        self._path = path
        self._query = query
        self._purpose = json.dumps([path, sorted(query.items())]).encode()

    def after(self, *, seek: str | None, token: str | None) -> tuple[str, ...] | None:
        """Behind which key the page begins; None for the first. Raises `InvalidInput` for a token that is not ours.

        A token is good for the list and filter that it was made for.
        """
        if seek is None and token is None:
            return None
        if seek is None or seek.casefold() != "next" or token is None:
            raise InvalidInput(f"seekOperation=Next and the header {TOKEN_HEADER} belong together.")
        payload, _, signature = token.partition(".")
        expected = self._sign(payload.encode("utf-8", "replace"))
        # Bytes: compare_digest refuses texts that are not ASCII.
        good = len(token) <= _LONGEST_TOKEN and hmac.compare_digest(
            expected.encode(), signature.encode("utf-8", "replace")
        )
        if not good:
            raise InvalidInput("The continuation token is not valid.")
        found: list[str] = json.loads(base64.urlsafe_b64decode(payload))
        return tuple(found)

    def links(self, page: Page[Any], *, size: int) -> tuple[Links, str | None]:
        """The links of a page, and the token of the next one (None on the last page)."""
        asked = {"size": str(size), **self._query}
        own = Link(uri=f"{self._path}?{urlencode(asked)}")
        if page.next_after is None:
            return Links(self_=own), None
        raw = json.dumps(page.next_after, ensure_ascii=False).encode()
        payload = base64.urlsafe_b64encode(raw).decode()
        token = f"{payload}.{self._sign(payload.encode())}"
        onward = urlencode({**asked, "seekOperation": "Next"})
        header = Header(key=TOKEN_HEADER, value=token)
        return Links(self_=own, next=Link(uri=f"{self._path}?{onward}", headers=[header])), token

    def _sign(self, payload: bytes) -> str:
        digest = hmac.new(self._key, self._purpose + b"\0" + payload, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:18]).decode()


def page_size(size: int | None) -> int:
    """Items of a page for a `size`: 0 or none means as many as there may be."""
    return MOST if not size else min(size, MOST)
