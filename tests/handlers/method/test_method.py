"""A unit's own part of the method: filled in, added up with the common part, sent, accepted or returned by the office."""

import io
from decimal import Decimal

import openpyxl
from conversation import Post, Role

from rules.months import Month
from sandbox.world import Upload
from storage import officer_ledger, people
from storage.officer_ledger import Place
from storage.tables import MonthReturnRow, SignatureRow
from tests.trail import told, trail


async def everybody(town):
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    lin = await town.person("林主任", Post(Role.OFFICE))
    for player in (zhou, lin):
        await player.says("/whoami")
    return zhou, lin


def table(*rows):
    book = openpyxl.Workbook()
    book.active.append(("项目", "分值", "别名"))
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return Upload("办法.xlsx", out.getvalue())


WHOLE = table(("接处警", 35, "出警"), ("社区工作", 25, ""))
OTHER = table(("接处警", 60, ""))


async def sends(zhou, upload=WHOLE, caption="/method"):
    await zhou.uploads(upload, caption=caption)
    await zhou.presses("报送")


def versions(town):
    with town.beside() as db:
        return db.execute(
            "SELECT unit_code, year, version, accepted FROM method LEFT JOIN method_verdict ON method_id = method.id "
            "ORDER BY method.id"
        ).fetchall()


async def entry(town, item, month=None):
    """A deduction on an officer, put into the ledger."""
    async with town.app.database.transaction() as session:
        by = await people.meet(session, telegram_id=1, name="某", now=town.clock())
        written = await officer_ledger.deduct(
            session, Place(1, "chengguan", month or Month(2026, 11)), key=f"e{item}", item=item, points=Decimal(1),
            author_id=by.id, reason="x", at=town.clock(), now=town.clock(),
        )  # fmt: skip
    return written.number


async def test_a_method_is_sent_and_accepted_and_counts_from_then_on(town):
    zhou, lin = await everybody(town)
    await zhou.says("/method")
    assert "共同部分 40 分" in zhou.sees() and "本单位部分要合计 60 分" in zhou.sees()
    await zhou.presses("Excel 模板")
    sent = next(m for m in zhou.answers() if "document" in m)
    content = town.world.store.file(sent["document"]["file_id"])[2]
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.worksheets[0].append(("接处警", "35", "出警"))
    book.worksheets[0].append(("社区工作", 25))
    out = io.BytesIO()
    book.save(out)
    await zhou.uploads(Upload("办法.xlsx", out.getvalue()))
    assert "合计 100 分" in zhou.sees() and versions(town) == []
    await zhou.presses("报送")
    assert "已报送城关派出所2026年民警考核办法第 1 版" in zhou.screen()
    assert versions(town) == [("chengguan", 2026, 1, None)]
    assert "接处警　35（也叫出警）" in lin.screen()
    await lin.presses("通过")
    assert "已通过，从现在起" in zhou.screen()
    assert versions(town) == [("chengguan", 2026, 1, 1)]
    await zhou.says("考核办法")
    assert "第 1 版，已通过" in zhou.sees()


async def test_pressed_again_nothing_is_sent_or_decided_twice(town):
    zhou, lin = await everybody(town)
    await zhou.uploads(WHOLE, caption="/method")
    preview = zhou.answers()[-1]
    await zhou.presses("报送")
    assert "没有再改" in await zhou.presses_data(preview, "mts:1:n", forged=True)
    message = town.world.store.messages(lin.id, limit=1)[0]
    await lin.presses("通过")
    await lin.presses_data(message, "mtd:1:n", forged=True)
    assert "已通过（林主任）" in lin.screen()
    assert versions(town) == [("chengguan", 2026, 1, 1)]


async def test_the_parts_must_add_up_and_names_must_not_meet(town):
    zhou, _ = await everybody(town)
    await zhou.uploads(table(("接处警", 50)), caption="/method")
    assert "合计 90 分，还差 10 分" in zhou.sees() and "要合计 60 分" in zhou.sees()
    await zhou.uploads(table(("接处警", "60.5")), caption="/method")
    assert "多了 0.5 分" in zhou.sees()
    await zhou.uploads(table(("考勤", 30), ("社区", 30), ("社区", 1)), caption="/method")
    assert "第 2 行　项目：“考勤”与共同部分的项目重名" in zhou.sees()
    assert "第 4 行　项目：“社区”与第 3 行重复" in zhou.sees()
    await zhou.uploads(table(), caption="/method")
    assert "表里没有项目" in zhou.sees()
    await zhou.uploads(Upload("x.xlsx", b"hello"), caption="/method")
    assert "不是 .xlsx 工作簿" in zhou.sees()
    assert versions(town) == []


async def test_a_return_needs_a_reason_and_the_next_version_follows(town):
    zhou, lin = await everybody(town)
    await sends(zhou)
    await lin.presses("退回")
    assert "请写明理由" in lin.screen()
    await town.restart()
    await lin.says("接处警分值偏高")
    assert "被退回：接处警分值偏高" in zhou.screen() and "已退回（林主任）" in lin.sees()
    await zhou.says("/method")
    assert "第 1 版被退回：接处警分值偏高" in zhou.sees()
    await sends(zhou, OTHER)
    assert versions(town) == [("chengguan", 2026, 1, 0), ("chengguan", 2026, 2, None)]


async def test_a_return_can_be_given_up(town):
    zhou, lin = await everybody(town)
    await sends(zhou)
    await lin.presses("退回")
    await lin.presses("取消")
    await lin.says("这不是理由")
    assert "没有退回" in lin.screen()
    assert versions(town) == [("chengguan", 2026, 1, None)]


async def test_only_the_newest_version_is_decided(town):
    zhou, lin = await everybody(town)
    await sends(zhou)
    first = town.world.store.messages(lin.id, limit=1)[0]
    await sends(zhou, OTHER)
    second = town.world.store.messages(lin.id, limit=1)[0]
    for data in ("mtd:1:y", "mtd:1:n"):
        assert "第 2 版，请审定新的一版" in await lin.presses_data(first, data), data
    assert versions(town) == [("chengguan", 2026, 1, None), ("chengguan", 2026, 2, None)]
    await lin.presses("通过", on=second)
    assert versions(town) == [("chengguan", 2026, 1, None), ("chengguan", 2026, 2, 1)]


async def test_no_item_goes_from_under_living_entries_of_months_not_returned(town):
    zhou, lin = await everybody(town)
    await zhou.says("/roster 张伟 2026-01-01")
    await sends(zhou)
    await lin.presses("通过")
    number = await entry(town, "社区工作")
    await sends(zhou, OTHER)
    assert "比现行的少了：社区工作" in lin.screen()
    assert f"社区工作（民警记录 {number}）" in await lin.presses("通过")
    assert versions(town)[1] == ("chengguan", 2026, 2, None)
    async with town.app.database.transaction() as session:
        session.add(
            MonthReturnRow(
                key="r",
                unit_code="chengguan",
                month=Month(2026, 11),
                version=1,
                content="[]",
                needs_signature=False,
                by=1,
                at=town.clock(),
            )
        )
    await lin.presses("通过")
    assert versions(town)[1] == ("chengguan", 2026, 2, 1)


async def test_the_year_can_be_named_and_must_be_near(town):
    zhou, lin = await everybody(town)
    await sends(zhou, caption="/method 2027年")
    assert versions(town) == [("chengguan", 2027, 1, None)]
    await zhou.uploads(WHOLE, caption="/method 2031")
    assert "2025、2026、2027" in zhou.sees()
    await lin.says("/method 2027 城关所")
    assert "2027年民警考核办法" in lin.sees() and "待考评办审定" in lin.sees()


async def test_the_office_sees_where_every_unit_stands(town):
    zhou, lin = await everybody(town)
    qian = await town.person("钱联络", Post(Role.LIAISON, unit="dongmen"))
    await sends(qian)
    await sends(zhou)
    await lin.says("/method")
    assert "待审 2，已退回 0，未报送 39，已通过 0" in lin.sees()
    await lin.presses("审定：东门派出所")
    await lin.presses("通过")
    await lin.says("/method")
    assert "待审 1" in lin.sees() and "已通过：东门派出所" in lin.sees()
    await lin.says("/method 城关所")
    assert {"通过", "退回"} <= set(lin.buttons())


async def test_a_unit_without_a_common_part_sends_the_whole(town):
    wu = await town.person("吴联络", Post(Role.LIAISON, unit="zhian"))
    await wu.says("/method")
    assert "整个办法由本单位制定" in wu.sees() and "合计 100 分" in wu.sees()
    await sends(wu, table(("业务", 100)))
    assert versions(town) == [("zhian", 2026, 1, None)]


async def test_who_may_look_and_who_may_send(town):
    zhou, lin = await everybody(town)
    head = await town.person("孙所长", Post(Role.UNIT_HEAD, unit="chengguan"))
    officer = await town.person("小张", Post(Role.OFFICER, unit="chengguan", officer=None))
    wang = await town.assessor()
    await sends(zhou)
    await head.says("/method")
    assert "接处警" in head.sees() and not {"Excel 模板", "通过"} & set(head.buttons())
    await head.uploads(WHOLE, caption="/method")
    assert "没有办理" in head.sees()
    message = town.world.store.messages(zhou.id, limit=1)[0]
    await zhou.presses_data(message, "mtd:1:y", forged=True)
    for player in (officer, wang):
        await player.says("/method")
        assert "没有这项权限" in player.sees()
    await lin.uploads(WHOLE, caption="/method")
    assert "没有办理" in lin.sees()
    assert versions(town) == [("chengguan", 2026, 1, None)]


async def test_when_the_liaison_goes_its_version_is_decided_all_the_same(town):
    zhou, lin = await everybody(town)
    admin = await town.person("陈", Post(Role.ADMIN))
    await sends(zhou)
    await admin.says("/remove 周联络")
    await admin.presses("移除 周联络")
    await lin.presses("通过")
    assert versions(town) == [("chengguan", 2026, 1, 1)]


# Who is told, and what is kept of it


async def two_of_everything(town):
    """Two liaisons of 城关派出所, one of 东门派出所, a unit head, two of the office, a leader."""
    posts = {
        "周联络": Post(Role.LIAISON, unit="chengguan"), "吴联络": Post(Role.LIAISON, unit="chengguan"),
        "钱联络": Post(Role.LIAISON, unit="dongmen"), "孙所长": Post(Role.UNIT_HEAD, unit="chengguan"),
        "林主任": Post(Role.OFFICE), "沈干事": Post(Role.OFFICE), "高局长": Post(Role.LEADER),
    }  # fmt: skip
    cast = {name: await town.person(name, post) for name, post in posts.items()}
    for player in cast.values():
        await player.says("/start")
    return cast


async def test_a_version_is_told_to_the_whole_office_and_the_word_on_it_to_the_units_liaisons(town):
    cast = await two_of_everything(town)
    await sends(cast["周联络"])
    assert told(town, "") == {name: ["通过", "退回"] for name in ("林主任", "沈干事")}
    await cast["沈干事"].presses("退回")
    await cast["沈干事"].says("接处警<b>偏高 & 不合理")
    assert told(town, "被退回：接处警") == {"周联络": [], "吴联络": []}
    for name in ("周联络", "吴联络"):
        assert "被退回：接处警<b>偏高 & 不合理" in cast[name].screen()
    await sends(cast["吴联络"], OTHER)
    await cast["林主任"].presses("通过")
    assert told(town, "已通过，从现在起") == {"周联络": [], "吴联络": []}
    for name in ("钱联络", "孙所长", "高局长"):
        assert "第 1 版" not in cast[name].screen(), name


async def test_the_trail_tells_who_sent_and_decided_which_version_and_why(town):
    cast = await two_of_everything(town)
    await sends(cast["周联络"])
    await sends(cast["钱联络"])
    await cast["林主任"].presses("通过")
    await cast["沈干事"].says("/method 城关所")
    await cast["沈干事"].presses("退回")
    await cast["沈干事"].says("接处警分值偏高")
    await sends(cast["吴联络"], OTHER, caption="/method 2027年")
    assert [line[:3] + line[4:] for line in trail(town) if line[0].startswith("method")] == [
        ("method_sent", "周联络", "chengguan", "2026 年第 1 版，2 项"),
        ("method_sent", "钱联络", "dongmen", "2026 年第 1 版，2 项"),
        ("method_accepted", "林主任", "dongmen", "2026 年第 1 版"),
        ("method_returned", "沈干事", "chengguan", "2026 年第 1 版：接处警分值偏高"),
        ("method_sent", "吴联络", "chengguan", "2027 年第 1 版，1 项"),
    ]


async def test_a_month_that_the_head_gave_back_keeps_its_items(town):
    zhou, lin = await everybody(town)
    await zhou.says("/roster 张伟 2026-01-01")
    await sends(zhou)
    await lin.presses("通过")
    number = await entry(town, "社区工作")
    async with town.app.database.transaction() as session:
        row = MonthReturnRow(
            key="r", unit_code="chengguan", month=Month(2026, 11), version=1, content="[]", needs_signature=True, by=1,
            at=town.clock(),
        )  # fmt: skip
        session.add(row)
        await session.flush()
        session.add(SignatureRow(return_id=row.id, accepted=False, reason="漏了一笔", by=1, at=town.clock()))
    await sends(zhou, OTHER)
    assert f"社区工作（民警记录 {number}）" in await lin.presses("通过")
    assert versions(town)[1] == ("chengguan", 2026, 2, None)


async def replaced(town, player, post):
    """The person's posts end, and it is appointed to another."""
    async with town.app.database.transaction() as session:
        person = await people.find(session, player.id)
        await people.remove(session, person_id=person.id, by=person.id, now=town.clock())
        await people.appoint(session, person_id=person.id, post=post, granted_by=None, now=town.clock())


async def test_who_decides_no_more_neither_accepts_nor_returns(town):
    zhou, lin = await everybody(town)
    await sends(zhou)
    question = town.world.store.messages(lin.id, limit=1)[0]
    await lin.presses("退回")
    await replaced(town, lin, Post(Role.LEADER))
    await lin.says("接处警分值偏高")
    assert "您的职务有变动" in lin.sees()
    assert "没有这项权限" in await lin.presses("通过", on=question)
    assert versions(town) == [("chengguan", 2026, 1, None)]


async def test_who_speaks_for_the_unit_no_more_sends_nothing(town):
    zhou, _ = await everybody(town)
    await zhou.uploads(WHOLE, caption="/method")
    await replaced(town, zhou, Post(Role.LIAISON, unit="dongmen"))
    assert "您的职务有变动" in await zhou.presses("报送")
    assert versions(town) == []


async def test_a_second_liaisons_press_and_a_strangers_to_the_unit_do_nothing(town):
    cast = await two_of_everything(town)
    await cast["周联络"].uploads(WHOLE, caption="/method")
    for name in ("吴联络", "钱联络"):
        player = cast[name]
        await player.presses_data(town.world.store.messages(player.id, limit=1)[0], "mts:1:y", forged=True)
    assert versions(town) == []
    await cast["周联络"].presses("不报送")
    assert "没有报送" in cast["周联络"].screen()
    assert versions(town) == []
