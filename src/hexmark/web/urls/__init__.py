"""Every address of the site, an area a module."""

from __future__ import annotations

from django.urls import register_converter

from hexmark.web.urls.converters import PublicId

register_converter(PublicId, "public_id")

# Below the converter: a route is read when its module is.
from hexmark.web.urls import administration, awarding, catalogue, designing, developer, directory, passport, people, public, sharing  # noqa: E402

AREAS = (administration, awarding, catalogue, designing, developer, directory, passport, people, public, sharing)
urlpatterns = [pattern for area in AREAS for pattern in area.urlpatterns]
