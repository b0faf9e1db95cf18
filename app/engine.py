"""The connection to PostgreSQL, apart from Piccolo's configuration: that knows all tables, and the tables need this."""

from piccolo.engine.postgres import PostgresEngine

from app.settings import load_settings

DB = PostgresEngine(config={"dsn": load_settings().database_url}, extensions=())
