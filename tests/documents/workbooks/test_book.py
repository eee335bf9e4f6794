"""Workbooks that are given out: what was put in comes back, no text is a formula, and they can be printed and signed."""

import asyncio
import csv
import io
import re
import time
import zipfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.workbooks import writer
from documents.workbooks.book import Bars, Block, Book, Column, Kind, Lines, Page, Unwritten
from documents.workbooks.csv_text import csv_of
from documents.workbooks.reader import read
from documents.workbooks.text import LONGEST, cell
from documents.workbooks.writing import _breaks, write

COLUMNS = (
    Column("单位", Kind.CENTRED, 12),
    Column("得分", Kind.SCORE, 10),
    Column("变化", Kind.CHANGE, 10, 3),
    Column("笔数", Kind.COUNT, 8),
    Column("日期", Kind.DAY, 12),
    Column("时间", Kind.MOMENT, 18),
    Column("原因", Kind.TEXT, 30),
)
ROW = (
    "城关派出所",
    Decimal("97.35"),
    Fraction(-1, 3),
    12,
    date(2026, 3, 10),
    datetime.fromisoformat("2026-03-10T14:05"),
    "台账缺失",
)
NASTY = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "https://x.cn", "{=1}", "007", "1e5", "'x"]


def page(*rows, **more):
    return Page(
        **{
            "name": "表",
            "title": "某局表（暂定）",
            "notes": ("截至 3月10日",),
            "blocks": (Block(COLUMNS, rows),),
            **more,
        }
    )


def book(*pages):
    return Book("某局", "某局", "截至 3月10日 & 更早", datetime.fromisoformat("2026-03-10T15:00"), pages)


def opened(*pages):
    return openpyxl.load_workbook(io.BytesIO(write(book(*pages))))


def test_every_kind_of_value_comes_back_with_its_format():
    sheet = opened(page(ROW))["表"]
    assert sheet["A1"].value == "某局表（暂定）" and sheet["A2"].value == "截至 3月10日"
    assert [c.value for c in sheet[3]] == [column.head for column in COLUMNS]
    cells = sheet[4]
    assert [c.value for c in cells[:2]] == ["城关派出所", 97.35]
    assert cells[2].value == pytest.approx(-1 / 3)
    assert [c.value for c in cells[3:]] == [
        12,
        datetime.fromisoformat("2026-03-10"),
        datetime.fromisoformat("2026-03-10T14:05"),
        "台账缺失",
    ]
    formats = [c.number_format for c in cells]
    assert formats == ["@", "0.00", "+0.000;-0.000;0.000", "0", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "@"]


@pytest.mark.parametrize("text", NASTY)
def test_a_persons_text_is_never_a_formula_a_link_or_a_number(text):
    sheet = opened(page((text, *ROW[1:6], text)))["表"]
    for place in ("A4", "G4"):
        assert sheet[place].value == text
        assert sheet[place].data_type == "s" and sheet[place].hyperlink is None


@given(st.text(alphabet=st.characters(exclude_categories=[]), min_size=1, max_size=60))
def test_any_text_at_all_is_written_and_comes_back_readable(text):
    sheet = opened(page((*ROW[:6], text)))["表"]
    written = openpyxl.utils.escape.unescape(sheet["G4"].value or "")
    assert written == openpyxl.utils.escape.unescape(cell(text))
    assert sheet["G4"].data_type in {"s", "n"} and not isinstance(sheet["G4"].value, float)


def test_what_excel_refuses_is_marked_and_what_is_too_long_is_cut():
    assert cell("a\x00b\x1bc\x7f\ud800\uffff") == "a�b�c���"
    assert cell("一\r\n二\r三\t四") == "一\n二\n三\t四"
    assert len(cell("长" * 40_000)) == LONGEST
    assert opened(page((*ROW[:6], "长" * 40_000)))["表"]["G4"].value.endswith("长…")


def test_a_list_is_frozen_filtered_and_repeats_its_head_on_paper():
    sheet = opened(page(ROW, ROW, filtered=True, landscape=True))["表"]
    assert sheet.freeze_panes == "A4" and sheet.auto_filter.ref == "A3:G5"
    assert sheet.print_title_rows == "$1:$3"
    assert sheet.page_setup.paperSize == 9 and sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    assert "第 &P 页，共 &N 页" in sheet.oddFooter.center.text
    assert "打印时间" in sheet.oddFooter.right.text and "截至 3月10日 && 更早" in sheet.oddFooter.left.text


def test_a_page_to_sign_is_one_page_with_its_lines_at_the_end():
    sheet = opened(page(ROW, fits_one=True, signatures=("带队局领导：高局长　签字：", "考评办：　签字：")))[
        "表"
    ]
    assert sheet.page_setup.fitToHeight in {1, None}
    values = [row[0].value for row in sheet.iter_rows()]
    assert values[-2:] == ["带队局领导：高局长　签字：", "考评办：　签字："]
    assert sheet.freeze_panes == "A3" and sheet.auto_filter.ref is None


def test_charts_are_native_and_point_at_the_cells():
    bars = replace(page().blocks[0], rows=(ROW, ROW), bars=Bars("得分", 0, 1, 90), title="序列")
    lines = Lines("各季度", 1, 0, 1, 3)
    blocks = (Block(COLUMNS, (ROW,)), Block(COLUMNS, (ROW, ROW)))
    content = write(book(page(blocks=(bars,)), page(blocks=blocks, name="比", lines=lines, filtered=True)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        first, second = (archive.read(f"xl/charts/chart{n}.xml").decode() for n in (1, 2))
    assert "<c:barChart>" in first
    assert re.findall(r"<c:f>(.*?)</c:f>", first) == ["表!$A$5:$A$6", "表!$B$5:$B$6"]
    assert '<c:min val="90"/>' in first
    assert '<c:orientation val="maxMin"/>' in first, "the best on top, as in the table"
    assert "<c:lineChart>" in second
    assert re.findall(r"<c:f>(.*?)</c:f>", second) == [
        place for row in (7, 8) for place in (f"比!$A${row}", "比!$B$6:$D$6", f"比!$B${row}:$D${row}")
    ]
    assert "dispBlanksAs" not in second, "a quarter without a score is a gap, as Excel has it by itself"
    assert [re.findall(r"<a:t>(.*?)</a:t>", chart) for chart in (first, second)] == [["得分"], ["各季度"]]


def test_a_block_without_rows_says_so_and_one_of_few_columns_reaches_as_far():
    narrow = Block(
        (Column("单位", Kind.CENTRED, 12), Column("备注", Kind.TEXT, 20)), (("甲", "一"),), stretched=True
    )
    empty = Block(COLUMNS, (), empty="没有扣分记录")
    sheet = opened(page(blocks=(empty, narrow)))["表"]
    assert sheet["A4"].value == "没有扣分记录"
    assert {"A4:G4", "B6:G6", "B7:G7"} <= {str(area) for area in sheet.merged_cells.ranges}


def test_a_new_page_begins_where_something_would_be_torn_apart():
    heights = [10.0] * 100
    assert _breaks([0, 4, 8, 12], heights, room=100) == [8]
    assert _breaks([0, 40, 44], heights, room=100) == []
    assert _breaks([0, 35, 42], heights, room=100) == [35]


def test_the_same_book_gives_the_same_bytes():
    assert write(book(page(ROW))) == write(book(page(ROW)))


async def test_it_is_written_in_a_process_of_its_own_while_the_loop_goes_on():
    rows = tuple((*ROW[:6], f"第 {n} 行") for n in range(3000))
    longest, running = 0.0, True

    async def watch():
        nonlocal longest
        while running:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            longest = max(longest, time.perf_counter() - before)

    watching = asyncio.create_task(watch())
    content = await writer.write(book(page(*rows)))
    running = False
    await watching
    sheet = (await read(content)).sheets[0]
    assert sheet.cell(4, 2).value == Decimal("97.35") and sheet.cell(3003, 7).value == "第 2999 行"
    assert longest < 0.5


async def test_what_cannot_be_written_is_told_and_what_takes_too_long_is_ended():
    with pytest.raises(Unwritten):
        await writer.write(book(page(blocks=())))
    with pytest.raises(Unwritten):
        await writer.write(book(page(ROW)), seconds=0.001)


def test_the_csv_is_for_excel_and_harmless():
    rows = [
        (text, *ROW[1:6], text)
        for text in ("=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "\uff1d1", 'a=1,"b"')
    ]
    content = csv_of(Block(COLUMNS, (ROW, *rows)))
    assert content.startswith(b"\xef\xbb\xbf")
    read_ = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert read_[0] == [column.head for column in COLUMNS]
    assert read_[1] == ["城关派出所", "97.35", "-0.33", "12", "2026-03-10", "2026-03-10 14:05", "台账缺失"]
    assert all(line[0].startswith("'") and line[6] == line[0] for line in read_[2:-1])
    assert read_[-1][0] == 'a=1,"b"'
    assert csv_of(Block(COLUMNS, (("\x00\ud800", *(None,) * 6),))).decode("utf-8-sig").endswith("�?,,,,,,\r\n")


def test_what_goes_to_the_process_comes_out_as_it_was():
    whole = book(
        page(*(ROW for _ in range(450)), lines=Lines("x", 0, 0, 1, 2)), page(name="空"), page(ROW, name="二")
    )
    assert writer.unpacked(io.BytesIO(writer.packed(whole))) == whole
