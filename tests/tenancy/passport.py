"""One's own badges."""

from tests.tenancy.area import Area

AREA = Area(own=frozenset({"me", "choose_organisation"}))
