"""Deductions from a workbook: a template out, a dry run with what would change, then all or nothing (R8, R11, R12)."""

import asyncio
import io
import time
from datetime import UTC, datetime

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from handlers.imports import importing
from sandbox.world import Upload
from tests.conversation import OFFICES, STATIONS, Post, Role, Town, entries, text_of
from tests.documents.workbooks.test_criteria import bomb

HEAD = ("单位", "项目", "分值", "细则", "次数", "原因", "检查日期", "季度")


def workbook(*rows, head=HEAD, name="扣分.xlsx"):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("扣分导入")
        for number, row in enumerate((head, *rows)):
            for column, value in enumerate(row):
                if value not in (None, ""):
                    sheet.write(number, column, value)
    return Upload(name, out.getvalue())


def row(
    unit="城关派出所",
    item="治安管理",
    points=1,
    criterion="",
    times="",
    reason="巡查不到位",
    day="",
    quarter="",
):
    return unit, item, points, criterion, times, reason, day, quarter


def kept(town, query="SELECT key, unit_code, item, points, inspected_on, reason, times FROM entry ORDER BY id"):
    with town.beside() as db:
        return db.execute(query).fetchall()


@pytest.fixture
async def wang(town):
    return await town.assessor()


async def test_a_table_is_looked_over_and_imported_in_its_order(town, wang):
    await wang.says("/deduct 西街所 治安管理 1 旧的")
    await wang.uploads(
        workbook(
            row(points=2),
            row("东门所", "打击", 0.5, reason="未按期结案", day="2026-11-03"),
            row("城关所", "", "", "2.1", 3, ""),
        ),
        caption="/import",
    )
    said = wang.sees()
    assert "核对无误" in said and "3 行，2 个单位，共扣 4 分" in said and "还没有导入" in said
    assert "城关派出所　2 笔　100 → <b>96.5</b>".replace("<b>", "").replace("</b>", "") in said
    chart = town.studio.charts[-1]
    assert (
        chart.frame.title.startswith("导入后：")
        and "现在 " in chart.frame.title
        and chart.frame.mark == "未导入"
    )
    assert next(r for r in chart.rows if r.unit == "城关派出所").score == "96.5"
    assert wang.buttons() == ["导入 3 笔", "不导入"]
    assert len(entries(town)) == 1
    await wang.presses("导入 3 笔")
    assert "已导入 3 笔（记录 2–4），共扣 4 分" in wang.screen()
    assert [r[1:] for r in kept(town)[1:]] == [
        ("chengguan", "治安管理", 200, "2026-11-10", "巡查不到位", 1),
        ("dongmen", "打击、破案及追逃", 50, "2026-11-03", "未按期结案", 1),
        ("chengguan", "治安管理", 150, "2026-11-10", "巡查台账缺失或不完整", 3),
    ]
    assert all(key.startswith("i:") for key, *_ in kept(town)[1:])
    [(detail, entry)] = kept(town, "SELECT detail, entry_id FROM audit WHERE act = 'imported'")
    assert detail.startswith("3 笔 2 个单位 4 分 记录 2–4 文件 ") and entry == 2
    await wang.says("/score 城关所")
    assert "总分 96.5" in wang.sees()


async def test_the_same_file_twice_and_a_press_twice_add_nothing(town, wang):
    table = workbook(row(), row("东门所"))
    await wang.uploads(table, caption="/import")
    await wang.uploads(table, caption="/import")
    messages = [m for m in town.world.store.messages(wang.id, limit=50) if "请核对" in text_of(m)]
    first, second = ((m, m["reply_markup"]["inline_keyboard"][0][0]["callback_data"]) for m in messages)
    for message, data in (first, first, second):
        await wang.presses_data(message, data, forged=True)
    assert len(entries(town)) == 2
    assert "没有重复导入：这份文件已经导入过（记录 1–2）" in wang.screen()
    other = await town.assessor("李强")
    await other.uploads(table, caption="/import")
    assert "没有重复导入" in other.sees() and len(entries(town)) == 2


async def test_what_is_there_already_is_pointed_at(town, wang):
    await wang.says("/deduct 城关所 治安管理 1 巡查不到位")
    await wang.uploads(workbook(row(), row(), row("东门所")), caption="/import")
    assert "有 2 行与已登记的完全相同（第 2 行同记录 1、第 3 行同记录 1）" in wang.sees()
    assert "有 1 行与前面的行完全相同" in wang.sees()


async def test_what_is_wrong_is_told_by_row_and_column_and_nothing_is_written(town, wang):
    await wang.uploads(
        workbook(
            row("城管所"), row("一所"), row("法制科", "本职业务"), row(item="治安"), row(points=11), row(points=0),
            row(points="0.333"), row(points="很多"), row(reason=""), row(reason="电话 13812345678"),
            row(day="2026-12-01"), row(day="某天"), row(quarter="2026年度"), row(quarter="2027年一季度"),
            row(quarter="2026年一季度"), row(quarter="以后"), row(points="", criterion="9.9"),
            row(points=1, criterion="2.1", times=3), row(times=2), row(""), row(points=""),
        ),
        caption="/import",
    )  # fmt: skip
    said = wang.sees()
    for expected in (
        "没有导入：0 行没有问题，21 处要改", "第 2 行　单位：没有叫“城管所”的单位", "第 4 行　单位：法制科由",
        "第 6 行　分值：治安管理一共 10 分，一笔不能扣 11 分", "第 7 行　分值：扣分要大于 0",
        "第 8 行　分值：分值最多两位小数", "第 9 行　分值：“很多”不是数字", "第 10 行　原因：没有填写",
        "第 11 行　原因：文字里有手机号", "第 12 行　检查日期：检查日期", "第 13 行　检查日期：“某天”不是日期",
        "第 14 行　季度：扣分要计入某个季度", "第 15 行　季度：没有办理：2027年第一季度还没有开始",
        "第 16 行　季度：没有2026年第一季度的数据", "第 17 行　季度：“以后”不是季度", "第 18 行　细则：没有编号为“9.9”的细则",
        "第 19 行　分值：按细则 2.1，3 次应扣 1.5 分，表里写的是 1 分", "第 20 行　次数：没有写细则的，不用写次数",
        "第 21 行　单位：没有填写", "还有 1 处",
    ):  # fmt: skip
        assert expected in said, expected
    assert "13812345678" not in said
    await wang.uploads(workbook(row("13812345678")), caption="/import")
    assert "第 2 行　单位：没有叫“138" in wang.sees() and "13812345678" not in wang.sees()
    assert entries(town) == [] and wang.buttons() == []


async def test_a_name_is_never_guessed(town, wang):
    """What /deduct would take by pinyin, by ear or as a part is an error here."""
    await wang.uploads(workbook(row("cgs"), row("成关所"), row("城", reason="x")), caption="/import")
    assert "0 行没有问题，3 处要改" in wang.sees()
    assert "第 2 行　单位：没有叫“cgs”的单位。您要找的可能是：城关派出所" in wang.sees()


async def test_several_wrong_cells_of_one_row_are_all_told(town, wang):
    await wang.uploads(workbook(row(points="x", reason="", day="某天")), caption="/import")
    for column in ("分值", "原因", "检查日期"):
        assert f"第 2 行　{column}：" in wang.sees()


async def test_the_own_unit_and_other_groups_are_refused_and_who_logs_nothing_imports_nothing(town):
    own = await town.assessor("刘员", own="chengguan")
    await own.uploads(workbook(row(), row("东门所")), caption="/import")
    assert "第 2 行　单位：城关派出所是您所在的单位" in own.sees() and "1 行没有问题，1 处要改" in own.sees()
    for name, post in (
        ("林主任", Post(Role.OFFICE)), ("周联络", Post(Role.LIAISON, unit="chengguan")), ("局长", Post(Role.LEADER)),
    ):  # fmt: skip
        player = await town.person(name, post)
        await player.uploads(workbook(row()), caption="/import")
        assert "您没有这项权限" in player.sees()
    assert entries(town) == []


async def test_a_right_lost_between_the_dry_run_and_the_press_stops_it_whole(town, wang):
    await wang.uploads(workbook(row(), row("东门所")), caption="/import")
    with town.beside() as db:
        db.execute("UPDATE post SET own_unit_code = 'dongmen' WHERE person_id = 2")
    message = town.world.store.messages(wang.id, limit=1)[-1]
    assert "回避" in await wang.presses("导入 2 笔") + wang.sees()
    assert entries(town) == []
    other = await town.assessor("李强")
    data = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    town.world.store.put_message({**message, "chat": {"id": other.id, "type": "private"}})
    assert "失效" in await other.presses_data({**message, "chat": {"id": other.id}}, data, forged=True)
    assert entries(town) == []


async def test_a_quarter_submitted_meanwhile_takes_nothing(town, wang):
    head = await town.person("张组长", Post(Role.HEAD, group=STATIONS))
    await wang.uploads(workbook(row()), caption="/import")
    await head.says("/submit")
    await head.presses("全部放过")
    await head.presses("✔ 提交")
    answer = await wang.presses("导入 1 笔")
    assert "已提交" in answer + wang.sees() and entries(town) == []
    await wang.uploads(workbook(row()), caption="/import")
    assert "第 2 行　季度：" in wang.sees() and "已提交" in wang.sees()


async def test_a_restart_between_dry_run_and_press_changes_nothing(town, wang):
    await wang.uploads(workbook(row(), row("东门所", "打击", "0.5分")), caption="/import")
    await town.restart()
    await wang.presses("导入 2 笔")
    assert len(entries(town)) == 2


async def test_what_fails_half_way_leaves_nothing_and_the_second_handling_writes_it_once(
    town, wang, monkeypatch
):
    await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await wang.uploads(workbook(*(row(points=0.1, reason=f"第{n}处") for n in range(60))), caption="/import")
    plan, seen = importing.notices.plan_imported, []

    async def fails_once(session, context, told):
        seen.append(len(entries(town)))
        if len(seen) == 1:
            raise OSError("the disk is full")
        await plan(session, context, told)

    monkeypatch.setattr(importing.notices, "plan_imported", fails_once)
    await wang.presses("导入 60 笔")
    assert seen == [0, 0] and len(entries(town)) == 60
    assert kept(town, "SELECT count(*) FROM push") == [(60,)]
    assert kept(town, "SELECT count(*) FROM audit WHERE act = 'imported'") == [(1,)]


async def test_it_can_be_dropped(town, wang):
    await wang.uploads(workbook(row()), caption="/import")
    await wang.presses("不导入")
    assert "没有导入，一笔也没有登记" in wang.screen() and entries(town) == []
    message = next(m for m in town.world.store.messages(wang.id, limit=9) if "一笔也没有登记" in text_of(m))
    await wang.presses_data(message, "imk:1:y", forged=True)
    assert entries(town) == []


async def test_a_late_quarter_is_asked_about_once_for_all_rows_that_name_none(town, wang):
    town.with_now(datetime(2026, 12, 5, 2, 0, tzinfo=UTC))
    await wang.uploads(
        workbook(row(), row("西街所"), row("东门所", quarter="2027年第一季度")), caption="/import"
    )
    assert (
        "2026年第四季度过了期限还没有提交，表里没有写明季度" in wang.sees()
        and "2 笔计入哪个季度" in wang.sees()
    )
    assert wang.buttons() == ["计入2026年第四季度", "计入2027年第一季度", "不导入"]
    await wang.presses("计入2026年第四季度")
    assert "3 行，3 个单位，共扣 3 分" in wang.sees() and entries(town) == []
    await wang.presses("导入 3 笔")
    assert [entry[4] for entry in entries(town)] == ["2026Q4", "2026Q4", "2027Q1"]


async def test_hostile_cells_are_text_and_nothing_else(town, wang):
    evil = "<b>&\"=cmd|' /C calc'!A0 \u202e_x0007_"
    await wang.uploads(
        workbook(row("<i>所</i>"), row(points="9" * 5000), row(points="1e999999")), caption="/import"
    )
    assert "没有叫“<i>所</i>”的单位" in wang.sees()
    await wang.uploads(workbook(row(reason=evil), row(reason="=1+1")), caption="/import")
    await wang.presses("导入 2 笔")
    reasons = [r[5] for r in entries(town)]
    assert reasons[0].startswith('<b>&"=cmd') and "\x07" not in reasons[0] and reasons[1] == "=1+1"
    await wang.uploads(workbook(row(reason="长" * 501)), caption="/import")
    assert "第 2 行　原因：原因没有记下" in wang.sees()


@pytest.mark.parametrize(
    ("content", "why"),
    [(bomb(), "大得不正常"), (b"hello", "不是 .xlsx 工作簿"), (b"", "不是 .xlsx 工作簿")],
)
async def test_what_is_no_workbook_is_refused_before_it_is_opened(town, wang, content, why):
    await wang.uploads(Upload("a.xlsx", content), caption="/import")
    assert why in wang.sees() and entries(town) == []


async def test_a_table_without_its_heads_or_without_rows_says_so(town, wang):
    await wang.uploads(workbook(("a", "b"), head=("姓名", "分数")), caption="/import")
    assert "没有找到表头" in wang.sees()
    await wang.uploads(workbook(), caption="/import")
    assert "表里没有要导入的扣分" in wang.sees()


async def test_the_template_offers_the_own_groups_units_and_comes_back_filled(town, wang):
    await wang.says("/import")
    assert "取模板" in wang.buttons() and "一份文件最多 2000 行" in wang.sees()
    await wang.presses("取模板")
    sent = wang.answers()[-1]["document"]
    content = town.world.store.file(sent["file_id"])[2]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[1][:8] == list(HEAD)
    await wang.uploads(Upload("back.xlsx", content), caption="/import")
    assert "表里没有要导入的扣分" in wang.sees()
    offices = await town.assessor("郑明", OFFICES)
    await offices.says("/import")
    await offices.presses("取模板")
    assert "document" in offices.answers()[-1]


async def test_the_units_liaison_gets_one_message_and_can_appeal_each_entry(town, wang):
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/start")
    await town.person("孙联络", Post(Role.LIAISON, unit="dongmen"))
    await wang.uploads(
        workbook(*(row(points=0.1, reason=f"台账第{n}处<") for n in range(70))), caption="/import"
    )
    await wang.presses("导入 70 笔")
    received = [m for m in town.world.store.messages(zhou.id, limit=20) if "台账第" in text_of(m)]
    assert len(received) == 1 and "被扣分 70 笔，共 −7 分" in text_of(received[0])
    assert "台账第69处" in zhou.screen()
    assert kept(town, "SELECT count(*), count(sent_at), count(DISTINCT entry_id) FROM push") == [(70, 70, 70)]
    await zhou.says("/appeal 70 当天有记录")
    assert "没有提交" not in zhou.sees()


async def test_a_liaison_who_chose_the_digest_gets_it_then(town, wang):
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/settings")
    await zhou.presses_data(zhou.answers()[-1], "set:daily")
    await wang.uploads(workbook(row(), row()), caption="/import")
    await wang.presses("导入 2 笔")
    assert "被扣分 2 笔" not in zhou.screen()
    town.clock.move(hours=24)
    await town.settle()
    assert zhou.screen().count("被扣分 2 笔") == 1


async def test_two_thousand_rows_at_most_with_one_message_that_moves(town, wang, monkeypatch):
    edits = []
    replaced = importing.dialogs.replaced

    async def noted(context, say, message_id):
        edits.append((say.text, message_id))
        return await replaced(context, say, message_id)

    monkeypatch.setattr(importing.dialogs, "replaced", noted)
    many = [row(points=0.01, reason=f"第{n}处") for n in range(2001)]
    await wang.uploads(workbook(*many), caption="/import")
    assert "表里有 2001 行，一份文件最多 2000 行" in wang.sees()
    await wang.uploads(workbook(*many[:600]), caption="/import")
    assert [text for text, _ in edits] == [
        *(f"正在核对 600 行，已核对 {percent}%……" for percent in (25, 50, 75)), "600 行已核对完。",
    ]  # fmt: skip
    assert len({message_id for _, message_id in edits}) == 1
    await wang.presses("导入 600 笔")
    assert len(entries(town)) == 600


async def test_others_get_their_turn_while_a_long_table_is_looked_over():
    turns, over = [], asyncio.Event()

    async def somebody_else():
        while not over.is_set():
            turns.append(time.perf_counter())
            await asyncio.sleep(0)

    other = asyncio.create_task(somebody_else())
    seen = []
    async for line in importing.turns(range(60)):
        time.sleep(0.001)
        seen.append(line)
    over.set()
    await other
    assert seen == list(range(60)) and len(turns) >= 6


async def test_an_exported_ledger_gives_the_same_scores(town, wang):
    """The sheet of an export, with what was taken back in it, and its own way to write criteria and quarters."""
    head = (
        "记录号",
        "季度",
        "单位",
        "项目",
        "细则",
        "扣分",
        "实际计入",
        "原因",
        "检查日期",
        "登记时间",
        "考核员",
        "状态",
    )
    basis = "2.1 巡查台账缺失或不完整（每处 0.5 分）"
    rows = [
        (1, "2026年四季度", "城关派出所", "治安管理", "", 2, 2, "旅馆", "2026-11-01", "", "王伟", "有效"),
        (2, "2026年四季度", "城关派出所", "治安管理", basis + " ×3", 1.5, 1.5, "三处", "2026-11-02", "", "王伟", "有效"),
        (3, "2026年四季度", "东门派出所", "治安管理", "", 9, 0, "记错", "2026-11-02", "", "王伟", "已撤销"),
        (4, "2026年四季度", "东门派出所", "治安管理", "", 5, 0, "记错", "2026-11-02", "", "王伟", "已更正为 5"),
        (5, "2026年四季度", "东门派出所", "执法质量", "", 0.25, 0.25, "卷宗", "2026-11-02", "", "王伟", "有效"),
    ]  # fmt: skip
    await wang.uploads(workbook(*rows, head=head), caption="/import")
    assert "3 行，2 个单位，共扣 3.75 分" in wang.sees() and "已撤销、已更正的 2 行没有算在内" in wang.sees()
    await wang.presses("导入 3 笔")
    await wang.says("/score 城关所")
    assert "总分 96.5" in wang.sees()
    await wang.says("/score 东门所")
    assert "总分 99.75" in wang.sees()
    assert [r[6] for r in kept(town)] == [1, 3, 1]


async def test_an_exported_ledger_imported_into_an_empty_bureau_gives_the_same_scores(town, tmp_path_factory):
    wang = await town.assessor()
    for line in (
        "城关所 治安管理 2 巡查不到位", "城关所 2.1 x3 台账", "东门所 执法质量 1.5 卷宗缺页", "西街所 情报信息 5 迟报",
        "西街所 情报信息 1 又迟报", "南湖所 人口管理 1 漏登记",
    ):  # fmt: skip
        await wang.says(f"/deduct {line}")
    await wang.says("/correct 3 0.5 只缺一页")
    await wang.says("/correct 6 撤销 不属实")
    await wang.says("/export")
    (document,) = [m["document"] for m in wang.answers() if "document" in m]
    content = town.world.store.file(document["file_id"])[2]
    await wang.says("/rank 派出所一序列")
    ranking = wang.sees()
    other = await Town(tmp_path_factory.mktemp("empty")).open()
    try:
        li = await other.assessor("李明")
        await li.uploads(Upload("台账.xlsx", content), caption="/import")
        await li.presses("导入")
        await li.says("/rank 派出所一序列")
        places = [line for line in li.sees().splitlines() if line[1:3] == ". "]
        assert len(places) == 5 and all(line in ranking for line in places)
    finally:
        await other.close()
