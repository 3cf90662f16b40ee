"""What the people of the story did with what they were given: accepted it, chose who sees it, collected and shared it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from django.db import transaction

from hexmark.access import Actor
from hexmark.demo.settling import Settled
from hexmark.issuing.models import Credential
from hexmark.passport.actions import accept, enter, see, show_to
from hexmark.passport.audience import Audience
from hexmark.passport.collections import make_collection, publish_collection, put_into, save_profile
from hexmark.passport.models import Entry
from hexmark.passport.shares import make_share
from hexmark.people.joining import reader_of
from hexmark.people.models import Person
from hexmark.people.queries import actor_for

#: One of so many has not answered yet: their letters wait in the outbox.
ONE_OF_UNANSWERED = 23
SHARED_DAYS = 30
SHARED = 3


@transaction.atomic
def fill(settled: Settled, *, told: Callable[[], None]) -> None:
    """Everybody answered to what they were given, except for a few and Lin; customers' engineers agreed to be named in the register."""
    of_house = Credential.objects.issued().filter(organisation=settled.organisation)
    waiting = {person.pk for number, person in enumerate(settled.people.values()) if _has_not_answered(person, number)}
    enter(of_house.exclude(award__person__in=waiting).only("pk"))
    unanswered = Entry.objects.filter(credential__organisation=settled.organisation, accepted_at__isnull=True, declined_at__isnull=True)
    entries = unanswered.select_related("credential__award__person").order_by("credential__award__person_id")
    for number, (person, theirs) in enumerate(groupby(entries, key=lambda entry: entry.credential.award.person)):
        accept(list(theirs), actor=reader_of(person), audience=_audience(person, number))
        told()


def _has_not_answered(person: Person, number: int) -> bool:
    if person.account_id is not None:
        return False
    return person.name == "Lin Zhao" or (person.kind == Person.Kind.CUSTOMER and number % ONE_OF_UNANSWERED == 0)


def _audience(person: Person, number: int) -> str:
    if person.kind == Person.Kind.CUSTOMER:
        return Audience.PUBLIC
    # Most leave it as it is; some want more of the world to know, some less.
    return {0: Audience.PUBLIC, 1: Audience.ORGANISATION, 2: Audience.ONLY_ME}.get(number % 9, Audience.LINK)


def look(settled: Settled) -> None:
    """Those who sign in have looked at what they hold, except for the latest."""
    for figure in settled.figures:
        person = settled.people[figure.email]
        if figure.persona is not None and person.account_id is not None:
            held = [entry for entry in _entries(person) if entry.credential.organisation_id == settled.organisation.pk]
            for entry in held[1:]:
                see(entry, actor=_holder(person))


def arrange(settled: Settled) -> None:
    """Those who sign in have chosen who sees what, made collections, and shared some of it."""
    _show_everything(settled.named("Callum Marsh"), Audience.PUBLIC)
    _show_everything(settled.named("Rana Haddad"), Audience.ONLY_ME)
    amina, priya = settled.named("Amina Hall"), settled.named("Priya Okafor")
    _show_everything(priya, Audience.PUBLIC)
    _collect(amina, "On the way to Quantum Explorer", "Four of seven so far.", tag="quantum", published=False)
    _collect(priya, "Test systems", "What I learned in the field, and what I can be asked about.", tag="test systems", published=True)
    _share(priya, "A firm that asked")
    account = priya.account
    assert account is not None
    save_profile(account, handle="priya-okafor", headline="Test systems, coaching, mentoring", published=True, actor=_holder(priya))


def _holder(person: Person) -> Actor:
    """The human with the account, whether or not they still work there."""
    person.refresh_from_db()
    return actor_for(person)


def _entries(person: Person) -> list[Entry]:
    assert person.account_id is not None
    held = Entry.objects.kept().filter(account_id=person.account_id).select_related("credential__award__version")
    return list(held.order_by("-credential__valid_from", "pk"))


def _show_everything(person: Person, audience: Audience) -> None:
    for entry in _entries(person):
        show_to(entry, audience, actor=_holder(person))


def _collect(person: Person, name: str, text: str, *, tag: str, published: bool) -> None:
    assert person.account is not None
    actor = _holder(person)
    collection = make_collection(person.account, name=name, actor=actor)
    chosen = [entry for entry in _entries(person) if tag in entry.credential.award.version.tags]
    type(collection).objects.filter(pk=collection.pk).update(text=text)
    put_into(collection, chosen, actor=actor)
    if published:
        publish_collection(collection, published=True, actor=actor)


def _share(person: Person, name: str) -> None:
    assert person.account is not None
    make_share(person.account, entries=_entries(person)[:SHARED], name=name, days=SHARED_DAYS, actor=_holder(person))
