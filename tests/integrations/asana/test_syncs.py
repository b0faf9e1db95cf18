"""Force synchronization: anyone asks, everyone sees what it does, and names only what they may."""

from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.models import Account, User
from app.integrations.asana.models import AsanaConnection, RunState, SyncRun
from app.integrations.status import sync_status
from tests.browser_like import Visitor
from tests.factories import asking, assign, make_item, make_user
from tests.integrations.asana.rows import make_connection, make_run
from tests.queries import queries

SYNCS = "/integrations/asana/syncs"


async def test_it_is_there_for_every_user(bobs: Visitor, bob: User) -> None:
    answer = await bobs.htmx_post(SYNCS)
    (run,) = await SyncRun.objects()
    assert (run.trigger, run.state, run.requested_by) == ("forced", "queued", bob.id)
    assert "Waiting for its turn" in answer.text
    assert f'hx-get="{SYNCS}/{run.id}"' in answer.text


async def test_it_shows_the_pass_there_is_when_pressed_twice(bobs: Visitor, visitor: Visitor, alice: User) -> None:
    await bobs.htmx_post(SYNCS)
    (run,) = await SyncRun.objects()
    alices = await visitor.signed_in_as(alice)
    for answer in (await bobs.htmx_post(SYNCS), await alices.htmx_post(SYNCS)):
        assert f'hx-get="{SYNCS}/{run.id}"' in answer.text
    assert await SyncRun.count() == 1


@pytest.mark.parametrize(
    ("asked_from", "leads_to"),
    [
        ("http://testserver/timesheet/2026-11-23", "/timesheet/2026-11-23"),
        ("http://testserver/integrations/asana", "/integrations/asana"),
        ("http://evil.example//evil.example/", "/timesheet"),
        ("", "/timesheet"),
    ],
)
async def test_it_leads_back_to_the_page_without_htmx(bobs: Visitor, asked_from: str, leads_to: str) -> None:
    answer = await bobs.post(SYNCS, headers={"Referer": asked_from})
    assert (answer.status_code, answer.headers["location"]) == (303, leads_to)


async def test_it_says_how_far_it_is(bobs: Visitor, connection: AsanaConnection) -> None:
    run = await make_run(connection, RunState.running, phase="tasks", projects_total=25, projects_done=12)
    answer = await bobs.htmx_get(f"{SYNCS}/{run.id}")
    assert "Reading projects: 12 of 25 projects" in answer.text
    assert "hx-trigger" not in answer.headers


async def test_it_asks_twice_a_second_at_first(bobs: Visitor, connection: AsanaConnection) -> None:
    run = await make_run(connection, RunState.running, phase="events", kind="catch_up", projects_total=200)
    run.projects_done = 120
    await run.save()
    early = (await bobs.htmx_get(f"{SYNCS}/{run.id}")).text
    assert "Asking Asana what changed: 120 of 200 projects" in early
    assert "every 500ms" in early
    run.queued_at = datetime.now(UTC) - timedelta(seconds=20)
    await run.save()
    assert "every 1s" in (await bobs.htmx_get(f"{SYNCS}/{run.id}")).text


async def test_it_stops_asking_and_tells_the_page_when_it_has_ended(bobs: Visitor, connection: AsanaConnection) -> None:
    run = await make_run(connection)
    answer = await bobs.htmx_get(f"{SYNCS}/{run.id}")
    assert "hx-get" not in answer.text
    assert answer.headers["hx-trigger"] == "sync-finished"
    assert "No changes, 0.0 s" in answer.text
    assert "Asana read just now" in answer.text


CHANGES = {"added": 3, "renamed": 1, "archived": 2}


async def test_it_sums_up_what_changed(bobs: Visitor, connection: AsanaConnection) -> None:
    started_at = datetime.now(UTC) - timedelta(seconds=1.8)
    run = await make_run(connection, started_at=started_at, finished_at=started_at + timedelta(seconds=1.8), **CHANGES)
    assert "3 new, 1 renamed, 2 archived, 1.8 s" in (await bobs.htmx_get(f"{SYNCS}/{run.id}")).text


@pytest.fixture
async def renaming(connection: AsanaConnection, account: Account, bob: User) -> SyncRun:
    """Two tasks were renamed, of which only one is under a project of Bob's."""
    root = await make_item(account, "Asana", kind="root", source="asana", foreign_id="root")
    shared = await make_item(account, "Website", kind="project", under=root, source="asana", foreign_id="1")
    secret = await make_item(account, "Layoffs", kind="project", under=root, source="asana", foreign_id="2")
    await assign(bob, shared)
    draft = await make_item(account, "Draft <b>", under=shared, source="asana", foreign_id="3")
    letter = await make_item(account, "Write the letter", under=secret, source="asana", foreign_id="4")
    changes = [
        {"kind": "renamed", "item_id": item.id, "name": item.name, "was": f"Old {item.name}"}
        for item in (draft, letter)
    ]
    return await make_run(connection, renamed=2, changes=changes)


async def test_it_names_only_what_the_person_may_see(bobs: Visitor, renaming: SyncRun) -> None:
    page = (await bobs.htmx_get(f"{SYNCS}/{renaming.id}")).text
    assert "2 renamed" in page
    assert "Draft &lt;b&gt;" in page
    assert "Old Draft &lt;b&gt;" in page
    assert "etter" not in page
    assert "and 1 more that you are not assigned to" in page


async def test_it_tells_a_user_how_much_is_hidden_and_how_much_was_too_much_to_note(
    bobs: Visitor, renaming: SyncRun
) -> None:
    renaming.renamed = 7
    await renaming.save()
    page = (await bobs.htmx_get(f"{SYNCS}/{renaming.id}")).text
    assert "and 1 more that you are not assigned to" in page
    assert "and 5 more</p>" in page


async def test_it_counts_to_a_user_what_could_not_be_read_and_names_it_to_an_administrator(
    bobs: Visitor, visitor: Visitor, alice: User, connection: AsanaConnection
) -> None:
    run = await make_run(connection, warnings=[{"word": "forbidden", "project": "Payroll"}])
    theirs = (await bobs.htmx_get(f"{SYNCS}/{run.id}")).text
    assert "1 part of Asana could not be read this time and stays as it is." in theirs
    assert "Payroll" not in theirs
    alices = await visitor.signed_in_as(alice)
    assert "Payroll</bdi></p> Asana does not show it" in (await alices.htmx_get(f"{SYNCS}/{run.id}")).text


async def test_it_tells_what_a_pass_had_changed_before_it_failed(bobs: Visitor, renaming: SyncRun) -> None:
    renaming.state, renaming.failure = RunState.failed, "unavailable"
    await renaming.save()
    page = (await bobs.htmx_get(f"{SYNCS}/{renaming.id}")).text
    assert "Asana could not be reached" in page
    assert "Draft &lt;b&gt;" in page
    assert "etter" not in page


async def test_it_names_everything_to_an_administrator(visitor: Visitor, alice: User, renaming: SyncRun) -> None:
    alices = await visitor.signed_in_as(alice)
    assert "Write the letter" in (await alices.htmx_get(f"{SYNCS}/{renaming.id}")).text


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("unavailable", "Asana could not be reached"),
        ("rate_limited", "asked Sundial to slow down"),
        ("revoked", "has to re-enable the integration"),
        ("not_connected", "was unlinked or connected anew"),
        ("something_new", "Something unexpected happened"),
    ],
)
async def test_it_says_why_it_failed(bobs: Visitor, connection: AsanaConnection, word: str, sentence: str) -> None:
    run = await make_run(connection, RunState.failed, failure=word)
    answer = await bobs.htmx_get(f"{SYNCS}/{run.id}")
    assert sentence in answer.text
    assert answer.headers["hx-trigger"] == "sync-finished"


async def test_it_asks_nothing_of_a_connection_that_is_broken(bobs: Visitor, connection: AsanaConnection) -> None:
    await AsanaConnection.update({AsanaConnection.state: "needs_reconnecting"}, force=True)
    answer = await bobs.htmx_post(SYNCS)
    assert "Asana needs to be reconnected" in answer.text
    assert "Force synchronization" not in answer.text
    assert await SyncRun.count() == 0


async def test_it_asks_nothing_before_a_workspace_is_chosen(visitor: Visitor, alice: User) -> None:
    await make_connection(alice)
    await (await visitor.signed_in_as(alice)).htmx_post(SYNCS)
    assert await SyncRun.count() == 0


async def test_it_says_nothing_where_asana_is_not_connected(visitor: Visitor, alice: User, bob: User) -> None:
    assert await sync_status_of(bob, visitor) == ""
    assert "Asana is not connected" in await sync_status_of(alice, visitor)


async def sync_status_of(user: User, visitor: Visitor) -> str:
    fragment = (await (await visitor.signed_in_as(user)).htmx_post(SYNCS)).text
    return fragment.partition(">")[2].replace("</div>", "").strip()


async def test_it_hides_passes_of_other_accounts(visitor: Visitor, charlie: User, connection: AsanaConnection) -> None:
    run = await make_run(connection)
    charlies = await visitor.signed_in_as(charlie)
    for path in (f"{SYNCS}/{run.id}", f"{SYNCS}/{run.id}/progress"):
        assert (await charlies.htmx_get(path)).status_code == 404
    await charlies.htmx_post(SYNCS)
    assert await SyncRun.count() == 1


async def test_it_requires_signing_in(visitor: Visitor, connection: AsanaConnection) -> None:
    run = await make_run(connection)
    assert (await visitor.htmx_post(SYNCS)).headers["hx-redirect"] == "/sign-in"
    assert (await visitor.htmx_get(f"{SYNCS}/{run.id}")).headers["hx-redirect"] == "/sign-in"


async def test_it_shows_the_progress_to_administrators(
    visitor: Visitor, bobs: Visitor, alice: User, connection: AsanaConnection
) -> None:
    run = await make_run(connection, RunState.running, phase="tasks", projects_total=2, projects_done=1)
    alices = await visitor.signed_in_as(alice)
    path = f"{SYNCS}/{run.id}/progress"
    assert f'hx-get="{path}"' in (await alices.htmx_get(path)).text
    assert (await bobs.htmx_get(path)).status_code == 403
    run.state = RunState.done
    await run.save()
    assert "hx-get" not in (await alices.htmx_get(path)).text


async def test_it_shows_an_outcome_again_to_whoever_asked_for_it(bob: User, connection: AsanaConnection) -> None:
    dana = await make_user(await Account.objects().get(Account.id == bob.account), email="dana@meridian.example")
    run = await make_run(connection, requested_by=bob.id, finished_at=datetime.now(UTC) - timedelta(minutes=1))
    theirs, others = await sync_status(asking(bob)), await sync_status(asking(dana))
    assert theirs is not None
    assert others is not None
    assert theirs.run is not None
    assert (theirs.run.id, others.run) == (run.id, None)


@pytest.mark.parametrize(
    ("minutes_ago", "dot"),
    [(2, "fresh"), (90, "old"), (None, "old")],
)
async def test_it_tells_how_fresh_it_is(
    alice: User, connection: AsanaConnection, minutes_ago: int | None, dot: str
) -> None:
    if minutes_ago is not None:
        await make_run(connection, finished_at=datetime.now(UTC) - timedelta(minutes=minutes_ago))
    await make_run(connection, RunState.failed, failure="unavailable")
    told = await sync_status(asking(alice))
    assert told is not None
    assert (told.freshness.dot, told.freshness.is_open) == (dot, False)


async def test_it_tells_that_a_pass_is_open(alice: User, connection: AsanaConnection) -> None:
    await make_run(connection, RunState.running)
    told = await sync_status(asking(alice))
    assert told is not None
    assert (told.freshness.dot, told.freshness.is_open) == ("running", True)


async def test_it_tells_nothing_without_a_connection(alice: User) -> None:
    assert await sync_status(asking(alice)) is None


async def test_it_asks_a_few_questions_however_much_changed(bobs: Visitor, renaming: SyncRun) -> None:
    async with queries() as asked:
        await bobs.htmx_get(f"{SYNCS}/{renaming.id}")
    assert len(asked) <= 4, asked


async def test_it_says_when_the_worker_has_gone_in_the_middle_of_a_pass(bobs: Visitor, account: Account) -> None:
    connection = await AsanaConnection.objects().first()
    assert connection is not None
    run = SyncRun(account=account.id, connection=connection.id, trigger="forced", state="running", phase="projects")
    run.started_at = run.heartbeat_at = datetime.now(UTC)
    await run.save()
    assert "Listing people and projects" in (await bobs.htmx_get(f"{SYNCS}/{run.id}")).text
    run.heartbeat_at = datetime.now(UTC) - timedelta(seconds=20)
    await run.save()
    assert "Interrupted" in (await bobs.htmx_get(f"{SYNCS}/{run.id}")).text
