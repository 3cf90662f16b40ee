"""Keys of programs: made once, shown once, ended at once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.world import World

from hexmark.access import SCOPES, Access, Permission, Scope, permissions_of_scopes
from hexmark.access.policy import POLICY
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.models import Event
from hexmark.organisations.actions import USE_IS_NOTED_EVERY, NewKey, make_api_key, note_use, revoke_api_key
from hexmark.organisations.models import ApiKey
from hexmark.people.actions import end_access, grant_access
from hexmark.people.api_keys import holder_of
from hexmark.people.models import Person
from hexmark.people.queries import actor_for


def a_key(acme: World, *scopes: Scope) -> NewKey:
    """A key of the steward's for these scopes, or for reading badges."""
    return make_api_key(acme.organisation, label="Course platform", scopes=scopes or [Scope.BADGE_READ], actor=acme.steward)


def test_a_token_carries_160_random_bits_and_says_what_it_is(acme: World) -> None:
    tokens = {a_key(acme).token for _ in range(20)}
    assert len(tokens) == 20
    assert all(re.fullmatch(r"hxm_[a-z2-7]{32}", token) for token in tokens)


def test_only_the_hash_of_a_token_is_kept(acme: World) -> None:
    made = a_key(acme)
    kept = str(ApiKey.objects.values().get())
    assert made.token not in kept
    assert made.token[8:] not in kept
    assert made.key.prefix == made.token[:8]


def test_making_and_revoking_are_recorded_without_the_token(acme: World) -> None:
    made = a_key(acme)
    revoke_api_key(made.key, actor=acme.steward)
    events = list(Event.objects.filter(subject_id=made.key.public_id).order_by("pk"))
    assert [event.event_type for event in events] == ["organisation.api_key_made", "organisation.api_key_revoked"]
    assert events[0].data == {"label": "Course platform", "scopes": ["badge:read"], "prefix": made.key.prefix}
    assert made.token not in str([event.data for event in events])


def test_a_key_acts_for_its_organisation_within_its_scopes(acme: World) -> None:
    holder = holder_of(a_key(acme, Scope.BADGE_AWARD, Scope.PEOPLE_READ).token)
    assert holder is not None
    assert holder.actor.organisation_id == acme.organisation.pk
    assert holder.actor.permissions == {Permission.VIEW_CATALOGUE, Permission.AWARD, Permission.VIEW_PEOPLE}
    assert holder.actor.person_id is None


@pytest.mark.parametrize("token", ["", "hxm_", "hxm_" + "a" * 32, "Ü", "\x00"])
def test_a_token_that_never_was_opens_nothing(acme: World, token: str) -> None:
    a_key(acme)
    assert holder_of(token) is None


def test_a_revoked_key_opens_nothing_and_cannot_be_revoked_again(acme: World) -> None:
    made = a_key(acme)
    revoke_api_key(made.key, actor=acme.steward)
    assert holder_of(made.token) is None
    with pytest.raises(Conflict, match="already"):
        revoke_api_key(made.key, actor=acme.steward)


def test_a_key_is_over_at_its_last_moment(acme: World) -> None:
    made = make_api_key(
        acme.organisation,
        label="A week",
        scopes=[Scope.VERIFY],
        actor=acme.steward,
        expires_at=timezone.now() + timedelta(days=7),
    )
    assert holder_of(made.token) is not None
    ApiKey.objects.update(expires_at=timezone.now())
    assert holder_of(made.token) is None


def test_a_key_dies_when_its_maker_loses_the_right(acme: World) -> None:
    second = acme.person("Second Steward")
    grant_access(second, access=Access.STEWARD, actor=acme.system)
    made = make_api_key(acme.organisation, label="Theirs", scopes=[Scope.BADGE_READ], actor=actor_for(second))
    assert holder_of(made.token) is not None
    end_access(second, access=Access.STEWARD, actor=acme.steward)
    assert holder_of(made.token) is None


def test_a_key_dies_when_its_maker_leaves(acme: World) -> None:
    made = a_key(acme)
    Person.objects.filter(pk=acme.steward_person.pk).update(left_at=timezone.now())
    assert holder_of(made.token) is None


def test_a_key_of_the_installation_has_no_maker_to_lose(acme: World) -> None:
    made = make_api_key(acme.organisation, label="Set-up", scopes=[Scope.BADGE_READ], actor=acme.system)
    holder = holder_of(made.token)
    assert holder is not None
    assert holder.actor.account_id is None


@pytest.mark.parametrize("who", ["member", "manager"])
def test_members_make_no_keys(acme: World, who: str) -> None:
    with pytest.raises(NotPermitted):
        make_api_key(acme.organisation, label="Mine", scopes=[Scope.BADGE_READ], actor=getattr(acme, who))
    assert not ApiKey.objects.exists()


def test_a_stranger_makes_and_revokes_no_keys(acme: World, globex: World) -> None:
    made = a_key(acme)
    with pytest.raises(NotPermitted, match="nothing here"):
        make_api_key(acme.organisation, label="Mine", scopes=[Scope.BADGE_READ], actor=globex.steward)
    with pytest.raises(NotPermitted, match="nothing here"):
        revoke_api_key(made.key, actor=globex.steward)
    assert holder_of(made.token) is not None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"label": "  "}, "label"),
        ({"label": "x" * 81}, "label"),
        ({"label": "hid\u202eden"}, "label"),
        ({"scopes": []}, "scopes"),
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "expires_at"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(acme: World, given: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        make_api_key(acme.organisation, **{"label": "Good", "scopes": [Scope.VERIFY], "actor": acme.steward} | given)
    assert refused.value.field == field


def test_no_scope_grants_access_or_makes_keys() -> None:
    never = {Permission.GRANT_ACCESS, Permission.MANAGE_KEYS, Permission.EDIT_ORGANISATION, Permission.FOUND_ORGANISATION}
    assert set(SCOPES) == set(Scope)
    assert not permissions_of_scopes(Scope) & never
    assert permissions_of_scopes(Scope) <= POLICY[Access.STEWARD]


def test_last_use_is_noted_once_a_quarter_of_an_hour(acme: World, django_assert_num_queries: object) -> None:
    key = a_key(acme).key
    note_use(key)
    key.refresh_from_db()
    first = key.last_used_at
    assert first is not None
    with django_assert_num_queries(0):  # type: ignore[operator]
        note_use(key)
    ApiKey.objects.update(last_used_at=first - USE_IS_NOTED_EVERY)
    note_use(ApiKey.objects.get())
    key.refresh_from_db()
    assert key.last_used_at is not None
    assert key.last_used_at >= first


def test_keys_are_listed_to_whoever_manages_them(acme: World, globex: World) -> None:
    a_key(acme)
    assert ApiKey.objects.visible_to(acme.steward).count() == 1
    assert not ApiKey.objects.visible_to(acme.member).exists()
    assert not ApiKey.objects.visible_to(globex.steward).exists()
