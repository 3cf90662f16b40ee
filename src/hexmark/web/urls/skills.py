"""Addresses of skills, job roles, gaps and decisions."""

from __future__ import annotations

from django.urls import path

from hexmark.web import decisions, experts, gaps, role_needs, skills, team_gaps

urlpatterns = [
    path("skills", skills.index, name="skills"),
    path("skills/new", skills.new, name="framework_new"),
    path("skills/<public_id:framework_id>", skills.framework, name="framework"),
    path("skills/<public_id:framework_id>/edit", skills.edit, name="framework_edit"),
    path("skills/<public_id:framework_id>/skills.csv", skills.export, name="framework_export"),
    path("skills/<public_id:framework_id>/new", skills.skill_new, name="skill_new"),
    path("skill/<public_id:skill_id>/edit", skills.skill_edit, name="skill_edit"),
    path("skill/<public_id:skill_id>/retire", skills.skill_retire, name="skill_retire"),
    path("skill/<public_id:skill_id>", skills.public, name="skill_public"),
    path("roles", role_needs.index, name="roles"),
    path("roles/needs.csv", role_needs.export, name="roles_export"),
    path("roles/import", role_needs.bring, name="roles_import"),
    path("roles/<int:role>", role_needs.role, name="role"),
    path("roles/needs/<public_id:need_id>/end", role_needs.need_end, name="role_need_end"),
    path("team/gaps", team_gaps.matrix, name="team_gaps"),
    path("team/gaps.csv", team_gaps.export, name="team_gaps_export"),
    path("team/report", team_gaps.report, name="team_report"),
    path("team/report.csv", team_gaps.report_export, name="team_report_export"),
    path("team/report-people.csv", team_gaps.report_people, name="team_report_people"),
    path("gaps", gaps.index, name="gaps"),
    path("gaps.csv", gaps.export, name="gaps_export"),
    path("gaps/at-risk", gaps.at_risk, name="gaps_at_risk"),
    path("experts", experts.index, name="experts"),
    path("me/skills", experts.mine, name="my_skills"),
    path("me/decisions", decisions.index, name="my_decisions"),
    path("decisions/<public_id:decision_id>", decisions.one, name="decision"),
]
