"""Rich text: the shapes that Slack's reference names; colours, styles and the like are only checked for being there."""

from bot.workspace.limits.rules import (
    Rule,
    anything,
    boolean,
    by_type,
    choice,
    integer,
    many,
    record,
    string,
    url,
)

_MARKS = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
_STYLE = record({}, dict.fromkeys(_MARKS, boolean))
_STYLED = {"style": _STYLE}
_INLINE: dict[str, Rule] = {
    "text": record({"text": string(least=1)}, _STYLED),
    "link": record({"url": url()}, {**_STYLED, "text": string(), "unsafe": boolean}),
    "user": record({"user_id": string(least=1)}, _STYLED),
    "usergroup": record({"usergroup_id": string(least=1)}, _STYLED),
    "channel": record({"channel_id": string(least=1)}, _STYLED),
    "emoji": record({"name": string(least=1)}, {**_STYLED, "unicode": string(), "skin_tone": integer()}),
    "date": record(
        {"timestamp": integer(), "format": string(least=1)}, {**_STYLED, "url": url(), "fallback": string()}
    ),
    "broadcast": record({"range": choice("here", "channel", "everyone")}, _STYLED),
    "color": record({"value": string(least=1)}, _STYLED),
}
_RUN = many(by_type(_INLINE))
_SECTION = record({"elements": _RUN})
_BORDER = {"border": integer(least=0, most=1)}
_LIST = record(
    {"elements": many(by_type({"rich_text_section": _SECTION}), least=1), "style": choice("bullet", "ordered")},
    {**_BORDER, "indent": integer(least=0, most=8), "offset": integer(least=0)},
)
_PARTS = many(
    by_type(
        {
            "rich_text_section": _SECTION,
            "rich_text_list": _LIST,
            "rich_text_quote": record({"elements": _RUN}, _BORDER),
            "rich_text_preformatted": record({"elements": _RUN}, {**_BORDER, "language": string()}),
        },
    ),
)

RICH_TEXT = by_type({"rich_text": record({"elements": _PARTS}, {"block_id": anything})})
