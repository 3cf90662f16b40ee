"""Addresses of the public directory: for people, for programs, for search engines."""

from __future__ import annotations

from django.urls import path

from hexmark.web import directory, directory_json, feeds, showcase

urlpatterns = [
    path("directory", directory.directory, name="directory"),
    path("directory.json", directory_json.as_json, name="directory_json"),
    # The same under the address that programs which read other catalogues try.
    path("api/catalog", directory_json.as_json, name="catalog_json"),
    path("b/<slug:slug>/earners", showcase.earners, name="earners"),
    path("o/<slug:slug>/register", showcase.register, name="register"),
    path("directory.atom", feeds.directory_feed, name="directory_atom"),
    path("o/<slug:slug>.atom", feeds.issuer_feed, name="issuer_atom"),
    path("b/<slug:slug>.atom", feeds.achievement_feed, name="achievement_atom"),
    path("sitemap.xml", feeds.site_map, name="site_map"),
    path("sitemap-<int:number>.xml", feeds.site_map_part, name="site_map_part"),
    path("robots.txt", feeds.robots, name="robots"),
]
