"""How one cell is read: points, days and texts as offices write them, and what is refused by its address."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.workbooks import cells, tables
from documents.workbooks.cells import Wrong
from documents.workbooks.forms import Column, Form
from documents.workbooks.reading_process import number, shown
from documents.workbooks.values import Area, Cell, Kind, Workbook, address
from rules.reading import read_day
from tests.grids import book, cell, grid

TODAY = date(2026, 11, 10)
FORM = Form(
    "表", (Column("姓名", 10, "", needed=True), Column("分值", 8, "", needed=True, own=True)), key="姓名"
)


def near(month, day):
    return read_day(f"{month}月{day}日", TODAY)


@pytest.mark.parametrize(
    ("written", "points"),
    [
        ("1.5", "1.5"), ("１．５分", "1.5"), ("-1", "-1"), ("－0.5", "-0.5"), ("−1分", "-1"), ("扣1分", "1"), ("半分", "0.5"), ("一分半", "1.5"), ("二点五五", "2.55"),
        ("负1分", "-1"), (Decimal("-0.5"), "-0.5"), (Decimal(0), "0"),
    ],
)  # fmt: skip
def test_points_are_read_with_their_sign(written, points):
    assert cells.number(cell(written), "分值", "C2") == Decimal(points)


@pytest.mark.parametrize("written", ["", "-", "—", "/", "无", None])
def test_where_nothing_stands_nothing_is_said(written):
    assert cells.number(cell(written), "分值", "C2") is None


@pytest.mark.parametrize(
    "written",
    ["+2", "＋2", "加2分", "1_0", "1,5", "2,000", "两三分", "三五分", "几分", "1e3", "1-2", "NaN", "9" * 5000, Decimal("1e300"), date(2026, 1, 1), True],
)  # fmt: skip
def test_what_is_no_number_of_points_is_refused(written):
    with pytest.raises(Wrong):
        cells.number(cell(written), "分值", "C2")


def test_a_number_that_is_shown_as_another_is_refused():
    for value, told in (("0.25", "0.3"), ("0.5", "50%")):
        with pytest.raises(Wrong, match="C2"):
            cells.number(Cell(Kind.NUMBER, Decimal(value), told), "分值", "C2")
    assert cells.number(Cell(Kind.NUMBER, Decimal("0.5"), "0.50"), "分值", "C2") == Decimal("0.5")


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-03", "2026.11.3", "2026/11/3", "20261103", Decimal(20261103), Decimal(46329), "2026年11月3日", "11月3日", "11-3", "11.3", "26.11.3",
        "二〇二六年十一月三日", "2026-11-03 00:00:00", "2026-11-03（周二）", "2026年11月3日 9:30", date(2026, 11, 3),
    ],
)  # fmt: skip
def test_a_day_in_all_usual_ways(written):
    assert cells.day(cell(written), "检查日期", "E2", near) == date(2026, 11, 3)


@pytest.mark.parametrize(
    "written", [Decimal("11.1"), Decimal(7), Decimal(20261340), "11月31日", "昨天", "11月3日至5日", "3月上旬", "11.3.1", "某天", "2026年11月"]
)  # fmt: skip
def test_what_may_be_another_day_is_refused(written):
    with pytest.raises(Wrong):
        cells.day(cell(written), "检查日期", "E2", near)


@pytest.mark.parametrize(
    "written", ["2024年3月", "2024-03", "2024.3", Decimal("2024.03"), Decimal("2024.3"), "二〇二四年三月"]
)
def test_a_month_alone_is_its_first_day_where_that_is_meant(written):
    assert cells.day(cell(written), "到岗日期", "D2", near, month=True) == date(2024, 3, 1)


def test_a_number_that_may_be_january_or_october_is_refused():
    with pytest.raises(Wrong, match="D2"):
        cells.day(cell(Decimal("2024.1")), "到岗日期", "D2", near, month=True)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    for read in (cells.number, lambda *a: cells.day(*a, near, month=True), cells.text):
        try:
            read(cell(text), "分值", "C2")
        except Wrong as wrong:
            assert wrong.message


@pytest.mark.parametrize(
    ("value", "code", "told"),
    [
        (14601, "000000", "014601"), ("2.1", "0.00", "2.10"), ("0.25", "0.0", "0.3"), ("-1", "0.0;[Red]-0.0", "-1.0"), ("0.5", "0%", "50%"), (1, "0.00_ ", "1.00"),
        ("1", "General", ""), ("1", 'yyyy"年"', ""), (14601, '000000"号"', "014601"), ("1e20", "0", ""),
    ],
)  # fmt: skip
def test_a_number_is_shown_by_its_format(value, code, told):
    assert shown(Decimal(value), code) == told


def test_a_computed_number_has_fifteen_digits():
    assert (
        number(1.1 + 2.2) == Decimal("3.3")
        and number(0.7 + 0.1) == Decimal("0.8")
        and number(3.0) == Decimal(3)
    )


def test_places_are_named_as_excel_names_them():
    assert [address(7, column) for column in (3, 26, 27, 702, 703)] == ["C7", "Z7", "AA7", "ZZ7", "AAA7"]


# Tables


def rows(workbook, form=FORM):
    parsed = tables.read(workbook, form, lambda row: (row.text("姓名"), row.number_in("分值")))
    return parsed.rows, [(p.row, p.column) for p in parsed.problems]


def test_the_head_may_stand_in_the_thirtieth_row_and_no_further():
    for blank, found in ((29, 1), (30, 0)):
        above = [("说明",)] + [(f"第 {n} 条",) for n in range(1, blank)]
        assert len(rows(book(*above, ("姓名", "分值"), ("张三", 1)))[0]) == found


def test_merged_cells_hold_for_each_row_but_a_shared_number_is_refused():
    sheet = grid(("姓名", "分值"), ("张三", 1), ("李四", None), merged=(Area(2, 2, 3, 2),))
    assert rows(Workbook((sheet,))) == ((("张三", 1),), [(3, "分值")])


def test_a_row_below_a_merged_name_is_no_other_person():
    sheet = grid(("姓名", "分值", "电话"), ("张三", 1, "一"), (None, None, "二"), merged=(Area(2, 1, 3, 1),))
    assert rows(Workbook((sheet,))) == ((("张三", 1),), [])


def test_sums_notes_and_hidden_rows_are_left_out_and_said():
    sheet = grid(
        ("姓名", "分值"),
        ("张三", 1),
        ("李四", 2),
        ("合计", 3),
        ("注：以上为草稿",),
        ("审核人：王",),
        hidden_rows=frozenset({3}),
    )
    parsed = tables.read(Workbook((sheet,)), FORM, lambda row: row.text("姓名"))
    assert parsed.rows == ("张三",)
    assert parsed.notes == (
        "第 3 行是隐藏的，没有用；要算的请取消隐藏再发。",
        "跳过：第 4 行（合计），第 5–6 行（说明、签字）。",
    )


def test_the_missing_head_is_named_and_one_that_stands_twice():
    form = Form("表", (*FORM.columns, Column("原因", 8, "", needed=True)))
    [problem] = tables.read(book(("姓名", "分值", "电话"), ("张三", 1, "x")), form, lambda row: row).problems
    assert problem.message.startswith("没有找到表头“原因”") and problem.row == 1
    [twice] = tables.read(book(("姓名", "分值", "分 值"), ("张三", 1, 2)), FORM, lambda row: row).problems
    assert "有两列都叫“分值”" in twice.message


def test_what_nobody_can_read_is_named_by_its_cell():
    for kind in (Kind.UNCOMPUTED, Kind.ERROR):
        [problem] = tables.read(book(("姓名", "分值"), ("张三", Cell(kind))), FORM, lambda row: row).problems
        assert problem.column == "分值" and problem.message.startswith("B2 是")
