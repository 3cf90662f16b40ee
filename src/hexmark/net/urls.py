"""One strict reading of a URL that a stranger wrote, so that what was checked is what is asked."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from hexmark.net.addresses import is_canonical_ipv4, is_public, looks_like_ipv4
from hexmark.openbadges.errors import Unreachable

URL_CHARACTERS = 2048
_URL = re.compile(r"(?P<scheme>https?)://(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]/?#:@]+)(?::(?P<port>[^/?#@]*))?(?P<target>[/?][^#]*)?")
#: RFC 3986 characters of a path and query; anything else must come percent-encoded.
_TARGET = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PORTS = {"https": 443, "http": 80}
#: IDNA 2003 and 2008 map these to different names, so that two readers would ask two hosts.
_AMBIGUOUS_IN_NAMES = re.compile("[\u00df\u03c2\u200c\u200d]")


@dataclass(frozen=True, slots=True)
class Url:
    """A URL taken apart. `host` is lower case and punycode, without brackets or trailing dot; `target` begins with `/`."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """`scheme://host[:port]`, the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _PORTS[self.scheme] else f":{self.port}")

    def __str__(self) -> str:
        return self.origin + self.target


def parse_url(url: str) -> Url:
    """The URL taken apart, or refused.

    Raises:
        Unreachable: URL_MALFORMED (user info, fragment, backslash, white space, control or unencoded characters, no host),
            PORT_BLOCKED (not a number from 1 to 65535), SSRF_BLOCKED (a host written as a number in any but the canonical form).
    """
    if len(url) > URL_CHARACTERS:
        raise _malformed("it is too long")
    match = _URL.fullmatch(url)
    if match is None or not url.isprintable() or any(character in url for character in "\\ #"):
        raise _malformed("it is not a plain https address")
    target = match["target"] or "/"
    if not _TARGET.fullmatch(target):
        raise _malformed("its path holds characters that must be percent-encoded")
    scheme = match["scheme"]
    host = _host(match["host"])
    return Url(scheme, host, _port(match["port"], scheme), target if target.startswith("/") else f"/{target}")


def origin_of(url: str) -> str:
    """The URL's origin in canonical form, to compare exactly.

    Raises:
        Unreachable: as parse_url.
    """
    return parse_url(url).origin


def _malformed(why: str) -> Unreachable:
    return Unreachable(f"The address was not asked: {why}.", code="URL_MALFORMED")


def _port(text: str | None, scheme: str) -> int:
    if text is None:
        return _PORTS[scheme]
    if re.fullmatch(r"[0-9]{1,5}", text) and 1 <= int(text) <= 65535:
        return int(text)
    raise Unreachable(f"The address was not asked: {text[:20]!r} is not a port that may be used.", code="PORT_BLOCKED")


def _host(text: str) -> str:
    if text.startswith("["):
        try:
            return str(ipaddress.IPv6Address(text[1:-1]))
        except ValueError:
            raise _malformed("its IPv6 address is not one") from None
    name = _ascii_name(text).removesuffix(".")
    if is_canonical_ipv4(name):
        return name
    if looks_like_ipv4(name):
        raise Unreachable(f"The address was not asked: {name[:40]} is a number in disguise, not a host name.", code="SSRF_BLOCKED")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise _malformed("its host is not a host name")
    return name


def _ascii_name(text: str) -> str:
    if text.isascii():
        return text.lower()
    if _AMBIGUOUS_IN_NAMES.search(text):
        raise _malformed("its host has letters that different software reads as different names; write it in its xn-- form")
    try:
        return text.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise _malformed("its host is not a host name") from None


def refuse_inside(host: str) -> None:
    """Nothing happens for a host that may be public by its name or literal address; names are still to be resolved and checked.

    Raises:
        Unreachable: SSRF_BLOCKED for a literal address that is not public, `localhost`, and names without a dot.
    """
    literal = ":" in host or is_canonical_ipv4(host)
    inside = not is_public(host) if literal else "." not in host or host.endswith((".localhost", ".local", ".internal"))
    if inside:
        raise Unreachable(f"The address was not asked: {host[:80]} is not on the public internet.", code="SSRF_BLOCKED")
