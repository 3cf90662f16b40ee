"""Who can do something now: found by skill, level and place, unless they do not want to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from hexmark.access import Actor, ActorKind, Permission
from hexmark.errors import Invalid, NotPermitted
from hexmark.gaps.models import Unfindable
from hexmark.holdings.actions import hold, release
from hexmark.holdings.models import Holding, HoldingSkill
from hexmark.passport.audience import Audience
from hexmark.passport.models import Entry
from hexmark.people.lines import teams_within
from hexmark.people.models import Person, Team
from hexmark.people.queries import is_manager
from hexmark.requirements.facts import AttributeFact, FactKind
from hexmark.skills.models import Skill

#: What is known of a person's place, as two letters of ISO 3166.
COUNTRY = "country"
MOST_FOUND = 500


@dataclass(frozen=True, slots=True)
class Expert:
    """Somebody who shows the skill, with what shows it best."""

    person: Person
    level: int
    #: The address of what shows it, its name, how surely, and until when.
    ref: str
    name: str
    assurance: int
    valid_until: datetime | None
    country: str


def may_search(actor: Actor) -> bool:
    """Whether the actor may look for experts: whoever views gaps, and whoever manages or leads somebody."""
    return actor.may(Permission.VIEW_GAPS) or (actor.kind is ActorKind.PERSON and is_manager(actor))


def experts(
    skill: Skill, *, level: int, at: datetime, actor: Actor, country: str = "", team: Team | None = None, assurance: int = 0
) -> list[Expert]:
    """People of the organisation who show the skill at this level or above at that moment, the highest and surest first.

    Who does not want to be found is not among them, and nothing counts here that its holder shows to nobody.

    Raises:
        NotPermitted: the actor may not look for experts here.
    """
    if actor.organisation_id != skill.organisation_id or not may_search(actor):
        raise NotPermitted("There is nothing here for you.")
    shown = HoldingSkill.objects.filter(skill=skill, level__gte=level, holding__assurance__gte=assurance, holding__valid_from__lte=at)
    shown = shown.filter(Q(holding__valid_until__isnull=True) | Q(holding__valid_until__gte=at))
    shown = shown.filter(holding__ended_at__isnull=True, holding__paused_at__isnull=True)
    shown = shown.filter(person__left_at__isnull=True, person__unfindable__isnull=True)
    if team is not None:
        shown = shown.filter(person__team_id__in=teams_within(team.pk))
    if country:
        there = Holding.objects.filter(kind=FactKind.ATTRIBUTE.value, ref=COUNTRY, ended_at__isnull=True, data__value=country.upper())
        shown = shown.filter(person_id__in=there.filter(organisation_id=skill.organisation_id).values("person_id"))
    ordered = shown.select_related("person__team", "holding").order_by("-level", "-holding__assurance", "person__name", "pk")
    return _best_of_each(list(ordered[: MOST_FOUND * 2]))


def _best_of_each(shown: Sequence[HoldingSkill]) -> list[Expert]:
    hidden = _shown_to_nobody([one.holding.ref for one in shown])
    countries = _countries([one.person_id for one in shown])
    found: dict[int, Expert] = {}
    for one in shown:
        if one.holding.ref in hidden or one.person_id in found or len(found) == MOST_FOUND:
            continue
        holding = one.holding
        found[one.person_id] = Expert(
            person=one.person,
            level=one.level,
            ref=holding.ref,
            name=holding.data.get("name", ""),
            assurance=holding.assurance,
            valid_until=holding.valid_until,
            country=countries.get(one.person_id, ""),
        )
    return list(found.values())


def _shown_to_nobody(refs: Sequence[str]) -> set[str]:
    awards = {ref.rsplit("/", 1)[-1]: ref for ref in refs}
    private = Entry.objects.filter(credential__award__public_id__in=awards, audience=Audience.ONLY_ME)
    return {awards[public_id] for public_id in private.values_list("credential__award__public_id", flat=True)}


def _countries(person_ids: Sequence[int]) -> dict[int, str]:
    known = Holding.objects.filter(person_id__in=person_ids, kind=FactKind.ATTRIBUTE.value, ref=COUNTRY, ended_at__isnull=True)
    return {one.person_id: str(one.data.get("value", "")) for one in known}


def country_of(person: Person) -> str:
    """Where the person works, as they said; empty where they did not."""
    return _countries([person.pk]).get(person.pk, "")


def is_findable(person: Person) -> bool:
    """Whether the search for experts may find the person."""
    return not Unfindable.objects.filter(person=person).exists()


@transaction.atomic
def set_findable(person: Person, *, findable: bool, country: str, actor: Actor) -> None:
    """The search finds the person, or does not, from now on; and knows where they work. Only they decide.

    Raises:
        NotPermitted: it is somebody else's.
        Invalid: the country is not two letters.
    """
    if actor.person_id != person.pk:
        raise NotPermitted("There is nothing here that you may change.")
    said = country.strip().upper()
    if said and (len(said) != 2 or not said.isascii() or not said.isalpha()):
        raise Invalid("A country has two letters, such as GB or DE.", field="country")
    if findable:
        Unfindable.objects.filter(person=person).delete()
    else:
        Unfindable.objects.get_or_create(person=person)
    if said:
        hold(person, AttributeFact(COUNTRY, said), actor=actor)
    else:
        release(person, FactKind.ATTRIBUTE, COUNTRY, actor=actor)
