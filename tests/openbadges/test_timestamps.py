"""Moments in documents."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.openbadges.errors import Malformed
from hexmark.openbadges.timestamps import parse, write


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31T09:00:00Z", datetime(2026, 1, 31, 9, tzinfo=UTC)),
        ("2026-01-31T09:00:00.5Z", datetime(2026, 1, 31, 9, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-01-31T09:00:00.123456789Z", datetime(2026, 1, 31, 9, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-01-31T09:00:00-05:00", datetime(2026, 1, 31, 14, tzinfo=UTC)),
        ("2024-02-29T23:59:59+14:00", datetime(2024, 2, 29, 9, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_moment_with_its_time_zone_is_read(text, moment):
    assert parse(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-01-31",
        "2026-01-31T09:00:00",
        "2026-01-31 09:00:00Z",
        "2026-01-31T09:00Z",
        "20260131T090000Z",
        "2026-02-30T09:00:00Z",
        "2026-01-31T25:00:00Z",
        "2026-01-31T09:00:00z",
        "٢٠٢٦-01-31T09:00:00Z",
        "2026-01-31T09:00:00Z\n",
        "2026-01-31T09:00:00+25:00",
        5,
        None,
        [],
    ],
)
def test_what_is_no_moment_is_refused(text):
    with pytest.raises(Malformed):
        parse(text)


def test_a_moment_is_written_in_utc_to_the_second():
    assert write(datetime(2026, 1, 31, 9, 0, 0, 999, tzinfo=timezone(timedelta(hours=-5)))) == "2026-01-31T14:00:00Z"
    with pytest.raises(ValueError, match="time zone"):
        write(datetime(2026, 1, 31))


@given(st.datetimes(datetime(1900, 1, 2), datetime(2199, 1, 1), timezones=st.just(UTC)))
def test_a_moment_round_trips(moment):
    assert parse(write(moment)) == moment.replace(microsecond=0)
