"""The status entries of a credential: what its `credentialStatus` says about where its status stands.

Source: W3C Bitstring Status List 1.0, 2.1; its predecessor, Status List 2021 (W3C Credentials Community Group), 4.1.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hexmark.openbadges.errors import Malformed, StatusError

Document = Mapping[str, Any]

ENTRY_TYPE = "BitstringStatusListEntry"
#: The predecessor's, of the same form. Read, never issued.
ENTRY_TYPE_2021 = "StatusList2021Entry"
_STATUS_SIZE_MAX = 64
#: No zero in front, no sign, no space: one number has one spelling.
_INDEX = re.compile(r"0|[1-9][0-9]*", re.ASCII)
_INDEX_DIGITS = 18
_VALUE = re.compile(r"0x[0-9A-Fa-f]{1,16}", re.ASCII)


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """Where a credential's status stands: `index` in the list at `list_url`, for one `purpose` (`revocation`, `suspension`, …).

    `size` is the bits an entry has; `messages` maps each value to its words (purpose `message`), `pointer` is where it stood,
    and `type` which kind of list it points to.
    """

    purpose: str
    index: int
    list_url: str
    size: int = 1
    messages: Mapping[int, str] = field(default_factory=dict)
    id: str | None = None
    pointer: str = "/credentialStatus"
    type: str = ENTRY_TYPE

    def to_json(self) -> dict[str, Any]:
        """The member as it stands in a credential; the index is a string (2.1 of the standard)."""
        entry: dict[str, Any] = {"id": self.id} if self.id else {}
        entry |= {"type": self.type, "statusPurpose": self.purpose, "statusListIndex": str(self.index)}
        entry["statusListCredential"] = self.list_url
        if self.size != 1:
            entry["statusSize"] = self.size
        if self.messages:
            entry["statusMessage"] = [{"status": hex(value), "message": words} for value, words in self.messages.items()]
        return entry


def entries_of(credential: Document) -> list[StatusEntry]:
    """Every status entry of a credential, in its order; an empty list if it declares no status.

    Raises:
        Malformed: an entry misses a member or has one of the wrong form (C21, F16, F19 of our list of bad inputs).
        StatusError: detail STATUS_TYPE, a kind of status that we cannot read. Ignoring it could hide a revocation.
    """
    declared = credential.get("credentialStatus", [])
    if isinstance(declared, list):
        return [_entry(each, f"/credentialStatus/{position}") for position, each in enumerate(declared)]
    return [_entry(declared, "/credentialStatus")]


def _entry(entry: object, pointer: str) -> StatusEntry:
    if not isinstance(entry, Mapping) or not names_of(entry.get("type")):
        raise Malformed("A status needs to be an object with a type.", pointer=pointer)
    kind = next((name for name in names_of(entry["type"]) if name in (ENTRY_TYPE, ENTRY_TYPE_2021)), None)
    if kind is None:
        raise StatusError(f"A status of the type {names_of(entry['type'])[0]} cannot be read here.", detail="STATUS_TYPE", pointer=pointer)
    # The predecessor knows one bit an entry and nothing else.
    size = entry.get("statusSize", 1) if kind == ENTRY_TYPE else 1
    if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= _STATUS_SIZE_MAX:
        raise Malformed("The size of a status is a number of bits, from 1 on.", pointer=f"{pointer}/statusSize")
    identifier = entry.get("id")
    if identifier is not None and not isinstance(identifier, str):
        raise Malformed("The id of a status is one URL.", pointer=f"{pointer}/id")
    return StatusEntry(
        purpose=_text(entry, "statusPurpose", pointer),
        index=_index(entry.get("statusListIndex"), f"{pointer}/statusListIndex"),
        list_url=_text(entry, "statusListCredential", pointer),
        size=size,
        messages=_messages(entry.get("statusMessage"), size, f"{pointer}/statusMessage"),
        id=identifier,
        pointer=pointer,
        type=kind,
    )


def names_of(kind: object) -> list[str]:
    """The texts of a member that may be one text or an array of them; whatever else stands there is left out."""
    names = kind if isinstance(kind, list) else [kind]
    return [name for name in names if isinstance(name, str) and name]


def _text(entry: Document, name: str, pointer: str) -> str:
    text = entry.get(name)
    if not isinstance(text, str) or not text:
        raise Malformed(f"A status entry needs {name}, as text.", pointer=f"{pointer}/{name}")
    return text


def _index(text: object, pointer: str) -> int:
    if not isinstance(text, str) or not _INDEX.fullmatch(text):
        raise Malformed("The index of a status is a whole number from 0 on, written as text.", pointer=pointer)
    # No list is that long; and int() of a million digits would be work for an attacker to ask for.
    if len(text) > _INDEX_DIGITS:
        raise StatusError("The status list has no entry with this index.", code="RANGE_ERROR", pointer=pointer)
    return int(text)


def _messages(messages: object, size: int, pointer: str) -> dict[int, str]:
    if messages is None:
        return {}
    if not isinstance(messages, list) or len(messages) != 1 << size:
        raise Malformed(f"A status of {size} bits needs a message for each of its {1 << size} values.", pointer=pointer)
    words: dict[int, str] = {}
    for message in messages:
        if not isinstance(message, Mapping) or not isinstance(message.get("message"), str):
            raise Malformed("A status message needs a status and a message, both as text.", pointer=pointer)
        number = message.get("status")
        if not isinstance(number, str) or not _VALUE.fullmatch(number):
            raise Malformed("A status message names its value as hexadecimal text, like 0x1.", pointer=pointer)
        words[int(number, 16)] = message["message"]
    if words.keys() != set(range(1 << size)):
        raise Malformed("Status messages must name each value once.", pointer=pointer)
    return words
