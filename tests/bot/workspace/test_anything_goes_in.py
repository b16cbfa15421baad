"""Whatever an app or a page sends, it is taken or refused in so many words; nothing breaks."""

import random
from typing import Any

import pytest

from bot.domain.clock import ShiftedClock
from bot.domain.ids import RandomIds
from bot.workspace.config import WorkspaceConfig
from bot.workspace.core import Workspace
from bot.workspace.limits import validate_message, validate_options, validate_view
from bot.workspace.methods.calls import Calls
from bot.workspace.methods.table import methods
from bot.workspace.refusals import SlackError
from bot.workspace.respond import respond
from bot.workspace.sample import GENERAL, PEOPLE
from bot.workspace.store import MemoryStore
from tests.support.block_samples import actions, button, card, confirm, field, image, mrkdwn, section, select, typed
from tests.support.screens import home, modal
from tests.support.workspace_client import RunningWorkspace

HEIDI = PEOPLE["helpdesk_agent"]
JUNK: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "x" * 4000,
    [],
    {},
    [None],
    {"type": None},
    {"type": [[]]},
    [[]],
    {"a": 1},
]
NAMES = ["type", "options", "block_id", "action_id", "element", "elements", "initial_option", "initial_options", "text"]
BLOCKS: list[Any] = [
    section(accessory=select()),
    actions(button(confirm=confirm()), select()),
    field(),
    field(typed("external_select")),
    image(),
    card(),
    {"type": "context", "elements": [mrkdwn()]},
    {"type": "container", "child_blocks": [section()]},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]},
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]},
]


def mutated(value: Any, dice: random.Random) -> Any:
    if dice.random() < 0.1:
        return dice.choice(JUNK)
    if isinstance(value, dict):
        kept = {name: mutated(inner, dice) for name, inner in value.items() if dice.random() > 0.05}
        return kept | ({dice.choice(NAMES): dice.choice(JUNK)} if dice.random() < 0.1 else {})
    return [mutated(one, dice) for one in value] if isinstance(value, list) else value


def message(dice: random.Random) -> Any:
    blocks = [mutated(dice.choice(BLOCKS), dice) for _ in range(dice.randint(0, 3))]
    metadata = dice.choice([None, {"event_type": "a", "event_payload": {}}, *JUNK])
    return {
        "text": dice.choice(["x", *JUNK]),
        "blocks": blocks,
        "metadata": metadata,
        "attachments": [{"blocks": blocks}],
    }


@pytest.mark.parametrize("seed", range(5))
def test_the_limits_judge_anything(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a test that can be repeated
    for _ in range(500):
        said = message(dice)
        validate_message(mutated(said, dice))
        validate_view(mutated(modal(*said["blocks"]), dice))
        validate_view(mutated(home(*said["blocks"]), dice))
        validate_options(dice.choice([said, *JUNK, {"options": said["blocks"]}]))


@pytest.mark.parametrize("seed", range(5))
async def test_the_web_api_answers_anything(config: WorkspaceConfig, clock: ShiftedClock, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a test that can be repeated
    workspace = Workspace(config=config, clock=clock, ids=RandomIds(), store=MemoryStore())
    calls = Calls(workspace)
    await workspace.start()
    place = workspace.places.get(GENERAL)
    assert place is not None
    taken = refused = 0
    for number in range(600):
        trigger = workspace.triggers.new(HEIDI)
        ts = dice.choice([one.ts for one in workspace.board.history(GENERAL)] or ["1.1"])
        view = dice.choice([modal(*message(dice)["blocks"]), home(*message(dice)["blocks"]), modal()])
        values = {
            **message(dice),
            **{name: dice.choice([HEIDI, *JUNK]) for name in ("user", "user_id", "users", "email")},
            **{name: dice.choice([ts, *JUNK]) for name in ("ts", "message_ts", "thread_ts", "oldest", "latest")},
            **{
                name: dice.choice(["10", *JUNK])
                for name in ("limit", "cursor", "types", "hash", "view_id", "external_id")
            },
            "channel": dice.choice([GENERAL, GENERAL, HEIDI, *JUNK]),
            "trigger_id": dice.choice([trigger, *JUNK]),
            "view": mutated(view, dice),
        }
        method = sorted(methods())[number % len(methods())]
        token = "xapp-app" if method.startswith("apps.") else "xoxb-bot"
        try:
            calls.call(method, token=token, values=values)
            taken += 1
        except SlackError:
            refused += 1
        try:
            token = workspace.hooks.new(channel=GENERAL, member=HEIDI, ts=ts)
            respond(workspace, token, mutated({**values, "response_type": "in_channel"}, dice))
        except SlackError:
            refused += 1
    assert taken > 0
    assert refused > 0
    await workspace.stop()


PATHS = ("send", "action", "options", "view/submit", "view/close", "home", "shortcut", "locale", "clock", "orders")


async def test_the_page_interface_answers_anything(desk: RunningWorkspace) -> None:
    dice = random.Random(7)  # noqa: S311 - a test that can be repeated
    for number in range(400):
        body = {
            "member": dice.choice([HEIDI, HEIDI, HEIDI, *JUNK]),
            "channel": dice.choice([GENERAL, *JUNK]),
            "text": dice.choice(["hello", "/access", *JUNK]),
            **{name: dice.choice(JUNK) for name in ("container", "block_id", "action_id", "state", "view_id", "value")},
            **{
                name: dice.choice(JUNK) for name in ("tab", "locale", "callback_id", "ts", "thread_ts", "clear", "kind")
            },
            "advance_seconds": dice.choice(JUNK),
        }
        path = PATHS[number % len(PATHS)]
        async with desk.web.post(f"{desk.url}/ui/{path}", json=body) as response:
            assert response.status < 500, (path, body)
            await response.json()
