"""Microsoft Graph, as far as roles need it: users by mail, groups, directory roles (facts/partner-center.md, 9)."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import aiohttp
from yarl import URL

from bot.directory.directory import SourceUnreachable

_LARGEST_ANSWER: Final = 4_000_000
_MOST_PAGES: Final = 50
_GROUPS_PER_CALL: Final = 20
_DIRECTORY_ROLE: Final = "#microsoft.graph.directoryrole"


class GraphRefused(SourceUnreachable):
    """Graph answered with another status than 200."""

    def __init__(self, status: int) -> None:
        super().__init__(f"http_{status}")
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphClient:
    """Reads Graph under `base_url` (such as `https://graph.microsoft.com/v1.0`) with a token from `token`.

    Every failure, a status other than 200 and an answer of another shape included, is SourceUnreachable: for roles
    all of them mean "not known". Nothing is retried here: the caller has 1.5 seconds.
    """

    session: aiohttp.ClientSession
    base_url: str
    token: Callable[[], Awaitable[str]]

    async def users_by_mail(self, mail: str) -> tuple[str, ...]:
        """The object ids of every user whose mail or sign-in name is `mail`."""
        literal = mail.replace("'", "''")
        url = URL(f"{self.base_url}/users").with_query(
            {"$filter": f"mail eq '{literal}' or userPrincipalName eq '{literal}'", "$select": "id"}
        )
        return tuple([_text(each, "id") async for each in self._pages(url)])

    async def groups_of(self, user_id: str, *, among: Sequence[str]) -> frozenset[str]:
        """Which of the groups `among` the user is in, nested groups included (`checkMemberGroups`)."""
        url = URL(f"{self.base_url}/users/{quote(user_id, safe='')}/checkMemberGroups", encoded=True)
        member: set[str] = set()
        for start in range(0, len(among), _GROUPS_PER_CALL):
            answer = await self._call("POST", url, {"groupIds": list(among[start : start + _GROUPS_PER_CALL])})
            member.update(str(each).lower() for each in _values(answer))
        return frozenset(each for each in among if each.lower() in member)

    async def directory_roles_of(self, user_id: str) -> frozenset[str]:
        """The role template ids of the user's directory roles, in lower case.

        A role that Graph shows without its template id (null: the app may not read it) makes the answer unknown.
        """
        path = URL(f"{self.base_url}/users/{quote(user_id, safe='')}/transitiveMemberOf", encoded=True)
        roles = set()
        async for each in self._pages(path.with_query({"$top": "999"})):
            if str(each.get("@odata.type", "")).lower() == _DIRECTORY_ROLE:
                roles.add(_text(each, "roleTemplateId").lower())
        return frozenset(roles)

    async def has_members(self, group: str) -> bool | None:
        """Whether anybody is in the group, by nested groups too; None where there is no such group."""
        path = URL(f"{self.base_url}/groups/{quote(group, safe='')}/transitiveMembers", encoded=True)
        try:
            answer = await self._call("GET", path.with_query({"$top": "1", "$select": "id"}), None)
        except GraphRefused as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise
        return bool(_values(answer))

    async def _pages(self, url: URL) -> AsyncIterator[Mapping[str, Any]]:
        for _ in range(_MOST_PAGES):
            answer = await self._call("GET", url, None)
            for each in _values(answer):
                if not isinstance(each, dict):
                    raise SourceUnreachable
                yield each
            following = answer.get("@odata.nextLink")
            if following is None:
                return
            # The token goes with every page: a link to another host would carry it away.
            url = URL(str(following), encoded=True)
            if url.origin() != URL(self.base_url).origin():
                raise SourceUnreachable
        raise SourceUnreachable

    async def _call(self, method: str, url: URL, body: Mapping[str, Any] | None) -> Mapping[str, Any]:
        headers = {"Authorization": f"Bearer {await self.token()}", "Accept": "application/json"}
        try:
            async with self.session.request(method, url, headers=headers, json=body, allow_redirects=False) as reply:
                if reply.status != HTTPStatus.OK:
                    raise GraphRefused(reply.status)
                answer = json.loads(await _body(reply))
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise SourceUnreachable from error
        if not isinstance(answer, dict):
            raise SourceUnreachable
        return answer


async def _body(reply: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in reply.content.iter_chunked(65_536):
        body += chunk
        if len(body) > _LARGEST_ANSWER:
            raise SourceUnreachable
    return bytes(body)


def _values(answer: Mapping[str, Any]) -> list[Any]:
    values = answer.get("value")
    if not isinstance(values, list):
        raise SourceUnreachable
    return values


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    if not isinstance(value, str) or not value:
        raise SourceUnreachable
    return value
