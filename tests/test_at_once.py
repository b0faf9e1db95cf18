"""Every form sent twice at the same moment: no fault, and what should be there once is there once."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from litestar import Litestar

from app import database
from app.accounts.joining import create_user
from app.accounts.models import Account, Invitation, PasswordReset, User
from app.integrations.asana.models import AsanaConnection, AsanaWorkspace, SyncRun
from app.projects.models import Keyword
from app.settings import load_settings
from app.timesheet.models import Tag
from tests.browser_like import Visitor
from tests.factories import assign, make_account, make_entry, make_item, monday
from tests.test_access import ROUTES

PASSWORD = "correct horse battery"
JOINING = {"name": "Dora", "password": PASSWORD, "timezone": "UTC"}
PLAN = {"item": "{task}", "date": "2026-11-23", "start": "13:00", "end": "14:00", "note": "Twice"}

EIGHT, NINE, TEN = (f"2026-11-23T{hour:02}:00:00+00:00" for hour in (8, 9, 10))

BODIES: dict[str, dict[str, str]] = {
    "POST /sign-in": {"email": "alice@meridian.example", "password": PASSWORD},
    "POST /invitations/{token}": JOINING,
    "POST /password-reset": {"email": "alice@meridian.example"},
    "POST /password-reset/{token}": {"password": "another horse battery"},
    "POST /profile": {"name": "Alice", "timezone": "UTC", "week_start": "1", "clock": "24", "timer_limit": "9"},
    "POST /profile/password": {"current_password": PASSWORD, "new_password": "another horse battery"},
    "POST /people/invitations": {"emails": "erin@meridian.example", "role": "user"},
    "POST /people/{person}/role": {"role": "administrator"},
    "POST /integrations/asana/application": {"client_id": "123", "client_secret": "secret"},
    "POST /integrations/asana/personal-token": {"token": "some-token"},
    "POST /integrations/asana/workspaces": {"workspace": "2", "confirmed": "1"},
    "POST /integrations/asana/keywords": {"synchronize": "1"},
    "POST /projects/own": {"name": "Twice", "kind": "project"},
    "POST /projects/{item}/name": {"name": "Twice"},
    "POST /projects/{item}/place": {"parent": ""},
    "POST /projects/{item}/children": {"name": "Twice", "kind": "task"},
    "POST /projects/{item}/assignments": {"user": "{bob}"},
    "POST /projects/{item}/keywords": {"word": "twice"},
    "POST /timesheet/week/{day}": {"hours.{task}.{project}.2026-11-23": "1:30"},
    "POST /timesheet/week/{day}/rows": {"item": "{task}", "project": "{project}"},
    "POST /timesheet/week/{day}/rows/remove": {"row": "{task}-{project}"},
    "POST /timesheet/week/{day}/copy": {"what": "hours"},
    "POST /timer": {"item": "{task}", "project": "{project}", "note": "Twice"},
    "POST /entries": PLAN,
    "POST /entries/{entry}": PLAN,
    "POST /entries/{entry}/note": {"note": "Twice"},
    "POST /entries/{entry}/task": {"item": "{task}"},
    "POST /entries/{entry}/split": {"at": "9:30", "exact_start": NINE, "exact_end": TEN},
    "POST /entries/{entry}/merge": {"earlier": "{earlier}", "exact_start": EIGHT, "exact_end": TEN},
    "POST /entries/{entry}/trim": {"at": "2026-11-23T09:45:00+00:00"},
    "POST /entries/several/task": {"entry": "{entry}", "item": "{task}"},
    "POST /entries/several/task/remove": {"entry": "{entry}"},
    "POST /entries/several/tags": {"entry": "{entry}", "tags": "Twice, At once"},
    "POST /entries/several/tags/remove": {"entry": "{entry}", "tags": "Twice"},
    "POST /entries/several/billable": {"entry": "{entry}", "billable": "on"},
    "POST /entries/several/delete": {"entry": "{entry}"},
    "POST /entries/{entry}/tags": {"tags": "Twice, At once"},
    "POST /entries/{entry}/billable": {"billable": "on"},
    "POST /tags": {"name": "Twice"},
    "POST /tags/{tag}/name": {"name": "Twice"},
    "POST /tags/{tag}/merge": {"into": "{other_tag}"},
}

ONCE = {
    "person": "SELECT lower(email) FROM person GROUP BY 1 HAVING count(*) > 1",
    "open invitation": """SELECT lower(email) FROM invitation WHERE accepted_at IS NULL AND revoked_at IS NULL
        GROUP BY account, 1 HAVING count(*) > 1""",
    "assignment": 'SELECT item FROM assignment GROUP BY item, "user", made_by HAVING count(*) > 1',
    "keyword": "SELECT word FROM keyword GROUP BY item, word HAVING count(*) > 1",
    "place": "SELECT item FROM placement GROUP BY item, parent HAVING count(*) > 1",
    "running timer": 'SELECT "user" FROM time_entry WHERE stopped_at IS NULL GROUP BY 1 HAVING count(*) > 1',
    "tag": "SELECT lower(name) FROM tag GROUP BY account, 1 HAVING count(*) > 1",
    "entry": """SELECT started_at FROM time_entry GROUP BY "user", item, project, note, started_at, stopped_at
        HAVING count(*) > 2""",
    "undo": 'SELECT steps FROM undo GROUP BY "user", verb, steps HAVING count(*) > 1',
    "copied entry": "SELECT note FROM time_entry WHERE note = 'Weekly' GROUP BY note, started_at HAVING count(*) > 1",
    "hours typed": """SELECT item FROM time_entry WHERE stopped_at - started_at = '1:30' AND note = ''
        GROUP BY "user", item HAVING count(*) > 1""",
    "row of a week": 'SELECT item FROM week_row GROUP BY "user", week, item, project HAVING count(*) > 1',
    "open run": "SELECT connection FROM sync_run WHERE state = 'queued' GROUP BY 1 HAVING count(*) > 1",
}


class Office:
    alice: User
    ids: dict[str, object]

    async def open(self) -> None:
        account = await make_account()
        self.alice = await create_user(account, "Alice Hartmann", "alice@meridian.example", PASSWORD, "administrator")
        bob = await create_user(account, "Bob Okafor", "bob@meridian.example", PASSWORD, "user")
        root = await make_item(account, "Asana", "root", source="asana")
        project = await make_item(account, "Work", "project", root, source="asana", foreign_id="1")
        item = await make_item(account, "Plans", "task", project, source="asana", foreign_id="2")
        ours = await make_item(account, "Meetings", kind="task")
        await assign(self.alice, item)
        earlier = await make_entry(self.alice, item, started_at=monday(8), stopped_at=monday(9))
        entry = await make_entry(self.alice, item, started_at=monday(9), stopped_at=monday(10))
        week_before = monday(9) - timedelta(days=7)
        await make_entry(self.alice, item, week_before, stopped_at=week_before + timedelta(hours=1), note="Weekly")
        keyword = Keyword(account=account.id, item=ours.id, word="plans", made_by="hand")
        await keyword.save()
        self.ids = {
            "item": item.id,
            "task": item.id,
            "project": project.id,
            "entry": entry.id,
            "earlier": earlier.id,
            "keyword": keyword.id,
            "bob": bob.id,
        }
        tags = [Tag(account=account.id, name=name) for name in ("Plans", "Meeting")]
        for tag in tags:
            await tag.save()
        self.ids |= {"tag": tags[0].id, "other_tag": tags[1].id}
        self.ids |= {"person": bob.id, "assignment": (await assign(bob, ours)).id}
        invitation, link = await Invitation.invite(account.id, "dora@meridian.example", "Dora", "user", self.alice.id)
        self.ids |= {"day": "2026-11-23", "key": "an-address-nobody-was-given"}
        self.ids |= {"invitation": invitation.id, "token": link.rsplit("/", 1)[-1]}
        await self.connect(account)

    async def connect(self, account: Account) -> None:
        connection = AsanaConnection(
            account=account.id, connected_by=self.alice.id, authorized_by="personal_token", asana_user_gid="1"
        )
        await connection.save()
        await AsanaWorkspace(connection=connection.id, gid="2", name="Workspace", is_selected=True).save()
        await AsanaWorkspace(connection=connection.id, gid="3", name="Other", is_selected=True).save()
        await SyncRun(account=account.id, connection=connection.id, trigger="forced", state="done").save()

    def address(self, route: str) -> str:
        return route.removeprefix("POST ").format(**self.ids)

    def body(self, route: str) -> dict[str, str]:
        return {name.format(**self.ids): value.format(**self.ids) for name, value in BODIES.get(route, {}).items()}


@pytest.fixture
async def office(committed: None) -> Office:
    office = Office()
    await office.open()
    return office


@pytest.fixture(autouse=True)
def asana_is_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("ASANA_API_URL", "ASANA_OAUTH_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    load_settings.cache_clear()
    yield
    monkeypatch.undo()
    load_settings.cache_clear()


async def at_once(visitors: list[Visitor], path: str, data: dict[str, str]) -> list[int]:
    answers = await asyncio.gather(*(visitor.post(path, data=data) for visitor in visitors))
    return [answer.status_code for answer in answers]


async def what_is_there_twice() -> dict[str, Any]:
    found = {name: await database.fetch(question) for name, question in ONCE.items()}
    return {name: rows for name, rows in found.items() if rows}


@pytest.mark.parametrize("route", [route for route in ROUTES if route.startswith("POST")])
async def test_it_takes_a_form_sent_twice(app: Litestar, office: Office, route: str) -> None:
    if route == "POST /password-reset/{token}":
        office.ids["token"] = (await PasswordReset.make(office.alice.id)).rsplit("/", 1)[-1]
    alices = await Visitor(app).signed_in_as(office.alice)
    statuses = await at_once([alices, alices], office.address(route), office.body(route))
    assert max(statuses) < 500, statuses
    assert await what_is_there_twice() == {}


async def test_it_sets_up_once(app: Litestar, committed: None) -> None:
    forms = {"company": "Meridian", "email": "alice@meridian.example", **JOINING}
    assert max(await at_once([Visitor(app) for _ in range(5)], "/setup", forms)) < 500
    assert await database.fetch_value("SELECT count(*) FROM account") == 1


async def test_it_lets_one_of_several_join(app: Litestar, office: Office) -> None:
    path = office.address("POST /invitations/{token}")
    assert max(await at_once([Visitor(app) for _ in range(5)], path, JOINING)) < 500
    assert await database.fetch_value("SELECT count(*) FROM person WHERE email = 'dora@meridian.example'") == 1


async def test_it_runs_one_timer_of_twenty(app: Litestar, office: Office) -> None:
    alices = await Visitor(app).signed_in_as(office.alice)
    statuses = await at_once([alices] * 20, "/timer", office.body("POST /timer"))
    assert max(statuses) < 500, statuses
    assert await database.fetch_value("SELECT count(*) FROM time_entry WHERE stopped_at IS NULL") == 1


async def test_it_synchronizes_once_for_ten_people(app: Litestar, office: Office) -> None:
    everybody = [await Visitor(app).signed_in_as(office.alice) for _ in range(10)]
    assert max(await at_once(everybody, "/integrations/asana/syncs", {})) < 500
    assert await database.fetch_value("SELECT count(*) FROM sync_run WHERE state = 'queued'") == 1
    with psycopg.connect(load_settings().database_url) as other:
        assert other.execute("SELECT count(*) FROM saq_jobs WHERE status = 'queued'").fetchone() == (1,)
