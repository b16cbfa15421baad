"""The stories besides ordering: other decisions, the clock, 202 and 429, refusals, seats."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any, Final

from bot.domain.changes import ChangeState
from bot.eligibility.service.faults import ORDERS
from bot.workspace.sample import APPROVALS, AUDIT, TEAM
from tests.faults.processes import Child
from tests.faults.run import BLOCKED, TARGET, Run
from tests.faults.verdict import payload_of
from tests.journeys.seat_steps import EN as SEAT_WORDS
from tests.journeys.seat_steps import sheet_for
from tests.journeys.steps import EN, asked, confirming
from tests.support.workspace_person import Person, wait_for
from tests.support.workspace_reading import buttons, reading

_QUARTER: Final = timedelta(minutes=16)


class _Asking(Run):
    """A change is asked for first; what is about the fault comes after it."""

    asker_role = "sales_agent"

    async def ask(self) -> Person:
        """From the command to the answer; the asker."""
        await self.world.slack.wait_connected(within=30)
        asker = await self.world.person(self.asker_role)
        await confirming(asker, await asked(asker, self.customer["domain"]), TARGET, EN)
        await asker.submit({EN.field: "4711"})
        await asker.close(clear=True)
        return asker

    async def people_and_fault(self, faulty: Child) -> None:
        asker = await self.ask()
        await self.strike(faulty, asker)
        await faulty.struck(self.action)

    async def strike(self, faulty: Child, asker: Person) -> None:
        """Bring about what the fault waits for."""
        raise NotImplementedError

    async def decide(self, faulty: Child, deciding: Any) -> None:
        """Arm, decide, and take what comes of it: perhaps no answer at all."""
        faulty.arm()
        striking = asyncio.ensure_future(deciding)
        await faulty.struck(self.action)
        await striking


class Reject(_Asking):
    """A second person rejects."""

    asker_role = "helpdesk_agent"

    async def strike(self, faulty: Child, asker: Person) -> None:  # noqa: ARG002 - the second person decides
        sven = await self.world.person("sales_agent")
        card = await sven.wait_for_message(APPROVALS, containing=self.customer["companyName"])
        await sven.press(card, "Reject")
        await sven.wait_for_modal(title="Reject the change")
        await self.decide(faulty, sven.submit({"reason": "Not this year"}))

    async def press_again(self) -> None:
        await self.world.slack.wait_connected(within=30)
        sven = await self.world.person("sales_agent")
        view = await sven.modal()
        if view is not None and view.get("submit") is not None:
            done = await sven.submit({"reason": "Not this year"})
            assert "went wrong" not in str(done), done


class Withdraw(_Asking):
    """The asker withdraws what waits."""

    asker_role = "helpdesk_agent"

    async def strike(self, faulty: Child, asker: Person) -> None:
        card = await asker.wait_for_message(APPROVALS, containing=self.customer["companyName"])
        await self.decide(faulty, asker.press(card, "Withdraw"))

    async def press_again(self) -> None:
        await self.world.slack.wait_connected(within=30)
        asker = await self.world.person(self.asker_role)
        card = await asker.wait_for_message(APPROVALS, containing=self.customer["companyName"])
        if "Withdraw" in buttons(card):
            await asker.press(card, "Withdraw")


class Settle(_Asking):
    """The order was cut off and never came about; a day later a second person says so."""

    async def ask(self) -> Person:
        self.world.service.faults.arm("cut", method="POST", path=ORDERS, acts=False)
        return await super().ask()

    async def strike(self, faulty: Child, asker: Person) -> None:  # noqa: ARG002 - a second person settles
        await self.until(ChangeState.UNKNOWN)
        self.world.clock.advance(timedelta(hours=25))
        amara = await self.world.person("admin_agent")
        card = await amara.wait_for_message(
            AUDIT, containing=self.customer["companyName"], where=lambda each: "Settle by hand" in buttons(each)
        )
        await amara.press(card, "Settle by hand")
        await amara.wait_for_modal(title="Settle by hand")
        await self.decide(faulty, amara.submit({"outcome": "failed", "seen": "No order there"}))

    async def press_again(self) -> None:
        await self.world.slack.wait_connected(within=30)
        amara = await self.world.person("admin_agent")
        view = await amara.modal()
        if view is not None and view.get("submit") is not None:
            done = await amara.submit({"outcome": "failed", "seen": "No order there"})
            assert "went wrong" not in str(done), done


class Wait(_Asking):
    """Nobody decides: it is reminded of, and expires."""

    asker_role = "helpdesk_agent"

    async def strike(self, faulty: Child, asker: Person) -> None:  # noqa: ARG002 - nobody does anything
        await self.until(ChangeState.AWAITING_APPROVAL)
        if not self.point.late:
            faulty.arm()
        self.world.clock.advance(timedelta(hours=4, seconds=1))
        if self.point.late:
            await asyncio.sleep(BLOCKED)
            faulty.arm()
            self.world.clock.advance(timedelta(hours=20, seconds=1))


class Answered(_Asking):
    """The service's first answer is another one than yes."""

    kind = "accepted"
    state = ChangeState.ACCEPTED
    pause = timedelta(seconds=61)

    async def people_and_fault(self, faulty: Child) -> None:
        if not self.point.late:
            faulty.arm()
        self.world.service.faults.arm(self.kind, method="POST", path=ORDERS, seconds=1.0)
        await super().people_and_fault(faulty)

    async def strike(self, faulty: Child, asker: Person) -> None:  # noqa: ARG002 - nobody does anything
        if self.point.late:
            await self.until(self.state, attempts=1)
            if self.state is ChangeState.ACCEPTED:
                await wait_for(self._carried_out, within=30, wanted="the accepted order to be carried out")
            faulty.arm()
            self.world.clock.advance(self.pause)

    async def _carried_out(self) -> bool:
        return await self.world.orders(self.customer["id"]) > 0


class Throttled(Answered):
    """429 first; the second attempt gets a yes."""

    kind, state = "throttled", ChangeState.APPROVED


class Refused(_Asking):
    """Somebody without a role asks; a quarter of an hour later it is told with whatever else was refused."""

    refused = 0

    async def strike(self, faulty: Child, asker: Person) -> None:  # noqa: ARG002 - somebody else asks
        await self.until(ChangeState.COMPLETED)
        noah = await self.world.person("none")
        assert "partner roles" in reading(await asked(noah, self.customer["domain"]))
        async with self.world.look.desk.database.read() as tx:
            self.refused = (await tx.audit.page(TEAM.id, limit=1)).items[0].number
        faulty.arm()
        self.world.clock.advance(_QUARTER)

    async def quiet(self) -> Any:
        change = await super().quiet()
        if self.refused:
            await wait_for(self._told, within=60, wanted="the refusals to be told")
        return change

    async def _told(self) -> bool:
        if self._reports() and max(self._reports()) >= self.refused:
            async with self.world.look.desk.database.read() as tx:
                if not await tx.refusal_reports.due():
                    return True
        self.world.clock.advance(timedelta(seconds=60))
        await asyncio.sleep(BLOCKED)
        return False

    def _reports(self) -> list[int]:
        """Up to which entry each message goes that tells refusals."""
        history = self.world.slack.server.workspace.board.history(AUDIT)
        told = [payload_of(each) for each in history]
        return [int(each["audit_number"]) for each in told if each.get("kind") == "refusals"]

    async def more_faults(self) -> list[str]:
        twice = [number for number, count in Counter(self._reports()).items() if count > 1]
        missing = not any(number >= self.refused for number in self._reports())
        return [f"refusals up to {number} are told twice" for number in twice] + ["they are not told"] * missing


class Seats(Run):
    """More seats, ordered alone."""

    async def people_and_fault(self, faulty: Child) -> None:
        await self.world.slack.wait_connected(within=30)
        sven = await self.world.person("sales_agent")
        await sheet_for(sven, f"{self.customer['domain']} +5", SEAT_WORDS, containing="9")
        faulty.arm()
        done = await sven.submit({SEAT_WORDS.note: "4711"})
        assert done["result"] == "updated", done
        await faulty.struck(self.action)
