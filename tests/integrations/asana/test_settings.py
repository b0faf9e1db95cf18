"""The settings of the active integration."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.models import Account, User
from app.integrations.asana.models import AsanaConnection, RunState, Trigger
from tests.browser_like import Visitor
from tests.factories import make_user
from tests.integrations.asana.rows import make_connection, make_person, make_run, make_workspace
from tests.queries import queries

SETTINGS = "/integrations/asana"
STANDING = "/integrations/asana/standing"


@pytest.fixture
async def connection(alice: User) -> AsanaConnection:
    connection = await make_connection(alice, asana_user_name="Alice H.")
    await make_workspace(connection)
    return connection


async def test_it_says_who_connected_it_and_when(alices: Visitor, connection: AsanaConnection) -> None:
    page = (await alices.get(SETTINGS)).text
    for text in ("Active", "Alice H.", "Alice Hartmann", str(connection.connected_at.year), "consent page"):
        assert text in page


async def test_it_shows_the_panels_of_the_wizard(alices: Visitor, connection: AsanaConnection) -> None:
    await make_person(connection, "Priya Raman", "priya@meridian.example")
    page = (await alices.get(SETTINGS)).text
    for action in ("workspaces", "people", "keywords", "syncs"):
        assert f'method="post" action="/integrations/asana/{action}"' in page
    assert page.count('name="back" value="settings"') == 3
    for path in ("/integrations/asana/enable", "/integrations/asana/unlink"):
        assert f'href="{path}"' in page


async def test_it_does_not_show_a_token(alices: Visitor, connection: AsanaConnection) -> None:
    page = (await alices.get(SETTINGS)).text
    assert connection.access_token not in page
    assert connection.refresh_token not in page


async def test_it_tells_what_the_last_passes_changed(alices: Visitor, connection: AsanaConnection, bob: User) -> None:
    changes = [
        {"kind": "added", "item_id": 1, "name": "A <new> task"},
        {"kind": "renamed", "item_id": 2, "name": "", "was": "Old name"},
    ]
    await make_run(
        connection,
        requested_by=bob.id,
        added=1,
        renamed=1,
        changes=changes,
        requests_made=165,
        refusals=4,
        kind="catch_up",
        tasks_read=427,
        projects_done=21,
        assigned=2,
    )
    await make_run(connection, trigger=Trigger.periodic)
    page = (await alices.get(STANDING)).text
    for text in (
        "Forced by <bdi>Bob Okafor</bdi>",
        "1 new, 1 renamed",
        "A &lt;new&gt; task",
        "Old name",
        "Untitled",
        "Catch-up: 21 projects, 427 tasks, 165 requests to Asana (4 refused for asking too fast), 2 assignments made",
        "By the clock",
        "No changes",
    ):
        assert text in page, text


async def test_it_tells_why_a_pass_failed(alices: Visitor, connection: AsanaConnection) -> None:
    await make_run(connection, RunState.failed, failure="unavailable")
    page = (await alices.get(STANDING)).text
    assert "Failed" in page
    assert "Asana could not be reached" in page
    assert "No changes" not in page


async def test_it_tells_what_was_left_out(alices: Visitor, connection: AsanaConnection) -> None:
    warnings = [{"word": "forbidden", "project": "Pay <roll>"}, {"word": "unavailable", "workspace": "Garden"}]
    await make_run(connection, warnings=warnings)
    page = (await alices.get(STANDING)).text
    assert "2 warnings" in page
    assert "Pay &lt;roll&gt;</bdi></p> Asana does not show it to the owner of the integration." in page
    assert "Garden</bdi></p> Asana did not answer." in page


async def test_it_groups_what_changed_and_says_how_much_is_not_named(
    alices: Visitor, connection: AsanaConnection
) -> None:
    changes = [{"kind": "added", "item_id": number, "name": f"Task {number}"} for number in range(200)]
    await make_run(connection, added=240, archived=1_003, changes=changes)
    page = (await alices.get(STANDING)).text
    assert (
        page.index("240 new</p>")
        < page.index("Task 199")
        < page.index("and 40 more")
        < page.index("1,003 archived</p>")
    )
    assert "1,003 more, too many to name here" in page


async def test_it_says_how_much_the_night_repaired(alices: Visitor, connection: AsanaConnection) -> None:
    await make_run(connection, trigger=Trigger.nightly)
    await make_run(connection, trigger=Trigger.nightly, added=2, moved=1)
    page = (await alices.get(STANDING)).text
    assert "Compared with Asana: everything was right, 0.0 s" in page
    assert "Compared with Asana: 3 things repaired, 2 new, 1 moved, 0.0 s" in page


async def test_it_tells_how_fresh_each_workspace_is(alices: Visitor, connection: AsanaConnection) -> None:
    read_at = datetime.now(UTC) - timedelta(minutes=3)
    await make_workspace(connection, "Garden <club>", last_read_at=read_at)
    await make_workspace(connection, "Left out", is_selected=False)
    panel = (await alices.get(STANDING)).text.partition("How Asana is read")[2].partition("</section>")[0]
    assert re.search(r"Garden &lt;club&gt;</bdi></dt>\s*<dd>Read <time[^>]*>3 min ago", panel)
    assert re.search(r"Meridian Works</bdi></dt>\s*<dd>Not read to the end yet", panel)
    assert "Left out" not in panel


@pytest.mark.parametrize(
    ("per_minute", "words"),
    [(None, "Not learned yet"), (150, "lets this connection ask 150 times"), (1500, "lets this connection ask 1,500")],
)
async def test_it_tells_the_rate_it_has_learned(
    alices: Visitor, connection: AsanaConnection, per_minute: int | None, words: str
) -> None:
    connection.requests_per_minute = per_minute
    await connection.save()
    assert words in (await alices.get(STANDING)).text


async def test_it_reads_what_changes_again_by_itself(alices: Visitor, connection: AsanaConnection) -> None:
    for path in (SETTINGS, STANDING):
        page = (await alices.get(path)).text
        assert f'id="standing" hx-get="{STANDING}" hx-trigger="every 30s, ' in page
        assert "sync-finished from:body" in page
    assert "<html" not in (await alices.get(STANDING)).text


async def test_it_says_that_it_needs_reconnecting(alices: Visitor) -> None:
    await AsanaConnection.update(
        {AsanaConnection.state: "needs_reconnecting", AsanaConnection.problem: "revoked"}, force=True
    )
    page = (await alices.get(SETTINGS)).text
    assert "Needs reconnecting" in page
    assert "no longer accepts Sundial’s authorization" in page
    assert 'action="/integrations/asana/workspaces"' not in page


@pytest.mark.parametrize("state", ["unlinked", None])
async def test_it_leads_to_enabling_when_there_is_nothing_to_set(
    visitor: Visitor, alice: User, state: str | None
) -> None:
    if state:
        await make_connection(alice, state=state)
    alices = await visitor.signed_in_as(alice)
    assert (await alices.get(SETTINGS)).headers["location"] == "/integrations/asana/enable"
    assert (await alices.htmx_get(STANDING)).headers["hx-redirect"] == "/integrations/asana/enable"


@pytest.mark.parametrize("path", [SETTINGS, STANDING])
async def test_it_is_for_administrators(
    visitor: Visitor, bob: User, charlie: User, connection: AsanaConnection, path: str
) -> None:
    await make_run(connection, added=7)
    assert (await (await visitor.signed_in_as(bob)).get(path)).status_code == 403
    assert (await visitor.get(path)).headers["location"].startswith("/sign-in")
    charlies = await visitor.signed_in_as(charlie)
    assert "7 new" not in (await charlies.get(path)).text


async def test_it_asks_as_much_for_many_as_for_few(
    alices: Visitor, connection: AsanaConnection, account: Account
) -> None:
    async def asked() -> int:
        async with queries() as counted:
            await alices.get(SETTINGS)
        return len(counted)

    await make_run(connection)
    few = await asked()
    for number in range(9):
        user = await make_user(account, f"User {number}", f"user{number}@meridian.example")
        await make_run(connection, requested_by=user.id)
        await make_person(connection, f"Person {number}", f"person{number}@meridian.example")
        await make_workspace(connection, f"Workspace {number}")
    assert await asked() <= few + 1
    assert few <= 14


async def test_it_waits_for_the_count_of_a_workspaces_projects(alices: Visitor, connection: AsanaConnection) -> None:
    await make_workspace(connection, gid="2", name="Not counted yet", project_count=None)
    page = await alices.get(SETTINGS)
    assert page.status_code == 200
    assert "counting projects" in page.text


async def test_it_says_whether_asana_tells_of_changes(alices: Visitor, connection: AsanaConnection) -> None:
    connection.webhooks_problem = "The remote server answered 502 <b>"
    await connection.save()
    page = (await alices.get(STANDING)).text
    assert "Off: Asana tells of changes only where PUBLIC_URL is an https address" in page
    assert "Sundial asks every 15 minutes" in page
    assert "The remote server answered 502 &lt;b&gt;" in page


async def test_it_folds_passes_that_found_nothing(alices: Visitor, connection: AsanaConnection) -> None:
    await make_run(connection, trigger=Trigger.first, added=3)
    for trigger in [Trigger.periodic] * 30 + [Trigger.webhook]:
        await make_run(connection, trigger=trigger)
    await make_run(connection, RunState.failed, trigger=Trigger.periodic, failure="unavailable")
    await make_run(connection, trigger=Trigger.periodic)
    page = (await alices.get(STANDING)).text
    assert page.count('class="log__run"') == 4
    assert page.index("Failed") < page.index("Asana told of a change") < page.index("3 new")
    assert "Nor did the 30 passes before it find any." in page
