"""What is refused in a document before and while JSON-LD reads it: whatever a signature would not cover."""

import copy
import time

import pytest

from hexmark.openbadges import contexts, nquads
from hexmark.openbadges.errors import FormatError, WorkLimit
from hexmark.openbadges.guard import guard_context, guard_structure
from hexmark.openbadges.jsonld import canonical, canonical_later

V2, OB, EXTENSIONS = contexts.CREDENTIALS_V2, contexts.OPEN_BADGES_V3, contexts.OPEN_BADGES_EXTENSIONS
UNDEFINED = "PROOF_TRANSFORMATION_ERROR/UNDEFINED_TERM"


def refusal(document) -> FormatError:
    with pytest.raises(FormatError) as refused:
        canonical(document)
    return refused.value


def with_(badge: dict, path: str, value: object) -> dict:
    """The badge with one member set, the path written as a JSON pointer."""
    document = copy.deepcopy(badge)
    *parents, last = path.strip("/").split("/")
    place = document
    for name in parents:
        place = place[int(name)] if isinstance(place, list) else place[name]
    place[last] = value
    return document


@pytest.mark.parametrize(
    ("named", "code"),
    [
        pytest.param([V2, OB, {"@vocab": "https://evil.example/"}], "CONTEXT_NOT_ALLOWED", id="B09 @vocab appended"),
        pytest.param([OB, V2], "MALFORMED_VALUE_ERROR/CONTEXT_ORDER", id="B11 swapped"),
        pytest.param([V2, EXTENSIONS, OB], "MALFORMED_VALUE_ERROR/CONTEXT_ORDER", id="extensions before Open Badges"),
        pytest.param([V2, V2, OB], "MALFORMED_VALUE_ERROR/CONTEXT_ORDER", id="one twice"),
        pytest.param([V2, OB, OB.replace("3.0.3", "3.0.2")], "MALFORMED_VALUE_ERROR/CONTEXT_ORDER", id="two versions"),
        pytest.param([V2, contexts.CREDENTIALS_V1, OB], "MALFORMED_VALUE_ERROR/CONTEXT_ORDER", id="two data models"),
        pytest.param(V2, "MALFORMED_VALUE_ERROR/CONTEXT_TYPE", id="B13 a string"),
        pytest.param({"@vocab": "https://evil.example/"}, "MALFORMED_VALUE_ERROR/CONTEXT_TYPE", id="an object"),
        pytest.param([V2, OB, None], "MALFORMED_VALUE_ERROR/CONTEXT_TYPE", id="B14 null"),
        pytest.param([V2, [OB]], "MALFORMED_VALUE_ERROR/CONTEXT_TYPE", id="array in array"),
        pytest.param([V2, 3], "MALFORMED_VALUE_ERROR/CONTEXT_TYPE", id="number"),
        pytest.param(None, "MALFORMED_VALUE_ERROR/CONTEXT_TYPE", id="null"),
        pytest.param([], "MALFORMED_VALUE_ERROR/CONTEXT_MISSING", id="B15 empty"),
        pytest.param([OB], "MALFORMED_VALUE_ERROR/CONTEXT_MISSING", id="without the data model"),
        pytest.param([V2, OB, "https://evil.example/c.json"], "CONTEXT_NOT_ALLOWED", id="B16 unknown"),
        pytest.param([V2.replace("https", "http"), OB], "CONTEXT_NOT_ALLOWED", id="B17 http"),
        pytest.param([V2.replace("www", "WWW"), OB], "CONTEXT_NOT_ALLOWED", id="B17 upper case"),
        pytest.param([V2 + "/", OB], "CONTEXT_NOT_ALLOWED", id="B17 trailing slash"),
        pytest.param([V2 + "#x", OB], "CONTEXT_NOT_ALLOWED", id="B17 fragment"),
        pytest.param([V2.replace(".org", ".org:443"), OB], "CONTEXT_NOT_ALLOWED", id="B17 port"),
        pytest.param([V2, OB, {"name": "https://evil.example/name"}], "CONTEXT_NOT_ALLOWED", id="B19 protected term redefined"),
        pytest.param([V2, OB, {"X": {"@id": "urn:x", "@context": {}}}], "CONTEXT_NOT_ALLOWED", id="B21 type-scoped switch"),
        pytest.param([V2, OB, {"x": {"@id": "urn:x", "@type": "@json"}}], "CONTEXT_NOT_ALLOWED", id="B31 @json"),
    ],
)
def test_contexts_other_than_the_known_ones_in_their_order_are_refused(badge, named, code):
    badge["@context"] = named
    assert refusal(badge).full_code == code
    with pytest.raises(FormatError) as refused:
        guard_context(badge)
    assert refused.value.full_code == code
    assert refused.value.pointer == "/@context"


def test_a_document_without_contexts_is_refused(badge):
    del badge["@context"]
    assert refusal(badge).full_code == "MALFORMED_VALUE_ERROR/CONTEXT_MISSING"


@pytest.mark.parametrize(
    "named",
    [
        [V2, OB],
        [V2, OB, EXTENSIONS],
        [V2, OB, "https://w3id.org/security/data-integrity/v2"],
        [V2, OB, EXTENSIONS, "https://w3id.org/security/multikey/v1", "https://w3id.org/security/data-integrity/v2"],
        [V2, OB.replace("3.0.3", "3.0.1")],
        [V2],
        [
            contexts.CREDENTIALS_V1,
            "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
            "https://w3id.org/security/suites/ed25519-2020/v1",
        ],
    ],
)
def test_the_known_contexts_in_their_order_are_accepted(named):
    guard_context({"@context": named})


def test_the_third_context_is_needed_for_the_schema_type(badge):
    """Without it the type is a relative IRI, which JSON-LD would resolve or drop without a word."""
    badge["@context"].remove(EXTENSIONS)
    assert refusal(badge).full_code == UNDEFINED


# --- what would go unsigned ----------------------------------------------------------------------------------------

S = "/credentialSubject"
A = "/credentialSubject/achievement"


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        pytest.param("/salary", 9, UNDEFINED, id="B01 undefined at the top"),
        pytest.param("/salary", {"name": "x"}, UNDEFINED, id="undefined object"),
        pytest.param(f"{S}/grade", "A+", UNDEFINED, id="undefined in the subject"),
        pytest.param(f"{A}/secret", "x", UNDEFINED, id="B03 undefined in the achievement"),
        pytest.param("/issuer/logo", {"id": "https://evil.example/"}, UNDEFINED, id="undefined in the issuer"),
        pytest.param("/issuer/criteria", {"narrative": "x"}, UNDEFINED, id="defined, but not for this type"),
        pytest.param(f"{S}/identifier", None, "SCHEMA_ERROR/NULL_VALUE", id="B06 null"),
        pytest.param(f"{A}/tag", ["a", None], "SCHEMA_ERROR/NULL_VALUE", id="null in an array"),
        pytest.param("/type", ["VerifiableCredential", "OpenBadgeCredential", "SuperBadge"], UNDEFINED, id="B08 relative type"),
        pytest.param("/type", ["VerifiableCredential", "OpenBadgeCredential", "@SuperBadge"], None, id="keyword-like type"),
        pytest.param("/name", "@remark", None, id="keyword-like text stays text"),
        pytest.param(f"{S}/@context", {"name": "https://evil.example/n"}, "KEYWORD_IN_BODY", id="B20 scoped context"),
        pytest.param(f"{S}/@context", [V2], "KEYWORD_IN_BODY", id="scoped known context"),
        pytest.param("/@graph", [{"id": "urn:x", "type": "Profile"}], "KEYWORD_IN_BODY", id="@graph"),
        pytest.param(f"{S}/@reverse", {"issuer": {"id": "urn:x"}}, "KEYWORD_IN_BODY", id="@reverse"),
        pytest.param("/@foo", "bar", "KEYWORD_IN_BODY", id="keyword-like key"),
        pytest.param(f"{S}/@index", "x", "KEYWORD_IN_BODY", id="B27 @index"),
        pytest.param(f"{S}/@id", "did:example:mallory", "KEYWORD_IN_BODY", id="B29 @id"),
        pytest.param(f"{S}/@type", "AchievementSubject", "KEYWORD_IN_BODY", id="@type"),
        pytest.param("/evidence", {"@included": []}, "KEYWORD_IN_BODY", id="B30 @included"),
        pytest.param("/evidence", {"@nest": {}}, "KEYWORD_IN_BODY", id="B30 @nest"),
        pytest.param("/evidence", {"@set": []}, "KEYWORD_IN_BODY", id="B30 @set"),
        pytest.param("/evidence", {"@list": []}, "KEYWORD_IN_BODY", id="B30 @list"),
        pytest.param("/name", {"@value": "x", "@type": "urn:t"}, "KEYWORD_IN_BODY", id="typed value"),
        pytest.param("/name", {"@value": "x", "@language": "en", "@index": "i"}, "KEYWORD_IN_BODY", id="@index beside a language"),
        pytest.param("/name", {"@value": 5, "@language": "en"}, "KEYWORD_IN_BODY", id="number with a language"),
        pytest.param("/name", {"@value": "x"}, "KEYWORD_IN_BODY", id="the same text in a second form"),
        pytest.param("/name", {"@language": "en"}, "KEYWORD_IN_BODY", id="language without text"),
        pytest.param("/name", {"@value": "x", "@language": "not a tag"}, "MALFORMED_VALUE_ERROR/LANGUAGE", id="B32 language"),
        pytest.param("/name", {"@value": "x", "@language": ""}, "MALFORMED_VALUE_ERROR/LANGUAGE", id="empty language"),
        pytest.param("/name", {"@value": "x", "@language": None}, "MALFORMED_VALUE_ERROR/LANGUAGE", id="null language"),
        pytest.param("/name", {"@value": "x", "@direction": "up"}, "MALFORMED_VALUE_ERROR/LANGUAGE", id="direction"),
        pytest.param("/id", "https://badges.example/a b", "MALFORMED_VALUE_ERROR/INVALID_IRI", id="B33 space in an id"),
        pytest.param("/id", 'https://badges.example/"', "MALFORMED_VALUE_ERROR/INVALID_IRI", id="B38 quote in an id"),
        pytest.param("/id", "urn:x> .\n<urn:y", "MALFORMED_VALUE_ERROR/INVALID_IRI", id="B38 line feed in an id"),
        pytest.param("/id", 5, "MALFORMED_VALUE_ERROR/INVALID_IRI", id="number as id"),
        pytest.param("/id", ["urn:x"], None, id="array as id"),
        pytest.param("/issuer", "_:b0", "MALFORMED_VALUE_ERROR/BLANK_NODE_ID", id="B34 blank node as issuer"),
        pytest.param("/issuer/id", "_:b0", "MALFORMED_VALUE_ERROR/BLANK_NODE_ID", id="B34 blank node as issuer id"),
        pytest.param(f"{S}/id", "_:b0", "MALFORMED_VALUE_ERROR/BLANK_NODE_ID", id="blank node as subject"),
        pytest.param(f"{S}/id", "alice", "PROOF_TRANSFORMATION_ERROR/RELATIVE_IRI", id="relative subject"),
        pytest.param(f"{S}/id", "/alice", "PROOF_TRANSFORMATION_ERROR/RELATIVE_IRI", id="rooted subject"),
        pytest.param(f"{S}/id", "", "PROOF_TRANSFORMATION_ERROR/RELATIVE_IRI", id="empty subject"),
        pytest.param("/issuer", "acme", "PROOF_TRANSFORMATION_ERROR/RELATIVE_IRI", id="relative issuer"),
        pytest.param(f"{A}/image", {"id": "x.png", "type": "Image"}, "PROOF_TRANSFORMATION_ERROR/RELATIVE_IRI", id="relative image"),
        pytest.param(f"{A}/tag", [], "MALFORMED_VALUE_ERROR/EMPTY_ARRAY", id="empty array"),
        pytest.param("/evidence", [], "MALFORMED_VALUE_ERROR/EMPTY_ARRAY", id="empty array of objects"),
        pytest.param(f"{S}/type", [["AchievementSubject"]], "MALFORMED_VALUE_ERROR/NESTED_ARRAY", id="nested array"),
        pytest.param("/_:p", "x", UNDEFINED, id="blank node as key"),
        pytest.param("/urn:a b", "x", UNDEFINED, id="space in a key"),
        pytest.param("/", "x", UNDEFINED, id="empty key"),
        pytest.param(f"{A}/tag", ["x"] * 201, "PAYLOAD_TOO_LARGE/ARRAY_ITEMS", id="201 tags"),
        pytest.param("/name", "a\ufffeb", "MALFORMED_VALUE_ERROR/CONTROL_CHAR", id="no character"),
        pytest.param(
            "/name", {"@value": "\uffff", "@language": "en"}, "MALFORMED_VALUE_ERROR/CONTROL_CHAR", id="no character with a language"
        ),
        pytest.param("/name", b"x", "MALFORMED_VALUE_ERROR", id="not JSON"),
    ],
)
def test_what_a_signature_would_not_cover_is_refused(badge, path, value, code):
    document = with_(badge, path, value)
    if code is None and path == "/name":
        assert b'"@remark"' in canonical(document)
    else:
        found = refusal(document)
        assert code is None or found.full_code == code


def test_the_refusal_says_which_property_is_undefined_and_where(badge):
    found = refusal(with_(badge, f"{A}/secret", "x"))
    assert "'secret'" in str(found)
    assert found.pointer == A


def test_the_refusal_of_a_null_points_at_it(badge):
    assert refusal(with_(badge, f"{A}/humanCode", None)).pointer == f"{A}/humanCode"


def test_a_text_may_say_its_language_and_direction(badge):
    badge["name"] = {"@value": "שלום", "@language": "he", "@direction": "rtl"}
    assert '"שלום"^^<https://www.w3.org/ns/i18n#he_rtl>' in canonical(badge).decode()
    badge["name"] = {"@value": "Erste Hilfe", "@language": "de"}
    assert '"Erste Hilfe"@de' in canonical(badge).decode()


def test_an_endorsement_brings_its_own_contexts_along(badge):
    endorsement = {
        "@context": [V2, OB],
        "id": "urn:uuid:0b8f0dd8-7b0b-4c56-8d4a-7e2c2f4c6d7e",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": "https://accreditor.example", "type": ["Profile"], "name": "Accreditor"},
        "validFrom": "2026-01-01T00:00:00Z",
        "name": "Endorsement",
        "credentialSubject": {"id": badge["id"], "type": ["EndorsementSubject"], "endorsementComment": "Good."},
    }
    badge["endorsement"] = [endorsement]
    assert b'"Good."' in canonical(badge)
    endorsement["@context"] = [OB, V2]
    assert refusal(badge).full_code == "MALFORMED_VALUE_ERROR/CONTEXT_ORDER"
    endorsement["@context"] = [V2, {"endorsementComment": "urn:nothing"}]
    assert refusal(badge).full_code == "CONTEXT_NOT_ALLOWED"


def test_a_term_of_the_later_revision_is_undefined_in_the_earlier(badge):
    badge["endorsementJwt"] = ["eyJhbGciOiJFZERTQSJ9.e30.c2ln"]
    assert refusal(badge).full_code == UNDEFINED
    assert b"endorsementJwt" in canonical_later(badge)


def test_the_unexpanded_datatype_of_awarded_date_is_kept_as_it_is(badge):
    badge["awardedDate"] = "2026-01-30T09:00:00Z"
    assert b'"2026-01-30T09:00:00Z"^^<xsd:dateTime>' in canonical(badge)


# --- hostile size --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["044", "045", "046", "074"])
def test_a_poison_graph_written_out_as_evidence_is_refused_at_once(badge, number, reference_data):
    text = (reference_data / f"vectors/rdf-canon/tests/rdfc10/test{number}-in.nq").read_text()
    evidence: dict[str, dict] = {}
    for subject, _, target, _ in nquads.parse(text):
        node = evidence.setdefault(subject, {"id": subject, "type": ["Evidence"], "related": []})
        node["related"].append({"id": target})
    badge["evidence"] = list(evidence.values())
    started = time.process_time()
    assert refusal(badge).code == "RDFC_LIMIT"
    print(f"refused after {(time.process_time() - started) * 1000:.1f} ms")


def test_parts_that_look_alike_by_the_dozen_are_refused_after_one_pass(badge):
    badge["evidence"] = [{"type": ["Evidence"], "narrative": "x"} for _ in range(12)]
    assert refusal(badge).full_code == "RDFC_LIMIT/TIES"


def test_ten_thousand_nameless_parts_are_refused_before_json_ld(badge):
    badge["evidence"] = [
        {
            "type": ["Evidence"],
            "narrative": f"{a}",
            "name": [{"@value": "x", "@language": "en"}],
            "alignment": [{"type": str(b)} for b in range(99)],
        }
        for a in range(101)
    ]
    started = time.process_time()
    with pytest.raises(WorkLimit) as refused:
        guard_structure(badge)
    assert refused.value.full_code == "RDFC_LIMIT/BLANK_NODES"
    assert time.process_time() - started < 1


def test_many_parts_with_one_id_count_together(badge):
    """They become one node, whose values the JSON-LD processor compares each with each."""
    badge["evidence"] = [{"id": "urn:e", "type": ["Evidence"], "narrative": [f"{a} {b}" for b in range(100)]} for a in range(3)]
    assert refusal(badge).full_code == "PAYLOAD_TOO_LARGE/ARRAY_ITEMS"


def test_a_document_built_too_deep_is_refused(badge):
    inner = badge["evidence"] = {}
    for _ in range(40):
        inner["evidence"] = inner = {}
    assert refusal(badge).full_code == "PAYLOAD_TOO_LARGE/TOO_DEEP"


def test_six_parts_alike_are_canonicalised_and_seven_refused(badge):
    badge["evidence"] = [{"type": ["Evidence"], "narrative": "same"}] * 6
    assert canonical(badge)
    badge["evidence"] = [{"type": ["Evidence"], "narrative": "same"}] * 7
    assert refusal(badge).full_code == "RDFC_LIMIT/TIES"
