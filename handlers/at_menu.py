"""The answer to a menu that asks for options: there is no place in it for an error, so the modal around it tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import Refused, UpgradeDeskError
from handlers.answers import InModal
from handlers.blocks.errors import error_text, error_view
from handlers.blocks.finder import noticed
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Block
from handlers.blocks.text import Md, joined
from handlers.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class AtMenu:
    """No options, in time; then the reason in the modal. `view` as the payload has it; empty in a message."""

    ack: AsyncAck
    client: AsyncWebClient
    runtime: Runtime
    view: Mapping[str, Any]

    async def trouble(self, pen: Pen, error: UpgradeDeskError, *, nonce: str, url: str | None) -> None:
        """Who may not is told in place of the modal; what may work again, above the field."""
        await self.ack(options=[])
        if isinstance(error, Refused):
            self._show(error_view(pen, error, nonce=nonce, url=url))
            return
        reference = pen.t("Reference {reference}", reference=error.reference) if error.reference else Md("")
        self._show(noticed(self.view, joined([error_text(pen, error), reference], " ")))

    def well(self) -> None:
        """What was told above the field is over."""
        self._show(noticed(self.view, None))

    def _show(self, view: Block | None) -> None:
        view_id = self.view.get("id")
        if view is not None and isinstance(view_id, str):
            self.runtime.spawn(InModal(self.client, view_id).show(view), name="menu_notice")
