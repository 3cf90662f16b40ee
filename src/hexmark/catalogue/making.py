"""What several actions of the catalogue begin with: an achievement with a free address, and a draft like another version.

Called in the transaction of an action, which has asked for the right and records what was done.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from hexmark.catalogue.art import choices_of
from hexmark.catalogue.models import Achievement, AchievementVersion, Alignment
from hexmark.errors import Conflict
from hexmark.organisations.models import Organisation

#: Another took the address between our looking and our writing this often.
SLUG_TRIES = 5
#: Addresses of the catalogue's own pages.
_RESERVED = {"new", "health", "import", "export"}
TEXT = [
    *("name", "description", "criteria", "evidence", "assessment", "achievement_type", "assurance", "level"),
    *("tags", "roles", "subjects", "effort_minutes", "validity_months", "language"),
]
_COPIED = [*TEXT, "image_png", "drawn_svg"]


def new_achievement(organisation: Organisation, name: str) -> Achievement:
    """A new achievement has an address made from the name.

    Raises:
        Conflict: others took every address that was tried, at the same moment.
    """
    for _ in range(SLUG_TRIES):
        slug = _free_slug(name)
        try:
            with transaction.atomic():
                return Achievement.objects.create(organisation=organisation, slug=slug)
        except IntegrityError:
            # Somebody took this address since it was found free: that shows now, so the next one is tried.
            continue
    raise Conflict("Others are making badges of this name at this moment. Try again.")


def copy_version(version: AchievementVersion, *, achievement: Achievement, number: int) -> AchievementVersion:
    """A draft of this number with the version's text, skills and picture. Call it in a transaction, from an action."""
    copied = {name: getattr(version, name) for name in _COPIED}
    if version.drawn_svg:
        # A drawn picture follows the new text, but for what was chosen; an uploaded one is kept.
        copied |= {"image_png": "", "drawn_svg": "", "art": choices_of(version)}
    draft = AchievementVersion.objects.create(achievement=achievement, number=number, **copied)
    alignments = list(version.alignments.order_by("pk"))
    for alignment in alignments:
        # Without a key the row is added anew, for the new version.
        alignment.pk, alignment.version = None, draft
    Alignment.objects.bulk_create(alignments)
    return draft


def _free_slug(name: str) -> str:
    stem = slugify(name)[:70] or "badge"
    taken = set(Achievement.objects.filter(slug__startswith=stem).values_list("slug", flat=True)) | _RESERVED
    if stem not in taken:
        return stem
    return next(slug for n in range(2, len(taken) + 3) if (slug := f"{stem}-{n}") not in taken)
