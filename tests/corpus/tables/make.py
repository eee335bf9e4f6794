"""Workbooks in the shapes that offices use, made anew for a day, and what each one says."""

# fmt: off
from datetime import date
from decimal import Decimal

from tests.corpus.tables.kit import (
    Corpus,
    Err,
    F,
    N,
    Sheet,
    When,
    at,
    at_midnight,
    at_root,
    backslashed,
    capital_workbook,
    cn,
    criterion,
    dots,
    entry,
    iso,
    item,
    officer,
    repacked,
    result,
    serial,
    skipped,
)

HEAD = ["序号", "单位", "考核项目", "扣分", "扣分原因", "检查日期", "检查人"]
PLAIN = ["单位", "项目", "分值", "细则", "次数", "原因", "检查日期", "季度"]
SIX = ["政治学习", "考勤纪律", "内务管理", "执法办案", "接处警", "信息采集"]
FIVE = ["政治学习", "考勤纪律", "本职工作", "服务基层", "信息调研"]
ROSTER = ["姓名", "警号", "职务", "到岗日期", "离岗日期"]
CRITERIA = ["项目", "编号", "内容", "分值", "单位", "上限", "一票否决"]
MARCH = date(2024, 3, 1)


class Maker:
    """A corpus on its way: how a case of each kind is added, and the periods of its day."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.when = corpus.when

    def imports(self, id: str, what: str, sheets, outcome: str = "read", command: str = "/import", **more) -> None:
        self.corpus.add(id, "import", what, sheets, outcome=outcome, who="assessor", command=command, **more)

    def rosters(self, id: str, unit: str, what: str, sheets, outcome: str = "read", command: str = "/roster", **more) -> None:
        self.corpus.add(id, "roster", what, sheets, outcome=outcome, who="liaison", command=command, unit=unit, **more)

    def methods(self, id: str, unit: str, what: str, sheets, outcome: str = "read", **more) -> None:
        self.corpus.add(id, "method", what, sheets, outcome=outcome, who="liaison", command="/method", unit=unit, **more)

    def months(self, id: str, unit: str, what: str, sheets, outcome: str = "read", *, command: str, month=None, **more) -> None:
        year, number = month or self.when.month()
        self.corpus.add(id, "month", what, sheets, outcome=outcome, who="liaison", command=command, unit=unit,
                        month=f"{year}-{number:02d}", **more)

    def criteria(self, id: str, what: str, sheets, outcome: str = "read", **more) -> None:
        self.corpus.add(id, "criteria", what, sheets, outcome=outcome, who="office", command="/criteria 派出所", category="派出所", **more)


def make(today: date) -> Corpus:
    """The corpus of a day."""
    corpus = Corpus(When(today))
    maker = Maker(corpus)
    for part in (_deductions, _late_deductions, _rosters, _methods, _months, _criteria):
        part(maker)
    return corpus


def _deductions(maker: Maker) -> None:
    w = maker.when
    d = w.ago
    statistics = f"江城市公安局{w.quarter}扣分情况统计表"
    running = w.quarter
    old = w.old_quarter
    _, last_month = w.month(1)
    maker.imports(
        "import-typical",
        "the usual statistics: title, 序号, unit merged over its rows, negative points, four kinds of dates, 合计, note, signatures",
        [Sheet("Sheet1", [
            HEAD,
            [1, "城关派出所", "治安管理", -0.5, "巡查台账缺失一处", d(27), "赵"],
            [2, None, "执法质量", -1, "卷宗缺页两处", dots(d(27)), "赵"],
            [3, None, "人口管理", -0.5, "暂住人口漏登一户", f"{d(27).month}月{d(27).day}日", "赵"],
            [4, "东门派出所", "治安管理", -1, "旅馆检查不到位", cn(d(26)), "赵"],
            [5, None, "情报信息", -0.5, "线索迟报一条", f"{d(26):%Y%m%d}", "赵"],
            ["合计", None, None, -3.5],
            ["注：以上扣分依据《派出所等级评定实施细则及检查方法》。"],
            ["制表人：赵", None, None, None, "审核人：王"],
        ], merge=["B3:B5", "B6:B7", "A8:C8", "A9:G9"], title=statistics)],
        entries=[
            entry("城关派出所", "治安管理", 0.5, "巡查台账缺失一处", d(27)),
            entry("城关派出所", "执法质量", 1, "卷宗缺页两处", d(27)),
            entry("城关派出所", "人口管理", 0.5, "暂住人口漏登一户", d(27)),
            entry("东门派出所", "治安管理", 1, "旅馆检查不到位", d(26)),
            entry("东门派出所", "情报信息", 0.5, "线索迟报一条", d(26)),
        ],
        says=[skipped(8)],
    )
    maker.imports(
        "import-merged",
        "unit, item, reason and day merged down their rows",
        [Sheet("扣分", [
            ["单位", "项目", "分值", "原因", "检查日期"],
            ["西街派出所", "治安管理", 0.5, "消防检查记录不全（一号店）", d(20)],
            [None, None, 1, "消防检查记录不全（二号店）", None],
            [None, "安全防范", 0.5, "技防设施台账过期", None],
            ["南湖派出所", "人口管理", 1, "流动人口登记不及时", d(19)],
            ["北关派出所", None, 1, None, d(18)],
        ], merge=["A2:A4", "B2:B3", "E2:E4", "B5:B6", "D5:D6"])],
        entries=[
            entry("西街派出所", "治安管理", 0.5, "消防检查记录不全（一号店）", d(20)),
            entry("西街派出所", "治安管理", 1, "消防检查记录不全（二号店）", d(20)),
            entry("西街派出所", "安全防范", 0.5, "技防设施台账过期", d(20)),
            entry("南湖派出所", "人口管理", 1, "流动人口登记不及时", d(19)),
            entry("北关派出所", "人口管理", 1, "流动人口登记不及时", d(18)),
        ],
    )
    maker.imports(
        "import-heads",
        "other usual heads: 被检查单位, 考核内容, 扣分情况, 存在的问题, 检查时间",
        [Sheet("Sheet1", [
            ["序号", "被检查单位", "考核内容", "扣分情况", "存在的问题", "检查时间"],
            [1, "城关所", "治安管理", 0.5, "网吧登记不实名", d(27)],
            [2, "东门所", "执法质量", 1, "询问笔录未签名", d(27)],
        ], title=statistics)],
        entries=[
            entry("城关派出所", "治安管理", 0.5, "网吧登记不实名", d(27)),
            entry("东门派出所", "执法质量", 1, "询问笔录未签名", d(27)),
        ],
    )
    maker.imports(
        "import-spaced-heads",
        "heads with gaps, brackets and line breaks; 扣分值, 扣分项目, 单位名称",
        [Sheet("统计", [
            ["序 号", "单位\n名称", "扣分　项目", "扣分值（分）", "扣 分 原 因", "检查\n日期*"],
            [1, "和平派出所", "情报信息", 0.5, "信息报送迟一日", d(15)],
            [2, "新华所", "队伍管理", 1.5, "学习笔记缺两次", d(14)],
        ])],
        entries=[
            entry("和平派出所", "情报信息", 0.5, "信息报送迟一日", d(15)),
            entry("新华派出所", "队伍日常管理", 1.5, "学习笔记缺两次", d(14)),
        ],
    )
    maker.imports(
        "import-negative",
        "points as negative numbers, also written with 分 and with other signs for minus",
        [Sheet("Sheet1", [
            HEAD,
            [1, "城关所", "治安管理", -0.5, "警情回访缺一件", d(12), "赵"],
            [2, "东门所", "执法质量", "-1分", "扣押清单漏填", d(12), "赵"],
            [3, "西街所", "执法质量", "－0.5", "告知书缺页", d(12), "赵"],
            [4, "南湖所", "人口管理", "−1", "出租屋未见面核实", d(12), "赵"],
        ], title=statistics)],
        entries=[
            entry("城关派出所", "治安管理", 0.5, "警情回访缺一件", d(12)),
            entry("东门派出所", "执法质量", 1, "扣押清单漏填", d(12)),
            entry("西街派出所", "执法质量", 0.5, "告知书缺页", d(12)),
            entry("南湖派出所", "人口管理", 1, "出租屋未见面核实", d(12)),
        ],
    )
    maker.imports(
        "import-zero-width",
        "a BOM in the first head and zero-width signs in a unit, an item and points",
        [Sheet("Sheet1", [
            ["\ufeff单位", "项目\u200b", "分值", "原因", "检查日期"],
            ["和平\u200b派出所", "治安管理", "1.5\u200b", "典当行未备案", d(11)],
            ["光明派出所", "\u200b执法质量", 1, "法律文书错别字", f"{iso(d(11))}\u200b"],
        ])],
        entries=[
            entry("和平派出所", "治安管理", 1.5, "典当行未备案", d(11)),
            entry("光明派出所", "执法质量", 1, "法律文书错别字", d(11)),
        ],
    )
    maker.imports(
        "import-matrix",
        "units down, items across: the shape of nearly every quarter's statistics",
        [Sheet("Sheet1", [
            ["序号", "单位", "队伍日常管理", "治安管理", "打击、破案及追逃", "执法质量", "人口管理", "安全防范", "情报信息", "合计扣分", "得分"],
            [1, "城关派出所", None, -0.5, None, -1, None, None, None, -1.5, 98.5],
            [2, "东门派出所", None, None, -2.5, None, None, None, -0.5, -3, 97],
            [3, "西街派出所", None, None, None, None, None, None, None, 0, 100],
        ], title=statistics)],
        entries=[
            entry("城关派出所", "治安管理", 0.5), entry("城关派出所", "执法质量", 1),
            entry("东门派出所", "打击、破案及追逃", 2.5), entry("东门派出所", "情报信息", 0.5),
        ],
        type="按统计表登记",
    )
    maker.imports(
        "import-two-sheets",
        "two sheets with the same heads, the second without a title: both are read, and named",
        [
            Sheet("城区组", [HEAD, [1, "城关所", "治安管理", 0.5, "停车场未巡查", d(30), "赵"]], title=statistics),
            Sheet("乡镇组", [
                HEAD,
                [1, "石门所", "治安管理", 1, "水库未巡查", d(29), "钱"],
                [2, "渡口所", "治安管理", 1, "码头未巡查", d(29), "钱"],
            ]),
        ],
        entries=[
            entry("城关派出所", "治安管理", 0.5, "停车场未巡查", d(30)),
            entry("石门派出所", "治安管理", 1, "水库未巡查", d(29)),
            entry("渡口派出所", "治安管理", 1, "码头未巡查", d(29)),
        ],
        says=["城区组", "乡镇组"],
    )
    maker.imports(
        "import-hidden-sheet",
        "a hidden old sheet before the visible one: not used, and said",
        [
            Sheet("上季度底稿", [PLAIN, ["南湖派出所", "治安管理", 9, None, None, "隐藏的底稿", None, None]], state="hidden"),
            Sheet("扣分", [PLAIN, ["北关派出所", "治安管理", 1, None, None, "夜市摊点未登记", iso(d(9)), None]]),
        ],
        entries=[entry("北关派出所", "治安管理", 1, "夜市摊点未登记", d(9))],
        says=[["隐藏", "上季度底稿"]],
    )
    maker.imports(
        "import-hidden-row",
        "a hidden row that was crossed off: never used without a word",
        [Sheet("Sheet1", [
            HEAD,
            [1, "城关所", "治安管理", 0.5, "校园周边未巡逻", d(8), "赵"],
            [2, "东门所", "执法质量", 1, "（已核销）", d(8), "赵"],
            [3, "西街所", "执法质量", 1, "涉案财物未入库", d(8), "赵"],
        ], title=statistics, hidden_rows=[4])],
        "confirm",
        entries=[
            entry("城关派出所", "治安管理", 0.5, "校园周边未巡逻", d(8)),
            entry("西街派出所", "执法质量", 1, "涉案财物未入库", d(8)),
        ],
        alt=[[
            entry("城关派出所", "治安管理", 0.5, "校园周边未巡逻", d(8)),
            entry("东门派出所", "执法质量", 1, "（已核销）", d(8)),
            entry("西街派出所", "执法质量", 1, "涉案财物未入库", d(8)),
        ]],
        says=[["隐藏", "第4行"]],
    )
    day = d(27)
    forms = [
        dots(day), cn(day), f"{day.month}月{day.day}日", f"{day:%Y%m%d}", int(f"{day:%Y%m%d}"), serial(day),
        f"{day.year}-{day.month}-{day.day}", f"{day.year}/{day.month}/{day.day}", f"{day:%Y.%m.%d}", f"{day:%Y-%m-%d} 00:00:00",
        N(at_midnight(day), 'yyyy"年"m"月"d"日"'), N(day, 'm"月"d"日"'),
    ]
    maker.imports(
        "import-dates",
        "one day in twelve forms: dots, 年月日, eight digits as text and as a number, Excel's number, slashes, date cells",
        [Sheet("Sheet1", [
            HEAD, *([n, "双桥所", "治安管理", 0.5, f"日期写法之{n}", form, "赵"] for n, form in enumerate(forms, start=1)),
        ], title=statistics)],
        entries=[entry("双桥派出所", "治安管理", 0.5, f"日期写法之{n}", day) for n in range(1, len(forms) + 1)],
    )
    maker.imports(
        "import-date-number",
        f"the 10th of a month typed as {last_month}.10, which Excel keeps as the number {last_month}.1: it may be the 1st, so it is not guessed",
        [Sheet("扣分", [
            ["单位", "项目", "分值", "原因", "检查日期"],
            ["和平派出所", "治安管理", 1, "娱乐场所未检查", float(f"{last_month}.1")],
        ])],
        "refuse",
        says=at("E2", "检查日期", "日期"),
    )
    maker.imports(
        "import-formula",
        "points are a formula that was never computed, beside a criterion: not taken for empty, named by cell",
        [Sheet("扣分", [PLAIN, ["城关派出所", None, F("=0.5*3"), "2.1", None, "巡查台账三处", None, None]])],
        "refuse",
        says=at("C2", "分值"),
    )
    maker.imports(
        "import-error",
        "points are #N/A beside a criterion: not taken for empty, named by cell",
        [Sheet("扣分", [PLAIN, ["东门派出所", None, Err("#N/A"), "2.1", None, "巡查台账两处", None, None]])],
        "refuse",
        says=at("C2", "分值"),
    )
    maker.imports(
        "import-float",
        "computed points as Excel keeps them: =1.1+2.2 is 3.3000000000000003 in the file and 3.3 on screen",
        [Sheet("扣分", [
            ["单位", "项目", "分值", "原因"],
            ["光明派出所", "治安管理", F("=1.1+2.2", Decimal("3.3000000000000003")), "三处合计"],
            ["光明派出所", "执法质量", F("=0.7+0.1", Decimal("0.79999999999999993")), "两卷合计"],
        ])],
        entries=[entry("光明派出所", "治安管理", 3.3, "三处合计"), entry("光明派出所", "执法质量", 0.8, "两卷合计")],
    )
    maker.imports(
        "import-plus",
        "+2 for a praise among deductions: nothing is added, and it is no deduction",
        [Sheet("扣分", [
            ["单位", "项目", "分值", "原因"],
            ["和平派出所", "治安管理", 1, "消火栓未检查"],
            ["和平派出所", "打击破案", "+2", "抓获逃犯一名"],
        ])],
        "refuse", also=["read"],
        says=at("C3", "分值"),
        alt=[[entry("和平派出所", "治安管理", 1, "消火栓未检查")]],
    )
    maker.imports(
        "import-about",
        "两三分 is no number",
        [Sheet("扣分", [
            ["单位", "项目", "分值", "原因"],
            ["解放路派出所", "打击破案", "两三分", "约数"],
        ])],
        "refuse",
        says=at("C2", "分值"),
    )
    one_row = [["单位", "项目", "分值", "原因"]]
    maker.imports(
        "import-backslash",
        "a package whose parts are named with backslashes",
        [Sheet("扣分", [*one_row, ["河东派出所", "治安管理", 1, "反斜杠打包"]])],
        edit=backslashed,
        entries=[entry("河东派出所", "治安管理", 1, "反斜杠打包")],
    )
    maker.imports(
        "import-capital",
        "a package with xl/Workbook.xml",
        [Sheet("扣分", [*one_row, ["河西派出所", "治安管理", 1, "大写打包"]])],
        edit=capital_workbook,
        entries=[entry("河西派出所", "治安管理", 1, "大写打包")],
    )
    maker.imports(
        "import-at-root",
        "a package whose parts lie at its root",
        [Sheet("扣分", [*one_row, ["青山派出所", "治安管理", 1, "根目录打包"]])],
        edit=at_root,
        entries=[entry("青山派出所", "治安管理", 1, "根目录打包")],
    )
    maker.imports(
        "import-no-points",
        "the column of points is not there: the answer names it, and no column that may be left out",
        [Sheet("Sheet1", [
            ["序号", "单位", "考核项目", "检查人", "问题描述", "检查日期"],
            [1, "城关所", "治安管理", "赵", "停车场未巡查", d(8)],
        ], title=statistics)],
        "refuse",
        says=[["分值", "扣分"]],
        not_says=["次数", "状态"],
    )
    maker.imports(
        "import-deep-head",
        "thirteen rows of notes above the head",
        [Sheet("Sheet1", [
            ["江城市公安局考评办"], ["填表说明："],
            *([f"{n}．{text}"] for n, text in enumerate([
                "本表由考核小组填写，一行一笔", "单位写全称或简称", "项目与计分表一致", "扣分写正数，最多两位小数", "原因要写明时间、地点、情形",
                "检查日期写公历", "没有扣分的单位不用填", "不得涂改", "有疑问请联系考评办", "本表一式两份"], start=1)),
            [None],
            ["单位", "项目", "分值", "原因", "检查日期"],
            ["白石派出所", "治安管理", 1, "表头在第十四行", d(6)],
        ])],
        entries=[entry("白石派出所", "治安管理", 1, "表头在第十四行", d(6))],
    )
    maker.imports(
        "import-old-title",
        f"titled {old}, sent while {running} runs: not taken into the running quarter without a word",
        [Sheet("Sheet1", [
            ["序号", "单位", "考核项目", "扣分", "扣分原因"],
            [1, "城关所", "治安管理", 0.5, "上半年检查台账缺失"],
        ], title=f"江城市公安局{old}扣分情况统计表")],
        "ask",
        also=["refuse"],
        says=[[old, old[-4:].replace("第", ""), old[-4:]]],
    )
    maker.imports(
        "import-twice",
        "the same file a second time adds nothing",
        [Sheet("扣分", [*one_row, ["青山派出所", "治安管理", 1, "同一份文件"], ["青山派出所", "执法质量", 1, "同一份文件的第二行"]])],
        "refuse",
        first={"file": "import-twice.xlsx", "command": "/import"},
        says=[["导入过", "重复", "没有新", "没有增加", "已经登记", "已登记"]],
    )
    growing = [
        [1, "城关所", "治安管理", 0.5, "累计表一", d(40), "赵"], [2, "东门所", "打处", 2, "累计表二", d(40), "赵"],
        [3, "西街所", "户籍", 0.5, "累计表三", d(39), "赵"], [4, "南湖所", "执法", 1, "累计表四", d(30), "赵"],
        [5, "南湖所", "执法", 1.5, "累计表五", d(30), "赵"], [6, "北关所", "情报", 0.5, "累计表六", d(30), "赵"],
    ]
    maker.corpus.write("import-overlap-first.xlsx", [Sheet("Sheet1", [HEAD, *growing[:3]])])
    maker.imports(
        "import-overlap",
        "a cumulative table: three rows are logged already, three are new; only the new ones can be taken",
        [Sheet("Sheet1", [HEAD, *growing])],
        "confirm",
        first={"file": "import-overlap-first.xlsx", "command": "/import"},
        press=["新|未登记|没有登记|没登记"], must_press=True,
        entries=[
            entry("南湖派出所", "执法质量", 1, "累计表四", d(30)), entry("南湖派出所", "执法质量", 1.5, "累计表五", d(30)),
            entry("北关派出所", "情报信息", 0.5, "累计表六", d(30)),
        ],
        says=["3"],
    )
    maker.imports(
        "import-two-faults",
        "a row with an unknown unit, an unknown item and bad points: everything is told in one round",
        [Sheet("Sheet1", [
            HEAD,
            [1, None, "治安管理", "很多", "没有写单位", d(9), "赵"],
            [2, "东门所", "唱歌跳舞", 1, "没有这个项目", d(9), "赵"],
            [3, "西街所", "治安管理", 1, "没有问题的一行", d(9), "赵"],
        ], title=statistics)],
        "refuse", also=["read"],
        says=["很多", "唱歌跳舞", *at("B3", "单位")],
        alt=[[entry("西街派出所", "治安管理", 1, "没有问题的一行", d(9))]],
    )
    maker.imports(
        "import-no-caption",
        "a table of deductions sent without a word",
        [Sheet("扣分", [*one_row, ["龙潭派出所", "治安管理", 1, "没有写说明就发来"]])],
        command="", press=["扣分表|导入|核对"],
        entries=[entry("龙潭派出所", "治安管理", 1, "没有写说明就发来")],
    )
    maker.imports(
        "import-stray-cell",
        "a gap typed by mistake in row 25 000 and another in column 141",
        [Sheet("扣分", [
            [*one_row[0], *[None] * 136, " "],
            ["田家湾派出所", "治安管理", 1, "远处有一个空格"],
            *([None] for _ in range(3)),
        ])],
        edit=lambda content: repacked(content, lambda n, b: (n, b.replace(
            b"</sheetData>", b'<row r="25000"><c r="A25000" t="inlineStr"><is><t xml:space="preserve"> </t></is></c></row></sheetData>')
            if n == "xl/worksheets/sheet1.xml" else b)),
        entries=[entry("田家湾派出所", "治安管理", 1, "远处有一个空格")],
    )
    maker.imports(
        "import-wide-second-sheet",
        "behind the table a sheet of 141 columns that is none",
        [Sheet("扣分", [*one_row, ["云峰派出所", "治安管理", 1, "后面有一张宽表"]]), Sheet("编码", [list(range(1, 142))] * 3)],
        entries=[entry("云峰派出所", "治安管理", 1, "后面有一张宽表")],
    )
    maker.imports(
        "import-two-row-head",
        "a head of two rows: 扣分情况 over item, points and reason",
        [Sheet("Sheet1", [
            ["序号", "被考核单位", "扣分情况", None, None, "检查日期"],
            [None, None, "项目", "分值", "原因", None],
            [1, "柳林所", "治安管理", 1, "两行表头之一", d(7)],
            [2, "桃花所", "执法质量", 0.5, "两行表头之二", d(7)],
        ], merge=["A2:A3", "B2:B3", "C2:E2", "F2:F3"], title=statistics)],
        entries=[
            entry("柳林派出所", "治安管理", 1, "两行表头之一", d(7)), entry("桃花派出所", "执法质量", 0.5, "两行表头之二", d(7)),
        ],
    )


def _late_deductions(maker: Maker) -> None:
    w = maker.when
    d = w.ago
    running = w.quarter
    last = w.last_quarter
    head = ["单位", "项目", "分值", "原因", "检查日期"]
    maker.imports(
        "late-title",
        f"days after a deadline: the title says {last}, no column does",
        [Sheet("Sheet1", [
            head,
            ["城关派出所", "治安管理", 1, "逾期补登之一", d(35)], ["东门派出所", "执法质量", 0.5, "逾期补登之二", d(34)],
        ], title=f"江城市公安局{last}扣分情况统计表")],
        late=True,
        press=[last[-4:].replace("第", "第?")],
        entries=[
            entry("城关派出所", "治安管理", 1, "逾期补登之一", d(35), quarter=last),
            entry("东门派出所", "执法质量", 0.5, "逾期补登之二", d(34), quarter=last),
        ],
    )
    maker.imports(
        "late-caption",
        f"days after a deadline: the caption says {last}",
        [Sheet("Sheet1", [head, ["西街派出所", "治安管理", 1, "逾期补登之三", d(35)], ["南湖派出所", "治安管理", 1, "逾期补登之四", d(35)]])],
        command=f"/import {last[-4:].replace('第', '')}",
        late=True,
        entries=[
            entry("西街派出所", "治安管理", 1, "逾期补登之三", d(35), quarter=last),
            entry("南湖派出所", "治安管理", 1, "逾期补登之四", d(35), quarter=last),
        ],
    )
    maker.imports(
        "late-ask",
        "days after a deadline, nothing says which quarter: asked once for the whole table",
        [Sheet("Sheet1", [head, *([u, "治安管理", 1, f"逾期补登：{u}", d(30)] for u in (
            "北关派出所", "和平派出所", "新华派出所", "光明派出所"))])],
        "ask",
        late=True,
        says=[[last, last[-4:].replace("第", "")], [running, running[-4:].replace("第", "")]],
        not_says=["4 处要改"],
        press=[last[-4:].replace("第", "第?")],
        entries=[entry(u, "治安管理", 1, f"逾期补登：{u}", d(30), quarter=last) for u in (
            "北关派出所", "和平派出所", "新华派出所", "光明派出所")],
    )


def _rosters(maker: Maker) -> None:
    maker.rosters(
        "roster-real", "城关派出所",
        "a station's own list: padded heads and names, columns that are not needed, five kinds of dates, 合计, signatures",
        [Sheet("民警名册", [
            ["填报单位：城关派出所（盖章）", None, None, None, None, None, "填报时间：2026年1月4日"],
            ["序号", "姓 名", "性别", "警 号", "职 务", "警衔", "出生年月", "到所时间", "联系电话"],
            [1, "石 峰", "男", "014001", "所长", "二级警督", "1975.03", MARCH, "139xxxx1234"],
            [2, "李  洁", "女", "014002", "副所长", "三级警督", "1980.11", "2024.3.1", "—"],
            [3, "王\u3000岚", "女", "014003", "教导员", "三级警督", "1982.07", "2024年3月"],
            [4, "欧阳建中", "男", "014004", "社区民警", "一级警司", "1988.01", 45352],
            [5, "艾山·买买提", "男", "014005", "社区民警", "二级警司", "1990.10", "2024-03"],
            [None],
            ["合计", "5人"],
            ["单位负责人（签字）：", None, None, None, "制表人：周"],
        ], merge=["A2:F2"], title="城关派出所民警花名册")],
        officers=[
            officer("石峰", "014001", "所长", MARCH), officer("李洁", "014002", "副所长", MARCH),
            officer("王岚", "014003", "教导员", MARCH), officer("欧阳建中", "014004", "社区民警", MARCH),
            officer("艾山·买买提", "014005", "社区民警", MARCH),
        ],
        says=[skipped(10)],
    )
    since = [
        "2024.3.1", "2024年3月", 45352, "20240301", 20240301, "2024/3/1", "2024-03", "2024.03", "2024年3月1日", "2024-3-1",
        N(at_midnight(MARCH), 'yyyy"年"m"月"'), N(at_midnight(MARCH), "yyyy/m/d"),
    ]
    names = ["郑一鸣", "郑二宝", "郑三江", "郑四海", "郑五洲", "郑六合", "郑七星", "郑八方", "郑九州", "郑十全", "郑百川", "郑千里"]
    maker.rosters(
        "roster-dates", "东门派出所",
        "the day since which somebody is there, in twelve forms; a month alone is its first day",
        [Sheet("Sheet1", [
            ROSTER, *([name, f"0141{n:02d}", "民警", since_when] for n, (name, since_when) in enumerate(zip(names, since, strict=True), start=1)),
        ], title="东门派出所民警花名册")],
        officers=[officer(name, f"0141{n:02d}", "民警", MARCH) for n, name in enumerate(names, start=1)],
    )
    maker.rosters(
        "roster-odd-dates", "石门派出所",
        "a year of two digits and a month in numerals: read, or refused by cell",
        [Sheet("Sheet1", [ROSTER, ["郑重", "014191", "民警", "24.3.1"], ["郑和", "014192", "民警", "二〇二四年三月"]], title="石门派出所民警花名册")],
        also=["refuse"], says_if_refused=at("D3", "到岗日期", "到岗"),
        officers=[officer("郑重", "014191", "民警", MARCH), officer("郑和", "014192", "民警", MARCH)],
    )
    maker.rosters(
        "roster-no-date", "西街派出所",
        "no column of days: it may be left out",
        [Sheet("Sheet1", [
            ["序号", "姓名", "警号", "职务", "联系电话"],
            [1, "冯远", "014201", "民警"], [2, "冯近", "014202", "内勤"],
        ], title="西街派出所民警花名册")],
        officers=[officer("冯远", "014201", "民警"), officer("冯近", "014202", "内勤")],
    )
    maker.rosters(
        "roster-two-sheets", "南湖派出所",
        "leaders on one sheet and the others on a second: both are read, and named",
        [
            Sheet("领导班子", [ROSTER[:4], ["陈山", "014301", "所长", MARCH]]),
            Sheet("社区中队", [ROSTER[:4], ["陈水", "014302", "民警", MARCH], ["陈木", "014303", "民警", MARCH]]),
        ],
        officers=[
            officer("陈山", "014301", "所长", MARCH), officer("陈水", "014302", "民警", MARCH), officer("陈木", "014303", "民警", MARCH),
        ],
        says=["领导班子", "社区中队"],
    )
    maker.rosters(
        "roster-two-row-head", "北关派出所",
        "a head of two rows: 基本情况 over name and number",
        [Sheet("Sheet1", [
            ["序号", "基本情况", None, "职务", "到岗日期"], [None, "姓名", "警号"],
            [1, "蒋文", "014401", "民警", MARCH], [2, "蒋武", "014402", "民警", MARCH],
        ], merge=["B2:C2", "A2:A3", "D2:D3", "E2:E3"], title="民警花名册")],
        officers=[officer("蒋文", "014401", "民警", MARCH), officer("蒋武", "014402", "民警", MARCH)],
    )
    maker.rosters(
        "roster-merged", "和平派出所",
        "duty and day merged over three rows: they hold for each",
        [Sheet("Sheet1", [
            ROSTER[:4], ["沈东", "014501", "社区民警", MARCH], ["沈南", "014502"], ["沈西", "014503"],
        ], merge=["C2:C4", "D2:D4"])],
        officers=[officer(n, f"01450{i}", "社区民警", MARCH) for i, n in enumerate(("沈东", "沈南", "沈西"), start=1)],
    )
    maker.rosters(
        "roster-number-format", "解放路派出所",
        "numbers shown with leading zeros by the format 000000",
        [Sheet("Sheet1", [
            ROSTER[:4], ["林松", N(14601, "000000"), "民警", N(at_midnight(MARCH), 'yyyy"年"m"月"')],
            ["林柏", N(14602, "000000"), "民警", N(at_midnight(MARCH), 'yyyy"年"m"月"')],
        ])],
        officers=[officer("林松", "014601", "民警", MARCH), officer("林柏", "014602", "民警", MARCH)],
    )
    maker.rosters(
        "roster-padded", "新华派出所",
        "two-sign names padded with gaps are the officers who are there already",
        [Sheet("Sheet1", [
            ROSTER[:4], ["张 帆", None, "副所长", "2025-01-01"], ["孙\u3000丽", None, "内勤", "2025-01-01"], ["李 航", "014703", "民警", "2025-01-01"],
        ])],
        setup=["张帆 014701 民警 2025-01-01", "孙丽 014702 民警 2025-01-01"],
        officers=[
            officer("张帆", "014701", "副所长", "2025-01-01"), officer("孙丽", "014702", "内勤", "2025-01-01"),
            officer("李航", "014703", "民警", "2025-01-01"),
        ],
    )
    maker.rosters(
        "roster-total", "光明派出所",
        "a row 合计 in the column of names is nobody",
        [Sheet("Sheet1", [ROSTER, ["赵敬", "014801", "副所长", MARCH], ["合计", None, "1人"]], title="光明派出所民警花名册")],
        officers=[officer("赵敬", "014801", "副所长", MARCH)],
        says=[skipped(4)],
    )
    maker.rosters(
        "roster-formula", "河东派出所",
        "a number that is a formula never computed: not lost without a word",
        [Sheet("Sheet1", [ROSTER, ["丁宁", F('=CONCATENATE("01","4901")'), "民警", "2024-03-01"]])],
        "refuse",
        says=at("B2", "警号"),
    )
    maker.rosters(
        "roster-dots", "河西派出所",
        "names with the dots that people type: • ・ ‧",
        [Sheet("Sheet1", [
            ROSTER, ["古丽•热西提", "015001", "民警", "2024-03-01"], ["古丽・买尔丹", "015002", "民警", "2024-03-01"],
            ["古丽‧艾力", "015003", "民警", "2024-03-01"],
        ])],
        officers=[
            officer("古丽·热西提", "015001", "民警", MARCH), officer("古丽·买尔丹", "015002", "民警", MARCH),
            officer("古丽·艾力", "015003", "民警", MARCH),
        ],
    )
    maker.rosters(
        "roster-until-now", "白石派出所",
        "至今 and 在岗 in the column of the last day",
        [Sheet("Sheet1", [
            ROSTER, ["丙辰", "015101", "民警", "2024-03-01", "至今"], ["丁巳", "015102", "民警", "2024-03-01", "在岗"],
            ["戊午", "015103", "民警", "2024-03-01", "—"],
        ])],
        officers=[officer("丙辰", "015101", "民警", MARCH), officer("丁巳", "015102", "民警", MARCH), officer("戊午", "015103", "民警", MARCH)],
    )
    maker.rosters(
        "roster-head-marks", "青山派出所",
        "heads with a star, a bracket and a line break",
        [Sheet("Sheet1", [
            ["姓名*", "警号（6位）", "职务\n（岗位）", "到岗日期（年-月-日）"], ["卫青", "015201", "民警", "2024-03-01"],
        ])],
        officers=[officer("卫青", "015201", "民警", MARCH)],
    )


def _methods(maker: Maker) -> None:
    maker.methods(
        "method-own", "龙潭派出所",
        "a station's own method: 考核项目, 标准分, what is looked at, how much each; merged; 合计",
        [Sheet("Sheet1", [
            ["序号", "考核项目", "标准分", "考核内容", "扣分标准"],
            [1, "社区警务", 20, "入户走访", "每少一户扣0.5分"], [None, None, None, "重点人口管理", "每少一人扣1分"],
            [2, "执法办案", 25, "办案数量", "每少一起扣1分"], [3, "接处警", 15, "接处警规范", "每次扣1分"],
            ["合计", None, 60],
        ], merge=["A3:A4", "B3:B4", "C3:C4"], title="龙潭派出所民警业务考核细则")],
        items=[item("社区警务", 20), item("执法办案", 25), item("接处警", 15)],
    )
    maker.methods(
        "method-no-alias", "双桥派出所",
        "no column of aliases: it may be left out",
        [Sheet("Sheet1", [["项目", "分值"], ["社区警务", 20], ["执法办案", 25], ["接处警", 15]])],
        items=[item("社区警务", 20), item("执法办案", 25), item("接处警", 15)],
    )
    maker.methods(
        "method-total", "田家湾派出所",
        "a row 合计 is no item",
        [Sheet("Sheet1", [["项目", "分值", "别名"], ["社区警务", 20], ["执法办案", 25, "办案"], ["接处警", 15], ["合计", 60]])],
        items=[item("社区警务", 20), item("执法办案", 25, "办案"), item("接处警", 15)],
    )


def _months(maker: Maker) -> None:
    w = maker.when
    (year, month), (last_year, last_month) = w.month(), w.month(1)
    table = f"{last_year}年{last_month}月民警考核表"
    maker.months(
        "month-own", "刑警大队",
        "a unit's own table: padded names, negative points, sums, scores, a remark, 合计",
        [Sheet("Sheet1", [
            ["序号", "姓 名", *SIX, "总扣分", "得分", "备注"],
            [1, "石 磊", None, -1, None, None, None, None, -1, 99, "迟到"],
            [2, "欧阳敏", -1, None, None, -2, None, None, -3, 97, "缺课；案卷超期"],
            [None, "合计", -1, -1, None, -2, None, None, -4],
        ], title=f"刑警大队{table}")],
        command=f"/month {last_month}月", month=(last_year, last_month),
        setup=["石磊 016001 侦查员 2025-01-01", "欧阳敏 016002 侦查员 2025-01-01"],
        officers=[result("石磊", 考勤纪律=1), result("欧阳敏", 政治学习=1, 执法办案=2)],
    )
    maker.months(
        "month-title", "治安大队",
        "no month in the caption: the title's is meant",
        [Sheet("月度考核", [["姓名", "警号", *SIX, "标记", "原因"], ["陶然", None, 1, None, None, None, None, None, None, "缺课"]],
               title=f"治安大队{table}")],
        command="/month", month=(last_year, last_month), press=[f"{last_month}月"],
        setup=["陶然 016101 民警 2025-01-01", "陶醉 016102 民警 2025-01-01"],
        officers=[result("陶然", 政治学习=1)],
    )
    maker.months(
        "month-contradiction", "交警大队",
        f"the caption says {month}月, the table's title {last_month}月: asked, not taken",
        [Sheet("月度考核", [["姓名", "警号", *SIX, "标记", "原因"], ["马骏", None, 1, None, None, None, None, None, None, "缺课"]],
               title=f"交警大队{table}")],
        "ask", command=f"/month {month}月", also=["refuse"], says=[f"{last_month}月"], if_written="accepted",
        setup=["马骏 016201 民警 2025-01-01", "马驰 016202 民警 2025-01-01"],
    )
    maker.months(
        "month-padded", "经侦大队",
        "padded names are the officers of the roster",
        [Sheet("Sheet1", [
            ["序号", "姓名", *SIX, "标记", "原因"],
            [1, "钱 江", None, 1, None, None, None, None, None, "迟到一次"], [2, "周\u3000密", 1, None, None, 2, None, None, None, "缺课"],
        ], title=f"经侦大队{table}")],
        command=f"/month {last_month}月", month=(last_year, last_month),
        setup=["钱江 016301 民警 2025-01-01", "周密 016302 民警 2025-01-01"],
        officers=[result("钱江", 考勤纪律=1, reason="迟到一次"), result("周密", 政治学习=1, 执法办案=2, reason="缺课")],
    )
    maker.months(
        "month-scores", "禁毒大队",
        "a table of what was reached, not of what was lost: it would take 97 points off",
        [Sheet("Sheet1", [["序号", "姓名", *SIX, "原因"], [1, "周刚", 9, 15, 15, 28, 15, 15]], title=f"禁毒大队{last_year}年{last_month}月民警得分表")],
        "ask", command=f"/month {last_month}月", month=(last_year, last_month), also=["refuse", "read"], says=[["得分"]],
        setup=["周刚 016401 民警 2025-01-01"],
        officers=[result("周刚", 政治学习=1, 执法办案=2)],
    )
    maker.months(
        "month-formula", "巡警大队",
        "points are a formula never computed: named by cell, not taken for nothing lost",
        [Sheet("Sheet1", [["姓名", "警号", *SIX, "标记", "原因"], ["甘泉", None, None, F("=1+2")]])],
        "refuse", command=f"/month {month}月", says=at("D2", "考勤纪律"),
        setup=["甘泉 016501 民警 2025-01-01"],
    )
    maker.months(
        "month-error", "看守所",
        "#REF! in an item and #N/A as the mark: named by cell",
        [Sheet("Sheet1", [["姓名", "警号", *SIX, "标记", "原因"], ["乙木", None, None, Err("#REF!"), None, None, None, None, Err("#N/A")]])],
        "refuse", command=f"/month {month}月", says=[*at("D2", "考勤纪律"), *at("I2", "标记")],
        setup=["乙木 016601 民警 2025-01-01"],
    )
    maker.months(
        "month-two-sheets", "拘留所",
        "two sheets, one for each team: both are read, and named",
        [
            Sheet("一中队", [["姓名", "警号", *SIX, "标记", "原因"], ["丙火", None, 1]]),
            Sheet("二中队", [["姓名", "警号", *SIX, "标记", "原因"], ["丁火", None, None, 2]]),
        ],
        command=f"/month {month}月",
        setup=["丙火 016701 民警 2025-01-01", "丁火 016702 民警 2025-01-01"],
        officers=[result("丙火", 政治学习=1), result("丁火", 考勤纪律=2)],
        says=["一中队", "二中队"],
    )
    maker.months(
        "month-plus", "户籍科",
        "+3 is no deduction",
        [Sheet("Sheet1", [["姓名", "警号", *FIVE, "标记", "原因"], ["戊土", None, None, "+3"]])],
        "refuse", command=f"/month {month}月", says=at("D2", "考勤纪律"),
        setup=["戊土 016801 民警 2025-01-01"],
    )
    maker.months(
        "month-preview", "法制科",
        "the preview names the officers with what they lose and what they come to",
        [Sheet("Sheet1", [
            ["姓名", "警号", *FIVE, "标记", "原因"], ["程颐", None, 1, None, 2, None, None, None, "缺课；审核超期"],
            ["程颢", None, None, 0.5, None, None, None, None, "迟到"], ["朱熹", None, None, None, None, None, None, "休假"],
        ], title=f"法制科{year}年{month}月民警考核表")],
        "confirm", command=f"/month {month}月",
        setup=["程颐 016901 民警 2025-01-01", "程颢 016902 民警 2025-01-01", "朱熹 016903 民警 2025-01-01"],
        officers=[result("程颐", 政治学习=1, 本职工作=2), result("程颢", 考勤纪律=0.5), result("朱熹", mark="休假")],
        says=["程颐", "97", "程颢", "99.5", "朱熹", "休假"],
    )
    maker.months(
        "month-heads", "装财科",
        "heads with the points of the item, a line break and a column that is not needed; a zero-width sign behind a name",
        [Sheet("Sheet1", [
            ["序号", "姓　名", "职务", "政治学习\n（10分）", "考勤\n纪律", "本职工作（40分）", "服务 基层", "信息调研", "当月情形", "扣分原因"],
            [1, "金秋\u200b", "科长", None, None, 1.5, None, None, None, "报表错一处"],
        ], title=f"装财科{year}年{month}月民警考核表")],
        command=f"/month {month}月",
        setup=["金秋 017001 科长 2025-01-01", "金冬 017002 民警 2025-01-01"],
        officers=[result("金秋", 本职工作=1.5, reason="报表错一处")],
    )
    maker.months(
        "month-no-caption", "国保科",
        "the table with its month in the title, sent without a word",
        [Sheet("月度考核", [["姓名", "警号", *FIVE, "标记", "原因"], ["木兰", None, None, 1, None, None, None, None, "迟到"]],
               title=f"国保科{year}年{month}月民警考核表")],
        command="", press=[f"考核表|{month}月"],
        setup=["木兰 017101 民警 2025-01-01"],
        officers=[result("木兰", 考勤纪律=1)],
    )
    maker.months(
        "month-reply", "网安科",
        f"sent without a word, then /month {last_month}月 in reply to the file",
        [Sheet("月度考核", [["姓名", "警号", *FIVE, "标记", "原因"], ["水心", None, None, 1, None, None, None, None, "迟到"]],
               title="网安科民警考核情况")],
        command="", reply=f"/month {last_month}月", month=(last_year, last_month),
        setup=["水心 017201 民警 2025-01-01"],
        officers=[result("水心", 考勤纪律=1)],
    )


def _criteria(maker: Maker) -> None:
    maker.criteria(
        "criteria-merged",
        "the item merged over its criteria",
        [Sheet("Sheet", [
            CRITERIA, ["治安管理", 2.1, "巡查台账缺失", 0.5, "处", 3], [None, 2.2, "重点场所检查不到位", 1, "家"],
            [None, "2.10", "治安卡口值守脱岗", 1, "次"], ["执法质量", 4.1, "卷宗材料不齐", 1, "卷"],
        ], merge=["A3:A5"], title="派出所考核扣分细则")],
        criteria=[
            criterion("治安管理", "2.1", "巡查台账缺失", 0.5, "处", 3), criterion("治安管理", "2.2", "重点场所检查不到位", 1, "家"),
            criterion("治安管理", "2.10", "治安卡口值守脱岗", 1, "次"), criterion("执法质量", "4.1", "卷宗材料不齐", 1, "卷"),
        ],
    )
    maker.criteria(
        "criteria-cap-formula",
        "the cap is a formula never computed: named by cell, not taken for no cap",
        [Sheet("Sheet", [CRITERIA, ["治安管理", "2.1", "台账缺失一处", 0.5, "处", F("=1+2"), "否"]])],
        "refuse", says=at("F2", "上限"),
    )
    maker.criteria(
        "criteria-veto-error",
        "一票否决 is #N/A: named by cell, not taken for no",
        [Sheet("Sheet", [CRITERIA, ["治安管理", "2.1", "严重违纪一次", 0.5, "处", 3, Err("#N/A")]])],
        "refuse", says=at("G2", "一票否决"),
    )
    maker.criteria(
        "criteria-two-sheets",
        "two sheets, one for each item: both are read, and named",
        [
            Sheet("治安部分", [CRITERIA, ["治安管理", "2.1", "台账不全", 0.5, "处"]]),
            Sheet("执法部分", [CRITERIA, ["执法质量", "4.1", "卷宗不齐", 1, "卷"]]),
        ],
        criteria=[criterion("治安管理", "2.1", "台账不全", 0.5, "处"), criterion("执法质量", "4.1", "卷宗不齐", 1, "卷")],
        says=["治安部分", "执法部分"],
    )
    maker.criteria(
        "criteria-code-zero",
        "code 2.10 as a number shown by the format 0.00: it is not 2.1",
        [Sheet("Sheet", [
            CRITERIA, ["治安管理", N(2.09, "0.00"), "台账缺失九", 0.5, "处"], ["治安管理", N(2.1, "0.00"), "台账缺失十", 1, "处"],
        ])],
        also=["refuse"], says_if_refused=at("B3", "编号"),
        criteria=[criterion("治安管理", "2.09", "台账缺失九", 0.5, "处"), criterion("治安管理", "2.10", "台账缺失十", 1, "处")],
    )
    maker.criteria(
        "criteria-heads",
        "heads with gaps and a bracket, a zero-width sign behind an item",
        [Sheet("Sheet", [
            ["项 目", "编 号", "内 容", "分值（分）", "单 位", "上 限", "一票否决*"], ["治安管理\u200b", "2.5", "旅馆未登记", 0.5, "家", 3],
        ])],
        criteria=[criterion("治安管理", "2.5", "旅馆未登记", 0.5, "家", 3)],
    )
    maker.criteria(
        "criteria-float",
        "a computed cap: 3.3000000000000003 in the file, 3.3 on screen",
        [Sheet("Sheet", [CRITERIA, ["治安管理", "2.6", "网吧未登记", 1.1, "家", F("=1.1+2.2", Decimal("3.3000000000000003"))]])],
        criteria=[criterion("治安管理", "2.6", "网吧未登记", 1.1, "家", 3.3)],
    )
    maker.criteria(
        "criteria-underscore",
        "1_0 is no number",
        [Sheet("Sheet", [CRITERIA, ["治安管理", "2.7", "下划线", "1_0", "次"]])],
        "refuse", says=at("D2", "分值"),
    )
    maker.criteria(
        "criteria-points-formula",
        "points of a veto are a formula never computed",
        [Sheet("Sheet", [CRITERIA, ["治安管理", "2.3", "重大案件未上报", F("=0.5"), "次", None, "是"]])],
        "refuse", says=at("D2", "分值"),
    )
