"""The press-out sheet of a person or a team: what is earned, what has run out, what there still is; as a list of links and as a picture."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.templatetags.static import static
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import slugify

from hexmark.catalogue import art
from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import Invalid
from hexmark.files.derived import made
from hexmark.files.images import rasterise
from hexmark.files.pdf import sheet_pdf
from hexmark.issuing.models import Credential
from hexmark.issuing.rules import is_expired
from hexmark.pressout import Cell, Heading, Recipe, State, sheet, suggest_art
from hexmark.pressout.cells import cut_paths, outline_path
from hexmark.pressout.icons import icon_path

#: More than this is no sheet but a list, and stands in one.
MOST_CELLS = 24
PNG_WIDTH = 2400
#: Part of what a picture of a sheet is known by: raised with every change that shows.
LAYOUT = 2
OUTLINE = outline_path()


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One hexagon: what it is of, where it leads, how far it is, and the sentence that says so."""

    version: AchievementVersion
    href: str
    state: State
    said: str
    done: int = 0
    total: int = 6
    picture: str = ""

    @property
    def name(self) -> str:
        """The achievement's name."""
        return self.version.name

    @property
    def src(self) -> str:
        """The picture of what was earned."""
        return self.picture or reverse("achievement_image", args=[self.version.achievement.slug, self.version.number])

    @property
    def recipe(self) -> Recipe:
        """What is drawn; for an uploaded picture, what the text suggests."""
        if self.version.drawn_svg and self.version.art:
            return art.recipe_of(self.version)
        return suggest_art(self.version.name, self.version.level, [*self.version.tags, *self.version.subjects])

    @property
    def icon(self) -> str:
        """Path data of the glyph on a piece that is still in the sheet."""
        return icon_path(self.recipe.icon)

    @property
    def cuts(self) -> list[str]:
        """Path data of the sides that are cut."""
        return cut_paths(self.pressed.cut)

    @property
    def pressed(self) -> Cell:
        """The cell of the picture."""
        return Cell(self.recipe, self.state, self.done, self.total)


@dataclass(frozen=True, slots=True)
class WebSheet:
    """A sheet to show: whose it is, its cells, how many of all are earned, and where its pictures are."""

    title: str
    owner: str
    cells: tuple[SheetCell, ...]
    earned: int
    total: int
    files: str = ""
    outline: str = OUTLINE

    @property
    def more(self) -> int:
        """How many there are beyond those that have a place on it."""
        return self.total - len(self.cells)


def sheet_of(
    held: Iterable[Credential], offered: Iterable[AchievementVersion], *, title: str, owner: str, at: datetime, files: str = ""
) -> WebSheet:
    """The sheet of somebody who holds these credentials where these versions are offered.

    Held ones come first, newest first, then those that have run out, then the rest of what is offered by name. What was revoked is not
    held. `files` is the address under which its pictures are served, without their ending.
    """
    newest: dict[int, Credential] = {}
    for credential in sorted((one for one in held if not one.revoked_at), key=lambda one: (is_expired(one.valid_until, at), -one.pk)):
        newest.setdefault(credential.award.version.achievement_id, credential)
    cells = sorted((_held(credential, at) for credential in newest.values()), key=lambda cell: cell.state == State.RENEW)
    earned = sum(cell.state == State.EARNED for cell in cells)
    cells += [_offered(version) for version in offered if version.achievement_id not in newest]
    return WebSheet(title, owner, tuple(cells[:MOST_CELLS]), earned, len(cells), files)


def _held(credential: Credential, at: datetime) -> SheetCell:
    version, href = credential.award.version, reverse("award", args=[credential.award.public_id])
    if is_expired(credential.valid_until, at):
        return SheetCell(version, href, State.RENEW, f"Ran out on {_day(credential.valid_until, credential)}. Earn it again.")
    said = f"Earned on {_day(credential.award.awarded_at, credential)}"
    if credential.paused_at:
        said += ", paused by the issuer at the moment"
    elif credential.valid_until:
        said += f", valid until {_day(credential.valid_until, credential)}"
    return SheetCell(version, href, State.EARNED, f"{said}.")


def _offered(version: AchievementVersion) -> SheetCell:
    return SheetCell(version, reverse("achievement", args=[version.achievement.slug]), State.AVAILABLE, "Not earned yet.")


def _day(moment: datetime | None, credential: Credential) -> str:
    return date_format(moment.astimezone(credential.organisation.zone), "j F Y") if moment else ""


def team_sheet(
    held: Iterable[Credential], offered: Iterable[AchievementVersion], *, people: int, title: str, owner: str, at: datetime, files: str = ""
) -> WebSheet:
    """The sheet of a team: each side that is cut is a sixth of its people who hold it; it is pressed out when all of them do."""
    valid = {
        (one.award.version.achievement_id, one.award.person_id)
        for one in held
        if not one.revoked_at and not is_expired(one.valid_until, at)
    }
    holders = Counter(achievement for achievement, _ in valid)
    cells = [_of_team(version, holders[version.achievement_id], people) for version in offered]
    cells.sort(key=lambda cell: -cell.done)
    return WebSheet(title, owner, tuple(cells[:MOST_CELLS]), sum(cell.state == State.EARNED for cell in cells), len(cells), files)


def _of_team(version: AchievementVersion, done: int, people: int) -> SheetCell:
    state = State.EARNED if people and done >= people else State.PROGRESS if done else State.AVAILABLE
    href = reverse("achievement", args=[version.achievement.slug])
    return SheetCell(version, href, state, f"{done} of {people} hold it.", min(done, max(people, 1)), max(people, 1))


def picture_of(shown: WebSheet, form: str, *, subtitle: str) -> bytes:
    """The sheet to print or to send, as `svg`, `png` or `pdf`; made once for what stands on it.

    Raises:
        Invalid: there is nothing on it.
    """
    if not shown.cells:
        raise Invalid("There is nothing on this sheet yet.")
    cells = [cell.pressed for cell in shown.cells]
    drawn = [f"{cell.recipe.digest} {cell.state} {cell.done} {cell.total}" for cell in cells]
    # The PDF says each cell in words, too: a pause changes these and nothing of the picture.
    said = [f"{shown.earned} {shown.total}", *(f"{cell.name}: {cell.said}" for cell in shown.cells)] if form == "pdf" else []
    key = hashlib.sha256("\n".join([shown.title, shown.owner, subtitle, *drawn, *said]).encode()).hexdigest()
    return made("sheet", LAYOUT, key, form, make=lambda: _made(shown, cells, form, subtitle))


def _made(shown: WebSheet, cells: Sequence[Cell], form: str, subtitle: str) -> bytes:
    svg = sheet(cells, Heading(shown.title, subtitle, shown.owner), columns=5 if len(cells) > 4 else max(2, len(cells)))
    if form == "svg":
        return svg.encode()
    width, height = (int(part) for part in svg.split('viewBox="0 0 ', 1)[1].split('"', 1)[0].split())
    png = rasterise(svg, side=PNG_WIDTH, height=round(PNG_WIDTH * height / width))
    if form == "png":
        return png
    said = f"{shown.earned} of {shown.total} earned. " + " ".join(f"{cell.name}: {cell.said}" for cell in shown.cells)
    return sheet_pdf(png, title=f"{shown.title}, {shown.owner}", picture=said, rows=[(cell.name, cell.said) for cell in shown.cells])


def sample_sheet() -> WebSheet:
    """A sheet in every state, for the style guide; nobody's."""
    rows = (
        ("Data Steward", State.EARNED, 0),
        ("Net Zero Lead", State.EARNED, 0),
        ("Lean Coach", State.PROGRESS, 4),
        ("Mentor", State.AVAILABLE, 0),
        ("Scholar", State.LOCKED, 0),
        ("Secure Coder", State.PROGRESS, 2),
        ("First Aid", State.RENEW, 0),
        ("Keeper of the Records", State.AVAILABLE, 0),
    )
    cells = []
    for name, state, done in rows:
        version = AchievementVersion(name=name, level=3)
        picture = static(f"hexmark/samples/{slugify(name)}.svg") if state == State.EARNED else ""
        said = f"{done} of 5 steps done." if state == State.PROGRESS else f"{state.capitalize()}."
        cells.append(SheetCell(version, "#badges", state, said, done, 5, picture))
    return WebSheet("Digital & Operations", "Amara Osei, Northwind Academy", tuple(cells), 2, len(cells))
