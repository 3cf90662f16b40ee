"""Keeping the public directory's own table true. Nothing else writes it; all of it can be made anew from the catalogue.

Publishing and retiring list an achievement again in their own transaction. The sweep finds what was written past the actions, such as
a restored catalogue, and the renamed issuer, whose name every entry of his carries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from hexmark.catalogue.effort import band_of
from hexmark.catalogue.facets import LONGEST_VALUE, Group, fold, search_text, token
from hexmark.catalogue.models import Achievement, AchievementVersion, DirectoryEntry, DirectoryWord

#: Achievements that are read and written together.
BATCH = 500
#: Folded, one character can become eighteen.
LONGEST_SORT_NAME = 400
_STATE = AchievementVersion.State
_KEPT = ("version_id", "is_listed", "sort_name", "text", "tokens", "published_at")


@transaction.atomic
def list_again(achievement_ids: Iterable[int]) -> int:
    """The directory says of these achievements what their published versions say; returns how many entries that changed."""
    return sum(_list_batch(batch) for batch in _batches(achievement_ids))


def list_organisation(organisation_id: int) -> None:
    """Every entry of the organisation carries its name, and its words, as they are now."""
    list_again(Achievement.objects.filter(organisation_id=organisation_id).values_list("pk", flat=True))


def rebuild() -> int:
    """Every achievement of every organisation is listed as its published version says; returns how many entries that changed."""
    changed = 0
    for batch in _batches(Achievement.objects.order_by("pk").values_list("pk", flat=True)):
        # A transaction a batch: nobody who wants to write waits for all of them.
        changed += list_again(batch)
    return changed


def list_missing() -> int:
    """What the actions did not list is listed now: published without an entry, or an entry of something else."""
    published = AchievementVersion.objects.filter(state=_STATE.PUBLISHED, achievement__listed=True)
    unlisted = published.exclude(achievement__directory_entry__version=F("pk"), achievement__directory_entry__is_listed=True)
    stale = DirectoryEntry.objects.filter(is_listed=True).exclude(version__state=_STATE.PUBLISHED, achievement__listed=True)
    return list_again({*unlisted.values_list("achievement_id", flat=True), *stale.values_list("achievement_id", flat=True)})


def count_again(achievement_ids: Iterable[int]) -> None:
    """The earners of these achievements are counted soon: an award or a revocation changed them."""
    DirectoryEntry.objects.filter(achievement_id__in=set(achievement_ids), is_counted=True).update(is_counted=False)


def count_all_again() -> None:
    """The earners of every achievement are counted soon."""
    DirectoryEntry.objects.filter(is_counted=True).update(is_counted=False)


def claim_to_count(many: int) -> list[int]:
    """Up to so many achievements whose earners have to be counted, no longer marked. Call it in the transaction that sets the counts.

    Unmarked first and counted then: who holds one more meanwhile marks it again, after this transaction.
    """
    marked = list(DirectoryEntry.objects.filter(is_counted=False).order_by("pk").values_list("achievement_id", flat=True)[:many])
    DirectoryEntry.objects.filter(achievement_id__in=marked).update(is_counted=True)
    return marked


def set_earners(earners: Mapping[int, int]) -> None:
    """So many people hold these achievements; by key of the achievement."""
    entries = list(DirectoryEntry.objects.filter(achievement_id__in=earners))
    for entry in entries:
        entry.earners = earners[entry.achievement_id]
    DirectoryEntry.objects.bulk_update(entries, ["earners"], batch_size=BATCH)


def _batches(achievement_ids: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(achievement_ids)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _list_batch(achievement_ids: Sequence[int]) -> int:
    kept = {entry.achievement_id: entry for entry in DirectoryEntry.objects.filter(achievement_id__in=achievement_ids)}
    wanted = {entry.achievement_id: entry for entry in _entries(achievement_ids)}
    now = timezone.now()
    gone = [entry for pk, entry in kept.items() if pk not in wanted and entry.is_listed]
    for entry in gone:
        entry.is_listed, entry.changed_at = False, now
    changed = [kept[pk] for pk, entry in wanted.items() if pk in kept and _take_over(kept[pk], entry)]
    for entry in changed:
        entry.changed_at = now
    DirectoryEntry.objects.bulk_update([*gone, *changed], [*_KEPT, "changed_at"], batch_size=BATCH)
    added = [entry for pk, entry in wanted.items() if pk not in kept]
    DirectoryEntry.objects.bulk_create(added, batch_size=BATCH, ignore_conflicts=True)
    return len(gone) + len(changed) + len(added)


def _take_over(kept: DirectoryEntry, entry: DirectoryEntry) -> bool:
    """Whether the entry that is kept said something else."""
    differing = [name for name in _KEPT if getattr(kept, name) != getattr(entry, name)]
    for name in differing:
        setattr(kept, name, getattr(entry, name))
    return bool(differing)


def _entries(achievement_ids: Sequence[int]) -> Iterator[DirectoryEntry]:
    published = AchievementVersion.objects.filter(
        achievement_id__in=achievement_ids, achievement__listed=True, state=_STATE.PUBLISHED, published_at__isnull=False
    )
    versions = list(published.select_related("achievement__organisation").prefetch_related("alignments"))
    _keep_words(versions)
    for version in versions:
        assert version.published_at is not None
        yield DirectoryEntry(
            achievement_id=version.achievement_id,
            organisation_id=version.organisation_id,
            version=version,
            is_listed=True,
            sort_name=fold(version.name)[:LONGEST_SORT_NAME],
            text=search_text(_texts(version)),
            tokens="\n".join(dict.fromkeys(_tokens(version))),
            published_at=version.published_at,
            changed_at=version.published_at,
        )


def _texts(version: AchievementVersion) -> Iterator[str]:
    yield from (version.name, version.description, version.criteria, version.word, version.achievement.organisation.name)
    yield from (*version.tags, *version.roles, *version.subjects)
    for alignment in version.alignments.all():
        yield from (alignment.target_name, alignment.target_code)


def _tokens(version: AchievementVersion) -> Iterator[str]:
    yield from (token(Group.ROLE, role) for role in version.roles)
    yield from (token(Group.SUBJECT, subject) for subject in version.subjects)
    if version.level:
        yield token(Group.LEVEL, str(version.level))
    if band := band_of(version.effort_minutes):
        yield token(Group.EFFORT, band.value)
    yield token(Group.KIND, version.kind)
    yield token(Group.ASSURANCE, version.assurance)
    yield token(Group.ISSUER, version.achievement.organisation.slug)
    yield token(Group.LANGUAGE, version.language)


def _keep_words(versions: Sequence[AchievementVersion]) -> None:
    given = [(Group.ROLE, word) for one in versions for word in one.roles] + [
        (Group.SUBJECT, word) for one in versions for word in one.subjects
    ]
    labels = {token(group, word): (group, word) for group, word in reversed(given)}
    words = [
        DirectoryWord(group=group.value, value=noted.split("=", 1)[1], label=word[:LONGEST_VALUE])
        for noted, (group, word) in labels.items()
    ]
    # The first spelling stays: what somebody else types later does not change what people read.
    DirectoryWord.objects.bulk_create(words, ignore_conflicts=True, batch_size=BATCH)
