"""A large tree made in a few statements: projects of ten lists each, tasks in them, subtasks below the first tenth."""

from app import database
from app.accounts.models import Account
from app.projects.models import WorkItem
from tests.factories import make_item

ITEMS = """
    WITH made AS (
        INSERT INTO work_item (account, kind, source, foreign_id, name)
        SELECT $1, $2::text, 'asana', $2::text || number, $3::text || ' ' || number
        FROM generate_series($4::integer, $5::integer) number
        RETURNING id, foreign_id
    )
    INSERT INTO placement (account, item, parent, position)
    SELECT $1, made.id, parent.id, substr(made.foreign_id, length($2::text) + 1)::integer
    FROM made JOIN work_item parent ON parent.account = $1 AND parent.source = 'asana'
        AND parent.foreign_id = $6 || (substr(made.foreign_id, length($2::text) + 1)::integer % $7::integer)
"""


async def make_large_tree(account: Account, tasks: int, projects: int = 20) -> WorkItem:
    """Names say the number: `Project 3`, `List 103`, `Paper 4711`. Returns the root."""
    root = await make_item(account, "Asana", "root", source="asana", foreign_id="root0")
    lists, subtasks = projects * 10, tasks // 10
    for kind, name, first, last, parent, parents in (
        ("project", "Project", 0, projects - 1, "root", 1),
        ("list", "List", 0, lists - 1, "project", projects),
        ("task", "Paper", 0, tasks - 1, "list", lists),
        ("task", "Page of", tasks, tasks + subtasks - 1, "task", tasks),
    ):
        await database.execute(ITEMS, account.id, kind, name, first, last, parent, parents)
    await database.execute("ANALYZE work_item, placement, assignment, way")
    return root


async def numbered(account: Account, name: str) -> WorkItem:
    item = await WorkItem.objects().get((WorkItem.account == account.id) & (WorkItem.name == name))
    assert item is not None
    return item
