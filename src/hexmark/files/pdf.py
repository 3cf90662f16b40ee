"""PDF documents. Layout stands in `typst/`, texts arrive as data: what somebody writes can never become markup, nor read a file.

Nothing is fetched and no font of the machine is used: ours lie in `fonts/`, and an administrator may put more into the folder `fonts`
of the data directory for letters that we do not ship.
"""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from pathlib import Path

from django.conf import settings

from hexmark.errors import NotConfigured

#: Part of what a finished file is known by: raised with every change that shows.
LAYOUT = 1
#: Longer runs without a space are given places to break, which take no room.
LONGEST_RUN = 24
_FONTS = ("Noto Sans Arabic", "Noto Sans Hebrew")
_SUFFIXES = {".ttf", ".otf", ".ttc"}
#: Characters that show nothing of their own need no letter.
_SILENT = {"Cc", "Cf", "Zs", "Zl", "Zp", "Mn"}


@dataclass(frozen=True, slots=True)
class Certificate:
    """What stands on a certificate. `metal` is a gradient of five colours; facts are pairs of a label and a value."""

    title: str
    name: str
    issuer: str
    description: str
    facts: tuple[tuple[str, str], ...]
    awarded_on: date
    url: str
    language: str
    picture: str
    metal: tuple[str, ...]
    check: str
    note: str


def certificate(data: Certificate, *, badge_png: bytes, code_svg: bytes) -> bytes:
    """The certificate as a tagged PDF (PDF/UA-1) of one page. It takes about a third of a second: never inside a transaction.

    Raises:
        NotConfigured: a text is in letters for which there is no font here.
    """
    given = {
        # A heading must hold something; a name that is only an emoji leaves nothing.
        "title": settable(data.title).strip() or "—",
        "name": settable(data.name),
        "issuer": settable(data.issuer),
        "description": settable(data.description),
        "facts": [[label, settable(value)] for label, value in data.facts],
        "date": [data.awarded_on.year, data.awarded_on.month, data.awarded_on.day],
        "url": data.url,
        "shown_url": settable(data.url.partition("://")[2]),
        "language": _language(data.language),
        "picture": data.picture,
        "metal": list(data.metal),
        "check": settable(data.check),
        "note": settable(data.note),
        "document_title": f"{data.title}, {data.name}",
    }
    return typeset("certificate", given, files={"badge.png": badge_png, "code.svg": code_svg})


def sheet_pdf(picture_png: bytes, *, title: str, picture: str, rows: Iterable[tuple[str, str]]) -> bytes:
    """A press-out sheet as a tagged PDF: the picture on a page of A4, and after it the same in words, as a table. As `certificate` does."""
    given = {
        "document_title": settable(title).strip() or "—",
        "picture": picture,
        "rows": [[settable(name) or "—", settable(said)] for name, said in rows],
    }
    return typeset("sheet", given, files={"sheet.png": picture_png})


def typeset(template: str, given: Mapping[str, object], *, files: Mapping[str, bytes]) -> bytes:
    """The PDF that a template of ours makes of this data and these pictures."""
    import typst

    texts = {"given": json.dumps({**given, "fonts": [*_FONTS, *_extra_families()]})}
    layout = resources.files(__package__).joinpath("typst", f"{template}.typ").read_bytes()
    # Pictures lie in a folder of their own, which is all that the document could ever read.
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            Path(folder, name).write_bytes(content)
        return typst.compile(
            layout,
            root=folder,
            font_paths=_fonts(_extra_folder()),
            ignore_system_fonts=True,
            sys_inputs=texts,
            pdf_standards=["ua-1"],
            # Packages are looked for there only, and nothing is there: a template asks for none, and nothing is ever downloaded.
            package_path=_NOWHERE,
            package_cache_path=_NOWHERE,
        )


_NOWHERE = "/nonexistent"


def settable(text: str) -> str:
    """The text in letters that we can set, with places to break in long runs. Signs without a letter, such as emoji, are left out.

    Raises:
        NotConfigured: it holds letters for which there is no font here.
    """
    composed = unicodedata.normalize("NFC", text)
    covered = _characters(_extra_folder())
    absent = [character for character in composed if ord(character) not in covered and unicodedata.category(character) not in _SILENT]
    letters = sorted({character for character in absent if unicodedata.category(character)[0] in "LN"})
    if letters:
        raise NotConfigured(
            f"There is no font here for {', '.join(letters[:5])}. The badge and its page are not affected; for the PDF, an administrator "
            "can put a font with these letters into the folder “fonts” of the data directory."
        )
    kept = "".join(character for character in composed if character not in absent and unicodedata.category(character) not in ("Cc", "Cs"))
    return re.sub(rf"(\S{{{LONGEST_RUN}}})(?=\S)", "\\1\u200b", kept.replace("\n", " "))


def _language(tag: str) -> str:
    """The part of a language tag that a document can carry."""
    primary = tag.split("-", maxsplit=1)[0].lower()
    return primary if re.fullmatch("[a-z]{2,3}", primary) else "en"


def _extra_folder() -> str:
    folder = Path(settings.DATA_DIR) / "fonts"
    return str(folder) if folder.is_dir() else ""


def _extra_families() -> list[str]:
    known = {"Inter", "Barlow", *_FONTS}
    return [family for family in _fonts(_extra_folder()).families() if family not in known] if _extra_folder() else []


def _folders(extra: str) -> list[str]:
    with resources.as_file(resources.files(__package__).joinpath("fonts")) as ours:
        return [str(ours), *([extra] if extra else [])]


@lru_cache(maxsize=4)
def _fonts(extra: str) -> typst.Fonts:  # type: ignore[name-defined] # noqa: F821
    """The fonts of a certificate, read once: a restart finds what was put there since."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=_folders(extra))


@lru_cache(maxsize=4)
def _characters(extra: str) -> frozenset[int]:
    """Every character that one of the fonts has."""
    return frozenset(_of_all(file for folder in _folders(extra) for file in sorted(Path(folder).iterdir()) if file.suffix in _SUFFIXES))


def _of_all(files: Iterable[Path]) -> Iterable[int]:
    import uharfbuzz as harfbuzz

    for file in files:
        yield from harfbuzz.Face(file.read_bytes()).unicodes
