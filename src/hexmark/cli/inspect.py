"""`hexmark inspect`: what is inside a file, as a tree for a person. Nothing is believed, fetched or verified."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hexmark.cli.files import bytes_of, refusals

if TYPE_CHECKING:
    from rich.tree import Tree

    from hexmark.verification.packets import Packet

#: Of a list, so many are shown; the rest is counted.
SHOWN = 20
_CHARACTERS = 200
_CONTAINERS = {"json": "JSON", "jwt": "compact token (JWT)", "png": "PNG picture", "svg": "SVG picture"}
Document = Mapping[str, Any]
#: A word, what stands beside it, and what stands below.
Line = tuple[str, str, list["Line"]]


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
def inspect(file: Path) -> None:
    """Show what is inside FILE: its container, kind, issuer, recipient, achievement, dates, proofs and status.

    FILE is a badge as JSON or JWT, a PNG or SVG with a badge inside, or - for standard input. It is looked at and not verified:
    anybody can write any of this. Use `hexmark verify` to check it.

    Exit code 3: no such file, or no badge in it.
    """
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

    from hexmark.cli.words import plain

    data = bytes_of(file)
    with refusals():
        lines = outline(data)
    tree = Tree(Text(plain(str(file)), style="bold"), guide_style="dim")
    _grow(tree, lines)
    # In a file or a pipe a line is a line: an address broken over two could be neither copied nor searched for.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 100_000)
    console.print(tree)
    console.print(Text("Nothing of this was verified: use `hexmark verify`.", style="yellow"))


def outline(data: bytes) -> list[Line]:
    """What is in these bytes, line by line.

    Raises:
        FormatError: there is no badge in them that could be read.
    """
    from hexmark.openbadges.checks.kind import kind_of
    from hexmark.verification import document_of, read
    from hexmark.verification.packets import packet_of

    packet = packet_of(data)
    if packet is not None:
        return list(_packet_lines(packet, len(data)))
    found = read(data)
    document = document_of(data)
    text = found.text.encode("utf-8", "surrogatepass") if isinstance(found.text, str) else found.text
    size = f"{len(data):,} bytes"
    inside = f", {len(text):,} bytes of it the badge" if found.container in ("png", "svg") else ""
    lines: list[Line] = [("container", f"{_CONTAINERS[found.container]}, {size}{inside}", [])]
    lines += _header_lines(found.text)
    lines.append(("kind", f"{kind_of(document)}  ({', '.join(_texts(document.get('type')))})", []))
    return lines + list(_document_lines(document))


def _packet_lines(packet: Packet, size: int) -> Iterator[Line]:
    """What a review packet holds, without the words of anybody: those are for the two who have it."""
    said, review = packet.payload, _mapping(packet.payload.get("review"))
    yield "container", f"compact token (JWT), {size:,} bytes", []
    yield "kind", "review packet", []
    yield from _party(said, "issuer")
    yield from _named(said, "id", "asOf")
    yield "key", packet.method, []
    yield "cycle", _text(_mapping(review.get("cycle")).get("name")), []
    for side in ("person", "manager"):
        yield side, _text(_mapping(review.get(side)).get("name")), []
    yield from _counted("target", said.get("targets"), lambda each: f"{_text(each.get('title'))}: {_text(each.get('stood'))}")
    yield from _counted("credential", said.get("credentials"), lambda each: f"{_text(each.get('name'))} ({_text(each.get('state'))} then)")
    yield from _counted("source", said.get("sources"), lambda each: _text(each.get("id")))


def _mapping(value: object) -> Document:
    return value if isinstance(value, Mapping) else {}


def _document_lines(document: Document) -> Iterator[Line]:
    yield from _named(document, "id", "name", "description")
    yield from _party(document, "issuer")
    for subject in _objects(document.get("credentialSubject")):
        yield "subject", _text(subject.get("id")) or "no id", list(_subject_lines(subject))
    yield from _version_2_lines(document)
    yield from _named(document, "awardedDate", "validFrom", "validUntil", "issuanceDate", "expirationDate", "issuedOn", "expires")
    yield from _counted("status", document.get("credentialStatus"), _status)
    yield from _counted("proof", document.get("proof"), _proof)
    yield from _counted("evidence", document.get("evidence"), _reference)
    yield from _counted("endorsement", document.get("endorsement"), _signed_by)
    yield from _counted("refresh service", document.get("refreshService"), _reference)
    contexts = _texts(document.get("@context"))
    yield "contexts", str(len(contexts)), [(context, "", []) for context in contexts[:SHOWN]]


def _subject_lines(subject: Document) -> Iterator[Line]:
    yield from _counted("identifier", subject.get("identifier"), _identifier)
    for achievement in _objects(subject.get("achievement"))[:SHOWN]:
        yield "achievement", _text(achievement.get("name")) or "without a name", list(_achievement_lines(achievement))
    yield from _counted("result", subject.get("result"), lambda result: _text(result.get("value") or result.get("status")))
    yield from _counted("association", subject.get("association"), lambda each: _text(each.get("associationType")))
    embedded = _objects(subject.get("verifiableCredential"))
    if embedded:
        yield "credentials inside", str(len(embedded)), [("credential", _title(each), []) for each in embedded[:SHOWN]]


def _achievement_lines(achievement: Document) -> Iterator[Line]:
    yield from _named(achievement, "id", "achievementType", "description")
    for criteria in _objects(achievement.get("criteria")):
        yield "criteria", _text(criteria.get("narrative")) or _text(criteria.get("id")), []
    yield from _counted(
        "alignment", achievement.get("alignment"), lambda each: f"{_text(each.get('targetName'))} {_text(each.get('targetUrl'))}"
    )


def _version_2_lines(document: Document) -> Iterator[Line]:
    """The members that only badges of version 2 have."""
    for recipient in _objects(document.get("recipient")):
        yield "recipient", f"{_text(recipient.get('type'))} {_text(recipient.get('identity'))}", []
    if "badge" in document:
        badge = document["badge"]
        yield "BadgeClass", _title(badge) if isinstance(badge, Mapping) else _text(badge), []
    for verification in _objects(document.get("verification", document.get("verify"))):
        yield (
            "verification",
            f"{_text(verification.get('type'))} {_text(verification.get('creator', verification.get('url')))}".rstrip(),
            [],
        )


def _header_lines(text: str | bytes) -> list[Line]:
    """The header of a token."""
    from hexmark.openbadges import jose

    if not isinstance(text, str) or not jose.is_compact(text):
        return []
    header = jose.read_jwt(text).header
    return [("token", "", [(name[:40], _text(value) or f"({type(value).__name__})", []) for name, value in list(header.items())[:SHOWN]])]


def _party(document: Document, name: str) -> Iterator[Line]:
    party = document.get(name)
    if isinstance(party, Mapping):
        yield name, f"{_text(party.get('name')) or 'without a name'}  ({_text(party.get('id')) or 'without an id'})", []
    elif party is not None:
        yield name, _text(party), []


def _named(document: Document, *names: str) -> Iterator[Line]:
    for name in names:
        if name in document:
            yield name, _text(document[name]) or "not a text", []


def _counted(name: str, value: object, say: Any) -> Iterator[Line]:
    """One line for each object of a member, and how many more there are."""
    items = _objects(value)
    for item in items[:SHOWN]:
        yield name, say(item), []
    if len(items) > SHOWN:
        yield name, f"and {len(items) - SHOWN} more", []


def _status(entry: Document) -> str:
    place = _text(entry.get("statusListCredential")) or _text(entry.get("id"))
    index = f" number {_text(entry['statusListIndex'])} of" if "statusListIndex" in entry else ""
    return f"{_kind(entry)} {_text(entry.get('statusPurpose'))}{index} {place}".replace("  ", " ")


def _proof(proof: Document) -> str:
    kind = _text(proof.get("cryptosuite")) or _kind(proof)
    return f"{kind} by {_text(proof.get('verificationMethod')) or 'nobody'}, {_text(proof.get('created')) or 'without a date'}"


def _identifier(entry: Document) -> str:
    written = _text(entry.get("identityHash")) or _text(entry.get("identifier"))
    return f"{_text(entry.get('identityType')) or _text(entry.get('identifierType'))} {written}".strip()


def _reference(entry: Document) -> str:
    return " ".join(word for word in (_text(entry.get("name")), _text(entry.get("id")), _kind(entry)) if word)


def _signed_by(credential: Document) -> str:
    return next((words for _, words, _ in _party(credential, "issuer")), "by nobody")


def _title(credential: Document) -> str:
    achievements = [each for subject in _objects(credential.get("credentialSubject")) for each in _objects(subject.get("achievement"))]
    name = _text(credential.get("name")) or next((_text(each.get("name")) for each in achievements), "") or "without a name"
    return f"{name}, by {_signed_by(credential)}"


def _kind(entry: Document) -> str:
    return ", ".join(_texts(entry.get("type")))


def _objects(value: object) -> list[Document]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, Mapping)]


def _texts(value: object) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [_text(item) for item in items if isinstance(item, str)]


def _text(value: object) -> str:
    """A value in one line, shortened."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    text = str(value)
    return text if len(text) <= _CHARACTERS else f"{text[:_CHARACTERS]} … ({len(text):,} characters)"


def _grow(tree: Tree, lines: list[Line]) -> None:
    from rich.text import Text

    from hexmark.cli.words import plain

    for word, words, below in lines:
        branch = tree.add(Text.assemble((plain(word), "cyan"), ("  ", ""), plain(words)) if words else Text(plain(word)))
        _grow(branch, below)
