"""/v1/auditrecords: what was changed, by which call (facts/partner-center.md, 10)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Header, Query, Response

from bot.eligibility import wire
from bot.eligibility.service import resources
from bot.eligibility.service.documents import LIST, PagedAudit
from bot.eligibility.service.errors import InvalidInput
from bot.eligibility.service.filters import filter_of
from bot.eligibility.service.paging import TOKEN_HEADER, Pager, page_size
from bot.eligibility.service.parts import Service

_ALLOWED: Final = {
    "companyname": frozenset({"substring"}),
    "customerid": frozenset({"equals"}),
    "resourcetype": frozenset({"equals"}),
}
_PATH: Final = "/v1/auditrecords"
_SHOWN: Final = timedelta(days=30)
_KEPT: Final = timedelta(days=90)
_ONE_DAY: Final = timedelta(days=1)


def router(service: Service) -> APIRouter:
    """The route of audit records."""
    routes = APIRouter(tags=["audit"])

    @routes.get("/auditrecords", responses=LIST, response_model=PagedAudit)
    async def list_audit_records(
        start: Annotated[
            str | None, Query(alias="startDate", description="yyyy-mm-dd, at most 90 days ago; by default 30")
        ] = None,
        end: Annotated[
            str | None, Query(alias="endDate", description="yyyy-mm-dd, inclusive; by default today")
        ] = None,
        size: Annotated[int | None, Query(ge=0, description="items of a page; 0: as many as there may be")] = None,
        filter_: Annotated[
            str | None,
            Query(alias="filter", description="CustomerId equals, CompanyName substring, ResourceType equals"),
        ] = None,
        seek: Annotated[str | None, Query(alias="seekOperation", description="Next, with the token")] = None,
        token: Annotated[str | None, Header(alias=TOKEN_HEADER)] = None,
    ) -> Response:
        """Audit records, the newest first."""
        now = service.clock.now()
        since, until = _span(start, end, today=now.date())
        wanted = filter_of(filter_, allowed=_ALLOWED)
        given = {"startDate": start, "endDate": end, "filter": filter_}
        query = {key: value for key, value in given.items() if value is not None}
        pager = Pager(key=service.book.paging_key, path=_PATH, query=query)
        after = pager.after(seek=seek, token=token)
        limit = page_size(size)
        field, value = ("", "") if wanted is None else (wanted.field, wanted.value)
        async with service.book.look() as tx:
            page = await tx.audit.page(
                since=since,
                until=until,
                size=limit,
                after=after,
                customer_id=value.strip().lower() if field == "customerid" else None,
                name_part=value if field == "companyname" else None,
                resource_type=value.strip().casefold() if field == "resourcetype" else None,
            )
        links, following = pager.links(page, size=limit)
        items = [resources.audit_record(each) for each in page.items]
        return Response(wire.collection(items, links=links, token=following).to_json(), media_type="application/json")

    return routes


def _span(start: str | None, end: str | None, *, today: date) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last one, in UTC."""
    last = today if end is None else _day("endDate", end)
    first = today - _SHOWN if start is None else _day("startDate", start)
    if first < today - _KEPT:
        raise InvalidInput("startDate is more than 90 days ago.")
    if last < first:
        raise InvalidInput("endDate is before startDate.")
    # A last day of the year 9999 has no day after it; nothing is that young.
    last = min(last, today + _ONE_DAY)
    return datetime.combine(first, time(), UTC), datetime.combine(last + _ONE_DAY, time(), UTC)


def _day(name: str, text: str) -> date:
    try:
        # Some callers send an instant; its day counts.
        return date.fromisoformat(text.strip()[: len("2026-11-22")])
    except ValueError as fault:
        raise InvalidInput(f"{name} must be a day, such as 2026-11-22.") from fault
