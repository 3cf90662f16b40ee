"""Tables of people.

An *account* is a human's own sign-in: global, owned by that human, it survives any employer. A *person* is one
organisation's record of somebody, with or without an account behind it. A *membership* gives a person access there. Persons stand in
*teams*, report to a manager, and hold *job roles*. Lists of people that were brought stand in `import_tables`.
"""

from __future__ import annotations

import hashlib
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from hexmark.access import Access, Actor, Permission
from hexmark.organisations.models import Organisation
from hexmark.organisations.public_id import public_id_field
from hexmark.organisations.tenancy import TenantQuerySet
from hexmark.people.identities import LinkedIdentity  # noqa: F401  # a table of this room
from hexmark.people.import_tables import ImportRow, PeopleImport
from hexmark.people.lines import people_led_by

__all__ = [
    "Account",
    "ImportRow",
    "JobRole",
    "Membership",
    "OneTimeLink",
    "PeopleImport",
    "Person",
    "PersonQuerySet",
    "RoleAssignment",
    "Team",
    "TeamQuerySet",
]


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; `get_by_natural_key` ignores case in addresses."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """The account of this primary address."""
        return self.get(email__iexact=username)


class Account(AbstractBaseUser):
    """A human's own sign-in. Further verified addresses stand in the sign-in library's table."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects = AccountManager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="one_account_an_address")]

    def __str__(self) -> str:
        return self.name or self.email


class TeamQuerySet(TenantQuerySet["Team"]):
    """Teams; a lead knows of their own."""

    view_permission = Permission.VIEW_PEOPLE

    def visible_to(self, actor: Actor) -> TeamQuerySet:
        """All of the organisation for whoever may view people; otherwise those that the actor leads."""
        if actor.may(self.view_permission):
            return self.in_house(actor)
        return self.in_house(actor).filter(lead_id=actor.person_id, lead__left_at=None) if actor.person_id else self.none()

    def open(self) -> TeamQuerySet:
        """Those that were not closed."""
        return self.filter(closed_at__isnull=True)


class Team(models.Model):
    """A group of people, perhaps within another, perhaps with a lead."""

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="parts")
    #: Sees what the people of the team and of the teams within it hold, as a manager does.
    lead = models.ForeignKey("Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="leads")
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            # Lists name teams, so two open ones must not share a name.
            models.UniqueConstraint(Lower("name"), "organisation", condition=models.Q(closed_at__isnull=True), name="one_open_team_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class PersonQuerySet(TenantQuerySet["Person"]):
    """Persons; everybody sees themselves, managers their reporting line, leads their teams."""

    view_permission = Permission.VIEW_PEOPLE

    def visible_to(self, actor: Actor) -> PersonQuerySet:
        """All of the organisation for whoever may view people; otherwise the actor and the people whom they manage or lead."""
        if actor.may(self.view_permission):
            return self.in_house(actor)
        if actor.person_id is None:
            return self.none()
        return self.in_house(actor).filter(models.Q(pk=actor.person_id) | models.Q(pk__in=people_led_by(actor.person_id)))

    def led_by(self, actor: Actor) -> PersonQuerySet:
        """The people of the actor's reporting line and teams, without the actor; whatever else the actor may view."""
        if actor.person_id is None:
            return self.none()
        return self.in_house(actor).filter(pk__in=people_led_by(actor.person_id)).exclude(pk=actor.person_id)

    def present(self) -> PersonQuerySet:
        """Those who have not left."""
        return self.filter(left_at__isnull=True)


class Person(models.Model):
    """An organisation's record of somebody."""

    class Kind(models.TextChoices):
        """What ties the person to the organisation."""

        STAFF = "staff", "Staff"
        CUSTOMER = "customer", "Customer"
        REGISTRANT = "registrant", "Registrant"
        PARTNER = "partner", "Partner"
        GUEST = "guest", "Guest"

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people")
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="persons")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.STAFF)
    name = models.CharField(max_length=200)
    email = models.EmailField(max_length=254)
    employee_id = models.CharField(max_length=60, blank=True)
    #: In which language mails are written to them, as a BCP 47 tag.
    language = models.CharField(max_length=12, default="en")
    manager = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="reports")
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="people")
    started_on = models.DateField(null=True, blank=True)
    #: The last day. The sweep `people.leave` marks them as left when it is over.
    ends_on = models.DateField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    #: Raised by every change of what lists carry, so that a list that was taken away earlier cannot undo a later change.
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), "organisation", name="one_person_an_address"),
            models.UniqueConstraint(
                fields=["organisation", "employee_id"], condition=~models.Q(employee_id=""), name="one_person_an_employee_id"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "name"], name="people_by_name")]

    def __str__(self) -> str:
        return self.name


class JobRole(models.Model):
    """What people are employed or engaged as: welder, team coach, registrar."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="job_roles")
    name = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("name"), "organisation", name="one_job_role_a_name")]

    def __str__(self) -> str:
        return self.name


class RoleAssignment(models.Model):
    """A person holds a job role, from one day to another; both days count, and an empty end is open."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="role_assignments")
    role = models.ForeignKey(JobRole, on_delete=models.PROTECT, related_name="assignments")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")), name="a_role_ends_after_it_starts"
            ),
            models.UniqueConstraint(fields=["person", "role"], condition=models.Q(ends_on__isnull=True), name="one_open_assignment_a_role"),
        ]

    def __str__(self) -> str:
        return f"{self.person} as {self.role}"

    @property
    def is_current(self) -> bool:
        """Whether it counts today, where the organisation is (its time zone must be active)."""
        today = timezone.localdate()
        return self.starts_on <= today and (self.ends_on is None or self.ends_on >= today)


class Membership(models.Model):
    """One kind of access that a person has in the organisation."""

    ACCESS_CHOICES: ClassVar = [
        (Access.STEWARD.value, "Badge administrator"),
        (Access.PROGRAMME_OWNER.value, "Programme owner"),
        (Access.ASSESSOR.value, "Assessor"),
        (Access.HR.value, "Human resources"),
        (Access.AUDITOR.value, "Auditor"),
        (Access.MEMBER.value, "Member"),
    ]

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    access = models.CharField(max_length=20, choices=ACCESS_CHOICES)
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "access"], name="one_membership_an_access")]

    def __str__(self) -> str:
        return f"{self.person} is {self.access}"


class OneTimeLink(models.Model):
    """A link that may be used once, within a time. Only the hash of its token is kept."""

    class Purpose(models.TextChoices):
        """What using it does."""

        SET_UP = "set_up", "Set up the installation"
        #: Whoever opens it has read a mail to the person's address: an account can be opened for, or linked to, the person.
        JOIN = "join", "Join with an account"

    #: Whom it was sent to; empty for the installation's own.
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="links")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    token_sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} until {self.expires_at:%Y-%m-%d %H:%M}"

    @staticmethod
    def digest(token: str) -> str:
        """What is kept of a token: 128 random bits need no slow hash."""
        return hashlib.sha256(token.encode()).hexdigest()
