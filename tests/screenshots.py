"""`python -m tests.screenshots`: the README's pictures, taken from a really running Sundial."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests import server

server.set_environment()

from tests.browser.stack import Stack  # noqa: E402
from tests.browser.steps import ALICE, decide, go_to_consent, set_up_account, sign_in  # noqa: E402
from tests.chromium import CHROMIUM, FLAGS  # noqa: E402

PICTURES = Path(__file__).parent / "screenshots"
# Minutes from the start of the day's work to that of an entry, its minutes, note and tags, and if it is billable.
DAY = [
    (0, 62, "", ["Design"], True),
    (62, 48, "second round with Priya", ["Meeting"], False),
    (140, 35, "", [], True),
]
RUNNING_FOR = timedelta(minutes=74, seconds=9)


def track_a_week(stack: Stack) -> None:
    """Alice's day, with a gap in it and a timer that has been running for a while, and the days before."""
    running_since = datetime.now(UTC) - RUNNING_FOR
    begin = running_since - timedelta(minutes=175)
    tasks = stack.query(
        """SELECT item.id FROM work_item item
        JOIN placement ON placement.item = item.id
        JOIN work_item list ON list.id = placement.parent AND list.kind = 'list'
        WHERE item.archived_at IS NULL AND length(item.name) BETWEEN 12 AND 44 AND item.name ~ '^[A-Za-z ,]+$'
        ORDER BY md5(item.name) LIMIT 4"""
    )
    for days_ago in range(7):
        before = timedelta(days=days_ago)
        for (task,), (start, length, *details) in list(zip(tasks, DAY, strict=False))[days_ago % 2 :]:
            started_at = begin - before + timedelta(minutes=start)
            add_entry(stack, task, started_at, started_at + timedelta(minutes=length + 7 * days_ago), *details)
    add_entry(stack, tasks[3][0], running_since, None, "", [], False)


def add_entry(
    stack: Stack,
    task: int,
    started_at: datetime,
    stopped_at: datetime | None,
    note: str,
    tags: list[str],
    billable: bool,
) -> None:
    for name in tags:
        stack.query(
            """INSERT INTO tag (account, name) SELECT account, %s FROM person WHERE email = %s
            ON CONFLICT DO NOTHING RETURNING id""",
            name,
            ALICE,
        )
    stack.query(
        """INSERT INTO time_entry (account, "user", item, project, started_at, stopped_at, note, billable, tags)
        SELECT person.account, person.id, %s, (
            WITH RECURSIVE above AS (
                SELECT parent FROM placement WHERE item = %s
                UNION SELECT placement.parent FROM placement JOIN above ON placement.item = above.parent)
            SELECT id FROM work_item JOIN above ON above.parent = id WHERE kind = 'project' LIMIT 1
        ), %s, %s, %s, %s, ARRAY(SELECT id FROM tag WHERE name = ANY (%s)) FROM person WHERE email = %s RETURNING id""",
        task,
        task,
        started_at,
        stopped_at,
        note,
        billable,
        tags,
        ALICE,
    )


def picture(page: Page, name: str, width: int = 1080, height: int = 720) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready")
    page.screenshot(path=PICTURES / f"{name}.png")


def take(stack: Stack, page: Page) -> None:
    stack.reset()
    set_up_account(page, stack)
    go_to_consent(page, stack)
    decide(page, "Allow")
    page.get_by_role("checkbox", name="All").check()
    picture(page, "wizard")

    stack.reset()
    stack.seed("--connected")
    track_a_week(stack)
    sign_in(page, stack.url, ALICE)
    picture(page, "timesheet")
    picture(page, "phone", 390, 844)
    page.goto(f"{stack.url}/timesheet/week")
    picture(page, "week")
    page.goto(f"{stack.url}/projects")
    open_some_branches(page)
    picture(page, "projects")


def open_some_branches(page: Page) -> None:
    for summary in page.locator("main details:not([open]) > summary").all()[:1]:
        summary.click()
        expect(page.locator("main details[open] li").first).to_be_visible()


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    stack = Stack()
    try:
        stack.start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            take(stack, browser.new_page(color_scheme="light"))
            browser.close()
    finally:
        stack.stop()


if __name__ == "__main__":
    main()
