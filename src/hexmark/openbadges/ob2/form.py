"""What the parts of a badge of version 2 must have. Few members, but a badge without them cannot be shown for what it is."""

from __future__ import annotations

from collections.abc import Mapping

from hexmark.openbadges.checks.sources import Document
from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.ob2 import moments
from hexmark.openbadges.ob2.parts import id_of, types_of
from hexmark.openbadges.schema.problem import SCHEMA, Problem

_ISSUER_TYPES = frozenset({"Issuer", "Profile"})


def assertion_problems(assertion: Document) -> list[Problem]:
    """What is wrong with an assertion. Source: Open Badges 2.0, Assertion and IdentityObject."""
    found = _missing(assertion, ("id", "recipient", "badge", "issuedOn"), "assertion")
    if not isinstance(assertion.get("verification", assertion.get("verify")), Mapping):
        found.append(Problem("/verification", "The assertion does not say how it is to be verified."))
    recipient = assertion.get("recipient")
    if isinstance(recipient, Mapping):
        found += [
            Problem(f"/recipient/{name}", f"The recipient of the assertion needs {name}.")
            for name, kind in (("type", str), ("identity", str), ("hashed", bool))
            if not isinstance(recipient.get(name), kind)
        ]
        found += _identity_warnings(recipient)
    elif "recipient" in assertion:
        found.append(Problem("/recipient", "The recipient of the assertion is not one."))
    for name in ("issuedOn", "expires"):
        try:
            if assertion.get(name) is not None:
                moments.parse(assertion[name])
        except FormatError as error:
            found.append(Problem(f"/{name}", str(error)))
    return found


def badge_class_problems(badge_class: Document) -> list[Problem]:
    """What is wrong with a BadgeClass. Source: Open Badges 2.0, BadgeClass."""
    found = _missing(badge_class, ("name", "description", "criteria", "issuer"), "BadgeClass")
    if "BadgeClass" not in types_of(badge_class):
        found.append(Problem("/type", "What the assertion names as its BadgeClass is not one."))
    if id_of(badge_class.get("image")) is None:
        found.append(Problem("/image", "The BadgeClass has no picture.", SCHEMA, is_warning=True))
    return found


def issuer_problems(profile: Document) -> list[Problem]:
    """What is wrong with an issuer's profile. Source: Open Badges 2.0, Profile."""
    found = _missing(profile, ("id", "name", "url"), "issuer's profile")
    if _ISSUER_TYPES.isdisjoint(types_of(profile)):
        found.append(Problem("/type", "What the BadgeClass names as its issuer is not one."))
    if not isinstance(profile.get("email"), str):
        found.append(Problem("/email", "The issuer's profile has no e-mail address.", SCHEMA, is_warning=True))
    return found


def _missing(part: Document, names: tuple[str, ...], what: str) -> list[Problem]:
    return [Problem(f"/{name}", f"The {what} needs {name}.") for name in names if part.get(name) in (None, "", [], {})]


def _identity_warnings(recipient: Document) -> list[Problem]:
    if recipient.get("hashed") is not True:
        return []
    found = []
    if str(recipient.get("identity")).startswith("md5$"):
        found.append(Problem("/recipient/identity", "The recipient is hashed with md5, which is weak.", "WEAK_HASH", is_warning=True))
    if not recipient.get("salt"):
        found.append(
            Problem("/recipient/salt", "The recipient is hashed without a salt and can be guessed.", "UNSALTED_IDENTITY", is_warning=True)
        )
    return found
