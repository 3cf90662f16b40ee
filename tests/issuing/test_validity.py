"""Until when: whole months in the organisation's time zone, the last day counting to its last second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.issuing.served import served
from tests.world import World, run_jobs

from hexmark.awarding.actions import award
from hexmark.issuing.models import Credential
from hexmark.issuing.rules import is_expired, valid_until
from hexmark.openbadges import strict_json
from hexmark.verification import verify


def ends(awarded: str, months: int, zone: str = "Europe/London") -> str:
    """The end of validity in UTC, for an award at this moment (of UTC)."""
    end = valid_until(datetime.fromisoformat(awarded).replace(tzinfo=UTC), months=months, zone=ZoneInfo(zone))
    assert end is not None
    return end.astimezone(UTC).isoformat(sep=" ", timespec="seconds").removesuffix("+00:00")


def test_without_a_number_of_months_it_holds_for_ever() -> None:
    assert valid_until(datetime.now(UTC), months=None, zone=ZoneInfo("Europe/London")) is None


@pytest.mark.parametrize(
    ("awarded", "months", "ended"),
    [
        ("2026-01-15 10:00", 1, "2026-02-15 23:59:59"),
        ("2026-01-15 10:00", 12, "2027-01-15 23:59:59"),
        ("2026-12-15 10:00", 1, "2027-01-15 23:59:59"),
        ("2026-11-30 10:00", 13, "2027-12-30 23:59:59"),
        # Months that are shorter.
        ("2026-01-31 10:00", 1, "2026-02-28 23:59:59"),
        ("2028-01-31 10:00", 1, "2028-02-29 23:59:59"),
        ("2024-02-29 10:00", 12, "2025-02-28 23:59:59"),
        ("2024-02-29 10:00", 48, "2028-02-29 23:59:59"),
        ("2026-10-31 10:00", 1, "2026-11-30 23:59:59"),
        ("2026-08-31 10:00", 6, "2027-02-28 23:59:59"),
        # Summer time: the day ends an hour earlier for the world.
        ("2026-01-15 10:00", 6, "2026-07-15 22:59:59"),
        ("2026-07-15 10:00", 6, "2027-01-15 23:59:59"),
        # The days on which the clocks change.
        ("2026-02-28 10:00", 1, "2026-03-28 23:59:59"),
        ("2026-02-28 23:30", 1, "2026-03-28 23:59:59"),
        ("2026-01-29 10:00", 2, "2026-03-29 22:59:59"),
        ("2026-09-25 10:00", 1, "2026-10-25 23:59:59"),
        ("2026-01-15 10:00", 600, "2076-01-15 23:59:59"),
    ],
)
def test_the_last_day_counts_to_its_last_second_in_london(awarded: str, months: int, ended: str) -> None:
    assert ends(awarded, months) == ended


@pytest.mark.parametrize(
    ("zone", "awarded", "ended"),
    [
        # Late in the evening of UTC it is tomorrow already in Auckland, so the period begins a day later there.
        ("Pacific/Auckland", "2026-06-15 20:00", "2026-07-16 11:59:59"),
        ("Pacific/Auckland", "2026-06-15 10:00", "2026-07-15 11:59:59"),
        ("America/Los_Angeles", "2026-06-15 05:00", "2026-07-15 06:59:59"),
        ("America/Los_Angeles", "2026-06-15 10:00", "2026-07-16 06:59:59"),
        ("Asia/Kolkata", "2026-06-15 10:00", "2026-07-15 18:29:59"),
        ("Asia/Kathmandu", "2026-06-15 10:00", "2026-07-15 18:14:59"),
        ("Pacific/Kiritimati", "2026-06-15 10:00", "2026-07-16 09:59:59"),
        ("UTC", "2026-06-15 23:59", "2026-07-15 23:59:59"),
        # Where the clocks go back over midnight, 23:59:59 comes twice: the second one is the end of the day.
        ("America/Santiago", "2026-03-04 15:00", "2026-04-05 03:59:59"),
        ("Africa/Cairo", "2026-09-29 10:00", "2026-10-29 21:59:59"),
        ("Asia/Beirut", "2026-09-24 10:00", "2026-10-24 21:59:59"),
    ],
)
def test_the_day_is_that_of_the_organisations_time_zone(zone: str, awarded: str, ended: str) -> None:
    assert ends(awarded, 1, zone) == ended


ZONES = ["Europe/London", "America/Santiago", "Pacific/Apia", "Asia/Kathmandu", "America/Nuuk", "Africa/Cairo", "UTC"]


@given(st.datetimes(datetime(2020, 1, 1), datetime(2080, 1, 1), timezones=st.just(UTC)), st.integers(1, 600), st.sampled_from(ZONES))
def test_it_always_ends_with_a_day_in_the_right_month(awarded: datetime, months: int, name: str) -> None:
    zone = ZoneInfo(name)
    end = valid_until(awarded, months=months, zone=zone)
    assert end is not None
    first, last = awarded.astimezone(zone), end.astimezone(UTC).astimezone(zone)
    assert (last.hour, last.minute, last.second) == (23, 59, 59)
    assert (last.year * 12 + last.month) - (first.year * 12 + first.month) == months
    assert last.day == first.day or (last.day < first.day and (last + timedelta(seconds=1)).day == 1)
    assert (last.astimezone(UTC) + timedelta(seconds=1)).astimezone(zone).date() > last.date()


def test_what_holds_for_ever_never_expires() -> None:
    assert not is_expired(None, datetime.now(UTC))


def test_the_last_second_is_still_valid() -> None:
    end = datetime(2026, 7, 15, 22, 59, 59, tzinfo=UTC)
    assert not is_expired(end, end)
    assert is_expired(end, end + timedelta(seconds=1))


def test_the_signed_file_ends_with_the_day_and_verifiers_see_it(acme: World) -> None:
    version = acme.achievement("Kiln Safety", validity_months=1)
    decided_at = datetime(2026, 5, 31, 10, tzinfo=UTC) - timedelta(days=365)
    award(version, to=[acme.member_person], actor=acme.system, decided_at=decided_at)
    run_jobs()
    credential = Credential.objects.get()
    document = strict_json.parse(credential.document)
    assert (document["validFrom"], document["validUntil"]) == ("2025-05-31T10:00:00Z", "2025-06-30T22:59:59Z")
    during, after = datetime(2025, 6, 30, 22, tzinfo=UTC), datetime(2025, 7, 2, tzinfo=UTC)
    assert "time" not in verify(credential.document, fetch=served, at=during).failed
    assert verify(credential.document, fetch=served, at=after).failed == ["time"]
