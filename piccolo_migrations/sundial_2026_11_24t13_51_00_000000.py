"""What Piccolo's columns cannot say: partial and unique indexes, checks, and the search column."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-24T13:51:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes and checks"

# Words of names are separated by any punctuation, so that `UI/UX` or `v2.0` is found by each of its parts.
PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
LITERAL = PUNCTUATION.replace("'", "''")
SPACES = " " * len(PUNCTUATION)

ACCOUNTS = (
    "CREATE UNIQUE INDEX person_email ON person (lower(email))",
    "CREATE INDEX person_account ON person (account)",
    'CREATE INDEX session_of_user ON session ("user")',
    "CREATE INDEX invitation_account ON invitation (account)",
    # Inviting an address again renews its open invitation.
    """CREATE UNIQUE INDEX invitation_one_open ON invitation (account, lower(email))
        WHERE accepted_at IS NULL AND revoked_at IS NULL""",
    'CREATE INDEX password_reset_of_user ON password_reset ("user")',
    "CREATE INDEX attempt_kind_key ON attempt (kind, key, made_at)",
)

PROJECTS = (
    "CREATE UNIQUE INDEX work_item_foreign ON work_item (account, source, foreign_id) WHERE foreign_id IS NOT NULL",
    "CREATE UNIQUE INDEX work_item_one_root ON work_item (account, source) WHERE kind = 'root'",
    "CREATE INDEX work_item_kind ON work_item (account, kind)",
    f"""ALTER TABLE work_item ADD COLUMN search tsvector GENERATED ALWAYS AS (
        to_tsvector('simple', translate(left(name, 2000), '{LITERAL}', '{SPACES}'))) STORED""",
    "CREATE INDEX work_item_search ON work_item USING gin (search)",
    "ALTER TABLE work_item ADD CONSTRAINT archived_for_a_reason CHECK ((archived_at IS NULL) = (archived_reason IS NULL))",
    "CREATE UNIQUE INDEX placement_once ON placement (item, parent)",
    "CREATE INDEX placement_parent ON placement (parent, position)",
    "ALTER TABLE placement ADD CONSTRAINT not_under_itself CHECK (item <> parent)",
    'CREATE UNIQUE INDEX assignment_once ON assignment ("user", item, made_by)',
    "CREATE INDEX assignment_item ON assignment (item)",
    "CREATE UNIQUE INDEX keyword_once ON keyword (item, word, made_by)",
    "CREATE INDEX keyword_word ON keyword (account, lower(word))",
    "CREATE INDEX keyword_prefix ON keyword (account, lower(word) text_pattern_ops)",
)

TIMESHEET = (
    'CREATE UNIQUE INDEX time_entry_one_running ON time_entry ("user") WHERE stopped_at IS NULL',
    'CREATE INDEX time_entry_by_day ON time_entry ("user", started_at)',
    # A week's entries are found by when they ended, so that years of earlier ones are not read.
    'CREATE INDEX time_entry_by_end ON time_entry ("user", stopped_at)',
    "CREATE INDEX time_entry_item ON time_entry (item)",
    "CREATE INDEX time_entry_project ON time_entry (project)",
    "ALTER TABLE time_entry ADD CONSTRAINT stops_after_it_starts CHECK (stopped_at > started_at)",
)

ASANA = (
    "CREATE UNIQUE INDEX asana_workspace_once ON asana_workspace (connection, gid)",
    "CREATE UNIQUE INDEX asana_person_once ON asana_person (connection, gid)",
    "CREATE INDEX asana_person_email ON asana_person (lower(email))",
    'CREATE INDEX asana_person_user ON asana_person ("user")',
    "CREATE UNIQUE INDEX asana_involvement_once ON asana_involvement (person, item)",
    "CREATE INDEX asana_involvement_item ON asana_involvement (item)",
    # One run waits while another is performed: what was asked for meanwhile may need a pass that begins after it.
    "CREATE UNIQUE INDEX sync_run_one_queued ON sync_run (connection) WHERE state = 'queued'",
    "CREATE UNIQUE INDEX sync_run_one_running ON sync_run (connection) WHERE state = 'running'",
    "CREATE INDEX sync_run_latest ON sync_run (connection, id DESC)",
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="sundial", description=DESCRIPTION)

    async def run():
        for statement in (*ACCOUNTS, *PROJECTS, *TIMESHEET, *ASANA):
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
