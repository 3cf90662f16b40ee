"""Addresses of opportunities."""

from __future__ import annotations

from django.urls import path

from hexmark.web import consents, opportunities, opportunities_gate, opportunities_offered, opportunities_why

ONE = "opportunities/<public_id:opportunity_id>"

urlpatterns = [
    path("opportunities", opportunities.index, name="opportunities"),
    path("opportunities/board", opportunities.board, name="opportunities_board"),
    path("opportunities/offered", opportunities_offered.offered, name="opportunities_offered"),
    path("opportunities/new", opportunities_offered.new, name="opportunity_new"),
    path("opportunities/consents", consents.index, name="consents"),
    path("opportunities/consents/<public_id:consent_id>", consents.answer, name="consent_answer"),
    path("opportunities/consents/<public_id:consent_id>/withdraw", consents.withdraw, name="consent_withdraw"),
    path(ONE, opportunities.one, name="opportunity"),
    path(f"{ONE}/raise", opportunities.raise_, name="opportunity_raise"),
    path(f"{ONE}/withdraw", opportunities.withdraw, name="opportunity_withdraw"),
    path(f"{ONE}/consent", opportunities.consent, name="opportunity_consent"),
    path(f"{ONE}/waiver", opportunities.waiver, name="opportunity_waiver"),
    path(f"{ONE}/why", opportunities_why.why, name="opportunity_why"),
    path(f"{ONE}/access", opportunities_why.access, name="opportunity_access"),
    path(f"{ONE}/access.csv", opportunities_why.access_export, name="opportunity_access_export"),
    path(f"{ONE}/edit", opportunities_offered.edit, name="opportunity_edit"),
    path(f"{ONE}/gate", opportunities_gate.gate, name="opportunity_gate"),
    path(f"{ONE}/gate/publish", opportunities_gate.publish, name="opportunity_publish"),
    path(f"{ONE}/gate/unpublish", opportunities_gate.unpublish, name="opportunity_unpublish"),
    path(f"{ONE}/open", opportunities_offered.open_, name="opportunity_open"),
    path(f"{ONE}/close", opportunities_offered.close, name="opportunity_close"),
    path(f"{ONE}/reopen", opportunities_offered.reopen, name="opportunity_reopen"),
    path(f"{ONE}/interested", opportunities_offered.interested, name="opportunity_interested"),
    path(f"{ONE}/interested.csv", opportunities_offered.interested_export, name="opportunity_interested_export"),
    path(f"{ONE}/interested/<public_id:interest_id>", opportunities_offered.decision, name="opportunity_decision"),
    path(f"{ONE}/interested/<public_id:interest_id>/undo", opportunities_offered.decision_undo, name="opportunity_decision_undo"),
    path(f"{ONE}/waivers/<public_id:waiver_id>", opportunities_offered.waiver_answer, name="opportunity_waiver_answer"),
]
