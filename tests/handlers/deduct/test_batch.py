"""Several deductions in one message: seen first, then written together."""

from dataclasses import replace
from datetime import UTC, datetime

from conversation import Sketchbook, entries, numbers_of

from sandbox.world import Upload

TEN = """\
1. 城关所 治安管理 1 巡查台账缺失
2、东门所 执法质量 2 卷宗缺页
③ 城关所 情报 半分 迟报
火星所 治安管理 1 没有这个单位
扣分 西街所 人口管理 1.5 漏登记
北关所 安全防范 1 通报
城关所 治安管理 11 超过满分
东门所 2.1 x3 台账
西街所 执法质量 1 文书错误 3月10日说
城关所 队伍日常管理 0.5 着装"""


async def test_ten_pasted_lines_with_two_bad_ones(town):
    wang = await town.assessor()
    await wang.says(f"/deduct\n{TEN}")
    seen = wang.sees()
    assert "共 10 条：看懂 8 条" in seen
    assert "没有叫“火星所”的单位" in seen
    assert "一共 10 分" in seen
    assert entries(town) == []
    assert wang.buttons() == ["只记入 8 条", "都不记"]
    await wang.presses("只记入 8 条")
    assert len(entries(town)) == 8
    assert numbers_of(wang.sees()) == list(range(1, 9))
    assert "另有 2 笔没有记入" in wang.sees()
    assert [row[3] for row in entries(town) if row[1] == "dongmen"] == [200, 150]


async def test_lines_pasted_without_a_command_are_shown_too(town):
    wang = await town.assessor()
    await wang.says("城关所 治安管理 1 甲\n东门所\t治安管理\t2\t乙")
    await wang.presses("全部记入")
    assert [(row[1], row[3], row[5]) for row in entries(town)] == [
        ("chengguan", 100, "甲"),
        ("dongmen", 200, "乙"),
    ]


async def test_one_finding_for_several_units(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所、东门所，西街所 治安管理 1 未按时上报")
    assert "共 3 条：看懂 3 条" in wang.sees()
    await wang.presses("全部记入（3 条）")
    assert [(row[1], row[3], row[5]) for row in entries(town)] == [
        (unit, 100, "未按时上报") for unit in ("chengguan", "dongmen", "xijie")
    ]


async def test_lines_are_written_once_however_often_it_is_pressed(town):
    wang, li = await town.assessor(), await town.assessor("李")
    await wang.says("/deduct\n城关所 治安管理 1 甲\n东门所 治安管理 2 乙")
    preview = wang.answers()[0]
    data = preview["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await wang.presses_data(preview, data)
    for _ in range(2):
        assert "没有重复登记" in await wang.presses_data(preview, data, forged=True)
    assert len(entries(town)) == 2
    await li.says("/deduct 城关所、东门所 治安管理 1 丙")
    of_li = li.answers()[0]["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    assert "失效" in await wang.presses_data(preview, of_li, forged=True)
    assert len(entries(town)) == 2


async def test_no_line_is_written_when_all_are_dropped(town):
    wang = await town.assessor()
    await wang.says("/deduct\n城关所 治安管理 1 甲\n东门所 治安管理 2 乙")
    await wang.presses("都不记")
    assert "都没有登记" in wang.screen()
    assert entries(town) == []


async def test_a_right_lost_between_preview_and_press_writes_nothing(town):
    from storage import people

    wang = await town.assessor()
    await wang.says("/deduct\n城关所 治安管理 1 甲\n东门所 治安管理 2 乙")
    async with town.app.database.transaction() as session:
        person = await people.find(session, wang.id)
        await people.remove(session, person_id=person.id, by=person.id, now=town.clock())
    await wang.presses("全部记入")
    assert entries(town) == []


async def test_too_many_lines_are_refused_whole(town):
    wang = await town.assessor()
    await wang.says("/deduct\n" + "\n".join(["城关所 治安 1 x"] * 101))
    assert "最多 100 行" in wang.sees()
    assert entries(town) == []


async def test_two_equal_lines_are_pointed_out(town):
    wang = await town.assessor()
    await wang.says("/deduct\n城关所 治安管理 1 甲\n城关所 治安管理 1 甲")
    assert "与另一条相同" in wang.sees()


async def test_a_late_quarter_is_asked_once_for_all_lines(town):
    wang = await town.assessor()
    town.with_now(datetime(2026, 12, 3, 1, 0, tzinfo=UTC))
    await wang.says("城关所 治安管理 1 甲\n东门所 治安管理 2 乙\n西街所 2027Q1 治安管理 1 丙")
    assert "已过期限但尚未提交" in wang.sees()
    assert entries(town) == []
    await wang.presses("计入2026年第四季度（3 条）")
    assert [(row[1], row[4]) for row in entries(town)] == [
        ("chengguan", "2026Q4"),
        ("dongmen", "2026Q4"),
        ("xijie", "2027Q1"),
    ]


async def test_each_line_shows_points_day_and_quarter(town):
    wang = await town.assessor()
    await wang.says("城关所 2.1 x3\n东门所 治安管理 2 昨天查 缺岗\n南湖所 无问题")
    seen = wang.sees()
    assert "城关派出所　治安管理 −1.5　细则 2.1 ×3　11月10日查　计入2026年第四季度" in seen
    assert "东门派出所　治安管理 −2　11月9日查　计入2026年第四季度　缺岗" in seen
    assert "共 2 条：看懂 2 条" in seen


async def test_a_number_that_may_be_two_things_is_told_in_a_list(town):
    wang = await town.assessor()
    await wang.says("城关所 治安管理 2.1\n东门所 治安管理 2 缺岗")
    assert "“2.1”是细则 2.1，还是扣 2.1 分" in wang.sees()
    assert wang.buttons() == ["只记入 1 条", "都不记"]


async def test_a_line_that_says_that_nothing_was_found_is_told_as_not_logged(town):
    wang = await town.assessor()
    await wang.says("城关所 治安管理 扣1分 台账缺失\n南湖所 无问题\n东门所 执法质量 扣2分 卷宗缺页")
    assert "共 2 条：看懂 2 条" in wang.sees()
    assert "未记：南湖所 无问题" in wang.sees()
    await wang.presses("全部记入（2 条）")
    assert [row[1] for row in entries(town)] == ["chengguan", "dongmen"]


async def test_what_says_that_nothing_was_found_is_told_beside_a_single_deduction(town):
    wang = await town.assessor()
    await wang.says("城关所 治安管理 扣1分 台账缺失\n南湖所 无问题")
    assert "未记：南湖所 无问题" in wang.sees()
    await wang.presses("全部记入（1 条）")
    assert [(row[1], row[3]) for row in entries(town)] == [("chengguan", 100)]


async def test_a_part_of_a_line_that_says_that_nothing_was_found_is_told(town):
    wang = await town.assessor()
    await wang.says("城关所 治安管理 扣1分 台账缺失；南湖所 没有问题；东门所 执法质量 扣2分 卷宗缺页")
    assert "未记：南湖所 没有问题" in wang.sees()
    assert entries(town) == []


# Files


async def photos(player, count=1, **how):
    await player.uploads(
        *[Upload(f"{number}.png", Sketchbook.PNG + bytes([number])) for number in range(count)],
        kind="photo",
        **how,
    )


def attached(town):
    """How many files each record has, by its number."""
    with town.beside() as db:
        return dict(
            db.execute(
                "SELECT entry_id, count(*) FROM attachment WHERE entry_id IS NOT NULL GROUP BY entry_id"
            ).fetchall()
        )


async def test_a_photo_over_several_lines_is_evidence_of_each(town):
    wang = await town.assessor()
    await photos(wang, caption="/deduct\n城关所 治安管理 1 甲\n东门所 治安管理 2 乙\n西街所 治安管理 3 丙")
    assert attached(town) == {}
    await wang.presses("全部记入")
    assert attached(town) == {1: 1, 2: 1, 3: 1}
    for number in (1, 2, 3):
        await wang.says(f"/evidence {number}")
        assert f"记录 {number} 的证据 1/1" in wang.sees()
        assert [bool(message.get("photo")) for message in wang.answers()] == [True]


async def test_an_album_over_several_lines_is_evidence_of_those_that_are_written(town):
    wang = await town.assessor()
    await wang.says("/deduct 西街所 治安管理 1 在先")
    await photos(wang, 2, caption="城关所 治安管理 1 甲\n火星所 治安管理 1 没有\n东门所 治安管理 2 乙")
    await wang.presses("只记入 2 条")
    assert attached(town) == {2: 2, 3: 2}


async def test_a_photo_sent_after_the_lines_waits_with_them(town):
    wang = await town.assessor()
    await wang.says("/deduct\n城关所 治安管理 1 甲\n东门所 治安管理 2 乙")
    await photos(wang)
    await wang.presses("全部记入")
    assert attached(town) == {1: 1, 2: 1}


async def test_lines_that_are_not_written_leave_their_photo_to_be_placed(town):
    wang = await town.assessor()
    await wang.says("/deduct 西街所 治安管理 1 在先")
    await photos(wang, caption="城关所 治安管理 1 甲\n东门所 治安管理 2 乙")
    await wang.presses("都不记")
    assert len(entries(town)) == 1
    await wang.presses("记录 1")
    assert attached(town) == {1: 1}


# Chosen, repeated and late


async def test_dropped_lines_are_not_written_by_the_other_button(town):
    wang = await town.assessor()
    await wang.says("/deduct\n城关所 治安管理 1 甲\n东门所 治安管理 2 乙")
    preview = wang.answers()[0]
    data = preview["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await wang.presses("都不记")
    assert "这几条您已选择不记，没有登记。" in await wang.presses_data(preview, data, forged=True)
    assert entries(town) == []


async def test_the_quarter_that_was_pressed_is_taken_and_no_other(town):
    wang = await town.assessor()
    town.with_now(datetime(2026, 12, 3, 1, 0, tzinfo=UTC))
    await wang.says("城关所 治安管理 1 甲\n东门所 治安管理 2 乙")
    preview = wang.answers()[0]
    assert wang.buttons() == ["计入2026年第四季度（2 条）", "计入2027年第一季度（2 条）", "都不记"]
    (_, draft, _, _) = preview["reply_markup"]["inline_keyboard"][0][0]["callback_data"].split(":")
    for data in (f"b:{draft}:all:2", f"b:{draft}:all:x", f"b:{draft}:all:-1", f"b:{draft}:all"):
        assert "失效" in await wang.presses_data(preview, data, forged=True), data
    assert entries(town) == []
    await wang.presses("计入2027年第一季度")
    assert [(row[1], row[4]) for row in entries(town)] == [("chengguan", "2027Q1"), ("dongmen", "2027Q1")]


async def test_what_is_written_says_its_numbers_points_and_what_lacks_a_reason(town):
    wang = await town.assessor()
    await wang.says("城关所 治安管理 1 甲\n东门所 治安管理 2.5\n火星所 治安管理 1 丙")
    await wang.presses("只记入 2 条")
    assert "已登记 2 笔，详见下一条消息。" in wang.screen()
    assert wang.sees() == (
        "✔ 已登记 2 笔，共扣 3.5 分：\n\n"
        "记录 1　城关派出所　治安管理 −1　甲\n"
        "记录 2　东门派出所　治安管理 −2.5　未写原因\n\n"
        "另有 1 笔没有记入，请改好后另外发送。\n\n"
        "没写原因的，发送 /mine 逐笔补上；没有原因的记录不能提交。\n\n"
        "记错了？发送 /correct 编号 更正。"
    )


async def test_exactly_a_hundred_lines_are_taken(town):
    wang = await town.assessor()
    await wang.says("/deduct\n" + "\n".join(f"城关所 治安管理 0.1 第{number}处" for number in range(100)))
    assert "共 100 条：看懂 100 条" in wang.screen()


async def test_lines_that_repeat_records_are_told_and_can_be_left_out(town):
    services = town.app.services
    services.policy = replace(services.policy, same_within_days=7)
    wang, li = await town.assessor(), await town.assessor("李")
    await li.says("/deduct 城关所 治安管理 1 甲")
    await wang.says("城关所 治安管理 1 甲\n东门所 治安管理 2 乙")
    assert wang.sees().count("可能是同一件") == 1
    assert wang.buttons() == ["只记入其余 1 条", "连同重复的记入（2 条）", "都不记"]
    await wang.presses("只记入其余")
    assert [(row[1], row[3]) for row in entries(town)] == [("chengguan", 100), ("dongmen", 200)]


async def test_lines_that_repeat_records_can_be_written_all_the_same(town):
    services = town.app.services
    services.policy = replace(services.policy, same_within_days=7)
    wang, li = await town.assessor(), await town.assessor("李")
    await li.says("/deduct 城关所 治安管理 1 甲")
    await wang.says("城关所 治安管理 1 甲\n东门所 治安管理 2 乙")
    await wang.presses("连同重复的")
    assert [(row[1], row[3]) for row in entries(town)] == [
        ("chengguan", 100), ("chengguan", 100), ("dongmen", 200),
    ]  # fmt: skip


async def test_what_a_colleague_logged_meanwhile_is_shown_before_anything_is_written(town):
    services = town.app.services
    services.policy = replace(services.policy, same_within_days=7)
    wang, li = await town.assessor(), await town.assessor("李")
    await wang.says("城关所 治安管理 1 甲\n东门所 治安管理 2 乙")
    assert wang.buttons() == ["全部记入（2 条）", "都不记"]
    await li.says("/deduct 东门所 治安管理 2 乙")
    await wang.presses("全部记入")
    assert len(entries(town)) == 1
    assert "没有登记：其中有的刚刚已经登记过" in wang.screen()
    assert wang.buttons() == ["只记入其余 1 条", "连同重复的记入（2 条）", "都不记"]
    await wang.presses("只记入其余")
    assert [row[1] for row in entries(town)] == ["dongmen", "chengguan"]
