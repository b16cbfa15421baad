"""A small Bolt app for the page's tests, as any Slack developer would write it: every element once, and a modal."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.support.workspace_client import RunningWorkspace

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Sampler"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "bot_user": {"display_name": "Sampler"},
        "slash_commands": [
            {"command": "/sampler", "description": "Show one of everything", "usage_hint": "[what]"},
            {"command": "/silent", "description": "Never acknowledged", "usage_hint": ""},
        ],
        "shortcuts": [{"name": "Ask", "type": "global", "callback_id": "ask_anywhere", "description": "Opens a modal"}],
    },
    "oauth_config": {
        "scopes": {"bot": ["commands", "chat:write", "im:write", "im:history", "channels:history", "users:read"]}
    },
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "message.channels", "message.im"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}
"""The app's manifest."""


def plain(text: str) -> dict[str, Any]:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def options(*texts: str) -> list[dict[str, Any]]:
    """Options whose value is their text."""
    return [{"text": plain(text), "value": text} for text in texts]


def button(text: str, action_id: str, **more: Any) -> dict[str, Any]:
    """A button."""
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


ANSWER: list[dict[str, Any]] = [
    {"type": "header", "text": plain("One of everything")},
    {
        "type": "section",
        "text": mrkdwn("*Bold* _italic_ ~gone~ `code`"),
        "accessory": {"type": "overflow", "action_id": "more", "options": options("First", "Second")},
    },
    {"type": "section", "fields": [mrkdwn("*From*\nBasic"), mrkdwn("*To*\nStandard")]},
    {
        "type": "actions",
        "block_id": "buttons",
        "elements": [
            button("Open", "open", style="primary"),
            button("Silent", "silent"),
            button(
                "Erase",
                "erase",
                style="danger",
                confirm={
                    "title": plain("Erase it?"),
                    "text": mrkdwn("It is *gone* then."),
                    "confirm": plain("Erase"),
                    "deny": plain("Keep"),
                    "style": "danger",
                },
            ),
            {
                "type": "static_select",
                "action_id": "colour",
                "placeholder": plain("Colour"),
                "options": options("Red", "Green", "Blue"),
            },
        ],
    },
    {
        "type": "actions",
        "block_id": "choices",
        "elements": [
            {"type": "radio_buttons", "action_id": "size", "options": options("Small", "Large")},
            {"type": "checkboxes", "action_id": "extras", "options": options("Milk", "Sugar")},
            {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-22"},
        ],
    },
    {"type": "divider"},
    {"type": "context", "elements": [mrkdwn("Small print")]},
]
"""What `/sampler` answers."""


def modal(*, title: str = "Confirm", note: str = "Please give a reason") -> dict[str, Any]:
    """The app's modal."""
    return {
        "type": "modal",
        "callback_id": "confirm",
        "title": plain(title),
        "submit": plain("Order"),
        "close": plain("Back out"),
        "blocks": [
            {"type": "section", "block_id": "note", "text": mrkdwn(note)},
            {"type": "input", "block_id": "why", "label": plain("Reason"), "hint": plain("For the trail"),
             "element": {"type": "plain_text_input", "action_id": "reason", "max_length": 80}},
            {"type": "input", "block_id": "who", "optional": True, "label": plain("Customer"),
             "element": {"type": "external_select", "action_id": "customer", "min_query_length": 2,
                         "placeholder": plain("Type a name")}},
            {"type": "input", "block_id": "tags", "optional": True, "label": plain("Tags"),
             "element": {"type": "multi_static_select", "action_id": "tags",
                         "options": options("Urgent", "Later", "Never")}},
            {"type": "actions", "block_id": "again", "elements": [button("Refresh", "refresh")]},
        ],
    }  # fmt: skip


def build(client: AsyncWebClient) -> AsyncApp:  # noqa: C901 - a list of small listeners
    """The app."""
    app = AsyncApp(client=client, signing_secret="not used with sockets", process_before_response=True)

    @app.command("/sampler")
    async def sampler(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="One of everything", blocks=ANSWER)

    @app.command("/silent")
    async def silent_command() -> None:
        """No ack: Slack itself has to say so."""

    @app.action("silent")
    async def silent_button() -> None:
        """No ack."""

    @app.action("open")
    async def open_modal(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack()

    @app.shortcut("ask_anywhere")
    async def ask_anywhere(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal(title="From anywhere"))
        await ack()

    @app.action("refresh")
    async def refresh(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_update(view_id=body["view"]["id"], view=modal(note="Read again"))

    @app.action("erase")
    async def erase(ack: Any, respond: Any) -> None:
        await ack()
        await respond(delete_original=True)

    @app.action("more")
    async def chosen(ack: Any, respond: Any, action: dict[str, Any]) -> None:
        await ack()
        await respond(text=f"Chosen: {action['selected_option']['value']}", replace_original=False)

    app.action("colour")(chosen)
    app.action("size")(chosen)

    @app.action("extras")
    async def extras(ack: Any, respond: Any, action: dict[str, Any], body: dict[str, Any]) -> None:
        await ack()
        size = body["state"]["values"]["choices"]["size"]["selected_option"]
        listed = ", ".join(option["value"] for option in action["selected_options"])
        await respond(text=f"Extras: {listed}; size: {size and size['value']}", replace_original=False)

    @app.options("customer")
    async def suggest(ack: Any, payload: dict[str, Any]) -> None:
        found = [
            name for name in ("Contoso GmbH", "Contoso Ltd", "Fabrikam") if payload["value"].lower() in name.lower()
        ]
        await ack(options=options(*found))

    @app.view("confirm")
    async def submitted(ack: Any, view: dict[str, Any], body: dict[str, Any], client: AsyncWebClient) -> None:
        values = view["state"]["values"]
        if values["why"]["reason"]["value"] == "no":
            await ack(response_action="errors", errors={"why": "A better reason, please"})
            return
        await ack()
        customer = values["who"]["customer"]["selected_option"]
        tags = ", ".join(one["value"] for one in values["tags"]["tags"]["selected_options"])
        said = f"Ordered: {values['why']['reason']['value']} / {customer and customer['value']} / {tags}"
        await client.chat_postMessage(channel=body["user"]["id"], text=said)

    @app.event("app_home_opened")
    async def home(event: dict[str, Any], client: AsyncWebClient) -> None:
        if event["tab"] == "home":
            blocks = [{"type": "section", "text": mrkdwn("*Welcome home*"), "accessory": button("Open", "open")}]
            await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.event("message")
    async def message() -> None:
        """Heard and left alone."""

    return app


@asynccontextmanager
async def connected_sampler(desk: RunningWorkspace, *, bot_token: str, app_token: str) -> AsyncIterator[AsyncWebClient]:
    """The app, connected by Socket Mode; gives its Web API client."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10), trust_env=False) as session:
        client = AsyncWebClient(token=bot_token, base_url=desk.api_url, session=session)
        handler = AsyncSocketModeHandler(build(client), app_token)
        await handler.connect_async()
        await desk.wait_connected()
        try:
            yield client
        finally:
            await handler.close_async()
            await asyncio.sleep(0)
