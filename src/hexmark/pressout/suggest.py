"""A first recipe from words: so that a new badge looks like something before anybody has chosen anything."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from hexmark.pressout.lettering import can_letter
from hexmark.pressout.recipe import LEVELS, WORDS_CHARACTERS, Body, Domain, MetalName, Recipe, Rim

#: Beginnings of words, most telling first: the first that matches decides.
_ICONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("first-aid-kit", ("first aid", "medic", "health", "nurs", "clinic", "patient")),
    ("hard-hat", ("safety", "construct", "site", "hazard", "incident")),
    ("shield-check", ("secur", "privacy", "protect", "cyber", "complian", "risk", "trust")),
    ("recycle", ("recycl", "waste", "circular")),
    ("leaf", ("green", "climate", "carbon", "net zero", "sustain", "environment", "energy", "nature")),
    ("database", ("data", "sql", "database", "records")),
    ("chart-line-up", ("analy", "statistic", "measure", "improve", "performance", "growth", "sales", "finance")),
    ("code", ("code", "coder", "coding", "program", "software", "develop", "python", "web")),
    ("cpu", ("ai ", "machine learn", "comput", "digital", "cloud", "automat", "engineer", "technolog")),
    ("chalkboard-teacher", ("teach", "train", "mentor", "coach", "instruct", "tutor")),
    ("chats-circle", ("communicat", "facilitat", "conversation", "feedback", "language", "listen")),
    ("megaphone", ("market", "campaign", "speak", "present", "advoca")),
    ("scales", ("law", "legal", "ethic", "fair", "audit", "judg", "assess")),
    ("handshake", ("partner", "customer", "negotiat", "service", "trade")),
    ("users-three", ("team", "lead", "manag", "inclus", "people", "communit", "volunteer", "collaborat")),
    ("lightning", ("rapid", "respon", "fast", "electric", "power", "emergency")),
    ("lightbulb", ("idea", "innovat", "creativ", "design", "invent")),
    ("puzzle-piece", ("problem", "solv", "integrat", "strateg")),
    ("rocket-launch", ("start", "launch", "pioneer", "founder", "entrepreneur")),
    ("wrench", ("repair", "mainten", "mechanic", "craft", "weld", "tool")),
    ("gear-six", ("operat", "process", "lean", "production", "machin", "manufactur", "logistic")),
    ("globe", ("global", "international", "travel", "world")),
    ("compass", ("navigat", "career", "orient", "explor", "onboard", "welcome")),
    ("graduation-cap", ("graduat", "degree", "scholar", "academ", "course", "stud")),
    ("book-open", ("read", "book", "librar", "research", "knowledge", "learn")),
    ("target", ("goal", "target", "focus")),
    ("heart", ("care", "caring", "wellbeing", "donor", "kind")),
    ("trophy", ("champion", "winner", "award", "excellen")),
)
_DOMAINS: tuple[tuple[Domain, tuple[str, ...]], ...] = (
    (Domain.CARE, ("first aid", "medic", "health", "nurs", "clinic", "patient", "care", "caring", "wellbeing", "kind")),
    (Domain.SAFETY, ("safety", "hazard", "incident", "emergency", "respon", "risk")),
    (Domain.SUSTAINABILITY, ("green", "climate", "carbon", "net zero", "sustain", "environment", "energy", "nature", "recycl", "waste")),
    (Domain.DATA, ("data", "analy", "statistic", "measure", "sql", "records", "finance")),
    (Domain.TECHNOLOGY, ("code", "coder", "coding", "program", "software", "develop", "python", "web", "secur", "cyber", "ai ",
                         "machine learn", "comput", "digital", "cloud", "automat", "technolog")),
    (Domain.LEADERSHIP, ("lead", "manag", "team", "inclus", "mentor", "coach", "facilitat", "communicat", "people", "strateg")),
    (Domain.CRAFT, ("craft", "repair", "mainten", "mechanic", "weld", "tool", "engineer", "machin", "production", "manufactur", "operat")),
)  # fmt: skip


def _words(texts: Iterable[str]) -> str:
    joined = unicodedata.normalize("NFKD", " ".join(texts)).casefold()
    return " " + re.sub(r"[^\w]+", " ", joined) + " "


def suggest(name: str, level: int, tags: Iterable[str] = ()) -> Recipe:
    """A recipe whose icon and domain follow from the words of the name, then of the tags; without a hint, a medal on slate.

    Raises:
        RecipeError: the name or the level cannot be drawn.
    """
    texts = (_words([name]), _words(tags))
    icon = next((icon for text in texts for icon, beginnings in _ICONS if any(f" {begin}" in text for begin in beginnings)), "medal")
    domain = next(
        (domain for text in texts for domain, beginnings in _DOMAINS if any(f" {begin}" in text for begin in beginnings)), Domain.GENERAL
    )
    return Recipe(name, level, domain, icon)


def suggest_art(name: str, level: int, hints: Iterable[str] = (), *, issuer: str = "", shown_by: str = "") -> Recipe:
    """A recipe of version 2: icon, domain and body from the words of the name, then of the hints; the rim says who, how and which level.

    Level 0 stands outside the ladder: it has no studs, and a metal that no level has.

    Raises:
        RecipeError: the name or the level cannot be drawn.
    """
    plain = suggest(name, level or 1, hints)
    step = (f"Level {level}", f"of {LEVELS[-1]}") if level else ("", "")
    body = {Domain.SAFETY: Body.MESH, Domain.TECHNOLOGY: Body.MESH, Domain.CRAFT: Body.SPUN if level == LEVELS[-1] else Body.MESH}
    return replace(
        plain,
        art_version=2,
        body=body.get(plain.domain, Body.RAYS),
        metal=None if level else MetalName.TITANIUM,
        rim=Rim(_rim_words(issuer), _rim_words(shown_by), step[1], step[0]),
        pips=bool(level),
    )


def _rim_words(words: str) -> str:
    """The words if they can stand on the rim: in our letters, and short enough to be read there."""
    words = words.strip()
    return words if len(words) <= WORDS_CHARACTERS and can_letter(words.upper()) else ""
