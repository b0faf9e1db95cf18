"""Task ids and tags from Asana as keywords."""

from app import database
from app.integrations.asana.connection import synchronize_keywords
from tests.integrations.asana.sync.connected import Connected
from tests.integrations.asana.sync.office import Office


async def words(connected: Connected, gid: str) -> set[tuple[str, bool]]:
    item = await connected.item(gid)
    rows = await database.fetch("SELECT word, is_id FROM keyword WHERE item = $1 AND made_by = 'asana'", item.id)
    return {(row["word"], row["is_id"]) for row in rows}


async def test_each_task_has_its_id_and_its_tags(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    below = office.world.add_subtask(task, "Fill the can")
    tags = [office.world.make_tag(name, office.workspace) for name in ("Urgent", "Urgent", " ")]
    for tag in tags:
        office.world.tag_task(task, tag)
    await synchronize_keywords(connected.connection, wanted=True)
    await connected.sync()
    assert await words(connected, task) == {(task, True), ("Urgent", False)}
    assert await words(connected, below) == {(below, True)}
    assert await words(connected, office.garden) == set()


async def test_they_follow_the_tags(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    tag = office.world.make_tag("Urgent", office.workspace)
    office.world.tag_task(task, tag)
    await synchronize_keywords(connected.connection, wanted=True)
    await connected.sync()
    office.world.rename_tag(tag, "Today")
    await connected.compare()
    assert await words(connected, task) == {(task, True), ("Today", False)}
    office.world.untag_task(task, tag)
    await connected.sync()
    assert await words(connected, task) == {(task, True)}


async def test_switched_off_they_go_and_those_by_hand_stay(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    done = office.world.add_task(office.garden, "Done")
    await synchronize_keywords(connected.connection, wanted=True)
    await connected.sync()
    office.world.complete_task(done)
    await connected.sync()
    item = await connected.item(task)
    await database.execute(
        "INSERT INTO keyword (account, item, word, made_by, is_id) VALUES ($1, $2, 'mine', 'hand', false)",
        connected.account.id,
        item.id,
    )
    await synchronize_keywords(connected.connection, wanted=False)
    await connected.sync()
    assert await words(connected, task) == set()
    assert await words(connected, done) == set()
    assert await database.fetch_value("SELECT word FROM keyword WHERE item = $1", item.id) == "mine"
