"""Tokens from a template are, letter for letter, those of the slow path; whatever is out of the ordinary takes that path."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.openbadges.samples import BADGE, ISSUER
from tests.openbadges.signing_keys import KEYS

from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.jose import Profile, check_jwt, missing_claims, read_jwt, sign_jwt
from hexmark.openbadges.template.slots import Miss, Slot, fill
from hexmark.openbadges.template.token import TokenTemplate

METHOD = f"{ISSUER}#key-1"
SKETCH = {
    **BADGE,
    "id": Slot("id"),
    "validFrom": Slot("begins"),
    "credentialSubject": {**BADGE["credentialSubject"], "id": Slot("earner"), "narrative": Slot("narrative")},
}
VALUES = {"id": "urn:uuid:1", "begins": "2026-01-31T09:00:00Z", "earner": "did:example:amara", "narrative": 'Said "100 %"\\ \n Köln'}


def compiled(document: dict = SKETCH, kind: str = "Ed25519", profile: Profile = Profile.OPEN_BADGES) -> TokenTemplate:
    return TokenTemplate.compile(document, kind=kind, verification_method=METHOD, profile=profile)


def slowly(document: dict, values: dict, kind: str = "Ed25519", profile: Profile = Profile.OPEN_BADGES) -> str:
    return sign_jwt(fill(document, values), key=KEYS[kind], verification_method=METHOD, profile=profile)


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("ends", [{}, {"validUntil": "2027-01-31T09:00:00Z"}, {"validUntil": Slot("ends")}])
def test_the_token_is_that_of_the_slow_path(kind, profile, ends):
    document, values = {**SKETCH, **ends}, {**VALUES, "ends": "2028-02-29T00:00:00+01:00"}
    before = repr(document)
    token = compiled(document, kind, profile).sign(values, key=KEYS[kind])
    assert repr(document) == before
    assert token == slowly(document, values, kind, profile)
    assert check_jwt(read_jwt(token), KEYS[kind].public) == fill(document, values)
    assert missing_claims(read_jwt(token)) == []


TEMPLATE = compiled()
TEXTS = st.text(max_size=12) | st.sampled_from(["_:b", "\0", "\ud800", "\uffff", "%s", '"', "\\", "urn:x-hexmark-slot:0:"])
IDS = TEXTS | st.text("abc:/#é \\<", max_size=8).map(lambda text: "https://a.example/" + text)


@given(IDS, IDS, TEXTS, TEXTS | st.sampled_from(["2026-01-31T09:00:00.5Z", "1960-01-01T00:00:00Z"]))
def test_any_values_give_the_token_of_the_slow_path_or_none(identifier, earner, narrative, begins):
    values = {"id": identifier, "earner": earner, "narrative": narrative, "begins": begins}
    try:
        token = TEMPLATE.sign(values, key=KEYS["Ed25519"])
    except Miss:
        return
    assert token == slowly(SKETCH, values)


@pytest.mark.parametrize("name", ["id", "earner", "begins"])
@pytest.mark.parametrize("text", ["", "relative", "_:b", "urn:x y", "https://a.example/<", "9999"])
def test_a_text_that_the_slow_path_might_refuse_is_left_to_it(name, text):
    with pytest.raises(Miss):
        TEMPLATE.sign({**VALUES, name: text}, key=KEYS["Ed25519"])


def test_a_key_of_another_kind_is_left_to_the_slow_path():
    with pytest.raises(Miss):
        TEMPLATE.sign(VALUES, key=KEYS["P-256"])


def test_a_slot_without_a_value_is_named():
    with pytest.raises(KeyError):
        TEMPLATE.sign({name: text for name, text in VALUES.items() if name != "earner"}, key=KEYS["Ed25519"])


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(BADGE, id="no slot"),
        pytest.param({**SKETCH, "type": ["VerifiableCredential", Slot("kind")]}, id="a slot for a type"),
        pytest.param({**SKETCH, "@context": [Slot("context")]}, id="a slot for a context"),
        pytest.param({**SKETCH, "name": "urn:x-hexmark-slot:0:"}, id="what looks like a slot"),
        pytest.param({name: item for name, item in SKETCH.items() if name != "validFrom"}, id="no beginning"),
        pytest.param({**SKETCH, "issuanceDate": "2026-01-31T09:00:00Z"}, id="the older data model"),
        pytest.param({**SKETCH, "name": None}, id="null"),
        pytest.param({**SKETCH, "issuer": {"type": ["Profile"]}}, id="no issuer"),
        pytest.param({**SKETCH, "@context": ["https://evil.example/", Slot("x")]}, id="unknown context"),
    ],
)
def test_a_document_that_is_out_of_the_ordinary_has_no_template(document):
    with pytest.raises((Miss, FormatError)):
        compiled(document)
