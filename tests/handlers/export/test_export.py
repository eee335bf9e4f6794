"""/export as dialogs: what is in the workbook and the CSV, who gets what of it, and that it says what the bot says."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import openpyxl
import pytest
from conversation import ADMIN, OFFICES, STATIONS, Post, Role, Town

from documents.workbooks.book import Unwritten
from handlers.export import export
from rules.months import Month
from rules.policy import Band
from sandbox.world import Upload
from storage import months
from tests import officers
from tests.handlers.officers.test_officers import PART

ALL = ["排名", "成绩", "扣分台账", "季度对比", "进度"]


@pytest.fixture
async def march(tmp_path):
    """A bureau in the first quarter of 2027, two weeks before its deadline."""
    town = await Town(tmp_path, now=datetime(2027, 3, 1, 1, tzinfo=UTC)).open()
    yield town
    await town.close()


def received(town, player):
    """The name and the bytes of the document that came last."""
    document = next(m["document"] for m in reversed(player.answers()) if "document" in m)
    return document["file_name"], town.world.store.file(document["file_id"])[2]


def opened(town, player):
    name, content = received(town, player)
    assert name.endswith(".xlsx")
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(sheet):
    return [[c for c in row if c is not None] for row in sheet.iter_rows(values_only=True)]


def placed(sheet):
    """Unit → (place, score, check, remarks) of the ranking."""
    found = {}
    for row in sheet.iter_rows(values_only=True):
        if isinstance(row[0], int):
            found[row[1]] = (row[0], Decimal(str(row[2])), row[3], row[4])
    return found


def listed(sheet):
    """The rows of a list as dicts by head."""
    values = list(sheet.iter_rows(values_only=True))
    head = next(i for i, row in enumerate(values) if row[0] in {"记录号", "序列", "单位", "考核小组"})
    return [dict(zip(values[head], row, strict=True)) for row in values[head + 1 :] if row[1] is not None]


def exports(town):
    with town.beside() as db:
        return db.execute("SELECT detail, unit_code FROM audit WHERE act = 'exported' ORDER BY id").fetchall()


async def deductions(town):
    wang = await town.assessor()
    zheng = await town.assessor("郑明", OFFICES)
    for line in (
        "城关所 治安管理 2 =SUM(A1:A2)",
        "城关所 情报信息 5 漏报",
        "城关所 情报信息 3 迟报",
        "东门所 2.1 x3 台账缺失",
        "东门所 执法质量 0.5 原因：+cmd|calc",
        "西街所 4.2 被追责",
    ):
        await wang.says(f"/deduct {line}")
    await zheng.says("/deduct 法制科 本职业务 1.25 =HYPERLINK(A1)")
    await wang.says("/correct 5 0.25 核实只有一处")
    await wang.says("/correct 2 撤销 不属实")
    await wang.says("/done 西街所")
    return wang, zheng


async def test_the_office_gets_everything_marked_as_provisional(town):
    await deductions(town)
    lin = await town.person("林主任", Post(Role.OFFICE))
    await lin.says("/export")
    name, _ = received(town, lin)
    assert name == "江城市公安局-2026年第四季度-目标量化考核（暂定）.xlsx"
    assert "2026年第四季度目标量化考核（暂定）" in lin.sees()
    assert "内容：排名、成绩、扣分台账（8 笔）、季度对比、进度" in lin.sees()
    assert "还没有全部审定" in lin.sees()
    book = opened(town, lin)
    assert book.sheetnames == ALL
    assert book["排名"]["A1"].value == "江城市公安局2026年第四季度目标量化考核排名（暂定）"
    assert [len(book[name]._charts) for name in ALL] == [4, 0, 0, 1, 0]
    signed = [row[0] for row in rows(book["排名"])[-2:]]
    assert signed[0].startswith("带队局领导：高局长") and signed[1].startswith("考评办：")
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


async def test_places_and_scores_are_those_that_rank_and_score_tell(town):
    await deductions(town)
    lin = await town.person("林主任", Post(Role.OFFICE))
    await lin.says("/export")
    book = opened(town, lin)
    found = placed(book["排名"])
    bureau = town.app.services.bureau
    assert set(found) == {unit.name for unit in bureau.units}
    for sequence in bureau.sequences:
        await lin.says(f"/rank {sequence.name}")
        told = re.findall(r"(?m)^(\d+)\. (\S+?)　([\d.]+)(（并列）)?(　未检查)?(　⚠一票否决)?$", lin.sees())
        assert len(told) == len(bureau.units_of(sequence.name))
        for place, unit, score, shared, unseen, veto in told:
            remarks = "、".join(word for holds, word in ((shared, "并列"), (veto, "一票否决")) if holds)
            wanted = (int(place), Decimal(score), "未检查" if unseen else "已检查", remarks or None)
            assert found[unit] == wanted
    scores = [
        row for row in book["成绩"].iter_rows(values_only=True) if row[0] in {s.name for s in bureau.sequences}
    ]
    assert len(scores) == len(bureau.units)
    for row in scores:
        numbers = [Decimal(str(value)) for value in row[2:] if isinstance(value, int | float)]
        assert numbers[-1] == found[row[1]][1] == sum(numbers[:-2]) == 100 - numbers[-2]


async def test_the_ledger_has_every_entry_with_what_was_added_to_it(town):
    wang, _ = await deductions(town)
    await wang.uploads(Upload("a.png", town.studio.PNG), kind="photo", caption="/deduct 南湖所 人口管理 1 漏登")
    lin = await town.person("林主任", Post(Role.OFFICE))
    await lin.says("/export")
    entries = {row["记录号"]: row for row in listed(opened(town, lin)["扣分台账"])}
    assert entries[1]["原因"] == "=SUM(A1:A2)" and entries[1]["单位"] == "城关派出所"
    assert [entries[n]["实际计入"] for n in (1, 2, 3, 4)] == [2, 0, 3, 1.5]
    assert (
        entries[2]["状态"] == "已撤销"
        and entries[2]["撤销或更正原因"] == "不属实"
        and entries[2]["撤销人"] == "王伟"
    )
    new = next(number for number, row in entries.items() if row["更正自"] == 5)
    assert entries[5]["状态"] == f"已更正为 {new}" and entries[5]["实际计入"] == 0
    assert (entries[new]["状态"], entries[new]["扣分"]) == ("有效", 0.25)
    assert entries[4]["细则"] == "2.1 巡查台账缺失或不完整（每处 0.5 分） ×3"
    assert entries[6]["细则"].endswith("（一票否决）")
    assert (
        entries[1]["登记时间"] == datetime.fromisoformat("2026-11-10T09:00") and entries[1]["考核员"] == "王伟"
    )
    assert [row["证据编号"] for row in entries.values() if row["证据编号"]] == ["1"]


async def test_the_csv_has_the_same_columns_and_nothing_that_is_a_formula(town):
    await deductions(town)
    lin = await town.person("林主任", Post(Role.OFFICE))
    await lin.says("/export")
    sheet = opened(town, lin)["扣分台账"]
    await lin.says("/export 台账 csv 四季度")
    name, content = received(town, lin)
    assert name == "江城市公安局-2026年第四季度-扣分台账（暂定）.csv"
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert list(lines[0]) == list(listed(sheet)[0])
    assert [line["记录号"] for line in lines] == [str(row["记录号"]) for row in listed(sheet)]
    assert [line["原因"] for line in lines if line["原因"][0] == "'"] == [
        "'=SUM(A1:A2)",
        "'+cmd|calc",
        "'=HYPERLINK(A1)",
        "'+cmd|calc",
    ]
    assert exports(town) == [("工作簿 2026Q4 暂定", None), ("台账CSV 2026Q4 暂定", None)]


async def test_an_assessor_gets_its_groups_units_without_its_own_units_place(town):
    await deductions(town)
    own = await town.assessor("钱进", own="chengguan")
    await own.says("/export")
    name, _ = received(town, own)
    assert name == "江城市公安局-2026年第四季度-目标量化考核-派出所考核小组（暂定）.xlsx"
    book = opened(town, own)
    assert book.sheetnames == ALL
    stations = {unit.name for unit in town.app.services.bureau.units if unit.category == "派出所"}
    assert set(placed(book["排名"])) == stations - {"城关派出所"}
    assert any("未列入（应回避或尚未公布）：城关派出所" in row for row in rows(book["排名"]))
    others = stations - {"城关派出所"}
    assert {row["单位"] for row in listed(book["扣分台账"])} <= others
    assert {row["单位"] for row in listed(book["季度对比"]) if row["单位"] not in {"单位", "平均"}} == others
    assert [row["考核小组"] for row in listed(book["进度"]) if row["单位数"]][:1] == [STATIONS]
    assert "法制科" not in str([rows(sheet) for sheet in book])


async def test_a_liaison_gets_its_own_unit_and_no_place_before_publication(town):
    await deductions(town)
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/export")
    name, _ = received(town, zhou)
    assert name.endswith("-城关派出所（暂定）.xlsx")
    book = opened(town, zhou)
    assert book.sheetnames == ["成绩", "扣分台账", "季度对比"]
    assert {row["单位"] for row in listed(book["扣分台账"])} == {"城关派出所"}
    assert "东门" not in str([rows(sheet) for sheet in book])
    await zhou.says("/export 台账 csv")
    assert "东门" not in received(town, zhou)[1].decode()
    assert [unit for _, unit in exports(town)] == ["chengguan", "chengguan"]


@pytest.mark.parametrize("post", [Post(Role.ADMIN), Post(Role.OFFICER, officer=1), None])
async def test_who_sees_no_scores_exports_nothing(town, post):
    await officers.enlist(town, "chengguan", "张伟")
    someone = await town.person("某人", *([post] if post else []))
    await someone.says("/export")
    assert not any("document" in m for m in someone.answers())
    assert exports(town) == []
    if post:
        assert "没有这项权限" in someone.sees()


async def test_a_forged_press_and_a_group_chat_give_nothing(town):
    wang, _ = await deductions(town)
    lin = await town.person("林主任", Post(Role.OFFICE))
    admin = await town.person("管理员", Post(Role.ADMIN))
    assert admin.id == ADMIN
    await lin.says("/export")
    chat = await town.bound("派出所组", [wang])
    await wang.says("/export", chat=chat)
    assert not any("document" in m for m in wang.answers(chat))
    await admin.says("/whoami")
    await admin.presses_data(admin.answers()[-1], "export:2026Q4", forged=True)
    assert not any("document" in m for m in admin.answers())
    assert len(exports(town)) == 1


async def test_progress_is_what_progress_tells(town):
    wang, _ = await deductions(town)
    await wang.says("/deduct 南湖所 人口管理 1")
    await wang.says("/progress")
    assert "检查完毕 1 / 22 个单位" in wang.sees() and "1 笔没写原因" in wang.sees()
    await wang.says("/export")
    group, *_ = listed(opened(town, wang)["进度"])
    assert (group["单位数"], group["已检查"], group["阶段"]) == (22, 1, "登记中")
    assert (group["有效扣分\n（笔）"], group["未写原因\n（笔）"]) == (6, 1)


async def confirmed(town, *, published=False):
    """The stations' first quarter of 2027, confirmed and perhaps published; the office and a liaison."""
    wang, head = await town.assessor(), await town.person("李组长", Post(Role.HEAD, group=STATIONS))
    lin = await town.person("林主任", Post(Role.OFFICE))
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await wang.says("/deduct 城关所 治安管理 2 台账")
    await head.says("/submit")
    await head.presses("全部放过")
    await head.presses("✔ 提交")
    town.clock.move(days=6)
    await lin.says("/confirm")
    await lin.presses("✔ 审定")
    if published:
        await lin.says("/publish 派出所考核小组 一季度")
        await lin.presses("✔ 公布")
    return wang, lin, zhou


async def test_a_confirmed_quarter_stands_as_it_was_stored_with_the_names_under_it(march):
    wang, lin, _ = await confirmed(march)
    await march.restart()
    march.app.services.bureau = march.app.services.bureau.with_criteria("派出所", {})
    await wang.says("/export 一季度")
    assert received(march, wang)[0] == "江城市公安局-2027年第一季度-目标量化考核-派出所考核小组.xlsx"
    assert "成绩已审定，与系统保存的结果一致" in wang.sees()
    book = opened(march, wang)
    assert book["排名"]["A1"].value == "江城市公安局2027年第一季度目标量化考核排名"
    lead, office = (row[0] for row in rows(book["排名"])[-2:])
    assert lead.startswith("带队局领导：高局长") and office.startswith("考评办：林主任")
    group, *_ = listed(book["进度"])
    assert (
        group["阶段"] == "已审定"
        and group["提交"].startswith("李组长\n")
        and "带队局领导：高局长" in group["审定"]
    )
    with march.beside() as db:
        stored = dict(db.execute("SELECT unit_name, total FROM result"))
    assert {unit: score for unit, (_, score, *_) in placed(book["排名"]).items()} == {
        unit: Decimal(total) / 100 for unit, total in stored.items()
    }
    await lin.says("/export 一季度")
    assert received(march, lin)[0].endswith("（暂定）.xlsx")
    assert "派出所第一序列（已审定）" in str(rows(opened(march, lin)["排名"]))
    assert "机关第一序列（暂定）" in str(rows(opened(march, lin)["排名"]))


async def test_once_published_the_unit_sees_its_sequences_places(march):
    *_, zhou = await confirmed(march, published=True)
    await zhou.says("/export 一季度")
    book = opened(march, zhou)
    assert set(placed(book["排名"])) == {u.name for u in march.app.services.bureau.units_of("派出所第一序列")}
    assert [row[1] for row in rows(book["成绩"]) if row[0] == "派出所第一序列"] == ["城关派出所"]


async def test_a_year_is_the_mean_of_its_confirmed_quarters(march):
    wang, lin, _ = await confirmed(march)
    await lin.says("/export 年度")
    name, _ = received(march, lin)
    assert name == "江城市公安局-2027年度-目标量化考核（暂定）.xlsx"
    assert "已审定季度的平均分；未全部审定：一季度、二季度、三季度、四季度" in lin.sees()
    book = opened(march, lin)
    await lin.says("/rank 派出所一序列 年度")
    told = re.findall(r"(?m)^(\d+)\. (\S+?)　([\d.]+)", lin.sees())
    found = placed(book["排名"])
    assert len(told) == 5 and [(int(place), Decimal(score)) for place, _, score in told] == [
        found[unit][:2] for _, unit, _ in told
    ]
    assert [row for row in rows(book["成绩"]) if row[:1] == ["城关派出所"]] == [
        ["城关派出所", 98, 98, "二季度、三季度、四季度"]
    ]
    await wang.says("/export 年度")
    assert "法制科" not in str([rows(sheet) for sheet in opened(march, wang)])


async def test_quarters_stand_side_by_side_with_the_change(march):
    wang, lin, _ = await confirmed(march)
    march.clock.time = datetime(2027, 4, 20, 1, tzinfo=UTC)
    await wang.says("/deduct 城关所 执法质量 0.75 二季度 卷宗")
    await lin.says("/export 二季度")
    sheet = opened(march, lin)["季度对比"]
    (row,) = [row for row in listed(sheet) if row["单位"] == "城关派出所"]
    assert (
        row["一季度\n（暂定）"] == 98 and row["二季度\n（暂定）"] == 99.25 and row["二季度比\n一季度"] == 1.25
    )
    assert row["三季度"] is None
    await wang.says("/export 二季度")
    (row,) = [row for row in listed(opened(march, wang)["季度对比"]) if row["单位"] == "城关派出所"]
    assert row["一季度"] == 98


async def test_a_late_quarter_is_answered_first_and_the_other_is_a_button(march):
    lin = await march.person("林主任", Post(Role.OFFICE))
    march.clock.time = datetime(2027, 3, 20, 1, tzinfo=UTC)
    await lin.says("/export")
    assert "2027年第一季度已过期限、尚未公布，所以先答这一季度" in lin.sees()
    await lin.presses("看2027年第二季度")
    assert received(march, lin)[0] == "江城市公安局-2027年第二季度-目标量化考核（暂定）.xlsx"


async def test_an_earlier_day_is_told_as_it_stood(town):
    wang, _ = await deductions(town)
    town.clock.move(days=3)
    await wang.says("/deduct 城关所 治安管理 1 后来的")
    lin = await town.person("林主任", Post(Role.OFFICE))
    await lin.says("/export 截至 11-11")
    assert received(town, lin)[0] == "江城市公安局-2026年第四季度截至2026年11月11日-目标量化考核（暂定）.xlsx"
    book = opened(town, lin)
    assert book.sheetnames == ["排名", "成绩", "扣分台账"]
    assert len(listed(book["扣分台账"])) == 8
    await lin.says("/score 城关所 截至 11-11")
    assert f"总分 {placed(book['排名'])['城关派出所'][1]:.0f}，" in lin.sees()
    await lin.says("/export 年度 截至 11-11")
    assert "“截至”只用于季度" in lin.sees()


async def test_the_officers_months_go_to_their_unit_the_office_and_nobody_else(town):
    await officers.rule(town, "chengguan", 2026, PART)
    await officers.rule(town, "fazhi", 2026, officers.WHOLE)
    zhang, li = await officers.enlist(town, "chengguan", "张伟", "李娜")
    await officers.enlist(town, "fazhi", "赵科员")
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/officer 张伟 考勤 1.5 10月 迟到")
    await zhou.says("/officer 标记 李娜 10月 休假")
    await zhou.says("/export")
    assert "民警月度含个人成绩，请妥善保管" in zhou.sees()
    months_ = {(row["民警"], row["月份"]): row for row in listed(opened(town, zhou)["民警月度"])}
    assert set(months_) == {(name, f"2026年{n}月") for name in ("张伟", "李娜") for n in (10, 11)}
    row = months_["张伟", "2026年10月"]
    assert (row["考勤纪律\n15"], row["得分"], row["系数"], row["结果"], row["名次"]) == (13.5, 98.5, 1, 98.5, 1)
    assert (
        months_["李娜", "2026年10月"]["备注"] == "休假，不计" and months_["李娜", "2026年10月"]["结果"] is None
    )
    lin, wang = await town.person("林主任", Post(Role.OFFICE)), await town.assessor()
    await lin.says("/export")
    assert "赵科员" in str(rows(opened(town, lin)["民警月度"]))
    await wang.says("/export")
    assert "民警月度" not in opened(town, wang).sheetnames
    services = town.app.services
    units, asked = services.bureau.units, [Month(2026, 10), Month(2026, 11)]
    how = {"common": services.policy.common_parts, "duties": services.policy.duties}
    async with services.database.reading() as session:
        many = await months.unit_months(session, units, asked, **how)
        one = [await months.unit_month(session, unit, month, **how) for unit in units for month in asked]
    assert many == [month for month in one if month is not None and month.everybody]
    assert {month.unit.code for month in many} == {"chengguan", "fazhi"} and zhang != li


@pytest.mark.parametrize("said", ["/export 城关所", "/export 台账 pdf"])
async def test_what_is_no_export_gets_a_sentence(town, said):
    lin = await town.person("林主任", Post(Role.OFFICE))
    await lin.says(said)
    assert "没看懂" in lin.sees() and exports(town) == []


async def test_a_workbook_that_cannot_be_written_is_told_and_stands_in_no_trail(town, monkeypatch):
    async def fails(book):
        raise Unwritten("broken on purpose")

    monkeypatch.setattr(export.writer, "write", fails)
    lin = await town.person("林主任", Post(Role.OFFICE))
    await lin.says("导出")
    assert "没有导出：文件没有生成" in lin.sees() and exports(town) == []


async def test_every_export_stands_in_the_trail_once(town):
    lin = await town.person("林主任", Post(Role.OFFICE))
    town.world.send(lin.id, lin.id, "/export")
    (update,) = town.world.pending
    await town.settle()
    await town.deliver_again(update)
    await lin.says("/audit")
    assert lin.sees().count("导出　工作簿 2026Q4 暂定") == 1


# Each figure under its own head: two groups, two units, two quarters of everything


def after(sheet, head, number=0):
    """The rows below a head whose first cells are these, down to the next blank row."""
    values = [list(row) for row in sheet.iter_rows(values_only=True)]
    begins = [i for i, row in enumerate(values) if row[: len(head)] == head][number]
    below = values[begins + 1 :]
    ends = next((i for i, row in enumerate(below) if row[0] is None), len(below))
    return below[:ends]


def without_blanks(row):
    return [value for value in row if value is not None]


async def test_progress_has_each_groups_and_each_units_figures_in_their_own_columns(town):
    wang, zheng = await town.assessor(), await town.assessor("郑明", OFFICES)
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    lin = await town.person("林主任", Post(Role.OFFICE))
    for line in (
        "城关所 治安管理 1 有原因",
        "城关所 治安管理 2",
        "城关所 治安管理 0.5",
        "东门所 执法质量 1 卷宗",
    ):
        await wang.says(f"/deduct {line}")
    await zheng.says("/deduct 法制科 本职业务 1")
    await zhou.says("/appeal 1 不服")
    await wang.says("/done 东门所 西街所")
    await zheng.says("/done 法制科")
    await lin.says("/export")
    sheet = opened(town, lin)["进度"]
    groups = after(
        sheet,
        [
            "考核小组",
            "季度",
            "单位数",
            "已检查",
            "有效扣分\n（笔）",
            "未写原因\n（笔）",
            "待裁定\n申诉",
            "阶段",
        ],
    )
    assert [row[:8] for row in groups] == [
        [STATIONS, "2026年四季度", 22, 2, 4, 2, 1, "登记中"],
        [OFFICES, "2026年四季度", 19, 1, 1, 1, 0, "登记中"],
    ]
    units = after(
        sheet, ["考核小组", "单位", "检查情况", "有效扣分\n（笔）", "未写原因\n（笔）", "待裁定\n申诉"]
    )
    assert len(units) == 41
    by_unit = {row[1]: [row[0], *row[2:6]] for row in units}
    assert by_unit["城关派出所"] == [STATIONS, "未检查", 3, 2, 1]
    assert by_unit["东门派出所"] == [STATIONS, "已检查", 1, 0, 0]
    assert by_unit["西街派出所"] == [STATIONS, "已检查", 0, 0, 0]
    assert by_unit["法制科"] == [OFFICES, "已检查", 1, 1, 0]


async def test_each_step_of_a_quarter_stands_under_its_own_head_with_who_made_it(march):
    wang, *_ = await confirmed(march)
    zhao = await march.person("赵主任", Post(Role.OFFICE))
    march.clock.move(days=1)
    await zhao.says("/publish 派出所考核小组 一季度")
    await zhao.presses("✔ 公布")
    await wang.says("/export 一季度")
    row, *_ = listed(opened(march, wang)["进度"])
    assert row["提交"] == "李组长\n3月1日 09:00"
    assert row["审定"] == "林主任\n3月7日 09:00\n带队局领导：高局长"
    assert row["公布"] == "赵主任\n3月8日 09:00"
    assert row["阶段"] == "已公布"


async def test_the_means_of_the_quarters_are_those_of_their_own_sequence(town):
    wang, _ = await deductions(town)
    lin = await town.person("林主任", Post(Role.OFFICE))
    town.clock.time = datetime(2027, 2, 1, 1, tzinfo=UTC)
    for line in ("城关所 治安管理 3 一季度 再查", "和平所 执法质量 1.5 一季度 卷宗"):
        await wang.says(f"/deduct {line}")
    await lin.says("/export 一季度")
    sheet = opened(town, lin)["季度对比"]
    head = [
        "序列",
        "单位",
        "上年四季度\n（暂定）",
        "一季度\n（暂定）",
        "二季度",
        "三季度",
        "四季度",
        "一季度比\n上年四季度",
    ]
    units, means = after(sheet, head), after(sheet, head, number=1)
    bureau = town.app.services.bureau
    assert [row[:2] for row in units] == [[unit.sequence, unit.name] for unit in bureau.units]
    scores = {row[1]: (row[2], row[3], row[7]) for row in units}
    assert scores["城关派出所"] == (95, 97, 2)
    assert scores["东门派出所"] == (98.25, 100, 1.75)
    assert scores["和平派出所"] == (100, 98.5, -1.5)
    assert [row[:2] for row in means] == [[sequence.name, "平均"] for sequence in bureau.sequences]
    for sequence, row in zip(bureau.sequences, means, strict=True):
        own = [scores[unit.name] for unit in bureau.units_of(sequence.name)]
        wanted = [sum(figures[place] for figures in own) / len(own) for place in range(3)]
        assert [row[2], row[3], row[7]] == pytest.approx(wanted), sequence.name
    assert not any(row[4] or row[5] or row[6] for row in [*units, *means])


async def test_the_ledger_tells_the_day_of_an_inspection_from_the_moment_of_logging(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 11月3日检查 台账缺失")
    await wang.says("/deduct 东门所 执法质量 1 卷宗")
    lin = await town.person("林主任", Post(Role.OFFICE))
    await lin.says("/export 台账 csv")
    assert "2026年第四季度扣分台账（暂定）　2 笔，CSV" in lin.sees()
    lines = list(csv.DictReader(io.StringIO(received(town, lin)[1].decode("utf-8-sig"), newline="")))
    assert [(line["单位"], line["检查日期"], line["登记时间"]) for line in lines] == [
        ("城关派出所", "2026-11-03", "2026-11-10 09:00"),
        ("东门派出所", "2026-11-10", "2026-11-10 09:00"),
    ]
    assert [(line["季度"], line["项目"], line["扣分"], line["状态"]) for line in lines] == [
        ("2026年四季度", "治安管理", "2.00", "有效"),
        ("2026年四季度", "执法质量", "1.00", "有效"),
    ]


async def test_each_units_items_sum_and_remarks_are_its_own(town):
    wang = await town.assessor()
    for line in (
        "城关所 情报信息 5 漏报",
        "城关所 情报信息 3 迟报",
        "城关所 治安管理 1 台账",
        "东门所 治安管理 2 台账",
        "西街所 4.2 被追责",
    ):
        await wang.says(f"/deduct {line}")
    await wang.says("/done 西街所 东门所")
    await wang.says("/export")
    book = opened(town, wang)
    head = ["序列", "单位", "队伍日常管理\n10", "治安管理\n10", "打击、破案及追逃\n40", "执法质量\n20", "人口管理\n10",
            "安全防范\n5", "情报信息\n5", "扣分合计", "得分", "备注"]  # fmt: skip
    by_unit = {row[1]: row[2:12] for row in after(book["成绩"], head)}
    assert by_unit["城关派出所"] == [10, 9, 40, 20, 10, 5, 0, 6, 94, "未检查；情报信息已扣完，另有 3 分未计"]
    assert by_unit["东门派出所"] == [10, 8, 40, 20, 10, 5, 5, 2, 98, None]
    assert by_unit["西街派出所"] == [10, 10, 40, 20, 10, 5, 5, 0, 100, "一票否决"]
    notes = [row[0] for row in rows(book["排名"]) if row]
    assert "20 个单位本季度未检查，按已登记的扣分列入。" in notes
    places = {
        row[1]: [row[0], *row[2:5]] for row in after(book["排名"], ["名次", "单位", "得分", "检查情况", "备注"])
    }
    assert places["城关派出所"] == [5, 94, "未检查", None]
    assert places["东门派出所"] == [4, 98, "已检查", None]
    assert places["西街派出所"] == [1, 100, "已检查", "并列、一票否决"]
    assert places["南湖派出所"] == [1, 100, "未检查", "并列"]


async def test_a_rankings_axis_begins_below_its_own_sequences_lowest_score(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 打击 9 台账")
    await wang.says("/export")
    charts = opened(town, wang)["排名"]._charts
    assert [chart.y_axis.scaling.min for chart in charts] == [90, 95]


async def moved(town):
    """城关 is a station in the first quarter, which is confirmed, and an office from then on; an entry in each quarter."""
    wang, lin, _ = await confirmed(town)
    units = [
        unit.model_copy(update={"category": "机关科室", "sequence": "机关第一序列"})
        if unit.code == "chengguan"
        else unit
        for unit in town.config.unit
    ]
    town.config = town.config.model_copy(update={"unit": tuple(units)})
    town.config.__dict__.pop("organisation", None)
    await town.restart()
    town.clock.time = datetime(2027, 4, 20, 1, tzinfo=UTC)
    zheng = await town.assessor("郑明", OFFICES)
    await zheng.says("/deduct 城关所 本职业务 1.5 二季度 新的一笔")
    await wang.says("/deduct 东门所 执法质量 0.75 二季度 卷宗")
    return wang, zheng, lin


async def test_of_a_unit_that_changed_its_group_each_sees_the_entries_of_its_own_quarters(march):
    wang, zheng, lin = await moved(march)
    both = ("一季度", "城关派出所"), ("二季度", "城关派出所"), ("二季度", "东门派出所")
    for player, wanted in ((wang, (both[0], both[2])), (zheng, (both[1],)), (lin, both)):
        for line in ("/export 年度", "/export 台账 csv 年度"):
            await player.says(line)
            if "csv" in line:
                content = received(march, player)[1].decode("utf-8-sig")
                entries = list(csv.DictReader(io.StringIO(content, newline="")))
            else:
                entries = listed(opened(march, player)["扣分台账"])
            found = [(row["季度"].removeprefix("2027年"), row["单位"]) for row in entries]
            assert sorted(found) == sorted(wanted), (player.name, line)


async def test_under_the_signature_lines_stand_those_who_confirmed_and_who_lead_what_is_not(march):
    wang, lin, _ = await confirmed(march)
    await march.person("董局长", Post(Role.LEADER))
    await lin.says("/lead 一季度 董局长")
    assert "董局长" in lin.sees()
    for player, lead, office in ((wang, "高局长", "林主任"), (lin, "高局长、董局长", "林主任")):
        await player.says("/export 一季度")
        signed = [row[0] for row in rows(opened(march, player)["排名"])[-2:]]
        assert [line.partition("　")[0] for line in signed] == [f"带队局领导：{lead}", f"考评办：{office}"]


async def test_a_years_quarters_means_and_places_stand_in_their_own_columns(march):
    wang, lin, _ = await confirmed(march)
    policy = march.app.services.policy
    march.app.services.policy = replace(policy, bands=(Band("优秀", Decimal(99)), Band("良好", Decimal(90))))
    march.clock.time = datetime(2027, 6, 10, 1, tzinfo=UTC)
    head = await march.person("李组长", Post(Role.HEAD, group=STATIONS))
    await wang.says("/deduct 城关所 执法质量 3 二季度 卷宗")
    await wang.says("/deduct 东门所 执法质量 0.5 二季度 卷宗")
    await head.says("/submit 二季度")
    await head.presses("全部放过")
    await head.presses("✔ 提交")
    march.clock.move(days=7)
    await lin.says("/confirm 派出所考核小组 二季度")
    await lin.presses("✔ 审定")
    await wang.says("/export 年度")
    book = opened(march, wang)
    left = "三季度、四季度"
    scores = {
        row[0]: row[1:7]
        for row in after(
            book["成绩"], ["单位", "一季度", "二季度", "三季度", "四季度", "年度平均", "未审定季度"]
        )
    }
    assert scores["城关派出所"] == [98, 97, None, None, 97.5, left]
    assert scores["东门派出所"] == [100, 99.5, None, None, 99.75, left]
    assert scores["西街派出所"] == [100, 100, None, None, 100, left]
    places = {
        row[1]: row[:1] + row[2:5]
        for row in after(book["排名"], ["名次", "单位", "年度平均", "未审定季度", "备注"])
    }
    assert places["城关派出所"] == [5, 97.5, left, "良好"]
    assert places["东门派出所"] == [4, 99.75, left, "优秀"]
    assert places["西街派出所"] == [1, 100, left, "并列、优秀"]


async def test_a_years_workbook_shows_no_score_and_no_entry_of_ones_own_unit(march):
    await confirmed(march)
    own = await march.assessor("钱进", own="chengguan")
    await own.says("/export 年度")
    book = opened(march, own)
    assert "东门派出所" in str(rows(book["成绩"]))
    for name in ("排名", "成绩", "扣分台账", "季度对比"):
        assert "城关派出所" not in str(rows(book[name])), name


async def test_the_officers_of_two_units_stand_each_under_their_own_method(town):
    await officers.rule(town, "chengguan", 2026, PART)
    await officers.rule(town, "fazhi", 2026, officers.WHOLE)
    zhang, _ = await officers.enlist(town, "chengguan", "张伟", "李娜", duty="社区民警")
    (zhao,) = await officers.enlist(town, "fazhi", "赵科员", duty="法制员")
    october = Month(2026, 10)
    await officers.take(town, zhang, "chengguan", october, "考勤纪律", "1.5")
    await officers.take(town, zhao, "fazhi", october, "业务工作", "4")
    lin = await town.person("林主任", Post(Role.OFFICE))
    await lin.says("/export")
    sheet = opened(town, lin)["民警月度"]
    first = next(row for row in after(sheet, ["单位", "民警", "职务", "月份"]) if row[1] == "张伟")
    assert without_blanks(first)[:4] == ["城关派出所", "张伟", "社区民警", "2026年10月"]
    assert without_blanks(first)[-4:] == [98.5, 1, 98.5, 2]
    second = after(
        sheet,
        [
            "单位",
            "民警",
            "职务",
            "月份",
            "政治学习\n30",
            "业务工作\n70",
            "得分",
            "系数",
            "结果",
            "名次",
            "备注",
        ],
    )
    assert without_blanks(second[0]) == ["法制科", "赵科员", "法制员", "2026年10月", 30, 66, 96, 1, 96, 1]
