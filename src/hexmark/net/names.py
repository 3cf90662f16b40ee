"""What a domain's owner says in its name servers' text records: the proof that somebody runs a domain.

Asked of the name servers that this installation uses, never of one that a stranger names; only the name is the stranger's.
Source: RFC 1035 (messages), RFC 7766 (over TCP when cut), RFC 5452 (what makes an answer hard to forge).
"""

from __future__ import annotations

import re
import secrets
import socket
import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hexmark.net.connecting import Deadline
from hexmark.openbadges.errors import Unreachable

NameServer = tuple[str, int]
SECONDS = 4.0
_TRY_SECONDS = 1.5
_TXT, _INTERNET = 16, 1
_CUT, _ANSWER, _NO_SUCH_NAME = 0x0200, 0x8000, 3
_MOST_RECORDS = 100
_LABEL = re.compile(rb"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class TextRecords:
    """Asks for the text records of a name. `servers` are addresses and ports; none means those of this machine."""

    servers: Sequence[NameServer] = ()
    seconds: float = SECONDS

    def __call__(self, name: str) -> list[str]:
        """Every text of the name, in no order; none where the name has no text or is not there at all.

        Raises:
            Unreachable: URL_MALFORMED, it is no name; DNS_FAILED, no server gave an answer that can be read; DEADLINE.
        """
        question = _question(name)
        deadline = Deadline(self.seconds)
        for server in self.servers or servers_of_this_machine():
            with suppress(OSError, _Unreadable):
                return list(_texts(_asked(server, question, deadline), question))
        deadline.left()
        raise Unreachable(f"No name server answered about {name}.", code="DNS_FAILED")


def servers_of_this_machine(file: Path = Path("/etc/resolv.conf")) -> list[NameServer]:
    """The name servers that the system uses; itself, where it does not say."""
    try:
        lines = file.read_text(encoding="ascii", errors="ignore").splitlines()
    except OSError:
        lines = []
    named = [line.split()[1] for line in lines if re.match(r"nameserver\s+\S", line)]
    return [(address, 53) for address in named] or [("127.0.0.1", 53)]


class _Unreadable(Exception):
    """The answer is not one to this question."""


def _question(name: str) -> bytes:
    """The question without its id, which is drawn anew for each try."""
    labels = name.lower().encode("ascii", "replace").split(b".")
    if len(name) > 253 or len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Unreachable("The name was not asked for: it is no host name.", code="URL_MALFORMED")
    written = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    # Recursion desired; one question; nothing else.
    return struct.pack(">HHHHH", 0x0100, 1, 0, 0, 0) + written + struct.pack(">HH", _TXT, _INTERNET)


def _asked(server: NameServer, question: bytes, deadline: Deadline) -> bytes:
    """The server's whole answer: by datagram, and again by a connection where it did not fit."""
    identifier = secrets.token_bytes(2)
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    # Connected, so that only this server's datagrams arrive; the system draws the port.
    with socket.socket(family, socket.SOCK_DGRAM) as datagrams:
        datagrams.connect(server)
        datagrams.settimeout(deadline.left(_TRY_SECONDS))
        datagrams.send(identifier + question)
        answer = datagrams.recv(4096)
    _check(answer, identifier)
    return answer if not _flags(answer) & _CUT else _asked_again(server, identifier, question, deadline)


def _asked_again(server: NameServer, identifier: bytes, question: bytes, deadline: Deadline) -> bytes:
    with socket.create_connection(server, timeout=deadline.left(_TRY_SECONDS)) as connection:
        connection.sendall(struct.pack(">H", len(question) + 2) + identifier + question)
        size = struct.unpack(">H", _received(connection, 2, deadline))[0]
        answer = _received(connection, size, deadline)
    _check(answer, identifier)
    return answer


def _received(connection: socket.socket, size: int, deadline: Deadline) -> bytes:
    data = b""
    while len(data) < size:
        connection.settimeout(deadline.left(_TRY_SECONDS))
        piece = connection.recv(size - len(data))
        if not piece:
            raise _Unreadable
        data += piece
    return data


def _flags(answer: bytes) -> int:
    return int(struct.unpack_from(">H", answer, 2)[0])


def _check(answer: bytes, identifier: bytes) -> None:
    if len(answer) < 12 or answer[:2] != identifier or not _flags(answer) & _ANSWER:
        raise _Unreadable


def _texts(answer: bytes, question: bytes) -> Iterator[str]:
    """The texts of an answer that repeats the question."""
    code = _flags(answer) & 0xF
    if code == _NO_SUCH_NAME:
        return
    asked = question[10:]
    if code or answer[12 : 12 + len(asked)].lower() != asked:
        raise _Unreadable
    place = 12 + len(asked)
    try:
        for _ in range(min(struct.unpack_from(">H", answer, 6)[0], _MOST_RECORDS)):
            place = _after_name(answer, place)
            kind, network, _, size = struct.unpack_from(">HHIH", answer, place)
            place += 10
            # An alias is followed by the server; its texts come under the other name, and are the owner's word all the same.
            if (kind, network) == (_TXT, _INTERNET):
                yield _joined(answer[place : place + size])
            place += size
    except (struct.error, IndexError):
        raise _Unreadable from None


def _after_name(answer: bytes, place: int) -> int:
    """Where a name ends. It is not read, so that a name that points at itself costs nothing."""
    while size := answer[place]:
        if size & 0xC0:
            return place + 2
        place += size + 1
    return place + 1


def _joined(data: bytes) -> str:
    """One record's strings, put together (RFC 7208, 3.3, as everybody does)."""
    text, place = b"", 0
    while place < len(data):
        text += data[place + 1 : place + 1 + data[place]]
        place += 1 + data[place]
    return text.decode("utf-8", "replace")
