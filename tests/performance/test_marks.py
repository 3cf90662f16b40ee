"""A mark is a person's choice on a form: no other code writes one, and whatever happens to badges and targets, it stays as chosen."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from tests.performance.reviewing import a_review, again, closed
from tests.world import World, run_jobs

import hexmark
from hexmark.access import system
from hexmark.errors import Invalid, NotPermitted
from hexmark.holdings.models import Holding
from hexmark.issuing.actions import revoke
from hexmark.issuing.models import Credential
from hexmark.jobs import sweeps
from hexmark.performance.review_models import Review, Words
from hexmark.performance.reviewing import reopen, save_words

SOURCE = Path(hexmark.__file__).parent
#: The one action that writes a mark, the form's view that calls it, and the demo, which plays the people who do.
WRITES, CALLS = "performance/reviewing.py", {"web/reviews.py", "demo/reviews.py"}


def names_called(tree: ast.AST) -> set[str]:
    """Every function or method that this code calls, by its last name."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {one.attr if isinstance(one, ast.Attribute) else getattr(one, "id", "") for one in calls}


def assigns_a_mark(tree: ast.AST) -> bool:
    """Whether some `….mark` is set here, or rows are updated with `mark=`."""
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            parts = target.elts if isinstance(target, ast.Tuple) else [target]
            if any(isinstance(part, ast.Attribute) and part.attr == "mark" for part in parts):
                return True
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ("update", "create", "get_or_create", "update_or_create", "Words") and any(
                one.arg == "mark" for one in node.keywords
            ):
                return True
    return False


def code() -> dict[str, ast.AST]:
    files = (file for file in SOURCE.rglob("*.py") if "migrations" not in file.parts)
    return {file.relative_to(SOURCE).as_posix(): ast.parse(file.read_text(encoding="utf-8")) for file in files}


def test_one_action_writes_marks_and_only_the_form_of_a_person_calls_it() -> None:
    found = code()
    assert {name for name, tree in found.items() if assigns_a_mark(tree)} == {WRITES}
    assert {name for name, tree in found.items() if "save_words" in names_called(tree)} == CALLS


def test_the_installation_itself_cannot_give_a_mark(acme: World) -> None:
    with pytest.raises(NotPermitted):
        save_words(a_review(acme), text="Computed", mark="4", hand_in=True, actor=system(acme.organisation.pk))


def test_nothing_that_happens_to_badges_moves_a_mark(acme: World, credential: Credential) -> None:
    review = a_review(acme)
    closed(acme, review, mark="2")
    before = list(Words.objects.order_by("pk").values_list("part", "mark"))
    revoke(credential, actor=acme.steward, reason="Awarded in error")
    for each in sweeps():
        if each.name.startswith(("performance.", "holdings.", "issuing.")):
            each.function()
    run_jobs()
    assert list(Words.objects.order_by("pk").values_list("part", "mark")) == before


def test_a_mark_is_one_of_the_scale_or_none(acme: World) -> None:
    review = a_review(acme)
    with pytest.raises(Invalid):
        save_words(review, text="Words", mark="17", hand_in=True, actor=acme.manager)
    assert save_words(review, text="Words", hand_in=True, actor=acme.manager).mark == ""


def test_the_mark_of_a_closed_review_is_held_where_the_cycle_says_that_it_counts(acme: World) -> None:
    closed(acme, a_review(acme), mark="3")
    held = Holding.objects.get(person=acme.member_person, kind="review_mark")
    assert held.ended_at is None
    reopen(again(Review.objects.get(person=acme.member_person)), reason="A target was left out", actor=acme.member)
    held.refresh_from_db()
    assert held.ended_at is not None


def test_no_mark_is_held_where_marks_do_not_count_or_none_was_given(acme: World) -> None:
    closed(acme, a_review(acme, name="A", marks_count=False), mark="3")
    closed(acme, a_review(acme, name="B"), mark="")
    assert not Holding.objects.filter(kind="review_mark").exists()
