"""Inline mode: looking names up, and a pick that only opens a draft."""

import pytest
from conversation import OFFICES, STATIONS, Post, Role, entries


async def ask(town, player, query, chat=None):
    query_id = town.world.inline(player.id, chat or player.id, query)
    await town.settle()
    return query_id, await town.world.inline_answered(query_id, seconds=1)


async def test_what_is_picked_opens_a_draft_and_writes_nothing_by_itself(town):
    wang = await town.assessor()
    query_id, results = await ask(town, wang, "城关 治安 2 台账")
    assert [r["title"] for r in results] == ["城关派出所　治安管理 2 台账"]
    town.world.pick(wang.id, wang.id, query_id, results[0]["id"])
    await town.settle()
    assert "请核对" in wang.screen()
    assert entries(town) == []
    await wang.presses("✔ 登记")
    assert [(row[1], row[2], row[3], row[5]) for row in entries(town)] == [
        ("chengguan", "治安管理", 200, "台账")
    ]


async def test_a_unit_then_its_items_are_offered(town):
    wang = await town.assessor()
    _, results = await ask(town, wang, "城关")
    assert [r["title"] for r in results][:2] == ["城关派出所", "城关派出所　队伍日常管理"]
    _, results = await ask(town, wang, "")
    assert len(results) == 20


async def test_nobody_is_offered_what_is_not_theirs(town):
    wang, other = await town.assessor(own="chengguan"), await town.person("路人")
    _, results = await ask(town, wang, "城关")
    assert not any("城关" in r["title"] for r in results)
    _, results = await ask(town, other, "城关")
    assert results == []


async def test_a_query_that_comes_too_late_raises_no_alarm(town):
    wang = await town.assessor()
    town.world.inline(wang.id, wang.id, "城关")
    town.clock.move(minutes=5)
    await town.settle()
    assert wang.screen() == ""


async def test_each_result_becomes_the_command_that_its_title_tells(town):
    wang = await town.assessor()
    _, results = await ask(town, wang, "东门 执法质量 0.5  卷宗 缺页")
    assert [(r["title"], r["input_message_content"]["message_text"]) for r in results] == [
        ("东门派出所　执法质量 0.5  卷宗 缺页", "/deduct 东门派出所 执法质量 0.5  卷宗 缺页")
    ]
    _, results = await ask(town, wang, "西街")
    items = ["队伍日常管理", "治安管理", "打击、破案及追逃", "执法质量", "人口管理", "安全防范", "情报信息"]
    assert [(r["title"], r["input_message_content"]["message_text"]) for r in results] == [
        ("西街派出所", "/deduct 西街派出所"),
        *((f"西街派出所　{item}", f"/deduct 西街派出所 {item}") for item in items),
    ]
    assert {r["description"] for r in results} == {"点选后核对，按［登记］才算数"}
    assert [r["id"] for r in results] == [str(n) for n in range(8)]


async def test_an_answer_is_the_asker_s_own_and_is_not_kept(town):
    wang = await town.assessor()
    await ask(town, wang, "城关")
    params = town.request.calls[-1].params
    assert (town.request.calls[-1].method, str(params["cache_time"]), str(params["is_personal"]).lower()) == (
        "answerInlineQuery", "0", "true",
    )  # fmt: skip


async def test_each_group_is_offered_its_own_units(town):
    wang, zheng = await town.assessor(), await town.assessor("郑明", OFFICES)
    for player, category in ((wang, {"派出所"}), (zheng, {"机关科室", "实战所队"})):
        _, results = await ask(town, player, "")
        units = [u.name for u in town.app.services.bureau.units if u.category in category][:20]
        assert [r["title"] for r in results] == units
    _, results = await ask(town, zheng, "城关")
    assert results == []
    _, results = await ask(town, zheng, "法制")
    assert results[0]["title"] == "法制科"


@pytest.mark.parametrize(
    "post",
    [Post(Role.LIAISON, unit="chengguan"), Post(Role.LEADER), Post(Role.OFFICE), Post(Role.ADMIN), Post(Role.UNIT_HEAD, unit="chengguan")],
)  # fmt: skip
async def test_who_logs_no_deductions_is_offered_nothing(town, post):
    player = await town.person("某人", post)
    for query in ("", "城关", "城关 治安管理"):
        _, results = await ask(town, player, query)
        assert results == []


async def test_whose_post_ended_is_offered_nothing_any_more(town):
    wang, lin = await town.assessor(), await town.person("林主任", Post(Role.OFFICE))
    await lin.says("/remove 王伟")
    await lin.presses("移除")
    _, results = await ask(town, wang, "城关")
    assert results == []


async def test_what_is_picked_in_the_group_s_chat_is_confirmed_there(town):
    wang = await town.assessor()
    chat = await town.bound("派出所组", [wang], STATIONS)
    query_id, results = await ask(town, wang, "城关 治安 2 台账", chat)
    town.world.pick(wang.id, chat, query_id, results[0]["id"])
    await town.settle()
    assert "请核对" in wang.screen(chat)
    assert entries(town) == []
    await wang.presses("✔ 登记", chat=chat)
    assert [(row[1], row[3]) for row in entries(town)] == [("chengguan", 200)]
