"""Documents for print: vectors with their font in them, as the photo shows it, made in the worker."""

import io
import re
import zlib
from decimal import Decimal

import pytest
from PIL import Image

from charts import style
from charts.printed import print_out
from charts.studio import Studio
from charts.values import Frame, ItemBar, Kind, ScoreChart

CHART = ScoreChart(
    Frame("城关派出所　90 分 ✔", "2026年第四季度", "截至 11月23日 14:05", "暂定"),
    (ItemBar("治安管理", Decimal(10), Decimal(5)), ItemBar("情报信息", Decimal(5), Decimal(0), Decimal(3))),
)
BEGINNINGS = {Kind.PNG: b"\x89PNG", Kind.SVG: b"<?xml", Kind.PDF: b"%PDF-"}


@pytest.mark.parametrize("kind", Kind)
def test_a_document_is_of_its_kind_and_the_same_each_time(kind):
    first = print_out(CHART, kind)
    assert first.startswith(BEGINNINGS[kind])
    assert print_out(CHART, kind) == first


def test_a_png_for_print_has_twice_the_pixels():
    assert Image.open(io.BytesIO(print_out(CHART, Kind.PNG))).width == 2 * style.WIDTH


def test_an_svg_needs_no_font_and_holds_no_picture():
    text = print_out(CHART, Kind.SVG).decode()
    assert "<path" in text
    assert "<text" not in text
    assert "<image" not in text
    assert "font-family" not in text


def test_a_pdf_holds_its_font_and_no_picture():
    content = print_out(CHART, Kind.PDF)
    assert b"/Subtype /Type3" in content
    assert b"NotoSans" in content
    assert b"/Subtype /Image" not in content
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    assert any(b"BT" in zlib.decompress(stream) for stream in streams if stream[:1] == b"x")


async def test_the_worker_makes_documents_and_photos_in_turn():
    studio = Studio()
    await studio.start()
    try:
        for kind, document in (
            (Kind.PDF, Kind.PDF),
            (None, Kind.PNG),
            (Kind.SVG, Kind.SVG),
            (Kind.PNG, Kind.PNG),
        ):
            content = await studio.draw(CHART, kind)
            assert content.startswith(BEGINNINGS[document])
    finally:
        await studio.stop()
