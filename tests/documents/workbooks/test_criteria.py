"""Workbooks from people: looked at before they are opened, read in a process of their own, told row by row."""

import asyncio
import io
import time
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from documents.workbooks import criteria_table
from documents.workbooks.reader import read
from documents.workbooks.values import Fault, Unreadable
from rules.scheme import Criterion
from tests.grids import book
from tests.sample_files import xlsx

ITEMS = {"治安管理": Decimal(10), "执法质量": Decimal(20)}
HEAD = ("项目", "编号", "内容", "分值", "单位", "上限", "一票否决")


def filled(*rows):
    workbook = openpyxl.load_workbook(io.BytesIO(criteria_table.template("派出所", list(ITEMS), ())))
    sheet = workbook["细则"]
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


async def test_a_filled_template_comes_back_as_it_was_filled():
    content = filled(
        ("治安管理", 2.1, "台账缺失", 0.5, "处", 3, "否"),
        (None,) * 7,
        ("执法质量", "ＺＡ－１", "+1+1", "全部", None, None, None),
        ("执法质量", "4.2", "被追责", None, None, None, "是"),
    )
    parsed = criteria_table.parse(await read(content), ITEMS)
    assert parsed.problems == ()
    assert criteria_table.by_item(parsed.rows) == {
        "治安管理": (Criterion("2.1", "台账缺失", Decimal("0.5"), "处", Decimal(3)),),
        "执法质量": (
            Criterion("ZA-1", "+1+1", None, whole=True),
            Criterion("4.2", "被追责", None, veto=True),
        ),
    }


async def test_the_template_holds_what_there_is_and_no_text_is_a_formula():
    row = criteria_table.Row("治安管理", Criterion("1", "=1+1", Decimal(1)))
    content = criteria_table.template("派出所", list(ITEMS), [row])
    sheet = openpyxl.load_workbook(io.BytesIO(content))["细则"]
    assert [cell.value for cell in sheet[2]] == list(HEAD)
    assert sheet["C3"].value == "=1+1" and sheet["C3"].data_type == "s"
    assert sheet.freeze_panes == "A3"
    assert criteria_table.parse(await read(content), ITEMS).rows == (row,)


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (("人口", "1", "x", 1), "项目", "没有“人口”这个项目"),
        (("治安管理", "一", "x", 1), "编号", "不能作编号"),
        (("治安管理", "1", "", 1), "内容", "1–200"),
        (("治安管理", "1", "x", ""), "分值", "没有填写"),
        (("治安管理", "1", "x", "许多"), "分值", "不是数字"),
        (("治安管理", "1", "x", "0.125"), "分值", "两位小数"),
        (("治安管理", "1", "x", "-1"), "分值", "大于 0"),
        (("治安管理", "1", "x", "11"), "分值", "超过了该项目的 10 分"),
        (("治安管理", "1", "x", "NaN"), "分值", "不是数字"),
        (("治安管理", "1", "x", "2", "次", "1"), "上限", "还少"),
        (("治安管理", "1", "x", "全部", "", "3"), "上限", "请清空"),
        (("治安管理", "1", "x", "1", "一二三四五六七八九十一"), "单位", "10 个字"),
        (("治安管理", "1", "x", "1", "", "", "也许"), "一票否决", "应写"),
    ],
)
def test_what_is_wrong_in_a_row_is_told_by_row_and_column(row, column, message):
    parsed = criteria_table.parse(book(HEAD, row), ITEMS)
    (problem,) = parsed.problems
    assert (problem.row, problem.column) == (2, column)
    assert message in problem.message


def test_a_code_twice_and_a_missing_head_are_told():
    twice = book(HEAD, ("治安管理", "1", "x", 1), ("执法质量", "1", "y", 1))
    assert "与第 2 行重复" in criteria_table.parse(twice, ITEMS).problems[0].message
    assert "没有找到表头" in criteria_table.parse(book(("甲", "乙")), ITEMS).problems[0].message


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * 150_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.NOT_A_WORKBOOK),
        (b"hello", Fault.NOT_A_WORKBOOK),
        (filled()[:2000], Fault.NOT_A_WORKBOOK),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), Fault.ENCRYPTED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, Fault.OLD_FORMAT),
        (b"x" * (20 * 1024 * 1024 + 1), Fault.TOO_BIG),
        (bomb(), Fault.BOMB),
        (xlsx({"xl/vbaProject.bin": b"x"}), Fault.MACRO),
        (xlsx({"xl/macrosheets/sheet1.xml": "<x/>"}), Fault.MACRO),
        (xlsx({"xl/activeX/activeX1.xml": "<x/>"}), Fault.UNSAFE),
    ],
)
async def test_what_must_not_be_opened_is_refused_before(content, fault):
    with pytest.raises(Unreadable) as refused:
        await read(content)
    assert refused.value.fault is fault


async def test_a_broken_workbook_and_one_too_long_are_told_and_harm_nothing():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<not xml")
    for content, seconds, fault in ((out.getvalue(), 20, Fault.BROKEN), (filled(), 0.001, Fault.TOO_SLOW)):
        with pytest.raises(Unreadable) as refused:
            await read(content, seconds=seconds)
        assert refused.value.fault is fault


async def test_too_many_rows_are_refused():
    large = openpyxl.Workbook(write_only=True)
    sheet = large.create_sheet()
    for _ in range(20_001):
        sheet.append([1])
    out = io.BytesIO()
    large.save(out)
    with pytest.raises(Unreadable) as refused:
        await read(out.getvalue())
    assert refused.value.fault is Fault.TOO_MANY_ROWS


async def test_the_event_loop_stays_free_while_a_workbook_is_read():
    ticks = []

    async def tick():
        while True:
            ticks.append(time.monotonic())
            await asyncio.sleep(0.005)

    ticking = asyncio.create_task(tick())
    await read(filled())
    ticking.cancel()
    assert len(ticks) >= 3, "the loop stood still"
