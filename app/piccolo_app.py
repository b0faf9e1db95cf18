from pathlib import Path

from piccolo.conf.apps import AppConfig

from app.accounts.models import Account, Attempt, Invitation, PasswordReset, Session, User
from app.integrations.asana.models import (
    AsanaApplication,
    AsanaConnection,
    AsanaInvolvement,
    AsanaPerson,
    AsanaProjectState,
    AsanaTeam,
    AsanaWebhook,
    AsanaWorkspace,
    SyncRun,
    SyncTotal,
)
from app.projects.models import Assignment, Keyword, Placement, WorkItem
from app.timesheet.models import EntryChange, ProjectTime, Tag, TimeEntry, Undo
from app.timesheet.week.models import WeekRow

APP_CONFIG = AppConfig(
    app_name="sundial",
    migrations_folder_path=str(Path(__file__).parent.parent / "piccolo_migrations"),
    table_classes=[
        Account,
        User,
        Session,
        Invitation,
        PasswordReset,
        Attempt,
        WorkItem,
        Placement,
        Assignment,
        Keyword,
        Tag,
        TimeEntry,
        EntryChange,
        ProjectTime,
        Undo,
        WeekRow,
        AsanaApplication,
        AsanaConnection,
        AsanaWorkspace,
        AsanaPerson,
        AsanaTeam,
        AsanaInvolvement,
        AsanaProjectState,
        AsanaWebhook,
        SyncRun,
        SyncTotal,
    ],
    migration_dependencies=[],
)
