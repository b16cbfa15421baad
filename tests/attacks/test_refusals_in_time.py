"""A refusal whose entry cannot be written in time: nobody waits for it, and nobody is refused without a trace."""

import asyncio
import time

import pytest

from bot.desk.request_upgrade import request_upgrade
from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.errors import Undetermined
from bot.domain.people import Caller
from tests.attacks.conftest import CONTOSO
from tests.support.asking import prepared
from tests.support.desks import TEAM, DeskKit


async def test_a_refusal_that_cannot_be_recorded_in_time_is_told_as_not_found_out(kit: DeskKit, heidi: Caller) -> None:
    """Somebody else holds the chain; a press that decides has two seconds in all."""
    draft = (await prepared(kit, heidi, CONTOSO)).draft_id
    kit.roles.held[heidi.actor] = set()
    entries = len(await kit.trail())
    async with kit.desk.database.write() as tx:
        await tx.audit.append(AuditEntry(name=AuditName.OPERATION_STOP, verdict=AuditVerdict.DONE, team_id=TEAM))
        began = time.monotonic()
        until = kit.desk.clock.monotonic() + 0.5
        pressed = request_upgrade(kit.desk, caller=heidi, draft_id=draft, note="x", deadline=until)
        with pytest.raises(Undetermined) as raised:
            await asyncio.wait_for(pressed, timeout=4)
        assert raised.value.reason == "not_recorded"
        assert time.monotonic() - began < 3
    assert len(await kit.trail()) == entries + 1
