"""Inline mode: looking names up, and a pick that only opens a draft."""

from conversation import entries


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
