"""`hexmark inspect` and `hexmark canon`: looking into a file without believing it."""

import hashlib

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from tests.simulator import Simulator

from hexmark.cli import main
from hexmark.cli.inspect import SHOWN, outline
from hexmark.openbadges import baking, jose, jsonld, strict_json
from hexmark.openbadges.errors import FormatError

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'


@pytest.fixture
def run():
    return lambda *arguments, **settings: CliRunner().invoke(main, [str(each) for each in arguments], **settings)


@pytest.fixture
def hexham():
    return Simulator().did_web_issuer()


@pytest.fixture
def write(tmp_path):
    def write(name, document):
        path = tmp_path / name
        path.write_bytes(document if isinstance(document, bytes) else strict_json.dump(document))
        return path

    return write


class TestInspect:
    def test_shows_what_a_badge_says_and_that_nobody_checked_it(self, run, write, hexham):
        badge = hexham.issue(validUntil="2030-01-01T00:00:00Z", credentialStatus=hexham.status_list("https://hexham.example/l").entry(7))
        result = run("inspect", write("badge.json", badge))
        assert result.exit_code == 0
        for words in (
            "JSON, ",
            "Open Badges 3.0",
            "Hexham Guild  (did:web:hexham.example)",
            "did:example:amara",
            "Kiln Safety",
            "Three firings under supervision.",
            "2030-01-01T00:00:00Z",
            "BitstringStatusListEntry revocation number 7 of https://hexham.example/l",
            "eddsa-rdfc-2022 by did:web:hexham.example#key-1",
            "https://www.w3.org/ns/credentials/v2",
            "Nothing of this was verified: use `hexmark verify`.",
        ):
            assert words in result.output, words

    def test_shows_an_altered_badge_without_a_word_of_praise(self, run, write, hexham):
        result = run("inspect", write("badge.json", {**hexham.issue(), "name": "Forged"}))
        assert "Forged" in result.output
        assert "VERIFIED" not in result.output.upper().replace("WAS VERIFIED", "")

    def test_looks_into_a_picture_and_says_how_much_of_it_is_the_badge(self, run, write, hexham):
        text = strict_json.dump(hexham.issue()).decode()
        result = run("inspect", write("badge.svg", baking.bake(SVG, text)))
        assert f"SVG picture, {len(baking.bake(SVG, text)):,} bytes, {len(text.encode()):,} bytes of it the badge" in result.output

    def test_shows_the_header_of_a_token(self, run, write, hexham):
        token = jose.sign_jwt(hexham.badge(), key=hexham.key, verification_method=hexham.method)
        result = run("inspect", write("badge.jwt", token.encode()))
        assert "compact token (JWT)" in result.output
        assert "EdDSA" in result.output
        assert "Hexham Guild" in result.output

    def test_shows_a_badge_of_version_2(self, run, write):
        document = {
            "@context": "https://w3id.org/openbadges/v2",
            "type": "Assertion",
            "id": "https://old.example/1",
            "recipient": {"type": "email", "identity": "sha256$aa", "hashed": True},
            "badge": "https://old.example/badge",
            "issuedOn": "2020-01-01T00:00:00Z",
            "verification": {"type": "hosted"},
        }
        output = run("inspect", write("old.json", document)).output
        for words in ("Open Badges 2.0  (Assertion)", "email sha256$aa", "https://old.example/badge", "hosted", "2020-01-01"):
            assert words in output

    def test_counts_what_there_is_too_much_of(self, run, write, hexham):
        evidence = [{"id": f"https://e.example/{number}", "type": ["Evidence"]} for number in range(SHOWN + 5)]
        output = run("inspect", write("badge.json", hexham.badge(evidence=evidence))).output
        assert output.count("https://e.example/") == SHOWN
        assert "and 5 more" in output

    def test_a_terminal_is_not_steered_by_what_a_stranger_wrote(self, run, write, hexham):
        output = run("inspect", write("badge.json", hexham.badge(name="\x1b[2J\x1b]0;owned\x07\u202egnp"))).output
        assert "\x1b" not in output
        assert "\u202e" not in output

    def test_markup_in_a_name_is_a_name(self, run, write, hexham):
        assert "[bold red]VERIFIED[/]" in run("inspect", write("badge.json", hexham.badge(name="[bold red]VERIFIED[/]"))).output

    @pytest.mark.parametrize("data", [b"", b"[]", b"hello", b"<html>", SVG, b'{"a":1,"a":2}', b"\xff\xd8\xff", b"[" * 1000])
    def test_what_holds_no_badge_is_3(self, run, write, data):
        for command in ("inspect", "canon"):
            result = run(command, write("file", data))
            assert result.exit_code == 3
            assert "Error:" in result.output

    def test_a_missing_file_is_3_and_a_dash_is_standard_input(self, run, tmp_path, hexham):
        assert run("inspect", tmp_path / "none").exit_code == 3
        assert run("inspect", tmp_path).exit_code == 3
        assert "Kiln Safety" in run("inspect", "-", input=strict_json.dump(hexham.badge())).output

    @given(
        st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "type",
                    "name",
                    "issuer",
                    "credentialSubject",
                    "proof",
                    "credentialStatus",
                    "evidence",
                    "@context",
                    "badge",
                    "recipient",
                ]
            ),
            st.recursive(
                st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=9),
                lambda inner: (
                    st.lists(inner, max_size=3)
                    | st.dictionaries(st.sampled_from(["id", "type", "name", "achievement", "criteria", "identifier"]), inner, max_size=4)
                ),
                max_leaves=9,
            ),
        )
    )
    def test_whatever_a_document_holds_is_shown(self, document):
        try:
            lines = outline(strict_json.dump(document))
        except FormatError:
            return
        assert lines[0][0] == "container"


class TestCanon:
    def test_prints_the_bytes_that_are_signed(self, run, write, hexham):
        badge = hexham.issue()
        result = run("canon", write("badge.json", badge))
        assert result.exit_code == 0
        assert result.stdout_bytes == jsonld.canonical({name: value for name, value in badge.items() if name != "proof"})

    def test_the_proof_is_kept_in_when_asked(self, run, write, hexham):
        badge = hexham.issue()
        assert run("canon", write("badge.json", badge), "--with-proof").stdout_bytes == jsonld.canonical(badge)

    def test_another_hash_and_another_revision_can_be_chosen(self, run, write, hexham):
        badge = hexham.badge()
        path = write("badge.json", badge)
        assert run("canon", path, "--hash", "SHA-384").stdout_bytes == jsonld.canonical(badge, hash_name="SHA-384")
        assert run("canon", path, "--later").stdout_bytes == jsonld.canonical_later(badge)

    def test_a_baked_badge_gives_the_same_as_its_file(self, run, write, hexham):
        data = strict_json.dump(hexham.issue())
        plain = run("canon", write("badge.json", data)).stdout_bytes
        baked = run("canon", write("badge.svg", baking.bake(SVG, data.decode()))).stdout_bytes
        assert hashlib.sha256(plain).digest() == hashlib.sha256(baked).digest()

    @pytest.mark.parametrize("changes", [{"salary": 9}, {"@context": ["https://mallory.example/c"]}, {"id": "relative"}, {"name": []}])
    def test_what_a_signature_could_not_cover_is_refused(self, run, write, hexham, changes):
        result = run("canon", write("badge.json", {**hexham.badge(), **changes}))
        assert result.exit_code == 3
        assert result.stdout_bytes == b""
