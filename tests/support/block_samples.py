"""The smallest legal blocks, elements and views, to be varied by tests."""

from typing import Any

Json = dict[str, Any]


def plain(length: int = 1) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int = 1) -> Json:
    return {"type": "mrkdwn", "text": "x" * length}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain(), **more}


def option(text: int = 1, value: int = 1, **more: Any) -> Json:
    return {"text": plain(text), "value": "v" * value, **more}


def options(count: int) -> list[Json]:
    return [{"text": plain(), "value": str(number)} for number in range(count)]


def select(**more: Any) -> Json:
    return {"type": "static_select", "options": options(1), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **more}


def field(element: Json | None = None, **more: Any) -> Json:
    return {"type": "input", "label": plain(), "element": element or {"type": "plain_text_input"}, **more}


def confirm(**more: Any) -> Json:
    return {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain(), **more}


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://x/y.png", "alt_text": "a", **more}


def card(**more: Any) -> Json:
    return {"type": "card", "title": plain(), **more}


def container(**more: Any) -> Json:
    return {"type": "container", "child_blocks": [section()], **more}


def feedback(text: int, value: int) -> Json:
    side = {"text": plain(text), "value": "v" * value}
    return {"type": "feedback_buttons", "positive_button": side, "negative_button": side}


def typed(kind: str = "plain_text_input", **more: Any) -> Json:
    return {"type": kind, **more}


def groups(count: int, inner: int = 1, label: int = 1) -> list[Json]:
    return [{"label": plain(label), "options": options(inner)} for _ in range(count)]


def video(**more: Any) -> Json:
    base = {"type": "video", "alt_text": "a", "video_url": "https://v", "thumbnail_url": "https://t", "title": plain()}
    return {**base, **more}


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": [section()], **more}


def pointers(problems: list[Any]) -> list[str]:
    return [one.pointer for one in problems]
