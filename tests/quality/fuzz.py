"""Coverage-guided fuzzing of everything that reads a stranger's bytes: `python -m tests.quality.fuzz --seconds 100`.

Each reader runs in a process of its own, which ends at the first crash, hang or waste of memory. Needs atheris beside the other packages
(tests/quality/requirements.txt). One object with the figures is printed as JSON; the exit code is 1 if a reader did not hold.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NOW = datetime(2026, 6, 15, 10, 41, tzinfo=UTC)
HANG_SECONDS = 1
MEMORY_MIB = 256
#: What the interpreter, the fuzzer and our packages take before they have read anything (measured).
OWN_MIB = 100


def _json(data: bytes) -> None:
    from hexmark.openbadges import strict_json

    strict_json.parse(data)


def _jwt(data: bytes) -> None:
    from hexmark.openbadges import jose

    token = jose.read_jwt(data.decode("utf-8", errors="surrogateescape"))
    jose.profile_of(token)


def _picture(data: bytes) -> None:
    from hexmark.openbadges import baking

    baking.unbake(data)


def _status_list(data: bytes) -> None:
    from hexmark.openbadges import status_list

    status_list.decode("u" + data.decode("latin-1"))


def _compressed(data: bytes) -> None:
    import base64

    from hexmark.openbadges import status_list

    status_list.decode("u" + base64.urlsafe_b64encode(data).rstrip(b"=").decode())


def _did(data: bytes) -> None:
    from hexmark.openbadges import dids, strict_json

    document = strict_json.parse(data)
    dids.verification_key(document, "did:web:hexham.example#key-1", at=NOW)


def _proof_value(data: bytes) -> None:
    from hexmark.openbadges import multibase
    from hexmark.openbadges.disclosure import values

    values.read("u" + multibase.b64url_encode(data))


def _credential(data: bytes) -> None:
    from tests.simulator import Simulator

    from hexmark.verification import verify

    verify(data, fetch=Simulator().fetch, at=NOW)


READERS: dict[str, Callable[[bytes], None]] = {
    "json": _json,
    "jwt": _jwt,
    "png": _picture,
    "svg": _picture,
    "status-list": _status_list,
    "compressed-list": _compressed,
    "did-document": _did,
    "proof-value": _proof_value,
    "credential": _credential,
}


def seeds() -> dict[str, bytes]:
    """What each reader reads gladly; the fuzzer begins there."""
    from tests.openbadges.png_pictures import picture
    from tests.simulator import Simulator

    from hexmark.openbadges import baking, multibase, status_list, strict_json

    issuer = Simulator().did_web_issuer("hexham.example")
    badge = strict_json.dump(issuer.issue())
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
    listed = status_list.encode(bytes(16_384))
    released = Path(__file__).parent.parent / "forever"
    derived = strict_json.parse((released / "0.1" / "selective-derived.json").read_bytes())["proof"][0]["proofValue"]
    return {
        "json": badge,
        "jwt": issuer.sign_jwt(issuer.badge()).encode(),
        "png": baking.bake(picture(), badge.decode()),
        "svg": baking.bake(svg, badge.decode()),
        "status-list": listed[1:].encode(),
        "compressed-list": multibase.b64url_decode(listed[1:]),
        "did-document": strict_json.dump(issuer.controller_document),
        "proof-value": multibase.b64url_decode(derived[1:]),
        "credential": badge,
    }


def fuzz(name: str, arguments: list[str]) -> None:
    """Runs one reader in this process, for as long as the arguments of libFuzzer say."""
    import atheris

    with atheris.instrument_imports(include=["hexmark"]):
        from hexmark.openbadges.errors import FormatError, Unreachable

        reader = READERS[name]

        def one(data: bytes) -> None:
            # A refusal is an answer. Anything else that is raised ends the run.
            try:
                reader(data)
            except (FormatError, Unreachable):
                return

        one(b"")
    atheris.Setup([f"fuzz-{name}", *arguments], one)
    atheris.Fuzz()


def run(name: str, *, seconds: int) -> dict[str, Any]:
    """The figures of one reader."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "seed").write_bytes(seeds()[name])
        limits = [f"-max_total_time={seconds}", f"-timeout={HANG_SECONDS}", f"-rss_limit_mb={OWN_MIB + MEMORY_MIB}"]
        reader = [sys.executable, "-m", "tests.quality.fuzz", "--reader", name, "--"]
        command = [*reader, *limits, "-max_len=16384", "-print_final_stats=1", folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=_environment())
        found = {key: int(value) for key, value in re.findall(r"stat::(\w+):\s+(\d+)", done.stderr)}
        figures = {"executions": found.get("number_of_executed_units", 0), "peak_mib": found.get("peak_rss_mb", 0)}
        if done.returncode == 0:
            return {**figures, "held": True}
        found_by = {path.name: path.read_bytes().decode("latin-1") for path in Path(folder).glob("*-*") if path.name != "seed"}
        return {**figures, "held": False, "last_words": done.stdout[-3000:] + done.stderr[-1000:], "inputs": found_by}


def _environment() -> dict[str, str]:
    import os

    # The folder of the run is where a crash is written, so the repository must be found from elsewhere.
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])}


def main() -> None:
    """Run one reader, or all of them one after the other."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=100, help="for each reader")
    options.add_argument("--reader", choices=READERS)
    options.add_argument("arguments", nargs="*")
    chosen = options.parse_args()
    if chosen.arguments:
        fuzz(chosen.reader, chosen.arguments)
        return
    names = [chosen.reader] if chosen.reader else [*READERS]
    figures = {name: run(name, seconds=chosen.seconds) for name in names}
    print(json.dumps(figures, indent=1))
    raise SystemExit(0 if all(one["held"] for one in figures.values()) else 1)


if __name__ == "__main__":
    main()
