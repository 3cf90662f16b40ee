"""Addresses of open gates."""

from __future__ import annotations

from django.urls import path

from hexmark.web import gates

urlpatterns = [
    path("gates/<public_id:gate_id>", gates.open_gate, name="open_gate"),
    path("gates/<public_id:gate_id>.json", gates.open_gate_document, name="open_gate_document"),
]
