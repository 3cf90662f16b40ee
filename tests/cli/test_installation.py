"""Setting up and looking after an installation from the command line."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Hexmark = Callable[..., "subprocess.CompletedProcess[str]"]
URL = "https://badges.acme.example"


@pytest.fixture
def hexmark(tmp_path: Path) -> Hexmark:
    """The command line of one installation with its secrets, in processes of their own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("HEXMARK_", "DJANGO_"))}
    own = {
        "HEXMARK_DATA_DIR": str(tmp_path / "data"),
        "HEXMARK_PUBLIC_URL": URL,
        "HEXMARK_SECRET_KEY": "a secret for this test, long enough to be one",
        "HEXMARK_KEY_ENCRYPTION_KEY": "dGVzdHMgb25seTogdGhpcnR5LXR3byBieXRlcyBvZiA=",
    }

    def call(*arguments: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "hexmark", *arguments]
        everything = clean | own | environment
        return subprocess.run(command, env=everything, input=given, capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path)

    return call


FOUND = """
from tests.world import make_world
world = make_world("acme")
world.achievement("Safety Champion")
"""


@pytest.fixture
def acme(hexmark: Hexmark) -> Hexmark:
    """An installation on which acme was founded, with one published badge."""
    assert hexmark("init").returncode == 0
    root = str(Path(__file__).resolve().parents[2])
    done = hexmark("manage", "shell", "-v", "0", "-c", FOUND, PYTHONPATH=root)
    assert done.returncode == 0, done.stderr
    return hexmark


def test_init_prints_a_link_that_works_once(hexmark: Hexmark) -> None:
    done = hexmark("init")
    assert done.returncode == 0, done.stderr
    assert re.search(rf"Open {re.escape(URL)}/setup\?token=[A-Za-z0-9_-]{{32}}", done.stdout)


def test_a_new_data_directory_is_for_its_user_alone(hexmark: Hexmark, tmp_path: Path) -> None:
    assert hexmark("init").returncode == 0
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_init_is_refused_on_an_installation_that_is_set_up(acme: Hexmark) -> None:
    done = acme("init")
    assert done.returncode == 1
    assert "set up already" in done.stderr


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [("HEXMARK_SECRET_KEY", "hexmark keys new-secret"), ("HEXMARK_KEY_ENCRYPTION_KEY", "hexmark keys new-encryption-key")],
)
def test_without_a_secret_nothing_starts_and_the_way_out_is_named(hexmark: Hexmark, missing: str, sentence: str) -> None:
    for command in (["init"], ["serve"], ["worker"]):
        done = hexmark(*command, **{missing: ""})
        assert done.returncode == 1
        assert sentence in done.stderr


def test_an_address_that_cannot_be_signed_is_refused(hexmark: Hexmark) -> None:
    done = hexmark("init", HEXMARK_PUBLIC_URL="badges.acme.example/badges")
    assert done.returncode == 1
    assert "HEXMARK_PUBLIC_URL must be like" in done.stderr


def test_new_keys_and_secrets_differ_each_time(hexmark: Hexmark) -> None:
    for command in ("new-encryption-key", "new-secret"):
        one, two = hexmark("keys", command).stdout, hexmark("keys", command).stdout
        assert one != two
        assert len(one.strip()) >= 43


def test_a_new_encryption_key_is_one_that_the_installation_takes(hexmark: Hexmark) -> None:
    key = hexmark("keys", "new-encryption-key").stdout.strip()
    assert hexmark("init", HEXMARK_KEY_ENCRYPTION_KEY=key).returncode == 0


def test_a_rotated_key_is_listed_after_the_retired_one(acme: Hexmark) -> None:
    assert acme("keys", "make", "acme").returncode == 0
    lines = acme("keys", "list", "acme").stdout.splitlines()
    assert len(lines) == 2
    assert "retired" in lines[0]
    assert lines[1].endswith("active")


def test_keys_of_an_unknown_organisation_are_a_clear_error(acme: Hexmark) -> None:
    done = acme("keys", "list", "nobody")
    assert done.returncode == 1
    assert "No organisation here has the short name 'nobody'" in done.stderr


def test_awarding_needs_somebody_with_the_right(acme: Hexmark) -> None:
    done = acme("award", "safety-champion", "manager@acme.example", "--as", "member@acme.example")
    assert done.returncode == 1
    assert "right to award" in done.stderr


def test_awarding_one_or_a_list_from_the_command_line(acme: Hexmark) -> None:
    one = acme("award", "safety-champion", "member@acme.example", "--as", "steward@acme.example", "--now")
    assert one.returncode == 0, one.stderr
    assert "Awarded “Safety Champion” to 1; signed now." in one.stdout
    piped = "member@acme.example\nmanager@acme.example\n"
    many = acme("award", "safety-champion", "-", "--as", "steward@acme.example", given=piped)
    assert "to 1; signed in ten minutes. 1 already held it." in many.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("award", "nothing", "member@acme.example", "--as", "steward@acme.example"), "No published badge"),
        (("award", "safety-champion", "stranger@x.example", "--as", "steward@acme.example"), "stranger@x.example"),
        (("award", "safety-champion", "--as", "steward@acme.example"), "Name at least one person"),
    ],
)
def test_awarding_says_what_is_wrong(acme: Hexmark, arguments: tuple[str, ...], sentence: str) -> None:
    done = acme(*arguments)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_check_is_content_with_a_fresh_installation(acme: Hexmark) -> None:
    done = acme("check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("✓") == 4


def test_check_names_a_key_that_does_not_open(acme: Hexmark) -> None:
    other = acme("keys", "new-encryption-key").stdout.strip()
    done = acme("check", HEXMARK_KEY_ENCRYPTION_KEY=other)
    assert done.returncode == 1
    assert "! Signing keys: Acme: The signing key does not open" in done.stdout


STUCK = """
from datetime import timedelta
from django.utils import timezone
from hexmark.access import system
from hexmark.awarding.actions import award
from hexmark.catalogue.models import AchievementVersion
from hexmark.issuing.models import Credential
from hexmark.issuing.signing import _reserve
from hexmark.people.models import Person
version = AchievementVersion.objects.get()
award(version, to=[Person.objects.first()], actor=system(version.organisation_id))
_reserve(version.organisation_id)
Credential.objects.update(sign_as_of=timezone.now() - timedelta(hours=1))
"""


def test_check_names_awards_whose_signing_began_and_never_ended(acme: Hexmark) -> None:
    assert acme("manage", "shell", "-v", "0", "-c", STUCK).returncode == 0
    done = acme("check")
    assert done.returncode == 1
    assert "! Background work: 1 awards have been due for more than five minutes" in done.stdout


UNSEEN = """
from datetime import timedelta
from django.utils import timezone
from hexmark.access import system
from hexmark.awarding.actions import award
from hexmark.catalogue.models import AchievementVersion
from hexmark.issuing.actions import revoke
from hexmark.issuing.models import Credential, StatusList
from hexmark.issuing.signing import sign_batch
from hexmark.people.models import Person
version = AchievementVersion.objects.get()
actor = system(version.organisation_id)
award(version, to=[Person.objects.first()], actor=actor)
sign_batch(version.organisation_id)
revoke(Credential.objects.get(), actor=actor, reason="Awarded in error")
hour_ago = timezone.now() - timedelta(hours=1)
StatusList.objects.update(changed_at=hour_ago, published_at=hour_ago)
"""


def test_check_names_revocations_that_nobody_can_see(acme: Hexmark) -> None:
    done = acme("manage", "shell", "-v", "0", "-c", UNSEEN)
    assert done.returncode == 0, done.stderr
    done = acme("check")
    assert done.returncode == 1
    assert "! Background work: 1 status lists have lacked a change for more than five minutes" in done.stdout
    assert "is `hexmark worker` running?" in done.stdout


def test_check_says_that_nobody_has_set_it_up_yet(hexmark: Hexmark) -> None:
    assert hexmark("init").returncode == 0
    done = hexmark("check")
    assert done.returncode == 1
    assert "! Signing keys: no organisation is set up yet" in done.stdout


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_that_somebody_listens_on_is_refused_before_anything_is_done(hexmark: Hexmark, tmp_path: Path, command: str) -> None:
    with socket.socket() as taken:
        # As our own server listens: a second one would be let in beside it.
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = hexmark(command, "--port", str(port))
    assert done.returncode == 1
    assert f"Cannot listen on 127.0.0.1, port {port}" in done.stderr
    assert not (tmp_path / "demo-data").exists()
    assert not (tmp_path / "data" / "hexmark.sqlite3").exists()


def test_serve_listens_where_a_local_address_says(hexmark: Hexmark) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = hexmark("serve", HEXMARK_PUBLIC_URL=f"http://localhost:{port}")
    assert f"port {port}" in done.stderr


def test_check_names_a_database_without_tables(hexmark: Hexmark, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    done = hexmark("check")
    assert done.returncode == 1
    assert "! Database:" in done.stdout


def test_help_names_every_command_without_starting_the_framework(hexmark: Hexmark) -> None:
    done = hexmark("--help", HEXMARK_PUBLIC_URL="not an address")
    assert done.returncode == 0
    for command in "award bake check demo init keys manage serve unbake verify worker".split():
        assert command in done.stdout


def test_check_says_what_to_do_before_there_is_a_database(hexmark: Hexmark) -> None:
    checked = hexmark("check")
    assert checked.returncode == 1
    assert "was `hexmark init` called?" in checked.stdout
