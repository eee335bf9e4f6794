"""What people typed on the way to an entry is forgotten in time; what came of it stays."""

from conversation import STATIONS, Post, Role, entries


async def forget(town):
    """The hourly job that forgets."""
    (round_,) = [round_ for round_ in town.app.rounds.all if round_.name == "forget"]
    await round_.work()


def kept(town):
    """State and content of every question."""
    with town.beside() as base:
        return base.execute("SELECT state, content FROM draft ORDER BY id").fetchall()


async def test_the_words_of_a_question_are_forgotten_thirty_days_after_it_was_asked(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失\n/deduct 东门所 治安管理 1 巡查缺失")
    await wang.presses("全部记入")
    assert len(entries(town)) == 2
    await wang.says("/deduct 城关所")
    ((done, words), (open_, _)) = kept(town)
    assert (done, open_) == ("done", "open") and "台账缺失" in words
    town.clock.move(days=30, seconds=-1)
    await forget(town)
    assert all(content for _, content in kept(town))
    town.clock.move(seconds=2)
    await forget(town)
    assert kept(town) == [("done", ""), ("dropped", "")]
    assert "台账缺失" in str(entries(town)) and "巡查缺失" in str(entries(town))


async def test_a_button_of_a_forgotten_question_says_so_and_does_nothing(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所")
    town.clock.move(days=31)
    await forget(town)
    assert "失效" in str(await wang.presses("治安管理"))
    assert entries(town) == []


async def test_an_erased_officers_name_leaves_the_questions_of_every_kind(town):
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    wang = await town.person("王考核", Post(Role.ASSESSOR, group=STATIONS))
    await zhou.says("/roster 张伟 001234 民警 2026-01-01")
    await wang.says("/deduct 城关所 治安管理 2 张伟脱岗\n/deduct 城关所 治安管理 1 原因")
    assert sum("张伟" in content for _, content in kept(town)) >= 1
    await wang.presses("全部记入")
    await zhou.says("/roster 删除 张伟")
    await zhou.presses("删除个人信息")
    assert not any("张伟" in content for _, content in kept(town))


async def test_an_open_deduction_does_not_go_away_with_a_name_that_is_erased(town):
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    wang = await town.person("王考核", Post(Role.ASSESSOR, group=STATIONS))
    await zhou.says("/roster 张伟 001234 民警 2026-01-01")
    await wang.says("/deduct 城关所 治安管理 2 张伟脱岗\n/deduct 城关所 治安管理 1 台账缺失")
    await zhou.says("/roster 删除 张伟")
    await zhou.presses("删除个人信息")
    await wang.presses("全部记入")
    assert len(entries(town)) == 2
