"""What a file is, by its content; and what is in no file that is taken: macros, scripts, programs, what lies elsewhere."""

import asyncio
import io
import os
import struct
import time
import zipfile
from contextlib import suppress
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from documents.inspection import inspect, opened
from documents.kinds import LARGEST, Media, Unfit, UnfitKind, simple
from documents.process import FOREIGN, Failed, Limits, Why, run
from tests.sample_files import (
    PIXEL,
    WORD,
    W,
    doc,
    docx,
    office,
    ole,
    packed_object,
    pdf,
    pdf_of,
    pdf_with_packed_object,
    ppt,
    pptx,
    relation,
    xls,
    xlsx,
    zipped,
)


def image(kind, **how):
    out = io.BytesIO()
    Image.new("RGB", (12, 7), "red").save(out, kind, **how)
    return out.getvalue()


def kind_of(content, name=""):
    """What the whole way says, but in this process."""
    return simple(content, name.rpartition(".")[2]) or opened(content)


def refused(content, name=""):
    with pytest.raises(Unfit) as unfit:
        kind_of(content, name)
    return unfit.value


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
        (pdf(), Media.PDF),
        (pdf(after=b"\r\n\0\0"), Media.PDF),
        (pdf_with_packed_object(b"<< /S /GoTo /D [3 0 R /Fit] >>"), Media.PDF),
        (docx(), Media.DOCX),
        (xlsx(), Media.XLSX),
        (pptx(), Media.PPTX),
        (
            zipped({"照片/a.png": PIXEL, "b.txt": "说明", "c.pdf": pdf(), "__MACOSX/._a.png": b"\0\5\x16\7"}),
            Media.ZIP,
        ),
        (doc(), Media.DOC),
        (xls((0x85, b"\0\0\0\0\0\0\x01\0a")), Media.XLS),
        (ppt((0xF, 0x3E8, b"")), Media.PPT),
        ("现场记录\r\n第二行".encode(), Media.TEXT),
        ("现场记录".encode("gb18030"), Media.TEXT),
        (b"\0\0\0\x18ftypheic\0\0\0\0", Media.HEIC),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", Media.MP4),
    ],
)
async def test_what_is_taken_is_known_by_its_content_whatever_it_is_called(content, media):
    assert await inspect(content, "x.exe" if media is not Media.TEXT else "x.dat") is media


def png(width, height):
    return (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", width, height) + b"\0" * 9
    )


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", UnfitKind.EMPTY),
        (b"x" * (LARGEST + 1), UnfitKind.TOO_BIG),
        (png(60000, 60000), UnfitKind.TOO_MANY_PIXELS),
        (png(0, 5), UnfitKind.UNKNOWN_KIND),
        (png(5, 5), UnfitKind.BROKEN),
        (png(5, 5) + b"\0\0\0\0IEND\0\0\0\0", UnfitKind.BROKEN),
        (b"\xff\xd8\xff\xd9" + image("JPEG")[2:-2], UnfitKind.BROKEN),
        (b"\x89PNG\r\n\x1a\n", UnfitKind.UNKNOWN_KIND),
        (image("JPEG")[:20], UnfitKind.UNKNOWN_KIND),
        (image("JPEG")[:-2], UnfitKind.BROKEN),
        (b"GIF89a", UnfitKind.UNKNOWN_KIND),
        (b"GIF8=1/*", UnfitKind.UNKNOWN_KIND),
        (b"RIFF\0\0\0\0WAVEfmt ", UnfitKind.UNKNOWN_KIND),
        (b"Rar!\x1a\x07\x00" + b"\0" * 9, UnfitKind.UNKNOWN_KIND),
        (b"7z\xbc\xaf\x27\x1c" + b"\0" * 9, UnfitKind.UNKNOWN_KIND),
        (b"\x1f\x8b\x08" + b"\0" * 9, UnfitKind.UNKNOWN_KIND),
        (b"\0\0\0\x18ftypweird", UnfitKind.UNKNOWN_KIND),
        (b"\xff\xfe\0\0\1", UnfitKind.UNKNOWN_KIND),
        (b"MZ\x90\0" + b"\0" * 9, UnfitKind.PROGRAM),
        (b"MZ\x90\0ftypisom" + b"\0" * 9, UnfitKind.PROGRAM),
        (b"<!--ftypisom--><script>x</script>", UnfitKind.PROGRAM),
        (b"\x7fELF\x02" + b"\0" * 9, UnfitKind.PROGRAM),
        (b"#!/bin/sh\nrm", UnfitKind.PROGRAM),
        (b"<svg xmlns='x'/>", UnfitKind.PROGRAM),
        ("说明\n<script>x</script>".encode(), UnfitKind.PROGRAM),
    ],
)
def test_what_needs_no_opening_is_refused_unopened(content, kind):
    assert refused(content).kind is kind


MOST = LARGEST - 100


@pytest.mark.parametrize(
    "content",
    [
        b"a" * MOST,
        "深".encode("gb18030") * (MOST // 2),
        b"\xff\xd8" + b"\xff\xfe\0\2" * (MOST // 4),
        b"\xff\xd8" + b"\xff" * MOST,
        png(1, 1) + b"\0\0\0\0tEXt\0\0\0\0" * (MOST // 12),
    ],
)
def test_what_is_looked_at_on_the_event_loop_holds_nobody_up(content):
    begun = time.process_time()
    with suppress(Unfit):
        simple(content, "")
    assert time.process_time() - begun < 0.5


@pytest.mark.parametrize("name", ["a.js", "a.vbs", "a.BAT", "a.hta", "a.ps1 ", "a.pdf.js"])
async def test_a_text_that_is_called_a_script_is_one(name):
    with pytest.raises(Unfit) as unfit:
        await inspect(b"WScript.Echo 1", name)
    assert unfit.value.kind is UnfitKind.PROGRAM


JS = b"<< /S /JavaScript /JS (app.alert(1)) >>"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.4 x", UnfitKind.BROKEN),
        (b"%PDF-1.4\n<script language=VBScript>x</script>", UnfitKind.BROKEN),
        (b"%PDF-1.4\nnothing\nstartxref\n5\n%%EOF\n", UnfitKind.BROKEN),
        (pdf(before=b"<script language=VBScript>x</script>\n"), UnfitKind.PROGRAM),
        (pdf(before=b"<HTA:APPLICATION>\n"), UnfitKind.PROGRAM),
        (pdf(after=b"PK\x03\x04 and more"), UnfitKind.BROKEN),
        (b"MZ" + pdf(), UnfitKind.PROGRAM),
        (pdf(root=b"/OpenAction " + JS), UnfitKind.SCRIPT),
        (pdf(root=b"/OpenAction << /S /J#61vaScript /J#53 (x) >>"), UnfitKind.SCRIPT),
        (pdf(more=(JS,)), UnfitKind.SCRIPT),
        (pdf(root=b"/Names << /JavaScript 5 0 R >>", more=(b"<< /Names [] >>",)), UnfitKind.SCRIPT),
        (pdf(root=b"/AcroForm << /XFA 5 0 R >>", more=(b"<< >>",)), UnfitKind.SCRIPT),
        (pdf(root=b"/OpenAction << /S /L#61unch /F (cmd.exe) >>"), UnfitKind.PROGRAM),
        (pdf(root=b"/OpenAction << /S 5 0 R /F (cmd.exe) >>", more=(b"/Launch",)), UnfitKind.PROGRAM),
        (pdf(root=b"/Names << /EmbeddedFiles 5 0 R >>", more=(b"<< >>",)), UnfitKind.EMBEDDED),
        (pdf(more=(b"<< /Type /Filespec /EF << /F 1 0 R >> >>",)), UnfitKind.EMBEDDED),
        (pdf(more=(b"<< /Type /Annot /Subtype /RichMedia >>",)), UnfitKind.SCRIPT),
        (pdf(more=(b"<< /A [[<< /URI (javascript:alert(1)) >>]] >>",)), UnfitKind.SCRIPT),
        (pdf_with_packed_object(JS), UnfitKind.SCRIPT),
        (pdf_with_packed_object(b"<< /S /Launch >>"), UnfitKind.PROGRAM),
        (pdf(trailer=b"/Root 1 0 R /Encrypt << /Filter /Standard /V 1 /R 2 >>"), UnfitKind.ENCRYPTED),
        (pdf(more=(b"[" * 400 + b"]" * 400,)), UnfitKind.BROKEN),
        (pdf_of(b"<< /Type /Catalog >>"), UnfitKind.BROKEN),
        (pdf(root=rb"/OpenAction << /S /GoToR /F (\\\\host\\a.pdf) >>"), UnfitKind.EXTERNAL),
        (pdf(root=b"/OpenAction << /S /URI /URI (http://x/a) >>"), UnfitKind.SCRIPT),
        (pdf(root=b"/AA << /WC << /S /Named /Next [<< /S /URI /URI (http://x/a) >>] >> >>"), UnfitKind.SCRIPT),
        (pdf(more=(rb"<< /URI (\\\\host\\a) >>",)), UnfitKind.EXTERNAL),
        (pdf(more=(b"<< /URI (search-ms:query=x) >>",)), UnfitKind.EXTERNAL),
        (pdf(more=(b"<< /URI (java\tscript:x) >>",)), UnfitKind.EXTERNAL),
        (pdf(root=b"/URI << /Base (file:///c:/) >>"), UnfitKind.EXTERNAL),
        (pdf(more=(b"<< /Length 0 /F (a.bin) >>\nstream\n\nendstream",)), UnfitKind.EXTERNAL),
        (pdf(more=(b"<< /Length 0 /Ref << /F (a.pdf) >> >>\nstream\n\nendstream",)), UnfitKind.EXTERNAL),
        (pdf(more=(b"<< /Type /Annot /Subtype /Movie >>",)), UnfitKind.EMBEDDED),
    ],
)
def test_a_pdf_is_whole_and_nothing_in_it_acts(content, kind):
    assert refused(content, "民警考核细则.hta").kind is kind


FIELD = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
CODE = "<w:r><w:instrText>{}</w:instrText></w:r>"


def field(*pieces):
    return docx(FIELD.format("".join(map(CODE.format, pieces))))


def coded(field):
    return docx(f'<w:fldSimple w:instr="{escape(field, {chr(34): "&quot;"})}"/>')


def moved(name, body, encoding="utf-8"):
    """A Word document whose text is a part of this name: its relations say which it is."""
    types = f'<Override PartName="/{name}" ContentType="{WORD}"/>'
    return zipped({
        "[Content_Types].xml": f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{types}</Types>',
        "_rels/.rels": relation("officeDocument", name, "Internal"),
        name: f"<w:document {W}><w:body>{body}</w:body></w:document>".encode(encoding),
    })  # fmt: skip


def calculated(formula, tag="f"):
    return xlsx({"xl/worksheets/sheet1.xml": f"<worksheet><{tag}>{escape(formula)}</{tag}></worksheet>"})


DDE = FIELD.format(CODE.format("DDEAUTO cmd"))
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (docx(members={"word/vbaProject.bin": b"x"}), UnfitKind.MACRO),
        (docx(members={"word\\VBAPROJECT.BIN": b"x"}), UnfitKind.MACRO),
        (office(MACRO, {"word/document.xml": f"<w:document {W}/>"}), UnfitKind.MACRO),
        (docx("<w:p/>", {}, "application/vnd.ms-office.vbaProject"), UnfitKind.MACRO),
        (xlsx({"xl/macrosheets/sheet1.xml": "<x/>"}), UnfitKind.MACRO),
        (
            docx(members={"word/_rels/document.xml.rels": relation("vbaProject", "m.bin", "Internal")}),
            UnfitKind.MACRO,
        ),
        (docx(members={"word/activeX/activeX1.xml": "<x/>"}), UnfitKind.SCRIPT),
        (
            docx(members={"word/_rels/settings.xml.rels": relation("attachedTemplate", "http://x/a.dotm")}),
            UnfitKind.EXTERNAL,
        ),
        (
            docx(members={"word/_rels/document.xml.rels": relation("image", "file://host/a.png")}),
            UnfitKind.EXTERNAL,
        ),
        (
            docx(members={"word/_rels/document.xml.rels": relation("oleObject", "http://x/a")}),
            UnfitKind.EXTERNAL,
        ),
        (
            docx(members={"word/_rels/document.xml.rels": relation("hyperlink", "file:///c:/a.exe")}),
            UnfitKind.EXTERNAL,
        ),
        (
            docx(members={"word/_rels/document.xml.rels": relation("hyperlink", "java\nscript:x")}),
            UnfitKind.EXTERNAL,
        ),
        (
            docx(members={"word/_rels/document.xml.rels": relation("aFChunk", "a.html", "Internal")}),
            UnfitKind.EMBEDDED,
        ),
        (field("DDEAUTO c:\\\\cmd.exe"), UnfitKind.EXTERNAL),
        (field(" INCLUDE", "TEXT file:///etc/passwd"), UnfitKind.EXTERNAL),
        (field('HYPERLINK "file:///c:/a.exe"'), UnfitKind.EXTERNAL),
        (coded('HYPERLINK"file:///c:/a.exe"'), UnfitKind.EXTERNAL),
        (coded('HYPERLINK " file:///c:/a.exe"'), UnfitKind.EXTERNAL),
        (coded(r'HYPERLINK \t "_blank" \o "见附件" "\\\\host\\a.exe"'), UnfitKind.EXTERNAL),
        (coded('INCLUDEPICTURE"http://x/a.png"'), UnfitKind.EXTERNAL),
        (coded(r"DDEAUTO\* x"), UnfitKind.EXTERNAL),
        (moved("x/text.bin", DDE), UnfitKind.EXTERNAL),
        (moved("x/text.bin", DDE, "utf-16"), UnfitKind.BROKEN),
        (
            docx(members={"word/glossary/document.xml": f"<w:document {W}>{DDE}</w:document>"}),
            UnfitKind.EXTERNAL,
        ),
        (
            docx(members={"word/settings.xml": f"<w:settings {W}><w:mailMerge/></w:settings>"}),
            UnfitKind.EXTERNAL,
        ),
        (
            docx(members={"word/_rels/document.xml.rels": relation("hyperlink", r"/\host\a.exe")}),
            UnfitKind.EXTERNAL,
        ),
        (
            docx(
                members={"word/_rels/settings.xml.rels": relation("attachedTemplate", "http://x/a", "Internal")}
            ),
            UnfitKind.EXTERNAL,
        ),
        (docx(members={"word/_rels/a.xml.rels": relation("control", "a.xml", "Internal")}), UnfitKind.SCRIPT),
        (docx(members={"word/media/o.bin": ole({"\x01Ole10Native": b"MZ"})}), UnfitKind.EMBEDDED),
        (docx(members={"word/media/a.png": b"MZ\x90"}), UnfitKind.PROGRAM),
        (
            docx(members={"word/media/a.svg": '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'}),
            UnfitKind.SCRIPT,
        ),
        (docx(members={"Word/Document.xml": "<x/>"}), UnfitKind.BROKEN),
        (zipped({"a.txt": "x"}) + docx(), UnfitKind.BROKEN),
        (calculated('WEBSERVICE("http://x/"&A1)'), UnfitKind.EXTERNAL),
        (calculated('1+_xlfn.IMAGE ("https://x/a.png")'), UnfitKind.EXTERNAL),
        (calculated("cmd|'/C calc'!A0"), UnfitKind.EXTERNAL),
        (calculated('CALL("kernel32","WinExec")', "definedName"), UnfitKind.EXTERNAL),
        (calculated('HYPERLINK("file:///c:/a.exe","看")'), UnfitKind.EXTERNAL),
        (calculated(r"'\\host\[a.xlsx]一'!A1"), UnfitKind.EXTERNAL),
        (xlsx({"xl/connections.xml": "<connections><connection id='1'/></connections>"}), UnfitKind.EXTERNAL),
        (xlsx({"customXml/item1.xml": "<DataMashup xmlns='x'>AAAA</DataMashup>"}), UnfitKind.EXTERNAL),
        (xlsx({"xl/a/b.xml": "<externalLink><ddeLink/></externalLink>"}), UnfitKind.EXTERNAL),
        (
            xlsx({"xl/externalLinks/_rels/a.xml.rels": relation("externalLinkPath", r"file:///\\host\a.xlsx")}),
            UnfitKind.EXTERNAL,
        ),
        (pptx({"ppt/notesSlides/a.xml": '<p><a action="ppaction://program"/></p>'}), UnfitKind.PROGRAM),
        (docx('<w:fldSimple w:instr="DDE cmd"/>'), UnfitKind.EXTERNAL),
        (
            xlsx(
                {
                    "xl/externalLinks/externalLink1.xml": "<externalLink><ddeLink ddeService='cmd'/></externalLink>"
                }
            ),
            UnfitKind.EXTERNAL,
        ),
        (pptx({"ppt/slides/slide1.xml": '<p><a action="ppaction://program"/></p>'}), UnfitKind.PROGRAM),
        (docx(members={"word/embeddings/o.bin": ole({"\x01Ole10Native": b"MZ"})}), UnfitKind.EMBEDDED),
        (docx(members={"word/embeddings/o.bin": b"MZ\x90"}), UnfitKind.EMBEDDED),
        (docx(members={"word/embeddings/o.xlsx": xlsx({"xl/vbaProject.bin": b"x"})}), UnfitKind.MACRO),
        (docx(members={"word/styles.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}), UnfitKind.BROKEN),
        (docx(members={"word/styles.xml": "<x"}), UnfitKind.BROKEN),
        (office("text/plain", {"word/document.xml": "<x/>"}), UnfitKind.UNKNOWN_KIND),
        (docx(members={"word/big.xml": b" " * 50_000_000}), UnfitKind.ARCHIVE_BOMB),
    ],
)
def test_an_office_file_acts_by_nothing_and_needs_nothing_else(content, kind):
    assert refused(content).kind is kind


@pytest.mark.parametrize(
    "content",
    [
        docx(members={"word/_rels/document.xml.rels": relation("hyperlink", "https://example.cn/a")}),
        docx(members={"word/embeddings/o.xlsx": xlsx(), "word/embeddings/o.bin": ole({"\x01CompObj": b"x"})}),
        xlsx({"xl/externalLinks/_rels/externalLink1.xml.rels": relation("externalLinkPath", "去年.xlsx")}),
        field(" PAGE "),
        field(' HYPERLINK \\l "_Toc1" '),
        coded(r'HYPERLINK "https://example.cn/a?b=1" \o "说明: 见附件" \t "_blank"'),
        moved("x/text.xml", FIELD.format(CODE.format("PAGE"))),
        docx(
            members={"word/media/a.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>', "word/media/a.png": PIXEL}
        ),
        xlsx({"xl/drawings/vmlDrawing1.vml": "<xml><br></xml>", "xl/printerSettings/a.bin": b"H\0P\0"}),
        xlsx({"xl/externalLinks/_rels/a.xml.rels": relation("externalLinkPath", "file:///C:\\表\\去年.xlsx")}),
        calculated("IF(A1>1,\"a|b\",'一|二'!B2)"),
        calculated('HYPERLINK("#一!A1","看")'),
    ],
)
def test_what_office_files_usually_have_is_taken(content):
    assert kind_of(content) in {Media.DOCX, Media.XLSX}


BOOK = struct.pack("<HH16x", 0x809, 16)
HIDDEN_MACROS = struct.pack("<HH", 0x85, 8) + b"\0\0\0\0\0\1\0\0"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (doc(**{"Macros/VBA/dir": b"x"}), UnfitKind.MACRO),
        (xls(**{"_VBA_PROJECT_CUR/VBA/dir": b"x"}), UnfitKind.MACRO),
        (xls((0x85, b"\0\0\0\0\0\x01\x01\0a")), UnfitKind.MACRO),
        (ppt((0xF, 0x3E8, struct.pack("<HHI", 0xF, 0x3FF, 0))), UnfitKind.MACRO),
        (doc(**{"ObjectPool/_1/\x01Ole10Native": b"MZ"}), UnfitKind.EMBEDDED),
        (doc(**{"ObjectPool/_1/Equation Native": b"x"}), UnfitKind.EMBEDDED),
        (doc(**{"ObjectPool/_1/\x03OCXNAME": b"x"}), UnfitKind.SCRIPT),
        (doc(b'\x13INCLUDEPICTURE"http://x/a"'), UnfitKind.EXTERNAL),
        (doc('\x13 HYPERLINK "file:///c:/a.exe" \x14'.encode("utf-16-le")), UnfitKind.EXTERNAL),
        (doc(**{"ObjectPool/_1/Package": docx()}), UnfitKind.EMBEDDED),
        (ole({"Book": BOOK, "Workbook": BOOK + HIDDEN_MACROS}), UnfitKind.MACRO),
        (ole({"Workbook": BOOK, "Book": BOOK + HIDDEN_MACROS}), UnfitKind.MACRO),
        (doc(b"\x13 DDEAUTO c:\\cmd.exe"), UnfitKind.EXTERNAL),
        (doc("\x13INCLUDETEXT x".encode("utf-16-le")), UnfitKind.EXTERNAL),
        (xls((0x1AE, b"\x01\0\x08\0\0cmd\x03x!A0")), UnfitKind.EXTERNAL),
        (xls((0x2F, b"\0" * 6)), UnfitKind.ENCRYPTED),
        (
            ole({"WordDocument": b"\xec\xa5\xc1\x00" + b"\0" * 6 + b"\x00\x01" + b"\0" * 50}),
            UnfitKind.ENCRYPTED,
        ),
        (ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), UnfitKind.ENCRYPTED),
        (ole({"!_StringPool": b"an installer"}), UnfitKind.UNKNOWN_KIND),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, UnfitKind.BROKEN),
    ],
)
def test_an_old_office_file_acts_by_nothing(content, kind):
    assert refused(content).kind is kind


def linked(target):
    """An archive with a symbolic link."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("a.txt")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, target)
    return out.getvalue()


def locked():
    """An archive with a password, as its directory says."""
    content = bytearray(zipped({"a.txt": "x"}))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "kind", "member"),
    [
        (zipped({"好.txt": "x", "工具/a.exe": b"MZ\x90"}), UnfitKind.PROGRAM, "工具/a.exe"),
        (zipped({"a.png": b"MZ\x90"}), UnfitKind.PROGRAM, "a.png"),
        (zipped({"a.js": "x"}), UnfitKind.PROGRAM, "a.js"),
        (zipped({"a.hta": pdf()}), UnfitKind.PROGRAM, "a.hta"),
        (zipped({"a.png\u202egnp.js": "x"}), UnfitKind.PROGRAM, "a.png\u202egnp.js"),
        (zipped({"a.docx": docx(members={"word/vbaProject.bin": b"x"})}), UnfitKind.MACRO, "a.docx"),
        (zipped({"in.zip": zipped({"a.pdf": pdf(more=(JS,))})}), UnfitKind.SCRIPT, "a.pdf"),
        (zipped({"a.bin": b"\0\1\2"}), UnfitKind.UNKNOWN_KIND, "a.bin"),
        (zipped({"a": PIXEL}), UnfitKind.UNKNOWN_KIND, "a"),
        (zipped({"a.zip": zipped({"b.zip": zipped({"c.zip": "x"})})}), UnfitKind.ARCHIVE_BOMB, "c.zip"),
        (zipped({"x": b"\0" * 300_000_000}), UnfitKind.ARCHIVE_BOMB, ""),
        (zipped({"x": b"\0" * 20_000_000}), UnfitKind.ARCHIVE_BOMB, ""),
        (zipped({f"{i}": b"" for i in range(5001)}), UnfitKind.ARCHIVE_BOMB, ""),
        (locked(), UnfitKind.ENCRYPTED, ""),
        (zipped({"../../a.txt": "x"}), UnfitKind.ODD_NAME, "../../a.txt"),
        (zipped({"/etc/a.txt": "x"}), UnfitKind.ODD_NAME, "/etc/a.txt"),
        (zipped({"C:\\a.txt": "x"}), UnfitKind.ODD_NAME, "C:\\a.txt"),
        (zipped({"a.exe:b.txt": "x"}), UnfitKind.ODD_NAME, "a.exe:b.txt"),
        (zipped({"a\u202etxt.fdp.txt": "x"}), UnfitKind.ODD_NAME, "a\u202etxt.fdp.txt"),
        (zipped({"a\x1b[31m.txt": "x"}), UnfitKind.ODD_NAME, "a\x1b[31m.txt"),
        (linked("/etc"), UnfitKind.ODD_NAME, "a.txt"),
        (zipped({"__MACOSX/a.exe": b"MZ\x90"}), UnfitKind.PROGRAM, "__MACOSX/a.exe"),
        (zipped({"__MACOSX/._a.exe": b"MZ\x90"}), UnfitKind.PROGRAM, "__MACOSX/._a.exe"),
        (zipped({"desktop.ini": "[.ShellClassInfo]\nIconResource=x"}), UnfitKind.UNKNOWN_KIND, "desktop.ini"),
        (zipped({"a.exe": b""}), UnfitKind.PROGRAM, "a.exe"),
        (zipped({"a.csv": "一,\"=cmd|' /C calc'!A0\"\n"}), UnfitKind.SCRIPT, "a.csv"),
        (zipped({"a.csv": "一\n+1+cmd|'x'!A0\n"}), UnfitKind.SCRIPT, "a.csv"),
        (zipped({"a.csv": '=HYPERLINK("http://x/"&A1)'}), UnfitKind.SCRIPT, "a.csv"),
        (zipped({"a.csv": "ID;P\n"}), UnfitKind.SCRIPT, "a.csv"),
        (zipped({"a.exe": "x"}) + zipped({"a.txt": "x"}), UnfitKind.BROKEN, ""),
        (zipped({}), UnfitKind.EMPTY, ""),
        (b"PK\x03\x04 not a zip", UnfitKind.UNKNOWN_KIND, ""),
    ],
)
def test_an_archive_holds_nothing_that_would_not_be_taken_by_itself(content, kind, member):
    unfit = refused(content)
    assert (unfit.kind, unfit.member) == (kind, member)


def test_what_a_directory_says_too_little_of_is_not_unpacked_any_further():
    content = bytearray(zipped({"a.txt": b"x" * 900_000}))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", 10)
    assert refused(bytes(content)).kind is UnfitKind.BROKEN


STARTS = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"PK\x03\x04", b"\0\0\0\x18ftyp", b"%PDF-",
          b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]  # fmt: skip


@given(st.sampled_from(STARTS), st.binary(max_size=300))
def test_no_bytes_break_it(start, rest):
    try:
        assert isinstance(kind_of(start + rest), Media)
    except Unfit as unfit:
        assert isinstance(unfit.kind, UnfitKind)


@given(st.sampled_from([pdf(), docx(), doc(), xls(), ppt(), zipped({"a.txt": "x"})]), st.data())
def test_no_flipped_byte_breaks_it(content, data):
    spoilt = bytearray(content)
    for _ in range(3):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert isinstance(kind_of(bytes(spoilt)), Media)
    except Unfit as unfit:
        assert isinstance(unfit.kind, UnfitKind)


# The process in which they are opened


async def test_what_takes_too_long_is_ended():
    begun = time.monotonic()
    with pytest.raises(Unfit) as unfit:
        await inspect(pdf(), limits=Limits(seconds=0.01))
    assert unfit.value.kind is UnfitKind.TOO_SLOW
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    ("task", "limits", "why"),
    [
        ("spin", Limits(cpu_seconds=1), Why.TOO_SLOW),
        ("hoard", FOREIGN, Why.TOO_MUCH_MEMORY),
        ("break_off", FOREIGN, Why.BROKE_OFF),
    ],
)
async def test_the_process_is_held_to_its_limits(task, limits, why):
    with pytest.raises(Failed) as failed:
        await run("tests.documents.misbehaving", task.encode(), limits)
    assert failed.value.why is why


@pytest.mark.parametrize("task", ["read_a_file", "write_a_file", "connect", "start_a_program"])
async def test_the_process_reaches_nothing(task, tmp_path):
    answer = await run("tests.documents.misbehaving", task.encode())
    assert answer.startswith(b"refused: ")


async def test_the_process_knows_nothing_of_the_program(monkeypatch):
    monkeypatch.setenv("KAOPING_TELEGRAM__TOKEN", "1000000001:SECRET")
    secret = os.open("/dev/null", os.O_RDONLY)
    os.set_inheritable(secret, True)
    try:
        environment, descriptors, here = (
            await run("tests.documents.misbehaving", b"tell", Limits(sealed=False))
        ).split(b"|")
    finally:
        os.close(secret)
    assert b"SECRET" not in environment and b"KAOPING" not in environment
    assert descriptors == b"0,1,2"
    assert here == b"[]"


async def test_no_more_than_two_are_at_work_at_once():
    answers = await asyncio.gather(*(run("tests.documents.misbehaving", b"when") for _ in range(5)))
    spans = [tuple(map(float, answer.split())) for answer in answers]
    assert max(sum(begun <= moment < ended for begun, ended in spans) for moment, _ in spans) == 2


def test_packed_objects_are_what_they_are_taken_for():
    assert b"JavaScript" not in packed_object(JS)
