from piccolo.conf.apps import AppRegistry

from app.engine import DB

APP_REGISTRY = AppRegistry(apps=["app.piccolo_app"])

__all__ = ["APP_REGISTRY", "DB"]
