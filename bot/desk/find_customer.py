"""Find the customer that somebody typed: opened at once by full name, domain or tenant id, else offered for choice."""

import unicodedata
from collections.abc import Iterable
from typing import Final

from bot.desk.admit import admit
from bot.desk.desk import Desk
from bot.desk.handles import HandleMaker
from bot.desk.naming import domain_key, same_name, spellings, tenant_id
from bot.desk.purposes import Purpose
from bot.desk.reasons import Problem
from bot.desk.results import Admission, CustomerChoice, CustomerMatch, CustomerOpened
from bot.domain.audit import AuditName
from bot.domain.customers import Customer
from bot.domain.errors import BadInput, CustomerGone, CustomerNotFound
from bot.domain.people import Caller
from bot.domain.policy import Action
from bot.eligibility.client import Found
from bot.eligibility.client_together import side_by_side

FIELD: Final = "customer"
_REFUSED: Final = frozenset({"Cc", "Cs"})


async def find_customer(
    desk: Desk,
    *,
    caller: Caller,
    text: str,
    action: Action = Action.LOOK,
    tried: AuditName = AuditName.OPTIONS_LOOK,
) -> CustomerOpened | CustomerChoice:
    """Who `text` means. Raises BadInput, CustomerNotFound, ServiceTrouble, Refused, Undetermined.

    Only a full match of exactly one customer opens (design.md, rule 11), and only where every customer that the text
    could mean was read; everything else is a choice, also when a single one matches.
    """
    admission = await admit(desk, caller=caller, action=action, tried=tried)
    query = _checked(text)
    correlation_id = desk.ids.uuid()
    if (tenant := tenant_id(query)) is not None:
        try:
            customer = await desk.service.customer(tenant, correlation_id=correlation_id)
        except CustomerGone as error:  # typed, not chosen: it was never found
            raise CustomerNotFound(query=tenant) from error
        return CustomerOpened(customer=customer, admission=admission)
    shown = query[: desk.config.query_limit]
    domain = domain_key(query)
    names = spellings(shown)
    asked = [desk.service.customers_starting_with("CompanyName", each, correlation_id=correlation_id) for each in names]
    if domain is not None:
        domains = dict.fromkeys((domain, query.rstrip(".").lower()))
        asked += [
            desk.service.customers_starting_with(
                "Domain", each[: desk.config.query_limit], correlation_id=correlation_id
            )
            for each in domains
        ]
    found = await side_by_side(asked, most=desk.config.side_by_side)
    by_name, by_domain = found[: len(names)], found[len(names) :]
    beginnings = _united(by_name)
    full = {each.id: each for each in beginnings.values() if same_name(each.name, query)}
    if domain is not None:
        full |= {each.id: each for each in _united(by_domain).values() if domain_key(each.domain) == domain}
    complete = all(each.complete for each in found)
    if len(full) == 1 and complete:
        return CustomerOpened(customer=next(iter(full.values())), admission=admission)
    offered = full if len(full) > 1 and complete else full | beginnings
    if not offered:
        raise CustomerNotFound(query=shown)
    return await _choice(desk, caller, admission, query=shown, offered=offered, full=full, complete=complete)


def _checked(text: str) -> str:
    query = " ".join(text.split())
    if any(unicodedata.category(each) in _REFUSED for each in query):
        raise BadInput(field=FIELD, problem=Problem.CONTROL_CHARACTERS)
    if not query:
        raise BadInput(field=FIELD, problem=Problem.EMPTY)
    return query


def _united(found: Iterable[Found]) -> dict[str, Customer]:
    return {customer.id: customer for each in found for customer in each.customers}


async def _choice(
    desk: Desk,
    caller: Caller,
    admission: Admission,
    *,
    query: str,
    offered: dict[str, Customer],
    full: dict[str, Customer],
    complete: bool,
) -> CustomerChoice:
    ordered = sorted(
        offered.values(), key=lambda each: (each.id not in full, each.name.casefold(), each.domain, each.id)
    )
    maker = HandleMaker(desk=desk, caller=caller)
    matches = tuple(
        CustomerMatch(customer=each, handle=maker.make(Purpose.CHOOSE_CUSTOMER, {"customer_id": each.id}))
        for each in ordered[: desk.config.choices]
    )
    await maker.keep()
    return CustomerChoice(
        query=query,
        matches=matches,
        total=len(offered),
        at_least=not complete,
        same_name=complete and len(full) > 1,
        person=admission.person,
    )
