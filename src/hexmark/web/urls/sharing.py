"""Addresses of what is shown elsewhere: cards, embeds, certificates."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
