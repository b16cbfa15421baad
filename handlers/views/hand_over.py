"""The colleague who gets a list of accounts was chosen."""

from bot.desk.after.hand_over import FIELD, hand_over
from handlers.answers import AtSubmit
from handlers.blocks.work_list import handed_over_view
from handlers.incoming import Incoming
from handlers.payload import chosen_user, text_of


async def hand_list_over(incoming: Incoming) -> None:
    """Record the new holder within two seconds, then say so in place of the modal."""
    found = await hand_over(
        incoming.desk,
        caller=incoming.caller,
        change_id=text_of(incoming.body, "view", "private_metadata"),
        to_user_id=chosen_user(incoming.body, block_id=FIELD, action_id=FIELD),
        deadline=incoming.arrived + incoming.desk.config.write_deadline,
    )
    await AtSubmit(incoming.ack, field=FIELD).show(handed_over_view(await incoming.pen(), found))
