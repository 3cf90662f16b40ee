"""Every address of the site, an area a module."""

from __future__ import annotations

from django.urls import register_converter

from hexmark.web.urls.converters import PublicId

register_converter(PublicId, "public_id")

# Below the converter: a route is read when its module is.
from hexmark.web.urls import (  # noqa: E402
    administration,
    awarding,
    catalogue,
    designing,
    developer,
    directory,
    gates,
    opportunities,
    passport,
    people,
    public,
    reviews,
    sharing,
    skills,
    targets,
)

AREAS = (
    administration,
    awarding,
    catalogue,
    designing,
    developer,
    directory,
    gates,
    opportunities,
    passport,
    people,
    public,
    reviews,
    sharing,
    skills,
    targets,
)
urlpatterns = [pattern for area in AREAS for pattern in area.urlpatterns]
