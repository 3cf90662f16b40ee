"""SVG pictures for the tests of baking."""

import pytest

from hexmark.openbadges.baking import unbake
from hexmark.openbadges.errors import FormatError

CREDENTIAL = '{"id":"urn:uuid:1","name":"Großes <Schweißen> & \\"mehr\\" 🏅"}'
JWS = "eyJhbGciOiJFZERTQSJ9.eyJpZCI6InVybjp1dWlkOjEifQ.c2lnbmF0dXJl"
NS = 'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'
SVG = 'xmlns="http://www.w3.org/2000/svg"'
ONE = f'<openbadges:credential verify="{JWS}"/>'


def picture(inside: str = "", *, root: str = f"{SVG} {NS}", before: str = "") -> bytes:
    return f"{before}<svg {root}>{inside}<g><path d='M0 0'/></g></svg>".encode()


def refusal(error: type[FormatError], image: bytes) -> str:
    with pytest.raises(error) as caught:
        unbake(image)
    return caught.value.full_code


PLAIN = f'<?xml version="1.0"?>\r\n<!-- > " -->\n<svg {SVG} width="1"\n  data-x=\'a>b\' >\t<g/>&#13;</svg>\n\n'.encode()
