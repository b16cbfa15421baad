"""Settings that say which group stands for which role, and which workspaces are served."""

from pathlib import Path

import pytest

from bot.domain.roles import PartnerRole
from bot.settings import Settings
from bot.settings_faults import SettingsError

OBJECT = "0b7c9a1e-4a0e-4c25-9c37-6d8e7c1a2b3c"
AGENT, SALES = PartnerRole.ADMIN_AGENT, PartnerRole.SALES_AGENT


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_groups_and_workspaces_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USERGROUPS", "admin_agent = S0AGENTS1, sales_agent=S0SALES01,")
    monkeypatch.setenv("GRAPH_GROUPS", f"admin_agent={OBJECT}")
    monkeypatch.setenv("ALLOWED_TEAMS", "T0ONE, T0TWO")
    settings = Settings.load()
    assert settings.usergroups == {"S0AGENTS1": AGENT, "S0SALES01": SALES}
    assert settings.graph_groups == {OBJECT: AGENT}
    assert settings.allowed_teams == {"T0ONE", "T0TWO"}


def test_blank_ones_count_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USERGROUPS", "GRAPH_GROUPS", "ALLOWED_TEAMS", "GRAPH_TENANT_ID", "GRAPH_CLIENT_SECRET"):
        monkeypatch.setenv(name, " ")
    settings = Settings.load()
    assert (settings.usergroups, settings.graph_groups, settings.allowed_teams) == ({}, {}, frozenset())
    assert not settings.uses_graph


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("usergroups", "king=S0123", 'USERGROUPS: "king" is no partner role'),
        ("usergroups", "S0123", 'USERGROUPS: "S0123" is no partner role'),
        ("usergroups", "admin_agent=@agents", "USERGROUPS: admin_agent must be followed by = and a user group's id"),
        ("usergroups", "admin_agent=S012,admin_agent=S013", "USERGROUPS: admin_agent is named twice"),
        ("usergroups", "admin_agent=S012,sales_agent=S012", "USERGROUPS: the group of sales_agent stands for another"),
        ("graph_groups", "admin_agent=AdminAgents", "GRAPH_GROUPS: admin_agent must be followed by = and a group's"),
        (
            "graph_groups",
            f"admin_agent={OBJECT},sales_agent={OBJECT.upper()}",
            "GRAPH_GROUPS: the group of sales_agent stands for another role",
        ),
        ("allowed_teams", "T0123,nordlicht", "ALLOWED_TEAMS: must be workspace ids"),
        ("graph_url", "graph.microsoft.com", "GRAPH_URL: must be a full address"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name.upper(), value)
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].startswith(sentence)


@pytest.mark.parametrize("name", ["graph_tenant_id", "graph_client_id", "graph_client_secret", "graph_groups"])
def test_any_setting_of_graphs_own_means_that_graph_is_wanted(name: str) -> None:
    """Half a configuration is never silently none."""
    assert Settings.load(**{name: f"admin_agent={OBJECT}" if name == "graph_groups" else "x"}).uses_graph
