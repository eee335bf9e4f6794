"""What is done with a table beside reading it: told by its head, asked about, imported in part, taken back whole (R11)."""

from datetime import UTC, date, datetime

import pytest

from sandbox.world import Upload
from tests import officers
from tests.conversation import STATIONS, Post, Role, entries
from tests.corpus.tables.kit import F, Sheet, build
from tests.handlers.imports.test_import import row, workbook
from tests.handlers.officers.test_officers import PART

LIST = ["单位", "项目", "分值", "原因", "检查日期"]


def table(*rows, name="表.xlsx", **sheet):
    return Upload(name, build([Sheet("Sheet1", [list(r) for r in rows], **sheet)]))


def living(town):
    undone = "SELECT target_id FROM entry WHERE kind = 'reversal'"
    with town.beside() as db:
        found = db.execute(
            f"SELECT unit_code, points, quarter FROM entry WHERE kind = 'deduction' AND id NOT IN ({undone}) ORDER BY id"
        )
        return found.fetchall()


@pytest.fixture
async def wang(town):
    return await town.assessor()


# A whole import taken back


async def test_an_import_is_taken_back_whole_with_a_reason(town, wang):
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/help")
    await wang.uploads(workbook(row(), row(points=9), row("东门所")), caption="/import")
    await wang.presses("导入 3 笔")
    await wang.presses("整份撤回")
    assert "整份撤回这次导入：3 笔，共 11 分" in wang.sees() and "须经核准" not in wang.sees()
    assert len(living(town)) == 3
    await wang.presses("导错了表")
    assert "已整份撤回：3 笔，共 11 分" in wang.screen() and living(town) == []
    reasons = [entry[5] for entry in entries(town) if entry[0] == "reversal"]
    assert reasons == ["导错了表"] * 3
    assert "城关派出所：用表格登记的 2 笔扣分（共 10 分）已整份撤回" in zhou.screen()
    with town.beside() as db:
        assert db.execute("SELECT count(*) FROM audit WHERE act = 'import_reversed'").fetchone()[0] == 1
    await wang.says("/score 城关所")
    assert "总分 100" in wang.sees()


async def test_the_reason_can_be_written_and_it_can_be_given_up(town, wang):
    await wang.uploads(workbook(row(), row("东门所")), caption="/import")
    await wang.presses("导入 2 笔")
    await wang.says("/import 撤回")
    await wang.presses("不撤回")
    assert "没有撤回，导入的记录不变" in wang.screen() and len(living(town)) == 2
    await wang.says("/import 撤回")
    await wang.says("季度弄错了")
    assert "理由：季度弄错了" in wang.sees() and living(town) == []


async def test_pressed_again_nothing_is_taken_back_twice(town, wang):
    await wang.uploads(workbook(row(), row("东门所")), caption="/import")
    await wang.presses("导入 2 笔")
    await wang.presses("整份撤回")
    question = wang.answers()[-1]
    data = question["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    for _ in range(2):
        await wang.presses_data(question, data, forged=True)
    assert len(entries(town)) == 4
    await wang.says("/import 撤回")
    assert "没有" in wang.sees() and len(entries(town)) == 4


async def test_what_was_put_right_by_itself_stays_as_it_is(town, wang):
    await wang.uploads(workbook(row(), row("东门所")), caption="/import")
    await wang.presses("导入 2 笔")
    await wang.says("/correct 1 撤销 误记")
    await wang.presses("整份撤回")
    assert "整份撤回这次导入：1 笔，共 1 分" in wang.sees()
    await wang.presses("导错了表")
    assert [entry[5] for entry in entries(town) if entry[0] == "reversal"] == ["误记", "导错了表"]


async def test_on_another_day_a_second_person_agrees_to_large_ones_as_with_any_correction(town, wang):
    head = await town.person("张组长", Post(Role.HEAD, group=STATIONS))
    await head.says("/help")
    await wang.uploads(workbook(row(), row("东门所", points=9)), caption="/import")
    await wang.presses("导入 2 笔")
    town.clock.move(days=1)
    await wang.says("/import 撤回")
    assert "其中记录 2 须经核准" in wang.sees()
    await wang.presses("导错了表")
    assert "已整份撤回：1 笔，共 1 分" in wang.screen() and "1 笔（记录 2）已提请核准" in wang.screen()
    assert living(town) == [("dongmen", 900, "2026Q4")]
    await head.presses("同意")
    assert living(town) == []


async def test_after_the_submission_nothing_is_taken_back(town, wang):
    head = await town.person("张组长", Post(Role.HEAD, group=STATIONS))
    await wang.uploads(workbook(row()), caption="/import")
    await wang.presses("导入 1 笔")
    await head.says("/submit")
    await head.presses("全部放过")
    await head.presses("✔ 提交")
    await wang.says("/import 撤回")
    assert "已提交" in wang.sees() and len(living(town)) == 1


async def test_nobody_takes_back_what_somebody_else_imported(town, wang):
    await wang.uploads(workbook(row()), caption="/import")
    await wang.presses("导入 1 笔")
    other = await town.assessor("李强")
    await other.says("/import 撤回")
    message = wang.answers()[-1] if wang.answers() else town.world.store.messages(wang.id, limit=1)[-1]
    data = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    town.world.store.put_message({**message, "chat": {"id": other.id, "type": "private"}})
    await other.presses_data({**message, "chat": {"id": other.id}}, data, forged=True)
    assert len(living(town)) == 1 and len(entries(town)) == 1


async def test_what_was_taken_back_can_be_imported_again_and_twice_adds_nothing(town, wang):
    file = workbook(row(), row("东门所"))
    for _ in range(2):
        await wang.uploads(file, caption="/import")
        await wang.presses("导入 2 笔")
        assert len(living(town)) == 2
        await wang.uploads(file, caption="/import")
        assert "没有重复导入" in wang.sees()
        await wang.says("/import 撤回")
        await wang.presses("导错了表")
        assert living(town) == []


# Rows that are there already


async def test_only_what_is_new_is_imported_and_the_day_need_not_be_said(town, wang):
    await wang.uploads(workbook(row(), row("东门所")), caption="/import")
    await wang.presses("导入 2 笔")
    town.clock.move(days=3)
    await wang.uploads(workbook(row(), row("东门所"), row("西街所")), caption="/import")
    assert wang.buttons() == ["只导入新的 1 笔", "全部导入 3 笔（含重复）", "不导入"]
    await wang.presses("只导入新的 1 笔")
    assert "已导入 1 笔（记录 3），共扣 1 分" in wang.screen()
    assert [entry[1] for entry in entries(town)] == ["chengguan", "dongmen", "xijie"]


async def test_where_nothing_is_new_nothing_is_offered(town, wang):
    await wang.says("/deduct 城关所 治安管理 1 巡查不到位")
    await wang.uploads(workbook(row()), caption="/import")
    assert "表里 1 行都已登记过（第 2 行同记录 1），没有新的" in wang.sees() and wang.buttons() == []


async def test_a_criterion_without_a_reason_is_known_by_what_it_says(town, wang):
    await wang.uploads(
        workbook(row(item="", points="", criterion="2.1", times=2, reason="")), caption="/import"
    )
    await wang.presses("导入 1 笔")
    await wang.uploads(
        workbook(
            row(item="", points="", criterion="2.1", times=2, reason=""),
            name="另一份.xlsx",
            head=["单位", "项目", "分值", "细则编号", "次数", "原因", "检查日期", "季度"],
        ),
        caption="/import",
    )
    assert "没有新的" in wang.sees()


# Told by its head, or named in a reply


async def test_a_table_without_a_word_may_be_evidence_all_the_same(town, wang):
    await wang.says("/deduct 城关所 治安管理 1 巡查不到位")
    await wang.uploads(workbook(row("东门所")))
    assert "这像是一份扣分表（1 行）" in wang.sees()
    await wang.presses("作为证据")
    assert "它是哪一笔的证据" in wang.screen()
    await wang.presses("记录 1")
    await wang.says("/evidence 1")
    assert any("document" in message for message in wang.answers()) and len(entries(town)) == 1


async def test_a_table_that_an_open_dialog_waits_for_is_its_evidence(town, wang):
    await wang.says("/deduct")
    await wang.uploads(workbook(row("东门所")))
    assert "像是一份扣分表" not in wang.sees()


async def test_a_reply_to_ones_own_file_is_a_caption(town, wang):
    await wang.uploads(Upload("说明.xlsx", workbook(row("东门所")).content))
    file = next(m for m in reversed(town.world.store.messages(wang.id, limit=9)) if "document" in m)
    await wang.says("/import 四季度", reply_to=file["message_id"])
    assert "1 行，1 个单位，共扣 1 分" in wang.sees()
    await wang.presses("导入 1 笔")
    assert len(entries(town)) == 1


async def test_what_cannot_be_a_quarter_is_told(town, wang):
    await wang.uploads(workbook(row()), caption="/import 上半年")
    assert "上半年" in wang.sees() and entries(town) == []
    await wang.uploads(workbook(row()), caption="/import 2026年度")
    assert "季度" in wang.sees() and entries(town) == []


@pytest.mark.parametrize("name", ["花名册.xls", "花名册.et", "花名册.wps"])
async def test_an_old_format_gets_the_advice_how_to_save_it(town, name):
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    old = Upload(name, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    await zhou.uploads(old, caption="/roster")
    assert "另存为" in zhou.sees() and "*.xlsx" in zhou.sees()
    await zhou.uploads(old)
    assert "另存为" in zhou.sees()


# What is asked


async def test_a_question_is_answered_once_and_survives_a_restart(town, wang):
    file = table(["单位", "治安管理", "执法质量"], ["城关所", -1, -0.5], title="2026年第二季度扣分统计表")
    await wang.uploads(file, caption="/import")
    assert "2026年第二季度不能再登记" in wang.sees() and wang.buttons() == ["计入2026年第四季度", "不导入"]
    question = wang.answers()[-1]
    await town.restart()
    await wang.presses("计入2026年第四季度")
    assert "请写一句话，作 2 笔扣分共同的原因" in wang.sees() and entries(town) == []
    await wang.says("第四季度统计")
    assert "共扣 1.5 分" in wang.sees()
    await wang.presses("导入 2 笔")
    assert [entry[2:] for entry in entries(town)] == [
        ("治安管理", 100, "2026Q4", "第四季度统计"), ("执法质量", 50, "2026Q4", "第四季度统计"),
    ]  # fmt: skip
    data = question["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    assert "已经办过" in await wang.presses_data(question, data, forged=True)
    assert len(entries(town)) == 2


async def test_a_question_can_be_given_up_and_is_nobody_elses(town, wang):
    await wang.uploads(workbook(row(day=date(2026, 6, 1).isoformat())), caption="/import")
    assert "多数检查日期（6月1日）不在2026年第四季度之内" in wang.sees()
    question = wang.answers()[-1]
    data = question["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    other = await town.assessor("李强")
    town.world.store.put_message({**question, "chat": {"id": other.id, "type": "private"}})
    answer = await other.presses_data({**question, "chat": {"id": other.id}}, data, forged=True)
    assert "失效" in answer
    await wang.presses("不导入")
    assert "没有导入，什么也没有登记" in wang.screen() and entries(town) == []


async def test_a_reason_with_a_private_number_is_refused_and_asked_for_again(town, wang):
    await wang.uploads(table(["单位", "治安管理"], ["城关所", 1]), caption="/import")
    await wang.says("电话 13812345678")
    assert "手机号" in wang.sees() and entries(town) == []
    await wang.says("日常检查")
    await wang.presses("导入 1 笔")
    assert [entry[5] for entry in entries(town)] == ["日常检查"]


async def test_a_month_is_asked_for_where_nothing_says_it(town):
    await officers.rule(town, "chengguan", 2026, PART)
    await officers.enlist(town, "chengguan", "张伟")
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.uploads(table(["姓名", "考勤纪律"], ["张 伟", 1]), caption="/month")
    assert "文件说明和表里都没有写月份" in zhou.sees() and zhou.buttons() == [
        "2026年10月",
        "2026年11月",
        "不导入",
    ]
    await zhou.presses("2026年10月")
    assert "张伟　考勤纪律 −1　得 99 分" in zhou.sees() and "没有扣分算" in zhou.sees()
    await zhou.presses("导入")
    with town.beside() as db:
        assert db.execute("SELECT month FROM officer_entry").fetchall() == [("2026-10",)]


# Names


async def test_a_padded_name_typed_in_a_line_is_the_same_person(town):
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/roster 张帆 014701 民警 2026-01-01")
    await zhou.says("/roster 张 帆 014701 副所长")
    assert "已修改：张帆　职务改为副所长" in zhou.sees()
    await zhou.says("/roster 欧阳 敏 014702 民警")
    assert "已登记：欧阳敏" in zhou.sees()
    await zhou.says("/roster 古丽●热西提 014703")
    assert "古丽·热西提" in zhou.sees()
    await zhou.says("/roster 古丽・热西提 014703 内勤")
    assert "已修改：古丽·热西提" in zhou.sees()


async def test_a_wrong_name_is_put_right_and_scores_stay(town):
    await officers.rule(town, "chengguan", 2026, PART)
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/roster 张炜 014701 民警 2026-01-01")
    await zhou.says("/officer 张炜 考勤纪律 1 迟到")
    await zhou.says("/roster 改名 张炜 张伟")
    assert "已改名：张炜 → 张伟　014701　民警" in zhou.sees()
    await zhou.says("/month")
    assert "张伟" in zhou.sees() and "张炜" not in zhou.sees() and "99" in zhou.sees()
    with town.beside() as db:
        assert db.execute("SELECT detail FROM audit WHERE act = 'roster' ORDER BY id").fetchall()[-1] == (
            "民警 1 改名",
        )


async def test_a_new_name_is_a_name_and_nobody_elses(town):
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/roster 张炜 014701\n张伟")
    await zhou.presses("登记 2 人")
    await zhou.says("/roster 改名 张炜 张伟")
    assert "没有改名：花名册里已有张伟（没有警号）" in zhou.sees()
    await zhou.says("/roster 改名 014701 张伟1")
    assert "张伟1" in zhou.sees()
    await zhou.says("/roster 改名 李四 张三")
    assert "李四" in zhou.sees()
    await zhou.says("/roster 改名 张炜")
    assert "/roster 改名 张炜 张伟" in zhou.sees()
    with town.beside() as db:
        assert db.execute("SELECT name FROM officer ORDER BY id").fetchall() == [("张炜",), ("张伟",)]


# What stands in cells


async def test_a_formula_that_was_computed_to_nothing_is_empty(town, wang):
    computed = F('=IF(1=1,"",1)', "")
    await wang.uploads(
        table([*LIST, "细则"], ["城关所", "治安管理", 1, "空公式", computed, computed]), caption="/import"
    )
    await wang.presses("导入 1 笔")
    assert len(entries(town)) == 1


async def test_the_moment_of_the_file_decides_the_quarter_and_not_the_press(town, wang):
    town.with_now(datetime(2026, 12, 1, 2, tzinfo=UTC))
    await wang.uploads(workbook(row()), caption="/import")
    town.clock.move(days=1)
    await wang.presses("导入 1 笔")
    assert [entry[4] for entry in entries(town)] == ["2026Q4"]


async def test_last_years_sheet_is_not_taken_for_this_years(town, wang):
    await wang.uploads(
        table(LIST, ["城关所", "治安管理", 1, "去年的表"], title="2025年度扣分统计表"), caption="/import"
    )
    assert "写的是2025年，现在是2026年第四季度" in wang.sees() and wang.buttons() == [
        "计入2026年第四季度",
        "不导入",
    ]
    await wang.uploads(
        table(LIST, ["城关所", "治安管理", 1, "去年的季度"], title="2025年第四季度扣分统计表"),
        caption="/import",
    )
    assert "2025年第四季度不能再登记" in wang.sees() and entries(town) == []
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await officers.rule(town, "chengguan", 2026, PART)
    await officers.enlist(town, "chengguan", "张伟")
    await zhou.uploads(
        table(["姓名", "考勤纪律"], ["张伟", 1], title="2025年民警考核表"), caption="/month 10月"
    )
    assert "您写的是2026年10月，表的标题或工作表名写的是2025年，不一致" in zhou.sees()
    await zhou.uploads(table(["项目", "分值"], ["社区警务", 60], title="2025年民警考核办法"), caption="/method")
    assert "标题写的是2025年，现在办理的是2026年的" in zhou.sees()


async def test_a_title_says_whose_table_it_is_and_who_printed_the_form_says_nothing(town):
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    printed = table(
        ["江城市公安局办公室印制"], ["姓名", "警号"], ["张伟", "012345"], title="城关派出所民警花名册"
    )
    await zhou.uploads(printed, caption="/roster")
    assert "新增 1 人" in zhou.sees()
    for title in ("东门派出所民警花名册", "填报单位：东门派出所（盖章）"):
        await zhou.uploads(table(["姓名", "警号"], ["张伟", "012345"], title=title), caption="/roster")
        assert "标题写的是东门派出所，现在办理的是城关派出所的表" in zhou.sees()
