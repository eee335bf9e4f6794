"""The tables of a unit's officers and of its method: given out, filled in, and told row by row what is wrong."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from documents.workbooks import criteria_table, method_table, roster_table, tables
from documents.workbooks.reader import read
from rules.officers import Officer, Service
from rules.roster import Entered
from rules.scheme import Item
from tests.grids import book

TODAY = date(2026, 3, 10)
HEAD = ("姓名", "警号", "职务", "到岗日期", "离岗日期")
METHOD = ("项目", "分值", "别名")


def filled(content, *rows):
    book = openpyxl.load_workbook(io.BytesIO(content))
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def test_a_filled_roster_comes_back_as_it_was_filled():
    zhang = (Officer(1, "张伟", "012345", "社区民警"), Service(1, "a", date(2026, 1, 1), date(2026, 5, 1)))
    content = filled(
        roster_table.template("城关派出所", [zhang]),
        ("李强", 54321, None, date(2026, 2, 1), None),
        (None,) * 5,
        ("阿依·古丽", "Ｐ－０１", "1+1", "2026年2月3日", ""),
    )
    parsed = roster_table.parse(await read(content), TODAY)
    assert parsed.problems == ()
    assert parsed.rows == (
        (3, Entered("张伟", "012345", "社区民警", date(2026, 1, 1), date(2026, 5, 1))),
        (4, Entered("李强", "54321", "", date(2026, 2, 1))),
        (6, Entered("阿依·古丽", "P-01", "1+1", date(2026, 2, 3))),
    )


async def test_no_name_in_the_template_is_a_formula_and_the_columns_are_explained():
    content = roster_table.template(
        "城关派出所", [(Officer(1, "=1+1", "012345"), Service(1, "a", date(2026, 1, 1)))]
    )
    made = openpyxl.load_workbook(io.BytesIO(content))
    sheet = made["花名册"]
    assert [cell.value for cell in sheet[2]] == list(HEAD)
    assert (sheet["A3"].value, sheet["A3"].data_type, sheet["B3"].value) == ("=1+1", "s", "012345")
    assert [row[0].value for row in made["填写说明"].rows] == list(HEAD)


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (("", "12"), "姓名", "没有填写"),
        (("012", "12"), "姓名", "不是姓名"),
        (("张伟", "一二"), "警号", "不能作警号"),
        (("张伟", "13812345678"), "警号", "手机号"),
        (("张伟", "11010519491231002X"), "警号", "身份证号"),
        (("张伟", "012345", "长" * 21), "职务", "最多 20 个字"),
        (("张伟", "012345", "", "春天"), "到岗日期", "不是日期"),
        (("张伟", "012345", "", "1026-01-01"), "到岗日期", "不是日期"),
        (("张伟", "012345", "", "", Decimal("10.1")), "离岗日期", "不是日期"),
    ],
)
def test_what_is_wrong_in_a_row_is_told_by_row_and_column(row, column, message):
    (problem,) = roster_table.parse(book(HEAD, row), TODAY).problems
    assert (problem.row, problem.column) == (2, column)
    assert message in problem.message


async def test_a_filled_method_comes_back_as_it_was_filled():
    content = filled(
        method_table.template(
            "城关派出所", 2026, Decimal("60.5"), [Item("接处警", Decimal("20.5"), ("出警",))]
        ),
        ("社区", 40, "社区工作、走访，入户"),
    )
    parsed = method_table.parse(await read(content), ())
    assert parsed.problems == ()
    assert parsed.rows == (
        Item("接处警", Decimal("20.5"), ("出警",)),
        Item("社区", Decimal(40), ("社区工作", "走访", "入户")),
    )
    title = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]["A1"].value
    assert title == "城关派出所2026年民警考核办法（本单位部分，合计 60.5 分）"


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (("", 1), "项目", "1–20"),
        (("长" * 21, 1), "项目", "1–20"),
        (("社区", ""), "分值", "没有填写"),
        (("社区", "很多"), "分值", "不是数字"),
        (("社区", "101"), "分值", "超过了 100 分"),
        (("社区", "0.125"), "分值", "两位小数"),
        (("社区", 1, "长" * 21), "别名", "20 个字"),
        (("考勤纪律", 1), "项目", "“考勤纪律”与共同部分的项目重名"),
        (("社区", 1, "考勤"), "别名", "“考勤”与共同部分的项目重名"),
        (("接处警", 1), "项目", "与第 2 行重复"),
        (("社区", 1, "出警"), "别名", "与第 2 行重复"),
    ],
)
def test_what_is_wrong_in_a_method_is_told_by_row_and_column(row, column, message):
    common = (Item("考勤纪律", Decimal(15), ("考勤",)),)
    (problem,) = method_table.parse(book(METHOD, ("接处警", 10, "出警"), row), common).problems
    assert (problem.row, problem.column) == (3, column)
    assert message in problem.message


def test_each_table_is_known_by_its_head():
    heads = {roster_table.FORM: HEAD, method_table.FORM: METHOD, criteria_table.FORM: criteria_table.FORM.names}
    for form, head in heads.items():
        assert [other for other in heads if tables.is_of(book(("标题",), head), other)] == [form]
    assert not any(tables.is_of(book(("甲", "乙")), form) for form in heads)
