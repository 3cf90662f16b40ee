"""Running the installation, and one's own sign-in."""

from tests.tenancy.area import Area

AREA = Area()
