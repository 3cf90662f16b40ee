"""Addresses of awarding, and of what was awarded."""

from __future__ import annotations

from django.urls import path

from hexmark.web import awarding, awarding_many, changing, issuing

urlpatterns = [
    path("award", awarding.award, name="award_new"),
    path("award/many", awarding_many.begin, name="award_many"),
    path("award/many/<public_id:batch_id>", awarding_many.check, name="award_many_check"),
    path("award/many/<public_id:batch_id>/rows/<int:line>", awarding_many.row, name="award_many_row"),
    path("award/many/<public_id:batch_id>/people", awarding_many.people, name="award_many_people"),
    path("award/many/<public_id:batch_id>/preview", awarding_many.preview, name="award_many_preview"),
    path("award/many/<public_id:batch_id>/run", awarding_many.run, name="award_many_run"),
    path("award/many/<public_id:batch_id>/again", awarding_many.again, name="award_many_again"),
    path("award/many/<public_id:batch_id>/discard", awarding_many.discard, name="award_many_discard"),
    path("award/many/<public_id:batch_id>/to-mend.csv", awarding_many.to_mend, name="award_many_to_mend"),
    path("runs/<public_id:run_id>", awarding.run, name="run"),
    path("runs/<public_id:run_id>/undo", awarding.undo, name="run_undo"),
    path("runs/<public_id:run_id>/release", awarding.release, name="run_release"),
    path("runs/<public_id:run_id>/pause", awarding.pause, name="run_pause"),
    path("runs/<public_id:run_id>/resume", awarding.resume, name="run_resume"),
    path("runs/<public_id:run_id>/results.csv", awarding.run_results, name="run_results"),
    path("awards", issuing.index, name="awards"),
    path("awards/export.csv", issuing.export, name="awards_export"),
    path("awards/change", changing.change, name="awards_change"),
    path("awards/changes/<public_id:change_id>", changing.changed, name="awards_changed"),
    path("awards/changes/<public_id:change_id>/results.csv", changing.results, name="awards_changed_results"),
    path("awards/<public_id:award_id>", issuing.manage, name="manage_award"),
    path("awards/<public_id:award_id>/revoke", issuing.revoke, name="revoke"),
    path("awards/<public_id:award_id>/pause", issuing.pause, name="pause"),
    path("awards/<public_id:award_id>/lift", issuing.lift, name="lift"),
]
