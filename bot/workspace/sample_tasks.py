"""What the demo's page offers to try: one press each, with customers of the sample book."""

from collections.abc import Mapping
from typing import Final

from bot.domain.roles import PartnerRole
from bot.workspace.config import Label, Task

NOBODY: Final = "none"
"""The key in `people` of the member who holds no partner role."""

_ROWS: Final[tuple[tuple[str, str, str, str, str, str, str], ...]] = (
    (
        "look",
        PartnerRole.HELPDESK_AGENT,
        "Contoso GmbH",
        "See what Contoso may have",
        "Permitted offers, refused ones with the reason, a suspended subscription",
        "Sehen, was für Contoso möglich ist",
        "Mögliche Angebote, nicht mögliche mit Grund, ein ausgesetztes Abonnement",
    ),
    (
        "order",
        PartnerRole.SALES_AGENT,
        "Fabrikam Reisen AG",
        "Order an upgrade",
        "Press an offer, check the facts, confirm; then look into #audit",
        "Ein Upgrade bestellen",
        "Angebot drücken, Fakten prüfen, bestätigen; danach in #audit nachsehen",
    ),
    (
        "suspended",
        PartnerRole.HELPDESK_AGENT,
        "Gestern & Heute Verlag",
        "A suspended subscription",
        "Why nothing is possible, and what to do first",
        "Ein ausgesetztes Abonnement",
        "Warum nichts möglich ist und was zuerst zu tun ist",
    ),
    (
        "no-rights",
        PartnerRole.ADMIN_AGENT,
        "Ohnerecht Consulting",
        "No delegated rights",
        "How to ask the customer for them",
        "Keine delegierten Administratorrechte",
        "Wie man den Kunden darum bittet",
    ),
    (
        "elsewhere",
        PartnerRole.SALES_AGENT,
        "Woanders Handel",
        "Something bought elsewhere stands in the way",
        "Which subscription it is, and who has to cancel it",
        "Anderswo Gekauftes steht im Weg",
        "Welches Abonnement es ist und wer es kündigen muss",
    ),
    (
        "namesakes",
        PartnerRole.USER_ADMIN,
        "Nordwind Handel GmbH",
        "Two customers of one name",
        "The wrong customer is the worst mistake: choose by domain",
        "Zwei Kunden gleichen Namens",
        "Der falsche Kunde ist der schlimmste Fehler: nach Domain wählen",
    ),
    (
        "india",
        PartnerRole.GLOBAL_ADMIN,
        "Bharat Textiles Pvt Ltd",
        "A customer in India",
        "India has offers of its own",
        "Ein Kunde in Indien",
        "Indien hat eigene Angebote",
    ),
    (
        "follow-ups",
        PartnerRole.SALES_AGENT,
        "Nacharbeit Pflegedienst",
        "Work off what an upgrade leaves over",
        "Order E3; then Messages: show the list, tick, hand over, text for the customer",
        "Abarbeiten, was ein Upgrade übrig lässt",
        "E3 bestellen; dann Nachrichten: Liste anzeigen, abhaken, übergeben, Text für den Kunden",
    ),
    (
        "seats",
        PartnerRole.SALES_AGENT,
        "/add-seats Studio 54 25",
        "Add seats to a subscription",
        "A number that can mean two things, in a customer whose name ends in one",
        "Lizenzen zu einem Abonnement ergänzen",
        "Eine Zahl, die zweierlei heißen kann, bei einem Kunden, dessen Name auf eine endet",
    ),
    (
        "part",
        PartnerRole.SALES_AGENT,
        "Teilweise Umzug eG",
        "Upgrade a part of a subscription",
        "Press an offer, say how many seats; what stays is shown",
        "Ein Upgrade für einen Teil eines Abonnements",
        "Angebot drücken, Lizenzen angeben; was bleibt, steht dabei",
    ),
    (
        "find",
        PartnerRole.HELPDESK_AGENT,
        "/upgrade-options",
        "Find a customer as you type",
        "Type fabirkam: a small typing error does no harm; nobody opens who was not chosen",
        "Einen Kunden beim Tippen finden",
        "Geben Sie fabirkam ein: Ein kleiner Tippfehler schadet nicht; geöffnet wird nur, wer gewählt ist",
    ),
    (
        "message",
        PartnerRole.HELPDESK_AGENT,
        "Frau Weber (anna.weber@fabrikam.example) braucht E3. / Ms Weber needs E3.",
        "Start from a message",
        "Point at the message, More actions, Upgrade options: the customer is in the address",
        "Von einer Nachricht ausgehen",
        "Auf die Nachricht zeigen, Weitere Aktionen, Upgrade options: Der Kunde steht in der Adresse",
    ),
    (
        "nobody",
        NOBODY,
        "Contoso GmbH",
        "Look without a partner role",
        "Refused, with whom to ask; the attempt is in the trail",
        "Ohne Partnerrolle nachsehen",
        "Abgelehnt, mit Ansprechpartner; der Versuch steht im Protokoll",
    ),
)

_SAID: Final = frozenset({"message"})
"""Tasks that begin with a message instead of a command."""


def sample_tasks(*, people: Mapping[str, str], channel: str) -> tuple[Task, ...]:
    """The tasks, for a workspace of these people.

    `people`: member ids by partner role key, and by `NOBODY`; a task whose person is missing is left out.
    `channel`: the id of the channel in which the commands are run.
    """
    return tuple(
        Task(
            id=key,
            title=Label(en=title_en, de=title_de),
            hint=Label(en=hint_en, de=hint_de),
            member=people[person],
            channel=channel,
            text=what if what.startswith("/") or key in _SAID else f"/upgrade-options {what}",
        )
        for key, person, what, title_en, hint_en, title_de, hint_de in _ROWS
        if person in people
    )
