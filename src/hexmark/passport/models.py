"""Tables of the passport: what an account holds, and whom its human shows it to."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from hexmark.access import Actor, Permission
from hexmark.issuing.models import Credential
from hexmark.organisations.models import Organisation
from hexmark.organisations.public_id import public_id_field
from hexmark.organisations.tenancy import TenantQuerySet
from hexmark.passport.audience import Audience
from hexmark.people.models import Account


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries; an account sees its own."""

    def visible_to(self, actor: Actor) -> EntryQuerySet:
        """What the actor's account holds, whichever organisation it acts for."""
        return self.none() if actor.account_id is None else self.filter(account_id=actor.account_id)

    def kept(self) -> EntryQuerySet:
        """Those that were accepted, and not declined since."""
        return self.filter(accepted_at__isnull=False, declined_at__isnull=True)


class Entry(models.Model):
    """One credential's place with its holder: whether it was accepted, and who may see it."""

    credential = models.OneToOneField(Credential, on_delete=models.CASCADE, related_name="entry")
    #: Empty until somebody joins. Never emptied by an employer: the passport belongs to the account.
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="entries")
    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.LINK)
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    #: The address whose reader said "not me", so that no more is sent there.
    disowned_email = models.EmailField(max_length=254, blank=True)
    #: When the letter about it was queued, or it was decided that there is none.
    told_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    pinned = models.BooleanField(default=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["disowned_email"], condition=~models.Q(disowned_email=""), name="entry_disowned"),
            models.Index(fields=["id"], condition=models.Q(told_at__isnull=True), name="entry_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.credential_id}: {self.audience}"

    @property
    def organisation_id(self) -> int:
        """The issuer's, for its log."""
        return self.credential.organisation_id

    @property
    def public_id(self) -> str:
        """The award's, by which it is known everywhere."""
        return self.credential.award.public_id

    @property
    def is_waiting(self) -> bool:
        """Whether nobody answered yet."""
        return self.accepted_at is None and self.declined_at is None

    @property
    def is_kept(self) -> bool:
        """Whether it was accepted, and not declined since."""
        return self.accepted_at is not None and self.declined_at is None


class Collection(models.Model):
    """Some entries in an order of the holder's own, with a name; published, whoever has its address sees it."""

    public_id = public_id_field()
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="collections")
    name = models.CharField(max_length=120)
    text = models.TextField(blank=True, max_length=1000)
    published_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """Where it is shown once it is published."""
        return f"{settings.PUBLIC_URL}/c/{self.public_id}"


class CollectionItem(models.Model):
    """An entry's place in a collection."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="items")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="collection_items")
    position = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["collection", "entry"], name="one_place_in_a_collection")]
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.position}: {self.entry_id}"


class Profile(models.Model):
    """A page about oneself, for whoever wants one."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="profile")
    handle = models.CharField(max_length=40, unique=True)
    headline = models.CharField(max_length=200, blank=True)
    #: Empty: nobody sees it.
    published_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.handle

    @property
    def url(self) -> str:
        """Where it is shown once it is published."""
        return f"{settings.PUBLIC_URL}/p/{self.handle}"


class Share(models.Model):
    """A code with which somebody outside sees some entries, for a time."""

    public_id = public_id_field()
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="shares")
    #: For whom, in the holder's own words; nobody else sees it.
    name = models.CharField(max_length=120)
    #: The code follows from this and the installation's secret, so that its holder can be shown it again.
    nonce = models.CharField(max_length=32)
    code_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    entries = models.ManyToManyField(Entry, related_name="shares")

    def __str__(self) -> str:
        return self.name


class ShareOpening(models.Model):
    """That a code was used: when, and for what. Never by whom."""

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="openings")
    opened_at = models.DateTimeField()
    what = models.CharField(max_length=60)

    class Meta:
        ordering: ClassVar = ["-opened_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.what} at {self.opened_at:%Y-%m-%d %H:%M}"


class Export(models.Model):
    """One archive of everything that an account holds."""

    public_id = public_id_field()
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="exports")
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    size_bytes = models.BigIntegerField(default=0)
    credentials = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.public_id


class ObjectionQuerySet(TenantQuerySet["Objection"]):
    """Objections, for whoever may view awards."""

    view_permission = Permission.VIEW_AWARDS


class Objection(models.Model):
    """What a holder says against a revocation or a pause, and what the organisation answers."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="objections")
    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="objections")
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="objections")
    text = models.TextField(max_length=2000)
    made_at = models.DateTimeField()
    answer = models.TextField(blank=True, max_length=2000)
    answered_at = models.DateTimeField(null=True)
    answered_by_label = models.CharField(max_length=200, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["made_at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class AccountLink(models.Model):
    """A link that an account asked for, sent to an address. Only the hash of its token is kept, and only that account can use it."""

    class Purpose(models.TextChoices):
        """What using it does."""

        ADDRESS = "address", "Add the address to the account"
        MERGE = "merge", "Merge the account of the address into this one"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="account_links")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    email = models.EmailField(max_length=254)
    token_sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.email}"
