"""Strict JSON: what two readers could take for two things is refused."""

import json
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.openbadges import limits
from hexmark.openbadges.errors import FormatError, Malformed, SchemaError, TooLarge, Unparsable
from hexmark.openbadges.strict_json import FORBIDDEN_KEYS, dump, parse


def code_of(data: bytes | str) -> str:
    with pytest.raises(FormatError) as refused:
        parse(data)
    return refused.value.full_code


def test_an_ordinary_document_is_read_with_everything_in_it_and_in_order():
    text = '{"b": [1, -2.5, true, null, "\\u00e9"], "a": {"": "x"}}'
    document = parse(text)
    assert document == {"b": [1, -2.5, True, None, "é"], "a": {"": "x"}}
    assert list(document) == ["b", "a"]


def test_bytes_and_text_are_read_alike():
    assert parse('{"name": "Œuvre 🏅"}') == parse('{"name": "Œuvre 🏅"}'.encode())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b'{"a": "\xff"}', "PARSING_ERROR/UTF8", id="A01 not UTF-8"),
        pytest.param(b'\xef\xbb\xbf{"a": 1}', "PARSING_ERROR/BYTE_ORDER_MARK", id="A02 byte order mark"),
        pytest.param('{"a": 1}'.encode("utf-16"), "PARSING_ERROR/UTF8", id="UTF-16"),
        pytest.param('{"a": 1}'.encode("utf-16-be"), "PARSING_ERROR", id="UTF-16 without mark"),
        pytest.param(b'{"a": "\xc0\xaf"}', "PARSING_ERROR/UTF8", id="A04 overlong"),
        pytest.param(b'{"a": "\xed\xa0\x80"}', "PARSING_ERROR/UTF8", id="surrogate in UTF-8"),
        pytest.param(b'{"issuer": 1, "issuer": 2}', "PARSING_ERROR/DUPLICATE_KEY", id="A05 duplicate key"),
        pytest.param(b'{"a": 1, "a": 1}', "PARSING_ERROR/DUPLICATE_KEY", id="duplicate key, same value"),
        pytest.param(b'{"x": [{"a": {"b": 1, "c": 2, "b": 3}}]}', "PARSING_ERROR/DUPLICATE_KEY", id="duplicate key deep inside"),
        pytest.param(rb'{"issuer": 1, "\u0069ssuer": 2}', "PARSING_ERROR/DUPLICATE_KEY", id="A07 duplicate key behind an escape"),
        pytest.param(b'{"a": NaN}', "PARSING_ERROR/NOT_A_NUMBER", id="A08 NaN"),
        pytest.param(b'{"a": Infinity}', "PARSING_ERROR/NOT_A_NUMBER", id="A08 Infinity"),
        pytest.param(b'{"a": -Infinity}', "PARSING_ERROR/NOT_A_NUMBER", id="A08 -Infinity"),
        pytest.param(b'{"a": 9007199254740993}', "MALFORMED_VALUE_ERROR/NUMBER_RANGE", id="A09 2^53 + 1"),
        pytest.param(b'{"a": -9007199254740992}', "MALFORMED_VALUE_ERROR/NUMBER_RANGE", id="-2^53"),
        pytest.param(b'{"a": 1e20}', "MALFORMED_VALUE_ERROR/NUMBER_RANGE", id="whole number with an exponent"),
        pytest.param(b'{"a": 1e400}', "MALFORMED_VALUE_ERROR/NUMBER_RANGE", id="A10 1e400"),
        pytest.param(b'{"a": -1e400}', "MALFORMED_VALUE_ERROR/NUMBER_RANGE", id="-1e400"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", "PARSING_ERROR/NUMBER_LENGTH", id="A11 5,000 digits"),
        pytest.param(b'{"a": 0.' + b"9" * 5000 + b"}", "PARSING_ERROR/NUMBER_LENGTH", id="5,000 decimals"),
        pytest.param(b"[" * 200_000, "PARSING_ERROR/TOO_DEEP", id="A12 200,000 brackets"),
        pytest.param(b'{"a":' * 33 + b"1" + b"}" * 33, "PARSING_ERROR/TOO_DEEP", id="33 levels"),
        pytest.param(b'{"a": "' + b"x" * limits.DOCUMENT_BYTES + b'"}', "PAYLOAD_TOO_LARGE/DOCUMENT_BYTES", id="A14 over 1 MiB"),
        pytest.param(rb'{"a": "x\u0000y"}', "MALFORMED_VALUE_ERROR/CONTROL_CHAR", id="A17 U+0000"),
        pytest.param(rb'{"a\u0000": 1}', "MALFORMED_VALUE_ERROR/CONTROL_CHAR", id="U+0000 in a key"),
        pytest.param(b'{"a": "x\x00y"}', "PARSING_ERROR", id="U+0000 unescaped"),
        pytest.param(rb'{"a": "\ud800"}', "PARSING_ERROR/SURROGATE", id="lone high surrogate"),
        pytest.param(rb'{"a": ["\udc00\ud800"]}', "PARSING_ERROR/SURROGATE", id="surrogates in the wrong order"),
        pytest.param(rb'{"\udfff": 1}', "PARSING_ERROR/SURROGATE", id="lone surrogate in a key"),
        pytest.param(b'{"a": 1} // x', "PARSING_ERROR", id="A20 comment"),
        pytest.param(b'{"a": 1,}', "PARSING_ERROR", id="A20 trailing comma"),
        pytest.param(b"{'a': 1}", "PARSING_ERROR", id="A20 single quotes"),
        pytest.param(b"{a: 1}", "PARSING_ERROR", id="key without quotes"),
        pytest.param(b'{"a": 01}', "PARSING_ERROR", id="leading zero"),
        pytest.param(b'{"a": +1}', "PARSING_ERROR", id="plus"),
        pytest.param(b'{"a": .5}', "PARSING_ERROR", id="no digit before the point"),
        pytest.param(b'{"a": "x\ty"}', "PARSING_ERROR", id="raw tab in a string"),
        pytest.param(b'{"a": "\\x41"}', "PARSING_ERROR", id="unknown escape"),
        pytest.param(b'{"a": 1} {"b": 2}', "PARSING_ERROR", id="two documents"),
        pytest.param(b"", "PARSING_ERROR", id="nothing"),
        pytest.param(b'{"a": ', "PARSING_ERROR", id="cut off"),
        pytest.param(b'{"a": "', "PARSING_ERROR", id="string never closed"),
        pytest.param(b"[]", "PARSING_ERROR/NOT_AN_OBJECT", id="array"),
        pytest.param(b'"text"', "PARSING_ERROR/NOT_AN_OBJECT", id="string"),
        pytest.param(b"null", "PARSING_ERROR/NOT_AN_OBJECT", id="null"),
        pytest.param(b'{"__proto__": {}}', "SCHEMA_ERROR/UNKNOWN_KEY", id="A22 __proto__"),
        pytest.param(b'{"a": [{"constructor": 1}]}', "SCHEMA_ERROR/UNKNOWN_KEY", id="A22 constructor"),
        pytest.param(rb'{"a": {"__pr\u006fto__": 1}}', "SCHEMA_ERROR/UNKNOWN_KEY", id="__proto__ behind an escape"),
        pytest.param(b'{"a": [' + b"1," * 200 + b"1]}", "PAYLOAD_TOO_LARGE/ARRAY_ITEMS", id="201 items"),
    ],
)
def test_a_document_that_could_be_read_two_ways_is_refused(data, code):
    assert code_of(data) == code


def test_a_million_keys_are_refused_by_size_before_they_are_read():
    data = b"{" + b",".join(b'"k%d":1' % number for number in range(200_000)) + b"}"
    started = time.process_time()
    assert code_of(data) == "PAYLOAD_TOO_LARGE/DOCUMENT_BYTES"
    assert time.process_time() - started < 0.5


def test_text_is_measured_in_bytes():
    assert code_of('{"a": "' + "é" * (limits.DOCUMENT_BYTES // 2) + '"}') == "PAYLOAD_TOO_LARGE/DOCUMENT_BYTES"


def test_text_with_half_a_surrogate_pair_is_not_utf8():
    assert code_of('{"a": "\ud800"}') == "PARSING_ERROR/UTF8"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9007199254740991", 9007199254740991),
        ("-9007199254740991", -9007199254740991),
        ("1E2", 100.0),
        ("1.0", 1.0),
        ("-0", 0),
        ("123.456e-789", 0.0),
        ("123e-10000000", 0.0),
        ("1.5", 1.5),
        (r'"\ud83c\udfc5"', "🏅"),
        (r'"\u007f\u0001"', "\x7f\x01"),
        ('"\u2028\u0085"', "\u2028\u0085"),
        ('"]]}}[[{{"', "]]}}[[{{"),
    ],
)
def test_what_is_exact_is_accepted(text, value):
    assert parse(f'{{"a": {text}}}') == {"a": value}


def test_thirty_two_levels_and_two_hundred_items_are_accepted():
    assert parse(b'{"a":' * 32 + b"1" + b"}" * 32)
    assert len(parse('{"a": [' + "1," * 199 + "1]}")["a"]) == 200


def test_brackets_in_strings_do_not_count_as_levels():
    assert parse(json.dumps({"a": "[" * 500, "b": '\\"[[' * 100, "c": "{" * 99}))


def test_a_record_of_achievement_may_allow_longer_arrays():
    text = '{"a": [' + "1," * 299 + "1]}"
    assert len(parse(text, array_items=5000)["a"]) == 300
    with pytest.raises(TooLarge):
        parse(text)


def test_a_full_megabyte_is_read_well_under_a_second():
    part = {f"key {number}": {"name": "x" * 40, "values": [1, 2.5, True, "é\n"]} for number in range(100)}
    document = {f"part {number}": part for number in range(90)}
    data = json.dumps(document).encode()
    assert 0.8 * limits.DOCUMENT_BYTES < len(data) <= limits.DOCUMENT_BYTES
    started = time.process_time()
    assert parse(data) == document
    elapsed = time.process_time() - started
    print(f"{len(data)} bytes read in {elapsed * 1000:.0f} ms")
    assert elapsed < 1


@pytest.mark.parametrize("hostile", [b'{"a":"' + b'\\"' * 500_000, b"[" * 40 + b'"' + b'\\"' * 500_000, b'"' * 1_000_000])
def test_strings_that_never_end_cost_linear_time(hostile):
    started = time.process_time()
    with pytest.raises(Unparsable):
        parse(hostile)
    assert time.process_time() - started < 1


def test_dump_writes_compact_utf8_in_the_order_of_the_document():
    assert dump({"b": 1, "a": ["é", None, {"x": 1.5}]}) == '{"b":1,"a":["é",null,{"x":1.5}]}'.encode()


@pytest.mark.parametrize("value", [math.nan, math.inf, "\ud800", {1, 2}, b"bytes"])
def test_dump_refuses_what_json_cannot_say(value):
    with pytest.raises(Malformed):
        dump({"a": value})


def test_errors_carry_a_sentence_without_the_document_in_it():
    with pytest.raises(Unparsable, match="not JSON") as refused:
        parse('{"secret": oops}')
    assert "secret" not in str(refused.value)


safe_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
keys = safe_text.filter(lambda key: key not in FORBIDDEN_KEYS)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-limits.SAFE_INTEGER, limits.SAFE_INTEGER)
    | st.floats(-1e15, 1e15, allow_nan=False)
    | safe_text,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=30,
)


@given(st.dictionaries(keys, values, max_size=6))
def test_what_is_dumped_is_read_back_unchanged(document):
    assert parse(dump(document)) == document
    assert parse(json.dumps(document)) == document


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_code(data):
    try:
        assert isinstance(parse(data), dict)
    except (Unparsable, Malformed, SchemaError, TooLarge) as refused:
        assert refused.code  # noqa: PT017  either outcome is right; anything but these errors is not


@given(st.text(alphabet='{}[]",:\\u0017eE.-+ntf ', max_size=60))
def test_near_json_is_read_or_refused_with_a_code(text):
    try:
        assert isinstance(parse(text), dict)
    except FormatError as refused:
        assert refused.code  # noqa: PT017
