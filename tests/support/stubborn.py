"""Members who try again until they are told that it is done, and remember what they were told about each submission."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from bot.workspace.sample import APPROVALS, GENERAL
from tests.support.workspace_person import Person, wait_for
from tests.support.workspace_reading import buttons, reading

TARGET: Final = "Office 365 E3"
_PAUSE: Final = 0.05
_PATIENCE: Final = 60.0

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Told:
    """What was said to one submission in the end; `again`: how often it was said before that it is not known yet."""

    note: str
    done: bool
    words: str
    again: int


@dataclass(slots=True, kw_only=True)
class Stubborn:
    """One member, who reads English. `told`: of each submission; `sentences`: what was said in place of a result."""

    person: Person
    told: list[Told] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)

    async def asks_for(self, customer: Json) -> None:
        """Ask for an upgrade of a customer until it is called recorded, or until one is open."""
        while not await self._asks(customer["domain"]):  # noqa: ASYNC110 - a person has no event for it
            await asyncio.sleep(_PAUSE)

    async def approves(self, customer: Json) -> None:
        """Check and approve a customer's change until it is called approved, or the card says that it was."""
        while not await self._approves(customer["companyName"]):  # noqa: ASYNC110 - nor for this
            await asyncio.sleep(_PAUSE)

    async def _asks(self, domain: str) -> bool:
        listed = await self._listed(domain)
        if TARGET not in buttons(listed):
            return self._heard(listed)
        if (shown := await self._opened(listed, TARGET)).get("submit") is None:
            return self._heard(shown)
        return await self._submits({"Ticket or reason": f"{self.person.id}-{len(self.told)}"})

    async def _approves(self, name: str) -> bool:
        card = await self.person.wait_for_message(APPROVALS, containing=name, within=_PATIENCE)
        if "Check and approve" not in buttons(card):
            return True
        if (shown := await self._opened(card, "Check and approve")).get("submit") is None:
            return self._heard(shown)
        return await self._submits({})

    async def _opened(self, where: Json, button: str) -> Json:
        """What a press led to: the modal, once it is filled, or words in the conversation."""
        if await self.person.modal() is not None:
            await self.person.close(clear=True)
        channel = where["channel"]
        before = {each["ts"] for each in await self.person.messages(channel)}
        await self.person.press(where, button)

        async def look() -> Json | None:
            view = await self.person.modal()
            if view is not None:
                return None if _waits(view) else view
            return await self._said(channel, before)

        found: Json = await self._until(look)
        return found

    async def _submits(self, values: Json) -> bool:
        """Submit, and again while it is said that it counts only once: until it is known."""
        note, again = str(next(iter(values.values()), "")), 0
        while True:
            answer = await self.person.submit(values)
            assert answer["result"] != "trouble", answer  # an answer within Slack's three seconds
            words = reading(answer["view"]) if answer.get("view") else " ".join(answer.get("errors", {}).values())
            if "did not confirm" not in words or answer.get("view"):
                break
            again += 1
            await asyncio.sleep(_PAUSE)
        done = answer["result"] in {"updated", "closed"} and "did not work" not in words
        self.told.append(Told(note=note, done=done, words=words, again=again))
        return done

    async def _listed(self, domain: str) -> Json:
        before = {each["ts"] for each in await self.person.messages(GENERAL)}
        await self.person.send(GENERAL, f"/upgrade-options {domain}")

        found: Json = await self._until(lambda: self._said(GENERAL, before))
        return found

    async def _said(self, channel: str, before: set[str]) -> Json | None:
        """What only this member was told since."""
        seen = reversed(await self.person.messages(channel))
        return next((each for each in seen if each["ephemeral"] and each["ts"] not in before), None)

    async def _until(self, look: Callable[[], Awaitable[Any]]) -> Any:
        return await wait_for(look, within=_PATIENCE, wanted="an answer")

    def _heard(self, said: Json) -> bool:
        self.sentences.append(reading(said))
        return False


def _waits(view: Json) -> bool:
    return view.get("submit") is None and "One moment" in reading(view) + view["title"]["text"]
