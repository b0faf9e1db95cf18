import pytest

from app.settings import BadSetting, Settings

GOOD = {"DATABASE_URL": "postgresql://localhost/sundial", "SECRET_KEY": "k" * 32}


def test_it_needs_a_database_and_a_key_and_no_more() -> None:
    settings = Settings.from_environ(GOOD)
    assert settings.queue_url == settings.database_url
    assert settings.asana_api_url == "https://app.asana.com/api/1.0"
    assert settings.asana_oauth_url == "https://app.asana.com/-"
    assert settings.sync_minutes == 15
    assert not settings.https


@pytest.mark.parametrize("name", GOOD)
def test_it_names_what_is_missing(name: str) -> None:
    with pytest.raises(BadSetting, match=name):
        Settings.from_environ({other: value for other, value in GOOD.items() if other != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://localhost/sundial"),
        ("QUEUE_URL", "amqp://localhost"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", f"{'k' * 32},short"),
        ("PUBLIC_URL", "sundial.example"),
        ("ASANA_API_URL", "ftp://asana"),
        ("ASANA_OAUTH_URL", "asana"),
        ("ASANA_WEBHOOKS", "yes"),
        ("SMTP_URL", "mail.example:25"),
        ("SMTP_URL", "smtp://mail.example:smtp"),
        ("PUBLIC_URL", "https://time.example:99999"),
        ("PUBLIC_URL", "https://[time.example"),
        ("MAIL_FROM", "nobody"),
        ("SYNC_MINUTES", "0"),
        ("SYNC_MINUTES", "often"),
        ("SYNC_MINUTES", "61"),
        ("METRICS_TOKEN", "short"),
        ("METRICS_TOKEN", "sixteen letters, ü"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_it_refuses_a_bad_value_by_name(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        Settings.from_environ({**GOOD, name: value})


def test_it_takes_addresses_with_or_without_a_slash_at_the_end() -> None:
    settings = Settings.from_environ({**GOOD, "PUBLIC_URL": "https://time.example/", "ASANA_API_URL": "http://x/api/"})
    assert settings.public_url == "https://time.example"
    assert settings.https
    assert settings.asana_api_url == "http://x/api"


def test_it_keeps_older_keys_for_decrypting() -> None:
    assert Settings.from_environ({**GOOD, "SECRET_KEY": f"{'n' * 32}, {'o' * 32}"}).secret_keys == ("n" * 32, "o" * 32)


@pytest.mark.parametrize(
    ("public_url", "asana_webhooks", "enabled"),
    [
        ("https://time.example", "", True),
        ("https://time.example", "off", False),
        ("http://time.example", "auto", False),
        ("http://time.example", "On", True),
    ],
)
def test_it_takes_webhooks_where_asana_can_send_them(public_url: str, asana_webhooks: str, enabled: bool) -> None:
    settings = Settings.from_environ({**GOOD, "PUBLIC_URL": public_url, "ASANA_WEBHOOKS": asana_webhooks})
    assert settings.webhooks_enabled is enabled
