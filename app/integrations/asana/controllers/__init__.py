from typing import Any

from app.integrations.asana.controllers.enable import AuthorizationsController
from app.integrations.asana.controllers.inviting import CoworkersController
from app.integrations.asana.controllers.settings import SettingsController
from app.integrations.asana.controllers.syncs import SyncsController
from app.integrations.asana.controllers.unlink import UnlinksController
from app.integrations.asana.controllers.webhooks import WebhooksController
from app.integrations.asana.controllers.wizard import DoneController, KeywordsController, WorkspacesController

ASANA_PAGES: list[Any] = [
    AuthorizationsController,
    WorkspacesController,
    CoworkersController,
    KeywordsController,
    DoneController,
    SettingsController,
    SyncsController,
    UnlinksController,
    WebhooksController,
]
