"""Gathered refusals: words for everything that people can try and for every reason, within Slack's limits."""

import pytest

from bot.desk.reasons import Unclear, Why
from bot.domain.audit import AuditName
from bot.domain.catalogue import load_default
from bot.domain.people import Actor
from bot.locales import load
from handlers.blocks import limits
from handlers.blocks.gathered import BECAUSE, TRIED, Refusals, gathered_message
from handlers.blocks.pen import Pen

PEOPLE = tuple(Actor(team_id="T1", user_id=f"U{number:09d}") for number in range(100))


def pen(language: str) -> Pen:
    return Pen(load().for_locale(language), load_default())


def test_whatever_people_can_try_and_every_reason_has_its_words() -> None:
    assert set(TRIED) == {name for name in AuditName if name.value.startswith("slack:")}
    assert {*Why, *Unclear} <= set(BECAUSE)


@pytest.mark.parametrize("language", ["de", "en"])
def test_everything_at_once_fits_a_message_and_says_what_does_not(language: str) -> None:
    lines = [
        Refusals(name=name.value, reason=reason, count=7, people=PEOPLE) for name in AuditName for reason in BECAUSE
    ]
    message = gathered_message(pen(language), team_id="T1", lines=lines, nonce="n")
    assert len(message.blocks) <= limits.BLOCKS_PER_MESSAGE
    assert sum(len(str(block)) for block in message.blocks) < 2 * limits.TOTAL_POSTED
    assert "do not fit here" in message.text or "nicht" in message.text


def test_a_reason_without_words_is_shown_by_its_code_and_made_harmless() -> None:
    lines = [Refusals(name="new:name", reason="<!channel>", count=1, people=(Actor(team_id="T2", user_id="U2"),))]
    message = gathered_message(pen("en"), team_id="T1", lines=lines, nonce="n")
    assert "1 × new:name: &lt;!channel&gt;\nU2 (T2)" in message.text
