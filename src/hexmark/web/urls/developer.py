"""Addresses for those who write programs."""

from __future__ import annotations

from django.urls import path

from hexmark.web import developer

urlpatterns = [
    path("developer", developer.index, name="developer"),
    path("developer/keys/new", developer.new, name="developer_key_new"),
    path("developer/keys/<public_id:key_id>/revoke", developer.revoke, name="developer_key_revoke"),
]
