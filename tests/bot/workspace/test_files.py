"""Files in Slack's three steps: an address, the bytes, the message; seen by members of the conversation alone."""

from typing import Any

import pytest

from bot.workspace.sample import AUDIT, PEOPLE
from bot.workspace.state.uploads import MOST_BYTES
from tests.support.plain_app import PlainApp
from tests.support.workspace_client import RunningWorkspace

SVEN, HEIDI = PEOPLE["sales_agent"], PEOPLE["helpdesk_agent"]
CONTENT = "number,what\r\n1,Grüße\r\n".encode()


async def promised(app: PlainApp, **fields: Any) -> dict[str, Any]:
    return await app.call("files.getUploadURLExternal", **{"filename": "trail ü.csv", "length": len(CONTENT)} | fields)


async def put(desk: RunningWorkspace, address: str, content: bytes = CONTENT) -> tuple[int, str]:
    async with desk.web.post(address, data=content) as response:
        return response.status, await response.text()


async def direct(app: PlainApp, user: str) -> str:
    return str((await app.call("conversations.open", users=user))["channel"]["id"])


async def got(desk: RunningWorkspace, member: str, file_id: str) -> tuple[int, bytes, str]:
    async with desk.web.get(f"{desk.url}/ui/file", params={"member": member, "id": file_id}) as response:
        return response.status, await response.read(), response.headers.get("Content-Disposition", "")


async def test_a_file_goes_to_one_person_and_comes_out_as_it_went_in(desk: RunningWorkspace, app: PlainApp) -> None:
    place = await promised(app)
    assert await put(desk, place["upload_url"]) == (200, f"OK - {len(CONTENT)}")
    channel = await direct(app, SVEN)
    files = [{"id": place["file_id"], "title": "The trail"}]
    done = await app.call("files.completeUploadExternal", files=files, channel_id=channel, initial_comment="Here")
    assert done["ok"] is True
    assert [(one["id"], one["title"], one["size"]) for one in done["files"]] == [
        (place["file_id"], "The trail", len(CONTENT))
    ]
    message = (await desk.member(SVEN).messages(channel))[-1]
    assert (message["text"], message["files"][0]["name"]) == ("Here", "trail ü.csv")
    status, content, disposition = await got(desk, SVEN, place["file_id"])
    assert (status, content) == (200, CONTENT)
    assert disposition == "attachment; filename*=UTF-8''trail%20%C3%BC.csv"
    assert (await got(desk, HEIDI, place["file_id"]))[0] == 404


async def test_an_address_takes_the_promised_number_of_bytes_once(desk: RunningWorkspace, app: PlainApp) -> None:
    place = await promised(app)
    assert (await put(desk, place["upload_url"], CONTENT + b"x"))[0] == 400
    assert (await put(desk, place["upload_url"]))[0] == 200
    assert (await put(desk, place["upload_url"]))[0] == 400
    assert (await put(desk, f"{desk.url}/upload/v1/made-up"))[0] == 400


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"filename": ""}, "invalid_arguments"),
        ({"length": 0}, "invalid_arguments"),
        ({"length": "many"}, "invalid_arguments"),
        ({"length": MOST_BYTES + 1}, "file_upload_size_restricted"),
    ],
)
async def test_what_cannot_be_promised_is_refused(app: PlainApp, fields: dict[str, Any], error: str) -> None:
    assert (await promised(app, **fields))["error"] == error


async def test_what_was_not_uploaded_or_is_shared_already_cannot_be_shared(
    desk: RunningWorkspace, app: PlainApp
) -> None:
    channel = await direct(app, SVEN)
    place = await promised(app)
    files = [{"id": place["file_id"]}]

    async def complete(**fields: Any) -> Any:
        return (await app.call("files.completeUploadExternal", **{"files": files, "channel_id": channel} | fields)).get(
            "error"
        )

    assert await complete() == "file_not_found"
    await put(desk, place["upload_url"])
    assert (await got(desk, SVEN, place["file_id"]))[0] == 404
    assert await complete(files=[]) == "invalid_arguments"
    assert await complete(files=[{"id": "F0MADEUP"}]) == "file_not_found"
    assert await complete(channel_id="C0NOWHERE") == "channel_not_found"
    assert await complete(channel_id=AUDIT) is None
    assert await complete() == "file_not_found"


async def test_a_deleted_file_is_gone_for_everybody_and_its_message_stays(
    desk: RunningWorkspace, app: PlainApp
) -> None:
    """files.delete; a second time it is not found."""
    place = await promised(app)
    await put(desk, place["upload_url"])
    channel = await direct(app, SVEN)
    files = [{"id": place["file_id"]}]
    await app.call("files.completeUploadExternal", files=files, channel_id=channel, initial_comment="Here")
    assert (await app.call("files.delete", file=place["file_id"]))["ok"] is True
    assert (await got(desk, SVEN, place["file_id"]))[0] == 404
    message = (await desk.member(SVEN).messages(channel))[-1]
    assert (message["text"], message.get("files") or []) == ("Here", [])
    assert (await app.call("files.delete", file=place["file_id"]))["error"] == "file_not_found"
