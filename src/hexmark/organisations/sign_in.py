"""How an organisation's people sign in: identity providers, and whether access needs a second factor."""

from __future__ import annotations

import re

from django.db import IntegrityError, transaction

from hexmark.access import Actor, Permission, allow
from hexmark.errors import Conflict, Invalid
from hexmark.events.log import record
from hexmark.organisations.domain_proofs import DomainProof, is_proven, name_domains
from hexmark.organisations.event_types import EventType
from hexmark.organisations.identity_providers import IdentityProvider
from hexmark.organisations.models import Organisation

LONGEST_LABEL = 60
LONGEST_TEXT = 300
MOST_DOMAINS = 50
_DOMAIN = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


@transaction.atomic
def require_second_factor(organisation: Organisation, *, required: bool, actor: Actor) -> None:
    """Whoever has more access than a member needs a second factor to use it, or no longer does.

    Raises:
        NotPermitted: the actor may not edit this organisation.
    """
    allow(actor, Permission.EDIT_ORGANISATION, organisation)
    if Organisation.objects.filter(pk=organisation.pk).exclude(second_factor_required=required).update(second_factor_required=required):
        record(EventType.SECOND_FACTOR_CHANGED, organisation, actor=actor, required=required)
    organisation.second_factor_required = required


@transaction.atomic
def add_provider(
    organisation: Organisation, *, label: str, issuer: str, client_id: str, secret: str, domains: str, actor: Actor
) -> IdentityProvider:
    """People whose address is in these domains may sign in at this provider, once the organisation proved that it runs them.

    Raises:
        NotPermitted: the actor may not edit this organisation.
        Invalid: one of these cannot be used; `field` names it.
        Conflict: the organisation has this provider already.
        NotConfigured: there is no key-encryption key.
    """
    allow(actor, Permission.EDIT_ORGANISATION, organisation)
    provider = IdentityProvider(organisation=organisation)
    _fill(provider, label=label, issuer=issuer, client_id=client_id, domains=domains)
    if not secret:
        raise Invalid("Give the secret that the provider gave you.", field="secret")
    provider.set_secret(secret)
    try:
        with transaction.atomic():
            provider.save()
    except IntegrityError as error:
        raise Conflict("This provider is here already. Change it instead.") from error
    name_domains(organisation.pk, provider.domains)
    record(EventType.PROVIDER_ADDED, provider, actor=actor, issuer=provider.issuer, domains=provider.domains)
    return provider


@transaction.atomic
def edit_provider(provider: IdentityProvider, *, label: str, client_id: str, secret: str, domains: str, active: bool, actor: Actor) -> None:
    """The provider is asked so from now on; an empty secret leaves the one that is kept. Its issuer never changes.

    Raises:
        NotPermitted: the actor may not edit this organisation.
        Invalid: one of these cannot be used; `field` names it.
        Conflict: the organisation has a provider like this already.
        NotConfigured: there is no key-encryption key.
    """
    allow(actor, Permission.EDIT_ORGANISATION, provider)
    _fill(provider, label=label, issuer=provider.issuer, client_id=client_id, domains=domains)
    provider.active = active
    if secret:
        provider.set_secret(secret)
    try:
        with transaction.atomic():
            provider.save()
    except IntegrityError as error:
        raise Conflict("This provider is here already.") from error
    name_domains(provider.organisation_id, provider.domains)
    record(EventType.PROVIDER_CHANGED, provider, actor=actor, active=active, domains=provider.domains, new_secret=bool(secret))


@transaction.atomic
def remove_provider(provider: IdentityProvider, *, actor: Actor) -> None:
    """Nobody signs in at this provider any more; the accounts of those who did stay.

    Raises:
        NotPermitted: the actor may not edit this organisation.
    """
    allow(actor, Permission.EDIT_ORGANISATION, provider)
    record(EventType.PROVIDER_REMOVED, provider, actor=actor, issuer=provider.issuer)
    provider.delete()


def clean_domains(text: str) -> list[str]:
    """Domains from typed text, each once, in lower case.

    Raises:
        Invalid: none is named, one is no domain, or there are too many.
    """
    domains = list(dict.fromkeys(_ascii(part) for part in re.split(r"[\s,;]+", text.strip().lower()) if part))
    if not domains or len(domains) > MOST_DOMAINS:
        raise Invalid(f"Name between 1 and {MOST_DOMAINS} domains, such as example.org.", field="domains")
    for domain in domains:
        if not _DOMAIN.fullmatch(domain):
            raise Invalid(f"“{domain[:80]}” is not a domain such as example.org.", field="domains")
    return domains


def domain_of(email: str) -> str:
    """The domain of an address, in lower case and punycode; empty where it has none."""
    return _ascii(email.rpartition("@")[2].strip().lower()) if "@" in email else ""


def speaks_for(provider: IdentityProvider, email: str) -> bool:
    """Whether this address is in a domain that is named for the provider, proven or not. A domain does not stand for those below it."""
    return domain_of(email) in provider.domains


def may_vouch_for(provider: IdentityProvider, email: str) -> bool:
    """Whether this address is in a domain that is named for the provider, and that its organisation proved to run."""
    return speaks_for(provider, email) and is_proven(provider.organisation_id, domain_of(email))


def providers_for(email: str, *, most: int) -> list[IdentityProvider]:
    """Where somebody with this address may sign in: active providers of organisations that run its domain."""
    proofs = DomainProof.objects.filter(domain=domain_of(email), proven_at__isnull=False)
    active = IdentityProvider.objects.filter(active=True, organisation__in=proofs.values("organisation"))
    found = active.select_related("organisation").order_by("organisation__name", "label", "pk")
    # A list in JSON is not searched by the database in the same way everywhere; an organisation has few providers.
    return [provider for provider in found if speaks_for(provider, email)][:most]


def _ascii(domain: str) -> str:
    try:
        return domain.removeprefix("@").encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def _fill(provider: IdentityProvider, *, label: str, issuer: str, client_id: str, domains: str) -> None:
    for name, text, longest in (("label", label, LONGEST_LABEL), ("issuer", issuer, LONGEST_TEXT), ("client_id", client_id, LONGEST_TEXT)):
        cleaned = text.strip()
        if not cleaned or len(cleaned) > longest or not cleaned.isprintable():
            raise Invalid(f"Between 1 and {longest} characters, all of them visible.", field=name)
        setattr(provider, name, cleaned)
    _check_issuer(provider.issuer)
    provider.domains = clean_domains(domains)


def _check_issuer(issuer: str) -> None:
    """Source: OpenID Connect Discovery 1.0, 4: an https URL without query or fragment. http only where this installation allows it."""
    if not re.fullmatch(r"https?://[^\s?#@]+", issuer):
        raise Invalid("The issuer is an address like https://login.example.org/realm, without a question mark.", field="issuer")
