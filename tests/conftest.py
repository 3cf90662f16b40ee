"""Fixtures that every room of the house may use."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of published vectors. It does not come with a clone: tests that need it skip, except in continuous integration."""
    folder = Path(os.environ.get("HEXMARK_REFERENCE_DATA", ROOT.parent / "shared" / "data"))
    if (folder / "vectors").is_dir():
        return folder
    if os.environ.get("CI") == "true":
        pytest.fail(f"Continuous integration needs the published vectors, and {folder} is not there.")
    pytest.skip("The published vectors are not here; set HEXMARK_REFERENCE_DATA to their folder.")
