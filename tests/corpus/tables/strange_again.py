"""Twenty-odd workbooks more of the same kinds, made after the others were read right."""

# fmt: off
from datetime import date

from tests.corpus.tables.kit import (
    Corpus,
    N,
    Sheet,
    When,
    at,
    at_midnight,
    cn,
    criterion,
    entry,
    item,
    officer,
    result,
)
from tests.corpus.tables.make import CRITERIA, FIVE, MARCH, SIX, Maker
from tests.corpus.tables.strange import ITEMS, LIST


def make_strange_again(today: date) -> Corpus:
    """The workbooks of a day."""
    corpus = Corpus(When(today))
    maker = Maker(corpus)
    _lists(maker)
    _people(maker)
    return corpus


def _lists(maker: Maker) -> None:
    w = maker.when
    d = w.ago
    plain = ["单位", "项目", "分值", "原因"]
    row = ["城关所", "治安管理", 1, "旧表"]
    maker.imports("again-last-year-span", "last year's span in two digits, in a note below the title",
                  [Sheet("Sheet1", [["派出所扣分明细"], ["统计时间：25年9月16日至25年12月1日"], plain, row])],
                  "ask", also=["refuse"], says=[["2025", "25年"]], if_written="accepted")
    maker.imports("again-last-year-dots", "the day it was made with dots, last year's",
                  [Sheet("Sheet1", [["派出所扣分明细", None, None, f"{w.year - 1}.11.28"], plain, row])],
                  "ask", also=["refuse"], says=[str(w.year - 1)], if_written="accepted")
    maker.imports("again-made-today", "the day it was made is this quarter's: nothing is asked",
                  [Sheet("Sheet1", [["派出所扣分明细", None, None, f"填报日期：{cn(d(2))}"], plain, row])],
                  entries=[entry("城关派出所", "治安管理", 1, "旧表")])
    maker.imports("again-rule-of-2023", "a note above the head names the rule and its day",
                  [Sheet("Sheet1", [["依据2023年3月1日印发的《派出所等级评定办法》"], plain, row])],
                  also=["ask"], entries=[entry("城关派出所", "治安管理", 1, "旧表")])
    maker.imports("again-old-quarter-row", "a day of last year in a row that names its quarter",
                  [Sheet("Sheet1", [[*LIST, "季度"], ["城关所", "治安管理", 1, "旧行", f"{w.year - 1}-11-12", "第四季度"]])],
                  "refuse", also=["ask"], says=at("E2", "检查日期"))
    maker.imports("again-caption-old-day", "the caption names the quarter, a day is last year's",
                  [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "旧行", f"{w.year - 1}-11-12"], ["东门所", "治安管理", 1, "新行", d(3)]])],
                  "refuse", also=["ask"], command="/import 四季度", says=at("E2", "检查日期"))
    maker.imports("again-rewards", "奖励分 with a number",
                  [Sheet("Sheet1", [["单位", "项目", "扣分", "奖励分", "原因"], ["城关所", "治安管理", 1, 0.5, "又扣又奖"]])],
                  "refuse", also=["ask"], says=[["奖励分", "加分"]])
    maker.imports("again-rewards-empty", "加分 with nothing in it",
                  [Sheet("Sheet1", [["单位", "项目", "扣分", "加分", "原因"], ["城关所", "治安管理", 1, 0, "没有加分"], ["东门所", "治安管理", 1, "—", "也没有"]])],
                  entries=[entry("城关派出所", "治安管理", 1, "没有加分"), entry("东门派出所", "治安管理", 1, "也没有")])
    maker.imports("again-matrix-cases", "the number of cases in a matrix: 起",
                  [Sheet("Sheet1", [["单位", *ITEMS], ["城关派出所", None, 2, 3]], title=f"{w.quarter}检查问题起数汇总")],
                  "ask", also=["refuse"], says=["数量"], type="按统计表登记")
    maker.imports("again-matrix-slant", "单位\\考核项目 as the corner, items numbered, full marks under them",
                  [Sheet("Sheet1", [["考核项目\n单位", *(f"{n}.{i}" for n, i in enumerate(ITEMS, start=1)), "小计"], ["满分", 5, 10, 40, 20, 5, 5, 15, 100],
                                    ["城关所", None, 1, None, None, None, None, 0.5, 1.5], ["东门所", None, None, None, 2, None, None, None, 2]])],
                  also=["refuse"], type="按统计表登记",
                  entries=[entry("城关派出所", "治安管理", 1), entry("城关派出所", "情报信息", 0.5), entry("东门派出所", "执法质量", 2)])
    maker.imports("again-heading-without-number", "units as headings without a number, not merged",
                  [Sheet("Sheet1", [["考核项目", "扣分", "扣分原因"], ["城关派出所"], ["治安管理", 1, "标题之一"], ["东门派出所"], ["执法质量", 2, "标题之二"]])],
                  also=["refuse"], says_if_refused=["单位"],
                  entries=[entry("城关派出所", "治安管理", 1, "标题之一"), entry("东门派出所", "执法质量", 2, "标题之二")])
    maker.imports("again-number-days", "11.12 and 11.08 as numbers", [Sheet("Sheet1", [
        LIST, ["城关所", "治安管理", 1, "数字日之一", 11.12], ["东门所", "治安管理", 1, "数字日之二", N(11.08, "0.00")]])],
        entries=[entry("城关派出所", "治安管理", 1, "数字日之一", date(w.year, 11, 12)), entry("东门派出所", "治安管理", 1, "数字日之二", date(w.year, 11, 8))])
    maker.imports("again-number-day-unclear", "11.2 as a number: the 2nd or the 20th", [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "不清", 11.2]])],
                  "refuse", also=["ask"], says=at("E2", "检查日期"))
    maker.imports("again-ditto-first", "同上 in the first row has nothing above it", [Sheet("Sheet1", [plain, ["〃", "治安管理", 1, "没有上一行"]])],
                  "refuse", says=at("A2", "单位"))
    maker.imports("again-ditto-after-sum", "同上 below a 小计 means the row above the sum", [Sheet("Sheet1", [
        plain, ["城关所", "治安管理", 1, "之一"], ["小计", None, 1], ["同上", "执法质量", 2, "之二"]])], also=["refuse"],
        entries=[entry("城关派出所", "治安管理", 1, "之一"), entry("城关派出所", "执法质量", 2, "之二")])


def _people(maker: Maker) -> None:
    w = maker.when
    (year, month) = w.month()
    head = ["姓名", "警号", "职务", "到岗日期"]
    maker.rosters("again-departed-below", "城关派出所", "三、退休民警 as a heading below", [Sheet("Sheet1", [
        ["序号", *head], [1, "钱甲", "051001", "民警", MARCH], ["二、退休民警"], [2, "钱乙", "051002", "民警", MARCH]])], "refuse", also=["ask"], says=["退休"])
    maker.rosters("again-unit-column", "东门派出所", "工作单位 with a short name of another unit", [Sheet("Sheet1", [
        [*head, "工作单位"], ["孙甲", "051101", "民警", MARCH, "东门所"], ["孙乙", "051102", "民警", MARCH, "西街所"]])], "refuse", also=["ask"], says=["西街"])
    maker.rosters("again-team-column", "西街派出所", "所属单位 holds teams, which are no units", [Sheet("Sheet1", [
        ["所属单位", *head], ["社区警务队", "李甲", "051201", "民警", MARCH], [None, "李乙", "051202", "民警", MARCH]], merge=["A2:A3"])],
        officers=[officer("李甲", "051201", "民警", MARCH), officer("李乙", "051202", "民警", MARCH)])
    maker.rosters("again-lone-name", "南湖派出所", "names alone", [Sheet("Sheet1", [["姓名"], ["周甲"], ["周乙"]], title="南湖派出所民警名单")],
                  officers=[officer("周甲"), officer("周乙")])
    maker.methods("again-numbered", "龙潭派出所", "numbered items with their marks", [Sheet("Sheet1", [
        ["考核指标", "分值", "扣分标准"], ["（一）社区警务（20分）", 20, "略"], ["（二）执法办案（25分）", 25, "略"], ["（三）接处警（15分）", 15, "略"]])],
        also=["refuse"], items=[item("社区警务", 20), item("执法办案", 25), item("接处警", 15)])
    maker.months("again-numbered-items", "刑警大队", "numbered items as heads, 应得分 under them, 奖励分 empty", [Sheet("Sheet1", [
        ["姓名", *(f"{n}、{i}" for n, i in enumerate(SIX, start=1)), "奖励分", "扣分原因"], ["应得分", 10, 15, 15, 30, 15, 15], ["石磊", None, 1, None, None, None, None, None, "迟到"]],
        title=f"{year}年{month}月民警考核表")], command=f"/month {month}月", also=["refuse"], setup=["石磊 052001 侦查员 2025-01-01"], officers=[result("石磊", 考勤纪律=1)])
    maker.months("again-bureau-table", "法制科", "the whole bureau's table with a column of units", [Sheet("Sheet1", [
        ["单位", "姓名", *FIVE, "原因"], ["法制科", "程颐", 1], ["户籍科", "程颐", None, 2]], title=f"{year}年{month}月民警考核表")],
        "refuse", also=["ask"], command=f"/month {month}月", says=["户籍科"], setup=["程颐 052101 民警 2025-01-01"])
    maker.months("again-made-last-year", "装财科", "last year's table: the day of making alone says so", [Sheet("Sheet1", [
        ["填表日期：", at_midnight(date(year - 1, month, 28))], ["姓名", *FIVE, "原因"], ["金秋", 1]])], "ask", also=["refuse"], command=f"/month {month}月",
        says=[str(year - 1)], if_written="accepted", setup=["金秋 052201 民警 2025-01-01"])
    maker.criteria("again-caps", "不限 and 扣完为止, numbered items", [Sheet("Sheet", [
        CRITERIA, ["2.治安管理", "2.1", "台账缺失", 0.5, "处", "不限"], ["四、执法质量（20分）", "4.1", "卷宗缺页", 1, "卷", "扣完为止"]])],
        also=["refuse"], criteria=[criterion("治安管理", "2.1", "台账缺失", 0.5, "处"), criterion("执法质量", "4.1", "卷宗缺页", 1, "卷")])
