"""Further workbooks as clerks make them: reused sheets, sections, summaries beside lists, marks and dates of every kind."""

# fmt: off
from datetime import date

from tests.corpus.tables.kit import (
    Corpus,
    Err,
    F,
    N,
    Sheet,
    When,
    at,
    at_midnight,
    cn,
    criterion,
    dots,
    entry,
    item,
    officer,
    result,
    serial,
)
from tests.corpus.tables.make import CRITERIA, FIVE, HEAD, MARCH, ROSTER, SIX, Maker

LIST = ["单位", "项目", "分值", "原因", "检查日期"]
ITEMS = ["队伍日常管理", "治安管理", "打击、破案及追逃", "执法质量", "人口管理", "安全防范", "情报信息"]
MARKED = ["姓名", "警号", *SIX, "标记", "原因"]


def make_strange(today: date) -> Corpus:
    """The further workbooks of a day."""
    corpus = Corpus(When(today))
    maker = Maker(corpus)
    for part in (_lists, _periods, _shapes, _packages, _rosters, _methods, _months, _criteria):
        part(maker)
    return corpus


def _lists(maker: Maker) -> None:
    w = maker.when
    d = w.ago
    maker.imports(
        "list-three-titles",
        "three lines above the head, a 小计 below each unit, 合计, a note and signatures",
        [Sheet("Sheet1", [
            ["江城市公安局派出所考核小组"],
            [f"{w.quarter}派出所考核扣分明细表"],
            ["填报单位：派出所考核小组", None, None, None, None, f"填报日期：{cn(d(1))}"],
            ["序号", "受检单位", "考评项目", "扣减分值", "扣分事由", "检查时间"],
            [1, "城关派出所", "治安管理", 0.5, "旅馆登记漏一人", d(20)],
            [2, None, "执法质量", 1, "传唤证未填时间", d(20)],
            [None, "小计", None, 1.5],
            [3, "东门派出所", "人口管理", 1, "租住人员未登记", d(19)],
            [None, "小计", None, 1],
            ["合计", None, None, 2.5],
            ["备注：以上问题已当场反馈。"],
            ["制表人：赵", None, None, "审核人：王", None, "负责人签字："],
        ], merge=["A1:F1", "A2:F2", "A3:E3", "B5:B6", "A10:C10", "A11:F11"])],
        entries=[
            entry("城关派出所", "治安管理", 0.5, "旅馆登记漏一人", d(20)), entry("城关派出所", "执法质量", 1, "传唤证未填时间", d(20)),
            entry("东门派出所", "人口管理", 1, "租住人员未登记", d(19)),
        ],
    )
    maker.imports(
        "list-full-marks",
        "分值 is the full marks of the item and stands before 扣分",
        [Sheet("Sheet1", [
            ["序号", "单位", "项目", "分值", "扣分", "扣分原因", "检查日期"],
            [1, "城关所", "治安管理", 10, 0.5, "台球室未登记", d(20)], [2, "东门所", "执法质量", 20, 1, "笔录缺页", d(20)],
        ])],
        entries=[entry("城关派出所", "治安管理", 0.5, "台球室未登记", d(20)), entry("东门派出所", "执法质量", 1, "笔录缺页", d(20))],
    )
    maker.imports(
        "list-three-points",
        "标准分, 扣分 and 得分 side by side",
        [Sheet("Sheet1", [
            ["序号", "被考核单位", "考核项目", "标准分", "扣分", "得分", "扣分原因", "检查日期"],
            [1, "城关所", "治安管理", 10, 0.5, 9.5, "棋牌室未登记", d(20)], [2, "东门所", "执法质量", 20, 1, 19, "笔录缺签名", d(20)],
        ])],
        entries=[entry("城关派出所", "治安管理", 0.5, "棋牌室未登记", d(20)), entry("东门派出所", "执法质量", 1, "笔录缺签名", d(20))],
    )
    maker.imports(
        "list-plus-column",
        "扣分 and 加分 side by side: what was added is not passed over in silence",
        [Sheet("Sheet1", [
            ["序号", "单位", "项目", "扣分", "加分", "原因", "检查日期"],
            [1, "城关所", "治安管理", 0.5, None, "停车场未登记", d(20)], [2, "东门所", "执法质量", None, 2, "办案能手", d(20)],
        ])],
        "ask", also=["refuse"], says=["加分"], entries=[entry("城关派出所", "治安管理", 0.5, "停车场未登记", d(20))],
    )
    maker.imports(
        "list-points-forms",
        "points in many ways: full width, with words, half",
        [Sheet("Sheet1", [LIST, *(
            [u, "治安管理", p, f"分值写法：{u}", d(15)]
            for u, p in zip(("城关所", "东门所", "西街所", "南湖所", "北关所"), ("０．５", "扣1分", "1.50", "半分", " 2 分"), strict=True)
        )])],
        entries=[entry(f"{u}派出所", "治安管理", p, f"分值写法：{u}所", d(15)) for u, p in zip(
            ("城关", "东门", "西街", "南湖", "北关"), ("0.5", "1", "1.5", "0.5", "2"), strict=True)],
    )
    for number, points in enumerate(("0.5-1", "1/2", "约1分", "0.5+0.5", "1分2处"), start=1):
        maker.imports(
            f"list-points-unclear-{number}", f"points written as {points} are not guessed",
            [Sheet("Sheet1", [LIST, ["城关所", "治安管理", points, "分值不清", d(15)]])],
            "refuse", says=at("C2", "分值"),
        )
    maker.imports(
        "list-percent", "points 0.5 shown as 50%",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", N(0.5, "0%"), "按百分比", d(15)]])],
        "refuse", says=at("C2", "分值"),
    )
    maker.imports(
        "list-rounded", "0.25 shown as 0.3",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", N(0.25, "0.0"), "显示成一位", d(15)]])],
        "refuse", says=at("C2", "分值"),
    )
    maker.imports(
        "list-points-date", "0.5 that Excel took for a day",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", N(at_midnight(date(2026, 5, 1)), "m.d"), "变成了日期", d(15)]])],
        "refuse", says=at("C2", "分值"),
    )
    maker.imports(
        "list-two-units", "two units in one cell are not one",
        [Sheet("Sheet1", [LIST, ["城关所、东门所", "治安管理", 1, "联合检查", d(15)]])],
        "refuse", says=at("A2", "单位"),
    )
    maker.imports(
        "list-two-items", "two items in one cell are not one",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理/执法质量", 1, "两个项目", d(15)]])],
        "refuse", says=at("B2", "项目"),
    )
    maker.imports(
        "list-marks-on-units", "the bureau's name before a unit, a gap in it, a number before an item, its marks behind",
        [Sheet("Sheet1", [
            LIST, ["江城市公安局城关派出所", "治安管理", 1, "写法之一", d(15)], ["东 门 所", "2.治安管理", 1, "写法之二", d(15)],
            ["西街派出所", "（二）治安管理", 1, "写法之三", d(15)], ["南湖派出所", "治安管理（10分）", 1, "写法之四", d(15)],
        ])],
        also=["refuse"],
        entries=[entry(f"{u}派出所", "治安管理", 1, f"写法之{n}", d(15)) for u, n in zip(("城关", "东门", "西街", "南湖"), "一二三四", strict=True)],
    )
    maker.imports(
        "list-ditto", "同上 and 〃 for the row above",
        [Sheet("Sheet1", [
            LIST, ["城关所", "治安管理", 1, "歌厅未登记", d(15)], ["〃", "执法质量", 1, "笔录错字", "同上"], ["东门所", "治安管理", 1, "同上", d(14)],
        ])],
        also=["refuse"],
        entries=[
            entry("城关派出所", "治安管理", 1, "歌厅未登记", d(15)), entry("城关派出所", "执法质量", 1, "笔录错字", d(15)),
            entry("东门派出所", "治安管理", 1, "笔录错字", d(14)),
        ],
    )
    maker.imports(
        "list-nothing-taken", "rows of units that lost nothing: 0, 无, —",
        [Sheet("Sheet1", [
            LIST, ["城关所", "治安管理", 1, "浴室未登记", d(15)], ["东门所", "治安管理", 0, "未发现问题", d(15)], ["西街所", "治安管理", "无", None, d(15)],
            ["南湖所", None, "—", None, None],
        ])],
        also=["refuse"], says_if_refused=["第3行"],
        entries=[entry("城关派出所", "治安管理", 1, "浴室未登记", d(15))],
    )
    maker.imports(
        "list-several-in-a-reason", "a reason of two lines with points in it: 扣分 is their sum",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1.5, "1.台账缺失扣0.5分；\n2.未巡查扣1分", d(15)]])],
        entries=[entry("城关派出所", "治安管理", 1.5, "*", d(15))],
    )
    maker.imports(
        "list-criterion", "细则 and 次数 instead of points",
        [Sheet("Sheet1", [
            ["单位", "考核项目", "细则编号", "次数", "扣分原因", "检查日期"],
            ["城关所", "治安管理", 2.1, 2, "巡查台账缺两处", d(15)], ["东门所", "治安管理", "2.2", "3家", "三家未检查", d(15)],
        ])],
        also=["refuse"],
        entries=[entry("城关派出所", "治安管理", 1, "*", d(15)), entry("东门派出所", "治安管理", 3, "*", d(15))],
    )
    maker.imports(
        "list-wrong-order", "columns in another order, a blank first column, blank rows between",
        [Sheet("Sheet1", [
            [None], [None, "检查日期", None, "扣分原因", "扣分", "考核项目", None, "单位"], [None],
            [None, d(15), None, "夜市未巡查", 1, "治安管理", None, "城关所"], [None],
            [None, d(15), None, "案卷超期", 1, "执法质量", None, "东门所"],
        ])],
        entries=[entry("城关派出所", "治安管理", 1, "夜市未巡查", d(15)), entry("东门派出所", "执法质量", 1, "案卷超期", d(15))],
    )
    maker.imports(
        "list-head-again", "the head again where the printed page ends, page numbers, a note between",
        [Sheet("Sheet1", [
            HEAD, [1, "城关所", "治安管理", 1, "第一页的一行", d(15), "赵"], ["第1页 共2页"], HEAD,
            ["（以下为第二次检查）"], [2, "东门所", "治安管理", 1, "第二页的一行", d(14), "赵"], ["第2页 共2页"],
        ])],
        also=["refuse"],
        entries=[entry("城关派出所", "治安管理", 1, "第一页的一行", d(15)), entry("东门派出所", "治安管理", 1, "第二页的一行", d(14))],
    )
    maker.imports(
        "list-error", "#VALUE! in points and #N/A in a unit are both named",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", Err("#VALUE!"), "错误值", d(15)], [Err("#N/A"), "治安管理", 1, "查不到单位", d(15)]])],
        "refuse", says=[*at("C2", "分值"), *at("A3", "单位")],
    )
    maker.imports(
        "list-total-formula", "only 合计 is a formula that no program has computed",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "合计没有算", d(15)], ["合计", None, F("=SUM(C2:C2)")]])],
        also=["refuse"], says_if_refused=[["C3", "第3行"]],
        entries=[entry("城关派出所", "治安管理", 1, "合计没有算", d(15))],
    )
    maker.imports(
        "list-hidden-points", "the first estimate in a hidden column beside the points",
        [Sheet("Sheet1", [
            ["单位", "项目", "拟扣分", "扣分", "原因", "检查日期"], ["城关所", "治安管理", 3, 1, "隐藏了拟扣分", d(15)],
        ], hidden_columns=["C"])],
        also=["refuse", "ask"], entries=[entry("城关派出所", "治安管理", 1, "隐藏了拟扣分", d(15))],
    )
    maker.imports(
        "list-very-hidden", "a sheet hidden so that Excel does not even offer it",
        [
            Sheet("扣分", [LIST, ["城关所", "治安管理", 1, "看得见的", d(15)]]),
            Sheet("底稿", [LIST, ["东门所", "治安管理", 5, "看不见的", d(15)]], state="veryHidden"),
        ],
        entries=[entry("城关派出所", "治安管理", 1, "看得见的", d(15))], says=[["隐藏", "底稿"]],
    )


def _periods(maker: Maker) -> None:
    w = maker.when
    d = w.ago
    last_year = w.year - 1
    _, last_month = w.month(1)
    plain = ["单位", "项目", "分值", "原因"]
    row = ["城关所", "治安管理", 1, "去年的表"]
    maker.imports(
        "period-last-year-title", "last year's sheet with its title",
        [Sheet("Sheet1", [plain, row], title=f"{last_year}年第四季度扣分明细")], "ask", also=["refuse"], says=[str(last_year)], if_written="accepted",
    )
    maker.imports(
        "period-last-year-sheet", "last year stands in the name of the sheet alone",
        [Sheet(f"{last_year}年四季度", [plain, row], title="派出所扣分明细表")], "ask", also=["refuse"], says=[str(last_year)], if_written="accepted",
    )
    maker.imports(
        "period-last-year-days", "last year's days, no title",
        [Sheet("Sheet1", [LIST, [*row, date(last_year, w.today.month, 9)]])], "refuse", also=["ask"], says=[str(last_year)],
    )
    maker.imports(
        "period-one-day-last-year", "one day of last year among this year's",
        [Sheet("Sheet1", [
            LIST, ["城关所", "治安管理", 1, "今年之一", d(15)], ["东门所", "治安管理", 1, "写错了年", f"{last_year}-{d(14):%m-%d}"],
            ["西街所", "治安管理", 1, "今年之二", d(13)],
        ])],
        "ask", also=["refuse"], says=[["第3行", "E3", str(last_year)]],
    )
    maker.imports(
        "period-made-on", "the day the table was made is last year's: 制表日期",
        [Sheet("Sheet1", [["派出所扣分明细表"], ["制表日期：", f"{last_year}年11月20日"], plain, row])],
        "ask", also=["refuse"], says=[str(last_year)], if_written="accepted",
    )
    maker.imports(
        "period-future", "a day that is not yet",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "还没有到", w.today.replace(month=12, day=20) if w.today.month < 12 else date(w.year + 1, 1, 20)]])],
        "refuse", says=at("E2", "检查日期", "日期"),
    )
    maker.imports(
        "period-no-such-day", "the 31st of November and a 13th month",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "没有这天", "11月31日"], ["东门所", "治安管理", 1, "没有这月", "2026.13.1"]])],
        "refuse", says=[*at("E2", "检查日期", "日期"), *at("E3", "检查日期", "日期")],
    )
    day = d(21)  # the 9th of November
    maker.imports(
        "period-short-days", "one day as text: month and day with a dot, a slash, a hyphen, 号, with a time, with gaps",
        [Sheet("Sheet1", [LIST, *(
            ["双桥所", "治安管理", 0.5, f"短日期之{n}", form] for n, form in enumerate((
                f"{day.month}.{day.day}", f"{day.month}/{day.day}", f"{day.month}-{day.day}", f"{day.month}月{day.day}号",
                f"{dots(day)} 14:30", f"{day.year} 年 {day.month} 月 {day.day} 日", f"{cn(day)}上午", f"{day.year}年{day.month}月{day.day}号",
            ), start=1)
        )])],
        also=["refuse"], says_if_refused=[["E2", "E3", "E4", "E6", "E8", "第2行", "第4行", "第8行"]],
        entries=[entry("双桥派出所", "治安管理", 0.5, f"短日期之{n}", day) for n in range(1, 9)],
    )
    maker.imports(
        "period-dotted-number", f"{day.month}.{day.day} typed as a number",
        [Sheet("Sheet1", [LIST, ["双桥所", "治安管理", 1, "数字日期", float(f"{day.month}.{day.day}")]])],
        also=["refuse"], says_if_refused=at("E2", "检查日期", "日期"), entries=[entry("双桥派出所", "治安管理", 1, "数字日期", day)],
    )
    maker.imports(
        "period-serial-text", "Excel's number of a day, as text and as a number with a time",
        [Sheet("Sheet1", [LIST, ["双桥所", "治安管理", 1, "文本序号", str(serial(day))], ["高桥所", "治安管理", 1, "带时间", serial(day) + 0.6]])],
        also=["refuse"], says_if_refused=[["E2", "第2行", "E3", "第3行"]],
        entries=[entry("双桥派出所", "治安管理", 1, "文本序号", day), entry("高桥派出所", "治安管理", 1, "带时间", day)],
    )
    maker.imports(
        "period-range", "from one day to another",
        [Sheet("Sheet1", [LIST, ["双桥所", "治安管理", 1, "查了几天", f"{day.month}月{day.day}日-{day.day + 2}日"]])],
        "refuse", also=["ask"], says=at("E2", "检查日期", "日期"),
    )
    maker.imports(
        "period-day-alone", "the day without its month",
        [Sheet("Sheet1", [LIST, ["双桥所", "治安管理", 1, "只写了日", 9]])], "refuse", also=["ask"], says=at("E2", "检查日期", "日期"),
    )
    maker.imports(
        "period-quarter-column", "the quarter in four ways",
        [Sheet("Sheet1", [[*plain, "季度"], *(
            [u, "治安管理", 1, f"季度写法：{q}", q] for u, q in zip(("城关所", "东门所", "西街所", "南湖所"), ("四季度", "第四季度", "Q4", 4), strict=True)
        )])],
        also=["refuse"], says_if_refused=[["E2", "E4", "E5", "第4行", "第5行"]],
        entries=[entry(f"{u}派出所", "治安管理", 1, f"季度写法：{q}", quarter=w.quarter) for u, q in zip(
            ("城关", "东门", "西街", "南湖"), ("四季度", "第四季度", "Q4", "4"), strict=True)],
    )
    maker.imports(
        "period-quarter-column-old", "last year in one cell of the column of quarters",
        [Sheet("Sheet1", [[*plain, "季度"], ["城关所", "治安管理", 1, "今年", "四季度"], ["东门所", "治安管理", 1, "去年", f"{last_year}年四季度"]])],
        "refuse", also=["ask"], says=[["E3", "第3行"]],
    )
    maker.imports(
        "period-caption-against-title", "the caption says 三季度, the title the running one",
        [Sheet("Sheet1", [plain, row], title=f"{w.quarter}扣分明细")], "ask", also=["refuse"], command="/import 三季度", says=["三季度"],
    )
    maker.imports(
        "period-month-title", "the title names a month of the running quarter",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "十月的检查", date(w.year, last_month, 20)]], title=f"{w.year}年{last_month}月份扣分情况")],
        entries=[entry("城关派出所", "治安管理", 1, "十月的检查", date(w.year, last_month, 20))],
    )
    maker.imports(
        "period-old-month-title", "the title names a month long gone",
        [Sheet("Sheet1", [plain, row], title=f"{w.year}年5月份扣分情况")], "ask", also=["refuse"], says=[["5月", "二季度"]], if_written="accepted",
    )
    maker.imports(
        "period-two-digit-title", "last year in two digits",
        [Sheet("Sheet1", [plain, row], title=f"{last_year % 100}年4季度扣分情况统计")], "ask", also=["refuse"],
        says=[[str(last_year), f"{last_year % 100}年"]], if_written="accepted",
    )
    maker.imports(
        "period-numerals-title", "last year in numerals",
        [Sheet("Sheet1", [plain, row], title="二〇二五年第四季度扣分情况统计")], "ask", also=["refuse"], says=[["2025", "二〇二五"]], if_written="accepted",
    )
    maker.imports(
        "period-year-title", "last year alone",
        [Sheet("Sheet1", [plain, row], title=f"{last_year}年度派出所扣分台账")], "ask", also=["refuse"], says=[str(last_year)], if_written="accepted",
    )


def _shapes(maker: Maker) -> None:
    w = maker.when
    d = w.ago
    title = f"江城市公安局{w.quarter}派出所扣分情况统计表"
    maker.imports(
        "shape-sections-units", "no column of units: each unit is a heading over its rows",
        [Sheet("Sheet1", [
            ["序号", "考核项目", "扣分", "扣分原因", "检查日期"], ["一、城关派出所"], [1, "治安管理", 1, "标题下之一", d(15)], [2, "执法质量", 1, "标题下之二", d(15)],
            ["二、东门派出所"], [1, "治安管理", 0.5, "标题下之三", d(15)],
        ], merge=["A2:E2", "A5:E5"])],
        also=["refuse"], says_if_refused=["单位"],
        entries=[
            entry("城关派出所", "治安管理", 1, "标题下之一", d(15)), entry("城关派出所", "执法质量", 1, "标题下之二", d(15)),
            entry("东门派出所", "治安管理", 0.5, "标题下之三", d(15)),
        ],
    )
    maker.imports(
        "shape-sections-items", "no column of items: each item is a heading over its rows",
        [Sheet("Sheet1", [
            ["序号", "单位", "扣分", "扣分原因", "检查日期"], ["一、治安管理（10分）"], [1, "城关所", 1, "标题下之一", d(15)],
            ["二、执法质量（20分）"], [1, "城关所", 0.5, "标题下之二", d(15)],
        ])],
        also=["refuse"], says_if_refused=["项目"],
        entries=[entry("城关派出所", "治安管理", 1, "标题下之一", d(15)), entry("城关派出所", "执法质量", 0.5, "标题下之二", d(15))],
    )
    maker.imports(
        "shape-sheet-per-unit", "a sheet for each unit, the unit in the sheet's name and title alone",
        [Sheet(f"{u}所", [["项目", "分值", "原因", "检查日期"], ["治安管理", 1, f"{u}所的表", d(15)]], title=f"{u}派出所扣分明细") for u in ("城关", "东门")],
        also=["refuse"], says_if_refused=["单位"],
        entries=[entry(f"{u}派出所", "治安管理", 1, f"{u}所的表", d(15)) for u in ("城关", "东门")],
    )
    detail = [LIST, ["城关派出所", "治安管理", 1, "明细之一", d(15)], ["东门派出所", "执法质量", 2, "明细之二", d(15)]]
    summary = [["单位", *ITEMS, "合计"], ["城关派出所", None, 1, None, None, None, None, None, 1], ["东门派出所", None, None, None, 2, None, None, None, 2]]
    maker.imports(
        "shape-summary-beside-list", "the statistics on the first sheet, the same in detail on the second: not twice",
        [Sheet("汇总表", summary, title=title), Sheet("明细表", detail)],
        also=["refuse", "ask"], says_if_refused=["汇总表"],
        entries=[entry("城关派出所", "治安管理", 1, "明细之一", d(15)), entry("东门派出所", "执法质量", 2, "明细之二", d(15))],
    )
    maker.imports(
        "shape-summary-after-list", "the same with the list first",
        [Sheet("明细", detail), Sheet("统计", summary, title=title)],
        also=["refuse", "ask"], says_if_refused=["统计"],
        entries=[entry("城关派出所", "治安管理", 1, "明细之一", d(15)), entry("东门派出所", "执法质量", 2, "明细之二", d(15))],
    )
    maker.imports(
        "shape-unit-totals", "on the first sheet the sums by unit with their rank, the list on the second",
        [Sheet("排名", [["名次", "单位", "总扣分", "总得分"], [1, "城关派出所", 1, 99], [2, "东门派出所", 2, 98]]), Sheet("明细", detail)],
        also=["refuse", "ask"], says_if_refused=["排名"],
        entries=[entry("城关派出所", "治安管理", 1, "明细之一", d(15)), entry("东门派出所", "执法质量", 2, "明细之二", d(15))],
    )
    maker.imports(
        "shape-copied-sheet", "a sheet copied as Sheet1 (2): the same rows are not written twice",
        [Sheet("Sheet1", detail), Sheet("Sheet1 (2)", detail)],
        also=["refuse", "ask"], says_if_refused=["Sheet1 (2)"],
        entries=[entry("城关派出所", "治安管理", 1, "明细之一", d(15)), entry("东门派出所", "执法质量", 2, "明细之二", d(15))],
    )
    maker.imports(
        "shape-quarter-sheets", "one book for the year, a sheet for each quarter",
        [
            Sheet("一季度", [LIST, ["城关派出所", "治安管理", 1, "一季度的", date(w.year, 2, 3)]]), Sheet("二季度", [LIST]),
            Sheet("四季度", [LIST, ["东门派出所", "治安管理", 1, "四季度的", d(15)]]),
        ],
        "ask", also=["refuse"], says=["一季度"],
    )
    maker.imports(
        "shape-side-by-side", "two lists side by side: neither is passed over",
        [Sheet("Sheet1", [[*LIST, None, *LIST], ["城关所", "治安管理", 1, "左边的表", d(15), None, "东门所", "治安管理", 1, "右边的表", d(15)]])],
        also=["refuse"], says_if_refused=["单位"],
        entries=[entry("城关派出所", "治安管理", 1, "左边的表", d(15)), entry("东门派出所", "治安管理", 1, "右边的表", d(15))],
    )
    maker.imports(
        "shape-two-stacked", "a list and below it another with columns in another order",
        [Sheet("Sheet1", [
            ["单位", "项目", "分值", "原因"], ["城关所", "治安管理", 1, "上面的表"], [None],
            ["项目", "单位", "原因", "分值"], ["执法质量", "东门所", "下面的表", 2],
        ])],
        also=["refuse"], says_if_refused=[["第4行", "第5行", "A5", "B5"]],
        entries=[entry("城关派出所", "治安管理", 1, "上面的表"), entry("东门派出所", "执法质量", 2, "下面的表")],
    )
    maker.imports(
        "matrix-corner", "单位 and 项目 divided by a slanted line, a row of full marks, 合计, rank",
        [Sheet("Sheet1", [
            ["项目\n单位", *ITEMS, "合计", "名次"], ["标准分", 20, 10, 40, 20, 10, 10, 10, 120],
            ["城关派出所", None, 0.5, None, 1, None, None, None, 1.5, 2], ["东门派出所", None, None, 2, None, None, None, None, 2, 3],
            ["合计", None, 0.5, 2, 1, None, None, None, 3.5],
        ], title=title)],
        also=["refuse"], says_if_refused=["标准分"], type="按统计表登记",
        entries=[entry("城关派出所", "治安管理", 0.5), entry("城关派出所", "执法质量", 1), entry("东门派出所", "打击、破案及追逃", 2)],
    )
    maker.imports(
        "matrix-turned", "items down, units across by their short names, 小计",
        [Sheet("Sheet1", [
            ["序号", "考核项目", "城关所", "东门所", "西街所", "小计"], [1, "治安管理", 1, None, 0.5, 1.5], [2, "执法质量", None, 2, None, 2],
            [None, "合计", 1, 2, 0.5, 3.5],
        ], title=title)],
        type="按统计表登记",
        entries=[entry("城关派出所", "治安管理", 1), entry("西街派出所", "治安管理", 0.5), entry("东门派出所", "执法质量", 2)],
    )
    maker.imports(
        "matrix-scores", "the statistics of what was reached, its title says 考核情况 alone",
        [Sheet("Sheet1", [
            ["单位", *ITEMS, "合计"], ["城关派出所", 5, 9.5, 40, 19, 5, 10, 10, 98.5], ["东门派出所", 5, 10, 38, 20, 5, 10, 10, 98],
        ], title=f"{w.quarter}派出所考核情况统计表")],
        "ask", also=["refuse"], says=["得分"], type="按统计表登记",
    )
    maker.imports(
        "matrix-points-and-reason", "two columns for each item: 扣分 and 原因",
        [Sheet("Sheet1", [
            ["单位", "治安管理", None, "执法质量", None], [None, "扣分", "原因", "扣分", "原因"],
            ["城关派出所", 1, "网吧未登记", None, None], ["东门派出所", None, None, 2, "卷宗缺页"],
        ], merge=["A1:A2", "B1:C1", "D1:E1"])],
        also=["refuse"],
        entries=[entry("城关派出所", "治安管理", 1, "网吧未登记"), entry("东门派出所", "执法质量", 2, "卷宗缺页")],
    )
    maker.imports(
        "matrix-counts", "numbers of findings, not of points",
        [Sheet("Sheet1", [["单位", *ITEMS], ["城关派出所", None, 3, None, 1, None, None, None]], title=f"{w.quarter}派出所检查发现问题数量统计表（单位：个）")],
        "ask", also=["refuse"], says=[["数量", "个"]], if_written="accepted", type="按统计表登记",
    )


def _packages(maker: Maker) -> None:
    d = maker.when.ago
    rows = [LIST, ["城关所", "治安管理", 1, "换了格式", d(15)]]
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2040
    html = "<html><meta charset=gbk><table><tr><td>单位</td><td>项目</td></tr></table></html>".encode("gbk")
    text = "单位,项目,分值,原因\n城关所,治安管理,1,文本表\n".encode("gbk")
    for name, content in (("ole", ole), ("html", html), ("csv", text), ("empty", b"")):
        maker.imports(
            f"package-{name}", f"{name} under the name of .xlsx", [Sheet("Sheet1", rows)], "refuse",
            says=[["另存", "打不开", "空的", "不是"]], edit=lambda _, content=content: content,
        )


def _rosters(maker: Maker) -> None:
    head = ["姓名", "警号", "职务", "到岗日期"]
    maker.rosters(
        "list-of-dots", "河西派出所", "minority names with a full stop, a full-width dot, gaps around the dot, no dot's gap",
        [Sheet("Sheet1", [head, *([n, f"0211{i:02d}", "民警", MARCH] for i, n in enumerate(
            ("阿卜杜拉.买买提", "阿依古丽．艾力", "古丽 • 热西提", "麦麦提‧吐尔逊", "伊力哈木。沙比提"), start=1))])],
        also=["refuse"], says_if_refused=[["第6行", "A6", "第2行", "A2"]],
        officers=[officer(n, f"0211{i:02d}", "民警", MARCH) for i, n in enumerate(
            ("阿卜杜拉·买买提", "阿依古丽·艾力", "古丽·热西提", "麦麦提·吐尔逊", "伊力哈木·沙比提"), start=1)],
    )
    maker.rosters(
        "list-of-the-bureau", "城关派出所", "the whole bureau's list with a column of units: another unit's people are not taken",
        [Sheet("Sheet1", [["序号", "单位", *head], [1, "城关派出所", "钱大", "022001", "民警", MARCH], [2, "东门派出所", "钱二", "022002", "民警", MARCH]])],
        "ask", also=["refuse", "read"], says=["东门"], officers=[officer("钱大", "022001", "民警", MARCH)],
    )
    maker.rosters(
        "list-side-by-side", "东门派出所", "two people in a row: neither half is passed over",
        [Sheet("Sheet1", [["姓名", "警号", "职务", None, "姓名", "警号", "职务"], ["钱一", "023001", "民警", None, "钱三", "023003", "民警"]])],
        also=["refuse"], says_if_refused=["姓名"], officers=[officer("钱一", "023001", "民警"), officer("钱三", "023003", "民警")],
    )
    maker.rosters(
        "list-since-number", "西街派出所", "2024.1 typed as a number: January or October",
        [Sheet("Sheet1", [head, ["孙一", "024001", "民警", 2024.1]])], "refuse", also=["ask"], says=at("D2", "到岗日期", "到岗"),
    )
    maker.rosters(
        "list-since-year", "西街派出所", "the year alone",
        [Sheet("Sheet1", [head, ["孙二", "024002", "民警", 2024]])], "refuse", also=["ask"], says=at("D2", "到岗日期", "到岗"),
    )
    maker.rosters(
        "list-moved-away", "南湖派出所", "a second sheet 调出人员 with the same heads: they are not in post",
        [Sheet("在职民警", [head, ["李一", "025001", "民警", MARCH]]), Sheet("调出人员", [head, ["李二", "025002", "民警", MARCH]])],
        "refuse", also=["ask"], says=["已经离开"],
    )
    maker.rosters(
        "list-sections", "北关派出所", "headings between: 一、领导班子, 二、社区警务中队（3人）",
        [Sheet("Sheet1", [
            ["序号", *head], ["一、领导班子"], [1, "周一", "026001", "所长", MARCH], ["二、社区警务中队（1人）"], [2, "周二", "026002", "民警", MARCH],
        ], merge=["A2:E2", "A4:E4"])],
        officers=[officer("周一", "026001", "所长", MARCH), officer("周二", "026002", "民警", MARCH)],
    )
    maker.rosters(
        "list-sections-in-names", "和平派出所", "the headings stand in the column of names",
        [Sheet("Sheet1", [head, ["领导班子"], ["吴一", "027001", "所长", MARCH], ["社区中队"], ["吴二", "027002", "民警", MARCH]])],
        also=["refuse", "ask"], says_if_refused=[["第2行", "A2", "领导班子"]],
        officers=[officer("吴一", "027001", "所长", MARCH), officer("吴二", "027002", "民警", MARCH)],
    )
    maker.rosters(
        "list-signed", "光明派出所", "signatures and a telephone in the column of names",
        [Sheet("Sheet1", [head, ["郑一", "028001", "民警", MARCH], ["填表人：周联络"], ["审核人：郑一"], ["联系电话：6223001"], ["2026年11月20日"]])],
        officers=[officer("郑一", "028001", "民警", MARCH)],
    )
    maker.rosters(
        "list-vacant", "河东派出所", "a post that nobody holds: 空缺",
        [Sheet("Sheet1", [head, ["王一", "029001", "所长", MARCH], ["空缺", None, "教导员"], ["（缺编）", None, "副所长"]])],
        also=["refuse", "ask"], says_if_refused=["空缺"], officers=[officer("王一", "029001", "所长", MARCH)],
    )
    maker.rosters(
        "list-bracketed", "白石派出所", "a name with what somebody is or where he is behind it",
        [Sheet("Sheet1", [head, ["冯一（借调）", "030001", "民警", MARCH], ["冯二*", "030002", "民警", MARCH]])],
        "refuse", also=["ask", "read"], says=[["第2行", "A2", "冯一（借调）"]],
        officers=[officer("冯一", "030001", "民警", MARCH), officer("冯二", "030002", "民警", MARCH)],
    )
    maker.rosters(
        "list-other-unit", "青山派出所", "another unit's list",
        [Sheet("Sheet1", [head, ["陈一", "031001", "民警", MARCH]], title="龙潭派出所民警花名册")], "refuse", also=["ask"], says=["龙潭"],
    )
    maker.rosters(
        "list-namesakes", "龙潭派出所", "two of one name with different numbers; numbers with a gap behind and in full width",
        [Sheet("Sheet1", [head, ["张　伟", "032001 ", "民警", MARCH], ["张伟", "０３２００２", "内勤", MARCH]])],
        officers=[officer("张伟", "032001", "民警", MARCH), officer("张伟", "032002", "内勤", MARCH)],
    )
    maker.rosters(
        "list-hidden-until", "双桥派出所", "the last day stands in a hidden column",
        [Sheet("Sheet1", [ROSTER, ["卫一", "033001", "民警", MARCH, date(2026, 6, 30)]], hidden_columns=["E"])],
        also=["ask", "refuse"], says=["隐藏"], officers=[officer("卫一", "033001", "民警", MARCH, date(2026, 6, 30))],
    )
    maker.rosters(
        "list-short-numbers", "柳林派出所", "numbers whose leading zero Excel has cut, beside ones that are texts",
        [Sheet("Sheet1", [head, ["蒋一", 34001, "民警", MARCH], ["蒋二", "034002", "民警", MARCH]])],
        also=["ask", "refuse"], says_if_refused=[["B2", "第2行"]],
        alt=[[officer("蒋一", "34001", "民警", MARCH), officer("蒋二", "034002", "民警", MARCH)]],
        officers=[officer("蒋一", "034001", "民警", MARCH), officer("蒋二", "034002", "民警", MARCH)],
    )


def _methods(maker: Maker) -> None:
    own = [item("社区警务", 20), item("执法办案", 25), item("接处警", 15)]
    maker.methods(
        "way-with-common", "龙潭派出所", "the common part stands above the own one, 100 in all",
        [Sheet("Sheet1", [
            ["序号", "考核项目", "分值"], ["一、共同部分（40分）"], [1, "政治学习", 10], [2, "考勤纪律", 15], [3, "内务管理", 15],
            ["二、本单位部分（60分）"], [4, "社区警务", 20], [5, "执法办案", 25], [6, "接处警", 15], ["合计", None, 100],
        ])],
        also=["refuse", "ask"], says_if_refused=["政治学习"], items=own,
    )
    maker.methods(
        "way-words", "双桥派出所", "points with 分, numbered items",
        [Sheet("Sheet1", [["考核内容", "分数"], ["一、社区警务", "20分"], ["二、执法办案", "25分"], ["三、接处警", "15分"], ["总分", "60分"]])],
        also=["refuse", "ask"], says_if_refused=[["第2行", "项目", "A2"]], items=own,
    )
    maker.methods(
        "way-shares", "田家湾派出所", "shares instead of points",
        [Sheet("Sheet1", [["项目", "权重"], ["社区警务", N(0.2, "0%")], ["执法办案", N(0.25, "0%")], ["接处警", N(0.15, "0%")]])],
        "refuse", also=["read", "ask"], says=[["权重", "分值", "B2", "第2行"]], items=own,
    )
    maker.methods(
        "way-two-levels", "柳林派出所", "two levels: the first with its sum, the second with its own points",
        [Sheet("Sheet1", [
            ["一级指标", "分值", "二级指标", "分值"], ["社区警务", 20, "走访", 10], [None, None, "信息", 10], ["执法办案", 40, "数量", 25], [None, None, "质量", 15],
        ], merge=["A2:A3", "B2:B3", "A4:A5", "B4:B5"])],
        "refuse", also=["ask", "read"], says=["分值"], items=[item("社区警务", 20), item("执法办案", 40)],
    )
    maker.methods(
        "way-hidden-row", "桃花派出所", "an item in a hidden row is not used in silence",
        [Sheet("Sheet1", [["项目", "分值"], ["社区警务", 20], ["旧项目", 10], ["执法办案", 25], ["接处警", 15]], hidden_rows=[3])],
        also=["refuse", "ask"], says=["隐藏"], says_if_refused=["隐藏"], items=own,
    )


def _months(maker: Maker) -> None:
    w = maker.when
    (year, month), (last_year, last_month) = w.month(), w.month(1)
    command = f"/month {month}月"
    title = f"{year}年{month}月民警考核表"
    maker.months(
        "table-last-year", "刑警大队", "last year's table of the same month",
        [Sheet("Sheet1", [MARKED, ["石磊", None, 1]], title=f"刑警大队{year - 1}年{month}月民警考核表")], "ask", also=["refuse"], command=command,
        says=[str(year - 1)], if_written="accepted", setup=["石磊 040001 侦查员 2025-01-01"],
    )
    maker.months(
        "table-month-sheets", "治安大队", "a sheet for each month in one book: not all are this month",
        [Sheet(f"{m}月", [MARKED, ["陶然", None, None, m / 2]]) for m in (month - 2, month - 1, month)],
        also=["refuse", "ask"], command=command, says_if_refused=[f"{month - 1}月"], setup=["陶然 040101 民警 2025-01-01"],
        officers=[result("陶然", 考勤纪律=f"{month / 2:g}")],
    )
    maker.months(
        "table-absence-remark", "交警大队", "休假 stands under 备注",
        [Sheet("Sheet1", [["姓名", *SIX, "备注"], ["马骏", None, 1, None, None, None, None, "迟到"], ["马驰", None, None, None, None, None, None, "休假"]], title=title)],
        also=["refuse", "ask"], command=command, says_if_refused=["休假"], setup=["马骏 040201 民警 2025-01-01", "马驰 040202 民警 2025-01-01"],
        officers=[result("马骏", 考勤纪律=1), result("马驰", mark="休假")],
    )
    maker.months(
        "table-stranger", "经侦大队", "somebody who is not on the roster",
        [Sheet("Sheet1", [MARKED, ["钱江", None, 1], ["钱塘", None, 1]], title=title)], "refuse", also=["ask"], command=command, says=["钱塘"],
        setup=["钱江 040301 民警 2025-01-01"],
    )
    maker.months(
        "table-namesakes", "禁毒大队", "two of one name and no column of numbers",
        [Sheet("Sheet1", [["姓名", *SIX, "原因"], ["周刚", 1], ["周刚", None, 2]], title=title)], "refuse", also=["ask"], command=command, says=["周刚"],
        setup=["周刚 040401 民警 2025-01-01", "周刚 040402 民警 2025-01-01"],
    )
    maker.months(
        "table-reached", "巡警大队", "what was reached, and no word says so: full marks but for one",
        [Sheet("Sheet1", [["姓名", "政治学习（10分）", "考勤纪律（15分）", "内务管理（15分）", "执法办案（30分）", "接处警（15分）", "信息采集（15分）", "合计"],
                          ["甘泉", 10, 15, 14.5, 30, 15, 15, 99.5]], title=title)],
        "ask", also=["refuse", "read"], command=command, says=["得分"], setup=["甘泉 040501 民警 2025-01-01"], officers=[result("甘泉", 内务管理=0.5)],
    )
    maker.months(
        "table-total-alone", "看守所", "the score alone",
        [Sheet("Sheet1", [["序号", "姓名", "得分", "名次"], [1, "乙木", 98, 1]], title=title)], "refuse", also=["ask"], command=command, says=[],
        setup=["乙木 040601 民警 2025-01-01"],
    )
    maker.months(
        "table-unknown-item", "拘留所", "a column that is no item of the method holds points",
        [Sheet("Sheet1", [["姓名", *SIX, "安全保卫", "原因"], ["丙火", 1, None, None, None, None, None, 2, "缺岗"]], title=title)],
        "ask", also=["refuse"], command=command, says=["安全保卫"], setup=["丙火 040701 民警 2025-01-01"],
    )
    maker.months(
        "table-plus-column", "户籍科", "a column of points added",
        [Sheet("Sheet1", [["姓名", *FIVE, "加分", "原因"], ["戊土", 1, None, None, None, None, 3, "先进"]], title=title)],
        "ask", also=["refuse"], command=command, says=["加分"], setup=["戊土 040801 民警 2025-01-01"],
    )
    maker.months(
        "table-sum-differs", "法制科", "总扣分 is more than the columns say",
        [Sheet("Sheet1", [["姓名", *FIVE, "总扣分", "原因"], ["程颐", 1, None, None, None, None, 3, "缺课"]], title=title)],
        "ask", also=["refuse"], command=command, says=[["总扣分", "合计", "不一致"]], setup=["程颐 040901 民警 2025-01-01"],
    )
    maker.months(
        "table-full-marks-row", "装财科", "考核项目 over the items and a row of full marks under them",
        [Sheet("Sheet1", [
            ["序号", "姓名", "考核项目", None, None, None, None, "扣分合计", "扣分原因"], [None, None, *FIVE], [None, "满分", 10, 20, 40, 20, 10, 100],
            [1, "金秋", None, 0.5, None, None, None, 0.5, "迟到"], [None, "合计", None, 0.5, None, None, None, 0.5],
        ], merge=["A2:A3", "B2:B3", "C2:G2", "H2:H3", "I2:I3"], title=title)],
        also=["refuse"], command=command, says_if_refused=["满分"], setup=["金秋 041001 科长 2025-01-01"],
        officers=[result("金秋", 考勤纪律=0.5)],
    )
    maker.months(
        "table-turned", "国保科", "people across, items down",
        [Sheet("Sheet1", [["项目", "木兰", "木棉"], ["考勤纪律", 1, None], ["本职工作", None, 2]], title=title)], also=["refuse"], command=command,
        setup=["木兰 041101 民警 2025-01-01", "木棉 041102 民警 2025-01-01"], officers=[result("木兰", 考勤纪律=1), result("木棉", 本职工作=2)],
    )
    maker.months(
        "table-month-words", "网安科", "the month as 十月份 in the title, nothing in the caption",
        [Sheet("Sheet1", [["姓名", *FIVE, "得分", "原因"], ["水心", 1, None, None, None, None, Err("#DIV/0!"), "缺课"]], title="网安科十月份民警考核情况")],
        also=["refuse", "ask"], command="/month", month=(last_year, last_month), press=[f"{last_month}月"], setup=["水心 041201 民警 2025-01-01"],
        officers=[result("水心", 政治学习=1)],
    )
    maker.months(
        "table-sheet-against-title", "科技科", "the title says one month, the sheet's name another",
        [Sheet(f"{month}月", [["姓名", *FIVE, "原因"], ["竹青", 1]], title=f"{last_year}年{last_month}月民警考核表")], "ask", also=["refuse"], command="/month",
        says=[f"{last_month}月", f"{month}月"], if_written="accepted", setup=["竹青 041301 民警 2025-01-01"],
    )
    maker.months(
        "table-other-unit", "政治处", "another unit's table",
        [Sheet("Sheet1", [["姓名", *FIVE, "原因"], ["松柏", 1]], title=f"法制科{title}")], "refuse", also=["ask"], command=command, says=["法制科"],
        setup=["松柏 041401 民警 2025-01-01"],
    )
    maker.months(
        "table-one-item-merged", "指挥室", "points merged over two people: not guessed",
        [Sheet("Sheet1", [["姓名", *FIVE, "原因"], ["梅一", None, 1], ["梅二"]], merge=["C2:C3"])], "refuse", also=["ask"], command=command, says=[["C2", "C3", "第2行", "第3行"]],
        setup=["梅一 041501 民警 2025-01-01", "梅二 041502 民警 2025-01-01"],
    )
    maker.months(
        "table-day-for-points", "出入境科", "0.5 that Excel took for a day; a tick instead of points",
        [Sheet("Sheet1", [["姓名", *FIVE, "原因"], ["兰一", N(at_midnight(date(2026, 5, 1)), "m.d")], ["兰二", "√"]])], "refuse", command=command,
        says=[*at("B2", "政治学习"), *at("B3", "政治学习")], setup=["兰一 041601 民警 2025-01-01", "兰二 041602 民警 2025-01-01"],
    )


def _criteria(maker: Maker) -> None:
    maker.criteria(
        "rules-heads", "考核项目, 序号, 扣分标准, 扣分分值, 计量单位, 最高扣分",
        [Sheet("Sheet", [["考核项目", "编号", "扣分标准", "扣分分值", "计量单位", "最高扣分"], ["治安管理", "2.1", "台账缺失", 0.5, "处", 3]])],
        also=["refuse"], criteria=[criterion("治安管理", "2.1", "台账缺失", 0.5, "处", 3)],
    )
    maker.criteria(
        "rules-in-words", "每处扣0.5分 under 分值",
        [Sheet("Sheet", [CRITERIA, ["治安管理", "2.1", "台账缺失", "每处扣0.5分", None, "最多扣3分"]])],
        also=["refuse"], says_if_refused=at("D2", "分值"), criteria=[criterion("治安管理", "2.1", "台账缺失", 0.5, "处", 3)],
    )
    maker.criteria(
        "rules-code-day", "a code that Excel took for a day",
        [Sheet("Sheet", [CRITERIA, ["治安管理", N(at_midnight(date(2026, 2, 1)), 'm"月"d"日"'), "台账缺失", 0.5, "处"]])],
        "refuse", says=at("B2", "编号"),
    )
    maker.criteria(
        "rules-veto-marks", "√, ×, Y and 一票否决 as the mark of a veto",
        [Sheet("Sheet", [CRITERIA, *(["治安管理", f"2.{n}", f"情形{n}", 1, "次", None, mark] for n, mark in enumerate(("√", "×", "是", "—"), start=1))])],
        also=["refuse"], says_if_refused=[["G2", "第2行", "G3", "G5"]],
        criteria=[criterion("治安管理", f"2.{n}", f"情形{n}", 1, "次", veto=v) for n, v in enumerate((True, False, True, False), start=1)],
    )
    maker.criteria(
        "rules-no-cap", "不封顶, 无, — as the cap; 扣完为止",
        [Sheet("Sheet", [CRITERIA, *(["治安管理", f"2.{n}", f"情形{n}", 1, "次", cap] for n, cap in enumerate(("不封顶", "无", "—", "扣完为止"), start=1))])],
        also=["refuse"], says_if_refused=[["F2", "第2行", "F4", "F5", "第5行"]],
        criteria=[criterion("治安管理", f"2.{n}", f"情形{n}", 1, "次") for n in range(1, 5)],
    )
    maker.criteria(
        "rules-same-code", "2.1 and 2.10 that Excel has made one number",
        [Sheet("Sheet", [CRITERIA, ["治安管理", 2.1, "第一条", 0.5, "处"], ["治安管理", 2.1, "第十条", 0.5, "处"]])], "refuse", says=["2.1"],
    )
    maker.criteria(
        "rules-sections", "the item is a heading over its criteria",
        [Sheet("Sheet", [["编号", "内容", "分值", "单位"], ["二、治安管理（10分）"], ["2.1", "台账缺失", 0.5, "处"], ["四、执法质量（20分）"], ["4.1", "卷宗缺页", 1, "卷"]])],
        also=["refuse"], says_if_refused=["项目"], criteria=[criterion("治安管理", "2.1", "台账缺失", 0.5, "处"), criterion("执法质量", "4.1", "卷宗缺页", 1, "卷")],
    )
    maker.criteria(
        "rules-other-category", "the title names another category",
        [Sheet("Sheet", [CRITERIA, ["执法质量", "4.1", "卷宗缺页", 1, "卷"]], title="实战所队考核扣分细则")], "ask", also=["refuse"], says=["实战所队"], if_written="accepted",
    )
