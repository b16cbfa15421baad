"""One member at the page, acting through `/ui` alone, and the waiting for what others do."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import aiohttp

from tests.support.workspace_reading import buttons, container_of, elements, filled, options_of, reading

PATIENCE = 10.0
_PAUSE = 0.02


class UiError(AssertionError):
    """The interface answered with an HTTP error: `status`, `code`, and the whole `body`."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(f"{status} {body}")
        self.status, self.code, self.body = status, body.get("error"), body


async def wait_for(
    look: Callable[[], Awaitable[Any]],
    *,
    within: float = PATIENCE,
    wanted: str = "",
) -> Any:
    """Look until something truthy comes back; AssertionError after `within` seconds of real time."""
    last: Any = None
    try:
        async with asyncio.timeout(within):
            while True:
                last = await look()
                if last:
                    return last
                await asyncio.sleep(_PAUSE)
    except TimeoutError:
        raise AssertionError(f"not within {within} s: {wanted or look}; last: {last!r}") from None


class Http:
    """The JSON interface at one address."""

    def __init__(self, url: str, web: aiohttp.ClientSession) -> None:
        self.url, self.web = url, web

    async def get(self, what: str, **query: str) -> dict[str, Any]:
        """`GET /ui/{what}`. Raises UiError."""
        async with self.web.get(f"{self.url}/ui/{what}", params=query) as response:
            return await _answer(response)

    async def post(self, what: str, **body: Any) -> dict[str, Any]:
        """`POST /ui/{what}`. Raises UiError."""
        async with self.web.post(f"{self.url}/ui/{what}", json=body) as response:
            return await _answer(response)


async def _answer(response: aiohttp.ClientResponse) -> dict[str, Any]:
    body: dict[str, Any] = await response.json()
    if not response.ok:
        raise UiError(response.status, body)
    return body


class Person:
    """One member at the page. `direct` is the conversation with the app."""

    def __init__(self, http: Http, member_id: str, *, direct: str) -> None:
        self._http, self.id, self.direct = http, member_id, direct

    async def get(self, what: str, **query: str) -> dict[str, Any]:
        """`GET /ui/{what}` as this member."""
        return await self._http.get(what, member=self.id, **query)

    async def post(self, what: str, **body: Any) -> dict[str, Any]:
        """`POST /ui/{what}` as this member."""
        return await self._http.post(what, member=self.id, **body)

    async def send(self, channel: str, text: str, *, thread_ts: str | None = None) -> dict[str, Any]:
        """Say something or run a command."""
        return await self.post("send", channel=channel, text=text, thread_ts=thread_ts)

    async def messages(self, channel: str) -> list[dict[str, Any]]:
        """What this member sees in a conversation, oldest first."""
        found: list[dict[str, Any]] = (await self.get("conversation", channel=channel))["messages"]
        return found

    async def thread(self, channel: str, ts: str) -> list[dict[str, Any]]:
        """A parent and its replies."""
        found: list[dict[str, Any]] = (await self.get("thread", channel=channel, ts=ts))["messages"]
        return found

    async def wait_for_message(
        self,
        channel: str,
        *,
        containing: str = "",
        where: Callable[[dict[str, Any]], bool] = lambda _message: True,
        within: float = PATIENCE,
    ) -> dict[str, Any]:
        """The newest message here that reads so and is so."""

        async def look() -> dict[str, Any] | None:
            for message in reversed(await self.messages(channel)):
                if containing in reading(message) and where(message):
                    return message
            return None

        found: dict[str, Any] = await wait_for(look, within=within, wanted=f"a message with {containing!r}")
        return found

    async def again(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """The message as it is now; None if it is gone."""
        thread = message.get("thread_ts")
        reply = thread is not None and thread != message["ts"]
        seen = await (self.thread(message["channel"], thread) if reply else self.messages(message["channel"]))
        return next((one for one in seen if one["ts"] == message["ts"]), None)

    async def press(
        self,
        where: dict[str, Any],
        button: str,
        *,
        nth: int = 0,
        confirmed: bool = True,
        state: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Press a button by its text (or its action id), in a message or view as read before."""
        found = [
            (block, element)
            for block, element in elements(where)
            if element["type"] == "button" and button in {element["text"]["text"], element["action_id"]}
        ]
        assert len(found) > nth, f"no button {button!r} among {buttons(where)}"
        return await self.act(where, *found[nth], confirmed=confirmed, state=state)

    async def choose(self, where: dict[str, Any], option: str, *, action_id: str | None = None) -> dict[str, Any]:
        """Choose an option of a menu by its text (or value)."""
        for block, element in elements(where):
            for one in options_of(element):
                if option in {one["text"]["text"], one["value"]} and action_id in {None, element["action_id"]}:
                    return await self.act(where, block, element, selected_option=one)
        raise AssertionError(f"no option {option!r}")

    async def act(
        self,
        where: dict[str, Any],
        block: dict[str, Any],
        element: dict[str, Any],
        **value: Any,
    ) -> dict[str, Any]:
        """Use one element of a message or view."""
        return await self.post(
            "action",
            container=container_of(where),
            block_id=block["block_id"],
            action_id=element["action_id"],
            **{name: one for name, one in value.items() if one is not None},
        )

    async def suggest(self, where: dict[str, Any], action_id: str, typed: str) -> dict[str, Any]:
        """Type into an external menu; the answer has `options` or `option_groups`."""
        for block, element in elements(where):
            if element["action_id"] == action_id:
                return await self.post(
                    "options",
                    container=container_of(where),
                    block_id=block["block_id"],
                    action_id=action_id,
                    value=typed,
                )
        raise AssertionError(f"no menu {action_id!r}")

    async def modal(self) -> dict[str, Any] | None:
        """The modal in front."""
        view: dict[str, Any] | None = (await self.get("view"))["view"]
        return view

    async def wait_for_modal(
        self,
        *,
        title: str = "",
        containing: str = "",
        within: float = PATIENCE,
    ) -> dict[str, Any]:
        """The modal in front, once it has this title and text."""

        async def look() -> dict[str, Any] | None:
            view = await self.modal()
            fits = view is not None and title in view["title"]["text"] and containing in reading(view)
            return view if fits else None

        found: dict[str, Any] = await wait_for(look, within=within, wanted=f"a modal {title!r} {containing!r}")
        return found

    async def submit(self, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Fill the modal in front and submit it.

        `values`: by an input's label (or action id): text for text inputs; for menus an option's text or value, or a
        list of them.
        """
        view = await self.modal()
        assert view is not None, "no modal is open"
        return await self.post("view/submit", view_id=view["id"], state=filled(view, values or {}))

    async def close(self, *, clear: bool = False) -> dict[str, Any]:
        """Close the modal in front, or all."""
        view = await self.modal()
        assert view is not None, "no modal is open"
        return await self.post("view/close", view_id=view["id"], clear=clear)

    async def speak(self, locale: str) -> None:
        """Switch the language."""
        await self.post("locale", locale=locale)

    async def events(self) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        """The stream, event by event; `ready` comes first."""
        async with self._http.web.get(f"{self._http.url}/ui/stream", params={"member": self.id}) as response:
            name = ""
            async for raw in response.content:
                line = raw.decode().rstrip("\n")
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    yield name, json.loads(line.removeprefix("data: "))
