"""Addresses of badge art and press-out sheets."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
