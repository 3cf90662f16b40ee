"""The installation's configuration: one typed object read from the environment.

Every variable begins with `HEXMARK_`; secrets may come from a file named by the same variable with `_FILE` at its end.
Business settings (words, colours, validity) belong to an organisation and live in the database, not here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from hexmark.errors import NotConfigured
from hexmark.mail.server import parse_sender, parse_server

PREFIX = "HEXMARK_"


class ConfigurationError(NotConfigured):
    """A variable is missing or cannot be read; the message names it and says how to supply it."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What an installation decides once."""

    #: Where people reach this installation, without a slash at the end; part of every signed badge file, so it must not change.
    public_url: str
    data_dir: Path
    secret_key: str
    #: Empty: SQLite in the data directory.
    database_url: str
    #: Whether this is the demo: keys and secrets may then be made in the data directory.
    demo: bool
    debug: bool
    allowed_local_origins: frozenset[str]
    #: Name servers that are asked for a domain's text records, as (address, port); none: those of this machine.
    name_servers: tuple[tuple[str, int], ...]
    #: The key that encrypts private signing keys, as text.
    key_encryption_key: str
    #: How many proxies of our own stand before the site: so many addresses at the end of X-Forwarded-For are theirs.
    trusted_proxies: int
    #: How many API requests a minute one key may make, and one address without a key; 0 is no limit.
    api_key_rate: int
    api_visitor_rate: int
    #: How many searches of the directory one address may make a minute, in each process; 0 is no limit.
    search_rate: int
    #: Where mail is handed over; empty: it waits in the outbox.
    smtp_url: str
    #: Whom mail is from, as it stands in the header.
    mail_from: str

    @property
    def host(self) -> str:
        """Host and port of the public address."""
        return urlsplit(self.public_url).netloc

    @property
    def secure(self) -> bool:
        """Whether the public address is https."""
        return self.public_url.startswith("https://")


def _secret(environment: Mapping[str, str], name: str) -> str:
    if value := environment.get(PREFIX + name):
        return value
    if file := environment.get(f"{PREFIX}{name}_FILE"):
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigurationError(f"{PREFIX}{name}_FILE names a file that cannot be read: {error}") from error
    return ""


def _flag(environment: Mapping[str, str], name: str) -> bool:
    value = environment.get(PREFIX + name, "").strip().lower()
    if value not in ("", "0", "1", "false", "true", "no", "yes"):
        raise ConfigurationError(f"{PREFIX}{name} must be 1 or 0, not {value!r}.")
    return value in ("1", "true", "yes")


def _count(environment: Mapping[str, str], name: str) -> int:
    value = environment.get(PREFIX + name, "").strip() or "0"
    if not value.isascii() or not value.isdigit() or int(value) > 10:
        raise ConfigurationError(f"{PREFIX}{name} must be a number from 0 to 10, not {value!r}.")
    return int(value)


def _mail(environment: Mapping[str, str], public_url: str) -> tuple[str, str]:
    """Where mail is handed over and whom it is from, both checked."""
    url, sender = _secret(environment, "SMTP_URL"), environment.get(f"{PREFIX}MAIL_FROM", "").strip()
    if url and not sender:
        raise ConfigurationError(f"{PREFIX}SMTP_URL needs {PREFIX}MAIL_FROM, such as Example Badges <badges@example.org>.")
    try:
        parse_server(url)
        return url, parse_sender(sender) if sender else f"hexmark@{urlsplit(public_url).hostname}"
    except NotConfigured as error:
        raise ConfigurationError(str(error)) from error


def _name_servers(environment: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    """Addresses, each with a port or on 53."""
    named = [part.strip() for part in environment.get(f"{PREFIX}NAME_SERVERS", "").split(",") if part.strip()]
    found = []
    for part in named:
        try:
            parts = urlsplit(f"//{part}")
            found.append((str(ip_address(parts.hostname or "")), parts.port or 53))
        except ValueError as error:
            raise ConfigurationError(f"{PREFIX}NAME_SERVERS must be addresses such as 192.0.2.53 or [2001:db8::53]:53.") from error
    return tuple(found)


def _rate(environment: Mapping[str, str], name: str, usual: int) -> int:
    value = environment.get(PREFIX + name, "").strip() or str(usual)
    if not value.isascii() or not value.isdigit() or len(value) > 7:
        raise ConfigurationError(f"{PREFIX}{name} must be a number of requests a minute, or 0 for no limit, not {value!r}.")
    return int(value)


def _public_url(environment: Mapping[str, str]) -> str:
    url = environment.get(f"{PREFIX}PUBLIC_URL", "http://localhost:8000").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query or parts.fragment:
        raise ConfigurationError(f"{PREFIX}PUBLIC_URL must be like https://badges.example.org, not {url!r}.")
    return url


def read(environment: Mapping[str, str] = os.environ) -> Configuration:
    """The configuration that these variables describe.

    Raises:
        ConfigurationError: a variable cannot be used.
    """
    public_url = _public_url(environment)
    demo = _flag(environment, "DEMO")
    smtp_url, mail_from = _mail(environment, public_url)
    origins = {origin.strip() for origin in environment.get(f"{PREFIX}ALLOW_LOCAL_ORIGIN", "").split(",") if origin.strip()}
    return Configuration(
        public_url=public_url,
        data_dir=Path(environment.get(f"{PREFIX}DATA_DIR", "data")).resolve(),
        secret_key=_secret(environment, "SECRET_KEY"),
        database_url=_secret(environment, "DATABASE_URL"),
        demo=demo,
        debug=_flag(environment, "DEBUG"),
        name_servers=_name_servers(environment),
        # Only the demo verifies its own loopback address by link (a public installation has a public address).
        allowed_local_origins=frozenset(origins | ({public_url} if demo else set())),
        key_encryption_key=_secret(environment, "KEY_ENCRYPTION_KEY"),
        trusted_proxies=_count(environment, "TRUSTED_PROXIES"),
        api_key_rate=_rate(environment, "API_KEY_RATE", 600),
        api_visitor_rate=_rate(environment, "API_VISITOR_RATE", 60),
        search_rate=_rate(environment, "SEARCH_RATE", 120),
        smtp_url=smtp_url,
        mail_from=mail_from,
    )


def database(configuration: Configuration) -> dict[str, object]:
    """Django's database settings: SQLite in the data directory, or what the database URL names.

    Raises:
        ConfigurationError: the URL is not one of PostgreSQL.
    """
    if not configuration.database_url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": configuration.data_dir / "hexmark.sqlite3",
            "OPTIONS": {
                # IMMEDIATE takes the write lock at BEGIN, so that a transaction waits its turn instead of failing half-way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL, because a commit that a power cut takes back could give a status index to a second credential.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA mmap_size=134217728;",
            },
        }
    return _postgresql(configuration.database_url)


def _postgresql(url: str) -> dict[str, object]:
    like = "HEXMARK_DATABASE_URL must be like postgresql://user:password@host:5432/name."
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ConfigurationError(f"{like} What is in a password and means something in a URL is written as %40.") from error
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ConfigurationError(like)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        # What the driver is told besides, such as sslmode=verify-full: dropping it in silence would drop the encryption.
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
    }
