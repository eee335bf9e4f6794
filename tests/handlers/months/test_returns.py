"""The monthly return as people live it: looked over, sent, signed or given back, sent again, and what the office sees (R9)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from rules.months import Month
from storage import people
from tests import officers
from tests.conversation import Player, Post, Role, Town, text_of
from tests.trail import told, trail

FEBRUARY = Month(2027, 2)


@pytest.fixture
async def march(tmp_path):
    """A bureau that began in December 2026, on 2027-03-03, 10:00 in Shanghai."""
    town = Town(tmp_path, now=datetime(2026, 12, 10, 2, tzinfo=UTC))
    await town.open()
    town.with_now(datetime(2027, 3, 3, 2, tzinfo=UTC))
    yield town
    await town.close()


async def unit_of(town: Town, unit: str = "chengguan") -> list[int]:
    """A unit with three officers and a whole method."""
    ids = await officers.enlist(town, unit, "张三", "李四", "王五")
    await officers.rule(town, unit, 2027)
    return ids


async def liaison_of(town: Town, unit: str = "chengguan", name: str = "周联络") -> Player:
    return await started(await town.person(name, Post(Role.LIAISON, unit=unit)))


async def head_of(town: Town, unit: str = "chengguan", name: str = "郭所长") -> Player:
    return await started(await town.person(name, Post(Role.UNIT_HEAD, unit=unit)))


async def office_of(town: Town) -> Player:
    return await started(await town.person("林主任", Post(Role.OFFICE)))


async def started(player: Player) -> Player:
    """Somebody whom the bot may write to."""
    await player.says("/start")
    return player


def on(town: Town, day: int, month: int = 3, hour: int = 10) -> None:
    town.with_now(datetime(2027, month, day, hour, tzinfo=UTC) - timedelta(hours=8))


def rows(town: Town, what: str) -> list[tuple]:
    with town.beside() as db:
        return db.execute(what).fetchall()


def sent(town: Town) -> list[tuple]:
    return rows(town, "SELECT unit_code, month, version, reason, needs_signature FROM month_return ORDER BY id")


def last(player: Player):
    return player.town.world.store.messages(player.id, limit=1)[-1]


# Sending


async def test_a_liaison_looks_the_month_over_and_sends_it_once(march):
    zhang, li, wang = await unit_of(march)
    await officers.take(march, zhang, "chengguan", FEBRUARY, "考勤纪律", "2")
    await officers.take(march, li, "chengguan", FEBRUARY, "执法办案", "0.5")
    await officers.mark(march, wang, "chengguan", FEBRUARY, "休假")
    zhou = await liaison_of(march)
    await zhou.says("/monthly")
    said = zhou.sees()
    assert "城关派出所　2027年2月民警成绩" in said
    assert said.index("1. 李四　99.5 分") < said.index("2. 张三　98 分") < said.index("不计入：王五（休假）")
    assert "考勤纪律 −2" in said and "报送后直接报到考评办" in said
    assert sent(march) == []
    await zhou.presses("报送")
    assert "已报送：城关派出所　2027年2月民警成绩" in zhou.screen() and "逾期" not in zhou.screen()
    assert sent(march) == [("chengguan", "2027-02", 1, None, 0)]
    await zhou.presses("看报送的成绩表")
    assert "1. 李四　99.5 分" in zhou.sees() and "周联络报送" in zhou.sees()


async def test_what_was_sent_never_moves(march):
    zhang, *_ = await unit_of(march)
    zhou = await liaison_of(march)
    await zhou.says("月报 2月")
    await zhou.presses("报送")
    on(march, 4)
    await officers.take(march, zhang, "chengguan", FEBRUARY, "考勤纪律", "3")
    await officers.rule(march, "chengguan", 2027, officers.OWN[::-1], version=2)
    await zhou.presses("看报送的成绩表")
    assert "张三　100 分" in zhou.sees()


async def test_pressed_thrice_and_handled_twice_it_is_sent_once(march):
    await unit_of(march)
    zhou = await liaison_of(march)
    message = await zhou.says("/monthly")
    question = last(zhou)
    data = Player._data(question, "报送")
    await zhou.presses("报送")
    assert "已经处理过" in await zhou.presses_data(question, data, forged=True)
    await march.deliver_again({"update_id": 900001, "message": message})
    assert len(sent(march)) == 1
    assert "请核对" not in text_of(last(zhou))


async def test_cancelled_nothing_is_sent(march):
    await unit_of(march)
    zhou = await liaison_of(march)
    await zhou.says("/monthly")
    await zhou.presses("取消")
    assert "没有报送，什么也没有改" in zhou.screen() and sent(march) == []


async def test_a_table_that_changed_meanwhile_is_shown_before_it_is_sent(march):
    zhang, *_ = await unit_of(march)
    zhou = await liaison_of(march)
    await zhou.says("/monthly")
    await officers.take(march, zhang, "chengguan", FEBRUARY, "考勤纪律", "3")
    await zhou.presses("报送")
    assert "刚才又有改动，表已更新" in zhou.screen() and sent(march) == []
    await zhou.presses("报送")
    assert len(sent(march)) == 1


async def test_entries_without_a_reason_block_and_are_named(march):
    zhang, li, _ = await unit_of(march)
    first = await officers.take(march, zhang, "chengguan", FEBRUARY, "考勤纪律", "1", None)
    second = await officers.take(march, li, "chengguan", FEBRUARY, "考勤纪律", "1", None)
    zhou = await liaison_of(march)
    await zhou.says("/monthly")
    assert f"2 笔没写原因：民警记录 {first}、{second}（登记人：登记人）" in zhou.sees()
    assert zhou.buttons() == ["重新核对", "取消"]
    await officers.explain(march, first, "迟到")
    await officers.reverse(march, second)
    await zhou.presses("重新核对")
    assert zhou.buttons() == ["报送", "取消"]
    third = await officers.take(march, li, "chengguan", FEBRUARY, "考勤纪律", "1", None)
    await zhou.presses("报送")
    assert f"记录 {third}" in await zhou.presses("报送") + zhou.screen() and sent(march) == []


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/monthly 2027-03", "2027年3月还没有结束，4月1日起才能报送"),
        ("/monthly 3月", "还没有结束"),
        ("/monthly 本月", "还没有结束"),
        ("/monthly 2026-11", "本系统从2026年12月开始使用"),
        ("/monthly 2027-13", "没看懂月份“2027-13”"),
        ("/monthly 2026-12", "2026年的考核办法还不完整"),
    ],
)
async def test_what_is_no_month_to_return_is_refused(march, said, answer):
    await unit_of(march)
    zhou = await liaison_of(march)
    await zhou.says(said)
    assert answer in zhou.sees() and sent(march) == []


async def test_a_unit_without_roster_or_method_is_told_what_to_do(march):
    zhou = await liaison_of(march)
    await zhou.says("/monthly")
    assert "花名册里2027年2月没有民警" in zhou.sees() and "/roster" in zhou.sees()
    await officers.enlist(march, "chengguan", "张三")
    await zhou.says("/monthly")
    assert "考核办法还不完整" in zhou.sees() and "/method" in zhou.sees()


async def test_without_a_month_it_is_the_latest_that_was_not_sent(march):
    await unit_of(march)
    zhou = await liaison_of(march)
    await zhou.says("/monthly")
    await zhou.presses("报送")
    await zhou.says("/monthly")
    assert "2027年1月民警成绩" in zhou.sees()
    await zhou.presses("报送")
    assert "逾期 26 天" in zhou.screen()
    await officers.rule(march, "chengguan", 2026)
    await zhou.says("/monthly")
    await zhou.presses("报送")
    await zhou.says("/monthly")
    assert "2027年2月民警成绩：已报送" in zhou.sees(), "all are in: the last month, and what became of it"


async def test_who_speaks_for_two_units_says_which(march):
    await unit_of(march, "dongmen")
    await unit_of(march, "xijie")
    feng = await march.person(
        "冯联络", Post(Role.LIAISON, unit="dongmen"), Post(Role.LIAISON, unit="xijie"),
        Post(Role.LIAISON, unit="gone"),
    )  # fmt: skip
    await feng.says("/monthly 2月")
    assert feng.buttons() == ["东门派出所", "西街派出所"]
    await feng.presses("西街派出所")
    await feng.presses("报送")
    assert sent(march) == [("xijie", "2027-02", 1, None, 0)]
    await feng.says("/monthly 东门所 2月")
    await feng.presses("报送")
    assert len(sent(march)) == 2
    await feng.says("/monthly 东门所 2月 补登一笔")
    assert "更正原因：补登一笔" in feng.sees()
    await feng.says("/monthly 2月 补登一笔")
    assert "更正原因请和单位一起写" in feng.sees()


async def test_a_liaison_of_a_unit_that_was_taken_out_has_nothing_to_return(march):
    player = await march.person("老联络", Post(Role.LIAISON, unit="gone"))
    await player.says("/monthly")
    assert "没有可报送的单位" in player.sees()


# The head's signature


async def test_a_head_does_not_sign_for_deductions_on_itself(march):
    guo, *_ = await unit_of(march)
    await officers.take(march, guo, "chengguan", FEBRUARY, "考勤纪律", "2")
    also = Post(Role.UNIT_HEAD, unit="chengguan"), Post(Role.OFFICER, unit="chengguan", officer=guo)
    both = await started(await march.person("郭所长", *also))
    zhou, other = await liaison_of(march), await head_of(march, name="李所长")
    await zhou.says("/monthly")
    await zhou.presses("报送")
    assert both.buttons() == ["退回联络员"]
    question = last(other)
    assert "没有签字：报来的成绩里有对您本人的扣分" in await both.presses_data(last(both), "mrs:1", forged=True)
    assert rows(march, "SELECT count(*) FROM signature") == [(0,)]
    await other.presses("签字", on=question)
    assert "已签字，已报到考评办" in other.screen()


async def test_the_head_signs_and_only_then_it_is_in(march):
    zhang, *_ = await unit_of(march)
    await officers.take(march, zhang, "chengguan", FEBRUARY, "考勤纪律", "2")
    zhou, guo, office = await liaison_of(march), await head_of(march), await office_of(march)
    await zhou.says("/monthly")
    assert "报送后由本单位负责人签字" in zhou.sees()
    await zhou.presses("报送")
    assert "已送本单位负责人签字" in zhou.screen()
    assert (
        "请签字" in guo.screen()
        and "3. 张三　98 分" in guo.screen()
        and guo.buttons() == ["签字", "退回联络员"]
    )
    await office.says("/returns")
    assert "已报送 0 / 41" in office.sees() and "待本单位签字 1" in office.sees()
    question = last(guo)
    await guo.presses("签字")
    assert "已签字，已报到考评办" in guo.screen()
    assert guo._newest(guo.id, "签字") == (None, None), "the buttons are gone"
    assert "郭所长已签字" in zhou.screen()
    assert "民警成绩" not in office.screen().replace("民警成绩报送情况", ""), (
        "one in time is no message of its own"
    )
    await office.says("/returns")
    assert "已报送 1 / 41" in office.sees()
    data = f"mrs:{rows(march, 'SELECT id FROM month_return')[0][0]}"
    assert "已经签字" in await guo.presses_data(question, data, forged=True)
    assert rows(march, "SELECT accepted FROM signature") == [(1,)]


async def test_given_back_it_counts_as_not_sent_and_is_sent_again_without_a_reason(march):
    await unit_of(march)
    zhou, guo, office = await liaison_of(march), await head_of(march), await office_of(march)
    await zhou.says("/monthly")
    await zhou.presses("报送")
    await guo.presses("退回联络员")
    assert "为什么退回" in guo.sees()
    await guo.says("李四的扣分漏了")
    assert "已退回联络员" in guo.screen()
    assert "郭所长退回" in zhou.screen() and "李四的扣分漏了" in zhou.screen()
    await office.says("/returns")
    assert "待本单位签字" not in office.sees() and "未到期 41" in office.sees()
    on(march, 8)
    await zhou.presses("核对并报送")
    assert "更正原因" not in zhou.sees()
    await zhou.presses("报送")
    on(march, 9)
    await guo.presses("签字")
    assert sent(march)[1] == ("chengguan", "2027-02", 2, None, 1)
    assert "逾期 4 天报送" in office.screen(), "the day on which it came in, signed, decides"
    await zhou.says("/monthly 2月")
    assert "第 1 版" in zhou.sees() and "被郭所长退回，原因：李四的扣分漏了" in zhou.sees()
    assert "逾期报送 4 天" in zhou.sees()


async def test_a_head_may_think_better_of_giving_back(march):
    await unit_of(march)
    zhou, guo = await liaison_of(march), await head_of(march)
    await zhou.says("/monthly")
    await zhou.presses("报送")
    await guo.presses("退回联络员")
    await guo.presses("取消")
    assert "没有退回" in guo.screen()
    await guo.presses("签字")
    assert "已签字" in guo.screen()


async def test_an_older_version_is_not_signed_any_more(march):
    await unit_of(march)
    zhou, guo = await liaison_of(march), await head_of(march)
    await zhou.says("/monthly")
    await zhou.presses("报送")
    old = last(guo)
    await zhou.says("/monthly 2月 漏了一笔")
    await zhou.presses("报送")
    for label in ("签字", "退回联络员"):
        assert "新的一版" in await guo.presses(label, on=old)
    await guo.presses("签字")
    assert rows(march, "SELECT version FROM month_return JOIN signature ON return_id = month_return.id") == [
        (2,)
    ]


async def test_whose_head_has_gone_sends_anew(march):
    await unit_of(march)
    zhou, guo = await liaison_of(march), await head_of(march)
    await zhou.says("/monthly")
    await zhou.presses("报送")
    old = last(guo)
    office = await office_of(march)
    await office.says("/remove 郭所长")
    await office.presses("移除")
    await zhou.says("/monthly 2月")
    await zhou.presses("报送")
    assert [row[2:] for row in sent(march)] == [(1, None, 1), (2, None, 0)]
    await office.says("/returns")
    assert "已报送 1 / 41" in office.sees()
    assert "新的一版" not in await guo.presses_data(old, "mrs:1", forged=True)
    assert rows(march, "SELECT * FROM signature") == []


async def test_only_the_units_own_people_send_and_sign(march):
    await unit_of(march)
    zhou, guo = await liaison_of(march), await head_of(march)
    other, other_head = await liaison_of(march, "dongmen", "冯联络"), await head_of(march, "dongmen", "何所长")
    officer = await march.person("张三", Post(Role.OFFICER, unit="chengguan", officer=1))
    await zhou.says("/monthly")
    question = last(zhou)
    number = question["reply_markup"]["inline_keyboard"][0][0]["callback_data"].split(":")[1]
    await zhou.presses("报送")
    stale, barred = "失效", "没有这项权限"
    for player, words in ((other, stale), (other_head, barred), (officer, barred), (guo, barred)):
        await player.says("/start")
        for data in (f"mrd:{number}:0:ok", "mrb:chengguan:2027-02"):
            assert words in await player.presses_data(last(player), data, forged=True), (player.name, data)
    for player, words in ((other, barred), (other_head, stale), (officer, barred), (zhou, barred)):
        for data in ("mrs:1", "mrf:1", "mrh:1"):
            assert words in await player.presses_data(last(player), data, forged=True), (player.name, data)
    for player in (other, other_head, officer):
        assert "失效" in await player.presses_data(last(player), "mrv:1", forged=True)
    for data in ("mrb:chengguan:x", "mrd:9:9:ok", "mrv:99", "mrb", "mrd"):
        assert "失效" in await zhou.presses_data(last(zhou), data, forged=True)
    for data in ("mrs:99", "mrf:99", "mrq:99", "mrq"):
        assert "失效" in await guo.presses_data(last(guo), data, forged=True)
    assert rows(march, "SELECT * FROM signature") == []


async def test_a_liaison_who_was_removed_sends_nothing(march):
    await unit_of(march)
    zhou, office = await liaison_of(march), await office_of(march)
    await zhou.says("/monthly")
    await office.says("/remove 周联络")
    await office.presses("移除")
    await zhou.presses("报送")
    assert sent(march) == []


async def test_who_speaks_for_the_unit_no_more_neither_sees_nor_sends_it(march):
    await unit_of(march)
    zhou = await march.person(
        "周联络", Post(Role.LIAISON, unit="chengguan"), Post(Role.LIAISON, unit="dongmen")
    )
    message = await zhou.says("/monthly 城关所")
    question = last(zhou)
    with march.beside() as db:
        db.execute("UPDATE post SET until = '2027-03-03 02:00:00' WHERE unit_code = 'chengguan'")
    number = Player._data(question, "报送").split(":")[1]
    for choice in ("ok", "again"):
        said = await zhou.presses_data(question, f"mrd:{number}:0:{choice}", forged=True)
        assert "失效" in said and "张三" not in zhou.sees(), choice
    await march.deliver_again({"update_id": 900002, "message": message})
    assert sent(march) == []


# Sent again


async def test_a_reason_that_is_added_is_no_change_of_what_was_returned(march):
    zhang, *_ = await unit_of(march)
    zhou = await liaison_of(march)
    await zhou.says("/monthly")
    await zhou.presses("报送")
    on(march, 4)
    number = await officers.take(march, zhang, "chengguan", FEBRUARY, "考勤纪律", "1", None)
    await officers.explain(march, number, "迟到")
    await zhou.says("/monthly 2月")
    assert "之后有 1 笔改动未报送" in zhou.sees()
    await officers.reverse(march, number)
    await zhou.says("/monthly 2月")
    assert "之后没有改动" in zhou.sees(), "taken back, the month is as it was returned"
    await officers.enlist(march, "chengguan", "赵六")
    march.clock.move(minutes=1)
    await zhou.says("/monthly 2月 ")
    assert "之后有 2 笔改动未报送" in zhou.sees()


async def test_another_roster_is_told_as_a_change_too(march):
    await unit_of(march)
    zhou = await liaison_of(march)
    await zhou.says("/monthly")
    await zhou.presses("报送")
    await officers.enlist(march, "chengguan", "赵六")
    await zhou.says("/monthly 2月")
    assert "之后花名册、考核办法或系数有变动" in zhou.sees()


async def test_sent_again_with_a_reason_the_old_one_stays_and_the_first_decides(march):
    zhang, li, _ = await unit_of(march)
    zhou, office = await liaison_of(march), await office_of(march)
    await zhou.says("/monthly")
    await zhou.presses("报送")
    on(march, 10)
    await officers.take(march, zhang, "chengguan", FEBRUARY, "考勤纪律", "2")
    await officers.mark(march, li, "chengguan", FEBRUARY, "借调")
    await zhou.says("/monthly 2027-02")
    assert "之后有 2 笔改动未报送" in zhou.sees() and "第 1 版　3月3日 10:00 周联络报送" in zhou.sees()
    await zhou.presses("更正后重新报送")
    await zhou.says("补登一笔 13812345678")
    assert "手机号" in zhou.sees()
    await zhou.says("补登一笔")
    assert "更正原因：补登一笔" in zhou.screen()
    await zhou.presses("报送")
    assert "重新报送（第 2 版）" in office.screen() and "更正原因：补登一笔" in office.screen()
    await zhou.says("/monthly 2027-02")
    assert "：已报送\n" in zhou.sees() and "之后没有改动" in zhou.sees()
    await zhou.presses("看第 1 版")
    assert "张三　100 分" in zhou.sees()
    await zhou.presses("看第 2 版")
    assert "张三　98 分" in zhou.sees() and "不计入：李四（借调）" in zhou.sees()
    await office.says("/returns")
    assert "已报送 1 / 41" in office.sees() and "逾期" not in office.sees().split("\n\n")[0]


async def test_a_second_version_needs_the_signature_again_and_the_first_stays_in(march):
    await unit_of(march)
    zhou, guo, office = await liaison_of(march), await head_of(march), await office_of(march)
    await zhou.says("/monthly")
    await zhou.presses("报送")
    await guo.presses("签字")
    await zhou.says("/monthly 2月 补登")
    await zhou.presses("报送")
    await office.says("/returns")
    assert "已报送 1 / 41" in office.sees() and "重新报送" not in office.screen()
    await guo.presses("签字")
    assert "重新报送（第 2 版）" in office.screen()


async def test_two_liaisons_send_it_once(march):
    await unit_of(march)
    zhou, second = await liaison_of(march), await liaison_of(march, name="吴联络")
    await zhou.says("/monthly")
    await second.says("/monthly")
    await zhou.presses("报送")
    await second.presses("报送")
    assert len(sent(march)) == 1
    assert "周联络报送" in second.screen()


# Who is told, and what is kept of it


async def two_of_everything(town: Town) -> dict[str, Player]:
    """城关派出所 with two liaisons and two heads, 东门派出所 with one each, two of the office and a leader."""
    await unit_of(town)
    await unit_of(town, "dongmen")
    posts = {
        "周联络": Post(Role.LIAISON, unit="chengguan"), "吴联络": Post(Role.LIAISON, unit="chengguan"),
        "郭所长": Post(Role.UNIT_HEAD, unit="chengguan"), "李副所": Post(Role.UNIT_HEAD, unit="chengguan"),
        "冯联络": Post(Role.LIAISON, unit="dongmen"), "何所长": Post(Role.UNIT_HEAD, unit="dongmen"),
        "林主任": Post(Role.OFFICE), "沈干事": Post(Role.OFFICE), "高局长": Post(Role.LEADER),
    }  # fmt: skip
    return {name: await started(await town.person(name, post)) for name, post in posts.items()}


async def test_each_step_of_a_return_is_told_to_whom_it_concerns_with_what_can_be_done(march):
    cast = await two_of_everything(march)
    await cast["周联络"].says("/monthly 2月")
    await cast["周联络"].presses("报送")
    assert told(march, "") == {name: ["签字", "退回联络员"] for name in ("郭所长", "李副所")}
    await cast["李副所"].presses("退回联络员")
    await cast["李副所"].says("漏了一笔")
    assert told(march, "漏了一笔") == {name: ["核对并报送"] for name in ("周联络", "吴联络")}
    on(march, 8)
    await cast["吴联络"].says("/monthly 2月")
    await cast["吴联络"].presses("报送")
    await cast["郭所长"].presses("签字")
    assert told(march, "已签字") == {"周联络": [], "吴联络": []}
    assert told(march, "逾期 3 天</b>报送") == {"林主任": ["看成绩表"], "沈干事": ["看成绩表"]}
    march.clock.move(minutes=1)
    await cast["周联络"].says("/monthly 2月 补登一笔")
    await cast["周联络"].presses("报送")
    await cast["李副所"].presses("签字")
    assert told(march, "重新报送</b>（第 3 版）") == {"林主任": ["看成绩表"], "沈干事": ["看成绩表"]}


async def test_the_trail_tells_who_returned_signed_and_gave_back_which_version(march):
    cast = await two_of_everything(march)
    await cast["周联络"].says("/monthly 2月")
    await cast["周联络"].presses("报送")
    await cast["李副所"].presses("退回联络员")
    await cast["李副所"].says("漏了一笔")
    await cast["冯联络"].says("/monthly 2月")
    await cast["冯联络"].presses("报送")
    await cast["何所长"].presses("签字")
    await cast["吴联络"].says("/monthly 2月")
    await cast["吴联络"].presses("报送")
    await cast["郭所长"].presses("签字")
    assert trail(march, "reported", "signed", "given_back") == [
        ("reported", "周联络", "chengguan", None, "2027-02 第 1 版"),
        ("given_back", "李副所", "chengguan", None, "2027-02 第 1 版"),
        ("reported", "冯联络", "dongmen", None, "2027-02 第 1 版"),
        ("signed", "何所长", "dongmen", None, "2027-02 第 1 版"),
        ("reported", "吴联络", "chengguan", None, "2027-02 第 2 版"),
        ("signed", "郭所长", "chengguan", None, "2027-02 第 2 版"),
    ]


async def test_two_months_of_two_units_are_kept_apart(march):
    cast = await two_of_everything(march)
    for name, month in (("周联络", "1月"), ("冯联络", "2月"), ("周联络", "2月")):
        await cast[name].says(f"/monthly {month}")
        await cast[name].presses("报送")
    assert [row[:3] for row in sent(march)] == [
        ("chengguan", "2027-01", 1), ("dongmen", "2027-02", 1), ("chengguan", "2027-02", 1),
    ]  # fmt: skip
    await cast["郭所长"].presses("签字")
    for month, count in (("2月", 1), ("1月", 0)):
        await cast["林主任"].says(f"/returns {month}")
        assert f"已报送 {count} / 41" in cast["林主任"].sees(), month
        assert f"待本单位签字 {1}" in cast["林主任"].sees(), month


async def test_signs_of_html_in_reasons_are_shown_as_they_were_typed(march):
    await unit_of(march)
    zhou, guo, office = await liaison_of(march), await head_of(march), await office_of(march)
    await zhou.says("/monthly")
    await zhou.presses("报送")
    await guo.presses("退回联络员")
    await guo.says("漏了<b>甲 & 乙")
    assert "原因：漏了<b>甲 & 乙" in guo.screen() and "原因：漏了<b>甲 & 乙" in zhou.screen()
    await zhou.says("/monthly 2月")
    await zhou.presses("报送")
    await guo.presses("签字")
    await zhou.says("/monthly 2月 补登<i>一 & 二")
    assert "更正原因：补登<i>一 & 二" in zhou.sees()
    await zhou.presses("报送")
    assert "更正原因：补登<i>一 & 二" in guo.screen()
    await guo.presses("签字")
    assert "更正原因：补登<i>一 & 二" in office.screen()
    await zhou.says("/monthly 2月")
    assert "更正原因：补登<i>一 & 二" in zhou.sees() and "原因：漏了<b>甲 & 乙" in zhou.sees()


async def became(town: Town, player: Player, *posts: Post) -> None:
    """The person's posts end, and it is appointed to others."""
    async with town.app.database.transaction() as session:
        person = await people.find(session, player.id)
        await people.remove(session, person_id=person.id, by=person.id, now=town.clock())
        for post in posts:
            await people.appoint(session, person_id=person.id, post=post, granted_by=None, now=town.clock())


async def test_who_heads_the_unit_no_more_neither_signs_nor_gives_back(march):
    await unit_of(march)
    zhou, guo = await liaison_of(march), await head_of(march)
    await zhou.says("/monthly")
    await zhou.presses("报送")
    question = last(guo)
    await guo.presses("退回联络员")
    await became(march, guo, Post(Role.UNIT_HEAD, unit="dongmen"))
    await guo.says("漏了一笔")
    assert "您的职务有变动" in guo.sees()
    assert "失效" in await guo.presses("签字", on=question)
    assert rows(march, "SELECT * FROM signature") == []


async def test_who_speaks_for_the_unit_no_more_gives_no_reason_for_another_version(march):
    await unit_of(march)
    zhou = await liaison_of(march)
    await zhou.says("/monthly")
    await zhou.presses("报送")
    await zhou.says("/monthly 2月")
    await zhou.presses("更正后重新报送")
    await became(march, zhou, Post(Role.LIAISON, unit="dongmen"))
    await zhou.says("补登一笔")
    assert "您的职务有变动" in zhou.sees()
    assert len(sent(march)) == 1


# What the office sees


async def test_a_late_one_is_told_to_the_office(march):
    await unit_of(march)
    zhou, office = await liaison_of(march), await office_of(march)
    on(march, 8)
    await zhou.says("/monthly 2月")
    await zhou.presses("报送")
    assert "逾期 3 天报送" in office.screen()
    await office.presses("看成绩表")
    assert "张三" in office.sees()
    await office.says("/returns 2月")
    assert "其中逾期 1，未报送 40" in office.sees() and "城关派出所（3 天）" in office.sees()


async def test_the_fifth_is_in_time_until_midnight_and_the_sixth_is_late(march):
    await unit_of(march)
    await unit_of(march, "dongmen")
    zhou, feng, office = (
        await liaison_of(march),
        await liaison_of(march, "dongmen", "冯联络"),
        await office_of(march),
    )
    await zhou.says("/monthly 2月")
    await feng.says("/monthly 2月")
    march.with_now(datetime(2027, 3, 5, 15, 59, 59, tzinfo=UTC))
    await zhou.presses("报送")
    march.with_now(datetime(2027, 3, 5, 16, 0, tzinfo=UTC))
    await feng.presses("报送")
    await office.says("/returns")
    assert "东门派出所（1 天）" in office.sees() and "按时：城关派出所" in office.sees()


async def test_the_office_opens_a_units_table_by_button(march):
    zhang, *_ = await unit_of(march)
    zhou, office = await liaison_of(march), await office_of(march)
    await zhou.says("/monthly 2月")
    await zhou.presses("报送")
    await officers.erase(march, zhang)
    await office.says("报送情况")
    chart = march.studio.charts[-1]
    assert chart.frame.title == "2月：1 / 41 个单位已报送"
    assert chart.blocks[0].name == "派出所第一序列"
    assert [cell.state.value for cell in chart.blocks[0].rows[0].cells[:4]] == [
        "未报送", "已报送", "不用报送", "不用报送",
    ]  # fmt: skip
    await office.presses("派出所第一序列")
    assert "✔ 城关派出所" in office.buttons() and "东门派出所" in office.buttons()
    await office.presses("✔ 城关派出所")
    assert f"（已删除）{zhang}" in office.sees() and "李四" in office.sees() and "张三" not in office.sees()
    assert "未到期，还看不到" in await office.presses("东门派出所")
    await office.says("/returns")
    await office.presses("‹ 1月")
    assert "2027年1月民警成绩报送情况" in office.sees() and "未报送 41" in office.sees()
    await office.presses("2月 ›")
    await office.presses_data(last(office), "mrtd:2027-02", forged=True)
    assert "按时：城关派出所" in office.sees()


async def test_leaders_see_it_and_nobody_else(march):
    leader = await march.person("高局长", Post(Role.LEADER))
    await leader.says("/returns")
    assert "已报送 0 / 41" in leader.sees()
    for player in (await liaison_of(march), await head_of(march), await march.assessor()):
        await player.says("/returns")
        assert "没有这项权限" in player.sees()
        for data in ("mrt:2027-02", "mrtu:chengguan:2027-02"):
            assert "没有这项权限" in await player.presses_data(last(player), data, forged=True)


@pytest.mark.parametrize("said", ["/returns 13月", "/returns 什么"])
async def test_what_is_no_month_is_told(march, said):
    office = await office_of(march)
    await office.says(said)
    assert "没看懂月份" in office.sees()


async def test_no_name_of_an_officer_is_in_what_is_added_for_ever(march):
    await unit_of(march)
    zhou, guo = await liaison_of(march), await head_of(march)
    await zhou.says("/monthly")
    await zhou.presses("报送")
    await guo.presses("签字")
    kept = str(rows(march, "SELECT content FROM month_return") + rows(march, "SELECT detail FROM audit"))
    for name in ("张三", "李四", "王五"):
        assert name not in kept
    acts = {act for (act,) in rows(march, "SELECT act FROM audit")}
    assert {"reported", "signed"} <= acts


async def test_the_figures_are_kept_exactly(march):
    ids = await officers.enlist(march, "xingjing", "张三", duty="内勤")
    await officers.rule(march, "xingjing", 2027, officers.WHOLE)
    policy = march.app.services.policy
    from dataclasses import replace

    march.app.services.policy = replace(
        policy, duties=replace(policy.duties, coefficients={"内勤": Decimal("0.95")})
    )
    await officers.take(march, ids[0], "xingjing", FEBRUARY, "业务工作", "0.33")
    zhou = await liaison_of(march, "xingjing")
    await zhou.says("/monthly")
    assert "94.69 分　99.67 × 0.95　业务工作 −0.33" in zhou.sees()
    await zhou.presses("报送")
    assert '"result":"94.6865"' in rows(march, "SELECT content FROM month_return")[0][0]
