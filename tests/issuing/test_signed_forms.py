"""An organisation chooses how it signs. What was signed stays as it was."""

import pytest
from tests.world import World, accepted, run_jobs

from hexmark.access import Permission
from hexmark.awarding.actions import award, release_now
from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import NotPermitted
from hexmark.events.models import Event
from hexmark.issuing.choosing import choose_form, open_vc_api, signed_form_of, vc_api_is_open
from hexmark.issuing.examination import examine
from hexmark.issuing.models import Credential, StatusList
from hexmark.issuing.reports import report_on
from hexmark.keys import signer
from hexmark.keys.models import StoredKey
from hexmark.openbadges import jose, strict_json
from hexmark.openbadges.jose import Profile
from hexmark.openbadges.report import Verdict
from hexmark.openbadges.signed_form import USUAL, SignedForm

FORMS = [
    "eddsa-rdfc-2022",
    "ecdsa-rdfc-2019",
    "eddsa-jcs-2022",
    "JWT:EdDSA",
    "JWT:ES256",
    "JWT:RS256",
    "vc+jwt:EdDSA",
    "vc+jwt:ES256",
    "vc+jwt:RS256",
    "eddsa-rdfc-2022 JWT:EdDSA",
    "ecdsa-rdfc-2019 vc+jwt:ES256",
    "eddsa-jcs-2022 JWT:RS256",
]


def issue(acme: World, version: AchievementVersion, name: str = "Kim") -> Credential:
    """A credential in the form that is chosen now."""
    run = award(version, to=[acme.person(name)], actor=acme.steward, narrative="Led four toolbox talks.").run
    release_now(run, actor=acme.steward)
    run_jobs()
    return Credential.objects.get(award__run=run)


@pytest.mark.parametrize("written", FORMS)
def test_a_form_is_read_as_it_is_written(written: str) -> None:
    assert str(SignedForm.parse(written)) == written


@pytest.mark.parametrize("written", ["", "eddsa-2022", "JWT", "JWT:none", "JWT:HS256", "jwt:EdDSA", "eddsa-rdfc-2022 JWT:ES384", "x:y"])
def test_no_other_form_is_read(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        SignedForm.parse(written)


@pytest.mark.parametrize("written", FORMS)
def test_what_is_signed_in_a_chosen_form_verifies_in_each_of_its_texts(acme: World, version: AchievementVersion, written: str) -> None:
    form = SignedForm.parse(written)
    choose_form(acme.organisation, form, actor=acme.steward)
    credential = issue(acme, version)
    assert credential.signed_form == written
    assert credential.is_token is (form.suite == "")
    assert bool(credential.compact) is (form.profile is not None)
    for text in filter(None, (credential.document, credential.token)):
        report = report_on(text, recipient="kim@acme.example")
        assert report.verdict is Verdict.VERIFIED, [check.sentence for check in report.checks]
    if form.suite:
        [proof] = strict_json.parse(credential.document)["proof"]
        assert proof["cryptosuite"] == form.suite
    if form.profile:
        token = jose.read_jwt(credential.compact)
        assert jose.profile_of(token) is form.profile
        assert token.header["alg"] == form.algorithm
        assert token.credential["id"] == credential.url


def test_the_two_texts_of_one_credential_say_the_same(acme: World, version: AchievementVersion) -> None:
    choose_form(acme.organisation, SignedForm("eddsa-rdfc-2022", Profile.W3C, "ES256"), actor=acme.steward)
    credential = issue(acme, version)
    document = strict_json.parse(credential.document)
    document.pop("proof")
    assert jose.read_jwt(credential.token).credential == document


def test_another_choice_changes_nothing_that_was_issued(acme: World, version: AchievementVersion) -> None:
    before = issue(acme, version, "Kim")
    for number, written in enumerate(FORMS[1:4]):
        choose_form(acme.organisation, SignedForm.parse(written), actor=acme.steward)
        issue(acme, version, f"Lin {number}")
    after = Credential.objects.get(pk=before.pk)
    assert (after.document, after.token, after.signed_form) == (before.document, "", str(USUAL))
    figures = examine(progress=lambda done, of: None)
    assert figures.valid == figures.examined == 4


def test_what_was_reserved_before_the_choice_is_signed_as_it_was_reserved(acme: World, version: AchievementVersion) -> None:
    credential = issue(acme, version)
    choose_form(acme.organisation, SignedForm("", Profile.OPEN_BADGES), actor=acme.steward)
    # As after a crash between reserving and signing.
    Credential.objects.filter(pk=credential.pk).update(issued_at=None)
    [(_, signed)] = signer.sign("credential", [credential.pk])
    assert signed.text == credential.document


@pytest.mark.parametrize("written", ["ecdsa-rdfc-2019 JWT:ES256", "JWT:RS256"])
def test_a_form_signed_twice_gives_the_same_bytes(acme: World, version: AchievementVersion, written: str) -> None:
    choose_form(acme.organisation, SignedForm.parse(written), actor=acme.steward)
    credential = issue(acme, version)
    Credential.objects.filter(pk=credential.pk).update(issued_at=None)
    [(_, signed)] = signer.sign("credential", [credential.pk])
    assert (signed.text, signed.token) == (credential.document, credential.token)


def test_the_keys_that_a_choice_needs_are_made_once_and_published(acme: World) -> None:
    form = SignedForm("ecdsa-rdfc-2019", Profile.OPEN_BADGES, "RS256")
    assert choose_form(acme.organisation, form, actor=acme.steward)
    assert not choose_form(acme.organisation, form, actor=acme.steward)
    kinds = StoredKey.objects.filter(organisation_id=acme.organisation.pk, retired_at__isnull=True).values_list("kind", flat=True)
    assert sorted(kinds) == ["Ed25519", "P-256", "RSA"]
    [event] = Event.objects.filter(event_type="issuing.form_chosen")
    assert event.data == {"before": str(USUAL), "form": str(form)}


def test_a_list_is_signed_by_a_key_that_readers_of_the_credential_know(acme: World, version: AchievementVersion) -> None:
    choose_form(acme.organisation, SignedForm("", Profile.OPEN_BADGES, "ES256"), actor=acme.steward)
    issue(acme, version)
    for status_list in StatusList.objects.all():
        [proof] = strict_json.parse(status_list.document)["proof"]
        assert proof["cryptosuite"] == "ecdsa-rdfc-2019"


def test_only_who_manages_keys_chooses(acme: World, globex: World) -> None:
    assert not acme.member.may(Permission.MANAGE_KEYS)
    for actor in (acme.member, acme.manager, globex.steward):
        with pytest.raises(NotPermitted):
            choose_form(acme.organisation, SignedForm("ecdsa-rdfc-2019"), actor=actor)
        with pytest.raises(NotPermitted):
            open_vc_api(acme.organisation, is_open=True, actor=actor)
    assert signed_form_of(acme.organisation.pk) == USUAL
    assert not vc_api_is_open(acme.organisation.pk)


def test_a_token_that_was_altered_is_found_by_the_examination(acme: World, version: AchievementVersion) -> None:
    choose_form(acme.organisation, SignedForm("eddsa-rdfc-2022", Profile.OPEN_BADGES), actor=acme.steward)
    credential = issue(acme, version)
    Credential.objects.filter(pk=credential.pk).update(token=credential.token[:-4] + "AAAA")
    assert not examine(progress=lambda done, of: None).all_hold


class TestServed:
    """What is served follows from how it was signed."""

    def answer(self, client, credential: Credential, ending: str = "", accept: str = ""):
        return client.get(f"/a/{credential.award.public_id}{ending}", headers={"Accept": accept} if accept else {})

    def test_a_credential_with_both_is_served_as_either(self, acme: World, version: AchievementVersion, client) -> None:
        choose_form(acme.organisation, SignedForm("eddsa-rdfc-2022", Profile.W3C), actor=acme.steward)
        credential = issue(acme, version)
        accepted(credential)
        for answer in (self.answer(client, credential, ".jwt"), self.answer(client, credential, accept="application/vc+jwt")):
            assert answer.headers["Content-Type"] == "application/vc+jwt"
            assert answer.content.decode() == credential.token
        assert self.answer(client, credential, accept="application/vc").content.decode() == credential.document
        assert self.answer(client, credential, accept="application/jwt").content.decode() == credential.token
        assert b"Signed file as a token" in self.answer(client, credential, accept="text/html").content

    def test_a_token_alone_has_no_json(self, acme: World, version: AchievementVersion, client) -> None:
        choose_form(acme.organisation, SignedForm("", Profile.OPEN_BADGES), actor=acme.steward)
        credential = issue(acme, version)
        accepted(credential)
        assert self.answer(client, credential, ".json").status_code == 404
        answer = self.answer(client, credential, ".jwt")
        assert answer.headers["Content-Type"] == "application/jwt"
        assert answer.content.decode() == credential.document
        for ending in (".png", ".svg"):
            assert report_on(_baked(self.answer(client, credential, ending).content)).verdict is Verdict.VERIFIED

    def test_without_a_token_there_is_none(self, acme: World, version: AchievementVersion, client) -> None:
        credential = issue(acme, version)
        accepted(credential)
        assert self.answer(client, credential, ".jwt").status_code == 404
        assert self.answer(client, credential, accept="application/vc+jwt").headers["Content-Type"].startswith("text/html")


def _baked(picture: bytes) -> str:
    from hexmark.openbadges.baking import unbake

    return unbake(picture)
