"""What people typed on the way to an entry is forgotten in time; what came of it stays."""

from datetime import timedelta

from conversation import STATIONS, Post, Role, entries

from storage import ledger


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


def updates(town):
    """State, words and error of every update that was taken in."""
    with town.beside() as base:
        return base.execute("SELECT state, payload, error FROM inbox ORDER BY id").fetchall()


async def test_what_an_update_said_is_forgotten_some_days_after_it_was_done_and_later_where_it_was_given_up(
    town, monkeypatch
):
    async def broken(*args, **kwargs):
        raise RuntimeError("on purpose")

    wang, retention = await town.assessor(), town.config.retention
    assert retention.inbox_days < retention.dead_days
    await wang.says("/help")
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "deduct", broken)
        await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    begun = town.clock()
    for days, done, dead in (
        (timedelta(days=retention.inbox_days, seconds=-1), True, True),
        (timedelta(days=retention.inbox_days, seconds=1), False, True),
        (timedelta(days=retention.dead_days, seconds=-1), False, True),
        (timedelta(days=retention.dead_days, seconds=1), False, False),
    ):
        town.with_now(begun + days)
        await forget(town)
        kept_ = [(state, payload is not None) for state, payload, _ in updates(town)]
        assert kept_ == [("done", done), ("dead", dead)], days
    assert [error for _, _, error in updates(town)] == [None, None]


async def test_what_still_waits_to_be_handled_is_never_forgotten(town):
    wang = await town.assessor()
    town.world.send(wang.id, wang.id, "/help")
    town.app.intake._stopping = True
    await town.app.intake.accept(list(town.world.pending))
    town.clock.move(days=4000)
    await forget(town)
    ((state, payload, _),) = updates(town)
    assert state == "waiting" and "/help" in payload


async def test_only_the_erased_officers_questions_are_forgotten(town):
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/roster 张伟 001234 民警 2026-01-01")
    await zhou.says("/roster 李强 005678 民警 2026-01-01")
    for name in ("张伟", "李强"):
        await zhou.says(f"/roster {name} 077777")
    asked = [content for state, content in kept(town) if state == "open"]
    assert [("张伟" in content, "李强" in content) for content in asked] == [(True, False), (False, True)]
    await zhou.says("/roster 删除 张伟")
    await zhou.presses("删除个人信息")
    ((first, forgotten), (second, words)) = kept(town)[-2:]
    assert (first, forgotten, second) == ("dropped", "", "open") and "李强" in words
