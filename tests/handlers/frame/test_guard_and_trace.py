"""Numbers that must not be kept, group chats, the audit trail and the seals."""

import pytest
from conversation import OFFICES, ON_SERVER, STATIONS, Post, Role, entries

from storage import hash_chain

ID_CARD = "11010519491231002X"


def inbox(town):
    with town.beside() as db:
        return "".join(str(row[0]) for row in db.execute("SELECT payload FROM inbox"))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (f"嫌疑人{ID_CARD}未登记", "身份证号 110105********002X"),
        ("电话13800138000", "手机号 138****8000"),
        ("卡号 6222 0212 3456 7890 128", "银行卡号 622202*********0128"),
    ],
)
async def test_a_persons_number_is_not_written_and_leaves_the_inbox_at_once(town, text, hint):
    wang = await town.assessor()
    await wang.says(f"/deduct 城关所 治安管理 2 {text}")
    assert hint in wang.sees()
    assert entries(town) == []
    assert text[-6:] not in inbox(town)
    assert text[-6:] not in wang.sees()


async def test_it_is_kept_nowhere_else_either(town):
    wang = await town.assessor()
    await wang.says(f"/deduct\n城关所 治安管理 1 {ID_CARD}\n东门所 治安管理 1 好的")
    message = await wang.says("你好")
    await wang.edits(message, f"/deduct 城关所 治安管理 1 {ID_CARD}")
    town.world.inline(wang.id, wang.id, f"城关 {ID_CARD}")
    await town.settle()
    await wang.says(f"随便说说 {ID_CARD}")
    with town.beside() as db:
        for table in db.tables():
            assert ID_CARD not in str(db.execute(f"SELECT * FROM {table}").fetchall()), table
    await town.close()
    if not ON_SERVER:  # what a server has cleared lies in its files until it vacuums them
        assert ID_CARD.encode() not in (town.folder / "kaoping.db").read_bytes()
    await town.open()


async def test_a_case_number_passes(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 案件A4301112026110001234、20261110000123未结")
    assert len(entries(town)) == 1


async def test_masked_where_the_config_says_so(town):
    from dataclasses import replace

    from rules.policy import Guard

    town.app.services.policy = replace(town.app.services.policy, guard=Guard.MASK)
    wang = await town.assessor()
    await wang.says(f"/deduct 城关所 治安管理 2 嫌疑人{ID_CARD}")
    assert entries(town)[0][5] == "嫌疑人110105********002X"
    assert ID_CARD not in inbox(town)


async def test_a_group_chat_works_once_it_is_bound_and_for_its_members_only(town):
    lin = await town.person("林主任", Post(Role.OFFICE))
    wang, zheng = await town.assessor(), await town.assessor("郑", OFFICES)
    group = town.group("群", [lin, wang, zheng])
    await wang.says("/deduct 城关所 治安管理 2 原因", chat=group)
    assert "没有绑定考核小组" in wang.sees(group)
    await wang.says("/bind 派出所考核小组", chat=group)
    assert "没有这项权限" in wang.sees(group)
    await lin.says("/bind", chat=group)
    await lin.presses("派出所考核小组", chat=group)
    assert "setprivacy" in lin.screen(group)
    await wang.says("/deduct 城关所 治安管理 2 原因", chat=group)
    assert len(entries(town)) == 1
    await zheng.says("/deduct 法制科 本职业务 2 原因", chat=group)
    assert "不在这个小组" in zheng.sees(group)
    await lin.says("/bind 解除", chat=group)
    await wang.says("/deduct 城关所 治安管理 2 原因", chat=group)
    assert len(entries(town)) == 1
    await lin.says("/bind 派出所考核小组")
    assert "要在群里发送" in lin.sees()


async def test_the_trail_tells_who_did_what_and_who_was_refused(town):
    lin, wang = await town.person("林主任", Post(Role.OFFICE)), await town.assessor()
    stranger = await town.person("路人")
    await stranger.says("/rank 派出所一序列")
    await stranger.says("/rank 派出所一序列")
    await wang.says("/deduct 城关所 治安管理 2 原因")
    await wang.says("/deduct 法制科 本职业务 2 原因")
    await wang.says("/audit")
    assert "没有这项权限" in wang.sees()
    await lin.says("/audit")
    seen = lin.sees()
    assert "王伟　登记扣分　记录 1　城关派出所　原因" in seen
    assert "王伟　越权被拒　Barred" in seen
    assert f"编号 {stranger.id}" not in seen
    await lin.says("/audit 城关所")
    assert "登记扣分" in lin.sees() and "越权" not in lin.sees()
    await lin.says("/audit 王伟")
    assert "登记扣分" in lin.sees() and "编号" not in lin.sees()
    await lin.says("/audit 11-9")
    assert "没有相应" in lin.sees()
    await lin.says("/audit 谁也不是")
    assert "没有“谁也不是”" in lin.sees()
    await lin.says("/audit 9999-12-31")
    assert "没有相应" in lin.sees()


async def test_the_seals_go_to_the_office_and_the_leaders_once_a_day(town):
    from handlers.reminders.daily import plan_heads

    lin, gao = await town.person("林主任", Post(Role.OFFICE)), await town.person("高局长", Post(Role.LEADER))
    wang = await town.assessor()
    for person in (lin, gao):
        await person.says("/whoami")
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert await plan_heads(town.app.services, town.clock()) == 0
    town.clock.move(hours=10)
    for _ in range(2):
        await plan_heads(town.app.services, town.clock())
        await town.settle()
    async with town.app.database.reading() as session:
        head = next(h for h in await hash_chain.heads(session) if h.chain == STATIONS)
    for person in (lin, gao):
        assert person.screen().count("台账校验码") == 1
        assert head.seal in person.screen()


async def tamper(town, statement):
    await town.close()
    with town.beside() as db:
        db.unguard("entry")
        db.execute(statement)
    await town.open()


@pytest.mark.parametrize(
    ("statement", "first"),
    [
        ("UPDATE entry SET points = 100 WHERE id = 2", 2),
        ("UPDATE entry SET reason = 'x' WHERE id = 3", 3),
        ("DELETE FROM entry WHERE id = 2", 3),
        ("UPDATE entry SET author_id = author_id + 1 WHERE id = 1", 1),
        ("UPDATE entry SET id = 99 WHERE id = 2", 99),
    ],
)
async def test_a_change_below_the_triggers_is_found_at_the_first_broken_entry(town, statement, first):
    wang = await town.assessor()
    await town.assessor("李")
    for number in range(4):
        await wang.says(f"/deduct 城关所 治安管理 2 第{number}笔")
    async with town.app.database.reading() as session:
        assert all(v.broken is None for v in await hash_chain.verify(session))
    await tamper(town, statement)
    async with town.app.database.reading() as session:
        broken = [v.broken for v in await hash_chain.verify(session) if v.broken is not None]
    assert broken == [first]
