"""Drawing a modal anew while somebody types: in order, for the last of it, and never over something else (0103)."""

import asyncio
from typing import Any, cast

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.blocks.sheet import Block
from handlers.live import LiveModals


class Views:
    """Slack's views.update with its hash: a stale one is refused; each drawing makes a new one."""

    def __init__(self, *, refuses: str | None = None) -> None:
        self.refuses = refuses
        self.hash, self.number, self.drawn = "h0", 0, list[str]()

    async def views_update(self, *, view_id: str, hash: str, view: Block) -> dict[str, Any]:  # noqa: A002 - Slack's word
        """As Slack: `hash_conflict` where somebody drew meanwhile."""
        await asyncio.sleep(0)
        code = self.refuses or ("hash_conflict" if hash != self.hash else None)
        if code is not None:
            raise SlackApiError(code, {"error": code})  # type: ignore[no-untyped-call]
        self.drawn.append(view["text"])
        self.turn()
        return {"view": {"id": view_id, "hash": self.hash}}

    def turn(self) -> None:
        """Something else was drawn."""
        self.number += 1
        self.hash = f"h{self.number}"


async def typed(live: LiveModals, views: Views, text: str, *, seen: str, gate: asyncio.Event | None = None) -> None:
    async def draw() -> Block:
        if gate is not None:
            await gate.wait()
        return {"text": text}

    await live.redraw(cast("AsyncWebClient", views), view_id="V1", seen=seen, draw=draw)


async def test_what_was_typed_last_is_what_stands_there() -> None:
    """The first is under way, the second is overtaken before its turn, the third is drawn over the first."""
    live, views, gate = LiveModals(), Views(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for text in ("2", "25", "250"):
            group.create_task(typed(live, views, text, seen="h0", gate=gate))
            await asyncio.sleep(0)
        gate.set()
    assert views.drawn == ["2", "250"]


async def test_the_answer_to_a_submission_is_never_covered() -> None:
    """Whatever was drawn in between has another hash."""
    live, views = LiveModals(), Views()
    await typed(live, views, "2", seen="h0")
    views.turn()
    await typed(live, views, "25", seen="h1")
    assert views.drawn == ["2"]


async def test_a_drawing_that_this_process_did_not_make_is_known_by_what_its_reader_saw() -> None:
    """Deliveries go to any process."""
    live, views = LiveModals(), Views()
    await typed(live, views, "2", seen="h0")
    views.turn()
    await typed(live, views, "25", seen=views.hash)
    assert views.drawn == ["2", "25"]


async def test_other_troubles_of_slack_are_not_hidden() -> None:
    """Only a modal that is gone or was drawn meanwhile is left alone."""
    with pytest.raises(SlackApiError):
        await typed(LiveModals(), Views(refuses="invalid_arguments"), "2", seen="h0")
