"""What is shown elsewhere."""

from tests.tenancy.area import Area

AREA = Area()
