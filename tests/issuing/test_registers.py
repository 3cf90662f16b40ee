"""Giving out status indexes: each once, in an order that tells nothing, and over to the next register when one is used up."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.issuing.served import served
from tests.world import World, make_world, run_jobs

from hexmark.awarding.actions import award
from hexmark.catalogue.models import AchievementVersion
from hexmark.issuing.actions import revoke
from hexmark.issuing.models import Credential, StatusList, StatusRegister
from hexmark.issuing.registers import draw_indexes
from hexmark.openbadges import strict_json
from hexmark.verification import verify


def nearly_used_up(world: World, *, left: int) -> StatusRegister:
    """The organisation's first register, with so many indexes left."""
    draw_indexes(world.organisation, 1)
    register = StatusRegister.objects.get(organisation=world.organisation)
    StatusRegister.objects.filter(pk=register.pk).update(drawn=register.entries - left)
    return register


def test_no_index_is_given_out_twice_over_many_draws(acme: World) -> None:
    places = [place for count in (1, 2, 100, 997, 3, 2000) for place in draw_indexes(acme.organisation, count)]
    assert len(places) == len(set(places)) == 3103
    assert all(0 <= index < 131_072 for _, index in places)


def test_indexes_do_not_come_in_sequence(acme: World) -> None:
    indexes = [index for _, index in draw_indexes(acme.organisation, 200)]
    assert indexes != sorted(indexes)
    assert max(indexes) > 100_000
    assert min(indexes) < 30_000
    # By chance one pair in 700 draws of this size is; five never are.
    assert sum(second - first == 1 for first, second in pairwise(indexes)) < 5


def test_two_organisations_draw_from_registers_of_their_own_in_different_orders(acme: World, globex: World) -> None:
    ours, theirs = draw_indexes(acme.organisation, 50), draw_indexes(globex.organisation, 50)
    assert {register for register, _ in ours}.isdisjoint(register for register, _ in theirs)
    assert [index for _, index in ours] != [index for _, index in theirs]


def test_drawing_nothing_begins_no_register(acme: World) -> None:
    assert draw_indexes(acme.organisation, 0) == []
    assert not StatusRegister.objects.exists()


def test_indexes_are_drawn_in_the_transaction_that_uses_them(transactional_db: None) -> None:
    acme = make_world("acme")
    with pytest.raises(transaction.TransactionManagementError):
        draw_indexes(acme.organisation, 1)


def test_what_is_rolled_back_was_never_drawn(acme: World) -> None:
    draw_indexes(acme.organisation, 1)
    with transaction.atomic():
        undone = draw_indexes(acme.organisation, 3)
        transaction.set_rollback(True)
    assert draw_indexes(acme.organisation, 3) == undone


def test_a_register_begins_with_two_lists_that_are_not_published_yet(acme: World) -> None:
    draw_indexes(acme.organisation, 1)
    assert sorted(StatusList.objects.values_list("purpose", "document", "revision", "published_revision")) == [
        ("revocation", "", 1, 0),
        ("suspension", "", 1, 0),
    ]


def test_when_a_register_is_used_up_the_next_one_begins(acme: World) -> None:
    first = nearly_used_up(acme, left=3)
    places = draw_indexes(acme.organisation, 5)
    second = StatusRegister.objects.get(organisation=acme.organisation, number=2)
    assert [register for register, _ in places] == [first.pk] * 3 + [second.pk] * 2
    assert len(set(places)) == 5
    assert second.drawn == 2
    assert StatusList.objects.filter(register=second).count() == 2


def test_a_register_that_is_used_up_to_the_last_index_gives_out_no_more(acme: World) -> None:
    first = nearly_used_up(acme, left=4)
    draw_indexes(acme.organisation, 4)
    first.refresh_from_db()
    assert first.drawn == first.entries
    [(register, _)] = draw_indexes(acme.organisation, 1)
    assert register != first.pk


def test_a_draw_may_span_more_than_two_registers(acme: World) -> None:
    nearly_used_up(acme, left=1)
    places = draw_indexes(acme.organisation, 131_072 + 2)
    assert len(set(places)) == 131_074
    assert sorted(StatusRegister.objects.values_list("number", "drawn")) == [(1, 131_072), (2, 131_072), (3, 1)]


def test_credentials_on_both_sides_of_a_new_register_verify_and_can_be_revoked(acme: World, version: AchievementVersion) -> None:
    nearly_used_up(acme, left=2)
    award(version, to=[acme.person(f"Colleague {n}") for n in range(4)], actor=acme.system)
    run_jobs()
    credentials = list(Credential.objects.select_related("award").order_by("pk"))
    lists = [strict_json.parse(one.document)["credentialStatus"][0]["statusListCredential"][-1] for one in credentials]
    assert lists == ["1", "1", "2", "2"]
    for revoked in (credentials[0], credentials[3]):
        revoke(revoked, actor=acme.steward, reason="Awarded in error")
    run_jobs()
    verdicts = [verify(one.document, fetch=served, at=timezone.now()).ok for one in credentials]
    assert verdicts == [False, True, True, False]


def test_the_database_itself_refuses_an_index_that_is_taken(acme: World, credential: Credential) -> None:
    other = award(acme.achievement("Kiln Safety"), to=[acme.member_person], actor=acme.system).run.awards.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.create(
            organisation=acme.organisation,
            award=other,
            register=credential.register,
            status_index=credential.status_index,
            valid_from=timezone.now(),
            sign_as_of=timezone.now(),
        )


def test_the_permutation_key_is_random_for_each_register(acme: World, globex: World) -> None:
    draw_indexes(acme.organisation, 1)
    draw_indexes(globex.organisation, 1)
    keys = {bytes(key) for key in StatusRegister.objects.values_list("permutation_key", flat=True)}
    assert len(keys) == 2
    assert {len(key) for key in keys} == {32}
