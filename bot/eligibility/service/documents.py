"""What the OpenAPI document says of answers and bodies: every status that can come, each with its body."""

from typing import Any, Final

from bot.eligibility import wire

PagedCustomers = wire.Collection[wire.Customer]
PagedUsers = wire.Collection[wire.CustomerUser]
PagedAudit = wire.Collection[wire.AuditRecord]
Subscriptions = wire.Collection[wire.Subscription]
Skus = wire.Collection[wire.SubscribedSku]
Licences = wire.Collection[wire.License]
Upgrades = wire.Collection[wire.Upgrade]

Responses = dict[int | str, dict[str, Any]]

_IDS: Final = {
    "MS-RequestId": {"description": "as sent, or made", "schema": {"type": "string", "format": "uuid"}},
    "MS-CorrelationId": {"description": "as sent, or made", "schema": {"type": "string", "format": "uuid"}},
}


def _fault(description: str, headers: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"model": wire.Fault, "description": description, "headers": {**_IDS, **(headers or {})}}


_RETRY: Final = {"Retry-After": {"description": "seconds", "schema": {"type": "integer"}}}
_BEARER: Final = {"WWW-Authenticate": {"description": "Bearer", "schema": {"type": "string"}}}
_ALLOW: Final = {"Allow": {"description": "the methods there are", "schema": {"type": "string"}}}

_ALWAYS: Final[Responses] = {
    200: {"description": "done, or found", "headers": _IDS},
    400: _fault("the request cannot be carried out; the code says why"),
    401: _fault("no token, or a wrong one", _BEARER),
    405: _fault("no such method here", _ALLOW),
    429: _fault("too many requests; nothing was done", _RETRY),
    500: _fault("the service failed, or is busy (900192)"),
}

LIST: Final[Responses] = {**_ALWAYS, 404: _fault("what the path names is not there")}
ONE: Final[Responses] = LIST
CHANGE: Final[Responses] = {
    **LIST,
    408: _fault("the body did not arrive in time"),
    409: _fault("not now: another operation is pending, or the MS-RequestId carried out another request"),
}


def body_document(model: str) -> dict[str, Any]:
    """A required JSON body of a model that the document already has."""
    schema = {"$ref": f"#/components/schemas/{model}"}
    headers = [
        {
            "name": name,
            "in": "header",
            "required": False,
            "description": meaning,
            "schema": {"type": "string", "format": "uuid"},
        }
        for name, meaning in (
            ("MS-RequestId", "the same id again gets the same answer, and nothing is done twice"),
            ("MS-CorrelationId", "in the audit record of what was done"),
        )
    ]
    return {
        "parameters": headers,
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
    }
