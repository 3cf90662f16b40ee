"""Badge art and press-out sheets."""

from tests.tenancy.area import Area

AREA = Area()
