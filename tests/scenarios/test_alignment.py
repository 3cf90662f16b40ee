"""OR-6: alignment to a published framework, and to the organisation's own, stands in the credential."""

from tests.web.pages import Visitor
from tests.world import World, run_jobs

from hexmark.awarding.actions import award, release_now
from hexmark.catalogue.actions import begin_version, publish_version
from hexmark.catalogue.models import AchievementVersion, Alignment
from hexmark.issuing.models import Credential
from hexmark.openbadges import strict_json

ESCO = {
    "target_name": "manage health and safety standards",
    "target_url": "http://data.europa.eu/esco/skill/9fcd8b4c-d2ad-4ae8-a5d3-5b1eb3b2d0ac",
    "target_code": "S4.8.1",
    "target_framework": "ESCO 1.2",
}
OWN = {
    "target_name": "Leads a crew",
    "target_url": "https://skills.acme.example/lead",
    "target_code": "L-1",
    "target_framework": "Acme skills",
}


def issued(acme: World, version: AchievementVersion) -> dict[str, object]:
    run = award(version, to=[acme.member_person], actor=acme.steward).run
    release_now(run, actor=acme.steward)
    run_jobs()
    return strict_json.parse(Credential.objects.get(award__run=run).document)


def test_OR_6_alignment_to_frameworks_stands_in_the_credential(acme: World) -> None:  # noqa: N802
    first = acme.achievement()
    draft = begin_version(first.achievement, actor=acme.steward)
    for skill in (ESCO, OWN):
        Alignment.objects.create(version=draft, **skill)
    publish_version(draft, actor=acme.steward)
    document = issued(acme, AchievementVersion.objects.get(pk=draft.pk))
    alignment = document["credentialSubject"]["achievement"]["alignment"]  # type: ignore[index]
    assert alignment == [
        {
            "type": ["Alignment"],
            "targetName": skill["target_name"],
            "targetUrl": skill["target_url"],
            "targetCode": skill["target_code"],
            "targetFramework": skill["target_framework"],
        }
        for skill in (ESCO, OWN)
    ]


def test_OR_6_what_was_aligned_at_issue_stays_when_the_next_version_is_aligned_otherwise(acme: World) -> None:  # noqa: N802
    version = acme.achievement()
    before = issued(acme, version)
    draft = begin_version(version.achievement, actor=acme.steward)
    Alignment.objects.create(version=draft, **ESCO)
    publish_version(draft, actor=acme.steward)
    kept = Credential.objects.get(award__version=version)
    assert strict_json.parse(kept.document) == before
    assert "alignment" not in before["credentialSubject"]["achievement"]  # type: ignore[index]


def test_OR_6_everybody_reads_it_on_the_page_of_the_badge_and_of_the_award(acme: World) -> None:  # noqa: N802
    version = acme.achievement()
    draft = begin_version(version.achievement, actor=acme.steward)
    Alignment.objects.create(version=draft, **ESCO)
    publish_version(draft, actor=acme.steward)
    issued(acme, AchievementVersion.objects.get(pk=draft.pk))
    for address in (version.achievement.url, Credential.objects.get().award.url):
        page = Visitor().get(address.removeprefix("https://badges.acme.example")).content.decode()
        assert ESCO["target_name"] in page
        assert ESCO["target_url"] in page
