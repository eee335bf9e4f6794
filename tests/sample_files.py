"""Files as people send them, and as people should not: PDF, Office of both kinds, archives; each made on the spot."""

import io
import struct
import zipfile
import zlib

from sandbox.world import Upload

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def pdf_of(*objects: bytes, before: bytes = b"", after: bytes = b"", trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of these objects, numbered from 1, with its table of where they are."""
    out = bytearray(b"%PDF-1.7\n" + before)
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out) + after


def pdf(text: str = "一", *, root: bytes = b"", more: tuple[bytes, ...] = (), **how: bytes) -> bytes:
    """A PDF of one page. `root` goes into its catalogue, `more` are objects from number 5 on."""
    return pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % root,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        b"<< /Title <%s> >>" % text.encode("utf-16").hex().encode(),
        *more,
        **how,
    )


def packed_object(body: bytes) -> bytes:
    """A compressed stream of objects that holds this one, as number 6."""
    content = zlib.compress(b"6 0 " + body)
    return b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (
        len(content),
        content,
    )


def pdf_with_packed_object(body: bytes) -> bytes:
    """A PDF whose object 6 lies in a compressed stream, and whose table is compressed, too."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    parts = {
        1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction 6 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        5: packed_object(body),
    }
    for number, part in parts.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = places[7] = len(out)
    rows = [(0, 0, 0)]
    for number in range(1, 8):
        if number == 6:
            rows.append((2, 5, 0))
        else:
            rows.append((1, places[number], 0) if number in places else (0, 0, 0))
    table = zlib.compress(b"".join(struct.pack(">BIB", *row) for row in rows))
    out += (
        b"7 0 obj\n<< /Type /XRef /Size 8 /W [1 4 1] /Root 1 0 R /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n"
        % (len(table), table)
    )
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % start


def zipped(members: dict[str, bytes | str], **how: int) -> bytes:
    """An archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how.get("compression", zipfile.ZIP_DEFLATED)) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def office(main: str, members: dict[str, bytes | str], *types: str) -> bytes:
    """An Office file with this kind of main part, these parts, and further content types."""
    kinds = "".join(
        f'<Override PartName="/p{n}" ContentType="{kind}"/>' for n, kind in enumerate((main, *types))
    )
    content_types = (
        f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{kinds}</Types>'
    )
    return zipped({"[Content_Types].xml": content_types, **members})


def docx(body: str = "<w:p/>", members: dict[str, bytes | str] | None = None, *types: str) -> bytes:
    """A Word document with this body and further parts."""
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    return office(WORD, {"word/document.xml": document, **(members or {})}, *types)


def xlsx(members: dict[str, bytes | str] | None = None, *types: str) -> bytes:
    """An Excel workbook, with further parts."""
    return office(EXCEL, {"xl/workbook.xml": "<workbook/>", **(members or {})}, *types)


def pptx(members: dict[str, bytes | str] | None = None, *types: str) -> bytes:
    """A presentation, with further parts."""
    return office(SLIDES, {"ppt/presentation.xml": "<presentation/>", **(members or {})}, *types)


def relation(kind: str, target: str, mode: str = "External") -> str:
    """A part's relations: one, to what lies elsewhere."""
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    )


SECTOR, SMALLEST_STREAM = 512, 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole(streams: dict[str, bytes]) -> bytes:
    """A compound file as old Office wrote them; a stream's name may lead through storages: Macros/VBA/dir."""
    tree: dict[str, dict] = {"": {"children": [], "content": None}}
    for path, content in streams.items():
        names = path.split("/")
        for depth in range(1, len(names) + 1):
            here, parent = "/".join(names[:depth]), "/".join(names[: depth - 1])
            if here not in tree:
                tree[here] = {"children": [], "content": None}
                tree[parent]["children"].append(here)
        # Shorter ones would lie in a table of their own.
        tree[path]["content"] = content.ljust(SMALLEST_STREAM, b"\0")
    order = list(tree)
    fat: list[int] = []
    body = bytearray()

    def put(content: bytes) -> int:
        first, count = len(fat), -(-len(content) // SECTOR)
        fat.extend([*range(first + 1, first + count), END])
        body.extend(content.ljust(count * SECTOR, b"\0"))
        return first

    places = {path: put(node["content"]) if node["content"] is not None else 0 for path, node in tree.items()}
    entries = b""
    for path in order:
        node, name = tree[path], (path.rpartition("/")[2] or "Root Entry").encode("utf-16-le")
        parent = path.rpartition("/")[0] if path else None
        siblings = tree[parent]["children"] if parent is not None else []
        following = siblings[siblings.index(path) + 1 :] if siblings else []
        kind = 5 if not path else (2 if node["content"] is not None else 1)
        size = len(node["content"] or b"")
        start = places[path] if kind == 2 else (END if kind == 5 else 0)
        entries += name.ljust(64, b"\0") + struct.pack(
            "<HBBIII16xI8x8xIQ",
            len(name) + 2, kind, 1, FREE, order.index(following[0]) if following else FREE,
            order.index(node["children"][0]) if node["children"] else FREE, 0, start, size,
        )  # fmt: skip
    directory = put(entries.ljust(-(-len(entries) // SECTOR) * SECTOR, b"\0"))
    tables = 1
    while (len(fat) + tables) > tables * (SECTOR // 4):
        tables += 1
    at = len(fat)
    fat.extend([FAT] * tables)
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(tables * SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + struct.pack(
        "<16xHHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, directory, 0, SMALLEST_STREAM, END, 0, END, 0
    )
    header += struct.pack("<109I", *(at + n if n < tables else FREE for n in range(109)))
    return header + bytes(body) + table


def doc(text: bytes = b"", **more: bytes) -> bytes:
    """An old Word document; `more` are further streams."""
    return ole({"WordDocument": b"\xec\xa5\xc1\x00" + b"\0" * 20 + text, **more})


def xls(*records: tuple[int, bytes], **more: bytes) -> bytes:
    """An old Excel workbook of these records."""
    body = b"".join(
        struct.pack("<HH", kind, len(content)) + content for kind, content in ((0x809, b"\0" * 16), *records)
    )
    return ole({"Workbook": body, **more})


def ppt(*records: tuple[int, int, bytes], **more: bytes) -> bytes:
    """An old presentation of these records: version, kind, content."""
    body = b"".join(
        struct.pack("<HHI", version, kind, len(content)) + content for version, kind, content in records
    )
    return ole({"PowerPoint Document": body, **more})


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000"
    "000049454e44ae426082"
)
"""A PNG."""


def a_pdf(text: str = "一", name: str = "说明.pdf") -> Upload:
    """A PDF, as somebody sends it."""
    return Upload(name, pdf(text), "application/pdf")
