"""What is asked of single people and what they show of it: for themselves, and for those who manage or lead them. Asked live."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hexmark.catalogue.models import AchievementVersion, Alignment
from hexmark.gaps.judging import Asked, Judged, State, judge
from hexmark.gaps.reading import Someone, people_with_needs
from hexmark.organisations.models import Organisation
from hexmark.people.models import Person
from hexmark.skills.models import Skill

#: Badges that are proposed at once, each for another need.
MOST_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Need:
    """One need of one person, with its skill."""

    skill: Skill
    judged: Judged

    @property
    def words(self) -> str:
        """What is asked for, as people say it."""
        text = self.skill.level_text(self.judged.level)
        return f"Level {self.judged.level}: {text}" if text else f"Level {self.judged.level}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to earn that closes a need, and why this."""

    version: AchievementVersion
    need: Need
    #: All open needs that it closes, the most important first.
    closes: Sequence[Need]

    @property
    def reason(self) -> str:
        """Why it is proposed, in one or two sentences."""
        judged, skill = self.need.judged, self.need.skill.name
        weight = "You need it without exception" if judged.critical else "It is the most important one that is open"
        now = f"you show level {judged.shown}" if judged.shown else "nothing of yours shows it yet"
        more = len(self.closes) - 1
        also = f" It closes {more} other need{'s' if more > 1 else ''} too." if more else ""
        return f"It shows {skill} at the level that your role asks for ({judged.level}); {now}. {weight}.{also}"


@dataclass(frozen=True, slots=True)
class Standing:
    """How everything stands that is asked of one person."""

    person_id: int
    needs: Sequence[Need]

    @property
    def shown(self) -> int:
        """How many needs are met."""
        return sum(need.judged.state is State.MET for need in self.needs)

    @property
    def open(self) -> list[Need]:
        """Needs that are not met, the most important first."""
        return [need for need in self.needs if need.judged.state is not State.MET]

    @property
    def is_ready(self) -> bool:
        """Whether everything is met, what is critical included."""
        return bool(self.needs) and not self.open

    def of(self, skill_id: int) -> Judged | None:
        """How one skill stands; None where it is not asked for."""
        return next((need.judged for need in self.needs if need.skill.pk == skill_id), None)


def standing_of(person: Person, *, at: datetime) -> Standing:
    """What is asked of the person today, and what they show of it."""
    return standings_of(person.organisation, [person], at=at)[person.pk]


def standings_of(organisation: Organisation, people: Sequence[Person], *, at: datetime) -> dict[int, Standing]:
    """As `standing_of`, for all of these by key, in as many statements as for one; of who left, nothing is asked."""
    them = list(people_with_needs(organisation, at=at, only=[person.pk for person in people]))
    skills = Skill.objects.in_bulk({need.skill_id for someone in them for need in someone.needs})
    found = {someone.person_id: _standing(someone, skills, at) for someone in them}
    return {person.pk: found.get(person.pk) or Standing(person.pk, ()) for person in people}


def suggestions_for(organisation: Organisation, standing: Standing, *, most: int = MOST_SUGGESTIONS) -> list[Suggestion]:
    """What can be earned here that closes the most important open needs, the most important first; one for each need.

    Of several that close a need, the one that closes the most others is taken, then the one that usually takes the least.
    """
    candidates = _candidates(organisation, [need.skill.pk for need in standing.open])
    found: list[Suggestion] = []
    closed: set[int] = set()
    for need in standing.open:
        if need.skill.pk in closed:
            continue
        fitting = [version for version, shows in candidates.items() if _closes(need, version, shows, organisation)]
        if not fitting or len(found) == most:
            continue
        proposals = [Suggestion(version, need, _closed_by(version, candidates[version], standing, organisation)) for version in fitting]
        best = min(proposals, key=lambda one: (-len(one.closes), one.version.effort_minutes or 10**9, one.version.level, one.version.pk))
        closed |= {one.skill.pk for one in best.closes}
        found.append(best)
    return found


def _standing(someone: Someone, skills: Mapping[int, Skill], at: datetime) -> Standing:
    judged = judge(someone.needs, someone.shown, at)
    judged.sort(key=lambda one: (-one.critical, -one.importance, -one.missing_levels, skills[one.skill_id].name, one.skill_id))
    return Standing(someone.person_id, [Need(skills[one.skill_id], one) for one in judged])


def _candidates(organisation: Organisation, skill_ids: Iterable[int]) -> dict[AchievementVersion, list[Alignment]]:
    published = AchievementVersion.State.PUBLISHED
    aligned = Alignment.objects.filter(
        skill__in=list(skill_ids), version__state=published, version__achievement__organisation=organisation
    ).select_related("version__achievement__organisation")
    found: dict[AchievementVersion, list[Alignment]] = {}
    for alignment in aligned.order_by("version_id", "pk"):
        found.setdefault(alignment.version, []).append(alignment)
    return found


def _closes(need: Need, version: AchievementVersion, shows: Iterable[Alignment], organisation: Organisation) -> bool:
    level = max((one.level for one in shows if one.skill_id == need.skill.pk), default=0)
    return all(_is_enough(asked, level, version, organisation) for asked in need.judged.needs)


def _is_enough(asked: Asked, level: int, version: AchievementVersion, organisation: Organisation) -> bool:
    return level >= asked.level and int(version.assurance[1]) >= asked.assurance and organisation.did in asked.issuers


def _closed_by(version: AchievementVersion, shows: Sequence[Alignment], standing: Standing, organisation: Organisation) -> list[Need]:
    return [need for need in standing.open if _closes(need, version, shows, organisation)]
