"""Who stands on which side of a target at this moment. Asked anew each time, so that a change of manager counts at once."""

from __future__ import annotations

from hexmark.access import Actor, ActorKind, Permission
from hexmark.errors import NotPermitted
from hexmark.organisations.models import Organisation
from hexmark.people.lines import people_led_by
from hexmark.people.models import Person, Team
from hexmark.performance.models import Target

_NOTHING = "There is nothing here that you may change."


def is_led_by(actor: Actor, *, person: Person | None = None, team: Team | None = None) -> bool:
    """Whether the actor manages or leads this person now; of a team, whether its lead is theirs or it stands within a team of theirs."""
    if actor.person_id is None:
        return False
    if person is not None:
        return Person.objects.led_by(actor).filter(pk=person.pk).exists()
    assert team is not None
    if team.lead_id is None or team.lead_id == actor.person_id:
        return False
    return Person.objects.in_house(actor).filter(pk=team.lead_id, pk__in=people_led_by(actor.person_id)).exists()


def is_side_of_subject(actor: Actor, *, person: Person | None = None, team: Team | None = None) -> bool:
    """Whether the actor is the person, or leads the team, that the target is of."""
    if actor.person_id is None:
        return False
    return person.pk == actor.person_id if person is not None else team is not None and team.lead_id == actor.person_id


def is_side_of_manager(actor: Actor, *, person: Person | None = None, team: Team | None = None) -> bool:
    """Whether the actor agrees for the organisation: as manager or lead, or by right; never about themselves."""
    if is_side_of_subject(actor, person=person, team=team):
        return False
    return actor.may(Permission.SET_TARGETS) or is_led_by(actor, person=person, team=team)


def check_may_set(actor: Actor, organisation: Organisation, *, person: Person | None = None, team: Team | None = None) -> None:
    """Pass if the actor may propose a target for this person or team.

    Raises:
        NotPermitted: they may not, or it is another organisation's.
    """
    subject = person or team
    assert subject is not None
    if actor.organisation_id != organisation.pk or subject.organisation_id != organisation.pk:
        raise NotPermitted(_NOTHING)
    if actor.kind is ActorKind.SYSTEM or is_side_of_subject(actor, person=person, team=team):
        return
    if not is_side_of_manager(actor, person=person, team=team):
        raise NotPermitted("Targets are set by people themselves, and by who manages or leads them.")


def check_may_touch(actor: Actor, target: Target) -> None:
    """Pass if the actor is on one of the target's two sides.

    Raises:
        NotPermitted: they are not.
    """
    if actor.organisation_id != target.organisation_id:
        raise NotPermitted(_NOTHING)
    if actor.kind is ActorKind.SYSTEM:
        return
    if not (
        is_side_of_subject(actor, person=target.person, team=target.team)
        or is_side_of_manager(actor, person=target.person, team=target.team)
    ):
        raise NotPermitted(_NOTHING)


def held_still(target: Target) -> Target:
    """The row under a lock, as it stands now."""
    related = ("organisation", "person", "team", "measure", "cycle")
    return Target.objects.select_for_update(of=("self",), no_key=True).select_related(*related).get(pk=target.pk)
