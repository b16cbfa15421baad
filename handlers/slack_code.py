"""The code of a refusal of Slack's, whatever its body was."""

from collections.abc import Mapping

from slack_sdk.errors import SlackApiError


def slack_code(error: SlackApiError) -> str:
    """Slack's code, such as `not_found`; empty where the answer was none of Slack's own.

    Where the body is no JSON, slack_sdk hands over aiohttp's answer, or its own around a text: neither can be asked.
    """
    response = error.response
    data = response if isinstance(response, Mapping) else getattr(response, "data", None)
    return str(data.get("error") or "") if isinstance(data, Mapping) else ""
