"""Each name of the lists by which files are told apart, one by one: none of them is there in vain."""

import signal
import struct
import zipfile

import pytest

from documents import process
from documents.inspection import opened
from documents.kinds import EXTENSIONS, PROGRAMS, Media, Unfit, UnfitKind, simple
from documents.packages import STEEP_FROM, Archive
from documents.process import Failed, Why
from tests.sample_files import PIXEL, docx, ole, pdf, ppt, relation, xls, xlsx, zipped


def refused(content, extension=""):
    """Why a file is not taken."""
    with pytest.raises(Unfit) as unfit:
        simple(content, extension) or opened(content)
    return unfit.value.kind


@pytest.mark.parametrize(
    ("brands", "media"),
    [
        ((b"heic", b"heix", b"mif1", b"msf1", b"hevc"), Media.HEIC),
        ((b"isom", b"iso2", b"mp41", b"mp42", b"avc1", b"M4V ", b"qt  "), Media.MP4),
    ],
)
def test_photos_and_films_of_telephones_are_known_by_their_brand(brands, media):
    for brand in brands:
        assert simple(b"\0\0\0\x18ftyp" + brand + b"\0" * 8, "") is media, brand


@pytest.mark.parametrize(("size", "taken"), [(15, False), (16, True), (4096, True), (4097, False)])
def test_a_films_first_box_is_as_long_as_a_first_box_is(size, taken):
    content = struct.pack(">I", size) + b"ftypmp42" + b"\0" * 8
    if taken:
        assert simple(content, "") is Media.MP4
    else:
        assert refused(content) is UnfitKind.UNKNOWN_KIND


@pytest.mark.parametrize(
    ("width", "height", "taken"), [(10_000, 5_000, True), (10_000, 5_001, False), (50_000_001, 1, False)]
)
def test_a_picture_has_fifty_million_pixels_at_most(width, height, taken):
    head = struct.pack("<2sI4xIIiihhI24x", b"BM", 60, 54, 40, width, height, 1, 24, 0)
    if taken:
        assert simple(head, "") is Media.BMP
    else:
        assert refused(head) is UnfitKind.TOO_MANY_PIXELS


@pytest.mark.parametrize(
    "extension", ["exe", "bat", "js", "vbs", "lnk", "jar", "html", "svg", "xml", "py", "sh", "apk"]
)
def test_what_a_system_would_run_or_a_browser_open_is_refused_by_its_name(extension):
    assert extension in PROGRAMS
    assert refused("说明".encode(), extension) is UnfitKind.PROGRAM
    assert refused(zipped({f"a.{extension}": "说明"})) is UnfitKind.PROGRAM


@pytest.mark.parametrize(
    ("media", "extensions"),
    [
        (Media.JPEG, {"jpg", "jpeg", "jpe", "jfif"}),
        (Media.HEIC, {"heic", "heif"}),
        (Media.TEXT, {"txt", "csv", "log", "md"}),
        (Media.MP4, {"mp4", "m4v", "mov"}),
        (Media.PNG, {"png"}),
        (Media.ZIP, {"zip"}),
    ],
)
def test_a_file_may_lie_in_an_archive_under_the_extensions_of_its_kind(media, extensions):
    assert EXTENSIONS[media] == extensions


@pytest.mark.parametrize(
    ("relations", "kind"),
    [
        (("vbaProject", "wordVbaData", "xlMacrosheet", "xlIntlMacrosheet", "keyMapCustomizations"), UnfitKind.MACRO),
        (("control", "activeXControlBinary", "webExtension", "taskpanes", "extensibility"), UnfitKind.SCRIPT),
        (("aFChunk", "subDocument", "frame"), UnfitKind.EMBEDDED),
    ],
)  # fmt: skip
def test_a_part_that_acts_is_known_by_what_it_is_for(relations, kind):
    for name in relations:
        content = docx(members={"word/_rels/document.xml.rels": relation(name, "a.xml", "Internal")})
        assert refused(content) is kind, name


@pytest.mark.parametrize(
    "element", ["ddeLink", "oleLink", "connection", "webPr", "dbPr", "olapPr", "mailMerge", "DataMashup"]
)
def test_an_element_that_fetches_is_refused_wherever_it_stands(element):
    assert refused(xlsx({"xl/worksheets/sheet1.xml": f"<a><b><{element}/></b></a>"})) is UnfitKind.EXTERNAL


@pytest.mark.parametrize(
    "tag",
    ["f", "definedName", "formula", "formula1", "formula2", "calculatedColumnFormula", "totalsRowFormula"],
)
def test_a_formula_is_read_wherever_it_stands(tag):
    assert refused(xlsx({"xl/a.xml": f"<a><{tag}>WEBSERVICE(A1)</{tag}></a>"})) is UnfitKind.EXTERNAL


@pytest.mark.parametrize(
    "name", ["WEBSERVICE", "IMAGE", "RTD", "CALL", "REGISTER", "REGISTER.ID", "EXEC", "SQL.REQUEST", "DDE"]
)
def test_a_function_that_fetches_or_runs_is_refused(name):
    assert refused(xlsx({"xl/a.xml": f"<a><f>1+{name}(A1)</f></a>"})) is UnfitKind.EXTERNAL


@pytest.mark.parametrize(
    "name",
    [
        "DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE", "INCLUDE", "IMPORT", "LINK", "RD", "DATABASE", "MACROBUTTON",
        "QUOTE", "CONTROL", "HTMLCONTROL", "PRINT",
    ],
)  # fmt: skip
def test_a_field_that_fetches_or_runs_is_refused(name):
    assert refused(docx(f'<w:fldSimple w:instr=" {name.lower()} x"/>')) is UnfitKind.EXTERNAL


@pytest.mark.parametrize("scheme", ["http", "https", "mailto", "tel", "ftp"])
def test_an_address_to_click_on_is_taken(scheme):
    target = relation("hyperlink", f"{scheme}:example.cn")
    assert opened(docx(members={"word/_rels/document.xml.rels": target})) is Media.DOCX


@pytest.mark.parametrize("action", ["ppaction://program", "ppaction://macro", "PPACTION://OLE"])
def test_a_slide_that_starts_something_is_refused(action):
    assert refused(docx(f'<w:p action=" {action}?name=x"/>')) is UnfitKind.PROGRAM


@pytest.mark.parametrize(
    ("keys", "kind"),
    [
        (("JS", "JavaScript", "XFA", "RichMediaContent", "RichMediaSettings"), UnfitKind.SCRIPT),
        (("EF", "EmbeddedFiles"), UnfitKind.EMBEDDED),
    ],
)
def test_what_acts_in_a_pdf_is_known_by_its_key(keys, kind):
    for key in keys:
        assert refused(pdf(more=(b"<< /%s (x) >>" % key.encode(),))) is kind, key


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (("JavaScript", "ImportData", "SubmitForm", "Rendition", "RichMedia", "RichMediaExecute"), UnfitKind.SCRIPT),
        (("Launch",), UnfitKind.PROGRAM),
        (("Movie", "Sound", "3D", "GoToE", "EmbeddedFile", "FileAttachment"), UnfitKind.EMBEDDED),
        (("GoToR", "Thread"), UnfitKind.EXTERNAL),
    ],
)  # fmt: skip
def test_what_acts_in_a_pdf_is_known_by_its_name(names, kind):
    for name in names:
        for key in ("S", "Type", "Subtype"):
            assert refused(pdf(more=(f"<< /{key} /{name} >>".encode(),))) is kind, (key, name)


@pytest.mark.parametrize("action", ["GoTo", "Named", "Hide", "SetOCGState", "Trans", "GoTo3DView"])
def test_what_stays_within_the_pdf_may_happen_by_itself(action):
    assert opened(pdf(root=f"/OpenAction << /S /{action} >>".encode())) is Media.PDF


@pytest.mark.parametrize(
    ("streams", "kind"),
    [
        (("Macros/x", "a/VBA/x", "_VBA_PROJECT", "_VBA_PROJECT_CUR/x", "VBA_PROJECT_CUR/x"), UnfitKind.MACRO),
        (("a/\x03OCXNAME", "a/\x03OCXDATA", "a/\x01OCXINFO"), UnfitKind.SCRIPT),
        (("a/\x01Ole10Native", "a/Equation Native", "a/Package"), UnfitKind.EMBEDDED),
    ],
)
def test_what_acts_in_an_old_file_is_known_by_its_stream(streams, kind):
    for name in streams:
        assert refused(ole({"WordDocument": b"\0" * 20, name: b"x"})) is kind, name
        assert refused(docx(members={"word/embeddings/o.bin": ole({name: b"x"})})) is kind, name


def test_a_presentation_of_before_2007_is_refused_for_a_password_macros_and_controls():
    for record, kind in ((0x2F14, UnfitKind.ENCRYPTED), (0x03FF, UnfitKind.MACRO), (0x0FEE, UnfitKind.SCRIPT)):
        assert refused(ppt((0, 0x3E8, b"x" * 5), (0, record, b""))) is kind
    for sheet in (1, 6):
        assert refused(xls((0x85, b"\0\0\0\0\0" + bytes([sheet]) + b"\1\0a"))) is UnfitKind.MACRO


def test_a_file_within_an_office_file_is_one_that_would_be_taken_by_itself():
    script = pdf(more=(b"<< /S /JavaScript /JS (x) >>",))
    assert opened(docx(members={"word/embeddings/o.pdf": pdf()})) is Media.DOCX
    assert refused(docx(members={"word/embeddings/o.pdf": script})) is UnfitKind.SCRIPT
    assert refused(docx(members={"word/media/o.bin": script})) is UnfitKind.SCRIPT
    inner = docx()
    for _ in range(2):
        inner = docx(members={"word/embeddings/o.docx": inner})
        assert opened(inner) is Media.DOCX
    assert refused(docx(members={"word/embeddings/o.docx": inner})) is UnfitKind.EMBEDDED


def test_what_is_steep_counts_from_a_megabyte_on():
    assert opened(zipped({"a.txt": "a" * STEEP_FROM})) is Media.ZIP
    assert refused(zipped({"a.txt": "a" * (STEEP_FROM + 1)})) is UnfitKind.ARCHIVE_BOMB
    plain = zipped({"a.txt": "a" * (STEEP_FROM + 1)}, compression=zipfile.ZIP_STORED)
    assert opened(plain) is Media.ZIP


def test_an_archive_holds_five_thousand_files_at_most():
    assert len(Archive(zipped({f"{n}.txt": b"" for n in range(5000)})).members) == 5000


@pytest.mark.parametrize(
    ("name", "start", "taken"),
    [
        ("a/.DS_Store", b"\0\0\0\1Bud1", True),
        ("a/Thumbs.db", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", True),
        ("__MACOSX/a/._b.png", b"\0\5\x16\7", True),
        ("a/.DS_Store", b"MZ", False),
        ("a/Thumbs.db", b"\0\0\0\1Bud1", False),
        ("a/b.DS_Store", b"\0\0\0\1Bud1", False),
    ],
)
def test_what_systems_leave_behind_is_passed_over_where_it_is_that(name, start, taken):
    content = zipped({"a.png": PIXEL, name: start + b"\0" * 20})
    try:
        found = opened(content)
    except Unfit:
        found = None
    assert found is (Media.ZIP if taken else None)


@pytest.mark.parametrize(
    ("returncode", "out", "why"),
    [
        (0, b"mx", Why.TOO_MUCH_MEMORY),
        (-signal.SIGKILL, b"=x", Why.TOO_MUCH_MEMORY),
        (-signal.SIGXCPU, b"", Why.TOO_SLOW),
        (0, b"!x", Why.BROKE_OFF),
        (1, b"=x", Why.BROKE_OFF),
        (0, b"", Why.BROKE_OFF),
        (-signal.SIGSEGV, b"", Why.BROKE_OFF),
    ],
)
def test_an_end_without_an_answer_says_why(returncode, out, why):
    with pytest.raises(Failed) as failed:
        process._answer(returncode, out)
    assert failed.value.why is why


def test_an_answer_is_what_follows_its_sign():
    assert process._answer(0, b"==x") == b"=x"
