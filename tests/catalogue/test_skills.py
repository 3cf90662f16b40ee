"""Achievements show skills of the organisation's own, in the words that these have when they are chosen."""

from __future__ import annotations

import json

import pytest
from tests.world import World, run_jobs

from hexmark.awarding.actions import award
from hexmark.catalogue.actions import edit_draft
from hexmark.catalogue.models import AchievementVersion, Alignment
from hexmark.catalogue.skill_links import link_to
from hexmark.holdings.models import HoldingSkill
from hexmark.issuing.models import Credential
from hexmark.skills.actions import add_skill, change_skill, create_framework
from hexmark.skills.drafts import SkillDraft
from hexmark.skills.models import Skill
from hexmark.web.forms.catalogue import AlignmentFormSet

DRAFT = SkillDraft(key="1", name="Coaching", where="here", code="LEAD-1", level_texts=("Listens", "Asks", "Coaches a team"))


@pytest.fixture
def skill(acme: World) -> Skill:
    """A skill of acme's own."""
    return add_skill(create_framework(acme.organisation, name="Leading", actor=acme.steward), draft=DRAFT, actor=acme.steward)


def signed_alignment(acme: World, version: AchievementVersion) -> dict[str, str]:
    award(version, to=[acme.member_person], actor=acme.system)
    run_jobs()
    document = json.loads(Credential.objects.get(award__version=version).document)
    [alignment] = document["credentialSubject"]["achievement"]["alignment"]
    return dict(alignment)


def shows(acme: World, skill: Skill, level: int) -> AchievementVersion:
    version = acme.achievement("Team Coach")
    link_to(Alignment(version=version), skill, level).save()
    return version


def test_the_level_stands_in_the_signed_file_and_in_what_is_held(acme: World, skill: Skill) -> None:
    alignment = signed_alignment(acme, shows(acme, skill, 3))
    assert alignment["targetUrl"] == skill.url == skill.page_url
    assert alignment["targetDescription"] == "Level 3 of 5: Coaches a team"
    assert (alignment["targetCode"], alignment["targetFramework"]) == ("LEAD-1", "Leading")
    [held] = HoldingSkill.objects.all()
    assert (held.skill, held.level, held.person) == (skill, 3, acme.member_person)


def test_changing_the_skill_changes_nothing_that_was_published(acme: World, skill: Skill) -> None:
    version = shows(acme, skill, 2)
    change_skill(skill, draft=SkillDraft(key="1", name="Mentoring", where="here", code="LEAD-1"), actor=acme.steward)
    assert signed_alignment(acme, version)["targetName"] == "Coaching"


def test_a_skill_without_a_level_claims_none(acme: World, skill: Skill) -> None:
    assert "targetDescription" not in signed_alignment(acme, shows(acme, skill, 0))


def row(**typed: str) -> dict[str, str]:
    counts = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "20"}
    first = {"target_name": "", "target_url": "", "target_code": "", "target_framework": "", "level": "0"} | typed
    return {f"a-{name}": value for name, value in counts.items()} | {f"a-0-{name}": value for name, value in first.items()}


@pytest.mark.parametrize("typed", ["Coaching", "coaching", "LEAD-1"])
def test_a_skill_of_ones_own_is_named_by_name_or_code(acme: World, skill: Skill, typed: str) -> None:
    version = acme.achievement("Team Coach")
    forms = AlignmentFormSet(row(target_name=typed, level="2"), instance=version, prefix="a")
    assert forms.is_valid(), forms.errors
    made = forms.forms[0].instance
    assert (made.skill, made.level, made.target_name, made.target_url) == (skill, 2, "Coaching", skill.url)


def test_a_name_that_nobody_knows_needs_an_address(acme: World, skill: Skill) -> None:
    forms = AlignmentFormSet(row(target_name="Juggling"), instance=acme.achievement("Clown"), prefix="a")
    assert not forms.is_valid()
    assert "no skill “Juggling”" in str(forms.errors)


def test_a_strangers_skill_is_not_found_by_name(acme: World, globex: World) -> None:
    framework = create_framework(globex.organisation, name="Theirs", actor=globex.steward)
    add_skill(framework, draft=DRAFT, actor=globex.steward)
    forms = AlignmentFormSet(row(target_name="Coaching"), instance=acme.achievement("Coach"), prefix="a")
    assert not forms.is_valid()


def test_another_level_is_a_change_of_the_draft(acme: World, skill: Skill) -> None:
    from hexmark.catalogue.actions import create_achievement

    version = create_achievement(acme.organisation, name="Coach", actor=acme.steward)
    edit_draft(version, text={}, alignments=[link_to(Alignment(version=version), skill, 1)], actor=acme.steward)
    kept = version.alignments.get()
    edit_draft(version, text={}, alignments=[link_to(kept, skill, 4)], actor=acme.steward)
    assert version.alignments.get().level == 4
