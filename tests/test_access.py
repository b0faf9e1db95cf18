"""Who gets what, route by route: nobody, a user, an administrator, and an administrator of another account.

Every route of the application stands in this table, or the first test fails: a new page has to say who may see it.
"""

from dataclasses import dataclass

import pytest
from litestar import Litestar

from app.accounts.models import Account, Invitation, User
from app.integrations.asana.models import AsanaConnection, AsanaWorkspace, SyncRun
from app.projects.models import WorkItem
from app.timesheet.models import Tag, TimeEntry
from tests.browser_like import Visitor
from tests.factories import assign, make_entry, make_item, monday

# What a user and a foreign administrator get, asked for the rows of Alice's account.
OPEN = "open to everyone"
SIGNED = "whoever signs what they send"
MACHINE = "programs on this machine, or with a token: see test_metrics.py"
OWN = "each sees their own"
ADMIN = "administrators, of their own account"
PART = "whoever may see the item"
MANAGED = "administrators of the item's account"
MINE = "the entry's owner alone"
OVERSEEN = "the entry's owner, and administrators of the account"
STREAM = "each hears of their own, for as long as they listen: see tests/live"

PUBLIC = {OPEN, MACHINE, SIGNED}

ROUTES = {
    "GET /": OPEN,
    "GET /health": OPEN,
    "GET /metrics": MACHINE,
    "GET /live": STREAM,
    "GET /setup": OPEN,
    "POST /setup": OPEN,
    "GET /sign-in": OPEN,
    "POST /sign-in": OPEN,
    "POST /sign-out": OPEN,
    "GET /invitations/{token}": OPEN,
    "POST /invitations/{token}": OPEN,
    "GET /password-reset": OPEN,
    "POST /password-reset": OPEN,
    "GET /password-reset/{token}": OPEN,
    "POST /password-reset/{token}": OPEN,
    "GET /profile": OWN,
    "POST /profile": OWN,
    "GET /profile/password": OWN,
    "POST /profile/password": OWN,
    "GET /people": ADMIN,
    "GET /people/invitations": ADMIN,
    "POST /people/invitations": ADMIN,
    "GET /people/invitations/{invitation}/link": ADMIN,
    "POST /people/invitations/{invitation}/link": ADMIN,
    "GET /people/invitations/{invitation}/resend": ADMIN,
    "POST /people/invitations/{invitation}/resend": ADMIN,
    "POST /people/invitations/{invitation}/revoke": ADMIN,
    "GET /people/{person}/role": ADMIN,
    "POST /people/{person}/role": ADMIN,
    "GET /people/{person}/deactivate": ADMIN,
    "POST /people/{person}/deactivate": ADMIN,
    "POST /people/{person}/reactivate": ADMIN,
    "GET /people/{person}/reset-link": ADMIN,
    "POST /people/{person}/reset-link": ADMIN,
    "GET /integrations": OWN,
    "GET /integrations/asana": ADMIN,
    "GET /integrations/asana/enable": ADMIN,
    "POST /integrations/asana/application": ADMIN,
    "POST /integrations/asana/authorization": ADMIN,
    "GET /integrations/asana/authorization/return": ADMIN,
    "POST /integrations/asana/personal-token": ADMIN,
    "GET /integrations/asana/workspaces": ADMIN,
    "POST /integrations/asana/workspaces": ADMIN,
    "GET /integrations/asana/workspaces/{workspace}/count": ADMIN,
    "GET /integrations/asana/people": ADMIN,
    "GET /integrations/asana/people/list": ADMIN,
    "POST /integrations/asana/people": ADMIN,
    "GET /integrations/asana/keywords": ADMIN,
    "POST /integrations/asana/keywords": ADMIN,
    "GET /integrations/asana/done": ADMIN,
    "GET /integrations/asana/standing": ADMIN,
    "GET /integrations/asana/unlink": ADMIN,
    "POST /integrations/asana/unlink": ADMIN,
    "POST /integrations/asana/webhooks/{key}": SIGNED,
    "POST /integrations/asana/syncs": OWN,
    "GET /integrations/asana/syncs/{run}": OWN,
    "GET /integrations/asana/syncs/{run}/progress": ADMIN,
    "GET /help": OWN,
    "GET /help/{area}": OWN,
    "GET /projects": OWN,
    "POST /projects/own": ADMIN,
    "GET /projects/branches/{path}": OWN,
    "GET /projects/{item}": PART,
    "GET /projects/{item}/heading": PART,
    "GET /projects/{item}/name": MANAGED,
    "POST /projects/{item}/name": MANAGED,
    "GET /projects/{item}/place": MANAGED,
    "POST /projects/{item}/place": MANAGED,
    "POST /projects/{item}/children": MANAGED,
    "POST /projects/{item}/archive": MANAGED,
    "POST /projects/{item}/unarchive": MANAGED,
    "POST /projects/{item}/delete": MANAGED,
    "POST /projects/{item}/assignments": MANAGED,
    "POST /projects/{item}/assignments/{assignment}/delete": MANAGED,
    "POST /projects/{item}/keywords": MANAGED,
    "POST /projects/{item}/keywords/{keyword}/delete": MANAGED,
    "GET /timesheet": OWN,
    "GET /timesheet/{day}": OWN,
    "GET /timesheet/week": OWN,
    "GET /timesheet/week/{day}": OWN,
    "POST /timesheet/week/{day}": OWN,
    "POST /timesheet/week/{day}/rows": OWN,
    "POST /timesheet/week/{day}/rows/remove": OWN,
    "POST /timesheet/week/{day}/copy": OWN,
    "POST /timesheet/week/{day}/undo": OWN,
    "POST /timesheet/week/{day}/stop": OWN,
    "GET /timer": OWN,
    "POST /timer": OWN,
    "POST /timer/stop": OWN,
    "POST /timer/discard": OWN,
    "POST /timer/start-time": OWN,
    "POST /timer/end": OWN,
    "POST /timer/keep": OWN,
    "GET /picker": OWN,
    "GET /picker/options": OWN,
    "GET /picker/tree": OWN,
    "POST /entries": OWN,
    "GET /entries/new": OWN,
    "GET /entries/reading": OWN,
    "POST /entries/undo": OWN,
    "GET /entries/{entry}/edit": MINE,
    "POST /entries/{entry}": MINE,
    "POST /entries/{entry}/delete": MINE,
    "GET /entries/{entry}/split": MINE,
    "POST /entries/{entry}/split": MINE,
    "GET /entries/{entry}/merge": MINE,
    "POST /entries/{entry}/merge": MINE,
    "POST /entries/{entry}/duplicates": MINE,
    "POST /entries/{entry}/trim": MINE,
    "GET /entries/{entry}/history": OVERSEEN,
    "POST /entries/several/task": OWN,
    "POST /entries/several/task/remove": OWN,
    "POST /entries/several/tags": OWN,
    "POST /entries/several/tags/remove": OWN,
    "POST /entries/several/billable": OWN,
    "POST /entries/several/delete": OWN,
    "POST /entries/{entry}/note": MINE,
    "POST /entries/{entry}/task": MINE,
    "POST /entries/{entry}/tags": MINE,
    "POST /entries/{entry}/billable": MINE,
    "GET /tags/options": OWN,
    "GET /tags": ADMIN,
    "POST /tags": ADMIN,
    "GET /tags/{tag}": ADMIN,
    "GET /tags/{tag}/name": ADMIN,
    "POST /tags/{tag}/name": ADMIN,
    "POST /tags/{tag}/merge": ADMIN,
    "POST /tags/{tag}/archive": ADMIN,
    "POST /tags/{tag}/revive": ADMIN,
}


@dataclass
class World:
    """Rows of Alice's account, one for each thing that an address can name."""

    item: WorkItem
    entry: TimeEntry
    ids: dict[str, object]

    def address(self, route: str) -> tuple[str, str]:
        method, path = route.split(" ", 1)
        return method, path.format(**self.ids)


@pytest.fixture
async def world(account: Account, alice: User, bob: User) -> World:
    item = await make_item(account, "Secret plans", kind="project")
    entry = await make_entry(alice, item, started_at=monday(9), stopped_at=monday(10), note="Secret note")
    assignment = await assign(alice, item)
    invitation, _ = await Invitation.invite(account.id, "dora@meridian.example", "Dora", "user", alice.id)
    connection = AsanaConnection(
        account=account.id, connected_by=alice.id, authorized_by="personal_token", asana_user_gid="1", access_token="x"
    )
    await connection.save()
    workspace = AsanaWorkspace(connection=connection.id, gid="2", name="Secret workspace", is_selected=True)
    await workspace.save()
    run = SyncRun(account=account.id, connection=connection.id, trigger="forced", state="done")
    await run.save()
    tag = Tag(account=account.id, name="Planning")
    await tag.save()
    ids = {
        "item": item.id,
        "tag": tag.id,
        "path": item.id,
        "entry": entry.id,
        "assignment": assignment.id,
        "keyword": 1,
        "invitation": invitation.id,
        "person": alice.id,
        "workspace": workspace.id,
        "run": run.id,
        "day": "2026-11-23",
        "token": "unknown",
        "key": "unknown",
        "area": "timesheet",
    }
    return World(item, entry, ids)


def routes_of(app: Litestar) -> set[str]:
    found = set()
    for route in app.routes:
        path = route.path
        for name in ("_id:int", ":int", ":str", ":path"):
            path = path.replace(f"{name}}}", "}")
        for handler in getattr(route, "route_handlers", []):
            found |= {f"{method} {path}" for method in handler.http_methods - {"OPTIONS", "HEAD"}}
    return {route for route in found if "/static/" not in route}


def routes(*kinds: str) -> list[str]:
    return [route for route, kind in ROUTES.items() if kind in kinds]


async def ask(visitor: Visitor, world: World, route: str, **options: object) -> int:
    method, path = world.address(route)
    answer = await visitor.request(method, path, **options)  # type: ignore[arg-type]
    assert "Secret" not in answer.text, route
    return answer.status_code


async def everything_of(account: Account) -> list[object]:
    """What nobody else may have changed."""
    return [
        await WorkItem.select().where(WorkItem.account == account.id).order_by(WorkItem.id),
        await TimeEntry.select().where(TimeEntry.account == account.id).order_by(TimeEntry.id),
        await Tag.select().where(Tag.account == account.id).order_by(Tag.id),
        await User.select().where(User.account == account.id).order_by(User.id),
        await Invitation.select().where(Invitation.account == account.id).order_by(Invitation.id),
        await AsanaConnection.select().where(AsanaConnection.account == account.id),
        await AsanaWorkspace.select().order_by(AsanaWorkspace.id),
    ]


def test_it_says_for_every_route_who_may_have_it(app: Litestar) -> None:
    assert routes_of(app) == set(ROUTES)


@pytest.mark.parametrize("route", [route for route in ROUTES if ROUTES[route] not in PUBLIC])
async def test_it_leads_somebody_who_is_not_signed_in_to_sign_in(visitor: Visitor, world: World, route: str) -> None:
    method, path = world.address(route)
    plain = await visitor.request(method, path)
    assert plain.status_code == 303
    assert plain.headers["location"].startswith("/sign-in")
    by_htmx = await visitor.request(method, path, headers={"HX-Request": "true"})
    assert by_htmx.headers["HX-Redirect"].startswith("/sign-in")


async def test_it_refuses_a_user_what_only_administrators_may(
    visitor: Visitor, world: World, account: Account, bob: User
) -> None:
    bobs, before = await visitor.signed_in_as(bob), await everything_of(account)
    assert {route: await ask(bobs, world, route) for route in routes(ADMIN)} == dict.fromkeys(routes(ADMIN), 403)
    assert await everything_of(account) == before


async def test_it_hides_from_a_user_what_they_are_not_assigned_to(
    visitor: Visitor, world: World, account: Account, bob: User
) -> None:
    bobs, before = await visitor.signed_in_as(bob), await everything_of(account)
    hidden = routes(PART, MINE, OVERSEEN)
    assert {route: await ask(bobs, world, route) for route in hidden} == dict.fromkeys(hidden, 404)
    # Refused before anything is looked up, so that the answer does not tell which ids there are.
    assert {route: await ask(bobs, world, route) for route in routes(MANAGED)} == dict.fromkeys(routes(MANAGED), 403)
    assert await everything_of(account) == before
    for route in routes(OWN):
        assert await ask(bobs, world, route) < 500, route


async def test_it_lets_a_user_see_but_not_change_what_they_are_assigned_to(
    visitor: Visitor, world: World, account: Account, bob: User
) -> None:
    await assign(bob, world.item)
    bobs, before = await visitor.signed_in_as(bob), await everything_of(account)
    for route in routes(PART):
        method, path = world.address(route)
        # A piece of a page leads to its page, when it is asked for by itself.
        assert (await bobs.request(method, path, follow_redirects=True)).status_code == 200, route
    for route in routes(MANAGED):
        method, path = world.address(route)
        assert (await bobs.request(method, path)).status_code == 403, route
    assert await everything_of(account) == before


async def test_it_hides_the_whole_account_from_somebody_elses_administrator(
    visitor: Visitor, world: World, account: Account, charlie: User
) -> None:
    charlies, before = await visitor.signed_in_as(charlie), await everything_of(account)
    for route in ROUTES:
        if ROUTES[route] in {*PUBLIC, STREAM}:
            continue
        status = await ask(charlies, world, route)
        names_a_row = any(f"{{{name}}}" in route for name in world.ids if name not in {"day", "token", "area"})
        # Some lead to connecting Asana first, which Charlie's account has not done.
        assert status in {303, 404} if names_a_row else status < 500, (route, status)
    assert await everything_of(account) == before


@pytest.mark.parametrize("route", [route for route in ROUTES if route.startswith("POST") and ROUTES[route] != SIGNED])
async def test_it_refuses_a_form_without_its_token(visitor: Visitor, world: World, alice: User, route: str) -> None:
    alices = await visitor.signed_in_as(alice)
    del alices.headers["x-csrftoken"]
    method, path = world.address(route)
    assert (await alices.request(method, path)).status_code == 403


@pytest.mark.parametrize("route", [route for route in ROUTES if "{" in route and ROUTES[route] not in PUBLIC])
async def test_it_knows_nothing_by_an_id_that_no_row_can_have(
    visitor: Visitor, world: World, alice: User, route: str
) -> None:
    alices = await visitor.signed_in_as(alice)
    world.ids = dict.fromkeys(world.ids, 2**63)
    # The addresses that only lead back to their page look nothing up.
    assert await ask(alices, world, route) in {303, 404}
