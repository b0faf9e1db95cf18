"""The statements that furnish an office. Ids follow from numbers: root, projects, their lists, their tasks."""

# The SQL below is put together from pieces of this module; values are parameters.
# ruff: noqa: S608

from functools import reduce

TASKS_IN_A_PROJECT = 250
ENTRIES_A_DAY = 6
DAYS_A_WEEK = 5

FIRST_NAMES = (
    "Ada Bruno Chidi Dora Emil Farah Goran Hana Ilan Jana Kofi Lena Milo Nadia Oskar Priya Quinn Rosa Sven Talia"
)
LAST_NAMES = (
    "Adler Bakker Costa Diallo Eriksen Fontana Gruber Haas Ivanov Jensen Keller Larsen Moreau Novak Otieno Petit"
)
DOING = (
    "Review Draft Plan Fix Test Prepare Update Translate Measure Order Discuss Design Check Migrate Document Publish"
)
THINGS = (
    "invoice contract brochure website newsletter budget report dashboard warehouse training catalogue schedule survey "
    "prototype audit roadmap packaging interview workshop forecast checkout manual label poster"
)
CLIENTS = "Ashdown Birchfield Corvane Dunmere Eastlake Farrow Glenholt Harrowby Inverlea Juniper Kestrel Lindqvist"
LISTS_OF_A_PROJECT = "(ARRAY['Backlog', 'Next', 'In progress', 'Waiting'])"
NOTES = "call with the client,second draft,as discussed on Monday,waited for an answer,setting up"
NUMBERED = ("account", "person", "tag", "work_item", "asana_connection")


def chance(of: object, *numbers: str) -> str:
    """A number below `of`, always the same for the same numbers."""
    seed = reduce(lambda high, low: f"(({high}) * 7919 + {low})", numbers)
    return f"((hashint8(({seed})::bigint) & 1073741823) % ({of})::bigint)"


def one_of(words: str, *numbers: str, separator: str = " ") -> str:
    choices = words.split(separator)
    return f"(string_to_array('{separator.join(choices)}', '{separator}'))[1 + {chance(len(choices), *numbers)}]"


def project_of(task: str) -> str:
    """The number of the project that the task with this number is in."""
    return f"(1 + ({task} - 1) / {TASKS_IN_A_PROJECT})"


ACCOUNT = "INSERT INTO account (id, name, timezone) VALUES (1, 'Meridian Works', $1)"

# $1 is how many, $2 their time zone, $3 the weekday on which their weeks begin.
PEOPLE = f"""
    INSERT INTO person (id, account, name, email, role, timezone, week_start, last_seen_at)
    SELECT n, 1, {one_of(FIRST_NAMES, "n", "1")} || ' ' || {one_of(LAST_NAMES, "n", "2")},
           'person' || n || '@meridian.example', CASE WHEN n % 50 = 1 THEN 'administrator' ELSE 'user' END,
           $2::text, $3::smallint, now()
    FROM generate_series(1, $1::bigint) n
"""

TAGS = """
    INSERT INTO tag (id, account, name)
    SELECT n, 1, word FROM unnest(ARRAY['travel', 'meeting', 'overtime', 'support', 'research', 'remote'])
    WITH ORDINALITY tag(word, n)
"""

ROOT = """
    INSERT INTO work_item (id, account, kind, source, foreign_id, name, last_seen_at)
    VALUES (1, 1, 'root', 'asana', '1', 'Asana', now())
"""

# $1 is how many projects there are.
PROJECTS = f"""
    WITH project AS (
        INSERT INTO work_item (id, account, kind, source, foreign_id, name, permalink, last_seen_at)
        SELECT 1 + n, 1, 'project', 'asana', 'p' || n,
               {one_of(CLIENTS, "n", "3")} || ' ' || {one_of(THINGS, "n", "4")} || ' ' || n,
               'https://app.asana.com/0/' || n || '/list', now()
        FROM generate_series(1, $1::bigint) n
    )
    INSERT INTO placement (account, item, parent, position) SELECT 1, 1 + n, 1, n FROM generate_series(1, $1::bigint) n
"""
LISTS = f"""
    WITH list AS (
        SELECT 1 + $1::bigint + n AS id, 2 + (n - 1) / 4 AS parent, (n - 1) % 4 AS place
        FROM generate_series(1, 4 * $1::bigint) n
    ), item AS (
        INSERT INTO work_item (id, account, kind, source, foreign_id, name, last_seen_at)
        SELECT id, 1, 'list', 'asana', 'l' || id, {LISTS_OF_A_PROJECT}[1 + place], now() FROM list
    )
    INSERT INTO placement (account, item, parent, position) SELECT 1, id, parent, place FROM list
"""

# $1 is how many projects there are, $2 how many tasks. Of every ten tasks of a project the eighth has two below it.
# One in twenty is completed, another one in twenty is in the next project too.
TASK = f"""
    task AS (
        SELECT n, 1 + 5 * $1::bigint + n AS id, (n - 1) % {TASKS_IN_A_PROJECT} AS place, n % 20 = 5 AS is_completed,
               {project_of("n")} AS project
        FROM generate_series(1, $2::bigint) n
    )
"""
TASKS = f"""
    WITH {TASK}, item AS (
        INSERT INTO work_item (id, account, kind, source, foreign_id, name, permalink, archived_at, archived_reason,
                               last_seen_at)
        SELECT id, 1, 'task', 'asana', (1200000000000000 + n)::text,
               {one_of(DOING, "n", "5")} || ' ' || {one_of(THINGS, "n", "6")} || ' for ' || {one_of(CLIENTS, "n", "7")},
               'https://app.asana.com/0/' || project || '/' || (1200000000000000 + n),
               CASE WHEN is_completed THEN now() END, CASE WHEN is_completed THEN 'completed' END, now()
        FROM task
    )
    INSERT INTO placement (account, item, parent, position)
    SELECT 1, id, CASE WHEN place % 10 > 7 THEN id - (place % 10 - 7) ELSE $1 + 2 + 4 * (project - 1) + n % 4 END, place
    FROM task
"""
SECOND_PLACES = f"""
    WITH {TASK}
    INSERT INTO placement (account, item, parent, position) SELECT 1, id, project + 2, place FROM task
    WHERE n % 20 = 3 AND project < $1
"""
KEYWORDS = f"""
    WITH {TASK}
    INSERT INTO keyword (account, item, word, made_by) SELECT 1, id, {one_of(THINGS, "n", "8")}, 'asana' FROM task
    WHERE n % 10 = 0
"""

# $1 and $2 as above, $3 how many people there are. Twelve tasks of everybody's that their time is for.
OWN_TASKS = f"""
    CREATE TEMPORARY TABLE own_task ON COMMIT DROP AS
    SELECT person, number, 1 + 5 * $1::bigint + task AS item, 1 + {project_of("task")} AS project
    FROM generate_series(1, $3::bigint) person, generate_series(0, 11) number, LATERAL (
        SELECT 1 + CASE WHEN person % 20 BETWEEN 1 AND 11 THEN {chance("$2", "person", "number")}
                        ELSE ({TASKS_IN_A_PROJECT} * {chance("$1", "person", "number % 5")}
                              + {chance(TASKS_IN_A_PROJECT, "person", "number")}) % $2::bigint END AS task
    ) choice
"""

# $1 is how many people there are.
ASSIGNMENTS = """
    INSERT INTO assignment (account, "user", item, made_by)
    SELECT DISTINCT 1, person,
           CASE WHEN person % 20 = 1 THEN 1 WHEN person % 20 BETWEEN 2 AND 11 THEN item ELSE project END, 'asana'
    FROM own_task WHERE person <= $1
"""

# $1 is how many people there are, $2 how many entries, $3 the time zone. The last is of today, everybody has six a day.
ENTRIES = f"""
    WITH entry AS (
        SELECT n, 1 + n % $1::bigint AS person, ($2::bigint - 1) / $1 - n / $1 AS back
        FROM generate_series(0, $2::bigint - 1) n
    ), dated AS (
        SELECT n, person, {ENTRIES_A_DAY - 1} - back % {ENTRIES_A_DAY} AS place,
               back / {ENTRIES_A_DAY} / {DAYS_A_WEEK} * 7 + back / {ENTRIES_A_DAY} % {DAYS_A_WEEK} AS days_ago
        FROM entry
    ), timed AS (
        SELECT n, person, (
            (now() AT TIME ZONE $3)::date - days_ago::integer + time '8:00' + place * interval '75 minutes'
            + {chance(600, "n", "9")} * interval '1 second') AT TIME ZONE $3 AS started_at
        FROM dated
    )
    INSERT INTO time_entry (account, "user", item, project, started_at, stopped_at, note, tags, billable)
    SELECT 1, person, item, project, started_at, started_at + (3000 + {chance(1260, "n", "10")}) * interval '1 second',
           CASE WHEN n % 5 < 2 THEN {one_of(NOTES, "n", "11", separator=",")} ELSE '' END,
           CASE WHEN n % 3 = 0 THEN ARRAY[1 + {chance(6, "n", "12")}] ELSE '{{}}' END, n % 2 = 0
    FROM timed JOIN own_task USING (person) WHERE number = {chance(12, "n", "13")}
    ORDER BY n
"""
# A third of the people are at something just now.
RUNNING = """
    INSERT INTO time_entry (account, "user", item, project, started_at)
    SELECT 1, person, item, project, now() - interval '25 minutes'
    FROM own_task WHERE person % 3 = 0 AND number = 0 AND person <= $1
"""

# What a trigger would have kept.
PROJECT_TIME = """
    INSERT INTO project_time (account, project, length)
    SELECT account, project, sum(stopped_at - started_at) FROM time_entry WHERE stopped_at IS NOT NULL GROUP BY 1, 2
"""

CONNECTION = """
    WITH connection AS (
        INSERT INTO asana_connection (id, account, connected_by, authorized_by, asana_user_gid, keywords_enabled,
                                      requests_per_minute, complete_read_at)
        VALUES (1, 1, 1, 'oauth', '1', true, 1500, now())
    )
    INSERT INTO asana_workspace (connection, gid, name, is_selected) VALUES (1, '1', 'Meridian Works', true)
"""
RUNS = """
    INSERT INTO sync_run (account, connection, trigger, kind, state, started_at, finished_at)
    SELECT 1, 1, 'periodic', 'catch_up', 'done', at, at
    FROM generate_series(now() - interval '1 day', now() - interval '4 minutes', interval '15 minutes') at
"""

# What a trigger would have done.
WAYS = "SELECT refresh_ways(account, array_agg(id)) FROM work_item GROUP BY account"


def next_number(table: str) -> str:
    """Has new rows numbered after those that were given their ids here."""
    return f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
