"""Skills, job roles, gaps and decisions."""

from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from hexmark.holdings.decisions import record_decision
from hexmark.issuing.models import Credential
from hexmark.people.records import job_role
from hexmark.skills.actions import add_skill, create_framework
from hexmark.skills.drafts import SkillDraft
from hexmark.skills.needs import Need, ask_for
from tests.tenancy.area import Area
from tests.world import World


def values(acme: World, credential: Credential) -> Mapping[str, str]:
    """A framework with a skill that a role asks for, and a decision about acme's member."""
    framework = create_framework(acme.organisation, name="Craft", actor=acme.steward)
    skill = add_skill(framework, draft=SkillDraft(key="1", name="Welding", where=""), actor=acme.steward)
    role = job_role(acme.organisation.pk, "Welder of arches")
    need = ask_for(role, Need(skill=skill, level=2, starts_on=date(2026, 1, 1)), actor=acme.steward)
    decision = record_decision(
        organisation=acme.organisation,
        person=acme.member_person,
        about="A post",
        rule={"type": "consent", "by": "manager"},
        at=timezone.now(),
        actor=acme.system,
    )
    return {
        "framework_id": framework.public_id,
        "skill_id": skill.public_id,
        "role": str(role.pk),
        "need_id": need.public_id,
        "decision_id": decision.public_id,
    }


AREA = Area(
    # What signed files name is for everybody.
    public=frozenset({"skill_public"}),
    own=frozenset("team_gaps team_gaps_export team_report team_report_export team_report_people experts my_skills my_decisions".split()),
    of_the_organisation=frozenset("skills framework_new roles roles_export roles_import gaps gaps_export gaps_at_risk".split()),
    of_a_thing=frozenset("framework framework_edit framework_export skill_new skill_edit skill_retire role role_need_end decision".split()),
    members_may=frozenset(
        {("get", name) for name in ("skills", "roles", "roles_export", "framework", "framework_export", "role")} | {("get", "decision")}
    ),
    values=values,
)
