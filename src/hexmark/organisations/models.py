"""Tables of organisations."""

from __future__ import annotations

import hashlib
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from hexmark.access import Permission, Scope
from hexmark.organisations.assurance import Assurance
from hexmark.organisations.domain_proofs import DomainProof  # noqa: F401  # a table of this room
from hexmark.organisations.identity_providers import IdentityProvider  # noqa: F401  # a table of this room
from hexmark.organisations.public_id import public_id_field
from hexmark.organisations.tenancy import TenantQuerySet

slug_validator = RegexValidator(r"\A[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?\Z", "Use small letters, digits and hyphens.")


class Organisation(models.Model):
    """A tenant: an issuer of badges, with people and words of its own."""

    #: Host-unique, part of the issuer's DID, never changed.
    slug = models.CharField(max_length=60, unique=True, validators=[slug_validator])
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True, max_length=2000)
    website = models.URLField(blank=True)
    email = models.EmailField(blank=True)
    time_zone = models.CharField(max_length=64, default="Europe/London")
    #: The issuer's identity, fixed at founding: what is signed names it for ever.
    did = models.CharField(max_length=300, unique=True)

    # What people see for the two kinds of achievement and for both together; the code and the signed documents never change.
    word_badge = models.CharField("word for both kinds", max_length=40, default="badge")
    word_badge_plural = models.CharField("its plural", max_length=40, default="badges")
    word_unassessed = models.CharField("word for the unassessed kind", max_length=40, default="badge")
    word_unassessed_plural = models.CharField("its plural", max_length=40, default="badges")
    word_assessed = models.CharField("word for the assessed kind", max_length=40, default="credential")
    word_assessed_plural = models.CharField("its plural", max_length=40, default="credentials")
    #: From this assurance on, an achievement is of the assessed kind.
    assessed_from = models.CharField(max_length=2, choices=Assurance.choices, default=Assurance.JUDGED)

    #: Whoever has more access than a member may use it only with a second factor on their account.
    second_factor_required = models.BooleanField(default=False)

    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @property
    def organisation_id(self) -> int:
        """An organisation belongs to itself, so that policy and log treat it like everything else."""
        return self.pk

    @property
    def url(self) -> str:
        """The issuer's public page and profile."""
        return f"{settings.PUBLIC_URL}/o/{self.slug}"

    @property
    def zone(self) -> ZoneInfo:
        """Days begin and end in this time zone; in UTC, where this machine no longer knows it: nobody waits for an award for that."""
        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo("UTC")


class ApiKeyQuerySet(TenantQuerySet["ApiKey"]):
    """Keys of programs, for whoever may manage keys."""

    view_permission = Permission.MANAGE_KEYS

    def live(self) -> ApiKeyQuerySet:
        """Those that were neither revoked nor are past their last moment."""
        return self.filter(models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=timezone.now()), revoked_at__isnull=True)


class ApiKey(models.Model):
    """What a program signs its requests with. Only the hash of its token is kept: it carries enough chance to need no slow one."""

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="api_keys")
    label = models.CharField(max_length=80)
    #: How the token begins, so that one found somewhere can be told from the others.
    prefix = models.CharField(max_length=12)
    token_sha256 = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField()
    #: The person who made it, by key: a key dies with its maker's right. Empty where the installation made it.
    made_by_person_id = models.BigIntegerField(null=True)
    made_by_label = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    #: To the quarter of an hour, because a request that only reads must not write each time.
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.label} ({self.prefix}…)"

    @property
    def scope_set(self) -> frozenset[Scope]:
        """Its scopes; one that this version of the software no longer knows permits nothing."""
        known = {scope.value for scope in Scope}
        return frozenset(Scope(value) for value in self.scopes if value in known)

    @staticmethod
    def digest(token: str) -> str:
        """What is kept of a token."""
        return hashlib.sha256(token.encode()).hexdigest()
