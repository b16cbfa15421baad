"""What every modal has: title, buttons, an opaque id behind it."""

from bot.locales import Texts
from handlers.blocks import limits
from handlers.blocks.sheet import Block
from handlers.blocks.text import plain_object


def modal(
    texts: Texts,
    *,
    title: str,
    blocks: list[Block],
    callback_id: str = "notice",
    submit: str | None = None,
    close: str | None = None,
    draft_id: str = "",
) -> Block:
    """A modal. `draft_id` is all that `private_metadata` ever holds (design.md, rule 1)."""
    view: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_object(title, limits.VIEW_TITLE),
        "close": plain_object(close or texts.t("Close"), limits.VIEW_TITLE),
        "private_metadata": draft_id,
        "blocks": blocks,
    }
    return view if submit is None else view | {"submit": plain_object(submit, limits.VIEW_TITLE)}


def loading_view(texts: Texts) -> Block:
    """What opens at once, before anything is known: a trigger lives three seconds."""
    text = texts.t("One moment: this is being read anew …")
    block: Block = {"type": "section", "block_id": f"{texts.language}.loading.0", "text": plain_object(text, 200)}
    return modal(texts, title=texts.t("One moment"), blocks=[block])
