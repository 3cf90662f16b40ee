"""What any release issued verifies for ever: one of everything was written down when it was released, and is read here as it stood."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.forever.write import CHOSEN, FOLDER, SERVED, library_forms
from tests.simulator import Simulator

from hexmark.openbadges import strict_json
from hexmark.openbadges.report import Axis, Outcome, Report, Verdict
from hexmark.verification import verify

#: A later day than any of the badges' first, and before any of them expires.
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
ISSUED = sorted(path for path in FOLDER.glob("*/*") if path.parent.name != "__pycache__" and path.name != SERVED)
RELEASES = sorted({path.parent.name for path in ISSUED})


def name_of(path: Path) -> str:
    """Release and form."""
    return f"{path.parent.name}/{path.name}"


def report_on(path: Path, data: bytes) -> Report:
    """What a verifier says who can reach what the issuers published then."""
    simulator = Simulator()
    for url, document in strict_json.parse((path.parent / SERVED).read_bytes()).items():
        simulator.publish(url, document)
    return verify(data, fetch=simulator.fetch, at=AT)


@pytest.mark.parametrize("path", ISSUED, ids=name_of)
def test_what_was_issued_verifies(path: Path) -> None:
    report = report_on(path, path.read_bytes())
    assert report.verdict is Verdict.VERIFIED, [(check.axis, check.sentence) for check in report.checks if check.outcome is Outcome.FAILED]


@pytest.mark.parametrize("path", [path for path in ISSUED if path.suffix == ".json"], ids=name_of)
def test_what_was_issued_names_what_was_achieved_and_when(path: Path) -> None:
    """One changed word of it, and its integrity fails."""
    document = strict_json.parse(path.read_bytes())
    achievement: dict[str, Any] = document["credentialSubject"]["achievement"]
    changed = {**document, "credentialSubject": {**document["credentialSubject"], "achievement": {**achievement, "name": "Brain surgery"}}}
    report = report_on(path, strict_json.dump(changed))
    assert report.check(Axis.INTEGRITY).outcome is Outcome.FAILED


def test_there_is_a_folder_for_this_release_with_every_form_that_it_issues() -> None:
    written = {path.name for path in ISSUED if path.parent.name == RELEASES[-1]}
    assert set(library_forms({})) | {"issued.json", "issued.png", "issued.svg", *CHOSEN} == written
