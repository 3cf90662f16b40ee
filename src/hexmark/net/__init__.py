"""The only door to strangers' servers. Every request that somebody else's document or form can cause goes through `fetch`.

It asks public addresses over TLS on port 443, once, without redirects, proxies or compression, within a size and a time.
Whatever goes wrong is `openbadges.errors.Unreachable`: nobody may conclude anything from it.
"""

from hexmark.net.fetching import Fetch, Fetched, Fetcher, Form, fetch
from hexmark.net.names import NameServer, TextRecords
from hexmark.net.negative_cache import NegativeCache
from hexmark.net.urls import origin_of

__all__ = ["Fetch", "Fetched", "Fetcher", "Form", "NameServer", "NegativeCache", "TextRecords", "fetch", "origin_of"]
