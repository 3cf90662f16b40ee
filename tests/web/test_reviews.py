"""Pages of reviews: what each side sees and does, what nobody else is told, and how many clicks twelve reviews take."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.performance.reviewing import a_cycle, a_review, again, closed, with_access
from tests.web.pages import Visitor, text_of
from tests.world import World, run_jobs

from hexmark.access import Access
from hexmark.files.tables import read_table
from hexmark.issuing.models import Credential
from hexmark.mail.models import Message
from hexmark.people.actions import link_account, open_account
from hexmark.people.models import Person
from hexmark.people.records import set_manager
from hexmark.performance import feedback
from hexmark.performance.cycle_models import Cycle
from hexmark.performance.cycles import open_cycle
from hexmark.performance.notes import write_note
from hexmark.performance.review_models import Feedback, Note, Review, ReviewRead, Words
from hexmark.performance.reviewing import save_words
from hexmark.verification.packets import packet_of

NEW_CYCLE = {
    "name": "FY 2027",
    "starts_on": "2026-11-01",
    "ends_on": "2027-10-31",
    "self_review_starts_on": "2027-09-01",
    "self_review_ends_on": "2027-09-20",
    "hr_reads": "closed",
    "predecessor": "stays",
    "scale": "1 Below\n3 As agreed",
}


@pytest.fixture(autouse=True)
def _no_memory_of_other_visitors(db: None) -> None:
    """Rate limits count in the cache."""
    cache.clear()


@pytest.fixture
def review(acme: World) -> Review:
    """The member's review, open."""
    return a_review(acme)


def page_of(person: Person, review: Review, **asked: str) -> str:
    return text_of(Visitor(person).get(f"/reviews/{review.public_id}", asked))


# One review -------------------------------------------------------------------------------------------------------------------------


def test_the_period_the_targets_and_last_times_agreement_stand_beside_the_conversation(
    acme: World, review: Review, credential: Credential
) -> None:
    earlier = a_review(acme, name="FY 2025")
    Cycle.objects.filter(pk=earlier.cycle_id).update(starts_on="2024-01-01", ends_on="2024-12-31")
    closed(acme, again(earlier))
    page = page_of(acme.manager_person, review)
    for words in ("Safety Champion", "Valid", "Targets", "Agreed last time, FY 2025", "Lead the next move too.", "Reasonable adjustments"):
        assert words in page


def test_a_draft_is_kept_and_shown_to_nobody_else(acme: World, review: Review) -> None:
    me = Visitor(acme.member_person)
    me.post(f"/reviews/{review.public_id}/words", {"text": "Not ready", "then": "draft"})
    assert "Not ready" in me.get(f"/reviews/{review.public_id}").content.decode()
    assert "Not ready" not in page_of(acme.manager_person, review)


def test_what_is_handed_in_is_there_for_the_other_side_who_is_told(acme: World, review: Review) -> None:
    Visitor(acme.member_person).post(f"/reviews/{review.public_id}/words", {"text": "I led the move.", "then": "hand_in"})
    assert "I led the move." in page_of(acme.manager_person, review)
    assert Message.objects.filter(template="review_handed_in", to=acme.manager_person.email).count() == 1


def test_an_empty_text_is_not_handed_in_and_nothing_is_lost(acme: World, review: Review) -> None:
    answer = Visitor(acme.member_person).post(f"/reviews/{review.public_id}/words", {"text": " ", "mark": "2", "then": "hand_in"})
    assert answer.status_code == 422
    assert "Write at least a sentence first." in text_of(answer)
    assert re.search(r'<option value="2" selected', answer.content.decode())


def test_two_who_write_the_agreement_at_once_lose_nothing(acme: World, review: Review) -> None:
    path = f"/reviews/{review.public_id}/agreement"
    Visitor(acme.manager_person).post(path, {"agreement": "Theirs", "read_version": "0"})
    answer = Visitor(acme.member_person).post(path, {"agreement": "Mine", "read_version": "0"})
    assert answer.status_code == 409
    assert "Mine" in answer.content.decode()
    assert "Theirs" in text_of(answer)


def test_both_confirm_and_both_take_the_file(acme: World, review: Review, credential: Credential) -> None:
    path = f"/reviews/{review.public_id}"
    me, manager = Visitor(acme.member_person), Visitor(acme.manager_person)
    manager.post(f"{path}/agreement", {"agreement": "Lead the next move.", "read_version": "0"})
    given = {"read_version": "1", "includes_agreement": "on"}
    manager.post(f"{path}/confirm", given)
    me.post(f"{path}/confirm", {**given, "disagreement": "The rig was late."})
    run_jobs()
    for visitor in (me, manager):
        taken = visitor.get(f"{path}/packet")
        assert taken.headers["Content-Disposition"] == 'attachment; filename="review-fy-2026-acme-member.packet.jwt"'
        assert taken.headers["Cache-Control"] == "no-store"
        assert packet_of(taken.content) is not None
    assert "Acme Member sees it differently: The rig was late." in page_of(acme.manager_person, review)
    key = re.search(r"z6Mk\w+", page_of(acme.member_person, review))
    letter = Message.objects.get(template="review_closed", to=acme.member_person.email)
    assert key is not None
    assert key[0] in letter.text


def test_who_has_read_it_is_shown_to_its_subject_and_to_nobody_else(acme: World, review: Review) -> None:
    page_of(acme.manager_person, review)
    assert "Acme Manager Manager The review" in page_of(acme.member_person, review)
    assert "Who has read this" not in page_of(acme.manager_person, review)
    assert ReviewRead.objects.count() == 1


def test_a_file_that_is_taken_is_written_down_each_time(acme: World, review: Review) -> None:
    closed(acme, review)
    manager = Visitor(acme.manager_person)
    for _ in range(2):
        manager.get(f"/reviews/{review.public_id}/packet")
    assert ReviewRead.objects.filter(what="packet").count() == 2


def test_a_closed_review_is_opened_again_with_a_reason_only(acme: World, review: Review) -> None:
    closed(acme, review)
    path = f"/reviews/{review.public_id}/reopen"
    assert Visitor(acme.member_person).post(path, {"reason": ""}).status_code == 422
    Visitor(acme.member_person).post(path, {"reason": "A target was left out"})
    assert "A target was left out" in page_of(acme.manager_person, review)
    assert Message.objects.filter(template="review_reopened", to=acme.manager_person.email).count() == 1


# Many reviews -----------------------------------------------------------------------------------------------------------------------


def test_a_manager_writes_twelve_reviews_with_fourteen_clicks(acme: World) -> None:
    for number in range(11):
        set_manager(acme.person(f"Report {number:02}"), manager=acme.manager_person, actor=acme.steward)
    a_review(acme)
    manager, clicks = Visitor(acme.manager_person), 0
    clicks += 1  # Reviews
    first = re.search(r'href="(/reviews/[a-z2-7]{26})" class="button[^>]*>', manager.get("/reviews").content.decode()) or re.search(
        r'href="(/reviews/[a-z2-7]{26})"', manager.get("/reviews").content.decode()
    )
    assert first is not None
    clicks += 1  # Begin with …
    path = first[1]
    for number in range(12):
        then = "next" if number < 11 else "hand_in"
        answer = manager.post(f"{path}/words", {"text": f"Words {number}", "then": then})
        clicks += 1
        path = answer.headers["Location"]
    assert clicks == 14
    assert Words.objects.filter(part="manager", handed_in_at__isnull=False).count() == 12


def test_what_waits_for_me_stands_first(acme: World, review: Review) -> None:
    set_manager(acme.person("Aaron First"), manager=acme.manager_person, actor=acme.steward)
    open_cycle(review.cycle, actor=acme.steward)
    aaron = Review.objects.get(person__name="Aaron First")
    save_words(aaron, text="Done", hand_in=True, actor=acme.manager)
    Review.objects.filter(pk=aaron.pk).update(agreement="Agreed", agreement_version=1)
    Visitor(acme.manager_person).post(f"/reviews/{aaron.public_id}/confirm", {"read_version": "1"})
    page = text_of(Visitor(acme.manager_person).get("/reviews"))
    assert page.index("Acme Member") < page.index("Aaron First")


@pytest.mark.parametrize("people", [2, 40])
def test_the_list_takes_as_many_queries_for_forty_as_for_two(acme: World, people: int) -> None:
    for number in range(people):
        set_manager(acme.person(f"Report {number:02}"), manager=acme.manager_person, actor=acme.steward)
    a_review(acme)
    visitor = Visitor(acme.manager_person)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        visitor.get("/reviews")
    assert len(asked) <= 20


def test_one_review_is_read_in_few_queries(acme: World, review: Review, credential: Credential) -> None:
    closed(acme, review)
    visitor = Visitor(acme.manager_person)
    with CaptureQueriesContext(connection) as asked:
        visitor.get(f"/reviews/{review.public_id}")
    assert len(asked) <= 45


# Feedback ---------------------------------------------------------------------------------------------------------------------------


def ask(visitor: Visitor, review: Review, **given: str) -> int:
    body = {"email": "old.customer@example.org", "name": "Old Customer", "audience": "both", **given}
    return visitor.post(f"/reviews/{review.public_id}/ask", body).status_code


def test_somebody_outside_reads_who_will_see_it_and_answers_once(acme: World, review: Review) -> None:
    assert ask(Visitor(acme.member_person), review, question="How was the visit?") == 302
    letter = Message.objects.get(template="feedback_asked")
    link = re.search(r"/feedback/\S+", letter.text)
    assert link is not None
    stranger = Visitor()
    page = text_of(stranger.get(link[0]))
    assert "Acme Member and the manager of Acme Member will see what you write, with your name." in page
    assert "How was the visit?" in page
    assert "Thank you" in text_of(stranger.post(link[0], {"text": "Quick and clear."}))
    assert stranger.get(link[0]).status_code == 404
    for person in (acme.member_person, acme.manager_person):
        assert "Quick and clear." in page_of(person, review)


def test_a_colleague_answers_signed_in_and_only_the_named_side_reads_it(acme: World, review: Review) -> None:
    assert ask(Visitor(acme.manager_person), review, email=acme.steward_person.email, audience="manager") == 302
    asked = Feedback.objects.get()
    colleague = Visitor(acme.steward_person)
    assert "You are asked for feedback" in text_of(colleague.get("/reviews"))
    path = f"/reviews/feedback/{asked.public_id}"
    assert "Only the manager of Acme Member" in text_of(colleague.get(path))
    colleague.post(path, {"text": "Needs more rest."})
    assert "Needs more rest." in page_of(acme.manager_person, review)
    assert "Needs more rest." not in page_of(acme.member_person, review)
    assert Visitor(acme.member_person).get(path).status_code == 404


def test_declining_needs_no_reason(acme: World, review: Review) -> None:
    ask(Visitor(acme.member_person), review, email=acme.steward_person.email)
    path = f"/reviews/feedback/{Feedback.objects.get().public_id}"
    Visitor(acme.steward_person).post(path, {"decline": "1"})
    assert "Would rather not say anything." in page_of(acme.member_person, review)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"email": "no address"}, "This is no e-mail address."),
        ({"email": "manager@acme.example", "name": "X"}, ""),
        ({"audience": "manager"}, "Select a valid choice"),
        ({"email": "member@acme.example"}, "Ask somebody else than the two of you."),
    ],
)
def test_whom_one_cannot_ask(acme: World, review: Review, given: dict[str, str], words: str) -> None:
    body = {"email": "a@example.org", "name": "A", "audience": "both", **given}
    answer = Visitor(acme.member_person).post(f"/reviews/{review.public_id}/ask", body)
    assert (answer.status_code == 422) == bool(words)
    assert words in text_of(answer)


def test_nobody_is_asked_twice(acme: World, review: Review) -> None:
    me = Visitor(acme.member_person)
    assert ask(me, review) == 302
    assert ask(me, review) == 409


def test_a_link_dies_with_its_review(acme: World, review: Review) -> None:
    made = feedback.ask(review, name="A", email="a@example.org", question="", audience="both", actor=acme.member)
    letter = Message.objects.get(template="feedback_asked")
    closed(acme, review)
    link = re.search(r"/feedback/\S+", letter.text)
    assert link is not None
    assert Visitor().get(link[0]).status_code == 404
    assert made.given_at is None


# Cycles -----------------------------------------------------------------------------------------------------------------------------


def test_a_cycle_is_made_looked_at_and_opened(acme: World) -> None:
    steward = Visitor(acme.steward_person)
    made = steward.post("/reviews/cycles/new", NEW_CYCLE)
    assert made.status_code == 302
    preview = text_of(steward.get(made.headers["Location"]))
    assert "3 people get a review" in preview
    assert "2 have no manager" in preview
    steward.post(made.headers["Location"])
    assert Review.objects.count() == 3


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": ""}, "Give the cycle a name"),
        ({"ends_on": "2026-01-01"}, "The period ends before it begins."),
        ({"self_review_ends_on": ""}, "Give both days, or neither."),
        ({"self_review_ends_on": "2027-08-01"}, "This phase ends before it begins."),
        ({"scale": "good\nbad"}, "Begin each line of the scale with a number"),
        ({"scale": "3 A\n1 B"}, "Write the marks from low to high"),
    ],
)
def test_a_cycle_that_cannot_be_says_why_and_keeps_what_was_typed(acme: World, given: dict[str, str], words: str) -> None:
    answer = Visitor(acme.steward_person).post("/reviews/cycles/new", NEW_CYCLE | given)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not Cycle.objects.exists()


def test_progress_is_counts_without_marks_or_words(acme: World, review: Review) -> None:
    save_words(review, text="Secret words", mark="4", hand_in=True, actor=acme.manager)
    steward = Visitor(acme.steward_person)
    page = steward.get(f"/reviews/cycles/{review.cycle.public_id}")
    assert "1 of 3 managers" in text_of(page)
    assert "Secret words" not in page.content.decode()
    taken = b"".join(steward.get(f"/reviews/cycles/{review.cycle.public_id}/progress.csv").streaming_content)  # type: ignore[attr-defined]
    table = read_table(taken, file_name="progress.csv")
    assert "mark" not in " ".join(table.columns).lower()
    assert b"Secret" not in taken


def test_the_terms_of_an_open_cycle_stay(acme: World, review: Review) -> None:
    cycle = review.cycle
    given = NEW_CYCLE | {"scale": "1 Never\n9 Always"}
    answer = Visitor(acme.steward_person).post(f"/reviews/cycles/{cycle.public_id}/edit", given)
    assert answer.status_code == 422
    assert "People write under these terms already" in text_of(answer)


def test_a_closed_cycle_changes_nothing_any_more(acme: World, review: Review) -> None:
    Visitor(acme.steward_person).post(f"/reviews/cycles/{review.cycle.public_id}/close")
    answer = Visitor(acme.member_person).post(f"/reviews/{review.public_id}/words", {"text": "Late", "then": "hand_in"})
    assert answer.status_code == 409


def test_people_and_managers_are_told_once_when_a_phase_begins(acme: World) -> None:
    a_review(acme)
    run_jobs()
    assert Message.objects.filter(template="review_phase").count() == 3
    cycle = Cycle.objects.get()
    cycle.phases.filter(kind="manager_review").update(starts_on=timezone.localdate() - timedelta(days=1))
    open_cycle(cycle, actor=acme.steward)
    run_jobs()
    open_cycle(cycle, actor=acme.steward)
    run_jobs()
    assert Message.objects.filter(template="review_phase").count() == 3
    assert [one.to for one in Message.objects.filter(template="review_phase_manager")] == [acme.manager_person.email]


# Before a talk ------------------------------------------------------------------------------------------------------------------------


def test_the_page_before_a_talk_has_everything_and_keeps_notes(acme: World, review: Review, credential: Credential) -> None:
    manager = Visitor(acme.manager_person)
    path = f"/team/{acme.member_person.public_id}"
    manager.post(path, {"text": "Ask about the rig", "audience": "author"})
    page = text_of(manager.get(path))
    for words in ("Safety Champion", "FY 2026", "Ask about the rig", "Only me"):
        assert words in page
    note = Note.objects.get()
    manager.post(f"{path}/notes/{note.public_id}/discard")
    assert not Note.objects.exists()


def test_nobody_but_the_nearest_manager_has_it(acme: World, review: Review) -> None:
    path = f"/team/{acme.member_person.public_id}"
    assert Visitor(acme.member_person).get(path).status_code == 404
    assert Visitor(acme.steward_person).get(path).status_code == 404


def test_a_manager_who_moves_on_loses_sight_the_same_moment(acme: World, review: Review) -> None:
    write_note(acme.member_person, text="Mine", audience="author", actor=acme.manager)
    manager = Visitor(acme.manager_person)
    paths = (f"/team/{acme.member_person.public_id}", f"/reviews/{review.public_id}")
    assert {manager.get(path).status_code for path in paths} == {200}
    Person.objects.filter(pk=acme.member_person.pk).update(manager=acme.steward_person)
    assert {manager.get(path).status_code for path in paths} == {404}
    # The new manager sees the review, and none of the notes.
    steward = Visitor(acme.steward_person)
    assert steward.get(paths[1]).status_code == 200
    assert "Mine" not in text_of(steward.get(paths[0]))


def test_hr_reads_what_the_cycle_says_and_a_badge_administrator_nothing(acme: World) -> None:
    review = a_review(acme, hr_reads="closed")
    person, _ = with_access(acme, Access.HR, name="Hanna Resources")
    link_account(person, account=open_account(email=person.email, name=person.name, password="four plain words here"), actor=acme.system)
    person.refresh_from_db()
    path = f"/reviews/{review.public_id}"
    assert Visitor(person).get(path).status_code == 404
    closed(acme, review)
    assert Visitor(person).get(path).status_code == 200
    assert "Hanna Resources Human resources" in page_of(acme.member_person, review)
    assert Visitor(acme.steward_person).get(path).status_code == 404
    assert Visitor(person).get(f"{path}/packet").status_code == 404


def test_nobody_has_a_review_before_a_cycle_is_opened(acme: World) -> None:
    a_cycle(acme)
    assert "You have no review yet" in text_of(Visitor(acme.member_person).get("/reviews"))
