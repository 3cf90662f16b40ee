"""Who may do what: the whole table, written out so that a change of it is seen, and the one function that asks it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.access import ANONYMOUS, Access, Actor, ActorKind, Permission, allow, permissions_of, system
from hexmark.access.policy import POLICY
from hexmark.errors import Conflict, DomainError, Invalid, NotConfigured, NotPermitted

#: x: may. The columns are steward, programme owner, assessor, HR, auditor, member.
TABLE = """
    view_catalogue       x x x x x x
    edit_catalogue       x x . . . .
    publish_achievement  x x . . . .
    award                x x . . . .
    view_awards          x x . . x .
    revoke               x x . . . .
    pause                x x . . . .
    view_people          x x . x x .
    edit_people          x . . x . .
    grant_access         x . . . . .
    edit_organisation    x . . . . .
    manage_keys          x . . . . .
    view_events          x . . . x .
    edit_skills          x x . x . .
    view_gaps            x x . x x .
    view_measures        x . . x . .
    edit_measures        x . . x . .
    view_targets         x . . x . .
    set_targets          x . . x . .
    view_opportunities   x x . x x .
    offer_opportunities  x x . x . .
    decide_opportunities x . . x . .
    run_reviews          x . . x . .
    audit_reviews        . . . . x .
    found_organisation   . . . . . .
"""
COLUMNS = (Access.STEWARD, Access.PROGRAMME_OWNER, Access.ASSESSOR, Access.HR, Access.AUDITOR, Access.MEMBER)
ROWS = {Permission(line.split()[0]): dict(zip(COLUMNS, line.split()[1:], strict=True)) for line in TABLE.strip().splitlines()}
CELLS = [(access, permission, ROWS[permission][access] == "x") for permission in ROWS for access in COLUMNS]


@dataclass(frozen=True)
class Thing:
    """Something of an organisation."""

    organisation_id: int


def of(access: Access, organisation_id: int = 1) -> Actor:
    """A person with this access."""
    return Actor(ActorKind.PERSON, organisation_id, permissions_of([access]), label="Somebody", person_id=7)


def test_the_table_above_has_a_row_for_every_permission_and_a_column_for_every_access() -> None:
    assert list(ROWS) == list(Permission)
    assert list(COLUMNS) == list(Access)
    assert set(POLICY) == set(Access)


@pytest.mark.parametrize(("access", "permission", "may"), CELLS, ids=[f"{access}-{permission}" for access, permission, _ in CELLS])
def test_the_policy_is_the_table_above(access: Access, permission: Permission, may: bool) -> None:
    assert (permission in POLICY[access]) is may
    assert of(access).may(permission) is may


@pytest.mark.parametrize(("access", "permission", "may"), CELLS, ids=[f"{access}-{permission}" for access, permission, _ in CELLS])
def test_allow_passes_silently_or_says_what_is_missing(access: Access, permission: Permission, may: bool) -> None:
    if may:
        allow(of(access), permission, Thing(1))
        return
    with pytest.raises(NotPermitted, match=permission.value.replace("_", " ")) as refused:
        allow(of(access), permission, Thing(1))
    assert "badge administrator" in str(refused.value)


@pytest.mark.parametrize("access", COLUMNS)
@pytest.mark.parametrize("permission", list(Permission))
def test_a_stranger_may_nothing_and_hears_the_same_whatever_access_they_have_at_home(access: Access, permission: Permission) -> None:
    with pytest.raises(NotPermitted) as refused:
        allow(of(access, organisation_id=2), permission, Thing(1))
    assert str(refused.value) == "There is nothing here that you may change."


@pytest.mark.parametrize("permission", list(Permission))
def test_a_visitor_may_nothing(permission: Permission) -> None:
    assert not ANONYMOUS.may(permission)
    with pytest.raises(NotPermitted, match="nothing here"):
        allow(ANONYMOUS, permission, Thing(1))


@pytest.mark.parametrize("permission", list(Permission))
def test_the_installation_may_everything_in_the_one_organisation_for_which_it_acts(permission: Permission) -> None:
    allow(system(1), permission, Thing(1))
    with pytest.raises(NotPermitted, match="nothing here"):
        allow(system(2), permission, Thing(1))


def test_an_actor_without_an_organisation_owns_nothing_even_with_every_permission() -> None:
    nowhere = Actor(ActorKind.SYSTEM, None, frozenset(Permission))
    with pytest.raises(NotPermitted):
        allow(nowhere, Permission.AWARD, Thing(1))


@given(st.lists(st.sampled_from(COLUMNS), max_size=6))
def test_several_kinds_of_access_permit_what_each_of_them_permits(accesses: list[Access]) -> None:
    together = permissions_of(accesses)
    assert together == {permission for permission in Permission if any(ROWS[permission][access] == "x" for access in accesses)}


def test_no_access_permits_nothing() -> None:
    assert permissions_of([]) == frozenset()


def test_more_rights_never_lie_below_fewer() -> None:
    assert POLICY[Access.MEMBER] < POLICY[Access.PROGRAMME_OWNER] < POLICY[Access.STEWARD]
    assert all(POLICY[Access.MEMBER] <= POLICY[access] for access in Access)


def test_who_decides_over_access_is_not_who_audits() -> None:
    assert not POLICY[Access.AUDITOR] & {Permission.AWARD, Permission.REVOKE, Permission.GRANT_ACCESS, Permission.MANAGE_KEYS}


def test_an_actor_cannot_be_given_more_rights_afterwards() -> None:
    actor = of(Access.MEMBER)
    with pytest.raises(AttributeError):
        actor.permissions = frozenset(Permission)  # type: ignore[misc]
    with pytest.raises(AttributeError):
        actor.permissions.add(Permission.AWARD)  # type: ignore[attr-defined]
    assert replace(actor, label="Other").permissions == actor.permissions


def test_the_installation_signs_the_log_with_its_name() -> None:
    assert system(1).label == "Hexmark"
    assert system(1, label="the command line").label == "the command line"
    assert system(1).person_id is None


@pytest.mark.parametrize("kind", [NotPermitted, Conflict, Invalid, NotConfigured])
def test_an_error_of_the_domain_is_a_sentence_and_may_name_the_field(kind: type[DomainError]) -> None:
    error = kind("Say why.", field="reason")
    assert (str(error), error.field) == ("Say why.", "reason")
    assert kind("Say why.").field is None
    assert isinstance(error, DomainError)
