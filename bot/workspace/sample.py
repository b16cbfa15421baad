"""The demo's team: one member for each partner role, and everybody who must be refused."""

from bot.domain.roles import PartnerRole
from bot.workspace.config import (
    AppIdentity,
    Channel,
    Label,
    Member,
    SignedHttp,
    Team,
    Usergroup,
    WorkspaceConfig,
)
from bot.workspace.manifest import Manifest
from bot.workspace.sample_tasks import NOBODY, sample_tasks

TEAM = Team(id="T0PARTNER1", name="Nordlicht Cloud", domain="nordlicht-cloud")
OTHER_TEAM = Team(id="T0CUSTOMER", name="Contoso", domain="contoso")
GENERAL, APPROVALS, AUDIT, SHARED = "C0GENERAL1", "C0APPROVAL", "C0AUDIT001", "C0SHARED01"
USER_ADMINS = "S0USERADM1"

PEOPLE: dict[str, str] = {
    PartnerRole.GLOBAL_ADMIN: "U0GLOBAL01",
    PartnerRole.USER_ADMIN: "U0USERADM1",
    PartnerRole.ADMIN_AGENT: "U0ADMINAG1",
    PartnerRole.SALES_AGENT: "U0SALES001",
    PartnerRole.HELPDESK_AGENT: "U0HELPDSK1",
    NOBODY: "U0NOROLE01",
    "guest": "U0GUEST001",
    "single_channel_guest": "U0GUESTSC1",
    "external": "U0EXTERN01",
}
"""Member ids by partner role key, and by `none`, `guest`, `single_channel_guest` and `external`."""


def _members() -> tuple[Member, ...]:
    rows = (
        (
            PartnerRole.GLOBAL_ADMIN,
            "greta",
            "Greta Lindqvist",
            "Global admin",
            "Globaler Administrator",
            "en-US",
        ),
        (
            PartnerRole.USER_ADMIN,
            "umut",
            "Umut Aydın",
            "User management admin",
            "Benutzerverwaltungsadministrator",
            "de-DE",
        ),
        (PartnerRole.ADMIN_AGENT, "amara", "Amara Okafor", "Admin agent", "Administrator-Agent", "en-US"),
        (PartnerRole.SALES_AGENT, "sven", "Sven Brandt", "Sales agent", "Vertriebsbeauftragter", "de-DE"),
        (PartnerRole.HELPDESK_AGENT, "heidi", "Heidi Vogel", "Helpdesk agent", "Helpdesk-Agent", "de-DE"),
        (NOBODY, "noah", "Noah Price", "No partner role", "Keine Partnerrolle", "en-US"),
    )
    staff = tuple(
        Member(
            id=PEOPLE[key],
            name=name,
            real_name=real_name,
            title=Label(en=english, de=german),
            locale=locale,
            email=f"{name}@nordlicht-cloud.example",
            is_admin=key == PartnerRole.GLOBAL_ADMIN,
        )
        for key, name, real_name, english, german, locale in rows
    )
    return (*staff, *_strangers())


def _strangers() -> tuple[Member, ...]:
    return (
        Member(
            id=PEOPLE["guest"],
            name="gustav",
            real_name="Gustav Gast",
            title=Label(en="Guest", de="Gast"),
            locale="de-DE",
            email="gustav@freelance.example",
            is_guest=True,
        ),
        Member(
            id=PEOPLE["single_channel_guest"],
            name="sally",
            real_name="Sally Moor",
            title=Label(en="Guest of one channel", de="Gast eines Channels"),
            email="sally@freelance.example",
            is_guest=True,
            is_single_channel_guest=True,
        ),
        Member(
            id=PEOPLE["external"],
            name="erik",
            real_name="Erik Contoso",
            title=Label(en="Member of another organisation", de="Mitglied einer anderen Organisation"),
            email="erik@contoso.example",
            home=OTHER_TEAM,
        ),
    )


def _channels() -> tuple[Channel, ...]:
    staff = tuple(PEOPLE[key] for key in (*PartnerRole, NOBODY))
    guests = (PEOPLE["guest"], PEOPLE["single_channel_guest"])
    return (
        Channel(id=GENERAL, name="general", topic="Everything", members=(*staff, *guests), bot_is_member=True),
        Channel(
            id=APPROVALS,
            name="approvals",
            topic="What waits for a second person",
            members=(*staff, PEOPLE["guest"]),
            bot_is_member=True,
        ),
        Channel(id=AUDIT, name="audit", topic="One card for each change", members=staff, bot_is_member=True),
        Channel(
            id=SHARED,
            name="contoso-shared",
            topic="Shared with Contoso",
            members=(*staff, PEOPLE["external"]),
            bot_is_member=True,
            is_ext_shared=True,
        ),
    )


def sample_app(*, bot_token: str, app_token: str) -> AppIdentity:
    """The app's ids, with the tokens that the demo made up."""
    return AppIdentity(
        id="A0UPGRADE1",
        bot_id="B0UPGRADE1",
        bot_user_id="U0UPGRADE1",
        bot_token=bot_token,
        app_token=app_token,
    )


def sample_config(
    *,
    manifest: Manifest,
    bot_token: str,
    app_token: str,
    delivery: SignedHttp | None = None,
    message_burst: int = 3,
) -> WorkspaceConfig:
    """The demo's workspace for an app with this manifest; Socket Mode unless `delivery` is given."""
    approvers = (PartnerRole.GLOBAL_ADMIN, PartnerRole.ADMIN_AGENT, PartnerRole.SALES_AGENT)
    return WorkspaceConfig(
        team=TEAM,
        app=sample_app(bot_token=bot_token, app_token=app_token),
        manifest=manifest,
        members=_members(),
        channels=_channels(),
        usergroups=(
            Usergroup(
                id="S0APPROVE1", handle="approvers", name="Approvers", users=tuple(PEOPLE[key] for key in approvers)
            ),
            Usergroup(
                id=USER_ADMINS,
                handle="user-admins",
                name="User administrators",
                users=(PEOPLE[PartnerRole.USER_ADMIN],),
            ),
        ),
        tasks=sample_tasks(people=PEOPLE, channel=GENERAL),
        delivery=delivery,
        message_burst=message_burst,
    )
