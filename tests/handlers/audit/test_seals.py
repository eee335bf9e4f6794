"""An old message of seals, handed in: whether all that came before it still stands; and backups that were put back."""

import pytest
from conversation import ON_SERVER, STATIONS, Post, Role, alarms

from bot.ops.backups import back_up
from bot.ops.restore import restore
from bot.ops.verification import verify_seals
from handlers.reminders.daily import plan_heads
from storage import hash_chain
from tests.backing import elsewhere, lived_in, town_at

OLD = (
    "台账校验码　{day}\n"
    "请保留这条消息。需要核对时由系统管理员运行 verify，校验码一致就说明此前的记录没有被改动过。\n\n{lines}"
)


async def daily(town, reader):
    """Today's message of seals as the reader has it in the chat."""
    await plan_heads(town.app.services, town.clock())
    await town.settle()
    return next(
        text for m in reversed(town.world.store.messages(reader.id, limit=1000))
        if (text := str(m.get("text", ""))).startswith("台账校验码")
    )  # fmt: skip


@pytest.fixture
async def people(town):
    """The office, a leader and an assessor, who has logged two deductions by six in the evening."""
    lin, gao = await town.person("林主任", Post(Role.OFFICE)), await town.person("高局长", Post(Role.LEADER))
    wang = await town.assessor()
    for person in (lin, gao):
        await person.says("/whoami")
    for points in (2, 3):
        await wang.says(f"/deduct 城关所 治安管理 {points} 原因")
    town.clock.move(hours=10)
    return lin, gao, wang


async def test_the_message_itself_says_that_it_can_be_handed_in_and_it_stands(town, people):
    lin, gao, wang = people
    message = await daily(town, gao)
    assert "整条粘贴或转发给我" in message
    await wang.says("/deduct 城关所 治安管理 1 原因")
    town.clock.move(days=3)
    for person, words in ((lin, message), (gao, message), (lin, f"/audit 核对 {message}")):
        await person.says(words)
        assert f"✔ 台账（{STATIONS}）　第 2 条以前都没有改动" in person.sees()
        assert "✔ 办理登记　第" in person.sees() and "没有发现改动" in person.sees()
    await lin.says("/audit")
    assert "高局长　核对校验码" in lin.sees() and "都对得上" in lin.sees()


async def test_a_message_that_was_forwarded_is_read_too(town, people):
    _, gao, _ = people
    message = await daily(town, gao)
    town.world.send(gao.id, gao.id, message, forward=True)
    await town.settle()
    assert f"✔ 台账（{STATIONS}）　第 2 条" in gao.screen()


async def test_a_message_of_an_older_version_is_understood(town, people):
    lin, _, _ = people
    async with town.app.database.reading() as session:
        heads = await hash_chain.heads(session)
    names = {"audit": "操作留痕"}
    lines = [f"{names.get(h.chain, h.chain)}　{h.count} 条\n{h.seal}" for h in heads if h.chain != "register"]
    await lin.says(OLD.format(day="2026年11月10日", lines="\n".join(lines)))
    assert f"✔ 台账（{STATIONS}）　第 2 条" in lin.sees() and "✔ 操作留痕　第" in lin.sees()


async def test_what_was_changed_since_is_told_with_between_when_and_when(town, people):
    _, gao, wang = people
    first = await daily(town, gao)
    town.clock.move(days=1)
    await wang.says("/deduct 城关所 治安管理 1 原因")
    second = await daily(town, gao)
    with town.beside() as db:
        db.unguard("entry")
        db.execute("DELETE FROM entry WHERE id = 3")
    town.clock.move(days=1)
    await gao.says(first)
    assert f"✔ 台账（{STATIONS}）　第 2 条以前都没有改动" in gao.sees()
    await gao.says(second)
    seen = gao.sees()
    assert f"✗ 台账（{STATIONS}）　第 3 条以前有改动" in seen
    assert "前 2 条仍然对得上" in seen and "2026年11月11日 19:00 还是对的，改动在那以后" in seen
    assert "请立即告诉系统管理员和分管领导" in seen
    with town.beside() as db:
        assert db.execute("SELECT count(*) FROM entry").fetchone() == (2,)


async def test_only_office_and_leaders_compare_and_only_whole_seals(town, people):
    lin, gao, wang = people
    message = await daily(town, gao)
    for words in (message, f"/audit 核对 {message}"):
        await wang.says(words)
        assert "核对结果" not in wang.sees() and "考评办" in wang.sees()
    await lin.says("/audit")
    assert "王伟　越权被拒" in lin.sees()
    await gao.says(message[:120])
    assert "没有核对：没有看到完整的校验码" in gao.sees()


async def test_an_open_question_does_not_take_the_seals_for_its_answer(town, people):
    lin, _, _ = people
    message = await daily(town, lin)
    await lin.says("/correct 1")
    await lin.says(message)
    assert "核对结果" in lin.sees()


async def test_the_command_line_compares_an_old_message_too(town, people, capsys):
    lin, _, wang = people
    message = await daily(town, lin)
    await wang.says("/deduct 城关所 治安管理 1 原因")
    assert await verify_seals(town.config, message) == 0
    assert f"✔ 台账（{STATIONS}）　第 2 条以前都没有改动，与这条消息一致" in capsys.readouterr().out
    with town.beside() as db:
        db.unguard("entry")
        db.execute("UPDATE entry SET points = 100 WHERE id = 1")
    assert await verify_seals(town.config, message) == 1
    assert f"✗ 台账（{STATIONS}）　第 2 条以前有改动" in capsys.readouterr().out
    assert await verify_seals(town.config, "没有校验码") == 2
    assert "--seal 里没有看到校验码" in capsys.readouterr().err


@pytest.mark.skipif(ON_SERVER, reason="a file is put back")
async def test_a_backup_that_is_put_back_is_in_the_trail_and_told_with_both_ends(tmp_path, capsys):
    town = await lived_in(tmp_path / "bureau")
    backups = tmp_path / "backups"
    assert await back_up(town.config, backups, now=town.clock()) == 0
    town.clock.move(days=40)
    await (await town.assessor()).says("/deduct 城关所 治安管理 1 原因")
    await town.app.watch.look()
    lin = await town.person("林主任", Post(Role.OFFICE))
    async with town.app.database.reading() as session:
        before = {head.chain: head.seal for head in await hash_chain.heads(session)}
    await town.close()
    town.config = elsewhere(town, tmp_path / "new")
    ends = str(tmp_path / "bureau" / "backups" / "seals")
    kept = town.config.backup.model_copy(update={"seals": ends})
    town.config = town.config.model_copy(update={"backup": kept})
    town._made = town.config.database.url
    (path,) = backups.glob("kaoping-*")
    assert await restore(town.config, path, clock=town.clock) == 0
    for _ in range(2):
        await town.open()
        await town.app.watch.look()
        await town.settle()
        await town.close()
    assert alarms(town) == [], "what came after the backup need not stand"
    await town.open()
    assert lin.screen().count("数据库恢复过备份") == 1
    async with town.app.database.reading() as session:
        after = {head.chain: head.seal for head in await hash_chain.heads(session)}
    assert before[STATIONS] in lin.screen() and after[STATIONS] in lin.screen()
    await lin.says("/audit")
    assert lin.sees().count("恢复备份") == 1
    await town.close()
    assert await verify_seals(town.config) == 0
    assert "恢复过 2027年3月6日" in capsys.readouterr().out


@pytest.mark.skipif(ON_SERVER, reason="a file is put back")
async def test_an_old_copy_in_the_place_of_the_database_is_found_at_the_start(tmp_path):
    town = await town_at(tmp_path / "bureau")
    wang, lin = await town.assessor(), await town.person("林主任", Post(Role.OFFICE))
    await wang.says("/deduct 城关所 治安管理 2 原因")
    await town.app.watch.look()
    await town.close()
    file = tmp_path / "bureau" / "kaoping.db"
    old = file.read_bytes()
    await town.open()
    town.clock.move(days=3)
    await wang.says("/deduct 城关所 治安管理 1 原因")
    await town.app.watch.look()
    await town.close()
    file.write_bytes(old)
    town.clock.move(days=1)
    await town.open()
    for _ in range(2):
        await town.app.watch.look()
    found = [text for chat, text in alarms(town) if chat == lin.id]
    assert f"台账（{STATIONS}）的末尾对不上" in "\n".join(found)
    assert "前 1 条仍然对得上" in "\n".join(found)
    assert await verify_seals(town.config) == 1
    await town.close()
