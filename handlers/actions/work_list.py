"""The list of accounts that need work: open it, turn its pages, tick, have it sent as a file, hand it over."""

from bot.desk.after.accounts_file import accounts_file, note_file
from bot.desk.after.reach import FollowUps
from bot.desk.after.show_list import show_list, tick
from handlers.actions.opening import open_modal, push_modal
from handlers.answers import in_view
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Block
from handlers.blocks.work_list import file_sent_view, hand_over_view, work_list_view
from handlers.boundary import spawn
from handlers.files import send_file
from handlers.incoming import Incoming

_DRAWN_AT_MOST = 3
"""Two ticks in a row may be drawn in the wrong order: what is shown is compared with the rows, and drawn again."""


async def show_work_list(incoming: Incoming) -> None:
    """Open the list, for the asker and for whoever holds it."""
    await open_modal(incoming, _first, name="show_work_list")


async def turn_work_list(incoming: Incoming) -> None:
    """Another page of the list, in place."""
    await _in_place(incoming)
    spawn(incoming, _turn(incoming), name="turn_work_list")


async def tick_account(incoming: Incoming) -> None:
    """Tick an account, or take the tick back; the list follows in place."""
    await _in_place(incoming)
    spawn(incoming, _tick(incoming), name="tick_account")


async def send_work_list(incoming: Incoming) -> None:
    """The list as a file, by direct message."""
    await push_modal(incoming, _send, name="send_work_list")


async def give_work_list(incoming: Incoming) -> None:
    """Ask who gets the list."""
    await push_modal(incoming, _ask_whom, name="give_work_list")


async def _in_place(incoming: Incoming) -> None:
    await incoming.ack()
    incoming.answer = in_view(incoming.client, incoming.body) or incoming.answer


async def _first(incoming: Incoming) -> Block:
    found = await show_list(incoming.desk, caller=incoming.caller, change_id=incoming.pressed.value)
    return work_list_view(await incoming.pen(), found)


async def _turn(incoming: Incoming) -> None:
    found = await show_list(incoming.desk, caller=incoming.caller, change_id=incoming.pressed.value)
    await _show(incoming, work_list_view(await incoming.pen(), found, page=_page(incoming)))


async def _tick(incoming: Incoming) -> None:
    pressed = incoming.pressed
    done = pressed.action_id.startswith("account.done")
    until = incoming.arrived + incoming.desk.config.write_deadline
    found = await tick(incoming.desk, caller=incoming.caller, key=pressed.value, done=done, deadline=until)
    pen, drawn = await incoming.pen(), 0
    while drawn < _DRAWN_AT_MOST:
        await _show(incoming, work_list_view(pen, found, page=_page(incoming)))
        drawn += 1
        later = await _as_it_is(incoming, found)
        if later.accounts == found.accounts:
            return
        found = later


async def _as_it_is(incoming: Incoming, shown: FollowUps) -> FollowUps:
    """The list as the rows have it now, for somebody who was let at it a moment ago."""
    async with incoming.desk.database.read() as tx:
        change_id = shown.change.id
        return FollowUps(
            change=shown.change,
            person=shown.person,
            work=await tx.follow_ups.list_of(change_id),
            accounts=tuple(await tx.follow_ups.of(change_id)),
        )


async def _ask_whom(incoming: Incoming) -> Block:
    found = await show_list(incoming.desk, caller=incoming.caller, change_id=incoming.pressed.value)
    return hand_over_view(await incoming.pen(), found)


async def _send(incoming: Incoming) -> Block:
    desk, caller, pen = incoming.desk, incoming.caller, await incoming.pen()
    found, pieces = await accounts_file(desk, caller=caller, change_id=incoming.pressed.value)

    async def note(file_id: str) -> None:
        await note_file(desk, found=found, file_id=file_id)

    await send_file(
        incoming.client,
        incoming.runtime.http,
        user_id=caller.actor.user_id,
        name=f"accounts-{found.change.number}.csv",
        title=f"{pen.texts.t('Follow-up work')}: {found.change.number}",
        comment=_comment(pen, found),
        pieces=pieces,
        noted=note,
    )
    return file_sent_view(pen, found)


def _comment(pen: Pen, found: FollowUps) -> str:
    return pen.t("Follow-up work of change {number}", number=found.change.number)


async def _show(incoming: Incoming, view: Block) -> None:
    if (shown := in_view(incoming.client, incoming.body)) is not None:
        await shown.show(view)


def _page(incoming: Incoming) -> int:
    """The page by the number at the end of the action's id; the view brings it into range."""
    _, _, number = incoming.pressed.action_id.rpartition(".")
    return int(number) if number.isdecimal() else 1
