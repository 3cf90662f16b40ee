"""Addresses of awarding, and of what was awarded."""

from __future__ import annotations

from django.urls import path

from hexmark.web import awarding, issuing

urlpatterns = [
    path("award", awarding.award, name="award_new"),
    path("runs/<public_id:run_id>", awarding.run, name="run"),
    path("runs/<public_id:run_id>/undo", awarding.undo, name="run_undo"),
    path("runs/<public_id:run_id>/release", awarding.release, name="run_release"),
    path("awards", issuing.index, name="awards"),
    path("awards/<public_id:award_id>", issuing.manage, name="manage_award"),
    path("awards/<public_id:award_id>/revoke", issuing.revoke, name="revoke"),
    path("awards/<public_id:award_id>/pause", issuing.pause, name="pause"),
    path("awards/<public_id:award_id>/lift", issuing.lift, name="lift"),
]
