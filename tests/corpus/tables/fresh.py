"""Workbooks of a third making: marks of correction, pairs of columns, sheets and sections that carry a unit, other programs' files."""

# fmt: off
import io
from collections.abc import Callable
from datetime import date, datetime, time

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.corpus.tables.kit import (
    Corpus,
    Err,
    F,
    N,
    Sheet,
    When,
    at,
    at_midnight,
    criterion,
    entry,
    iso,
    officer,
    result,
    serial,
)
from tests.corpus.tables.make import CRITERIA, MARCH, ROSTER, SIX, Maker

LIST = ["单位", "项目", "分值", "原因", "检查日期"]
ITEMS = ["队伍日常管理", "治安管理", "打击、破案及追逃", "执法质量", "人口管理", "安全防范", "情报信息"]
ELSEWHERE = "按统计表登记"
"""The reason that is typed where a statistic has none."""


def make_fresh(today: date) -> Corpus:
    """The workbooks of a day."""
    corpus = Corpus(When(today))
    maker = Maker(corpus)
    for part in (_lists, _marks, _points, _days, _sheets, _matrices, _sections, _programs, _people, _criteria):
        part(maker)
    return corpus


def edited(change: Callable[[openpyxl.Workbook], object]) -> Callable[[bytes], bytes]:
    """An edit of the finished workbook by what openpyxl can write and the kit's sheets do not say."""

    def edit(content: bytes) -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(content))
        change(book)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    return edit


def struck(*places: str) -> Callable[[bytes], bytes]:
    """Cells of the first sheet whose text is struck through."""

    def strike(book: openpyxl.Workbook) -> None:
        for place in places:
            book.worksheets[0][place].font = Font(strike=True)

    return edited(strike)


def in_place(content: bytes) -> Callable[[bytes], bytes]:
    """Another file altogether."""
    return lambda _: content


def _lists(maker: Maker) -> None:
    w = maker.when
    d = w.ago
    maker.imports(
        "fresh-two-row-head", "扣分情况 over 项目, 分值, 原因; the others run over both rows",
        [Sheet("Sheet1", [
            ["序号", "单位", "扣分情况", None, None, "检查时间"], [None, None, "项目", "分值", "原因", None],
            [1, "城关所", "治安管理", 0.5, "烟花点无台账", d(9)], [2, "白石所", "情报信息", 1, "漏报一条", d(8)],
        ], merge=["A2:A3", "B2:B3", "C2:E2", "F2:F3"], title=f"{w.quarter}扣分明细")],
        entries=[entry("城关派出所", "治安管理", 0.5, "烟花点无台账", d(9)), entry("白石派出所", "情报信息", 1, "漏报一条", d(8))],
    )
    maker.imports(
        "fresh-merged-unit-and-item", "the unit and the item merged down, each row with its own points",
        [Sheet("Sheet1", [
            LIST, ["河东派出所", "执法质量", 1, "甲案缺笔录", d(9)], [None, None, 0.5, "乙案缺签名", d(9)], [None, "人口管理", 2, "漏登两人", d(9)], ["河西派出所", "安全防范", 1, "无人机库未查", d(8)],
        ], merge=["A2:A4", "B2:B3"])],
        entries=[
            entry("河东派出所", "执法质量", 1, "甲案缺笔录", d(9)), entry("河东派出所", "执法质量", 0.5, "乙案缺签名", d(9)),
            entry("河东派出所", "人口管理", 2, "漏登两人", d(9)), entry("河西派出所", "安全防范", 1, "无人机库未查", d(8)),
        ],
    )
    maker.imports(
        "fresh-unit-once", "the unit stands in the first row of its block only",
        [Sheet("Sheet1", [
            LIST, ["青山派出所", "治安管理", 1, "第一笔", d(9)], [None, "执法质量", 2, "第二笔", d(9)], ["龙潭派出所", "治安管理", 0.5, "第三笔", d(8)], [None, "人口管理", 1, "第四笔", d(8)],
        ])],
        also=["refuse"], says_if_refused=at("A3", "单位"),
        entries=[
            entry("青山派出所", "治安管理", 1, "第一笔", d(9)), entry("青山派出所", "执法质量", 2, "第二笔", d(9)),
            entry("龙潭派出所", "治安管理", 0.5, "第三笔", d(8)), entry("龙潭派出所", "人口管理", 1, "第四笔", d(8)),
        ],
    )
    maker.imports(
        "fresh-subtotal-differs", "a 小计 that is not what its rows add up to",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "小计不符一", d(9)], ["城关所", "执法质量", 0.5, "小计不符二", d(9)], ["小计", None, 2.5], ["东门所", "治安管理", 1, "小计不符三", d(9)], ["小计", None, 1]])],
        "ask", also=["refuse"], says=["C4"], if_written="accepted",
    )
    maker.imports(
        "fresh-notes-with-points", "notes below that speak of points and units",
        [Sheet("Sheet1", [
            LIST, ["城关所", "治安管理", 1, "有注的表", d(9)], ["注：1.治安管理每处扣2分，扣完为止；"], ["2.东门所扣分已于上月登记。"], ["经办人：赵明　　复核：钱亮"], [f"{d(1).year}年{d(1).month}月{d(1).day}日"],
        ], merge=["A3:E3", "A4:E4"])],
        also=["refuse"], says_if_refused=["第4行"],
        entries=[entry("城关派出所", "治安管理", 1, "有注的表", d(9))],
    )
    maker.imports(
        "fresh-reason-first", "存在问题 first, then 对应项目 and 扣分",
        [Sheet("Sheet1", [["序号", "被考核单位", "存在问题", "对应项目", "扣分", "检查人"], [1, "双桥所", "宿舍脏乱", "队伍日常管理", 0.5, "赵"], [2, "柳林所", "案卷超期", "执法质量", 1, "赵"]])],
        entries=[entry("双桥派出所", "队伍日常管理", 0.5, "宿舍脏乱"), entry("柳林派出所", "执法质量", 1, "案卷超期")],
    )
    maker.imports(
        "fresh-last-years-place", "last year's place and score beside",
        [Sheet("Sheet1", [["单位", "上年名次", "上年得分", "项目", "扣分", "原因"], ["桃花所", 3, 96.5, "人口管理", 1, "去年的列不算"], ["云峰所", 11, 92, "治安管理", 0.5, "去年的列也不算"]])],
        entries=[entry("桃花派出所", "人口管理", 1, "去年的列不算"), entry("云峰派出所", "治安管理", 0.5, "去年的列也不算")],
    )
    maker.imports(
        "fresh-reached-only", "标准分 and 得分, no column of what was taken",
        [Sheet("Sheet1", [["单位", "项目", "标准分", "得分", "原因"], ["城关所", "治安管理", 10, 9.5, "只有得分"]])], "refuse", also=["ask"], says=["得分"],
    )
    maker.imports(
        "fresh-gaps", "two empty columns before and empty rows between",
        [Sheet("Sheet1", [[None], [None, None, *LIST], [None], [None, None, "城关所", "治安管理", 1, "空行之前", d(9)], [None], [None], [None, None, "东门所", "执法质量", 2, "空行之后", d(9)]])],
        entries=[entry("城关派出所", "治安管理", 1, "空行之前", d(9)), entry("东门派出所", "执法质量", 2, "空行之后", d(9))],
    )
    maker.imports(
        "fresh-template-half", "all units printed beforehand; three lost something",
        [Sheet("Sheet1", [
            ["序号", "单位", "考核项目", "扣分", "扣分原因"], [1, "城关派出所", "治安管理", 1, "填了一"], [2, "东门派出所"], [3, "西街派出所", "执法质量", 0.5, "填了二"],
            [4, "南湖派出所"], [5, "北关派出所", "人口管理", 1, "填了三"], [6, "和平派出所"],
        ], title=f"{w.quarter}考核扣分登记表")],
        also=["refuse"], says_if_refused=["第4行"],
        entries=[entry("城关派出所", "治安管理", 1, "填了一"), entry("西街派出所", "执法质量", 0.5, "填了二"), entry("北关派出所", "人口管理", 1, "填了三")],
    )
    maker.imports(
        "fresh-points-forgotten", "a row with everything but the points",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "写了分", d(9)], ["东门所", "执法质量", None, "忘了写分", d(9)]])], "refuse", also=["ask"], says=at("C3", "分值"),
    )
    maker.imports(
        "fresh-ditto", "同上, 〃 and \" for unit, item and day",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "首行", iso(d(9))], ["同上", "〃", 2, "次行", "同上"], ["\"", "执法质量", 0.5, "三行", "\""]])],
        also=["refuse"], says_if_refused=at("A4", "单位"),
        entries=[entry("城关派出所", "治安管理", 1, "首行", d(9)), entry("城关派出所", "治安管理", 2, "次行", d(9)), entry("城关派出所", "执法质量", 0.5, "三行", d(9))],
    )
    maker.imports(
        "fresh-nothing-found", "units without findings stand between: 无, 未发现问题, 0",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "有问题", d(9)], ["东门所", "无", "无", "无", d(9)], ["西街所", "治安管理", 0, "未发现问题", d(9)], ["南湖所", "/", "/", "/", d(9)]])],
        "confirm", also=["refuse"], says=["re:第3(行|[-–—~、,至到和])"], entries=[entry("城关派出所", "治安管理", 1, "有问题", d(9))],
    )
    maker.imports(
        "fresh-other-group", "a department among the stations",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "本组", d(9)], ["户籍科", "本职业务", 1, "他组", d(9)]])], "refuse", says=["户籍科", ["A3", "第3行"]],
    )
    maker.imports(
        "fresh-sum-without-word", "a last row with the sum alone",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "无字合计一", d(9)], ["东门所", "执法质量", 2, "无字合计二", d(9)], [None, None, 3]])],
        also=["refuse"], says_if_refused=[["A4", "第4行"]],
        entries=[entry("城关派出所", "治安管理", 1, "无字合计一", d(9)), entry("东门派出所", "执法质量", 2, "无字合计二", d(9))],
    )
    maker.imports(
        "fresh-points-in-words", "扣分情况 says what was found and what it costs; there is no column of points",
        [Sheet("Sheet1", [["单位", "项目", "扣分情况"], ["城关所", "治安管理", "台账缺失，扣1分"], ["东门所", "执法质量", "卷宗缺页，扣0.5分"]])],
        also=["refuse"], says_if_refused=[["C2", "分值", "扣分"]],
        entries=[entry("城关派出所", "治安管理", 1, "台账缺失"), entry("东门派出所", "执法质量", 0.5, "卷宗缺页")],
        alt=[[entry("城关派出所", "治安管理", 1), entry("东门派出所", "执法质量", 0.5)]],
    )
    maker.imports(
        "fresh-criteria-counted", "the criterion's number as a number, and how often",
        [Sheet("Sheet1", [["单位", "细则编号", "次数", "原因", "检查日期"], ["城关所", 2.1, 2, "两处缺失", d(9)], ["东门所", 4.1, 1, "一卷不齐", d(9)]])],
        entries=[entry("城关派出所", "治安管理", 1, "两处缺失", d(9)), entry("东门派出所", "执法质量", 1, "一卷不齐", d(9))],
    )
    maker.imports(
        "fresh-added", "a column 加分 with a number",
        [Sheet("Sheet1", [["单位", "项目", "加分", "扣分", "事由"], ["城关所", "治安管理", None, 1, "扣"], ["东门所", "打击破案", 2, None, "破大案"]])], "refuse", also=["ask"], says=["加分"],
    )
    maker.imports(
        "fresh-second-head-moved", "a second list below, its columns in another order",
        [Sheet("Sheet1", [
            ["第一序列"], ["单位", "项目", "扣分", "原因"], ["城关所", "治安管理", 1, "上半"], [None],
            ["第二序列"], ["单位", "扣分", "项目", "原因"], ["和平所", 2, "执法质量", "下半"],
        ])],
        also=["refuse"], says_if_refused=[["第6行", "第7行", "B7", "C7"]],
        entries=[entry("城关派出所", "治安管理", 1, "上半"), entry("和平派出所", "执法质量", 2, "下半")],
    )
    maker.imports(
        "fresh-side-by-side", "to save paper the second half of the list stands at the right",
        [Sheet("Sheet1", [["单位", "项目", "扣分", "原因"] * 2, ["城关所", "治安管理", 1, "左一", "东门所", "治安管理", 2, "右一"], ["西街所", "执法质量", 1, "左二"]])],
        also=["refuse"], says_if_refused=["单位"],
        entries=[entry("城关派出所", "治安管理", 1, "左一"), entry("东门派出所", "治安管理", 2, "右一"), entry("西街派出所", "执法质量", 1, "左二")],
    )


def _marks(maker: Maker) -> None:
    d = maker.when.ago
    three = [LIST, ["城关所", "治安管理", 1, "留下的", d(9)], ["东门所", "治安管理", 2, "另一笔", d(9)], ["西街所", "治安管理", 0.5, "也留下", d(9)]]
    left = [entry("城关派出所", "治安管理", 1, "留下的", d(9)), entry("西街派出所", "治安管理", 0.5, "也留下", d(9))]
    maker.imports("fresh-row-hidden", "a row is hidden", [Sheet("Sheet1", three, hidden_rows=[3])], "confirm", says=["隐藏", "第3行"], entries=left)
    maker.imports("fresh-row-filtered", "a row is filtered away", [Sheet("Sheet1", three, hidden_rows=[3], filter="A1:E4")], "confirm", says=[["隐藏", "筛选"], "第3行"], entries=left)
    maker.imports(
        "fresh-rows-folded", "rows of an outline are folded away", [Sheet("Sheet1", three)], "confirm", says=["隐藏", "第3行"], entries=left,
        edit=edited(lambda book: book.worksheets[0].row_dimensions.group(3, 3, hidden=True)),
    )
    maker.imports(
        "fresh-column-hidden", "the reasons are hidden", [Sheet("Sheet1", three, hidden_columns=["D"])], "confirm", says=["隐藏"],
        entries=[*left, entry("东门派出所", "治安管理", 2, "另一笔", d(9))],
    )
    maker.imports(
        "fresh-row-struck", "a row is struck through from end to end", [Sheet("Sheet1", three)], "confirm", also=["ask", "refuse"], says=["删除线", ["第3行", "A3"]], entries=left,
        edit=struck("A3", "B3", "C3", "D3", "E3"),
    )
    maker.imports(
        "fresh-points-struck", "the points alone are struck through", [Sheet("Sheet1", three)], "ask", also=["confirm", "refuse"], says=["删除线", ["第3行", "C3"]], entries=left,
        edit=struck("C3"),
    )

    def run_struck(book: openpyxl.Workbook) -> None:
        book.worksheets[0]["C3"] = CellRichText(TextBlock(InlineFont(strike=True), "2"), TextBlock(InlineFont(), "3"))

    maker.imports(
        "fresh-run-struck", "2 is struck through and 3 written behind it in the same cell", [Sheet("Sheet1", three)], "refuse", also=["ask"], says=[["C3", "第3行"]], edit=edited(run_struck),
    )

    def reason_struck(book: openpyxl.Workbook) -> None:
        book.worksheets[0]["D3"] = CellRichText(TextBlock(InlineFont(strike=True), "枪支未入库"), TextBlock(InlineFont(), "台账缺页"))

    maker.imports(
        "fresh-reason-run-struck", "half of the reason is struck through", [Sheet("Sheet1", three)], "refuse", also=["ask", "confirm"], says=["删除线", ["D3", "第3行"]], edit=edited(reason_struck),
        entries=[*left, entry("东门派出所", "治安管理", 2, "台账缺页", d(9))],
    )

    def commented(book: openpyxl.Workbook) -> None:
        book.worksheets[0]["C3"].comment = Comment("赵：应为1分", "赵")

    maker.imports(
        "fresh-comment", "a comment says another number", [Sheet("Sheet1", three)], also=["ask"], edit=edited(commented), entries=[*left, entry("东门派出所", "治安管理", 2, "另一笔", d(9))],
    )


def _points(maker: Maker) -> None:
    d = maker.when.ago
    maker.imports(
        "fresh-points-written", "扣2, 扣0.5分, 1.5分, 1 分, -2分 as texts",
        [Sheet("Sheet1", [LIST, *([u, "执法质量", p, f"写法{i}", d(9)] for i, (u, p) in enumerate(
            (("城关所", "扣2"), ("东门所", "扣0.5分"), ("西街所", "1.5分"), ("南湖所", "1 分"), ("北关所", "扣 1.5 分")), start=1))])],
        entries=[entry(f"{u}派出所", "执法质量", p, f"写法{i}", d(9)) for i, (u, p) in enumerate((("城关", 2), ("东门", 0.5), ("西街", 1.5), ("南湖", 1), ("北关", 1.5)), start=1)],
    )
    maker.imports(
        "fresh-points-over-three", "one number over three findings",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 2, "其一", d(9)], [None, None, None, "其二", d(9)], [None, None, None, "其三", d(9)]], merge=["A2:A4", "B2:B4", "C2:C4"])],
        "refuse", says=["合并", ["C2:C4", "C2", "C3", "第3行"]],
    )
    maker.imports(
        "fresh-computed", "points computed and kept", [Sheet("Sheet1", [LIST, ["城关所", "治安管理", F("=0.5*3", 1.5), "算好的", d(9)], ["东门所", "治安管理", F("=C2-1", 0.5), "也算好的", d(9)]])],
        entries=[entry("城关派出所", "治安管理", 1.5, "算好的", d(9)), entry("东门派出所", "治安管理", 0.5, "也算好的", d(9))],
    )
    maker.imports(
        "fresh-not-computed", "a formula that nothing has computed", [Sheet("Sheet1", [LIST, ["城关所", "治安管理", F("=0.5*3"), "没算", d(9)], ["东门所", "治安管理", 1, "数", d(9)]])], "refuse", says=at("C2", "分值"),
    )
    maker.imports(
        "fresh-errors", "#REF! for points and #N/A for the day are told together",
        [Sheet("Sheet1", [LIST, ["城关所", "治安管理", Err("#REF!"), "错误值", d(9)], ["东门所", "治安管理", 1, "错误日", Err("#N/A")]])], "refuse", says=[*at("C2", "分值"), *at("E3", "检查日期")],
    )
    maker.imports(
        "fresh-wide-texts", "numbers as full-width texts, units with a gap and a line break",
        [Sheet("Sheet1", [LIST, ["城 关 所", "治安\n管理", "１．５", "全角一", d(9)], ["江城市公安局东门派出所", "执法质量（20分）", "２", "全角二", d(9)]])],
        also=["refuse"], says_if_refused=[["A3", "第3行"]],
        entries=[entry("城关派出所", "治安管理", 1.5, "全角一", d(9)), entry("东门派出所", "执法质量", 2, "全角二", d(9))],
    )
    maker.imports("fresh-per-cent", "half a point that shows as 50%", [Sheet("Sheet1", [LIST, ["城关所", "治安管理", N(0.5, "0%"), "百分数", d(9)]])], "refuse", also=["ask"], says=at("C2", "分值"))
    maker.imports(
        "fresh-thousands", "#,##0.00 and 0\"分\" around the number", [Sheet("Sheet1", [LIST, ["城关所", "治安管理", N(2, "#,##0.00"), "千分位", d(9)], ["东门所", "治安管理", N(1.5, '0.0"分"'), "带分字", d(9)]])],
        entries=[entry("城关派出所", "治安管理", 2, "千分位", d(9)), entry("东门派出所", "治安管理", 1.5, "带分字", d(9))],
    )
    maker.imports("fresh-shown-minus", "the format puts a minus before", [Sheet("Sheet1", [LIST, ["城关所", "治安管理", N(2, '"-"0.0'), "格式里的减号", d(9)]])], also=["refuse"], says_if_refused=at("C2", "分值"),
                  entries=[entry("城关派出所", "治安管理", 2, "格式里的减号", d(9))])
    maker.imports("fresh-points-as-day", "2.5 that became the 5th of February", [Sheet("Sheet1", [LIST, ["城关所", "治安管理", at_midnight(date(2026, 2, 5)), "成了日期", d(9)]])], "refuse", says=at("C2", "分值"))
    maker.imports("fresh-times-written", "0.5*3 and 0.5×2处", [Sheet("Sheet1", [LIST, ["城关所", "治安管理", "0.5*3", "乘法", d(9)]])], "refuse", also=["ask", "read"], says=at("C2", "分值"),
                  entries=[entry("城关派出所", "治安管理", 1.5, "乘法", d(9))])
    maker.imports("fresh-signs-mixed", "most above zero, one below", [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "正", d(9)], ["东门所", "治安管理", -2, "负", d(9)], ["西街所", "治安管理", 1, "正二", d(9)]])], "ask", also=["refuse"], says=at("C3", "分值"),
                  entries=[entry("城关派出所", "治安管理", 1, "正", d(9)), entry("东门派出所", "治安管理", 2, "负", d(9)), entry("西街派出所", "治安管理", 1, "正二", d(9))])


def _days(maker: Maker) -> None:
    w = maker.when
    d = w.ago
    maker.imports(
        "fresh-days-mixed", "3月5日, 3.5, 3/5, 2026/3/5 and a real day in one column",
        [Sheet("Sheet1", [LIST, *(["城关所", "治安管理", p, f"日{i}", day] for i, (p, day) in enumerate((
            (1, f"{d(7).month}月{d(7).day}日"), (1.5, f"{d(7).month}.{d(7).day}"), (2, f"{d(7).month}/{d(7).day}"), (0.5, f"{d(7).year}/{d(7).month}/{d(7).day}"), (2.5, d(7))), start=1))])],
        entries=[entry("城关派出所", "治安管理", p, f"日{i}", d(7)) for i, p in enumerate((1, 1.5, 2, 0.5, 2.5), start=1)],
    )
    maker.imports("fresh-day-serials", "days as bare numbers", [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "序列号", serial(d(9))]])], "refuse", also=["read", "ask"], says=at("E2", "检查日期"),
                  entries=[entry("城关派出所", "治安管理", 1, "序列号", d(9))])
    maker.imports(
        "fresh-three-days", "整改期限 to come and 录入日期 beside 检查日期",
        [Sheet("Sheet1", [["单位", "项目", "扣分", "原因", "录入日期", "检查日期", "整改期限"], ["城关所", "治安管理", 1, "三个日期", d(1), d(9), w.ago(-10)]])],
        also=["refuse"], says_if_refused=["日期"], entries=[entry("城关派出所", "治安管理", 1, "三个日期", d(9))],
    )
    maker.imports("fresh-day-span", "two days in a cell", [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "两天", "11.3-11.5"]])], "refuse", also=["ask"], says=at("E2", "检查日期"))
    maker.imports("fresh-day-and-hour", "the hour beside the day", [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "带时刻", N(datetime.combine(d(9), time(15, 30)), "yyyy-mm-dd hh:mm")]])],
                  entries=[entry("城关派出所", "治安管理", 1, "带时刻", d(9))])

    def macintosh(book: openpyxl.Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904

    maker.imports("fresh-epoch-1904", "a workbook that counts its days from 1904", [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "从1904年数起", d(9)]])], edit=edited(macintosh),
                  entries=[entry("城关派出所", "治安管理", 1, "从1904年数起", d(9))])
    maker.imports(
        "fresh-day-sections", "the days stand in rows of their own above what was found on them",
        [Sheet("Sheet1", [LIST[:4], [f"{d(9).month}月{d(9).day}日检查"], ["城关所", "治安管理", 1, "前一天"], [f"{d(8).month}月{d(8).day}日检查"], ["东门所", "治安管理", 2, "后一天"]], merge=["A2:D2", "A4:D4"])],
        also=["refuse", "ask"], says_if_refused=["第2行"], entries=[entry("城关派出所", "治安管理", 1, "前一天", d(9)), entry("东门派出所", "治安管理", 2, "后一天", d(8))],
    )


def _sheets(maker: Maker) -> None:
    w = maker.when
    d = w.ago
    short = LIST[1:]
    maker.imports(
        "fresh-sheet-a-unit", "a sheet for each unit, which is its name",
        [Sheet("城关所", [short, ["治安管理", 1, "城关的", d(9)]]), Sheet("东门派出所", [short, ["执法质量", 2, "东门的", d(9)]])],
        also=["refuse"], says_if_refused=["单位"], entries=[entry("城关派出所", "治安管理", 1, "城关的", d(9)), entry("东门派出所", "执法质量", 2, "东门的", d(9))],
    )
    maker.imports(
        "fresh-sheet-an-item", "a sheet for each item, which is its name",
        [Sheet("治安管理", [["单位", *LIST[2:]], ["城关所", 1, "治安的", d(9)]]), Sheet("执法质量", [["单位", *LIST[2:]], ["东门所", 2, "执法的", d(9)]])],
        also=["refuse"], says_if_refused=["项目"], entries=[entry("城关派出所", "治安管理", 1, "治安的", d(9)), entry("东门派出所", "执法质量", 2, "执法的", d(9))],
    )
    maker.imports(
        "fresh-sheet-a-quarter", "a sheet for each quarter, all of them filled",
        [Sheet(f"{q}季度", [LIST, ["城关所", "治安管理", 1, f"{q}季度的", date(w.year, m, 20)]]) for q, m in (("一", 1), ("二", 4), ("三", 7), ("四", 10))],
        "refuse", also=["ask"], says=["一季度"],
    )
    maker.imports(
        "fresh-sheet-a-month", "a sheet for each month of the running quarter",
        [Sheet("10月", [LIST, ["城关所", "治安管理", 1, "十月的", date(w.year, 10, 20)]]), Sheet("11月", [LIST, ["东门所", "治安管理", 2, "十一月的", date(w.year, 11, 20)]])],
        entries=[entry("城关派出所", "治安管理", 1, "十月的", date(w.year, 10, 20)), entry("东门派出所", "治安管理", 2, "十一月的", date(w.year, 11, 20))],
    )
    details = [LIST, ["城关所", "治安管理", 1, "明细一", d(9)], ["城关所", "执法质量", 2, "明细二", d(9)], ["东门所", "治安管理", 0.5, "明细三", d(9)]]
    listed = [entry("城关派出所", "治安管理", 1, "明细一", d(9)), entry("城关派出所", "执法质量", 2, "明细二", d(9)), entry("东门派出所", "治安管理", 0.5, "明细三", d(9))]
    for name, what, value in (("", "", lambda formula, value: value), ("-computed", ", by formulas", F), ("-not-computed", ", by formulas that nothing computed", lambda formula, value: F(formula))):
        maker.imports(
            f"fresh-summary{name}", f"a summary beside the list{what}: nothing counts twice",
            [Sheet("明细", details), Sheet("汇总", [
                ["单位", *ITEMS, "合计"],
                ["城关派出所", None, value("=SUMIFS(明细!C:C,明细!A:A,A2,明细!B:B,C1)", 1), None, value("=SUMIFS(明细!C:C,明细!A:A,A2,明细!B:B,E1)", 2), None, None, None, value("=SUM(B2:H2)", 3)],
                ["东门派出所", None, value("=SUMIFS(明细!C:C,明细!A:A,A3,明细!B:B,C1)", 0.5), None, None, None, None, None, value("=SUM(B3:H3)", 0.5)],
            ])],
            "confirm", also=["refuse", "ask"], says=["汇总"], entries=listed,
        )
    hidden = Sheet("旧稿", [LIST, ["西街所", "治安管理", 1, "旧稿的", d(9)]], state="hidden")
    buried = Sheet("底稿", [LIST, ["南湖所", "治安管理", 1, "底稿的", d(9)]], state="veryHidden")
    maker.imports("fresh-sheets-hidden", "a hidden sheet and one hidden so that Excel does not offer it", [Sheet("明细", details), hidden, buried], "confirm", says=["旧稿", "底稿", "隐藏"], entries=listed)
    maker.imports("fresh-chart-sheet", "a sheet with a chart alone", [Sheet("明细", details)], edit=edited(lambda book: book.create_chartsheet("图表")), entries=listed)


def _matrices(maker: Maker) -> None:
    w = maker.when
    title = f"{w.quarter}扣分统计表"
    maker.imports(
        "fresh-matrix", "units down, items across, sums at both ends",
        [Sheet("Sheet1", [["序号", "单位", *ITEMS, "合计"], [1, "石门派出所", None, 1, None, None, 0.5, None, None, 1.5], [2, "渡口派出所", None, None, 3, None, None, None, None, 3], ["合计", None, None, 1, 3, None, 0.5, None, None, 4.5]], title=title)],
        type=ELSEWHERE, entries=[entry("石门派出所", "治安管理", 1), entry("石门派出所", "人口管理", 0.5), entry("渡口派出所", "打击、破案及追逃", 3)],
    )
    maker.imports(
        "fresh-matrix-turned", "items down, units across, written with 所",
        [Sheet("Sheet1", [["项目", "石门所", "渡口所", "高桥所"], ["治安管理", 1, None, "0.5分"], ["人口管理", None, "1", None]], title=title)],
        type=ELSEWHERE, entries=[entry("石门派出所", "治安管理", 1), entry("高桥派出所", "治安管理", 0.5), entry("渡口派出所", "人口管理", 1)],
    )
    pairs = [entry("石门派出所", "治安管理", 1, "漏查一家"), entry("渡口派出所", "执法质量", 2, "超期一件")]
    maker.imports(
        "fresh-pairs-by-unit", "扣分 and 原因 under each unit, the items down",
        [Sheet("Sheet1", [["项目", "石门所", None, "渡口所", None], [None, "扣分", "原因", "扣分", "原因"], ["治安管理", 1, "漏查一家"], ["执法质量", None, None, 2, "超期一件"]], merge=["A2:A3", "B2:C2", "D2:E2"], title=title)],
        also=["refuse"], says_if_refused=[["一行写一笔", "每行一笔", "一笔一行", "一行一笔"]], type=ELSEWHERE, entries=pairs,
    )
    maker.imports(
        "fresh-pairs-by-item", "扣分 and 扣分原因 under each item, the units down, 小计 behind",
        [Sheet("Sheet1", [["序号", "单位", "治安管理", None, "执法质量", None, "合计"], [None, None, "扣分", "扣分原因", "扣分", "扣分原因", None], [1, "石门派出所", 1, "漏查一家", None, None, 1], [2, "渡口派出所", None, None, 2, "超期一件", 2]],
               merge=["A2:A3", "B2:B3", "C2:D2", "E2:F2", "G2:G3"], title=title)],
        also=["refuse"], says_if_refused=[["一行写一笔", "每行一笔", "一笔一行", "一行一笔"]], type=ELSEWHERE, entries=pairs,
    )
    maker.imports(
        "fresh-pairs-in-one-row", "治安管理扣分, 治安管理原因 as heads of one row",
        [Sheet("Sheet1", [["单位", "治安管理扣分", "治安管理原因", "执法质量扣分", "执法质量原因"], ["石门派出所", 1, "漏查一家"], ["渡口派出所", None, None, 2, "超期一件"]])],
        also=["refuse"], says_if_refused=[["治安管理原因", "治安管理扣分"]], type=ELSEWHERE, entries=pairs,
    )
    maker.imports(
        "fresh-matrix-reached", "what was reached, 100 less what was taken",
        [Sheet("Sheet1", [["单位", *ITEMS, "总分"], ["石门派出所", 10, 9, 40, 20, 10, 5, 5, 99], ["渡口派出所", 10, 10, 37, 20, 10, 5, 5, 97]], title=f"{w.quarter}得分汇总表")], "refuse", also=["ask"], says=["得分"], type=ELSEWHERE,
    )
    maker.imports(
        "fresh-matrix-remarks", "a matrix with one column of reasons at the end",
        [Sheet("Sheet1", [["单位", "治安管理", "执法质量", "扣分原因"], ["石门派出所", 1, None, "漏查一家"], ["渡口派出所", None, 2, "超期一件"]], title=title)],
        also=["refuse"], says_if_refused=["扣分原因"], type=ELSEWHERE, entries=pairs, alt=[[entry("石门派出所", "治安管理", 1), entry("渡口派出所", "执法质量", 2)]],
    )


def _sections(maker: Maker) -> None:
    d = maker.when.ago
    maker.imports(
        "fresh-unit-sections", "the units stand in rows of their own, numbered",
        [Sheet("Sheet1", [["序号", "项目", "扣分", "原因", "检查日期"], ["一、城关派出所"], [1, "治安管理", 1, "节一", d(9)], [2, "执法质量", 2, "节二", d(9)], ["二、东门派出所"], [1, "人口管理", 1, "节三", d(9)]], merge=["A2:E2", "A5:E5"])],
        also=["refuse"], says_if_refused=["单位"],
        entries=[entry("城关派出所", "治安管理", 1, "节一", d(9)), entry("城关派出所", "执法质量", 2, "节二", d(9)), entry("东门派出所", "人口管理", 1, "节三", d(9))],
    )
    maker.imports(
        "fresh-item-sections", "the items stand in rows of their own",
        [Sheet("Sheet1", [["单位", "扣分", "原因", "检查日期"], ["治安管理（10分）"], ["城关所", 1, "节一", d(9)], ["东门所", 2, "节二", d(9)], ["执法质量（20分）"], ["城关所", 1, "节三", d(9)]], merge=["A2:D2", "A5:D5"])],
        also=["refuse"], says_if_refused=["项目"],
        entries=[entry("城关派出所", "治安管理", 1, "节一", d(9)), entry("东门派出所", "治安管理", 2, "节二", d(9)), entry("城关派出所", "执法质量", 1, "节三", d(9))],
    )
    sections = [["单位", "扣分", "原因"], ["治安管理"], ["城关所", 1, "节一"], ["值守情况"], ["东门所", 2, "节二"]]
    maker.imports("fresh-section-unknown", "a row of its own that is no item: nothing below it goes to the one before", [Sheet("Sheet1", sections)], "refuse", says=["A4", "值守情况"])
    maker.imports("fresh-section-hidden", "a row of its own is hidden", [Sheet("Sheet1", [*sections[:3], ["执法质量"], sections[4]], hidden_rows=[4])], "refuse", says=["A4"])
    maker.imports("fresh-section-struck", "a row of its own is struck through", [Sheet("Sheet1", [*sections[:3], ["执法质量"], sections[4]])], "refuse", says=["A4"], edit=struck("A4"))
    maker.imports(
        "fresh-day-section-unclear", "a row of its own names two days",
        [Sheet("Sheet1", [LIST[:4], ["11月3日至5日检查"], ["城关所", "治安管理", 1, "两天"]], merge=["A2:D2"])], "refuse", says=["检查日期", "11月3日至5日"],
    )
    maker.imports(
        "fresh-day-at-the-foot", "the day of making stands below the rows", [Sheet("Sheet1", [LIST[:4], ["城关所", "治安管理", 1, "页脚日期"], [None, None, None, f"{d(3).year}年{d(3).month}月{d(3).day}日"]])],
        entries=[entry("城关派出所", "治安管理", 1, "页脚日期", maker.when.today)],
    )
    maker.imports(
        "fresh-pairs-not-merged", "扣分 and 原因 below each item, which stands over the first alone",
        [Sheet("Sheet1", [["单位", "治安管理", None, "执法质量", None], [None, "扣分", "原因", "扣分", "原因"], ["石门派出所", 1, "漏查一家"], ["渡口派出所", None, None, 2, "超期一件"]])],
        also=["refuse"], says_if_refused=["扣分"], entries=[entry("石门派出所", "治安管理", 1, "漏查一家"), entry("渡口派出所", "执法质量", 2, "超期一件")],
    )
    maker.imports(
        "fresh-pairs-reason-alone", "a reason beside which no points stand",
        [Sheet("Sheet1", [["单位", "治安管理", None, "执法质量", None], [None, "扣分", "原因", "扣分", "原因"], ["石门派出所", 1, "漏查一家", None, "超期一件"]], merge=["B1:C1", "D1:E1"])],
        "refuse", says=["E3"],
    )
    maker.imports(
        "fresh-pairs-unknown", "扣分 and 原因 under a name that is no item",
        [Sheet("Sheet1", [["单位", "治安管理", None, "值守情况", None], [None, "扣分", "原因", "扣分", "原因"], ["石门派出所", 1, "漏查一家", 2, "不在岗"]], merge=["B1:C1", "D1:E1"])],
        "refuse", says=["值守情况"],
    )
    maker.imports(
        "fresh-sequence-sections", "the sequences stand in rows of their own",
        [Sheet("Sheet1", [LIST, ["派出所第一序列"], ["城关所", "治安管理", 1, "一序列", d(9)], ["派出所第二序列"], ["和平所", "治安管理", 2, "二序列", d(9)]], merge=["A2:E2", "A4:E4"])],
        also=["refuse"], says_if_refused=["第2行"],
        entries=[entry("城关派出所", "治安管理", 1, "一序列", d(9)), entry("和平派出所", "治安管理", 2, "二序列", d(9))],
    )


def _programs(maker: Maker) -> None:
    d = maker.when.ago
    text = f"单位,项目,分值,原因,检查日期\r\n城关所,治安管理,1,\"台账缺失，\n两处\",{iso(d(9))}\r\n"
    for name, content in (
        ("gbk", text.encode("gbk")), ("semicolon", text.replace(",", ";").encode()), ("tabs", text.replace(",", "\t").encode("utf-16")),
        ("html", f"<html><body><table><tr><td>{text}</td></tr></table></body></html>".encode("gbk")),
    ):
        maker.imports(
            f"fresh-text-{name}", "no workbook: how to save one is told", [Sheet("Sheet1", [LIST])], "refuse", also=["read"], says=["另存", "xlsx"], edit=in_place(content), suffix="xls" if name == "html" else "csv",
            entries=[entry("城关派出所", "治安管理", 1, "*", d(9))],
        )
    photos = [[*LIST, "佐证图片"], ["城关所", "治安管理", 1, "带图的", d(9), F('=_xlfn.DISPIMG("ID_0A1B2C",1)', '=DISPIMG("ID_0A1B2C",1)')]]

    def looks(book: openpyxl.Workbook) -> None:
        for row in range(3, 2000):
            book["Sheet1"].cell(row, 1).font = Font(name="宋体")

    maker.imports(
        "fresh-wps", "pictures inside cells, WPS's own hidden sheet", [Sheet("Sheet1", photos), Sheet("WpsReserved_CellImgList", [["x"]], state="veryHidden")],
        entries=[entry("城关派出所", "治安管理", 1, "带图的", d(9))],
    )
    maker.imports("fresh-looks-below", "two thousand empty rows that have a look", [Sheet("Sheet1", [LIST, ["城关所", "治安管理", 1, "带格式", d(9)]])], edit=edited(looks), entries=[entry("城关派出所", "治安管理", 1, "带格式", d(9))])
    maker.imports(
        "fresh-points-and-what", "扣分情况 in words beside 扣分值 is the reason",
        [Sheet("Sheet1", [["被考核单位", "考核项目", "扣分情况", "扣分值", "检查时间"], ["城关所", "治安管理", "台账缺3次", 0.5, d(9)]])],
        entries=[entry("城关派出所", "治安管理", 0.5, "台账缺3次", d(9))],
    )


def _people(maker: Maker) -> None:
    w = maker.when
    _, month = w.month()
    maker.rosters(
        "fresh-roster-side-by-side", "城关派出所", "two people in a row", [Sheet("Sheet1", [["姓名", "警号", "职务"] * 2, ["韩一", "061001", "民警", "韩二", "061002", "民警"], ["韩三", "061003", "民警"]])],
        also=["refuse"], says_if_refused=["姓名"], officers=[officer("韩一", "061001", "民警"), officer("韩二", "061002", "民警"), officer("韩三", "061003", "民警")],
    )
    maker.rosters(
        "fresh-roster-sections", "东门派出所", "headings, numbers shown with a zero in front, identity cards and telephones",
        [Sheet("Sheet1", [
            ["序号", "姓名", "警号", "职务", "身份证号码", "联系电话", "到岗日期"], ["一、所领导"], [1, "冯　一", N(61101, "000000"), "所长", "110101199001011234", "13800000001", MARCH],
            ["二、民警"], [2, "冯二二", N(61102, "000000"), "民警", "110101199001011242", "13800000002", MARCH],
        ], merge=["A3:G3", "A5:G5"], title="东门派出所民警花名册")],
        officers=[officer("冯一", "061101", "所长", MARCH), officer("冯二二", "061102", "民警", MARCH)],
    )
    maker.rosters(
        "fresh-roster-struck", "西街派出所", "somebody who left is struck through", [Sheet("Sheet1", [ROSTER, ["陈一", "061201", "民警", MARCH], ["陈二", "061202", "民警", MARCH]])],
        "confirm", also=["ask", "refuse"], says=["删除线", ["第3行", "A3"]], edit=struck("A3", "B3", "C3", "D3"), officers=[officer("陈一", "061201", "民警", MARCH)],
    )
    maker.months(
        "fresh-month-list", "治安大队", "one line a deduction: 姓名, 项目, 扣分, 原因",
        [Sheet("Sheet1", [["姓名", "考核项目", "扣分", "扣分原因"], ["卫一", "考勤纪律", 1, "迟到"], ["卫二", "接处警", 0.5, "出警慢"], ["合计", None, 1.5]], title=f"{month}月民警考核扣分明细")],
        also=["refuse"], says_if_refused=[["项目", "考核项目"]], command=f"/month {month}月", setup=["卫一 061301 民警 2025-01-01", "卫二 061302 民警 2025-01-01"],
        officers=[result("卫一", 考勤纪律=1), result("卫二", 接处警=0.5)],
    )
    maker.months(
        "fresh-month-struck", "交警大队", "a figure is struck through", [Sheet("Sheet1", [["姓名", *SIX, "原因"], ["蒋一", None, 1, None, 2, None, None, "迟到"]])],
        "confirm", also=["ask", "refuse"], command=f"/month {month}月", says=["删除线", ["第2行", "E2"]], edit=struck("E2"), setup=["蒋一 061401 民警 2025-01-01"], officers=[result("蒋一", 考勤纪律=1)],
    )


def _criteria(maker: Maker) -> None:
    maker.criteria(
        "fresh-criteria-words", "the points are said in words: 每处扣0.5分", [Sheet("Sheet", [["项目", "编号", "内容", "扣分标准"], ["治安管理", "2.1", "台账缺失", "每处扣0.5分"]])],
        also=["refuse"], says_if_refused=[["D2", "扣分标准", "分值"]], criteria=[criterion("治安管理", "2.1", "台账缺失", 0.5, "处")],
    )
    maker.criteria(
        "fresh-criteria-struck", "a criterion that no longer holds is struck through",
        [Sheet("Sheet", [CRITERIA, ["治安管理", "2.1", "台账缺失", 0.5, "处"], ["治安管理", "2.2", "旧的一条", 1, "家"]])],
        "confirm", also=["ask", "refuse"], says=["删除线", ["第3行", "A3"]], edit=struck("A3", "B3", "C3", "D3", "E3"), criteria=[criterion("治安管理", "2.1", "台账缺失", 0.5, "处")],
    )
    maker.criteria(
        "fresh-criteria-merged", "the items merged down, 小计 of the marks below each",
        [Sheet("Sheet", [CRITERIA, ["治安管理", "2.1", "台账缺失", 0.5, "处", 3], [None, "2.2", "未查", 1, "家"], ["执法质量", "4.1", "缺页", 1, "卷"]], merge=["A2:A3"])],
        criteria=[criterion("治安管理", "2.1", "台账缺失", 0.5, "处", 3), criterion("治安管理", "2.2", "未查", 1, "家"), criterion("执法质量", "4.1", "缺页", 1, "卷")],
    )
