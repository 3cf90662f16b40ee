"""What is shown elsewhere: whoever has the link to an award may see it, as far as its holder lets them."""

from tests.tenancy.area import Area

AREA = Area(public=frozenset("share award_card award_code embed oembed".split()))
