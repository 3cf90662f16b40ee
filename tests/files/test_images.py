"""Uploaded pictures: drawn anew, so that nothing but pixels is kept, and refused with a sentence where they cannot be used."""

from __future__ import annotations

import io
import struct
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from hexmark.errors import Invalid
from hexmark.files.images import SMALLEST_SIDE, STORED_SIDE, clean_upload, rasterise, svg_around
from hexmark.openbadges.limits import IMAGE_BYTES

RED, BLUE = (200, 30, 40), (20, 40, 200)


def picture(size: tuple[int, int] = (400, 400), kind: str = "PNG", mode: str = "RGB", **saved: object) -> bytes:
    """A picture, red above and blue below."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (0, size[1] // 2, size[0], size[1]))
    output = io.BytesIO()
    image.convert(mode).save(output, format=kind, **saved)
    return output.getvalue()


def opened(data: bytes) -> Image.Image:
    """What was stored."""
    return Image.open(io.BytesIO(data))


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunks(png: bytes, *chunks: bytes) -> bytes:
    """The PNG with chunks behind its header."""
    return png[:33] + b"".join(chunks) + png[33:]


def header_only(width: int, height: int) -> bytes:
    """A PNG that claims to be of this size and holds next to nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00" * 1000)) + chunk(b"IEND")


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("side", [SMALLEST_SIDE, 512, STORED_SIDE])
def test_a_square_picture_is_stored_as_png_of_its_size(kind: str, side: int) -> None:
    stored = opened(clean_upload(picture((side, side), kind)))
    assert (stored.format, stored.mode, stored.size) == ("PNG", "RGBA", (side, side))
    red, green, blue, alpha = stored.getpixel((5, 5))
    assert max(abs(red - 200), abs(green - 30), abs(blue - 40)) < 8
    assert alpha == 255


def test_a_large_picture_is_made_smaller() -> None:
    assert opened(clean_upload(picture((1600, 1600)))).size == (STORED_SIDE, STORED_SIDE)


@pytest.mark.parametrize("size", [(401, 400), (400, 401), (1024, 1025), (1025, 1024), (2001, 2000)])
def test_a_picture_that_is_one_pixel_off_is_made_square(size: tuple[int, int]) -> None:
    stored = opened(clean_upload(picture(size)))
    assert stored.width == stored.height == min(*size, STORED_SIDE)


@pytest.mark.parametrize("mode", ["L", "P", "1", "RGBA", "LA", "I;16"])
def test_every_kind_of_png_pixel_is_understood(mode: str) -> None:
    image = Image.new("I;16", (400, 400), 900) if mode == "I;16" else Image.new("RGB", (400, 400), RED).convert(mode)
    output = io.BytesIO()
    image.save(output, format="PNG")
    assert opened(clean_upload(output.getvalue())).mode == "RGBA"


def test_a_picture_for_print_is_understood() -> None:
    assert opened(clean_upload(picture(kind="JPEG", mode="CMYK"))).mode == "RGBA"


def test_what_is_transparent_stays_transparent() -> None:
    output = io.BytesIO()
    Image.new("RGBA", (400, 400), (0, 0, 0, 0)).save(output, format="PNG")
    assert opened(clean_upload(output.getvalue())).getpixel((9, 9))[3] == 0


def test_place_author_text_and_profile_do_not_survive() -> None:
    exif = Image.Exif()
    exif[0x013B] = "Amara Okafor"
    exif[0x8825] = {1: "N", 2: (55.0, 0.0, 59.0), 3: "W", 4: (2.0, 6.0, 0.0)}
    noted = PngImagePlugin.PngInfo()
    noted.add_text("Author", "Amara Okafor")
    noted.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>Hexham, at home</x:xmpmeta>")
    as_png = picture(pnginfo=noted, exif=exif, icc_profile=b"a profile of Amara Okafor")
    as_jpeg = picture(kind="JPEG", exif=exif, comment=b"Amara Okafor", icc_profile=b"a profile of Amara Okafor")
    for data in (as_png, as_jpeg):
        assert b"Amara" in data
        stored = clean_upload(data)
        assert b"Amara" not in stored
        assert b"Hexham" not in stored
        assert {kind for kind in (b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"iCCP", b"pHYs") if kind in stored} == set()
        assert opened(stored).info == {}


def test_a_credential_in_an_uploaded_picture_is_not_kept() -> None:
    noted = PngImagePlugin.PngInfo()
    noted.add_itxt("openbadgecredential", '{"id": "urn:uuid:of-somebody-else"}')
    assert b"openbadge" not in clean_upload(picture(pnginfo=noted))


def test_a_page_hidden_in_a_picture_is_not_kept() -> None:
    page = b"<script>alert(document.domain)</script>"
    inside = with_chunks(picture(), chunk(b"tEXt", b"Comment\x00" + page))
    behind = picture() + page
    for data in (inside, behind, picture(kind="JPEG") + page):
        assert b"<script>" not in clean_upload(data)


@pytest.mark.parametrize(("turn", "red_at"), [(1, (200, 20)), (3, (200, 380)), (6, (380, 200)), (8, (20, 200))])
def test_a_picture_stands_as_the_camera_was_held(turn: int, red_at: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    stored = opened(clean_upload(picture(kind="JPEG", exif=exif)))
    assert stored.getpixel(red_at)[0] > 150
    assert stored.getpixel((400 - red_at[0], 400 - red_at[1]))[2] > 150


def test_a_second_picture_in_a_cameras_file_is_passed_over() -> None:
    output = io.BytesIO()
    Image.new("RGB", (400, 400), RED).save(output, format="MPO", save_all=True, append_images=[Image.new("RGB", (400, 400), BLUE)])
    assert opened(clean_upload(output.getvalue())).getpixel((200, 200))[0] > 150


def test_moving_pictures_are_refused() -> None:
    frames = [Image.new("RGB", (400, 400), colour) for colour in (RED, BLUE)]
    output = io.BytesIO()
    frames[0].save(output, format="PNG", save_all=True, append_images=frames[1:])
    with pytest.raises(Invalid, match="picture that moves"):
        clean_upload(output.getvalue())


@pytest.mark.parametrize("size", [(400, 402), (800, 400), (1, 5000), (4000, 400)])
def test_a_picture_that_is_not_square_is_refused_with_its_size(size: tuple[int, int]) -> None:
    with pytest.raises(Invalid, match=f"{size[0]} by {size[1]}") as refused:
        clean_upload(picture(size))
    assert refused.value.field == "image"


@pytest.mark.parametrize("side", [1, 16, SMALLEST_SIDE - 1])
def test_a_picture_that_is_too_small_is_refused(side: int) -> None:
    with pytest.raises(Invalid, match="at least 400"):
        clean_upload(picture((side, side)))


def test_a_small_side_is_small_even_one_pixel_off() -> None:
    with pytest.raises(Invalid, match="at least 400"):
        clean_upload(picture((400, 399)))


@pytest.mark.parametrize("side", [5001, 20_000, 65_000, 2**31 - 1])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(side: int) -> None:
    started = time.process_time()
    with pytest.raises(Invalid):
        clean_upload(header_only(side, side))
    assert time.process_time() - started < 0.5


def test_a_file_of_more_than_5_mb_is_refused_unread() -> None:
    with pytest.raises(Invalid, match="5 MB"):
        clean_upload(picture() + b"\x00" * IMAGE_BYTES)


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
def test_text_that_unpacks_to_a_flood_is_not_unpacked(kind: bytes) -> None:
    flood = zlib.compress(b"\x00" * 200_000_000, 9)
    head = b"Comment\x00\x01\x00\x00\x00" if kind == b"iTXt" else b"Comment\x00\x00"
    started = time.process_time()
    try:
        stored = clean_upload(with_chunks(picture(), chunk(kind, head + flood)))
    except Invalid:
        stored = b""
    assert time.process_time() - started < 3
    assert len(stored) < 100_000


def test_a_flood_of_empty_chunks_is_survived() -> None:
    started = time.process_time()
    clean_upload(with_chunks(picture(), chunk(b"tEXt", b"a\x00b") * 1, chunk(b"prVt") * 100_000))
    assert time.process_time() - started < 5


def _other(kind: str) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (400, 400), RED).save(output, format=kind)
    return output.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"<html><body>badge.png</body></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"%PDF-1.7",
        b"PK\x03\x04",
        picture()[:60],
        picture()[1:],
        b"\n" + picture(),
        _other("GIF"),
        _other("WEBP"),
        _other("BMP"),
        _other("TIFF"),
        _other("ICO"),
        with_chunks(picture(), struct.pack(">I", 0xFFFFFFFF) + b"tEXt"),
        picture()[:8] + chunk(b"IEND"),
    ],
)
def test_what_is_no_png_or_jpeg_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match=r"not a PNG or JPEG|larger|square|at least"):
        clean_upload(data)


SMALL = {
    "PNG": picture(),
    "JPEG": picture(kind="JPEG"),
    "MANY CHUNKS": with_chunks(picture(), chunk(b"gAMA", b"\0\0\0\1"), chunk(b"eXIf", b"MM\0*")),
}


@given(
    st.sampled_from(sorted(SMALL)),
    st.lists(st.tuples(st.integers(min_value=0, max_value=4000), st.integers(0, 255)), max_size=6),
    st.integers(0, 5000),
)
def test_a_damaged_picture_is_refused_or_cleaned_but_never_an_error(kind: str, changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(SMALL[kind])
    for place, value in changes:
        data[place % len(data)] = value
    try:
        stored = clean_upload(bytes(data[: len(data) - cut % len(data)] if cut % 3 == 0 else data))
    except Invalid:
        return
    assert opened(stored).format == "PNG"


def test_our_own_drawing_is_rasterised_to_the_side_that_was_asked_for() -> None:
    drawn = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10" fill="#0a5f63"/></svg>'
    assert opened(rasterise(drawn, side=64)).size == (64, 64)
    assert opened(rasterise(drawn)).size == (512, 512)


@pytest.mark.parametrize("title", ["Safety Champion", "<script>", "Ben & Amara", '"><image href="https://evil.example"/>', "]]>"])
def test_a_title_in_the_svg_around_a_picture_is_text(title: str) -> None:
    from defusedxml.ElementTree import fromstring

    root = fromstring(svg_around(picture(), title=title))
    assert [child.tag.rpartition("}")[2] for child in root] == ["title", "image"]
    assert root[0].text == title
    assert root[1].attrib["href"].startswith("data:image/png;base64,")
