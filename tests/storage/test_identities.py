"""Links between Slack users and Microsoft users, on both engines."""

from bot.domain.people import Actor
from storage.database import Database
from storage.identity_records import Identity

ANNA = Actor(team_id="T1", user_id="U1")
BERT = Actor(team_id="T1", user_id="U2")
OBJECT = "0B7C9A1E-4A0E-4C25-9C37-6D8E7C1A2B3C"


async def test_a_link_belongs_to_a_person_of_a_workspace_and_comes_back_in_lower_case(database: Database) -> None:
    async with database.write() as tx:
        assert await tx.identities.link(ANNA, OBJECT, "root")
        at = tx.now
    async with database.read() as tx:
        assert await tx.identities.of(ANNA) == OBJECT.lower()
        assert await tx.identities.of(Actor(team_id="T2", user_id="U1")) is None
        assert await tx.identities.all() == [
            Identity(team_id="T1", user_id="U1", object_id=OBJECT.lower(), by="root", at=at)
        ]


async def test_one_microsoft_user_is_one_slack_user_of_a_workspace(database: Database) -> None:
    """Two Slack users who are one Microsoft user could approve each other's changes."""
    async with database.write() as tx:
        assert await tx.identities.link(ANNA, OBJECT, "root")
        assert not await tx.identities.link(BERT, OBJECT.lower(), "root")
        assert await tx.identities.holder("T1", OBJECT) == "U1"
        assert await tx.identities.link(Actor(team_id="T2", user_id="U9"), OBJECT, "root")
        assert await tx.identities.of(BERT) is None


async def test_a_link_stays_until_it_is_undone(database: Database) -> None:
    async with database.write() as tx:
        assert await tx.identities.link(ANNA, OBJECT, "root")
        assert not await tx.identities.link(ANNA, "another", "somebody else")
        assert await tx.identities.of(ANNA) == OBJECT.lower()
        assert await tx.identities.unlink(ANNA)
        assert not await tx.identities.unlink(ANNA)
        assert await tx.identities.holder("T1", OBJECT) is None
        assert await tx.identities.link(BERT, OBJECT, "root")
