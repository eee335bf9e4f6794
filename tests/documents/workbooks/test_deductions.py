"""The table of deductions: its heads and their synonyms, what is left out, and texts as they were written."""

import warnings
from datetime import date, datetime
from decimal import Decimal

import pytest

from documents.workbooks import deduction_table
from documents.workbooks.reader import read
from tests.grids import book

TODAY = date(2026, 11, 10)


def listed(workbook):
    return deduction_table.listed(
        workbook, TODAY, {"城关派出所": ("城关所",)}, {"治安管理": (), "执法质量": ()}
    )


@pytest.mark.parametrize(
    "head",
    [
        ("单位", "项目", "分值", "原因"), ("单位名称", "考核项目", "扣分", "扣分原因"),
        ("受检单位*", "扣分 项目", "扣分值（分）", "理由(必填)"), ("序号", "被考核单位", "项目", "分数", "存在问题"),
    ],
)  # fmt: skip
def test_the_heads_are_known_by_their_synonyms(head):
    row = (*[None] * (len(head) - 4), "城关所", "治安管理", Decimal("0.50"), "台账缺失")
    found = listed(book(("某表",), head, row))
    assert found.problems == ()
    [line] = found.lines
    assert (line.row, line.unit, line.item, line.points, line.reason) == (
        3,
        "城关所",
        "治安管理",
        Decimal("0.5"),
        "台账缺失",
    )


def test_what_was_taken_goes_before_the_full_mark_of_an_item():
    head = ("分值", "扣分", "单位", "项目", "原因")
    [line] = listed(book(head, (Decimal(10), Decimal(1), "城关所", "治安管理", "x"))).lines
    assert line.points == 1


def test_another_forms_table_is_none_of_ours():
    found = listed(book(("项目", "编号", "内容", "分值", "单位"), ("治安管理", "1.1", "x", "1", "处")))
    assert found.lines == () and "没有找到表头" in found.problems[0].message


def test_what_was_taken_back_is_left_out_and_blank_rows_are_none():
    head = ("记录号", "单位", "项目", "扣分", "原因", "状态")
    rows = [
        (n, "城关所", "治安管理", "1", "x", state)
        for n, state in enumerate(("有效", "已撤销", "已更正为 12", None))
    ]
    found = listed(book(head, *rows, (9, None, " ", None, None, None)))
    assert [line.row for line in found.lines] == [2, 5] and found.left_out == 2 and found.problems == ()


def test_days_are_texts_and_reasons_stay_as_they_were_written():
    head = ("单位", "项目", "分值", "原因", "检查日期")
    rows = [
        ("城关所", "治安管理", "１．５", "“甲”，乙\x00\x07\n丙 ", date(2026, 3, 1)),
        ("城关所", "治安管理", "1", Decimal(3), datetime(2026, 3, 2, 8, 30)),  # noqa: DTZ001  as Excel has it
        ("城关所", "治安管理", "1", True, "3月3日"),
    ]
    found = listed(book(head, *rows)).lines
    assert [line.day for line in found] == [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)]
    assert [line.reason for line in found] == ["“甲”，乙\n丙", "3", "True"] and found[0].points == Decimal(
        "1.5"
    )


async def test_the_template_is_read_back_and_long_lists_are_not_offered():
    warnings.simplefilter("error")
    for units in (["城关派出所"], [f"第{n}派出所" for n in range(90)]):
        found = listed(await read(deduction_table.template("某局扣分导入表", units, ["治安管理"])))
        assert found.lines == found.problems == ()
