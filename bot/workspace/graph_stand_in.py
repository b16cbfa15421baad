"""A stand-in for Microsoft Graph with state, over HTTP: tokens, users by mail, group membership, directory roles.

As strict as Graph where roles need it: a bearer token that it gave out, `checkMemberGroups` with at most twenty ids,
nested groups, paging by `@odata.nextLink`, and null fields for objects that the app may not read.
"""

import re
import secrets
import uuid
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

_MOST_GROUPS: Final = 20
_FILTER: Final = re.compile(r"mail eq '(.*)' or userPrincipalName eq '(.*)'")


@dataclass(slots=True, kw_only=True)
class GraphUser:
    """A user of the partner's tenant, with the groups and directory roles (template ids) they hold directly."""

    mail: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    groups: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class GraphTenant:
    """What the stand-in holds. Change it at any time: the next question sees it.

    `groups` are there though nobody is in them; `parents` nests a group in others. `hidden`
    hides names and template ids, as Graph does without permission. `failing` answers every call with that status, until
    it is None again; `reading` does so only for what is not the sign-in. `next_host` leads next pages elsewhere.
    """

    client_id: str = "app"
    client_secret: str = "secret"  # noqa: S105 - the stand-in's own
    users: list[GraphUser] = field(default_factory=list)
    parents: dict[str, set[str]] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    page_size: int = 2
    hidden: bool = False
    failing: int | None = None
    reading: int | None = None
    next_host: str | None = None
    tokens: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def user(self, key: str) -> GraphUser | None:
        """The user of that object id or sign-in name."""
        return next((each for each in self.users if key.lower() in {each.id.lower(), each.mail.lower()}), None)

    def known_groups(self) -> set[str]:
        """Every group that there is: the empty ones, and those that somebody or something is in."""
        return self.groups.union(self.parents, *self.parents.values(), *(each.groups for each in self.users))

    def groups_of(self, user: GraphUser) -> set[str]:
        """The groups of a user, nested ones included."""
        found: set[str] = set()
        waiting = list(user.groups)
        while waiting:
            group = waiting.pop()
            if group not in found:
                found.add(group)
                waiting.extend(self.parents.get(group, ()))
        return found


def create_graph(tenant: GraphTenant) -> FastAPI:
    """The stand-in as an ASGI app: `/v1.0/...` is Graph, `/{tenant id}/oauth2/v2.0/token` the sign-in service."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.middleware("http")
    async def guard(request: Request, call_next: Any) -> Any:
        tenant.asked.append(request.url.path)
        if tenant.failing is not None:
            return _fault(tenant.failing, "serviceNotAvailable")
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if request.url.path.startswith("/v1.0/") and (scheme != "Bearer" or token not in tenant.tokens):
            return _fault(401, "InvalidAuthenticationToken")
        if request.url.path.startswith("/v1.0/") and tenant.reading is not None:
            return _fault(tenant.reading, "Authorization_RequestDenied")
        return await call_next(request)

    _sign_in(app, tenant)
    _graph(app, tenant)
    _groups(app, tenant)
    return app


def _sign_in(app: FastAPI, tenant: GraphTenant) -> None:
    @app.get("/{tenant_id}/v2.0/.well-known/openid-configuration")
    async def configuration(tenant_id: str) -> dict[str, str]:
        base = f"https://login.microsoftonline.com/{tenant_id}"
        return {
            "issuer": f"{base}/v2.0",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
        }

    @app.post("/{tenant_id}/oauth2/v2.0/token")
    async def token(tenant_id: str, request: Request) -> Any:
        form = dict(pair.split("=", 1) for pair in (await request.body()).decode().split("&"))
        if (form.get("client_id"), form.get("client_secret")) != (tenant.client_id, quote(tenant.client_secret)):
            return JSONResponse({"error": "invalid_client", "error_description": tenant_id}, status_code=401)
        made = secrets.token_urlsafe(24)
        tenant.tokens.add(made)
        return {"token_type": "Bearer", "expires_in": 3599, "access_token": made}


def _graph(app: FastAPI, tenant: GraphTenant) -> None:
    @app.get("/v1.0/users")
    async def users(request: Request) -> Any:
        asked = _FILTER.fullmatch(request.query_params.get("$filter", ""))
        if asked is None:
            return _fault(400, "Request_UnsupportedQuery")
        mail = asked[1].replace("''", "'").lower()
        return {"value": [{"id": each.id} for each in tenant.users if each.mail.lower() == mail]}

    @app.post("/v1.0/users/{key}/checkMemberGroups")
    async def check_member_groups(key: str, request: Request) -> Any:
        asked = (await request.json()).get("groupIds", [])
        user = tenant.user(key)
        if user is None:
            return _fault(404, "Request_ResourceNotFound")
        if not 0 < len(asked) <= _MOST_GROUPS:
            return _fault(400, "Request_BadRequest")
        member = tenant.groups_of(user)
        return {"value": [each for each in asked if each in member]}

    @app.get("/v1.0/users/{key}/transitiveMemberOf")
    async def transitive_member_of(key: str, request: Request) -> Any:
        user = tenant.user(key)
        if user is None:
            return _fault(404, "Request_ResourceNotFound")
        items = [_item("group", each, None, hidden=tenant.hidden) for each in sorted(tenant.groups_of(user))]
        items += [_item("directoryRole", each, each, hidden=tenant.hidden) for each in sorted(user.roles)]
        start = int(request.query_params.get("$skiptoken", "0"))
        page: dict[str, Any] = {"value": items[start : start + tenant.page_size]}
        if start + tenant.page_size < len(items):
            following = request.url.replace_query_params(**{"$skiptoken": start + tenant.page_size})
            page["@odata.nextLink"] = str(following.replace(hostname=tenant.next_host or following.hostname))
        return page


def _groups(app: FastAPI, tenant: GraphTenant) -> None:
    @app.get("/v1.0/groups/{key}/transitiveMembers")
    async def transitive_members(key: str) -> Any:
        if key not in tenant.known_groups():
            return _fault(404, "Request_ResourceNotFound")
        members = [each.id for each in tenant.users if key in tenant.groups_of(each)]
        return {"value": [{"id": each} for each in members[:1]]}


def _item(kind: str, key: str, template: str | None, *, hidden: bool) -> dict[str, Any]:
    item: dict[str, Any] = {"@odata.type": f"#microsoft.graph.{kind}", "id": key, "displayName": None}
    if kind == "directoryRole":
        item["roleTemplateId"] = None if hidden else template
    return item


def _fault(status: int, code: str) -> JSONResponse:
    inner = {"request-id": str(uuid.uuid4()), "date": "2026-11-22T00:00:00"}
    return JSONResponse({"error": {"code": code, "message": code, "innerError": inner}}, status_code=status)
