"""A unit's finished month as a workbook: a template out, a dry run, then all or nothing, and twice adds nothing (R9)."""

import io

import pytest
import xlsxwriter

from sandbox.world import Upload
from storage import people
from tests import officers
from tests.conversation import Post, Role
from tests.handlers.officers.test_officers import PART
from tests.trail import handled_again, trail

HEAD = ("姓名", "警号", "政治学习", "考勤纪律", "内务管理", "社区警务", "接处警", "执法办案", "标记", "原因")


def workbook(*rows):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("月度考核")
        for number, row in enumerate((HEAD, *rows)):
            for column, value in enumerate(row):
                if value not in (None, ""):
                    sheet.write(number, column, value)
    return Upload("11月.xlsx", out.getvalue())


def row(name, mark="", reason="", **taken):
    return (name, "", *(taken.get(item, "") for item in HEAD[2:8]), mark, reason)


def entries(town):
    with town.beside() as db:
        return db.execute("SELECT officer_id, item, points, reason FROM officer_entry ORDER BY id").fetchall()


@pytest.fixture
async def zhou(town):
    await officers.rule(town, "chengguan", 2026, PART)
    await officers.enlist(town, "chengguan", "张伟", "李娜", "王强")
    return await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))


async def test_a_whole_month_is_imported_once(town, zhou):
    await zhou.says("/officer 张伟 考勤 1 迟到")
    await zhou.says("/month")
    await zhou.presses("考核表模板")
    assert "每格写该项当月一共扣几分" in zhou.sees()
    table = workbook(
        row("张伟", 考勤纪律=3, 接处警=0.5),
        row("李娜", mark="休假"),
        row("王强", 执法办案=2, reason="卷宗缺页"),
    )
    await zhou.uploads(table, caption="/month 2026-11")
    assert "要登记 3 笔扣分，涉及 2 人" in zhou.sees() and "还没有导入" in zhou.sees()
    assert len(entries(town)) == 1
    await zhou.presses("导入")
    assert entries(town)[1:] == [
        (1, "考勤纪律", 200, "按2026年11月考核表导入"),
        (1, "接处警", 50, "按2026年11月考核表导入"),
        (3, "执法办案", 200, "卷宗缺页"),
    ]
    await zhou.says("/month")
    assert "1. 王强　98" in zhou.sees() and "2. 张伟　96.5" in zhou.sees() and "李娜　休假，不计" in zhou.sees()
    await zhou.uploads(table, caption="/month 2026-11")
    assert "和已登记的一致" in zhou.sees()
    assert len(entries(town)) == 4


async def test_the_template_comes_back_as_it_was_given(town, zhou):
    await zhou.says("/officer 张伟 考勤 1 迟到")
    await zhou.says("/month")
    await zhou.presses("考核表模板")
    sent = zhou.answers()[-1]["document"]
    content = town.world.store.file(sent["file_id"])[2]
    await zhou.uploads(Upload("back.xlsx", content), caption="/month 2026-11")
    assert "和已登记的一致" in zhou.sees()


async def test_what_is_wrong_is_told_by_row_and_column_and_nothing_is_written(town, zhou):
    await zhou.says("/officer 王强 执法办案 5 卷宗")
    await zhou.uploads(
        workbook(
            row("张三丰", 考勤纪律=1), row("张伟", 考勤纪律=16), row("李娜", 考勤纪律="多"), row("李娜", 接处警="1"),
            row("王强", 执法办案=2), row("王强", mark="出差"),
        ),
        caption="/month 2026-11",
    )  # fmt: skip
    for said in (
        "第 2 行　姓名：花名册上没有“张三丰”", "第 3 行　考勤纪律：超过了该项目的 15 分", "第 4 行　考勤纪律：“多”不是数字",
        "第 6 行　执法办案：王强已登记扣 5 分，表里只有 2 分", "与第 4 行重复", "与第 6 行重复",
    ):  # fmt: skip
        assert said in zhou.sees(), said
    assert len(entries(town)) == 1


async def test_pressed_twice_or_by_somebody_else_it_counts_once(town, zhou):
    await zhou.uploads(workbook(row("张伟", 考勤纪律=3)), caption="/month 2026-11")
    message = town.world.store.messages(zhou.id, limit=1)[-1]
    data = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    other = await town.person("孙联络", Post(Role.LIAISON, unit="dongmen"))
    town.world.store.put_message({**message, "chat": {"id": other.id, "type": "private"}})
    assert "失效" in await other.presses_data({**message, "chat": {"id": other.id}}, data, forged=True)
    for _ in range(2):
        await zhou.presses_data(message, data, forged=True)
    assert len(entries(town)) == 1


async def test_who_may_not_log_entries_imports_none(town, zhou):
    for name, post in (
        ("林主任", Post(Role.OFFICE)),
        ("张伟本人", Post(Role.OFFICER, unit="chengguan", officer=1)),
    ):
        player = await town.person(name, post)
        await player.uploads(workbook(row("张伟", 考勤纪律=3)), caption="/month 2026-11")
        assert "没有" in player.sees()
    assert entries(town) == []


async def test_who_imported_which_month_of_which_unit_stands_in_the_trail_and_once(town, zhou):
    await officers.rule(town, "dongmen", 2026, PART)
    await officers.enlist(town, "dongmen", "司徒乙")
    other = await town.person("冯联络", Post(Role.LIAISON, unit="dongmen"))
    await zhou.uploads(
        workbook(row("张伟", 考勤纪律=3, 接处警=1), row("李娜", mark="休假")), caption="/month 2026-11"
    )
    await zhou.presses("导入")
    await other.uploads(workbook(row("司徒乙", 考勤纪律=2)), caption="/month 2026-10")
    await other.presses("导入")
    await handled_again(town)
    assert trail(town, "month_imported") == [
        ("month_imported", "周联络", "chengguan", None, "2026-11 2 笔 1 个标记"),
        ("month_imported", "冯联络", "dongmen", None, "2026-10 1 笔 0 个标记"),
    ]


async def test_who_speaks_for_the_unit_no_more_imports_nothing(town, zhou):
    await zhou.uploads(workbook(row("张伟", 考勤纪律=3)), caption="/month 2026-11")
    async with town.app.database.transaction() as session:
        person = await people.find(session, zhou.id)
        await people.remove(session, person_id=person.id, by=person.id, now=town.clock())
        await people.appoint(
            session,
            person_id=person.id,
            post=Post(Role.LIAISON, unit="dongmen"),
            granted_by=None,
            now=town.clock(),
        )
    assert "您的职务有变动" in await zhou.presses("导入")
    assert entries(town) == []
