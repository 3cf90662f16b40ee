"""Addresses of one's own badges."""

from __future__ import annotations

from django.urls import path

from hexmark.web import me

urlpatterns = [
    path("me", me.badges, name="me"),
    path("me/organisation", me.choose_organisation, name="choose_organisation"),
]
