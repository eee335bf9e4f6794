"""Further workbooks of the same kinds, made before the reader was tried on them."""

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
    bare_cells,
    cn,
    criterion,
    dots,
    entry,
    iso,
    item,
    officer,
    read_aloud,
    result,
    skipped,
)
from tests.corpus.tables.make import CRITERIA, FIVE, HEAD, MARCH, ROSTER, SIX, Maker


def make_more(today: date) -> Corpus:
    """The further corpus of a day."""
    corpus = Corpus(When(today))
    maker = Maker(corpus)
    for part in (_lists, _second_look, _points, _matrices, _periods, _rosters, _methods, _months, _criteria):
        part(maker)
    return corpus


LIST = ["单位", "项目", "分值", "原因", "检查日期"]


def _lists(maker: Maker) -> None:
    w = maker.when
    d = w.ago
    maker.imports(
        "more-heads", "受检查单位, 考评项目, 实扣分, 主要问题, 发现时间",
        [Sheet("Sheet1", [["编号", "受检查单位", "考评项目", "实扣分", "主要问题", "发现时间"], [1, "城关所", "治安管理", 0.5, "甲一", dots(d(5))]])],
        entries=[entry("城关派出所", "治安管理", 0.5, "甲一", d(5))],
    )
    maker.imports(
        "more-subtotals", "a 小计 below each unit, 总计 at the end",
        [Sheet("Sheet1", [
            HEAD, [1, "城关派出所", "治安管理", 1, "小计之一", d(6), "赵"], [2, None, "执法质量", 0.5, "小计之二", d(6), "赵"], ["小计", None, None, 1.5],
            [3, "东门派出所", "治安管理", 2, "小计之三", d(6), "赵"], ["小计", None, None, 2], ["总计", None, None, 3.5],
        ], merge=["B2:B3", "A4:C4", "A6:C6", "A7:C7"])],
        entries=[entry("城关派出所", "治安管理", 1, "小计之一", d(6)), entry("城关派出所", "执法质量", 0.5, "小计之二", d(6)), entry("东门派出所", "治安管理", 2, "小计之三", d(6))],
        says=[skipped(4, "小计|合计|总计")],
    )
    maker.imports(
        "more-full-mark", "分值 is the item's full mark, 扣分 what was taken",
        [Sheet("Sheet1", [["单位", "考核项目", "分值", "扣分", "扣分原因"], ["城关所", "治安管理", 10, 0.5, "满分列之一"], ["东门所", "执法质量", 20, 1, "满分列之二"]])],
        entries=[entry("城关派出所", "治安管理", 0.5, "满分列之一"), entry("东门派出所", "执法质量", 1, "满分列之二")],
    )
    maker.imports(
        "more-prefilled", "all units stand there, two of them lost something; numbers run on",
        [Sheet("Sheet1", [
            HEAD, [1, "城关所"], [2, "东门所", "治安管理", 1, "预先列好之一", d(3), "赵"], [3, "西街所", None, 0], [4, "南湖所", "执法质量", 0.5, "预先列好之二", d(3), "赵"],
            [5, "北关所", None, None, "无"], [6], [7],
        ])],
        entries=[entry("东门派出所", "治安管理", 1, "预先列好之一", d(3)), entry("南湖派出所", "执法质量", 0.5, "预先列好之二", d(3))],
    )
    maker.imports(
        "more-counted", "a criterion with its count",
        [Sheet("Sheet1", [["单位", "细则编号", "次数", "存在问题"], ["城关所", "2.1", 3, "台账三处缺失"], ["东门所", "2.2", "2家", "两家未检查"]])],
        entries=[entry("城关派出所", "治安管理", 1.5, "台账三处缺失"), entry("东门派出所", "治安管理", 2, "两家未检查")],
    )
    maker.imports(
        "more-second-head", "the head again in the middle, as on a second page",
        [Sheet("Sheet1", [HEAD, [1, "城关所", "治安管理", 1, "第一页", d(3), "赵"], HEAD, [2, "东门所", "治安管理", 2, "第二页", d(3), "赵"]])],
        entries=[entry("城关派出所", "治安管理", 1, "第一页", d(3)), entry("东门派出所", "治安管理", 2, "第二页", d(3))],
    )
    maker.imports(
        "more-bare-cells", "cells that do not say where they are, and a wrong dimension",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "无坐标", iso(d(3))]])], edit=bare_cells,
        entries=[entry("城关派出所", "治安管理", 1, "无坐标", d(3))],
    )
    maker.imports(
        "more-read-aloud", "texts in two looks with how they are read",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "注音", iso(d(3))]])], edit=lambda c: read_aloud(c, {"城关所": "chengguan", "治安管理": "zhian"}),
        entries=[entry("城关派出所", "治安管理", 1, "注音", d(3))],
    )
    maker.imports(
        "more-inline", "texts inside the cells, as programs export",
        [Sheet("导出", [LIST, ["城关所", "治安管理", 1, "内联文字", iso(d(3))]])], inline=True,
        entries=[entry("城关派出所", "治安管理", 1, "内联文字", d(3))],
    )
    maker.imports(
        "more-inspector", "检查单位 is who inspected, 被检查单位 who was inspected",
        [Sheet("Sheet1", [["检查单位", "被检查单位", "项目", "扣分", "问题"], ["治安大队", "城关所", "治安管理", 1, "检查方也有一列"]])],
        entries=[entry("城关派出所", "治安管理", 1, "检查方也有一列")],
    )
    maker.imports(
        "more-wrapped", "units and items with line breaks and gaps",
        [Sheet("Sheet1", [LIST, ["城关\n派出所", "治安\n管理", 1, "换行", d(3)], ["东 门 所", "执法　质量", 2, "空格", d(3)]])],
        entries=[entry("城关派出所", "治安管理", 1, "换行", d(3)), entry("东门派出所", "执法质量", 2, "空格", d(3))],
    )
    maker.imports(
        "more-days", "weekdays, hours and months with dots beside the days",
        [Sheet("Sheet1", [
            LIST, ["城关所", "治安管理", 1, "带星期", f"{iso(d(27))}（周二）"], ["城关所", "治安管理", 1.5, "带时刻", f"{d(27).year}/{d(27).month}/{d(27).day} 9:30"],
            ["城关所", "治安管理", 2, "点分月日", f"{d(27).month}.{d(27).day}"], ["城关所", "治安管理", 2.5, "中文数字", "二〇二六年十一月三日"],
        ])],
        entries=[entry("城关派出所", "治安管理", p, r, d(27)) for p, r in ((1, "带星期"), (1.5, "带时刻"), (2, "点分月日"), (2.5, "中文数字"))],
    )
    maker.imports(
        "more-day-to-come", "a day that has not come", [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "未来", iso(d(-9))]])],
        "refuse", says=at("E2", "检查日期"),
    )
    maker.imports(
        "more-no-such-day", "the 31st of November", [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "没有这天", "11月31日"]])],
        "refuse", says=at("E2", "检查日期"),
    )
    maker.imports(
        "more-day-range", "a span of days", [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "一段时间", "11月3日至5日"]])],
        "refuse", says=at("E2", "检查日期"),
    )
    maker.imports(
        "more-error-in-reason", "#NAME? as the reason", [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, Err("#NAME?"), d(3)]])],
        "refuse", says=at("D2", "原因"),
    )
    maker.imports(
        "more-hidden-column", "the column of days is hidden",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "隐藏的列", d(3)]], hidden_columns=["E"])],
        entries=[entry("城关派出所", "治安管理", 1, "隐藏的列", d(3))], says=["隐藏"],
    )
    maker.imports(
        "more-filtered", "two rows filtered away",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "看得见", d(3)], ["东门所", "治安管理", 1, "筛掉了", d(3)], ["西街所", "治安管理", 1, "也筛掉了", d(3)]],
               hidden_rows=[3, 4], filter="A1:E4")],
        "confirm", entries=[entry("城关派出所", "治安管理", 1, "看得见", d(3))], says=["隐藏", ["第3–4行", "第3、4行"]],
    )
    maker.imports(
        "more-only-hidden", "the only table is on a hidden sheet",
        [Sheet("底稿", [LIST, ["城关所", "治安管理", 1, "藏起来的", d(3)]], state="hidden"), Sheet("说明", [["请看底稿"]])],
        "refuse", says=["隐藏"],
    )
    maker.imports(
        "more-sum-differs", "合计 says more than the rows", [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "合计不符", d(3)], ["合计", None, 2]])],
        "confirm", entries=[entry("城关派出所", "治安管理", 1, "合计不符", d(3))], says=["合计是2"],
    )
    maker.imports(
        "more-sheet-without-points", "the second sheet lacks the points' head",
        [Sheet("一组", [LIST, ["城关所", "治安管理", 1, "一组", d(3)]]), Sheet("二组", [["单位", "项目", "原因", "检查日期"], ["东门所", "治安管理", "二组", d(3)]])],
        "refuse", says=["二组", ["分值", "扣分"]],
    )
    maker.imports(
        "more-note-inside", "a remark over all columns between the rows",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "其一", d(3)], ["以下为补充检查情况"], ["东门所", "治安管理", 1, "其二", d(3)]], merge=["A3:E3"])],
        entries=[entry("城关派出所", "治安管理", 1, "其一", d(3)), entry("东门派出所", "治安管理", 1, "其二", d(3))],
    )


def _second_look(maker: Maker) -> None:
    """Made after the first ones were read."""
    w = maker.when
    d = w.ago
    rows = [["城关所", "治安管理", 1, "副本一", d(3)], ["东门所", "治安管理", 2, "副本二", d(3)]]
    maker.imports(
        "more-copied-sheet", "a copy of the sheet", [Sheet("扣分", [LIST, *rows]), Sheet("扣分 (2)", [LIST, *rows])], "refuse", says=["扣分(2)", "重复"],
    )
    maker.imports(
        "more-summary-sheet", "a summary of the two other sheets",
        [Sheet("一组", [LIST, rows[0]]), Sheet("二组", [LIST, rows[1]]), Sheet("汇总", [LIST, *rows])], "refuse", says=["汇总", "重复"],
    )
    maker.imports(
        "more-aside", "the table begins in the third column, blank rows between",
        [Sheet("Sheet1", [[None, "扣分登记"], [None], [None, None, *LIST], [None], [None, None, *rows[0]], [None], [None, None, *rows[1]], [None, None, None, "审核：", "王"]])],
        entries=[entry("城关派出所", "治安管理", 1, "副本一", d(3)), entry("东门派出所", "治安管理", 2, "副本二", d(3))],
    )
    maker.imports(
        "more-station-head", "the head 派出所, an alias of an item, 扣分合计 at the end",
        [Sheet("Sheet1", [["派出所", "考核项目", "扣分分值", "扣分事由", "时间"], ["城关", "打处", "0.50", "别名", iso(d(3))], ["扣分合计", None, 0.5]])],
        entries=[entry("城关派出所", "打击、破案及追逃", 0.5, "别名", d(3))],
    )
    maker.imports(
        "more-unit-heading", "a unit as a heading above its rows is not guessed",
        [Sheet("Sheet1", [["单位", "项目", "扣分", "原因"], ["城关派出所"], [None, "治安管理", 1, "标题下之一"], [None, "执法质量", 1, "标题下之二"]])],
        "refuse", says=at("B3", "单位"),
    )
    maker.imports(
        "more-praise-column", "加分 beside 扣分",
        [Sheet("Sheet1", [["单位", "项目", "扣分", "加分", "原因"], ["城关所", "治安管理", 1, None, "扣"], ["东门所", "治安管理", None, 2, "加"]])],
        "refuse", says=at("C3", "分值"),
    )
    maker.imports(
        "more-times-column", "points for each and a count: they do not fit together",
        [Sheet("Sheet1", [["单位", "项目", "分值", "次数", "原因"], ["城关所", "治安管理", 0.5, 3, "每次半分"]])], "refuse", says=at("D2", "次数"),
    )
    maker.rosters(
        "more-roster-two-columns", "青山派出所", "two lists beside each other", [Sheet("Sheet1", [["姓名", "警号", "姓名", "警号"], ["江甲", "019001", "江乙", "019002"]])],
        "refuse", says=["两列", "姓名"],
    )
    maker.rosters(
        "more-roster-number-dates", "白石派出所", "a day that has come as a number, and a name with a star",
        [Sheet("Sheet1", [ROSTER, ["江丙", "019003", "民警", 45352], ["江丁", "019004", "民警", "2024年3月1日（周五）"]])],
        officers=[officer("江丙", "019003", "民警", MARCH), officer("江丁", "019004", "民警", MARCH)],
    )
    maker.months(
        "more-month-words-behind", "网安科", "heads with 扣分 behind the item", [Sheet("Sheet1", [["姓名", "政治学习扣分", "考勤纪律扣分"], ["江戊", 1, None]])],
        command=f"/month {w.month()[1]}月", also=["refuse"], setup=["江戊 019005 民警 2025-01-01"], officers=[result("江戊", 政治学习=1)],
    )
    maker.months(
        "more-month-percent", "科技科", "a coefficient column and a rank",
        [Sheet("Sheet1", [["名次", "姓名", *FIVE, "合计扣分", "得分"], [1, "江己", 1, None, 0.5, None, None, 1.5, 98.5]])],
        command=f"/month {w.month()[1]}月", setup=["江己 019006 民警 2025-01-01"], officers=[result("江己", 政治学习=1, 本职工作=0.5)],
    )


def _points(maker: Maker) -> None:
    d = maker.when.ago
    maker.imports(
        "more-written-points", "full-width digits, 半分, 一分半, 扣1分",
        [Sheet("Sheet1", [
            LIST, ["城关所", "治安管理", "０．５", "全角", d(3)], ["东门所", "治安管理", "半分", "半", d(3)], ["西街所", "治安管理", "一分半", "一分半", d(3)],
            ["南湖所", "治安管理", "扣1分", "扣字", d(3)],
        ])],
        entries=[
            entry("城关派出所", "治安管理", 0.5, "全角", d(3)), entry("东门派出所", "治安管理", 0.5, "半", d(3)), entry("西街派出所", "治安管理", 1.5, "一分半", d(3)),
            entry("南湖派出所", "治安管理", 1, "扣字", d(3)),
        ],
    )
    for name, what, value in (
        ("comma", "a comma for the point", "1,5"), ("thousands", "a comma of thousands", "2,000"), ("words", "三五分", "三五分"), ("range", "a range", "1-2"),
        ("exponent", "1e0", "1e0"), ("percent", "half a point shown as per cent", N(0.5, "0%")), ("rounded", "a quarter shown as 0.3", N(0.25, "0.0")),
        ("flag", "TRUE", True), ("reference", "#REF!", Err("#REF!")), ("plus-full-width", "＋1", "＋1"),
    ):
        maker.imports(
            f"more-points-{name}", f"no points: {what}", [Sheet("Sheet1", [LIST, ["城关所", "治安管理", value, "不是分值", d(3)]])], "refuse", says=at("C2", "分值"),
        )
    maker.imports(
        "more-points-mixed", "a praise among deductions below zero",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", -1, "扣分", d(3)], ["东门所", "治安管理", 2, "加分", d(3)]])],
        "refuse", says=at("C3", "分值"),
    )
    maker.imports(
        "more-points-merged", "one number merged over two rows",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "其一", d(3)], ["城关所", "治安管理", None, "其二", d(3)]], merge=["C2:C3"])],
        "refuse", says=[["C3", "第3行", "C2:C3"]],
    )
    maker.imports(
        "more-points-format", "points with formats that only add signs",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", N(0.5, "0.00_ "), "格式一", d(3)], ["东门所", "治安管理", N(-1, '0.0;[Red]-0.0'), "格式二", d(3)]])],
        also=["refuse"], says_if_refused=at("C2", "分值"),
        entries=[entry("城关派出所", "治安管理", 0.5, "格式一", d(3)), entry("东门派出所", "治安管理", 1, "格式二", d(3))],
    )


def _matrices(maker: Maker) -> None:
    more = {"reason": "*", "day": "*"}
    maker.imports(
        "more-matrix-turned", "items down, units across",
        [Sheet("Sheet1", [["考核项目", "城关所", "东门所", "西街派出所"], ["治安管理", 1, None, 0.5], ["执法质量", None, 2, None], ["合计", 1, 2, 0.5]])],
        type="按统计表登记", entries=[
            entry("城关派出所", "治安管理", 1, **more), entry("西街派出所", "治安管理", 0.5, **more), entry("东门派出所", "执法质量", 2, **more),
        ],
    )
    maker.imports(
        "more-matrix-two-rows", "扣分项目 over the items, their points below their names",
        [Sheet("统计", [["序号", "单位", "扣分项目", None, None, "合计"], [None, None, "治安管理（10分）", "执法质量\n20分", "人口管理", None], [1, "城关所", 1, None, 0.5, 1.5]],
               merge=["A2:A3", "B2:B3", "C2:E2", "F2:F3"], title="扣分统计表")],
        type="按统计表登记", entries=[entry("城关派出所", "治安管理", 1, **more), entry("城关派出所", "人口管理", 0.5, **more)],
    )
    maker.imports(
        "more-matrix-odd-head", "an item that is misspelt",
        [Sheet("Sheet1", [["单位", "治安管里", "执法质量"], ["城关所", 1, 2]])], "refuse", says=["治安管里"], type="按统计表登记",
    )
    maker.imports(
        "more-matrix-scores", "what was reached",
        [Sheet("Sheet1", [["单位", "治安管理", "执法质量", "人口管理", "总分"], ["城关所", 9.5, 19, 10, 38.5]], title="派出所得分表")],
        "refuse", also=["ask"], says=["得分"], type="按统计表登记",
    )
    maker.imports(
        "more-matrix-error", "an error among the cells",
        [Sheet("Sheet1", [["单位", "治安管理", "执法质量"], ["城关所", 1, Err("#VALUE!")]])], "refuse", says=at("C2", "执法质量"), type="按统计表登记",
    )
    maker.imports(
        "more-matrix-sum-differs", "a row whose sum is another",
        [Sheet("Sheet1", [["单位", "治安管理", "执法质量", "合计扣分"], ["城关所", 1, 0.5, 2.5]])], "refuse", also=["ask"], says=["合计"], type="按统计表登记",
    )


def _periods(maker: Maker) -> None:
    w = maker.when
    d = w.ago
    row = ["城关所", "治安管理", 1, "期间", None]
    maker.imports(
        "more-title-month", "the title names a month of the last quarter",
        [Sheet("Sheet1", [LIST, row], title=f"{d(100).year}年{d(100).month}月扣分情况表")], "ask", also=["refuse"], says=[[w.last_quarter]],
    )
    maker.imports(
        "more-old-days", "the days lie months back", [Sheet("Sheet1", [LIST, [*row[:4], d(120)], ["东门所", "治安管理", 1, "期间二", d(118)]])],
        "ask", also=["refuse"], says=["检查日期"], if_written="accepted",
    )
    maker.imports(
        "more-caption-differs", "the caption names the running quarter, the title the last one",
        [Sheet("Sheet1", [LIST, row], title=f"{w.last_quarter}扣分表")], "ask", also=["refuse"], command="/import 四季度", says=[[w.last_quarter]], if_written="accepted",
    )
    maker.imports(
        "more-sheet-names", "a sheet for each quarter",
        [Sheet("三季度", [LIST, ["城关所", "治安管理", 1, "上季度", d(35)]]), Sheet("四季度", [LIST, ["东门所", "治安管理", 1, "本季度", d(3)]])],
        late=True,
        entries=[
            entry("城关派出所", "治安管理", 1, "上季度", d(35), quarter=w.last_quarter), entry("东门派出所", "治安管理", 1, "本季度", d(3), quarter=w.quarter),
        ],
    )
    maker.imports(
        "more-column-of-quarters", "a column of quarters in a late group",
        [Sheet("Sheet1", [[*LIST, "所属季度"], ["城关所", "治安管理", 1, "列里写了", d(35), "三季度"], ["东门所", "治安管理", 1, "也写了", d(3), w.quarter]])],
        late=True,
        entries=[entry("城关派出所", "治安管理", 1, "列里写了", d(35), quarter=w.last_quarter), entry("东门派出所", "治安管理", 1, "也写了", d(3), quarter=w.quarter)],
    )
    maker.imports(
        "more-running-title", "the title names the running quarter in full, padded",
        [Sheet("Sheet1", [LIST, row], title=f"江城市公安局 {w.year} 年 第 {'零一二三四'[w.number]} 季度 扣分表")],
        entries=[entry("城关派出所", "治安管理", 1, "期间")],
    )


def _rosters(maker: Maker) -> None:
    maker.rosters(
        "more-roster-heads", "城关派出所", "民警姓名, 警员号, 岗位, 到所日期, 离所日期",
        [Sheet("名单", [
            ["序号", "民警姓名", "警员号", "岗位", "到所日期", "离所日期"], [1, "江一", "018001", "民警", "2024年3月1日", "在职"], [2, "江二", 18002, "民警", dots(MARCH), dots(date(2025, 5, 31))],
        ])],
        officers=[officer("江一", "018001", "民警", MARCH), officer("江二", "18002", "民警", MARCH, "2025-05-31")],
    )
    maker.rosters(
        "more-roster-other-unit", "东门派出所", "another unit's title", [Sheet("Sheet1", [ROSTER, ["江三", "018003", "民警", iso(MARCH)]], title="西街派出所民警花名册")],
        "refuse", also=["ask"], says=["西街派出所"],
    )
    maker.rosters(
        "more-roster-dots", "西街派出所", "dots with gaps, black and hollow",
        [Sheet("Sheet1", [ROSTER, ["阿依古丽●买买提", "018004", "民警", iso(MARCH)], ["古丽 · 热西提", "018005", "民警", iso(MARCH)], ["艾山．买买提", "018006", "民警", iso(MARCH)]])],
        officers=[officer("阿依古丽·买买提", "018004", "民警", MARCH), officer("古丽·热西提", "018005", "民警", MARCH), officer("艾山·买买提", "018006", "民警", MARCH)],
    )
    maker.rosters(
        "more-roster-name-merged", "南湖派出所", "a name over two rows, with two telephones",
        [Sheet("Sheet1", [["姓名", "警号", "职务", "联系电话"], ["江七", "018007", "民警", "短号 6001"], [None, None, None, "短号 6002"]], merge=["A2:A3", "B2:B3", "C2:C3"])],
        officers=[officer("江七", "018007", "民警")],
    )
    maker.rosters(
        "more-roster-error", "北关派出所", "an error in the day", [Sheet("Sheet1", [ROSTER, ["江八", "018008", "民警", Err("#VALUE!")]])], "refuse", says=at("D2", "到岗日期"),
    )
    maker.rosters(
        "more-roster-month-number", "和平派出所", "the number 2024.1 may be January or October",
        [Sheet("Sheet1", [ROSTER, ["江九", "018009", "民警", 2024.1]])], "refuse", says=at("D2", "到岗日期"),
    )
    maker.rosters(
        "more-roster-names-only", "新华派出所", "nothing but names", [Sheet("Sheet1", [["序号", "姓 名"], [1, "江十"], [2, "江 海"]])],
        officers=[officer("江十"), officer("江海")],
    )
    maker.rosters(
        "more-roster-known-dots", "光明派出所", "a name whose dot was typed otherwise before",
        [Sheet("Sheet1", [ROSTER[:3], ["古丽•热西提", None, "副所长"]])], setup=["古丽·热西提 018011 民警 2025-01-01"],
        officers=[officer("古丽·热西提", "018011", "副所长", "2025-01-01")],
    )


def _methods(maker: Maker) -> None:
    rows = [["社区警务", 20], ["执法办案", 25], ["接处警", 15]]
    items = [item("社区警务", 20), item("执法办案", 25), item("接处警", 15)]
    maker.methods(
        "more-method-heads", "龙潭派出所", "项目名称, 满分; a note and signatures",
        [Sheet("Sheet1", [["序号", "项目名称", "满分"], *([n, *r] for n, r in enumerate(rows, start=1)), ["备注：自2026年起执行"], ["所长（签字）："]], merge=["A5:C5"])], items=items,
    )
    maker.methods(
        "more-method-shared", "双桥派出所", "two items share one number", [Sheet("Sheet1", [["项目", "分值"], ["社区警务", 45], ["执法办案", None], ["接处警", 15]], merge=["B2:B3"])],
        "refuse", says=[["B3", "第3行", "B2:B3"]],
    )
    maker.methods(
        "more-method-computed", "田家湾派出所", "computed points", [Sheet("Sheet1", [["项目", "分值"], ["社区警务", F("=10+10", 20)], *rows[1:], ["合计", F("=SUM(B2:B4)", 60)]])], items=items,
    )


def _months(maker: Maker) -> None:
    w = maker.when
    (_, month), (last_year, last_month) = w.month(), w.month(1)
    maker.months(
        "more-month-two-rows", "刑警大队", "扣分项目 over the items, and a sum",
        [Sheet("Sheet1", [["序号", "姓名", "扣分项目", *[None] * 5, "合计", "备注"], [None, None, *SIX], [1, "江甲", None, 1, None, 2, None, None, 3, "迟到"]],
               merge=["A2:A3", "B2:B3", "C2:H2", "I2:I3", "J2:J3"], title=f"刑警大队{last_year}年{last_month}月考核扣分表")],
        command="/month", month=(last_year, last_month), setup=["江甲 018101 侦查员 2025-01-01"], officers=[result("江甲", 考勤纪律=1, 执法办案=2)],
    )
    maker.months(
        "more-month-sum-differs", "治安大队", "a row's sum is another",
        [Sheet("Sheet1", [["姓名", *SIX, "总扣分"], ["江乙", 1, None, None, 2, None, None, 4]])],
        "refuse", command=f"/month {month}月", also=["ask"], says=["合计"], setup=["江乙 018102 民警 2025-01-01"],
    )
    maker.months(
        "more-month-odd-head", "交警大队", "an item that is misspelt",
        [Sheet("Sheet1", [["姓名", "政治学习", "考勤记律", *SIX[2:]], ["江丙", None, 1]])],
        "refuse", command=f"/month {month}月", says=["考勤记律"], setup=["江丙 018103 民警 2025-01-01"],
    )
    maker.months(
        "more-month-sheet-name", "经侦大队", "the sheet's name is the month",
        [Sheet(f"{last_month}月", [["姓名", *SIX], ["江丁", 1]])],
        command="/month", month=(last_year, last_month), setup=["江丁 018104 民警 2025-01-01"], officers=[result("江丁", 政治学习=1)],
    )
    maker.months(
        "more-month-remark", "禁毒大队", "休假 in the remarks: not passed over",
        [Sheet("Sheet1", [["姓名", *SIX, "备注"], ["江戊", *[None] * 6, "休假"]])],
        "refuse", command=f"/month {month}月", also=["ask"], says=["休假"], setup=["江戊 018105 民警 2025-01-01"],
    )
    maker.months(
        "more-month-fewer-items", "巡警大队", "a table with the items that somebody lost in only",
        [Sheet("Sheet1", [["姓名", "考勤纪律", "扣分原因"], ["江己", 1, "迟到"]])],
        command=f"/month {month}月", setup=["江己 018106 民警 2025-01-01"], officers=[result("江己", 考勤纪律=1, reason="迟到")],
    )
    maker.months(
        "more-month-zeros", "看守所", "zeros, dashes and 无 where nothing was lost",
        [Sheet("Sheet1", [["姓名", *SIX, "标记", "原因"], ["江庚", 0, "—", "无", "/", -1, "0", None, "漏登"]])],
        command=f"/month {month}月", setup=["江庚 018107 民警 2025-01-01"], officers=[result("江庚", 接处警=1)],
    )
    maker.months(
        "more-month-nobody", "拘留所", "nothing says of which month: asked",
        [Sheet("Sheet1", [["姓名", *SIX], ["江辛", 1]])],
        "ask", command="/month", month=(last_year, last_month), press=[f"{last_month}月"], says=[f"{month}月", f"{last_month}月"],
        setup=["江辛 018108 民警 2025-01-01"], officers=[result("江辛", 政治学习=1)],
    )
    maker.months(
        "more-month-caption-wins-nothing", "法制科", "no title: the caption's month", [Sheet("Sheet1", [["姓名", *FIVE], ["江壬", None, -0.5]])],
        command=f"/month {last_month}月", month=(last_year, last_month), setup=["江壬 018109 民警 2025-01-01"], officers=[result("江壬", 考勤纪律=0.5)],
    )
    maker.months(
        "more-month-signed", "户籍科", "the day of signing is no month of the table",
        [Sheet("Sheet1", [[f"填报时间：{cn(w.today)}"], ["姓名", *FIVE], ["江癸", 1], ["负责人签字："]])],
        command=f"/month {last_month}月", month=(last_year, last_month), setup=["江癸 018110 民警 2025-01-01"], officers=[result("江癸", 政治学习=1)],
    )


def _criteria(maker: Maker) -> None:
    maker.criteria(
        "more-criteria-heads", "考核项目, 细则编号, 扣分情形, 每次扣分, 计次单位, 封顶, 是否一票否决",
        [Sheet("Sheet", [
            ["序号", "考核项目", "细则编号", "扣分情形", "每次扣分", "计次单位", "封顶", "是否一票否决"], [1, "治安管理", "2.1", "台账不全", "0.5分", "处", 3, "×"],
            [2, "执法质量", "4.1", "发生错案", None, None, None, "√"], ["注：以上为试行"],
        ], merge=["A4:H4"])],
        criteria=[criterion("治安管理", "2.1", "台账不全", 0.5, "处", 3), criterion("执法质量", "4.1", "发生错案", veto=True)],
    )
    maker.criteria(
        "more-criteria-after-nine", "the number 2.1 after 2.9 was typed as 2.10",
        [Sheet("Sheet", [CRITERIA, ["治安管理", 2.9, "其九", 0.5], ["治安管理", 2.1, "其十", 0.5]])], "refuse", says=at("B3", "编号"),
    )
    maker.criteria(
        "more-criteria-merged-points", "the points merged over two criteria hold for each",
        [Sheet("Sheet", [CRITERIA, ["治安管理", "2.1", "其一", 0.5, "处"], [None, "2.2", "其二", None, None]], merge=["A2:A3", "D2:D3", "E2:E3"])],
        criteria=[criterion("治安管理", "2.1", "其一", 0.5, "处"), criterion("治安管理", "2.2", "其二", 0.5, "处")],
    )
    maker.criteria(
        "more-criteria-two-faults", "two faults in one row are told together",
        [Sheet("Sheet", [CRITERIA, ["治安管理", "甲", "内容", "许多"]])], "refuse", says=[*at("B2", "编号"), *at("D2", "分值")],
    )
    maker.criteria(
        "more-criteria-date", "2-1 that Excel made a date of",
        [Sheet("Sheet", [CRITERIA, ["治安管理", date(2026, 2, 1), "内容", 1]])], "refuse", says=at("B2", "编号"),
    )
