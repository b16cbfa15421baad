"""Something between the desk and the service: it sends orders on or not, and answers them itself."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from bot.domain.errors import ServiceTrouble
from bot.eligibility.client import OrderAnswer, UpgradeAnswer
from tests.support.desks import DeskKit

Reading = Callable[..., Coroutine[Any, Any, Any]]


class Between:
    """The real service behind something that sends orders on (or not) and answers them itself."""

    def __init__(self, real: Any, *, answer: OrderAnswer, acts: bool, **instead: Reading) -> None:
        self._real, self.answer, self.acts, self.instead = real, answer, acts, instead

    def __getattr__(self, name: str) -> Any:
        return self.instead.get(name) or getattr(self._real, name)

    async def upgrade(self, *args: Any, **named: Any) -> UpgradeAnswer:
        """The order as it came, and another answer."""
        if self.acts:
            await self._real.upgrade(*args, **named)
        return self.answer


async def away(*_: Any, **__: Any) -> Any:
    """A reading that the service gives no answer to."""
    raise ServiceTrouble(status=503)


async def nothing(*_: Any, **__: Any) -> Any:
    """A reading that shows nothing."""
    return []


def behind(
    kit: DeskKit, *, answer: OrderAnswer, acts: bool, config: dict[str, Any] | None = None, **instead: Any
) -> DeskKit:
    """The kit with such a service."""
    service: Any = Between(kit.desk.service, answer=answer, acts=acts, **instead)
    return replace(kit, desk=replace(kit.desk, service=service, config=replace(kit.desk.config, **config or {})))
