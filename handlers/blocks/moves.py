"""What moved between two readings, in words."""

from collections.abc import Mapping
from typing import Any, Final

from bot.domain.facts import Move
from bot.locales import msg
from handlers.blocks.names import status_name
from handlers.blocks.pen import Pen
from handlers.blocks.text import Md, esc, joined

LABELS: Final[Mapping[str, str]] = {
    "customer_name": msg("Name of the customer: {before} → {after}"),
    "subscription_name": msg("Name of the subscription: {before} → {after}"),
    "offer_id": msg("Product: {before} → {after}"),
    "quantity": msg("{before} → {after} seats"),
    "status": msg("Status: {before} → {after}"),
    "target_offer_id": msg("Target: {before} → {after}"),
    "target_quantity": msg("Seats afterwards: {before} → {after}"),
    "services_added": msg("New services: {before} → {after}"),
    "services_lost": msg("Services that go: {before} → {after}"),
    "accounts_reset": msg("Accounts whose switched-off services come back on: {before} → {after}"),
    "permitted": msg("It is no longer possible"),
    "flagged": msg("By now the upgrade is marked as doubtful in the catalogue"),
}


def moves_text(pen: Pen, moves: tuple[Move, ...]) -> Md:
    """Every move, one after the other. Seats before and afterwards move together and are told once."""
    fields = {move.field for move in moves}
    told = [move for move in moves if not (move.field == "target_quantity" and "quantity" in fields)]
    return joined([_move(pen, move) for move in told], "; ")


def _move(pen: Pen, move: Move) -> Md:
    if move.field == "permitted" and move.after:
        return pen.t("It is possible again")
    if move.field == "flagged" and not move.after:
        return pen.t("The upgrade is no longer marked as doubtful in the catalogue")
    label = LABELS.get(move.field)
    if label is None:
        return joined([esc(move.field), _value(pen, move.field, move.after)], ": ")
    return pen.t(label, before=_value(pen, move.field, move.before), after=_value(pen, move.field, move.after))


def _value(pen: Pen, field: str, value: Any) -> Md:
    if value is None:
        return pen.t("not known")
    if field in {"services_added", "services_lost"}:
        return pen.families(tuple(value))
    if field in {"offer_id", "target_offer_id"}:
        return esc(pen.offer(str(value), None))
    if field == "status":
        return esc(status_name(pen.texts, str(value)))
    return esc(pen.texts.number(value) if type(value) is int else value)
