"""What an outbox item looks like, drawn from the rows at the moment of sending."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.desk.after.reach import FollowUps
from bot.desk.approval_results import ApprovalStatus
from bot.domain.catalogue import Catalogue
from bot.domain.changes import Change
from bot.locales import Catalogues
from handlers.blocks.card import card
from handlers.blocks.gathered import Refusals, gathered_message
from handlers.blocks.notice import notice
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Message
from handlers.blocks.steps import steps
from handlers.blocks.work_list import holder_message
from storage.records import AuditRow, OutboxItem, RefusalReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Channels read the configured language, people their own."""

    catalogues: Catalogues
    catalogue: Catalogue
    language: str

    def card(self, change: Change, status: ApprovalStatus | None = None) -> Message:
        """The change's one message in the channel."""
        return card(self._pen(self.language), change, status)

    def plain_card(self, change: Change) -> Message:
        """In place of a card that cannot be drawn, or that Slack does not take: its steps have a thread."""
        pen = self._pen(self.language)
        words = pen.t(
            "Change {number}: its card cannot be shown here. It is in Upgrade Desk's Home.", number=change.number
        )
        return Message(text=words, blocks=())

    def steps(self, change: Change, rows: Sequence[AuditRow]) -> tuple[Message, int]:
        """What audit entries tell, for the card's thread, and of how many there was room: of the first at least."""
        return steps(self._pen(self.language), rows, rehearsal=change.rehearsal)

    def notice(self, change: Change, status: ApprovalStatus | None = None, *, card_url: str | None) -> Message:
        """The direct message to the asker."""
        return notice(self._pen(change.asker_locale), change, status, card_url=card_url)

    def holder(self, found: FollowUps, *, handed_by: str | None, item_id: str) -> Message:
        """The direct message to whoever holds a list of accounts, in their own language."""
        return holder_message(self._pen(found.person.locale), found, handed_by=handed_by, nonce=item_id)

    def gathered(self, report: RefusalReport, lines: Sequence[Refusals]) -> Message:
        """What was refused since the last report."""
        return gathered_message(self._pen(self.language), team_id=report.team_id, lines=lines, nonce=report.item_id)

    @staticmethod
    def gathered_metadata(report: RefusalReport, last: AuditRow | None) -> dict[str, Any]:
        """As `metadata`, of a report: up to which entry it goes."""
        return {"item": report.item_id, "kind": "refusals", **_entry(last)}

    @staticmethod
    def metadata(item: OutboxItem, change: Change, row: AuditRow | None = None) -> dict[str, Any]:
        """What a message carries so that it is found again: ids only, because everybody in the channel can read it.

        `row` is the newest entry that it tells. Its hash, kept by Slack, shows later whether the trail's end was cut.
        """
        return {
            "item": item.id,
            "change": change.id,
            "kind": item.kind.value,
            "version": str(change.row_version),
            **_entry(row),
        }

    @staticmethod
    def steps_metadata(change: Change, told: Sequence[tuple[OutboxItem, AuditRow]]) -> dict[str, Any]:
        """As `metadata`, of steps: where there are several, with each one's item, and each entry with its hash."""
        (item, _), (_, last) = told[0], told[-1]
        metadata = Drawing.metadata(item, change, last)
        if len(told) == 1:
            return metadata
        return metadata | {
            "items": " ".join(each.id for each, _ in told),
            "entries": " ".join(f"{row.number}:{row.hash}" for _, row in told),
        }

    def _pen(self, locale: str) -> Pen:
        return Pen(self.catalogues.for_locale(locale), self.catalogue)


def _entry(row: AuditRow | None) -> dict[str, str]:
    if row is None:
        return {"audit_number": "", "audit_hash": ""}
    return {"audit_number": str(row.number), "audit_hash": row.hash}
