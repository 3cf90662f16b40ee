"""Bad inputs G01, G14, G15, G17: one reading of a URL, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.net.urls import Url, origin_of, parse_url, refuse_inside
from hexmark.openbadges.errors import Unreachable

INNER = """localhost LOCALHOST localhost. a.localhost printer.local metadata.google.internal intranet 0 0x7f000001 2130706433 127.1
0177.0.0.1 127.0.0.1 127.0.0.1. [::1] [::] [::ffff:127.0.0.1] 169.254.169.254 [fd00:ec2::254] 100.100.100.200 168.63.129.16 10.0.0.1
[64:ff9b::7f00:1] [2002:7f00:1::]"""


def code_of(url: str) -> str:
    with pytest.raises(Unreachable) as refused:
        refuse_inside(parse_url(url).host)
    return refused.value.code


def test_a_plain_address_is_taken_apart():
    assert parse_url("https://hexham.example/o/guild/did.json?v=1") == Url("https", "hexham.example", 443, "/o/guild/did.json?v=1")


def test_a_query_without_a_path_gets_a_path():
    assert parse_url("https://hexham.example?list=1").target == "/?list=1"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://HEXHAM.Example/A", "https://hexham.example"),
        ("https://hexham.example./", "https://hexham.example"),
        ("https://hexham.example:443/", "https://hexham.example"),
        ("http://hexham.example:80", "http://hexham.example"),
        ("http://localhost:8000/x", "http://localhost:8000"),
        ("https://[2606:4700:4700:0::1111]:443/", "https://[2606:4700:4700::1111]"),
        ("https://b\u00fccher.example/", "https://xn--bcher-kva.example"),
    ],
)
def test_an_origin_is_written_in_one_way(url, origin):
    assert origin_of(url) == origin
    assert origin_of(origin) == origin


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hexham.example",
        "//hexham.example/",
        "ftp://hexham.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "HTTPS://hexham.example/",
        "https:/hexham.example/",
        "https:///hexham.example/",
        "https://",
        "https://good@evil.example/",
        "https://good:secret@evil.example/",
        "https://good\\@evil.example/",
        "https://good#@evil.example/",
        "https://hexham.example/#fragment",
        "https://hexham.example/a b",
        "https://hexham.example/a\tb",
        "https://hexham\t.example/",
        "https://hexham.example\n/",
        "https://hexham.example/\r\nHost: evil.example",
        "https://hexham.example/\x00",
        "https://hexham.example/\u2028",
        "https://hexham.example/stra\u00dfe",
        "https://hexham.example/%zz",
        "https://hexham.example/%2",
        'https://hexham.example/"x"',
        "https://hexham.example/{x}",
        "https://a..example/",
        "https://.example/",
        "https://-a.example/",
        "https://a_b.example/",
        "https://a%2eexample/",
        "https://" + "a" * 64 + ".example/",
        "https://" + "a." * 130 + "example/",
        "https://fa\u00df.example/",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://[zz]/",
        "https://hexham.example/" + "a" * 2048,
    ],
)
def test_an_address_with_two_readings_is_malformed(url):
    assert code_of(url) == "URL_MALFORMED"


@pytest.mark.parametrize("port", ["", "0", "65536", "99999", "100000", "-1", "+443", "4 43", "x", "\u0664\u0664\u0663"])
def test_a_port_that_is_none_is_blocked(port):
    with pytest.raises(Unreachable) as refused:
        parse_url(f"https://hexham.example:{port}/")
    assert refused.value.code in {"PORT_BLOCKED", "URL_MALFORMED"}
    if " " not in port:
        assert refused.value.code == "PORT_BLOCKED"


@pytest.mark.parametrize(
    "host",
    INNER.split(),
)
def test_a_host_of_an_inner_network_is_blocked_without_asking_anybody(host):
    assert code_of(f"https://{host}/did.json") == "SSRF_BLOCKED"


@pytest.mark.parametrize("host", ["hexham.example", "8.8.8.8", "[2606:4700::1111]", "xn--bcher-kva.example"])
def test_a_public_host_is_let_through(host):
    refuse_inside(parse_url(f"https://{host}/").host)


@given(st.text(max_size=60))
def test_any_text_is_a_url_or_unreachable(text):
    for url in (text, f"https://{text}", f"https://hexham.example{text}", f"https://hexham.example:{text}/"):
        try:
            parsed = parse_url(url)
        except Unreachable:
            continue
        assert parse_url(str(parsed)) == parsed
        assert str(parsed).isascii()
        assert "@" not in parsed.origin
        assert parsed.host == parsed.host.lower()
