"""OpenID Connect, as far as signing in needs it: discovery, the code with PKCE, and an ID token that is believed only after every check.

Every request goes through `hexmark.net`, whose guards hold for identity providers too.
Source: OpenID Connect Core 1.0 and Discovery 1.0; RFC 6749, RFC 7636 (PKCE), RFC 9207 (iss), RFC 9700 (best current practice).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.core.cache import cache

from hexmark.errors import Conflict
from hexmark.net import Fetcher, Form, origin_of
from hexmark.openbadges import jwk, jws, strict_json
from hexmark.openbadges.errors import FormatError, TokenError, Unreachable
from hexmark.openbadges.keys import PublicKey
from hexmark.organisations.identity_providers import IdentityProvider

JSON = ("application/json",)
#: Clocks of two servers differ; more than this is no accident.
SKEW_SECONDS = 120
#: However long a provider says that its token lives, signing in does not take longer.
LONGEST_AGE_SECONDS = 600
_REMEMBERED_SECONDS = 3600
#: A key that is not known may be new: the provider is asked again, but not for every invented one.
_ASK_AGAIN_SECONDS = 30
#: RFC 7519 needs no `typ`; what else stands in the header of an ID token says nothing that we go by.
_HEADER = frozenset({"alg", "kid", "typ", "x5t", "x5t#S256"})


class ProviderRefused(Conflict):
    """The provider did not vouch for anybody; the message says why, for whoever runs it."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider says about itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    says_iss: bool
    posts_secret: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to sign in, kept in the browser's session until the provider sends the browser back."""

    provider: str
    state: str
    nonce: str
    verifier: str
    began_at: float
    next: str

    @staticmethod
    def begin(provider: IdentityProvider, *, next_url: str) -> Attempt:
        """A fresh one."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return Attempt(provider.public_id, state, nonce, verifier, began_at=time.time(), next=next_url)


def discovered(issuer: str) -> Metadata:
    """What the provider says about itself, as it said within the hour.

    Raises:
        Unreachable: it cannot be asked.
        ProviderRefused: its answer cannot be used, or is about another issuer.
    """
    key = f"oidc.metadata.{hashlib.sha256(issuer.encode()).hexdigest()}"
    kept = cache.get(key)
    if kept is None:
        kept = _json(_fetcher()(f"{issuer.rstrip('/')}/.well-known/openid-configuration", accept=JSON).body)
        metadata = _metadata(issuer, kept)
        _keys_of(metadata.jwks_uri)
        cache.set(key, kept, timeout=_REMEMBERED_SECONDS)
    return _metadata(issuer, kept)


def authorization_url(provider: IdentityProvider, metadata: Metadata, attempt: Attempt, *, redirect_uri: str) -> str:
    """Where the browser goes to sign in."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid email profile",
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    joint = "&" if "?" in metadata.authorization_endpoint else "?"
    return f"{metadata.authorization_endpoint}{joint}{urlencode(query)}"


def check_answer(answer: Mapping[str, str], attempt: Attempt, metadata: Metadata) -> str:
    """The code of an answer that belongs to this attempt and comes from this provider.

    Raises:
        ProviderRefused: it does not, or the provider says no.
    """
    if not hmac.compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
        raise ProviderRefused("This sign-in was not begun in this browser. Begin again.")
    if time.time() - attempt.began_at > LONGEST_AGE_SECONDS:
        raise ProviderRefused("That took too long. Begin again.")
    named = answer.get("iss")
    if (metadata.says_iss or named is not None) and named != metadata.issuer:
        raise ProviderRefused("The answer came from another provider. Begin again.")
    if answer.get("error"):
        raise ProviderRefused("The provider did not sign you in. Try again, or sign in another way.")
    if not answer.get("code") or len(answer["code"]) > 2048:
        raise ProviderRefused("The provider's answer is incomplete. Begin again.")
    return answer["code"]


def claims_for(provider: IdentityProvider, metadata: Metadata, attempt: Attempt, code: str, *, redirect_uri: str) -> dict[str, Any]:
    """What the provider vouches for in exchange for the code: the claims of an ID token that passed every check.

    Raises:
        Unreachable: the provider cannot be asked, or does not know the code.
        ProviderRefused: its token is not one for us, here and now.
    """
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": attempt.verifier}
    if metadata.posts_secret:
        form = Form(fields | {"client_id": provider.client_id, "client_secret": provider.secret()})
    else:
        # RFC 6749, 2.3.1: both are form-encoded before they are joined.
        pair = f"{quote(provider.client_id, safe='')}:{quote(provider.secret(), safe='')}"
        form = Form(fields, authorization=f"Basic {base64.b64encode(pair.encode()).decode()}")
    answer = _json(_fetcher().post(metadata.token_endpoint, form, accept=JSON).body)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise ProviderRefused("The provider gave no ID token.")
    return checked_claims(token, metadata=metadata, client_id=provider.client_id, nonce=attempt.nonce, now=time.time())


def checked_claims(token: str, *, metadata: Metadata, client_id: str, nonce: str, now: float) -> dict[str, Any]:
    """The claims of an ID token that this provider signed for this client and this attempt, just now.

    Raises:
        ProviderRefused: one of that is not so.
    Source: OpenID Connect Core 1.0, 3.1.3.7; RFC 8725.
    """
    try:
        parts = jws.split(token)
        # Asked first: a token that names a symmetric algorithm or none never comes near a key.
        jws.algorithm_of(parts, members=_HEADER)
        jws.check(parts, _key_for(parts, metadata), members=_HEADER)
        claims = strict_json.parse(parts.payload)
    except FormatError as error:
        raise ProviderRefused(f"The provider's ID token cannot be believed: {error}") from error
    _check_claims(claims, metadata, client_id, nonce, now)
    return dict(claims)


def _check_claims(claims: Mapping[str, Any], metadata: Metadata, client_id: str, nonce: str, now: float) -> None:
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
    if claims.get("iss") != metadata.issuer:
        raise ProviderRefused("The ID token is of another issuer.")
    if client_id not in audiences or (len(audiences) > 1 and claims.get("azp") != client_id) or claims.get("azp", client_id) != client_id:
        raise ProviderRefused("The ID token was made for another client.")
    if not isinstance(claims.get("nonce"), str) or not hmac.compare_digest(claims["nonce"].encode(), nonce.encode()):
        raise ProviderRefused("The ID token belongs to another attempt to sign in.")
    if not isinstance(claims.get("sub"), str) or not 0 < len(claims["sub"]) <= 255:
        raise ProviderRefused("The ID token does not say whom it is about.")
    moments = [claims.get(name) for name in ("exp", "iat")]
    if not all(isinstance(moment, int | float) and not isinstance(moment, bool) for moment in moments):
        raise ProviderRefused("The ID token does not say from when and until when it holds.")
    expires, issued = (float(moment) for moment in moments if isinstance(moment, int | float))
    if now > expires + SKEW_SECONDS or issued > now + SKEW_SECONDS or issued < now - LONGEST_AGE_SECONDS - SKEW_SECONDS:
        raise ProviderRefused("The ID token has expired, or is of another time. Is a clock wrong?")


def _key_for(parts: jws.Jws, metadata: Metadata) -> PublicKey:
    kid = parts.header.get("kid")
    for fresh in (False, True):
        fitting = [key for key in _keys_of(metadata.jwks_uri, fresh=fresh) if kid is None or key.get("kid") == kid]
        # Without a name, only a provider with one key can be meant (Core 1.0, 10.1).
        if len(fitting) == 1:
            return jwk.public_key({name: value for name, value in fitting[0].items() if not name.startswith("x5")})
    raise TokenError("it is signed with a key that the provider does not name.", code="KEY_ALG")


def _keys_of(url: str, *, fresh: bool = False) -> list[dict[str, Any]]:
    """The provider's keys for signatures, as it named them within the hour, or half a minute if they are asked for anew."""
    name = hashlib.sha256(url.encode()).hexdigest()
    kept = cache.get(f"oidc.keys.{name}")
    if kept is not None and not (fresh and cache.add(f"oidc.keys.asked.{name}", 1, timeout=_ASK_AGAIN_SECONDS)):
        return list(kept)
    keys = _json(_fetcher()(url, accept=JSON).body).get("keys")
    usable = [key for key in keys if isinstance(key, dict) and key.get("use", "sig") == "sig"] if isinstance(keys, list) else []
    cache.set(f"oidc.keys.{name}", usable, timeout=_REMEMBERED_SECONDS)
    return usable


def _metadata(issuer: str, given: Mapping[str, Any]) -> Metadata:
    if given.get("issuer") != issuer:
        raise ProviderRefused("The provider calls itself by another name than the issuer set here. Both must be equal, slash and all.")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    endpoints = {name: given[name] for name in names if isinstance(given.get(name), str) and _may_be_asked(given[name])}
    if len(endpoints) < len(names):
        raise ProviderRefused("The provider does not name all of its addresses, or one of them is not encrypted.")
    methods = given.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Metadata(
        issuer=issuer,
        **endpoints,
        says_iss=given.get("authorization_response_iss_parameter_supported") is True,
        posts_secret=isinstance(methods, list) and "client_secret_basic" not in methods and "client_secret_post" in methods,
    )


def _may_be_asked(url: str) -> bool:
    try:
        origin = origin_of(url)
    except Unreachable:
        return False
    return origin.startswith("https://") or origin in settings.ALLOWED_LOCAL_ORIGINS


def _fetcher() -> Fetcher:
    return Fetcher(allowed_origins=settings.ALLOWED_LOCAL_ORIGINS)


def _json(body: bytes) -> dict[str, Any]:
    try:
        return dict(strict_json.parse(body))
    except FormatError as error:
        raise ProviderRefused(f"The provider's answer cannot be read. {error}") from error
