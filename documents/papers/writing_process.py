"""In the documents' process: a packed paper and, perhaps, a template in; a .docx out, or why the template cannot be used."""

import io
import pickle
from contextlib import suppress
from datetime import date

from docx import Document

from documents import inspection
from documents.papers.bulletin import document
from documents.papers.template import filled
from documents.papers.values import Annex, Grid, Paper, Paragraph, Picture, Section, SubHead, TemplateBroken

MADE, BROKEN = b"=", b"!"
"""What the answer begins with: a document, or a sentence."""

_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000"
    "000049454e44ae426082"
)
_SAMPLE = Paper(
    title=("一",),
    period="",
    mark="",
    notice="一",
    addressee="",
    opening=("一",),
    sections=(
        Section(
            "一", (SubHead("一"), Paragraph("一"), Grid("一", ("一",), (("一",),), (1,)), Picture(_PIXEL, "一"))
        ),
    ),
    closing="",
    annex=Annex("一", (Picture(_PIXEL, "一"),)),
    signature="",
    day=date(2026, 1, 1),
)


def prepare() -> None:
    """Fill some in, also in vain: afterwards no library has a file of its own to open any more."""
    inspection.prepare()
    for text in (
        "{% for 图 in 图片 %}{{ 图.标题 }}{{ 图.图 }}{{ loop.index }}{% endfor %}",
        "{{ '一' ~ 没有 }}",
        "{% if %}",
    ):
        template = Document()
        template.add_paragraph(text)
        template.sections[0].header.paragraphs[0].text = "{{ 标题 }}"
        out = io.BytesIO()
        template.save(out)
        with suppress(TemplateBroken):
            filled(out.getvalue(), _SAMPLE)


def answer(body: bytes) -> bytes:
    """The document of a paper, by its template where there is one."""
    paper, template = pickle.loads(body)  # noqa: S301  it comes from the bot's own process
    try:
        return MADE + (filled(template, paper) if template is not None else document(paper))
    except TemplateBroken as broken:
        return BROKEN + str(broken).encode(errors="replace")
