"""What a point of the crash matrix is: where the fault strikes, in which story, and what must hold afterwards."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.domain.changes import ChangeState


class Story(StrEnum):
    """What people do while the fault waits: order alone, with a second person, or meet an outcome that is not known.

    REJECT, WITHDRAW, SETTLE: they decide so; WAIT: nobody decides, the clock reminds and ends it. ACCEPTED, THROTTLED:
    the service says 202 or 429 to the order. REFUSED: somebody may not, and it is told with others' refusals.
    SEATS: more seats instead of an upgrade.
    """

    ORDER = "order"
    APPROVAL = "approval"
    UNKNOWN = "unknown"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    SETTLE = "settle"
    WAIT = "wait"
    ACCEPTED = "accepted"
    THROTTLED = "throttled"
    REFUSED = "refused"
    SEATS = "seats"


class Action(StrEnum):
    """What happens to the process at the point."""

    KILL = "kill"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One boundary. `target` is the function (`module:Class.name`) before or after which it lies in the child.

    `kind` narrows a target to one kind of message, `found` to where it found something. Without a target the service
    holds the order (`acts`: after it was carried out) and the process strikes when it is told. `inside`: a transaction
    is open, so that a stopped process holds its locks and nobody can take over before it wakes up. `orders`: how many
    the service must have at the end; `woken`: after a stop, where that differs. `ends`: the state that it must end in,
    where an order does not decide that. `late`: the fault waits until the first attempt is over.
    """

    name: str
    process: Literal["serve", "worker"] = "worker"
    target: str | None = None
    after: bool = False
    kind: str | None = None
    story: Story = Story.ORDER
    inside: bool = False
    found: bool = False
    acts: bool = False
    orders: tuple[int, ...] = (1,)
    woken: tuple[int, ...] | None = None
    ends: ChangeState | None = None
    late: bool = False

    def orders_after(self, action: Action) -> tuple[int, ...]:
        """How many orders may be at the service in the end."""
        return self.woken if action is Action.STOP and self.woken is not None else self.orders
