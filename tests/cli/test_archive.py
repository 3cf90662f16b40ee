"""An archive is what was written, to the byte, or it is refused; whatever somebody put into it, reading it costs little."""

from __future__ import annotations

import gzip
import io
import resource
import tarfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cli.archives import KEK, PEOPLE, PICTURES, digest, small_manifest, small_members, write

from hexmark.cli.archive.checking import check
from hexmark.cli.archive.manifest import MANIFEST, SEAL, TableEntry, read_manifest, seal_of
from hexmark.cli.archive.tape import Unsound, Writer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where archives are put."""
    return tmp_path_factory.mktemp("archives")


@pytest.fixture(scope="module")
def sound(folder: Path) -> bytes:
    """The bytes of a sound archive."""
    return write(folder / "sound.tar.gz", small_members()).read_bytes()


def refusal(folder: Path, data: bytes, *, key: bytes | None = KEK) -> str:
    """Why these bytes are refused."""
    file = folder / "tried.tar.gz"
    file.write_bytes(data)
    with pytest.raises(Unsound) as refused:
        check(file, key_encryption_key=key)
    return str(refused.value)


def test_a_sound_archive_says_what_it_holds_and_who_sealed_it(folder: Path, sound: bytes) -> None:
    (folder / "one.tar.gz").write_bytes(sound)
    checked = check(folder / "one.tar.gz", key_encryption_key=KEK)
    assert checked.manifest == small_manifest()
    assert checked.sealed_by_us is True
    assert checked.key == ""


def test_under_another_key_nobody_can_say_who_sealed_it(folder: Path, sound: bytes) -> None:
    (folder / "one.tar.gz").write_bytes(sound)
    assert check(folder / "one.tar.gz", key_encryption_key=bytes(32)).sealed_by_us is None
    assert check(folder / "one.tar.gz", key_encryption_key=None).sealed_by_us is None


def test_common_programs_read_it_too(folder: Path, sound: bytes) -> None:
    with tarfile.open(fileobj=io.BytesIO(sound)) as tape:
        assert tape.getnames() == [name for name, _ in small_members()]
        assert {member.mode for member in tape} == {0o600}


def test_an_archive_packed_again_by_a_common_program_is_taken(folder: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", format=tarfile.GNU_FORMAT) as tape:
        for name, data in small_members():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tape.addfile(info, io.BytesIO(data))
    (folder / "again.tar.gz").write_bytes(packed.getvalue())
    assert check(folder / "again.tar.gz", key_encryption_key=KEK).manifest == small_manifest()


@given(data=st.data())
def test_one_changed_byte_is_refused_or_changes_nothing_that_is_read(folder: Path, sound: bytes, data: st.DataObject) -> None:
    place, bits = data.draw(st.integers(0, len(sound) - 1)), data.draw(st.integers(1, 255))
    changed = bytearray(sound)
    changed[place] ^= bits
    file = folder / "changed.tar.gz"
    file.write_bytes(changed)
    with suppress(Unsound):
        # The compression's own header says when and by which program: nobody reads that.
        assert check(file, key_encryption_key=KEK).manifest == small_manifest()


@given(data=st.data())
def test_one_changed_byte_inside_is_always_refused(folder: Path, data: st.DataObject) -> None:
    """Whoever can compress anew gets past the checksum of the compression, not past the hashes and the seal."""
    parts = small_members()
    number = data.draw(st.integers(0, len(parts) - 1))
    name, content = parts[number]
    place = data.draw(st.integers(0, len(content) - 1))
    changed = bytearray(content)
    changed[place] ^= data.draw(st.integers(1, 255))
    parts[number] = (name, bytes(changed))
    file = write(folder / "inside.tar.gz", parts)
    with pytest.raises(Unsound):
        check(file, key_encryption_key=KEK)


@given(data=st.data())
def test_an_archive_that_was_cut_off_is_refused_wherever_it_ends(folder: Path, sound: bytes, data: st.DataObject) -> None:
    assert refusal(folder, sound[: data.draw(st.integers(0, len(sound) - 1))])


@given(data=st.binary(max_size=3000))
def test_what_is_no_archive_is_refused(folder: Path, data: bytes) -> None:
    assert refusal(folder, data)
    assert refusal(folder, gzip.compress(data))


@given(left_out=st.integers(0, 4))
def test_an_archive_without_one_of_its_parts_is_refused(folder: Path, left_out: int) -> None:
    parts = small_members()
    del parts[left_out]
    with pytest.raises(Unsound):
        check(write(folder / "lacking.tar.gz", parts), key_encryption_key=KEK)


@given(order=st.permutations(range(5)))
def test_parts_in_another_order_are_refused(folder: Path, order: list[int]) -> None:
    parts = small_members()
    file = write(folder / "order.tar.gz", [parts[number] for number in order])
    if order == sorted(order):
        check(file, key_encryption_key=KEK)
        return
    with pytest.raises(Unsound):
        check(file, key_encryption_key=KEK)


@pytest.mark.parametrize(
    "name",
    [
        *("../escaped", "/etc/passwd", "files/../../escaped", "tables/people.person/../x.jsonl", "files/aa/short", "..", "manifest.json/x"),
        *(f"files/00/{digest(b'mine')}", "tables/people.person/1.jsonl", "tables/People.Person/000000.jsonl", "hexmark.sqlite3", "a\nb"),
    ],
)
def test_a_member_of_any_other_name_is_refused(folder: Path, name: str) -> None:
    parts = [(name, b"mine"), *small_members()]
    with pytest.raises(Unsound):
        check(write(folder / "named.tar.gz", parts), key_encryption_key=KEK)


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.XHDTYPE, b"L", b"S"]
)
def test_links_folders_devices_and_long_headers_are_refused(folder: Path, kind: bytes) -> None:
    packed = io.BytesIO()
    with gzip.open(packed, "wb") as out:
        info = tarfile.TarInfo("files/aa/link")
        info.type, info.linkname = kind, "/etc/passwd"
        out.write(info.tobuf(format=tarfile.USTAR_FORMAT))
    assert "no plain file" in refusal(folder, packed.getvalue())


def test_a_part_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked(folder: Path) -> None:
    packed = io.BytesIO()
    with gzip.open(packed, "wb", compresslevel=1) as out:
        info = tarfile.TarInfo("tables/people.person/000000.jsonl")
        info.size = 8 * 1024**3 - 1
        out.write(info.tobuf(format=tarfile.USTAR_FORMAT))
    assert "larger than any part" in refusal(folder, packed.getvalue())


def test_a_stored_file_of_any_size_takes_little_memory(folder: Path) -> None:
    packed = io.BytesIO()
    with gzip.open(packed, "wb", compresslevel=1) as out:
        info = tarfile.TarInfo(f"files/aa/{'a' * 64}")
        info.size = 256 * 1024 * 1024
        out.write(info.tobuf(format=tarfile.USTAR_FORMAT))
        for _ in range(256):
            out.write(bytes(1024 * 1024))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "not the file that was stored" in refusal(folder, packed.getvalue())
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_a_manifest_that_is_not_true_is_refused_even_without_the_key(folder: Path) -> None:
    manifest = small_manifest()
    [people] = manifest.tables
    untrue = (
        replace(manifest, tables=(replace(people, rows=3),)),
        replace(manifest, tables=(replace(people, model="people.account"),)),
        replace(manifest, tables=(people, TableEntry("people.account", ("id",), 0, 0, people.parts))),
        replace(manifest, files=replace(manifest.files, count=1)),
        replace(manifest, with_key=True),
    )
    for changed in untrue:
        file = write(folder / "untrue.tar.gz", small_members(changed))
        with pytest.raises(Unsound):
            check(file, key_encryption_key=None)


def test_whoever_makes_hashes_and_manifest_anew_still_lacks_the_key_to_seal_it(folder: Path) -> None:
    written = replace(small_manifest(), public_url="https://elsewhere.example").to_bytes()
    parts = [part for part in small_members() if part[0] not in (MANIFEST, SEAL)]
    forged = [*parts, (MANIFEST, written), (SEAL, seal_of(written, bytes(32)).encode())]
    file = write(folder / "forged.tar.gz", forged)
    with pytest.raises(Unsound, match="without the key-encryption key"):
        check(file, key_encryption_key=KEK)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b'{"format": "hexmark-backup"}', b"[" * 5000, b"\xff"])
def test_a_manifest_of_another_form_is_refused(data: bytes) -> None:
    with pytest.raises(Unsound):
        read_manifest(data)


def test_an_archive_of_a_later_form_says_what_to_do() -> None:
    with pytest.raises(Unsound, match="Install a newer one"):
        read_manifest(small_manifest().to_bytes().replace(b'"version": 1', b'"version": 2'))


def test_nothing_stands_under_the_name_until_it_is_whole(folder: Path) -> None:
    with pytest.raises(Unsound), Writer(folder / "half.tar.gz", made_at=0) as writer:
        writer.add_file("tables/people.person/000000.jsonl", io.BytesIO(PEOPLE), 1000)
    assert not list(folder.glob("half*"))


def test_only_who_made_it_reads_it(folder: Path) -> None:
    assert write(folder / "own.tar.gz", small_members()).stat().st_mode & 0o077 == 0


def test_a_file_that_shrinks_while_it_is_copied_is_noticed(folder: Path) -> None:
    with pytest.raises(Unsound, match="became shorter"), Writer(folder / "shrunk.tar.gz", made_at=0) as writer:
        writer.add_file(f"files/aa/{'a' * 64}", io.BytesIO(PICTURES[0]), 1000)


def test_a_part_that_is_larger_than_a_tar_can_say_is_refused_by_its_name(folder: Path) -> None:
    target = folder / "vast.tar.gz"
    with pytest.raises(OSError, match="tables/vast has 8589934592 bytes"), Writer(target, made_at=0) as writer:
        writer.add_file("tables/vast", io.BytesIO(), 8 << 30)
    assert not target.exists()
