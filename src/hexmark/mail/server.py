"""The mail server that an installation sends through, read from one address."""

from __future__ import annotations

from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import parse_qsl, unquote, urlsplit

from hexmark.errors import NotConfigured

_LIKE = "HEXMARK_SMTP_URL must be like smtp://user:password@mail.example.org:587?starttls=1 or smtps://user:password@mail.example.org."
_FROM_LIKE = "HEXMARK_MAIL_FROM must be like badges@example.org or Example Badges <badges@example.org>."
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over, and how the line is encrypted: from the first byte (`tls`), after a greeting (`starttls`), or not."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: bool = False
    starttls: bool = False

    def __str__(self) -> str:
        """Without the password."""
        return f"{self.host}:{self.port}"


def parse_server(url: str) -> Server | None:
    """The server that the URL names; None for an empty one.

    Raises:
        NotConfigured: it is no such URL, or would send a password over a line that everybody can read.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotConfigured(f"{_LIKE} What is in a password and means something in a URL is written as %40.") from error
    options = dict(parse_qsl(parts.query))
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/") or set(options) - {"starttls"}:
        raise NotConfigured(_LIKE)
    tls = parts.scheme == "smtps"
    starttls = not tls and options.get("starttls", "0") in ("1", "true", "yes")
    if parts.username and not (tls or starttls or parts.hostname in _LOOPBACK):
        raise NotConfigured("HEXMARK_SMTP_URL holds a password, so the line must be encrypted: use smtps:// or add ?starttls=1.")
    usual = 465 if tls else 587 if starttls else 25
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.hostname, port or usual, user, password, tls=tls, starttls=starttls)


def parse_sender(text: str) -> str:
    """The sender as it stands in a From header.

    Raises:
        NotConfigured: it is no address with or without a name.
    """
    name, address = parseaddr(text)
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or not text.isprintable():
        raise NotConfigured(_FROM_LIKE)
    try:
        return str(Address(display_name=name, addr_spec=address))
    except (ValueError, HeaderParseError) as error:
        raise NotConfigured(_FROM_LIKE) from error
