"""The demo's Microsoft tenant: a stand-in for Graph that knows two of the workspace's members by their e-mail.

Roles come from every kind of source, so that `/partner-role` shows it: the global admin and the admin agent from
Microsoft, the user admin from a Slack user group, the sales and the helpdesk agent from grants.
"""

import contextlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from bot.directory.graph import DIRECTORY_ROLES
from bot.domain.roles import PartnerRole
from bot.web.server import bind, serving
from bot.workspace.config import WorkspaceConfig
from bot.workspace.graph_sign_in import StandInSignIn
from bot.workspace.graph_stand_in import GraphTenant, GraphUser, create_graph
from bot.workspace.sample import PEOPLE, USER_ADMINS

ADMIN_AGENTS: Final = "5a1e0000-0000-4000-8000-00000000a9e7"
GLOBAL_ADMIN: Final = next(key for key, role in DIRECTORY_ROLES.items() if role is PartnerRole.GLOBAL_ADMIN)
GRANTED: Final = (PartnerRole.SALES_AGENT, PartnerRole.HELPDESK_AGENT)
USERGROUPS: Final = {USER_ADMINS: PartnerRole.USER_ADMIN}
_TENANT: Final = "nordlicht-cloud.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoGraph:
    """The stand-in, listening. `settings` are what the bot needs to use it."""

    tenant: GraphTenant
    settings: dict[str, Any]
    sign_in: StandInSignIn


def demo_tenant(config: WorkspaceConfig) -> GraphTenant:
    """The tenant with those of the workspace's members who have their role from Microsoft."""
    mails = {each.id: each.email for each in config.members}
    return GraphTenant(
        client_id="upgrade-desk-demo",
        client_secret=secrets.token_hex(16),
        groups={ADMIN_AGENTS},
        users=[
            GraphUser(
                id="5a1e0000-0000-4000-8000-000000000001",
                mail=mails[PEOPLE[PartnerRole.GLOBAL_ADMIN]],
                roles={GLOBAL_ADMIN},
            ),
            GraphUser(
                id="5a1e0000-0000-4000-8000-000000000002",
                mail=mails[PEOPLE[PartnerRole.ADMIN_AGENT]],
                groups={ADMIN_AGENTS},
            ),
        ],
    )


@contextlib.asynccontextmanager
async def serving_graph(config: WorkspaceConfig) -> AsyncIterator[DemoGraph]:
    """Serve the tenant on a free port of this machine."""
    tenant = demo_tenant(config)
    listening = bind(host="127.0.0.1", port=0)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with serving(create_graph(tenant), on=listening, drain=1):
        yield DemoGraph(
            tenant=tenant,
            settings={
                "graph_tenant_id": _TENANT,
                "graph_client_id": tenant.client_id,
                "graph_client_secret": tenant.client_secret,
                "graph_url": f"{address}/v1.0",
                "graph_groups": {ADMIN_AGENTS: PartnerRole.ADMIN_AGENT},
                "usergroups": USERGROUPS,
                "allowed_teams": frozenset(),
            },
            sign_in=StandInSignIn(address),
        )
