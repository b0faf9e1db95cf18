"""What the office of `sundial bench picker` has beside its furniture, and who is asked there."""

# The SQL below is put together from pieces of this module.
# ruff: noqa: S608

# A list of thousands of tasks, in the first project.
BUSY_LIST = """
    WITH list AS (
        INSERT INTO work_item (account, kind, source, foreign_id, name)
        VALUES (1, 'list', 'asana', 'busy', 'Inbox') RETURNING id
    ), task AS (
        INSERT INTO work_item (account, kind, source, foreign_id, name)
        SELECT 1, 'task', 'asana', (1300000000000000 + n)::text, 'Letter ' || n FROM generate_series(1, 5000) n
        RETURNING id, foreign_id
    ), placed AS (
        INSERT INTO placement (account, item, parent, position)
        SELECT 1, task.id, list.id, (task.foreign_id::bigint - 1300000000000000)::integer FROM task, list
        UNION ALL SELECT 1, list.id, 2, 99 FROM list
    )
    SELECT id FROM list
"""

# The last person gets a tenth of the projects and every hundredth task.
HUNDREDS = """
    INSERT INTO assignment (account, "user", item, made_by)
    SELECT 1, (SELECT max(id) FROM person), id, 'hand' FROM work_item
    WHERE kind = 'project' AND id % 10 = 0 OR kind = 'task' AND id % 100 = 0
    ON CONFLICT DO NOTHING
"""


def having(condition: str) -> str:
    """The first person whose assignments meet the condition, and the first task that is theirs."""
    return f"""
        SELECT whose.person, way.item AS task, item.foreign_id AS gid, way.path[cardinality(way.path) - 1] AS parent,
               way.project, regexp_replace(project.name, '^\\D*', '') AS number
        FROM (
            SELECT "user" AS person, array_agg(item) AS items FROM assignment JOIN work_item ON work_item.id = item
            GROUP BY "user" HAVING {condition} ORDER BY 1 LIMIT 1
        ) whose
        JOIN way ON way.path && whose.items AND way.is_active
        JOIN work_item item ON item.id = way.item AND item.kind = 'task'
        JOIN work_item project ON project.id = way.project
        ORDER BY way.item LIMIT 1
    """


ASKERS = {
    "everything": having("bool_or(kind = 'root')"),
    "twelve tasks": having("bool_and(kind = 'task') AND count(*) = 12"),
    "five projects": having("bool_and(kind = 'project')"),
    "hundreds": having("bool_or(kind = 'task') AND bool_or(kind = 'project')"),
}
