"""What is looked after by itself: the seals at night, the clock against Telegram's."""

from datetime import UTC, datetime, timedelta

from conversation import Post, Role, alarms, entries

from bot.ops.metrics import Metrics
from storage.recount import recount

SECRET = "民警张小军饮酒"


def flip(town):
    """What somebody does who has the file: the trigger goes, and a row is another."""
    with town.beside() as db:
        db.unguard("entry")
        assert db.execute("UPDATE entry SET points = 100 WHERE id = 2").rowcount == 1


async def test_a_row_that_was_changed_in_the_file_is_found_at_night_and_told_to_the_office_too(town, admin):
    lin, wang = await town.person("林主任", Post(Role.OFFICE)), await town.assessor()
    await lin.says("/help")
    for points in (2, 3, 4):
        await wang.says(f"/deduct 城关所 治安管理 {points} {SECRET}")
    assert await town.app.watch.nightly(town.clock())
    assert alarms(town) == []
    flip(town)
    night = datetime(2026, 11, 10, 19, 30, tzinfo=UTC)  # 03:30 on the 11th in Shanghai
    assert not await town.app.watch.nightly(night - timedelta(minutes=1))
    town.with_now(night)
    assert await town.app.watch.nightly(night)
    assert not await town.app.watch.nightly(night + timedelta(minutes=1)), "once a night"
    await town.settle()
    for person in (admin, lin):
        assert "台账（派出所考核小组）的校验码对不上" in person.screen()
        assert "从编号 2 起，此前 1 条没有改动" in person.screen()
    assert "校验码" not in wang.screen()
    assert len(alarms(town)) == 2
    town.clock.move(days=1)
    assert await town.app.watch.nightly(town.clock())
    assert len(alarms(town)) == 4, "as long as it is so, every night"


async def test_rows_that_were_taken_off_the_end_are_missed_the_next_night(town, admin):
    wang = await town.assessor()
    for points in (2, 3):
        await wang.says(f"/deduct 城关所 治安管理 {points} 原因")
    await town.app.watch.nightly(town.clock())
    town.clock.move(days=1)
    await wang.says("/deduct 城关所 治安管理 1 原因")
    await town.app.watch.nightly(town.clock())
    assert alarms(town) == []
    with town.beside() as db:
        db.unguard("entry")
        assert db.execute("DELETE FROM entry WHERE id = 3").rowcount == 1
    await wang.says("/deduct 城关所 治安管理 0.5 原因")
    town.clock.move(days=1)
    await town.app.watch.nightly(town.clock())
    await town.settle()
    assert len(alarms(town)) == 1
    assert "台账（派出所考核小组）少了记录" in admin.screen() and "第 3 条" in admin.screen()


async def test_sums_that_are_not_what_the_ledger_says_are_told_at_night_and_left_as_they_are(town, admin):
    lin, wang = await town.person("林主任", Post(Role.OFFICE)), await town.assessor()
    await lin.says("/help")
    await wang.says(f"/deduct 城关所 治安管理 2 {SECRET}")
    with town.beside() as db:
        db.execute("UPDATE tally SET points = 500")
    await town.app.watch.nightly(town.clock())
    await town.settle()
    for person in (admin, lin):
        assert "2026年第四季度的汇总与台账不符（1 处）" in person.screen()
        assert "重算以前看到的可能不对" in person.screen() and "台账没有问题" not in person.screen()
    assert "汇总" not in wang.screen()
    await wang.says("/score 城关所")
    assert "95" in wang.sees()
    town.clock.move(days=1)
    await town.app.watch.nightly(town.clock())
    assert len(alarms(town)) == 4, "as long as it is so, every night"


async def test_after_a_start_the_seals_are_looked_over_at_once(town, admin):
    wang = await town.assessor()
    for points in (2, 3):
        await wang.says(f"/deduct 城关所 治安管理 {points} 原因")
    flip(town)
    await town.restart()
    await town.app.watch.look()
    await town.settle()
    assert "校验码对不上" in admin.screen()


async def test_all_is_compared_piece_by_piece_and_others_write_meanwhile(town):
    wang = await town.assessor()
    for points in range(1, 6):
        await wang.says(f"/deduct 城关所 打击 0.{points} 原因")
    pauses = []

    async def pause():
        pauses.append(None)
        if len(pauses) == 1:
            await wang.says("/deduct 城关所 打击 0.6 原因")

    found = await recount(town.app.database.reading, rows=2, pause=pause)
    (verdict,) = [verdict for verdict in found.verdicts if verdict.table == "entry"]
    assert (verdict.broken, verdict.head.count) == (None, 6)
    assert found.faults == () and len(pauses) > 3 and len(entries(town)) == 6


async def test_a_database_that_is_away_at_night_is_asked_again_a_minute_later(town, admin, monkeypatch):
    from sqlalchemy.exc import OperationalError

    from storage import hash_chain

    with monkeypatch.context() as patch:

        async def away(session):
            raise OperationalError("", {}, Exception("away"))

        patch.setattr(hash_chain, "names", away)
        await town.app.watch.look()
    assert await town.app.watch.nightly(town.clock()), "still due"


async def test_a_clock_that_is_wrong_by_telegrams_answers_is_told(town, admin):
    wang = await town.assessor()
    there = town.world.now
    town.world.now = lambda: there() - timedelta(seconds=45)
    await wang.says("/help")
    await town.app.watch.look()
    assert alarms(town) == [], "one answer may have been long on its way"
    for _ in range(2):
        await wang.says("/help")
    await town.app.watch.look()
    await town.app.watch.look()
    await town.settle()
    assert len(alarms(town)) == 1 and "比 Telegram 快 45 秒左右" in admin.screen()


def test_a_single_answer_that_was_late_says_nothing_about_the_clock():
    metrics = Metrics()
    for expected in (0.0, 0.0, 45.0):
        metrics.told_the_time(45.0)
        assert metrics.skew == expected
    metrics.told_the_time(0.5)
    assert metrics.skew == 0.5
