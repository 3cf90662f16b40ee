"""`hexmark sign`: what it signs verifies, and what nobody would accept it does not sign."""

import json

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from tests.simulator import NOW, Simulator

from hexmark.cli import main
from hexmark.openbadges import strict_json
from hexmark.openbadges.keys import SigningKey
from hexmark.verification import verify

METHOD = "did:web:hexham.example#key-1"
PRIVATE = {
    "Ed25519": ed25519.Ed25519PrivateKey.generate,
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "RSA": lambda: rsa.generate_private_key(65537, 2048),
}
#: What each kind of key can make; the first is what it makes unasked.
FORMS = {
    "Ed25519": ["eddsa-rdfc-2022", "eddsa-jcs-2022", "jwt", "vc+jwt"],
    "P-256": ["ecdsa-rdfc-2019", "ecdsa-jcs-2019", "jwt", "vc+jwt"],
    "RSA": ["jwt", "vc+jwt"],
}


class Desk:
    """A folder with a key and an unsigned badge, and the issuer's published key."""

    def __init__(self, folder, kind):
        private = PRIVATE[kind]()
        self.key = folder / "key.pem"
        self.key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        self.simulator = Simulator()
        issuer = self.simulator.did_web_issuer("hexham.example")
        issuer.key = SigningKey.from_pkcs8(private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
        issuer.publish()
        self.badge = issuer.badge()
        self.file = folder / "badge.json"
        self.file.write_bytes(strict_json.dump(self.badge))

    def run(self, *arguments, key=None, **settings):
        return CliRunner().invoke(main, ["sign", str(self.file), "--key", str(key or self.key), *arguments], **settings)


@pytest.fixture
def desk(tmp_path, request):
    return Desk(tmp_path, getattr(request, "param", "Ed25519"))


@pytest.mark.parametrize(("desk", "form"), [(kind, form) for kind, forms in FORMS.items() for form in forms], indirect=["desk"])
def test_what_it_signs_in_any_form_verifies(desk, form):
    result = desk.run("--method", METHOD, "--form", form, "--created", "2026-01-31T09:00:00Z")
    assert result.exit_code == 0, result.output
    assert verify(result.stdout_bytes.strip(), fetch=desk.simulator.fetch, at=NOW).ok


@pytest.mark.parametrize("desk", PRIVATE, indirect=True)
def test_without_a_form_it_takes_the_usual_one_for_the_key(desk, request):
    result = desk.run("--method", METHOD)
    kind = request.node.callspec.params["desk"]
    made = json.loads(result.stdout)["proof"][0]["cryptosuite"] if result.stdout.startswith("{") else "jwt"
    assert made == FORMS[kind][0]


def test_a_key_without_a_method_is_its_own_issuer(desk):
    secret = desk.file.with_name("secret.txt")
    secret.write_text("z3u2en7t5LR2WtQH5PfFqMqwVHgeXouLzo6haApm8XHqvjxq\n")
    refused = desk.run(key=secret)
    assert refused.exit_code == 3
    assert "Nobody would accept this." in refused.output
    method = refused.output.split("the key is of ")[1].split(". Nobody")[0]
    desk.file.write_bytes(strict_json.dump({**desk.badge, "issuer": {**desk.badge["issuer"], "id": method}}))
    result = desk.run(key=secret)
    assert verify(result.stdout_bytes.strip(), fetch=desk.simulator.fetch, at=NOW).ok


def test_it_adds_to_the_proofs_that_are_there(desk):
    once = desk.run("--method", METHOD, "-o", str(desk.file))
    assert once.exit_code == 0
    twice = json.loads(desk.run("--method", METHOD, "--form", "eddsa-jcs-2022").stdout)
    assert [proof["cryptosuite"] for proof in twice["proof"]] == ["eddsa-rdfc-2022", "eddsa-jcs-2022"]
    assert verify(strict_json.dump(twice), fetch=desk.simulator.fetch, at=NOW).ok


def test_it_reads_standard_input(desk):
    text = desk.file.read_bytes()
    result = CliRunner().invoke(main, ["sign", "-", "--key", str(desk.key), "--method", METHOD], input=text)
    assert verify(result.stdout_bytes.strip(), fetch=desk.simulator.fetch, at=NOW).ok


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": {"id": "did:web:somebody.else", "type": ["Profile"], "name": "Somebody"}},
        {"sneaky": "not in any context"},
        {"@context": ["https://www.w3.org/ns/credentials/v2", "https://evil.example/context"]},
        {"type": ["VerifiableCredential"], "credentialSubject": 7},
    ],
)
def test_what_nobody_would_accept_is_not_signed(desk, change):
    desk.file.write_bytes(strict_json.dump({**desk.badge, **change}))
    result = desk.run("--method", METHOD)
    assert result.exit_code == 3
    assert "proofValue" not in result.output


@pytest.mark.parametrize("text", [b"", b"z3nonsense", b"-----BEGIN PRIVATE KEY-----\n!!\n-----END PRIVATE KEY-----", b"\xff\x00 hunter2"])
def test_a_file_that_is_no_key_is_refused_without_a_word_of_it(desk, text):
    desk.key.write_bytes(text)
    result = desk.run("--method", METHOD)
    assert result.exit_code == 3
    assert "hunter2" not in result.output
    assert "nonsense" not in result.output


def test_an_encrypted_key_is_refused(desk):
    private = PRIVATE["Ed25519"]().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    desk.key.write_bytes(private)
    assert desk.run("--method", METHOD).exit_code == 3


def test_a_form_that_the_key_cannot_make_is_refused(desk):
    result = desk.run("--method", METHOD, "--form", "ecdsa-rdfc-2019")
    assert result.exit_code == 3
    assert "KEY_KIND" in result.output


def test_a_folder_that_is_not_there_is_an_error_and_not_a_crash(desk):
    result = desk.run("--method", METHOD, "-o", str(desk.file.parent / "no" / "such" / "folder.json"))
    assert result.exit_code == 1
    assert "cannot be written" in result.output
