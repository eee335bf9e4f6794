"""What administrators are told: once a day and cause, never lost, and nothing that is not for them."""

import pytest
from conversation import ADMIN, Post, Role, alarms
from made_up import TOKEN

from bot.ops.alarm_text import refusal
from bot.ops.backups import Outcome
from charts.studio import WorkerGone
from sandbox.request import Fault
from storage import ledger, pushes
from storage.recount import Fault as Unsound
from storage.recount import FaultKind

SECRET = "民警张小军饮酒"


@pytest.fixture
def broken(monkeypatch):
    """Writing fails for an error that can be chosen."""
    kinds = [RuntimeError]

    async def fail(*args, **kwargs):
        raise kinds[0](f"{SECRET} 98 {TOKEN}")

    monkeypatch.setattr(ledger, "deduct", fail)
    return kinds


async def test_a_dead_update_is_told_once_a_day_and_cause(town, admin, broken):
    wang = await town.assessor()
    for _ in range(3):
        await wang.says("/deduct 城关所 治安管理 2 原因")
    assert "没能处理，已通知系统管理员" in wang.sees(), "each time its person is told"
    assert wang.screen().count("没能处理，已通知系统管理员") == 3
    assert len(alarms(town)) == 1 and "RuntimeError" in admin.screen()
    broken[0] = LookupError
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert len(alarms(town)) == 2 and "LookupError" in admin.screen()
    town.clock.move(days=1)
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert len(alarms(town)) == 3


async def test_an_alarm_outlives_the_process_and_a_line_that_is_down(town, admin, broken):
    wang = await town.assessor()
    town.world.send(wang.id, wang.id, "/deduct 城关所 治安管理 2 原因")
    batch = list(town.world.pending)
    await town.app.intake.accept(batch)
    town.world.confirm(batch[-1]["update_id"] + 1)
    await town.app.intake.idle()
    assert "处理不了" not in admin.screen()
    await town.restart()
    town.request.fail_next("sendMessage", Fault.NEVER_ARRIVED, Fault.NEVER_ARRIVED)
    await town.app.pusher.send_due()
    assert "处理不了" not in admin.screen()
    town.clock.move(minutes=1)
    await town.app.pusher.send_due()
    assert admin.screen().count("处理不了") == 1 and wang.screen().count("没能处理，已通知系统管理员") == 1


async def planned(town, chat_id, text, key="k"):
    async with town.app.database.transaction() as session:
        await pushes.plan(session, key=key, chat_id=chat_id, text=text, due_at=town.clock())
    await town.app.pusher.send_due()


async def test_a_message_that_telegram_will_not_take_is_told(town, admin):
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/whoami")
    for number in range(3):
        await planned(town, zhou.id, f"<{SECRET}>98", key=f"{number}")
    assert len(alarms(town)) == 1
    assert "Telegram 不收" in admin.screen() and "格式不对" in admin.screen() and "/pushes" in admin.screen()


async def test_who_keeps_the_bot_out_or_is_gone_raises_no_alarm(town, admin):
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/whoami")
    town.world.block(zhou.id)
    await planned(town, zhou.id, "通知")
    await planned(town, 777777, "通知", key="nobody")
    with town.beside() as db:
        assert db.execute("SELECT count(*) FROM push WHERE state = 'dropped'").fetchone() == (2,)
    assert alarms(town) == []


async def test_an_administrator_who_cannot_be_reached_starts_no_avalanche(town, broken):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 原因")
    for _ in range(3):
        await town.app.pusher.send_due()
    assert len(alarms(town)) == 1


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Can't parse entities: unsupported start tag", "格式不对"),
        ("Message is too long", "超过长度限制"),
        ("Not enough rights to send text messages to the chat", "机器人在群里没有发言权限"),
        ("Photo_invalid_dimensions", "图片不收"),
        (SECRET, "其他原因"),
    ],
)
def test_why_telegram_would_not_take_a_message_is_told_in_words_of_ours(said, told):
    assert refusal(said) == told


async def test_nobody_being_left_to_draw_is_told_and_the_figures_still_come(town, admin, monkeypatch):
    async def gone(chart, kind=None):
        raise WorkerGone("twice")

    monkeypatch.setattr(town.studio, "draw", gone)
    lin = await town.person("林主任", Post(Role.OFFICE))
    for unit in ("城关所", "东门所"):
        await lin.says(f"/score {unit}")
        assert "100" in lin.sees()
    assert len(alarms(town)) == 1 and "图表画不出来" in admin.screen()


async def test_a_chart_that_cannot_be_drawn_is_no_alarm(town, admin):
    town.studio.broken = True
    lin = await town.person("林主任", Post(Role.OFFICE))
    await lin.says("/score 城关所")
    assert "图表暂时没有生成" in lin.sees() and alarms(town) == []


async def test_a_failed_backup_is_told_without_a_token(town, admin):
    for _ in range(2):
        await town.app.alarms.backup_failed(Outcome(f"磁盘满了 <{TOKEN}>"))
    await town.settle()
    assert len(alarms(town)) == 1
    assert "备份没有成功" in admin.screen() and "磁盘满了" in admin.screen()
    assert TOKEN not in alarms(town)[0][1]


async def test_a_backup_of_data_that_is_not_whole_is_not_called_a_failed_one(town, admin):
    await town.app.alarms.backup_failed(Outcome("", {FaultKind.SEALS: 2}, 3))
    await town.settle()
    assert "台账与校验码不符（2 处）、证据文件缺失或改变（3 份）" in admin.screen()
    assert "没有新的备份" not in admin.screen() and "先停用程序" in admin.screen()


async def test_no_alarm_holds_a_score_a_name_a_persons_text_or_a_token(town, admin, broken):
    wang = await town.assessor("王考核")
    await wang.says(f"/deduct 城关所 治安管理 2 {SECRET}")
    await planned(town, wang.id, f"<{SECRET}>98")
    await town.app.alarms.unsound(
        [
            Unsound(FaultKind.SEALS, "entry 派出所考核小组 2", intact=1),
            Unsound(FaultKind.CUT, "audit audit 2", intact=1, since=town.clock()),
            Unsound(FaultKind.CHANGED, "post 3", columns=("role",)),
            Unsound(FaultKind.CONFIRMED, "2026Q3 派出所考核小组"),
            Unsound(FaultKind.TALLY, "2026Q4 dongmen 执法质量"),
        ]
    )
    await town.app.alarms.ends_unkept(f"不能写 {TOKEN}")
    await town.app.alarms.chart_worker_gone()
    await town.app.alarms.clock_skewed(-31.4)
    await town.app.alarms.unwatched("127.0.0.1:9464")
    await town.app.alarms.backup_failed(Outcome(f"失败 {TOKEN}"))
    await town.app.alarms.backup_failed(Outcome("", {FaultKind.SEALS: 1}, 2))
    texts = [text for chat_id, text in alarms(town) if chat_id == ADMIN]
    assert len(texts) == 13
    for text in texts:
        for private in (SECRET, "张小军", "王考核", "98", "城关", "治安管理", TOKEN, TOKEN.split(":")[1]):
            assert private not in text, text
        assert text.startswith("⚠ <b>") and "请" in text and "今天不再提醒" in text
