"""The installation's configuration: read once, refused with the way out where it cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from hexmark.configuration import ConfigurationError, database, read


def test_without_any_variable_it_is_a_local_installation_on_sqlite() -> None:
    configuration = read({})
    assert configuration.public_url == "http://localhost:8000"
    assert not configuration.secure
    assert not configuration.demo
    assert configuration.allowed_local_origins == frozenset()
    assert str(database(configuration)["NAME"]).endswith("hexmark.sqlite3")


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from a file\n")
    assert read({"HEXMARK_SECRET_KEY_FILE": str(file)}).secret_key == "from a file"


def test_a_secret_in_the_environment_comes_before_its_file(tmp_path: Path) -> None:
    assert read({"HEXMARK_SECRET_KEY": "here", "HEXMARK_SECRET_KEY_FILE": str(tmp_path / "none")}).secret_key == "here"


def test_a_secret_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="HEXMARK_SECRET_KEY_FILE names a file that cannot be read"):
        read({"HEXMARK_SECRET_KEY_FILE": str(tmp_path / "none")})


@pytest.mark.parametrize(
    "url", ["badges.example.org", "ftp://badges.example.org", "https://", "https://a.example/path", "https://a.example?x=1"]
)
def test_an_address_that_cannot_be_signed_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="HEXMARK_PUBLIC_URL must be like"):
        read({"HEXMARK_PUBLIC_URL": url})


def test_a_slash_at_the_end_of_the_address_does_no_harm() -> None:
    configuration = read({"HEXMARK_PUBLIC_URL": "https://badges.example.org/"})
    assert configuration.public_url == "https://badges.example.org"
    assert configuration.secure
    assert configuration.host == "badges.example.org"


def test_only_the_demo_may_ask_its_own_loopback_address() -> None:
    assert read({"HEXMARK_DEMO": "1"}).allowed_local_origins == {"http://localhost:8000"}
    assert read({"HEXMARK_DEMO": "0"}).allowed_local_origins == frozenset()


def test_a_flag_that_is_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="HEXMARK_DEMO must be 1 or 0"):
        read({"HEXMARK_DEMO": "perhaps"})


@pytest.mark.parametrize("count", ["-1", "two", "11", "1.5"])
def test_a_number_of_proxies_that_cannot_be_is_refused(count: str) -> None:
    with pytest.raises(ConfigurationError, match="HEXMARK_TRUSTED_PROXIES must be a number"):
        read({"HEXMARK_TRUSTED_PROXIES": count})


def test_nobody_is_believed_about_addresses_unless_proxies_are_named() -> None:
    assert read({}).trusted_proxies == 0
    assert read({"HEXMARK_TRUSTED_PROXIES": "1"}).trusted_proxies == 1


def test_postgresql_is_chosen_by_its_url() -> None:
    settings = database(read({"HEXMARK_DATABASE_URL": "postgresql://hexmark:secret@db.example:5433/badges"}))
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert (settings["HOST"], settings["PORT"], settings["NAME"], settings["USER"]) == ("db.example", "5433", "badges", "hexmark")


def test_a_password_is_read_as_a_url_writes_it() -> None:
    settings = database(read({"HEXMARK_DATABASE_URL": "postgresql://hex%40mark:p%40ss%2Fword%3A@db.example/badges"}))
    assert (settings["USER"], settings["PASSWORD"]) == ("hex@mark", "p@ss/word:")


def test_what_the_url_asks_of_the_driver_is_passed_on() -> None:
    settings = database(read({"HEXMARK_DATABASE_URL": "postgresql://db.example/badges?sslmode=verify-full&connect_timeout=5"}))
    assert settings["OPTIONS"] == {"sslmode": "verify-full", "connect_timeout": "5"}


@pytest.mark.parametrize("url", ["mysql://a/b", "postgresql://host", "badges.sqlite3", "postgresql://u:p@host:port/name"])
def test_another_database_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="HEXMARK_DATABASE_URL must be like"):
        database(read({"HEXMARK_DATABASE_URL": url}))


def test_name_servers_are_addresses_with_or_without_a_port() -> None:
    named = read({"HEXMARK_NAME_SERVERS": "192.0.2.53, [2001:db8::53]:5353"})
    assert named.name_servers == (("192.0.2.53", 53), ("2001:db8::53", 5353))
    with pytest.raises(ConfigurationError, match="HEXMARK_NAME_SERVERS must be addresses"):
        read({"HEXMARK_NAME_SERVERS": "ns.example.org"})
