import re
import time
from typing import Any

import pytest
from playwright.async_api import expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.sample import AUDIT, GENERAL, PEOPLE
from bot.workspace.ui.read import NEWEST
from tests.browser.conftest import OpenPage
from tests.support.browser import Visitor

pytestmark = pytest.mark.browser
NOAH = PEOPLE["none"]
ATTACKS = [
    "<script>window.pwned = 1</script>",
    "<img src=x onerror='window.pwned = 1'>",
    "<javascript:window.pwned=1|press me>",
    "<data:text/html,<script>window.pwned=1</script>|press me>",
    '<https://example.org"onmouseover=window.pwned=1|link>',
    "*<img src=x onerror=window.pwned=1>* `<svg onload=window.pwned=1>`",
    "```<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>```",
    "<!date^1^{date}^javascript:window.pwned=1|when>",
    "&lt;script&gt;window.pwned = 1&lt;/script&gt;",
]  # fmt: skip


async def parsed(page: Visitor, text: str) -> Any:
    """What the page's own parser makes of a text."""
    return await page.page.evaluate("text => import('/page/mrkdwn.js').then((module) => module.parse(text))", text)


async def test_text_from_the_app_never_runs_script(app: AsyncWebClient, open_page: OpenPage) -> None:
    page = await open_page(member=NOAH)
    for attack in ATTACKS:
        plain, said = {"type": "plain_text", "text": attack}, {"type": "text", "text": attack}
        blocks = [
            {"type": "section", "text": {"type": "mrkdwn", "text": attack}},
            {"type": "header", "text": plain},
            {"type": "markdown", "text": attack + "\n[x](javascript:window.pwned=1)"},
            {"type": "actions", "elements": [{"type": "button", "action_id": "b", "text": plain}]},
            {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [said]}]},
        ]  # fmt: skip
        await app.chat_postMessage(channel=GENERAL, text=attack)
        await app.chat_postMessage(channel=GENERAL, text="blocks", blocks=blocks)
    await app.chat_postMessage(channel=GENERAL, text="the last one")
    await page.wait_for("the last one")
    assert await page.page.evaluate("window.pwned") is None
    assert await page.log.locator("script, iframe, object, embed, img, [style*=expression]").count() == 0
    links = "nodes => nodes.map((node) => [node.href, node.target, node.rel])"
    targets = await page.log.locator("a[href]").evaluate_all(links)
    for href, target, rel in targets:
        assert re.match(r"https?://", href)
        assert href.startswith(page.address) or (target, rel) == ("_blank", "noopener noreferrer")


async def test_mrkdwn_is_read_as_slack_reads_it(open_page: OpenPage) -> None:
    page = await open_page(member=NOAH)
    text, line = (lambda v: {"t": "text", "v": v}), (lambda *c: [{"t": "line", "c": list(c)}])
    assert await parsed(page, "a *b* c") == line(text("a "), {"t": "bold", "c": [text("b")]}, text(" c"))
    assert await parsed(page, "2*3*4 and snake_case_name") == line(text("2*3*4 and snake_case_name"))
    assert await parsed(page, "*a <https://x.example/_b_|c*d>*") == line(
        {"t": "bold", "c": [text("a "), {"t": "link", "url": "https://x.example/_b_", "c": [text("c*d")]}]}
    )
    assert await parsed(page, "&lt;@U1&gt; &amp;amp;") == line(text("<@U1> &amp;"))
    assert await parsed(page, "<@U1> <!channel>") == line(
        {"t": "user", "id": "U1", "label": None}, text(" "), {"t": "everyone", "name": "channel"}
    )
    assert await parsed(page, "<b>x</b> < y") == line(text("<b>x</b> < y"))
    assert await parsed(page, "see https://a.example/b.") == line(
        text("see "), {"t": "link", "url": "https://a.example/b", "c": []}, text(".")
    )
    assert [node["t"] for node in await parsed(page, "a\n&gt; b\n&gt; c\n• d\n```e\nf```g")] == [
        "line", "quote", "list", "pre", "line",
    ]  # fmt: skip
    assert await parsed(page, "`*a*`") == line({"t": "code", "c": "*a*"})


async def test_mentions_and_dates_are_words_of_the_reader(app: AsyncWebClient, open_page: OpenPage) -> None:
    page = await open_page(member=NOAH)
    today, long_ago = int(time.time()), 1_700_000_000
    await app.chat_postMessage(
        channel=GENERAL,
        text=f"<@{NOAH}> <#{AUDIT}> <!subteam^S0APPROVE1> <!channel> &lt;!channel&gt; "
        f"<!date^{today}^{{date_short_pretty}}|x> <!date^{long_ago}^{{date_long}} {{time}}|x> "
        f"<!date^{today}^{{nonsense}}|fallback>",
    )
    said = (await page.message("Noah Price").inner_text()).replace("\u202f", " ")
    expected = "@Noah Price #audit @approvers @channel <!channel> today Tuesday, November 14, 2023 11:13 PM fallback"
    assert expected in said
    await page.speak("Deutsch")
    await page.wait_for("heute Dienstag, 14. November 2023 23:13")


async def test_ephemeral_messages_are_marked_and_seen_by_one_alone(app: AsyncWebClient, open_page: OpenPage) -> None:
    page, other = await open_page(member=NOAH), await open_page(member=PEOPLE["sales_agent"])
    await app.chat_postEphemeral(channel=GENERAL, user=NOAH, text="for you")
    await app.chat_postMessage(channel=GENERAL, text="for all")
    await other.wait_for("for all")
    await expect(page.message("for you").get_by_text("Only visible to you")).to_be_visible()
    await expect(page.message("for you").get_by_text("APP", exact=True)).to_be_visible()
    await expect(other.log.get_by_text("for you")).to_have_count(0)


async def test_messages_change_and_go_where_they_stand(app: AsyncWebClient, open_page: OpenPage) -> None:
    page = await open_page(member=NOAH)
    first = await app.chat_postMessage(channel=GENERAL, text="first")
    second = await app.chat_postMessage(channel=GENERAL, text="second")
    await page.wait_for("second")
    await app.chat_update(channel=GENERAL, ts=first["ts"], text="first, changed")
    await page.wait_for("first, changed")
    await expect(page.log.get_by_role("article").first).to_contain_text("first, changed (edited)")
    await app.chat_delete(channel=GENERAL, ts=second["ts"])
    await expect(page.log.get_by_text("second")).to_have_count(0)


async def test_a_thread_opens_beside_the_channel_and_takes_answers(app: AsyncWebClient, open_page: OpenPage) -> None:
    page = await open_page(member=NOAH)
    card = await app.chat_postMessage(channel=GENERAL, text="the card")
    for step in ("step one", "step two"):
        await app.chat_postMessage(channel=GENERAL, thread_ts=card["ts"], text=step)
    await page.message("the card").get_by_role("button", name="2 replies").click()
    await page.wait_for("step two", within=page.thread)
    await expect(page.log.get_by_text("step two")).to_have_count(0)
    await page.thread.get_by_role("textbox", name="Reply in the thread").fill("thanks")
    await page.page.keyboard.press("Enter")
    await page.wait_for("thanks", within=page.thread.get_by_role("log"))
    await expect(page.message("the card")).to_contain_text("3 replies")
    await page.page.keyboard.press("Escape")
    await expect(page.thread).to_have_count(0)
    assert "3 replies" in (await page.focused())["text"]


async def test_a_permalink_shows_its_message(app: AsyncWebClient, open_page: OpenPage) -> None:
    page = await open_page(member=NOAH)
    card = await app.chat_postMessage(channel=AUDIT, text="the card")
    reply = await app.chat_postMessage(channel=AUDIT, thread_ts=card["ts"], text="a step")
    for number in range(40):
        await app.chat_postMessage(channel=AUDIT, text=f"later {number}")
    for ts, where in ((card["ts"], page.log), (reply["ts"], page.thread)):
        link = await app.chat_getPermalink(channel=AUDIT, message_ts=ts)
        await page.page.goto(link["permalink"])
        await page.settled()
        await expect(where.locator(".target")).to_be_in_viewport()
        assert await where.locator(".target").get_attribute("data-ts") == ts


async def test_a_thousand_messages_are_kept_up_with_and_a_full_channel_opens_within_two_seconds(
    app: AsyncWebClient, open_page: OpenPage
) -> None:
    page = await open_page(member=NOAH, channel=AUDIT)
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Contoso GmbH* · <https://example.org|Help>"}}]
    for number in range(1000):
        await app.chat_postMessage(channel=AUDIT, text=f"message {number}", blocks=blocks if number % 2 else None)
    await expect(page.log.get_by_role("article")).to_have_count(1000)
    await expect(page.log.get_by_role("article").last).to_be_in_viewport()
    await page.visit("general")
    start = time.monotonic()
    await page.visit("audit")
    assert time.monotonic() - start < 2
    await expect(page.log.get_by_role("article")).to_have_count(NEWEST)
    await expect(page.log.get_by_role("article").last).to_be_in_viewport()
