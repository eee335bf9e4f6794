"""Entries on a unit's own officers: typed or step by step, put right with a trace, and shown month by month (R9)."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from rules.scheme import Item
from storage import people
from tests import officers
from tests.conversation import Post, Role
from tests.trail import handled_again

PART = (Item("社区警务", Decimal(30)), Item("接处警", Decimal(20)), Item("执法办案", Decimal(10)))
"""The station's own part of its method."""


@pytest.fixture
async def unit(town):
    """城关派出所 on 2026-11-10 with three officers and a whole method; its liaison."""
    await officers.rule(town, "chengguan", 2026, PART)
    await officers.enlist(town, "chengguan", "张伟", "李娜", "王强")
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/start")
    return zhou


def ledger(town):
    with town.beside() as db:
        return db.execute(
            "SELECT kind, officer_id, month, item, points, reason FROM officer_entry ORDER BY id"
        ).fetchall()


@pytest.mark.parametrize(
    "said",
    [
        "/officer 张伟 考勤纪律 1 迟到",
        "／officer 考勤 张伟 一分 迟到",
        "民警扣分 zw 考勤 1分 迟到",
        "/officer 张伟 考勤 1 11月 迟到",
        "/officer 2026-11 张伟 考勤 1 迟到",
        "/officer 章伟 考勤纪律 0.5 x2 迟到",
    ],
)
async def test_a_line_is_read_as_a_deduction_is(town, unit, said):
    await unit.says(said)
    assert "✔ 已登记　民警记录 1" in unit.sees()
    assert "张伟（城关派出所）　考勤纪律　−1 分" in unit.sees()
    assert "考勤纪律 15 → 14" in unit.sees() and "当月得分 100 → 99" in unit.sees()
    assert ledger(town) == [("deduction", 1, "2026-11", "考勤纪律", 100, "迟到")]


async def test_several_lines_are_seen_together_and_written_together(town, unit):
    await unit.says("/officer\n张伟 考勤纪律 1 迟到\n李娜社区警务扣2分，走访少\n张三丰 考勤纪律 1 迟到")
    assert "共 3 条：看懂 2 条" in unit.sees()
    assert "没有叫“张三丰”的民警" in unit.sees()
    assert ledger(town) == []
    await unit.presses("只记入 2 条")
    assert "已登记 2 笔，共扣 3 分" in unit.screen()
    assert [(row[1], row[3], row[4], row[5]) for row in ledger(town)] == [
        (1, "考勤纪律", 100, "迟到"),
        (2, "社区警务", 200, "走访少"),
    ]


async def test_lines_on_officers_can_be_dropped(town, unit):
    await unit.says("/officer\n张伟 考勤纪律 1 迟到\n李娜 社区警务 走访少")
    assert "还缺分值" in unit.sees()
    await unit.presses("都不记")
    assert "都没有登记" in unit.screen()
    assert ledger(town) == []


async def test_the_month_of_several_lines_is_asked_once(town, unit):
    town.with_now(datetime(2026, 12, 3, 1, 0, tzinfo=UTC))
    await unit.says("/officer\n张伟 考勤纪律 1 迟到\n李娜 社区警务 2 走访少")
    await unit.presses("计入2026年11月（2 条）")
    assert [row[2] for row in ledger(town)] == ["2026-11", "2026-11"]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/officer 张三丰 考勤纪律 1 迟到", "没有叫“张三丰”的民警"),
        ("/officer 张伟 考勤纪律 20 迟到", "一笔不能扣 20 分"),
        ("/officer 张伟 考勤纪律 0 迟到", "大于 0"),
        ("/officer 张伟 治安管理 1 迟到", "没有叫“治安管理”的项目"),
        ("/officer 张伟 考勤纪律 1 一季度 迟到", "民警成绩按月登记"),
        ("/officer 张伟 考勤纪律 1 2026-12 迟到", "2026年12月还没有开始"),
        ("/officer 张伟 考勤纪律 1 2025-12 迟到", "没有可用的2025年度民警考核办法"),
        ("/officer 张伟 考勤纪律 1 身份证11010519491231002X", "身份证"),
    ],
)
async def test_what_cannot_be_is_refused_and_writes_nothing(town, unit, said, answer):
    await unit.says(said)
    assert answer in unit.sees()
    assert ledger(town) == []


async def test_nothing_has_to_be_remembered(town, unit):
    await unit.says("/officer")
    assert unit.buttons()[:3] == ["张伟", "李娜", "王强"]
    await unit.presses("李娜")
    await unit.presses("社区警务")
    await unit.presses("−2 分")
    await unit.says("走访记录不全")
    assert "还没有登记。请核对" in unit.screen()
    assert ledger(town) == []
    await unit.presses("✔ 登记")
    assert ledger(town) == [("deduction", 2, "2026-11", "社区警务", 200, "走访记录不全")]
    assert "当月得分 100 → 98" in unit.sees()


async def test_what_is_missing_is_asked_and_typed_answers_do_too(town, unit):
    await unit.says("/officer 张伟")
    await unit.says("接处警")
    await unit.says("三分")
    await unit.presses("先不写原因")
    await unit.presses("✔ 登记")
    await unit.says("出警超时")
    assert ledger(town)[-1] == ("reason", 1, "2026-11", "接处警", 0, "出警超时")
    await unit.says("/officer 张伟 接处警 100")
    await unit.says("/officer")
    await unit.presses("取消")
    assert len(ledger(town)) == 2


async def test_until_the_last_month_is_returned_it_is_asked_which_one_counts(town, unit):
    town.with_now(datetime(2026, 12, 3, 1, tzinfo=UTC))
    await unit.says("/officer 张伟 考勤 1 迟到")
    assert unit.buttons()[:2] == ["2026年11月", "2026年12月"]
    await unit.presses("2026年11月")
    await unit.presses("✔ 登记")
    assert ledger(town)[0][2] == "2026-11"
    town.with_now(datetime(2026, 12, 6, 1, tzinfo=UTC))
    await unit.says("/officer 张伟 考勤 1 迟到")
    assert ledger(town)[1][2] == "2026-12"


async def test_an_own_entry_of_today_is_taken_back_others_need_a_reason(town, unit):
    await unit.says("/officer 张伟 考勤 1 迟到")
    await unit.presses("撤销")
    assert ledger(town)[-1] == ("reversal", 1, "2026-11", "考勤纪律", -100, "误记")
    assert "↩ 已撤销" in unit.screen()
    await unit.says("/officer 李娜 考勤 1 迟到")
    town.clock.move(days=1)
    await unit.presses("撤销")
    assert "要改请写理由" in unit.sees()
    await unit.says("/officer 撤销 3 已请假")
    assert ledger(town)[-1] == ("reversal", 2, "2026-11", "考勤纪律", -100, "已请假")
    await unit.says("/officer 撤销 3 再来一次")
    assert "已经撤销或更正过" in unit.sees()


async def test_a_correction_leaves_both_with_their_reasons(town, unit):
    await unit.says("/officer 张伟 考勤 2 迟到两次")
    await unit.presses("更正")
    await unit.says("1 核实只有一次")
    assert "民警记录 3" in unit.sees() and "更正自：民警记录 1" in unit.sees()
    await unit.says("/officer 更正 3 李娜 记错了人")
    assert [row[:2] + row[4:] for row in ledger(town)] == [
        ("deduction", 1, 200, "迟到两次"), ("reversal", 1, -200, "核实只有一次"), ("deduction", 1, 100, "迟到两次"),
        ("reversal", 1, -100, "记错了人"), ("deduction", 2, 100, "迟到两次"),
    ]  # fmt: skip
    await unit.says("/officer 更正 5 1 一样")
    assert "没看出民警记录 5 要改成什么" in unit.sees()
    await unit.says("/officer 更正 5 0.5")
    assert "没写理由" in unit.sees()


async def test_a_press_and_a_message_count_once_whoever_delivers_them_twice(town, unit):
    await unit.says("/officer")
    for label in ("张伟", "考勤纪律", "−1 分", "先不写原因"):
        await unit.presses(label)
    message = town.world.store.messages(unit.id, limit=1)[-1]
    data = message["reply_markup"]["inline_keyboard"][-1][0]["callback_data"]
    await unit.presses_data(message, data)
    await unit.presses_data(message, data, forged=True)
    assert len(ledger(town)) == 1


async def test_the_month_shows_everybody_in_order_with_a_chart(town, unit):
    await unit.says("/officer 张伟 考勤 2 迟到")
    await unit.says("/officer 王强 社区警务 1.5 走访")
    await unit.says("/officer 标记 李娜 休假")
    assert "当月不计入成绩和名次" in unit.sees()
    await unit.says("/month")
    seen = unit.screen()
    assert "1. 王强　98.5" in seen and "2. 张伟　98" in seen and "—　李娜　休假，不计" in seen
    chart = town.studio.charts[-1]
    assert [row.unit for row in chart.rows] == ["王强", "张伟"] and chart.who == "民警"
    await unit.says("/officer 标记 李娜 11月 取消")
    await unit.says("/month 2026-11")
    assert "1. 李娜　100" in unit.sees()


async def test_quarter_and_year_are_the_means_of_the_months_that_count(town, unit):
    await unit.says("/officer 张伟 考勤 2 10月 迟到")
    await unit.says("/officer 张伟 考勤 1 11月 迟到")
    await unit.says("/officer 标记 李娜 10月 借调")
    await unit.says("/officer 李娜 考勤 3 11月 迟到")
    await unit.says("/month 四季度")
    assert "2026年10—12月" in unit.sees()
    assert "2. 张伟　98.5" in unit.sees() and "3. 李娜　97　10月借调不计" in unit.sees()
    await unit.says("/month 年度")
    assert "2026年度" in unit.sees() and "张伟　99.73" in unit.sees()


async def test_a_coefficient_stands_beside_the_score(town, tmp_path):
    policy = town.app.services.policy
    town.app.services.policy = replace(
        policy, duties=replace(policy.duties, coefficients={"内勤": Decimal("0.95")})
    )
    await officers.rule(town, "chengguan", 2026, PART)
    await officers.enlist(town, "chengguan", "张伟")
    await officers.enlist(town, "chengguan", "李娜", duty="内勤")
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/officer 张伟 考勤 1 迟到")
    await zhou.says("/officer 标记 张伟 内勤")
    assert "当月得分乘以 0.95" in zhou.sees()
    await zhou.says("/month")
    assert "1. 李娜　95　100 × 0.95" in zhou.sees() and "2. 张伟　94.05　99 × 0.95" in zhou.sees()


async def test_everybody_sees_what_is_theirs_and_no_more(town, unit):
    await unit.says("/officer 张伟 考勤 2 迟到")
    head = await town.person("所长", Post(Role.UNIT_HEAD, unit="chengguan"))
    office = await town.person("林主任", Post(Role.OFFICE))
    leader = await town.person("高局长", Post(Role.LEADER))
    other = await town.person("孙联络", Post(Role.LIAISON, unit="dongmen"))
    own = await town.person("张伟本人", Post(Role.OFFICER, unit="chengguan", officer=1))
    colleague = await town.person("李娜本人", Post(Role.OFFICER, unit="chengguan", officer=2))
    for player in (head, office, leader):
        await player.says("/month 城关所")
        assert "张伟　98" in player.sees(), player.name
    await office.says("/month")
    await office.presses("派出所第一序列")
    await office.presses("城关派出所")
    assert "张伟　98" in office.sees()
    await own.says("/month")
    assert "98" in own.sees() and "考勤纪律 −2　迟到" in own.sees() and "李娜" not in own.sees()
    await own.says("/month 年度")
    assert "张伟" in own.sees() and "李娜" not in own.sees()
    await colleague.says("/month 城关所")
    assert "没看懂“城关所”" in colleague.sees()
    await colleague.says("/month")
    assert "100" in colleague.sees() and "张伟" not in colleague.sees()
    await other.says("/month 城关所")
    assert "张伟" not in other.sees()
    stale = town.world.store.messages(unit.id, limit=1)[-1]
    town.world.store.put_message({**stale, "chat": {"id": other.id, "type": "private"}})
    for data in ("mo:chengguan:2026-11", "mod:chengguan:2026-11", "ou:1", "of:1", "ow:1"):
        answer = await other.presses_data({**stale, "chat": {"id": other.id}}, data, forged=True)
        assert "张伟" not in answer + other.sees()
    await other.says("/officer 撤销 1 不是我的")
    assert "没有民警记录 1" in other.sees()
    wang = await town.assessor()
    admin = await town.person("管理员", Post(Role.ADMIN))
    for player in (wang, admin, own):
        await player.says("/officer 张伟 考勤 1 迟到")
        assert "没有这项权限" in player.sees()
    for said in ("/rank 派出所一序列", "/score 城关所", "/log 城关所", "/people", "/settings"):
        await own.says(said)
        assert "没有这项权限" in own.sees(), said


async def test_a_unit_without_method_or_roster_is_told_what_to_do(town):
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/officer 张伟 考勤 1 迟到")
    assert "/method" in zhou.sees()
    await officers.rule(town, "chengguan", 2026, PART)
    await zhou.says("/officer 张伟 考勤 1 迟到")
    assert "/roster" in zhou.sees()
    await zhou.says("/month")
    assert "/roster" in zhou.sees()


async def test_a_unit_of_the_offices_scores_by_its_own_whole_method(town):
    await officers.rule(town, "fazhi", 2026, officers.WHOLE)
    await officers.enlist(town, "fazhi", "钱敏")
    sun = await town.person("孙联络", Post(Role.LIAISON, unit="fazhi"))
    await sun.says("/officer 钱敏 业务工作 3 报表迟交")
    assert "业务工作 70 → 67" in sun.sees()


async def test_the_officers_ledger_is_sealed_and_cannot_be_changed(town, unit):
    await unit.says("/officer 张伟 考勤 1 迟到")
    await unit.says("/officer 标记 张伟 休假")
    with town.beside() as db:
        sealed = db.execute("SELECT chain, chain_no, length(seal) FROM officer_entry").fetchall()
        assert sealed == [("民警台账", 1, 64)]
        for statement in (
            "UPDATE officer_entry SET points = 1",
            "DELETE FROM officer_entry",
            "DELETE FROM mark",
        ):
            with pytest.raises(Exception, match="append-only"):
                db.execute(statement)
            db.undo()


async def test_a_month_that_the_head_gave_back_counts_as_not_returned(town, unit):
    head = await town.person("所长", Post(Role.UNIT_HEAD, unit="chengguan"))
    await head.says("/start")
    await unit.says("/officer 张伟 考勤 1 迟到")
    town.with_now(datetime(2026, 12, 3, 1, tzinfo=UTC))
    await unit.says("/monthly 2026-11")
    await unit.presses("报送")
    await unit.says("/officer 李娜 考勤 1 11月 迟到")
    assert "该月已报送第 1 版" in unit.sees()
    await head.presses("退回联络员")
    await head.says("漏了一笔")
    await unit.says("/officer 王强 考勤 1 11月 迟到")
    assert "已报送第" not in unit.sees()
    await unit.says("/officer 王强 考勤 1 迟到")
    assert unit.buttons()[:2] == ["2026年11月", "2026年12月"]


# Two officers, two units, two months, two liaisons


@pytest.fixture
async def two(town, unit):
    """A second liaison of 城关派出所, and 东门派出所 with an officer, a method and a liaison."""
    await officers.rule(town, "dongmen", 2026, PART)
    await officers.enlist(town, "dongmen", "司徒乙")
    second = await town.person("吴联络", Post(Role.LIAISON, unit="chengguan"))
    other = await town.person("冯联络", Post(Role.LIAISON, unit="dongmen"))
    return second, other


async def test_only_the_author_takes_an_entry_back_alone_and_only_on_its_day(town, unit, two):
    second, _ = two
    town.with_now(datetime(2026, 11, 10, 15, 59, tzinfo=UTC))
    await unit.says("/officer 张伟 考勤 1 迟到")
    await unit.says("/officer 李娜 考勤 1 迟到")
    card = unit.answers()[-1]
    await second.says("/start")
    answer = await second.presses_data(second.answers()[-1], "ou:1", forged=True)
    assert "要改请写理由" in answer + second.sees()
    await unit.presses_data(card, "ou:1", forged=True)
    assert ledger(town)[2][:2] == ("reversal", 1)
    town.clock.move(minutes=1)
    assert "要改请写理由" in await unit.presses_data(card, "ou:2", forged=True) + unit.sees()
    assert len(ledger(town)) == 3
    await second.says("/officer 撤销 2 已请假")
    assert ledger(town)[3] == ("reversal", 2, "2026-11", "考勤纪律", -100, "已请假")


async def test_the_buttons_of_a_card_are_those_that_do_something(town, unit, two):
    second, _ = two
    await unit.says("/officer 张伟 考勤 1 迟到")
    assert unit.buttons() == ["撤销", "更正"]
    await unit.says("/officer 李娜 考勤 1")
    assert unit.buttons() == ["撤销", "补充原因", "更正"]
    await unit.says("迟到")
    assert unit.buttons() == ["撤销", "更正"]
    await unit.presses("撤销")
    await second.says("/officer 更正 1 2 核实两次")
    assert second.buttons() == ["撤销", "更正"], "the one in its place is the second's own"


async def test_an_entry_of_another_unit_is_as_unknown_as_none(town, unit, two):
    _, other = two
    await unit.says("/officer 张伟 考勤 1")
    await other.says("/start")
    message = other.answers()[-1]
    for verb in ("ou", "of", "ow"):
        foreign = await other.presses_data(message, f"{verb}:1", forged=True) + other.sees()
        nobodys = await other.presses_data(message, f"{verb}:99", forged=True) + other.sees()
        assert "没有民警记录 1" in foreign and foreign == nobodys.replace("99", "1"), verb
    for line in ("/officer 更正 1 2 核实", "/officer 标记 张伟 休假", "/officer 张伟 考勤 1 迟到"):
        await other.says(line)
    assert len(ledger(town)) == 1
    with town.beside() as db:
        assert db.execute("SELECT count(*) FROM mark").fetchone() == (0,)


async def test_entries_and_marks_of_two_officers_months_and_units_are_kept_apart(town, unit, two):
    _, other = two
    for said in (
        "张伟 考勤 1 10月 迟到",
        "张伟 考勤 2 11月 迟到",
        "李娜 考勤 3 11月 迟到",
        "李娜 社区警务 4 11月 走访",
    ):
        await unit.says(f"/officer {said}")
    await other.says("/officer 司徒乙 考勤 5 11月 迟到")
    await unit.says("/officer 标记 王强 10月 借调")
    await unit.says("/month 2026-10")
    assert "1. 李娜　100" in unit.sees() and "2. 张伟　99" in unit.sees() and "王强　借调，不计" in unit.sees()
    await unit.says("/month 2026-11")
    assert "1. 王强　100" in unit.sees() and "2. 张伟　98" in unit.sees() and "3. 李娜　93" in unit.sees()
    await other.says("/month 2026-11")
    assert "1. 司徒乙　95" in other.sees() and "张伟" not in other.sees()


async def test_the_last_month_is_asked_about_through_its_last_day(town, unit):
    town.with_now(datetime(2026, 12, 5, 15, 59, tzinfo=UTC))
    await unit.says("/officer 张伟 考勤 1 迟到")
    assert unit.buttons()[:2] == ["2026年11月", "2026年12月"]
    town.with_now(datetime(2026, 12, 5, 16, 0, tzinfo=UTC))
    await unit.says("/officer 李娜 考勤 1 迟到")
    assert [row[1:3] for row in ledger(town)] == [(2, "2026-12")]


async def test_a_correction_that_is_handled_twice_is_one_and_keeps_the_day_and_the_place(town, unit):
    await unit.says("/officer 张伟 考勤 2 11月9日查 迟到两次")
    await unit.says("/officer 更正 1 1 核实只有一次")
    await handled_again(town)
    with town.beside() as db:
        rows = db.execute(
            "SELECT kind, target_id, replaces_id, officer_id, points, found_on FROM officer_entry ORDER BY id"
        ).fetchall()
    assert rows == [
        ("deduction", None, None, 1, 200, "2026-11-09"),
        ("reversal", 1, None, 1, -200, None),
        ("deduction", None, 1, 1, 100, "2026-11-09"),
    ]


async def test_who_speaks_for_the_unit_no_more_finishes_nothing(town, unit):
    await unit.says("/officer")
    for label in ("张伟", "考勤纪律", "−1 分", "先不写原因"):
        await unit.presses(label)
    question = town.world.store.messages(unit.id, limit=1)[-1]
    async with town.app.database.transaction() as session:
        person = await people.find(session, unit.id)
        await people.remove(session, person_id=person.id, by=person.id, now=town.clock())
        await people.appoint(
            session,
            person_id=person.id,
            post=Post(Role.LIAISON, unit="dongmen"),
            granted_by=None,
            now=town.clock(),
        )
    assert "您的职务有变动" in await unit.presses("✔ 登记", on=question)
    assert ledger(town) == []


async def test_signs_of_html_in_a_reason_stand_on_the_card_as_they_were_typed(town, unit):
    await unit.says("/officer 张伟 考勤 1 迟到<b>甲 & 乙")
    assert "迟到<b>甲 & 乙" in unit.sees()
    await unit.says("/officer 撤销 1 误记<i> & 已请假")
    assert "误记<i> & 已请假" in unit.sees()
