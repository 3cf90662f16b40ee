"""`hexmark art`."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from hexmark.cli.main import main
from hexmark.pressout import Domain, Recipe, Rim, compact_badge, flat_badge, full_badge, plain_badge

RECIPE = Recipe("Data Steward", 4, Domain.DATA, "database", 2, rim=Rim("Northwind", "Skill", "2026", "Level 4"))


@pytest.fixture
def recipe_file(tmp_path: Path) -> Path:
    path = tmp_path / "recipe.json"
    path.write_text(RECIPE.to_json(), "utf-8")
    return path


def art(*arguments: object, text: str | None = None) -> Result:
    return CliRunner().invoke(main, ["art", *map(str, arguments)], input=text)


def test_a_recipe_becomes_the_svg_of_the_library(recipe_file: Path, tmp_path: Path):
    out = tmp_path / "out.svg"
    answer = art(recipe_file, "-o", out)
    assert answer.exit_code == 0, answer.output
    assert out.read_text("utf-8") == full_badge(RECIPE)
    assert f"Wrote {out}" in answer.stderr


@pytest.mark.parametrize(("option", "drawn"), [("--compact", compact_badge), ("--flat", flat_badge)])
def test_there_are_two_variants_for_small_sizes(recipe_file: Path, tmp_path: Path, option: str, drawn):
    out = tmp_path / "out.svg"
    assert art(recipe_file, "-o", out, option).exit_code == 0
    assert out.read_text("utf-8") == drawn(RECIPE)


def test_a_recipe_of_version_one_is_drawn_as_it_always_was(tmp_path: Path):
    old = Recipe("Data Steward", 4, Domain.DATA, "database")
    out = tmp_path / "out.svg"
    assert art("-", "-o", out, text=old.to_json()).exit_code == 0
    assert out.read_text("utf-8") == plain_badge(old)


def test_a_png_has_the_side_that_was_asked_for(recipe_file: Path, tmp_path: Path):
    out = tmp_path / "out.png"
    assert art(recipe_file, "-o", out, "--png", 96).exit_code == 0
    picture = Image.open(io.BytesIO(out.read_bytes()))
    assert (picture.format, picture.size, picture.mode) == ("PNG", (96, 96), "RGBA")


@pytest.mark.parametrize("side", ["0", "15", "4097", "much"])
def test_a_png_of_a_senseless_size_is_refused(recipe_file: Path, tmp_path: Path, side: str):
    assert art(recipe_file, "-o", tmp_path / "out.png", "--png", side).exit_code == 2


def test_compact_and_flat_exclude_each_other(recipe_file: Path, tmp_path: Path):
    answer = art(recipe_file, "-o", tmp_path / "out.svg", "--compact", "--flat")
    assert answer.exit_code == 2
    assert "one of --compact and --flat" in answer.stderr


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"icon": "no-such-thing"}, "no-such-thing"),
        ({"body": "spun", "metal": "gunmetal"}, "contrast of"),
        ({"arc": "データ"}, "Latin script"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_recipe_that_cannot_be_drawn_is_refused_with_the_reason(tmp_path: Path, change: dict[str, str], reason: str):
    out = tmp_path / "out.svg"
    answer = art("-", "-o", out, text=json.dumps({**json.loads(RECIPE.to_json()), **change}))
    assert answer.exit_code == 3
    assert reason in answer.stderr
    assert not out.exists()


def test_a_file_that_cannot_be_written_is_said(recipe_file: Path, tmp_path: Path):
    answer = art(recipe_file, "-o", tmp_path / "missing" / "out.svg")
    assert answer.exit_code == 1
    assert "cannot be written" in answer.stderr


def test_drawing_does_not_load_the_framework(recipe_file: Path, tmp_path: Path):
    program = "import sys; from hexmark.cli.main import main; main(sys.argv[1:], standalone_mode=False); assert 'django' not in sys.modules"
    arguments = ["art", str(recipe_file), "-o", str(tmp_path / "out.svg")]
    subprocess.run([sys.executable, "-c", program, *arguments], check=True, capture_output=True)
