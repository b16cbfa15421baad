"""`Withdraw` on a card, in Home: Slack has asked whether it is meant; the acknowledgement means that it is recorded."""

from bot.desk.withdraw import withdraw
from bot.domain.errors import AlreadyDecided, UpgradeDeskError
from handlers.boundary import tell
from handlers.incoming import Incoming
from handlers.redrawing import follow_up, lock


async def withdraw_change(incoming: Incoming) -> None:
    """Withdraw within two seconds; the card then says so. A refusal is told beside it."""
    try:
        await withdraw(
            incoming.desk,
            caller=incoming.caller,
            change_id=incoming.pressed.value,
            deadline=incoming.arrived + incoming.desk.config.write_deadline,
        )
    except UpgradeDeskError as error:
        tell(incoming, error)
        if isinstance(error, AlreadyDecided):
            lock(incoming)
        return
    follow_up(incoming)
