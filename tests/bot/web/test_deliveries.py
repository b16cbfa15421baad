import asyncio
from datetime import timedelta

import pytest

from bot.domain.clock import ShiftedClock
from bot.web.deliveries import KEEP_SECONDS, Answer, Deliveries, delivery_key

OK, BROKEN = Answer(status=200, body="first"), Answer(status=500)


async def count(deliveries: Deliveries, key: str, answer: Answer = OK) -> tuple[Answer, bool]:
    async def work() -> Answer:
        return answer

    return await deliveries.once(key, work)


async def test_a_repetition_gets_the_first_answer_with_its_body() -> None:
    """A modal's errors or a menu's options are in the answer: an empty one would say something else."""
    deliveries = Deliveries(clock=ShiftedClock())
    assert await count(deliveries, "a") == (OK, False)
    assert await count(deliveries, "a", BROKEN) == (OK, True)


async def test_a_failed_first_delivery_does_not_count() -> None:
    deliveries = Deliveries(clock=ShiftedClock())
    assert await count(deliveries, "a", BROKEN) == (BROKEN, False)
    assert await count(deliveries, "a") == (OK, False)


async def test_who_waits_for_a_first_delivery_that_is_cancelled_takes_its_place() -> None:
    deliveries = Deliveries(clock=ShiftedClock())
    begun = asyncio.Event()

    async def never() -> Answer:
        begun.set()
        await asyncio.sleep(60)
        return OK

    first = asyncio.create_task(deliveries.once("a", never))
    await begun.wait()
    second = asyncio.create_task(count(deliveries, "a"))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await second == (OK, False)


async def test_what_is_remembered_is_bounded_in_time_and_number() -> None:
    clock = ShiftedClock()
    deliveries = Deliveries(clock=clock, most=3)
    for key in "abcd":
        await count(deliveries, key)
    assert len(deliveries) == 3
    assert await count(deliveries, "a") == (OK, False)
    clock.advance(timedelta(seconds=KEEP_SECONDS + 1))
    assert await count(deliveries, "d") == (OK, False)
    assert len(deliveries) == 1


def test_events_go_by_event_id_and_presses_by_trigger_id_and_typing_by_nothing() -> None:
    assert delivery_key({"event_id": "Ev1", "type": "event_callback"}) == "event_id:Ev1"
    assert delivery_key({"trigger_id": "1.2", "type": "view_submission"}) == "trigger_id:1.2"
    assert delivery_key({"type": "block_suggestion"}) is None
    assert delivery_key({"trigger_id": 5}) is None
