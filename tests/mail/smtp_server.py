"""A small mail server on the loopback that takes, refuses, hangs or breaks off as a test wants."""

from __future__ import annotations

import asyncio
import base64
import ssl
import threading
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Self

Answers = dict[str, str]


@dataclass
class Envelope:
    """From whom and to whom the message is that is being handed over."""

    sender: str = ""
    recipients: list[str] = field(default_factory=list)


@dataclass
class MailServer:
    """Speaks as much SMTP as a client of ours needs.

    `answers` gives, by command, what it says instead of yes: a line of SMTP, or `HANG`, `DRIP` and `RESET` for what it does.
    """

    answers: Answers = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    starttls: ssl.SSLContext | None = None
    taken: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def emails(self) -> list[EmailMessage]:
        """What was taken, read again."""
        return [message_from_bytes(data, policy=SMTP) for _, _, data in self.taken]  # type: ignore[arg-type, misc]

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=[ready], daemon=True)
        self._thread.start()
        assert ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _serve(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._talk, "127.0.0.1", self.port, ssl=self.tls))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._converse(reader, writer)
        except (ConnectionError, asyncio.CancelledError, ssl.SSLError):
            pass
        finally:
            writer.close()

    async def _say(self, writer: asyncio.StreamWriter, command: str, usual: str) -> bool:
        """Whether the usual answer was given."""
        answer = self.answers.get(command, usual)
        if answer == "HANG":
            await asyncio.sleep(3600)
        if answer == "DRIP":
            while True:
                writer.write(b"250-still here\r\n")
                await writer.drain()
                await asyncio.sleep(0.05)
        if answer == "RESET":
            writer.transport.abort()
            raise ConnectionResetError
        writer.write(answer.encode() + b"\r\n")
        await writer.drain()
        return answer == usual

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        envelope = Envelope()
        await self._say(writer, "GREETING", "220 mail.test ready")
        while line := await reader.readline():
            text = line.decode().rstrip("\r\n")
            command = text.split(" ")[0].upper()
            self.commands.append(text)
            if command == "DATA":
                await self._take(reader, writer, envelope)
            elif command == "QUIT":
                await self._say(writer, "QUIT", "221 bye")
                return
            elif command in ("MAIL", "RCPT"):
                await self._address(writer, command, text, envelope)
            else:
                await self._prepare(writer, command, text)

    async def _prepare(self, writer: asyncio.StreamWriter, command: str, text: str) -> None:
        if command == "EHLO":
            more = ["mail.test", "AUTH PLAIN", "8BITMIME", *(["STARTTLS"] if self.starttls else [])]
            await self._say(writer, "EHLO", "".join(f"250-{one}\r\n" for one in more) + "250 HELP")
        elif command == "STARTTLS":
            if await self._say(writer, "STARTTLS", "220 go ahead"):
                await writer.start_tls(self.starttls)  # type: ignore[arg-type]
        elif command == "AUTH":
            self.commands[-1] = base64.b64decode(text.split(" ")[2]).decode().replace("\x00", " ")
            await self._say(writer, "AUTH", "235 welcome")
        else:
            await self._say(writer, command, "250 ok")

    async def _address(self, writer: asyncio.StreamWriter, command: str, text: str, envelope: Envelope) -> None:
        address = text.partition("<")[2].partition(">")[0]
        if command == "MAIL":
            envelope.sender, envelope.recipients = address, []
            await self._say(writer, "MAIL", "250 ok")
        elif await self._say(writer, f"RCPT {address}" if f"RCPT {address}" in self.answers else "RCPT", "250 ok"):
            envelope.recipients.append(address)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, envelope: Envelope) -> None:
        if not await self._say(writer, "DATA", "354 go on"):
            return
        lines = []
        while (line := await reader.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        # A server that breaks off after the last dot has taken the message, and the client cannot know.
        if self.answers.get("END", "250 ok") in ("250 ok", "RESET", "HANG"):
            self.taken.append((envelope.sender, envelope.recipients, b"".join(lines)))
        await self._say(writer, "END", "250 ok")
