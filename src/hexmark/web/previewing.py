"""What the first person of a list would see: their page and their letter, from rows that are not stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from hexmark.awarding.models import Award, AwardRun, Batch, BatchRow
from hexmark.awarding.row_rules import decision_moment
from hexmark.files.markdown import to_html
from hexmark.issuing.models import Credential
from hexmark.issuing.rules import valid_until
from hexmark.mail.letters import Rendered
from hexmark.mail.letters import render as render_letter
from hexmark.passport.letters import about_award
from hexmark.people.models import Person


@dataclass(frozen=True, slots=True)
class Preview:
    """Nothing of this is stored, and nothing is signed."""

    award: Award
    valid_until: datetime | None
    #: How it is earned, as safe HTML.
    criteria: str
    letter: Rendered
    #: Whether the page shows nothing to anybody until the person has accepted it.
    is_hidden: bool


def preview_of(batch: Batch, row: BatchRow, *, awarded_by: str) -> Preview:
    """The page and the letter of this row's person."""
    award = _award(batch, row, awarded_by)
    version, person = batch.version, award.person
    until = valid_until(award.awarded_at, months=version.validity_months, zone=batch.organisation.zone)
    is_hidden = person.account_id is None
    credential = Credential(organisation=batch.organisation, award=award, valid_from=award.awarded_at, valid_until=until)
    more = {"join": f"{settings.PUBLIC_URL}/join/…"} if is_hidden else {}
    letter = about_award("waiting" if is_hidden else "awarded", credential, **more)
    return Preview(
        award=award,
        valid_until=until,
        criteria=to_html(version.criteria),
        letter=render_letter(letter.template, language=letter.language, context=letter.context),
        is_hidden=is_hidden,
    )


def _award(batch: Batch, row: BatchRow, awarded_by: str) -> Award:
    now = timezone.now()
    person = row.person or Person(organisation=batch.organisation, name=row.name, email=row.email)
    run = AwardRun(
        organisation=batch.organisation, version=batch.version, awarded_by_label=awarded_by, narrative=batch.narrative, awarded_at=now
    )
    day = date.fromisoformat(row.decided_on) if row.decided_on else None
    decided_at = decision_moment(day, batch.organisation.zone) or now
    return Award(
        organisation=batch.organisation, run=run, version=batch.version, person=person, awarded_at=decided_at, narrative=row.narrative
    )
