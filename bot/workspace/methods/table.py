"""Every method of the Web API that is here, with scope and tier (facts/slack.md 3); all else is `unknown_method`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.workspace.core import Workspace
from bot.workspace.methods import auth, chat, conversations, files, users, views
from bot.workspace.methods.arguments import Arguments

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls a minute by tier; a minute's worth may come at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """`scope` None: none is needed, or the function looks itself. `tier` None: special, not counted here."""

    call: Callable[[Workspace, Arguments], dict[str, Any]]
    scope: str | None = None
    tier: int | None = None
    app_token: bool = False
    anyone: bool = False


def methods() -> dict[str, Method]:
    """The table."""
    write, read = "chat:write", "users:read"
    return {
        "api.test": Method(call=auth.api_test, anyone=True),
        "auth.test": Method(call=auth.auth_test),
        "apps.connections.open": Method(call=auth.connections_open, app_token=True, tier=3),
        "chat.postMessage": Method(call=chat.post_message, scope=write),
        "chat.postEphemeral": Method(call=chat.post_ephemeral, scope=write, tier=4),
        "chat.update": Method(call=chat.update, scope=write, tier=3),
        "chat.delete": Method(call=chat.delete, scope=write, tier=3),
        "chat.getPermalink": Method(call=chat.get_permalink),
        "views.open": Method(call=views.open_view, tier=4),
        "views.push": Method(call=views.push, tier=4),
        "views.update": Method(call=views.update, tier=4),
        "views.publish": Method(call=views.publish, tier=4),
        "users.info": Method(call=users.info, scope=read, tier=4),
        "users.list": Method(call=users.list_users, scope=read, tier=2),
        "users.lookupByEmail": Method(call=users.lookup_by_email, scope=users.EMAIL_SCOPE, tier=3),
        "usergroups.list": Method(call=users.list_groups, scope="usergroups:read", tier=2),
        "usergroups.users.list": Method(call=users.group_users, scope="usergroups:read", tier=2),
        "conversations.open": Method(call=conversations.open_conversation, scope="im:write", tier=3),
        "conversations.info": Method(call=conversations.info, tier=3),
        "conversations.members": Method(call=conversations.members, tier=4),
        "conversations.list": Method(call=conversations.list_conversations, tier=2),
        "conversations.join": Method(call=conversations.join, scope="channels:join", tier=3),
        "conversations.history": Method(call=conversations.history, tier=3),
        "conversations.replies": Method(call=conversations.replies, tier=3),
        "files.getUploadURLExternal": Method(call=files.get_upload_url, scope="files:write", tier=4),
        "files.delete": Method(call=files.delete, scope="files:write", tier=3),
        "files.completeUploadExternal": Method(call=files.complete_upload, scope="files:write", tier=4),
    }
