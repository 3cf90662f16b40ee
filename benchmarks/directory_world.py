"""A directory of thousands of achievements with awards by the hundred thousand, written in bulk into the database of the environment."""

from __future__ import annotations

import random
from typing import Any

from django.db import connection, models
from django.utils import timezone

from hexmark.awarding.models import Award, AwardRun
from hexmark.catalogue.models import Achievement, AchievementVersion
from hexmark.issuing.models import Credential, StatusRegister
from hexmark.openbadges.limits import STATUS_LIST_ENTRIES
from hexmark.organisations.assurance import Assurance
from hexmark.organisations.models import Organisation
from hexmark.people.models import Person

ISSUERS, PEOPLE, BATCH = 40, 20_011, 500
_SYLLABLES = [consonant + vowel for consonant in "bcdfglmnprst" for vowel in "aeiou"]
#: Counts up in both databases. `{}` is the number of rows.
_SERIES = "WITH RECURSIVE series(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM series WHERE n + 1 < {})"
_DIGITS = {"sqlite": "printf('%026d', n)", "postgresql": "lpad(n::text, 26, '0')"}


class Words:
    """Invented words, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 (invented words)
        self.all = ["".join(self.random.choices(_SYLLABLES, k=self.random.randint(2, 4))) for _ in range(3000)]
        self.roles = [f"{word.title()} engineer" for word in self.all[:120]]
        self.subjects = [word.title() for word in self.all[120:320]]

    def text(self, many: int) -> str:
        """So many words."""
        return " ".join(self.random.choices(self.all, k=many))


def build(words: Words, *, achievements: int, awards: int) -> None:
    """So many published achievements of 40 issuers, and so many signed awards of them to 20,011 people."""
    organisations = Organisation.objects.bulk_create(
        Organisation(slug=f"issuer-{number}", name=f"{words.text(2).title()} {number}", did=f"did:web:benchmark:{number}")
        for number in range(ISSUERS)
    )
    made = Achievement.objects.bulk_create(
        (Achievement(organisation=words.random.choice(organisations), slug=f"achievement-{n}") for n in range(achievements)),
        batch_size=BATCH,
    )
    versions = AchievementVersion.objects.bulk_create((_version(words, achievement) for achievement in made), batch_size=BATCH)
    _award(made[0], versions, awards)


def _version(words: Words, achievement: Achievement) -> AchievementVersion:
    draw = words.random
    return AchievementVersion(
        achievement=achievement,
        number=1,
        state=AchievementVersion.State.PUBLISHED,
        name=words.text(3).title(),
        description=words.text(20),
        criteria=words.text(120),
        assurance=draw.choice(Assurance.values),
        kind=draw.choice(AchievementVersion.Kind.values),
        level=draw.randint(0, 5),
        roles=draw.sample(words.roles, draw.randint(0, 3)),
        subjects=draw.sample(words.subjects, draw.randint(1, 3)),
        tags=draw.sample(words.all, 3),
        effort_minutes=draw.choice([None, 30, 90, 300, 700, 5000]),
        language=draw.choice(["en", "en", "en", "de", "fr"]),
        published_at=timezone.now(),
    )


def _award(first: Achievement, versions: list[AchievementVersion], awards: int) -> None:
    """Rows like a first one that the models made, counted up by the database itself."""
    now, issuer = timezone.now(), first.organisation
    person = Person.objects.create(organisation=issuer, name="Somebody", email="nobody@benchmark.example")
    rest = PEOPLE - 1
    email = {"sqlite": "'p' || n || '@benchmark.example'", "postgresql": "'p' || n::text || '@benchmark.example'"}[connection.vendor]
    _multiply(person, rest, email=email, public_id=_DIGITS[connection.vendor])
    run = AwardRun.objects.create(organisation=issuer, version=versions[0], awarded_by_label="a benchmark", awarded_at=now, release_at=now)
    people = Person.objects.aggregate(first=models.Min("pk"))["first"]
    award = Award.objects.create(organisation=issuer, run=run, version=versions[0], person=person, awarded_at=now, release_at=now)
    many, version = len(versions), versions[0].pk
    # Row n is award n + 1 of the achievements in turn; no person gets one twice, because 9,973 and 20,011 have no common factor.
    _multiply(
        award,
        awards - 1,
        public_id=_DIGITS[connection.vendor],
        version_id=f"{version} + (n + 1) % {many}",
        organisation_id=f"(SELECT organisation_id FROM catalogue_achievement WHERE id = {first.pk} + (n + 1) % {many})",  # noqa: S608
        person_id=f"{people} + (((n + 1) / {many}) * 9973 + ((n + 1) % {many}) * 31) % {PEOPLE}",
    )
    registers = StatusRegister.objects.bulk_create(
        StatusRegister(organisation=issuer, number=number) for number in range(1, 2 + awards // STATUS_LIST_ENTRIES)
    )
    credential = Credential.objects.create(
        organisation=issuer, award=award, register=registers[0], status_index=0, valid_from=now, sign_as_of=now, issued_at=now
    )
    _multiply(
        credential,
        awards - 1,
        award_id=f"{award.pk} + n + 1",
        register_id=f"{registers[0].pk} + (n + 1) / {STATUS_LIST_ENTRIES}",
        status_index=f"(n + 1) % {STATUS_LIST_ENTRIES}",
    )
    with connection.cursor() as cursor:
        # What a database of this size would have done by itself long ago.
        cursor.execute("ANALYZE")


def _multiply(row: Any, many: int, **differing: str) -> None:
    """So many more rows like this one, but for these columns, which follow from `n`."""
    columns = [field.column for field in row._meta.concrete_fields if not field.primary_key]
    said = [differing.get(column, f"first.{connection.ops.quote_name(column)}") for column in columns]
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(row._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({quoted}) {_SERIES.format(many)} SELECT {', '.join(said)} "  # noqa: S608
            f"FROM series CROSS JOIN {table} AS first WHERE first.id = {int(row.pk)} ORDER BY n"
        )
