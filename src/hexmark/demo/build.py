"""Building the demo world through the same actions as everybody else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django_tasks_db.models import DBTaskResult

from hexmark.awarding.models import Award
from hexmark.demo import history, opportunities, reviews, shelves, skills, targets, unfinished
from hexmark.demo.casting import Figure, cast, names_in_order
from hexmark.demo.houses import HOUSES
from hexmark.demo.settling import Progress, Settled, found, open_accounts, send_off, settle
from hexmark.demo.tale import Chapter, House
from hexmark.events.subscriptions import deliver
from hexmark.issuing.actions import publish_status_list, unpublished_status_lists
from hexmark.issuing.examination import Figures, examine
from hexmark.issuing.models import Credential
from hexmark.issuing.signing import sign_batch
from hexmark.passport.telling import tell_batch
from hexmark.people.models import Account, Person


@dataclass(frozen=True, slots=True)
class SignIn:
    """One of the demo's ways in."""

    name: str
    email: str
    house: str
    case: str


@dataclass(slots=True)
class World:
    """What was built, how long each part took, and what verifying everything found."""

    houses: list[Settled] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    figures: Figures = field(default_factory=Figures)

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """How long this takes stands in `seconds`."""
        started = time.monotonic()
        yield
        self.seconds[what] = round(time.monotonic() - started, 2)


def build(*, password: str, progress: Progress, small: bool = False) -> World:
    """The four organisations stand, with two and a half years behind them, every credential signed and verified."""
    world = World()
    casts = _casts(small=small)
    with world.timed("people"):
        world.houses = _settled(casts, password, progress)
    with world.timed("achievements and awards"):
        _tell(world.houses, small=small, progress=progress)
    with world.timed("skills"):
        skills.tell(world.houses)
    with world.timed("signing"):
        _sign(world.houses, progress)
    with world.timed("passports"):
        _fill(world.houses, progress)
    with world.timed("today"):
        _go_on(world.houses[0])
        skills.count(world.houses)
    with world.timed("targets"):
        targets.tell(world.houses)
    with world.timed("reviews"):
        reviews.tell(world.houses)
    with world.timed("opportunities"):
        opportunities.tell(world.houses)
    with world.timed("verifying"):
        world.figures = examine(progress=lambda done, total: progress("Verifying each of them", done, total))
    return world


def _casts(*, small: bool) -> list[tuple[House, list[Figure]]]:
    names = names_in_order(HOUSES)
    return [(house, cast(house, names=names, small=small)) for house in HOUSES]


def _settled(casts: Sequence[tuple[House, list[Figure]]], password: str, progress: Progress) -> list[Settled]:
    told = _counter(progress, "Welcoming people", sum(len(figures) for _, figures in casts))
    houses = [settle(house, found(house), figures, told=told) for house, figures in casts]
    named = sum(1 for _, figures in casts for figure in figures if figure.persona and figure.persona.case)
    told = _counter(progress, "Opening accounts", named)
    for settled in houses:
        open_accounts(settled, password=password, told=told)
    return houses


def _tell(houses: Sequence[Settled], *, small: bool, progress: Progress) -> None:
    chapters = {settled.house.slug: chapters_of(settled.house, small=small) for settled in houses}
    told = _counter(progress, "Defining and awarding", sum(map(len, chapters.values())))
    for settled in houses:
        history.tell(settled, chapters[settled.house.slug], told=told)


def chapters_of(house: House, *, small: bool) -> list[Chapter]:
    """The house's chapters; in the small demo, some."""
    return [chapter for chapter in house.chapters if chapter.small or not small]


def _sign(houses: Sequence[Settled], progress: Progress) -> None:
    total, done = Award.objects.count(), 0
    for settled in houses:
        while dealt_with := sign_batch(settled.organisation.pk):
            done += dealt_with
            progress("Signing credentials", done, total)


def _fill(houses: Sequence[Settled], progress: Progress) -> None:
    for settled in houses:
        # Their accounts were opened after these objects were read.
        for person in Person.objects.filter(organisation=settled.organisation, account__isnull=False):
            settled.people[person.email].account_id = person.account_id
    total = Credential.objects.issued().filter(award__person__account__isnull=True).values("award__person_id").distinct().count()
    told = _counter(progress, "Filling passports", total)
    for settled in houses:
        shelves.fill(settled, told=told)
        shelves.look(settled)


def _go_on(hexham: Settled) -> None:
    """What is going on today, and everybody is told of everything."""
    shelves.arrange(hexham)
    unfinished.take_back(hexham)
    send_off(hexham, "Priya Okafor")
    unfinished.leave_undone(hexham)
    for status_list in unpublished_status_lists():
        publish_status_list(status_list)
    deliver()
    # The worker would do it after the signing; nobody should find a world in which letters are still to be written.
    while tell_batch():
        pass
    # Whatever was woken on the way was done here, at once.
    DBTaskResult.objects.all().delete()


def _counter(progress: Progress, what: str, total: int) -> Callable[[], None]:
    """Tells the progress of one more, each time it is called."""
    done = 0

    def told() -> None:
        nonlocal done
        done += 1
        progress(what, done, max(total, done))

    return told


def existing_sign_ins() -> list[SignIn]:
    """The demo's ways in, house by house."""
    accounts = dict(Account.objects.values_list("email", "pk"))
    personas = [(house, persona) for house in HOUSES for persona in house.personas if persona.case]
    people = Person.objects.filter(account__isnull=False).select_related("organisation", "account")
    known = {(person.organisation.slug, person.name): person for person in people}
    found_: list[SignIn] = []
    for house, persona in personas:
        person = known.get((house.slug, persona.name))
        if person is not None and person.account is not None and person.account.email in accounts:
            found_.append(SignIn(name=persona.name, email=person.account.email, house=house.name, case=persona.case))
    return found_
