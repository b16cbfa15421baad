"""Runs every check, each with its timeout, and puts the findings into one order."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final

from bot.bootstrap.application import NEEDED
from bot.bootstrap.bolt import new_client
from bot.bootstrap.proxies import new_session
from bot.cli.doctor.around import check_clocks, check_manifest, check_proxies
from bot.cli.doctor.channels import CHANNELS, check_channels
from bot.cli.doctor.database import DATABASE, KEY, check_audit_key, check_database
from bot.cli.doctor.directory import DIRECTORY, check_directory
from bot.cli.doctor.finding import Finding, State, fault, ok
from bot.cli.doctor.ground import Ground
from bot.cli.doctor.outbox import OUTBOX, check_outbox
from bot.cli.doctor.policy import POLICY, check_policy
from bot.cli.doctor.service import SERVICE, check_service
from bot.cli.doctor.slack import (
    SCOPE,
    TOKENS,
    WORKSPACES,
    check_bot_token,
    check_scopes,
    check_way_in,
    check_workspaces,
)
from bot.cli.doctor.sources import ROLES, Holders, check_graph, check_user_groups
from bot.domain.clock import Clock
from bot.domain.ids import Ids
from bot.settings import Settings

SETTINGS: Final = "settings"
CHECK_SECONDS: Final = 15.0
"""For one check: what it asks has shorter bounds of its own; this one is for what hangs all the same."""

_EMBEDDED: Final = frozenset({"eligibility_url", "eligibility_token"})

Check = Callable[[Ground], Awaitable[list[Finding]]]


async def examine(
    settings: Settings,
    *,
    clock: Clock,
    ids: Ids,
    all_in_one: bool = False,
    graph_sign_in: Any = None,
    seconds: float = CHECK_SECONDS,
) -> list[Finding]:
    """Every finding, in the order in which things are mended best. Nothing is changed anywhere."""
    async with new_session() as session:
        token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token is not None else ""
        ground = Ground(
            settings=settings,
            session=session,
            client=new_client(session=session, api_url=settings.slack_api_url, token=token),
            clock=clock,
            ids=ids,
            all_in_one=all_in_one,
            graph_sign_in=graph_sign_in,
        )
        holders = Holders()

        def timed(group: str, check: Check) -> Awaitable[list[Finding]]:
            return _timed(group, check, ground, seconds)

        bot = await timed(TOKENS, check_bot_token)
        groups, graph, *others = await asyncio.gather(
            timed(ROLES, lambda each: check_user_groups(each, holders)),
            timed(ROLES, lambda each: check_graph(each, holders)),
            timed(TOKENS, check_way_in),
            timed(SCOPE, check_scopes),
            timed(WORKSPACES, check_workspaces),
            timed("manifest", check_manifest),
            timed(CHANNELS, check_channels),
            timed(DATABASE, check_database),
            timed(KEY, check_audit_key),
            timed(OUTBOX, check_outbox),
            timed(DIRECTORY, check_directory),
            timed(SERVICE, check_service),
        )
        sound = all(each.state is State.OK for each in (*groups, *graph))
        last = await asyncio.gather(
            timed(POLICY, lambda each: check_policy(each, holders, sources_sound=sound)),
            timed("clock", check_clocks),
            timed("proxies", check_proxies),
        )
    return [*check_settings(settings, all_in_one=all_in_one), *bot, *_flat(others), *groups, *graph, *_flat(last)]


def check_settings(settings: Settings, *, all_in_one: bool) -> list[Finding]:
    """What is needed to start and is not set."""
    needed = [name for name in NEEDED if not (all_in_one and name in _EMBEDDED)]
    fields = type(settings).model_fields
    missing = [
        fault(SETTINGS, f"{name.upper()} is not set. {fields[name].description}", fix=f"Set {name.upper()}.")
        for name in needed
        if getattr(settings, name) is None
    ]
    return missing or [ok(SETTINGS, "Every setting that is needed is set.")]


async def _timed(group: str, check: Check, ground: Ground, seconds: float) -> list[Finding]:
    try:
        async with asyncio.timeout(seconds):
            return await check(ground)
    except TimeoutError:
        says = f"The check took longer than {seconds:g} s and was given up."
        return [fault(group, says, fix="Look for what does not answer: the network, a proxy, a lock.")]
    except Exception as error:  # noqa: BLE001 - a check that breaks must not hide what the others found
        return [fault(group, f"The check broke ({type(error).__name__}).", fix="Tell whoever maintains Upgrade Desk.")]


def _flat(found: Iterable[list[Finding]]) -> list[Finding]:
    return [finding for findings in found for finding in findings]
