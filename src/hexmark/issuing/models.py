"""Tables of issuing."""

from __future__ import annotations

import secrets
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from hexmark.access import Actor, Permission
from hexmark.awarding.models import Award
from hexmark.issuing.settings_models import IssuingSettings, RequestedCredential  # noqa: F401  # tables of this room
from hexmark.openbadges.jose import Profile
from hexmark.openbadges.limits import STATUS_LIST_ENTRIES
from hexmark.openbadges.signed_form import USUAL, SignedForm
from hexmark.organisations.models import Organisation
from hexmark.organisations.public_id import public_id_field
from hexmark.organisations.tenancy import TenantQuerySet
from hexmark.people.lines import people_led_by
from hexmark.people.models import Person


class Purpose(models.TextChoices):
    """What a set bit means (W3C Bitstring Status List 1.0): revocation is final, suspension is not."""

    REVOCATION = "revocation", "Revoked by issuer"
    SUSPENSION = "suspension", "Paused by issuer"


def new_permutation_key() -> bytes:
    """32 random bytes that decide in which order a register gives out its indexes."""
    return secrets.token_bytes(32)


def new_subject_id() -> str:
    """A subject id that says nothing about the person: pseudonymous, one per award."""
    return uuid.uuid4().urn


def new_salt() -> str:
    """128 random bits in hex, so that one address has another hash in each credential."""
    return secrets.token_hex(16)


class StatusRegister(models.Model):
    """A range of status indexes. Its two published lists, revocation and suspension, share each credential's index."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="status_registers")
    number = models.PositiveIntegerField()
    #: How many indexes were given out; the next is the permutation of this number. Never lowered: an index is used once.
    drawn = models.PositiveIntegerField(default=0)
    permutation_key = models.BinaryField(default=new_permutation_key)
    entries = models.PositiveIntegerField(default=STATUS_LIST_ENTRIES)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "number"], name="one_register_a_number")]

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.number}"


class StatusList(models.Model):
    """One published list: the signed document, served verbatim, and whether the register has changed since."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="status_lists")
    register = models.ForeignKey(StatusRegister, on_delete=models.PROTECT, related_name="lists")
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    #: Raised by whatever changes a bit; `published_revision` follows when the list that shows it is signed.
    revision = models.PositiveBigIntegerField(default=1)
    published_revision = models.PositiveBigIntegerField(default=0)
    #: When the register began, or the first change came that followed the last publication.
    changed_at = models.DateTimeField(default=timezone.now)
    document = models.TextField(blank=True)
    #: When the served list begins, as it says itself; never earlier than one before it.
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["register", "purpose"], name="one_list_a_purpose")]

    def __str__(self) -> str:
        return self.url

    @property
    def url(self) -> str:
        """Where the list is served, and its `id`."""
        return f"{settings.PUBLIC_URL}/o/{self.organisation.slug}/status/{self.purpose}/{self.register.number}"


class CredentialQuerySet(TenantQuerySet["Credential"]):
    """Credentials; earners see their own, and so do those who manage or lead them."""

    view_permission = Permission.VIEW_AWARDS

    def visible_to(self, actor: Actor) -> CredentialQuerySet:
        """All of the organisation for whoever may view awards; otherwise the actor's own and those of their people."""
        if actor.may(self.view_permission):
            return self.in_house(actor)
        if actor.person_id is None:
            return self.none()
        earners = models.Q(award__person_id=actor.person_id) | models.Q(award__person_id__in=people_led_by(actor.person_id))
        return self.in_house(actor).filter(earners)

    def issued(self) -> CredentialQuerySet:
        """Those that were signed."""
        return self.filter(issued_at__isnull=False)


class Credential(models.Model):
    """The signed document that states an award. Signed once, stored as the signed bytes, served verbatim for ever."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="credentials")
    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="credential")
    register = models.ForeignKey(StatusRegister, on_delete=models.PROTECT, related_name="credentials")
    status_index = models.PositiveIntegerField()
    subject_id = models.CharField(max_length=60, default=new_subject_id)
    salt = models.CharField(max_length=32, default=new_salt)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    #: Fixed when the row is made, so that signing again after a crash, with the same key, gives the same bytes.
    sign_as_of = models.DateTimeField()

    #: How it is signed (openbadges/signed_form.py), fixed with the row: another choice holds for rows that are made later.
    signed_form = models.CharField(max_length=60, default=str(USUAL))

    #: Until then one worker is at work on it, and others leave it alone. Past it, that worker is taken for dead.
    leased_until = models.DateTimeField(null=True)

    #: Empty until it is signed. JSON with a proof inside, or a token where the form has no proof.
    document = models.TextField(blank=True)
    #: The token beside the JSON, where the form has both.
    token = models.TextField(blank=True, default="")
    document_sha256 = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField(null=True)

    revoked_at = models.DateTimeField(null=True)
    revocation_reason = models.CharField(max_length=500, blank=True)
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=500, blank=True)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["register", "status_index"], name="one_credential_an_index")]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "id"], condition=models.Q(issued_at__isnull=True), name="credential_to_sign")
        ]

    def __str__(self) -> str:
        return self.award.public_id

    @property
    def url(self) -> str:
        """The credential's `id`."""
        return self.award.url

    @property
    def is_token(self) -> bool:
        """Whether the signed document is a token and nothing else."""
        return not SignedForm.parse(self.signed_form).suite

    @property
    def file_ending(self) -> str:
        """`json` or `jwt`: what the signed document is."""
        return "jwt" if self.is_token else "json"

    @property
    def media_type(self) -> str:
        """That of the signed document."""
        return self.token_type if self.is_token else "application/vc"

    @property
    def token_type(self) -> str:
        """The media type of its token: that of the W3C's profile is its own, that of Open Badges is a JWT like any other."""
        return "application/vc+jwt" if SignedForm.parse(self.signed_form).profile is Profile.W3C else "application/jwt"

    @property
    def compact(self) -> str:
        """The signed token, or nothing where there is none."""
        return self.document if self.is_token else self.token


class StatusChangeQuerySet(TenantQuerySet["StatusChange"]):
    """Changes of many, for whoever may view awards."""

    view_permission = Permission.VIEW_AWARDS


class StatusChange(models.Model):
    """One decision to revoke, pause or lift many credentials, carried out in the background."""

    class Act(models.TextChoices):
        """What is done to each."""

        REVOKE = "revoke", "Revoke"
        PAUSE = "pause", "Pause"
        LIFT = "lift", "Lift"

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="status_changes")
    act = models.CharField(max_length=8, choices=Act.choices)
    reason = models.CharField(max_length=500)
    #: Whose right to it is asked again with each chunk; empty for the installation itself.
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by_label = models.CharField(max_length=200)
    decided_at = models.DateTimeField(default=timezone.now)
    #: Empty while the items are being written: only what is complete is carried out.
    complete_at = models.DateTimeField(null=True)

    objects = StatusChangeQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "-decided_at"], name="change_of_organisation")]

    def __str__(self) -> str:
        return f"{self.act} by {self.decided_by_label}"


class StatusChangeItem(models.Model):
    """One credential of a change, and what became of it."""

    class Outcome(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", "Waiting"
        DONE = "done", "Done"
        PASSED_OVER = "passed", "Passed over"

    change = models.ForeignKey(StatusChange, on_delete=models.CASCADE, related_name="items")
    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="status_change_items")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.WAITING)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["change", "credential"], name="one_item_a_credential")]
        indexes: ClassVar = [models.Index(fields=["change", "outcome", "id"], name="change_item_outcome")]

    def __str__(self) -> str:
        return f"{self.change_id}: {self.credential_id} {self.outcome}"
