"""Reading the catalogue with a meaning."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from hexmark.access import Actor, Permission
from hexmark.catalogue.models import Achievement, AchievementVersion
from hexmark.organisations.models import Organisation


def visible_versions(actor: Actor) -> QuerySet[AchievementVersion]:
    """The versions that the actor may know of: drafts for editors only."""
    versions = AchievementVersion.objects.filter(achievement__in=Achievement.objects.visible_to(actor))
    if not actor.may(Permission.EDIT_CATALOGUE):
        versions = versions.exclude(state=AchievementVersion.State.DRAFT)
    return versions


def catalogue(actor: Actor) -> list[Achievement]:
    """The actor's achievements by name of their latest version, each with `all_versions` (newest first; drafts for editors only)."""
    versions = AchievementVersion.objects.order_by("-number")
    if not actor.may(Permission.EDIT_CATALOGUE):
        versions = versions.exclude(state=AchievementVersion.State.DRAFT)
    newest_first = Prefetch("versions", queryset=versions, to_attr="all_versions")
    achievements = Achievement.objects.visible_to(actor).select_related("organisation").prefetch_related(newest_first)
    return sorted(achievements, key=lambda achievement: achievement.all_versions[0].name.casefold())  # type: ignore[attr-defined]


def newest_versions(actor: Actor) -> list[AchievementVersion]:
    """The newest version of each achievement that the actor may see, drafts for editors only, by name."""
    return [achievement.all_versions[0] for achievement in catalogue(actor)]  # type: ignore[attr-defined]


def newest_public_versions(actor: Actor) -> list[AchievementVersion]:
    """The newest version of each achievement that was ever published, with its skills, by name; for those who may see it."""
    versions = AchievementVersion.objects.filter(achievement__in=Achievement.objects.visible_to(actor), published_at__isnull=False)
    rows = versions.select_related("achievement__organisation").prefetch_related("alignments").order_by("achievement_id", "-number")
    newest: dict[int, AchievementVersion] = {}
    for version in rows:
        newest.setdefault(version.achievement_id, version)
    return sorted(newest.values(), key=lambda version: version.name.casefold())


def awardable_versions(actor: Actor) -> list[AchievementVersion]:
    """The published versions that the actor may award, by name."""
    if not actor.may(Permission.AWARD):
        return []
    versions = AchievementVersion.objects.filter(
        achievement__in=Achievement.objects.visible_to(actor), state=AchievementVersion.State.PUBLISHED
    )
    return list(versions.select_related("achievement__organisation").order_by("name"))


def public_version(slug: str, number: int | None = None) -> AchievementVersion | None:
    """A version that the world may read: published or retired; without a number the newest such one."""
    versions = AchievementVersion.objects.filter(achievement__slug=slug).exclude(state=AchievementVersion.State.DRAFT)
    if number is not None:
        versions = versions.filter(number=number)
    return versions.select_related("achievement__organisation").prefetch_related("alignments").order_by("-number").first()


def public_history(slug: str) -> list[AchievementVersion]:
    """Every version under this address that was ever published, newest first."""
    versions = AchievementVersion.objects.filter(achievement__slug=slug, published_at__isnull=False)
    return list(versions.exclude(state=AchievementVersion.State.DRAFT).select_related("achievement__organisation").order_by("-number"))


def published_versions(organisation: Organisation) -> list[AchievementVersion]:
    """What the organisation offers to the world now, by name."""
    versions = AchievementVersion.objects.filter(achievement__organisation=organisation, state=AchievementVersion.State.PUBLISHED)
    return list(versions.select_related("achievement__organisation").order_by("name"))


def counting_as(organisation: Organisation, kind: AchievementVersion.Kind) -> QuerySet[AchievementVersion]:
    """The organisation's versions, published or retired, that will do where this kind is required: as `assured.counts_as` decides."""
    versions = AchievementVersion.objects.filter(achievement__organisation=organisation, published_at__isnull=False)
    assessed = AchievementVersion.Kind.ASSESSED
    return (versions.filter(kind=assessed) if kind == assessed else versions).order_by("name", "number")


def awardable_version(slug: str) -> AchievementVersion | None:
    """The published version under this address, or None."""
    published = AchievementVersion.objects.filter(achievement__slug=slug, state=AchievementVersion.State.PUBLISHED)
    return published.select_related("achievement__organisation").first()
