"""Signing keys of organisations: made, rotated, published for ever, and opened by the signer alone."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from tests.issuing.served import served
from tests.world import World, run_jobs

from hexmark.awarding.actions import award
from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import NotConfigured, NotPermitted
from hexmark.events.models import Event
from hexmark.issuing.models import Credential
from hexmark.issuing.publication import own_document
from hexmark.keys import signer, store
from hexmark.keys.models import StoredKey
from hexmark.keys.sealing import new_key_encryption_key
from hexmark.keys.signer import Unsigned
from hexmark.keys.store import make_key, open_active_key, published_keys
from hexmark.openbadges import strict_json
from hexmark.organisations.actions import rotate_key
from hexmark.verification import verify

MANY = 12


def sign_one(acme: World, version: AchievementVersion, name: str) -> Credential:
    """A credential for somebody new, signed with the key of the moment."""
    award(version, to=[acme.person(name)], actor=acme.system)
    run_jobs()
    return Credential.objects.get(award__person__name=name)


def key_of(credential: Credential) -> str:
    """The public key that the credential's proof names."""
    [proof] = strict_json.parse(credential.document)["proof"]
    return str(proof["verificationMethod"].partition("#")[2])


def public_functions(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """The functions that the module itself defines for others."""
    functions = inspect.getmembers(module, inspect.isfunction)
    return {name: function for name, function in functions if function.__module__ == module.__name__ and not name.startswith("_")}


def test_an_organisation_begins_with_one_active_key(acme: World) -> None:
    [key] = published_keys(acme.organisation.pk)
    assert key.retired_at is None
    assert key.public_multibase.startswith("z6Mk")


def test_a_new_key_retires_the_one_before_and_both_stay_published(acme: World) -> None:
    [first] = published_keys(acme.organisation.pk)
    second = rotate_key(acme.organisation, actor=acme.steward)
    oldest, newest = published_keys(acme.organisation.pk)
    assert (oldest.pk, newest.pk) == (first.pk, second.pk)
    assert oldest.retired_at is not None
    assert newest.retired_at is None


def test_each_rotation_is_recorded_with_the_new_public_key(acme: World) -> None:
    key = rotate_key(acme.organisation, actor=acme.steward)
    event = Event.objects.get(event_type="organisation.key_made")
    assert event.data == {"public_key": key.public_multibase}
    assert event.actor_label == "Acme Steward"


def test_only_a_badge_administrator_of_this_organisation_makes_keys(acme: World, globex: World) -> None:
    for actor in (acme.member, acme.manager, globex.steward, globex.system):
        with pytest.raises(NotPermitted):
            rotate_key(acme.organisation, actor=actor)
    assert len(published_keys(acme.organisation.pk)) == 1


def test_every_key_is_another_one(acme: World, globex: World) -> None:
    for _ in range(MANY):
        make_key(acme.organisation, actor=acme.system)
    public = StoredKey.objects.values_list("public_multibase", flat=True)
    assert len(set(public)) == len(public) == MANY + 2


def test_the_database_holds_no_second_active_key(acme: World) -> None:
    [key] = published_keys(acme.organisation.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredKey.objects.create(
            organisation_id=key.organisation_id,
            public_multibase="z6MkOther",
            sealed_seed=b"",
            wrapped_data_key=b"",
            created_at=timezone.now(),
        )


def test_after_a_rotation_the_old_key_never_signs_again(acme: World, version: AchievementVersion) -> None:
    signed_with = [key_of(sign_one(acme, version, "Before"))]
    for number in range(3):
        rotate_key(acme.organisation, actor=acme.steward)
        signed_with.append(key_of(sign_one(acme, version, f"After {number}")))
    assert signed_with == [key.public_multibase for key in published_keys(acme.organisation.pk)]


def test_what_was_signed_before_rotations_still_verifies(acme: World, version: AchievementVersion) -> None:
    credentials = [sign_one(acme, version, "Before")]
    for number in range(3):
        rotate_key(acme.organisation, actor=acme.steward)
        credentials.append(sign_one(acme, version, f"After {number}"))
    assert [verify(one.document, fetch=served, at=timezone.now()).ok for one in credentials] == [True] * 4


def test_a_status_list_signed_before_a_rotation_still_counts_after_it(acme: World, credential: Credential) -> None:
    rotate_key(acme.organisation, actor=acme.steward)
    report = verify(credential.document, fetch=served, at=timezone.now())
    assert report.ok, report.to_json()


def test_a_key_moved_to_another_organisation_does_not_open(acme: World, globex: World) -> None:
    [of_acme] = published_keys(acme.organisation.pk)
    StoredKey.objects.filter(organisation_id=globex.organisation.pk).update(
        sealed_seed=of_acme.sealed_seed, wrapped_data_key=of_acme.wrapped_data_key
    )
    with pytest.raises(NotConfigured, match="does not open"):
        open_active_key(globex.organisation.pk)


def test_a_public_key_that_was_altered_does_not_open(acme: World) -> None:
    StoredKey.objects.update(public_multibase="z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")
    with pytest.raises(NotConfigured, match="does not open"):
        open_active_key(acme.organisation.pk)


def test_without_a_key_the_organisation_is_told_how_to_make_one(acme: World) -> None:
    StoredKey.objects.all().delete()
    with pytest.raises(NotConfigured, match="hexmark keys make"):
        open_active_key(acme.organisation.pk)


@pytest.mark.parametrize("configured", ["", "not a key", new_key_encryption_key()], ids=["missing", "damaged", "other"])
def test_with_a_missing_damaged_or_other_key_encryption_key_nothing_is_signed_and_everything_stays_due(
    configured: str, acme: World, version: AchievementVersion, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    right = settings.KEY_ENCRYPTION_KEY
    award(version, to=[acme.member_person], actor=acme.system)
    settings.KEY_ENCRYPTION_KEY = configured
    with caplog.at_level(logging.ERROR), pytest.raises(AssertionError, match=r"issuing\.sign"):
        run_jobs()
    assert not Credential.objects.issued().exists()
    assert "HEXMARK_KEY_ENCRYPTION_KEY" in caplog.text
    settings.KEY_ENCRYPTION_KEY = right
    from hexmark.issuing.jobs import wake_for_due_awards

    wake_for_due_awards()
    run_jobs()
    assert Credential.objects.issued().count() == 1


def test_no_organisation_is_founded_without_a_key_encryption_key(db: None, settings: Any) -> None:
    from tests.world import make_world

    settings.KEY_ENCRYPTION_KEY = ""
    with pytest.raises(NotConfigured, match="missing or damaged"):
        make_world("acme")
    assert not StoredKey.objects.exists()


def test_no_private_byte_stands_in_the_database_file(acme: World) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("The file of the database is looked into, and there is one only with SQLite.")
    keys = [open_active_key(acme.organisation.pk)]
    make_key(acme.organisation, actor=acme.system)
    keys.append(open_active_key(acme.organisation.pk))
    # As the file would be: every page of the database, committed or not.
    content = connection.connection.serialize()
    assert keys[1].public.multibase.encode() in content
    for key in keys:
        seed = key.secret[:32]
        assert seed not in content
        assert seed.hex().encode() not in content
        # Not a part of it either: eight bytes do not occur by chance.
        assert not any(seed[start : start + 8] in content for start in range(25))


def test_a_signing_key_shows_no_secret_in_representations_and_logs(acme: World, caplog: pytest.LogCaptureFixture) -> None:
    key = open_active_key(acme.organisation.pk)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("hexmark").info("%s %r", key, key)
    shown = f"{key!r} {key} {caplog.text}"
    assert key.public.raw.hex() in shown or repr(key.public) in shown
    assert key.secret.hex() not in shown
    assert repr(key.secret) not in shown
    assert repr(key.secret[:32])[2:-1] not in shown


def test_a_stored_key_shows_its_public_part_only(acme: World) -> None:
    [stored] = published_keys(acme.organisation.pk)
    assert str(stored) == stored.public_multibase
    assert repr(stored) == f"<StoredKey: {stored.public_multibase}>"
    for secret_column in ("seed", "private_key", "secret"):
        with pytest.raises(FieldDoesNotExist):
            StoredKey._meta.get_field(secret_column)


def test_no_public_function_of_the_signer_takes_what_is_to_be_signed() -> None:
    ours = [
        f for _, f in inspect.getmembers(signer, inspect.isfunction) if f.__module__ == signer.__name__ and not f.__name__.startswith("_")
    ]
    assert {f.__name__ for f in ours} == {"register_builder", "sign", "verification_method"}
    assert list(inspect.signature(signer.sign).parameters) == ["kind", "row_ids"]


def test_no_public_function_of_the_store_takes_bytes_or_documents() -> None:
    ours = [
        f for _, f in inspect.getmembers(store, inspect.isfunction) if f.__module__ == store.__name__ and not f.__name__.startswith("_")
    ]
    assert {name for f in ours for name in inspect.signature(f).parameters} == {"organisation", "actor", "organisation_id", "kind"}


def test_the_signer_refuses_a_kind_that_no_room_registered(db: None) -> None:
    with pytest.raises(LookupError):
        list(signer.sign("anything", [1]))


def test_the_signer_passes_over_rows_that_do_not_exist_or_are_signed(acme: World, credential: Credential) -> None:
    assert list(signer.sign("credential", [credential.pk, 987_654_321])) == []


def test_the_signer_signs_only_what_the_row_says(acme: World, version: AchievementVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signer, "_BUILDERS", {})
    said = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "urn:uuid:6f3b0ad0-4d4c-4fd8-8a2d-6d6b8f6a1c11",
        "type": ["VerifiableCredential"],
    }

    def build(row_ids: object) -> Any:
        yield Unsigned(7, acme.organisation.pk, acme.organisation.did, said, timezone.now())

    signer.register_builder("test row", build)
    [(row_id, signed)] = signer.sign("test row", [7])
    assert row_id == 7
    assert {name: value for name, value in signed.document.items() if name != "proof"} == said


def test_the_key_that_signed_is_listed_where_the_proof_says(acme: World, credential: Credential) -> None:
    [proof] = strict_json.parse(credential.document)["proof"]
    body = own_document("https://badges.acme.example/o/acme/did.json")
    assert body is not None
    document = strict_json.parse(body)
    assert proof["verificationMethod"] in document["assertionMethod"]
    assert proof["verificationMethod"] in [method["id"] for method in document["verificationMethod"]]
