"""App Home: what waits for me, what I asked for, what was done lately, my roles. Drawn from the database each time."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.desk.approval_results import ChangeList, Home, ListedChange
from bot.desk.list_places import ListName
from bot.desk.stopping_by_hand import thrown_by
from bot.domain.changes import ChangeState
from bot.domain.people import Actor
from bot.domain.policy import Action, Policy
from handlers.blocks import limits
from handlers.blocks.card import card_buttons
from handlers.blocks.card_waiting import ends_withdrawn, withdraw_button
from handlers.blocks.help import usage
from handlers.blocks.pen import Pen
from handlers.blocks.requests import HEADLINES, NOTHING, item_text
from handlers.blocks.role import right_lines, role_lines
from handlers.blocks.sheet import Block, Button, Confirm, Sheet
from handlers.blocks.subject import subject_line
from handlers.blocks.text import Md, bold, esc, mention
from handlers.blocks.work_list import list_button, open_line

_RESERVE: Final = 12
"""Blocks kept free in each view for roles, usage and what follows a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeWays:
    """The addresses of cards by change id, the values behind further pages, and which lists were turned."""

    links: Mapping[str, str] = field(default_factory=dict)
    older: Mapping[ListName, str] = field(default_factory=dict)
    turned: frozenset[ListName] = frozenset()


def home_view(pen: Pen, home: Home, *, ways: HomeWays, policy: Policy, nonce: str) -> Block:
    """All of Home. Somebody who may not look sees who they are here, and how to come by a role."""
    sheet = Sheet(language=pen.texts.language, nonce=nonce)
    _stop(pen, home, sheet)
    _work(pen, sheet, home)
    lists = ((ListName.WAITING, home.waiting), (ListName.MINE, home.mine), (ListName.LATELY, home.lately))
    shown = [(name, found) for name, found in lists if found is not None]
    for at, (name, found) in enumerate(shown):
        room = (limits.BLOCKS_PER_VIEW - _RESERVE - len(sheet.blocks)) // (len(shown) - at)
        _list(pen, sheet, name, found, actor=home.rights.person.actor, ways=ways, room=room)
    sheet.divider()
    sheet.section(bold(pen.t("Your partner roles")), *role_lines(pen, home.rights))
    sheet.section(*right_lines(pen, home.rights, policy=policy))
    if home.rights.may(Action.LOOK):
        sheet.divider()
        sheet.section(*usage(pen))
    return {"type": "home", "blocks": sheet.view_blocks()}


def _stop(pen: Pen, home: Home, sheet: Sheet) -> None:
    texts = pen.texts
    if home.stopped is not None:
        by = thrown_by(home.stopped)
        sheet.section(
            bold(pen.t("All orders are stopped")),
            pen.t(
                "Since {when}, by {person}. What was not sent yet waits.",
                when=pen.when(home.stopped.at),
                person=_who(pen, by, home.stopped.by),
            ),
        )
    if not home.may_stop:
        return
    if home.stopped is not None:
        ask = Confirm(
            title=texts.t("Resume all orders?"),
            text=texts.t("Everything that waits is read again and then sent."),
            confirm=texts.t("Resume"),
            deny=texts.t("Leave it stopped"),
        )
        sheet.buttons([Button(text=texts.t("Resume all orders"), action_id="home.resume", confirm=ask)])
        return
    ask = Confirm(
        title=texts.t("Stop all orders?"),
        text=texts.t("Nothing more is sent, for anybody, until somebody resumes it. What was sent stays sent."),
        confirm=texts.t("Stop"),
        deny=texts.t("Let them run"),
        style="danger",
    )
    sheet.buttons([Button(text=texts.t("Stop all orders"), action_id="home.stop", style="danger", confirm=ask)])


def _work(pen: Pen, sheet: Sheet, home: Home) -> None:
    """Lists of accounts to be worked off, the oldest first; no names."""
    if not home.work:
        return
    sheet.section(bold(pen.t("Follow-up work that is open")))
    for each in home.work:
        sheet.section(subject_line(pen, each.change.facts), open_line(pen, each.work))
        sheet.buttons([list_button(pen, each.change.id, number=each.change.number)])


def _list(
    pen: Pen, sheet: Sheet, name: ListName, found: ChangeList, *, actor: Actor, ways: HomeWays, room: int
) -> None:
    start = len(sheet.blocks)
    sheet.divider()
    sheet.section(bold(pen.t(HEADLINES[name])), Md("") if found.items else pen.t(NOTHING[name]))
    for at, item in enumerate(found.items):
        buttons = _buttons(pen, item, actor=actor, at=found.read_at, url=ways.links.get(item.change.id))
        # An item takes two blocks, what follows the list one, and one that says what is left out.
        if len(sheet.blocks) - start + 4 > room:
            left = len(found.items) - at
            sheet.section(pen.n("{count} more does not fit here.", "{count} more do not fit here.", count=left))
            break
        sheet.section(item_text(pen, item, url=None))
        sheet.buttons(buttons)
    turning = []
    if (older := ways.older.get(name)) is not None:
        label = f"{pen.texts.t('Older')}: {pen.texts.t(HEADLINES[name])}"
        action_id = f"home.older.{_NUMBERS[name]}"
        turning.append(Button(text=pen.texts.t("Older"), label=label, action_id=action_id, value=older))
    if name in ways.turned:
        turning.append(Button(text=pen.texts.t("Back to the start"), action_id="home.start"))
    sheet.buttons(turning)


_NUMBERS: Final = {ListName.WAITING: 1, ListName.MINE: 2, ListName.LATELY: 3}


def _buttons(pen: Pen, item: ListedChange, *, actor: Actor, at: datetime, url: str | None) -> list[Button]:
    """As on the card, but for what is not this person's; an approved change can be withdrawn here until it is sent."""
    change, mine = item.change, item.change.asker == actor
    buttons = [
        each for each in card_buttons(pen, change, item.status, at=at) if each.action_id != "change.withdraw" or mine
    ]
    if mine and change.state is ChangeState.APPROVED and not buttons and not ends_withdrawn(change, item.status):
        buttons.append(withdraw_button(pen.texts, change))
    if url is not None:
        buttons.append(Button(text=pen.texts.t("Open the card"), action_id="link.card", url=url))
    return [_named(pen, each, item) for each in buttons]


def _named(pen: Pen, button: Button, item: ListedChange) -> Button:
    """The button with a name for screen readers that says which of many changes it is about."""
    change = item.change
    label = pen.texts.t("{button}: change {number}", button=button.text, number=change.number)
    return replace(button, label=label)


def _who(pen: Pen, by: Actor | None, name: str) -> Md:
    return mention(by.user_id) if by is not None else esc(name or pen.texts.t("Upgrade Desk"), limits.ID)
