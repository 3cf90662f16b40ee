"""The page about requirements says what is so: its examples are read, and answer what stands below them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from hexmark.requirements import Holdings, evaluate, parse, sentence
from hexmark.requirements.codec import TYPES

PAGE = (Path(__file__).resolve().parents[2] / "docs/explanation/requirements.md").read_text(encoding="utf-8")
EXAMPLES = [json.loads(found) for found in re.findall(r"(?s)```json\n(.*?)```", PAGE)]
ANSWERS = [found.strip() for found in re.findall(r"(?s)```text\n(.*?)```", PAGE)]


def test_the_example_reads_as_the_page_says() -> None:
    rule = parse(EXAMPLES[0])
    assert sentence(rule) == ANSWERS[0]
    assert evaluate(rule, Holdings(), datetime(2026, 3, 31, tzinfo=UTC)).summary == ANSWERS[1]


def test_every_example_can_be_read_and_every_type_is_named() -> None:
    assert all(parse(example) for example in EXAMPLES)
    assert all(f"`{name}`" in PAGE for name in TYPES)
