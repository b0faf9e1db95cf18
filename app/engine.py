"""The connection to PostgreSQL, apart from Piccolo's configuration: that knows all tables, and the tables need this."""

from piccolo.engine.postgres import PostgresEngine

from app.settings import load_settings

# Every question is small. PostgreSQL overestimates the recursive ones, and would compile them for longer than they run.
DB = PostgresEngine(config={"dsn": load_settings().database_url, "server_settings": {"jit": "off"}}, extensions=())
