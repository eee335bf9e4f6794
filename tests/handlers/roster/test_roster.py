"""The roster: lines, orders and tables, by the unit's liaison; names stand in one table and can be erased."""

import io
from decimal import Decimal

import openpyxl
import pytest
import sqlalchemy as sa
from conversation import STATIONS, Post, Role

from rules.months import Month
from sandbox.world import Upload
from storage import officer_ledger, people, pushes
from storage.officer_ledger import Place
from tests.officers import liaison, roster, rows
from tests.trail import told, trail


def document(town, player):
    sent = next(m for m in player.answers() if "document" in m)
    return town.world.store.file(sent["document"]["file_id"])[2]


def filled(content, change):
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def entry(town, officer, unit="chengguan"):
    """A deduction on an officer in November, put into the ledger."""
    async with town.app.database.transaction() as session:
        by = await people.meet(session, telegram_id=1, name="某", now=town.clock())
        written = await officer_ledger.deduct(
            session, Place(officer, unit, Month(2026, 11)), key="e1", item="考勤纪律", points=Decimal(1), author_id=by.id,
            reason="迟到", at=town.clock(), now=town.clock(),
        )  # fmt: skip
    return written.number


async def test_one_line_enters_an_officer_and_the_same_name_changes_it(town):
    zhou = await liaison(town)
    await zhou.says("/roster")
    assert "还没有登记民警" in zhou.sees() and "Excel 模板" in zhou.buttons()
    await zhou.says("/roster 张伟 012345 社区民警 2026-01-01")
    assert "已登记：张伟　012345　社区民警　1月1日到岗" in zhou.sees()
    await zhou.says("花名册 张伟 内勤")
    assert "已修改：张伟　职务改为内勤" in zhou.sees()
    await zhou.says("/roster 张伟 012345")
    assert "没有变化" in zhou.sees()
    await zhou.says("/roster 李强")
    assert roster(town) == [
        ("张伟", "012345", "内勤", "chengguan", "2026-01-01", None),
        ("李强", "", "", "chengguan", "2026-11-10", None),
    ]
    await zhou.says("/roster")
    assert "现有 2 人" in zhou.sees() and "1. 张伟　012345　内勤　1月1日到岗" in zhou.sees()


async def test_several_lines_are_seen_before_and_written_once(town):
    zhou = await liaison(town)
    await zhou.says("/roster 张伟 012345\n李强 054321 内勤 3-1\n王芳")
    assert "新增 3 人" in zhou.sees() and roster(town) == []
    question = zhou.answers()[-1]
    await zhou.presses("登记 3 人")
    assert "新增 3 人，变更 0 人" in zhou.screen()
    assert await zhou.presses_data(question, "rok:1:y", forged=True) == "这一份花名册已经办过了，没有再改。"
    assert [row[0] for row in roster(town)] == ["张伟", "李强", "王芳"]
    kept = rows(town, "SELECT content FROM draft")
    assert "张伟" not in str(kept), "a settled draft holds no names"


async def test_what_is_wrong_in_one_line_refuses_them_all(town):
    zhou = await liaison(town)
    await zhou.says("/roster 张伟 012345")
    await zhou.says("/roster 李强 012345\n王芳 2026-02-30\n赵敏 13812345678\n孙浩")
    assert "<b>" not in zhou.sees() and "4 行，3 行要改" in zhou.sees()
    assert "已登记在张伟名下" in zhou.sees() and "没看懂日期“2026-02-30”" in zhou.sees()
    assert "138****5678" in zhou.sees() and "13812345678" not in zhou.sees()
    assert len(roster(town)) == 1


async def test_a_message_that_is_handled_twice_enters_once_and_says_the_same(town):
    zhou = await liaison(town)
    await zhou.says("/roster 张伟 012345")
    said = zhou.sees()
    update = {"update_id": 99_000, "message": town.world.store.messages(zhou.id, limit=2)[0]}
    update["message"]["date"] = int(town.clock().timestamp())
    with town.beside() as db:
        db.execute("DELETE FROM inbox")
    await town.deliver_again(update)
    assert len(roster(town)) == 1
    assert zhou.sees().count(said) == 2


async def test_another_number_is_asked_about(town):
    zhou = await liaison(town)
    await zhou.says("/roster 张伟 012345")
    await zhou.says("/roster 张伟 077777")
    assert "另一位同名" in zhou.sees() and len(roster(town)) == 1
    await zhou.presses("另一位同名的民警")
    assert [row[:2] for row in roster(town)] == [("张伟", "012345"), ("张伟", "077777")]
    await zhou.says("/roster 张伟 内勤")
    assert "请写警号区分" in zhou.sees()
    await zhou.says("/roster 张伟 077777 内勤")
    await zhou.says("/roster 调离 077777 2026-11-20")
    assert roster(town)[1] == ("张伟", "077777", "内勤", "chengguan", "2026-11-10", "2026-11-20")
    await zhou.says("/roster 李强 01")
    await zhou.says("/roster 李强 02")
    await zhou.presses("同一个人，改警号")
    assert roster(town)[2][:2] == ("李强", "02")


async def test_who_moves_begins_in_the_new_unit_the_day_after(town):
    zhou, qian = await liaison(town), await liaison(town, "dongmen", "钱联络")
    await qian.says("/whoami")
    await zhou.says("/roster 张伟 012345 内勤 2026-01-01")
    number = await entry(town, 1)
    await zhou.says("/roster 调离 张伟 2026-11-15 东门所")
    assert "11月16日起在东门派出所，对方不用再登记" in zhou.sees()
    assert f"民警记录 {number} 在2026年11月" in zhou.sees()
    assert "不要再登记" in qian.screen() and "张伟" not in qian.screen()
    assert [row[3:] for row in roster(town)] == [
        ("chengguan", "2026-01-01", "2026-11-15"),
        ("dongmen", "2026-11-16", None),
    ]
    said = zhou.sees()
    await zhou.says("/roster 调离 张伟 2026-11-15 东门所")
    assert zhou.sees() == said and len(roster(town)) == 2
    await zhou.says("/roster")
    assert "张伟" in zhou.sees() and "11月15日离岗" in zhou.sees()
    await qian.presses("看花名册")
    assert "即将到岗：\n· 张伟　012345　内勤　11月16日到岗" in qian.screen()
    await qian.says("/roster 张伟 012345 社区民警")
    assert "职务改为社区民警" in qian.sees() and len(roster(town)) == 2
    await qian.says("/roster 王强 099999")
    await zhou.says("/roster 王强 099999")
    assert "警号 099999 已在东门派出所的花名册里" in zhou.sees() and "王强" not in zhou.sees()


async def test_dates_that_cannot_be_are_refused(town):
    zhou = await liaison(town)
    await zhou.says("/roster 张伟 2026-03-01")
    await zhou.says("/roster 调离 张伟 2026-02-28")
    assert "早于到岗日期" in zhou.sees()
    await zhou.says("/roster 调离 张伟 2026-02-30")
    assert "没看懂日期" in zhou.sees()
    await zhou.says("/roster 调离 张伟 城关所")
    assert "本来就在这个单位" in zhou.sees()
    await zhou.says("/roster 调离 没有人")
    assert "花名册里没有“没有人”" in zhou.sees()
    await zhou.says("/roster 调离")
    assert "/roster 调离 张伟" in zhou.sees()
    assert roster(town)[0][5] is None


async def test_erasing_forgets_the_person_and_keeps_what_was_scored(town):
    zhou = await liaison(town)
    await zhou.says("/roster 张伟 012345 内勤 2026-01-01")
    await entry(town, 1)
    zhang = await town.person("小张", Post(Role.OFFICER, unit="chengguan", officer=1))
    both = await town.person("双岗", Post(Role.OFFICER, unit="chengguan", officer=1), Post(Role.LEADER))
    async with (
        town.app.database.transaction() as session
    ):  # a return that the unit's head was asked to sign does, too
        await pushes.plan(session, key="x", chat_id=zhou.id, text="1. 张伟 99 分", due_at=town.clock())
    await zhou.says("/roster 张伟 099999")  # and a question that waits
    await zhou.says("/roster 删除 张伟")
    assert "今天就算离岗" in zhou.sees() and "不能恢复" in zhou.sees()
    await zhou.presses("不删除")
    assert roster(town)[0][0] == "张伟"
    await zhou.says("/roster 删除 张伟")
    await zhou.presses("删除个人信息")
    assert "已删除编号 1 的民警" in zhou.screen()
    assert roster(town) == [("", "", "", "chengguan", "2026-01-01", "2026-11-10")]
    assert len(rows(town, "SELECT * FROM officer_entry")) == 1
    with town.beside() as db:
        held = {
            t
            for t in db.tables()
            if t != "inbox" and "张伟" in str(db.execute(f"SELECT * FROM {t}").fetchall())
        }
    assert held == set(), "names stand in the roster alone"
    await zhang.says("/whoami")
    assert "不在本系统的人员名单中" in zhang.sees()
    await both.says("/whoami")
    assert "领导" in both.sees() and "民警" not in both.sees()
    await zhou.says("/roster 张伟 012345")
    assert "已登记：张伟" in zhou.sees() and len(roster(town)) == 2


async def test_who_was_entered_by_mistake_and_never_assessed_was_never_there(town):
    zhou = await liaison(town)
    await zhou.says("/roster 错别字")
    await zhou.says("/roster 删除 错别字")
    await zhou.presses("删除个人信息")
    assert roster(town) == []


async def test_only_the_present_unit_erases(town):
    zhou, qian = await liaison(town), await liaison(town, "dongmen", "钱联络")
    await zhou.says("/roster 张伟 2026-01-01")
    await zhou.says("/roster 调离 张伟 2026-11-09 东门所")
    await zhou.says("/roster 删除 张伟")
    assert "已调到其他单位" in zhou.sees()
    message = town.world.store.messages(zhou.id, limit=1)[0]
    assert "已调到其他单位" in await zhou.presses_data(message, "roe:1:chengguan", forged=True)
    assert "没有办理" in await zhou.presses_data(message, "roe:1:dongmen", forged=True)
    assert roster(town)[0][0] == "张伟"
    await qian.says("/roster 删除 张伟")
    await qian.presses("删除个人信息")
    assert {row[0] for row in roster(town)} <= {""}


async def test_a_table_is_looked_over_and_imported_once(town):
    zhou = await liaison(town)
    await zhou.says("/roster 张伟 012345 内勤 2026-01-01\n李强 2026-02-01")
    await zhou.presses("登记 2 人")
    await zhou.says("/roster")
    await zhou.presses("Excel 模板")
    content = document(town, zhou)

    def change(sheet):
        assert [cell.value for cell in sheet[3]] == ["张伟", "012345", "内勤", "2026-01-01", ""]
        sheet["C3"] = "副所长"
        sheet.append(("王芳", "088888", "社区民警", "2026-03-01", ""))

    content = filled(content, change)
    await zhou.uploads(Upload("花名册.xlsx", content))
    assert "新增 1 人，变更 1 人，不变 1 人" in zhou.sees()
    assert "变更　张伟　职务 内勤 → 副所长" in zhou.sees()
    assert len(roster(town)) == 2
    await town.restart()
    await zhou.presses("登记 2 人")
    assert [row[:3] for row in roster(town)] == [
        ("张伟", "012345", "副所长"), ("李强", "", ""), ("王芳", "088888", "社区民警"),
    ]  # fmt: skip
    await zhou.uploads(Upload("花名册.xlsx", content), caption="/roster 乱码词")
    assert "没看懂“乱码词”" in zhou.sees()
    await zhou.uploads(Upload("花名册.xlsx", content), caption="/roster")
    assert "与现有的一样，不用登记" in zhou.sees()
    assert not any(label.startswith("登记") for label in zhou.buttons())


async def test_errors_in_a_table_are_told_by_row_and_column(town):
    zhou = await liaison(town)
    await zhou.says("/roster 张伟 012345 内勤 2026-01-01")
    await zhou.says("/roster")
    await zhou.presses("Excel 模板")

    def change(sheet):
        sheet.append(("李强", "012345", "", "", ""))
        sheet.append(("王芳", "13812345678", "", "", ""))
        sheet.append(("赵敏", "", "", "2026-03-01", "2026-02-01"))

    await zhou.uploads(Upload("x.xlsx", filled(document(town, zhou), change)), caption="/roster")
    assert "第 4 行　警号：警号 012345 已登记在张伟名下" in zhou.sees()
    assert "第 5 行　警号：像是手机号" in zhou.sees()
    assert "第 6 行　离岗日期：离岗日期" in zhou.sees()
    assert len(roster(town)) == 1


async def test_a_preview_that_no_longer_holds_is_refused_when_it_is_pressed(town):
    zhou = await liaison(town)
    second = await liaison(town, name="副联络")
    await zhou.says("/roster 张伟 012345\n李强 054321")
    await second.says("/roster 王芳 054321")
    assert "已登记在王芳名下" in await zhou.presses("登记 2 人")
    assert [row[0] for row in roster(town)] == ["王芳"]


async def test_a_workbook_that_is_none_of_ours_stays_a_file(town):
    zhou = await liaison(town)
    book = openpyxl.Workbook()
    book.active.append(["随便", "什么"])
    out = io.BytesIO()
    book.save(out)
    await zhou.uploads(Upload("x.xlsx", out.getvalue()))
    assert "花名册" not in zhou.sees() and "没有导入" not in zhou.sees()


async def test_who_sees_a_roster_and_who_writes_it(town):
    zhou, qian = await liaison(town), await liaison(town, "dongmen", "钱联络")
    head = await town.person("孙所长", Post(Role.UNIT_HEAD, unit="chengguan"))
    office = await town.person("林主任", Post(Role.OFFICE))
    wang = await town.assessor()
    officer = await town.person("小张", Post(Role.OFFICER, unit="chengguan", officer=None))
    await zhou.says("/roster 张伟 012345")
    for player in (head, zhou):
        await player.says("/roster")
        assert "张伟" in player.sees()
    assert "Excel 模板" not in head.buttons()
    await office.says("/roster 城关所")
    assert "张伟" in office.sees()
    await office.says("/roster")
    await office.presses("派出所第一序列")
    await office.presses("城关派出所")
    assert "张伟" in office.sees()
    await qian.says("/roster 城关所")
    assert "不在您的查看范围内" in qian.sees()
    await qian.says("/roster 城关所 李强")
    assert "没有办理" in qian.sees()
    for player in (wang, officer):
        await player.says("/roster 城关所")
        assert "没有这项权限" in player.sees()
    await head.says("/roster 李强 022222")
    assert "没有" in head.sees()
    await office.says("/roster 调离 张伟")
    assert len(roster(town)) == 1 and roster(town)[0][5] is None


async def test_when_the_liaison_goes_another_carries_on(town):
    zhou, admin = await liaison(town), await town.person("陈", Post(Role.ADMIN))
    await zhou.says("/roster 张伟\n李强")
    message = zhou.answers()[-1]
    await admin.says("/remove 周联络")
    await admin.presses("移除 周联络")
    await zhou.presses_data(message, "rok:1:y", forged=True)
    assert roster(town) == []
    new = await liaison(town, name="新联络")
    await new.says("/roster 张伟")
    assert [row[0] for row in roster(town)] == ["张伟"]


async def test_whoever_lost_the_unit_writes_no_more_even_with_a_post_in_another(town):
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"), Post(Role.LIAISON, unit="dongmen"))
    await zhou.says("/roster 张伟")
    assert "城关派出所、东门派出所" in zhou.sees(), "it is not guessed which unit is meant"
    await zhou.says("/roster 城关所 张伟\n李强")
    async with town.app.database.transaction() as session:
        await session.exec(sa.text("UPDATE post SET until = '2026-11-10' WHERE unit_code = 'chengguan'"))
    assert "没有办理" in await zhou.presses("登记 2 人")
    assert roster(town) == []
    await zhou.says("/roster 张伟")
    assert [row[3] for row in roster(town)] == ["dongmen"]


@pytest.mark.parametrize("line", ["/roster 张伟 11010519491231002X", "/roster 张伟 13812345678"])
async def test_private_numbers_are_not_kept(town, line):
    zhou = await liaison(town)
    await zhou.says(line)
    assert "不能写进" in zhou.sees()
    assert roster(town) == []
    number = line.split()[-1]
    with town.beside() as db:
        for table in db.tables():
            assert number not in str(db.execute(f"SELECT * FROM {table}").fetchall()), table


# Who is told, and what is kept of it


def of_the_roster(town):
    """The trail of the roster: act, who, unit, detail."""
    return [line[:3] + line[4:] for line in trail(town) if line[0].startswith("roster")]


async def test_the_trail_tells_whose_dates_changed_in_which_unit_and_no_name(town):
    zhou, qian = await liaison(town), await liaison(town, "dongmen", "钱联络")
    await zhou.says("/roster 张伟 012345 2026-01-01")
    await qian.says("/roster 李强 2026-02-01")
    await zhou.says("/roster 张伟 内勤")
    await zhou.says("/roster 改名 张伟 张炜")
    await zhou.says("/roster 张炜 2026-03-01")
    await qian.says("/roster 调离 李强 2026-11-20")
    await zhou.says("/roster 调离 张炜 2026-11-15 东门所")
    await qian.says("/roster 删除 李强")
    await qian.presses("删除个人信息")
    assert of_the_roster(town) == [
        ("roster", "周联络", "chengguan", "民警 1：无 → 2026-01-01 起"),
        ("roster", "钱联络", "dongmen", "民警 2：无 → 2026-02-01 起"),
        ("roster", "周联络", "chengguan", "民警 1"),
        ("roster", "周联络", "chengguan", "民警 1 改名"),
        ("roster", "周联络", "chengguan", "民警 1：2026-01-01 起 → 2026-03-01 起"),
        ("roster_left", "钱联络", "dongmen", "民警 2：2026-02-01 起 → 2026-02-01 至 2026-11-20"),
        ("roster_left", "周联络", "chengguan", "民警 1：2026-03-01 起 → 2026-03-01 至 2026-11-15"),
        ("roster_left", "周联络", "dongmen", "民警 1：无 → 2026-11-16 起"),
        ("roster_erased", "钱联络", "dongmen", "民警 2：2026-02-01 至 2026-11-20 → 撤销"),
    ]


async def test_who_comes_is_told_to_every_liaison_of_the_new_unit_and_to_nobody_else(town):
    zhou = await liaison(town)
    posts = {
        "副联络": Post(Role.LIAISON, unit="chengguan"), "钱联络": Post(Role.LIAISON, unit="dongmen"),
        "冯联络": Post(Role.LIAISON, unit="dongmen"), "何所长": Post(Role.UNIT_HEAD, unit="dongmen"),
        "西联络": Post(Role.LIAISON, unit="xijie"), "林主任": Post(Role.OFFICE),
    }  # fmt: skip
    for name, post in posts.items():
        await (await town.person(name, post)).says("/start")
    await zhou.says("/roster 张伟 2026-01-01\n李强 2026-01-01")
    await zhou.presses("登记 2 人")
    await zhou.says("/roster 调离 李强 2026-11-15")
    assert told(town, "") == {}
    await zhou.says("/roster 调离 张伟 2026-11-15 东门所")
    assert told(town, "") == {"钱联络": ["看花名册"], "冯联络": ["看花名册"]}
    assert roster(town) == [
        ("张伟", "", "", "chengguan", "2026-01-01", "2026-11-15"),
        ("张伟", "", "", "dongmen", "2026-11-16", None),
        ("李强", "", "", "chengguan", "2026-01-01", "2026-11-15"),
    ]


async def test_erasing_one_of_two_leaves_the_other_with_all_that_is_its(town):
    zhou = await liaison(town)
    await zhou.says("/roster 张伟 012345 2026-01-01\n李强 054321 内勤 2026-01-01")
    await zhou.presses("登记 2 人")
    for officer in (1, 2):
        name = f"民警{officer}"
        await (await town.person(name, Post(Role.OFFICER, unit="chengguan", officer=officer))).says("/start")
        async with town.app.database.transaction() as session:
            by = await people.meet(session, telegram_id=1, name="某", now=town.clock())
            await officer_ledger.deduct(
                session, Place(officer, "chengguan", Month(2026, 11)), key=f"e{officer}", item="考勤纪律",
                points=Decimal(1), author_id=by.id, reason=f"{officer} 迟到", at=town.clock(), now=town.clock(),
            )  # fmt: skip
            chat = (await town.person(name)).id
            later = town.clock().replace(hour=9)
            await pushes.plan(session, key=name, chat_id=chat, text="成绩", due_at=later)
    await zhou.says("/roster 删除 张伟")
    await zhou.presses("删除个人信息")
    assert roster(town) == [
        ("", "", "", "chengguan", "2026-01-01", "2026-11-10"),
        ("李强", "054321", "内勤", "chengguan", "2026-01-01", None),
    ]
    assert rows(town, "SELECT person.name FROM post JOIN person ON person.id = person_id"
                      " WHERE role = '民警' AND until IS NULL") == [("民警2",)]  # fmt: skip
    assert rows(town, "SELECT state FROM push ORDER BY id") == [("dropped",), ("planned",)]
    first, second = await town.person("民警1"), await town.person("民警2")
    assert len(town.world.commands_in(first.id)) < len(town.world.commands_in(second.id))
    assert [(act, who) for act, who, *_ in of_the_roster(town)][-1] == ("roster_erased", "周联络")


async def test_who_loses_only_the_officers_post_keeps_what_was_planned_for_it(town):
    zhou = await liaison(town)
    await zhou.says("/roster 张伟 2026-01-01")
    both = await town.person("双岗", Post(Role.OFFICER, unit="chengguan", officer=1), Post(Role.LEADER))
    await both.says("/start")
    async with town.app.database.transaction() as session:
        await pushes.plan(session, key="x", chat_id=both.id, text="进度", due_at=town.clock().replace(hour=9))
    await zhou.says("/roster 删除 张伟")
    await zhou.presses("删除个人信息")
    assert rows(town, "SELECT state FROM push") == [("planned",)]


@pytest.mark.parametrize(
    "line", ["/roster 改名 张伟 张炜", "/roster 调离 张伟", "/roster 删除 张伟", "/roster 张伟 2026-02-01"]
)
async def test_nobody_changes_its_own_dates_or_name_by_word_or_forged_button(town, line):
    zhou = await liaison(town)
    await zhou.says("/roster 张伟 2026-01-01")
    own = await town.person(
        "张伟本人", Post(Role.LIAISON, unit="chengguan"), Post(Role.OFFICER, unit="chengguan", officer=1)
    )
    await own.says(line)
    assert "这是您本人" in own.sees()
    answer = await own.presses_data(own.answers()[-1], "roe:1:chengguan", forged=True)
    assert "这是您本人" in answer
    assert roster(town) == [("张伟", "", "", "chengguan", "2026-01-01", None)]


async def test_before_erasing_nothing_is_erased_by_a_forged_press_of_another_unit_or_role(town):
    zhou, qian = await liaison(town), await liaison(town, "dongmen", "钱联络")
    head = await town.person("孙所长", Post(Role.UNIT_HEAD, unit="chengguan"))
    await zhou.says("/roster 张伟 2026-01-01")
    for player, data in ((qian, "roe:1:dongmen"), (qian, "roe:1:chengguan"), (head, "roe:1:chengguan")):
        await player.says("/help")
        await player.presses_data(player.answers()[-1], data, forged=True)
    assert roster(town) == [("张伟", "", "", "chengguan", "2026-01-01", None)]


async def test_with_the_post_as_this_officer_its_holders_open_questions_end_and_nobody_elses(town):
    zhou, wang = await liaison(town), await town.assessor()
    await zhou.says("/roster 张伟 2026-01-01")
    both = await town.person(
        "双岗", Post(Role.OFFICER, unit="chengguan", officer=1), Post(Role.ASSESSOR, group=STATIONS)
    )
    await both.says("/deduct 东门所")
    await wang.says("/deduct 西街所")
    await zhou.says("/roster 删除 张伟")
    await zhou.presses("删除个人信息")
    assert rows(town, "SELECT person.name, state FROM draft JOIN person ON person.id = person_id"
                      " WHERE kind = 'deduction' ORDER BY draft.id") == [("双岗", "ended"), ("王伟", "open")]  # fmt: skip
    assert "您的职务有变动" in await both.presses("治安管理")
