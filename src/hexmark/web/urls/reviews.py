"""Addresses of cycles, reviews and feedback, and of one person before a talk."""

from __future__ import annotations

from django.urls import path

from hexmark.web import cycles, feedback, one_to_one, reviews

urlpatterns = [
    path("reviews", reviews.index, name="reviews"),
    path("reviews/cycles", cycles.index, name="cycles"),
    path("reviews/cycles/new", cycles.new, name="cycle_new"),
    path("reviews/cycles/<public_id:cycle_id>", cycles.cycle, name="cycle"),
    path("reviews/cycles/<public_id:cycle_id>/edit", cycles.edit, name="cycle_edit"),
    path("reviews/cycles/<public_id:cycle_id>/open", cycles.open_for, name="cycle_open"),
    path("reviews/cycles/<public_id:cycle_id>/close", cycles.close, name="cycle_close"),
    path("reviews/cycles/<public_id:cycle_id>/progress.csv", cycles.export, name="cycle_export"),
    path("reviews/feedback/<public_id:feedback_id>", feedback.by_colleague, name="feedback"),
    path("reviews/<public_id:review_id>", reviews.review, name="review"),
    path("reviews/<public_id:review_id>/words", reviews.words, name="review_words"),
    path("reviews/<public_id:review_id>/agreement", reviews.agreement, name="review_agreement"),
    path("reviews/<public_id:review_id>/confirm", reviews.confirm, name="review_confirm"),
    path("reviews/<public_id:review_id>/reopen", reviews.reopen, name="review_reopen"),
    path("reviews/<public_id:review_id>/ask", reviews.ask, name="review_ask"),
    path("reviews/<public_id:review_id>/packet", reviews.packet, name="review_packet"),
    path("feedback/<str:feedback_token>", feedback.by_link, name="feedback_link"),
    path("team/<public_id:person_id>", one_to_one.person, name="team_person"),
    path("team/<public_id:person_id>/notes/<public_id:note_id>/discard", one_to_one.discard, name="note_discard"),
]
