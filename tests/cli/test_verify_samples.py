"""`hexmark verify` on the published samples, and on compact credentials (JWT)."""

import json

import pytest
from click.testing import CliRunner
from tests.simulator import Simulator

from hexmark.openbadges import baking

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
AT = ["--at", "2026-06-15T10:41:00Z"]


@pytest.fixture
def run():
    from hexmark.cli.verify import verify

    return lambda *arguments, **settings: CliRunner().invoke(verify, [str(each) for each in arguments], **settings)


@pytest.fixture
def write(tmp_path):
    def write(name, data):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


#: Published sample -> exit code, and what its lines say. Nobody is asked, so that no issuer can be confirmed.
SAMPLES = {
    "valid/simple.json": (2, "ISSUER_KEY_UNRESOLVED"),
    "valid/simple_v1.json": (2, "older data model 1.1"),
    "valid/simple-jwt.png": (2, "The token brings its key along"),
    "valid/simple-jwt.svg": (2, "ISSUER_UNBOUND"),
    "invalid/simple-err-proof-value.json": (1, "PROOF_VERIFICATION_ERROR"),
    "invalid/simple-noproof.json": (1, "Nobody has signed this."),
}


class TestSamples:
    @pytest.mark.parametrize("name", SAMPLES)
    def test_a_published_sample_gets_its_answer(self, run, reference_data, name):
        code, words = SAMPLES[name]
        result = run(reference_data / "vectors" / "ob-samples" / name, "--offline", *AT)
        assert result.exit_code == code
        assert words in " ".join(result.output.split())
        assert "VERIFIED" not in result.output

    @pytest.mark.parametrize("name", ["simple-jwt.png", "simple-jwt.svg"])
    def test_a_compact_sample_is_unchanged_and_not_shown_to_be_its_issuers(self, run, reference_data, name):
        result = run(reference_data / "vectors/ob-samples/valid" / name, "--offline", "--json", *AT)
        found = {check["axis"]: check["outcome"] for check in json.loads(result.output)["checks"]}
        assert (found["integrity"], found["issuer"], found["schema"]) == ("passed", "unknown", "passed")

    def test_a_token_of_version_2_is_never_taken_for_altered(self, run, reference_data):
        result = run(reference_data / "vectors/ob-samples/ob20/simple.jwt", "--offline", *AT)
        assert result.exit_code == 2
        assert "VERIFIED" not in result.output
        assert "NOT VALID" not in result.output

    def test_a_token_verifies_from_a_file_and_from_standard_input(self, run, write):
        issuer = Simulator().did_key_issuer()
        token = issuer.sign_jwt(issuer.badge())
        assert run(write("badge.jwt", token.encode()), "--offline", *AT).exit_code == 0
        assert run("-", "--offline", *AT, input=token + "\n").exit_code == 0
        assert run(write("badge.svg", baking.bake(SVG, token)), "--offline", *AT).exit_code == 0

    @pytest.mark.parametrize("data", [b"eyJhbGciOiJFUzI1NiJ9.e30", b"eyJhbGciOiJFUzI1NiJ9.e30.c2ln!!!!", b"WyJhbGciXQ.e30WyJhbGciXQ.c2ln"])
    def test_a_broken_token_is_unreadable(self, run, write, data):
        result = run(write("badge.jwt", data), "--offline", "--json")
        assert json.loads(result.output)["error"]["code"].startswith("JWS_")
        assert result.exit_code == 3
