"""Bad inputs G26 to G38 against real sockets on the loopback."""

import gzip
import time
from collections.abc import Callable

import pytest
from tests.net.conftest import Certificate, Server, answer, raw

from hexmark.net import Fetched, Fetcher, Form
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


class TestAnHonestServer:
    def test_its_answer_is_read(self, serve):
        server = serve(answer(b'{"id": 1}', content_type="Application/JSON; charset=utf-8"))
        assert asking(server)(f"{server.origin}/x?y=1", accept=JSON) == Fetched(b'{"id": 1}', "application/json")

    def test_it_is_told_what_is_wanted_and_nothing_else(self, serve, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
        server = serve(answer(content_type="application/vc"))
        asking(server)(f"{server.origin}/a/b?c=d", accept=("application/vc", "application/json"))
        lines = server.requests[0].decode().split("\r\n")
        assert lines[0] == "GET /a/b?c=d HTTP/1.1"
        assert sorted(lines[1:-2]) == [
            "Accept-Encoding: identity",
            "Accept: application/vc, application/json",
            "Connection: close",
            f"Host: localhost:{server.port}",
            "User-Agent: Hexmark",
        ]

    def test_a_chunked_answer_is_put_together(self, serve):
        server = serve(
            raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n1\r\n \r\n0\r\n\r\n")
        )
        assert asking(server)(server.origin, accept=JSON).body == b"{} "

    def test_json_under_another_name_is_json(self, serve):
        server = serve(answer(content_type="application/did+json"))
        assert asking(server)(server.origin, accept=JSON).content_type == "application/did+json"

    def test_it_is_asked_through_tls_when_its_certificate_is_trusted(self, serve, certificate):
        own: Certificate = certificate("localhost")
        server = serve(answer(), own.server)
        assert asking(server, trust=own.trust, seconds=5.0)(server.origin, accept=JSON).body == b"{}"

    def test_a_did_web_address_of_an_allowed_plain_origin_is_asked_without_tls(self, serve):
        server = serve(answer())
        assert asking(server)(f"https://localhost:{server.port}/did.json", accept=JSON).body == b"{}"


class TestAnAnswerThatIsNotRead:
    @pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
    def test_a_redirect_is_not_followed(self, serve, status):
        server = serve(answer(status=status, headers="Location: http://169.254.169.254/\r\n"))
        assert refusal(asking(server), server.origin) == "REDIRECT"
        assert server.connections == 1

    @pytest.mark.parametrize("status", ["201 Created", "204 No Content", "206 Partial", "404 Not Found", "500 Oh", "503 Busy"])
    def test_only_status_200_is_an_answer(self, serve, status):
        server = serve(answer(b"", status=status))
        assert refusal(asking(server), server.origin) == "HTTP_STATUS"

    def test_what_was_taken_away_for_good_is_told_apart(self, serve):
        server = serve(answer(b"", status="410 Gone"))
        assert refusal(asking(server), server.origin) == "GONE"

    @pytest.mark.parametrize("content_type", ["text/html", "text/plain", "", "image/png", "application/octet-stream", "json", "a/b+json"])
    def test_another_media_type_is_not_read(self, serve, content_type):
        server = serve(answer(content_type=content_type))
        assert refusal(asking(server), server.origin) == "CONTENT_TYPE"

    def test_json_is_not_read_where_an_image_was_asked_for(self, serve):
        server = serve(answer(content_type="application/did+json"))
        assert refusal(asking(server), server.origin, ("image/png",)) == "CONTENT_TYPE"

    def test_a_compressed_answer_is_not_unpacked(self, serve):
        server = serve(answer(gzip.compress(bytes(10**6)), headers="Content-Encoding: gzip\r\n"))
        assert refusal(asking(server), server.origin) == "CONTENT_ENCODING"

    def test_a_length_over_the_limit_is_refused_before_the_body(self, serve):
        server = serve(raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1048577\r\n\r\n"))
        started = time.monotonic()
        assert refusal(asking(server), server.origin) == "TOO_LARGE"
        assert time.monotonic() - started < 0.5

    def test_a_body_of_exactly_the_limit_is_read_and_one_byte_more_is_not(self, serve):
        assert asking(full := serve(answer(bytes(1000))), most_bytes=1000)(full.origin, accept=JSON).body == bytes(1000)
        chunk = b"3e9\r\n" + bytes(1001) + b"\r\n0\r\n\r\n"
        over = serve(raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk))
        assert refusal(asking(over, most_bytes=1000), over.origin) == "TOO_LARGE"

    def test_an_endless_body_is_left(self, serve):
        def endless(connection):
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
            while True:
                connection.sendall(b"10000\r\n" + bytes(65536) + b"\r\n")

        server = serve(endless)
        assert refusal(asking(server, seconds=5.0), server.origin) == "TOO_LARGE"

    def test_a_body_shorter_than_its_length_is_no_answer(self, serve):
        server = serve(raw(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"id":'))
        assert refusal(asking(server), server.origin) == "HTTP_MALFORMED"

    def test_what_follows_a_body_longer_than_its_length_is_not_read(self, serve):
        server = serve(raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}, evil"))
        assert asking(server)(server.origin, accept=JSON).body == b"{}"

    @pytest.mark.parametrize("length", ["-1", "1e3", "0x10", "9" * 30, "5, 6", ""])
    def test_a_length_that_is_no_length_is_refused(self, serve, length):
        server = serve(raw(f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{{}}".encode()))
        assert refusal(asking(server), server.origin) in {"TOO_LARGE", "HTTP_MALFORMED"}

    def test_a_thousand_headers_are_not_read(self, serve):
        server = serve(answer(headers="".join(f"X-{i}: y\r\n" for i in range(1000))))
        assert refusal(asking(server), server.origin) == "TOO_LARGE"

    @pytest.mark.parametrize("size", [64 * 1024, 300 * 1024])
    def test_one_huge_header_is_not_read(self, serve, size):
        server = serve(answer(headers=f"X-Big: {'a' * size}\r\n"))
        assert refusal(asking(server), server.origin) in {"TOO_LARGE", "HTTP_MALFORMED"}

    def test_endless_interim_answers_are_left(self, serve):
        def interim(connection):
            connection.recv(65536)
            while True:
                connection.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" * 100)

        server = serve(interim)
        assert refusal(asking(server, seconds=5.0, most_bytes=1000), server.origin) == "TOO_LARGE"

    @pytest.mark.parametrize(
        "garbage", [b"\x00\xff\xfe" * 50, b"SSH-2.0-server\r\n", b"HTTP/9.9 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\nBad Header\r\n\r\n", b""]
    )
    def test_what_is_no_http_is_no_answer(self, serve, garbage):
        server = serve(raw(garbage))
        assert refusal(asking(server), server.origin) == "HTTP_MALFORMED"


class TestASlowServer:
    def slow(self, fetcher: Fetcher, url: str) -> float:
        started = time.monotonic()
        assert refusal(fetcher, url) == "DEADLINE"
        return time.monotonic() - started

    def test_one_that_says_nothing_is_left_at_the_deadline(self, serve):
        server = serve(lambda connection: time.sleep(5))
        assert self.slow(asking(server), server.origin) < 1.5

    def test_one_that_drips_its_headers_is_left_at_the_deadline(self, serve):
        def drip(connection):
            for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 500:
                connection.sendall(bytes([byte]))
                time.sleep(0.05)

        server = serve(drip)
        assert self.slow(asking(server), server.origin) < 1.5

    def test_one_that_drips_its_body_is_left_at_the_deadline(self, serve):
        def drip(connection):
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n")
            for _ in range(1000):
                connection.sendall(b" ")
                time.sleep(0.05)

        server = serve(drip)
        assert self.slow(asking(server), server.origin) < 1.5

    def test_one_that_hangs_in_the_tls_handshake_is_left_at_the_deadline(self, serve):
        server = serve(lambda connection: time.sleep(5))
        fetcher = Fetcher(allowed_origins=frozenset({f"https://localhost:{server.port}"}), seconds=1.0)
        assert self.slow(fetcher, f"https://localhost:{server.port}/") < 1.5

    def test_a_name_server_that_hangs_is_left_at_the_deadline(self):
        fetcher = Fetcher(resolve=lambda *_, **__: time.sleep(3) or [], seconds=0.5)
        assert self.slow(fetcher, "https://hexham.example/") < 1.0

    def test_the_real_deadline_is_eight_seconds(self):
        assert Fetcher().seconds == 8.0
        assert Fetcher().most_bytes == 1024 * 1024


def test_a_form_is_posted_once_with_its_fields_and_its_authorization(serve: Callable[..., Server]) -> None:
    server = serve(answer(b'{"ok": true}'))
    fetcher = Fetcher(allowed_origins=frozenset({server.origin}))
    got = fetcher.post(f"{server.origin}/token", Form({"code": "a b&c=d\r\n"}, authorization="Basic eDp5"), accept=["application/json"])
    assert got.body == b'{"ok": true}'
    (sent,) = server.requests
    head, _, body = sent.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /token HTTP/1.1\r\n")
    assert b"\r\nAuthorization: Basic eDp5" in head
    assert b"\r\nContent-Type: application/x-www-form-urlencoded" in head
    assert body in (b"", b"code=a+b%26c%3Dd%0D%0A")


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/token", "https://169.254.169.254/token", "http://example.org/token", "https://h:8443/t"]
)
def test_a_form_is_posted_nowhere_inside(url: str) -> None:
    with pytest.raises(Unreachable):
        Fetcher().post(url, Form({"secret": "s"}), accept=["application/json"])
