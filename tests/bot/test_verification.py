"""`verify` on a database with a row in every chained table."""

from decimal import Decimal

import pytest

from bot.verification import verify_seals
from rules.scheme import Item
from tests import officers
from tests.conversation import ON_SERVER, Post, Role


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


async def test_sums_that_are_not_what_the_ledger_says_are_made_anew_and_told(town, capsys):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert await verify_seals(town.config) == 0
    assert "✔ 汇总　1 个季度都与台账一致" in capsys.readouterr().out
    with town.beside() as db:
        db.execute("UPDATE tally SET points = 500")
    await wang.says("/score 城关所")
    assert "95" in wang.sees()
    assert await verify_seals(town.config) == 1
    assert "✗ 汇总　2026年第四季度有 1 处与台账不符，已按台账重新汇总" in capsys.readouterr().out
    assert await verify_seals(town.config) == 0
    await wang.says("/score 城关所")
    assert "98" in wang.sees()


@pytest.mark.skipif(ON_SERVER, reason="a server has as many writers as it likes")
async def test_a_file_that_the_bot_serves_is_not_written_beside_it(town, capsys):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 原因")
    with town.beside() as db:
        db.execute("UPDATE tally SET points = 500")
    town.app.database.claim()
    for _ in range(2):
        assert await verify_seals(town.config) == 1
        assert "有 1 处与台账不符，程序正在运行" in capsys.readouterr().out


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
