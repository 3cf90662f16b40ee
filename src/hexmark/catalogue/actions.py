"""The only writers of the catalogue, save for editing a draft's text, which is a form."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from hexmark.access import Actor, Permission, allow
from hexmark.catalogue.event_types import EventType
from hexmark.catalogue.models import Achievement, AchievementVersion, Alignment
from hexmark.catalogue.rules import kind_of, missing_for_publication, unusable_alignment
from hexmark.errors import Conflict, Invalid
from hexmark.events.log import record
from hexmark.files import store
from hexmark.files.images import CleanPicture, rasterise
from hexmark.organisations.models import Organisation
from hexmark.pressout import RecipeError, plain_badge, suggest

_COPIED = ("name description criteria achievement_type assurance level tags validity_months language image_png drawn_svg").split()


@transaction.atomic
def create_achievement(organisation: Organisation, *, name: str, actor: Actor) -> AchievementVersion:
    """A draft of version 1 exists under an address made from the name.

    Raises:
        NotPermitted: the actor may not edit the catalogue here.
        Invalid: the name is empty.
    """
    allow(actor, Permission.EDIT_CATALOGUE, organisation)
    if not name.strip():
        raise Invalid("Give it a name.", field="name")
    achievement = Achievement.objects.create(organisation=organisation, slug=_free_slug(name))
    version = AchievementVersion.objects.create(achievement=achievement, number=1, name=name.strip()[:120])
    record(EventType.ACHIEVEMENT_CREATED, achievement, actor=actor, name=version.name)
    return version


@transaction.atomic
def publish_version(version: AchievementVersion, *, actor: Actor) -> None:
    """The version can be awarded and never changes again; the one published before is retired.

    Raises:
        NotPermitted: the actor may not publish here.
        Invalid: something is missing; `field` names the first such field.
        Conflict: it is not a draft.
    """
    allow(actor, Permission.PUBLISH_ACHIEVEMENT, version)
    # What is checked and drawn must be what is published: somebody may have saved another text since this one was read.
    version.refresh_from_db(from_queryset=AchievementVersion.objects.select_for_update())
    for field, sentence in missing_for_publication(version).items():
        raise Invalid(sentence, field=field)
    if unusable := unusable_alignment(version.alignments.order_by("pk")):
        raise Invalid(unusable, field="alignments")
    now = timezone.now()
    state = AchievementVersion.State
    AchievementVersion.objects.filter(achievement_id=version.achievement_id, state=state.PUBLISHED).update(
        state=state.RETIRED, retired_at=now
    )
    picture = {} if version.image_png else _drawn_picture(version)
    kind = kind_of(version.achievement.organisation, version.assurance)
    live = AchievementVersion.objects.filter(pk=version.pk, state=state.DRAFT)
    if not live.update(state=state.PUBLISHED, published_at=now, kind=kind, **picture):
        raise Conflict("Only a draft can be published.")
    version.refresh_from_db()
    record(EventType.ACHIEVEMENT_PUBLISHED, version.achievement, actor=actor, version=version.number)


@transaction.atomic
def retire_version(version: AchievementVersion, *, actor: Actor) -> None:
    """The version cannot be awarded any more; what was awarded stays as it is.

    Raises:
        NotPermitted: the actor may not publish here.
        Conflict: it is not published.
    """
    allow(actor, Permission.PUBLISH_ACHIEVEMENT, version)
    live = AchievementVersion.objects.filter(pk=version.pk, state=AchievementVersion.State.PUBLISHED)
    if not live.update(state=AchievementVersion.State.RETIRED, retired_at=timezone.now()):
        raise Conflict("Only a published version can be retired.")
    record(EventType.ACHIEVEMENT_RETIRED, version.achievement, actor=actor, version=version.number)


@transaction.atomic
def begin_version(achievement: Achievement, *, actor: Actor) -> AchievementVersion:
    """A draft of the next version exists, with the text of the latest one.

    Raises:
        NotPermitted: the actor may not edit the catalogue here.
        Conflict: a draft is open already.
    """
    allow(actor, Permission.EDIT_CATALOGUE, achievement)
    latest = achievement.versions.select_for_update().latest("number")
    if latest.state == AchievementVersion.State.DRAFT:
        raise Conflict("A draft is open already. Publish it first.")
    copied = {name: getattr(latest, name) for name in _COPIED}
    if latest.drawn_svg:
        # A drawn picture follows the new text; only an uploaded one is kept.
        copied |= {"image_png": "", "drawn_svg": ""}
    version = AchievementVersion.objects.create(achievement=achievement, number=latest.number + 1, **copied)
    alignments = list(latest.alignments.order_by("pk"))
    for alignment in alignments:
        # Without a key the row is added anew, for the new version.
        alignment.pk, alignment.version = None, version
    Alignment.objects.bulk_create(alignments)
    record(EventType.VERSION_BEGUN, achievement, actor=actor, version=version.number)
    return version


@transaction.atomic
def discard_draft(version: AchievementVersion, *, actor: Actor) -> None:
    """The draft is gone; with a first version its achievement, which nobody has seen yet, goes too.

    Raises:
        NotPermitted: the actor may not edit the catalogue here.
        Conflict: it is not a draft.
    """
    allow(actor, Permission.EDIT_CATALOGUE, version)
    achievement = version.achievement
    deleted, _ = AchievementVersion.objects.filter(pk=version.pk, state=AchievementVersion.State.DRAFT).delete()
    if not deleted:
        raise Conflict("Only a draft can be discarded. A published version can be retired.")
    record(EventType.DRAFT_DISCARDED, achievement, actor=actor, version=version.number, name=version.name)
    if not achievement.versions.exists():
        achievement.delete()


@transaction.atomic
def draw_picture(version: AchievementVersion, *, actor: Actor) -> None:
    """The draft no longer shows an uploaded picture: one is drawn from its name, level and tags.

    Raises:
        NotPermitted: the actor may not edit the catalogue here.
        Conflict: it is not a draft.
    """
    allow(actor, Permission.EDIT_CATALOGUE, version)
    live = AchievementVersion.objects.filter(pk=version.pk, state=AchievementVersion.State.DRAFT)
    if not live.update(image_png="", drawn_svg=""):
        raise Conflict("Only a draft can be changed.")
    version.refresh_from_db()


@transaction.atomic
def set_picture(version: AchievementVersion, *, picture: CleanPicture, actor: Actor) -> None:
    """The draft shows the uploaded picture.

    Raises:
        NotPermitted: the actor may not edit the catalogue here.
        Conflict: it is not a draft.
    """
    allow(actor, Permission.EDIT_CATALOGUE, version)
    digest = store.put(picture)
    live = AchievementVersion.objects.filter(pk=version.pk, state=AchievementVersion.State.DRAFT)
    if not live.update(image_png=digest, drawn_svg=""):
        raise Conflict("Only a draft can be changed.")
    version.refresh_from_db()


def drawing_of(version: AchievementVersion) -> str:
    """The SVG that the version shows when nobody uploads a picture. Outside a ladder it wears the metal of level 1.

    Raises:
        Invalid: the name holds something that cannot be drawn.
    """
    try:
        return plain_badge(suggest(version.name, version.level or 1, version.tags))
    except RecipeError as error:
        raise Invalid(str(error), field="name") from error


def _drawn_picture(version: AchievementVersion) -> dict[str, str]:
    svg = drawing_of(version)
    return {"image_png": store.put(rasterise(svg)), "drawn_svg": store.put(svg.encode())}


def _free_slug(name: str) -> str:
    stem = slugify(name)[:70] or "badge"
    # "new" is the address of the form that begins one.
    taken = set(Achievement.objects.filter(slug__startswith=stem).values_list("slug", flat=True)) | {"new"}
    if stem not in taken:
        return stem
    return next(slug for n in range(2, len(taken) + 3) if (slug := f"{stem}-{n}") not in taken)
