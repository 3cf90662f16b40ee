"""SIE-1: badge against credential. What nobody judged is not called what was judged, and everybody can read what was looked at."""

from __future__ import annotations

from tests.web.pages import Visitor, text_of
from tests.world import World, run_jobs

from hexmark.awarding.actions import award, release_now
from hexmark.catalogue.assured import counts_as
from hexmark.catalogue.models import AchievementVersion
from hexmark.catalogue.queries import counting_as
from hexmark.issuing.models import Credential
from hexmark.openbadges import strict_json

Kind = AchievementVersion.Kind


def given(acme: World, version: AchievementVersion) -> Credential:
    """It was awarded to the member and signed."""
    run = award(version, to=[acme.member_person], actor=acme.steward).run
    release_now(run, actor=acme.steward)
    run_jobs()
    return Credential.objects.select_related("award").get(award__version=version)


def test_SIE_1_badge_against_credential(acme: World, visitor: Visitor) -> None:  # noqa: N802
    acme.organisation.refresh_from_db()
    assert acme.organisation.assessed_from == "A3"
    completion = acme.achievement("PLC Basics", assurance="A2")
    judged = acme.achievement("Coaching", assurance="A3")

    # What was only completed is called by the word for what nobody judged.
    assert (completion.kind, completion.word) == (Kind.UNASSESSED, "badge")
    assert (judged.kind, judged.word) == (Kind.ASSESSED, "credential")
    page = text_of(visitor.get("/b/plc-basics"))
    assert "Badge Completed" in page
    assert "What is not How well it was done: nobody judged the work." in page
    assert "says “credential” from “Evidence judged” on" in page
    assert "Here it is “badge”." in page

    # It will not do where a credential is required.
    assert not counts_as(completion, Kind.ASSESSED)
    assert counts_as(judged, Kind.ASSESSED)
    assert counts_as(judged, Kind.UNASSESSED), "whoever was judged also did it"
    assert list(counting_as(acme.organisation, Kind.ASSESSED)) == [judged]

    # The signed file says it itself, so that it can be read without asking us.
    credential = given(acme, completion)
    [described] = strict_json.parse(credential.document)["credentialSubject"]["achievement"]["resultDescription"]
    assert described["requiredValue"] == "Completed"

    # Whoever verifies it reads what was checked and what was not.
    verified = text_of(visitor.post("/verify", {"text": credential.document}))
    assert "Completed , says the issuer" in verified
    assert "What was checked That everything asked for was finished." in verified
    assert "What was not How well it was done: nobody judged the work." in verified
    shown = text_of(visitor.get(f"/a/{credential.award.public_id}"))
    assert "What was checked before it was given" in shown
    assert "nobody judged the work" in shown


def test_SIE_1_another_rule_holds_for_what_is_published_after_it(acme: World, visitor: Visitor) -> None:  # noqa: N802
    earlier = acme.achievement("PLC Basics", assurance="A2")
    type(acme.organisation).objects.filter(pk=acme.organisation.pk).update(assessed_from="A2")
    acme.organisation.refresh_from_db()
    later = acme.achievement("PLC Advanced", assurance="A2")
    assert (earlier.kind, later.kind) == (Kind.UNASSESSED, Kind.ASSESSED)
    assert "Here it is “badge”." in text_of(visitor.get("/b/plc-basics"))
    assert "Here it is “credential”." in text_of(visitor.get("/b/plc-advanced"))
