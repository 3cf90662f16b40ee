"""Source of the addresses: IANA special-purpose registries, cloud metadata services' documentation (bad inputs G01 to G07)."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.net.addresses import is_canonical_ipv4, is_public, looks_like_ipv4

INSIDE = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.255.255.254 168.63.129.16
169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.170 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1
192.168.0.1 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1 2001:0:7f00:1:: 2001:10::1 2001:20::1
2001:db8::1 2002:7f00:1:: 2620:4f:8000::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1 fe80::1%eth0 2606:4700::1%1
"""
OUTSIDE = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 168.63.129.15 168.63.129.17 169.253.1.1
172.15.255.255 172.32.0.0 192.0.1.1 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255
2001:200::1 2001:4860:4860::8888 2003::1 2606:4700:4700::1111 2a00:1450:4001::1 3ffe::1
"""


@pytest.mark.parametrize("address", INSIDE.split())
def test_an_address_inside_somebodys_network_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE.split())
def test_an_address_of_the_public_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("text", ["", "localhost", "1.2.3", "1.2.3.4.5", "01.2.3.4", "0x7f.1", "1.2.3.4 ", ":::", "8.8.8.8\n"])
def test_what_is_no_address_is_not_public(text):
    assert not is_public(text)


@given(st.integers(0, 2**32 - 1))
def test_no_public_ipv4_address_is_one_that_the_standard_library_calls_private(number):
    address = ipaddress.IPv4Address(number)
    if is_public(str(address)):
        kinds = [address.is_private, address.is_loopback, address.is_link_local, address.is_multicast, address.is_reserved]
        assert not any(kinds)


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_inside_ipv6_is_never_public(number):
    for prefix in ("::ffff:0:0", "64:ff9b::", "::"):
        assert not is_public(str(ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) + number)))
    assert not is_public(str(ipaddress.IPv6Address((0x2002 << 112) + (number << 80))))


@given(st.integers(0, 2**32 - 1))
def test_four_decimal_numbers_are_canonical_and_no_other_form_is(number):
    address = str(ipaddress.IPv4Address(number))
    assert is_canonical_ipv4(address)
    assert not is_canonical_ipv4(f"{address}.")
    assert not is_canonical_ipv4(str(number))
    assert not is_canonical_ipv4("0" + address)


@pytest.mark.parametrize("host", ["0", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "127.0.0.0x1", "1.2.3.4", "a.b.7", "1.2.3.4."])
def test_a_name_that_ends_in_a_number_looks_like_an_address(host):
    assert looks_like_ipv4(host)


@pytest.mark.parametrize("host", ["hexham.example", "4.example", "1e100.net", "a7", "0xg.example"])
def test_a_name_that_ends_in_letters_does_not_look_like_an_address(host):
    assert not looks_like_ipv4(host)
