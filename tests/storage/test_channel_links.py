"""Links between channels and customers, on both engines."""

from bot.domain.people import Actor
from storage.database import Database
from storage.link_records import ChannelLink

ANNA = Actor(team_id="T1", user_id="U1")
BERT = Actor(team_id="T1", user_id="U2")


async def test_a_link_belongs_to_a_channel_of_a_workspace(database: Database) -> None:
    """The same channel id of another workspace is another channel."""
    async with database.write() as tx:
        assert await tx.channel_links.put(team_id="T1", channel_id="C1", customer_id="x", by=ANNA) is None
        at = tx.now
    async with database.look() as tx:
        found = await tx.channel_links.of(team_id="T1", channel_id="C1")
        assert found == ChannelLink(team_id="T1", channel_id="C1", customer_id="x", by=ANNA, at=at)
        assert await tx.channel_links.of(team_id="T2", channel_id="C1") is None
        assert await tx.channel_links.of(team_id="T1", channel_id="C2") is None


async def test_a_channel_is_about_one_customer_and_says_about_which_before(database: Database) -> None:
    """Linking again replaces, and a customer may have several channels."""
    async with database.write() as tx:
        await tx.channel_links.put(team_id="T1", channel_id="C1", customer_id="x", by=ANNA)
        await tx.channel_links.put(team_id="T1", channel_id="C2", customer_id="x", by=ANNA)
    async with database.write() as tx:
        assert await tx.channel_links.put(team_id="T1", channel_id="C1", customer_id="y", by=BERT) == "x"
    async with database.read() as tx:
        found = await tx.channel_links.of(team_id="T1", channel_id="C1")
        assert found is not None
        assert (found.customer_id, found.by) == ("y", BERT)


async def test_a_link_ends_once(database: Database) -> None:
    """And says what it was."""
    async with database.write() as tx:
        await tx.channel_links.put(team_id="T1", channel_id="C1", customer_id="x", by=ANNA)
        assert await tx.channel_links.end(team_id="T1", channel_id="C1") == "x"
        assert await tx.channel_links.end(team_id="T1", channel_id="C1") is None
        assert await tx.channel_links.of(team_id="T1", channel_id="C1") is None


async def test_ids_that_no_database_takes_are_no_failure(database: Database) -> None:
    """A payload may say anything."""
    async with database.read() as tx:
        assert await tx.channel_links.of(team_id="T\x00", channel_id="\ud800") is None
