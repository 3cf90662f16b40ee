"""Reviews of the demo: last year's cycle is closed, this year's is under way, and named people are at each step of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone

from hexmark.access import Actor
from hexmark.demo.settling import Settled
from hexmark.people.models import Person
from hexmark.people.queries import actor_for
from hexmark.performance import feedback
from hexmark.performance.cycle_models import Cycle, Phase
from hexmark.performance.cycles import CycleText, close_cycle, make_cycle, open_cycle
from hexmark.performance.notes import write_note
from hexmark.performance.packets import sign_packet, unsigned_packets
from hexmark.performance.review_models import Confirmation, Packet, Review, ReviewRead, Words
from hexmark.performance.review_queries import write_down
from hexmark.performance.review_rules import Dates
from hexmark.performance.reviewing import Consent, confirm, save_words, write_agreement
from hexmark.performance.sides import nearest_manager

SCALE = "1 Below what was agreed\n2 Mostly as agreed\n3 As agreed\n4 Above what was agreed"
CONSEQUENCE = "We look at it together in the review and decide what comes next. Nothing follows by itself."
ADJUSTMENTS = "More time, a quiet room, another way to show it, somebody at your side: say what you need."
#: Whose case wants a review; each is brought to the step that stands beside the name.
CLOSED, TO_CONFIRM, TO_AGREE, DRAFT = "closed", "to confirm", "to agree", "draft"
PEOPLE = {"Femi Adeyemi": TO_CONFIRM, "Jo Carter": CLOSED, "Amina Hall": DRAFT, "Callum Marsh": TO_AGREE, "Ewa Nowak": CLOSED}
DAY = timedelta(days=1)


def tell(houses: Sequence[Settled]) -> None:
    """Two cycles stand in the first house, and each named person's review says where it is."""
    hexham = houses[0]
    today = timezone.localdate()
    begins, ends = today - 320 * DAY, today + 45 * DAY
    last = _cycle(hexham, f"FY {ends.year - 1}", begins - 365 * DAY, begins - DAY, today - 320 * DAY)
    this = _cycle(hexham, f"FY {ends.year}", begins, ends, today)
    named = [person for name in PEOPLE if (person := _named(hexham, name)) is not None]
    for person in named:
        _last_year(Review.objects.get(cycle=last, person=person))
        _this_year(Review.objects.get(cycle=this, person=person), PEOPLE[person.name])
    close_cycle(last, actor=hexham.by)
    _begun_by_others(this, but=named)
    for packet_id in unsigned_packets():
        sign_packet(packet_id)


def _cycle(settled: Settled, name: str, begins: date, ends: date, now: date) -> Cycle:
    """A cycle that everybody on the staff is in. Nobody is written to: the demo's letters are about today."""
    text = CycleText(name, begins, ends, CONSEQUENCE, ADJUSTMENTS, SCALE, marks_count=True)
    phases = {
        Phase.Kind.SELF_REVIEW.value: Dates(now - 20 * DAY, now + 5 * DAY),
        Phase.Kind.MANAGER_REVIEW.value: Dates(now - 6 * DAY, now + 14 * DAY),
        Phase.Kind.CONVERSATION.value: Dates(now + 5 * DAY, now + 25 * DAY),
        Phase.Kind.CLOSE.value: Dates(now + 20 * DAY, now + 35 * DAY),
    }
    cycle = make_cycle(settled.organisation, text, phases=phases, actor=settled.by)
    open_cycle(cycle, actor=settled.by)
    Phase.objects.filter(cycle=cycle, starts_on__lte=timezone.localdate()).update(told_at=timezone.now())
    return cycle


def _named(settled: Settled, name: str) -> Person | None:
    """Somebody with a manager; a small demo leaves some of them out."""
    person = Person.objects.filter(organisation=settled.organisation, name=name, kind=Person.Kind.STAFF).present().first()
    return person if person is not None and nearest_manager(person) is not None else None


def _sides(review: Review) -> tuple[Actor, Actor]:
    manager = nearest_manager(review.person)
    assert manager is not None
    return actor_for(review.person), actor_for(manager)


def _last_year(review: Review) -> None:
    """Closed in its time, with a mark: what was agreed then stands beside this year's."""
    person, manager = _sides(review)
    save_words(review, text="A year of two halves: the move in spring, then the new rigs.", hand_in=True, actor=person)
    save_words(review, text="Carried the move. Asks for help early, which others learnt from.", mark="3", hand_in=True, actor=manager)
    _close(review, "Take on one coaching pair, and renew what ends this year two months ahead.")
    then = timezone.now() - 290 * DAY
    _set_back(review, then)


def _this_year(review: Review, step: str) -> None:
    person, manager = _sides(review)
    if step == DRAFT:
        save_words(review, text="Not finished yet: the renewal is the question.", hand_in=False, actor=person)
        return
    words = "The coaching pair went well, and the visits in autumn too. The rigs took longer than I had planned."
    save_words(review, text=words, hand_in=True, actor=person)
    asked = feedback.ask(
        review, name="Old Customer", email="lab@customer.example", question="How were the visits?", audience="both", actor=person
    )
    feedback.give(asked, text="On time, clear, and nothing was left lying about.")
    if step == TO_AGREE:
        write_note(review.person, text="Ask what would make the next renewal easier.", audience="author", actor=manager)
        return
    save_words(review, text="Reliable visits, and a coach whom people come back to.", mark="4", hand_in=True, actor=manager)
    if step == CLOSED:
        _close(review, "Apply for a team of your own by summer. Two days a month for the rigs.")
        return
    version = write_agreement(review, text="Three more of the ladder by June, with a day a week for it.", read_version=0, actor=manager)
    confirm(review, Consent(includes_words=True), read_version=version, actor=manager)


def _close(review: Review, agreement: str) -> None:
    person, manager = _sides(review)
    version = write_agreement(review, text=agreement, read_version=0, actor=manager)
    confirm(review, Consent(includes_words=True), read_version=version, actor=manager)
    confirm(review, Consent(includes_words=True), read_version=version, actor=person)
    review.refresh_from_db()
    write_down(review, manager, what=ReviewRead.What.PAGE)


def _set_back(review: Review, then: datetime) -> None:
    """What was written just now was written then; the packet is signed today all the same, as its own words say."""
    Review.objects.filter(pk=review.pk).update(closed_at=then)
    Words.objects.filter(review=review).update(saved_at=then, handed_in_at=then)
    Confirmation.objects.filter(review=review).update(confirmed_at=then)
    ReviewRead.objects.filter(review=review).update(read_at=then)
    # A packet that says it was closed then would carry credentials of today: last year's file was taken last year.
    Packet.objects.filter(review=review).delete()


def _begun_by_others(cycle: Cycle, *, but: Sequence[Person]) -> None:
    """A third of the staff has handed in, so that progress has something to count."""
    reviews = Review.objects.filter(cycle=cycle).exclude(person__in=but).select_related("person")
    now = timezone.now()
    handed_in = {"part": Words.Part.SELF, "saved_at": now, "handed_in_at": now}
    words = [
        Words(review=one, author=one.person, text="What I set out to do is done.", version=1, **handed_in)
        for one in reviews.order_by("pk")
        if one.pk % 3 == 0
    ]
    Words.objects.bulk_create(words, batch_size=500)
