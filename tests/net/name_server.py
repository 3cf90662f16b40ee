"""A name server on the loopback, that says what a test lets it say."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Thread
from typing import Self

Answer = Callable[[bytes], bytes]


def written(name: str) -> bytes:
    """A name as messages carry it."""
    return b"".join(bytes([len(label)]) + label for label in name.encode().split(b".")) + b"\0"


def record(text: bytes, *, kind: int = 16, name: bytes = b"\xc0\x0c") -> bytes:
    """One record of a name that was asked for, with these bytes in it."""
    return name + struct.pack(">HHIH", kind, 1, 60, len(text)) + text


def text(*parts: str) -> bytes:
    """What a text record holds: strings of at most 255 bytes."""
    return b"".join(bytes([len(part)]) + part.encode() for part in parts)


def says(*records: bytes, flags: int = 0x8180) -> Answer:
    """Answers any question with these records."""
    return lambda asked: asked[:2] + struct.pack(">HHHHH", flags, 1, len(records), 0, 0) + asked[12:] + b"".join(records)


@dataclass
class NameServer:
    """Answers by datagram with `answer` and by connection with `whole`; an answer that is empty is none."""

    answer: Answer
    whole: Answer | None = None
    names: list[bytes] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._datagrams.bind(("127.0.0.1", 0))
        self.address = self._datagrams.getsockname()
        self._listener = socket.create_server(self.address)
        for serve in (self._by_datagram, self._by_connection):
            Thread(target=serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._datagrams.close()
        self._listener.close()

    def _by_datagram(self) -> None:
        while True:
            try:
                asked, who = self._datagrams.recvfrom(4096)
                self.names.append(asked[12:-4])
                if reply := self.answer(asked):
                    self._datagrams.sendto(reply, who)
            except OSError:
                return

    def _by_connection(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                asked = connection.recv(4096)[2:]
                reply = (self.whole or self.answer)(asked)
                connection.sendall(struct.pack(">H", len(reply)) + reply)
