"""`verify` on a database with a row in every chained table."""

from decimal import Decimal

from bot.ops.rebuild_sums import rebuild_sums
from bot.ops.verification import verify_seals
from rules.scheme import Item
from tests import officers
from tests.conversation import Post, Role


async def test_the_officers_ledger_is_recounted_and_named_too(town, capsys):
    await officers.rule(town, "chengguan", 2026, (Item("执法办案", Decimal(60)),))
    await officers.enlist(town, "chengguan", "张伟")
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 原因")
    await zhou.says("/officer 张伟 执法 1 迟到")
    assert await verify_seals(town.config) == 0
    said = capsys.readouterr().out
    assert "✔ 台账　派出所考核小组　1 条" in said
    assert "✔ 民警台账　民警台账　1 条" in said
    assert "✔ 操作留痕　audit　" in said


async def test_sums_that_are_not_what_the_ledger_says_are_told_and_left_until_somebody_says_why(town, capsys):
    lin, wang = await town.person("林主任", Post(Role.OFFICE)), await town.assessor()
    await lin.says("/help")
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert await verify_seals(town.config) == 0
    assert "✔ 汇总　1 个季度都与台账一致" in capsys.readouterr().out
    with town.beside() as db:
        db.execute("UPDATE tally SET points = 500")
    for _ in range(2):
        assert await verify_seals(town.config) == 1
        said = capsys.readouterr().out
        assert "✗ 汇总　2026年第四季度有 1 处与台账不符" in said and "rebuild-sums --reason" in said
        assert "台账没有问题" not in said
    await wang.says("/score 城关所")
    assert "95" in wang.sees()
    assert await rebuild_sums(town.config, " ", now=town.clock()) == 2
    assert "没有重算：请用 --reason 写明原因" in capsys.readouterr().err
    assert await rebuild_sums(town.config, "误改后恢复", now=town.clock()) == 0
    assert "✔ 2026年第四季度的汇总有 1 处不符，已按台账重算" in capsys.readouterr().out
    assert await verify_seals(town.config) == 0
    await wang.says("/score 城关所")
    assert "98" in wang.sees()
    town.app.pusher.wake()
    await town.settle()
    assert "汇总已按台账重算" in lin.screen() and "误改后恢复" in lin.screen()
    await lin.says("/audit")
    assert "重算汇总　2026Q4 1 处：误改后恢复" in lin.sees()


async def test_sums_are_not_made_of_a_ledger_that_does_not_hold_itself(town, capsys):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 原因")
    with town.beside() as db:
        db.unguard("entry")
        db.execute("UPDATE entry SET points = 100")
    assert await rebuild_sums(town.config, "试一试", now=town.clock()) == 2
    assert "台账自己也对不上" in capsys.readouterr().err
    with town.beside() as db:
        assert db.execute("SELECT points FROM tally").fetchone() == (200,)


async def test_a_ledger_that_does_not_hold_itself_makes_no_sums(town, capsys):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 原因")
    with town.beside() as db:
        db.unguard("entry")
        db.execute("UPDATE entry SET points = 100")
    assert await verify_seals(town.config) == 1
    assert "汇总" not in capsys.readouterr().out
    with town.beside() as db:
        assert db.execute("SELECT points FROM tally").fetchone() == (200,)
