"""What a channel is linked to: said, linked, ended; to the asker alone."""

from typing import Final

from bot.desk.link_channel import Linked
from bot.domain.customers import Customer
from handlers.blocks.help import notice_message
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Message, Sheet
from handlers.blocks.subject import customer_line
from handlers.blocks.text import Md, bold, mention
from storage.link_records import ChannelLink

_LINK: Final = Md("`/customer-link`")
_OFF: Final = Md("`/customer-link off`")
_COMMANDS: Final = Md("`/upgrade-options`, `/add-seats`")


def linked_message(pen: Pen, linked: Linked, *, nonce: str) -> Message:
    """The channel is about this customer from now on."""
    sheet = Sheet(language=pen.texts.language, nonce=nonce)
    sheet.section(bold(pen.t("This channel is linked now")), customer_line(pen, linked.customer))
    before = Md("")
    if linked.before is not None:
        before = pen.t("Before, it was linked to another customer ({tail}).", tail=pen.tail(linked.before))
    sheet.context(before, _use(pen))
    return sheet.message()


def link_message(pen: Pen, link: ChannelLink, customer: Customer, *, nonce: str) -> Message:
    """What the channel is about, and who said so."""
    sheet = Sheet(language=pen.texts.language, nonce=nonce)
    sheet.section(bold(pen.t("This channel is linked to")), customer_line(pen, customer))
    said = pen.t("Linked by {person}, {when}", person=mention(link.by.user_id), when=pen.when(link.at))
    sheet.context(said, _use(pen))
    return sheet.message()


def no_link_message(pen: Pen, *, nonce: str) -> Message:
    """The channel is about nobody, and how to change that."""
    sheet = Sheet(language=pen.texts.language, nonce=nonce)
    sheet.section(pen.t("This channel is not linked to a customer."), *_how(pen))
    return sheet.message()


def link_help(pen: Pen, *, nonce: str) -> Message:
    """How to use the command."""
    sheet = Sheet(language=pen.texts.language, nonce=nonce)
    sheet.section(bold(pen.t("How to use it")), *_how(pen))
    return sheet.message()


def ended_message(pen: Pen, *, ended: bool, nonce: str) -> Message:
    """The link has ended, or there was none."""
    words = pen.t("This channel is no longer linked to a customer.")
    none = pen.t("This channel is not linked to a customer.")
    return notice_message(words if ended else none, language=pen.texts.language, nonce=nonce)


def _how(pen: Pen) -> list[Md]:
    return [
        pen.t("{command} Contoso GmbH: links this channel to the customer.", command=_LINK),
        pen.t("{command}: says what it is linked to.", command=_LINK),
        pen.t("{command}: ends the link.", command=_OFF),
        pen.t("In a linked channel, {commands} need no customer.", commands=_COMMANDS),
    ]


def _use(pen: Pen) -> Md:
    use = pen.t("In a linked channel, {commands} need no customer.", commands=_COMMANDS)
    return Md(f"{use} {pen.t('{command}: ends the link.', command=_OFF)}")
