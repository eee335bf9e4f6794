"""`verify` on a database with a row in every chained table."""

from decimal import Decimal

from bot.verification import verify_seals
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
