"""Contexts are pinned: the same bytes for ever, and no others."""

import hashlib
import json
from importlib import resources

import pytest

from hexmark.openbadges import contexts
from hexmark.openbadges.errors import ContextNotAllowed

ALL = [(url, number, pinned) for url, revisions in contexts.PINNED.items() for number, pinned in enumerate(revisions)]


@pytest.mark.parametrize(("url", "number", "pinned"), ALL, ids=[pinned.file for _, _, pinned in ALL])
def test_each_context_is_there_with_its_published_bytes(url, number, pinned):
    data = resources.files(contexts.__name__).joinpath(pinned.file).read_bytes()
    assert hashlib.sha256(data).hexdigest() == pinned.sha256
    assert contexts.context(url, revision=number) == json.loads(data)
    assert "@context" in contexts.context(url)


def test_no_file_lies_in_the_folder_unpinned():
    files = {entry.name for entry in resources.files(contexts.__name__).iterdir() if entry.name.endswith(".json")}
    assert files == {pinned.file for _, _, pinned in ALL}


def test_the_licences_list_every_file_with_its_hash():
    text = resources.files(contexts.__name__).joinpath("LICENSES.md").read_text()
    for _, _, pinned in ALL:
        (row,) = [line for line in text.splitlines() if line.startswith(f"| {pinned.file} |")]
        assert pinned.sha256 in row


@pytest.mark.parametrize(
    ("url", "digest"),
    [
        ("https://www.w3.org/ns/credentials/v2", "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"),
        ("https://w3id.org/security/data-integrity/v2", "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4"),
        ("https://w3id.org/security/multikey/v1", "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597"),
    ],
)
def test_contexts_that_a_specification_pins_have_its_hash(url, digest):
    """W3C VCDM 2.0, B.1; Data Integrity 1.0, 2.4.1; Controlled Identifiers 1.0, 2.4."""
    assert contexts.PINNED[url][0].sha256 == digest


def test_no_context_names_another_that_would_have_to_be_fetched():
    for url, number, _ in ALL:
        named = contexts.context(url, revision=number)["@context"]
        parts = [named]
        while parts:
            part = parts.pop()
            if isinstance(part, dict):
                assert "@import" not in part
                for name, value in part.items():
                    assert name != "@context" or isinstance(value, (dict, list)) or value is None
                    parts.append(value)
            elif isinstance(part, list):
                parts.extend(part)


@pytest.mark.parametrize(
    "url",
    [
        "http://www.w3.org/ns/credentials/v2",
        "https://WWW.w3.org/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/v2/",
        "https://www.w3.org/ns/credentials/v2#",
        "https://www.w3.org:443/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/v2 ",
        "https://www.w3.org/ns/credentials/v3",
        "https://evil.example/context.json",
        "",
    ],
)
def test_a_url_is_compared_character_for_character(url):
    with pytest.raises(ContextNotAllowed) as refused:
        contexts.context(url)
    assert refused.value.full_code == "CONTEXT_NOT_ALLOWED"


def test_both_published_revisions_of_3_0_3_are_kept():
    earlier, later = (contexts.context(contexts.OPEN_BADGES_V3, revision=number) for number in (0, 1))
    assert "endorsementJwt" not in json.dumps(earlier)
    assert "endorsementJwt" in json.dumps(later)
    assert contexts.context(contexts.OPEN_BADGES_V3) == earlier


def test_past_the_last_revision_comes_the_last():
    assert contexts.context(contexts.CREDENTIALS_V2, revision=1) == contexts.context(contexts.CREDENTIALS_V2)


def test_a_context_handed_out_can_be_changed_without_harm():
    contexts.context(contexts.CREDENTIALS_V2)["@context"].clear()
    assert contexts.context(contexts.CREDENTIALS_V2)["@context"]


def test_pinned_contexts_cannot_be_added_to():
    with pytest.raises(TypeError):
        contexts.PINNED["https://evil.example/"] = ()


@pytest.mark.parametrize(
    ("named", "count"),
    [
        ([contexts.CREDENTIALS_V2, contexts.OPEN_BADGES_V3], 2),
        ([contexts.CREDENTIALS_V2], 1),
        (contexts.OPEN_BADGES_V3, 2),
        ([], 1),
        ([{}, None, "https://evil.example/"], 1),
        (None, 1),
    ],
)
def test_a_document_has_as_many_readings_as_its_context_revisions(named, count):
    assert contexts.revisions({"@context": named}) == count


def test_a_file_that_was_altered_is_never_used():
    altered = contexts.Pinned("credentials-v2.json", "0" * 64)
    with pytest.raises(RuntimeError, match="not the file that was published"):
        contexts._verified(altered)
