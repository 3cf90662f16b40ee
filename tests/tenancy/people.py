"""People and teams."""

from tests.tenancy.area import Area

AREA = Area()
