"""What people agree to reach, and how they talk about it."""

from __future__ import annotations

import pytest
from tests.performance.reviewing import a_review
from tests.world import World

from hexmark.performance.review_models import Review


@pytest.fixture
def review(acme: World) -> Review:
    """The review of acme's member, open."""
    return a_review(acme)
