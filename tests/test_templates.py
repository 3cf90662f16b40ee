"""Every template can be read, and names only components that exist. What the pages show is tested in tests/web."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

import hexmark.web

FOLDER = Path(hexmark.web.__file__).parent / "templates"
NAMES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))
COMPONENTS = {str(path.relative_to(FOLDER / "cotton").with_suffix("")).replace("/", ".") for path in (FOLDER / "cotton").rglob("*.html")}


@pytest.mark.parametrize("name", NAMES)
def test_every_template_can_be_read(name: str) -> None:
    assert get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_component_that_a_template_names_exists(name: str) -> None:
    used = set(re.findall(r"<c-([a-z0-9._-]+)", (FOLDER / name).read_text(encoding="utf-8"))) - {"vars", "slot"}
    assert {component.replace("-", "_") for component in used} - COMPONENTS == set()
