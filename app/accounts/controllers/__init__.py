from typing import Any

from app.accounts.controllers.invitations import InvitationController, InvitationsController
from app.accounts.controllers.joining import JoiningController
from app.accounts.controllers.password_resets import PasswordResetController, PasswordResetsController
from app.accounts.controllers.people import PeopleController, PersonController
from app.accounts.controllers.profile import ProfileController
from app.accounts.controllers.sessions import SignInController, home, sign_out_here
from app.accounts.controllers.setup import SetupController

ACCOUNT_PAGES: list[Any] = [
    home,
    SetupController,
    SignInController,
    sign_out_here,
    JoiningController,
    PasswordResetsController,
    PasswordResetController,
    PeopleController,
    PersonController,
    InvitationsController,
    InvitationController,
    ProfileController,
]
