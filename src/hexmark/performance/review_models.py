"""Tables of reviews: one person's conversation record in a cycle, the words of each side, feedback, who read it, and the packets."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from hexmark.access import Access, Actor, ActorKind, Permission
from hexmark.issuing.models import Credential
from hexmark.organisations.models import Organisation
from hexmark.organisations.public_id import public_id_field
from hexmark.organisations.tenancy import TenantQuerySet
from hexmark.people.models import Membership, Person
from hexmark.performance.cycle_models import Cycle


def managed_by(person_id: int, *, of: str = "") -> models.Q:
    """Whose manager somebody is at this moment: the one whom the record names, or else the lead of the team. `of` is the way to the person.

    Only the nearest one: the managers of a manager have no part in a review.
    """
    without = models.Q(**{f"{of}manager__isnull": True}) | models.Q(**{f"{of}manager__left_at__isnull": False})
    leads = models.Q(**{f"{of}team__lead_id": person_id, f"{of}team__lead__left_at__isnull": True, f"{of}team__closed_at__isnull": True})
    named = models.Q(**{f"{of}manager_id": person_id, f"{of}manager__left_at__isnull": True})
    own = models.Q(**{f"{of}pk" if of else "pk": person_id})
    return (named | (without & leads)) & ~own


class ReviewQuerySet(TenantQuerySet["Review"]):
    """Reviews, by relationship and time. Only the nearest manager of this moment reads one, however many are above."""

    def visible_to(self, actor: Actor) -> ReviewQuerySet:
        """The actor's own, those of whoever they manage now, and what HR and auditors may read by the cycle's policy."""
        house = self.in_house(actor)
        if actor.kind is not ActorKind.PERSON or actor.person_id is None:
            # Keys and the installation itself read no review.
            return self.none()
        seen = models.Q(person_id=actor.person_id) | managed_by(actor.person_id, of="person__")
        if actor.may(Permission.RUN_REVIEWS) and is_hr(actor):
            seen |= models.Q(cycle__hr_reads=Cycle.HrReads.ALL)
            seen |= models.Q(cycle__hr_reads=Cycle.HrReads.CLOSED, closed_at__isnull=False)
        if actor.may(Permission.AUDIT_REVIEWS):
            seen |= models.Q(closed_at__isnull=False)
        return house.filter(seen)

    def managed_by(self, actor: Actor) -> ReviewQuerySet:
        """Those in which the actor is the manager now."""
        return self.in_house(actor).filter(managed_by(actor.person_id, of="person__")) if actor.person_id else self.none()


def is_hr(actor: Actor) -> bool:
    """Whether the actor is human resources. A badge administrator runs cycles, but reads nobody's review."""
    return actor.person_id is not None and Membership.objects.filter(person_id=actor.person_id, access=Access.HR).exists()


class Review(models.Model):
    """One person's conversation record in a cycle."""

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="reviews")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="reviews")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reviews")
    #: What both hold fast from the conversation.
    agreement = models.TextField(blank=True)
    #: Raised by every change of the agreement, so that nobody overwrites or confirms what they have not read.
    agreement_version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    #: Both confirmed it.
    closed_at = models.DateTimeField(null=True)
    #: The manager who confirmed it.
    closed_with = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["cycle", "person"], name="one_review_a_cycle")]

    def __str__(self) -> str:
        return f"{self.person} in {self.cycle}"

    @property
    def url(self) -> str:
        """Its page, and its `id` in a packet."""
        return f"{settings.PUBLIC_URL}/reviews/{self.public_id}"

    @property
    def is_open(self) -> bool:
        """Whether it may still be written in (its cycle must be loaded)."""
        return self.closed_at is None and self.cycle.closed_at is None


class Words(models.Model):
    """What one side writes. Until it is handed in it is a draft, which nobody but its author ever sees."""

    class Part(models.TextChoices):
        """Whose view it is."""

        SELF = "self", "Self review"
        MANAGER = "manager", "Manager's review"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="words")
    part = models.CharField(max_length=8, choices=Part.choices)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    #: A value of the cycle's scale, or empty. Chosen by the author on a form and by nothing else.
    mark = models.CharField(max_length=12, blank=True)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["review", "part", "author"], name="one_text_an_author")]

    def __str__(self) -> str:
        return f"{self.get_part_display()} of {self.review_id}"


class Confirmation(models.Model):
    """One side stands by the agreement as it was read, perhaps with words of disagreement. Gone when the agreement changes."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="confirmations")
    side = models.CharField(max_length=8, choices=Words.Part.choices)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()
    disagreement = models.TextField(blank=True)
    #: What this side lets into the packet.
    includes_words = models.BooleanField(default=False)
    includes_agreement = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["review", "side"], name="one_confirmation_a_side")]

    def __str__(self) -> str:
        return f"{self.side} confirms {self.review_id}"


class Reopening(models.Model):
    """A closed review was opened again, and why."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="reopenings")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    reopened_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.review_id} reopened"


class Feedback(models.Model):
    """Others' words about a person, asked for by one of the two. Who will see them is fixed when they are asked for."""

    class Audience(models.TextChoices):
        """Who sees it."""

        BOTH = "both", "The person and the manager"
        PERSON = "person", "Only the person"
        MANAGER = "manager", "Only the manager"

    public_id = public_id_field()
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="feedback")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    #: A colleague, or else somebody outside with a link.
    giver = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="feedback_asked")
    giver_name = models.CharField(max_length=200)
    giver_email = models.EmailField(max_length=254)
    question = models.TextField(blank=True)
    audience = models.CharField(max_length=8, choices=Audience.choices)
    #: Of the link of somebody outside; only its hash is kept.
    token_sha256 = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    text = models.TextField(blank=True)
    given_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "giver_email"], name="one_feedback_a_giver"),
            models.UniqueConstraint(fields=["token_sha256"], condition=~models.Q(token_sha256=""), name="one_feedback_a_link"),
        ]

    def __str__(self) -> str:
        return f"Feedback of {self.giver_name}"


class ReviewRead(models.Model):
    """Somebody else than its subject read a review. The subject is shown this."""

    class As(models.TextChoices):
        """In which part."""

        MANAGER = "manager", "Manager"
        HR = "hr", "Human resources"
        AUDITOR = "auditor", "Auditor"

    class What(models.TextChoices):
        """What was read."""

        PAGE = "page", "The review"
        AGREEMENT = "agreement", "The agreement, beside the next review"
        PACKET = "packet", "The packet, as a file"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="reads")
    reader = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    read_as = models.CharField(max_length=8, choices=As.choices)
    what = models.CharField(max_length=10, choices=What.choices, default=What.PAGE)
    read_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["review", "-read_at"], name="reads_of_review")]

    def __str__(self) -> str:
        return f"{self.reader_id} read {self.review_id}"


class Packet(models.Model):
    """What a closed review leaves in the hands of both sides: one signed file. Another one after it was reopened and closed again."""

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="review_packets")
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="packets")
    #: As of when everything in it is said.
    closed_at = models.DateTimeField()
    #: The words and targets as they stood then; the credentials follow from the rows below.
    content = models.JSONField()
    credentials = models.ManyToManyField(Credential, related_name="+")
    #: The compact token, once it is signed; served verbatim.
    document = models.TextField(blank=True)
    signed_at = models.DateTimeField(null=True)
    #: Why it cannot be signed, in a sentence.
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["id"], condition=models.Q(signed_at__isnull=True), name="packet_to_sign")]

    def __str__(self) -> str:
        return f"Packet of {self.review_id}"


class Note(models.Model):
    """What a manager writes down between reviews about somebody; who sees it is said beside it."""

    class Audience(models.TextChoices):
        """Who sees it."""

        AUTHOR = "author", "Only me"
        BOTH = "both", "Me and the person"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="notes")
    public_id = public_id_field()
    about = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.AUTHOR)
    written_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["about", "-written_at"], name="notes_about")]

    def __str__(self) -> str:
        return f"A note about {self.about_id}"
