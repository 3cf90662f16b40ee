"""Nobody takes all of the site's time: verifying and searching are slowed down, by place, and anybody else goes on."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web.pages import Visitor, text_of

from hexmark.web.limits import Pace, pace


def test_verifying_is_slowed_down_after_sixty_in_a_minute(visitor: Visitor) -> None:
    answers = [visitor.post("/verify", {"text": "no badge"}) for _ in range(61)]
    assert {answer.status_code for answer in answers[:60]} == {200}
    assert answers[60].status_code == 429
    assert "A little slower, please" in text_of(answers[60])
    assert answers[60].headers["Retry-After"] == "60"
    assert answers[60].headers["Cache-Control"] == "no-store"
    assert visitor.post("/verify", {"text": "no badge"}, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_an_empty_form_costs_nothing(visitor: Visitor) -> None:
    assert {visitor.get("/verify").status_code for _ in range(62)} == {200}


@pytest.mark.parametrize("address", ["/directory?q=kiln", "/directory.json?q=kiln", "/api/catalog", "/directory.atom"])
def test_searching_is_slowed_down_by_place(visitor: Visitor, settings: Any, address: str) -> None:
    settings.SEARCH_RATE = 3
    assert [visitor.get(address).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert visitor.get(address, REMOTE_ADDR="192.0.2.7").status_code == 200
    assert visitor.get("/").status_code == 200


def test_an_address_of_the_same_subscriber_is_the_same_place(visitor: Visitor, settings: Any) -> None:
    settings.SEARCH_RATE = 1
    assert visitor.get("/directory", REMOTE_ADDR="2001:db8::1").status_code == 200
    assert visitor.get("/directory", REMOTE_ADDR="2001:db8::2").status_code == 429
    assert visitor.get("/directory", REMOTE_ADDR="2001:db8:0:1::2").status_code == 200


def test_a_header_of_ones_own_is_no_other_place(visitor: Visitor, settings: Any) -> None:
    settings.SEARCH_RATE = 1
    assert visitor.get("/directory").status_code == 200
    assert visitor.get("/directory", headers={"X-Forwarded-For": "192.0.2.99"}).status_code == 429


def test_no_limit_where_none_is_wanted(visitor: Visitor, settings: Any) -> None:
    settings.SEARCH_RATE = 0
    assert {visitor.get("/directory").status_code for _ in range(5)} == {200}


def test_the_next_minute_begins_anew_and_few_places_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Pace()
    assert [counted.count("search", "here", window) for window in (1, 1, 2)] == [1, 2, 1]
    monkeypatch.setattr("hexmark.web.limits._MOST_PLACES", 2)
    for place in ("one", "two", "three"):
        counted.count("search", place, 2)
    assert counted.count("search", "here", 2) == 1
    assert pace.count("search", "here", 0) == 1
