"""Reading targets with a meaning. Everything starts at what the actor may see at this moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone

from hexmark.access import Actor
from hexmark.events.models import Event
from hexmark.measures.models import Measure
from hexmark.measures.rules import Figure
from hexmark.people.models import Person
from hexmark.performance.models import Cycle, Target
from hexmark.performance.targets.rules import URGENCY, Part, RolledUp, Status, roll_up, status_of

RELATED = ("organisation", "person", "person__team", "team", "team__lead", "measure", "cycle", "role_target__role")


@dataclass(frozen=True, slots=True)
class Seen:
    """A target as somebody sees it today."""

    target: Target
    status: Status

    @property
    def who(self) -> str:
        """Of whom it is."""
        subject = self.target.person or self.target.team
        return subject.name if subject else ""


def visible_targets(actor: Actor) -> QuerySet[Target]:
    """All that the actor may see, with what their lines name."""
    return Target.objects.visible_to(actor).select_related(*RELATED)


def my_targets(actor: Actor) -> QuerySet[Target]:
    """Those of the actor, and of the team in which they stand; withdrawn ones last."""
    person = Person.objects.in_house(actor).filter(pk=actor.person_id).first() if actor.person_id else None
    if person is None:
        return Target.objects.none()
    mine = Q(person=person) | (Q(team_id=person.team_id) if person.team_id else Q(pk__in=[]))
    return in_order(visible_targets(actor).filter(mine))


def led_targets(actor: Actor) -> QuerySet[Target]:
    """Those of the people whom the actor manages or leads, and of the teams that they lead, whatever else they may see."""
    led = Person.objects.led_by(actor)
    teams = Q(team__lead_id=actor.person_id, team__closed_at=None) | Q(team__people__in=led)
    keys = Target.objects.in_house(actor).filter(Q(person__in=led) | teams).values("pk")
    return visible_targets(actor).filter(pk__in=keys)


def in_order(targets: QuerySet[Target]) -> QuerySet[Target]:
    """What is open first, by its day; what was met after it, and what is withdrawn last. Never by how much of it is reached."""
    rank = Case(
        When(state__in=("proposed", "live", "lapsed"), then=Value(0)),
        When(state="paused", then=Value(1)),
        When(state="met", then=Value(2)),
        default=Value(3),
    )
    return targets.annotate(rank=rank).order_by("rank", "due_on", "title", "pk")


def seen(targets: Iterable[Target], *, today: date) -> list[Seen]:
    """Each with how it stands today."""
    return [Seen(target, status_of(target.state, target.due_on, today)) for target in targets]


def attention(targets: Iterable[Target], *, today: date) -> list[Seen]:
    """What needs somebody: ended, overdue, due soon, waiting. By what is needed and the day, then by name."""
    needs = set(URGENCY[:4])
    found = [one for one in seen(targets, today=today) if one.status in needs]
    return sorted(found, key=lambda one: (URGENCY.index(one.status), one.target.due_on, one.who.lower(), one.target.pk))


def targets_for_review(person: Person, cycle: Cycle) -> list[Target]:
    """The person's targets that a review of this cycle looks at: those of the cycle, and those due or met in its days."""
    within = Q(cycle=cycle) | Q(cycle__isnull=True, due_on__gte=cycle.starts_on, due_on__lte=cycle.ends_on)
    met = Q(cycle__isnull=True, met_at__date__gte=cycle.starts_on, met_at__date__lte=cycle.ends_on)
    found = Target.objects.filter(within | met, person=person).exclude(state=Target.State.WITHDRAWN)
    return list(in_order(found.select_related(*RELATED)))


def in_words(target: Target) -> str:
    """What became of it, for people: "Met 20 Jan 2026; expired 3 Mar 2026". Days are of the time zone that is active."""
    met = _day(target.met_at)
    if target.state == Target.State.LAPSED:
        return f"Met {met}; {target.get_lapse_reason_display()} {_day(target.lapsed_at)}"
    if target.state == Target.State.MET:
        late = target.met_at is not None and timezone.localtime(target.met_at).date() > target.due_on
        return f"Met {met}, after the day agreed" if late else f"Met {met}"
    if target.state == Target.State.LIVE:
        return f"Due {_day(target.due_on)}"
    return target.get_state_display()


def rolled_up(targets: Iterable[Target]) -> list[tuple[str, Measure | None, RolledUp]]:
    """Targets together: those of each measure, and all that ask for something held. In order of name."""
    of_measures: dict[int, list[Target]] = defaultdict(list)
    held: list[Target] = []
    for target in targets:
        if target.state in (Target.State.PROPOSED, Target.State.WITHDRAWN, Target.State.PAUSED):
            continue
        if target.measure_id is None:
            held.append(target)
        elif target.person_id is not None:
            # A team's own target already counts everybody in it.
            of_measures[target.measure_id].append(target)
    lines: list[tuple[str, Measure | None, RolledUp]] = []
    for those in of_measures.values():
        measure = those[0].measure
        assert measure is not None
        lines.append((measure.name, measure, roll_up([_part(target, measure) for target in those])))
    lines.sort(key=lambda line: line[0].lower())
    persons = [target for target in held if target.person_id is not None]
    if persons:
        lines.append(("", None, roll_up([Part(None, Figure(None), target.state == Target.State.MET) for target in persons])))
    return lines


def history(target: Target, *, most: int = 200) -> list[Event]:
    """Everything that happened to the target, the latest first, as the log has it."""
    events = Event.objects.filter(organisation_id=target.organisation_id, subject_type=Target._meta.label, subject_id=target.public_id)
    return list(events.order_by("-pk")[:most])


def _part(target: Target, measure: Measure) -> Part:
    multiplier = measure.multiplier if target.denominator is not None and not measure.is_counted else Figure(None).multiplier
    figure = Figure(target.numerator, target.denominator, multiplier)
    return Part(target.value, figure, target.state == Target.State.MET)


def _day(moment: date | datetime | None) -> str:
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment).date()
    return f"{moment.day} {moment:%b %Y}" if moment else ""


def export_rows(targets: Sequence[Target], *, today: date) -> Iterable[Sequence[Any]]:
    """A row each, for a spreadsheet."""
    for one in seen(targets, today=today):
        target = one.target
        yield (
            target.public_id,
            target.person.employee_id if target.person else "",
            target.person.email if target.person else "",
            target.team.name if target.team else "",
            target.title,
            target.why,
            target.measure.name if target.measure else "",
            _number(target.value),
            _number(target.baseline),
            _number(target.current),
            target.due_on.isoformat(),
            one.status.value,
            in_words(target),
            target.cycle.name if target.cycle else "",
        )


#: The columns of `export_rows`.
EXPORT = "id employee_id email team title why figure value baseline actual due_on status in_words cycle".split()


def _number(value: Any) -> str:
    return "" if value is None else f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
