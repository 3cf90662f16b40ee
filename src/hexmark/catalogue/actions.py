"""The only writers of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor, Permission, allow
from hexmark.catalogue.art import Drawn, composed, differing, drawn, finished_drawing, recipe_of, suggested_recipe
from hexmark.catalogue.event_types import EventType
from hexmark.catalogue.listing import list_again
from hexmark.catalogue.making import TEXT, copy_version, new_achievement
from hexmark.catalogue.models import Achievement, AchievementVersion, Alignment
from hexmark.catalogue.rules import kind_of, missing_for_publication, unusable_alignment
from hexmark.errors import Conflict, Invalid
from hexmark.events.log import record
from hexmark.files import store
from hexmark.files.images import CleanPicture
from hexmark.organisations.models import Organisation

_COPY = " (copy)"
_SKILL = ("target_name", "target_url", "target_code", "target_framework", "target_description", "skill_id", "level")


@transaction.atomic
def create_achievement(organisation: Organisation, *, name: str, actor: Actor) -> AchievementVersion:
    """A draft of version 1 exists under an address made from the name.

    Raises:
        NotPermitted: the actor may not edit the catalogue here.
        Invalid: the name is empty.
        Conflict: others took every address that was tried, at the same moment.
    """
    allow(actor, Permission.EDIT_CATALOGUE, organisation)
    if not name.strip():
        raise Invalid("Give it a name.", field="name")
    achievement = new_achievement(organisation, name)
    version = AchievementVersion.objects.create(achievement=achievement, number=1, name=name.strip()[:120])
    record(EventType.ACHIEVEMENT_CREATED, achievement, actor=actor, name=version.name)
    return version


@transaction.atomic
def edit_draft(version: AchievementVersion, *, text: Mapping[str, object], alignments: Iterable[Alignment], actor: Actor) -> None:
    """The draft says this and links to exactly these skills: its own ones that are given are kept, new ones added, others removed.

    Saving what stands there already records nothing. `text` holds fields of the version by name; what it does not name stays as it is.

    Raises:
        NotPermitted: the actor may not edit the catalogue here.
        Invalid: the name is empty.
        Conflict: it is not a draft any more, or one of the skills was removed meanwhile.
    """
    allow(actor, Permission.EDIT_CATALOGUE, version)
    if unknown := set(text) - set(TEXT):
        raise ValueError(f"No text of a draft: {', '.join(sorted(unknown))}")
    if not str(text.get("name", version.name)).strip():
        raise Invalid("Give it a name.", field="name")
    # Read anew under a lock: while the form was open, somebody else may have published it or given it another picture.
    kept = AchievementVersion.objects.select_for_update().filter(pk=version.pk, state=AchievementVersion.State.DRAFT).first()
    if kept is None:
        raise Conflict("This was published meanwhile, and what is published never changes. Begin a new version.")
    changed = sorted(name for name, value in text.items() if getattr(kept, name) != value)
    for name in changed:
        setattr(kept, name, text[name])
    kept.save()
    if _set_alignments(kept, list(alignments)):
        changed.append("alignments")
    version.refresh_from_db()
    if changed:
        record(EventType.DRAFT_CHANGED, version.achievement, actor=actor, version=version.number, changed=changed)


def publish_version(version: AchievementVersion, *, actor: Actor) -> None:
    """The version can be awarded and never changes again; the one published before is retired.

    Raises:
        NotPermitted: the actor may not publish here.
        Invalid: something is missing; `field` names the first such field.
        Conflict: it is not a draft, or it was changed at this very moment.
    """
    allow(actor, Permission.PUBLISH_ACHIEVEMENT, version)
    version.refresh_from_db()
    _check_complete(version)
    # Before the transaction: it takes a third of a second, in which nobody else could write.
    _publish(version, finished_drawing(version), actor=actor)


@transaction.atomic
def _publish(version: AchievementVersion, drawing: Drawn | None, *, actor: Actor) -> None:
    # What is checked and drawn must be what is published: somebody may have saved another text since this one was read.
    version.refresh_from_db(from_queryset=AchievementVersion.objects.select_for_update())
    _check_complete(version)
    picture = {} if version.image_png or drawing is None else drawing.columns()
    if version.state == AchievementVersion.State.DRAFT and not version.image_png and (not drawing or drawing.recipe != recipe_of(version)):
        raise Conflict("Somebody changed it at this very moment. Look at it again, then publish.")
    now = timezone.now()
    state = AchievementVersion.State
    AchievementVersion.objects.filter(achievement_id=version.achievement_id, state=state.PUBLISHED).update(
        state=state.RETIRED, retired_at=now
    )
    kind = kind_of(version.achievement.organisation, version.assurance)
    live = AchievementVersion.objects.filter(pk=version.pk, state=state.DRAFT)
    if not live.update(state=state.PUBLISHED, published_at=now, kind=kind, **picture):
        raise Conflict("Only a draft can be published.")
    version.refresh_from_db()
    list_again([version.achievement_id])
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
    list_again([version.achievement_id])
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
    version = copy_version(latest, achievement=achievement, number=latest.number + 1)
    record(EventType.VERSION_BEGUN, achievement, actor=actor, version=version.number)
    return version


@transaction.atomic
def duplicate_achievement(version: AchievementVersion, *, actor: Actor) -> AchievementVersion:
    """A draft of a new achievement, with an address of its own, has the text, the skills and the picture of this version.

    Raises:
        NotPermitted: the actor may not edit the catalogue here.
    """
    allow(actor, Permission.EDIT_CATALOGUE, version)
    name = f"{version.name[: 120 - len(_COPY)]}{_COPY}"
    achievement = new_achievement(version.achievement.organisation, name)
    draft = copy_version(version, achievement=achievement, number=1)
    draft.name = name
    draft.save(update_fields=["name"])
    record(EventType.ACHIEVEMENT_CREATED, achievement, actor=actor, name=name, copied_from=version.achievement.slug)
    return draft


@transaction.atomic
def set_listed(achievement: Achievement, *, listed: bool, actor: Actor) -> None:
    """The public directory names the achievement, or does not; its page and what was awarded stay where they are.

    Raises:
        NotPermitted: the actor may not publish here.
        Conflict: it is so already.
    """
    allow(actor, Permission.PUBLISH_ACHIEVEMENT, achievement)
    if not Achievement.objects.filter(pk=achievement.pk, listed=not listed).update(listed=listed):
        raise Conflict("The directory names it already." if listed else "The directory does not name it already.")
    achievement.refresh_from_db()
    list_again([achievement.pk])
    record(EventType.LISTING_CHANGED, achievement, actor=actor, listed=listed)


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
    record(EventType.DRAFT_CHANGED, version.achievement, actor=actor, version=version.number, changed=["picture"])


def choose_art(version: AchievementVersion, *, choices: Mapping[str, object], actor: Actor) -> None:
    """The draft shows a drawing with these choices, by name of a recipe's members; where it chooses what is suggested, it follows the text.

    Raises:
        NotPermitted: the actor may not edit the catalogue here.
        Invalid: it cannot be drawn, or not so that it can be read; the reason is said.
        Conflict: it is not a draft.
    """
    allow(actor, Permission.EDIT_CATALOGUE, version)
    suggested = suggested_recipe(version)
    recipe = composed(suggested, choices)
    # Drawn once before it is kept: a picture that is refused must be refused here, not at publication.
    drawn(recipe)
    with transaction.atomic():
        live = AchievementVersion.objects.filter(pk=version.pk, state=AchievementVersion.State.DRAFT)
        if not live.update(image_png="", drawn_svg="", art=differing(recipe, suggested)):
            raise Conflict("Only a draft can be changed.")
        version.refresh_from_db()
        record(EventType.DRAFT_CHANGED, version.achievement, actor=actor, version=version.number, changed=["picture"])


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
    record(EventType.DRAFT_CHANGED, version.achievement, actor=actor, version=version.number, changed=["picture"])


def _set_alignments(version: AchievementVersion, alignments: list[Alignment]) -> bool:
    """Whether any skill of the version was added, changed or removed."""
    before = {one["pk"]: one for one in version.alignments.values("pk", *_SKILL)}
    given = {one.pk for one in alignments if one.pk is not None}
    if given - set(before):
        raise Conflict("One of the skills was removed meanwhile. Load the page again.")
    gone, _ = version.alignments.exclude(pk__in=given).delete()
    changed = [one for one in alignments if any(getattr(one, name) != before.get(one.pk, {}).get(name) for name in _SKILL)]
    for one in changed:
        one.version = version
        one.save()
    return bool(gone or changed)


def _check_complete(version: AchievementVersion) -> None:
    for field, sentence in missing_for_publication(version).items():
        raise Invalid(sentence, field=field)
    if unusable := unusable_alignment(version.alignments.order_by("pk")):
        raise Invalid(unusable, field="alignments")
