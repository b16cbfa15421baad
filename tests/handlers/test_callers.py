"""Who uses something, by what the payload says (facts/slack.md, 1.2 and 5)."""

from typing import Any

import pytest

from bot.domain.people import Actor
from handlers.payload import Kind, caller_of

T, U, E = "T0PARTNER1", "U0SALES001", "E0HOLDING1"


def body(*, user_team: str | None, team: str = T, enterprise: str | None = None, **more: Any) -> dict[str, Any]:
    user = {"id": U} | ({} if user_team is None else {"team_id": user_team})
    return {"user": user, "team": {"id": team}, "enterprise": enterprise and {"id": enterprise}, **more}


@pytest.mark.parametrize(
    ("kind", "payload", "home"),
    [
        (Kind.SHORTCUT, body(user_team=None), T),
        (Kind.SHORTCUT, body(user_team="T0OTHER"), "T0OTHER"),
        (Kind.SHORTCUT, body(user_team=None, team=""), ""),
        (Kind.ACTION, body(user_team=None), ""),
        (Kind.VIEW, body(user_team=None), ""),
        (Kind.OPTIONS, body(user_team=T), T),
        (Kind.OPTIONS, body(user_team=E, enterprise=E), T),
        (Kind.OPTIONS, body(user_team="E0OTHER", enterprise=E), "E0OTHER"),
        (Kind.OPTIONS, body(user_team=E), E),
        (Kind.OPTIONS, body(user_team="T0OTHER", enterprise="T0OTHER"), "T0OTHER"),
        (Kind.OPTIONS, body(user_team=None), ""),
        (Kind.ACTION, body(user_team=E, enterprise=E), E),
    ],
)
def test_the_workspace_of_a_user_is_concluded_only_where_slack_leaves_it_out(
    kind: Kind, payload: dict[str, Any], home: str
) -> None:
    """Whoever it is said to be, `users.info` decides; another workspace's user stays one."""
    found = caller_of(kind, payload, installed=T)
    assert found.actor == Actor(team_id=home, user_id=U)
    assert found.installed_team_id == T
