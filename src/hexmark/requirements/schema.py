"""The JSON Schema of requirements, shipped beside the code so that other programs can check what they write."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def schema() -> dict[str, Any]:
    """The schema (draft 2020-12). It and `parse` agree, but for depth, size and whether so much can be asked for."""
    found: dict[str, Any] = json.loads(files("hexmark.requirements").joinpath("requirement.schema.json").read_text(encoding="utf-8"))
    return found
