"""What can be pressed on the list of options, besides an option: choose the customer, refresh, turn the page, share."""

from bot.desk.list_options import list_options
from bot.desk.open_customer import open_customer
from bot.desk.refresh_options import refresh_options
from bot.desk.share_options import share_options
from handlers.blocks.help import posted_message
from handlers.blocks.options import options_message, shared_message
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Message
from handlers.boundary import spawn
from handlers.channels import is_shared_with_others, post
from handlers.incoming import Incoming


async def choose_customer(incoming: Incoming) -> None:
    """Open the chosen customer in place of the menu."""
    await incoming.ack()
    spawn(incoming, _open_chosen(incoming), name="choose_customer")


async def read_again(incoming: Incoming) -> None:
    """Refresh the list, or turn to another page of it, in its place."""
    await incoming.ack()
    spawn(incoming, _read_again(incoming), name="read_again")


async def share(incoming: Incoming) -> None:
    """Post the answer in the channel, without buttons."""
    await incoming.ack()
    spawn(incoming, _share(incoming), name="share")


async def _open_chosen(incoming: Incoming) -> None:
    opened = await open_customer(incoming.desk, caller=incoming.caller, handle=incoming.pressed.value)
    options = await list_options(incoming.desk, caller=incoming.caller, customer_id=opened.customer.id, opened=opened)
    await _replace(incoming, options_message(await incoming.pen(), options, nonce=incoming.nonce()))


async def _read_again(incoming: Incoming) -> None:
    options = await refresh_options(incoming.desk, caller=incoming.caller, handle=incoming.pressed.value)
    await _replace(incoming, options_message(await incoming.pen(), options, nonce=incoming.nonce()))


async def _share(incoming: Incoming) -> None:
    channel = incoming.caller.channel_id or ""
    shared = await is_shared_with_others(incoming.client, channel)
    options = await share_options(
        incoming.desk, caller=incoming.caller, handle=incoming.pressed.value, shared_channel=shared
    )
    channel_pen = Pen(incoming.runtime.channel_texts, incoming.desk.catalogue)
    message = shared_message(channel_pen, options, by=incoming.caller.actor.user_id, nonce=incoming.nonce())
    await post(incoming.client, channel, message)
    if (answer := incoming.response_url) is not None:
        await answer.message(posted_message(await incoming.pen(), nonce=incoming.nonce()), replace=False)


async def _replace(incoming: Incoming, message: Message) -> None:
    if (answer := incoming.response_url) is not None:
        await answer.message(message, replace=True)
