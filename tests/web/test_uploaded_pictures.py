"""Pictures that somebody uploads to be shown as a badge, by the lines of the table of bad inputs that are about pictures: H01 to H32.

Two outcomes are right: it is refused, in words and with everything else that was typed; or what is kept is pixels and nothing else.
A drawing (SVG) is never taken, so that none is ever served from here.
"""

from __future__ import annotations

import io
import struct
import time
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin
from tests.web.pages import Visitor, text_of
from tests.world import World

from hexmark.catalogue.actions import create_achievement
from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import Invalid
from hexmark.files import store
from hexmark.files.images import clean_upload


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*chunks: bytes, **saved: object) -> bytes:
    """A good picture with these chunks behind its header."""
    output = io.BytesIO()
    Image.new("RGB", (400, 400), (200, 30, 40)).save(output, format="PNG", **saved)
    whole = output.getvalue()
    return whole[:33] + b"".join(chunks) + whole[33:]


def text(kind: bytes, keyword: bytes, body: bytes) -> bytes:
    """A chunk of text, packed where its kind is."""
    if kind == b"iTXt":
        return chunk(kind, keyword + b"\0\1\0\0\0" + zlib.compress(body, 9))
    return chunk(kind, keyword + b"\0" + (b"\0" + zlib.compress(body, 9) if kind == b"zTXt" else body))


def noted() -> bytes:
    """A picture that knows its author and where it was taken."""
    exif = Image.Exif()
    exif[0x013B] = "Somebody by name"
    exif.get_ifd(0x8825)[2] = (54.0, 58.0, 0.0)
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>Somebody by name</x:xmpmeta>")
    return png(exif=exif, pnginfo=info)


def jpeg() -> bytes:
    """A good picture of the other kind."""
    output = io.BytesIO()
    Image.new("RGB", (400, 400)).save(output, format="JPEG")
    return output.getvalue()


def moving() -> bytes:
    """An animation."""
    frames = [Image.new("RGB", (400, 400), (shade, 0, 0)) for shade in (0, 80, 160)]
    output = io.BytesIO()
    frames[0].save(output, format="PNG", save_all=True, append_images=frames[1:])
    return output.getvalue()


FLOOD = b"x" * 30_000_000
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="400" height="400">{}</svg>'
#: By line of the table: what is refused.
REFUSED = {
    "H01 iTXt that unpacks to a flood": lambda: png(text(b"iTXt", b"openbadgecredential", FLOOD)),
    "H02 zTXt that unpacks to a flood": lambda: png(text(b"zTXt", b"openbadges", FLOOD)),
    "H03 many chunks of text": lambda: png(*[text(b"iTXt", b"openbadgecredential", b"x" * 1_000_000)] * 70),
    "H07 a chunk longer than the file": lambda: png()[:33] + b"\xff\xff\xff\xffIDAT" + b"x" * 50,
    "H07 a file that ends too soon": lambda: png()[:200],
    "H12 an animation": moving,
    "H13 a broken signature": lambda: b"\x88" + png()[1:],
    "H13 a page called a picture": lambda: b"<!doctype html><title>x</title><script>alert(1)</script>",
    "H18 broken data": lambda: png().replace(b"IDAT", b"IDAX", 1),
    "H18 a wrong depth": lambda: png()[:24] + b"\x63" + png()[25:],
    "H19 SVG with a document type": lambda: b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + SVG.format("&x;").encode(),
    "H20 SVG with a billion laughs": lambda: b'<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + SVG.format("&b;").encode(),
    "H22 SVG with handlers": lambda: SVG.format('<rect onload="alert(1)" onclick="alert(1)"/>').encode(),
    "H24 SVG with a page inside": lambda: SVG.format("<foreignObject><iframe/></foreignObject>").encode(),
    "H25 SVG that asks others": lambda: SVG.format('<image xlink:href="https://evil.example/x.png"/>').encode(),
    "H26 SVG with styles": lambda: SVG.format("<style>@import url(https://evil.example/x.css)</style>").encode(),
    "H29 SVG with two credentials": lambda: SVG.format("<credential/><credential/>").encode(),
    "H30 SVG with a credential elsewhere": lambda: SVG.format("<defs><credential/></defs>").encode(),
    "H31 SVG nested without end": lambda: (SVG.format("<g>" * 10_000 + "</g>" * 10_000)).encode(),
    "H32 SVG in UTF-16": lambda: SVG.format("").encode("utf-16"),
    "a plain SVG": lambda: SVG.format('<rect width="400" height="400"/>').encode(),
}
#: By line of the table: what is drawn anew, so that nothing of it is left but the picture.
CLEANED = {
    "H04 two credentials": lambda: png(*[text(b"iTXt", b"openbadgecredential", b"{}")] * 2),
    "H05 credentials in two kinds of chunk": lambda: png(text(b"iTXt", b"openbadgecredential", b"{}"), text(b"tEXt", b"openbadges", b"{}")),
    "H12 a hundred thousand empty chunks": lambda: png(chunk(b"prVt") * 100_000),
    "H13 a JPEG called PNG": jpeg,
    "H14 the address of a private server": lambda: png(text(b"tEXt", b"openbadges", b"http://169.254.169.254/latest/meta-data")),
    "H15 a page inside a picture": lambda: png(text(b"tEXt", b"Comment", b"<html><script>alert(1)</script></html>")),
    "H16 author and place": noted,
}


@pytest.mark.parametrize("line", list(REFUSED))
def test_it_is_refused_in_words(line: str) -> None:
    started = time.perf_counter()
    with pytest.raises(Invalid) as refused:
        clean_upload(REFUSED[line]())
    assert refused.value.field == "image"
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("line", list(CLEANED))
def test_it_is_drawn_anew_and_nothing_else_of_it_is_kept(line: str) -> None:
    kept = clean_upload(CLEANED[line]())
    assert len(kept) < 20_000
    kinds, place = [], 8
    while place < len(kept):
        (length,) = struct.unpack(">I", kept[place : place + 4])
        kinds.append(kept[place + 4 : place + 8])
        place += 12 + length
    assert set(kinds) == {b"IHDR", b"IDAT", b"IEND"}
    for word in (b"script", b"openbadge", b"169.254", b"Somebody"):
        assert word not in kept


@pytest.fixture
def draft(acme: World) -> AchievementVersion:
    """Something that is still being written."""
    return create_achievement(acme.organisation, name="Safety Champion", actor=acme.steward)


@pytest.mark.parametrize("name", ["badge.svg", "badge.png"])
def test_an_uploaded_svg_is_refused_on_the_page_whatever_it_is_called(steward: Visitor, draft: AchievementVersion, name: str) -> None:
    svg = SimpleUploadedFile(name, SVG.format("<script>alert(1)</script>").encode(), content_type="image/svg+xml")
    response = steward.post("/catalogue/safety-champion", {"name": "Kept as typed", "level": "2", "picture": svg})
    assert response.status_code == 422
    assert "Kept as typed" in response.content.decode()
    assert "PNG or JPEG" in text_of(response)
    draft.refresh_from_db()
    assert draft.image_png == ""
    assert "<script>alert(1)" not in response.content.decode()


def test_no_uploaded_byte_is_ever_served_as_a_drawing(draft: AchievementVersion, steward: Visitor) -> None:
    draft.image_png = store.put(clean_upload(png(text(b"tEXt", b"Comment", b"<svg onload=alert(1)>"))))
    draft.save()
    served = steward.get("/catalogue/safety-champion/picture")
    assert b"onload" not in b"".join(served) if served.streaming else b"onload" not in served.content
    assert served.headers["X-Content-Type-Options"] == "nosniff"
