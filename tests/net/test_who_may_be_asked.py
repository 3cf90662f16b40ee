"""Which servers may be asked, and how often at once. Bad inputs G01 to G14, G30 and G36 of our list."""

import socket
import time
from threading import Thread

import pytest
from tests.net.conftest import Server, answer

from hexmark.net import Fetcher, fetch
from hexmark.net.fetching import HostSlots
from hexmark.openbadges.errors import Unreachable

JSON = ("application/json",)


def asking(server: Server, **settings) -> Fetcher:
    """A fetch that may ask this server and no other, and gives up sooner than the real one."""
    return Fetcher(allowed_origins=frozenset({server.origin}), slots=HostSlots(), **{"seconds": 1.0, **settings})


def refusal(fetcher: Fetcher, url: str, accept=JSON) -> str:
    with pytest.raises(Unreachable) as refused:
        fetcher(url, accept=accept)
    return refused.value.code


class TestTls:
    @pytest.mark.parametrize(("host", "days", "trusted"), [("localhost", 1, False), ("localhost", -1, True), ("other.example", 1, True)])
    def test_a_certificate_that_is_untrusted_expired_or_anothers_is_an_error(self, serve, certificate, host, days, trusted):
        own = certificate(host, days=days)
        server = serve(answer(), own.server)
        trust = own.trust if trusted else None
        assert refusal(asking(server, trust=trust, seconds=5.0), server.origin) == "TLS_ERROR"

    def test_a_server_that_speaks_no_tls_is_an_error(self, serve):
        server = serve(answer())
        fetcher = Fetcher(allowed_origins=frozenset({f"https://localhost:{server.port}"}), seconds=2.0)
        assert refusal(fetcher, f"https://localhost:{server.port}/") == "TLS_ERROR"
        assert server.requests == [] or b"GET" not in b"".join(server.requests)

    def test_the_certificate_is_checked_against_the_name_and_not_the_address(self, serve, certificate, no_connections):
        own = certificate("hexham.example")
        server = serve(answer(b'{"here": true}'), own.server)
        origin = f"https://hexham.example:{server.port}"
        fetcher = Fetcher(allowed_origins=frozenset({origin}), resolve=no_connections("127.0.0.1"), trust=own.trust, seconds=5.0)
        assert fetcher(f"{origin}/did.json", accept=JSON).body == b'{"here": true}'


class TestWhoMayBeAsked:
    @pytest.mark.parametrize(
        ("url", "code"),
        [
            ("http://hexham.example/", "URL_MALFORMED"),
            ("https://hexham.example:8443/", "PORT_BLOCKED"),
            ("https://hexham.example:22/", "PORT_BLOCKED"),
            ("https://hexham.example:0/", "PORT_BLOCKED"),
            ("https://localhost/", "SSRF_BLOCKED"),
            ("http://127.0.0.1:8000/", "SSRF_BLOCKED"),
            ("https://2130706433/", "SSRF_BLOCKED"),
            ("https://[::1]/", "SSRF_BLOCKED"),
            ("https://good@evil.example/", "URL_MALFORMED"),
        ],
    )
    def test_a_refused_address_is_not_even_looked_up(self, url, code):
        def resolve(*_, **__):
            pytest.fail("This name must not be looked up.")

        assert refusal(Fetcher(resolve=resolve), url) == code

    @pytest.mark.parametrize(
        "addresses",
        [("127.0.0.1",), ("8.8.8.8", "10.0.0.1"), ("10.0.0.1", "8.8.8.8"), ("8.8.8.8", "::1"), ("fe80::1%lo",), ("::ffff:127.0.0.1",)],
    )
    def test_a_name_with_any_inner_address_is_blocked_and_not_connected_to(self, addresses, no_connections, monkeypatch):
        monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("Nothing may be connected to."))
        assert refusal(Fetcher(resolve=no_connections(*addresses)), "https://rebind.example/") == "SSRF_BLOCKED"

    def test_the_address_that_was_checked_is_the_one_connected_to(self, monkeypatch):
        asked = []

        def resolve(host, port, **_):
            asked.append(host)
            # Public the first time, the loopback ever after: a name that changes its mind between check and use.
            return [(socket.AF_INET, 1, 6, "", ("8.8.8.8" if len(asked) == 1 else "127.0.0.1", port))]

        connected = []

        def connect(address, *_, **__):
            connected.append(address)
            raise ConnectionRefusedError

        monkeypatch.setattr(socket, "create_connection", connect)
        assert refusal(Fetcher(resolve=resolve), "https://rebind.example/") == "CONNECT_FAILED"
        assert asked == ["rebind.example"]
        assert connected == [("8.8.8.8", 443)]

    def test_a_name_that_nobody_knows_is_not_found(self):
        def resolve(*_, **__):
            raise socket.gaierror(socket.EAI_NONAME, "unknown")

        assert refusal(Fetcher(resolve=resolve), "https://nowhere.example/") == "DNS_FAILED"
        assert refusal(Fetcher(resolve=lambda *_, **__: []), "https://nowhere.example/") == "DNS_FAILED"

    def test_a_closed_port_is_a_failed_connection(self, serve):
        server = serve(answer())
        server.close()
        assert refusal(asking(server), server.origin) == "CONNECT_FAILED"

    def test_an_allowed_origin_is_allowed_exactly(self, serve):
        server = serve(answer())
        fetcher = asking(server)
        for url in (f"http://127.0.0.1:{server.port}/", "http://localhost:1/", "http://localhost/", f"http://sub.localhost:{server.port}/"):
            assert refusal(fetcher, url) in {"SSRF_BLOCKED", "PORT_BLOCKED"}
        assert server.connections == 0

    def test_an_address_of_ours_answers_after_one_that_does_not(self, serve, no_connections):
        server = serve(answer())
        resolve = no_connections("127.0.0.2", "127.0.0.1")
        assert asking(server, resolve=resolve)(server.origin, accept=JSON).body == b"{}"

    def test_the_plain_function_lets_nothing_inside(self):
        with pytest.raises(Unreachable) as refused:
            fetch("https://127.0.0.1/", accept=JSON)
        assert refused.value.code == "SSRF_BLOCKED"


class TestManyAtOnce:
    def test_never_more_than_two_requests_are_in_flight_to_one_host(self, serve):
        flying, most = [], []

        def handle(connection):
            flying.append(1)
            most.append(len(flying))
            time.sleep(0.05)
            flying.pop()
            answer()(connection)

        server = serve(handle)
        fetcher = asking(server, seconds=8.0)
        bodies: list[bytes] = []
        threads = [Thread(target=lambda: bodies.append(fetcher(server.origin, accept=JSON).body)) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(bodies) == 20
        assert max(most) == 2

    def test_who_finds_no_place_before_the_deadline_is_told_so(self, serve):
        server = serve(lambda connection: time.sleep(3))
        slots = HostSlots(1)
        fetcher = Fetcher(allowed_origins=frozenset({server.origin}), seconds=2.0, slots=slots)
        holder = Thread(target=lambda: refusal(fetcher, server.origin))
        holder.start()
        time.sleep(0.2)
        quick = Fetcher(allowed_origins=frozenset({server.origin}), seconds=0.3, slots=slots)
        assert refusal(quick, server.origin) == "HOST_BUSY"
        holder.join()

    def test_a_slot_comes_back_after_every_kind_of_end(self, serve):
        server = serve(answer(status="500 Oh"))
        slots = HostSlots(1)
        fetcher = Fetcher(allowed_origins=frozenset({server.origin}), seconds=2.0, slots=slots)
        assert [refusal(fetcher, server.origin) for _ in range(5)] == ["HTTP_STATUS"] * 5
        assert slots._slots == {}
