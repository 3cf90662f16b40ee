"""The public directory."""

from tests.tenancy.area import Area

AREA = Area()
