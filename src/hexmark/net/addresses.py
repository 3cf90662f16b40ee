"""Which addresses belong to the public internet: our own table, because the standard library's answers differ by its version.

Anything that a server of ours could reach and a stranger could not is refused: private and link-local networks, cloud metadata,
carrier-grade NAT, and every IPv6 form that carries an IPv4 address inside.
"""

from __future__ import annotations

import ipaddress
import re

#: IANA's special-purpose IPv4 registry, and the one public address that a large cloud answers privately (168.63.129.16).
_CLOSED_IPV4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
#: Only this block is handed out to the public; NAT64, mapped, site-local and segment-routing addresses lie outside of it.
_PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
#: Teredo and its kin, documentation, 6to4 (which carries an IPv4 address), AS112.
_CLOSED_IPV6 = tuple(
    ipaddress.IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
_CANONICAL_IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}", re.ASCII)
_NUMERIC_LABEL = re.compile(r"\d+|0x[0-9a-f]*", re.ASCII | re.IGNORECASE)


def is_public(address: str) -> bool:
    """True for an IPv4 or IPv6 address in the public internet; False for any other and for what is no address at all.

    Source: IANA IPv4 and IPv6 special-purpose address registries.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in network for network in _CLOSED_IPV4)
    return parsed.scope_id is None and parsed in _PUBLIC_IPV6 and not any(parsed in network for network in _CLOSED_IPV6)


def is_canonical_ipv4(host: str) -> bool:
    """True for four decimal numbers without leading zeros."""
    return _CANONICAL_IPV4.fullmatch(host) is not None


def looks_like_ipv4(host: str) -> bool:
    """True when resolvers would read the name as a number: `127.1`, `0x7f000001`, `2130706433`, `0177.0.0.1`, `0`.

    Source: WHATWG URL, 3.5 ("ends in a number").
    """
    labels = host.rstrip(".").split(".")
    return _NUMERIC_LABEL.fullmatch(labels[-1]) is not None
