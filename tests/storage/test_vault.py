"""The vault: looked over by header and directory, kept whole or not at all, noticed when damaged."""

import hashlib
import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from storage.vault import LARGEST, Damaged, Media, Unfit, UnfitKind, Vault, inspect


def image(kind, **how):
    out = io.BytesIO()
    Image.new("RGB", (12, 7), "red").save(out, kind, **how)
    return out.getvalue()


def zipped(members, **how):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **how) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def office(part):
    return zipped({"[Content_Types].xml": "<x/>", f"{part}/document.xml": "<x/>"})


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (image("PNG"), Media.PNG),
        (image("JPEG"), Media.JPEG),
        (image("JPEG", progressive=True, exif=b"Exif\0\0" + b"x" * 500), Media.JPEG),
        (image("GIF"), Media.GIF),
        (image("BMP"), Media.BMP),
        (image("WEBP"), Media.WEBP),
        (image("WEBP", lossless=True), Media.WEBP),
        (b"%PDF-1.7 x", Media.PDF),
        (office("word"), Media.DOCX),
        (office("xl"), Media.XLSX),
        (office("ppt"), Media.PPTX),
        (zipped({"a.txt": "x"}), Media.ZIP),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 20, Media.OLE),
        ("现场记录\r\n第二行".encode(), Media.TEXT),
        ("现场记录".encode("gb18030"), Media.TEXT),
        (b"\0\0\0\x18ftypheic\0\0\0\0", Media.HEIC),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", Media.MP4),
    ],
)
def test_what_may_be_evidence_is_known_by_its_content(content, media):
    assert inspect(content) is media


def png(width, height):
    return (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", width, height) + b"\0" * 9
    )


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", UnfitKind.EMPTY),
        (b"x" * (LARGEST + 1), UnfitKind.TOO_BIG),
        (png(60000, 60000), UnfitKind.TOO_MANY_PIXELS),
        (png(0, 5), UnfitKind.UNKNOWN_KIND),
        (b"\x89PNG\r\n\x1a\n", UnfitKind.UNKNOWN_KIND),
        (image("JPEG")[:20], UnfitKind.UNKNOWN_KIND),
        (b"GIF89a", UnfitKind.UNKNOWN_KIND),
        (b"RIFF\0\0\0\0WAVEfmt ", UnfitKind.UNKNOWN_KIND),
        (zipped({"x": b"\0" * 300_000_000}), UnfitKind.ARCHIVE_BOMB),
        (zipped({"x": b"\0" * 20_000_000}), UnfitKind.ARCHIVE_BOMB),
        (zipped({f"{i}": b"" for i in range(5001)}), UnfitKind.ARCHIVE_BOMB),
        (zipped({"in.zip": b"\1" * 1_100_000}), UnfitKind.ARCHIVE_BOMB),
        (b"PK\x03\x04 not a zip", UnfitKind.UNKNOWN_KIND),
        (b"Rar!\x1a\x07\x00" + b"\0" * 9, UnfitKind.UNKNOWN_KIND),
        (b"7z\xbc\xaf\x27\x1c" + b"\0" * 9, UnfitKind.UNKNOWN_KIND),
        (b"\x1f\x8b\x08" + b"\0" * 9, UnfitKind.UNKNOWN_KIND),
        (b"MZ\x90\0" + b"\0" * 9, UnfitKind.UNKNOWN_KIND),
        (b"#!/bin/sh\nrm", UnfitKind.UNKNOWN_KIND),
        (b"<svg xmlns='x'/>", UnfitKind.UNKNOWN_KIND),
        (b"\0\0\0\x18ftypweird", UnfitKind.UNKNOWN_KIND),
        (b"\xff\xfe\0\0\1", UnfitKind.UNKNOWN_KIND),
    ],
)
def test_what_is_unfit_is_refused_unopened(content, fault):
    with pytest.raises(Unfit) as refused:
        inspect(content)
    assert refused.value.fault is fault


STARTS = [
    b"",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"RIFF",
    b"PK\x03\x04",
    b"\0\0\0\x18ftyp",
    b"%PDF-",
]


@given(st.sampled_from(STARTS), st.binary(max_size=300))
def test_no_bytes_break_it(start, rest):
    try:
        assert isinstance(inspect(start + rest), Media)
    except Unfit as refused:
        assert isinstance(refused.fault, UnfitKind)


async def test_a_file_is_kept_once_under_its_hash_and_comes_back(tmp_path):
    vault, content = Vault(tmp_path), image("PNG")
    stored = await vault.keep(content)
    assert await vault.keep(content) == stored
    assert (stored.digest, stored.size, stored.media) == (
        hashlib.sha256(content).hexdigest(),
        len(content),
        Media.PNG,
    )
    assert await vault.read(stored.digest) == content
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
    assert await vault.read("0" * 64) is None


async def test_a_crash_while_writing_leaves_nothing_that_looks_whole(tmp_path, monkeypatch):
    vault, content = Vault(tmp_path), image("PNG")

    def crash(self, target):
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", crash)
        with pytest.raises(OSError, match="no space"):
            await vault.keep(content)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert (await vault.keep(content)).size == len(content)


async def test_damage_is_noticed(tmp_path):
    vault = Vault(tmp_path)
    stored = await vault.keep(b"%PDF-1.7 x")
    (tmp_path / stored.digest[:2] / stored.digest).write_bytes(b"%PDF-1.7 y")
    with pytest.raises(Damaged):
        await vault.read(stored.digest)


@pytest.mark.parametrize("digest", ["../../etc/passwd", "", "0" * 63, "G" * 64])
async def test_no_other_path_is_ever_read(tmp_path, digest):
    with pytest.raises(ValueError, match="not a digest"):
        await Vault(tmp_path).read(digest)
