"""Addresses of what is shown elsewhere: cards, embeds, certificates."""

from __future__ import annotations

from django.urls import path

from hexmark.web import sharing

urlpatterns = [
    path("a/<public_id:award_id>/share", sharing.share, name="share"),
    path("a/<public_id:award_id>/card.png", sharing.card, name="award_card"),
    path("a/<public_id:award_id>/code.svg", sharing.code, name="award_code"),
    path("embed/a/<public_id:award_id>", sharing.embed, name="embed"),
    path("oembed", sharing.oembed, name="oembed"),
]
