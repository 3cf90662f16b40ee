"""Signing in at an identity provider: what works, and every way in which somebody might be taken for somebody else."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from tests.web.openid_provider import CLIENT, KEY, OTHER_KEY, SECRET, Provider, encoded, signed
from tests.web.pages import Visitor, text_of
from tests.world import PASSWORD, World

from hexmark.openbadges.jwk import jwk_of
from hexmark.organisations.domain_proofs import DomainProof, prove_domain
from hexmark.organisations.identity_providers import IdentityProvider
from hexmark.organisations.sign_in import add_provider
from hexmark.people.actions import add_person
from hexmark.people.identities import LinkedIdentity
from hexmark.people.joining import join_link
from hexmark.people.models import Account, Person


@pytest.fixture
def provider(settings: Any, db: None) -> Iterator[Provider]:
    """A provider that may be asked although it is on this machine."""
    cache.clear()
    with Provider() as running:
        settings.ALLOWED_LOCAL_ORIGINS = frozenset({running.issuer})
        yield running


@pytest.fixture
def known(acme: World, provider: Provider) -> IdentityProvider:
    """The same, as acme knows it."""
    return configured(acme, provider)


def configured(world: World, provider: Provider, **more: str) -> IdentityProvider:
    """The provider, added by the organisation's steward."""
    given = {"label": "Acme login", "issuer": provider.issuer, "client_id": CLIENT, "secret": SECRET, "domains": "acme.example"}
    added = add_provider(world.organisation, **(given | more), actor=world.steward)
    for proof in DomainProof.objects.filter(organisation=world.organisation):
        assert prove_domain(proof, ask=lambda name, text=proof.text: [text], actor=world.steward)
    return added


def newcomer(acme: World, provider: Provider, name: str = "New Person") -> Person:
    """Somebody of acme without an account, whom the provider knows."""
    person = acme.person(name)
    provider.email = person.email
    return person


def through(
    visitor: Visitor, known: IdentityProvider, provider: Provider, *, change: Callable[[str], str] = str, next_url: str = ""
) -> Any:
    """There and back again; `change` meddles with the way back."""
    begun = visitor.get(f"/sign-in/with/{known.public_id}" + (f"?next={next_url}" if next_url else ""))
    assert begun.status_code == 302, text_of(begun)
    return visitor.get(change(provider.sign_in(begun.headers["Location"])))


def test_somebody_whom_the_organisation_knows_gets_an_account_by_signing_in(
    acme: World, known: IdentityProvider, provider: Provider
) -> None:
    person, visitor = newcomer(acme, provider), Visitor()
    assert "Acme login" in text_of(visitor.get("/o/acme/sign-in"))
    assert through(visitor, known, provider, next_url="/catalogue").headers["Location"] == "/catalogue"
    assert "New Person" in text_of(visitor.get("/me"))
    person.refresh_from_db()
    assert person.account is not None
    assert not person.account.has_usable_password()
    assert not person.memberships.exists()
    known.refresh_from_db()
    assert known.last_used_at is not None


def test_the_second_time_the_subject_counts_and_not_the_address(acme: World, known: IdentityProvider, provider: Provider) -> None:
    person = newcomer(acme, provider)
    through(Visitor(), known, provider)
    provider.email = "renamed@acme.example"
    visitor = Visitor()
    assert through(visitor, known, provider).headers["Location"] == "/me"
    assert str(person.pk) == str(Person.objects.get(account=LinkedIdentity.objects.get().account).pk)
    assert Account.objects.filter(email__startswith="renamed").count() == 0


def test_an_address_that_passed_to_somebody_else_does_not_open_the_first_ones_account(
    acme: World, known: IdentityProvider, provider: Provider
) -> None:
    newcomer(acme, provider)
    through(Visitor(), known, provider)
    provider.subject = "subject-2"
    visitor = Visitor()
    assert through(visitor, known, provider).status_code == 409
    assert visitor.get("/me").status_code == 302


def test_whoever_has_an_account_connects_the_provider_once(acme: World, known: IdentityProvider, provider: Provider) -> None:
    visitor = Visitor()
    answer = through(visitor, known, provider)
    assert "You have an account already" in text_of(answer)
    assert visitor.get("/me").status_code == 302
    signed_in = visitor.post("/sign-in", {"login": "member@acme.example", "password": PASSWORD})
    assert signed_in.headers["Location"] == "/sign-in/connect"
    assert not LinkedIdentity.objects.exists()
    assert "Connect “Acme login” with your account?" in text_of(visitor.get("/sign-in/connect"))
    assert visitor.post("/sign-in/connect", {"answer": "yes"}).headers["Location"] == "/me"
    assert through(Visitor(), known, provider).headers["Location"] == "/me"


def test_whoever_says_not_now_is_not_connected(acme: World, known: IdentityProvider, provider: Provider) -> None:
    visitor = Visitor()
    through(visitor, known, provider)
    visitor.post("/sign-in", {"login": "member@acme.example", "password": PASSWORD})
    visitor.post("/sign-in/connect", {"answer": "no"})
    assert not LinkedIdentity.objects.exists()


def test_somebody_elses_sign_in_does_not_connect_ones_identity_with_their_account(
    acme: World, known: IdentityProvider, provider: Provider
) -> None:
    visitor = Visitor()
    through(visitor, known, provider)
    visitor.post("/sign-in", {"login": "manager@acme.example", "password": PASSWORD})
    assert visitor.post("/sign-in/connect", {"answer": "yes"}).status_code == 409
    assert not LinkedIdentity.objects.exists()


def test_a_provider_opens_only_its_own_organisation(acme: World, globex: World, known: IdentityProvider, provider: Provider) -> None:
    person = newcomer(acme, provider)
    through(Visitor(), known, provider)
    person.refresh_from_db()
    Person.objects.filter(pk=globex.steward_person.pk).update(account=person.account)
    visitor = Visitor()
    through(visitor, known, provider)
    assert visitor.get("/awards").status_code == 404
    visitor.post("/me/organisation", {"organisation": "globex"})
    assert visitor.get("/awards").status_code == 404


def test_a_provider_cannot_vouch_for_people_of_another_organisation(
    acme: World, globex: World, known: IdentityProvider, provider: Provider
) -> None:
    IdentityProvider.objects.update(domains=["acme.example", "globex.example"])
    provider.email = "steward@globex.example"
    visitor = Visitor()
    assert through(visitor, known, provider).status_code == 409
    assert visitor.get("/me").status_code == 302


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_that_the_provider_did_not_verify_opens_nothing(
    acme: World, known: IdentityProvider, provider: Provider, verified: object
) -> None:
    newcomer(acme, provider)
    provider.verified = verified
    assert "does not vouch for" in text_of(through(Visitor(), known, provider))
    assert not LinkedIdentity.objects.exists()


@pytest.mark.parametrize("email", ["new.person@evil.example", "new.person@sub.acme.example", "new.person@acme.example.evil.example", ""])
def test_an_address_outside_of_its_domains_opens_nothing(acme: World, known: IdentityProvider, provider: Provider, email: str) -> None:
    newcomer(acme, provider)
    provider.email = email
    assert "does not vouch for" in text_of(through(Visitor(), known, provider))


def test_who_left_or_whose_account_is_closed_does_not_get_in(acme: World, known: IdentityProvider, provider: Provider) -> None:
    person = newcomer(acme, provider)
    through(Visitor(), known, provider)
    Person.objects.filter(pk=person.pk).update(left_at="2026-01-01T00:00:00Z")
    assert through(Visitor(), known, provider).status_code == 409
    Person.objects.filter(pk=person.pk).update(left_at=None)
    Account.objects.filter(persons=person).update(is_active=False)
    assert through(Visitor(), known, provider).status_code == 409


def test_a_second_factor_is_asked_for_here_too(acme: World, known: IdentityProvider, provider: Provider) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    person = newcomer(acme, provider)
    through(Visitor(), known, provider)
    person.refresh_from_db()
    TOTP.activate(person.account, generate_totp_secret())
    visitor = Visitor()
    assert through(visitor, known, provider).headers["Location"].startswith("/sign-in/second-factor")
    assert visitor.get("/me").status_code == 302


# The way back ----------------------------------------------------------------------------------------------------------------------


def other_state(address: str) -> str:
    return address.replace("state=", "state=x")


def without_state(address: str) -> str:
    return address.partition("&state=")[0]


def other_issuer(address: str) -> str:
    return address + "&iss=https://evil.example"


def refusal(address: str) -> str:
    return address.replace("code=", "error=access_denied&nocode=")


@pytest.mark.parametrize("change", [other_state, without_state, other_issuer, refusal])
def test_an_answer_that_is_not_to_this_question_signs_nobody_in(
    acme: World, known: IdentityProvider, provider: Provider, change: Callable[[str], str]
) -> None:
    newcomer(acme, provider)
    visitor = Visitor()
    assert through(visitor, known, provider, change=change).status_code == 409
    assert visitor.get("/me").status_code == 302
    assert "/token" not in provider.requests


def test_a_provider_that_names_itself_must_do_so(acme: World, known: IdentityProvider, provider: Provider) -> None:
    provider.metadata["authorization_response_iss_parameter_supported"] = True
    newcomer(acme, provider)
    assert through(Visitor(), known, provider).status_code == 409
    assert through(Visitor(), known, provider, change=lambda address: f"{address}&iss={provider.issuer}").status_code == 302


def test_an_answer_works_once_and_only_in_the_browser_that_asked(acme: World, known: IdentityProvider, provider: Provider) -> None:
    newcomer(acme, provider)
    visitor = Visitor()
    back = provider.sign_in(visitor.get(f"/sign-in/with/{known.public_id}").headers["Location"])
    assert "was not begun in this browser" in text_of(Visitor().get(back))
    assert visitor.get(back).status_code == 302
    visitor.post("/sign-out")
    assert "was not begun in this browser" in text_of(visitor.get(back))


def test_j30_a_code_that_was_used_is_not_taken_again(acme: World, known: IdentityProvider, provider: Provider) -> None:
    newcomer(acme, provider)
    used: list[str] = []

    def same_code(address: str) -> str:
        used.append(parse_qs(urlsplit(address).query)["code"][0])
        return address.replace(used[-1], used[0])

    assert through(Visitor(), known, provider, change=same_code).status_code == 302
    assert through(Visitor(), known, provider, change=same_code).status_code == 409


def test_an_answer_for_one_provider_is_not_taken_for_another(
    acme: World, globex: World, known: IdentityProvider, provider: Provider
) -> None:
    theirs = configured(globex, provider, domains="globex.example")
    newcomer(acme, provider)
    visitor = Visitor()
    answer = through(visitor, theirs, provider, change=lambda address: address.replace(theirs.public_id, known.public_id))
    assert "was not begun in this browser" in text_of(answer)


def test_an_attempt_that_takes_too_long_is_over(acme: World, known: IdentityProvider, provider: Provider) -> None:
    newcomer(acme, provider)
    visitor = Visitor()
    begun = visitor.get(f"/sign-in/with/{known.public_id}")
    session = visitor.session
    session["oidc.attempt"] = session["oidc.attempt"] | {"began_at": time.time() - 700}
    session.save()
    assert "took too long" in text_of(visitor.get(provider.sign_in(begun.headers["Location"])))


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(acme: World, known: IdentityProvider, provider: Provider, elsewhere: str) -> None:
    newcomer(acme, provider)
    assert through(Visitor(), known, provider, next_url=elsewhere).headers["Location"] == "/me"


# The ID token ----------------------------------------------------------------------------------------------------------------------

FORGED: dict[str, dict[str, Any]] = {
    "wrong nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "wrong audience": {"aud": "another-client"},
    "no audience": {"aud": None},
    "one of several audiences without azp": {"aud": [CLIENT, "another"]},
    "made for another party": {"azp": "another"},
    "wrong issuer": {"iss": "https://evil.example"},
    "issuer with a slash": {"iss": "SLASH"},
    "expired": {"exp": time.time() - 1000},
    "from the future": {"iat": time.time() + 1000},
    "of long ago": {"iat": time.time() - 100_000},
    "no expiry": {"exp": None},
    "expiry as text": {"exp": "9999999999"},
    "no subject": {"sub": None},
    "subject as a number": {"sub": 7},
    "long subject": {"sub": "x" * 256},
}


@pytest.mark.parametrize("name", FORGED)
def test_a_token_that_is_not_for_us_here_and_now_signs_nobody_in(
    acme: World, known: IdentityProvider, provider: Provider, name: str
) -> None:
    newcomer(acme, provider)
    provider.claims = FORGED[name] if name != "issuer with a slash" else {"iss": f"{provider.issuer}/"}
    visitor = Visitor()
    assert through(visitor, known, provider).status_code == 409
    assert visitor.get("/me").status_code == 302


def unsigned(claims: dict[str, Any]) -> str:
    return f"{encoded({'alg': 'none', 'kid': 'one'})}.{encoded(claims)}."


def unsigned_in_capitals(claims: dict[str, Any]) -> str:
    return f"{encoded({'alg': 'NoNe', 'kid': 'one'})}.{encoded(claims)}."


def by_the_public_key_as_secret(claims: dict[str, Any]) -> str:
    first = f"{encoded({'alg': 'HS256', 'kid': 'one'})}.{encoded(claims)}"
    return f"{first}.{encoded(hmac.digest(json.dumps(jwk_of(KEY.public)).encode(), first.encode(), 'sha256'))}"


def by_the_client_secret(claims: dict[str, Any]) -> str:
    first = f"{encoded({'alg': 'HS256', 'kid': 'one'})}.{encoded(claims)}"
    return f"{first}.{encoded(hmac.new(SECRET.encode(), first.encode(), hashlib.sha256).digest())}"


def by_another_key(claims: dict[str, Any]) -> str:
    return signed(claims, key=OTHER_KEY)


def by_a_key_of_its_own(claims: dict[str, Any]) -> str:
    return signed(claims, key=OTHER_KEY, jwk=jwk_of(OTHER_KEY.public))


def by_a_key_from_elsewhere(claims: dict[str, Any]) -> str:
    return signed(claims, key=OTHER_KEY, jku="https://evil.example/keys")


def by_an_unknown_key(claims: dict[str, Any]) -> str:
    return signed(claims, key=OTHER_KEY, kid="two")


def altered(claims: dict[str, Any]) -> str:
    head, _, signature = signed(claims).split(".")
    return f"{head}.{encoded(claims | {'email': 'steward@acme.example'})}.{signature}"


def no_token(claims: dict[str, Any]) -> str:
    return "not a token"


@pytest.mark.parametrize(
    "make_token",
    [
        *(unsigned, unsigned_in_capitals, by_the_public_key_as_secret, by_the_client_secret, by_another_key),
        *(by_a_key_of_its_own, by_a_key_from_elsewhere, by_an_unknown_key, altered, no_token),
    ],
)
def test_a_token_that_the_provider_did_not_sign_signs_nobody_in(
    acme: World, known: IdentityProvider, provider: Provider, make_token: Callable[[dict[str, Any]], str]
) -> None:
    newcomer(acme, provider)
    provider.make_token = make_token
    visitor = Visitor()
    answer = through(visitor, known, provider)
    assert answer.status_code == 409
    assert "cannot be believed" in text_of(answer)
    assert visitor.get("/me").status_code == 302


def test_a_new_key_is_asked_for_once(acme: World, known: IdentityProvider, provider: Provider) -> None:
    newcomer(acme, provider)
    through(Visitor(), known, provider)
    provider.keys.append(jwk_of(OTHER_KEY.public) | {"kid": "two"})
    provider.make_token = lambda claims: signed(claims, key=OTHER_KEY, kid="two")
    assert through(Visitor(), known, provider).status_code == 302
    provider.make_token = by_an_unknown_key
    provider.keys.pop()
    asked = provider.requests.count("/keys")
    for _ in range(3):
        provider.make_token = lambda claims: signed(claims, key=OTHER_KEY, kid="three")
        assert through(Visitor(), known, provider).status_code == 409
    assert provider.requests.count("/keys") == asked


# The provider itself ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://10.0.0.1/token"},
        {"token_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "file:///etc/passwd"},
    ],
)
def test_a_provider_that_says_something_strange_of_itself_is_not_used(
    acme: World, known: IdentityProvider, provider: Provider, metadata: dict[str, Any]
) -> None:
    provider.metadata = metadata
    answer = Visitor().get(f"/sign-in/with/{known.public_id}")
    assert answer.status_code == 409


@pytest.mark.parametrize("issuer", ["http://169.254.169.254/latest", "https://127.0.0.1", "https://localhost", "http://example.org"])
def test_an_issuer_inside_is_never_asked(acme: World, provider: Provider, issuer: str) -> None:
    inside = configured(acme, provider, issuer=issuer)
    answer = Visitor().get(f"/sign-in/with/{inside.public_id}")
    assert answer.status_code == 409
    assert "was not asked" in text_of(answer)


def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there(acme: World, known: IdentityProvider, provider: Provider) -> None:
    provider.metadata["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    newcomer(acme, provider)
    assert through(Visitor(), known, provider).status_code == 302


def test_a_provider_that_is_switched_off_or_never_was_is_not_there(acme: World, known: IdentityProvider, provider: Provider) -> None:
    IdentityProvider.objects.update(active=False)
    for public_id in (known.public_id, "a" * 26):
        assert Visitor().get(f"/sign-in/with/{public_id}").status_code == 404
        assert Visitor().get(f"/sign-in/with/{public_id}/back").status_code == 404
    assert "Acme login" not in text_of(Visitor().get("/o/acme/sign-in"))
    assert "Sign in with your organisation" not in text_of(Visitor().get("/sign-in"))


def test_the_secret_is_sealed_and_never_shown(acme: World, known: IdentityProvider, provider: Provider) -> None:
    assert SECRET.encode() not in bytes(known.sealed_secret)
    assert IdentityProvider.objects.get().secret() == SECRET
    visitor = Visitor(acme.steward_person)
    assert SECRET not in visitor.get(f"/administration/sign-in/{known.public_id}").content.decode()


def test_what_one_organisations_provider_says_opens_nothing_of_another(
    acme: World, globex: World, known: IdentityProvider, provider: Provider
) -> None:
    person, visitor = newcomer(acme, provider), Visitor()
    theirs = add_person(globex.organisation, name="New Person", email=person.email, actor=globex.system)
    through(visitor, known, provider)
    assert "Globex" not in text_of(visitor.get("/me"))
    assert visitor.post(f"/me/offers/{theirs.public_id}", {"audience": "link"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.account is None
    # The link in globex's own letter proves what the provider cannot.
    visitor.post(join_link(theirs, actor=globex.steward).removeprefix("https://badges.acme.example"), {"audience": "link"})
    theirs.refresh_from_db()
    person.refresh_from_db()
    assert theirs.account == person.account is not None


@pytest.mark.parametrize(
    "address",
    ["password/first", "password", "addresses", "merge", "factors/app", "factors/passkeys/add", "factors/codes/new"],
)
def test_a_provider_gives_itself_no_other_way_into_an_account_that_others_know(
    acme: World, globex: World, known: IdentityProvider, provider: Provider, address: str
) -> None:
    person, visitor = newcomer(acme, provider), Visitor()
    through(visitor, known, provider)
    assert visitor.get(f"/me/settings/{address}").status_code in (200, 302)
    person.refresh_from_db()
    Person.objects.filter(pk=globex.member_person.pk).update(account=person.account)
    for answer in (visitor.get(f"/me/settings/{address}"), visitor.post(f"/me/settings/{address}", {})):
        assert answer.status_code == 403
        assert "Sign in with your password first" in text_of(answer)


def test_nor_by_a_link_to_join_that_was_sent_to_somebody_else(
    acme: World, globex: World, known: IdentityProvider, provider: Provider
) -> None:
    person, visitor = newcomer(acme, provider), Visitor()
    through(visitor, known, provider)
    person.refresh_from_db()
    Person.objects.filter(pk=globex.member_person.pk).update(account=person.account)
    link = join_link(acme.person("Mallory"), actor=acme.steward).removeprefix("https://badges.acme.example")
    assert visitor.post(link, {"audience": "link"}).status_code == 403
    assert not EmailAddress.objects.filter(email="mallory@acme.example").exists()
