"""Building the demo world through the same actions as everybody else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from hexmark.access import Access, Actor, ActorKind, Permission, system
from hexmark.awarding import actions as awarding
from hexmark.catalogue.actions import create_achievement, edit_draft, publish_version
from hexmark.catalogue.models import AchievementVersion, Alignment
from hexmark.demo import story
from hexmark.demo.names import full_names
from hexmark.demo.passports import accept_everything
from hexmark.issuing import actions as issuing
from hexmark.issuing.models import Credential
from hexmark.issuing.signing import sign_batch
from hexmark.organisations.actions import found_organisation
from hexmark.organisations.models import Organisation
from hexmark.people.actions import add_person, grant_access, link_account, open_account
from hexmark.people.models import Membership, Person
from hexmark.people.queries import actor_for

#: Told of each piece of work: what, how much is done, how much there is.
Progress = Callable[[str, int, int], None]
FOUNDER = Actor(kind=ActorKind.SYSTEM, organisation_id=None, permissions=frozenset({Permission.FOUND_ORGANISATION}), label="the demo")


@dataclass(frozen=True, slots=True)
class SignIn:
    """One of the demo's ways in."""

    who: str
    email: str


@dataclass(frozen=True, slots=True)
class World:
    """What was built."""

    organisation: Organisation
    steward: Person


def build(*, password: str, progress: Progress) -> World:
    """The demo organisation exists with people, achievements and signed credentials. Nothing is revoked or paused yet."""
    organisation = found_organisation(name=story.NAME, slug=story.SLUG, actor=FOUNDER, description=story.DESCRIPTION)
    people = _people(organisation, progress)
    steward, owner, member = people[story.STEWARD], people[story.OWNER], people[story.MEMBER]
    for person, access in ((steward, Access.STEWARD), (owner, Access.PROGRAMME_OWNER), (member, Access.MEMBER)):
        account = open_account(email=person.email, name=person.name, password=password)
        link_account(person, account=account, actor=system(organisation.pk))
        grant_access(person, access=access, actor=system(organisation.pk))
    by = actor_for(Person.objects.get(pk=steward.pk))
    versions = [_achievement(organisation, chapter, by) for chapter in story.CHAPTERS]
    _award(versions, people, steward, by)
    _sign(organisation, progress)
    accept_everything(organisation)
    return World(organisation=organisation, steward=steward)


def existing_sign_ins() -> list[SignIn]:
    """The demo's ways in, by access."""
    labels = dict(Membership.ACCESS_CHOICES)
    memberships = Membership.objects.filter(person__account__isnull=False).select_related("person").order_by("pk")
    return [SignIn(labels[membership.access], membership.person.email) for membership in memberships]


def revoke_and_pause(world: World) -> tuple[int, int]:
    """One credential is revoked and two are paused, so that these states can be seen; returns both counts."""
    actor = actor_for(Person.objects.get(pk=world.steward.pk))
    of_champions = Credential.objects.visible_to(actor).issued().filter(award__version__name="Safety Champion").order_by("pk")
    revoked, *paused = list(of_champions.select_related("award")[:3])
    issuing.revoke(revoked, actor=actor, reason="Awarded in error: the site observation belonged to somebody else.")
    for credential in paused:
        issuing.pause(credential, actor=actor, reason="The near-miss reports are being looked at again.")
    for status_list in issuing.unpublished_status_lists():
        issuing.publish_status_list(status_list)
    return 1, len(paused)


def _people(organisation: Organisation, progress: Progress) -> list[Person]:
    actor = system(organisation.pk)
    people = []
    for number, name in enumerate(full_names(story.PEOPLE)):
        email = f"{name.lower().replace(' ', '.')}@{story.MAIL_DOMAIN}"
        people.append(add_person(organisation, name=name, email=email, employee_id=f"H{1000 + number}", actor=actor))
        progress("Welcoming people", number + 1, story.PEOPLE)
    return people


def _achievement(organisation: Organisation, chapter: story.Chapter, actor: Actor) -> AchievementVersion:
    version = create_achievement(organisation, name=chapter.name, actor=actor)
    text = {
        "description": chapter.description,
        "criteria": chapter.criteria,
        "assurance": chapter.assurance,
        "level": chapter.level,
        "achievement_type": chapter.achievement_type,
        "validity_months": chapter.validity_months,
        "tags": list(chapter.tags),
    }
    skills = [
        Alignment(target_name=skill.name, target_url=skill.url, target_code=skill.code, target_framework="Hexham skills")
        for skill in chapter.skills
    ]
    edit_draft(version, text=text, alignments=skills, actor=actor)
    publish_version(version, actor=actor)
    return version


def _award(versions: Sequence[AchievementVersion], people: Sequence[Person], steward: Person, actor: Actor) -> None:
    today = timezone.now()
    for version, chapter in zip(versions, story.CHAPTERS, strict=True):
        for sitting in story.sittings(chapter, people=len(people)):
            # Nobody awards themselves, in the demo neither.
            earners = [people[place] for place in sitting.earners if people[place].pk != steward.pk]
            decided_at = today - timedelta(days=sitting.days_ago)
            awarded = awarding.award(version, to=earners, actor=actor, decided_at=decided_at)
            awarding.release_now(awarded.run, actor=actor)


def _sign(organisation: Organisation, progress: Progress) -> None:
    total, done = organisation.awards.count(), 0
    while dealt_with := sign_batch(organisation.pk):
        done += dealt_with
        progress("Signing credentials", done, total)
