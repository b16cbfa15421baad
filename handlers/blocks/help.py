"""How to use the command, and answers of one sentence."""

from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Message, Sheet
from handlers.blocks.text import Md, bold

COMMAND = "/upgrade-options"
SEATS = "/add-seats"


def help_message(pen: Pen, *, nonce: str) -> Message:
    """How to use the command."""
    sheet = Sheet(language=pen.texts.language, nonce=nonce)
    sheet.section(*usage(pen))
    return sheet.message()


def posted_message(pen: Pen, *, nonce: str) -> Message:
    """The answer was shared."""
    sheet = Sheet(language=pen.texts.language, nonce=nonce)
    sheet.section(pen.t("Shared in this channel."))
    return sheet.message()


def notice_message(words: Md, *, language: str, nonce: str) -> Message:
    """One sentence."""
    sheet = Sheet(language=language, nonce=nonce)
    sheet.section(words)
    return sheet.message()


def usage(pen: Pen) -> list[Md]:
    """How to use the command, line by line."""
    command = Md(f"`{COMMAND}`")
    return [
        bold(pen.t("How to use it")),
        pen.t(
            "{command} Contoso GmbH: the full name, a domain or a tenant id opens the customer.",
            command=command,
        ),
        pen.t("{command} Cont: the beginning of a name offers the customers that match.", command=command),
        pen.t(
            "You see each subscription with a button for every possible upgrade, and why the others are not possible. "
            "Nothing is ordered before you confirm."
        ),
        pen.t("{command} Contoso GmbH: which subscriptions can take seats, and how many.", command=Md(f"`{SEATS}`")),
        pen.t("Commands do not work in threads: type them in the channel's own message box."),
    ]
