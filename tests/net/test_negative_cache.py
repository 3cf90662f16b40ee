"""Bad input G36: a thousand badges of one dead host ask it once a minute."""

import pytest

from hexmark.net import Fetched, NegativeCache
from hexmark.openbadges.errors import Unreachable

JSON = ("application/json",)


class Stranger:
    """Answers by URL; an error code stands for a failure."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def __call__(self, url, *, accept):
        self.asked.append(url)
        code = self.answers.get(url.rpartition("/")[2])
        if code:
            raise Unreachable(f"Failed with {code}.", code=code)
        return Fetched(b"{}", "application/json")


class Clock:
    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def failure(cache, url) -> str:
    with pytest.raises(Unreachable) as refused:
        cache(url, accept=JSON)
    return refused.value.code


def test_an_answer_is_passed_on_and_not_kept():
    stranger = Stranger()
    cache = NegativeCache(stranger, clock=Clock())
    assert [cache("https://a.example/x", accept=JSON).body for _ in range(2)] == [b"{}", b"{}"]
    assert len(stranger.asked) == 2


@pytest.mark.parametrize("code", ["DNS_FAILED", "CONNECT_FAILED", "TLS_ERROR", "DEADLINE"])
def test_a_dead_host_is_asked_once_a_minute_whatever_the_path(code):
    stranger, clock = Stranger(dead=code), Clock()
    cache = NegativeCache(stranger, clock=clock)
    assert {failure(cache, f"https://a.example/{n}/dead") for n in range(1000)} == {code}
    assert failure(cache, "https://a.example/fine") == code
    assert len(stranger.asked) == 1
    clock.seconds += 60
    assert cache("https://a.example/fine", accept=JSON).body == b"{}"


def test_a_missing_document_does_not_close_its_host():
    stranger = Stranger(missing="HTTP_STATUS")
    cache = NegativeCache(stranger, clock=Clock())
    assert failure(cache, "https://a.example/missing") == "HTTP_STATUS"
    assert failure(cache, "https://a.example/missing") == "HTTP_STATUS"
    assert cache("https://a.example/fine", accept=JSON).body == b"{}"
    assert stranger.asked == ["https://a.example/missing", "https://a.example/fine"]


def test_another_host_is_another_matter():
    cache = NegativeCache(Stranger(dead="DNS_FAILED"), clock=Clock())
    assert failure(cache, "https://a.example/dead") == "DNS_FAILED"
    assert cache("https://b.example/fine", accept=JSON).body == b"{}"


@pytest.mark.parametrize("code", ["HOST_BUSY", "OFFLINE"])
def test_our_own_crowd_is_not_the_hosts_failure(code):
    stranger = Stranger(busy=code)
    cache = NegativeCache(stranger, clock=Clock())
    assert [failure(cache, "https://a.example/busy") for _ in range(3)] == [code] * 3
    assert len(stranger.asked) == 3


def test_it_keeps_a_bounded_number_of_failures_and_forgets_the_oldest():
    stranger = Stranger(missing="HTTP_STATUS")
    cache = NegativeCache(stranger, clock=Clock(), entries=3)
    urls = [f"https://a.example/{n}/missing" for n in range(5)]
    for url in urls:
        failure(cache, url)
    failure(cache, urls[4])
    assert len(stranger.asked) == 5
    failure(cache, urls[0])
    assert len(stranger.asked) == 6


def test_a_malformed_address_is_refused_before_anybody_is_asked():
    stranger = Stranger()
    assert failure(NegativeCache(stranger, clock=Clock()), "https://good@evil.example/") == "URL_MALFORMED"
    assert stranger.asked == []
