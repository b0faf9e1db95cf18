"""The application registered with Asana, as the Enable page deals with it."""

from app.crypto import encrypt
from app.integrations.asana.models import AsanaApplication
from app.settings import load_settings

RETURN_PATH = "/integrations/asana/authorization/return"


def redirect_uri() -> str:
    """Asana sends people back only to an address that is registered there, letter by letter."""
    return load_settings().public_url + RETURN_PATH


def is_in_environment() -> bool:
    settings = load_settings()
    return bool(settings.asana_client_id and settings.asana_client_secret)


async def entered_client_id(account_id: int) -> str | None:
    """The id alone: the secret is never shown again."""
    entered = await AsanaApplication.objects().get(AsanaApplication.account == account_id)
    return entered.client_id if entered else None


async def save_application(account_id: int, client_id: str, client_secret: str) -> None:
    application = AsanaApplication(account=account_id, client_id=client_id, client_secret=encrypt(client_secret))
    await AsanaApplication.insert(application).on_conflict(
        target=AsanaApplication.account,
        action="DO UPDATE",
        values=[AsanaApplication.client_id, AsanaApplication.client_secret],
    )
