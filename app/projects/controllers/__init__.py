from app.projects.controllers.assignments import AssignmentsController
from app.projects.controllers.items import ItemsController
from app.projects.controllers.keywords import KeywordsController
from app.projects.controllers.own import OwnItemsController
from app.projects.controllers.tree import TreeController

PROJECT_PAGES = [TreeController, ItemsController, OwnItemsController, AssignmentsController, KeywordsController]
