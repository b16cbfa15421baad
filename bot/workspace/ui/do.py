"""POST /ui/…: what a member does (docs/workspace.md 3)."""

import inspect
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.workspace.acts.modal import close, submit
from bot.workspace.acts.press import press
from bot.workspace.acts.send import send
from bot.workspace.acts.suggest import suggest
from bot.workspace.acts.visit import use_shortcut, visit
from bot.workspace.config import Member
from bot.workspace.controls import Controls
from bot.workspace.core import Workspace
from bot.workspace.refusals import PageError
from bot.workspace.trouble_switch import TroubleSwitch
from bot.workspace.ui.bodies import field, page_body

LOCALES = ("en-US", "en-GB", "de-DE")
_LONGEST = 12_000
_FURTHEST = 10 * 366 * 86_400


class Doing:
    """The doing half of the JSON interface."""

    def __init__(self, workspace: Workspace, trouble: TroubleSwitch) -> None:
        self._workspace, self._trouble = workspace, trouble

    def _member(self, body: dict[str, Any]) -> Member:
        return self._workspace.people.need(field(body, "member"))

    async def send(self, request: Request) -> Response:
        """Text or a command."""
        body = await page_body(request)
        member, text = self._member(body), field(body, "text")
        place = self._workspace.places.need(member.id, body.get("channel"))
        if len(text) > _LONGEST:
            raise PageError(400, "bad_request", f"at most {_LONGEST} characters")
        thread_ts = field(body, "thread_ts") if body.get("thread_ts") else None
        return JSONResponse(
            await send(self._workspace, member=member, place=place, text=text, thread_ts=thread_ts),
        )

    async def action(self, request: Request) -> Response:
        """A press or a choice."""
        body = await page_body(request)
        return JSONResponse(await press(self._workspace, member=self._member(body), body=body))

    async def options(self, request: Request) -> Response:
        """Typing into an external menu."""
        body = await page_body(request)
        return JSONResponse(await suggest(self._workspace, member=self._member(body), body=body))

    async def submit(self, request: Request) -> Response:
        """A modal's submit button."""
        body = await page_body(request)
        member = self._member(body)
        return JSONResponse(
            await submit(self._workspace, member=member, view_id=body.get("view_id"), state=body.get("state")),
        )

    async def close(self, request: Request) -> Response:
        """A modal's close button, or the x."""
        body = await page_body(request)
        member, clear = self._member(body), body.get("clear") is True
        return JSONResponse(close(self._workspace, member=member, view_id=body.get("view_id"), clear=clear))

    async def home(self, request: Request) -> Response:
        """Going to the app's Home."""
        body = await page_body(request)
        tab = body.get("tab", "home")
        if tab not in ("home", "messages"):
            raise PageError(400, "invalid_value", "tab is home or messages")
        return JSONResponse(visit(self._workspace, member=self._member(body), tab=tab))

    async def shortcut(self, request: Request) -> Response:
        """A shortcut."""
        body = await page_body(request)
        return JSONResponse(await use_shortcut(self._workspace, member=self._member(body), body=body))

    async def locale(self, request: Request) -> Response:
        """The member's language."""
        body = await page_body(request)
        member, locale = self._member(body), field(body, "locale")
        if locale not in LOCALES:
            raise PageError(400, "invalid_value", f"one of {', '.join(LOCALES)}")
        self._workspace.people.choose_locale(member.id, locale)
        shown = self._workspace.people.as_page_member(member)
        self._workspace.streams.publish_all("member_changed", {"member": shown})
        return JSONResponse({"ok": True, "member": shown})

    def _controls(self) -> Controls:
        if self._workspace.controls is None:
            raise PageError(409, "no_controls")
        return self._workspace.controls

    async def clock(self, request: Request) -> Response:
        """Move the clocks of the demo forward."""
        body = await page_body(request)
        controls, seconds = self._controls(), body.get("advance_seconds")
        number = isinstance(seconds, (int, float)) and not isinstance(seconds, bool)
        if not number or not 0 < float(seconds or 0) <= _FURTHEST:
            raise PageError(400, "invalid_value", f"advance_seconds is above 0 and at most {_FURTHEST}")
        moved = controls.advance(timedelta(seconds=float(seconds or 0)))
        if inspect.isawaitable(moved):
            await moved
        now = self._workspace.clock.now().isoformat()
        self._workspace.streams.publish_all("clock", {"now": now})
        return JSONResponse({"ok": True, "now": now})

    async def orders(self, request: Request) -> Response:
        """Make the next order fail."""
        body = await page_body(request)
        controls, kind = self._controls(), field(body, "kind")
        if kind not in controls.kinds():
            raise PageError(400, "invalid_value", f"one of {', '.join(controls.kinds())}")
        set_up = controls.fail_next_order(kind)
        if inspect.isawaitable(set_up):
            await set_up
        return JSONResponse({"ok": True})

    async def slack(self, request: Request) -> Response:
        """Let Slack be in trouble, or fine again."""
        body = await page_body(request)
        self._controls()
        kind = field(body, "kind")
        if kind not in self._trouble.kinds:
            raise PageError(400, "invalid_value", f"one of {', '.join(self._trouble.kinds)}")
        self._trouble.turn(kind)
        return JSONResponse({"ok": True, "slack": kind})
