"""An organisation is believed about a mail domain once its name servers say so, and its providers are shown to its own people only."""

from __future__ import annotations

from typing import Any

import pytest
from tests.net.name_server import NameServer, record, says, text
from tests.web.pages import Visitor, text_of
from tests.world import World

from hexmark.events.models import Event
from hexmark.organisations.domain_proofs import MOST_AT_ONCE, DomainProof, prove_domain, prove_domains
from hexmark.organisations.identity_providers import IdentityProvider
from hexmark.organisations.sign_in import add_provider, edit_provider, may_vouch_for, providers_for

GIVEN = {"label": "Acme login", "issuer": "https://login.acme.example", "client_id": "hexmark", "secret": "s"}


def provider_of(world: World, domains: str = "acme.example") -> IdentityProvider:
    return add_provider(world.organisation, **GIVEN, domains=domains, actor=world.steward)


def prove(world: World, domain: str = "acme.example") -> None:
    proof = DomainProof.objects.get(organisation=world.organisation, domain=domain)
    assert prove_domain(proof, ask=lambda name: ["v=spf1 -all", proof.text], actor=world.steward)


@pytest.fixture
def mine(acme: World) -> IdentityProvider:
    return provider_of(acme)


def press(acme: World, mine: IdentityProvider) -> Any:
    return Visitor(acme.steward_person).post(f"/administration/sign-in/{mine.public_id}/domains", follow=True)


def test_a_domain_that_was_only_named_vouches_for_nobody(acme: World, mine: IdentityProvider) -> None:
    assert not may_vouch_for(mine, "ben@acme.example")
    prove(acme)
    assert may_vouch_for(mine, "ben@Acme.Example")
    assert not may_vouch_for(mine, "ben@mail.acme.example")


def test_the_page_says_what_to_publish_and_looks_for_it(acme: World, mine: IdentityProvider, settings: Any) -> None:
    proof = DomainProof.objects.get()
    page = text_of(Visitor(acme.steward_person).get(f"/administration/sign-in/{mine.public_id}"))
    assert f"_hexmark.acme.example {proof.text} Not proven" in page
    with NameServer(says(record(text("another")), record(text(proof.text)))) as server:
        settings.NAME_SERVERS = (server.address,)
        assert "Every domain is proven" in text_of(press(acme, mine))
    assert Event.objects.get(event_type="organisation.domain_proven").data == {"domain": "acme.example"}
    assert may_vouch_for(mine, "ben@acme.example")


def test_whoever_published_nothing_is_told_so(acme: World, mine: IdentityProvider, settings: Any) -> None:
    with NameServer(says(record(text("another")))) as server:
        settings.NAME_SERVERS = (server.address,)
        assert "_hexmark.acme.example does not say the text yet" in text_of(press(acme, mine))
    assert DomainProof.objects.get().proven_at is None


def test_one_organisations_text_proves_nothing_for_another(acme: World, globex: World, mine: IdentityProvider) -> None:
    theirs = provider_of(globex)
    acmes, globexs = DomainProof.objects.get(organisation=acme.organisation), DomainProof.objects.get(organisation=globex.organisation)
    assert not prove_domain(globexs, ask=lambda name: [acmes.text], actor=globex.steward)
    assert not may_vouch_for(theirs, "ben@acme.example")


def test_a_text_that_is_gone_takes_the_proof_away(acme: World, mine: IdentityProvider) -> None:
    prove(acme)
    assert not prove_domain(DomainProof.objects.get(), ask=lambda name: [], actor=acme.steward)
    assert not may_vouch_for(mine, "ben@acme.example")
    assert Event.objects.filter(event_type="organisation.domain_lost").count() == 1


def test_naming_the_domains_again_keeps_their_proof(acme: World, mine: IdentityProvider) -> None:
    prove(acme)
    edit_provider(mine, label="Other", client_id="hexmark", secret="", domains="acme.example acme.test", active=True, actor=acme.steward)
    assert may_vouch_for(mine, "ben@acme.example")
    assert not may_vouch_for(mine, "ben@acme.test")


def test_few_domains_are_asked_for_at_once(acme: World) -> None:
    provider_of(acme, " ".join(f"d{number}.example" for number in range(MOST_AT_ONCE + 3)))
    asked: list[str] = []

    def ask(name: str) -> list[str]:
        asked.append(name)
        return []

    assert len(prove_domains(DomainProof.objects.all(), ask=ask, actor=acme.steward)) == len(asked) == MOST_AT_ONCE


def test_the_sign_in_page_names_no_organisation(acme: World, mine: IdentityProvider) -> None:
    page = text_of(Visitor().get("/sign-in?next=/me"))
    assert "Acme" not in page
    assert "Sign in with your organisation" in page


def test_an_address_leads_to_the_provider_of_its_own_organisation(acme: World, globex: World, mine: IdentityProvider) -> None:
    prove(acme)
    visitor = Visitor()
    found = visitor.post("/sign-in/organisation", {"email": "anybody@acme.example", "next": "/catalogue"})
    assert f"/sign-in/with/{mine.public_id}?next=/catalogue" in found.content.decode()
    for email in ("ben@globex.example", "ben@sub.acme.example"):
        answer = visitor.post("/sign-in/organisation", {"email": email})
        assert answer.status_code == 422
        assert "Acme login" not in text_of(answer)
    assert visitor.post("/sign-in/organisation", {"email": "nonsense"}).status_code == 422


def test_a_provider_of_an_unproven_domain_is_not_found_by_it(acme: World, mine: IdentityProvider) -> None:
    assert providers_for("ben@acme.example", most=10) == []


def test_an_organisations_own_sign_in_address_shows_its_providers_alone(acme: World, globex: World, mine: IdentityProvider) -> None:
    assert "Acme login" in text_of(Visitor().get("/o/acme/sign-in"))
    assert "Acme login" not in text_of(Visitor().get("/o/globex/sign-in"))
    assert Visitor().get("/o/never-was/sign-in").status_code == 404


def test_whoever_tries_many_addresses_is_slowed_down(acme: World, mine: IdentityProvider) -> None:
    visitor = Visitor()
    answers = [visitor.post("/sign-in/organisation", {"email": f"x{number}@acme.example"}).status_code for number in range(31)]
    assert answers[-1] == 429
