"""Characters that no database or reader of JSON takes, in what the service says: the outcome is recorded."""

from typing import Any

import pytest

from bot.desk.after.show_list import show_list
from bot.domain.changes import ChangeState
from bot.domain.people import Caller
from bot.eligibility.client_faults import Answer
from bot.eligibility.client_orders import upgrade_outcome
from tests.attacks.conftest import CONTOSO
from tests.support.asking import current, requested
from tests.support.desks import DeskKit

REFUSED = rb'{"code": "2002%s", "description": "cut %s here"}'
DONE = rb"""{"targetSubscriptionId": "new", "licenseErrors": [
    {"userObjectId": "u\u0000", "name": "\u0000", "email": "a\u0000b", "services": ["\u0000"]}
]}"""


async def ordered(kit: DeskKit, heidi: Caller, monkeypatch: pytest.MonkeyPatch, answer: Answer) -> Any:
    """An upgrade to which the service gave this answer, as it is afterwards."""
    change = await requested(kit, heidi, CONTOSO)
    source, catalogue = change.facts.subscription_id, kit.desk.catalogue
    about: dict[str, Any] = {"subscription_id": source, "quantity": 24, "catalogue": catalogue}

    async def upgrade(*_: Any, **__: Any) -> Any:
        return upgrade_outcome(answer, **about)

    monkeypatch.setattr(kit.desk.service, "upgrade", upgrade)
    await kit.work()
    return await current(kit, change)


@pytest.mark.parametrize("bad", [rb"\ud83d", rb"\udc00", rb"\u0000", rb"\ud83d\u0000"])
async def test_a_refusal_in_half_a_character_is_recorded_and_can_be_read(
    kit: DeskKit, heidi: Caller, monkeypatch: pytest.MonkeyPatch, bad: bytes
) -> None:
    """A service that cuts its words in the middle of a pair; unrecorded, a plain no became unknown for ever."""
    refused = Answer(status=400, body=REFUSED % (bad, bad), retry_after=0.0)
    after = await ordered(kit, heidi, monkeypatch, refused)
    assert after.state is ChangeState.FAILED
    assert after.outcome is not None
    assert after.outcome.error_text.startswith("cut ")
    assert (await kit.trail())[-1].entry.after == "failed"


async def test_accounts_with_characters_that_cannot_be_stored_make_a_list(
    kit: DeskKit, heidi: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order was carried out: what its answer calls an account may not undo that it is known."""
    after = await ordered(kit, heidi, monkeypatch, Answer(status=200, body=DONE, retry_after=0.0))
    assert after.state is ChangeState.COMPLETED
    found = await show_list(kit.desk, caller=heidi, change_id=after.id)
    assert [(each.about.user_id, each.about.principal_name) for each in found.accounts] == [("u\ufffd", "a\ufffdb")]
