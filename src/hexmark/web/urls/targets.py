"""Addresses of targets, plans, figures and scores."""

from __future__ import annotations

from django.urls import path

from hexmark.web import measures, plans, targets, targets_import

urlpatterns = [
    path("targets", targets.index, name="targets"),
    path("targets/new", targets.new, name="target_new"),
    path("targets/import", targets_import.bring, name="targets_import"),
    path("targets/export.csv", targets.export, name="targets_export"),
    path("targets/roles", plans.of_roles, name="role_targets"),
    path("targets/roles/<public_id:role_target_id>/end", plans.end_of_role, name="role_target_end"),
    path("targets/<public_id:target_id>", targets.one, name="target"),
    path("targets/<public_id:target_id>/change", targets.change, name="target_change"),
    path("targets/<public_id:target_id>/agree", targets.agree, name="target_agree"),
    path("targets/<public_id:target_id>/pause", targets.pause, name="target_pause"),
    path("targets/<public_id:target_id>/resume", targets.resume, name="target_resume"),
    path("targets/<public_id:target_id>/withdraw", targets.withdraw, name="target_withdraw"),
    path("targets/<public_id:target_id>/restore", targets.restore, name="target_restore"),
    path("targets/<public_id:target_id>/comment", targets.comment, name="target_comment"),
    path("team/targets", targets.team, name="team_targets"),
    path("plans", plans.index, name="plans"),
    path("plans/new", plans.new, name="outline_new"),
    path("plans/outlines/<public_id:outline_id>", plans.outline, name="outline"),
    path("plans/<public_id:plan_id>", plans.one, name="plan"),
    path("plans/<public_id:plan_id>/steps/<int:place>", plans.tick, name="plan_tick"),
    path("plans/<public_id:plan_id>/end", plans.end, name="plan_end"),
    path("scores", plans.scores, name="scores"),
    path("scores/<public_id:card_id>", plans.score, name="score"),
    path("measures", measures.index, name="measures"),
    path("measures/new", measures.new, name="measure_new"),
    path("measures/records", measures.records, name="measure_records"),
    path("measures/import/<public_id:list_id>", measures.brought, name="measure_import"),
    path("measures/<public_id:measure_id>", measures.one, name="measure"),
    path("measures/<public_id:measure_id>/edit", measures.edit, name="measure_edit"),
    path("measures/<public_id:measure_id>/switch", measures.switch, name="measure_switch"),
    path("measures/<public_id:measure_id>/object", measures.object_to, name="measure_object"),
    path("measures/<public_id:measure_id>/history", measures.history, name="measure_history"),
    path("measures/<public_id:measure_id>/values/<int:value_id>", measures.correct, name="measure_correct"),
    path("measures/<public_id:measure_id>/import", measures.bring, name="measure_bring"),
    path("measures/<public_id:measure_id>/values.csv", measures.export, name="measure_export"),
]
