"""What people read for the values of the directory's groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language_info

from hexmark.catalogue.effort import BANDS
from hexmark.catalogue.facets import LEVEL_WORDS, Group
from hexmark.catalogue.models import DirectoryWord
from hexmark.organisations.assurance import Assurance
from hexmark.organisations.models import Organisation

#: Of words and of issuers that are looked up for one page.
MOST_LOOKED_UP = 400
GROUP_LABELS: Mapping[Group, str] = {
    Group.ROLE: "Role",
    Group.LEVEL: "Level",
    Group.SUBJECT: "Subject",
    Group.KIND: "Kind",
    Group.ASSURANCE: "How it is shown",
    Group.ISSUER: "Issuer",
    Group.EFFORT: "Effort",
    Group.LANGUAGE: "Language",
}
#: Where issuers use different words, nobody's own word can stand for all of them.
_NEUTRAL_KINDS = {"unassessed": "Not assessed", "assessed": "Assessed"}
_FIXED: Mapping[Group, Mapping[str, str]] = {
    Group.LEVEL: {str(level): f"{level}, {word}" for level, word in LEVEL_WORDS.items()},
    Group.ASSURANCE: {step.value.lower(): step.label for step in Assurance},
    Group.EFFORT: {band.value: band.label for band in BANDS},
}


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one page's values, looked up together."""

    words: Mapping[tuple[str, str], str]
    issuers: Mapping[str, str]
    kinds: Mapping[str, str]

    @classmethod
    def of(cls, values: Mapping[Group, Iterable[str]]) -> Labels:
        """The labels of these values, in three queries at most."""
        spelled = {group: list(values.get(group, ()))[:MOST_LOOKED_UP] for group in (Group.ROLE, Group.SUBJECT)}
        either = {value for some in spelled.values() for value in some}
        words = DirectoryWord.objects.filter(value__in=either).values_list("group", "value", "label") if either else ()
        slugs = list(values.get(Group.ISSUER, ()))[:MOST_LOOKED_UP]
        organisations = list(Organisation.objects.filter(slug__in=slugs)) if slugs else []
        return cls(
            words={(group, value): label for group, value, label in words},
            issuers={organisation.slug: organisation.name for organisation in organisations},
            kinds=_kinds(organisations),
        )

    def label(self, group: Group, value: str) -> str:
        """What people read for this value; a value that nobody has stands as it was typed."""
        if group is Group.ISSUER:
            return self.issuers.get(value, value)
        if group is Group.KIND:
            return self.kinds.get(value, value)
        if group is Group.LANGUAGE:
            return language_name(value)
        return _FIXED.get(group, {}).get(value) or self.words.get((group.value, value), value)


def language_name(code: str) -> str:
    """`de-AT` as “German (AT)”; a code that nobody knows as it stands."""
    language, _, rest = code.partition("-")
    try:
        name = str(get_language_info(language.lower())["name"])
    except KeyError:
        return code
    return f"{name} ({rest.upper()})" if rest else name


def _kinds(organisations: Iterable[Organisation]) -> dict[str, str]:
    pairs = {(one.word_unassessed, one.word_assessed) for one in organisations}
    if len(pairs) == 1 and len(set(pair := pairs.pop())) == 2:
        return {"unassessed": pair[0][:1].upper() + pair[0][1:], "assessed": pair[1][:1].upper() + pair[1][1:]}
    return dict(_NEUTRAL_KINDS)
