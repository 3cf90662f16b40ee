"""What is going on in Hexham today: an award in its hold, a run that was paused, a list with rows to mend, and what was taken back."""

from __future__ import annotations

from hexmark.awarding import actions as awarding
from hexmark.awarding.batches import begin_batch
from hexmark.awarding.sources import rows_of_text
from hexmark.catalogue.models import AchievementVersion
from hexmark.demo.settling import Settled, days_ago
from hexmark.issuing import actions as issuing
from hexmark.issuing.models import Credential
from hexmark.passport.models import Entry
from hexmark.passport.objections import make_objection
from hexmark.people.models import Person
from hexmark.people.queries import actor_for

#: So many of the latest Safety Champions are looked at again.
PAUSED, REVOKED = 4, 2
HELD, STOPPED, LISTED = 3, 8, 6


def take_back(settled: Settled) -> None:
    """Some credentials are revoked, some paused, one was paused and lifted, and one holder objects."""
    by = settled.by
    champions = Credential.objects.issued().filter(organisation=settled.organisation, award__version__name="Safety Champion")
    # Those that everybody may see, so that the states can be looked at.
    nameless = (
        champions.filter(award__person__account__isnull=True, entry__audience__in=("link", "public"))
        .select_related("award")
        .order_by("-valid_from", "pk")
    )
    found = list(nameless[: PAUSED + REVOKED + 1])
    for credential in found[:REVOKED]:
        issuing.revoke(credential, actor=by, reason="Awarded in error: the site observation belonged to somebody else.")
    for credential in found[REVOKED:]:
        issuing.pause(credential, actor=by, reason="The near-miss reports are being looked at again.")
    issuing.lift(found[-1], actor=by, reason="Both reports were in order.")
    _object(settled)


def _object(settled: Settled) -> None:
    """Jo's is paused, and Jo says what speaks against that."""
    jo = settled.named("Jo Carter")
    hers = Credential.objects.issued().filter(award__person=jo, award__version__name="Safety Champion").select_related("award").get()
    issuing.pause(hers, actor=settled.by, reason="One toolbox talk is missing from the list.")
    entry = Entry.objects.select_related("credential__award").get(credential=hers)
    make_objection(entry, text="The fourth talk stands on the old list; Hugo Dodd was there.", actor=actor_for(jo))
    issuing.lift(hers, actor=settled.by, reason="The talk was found on the old list.")


def leave_undone(settled: Settled) -> None:
    """One award waits out its hold, one run was stopped by somebody, and one list has rows to mend."""
    by = settled.by
    version = AchievementVersion.objects.select_related("achievement__organisation").get(
        achievement__organisation=settled.organisation, name="Open Day Helper", state=AchievementVersion.State.PUBLISHED
    )
    without = _without(settled, version)
    awarding.award(version, to=without[:HELD], actor=by, narrative="Looked after the calibration stand.", decided_at=days_ago(2))
    stopped = awarding.award(version, to=without[HELD : HELD + STOPPED], actor=by, narrative="Guided visitors.", decided_at=days_ago(2))
    awarding.pause_signing(stopped.run, actor=by)
    listed = without[HELD + STOPPED : HELD + STOPPED + LISTED]
    begin_batch(version, rows=rows_of_text(_list(listed)), source="open-day-list.csv", actor=by, narrative="Helped at the open day.")


def _without(settled: Settled, version: AchievementVersion) -> list[Person]:
    """People who do not hold it and have no part in the story."""
    apart = {figure.email for figure in settled.figures if figure.persona}
    held = set(version.awards.values_list("person__email", flat=True))
    staff = [person for email, person in settled.people.items() if email not in apart | held and person.kind == Person.Kind.STAFF]
    return sorted(staff, key=lambda person: person.name)


def _list(people: list[Person]) -> str:
    """A list as somebody hands it over: most of it right, one address broken, one twice, one of somebody who awards themselves."""
    lines = [f"{person.name} <{person.email}>" for person in people]
    twice = f"{people[0].name} <{people[0].email}>"
    return "\n".join([*lines, "Gwen Ogle gwen.ogle(at)hexham.example", twice, "Bea Fenwick <bea.fenwick@hexham.example>", "Visitor 14"])
