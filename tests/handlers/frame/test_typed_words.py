"""What people type, and how they are called, is said as it is wherever it comes up: never markup, and never lost for it."""

from datetime import UTC, datetime

import pytest

from storage import people
from tests.conversation import STATIONS, Player, Post, Role, Town
from tests.hearing import listening

TYPED = "<b>甲 & 乙</i> “丙”"
"""As Telegram's HTML it would be refused."""


@pytest.fixture
async def march(tmp_path):
    """A bureau in the first quarter of 2027, two weeks before its deadline."""
    town = await Town(tmp_path, now=datetime(2027, 3, 1, 1, tzinfo=UTC)).open()
    yield town
    await town.close()


POSTS = {
    "office": ("林<b>&主任", Post(Role.OFFICE)),
    "second": ("孙<b>&主任", Post(Role.OFFICE)),
    "leader": ("高<b>&局长", Post(Role.LEADER)),
    "head": ("李<b>&组长", Post(Role.HEAD, group=STATIONS)),
    "deputy": ("赵<b>&副组长", Post(Role.DEPUTY, group=STATIONS)),
    "wang": ("王<b>&伟", Post(Role.ASSESSOR, group=STATIONS)),
    "liaison": ("周<b>&联络", Post(Role.LIAISON, unit="chengguan")),
    "other": ("东<b>&联络", Post(Role.LIAISON, unit="dongmen")),
}


@pytest.fixture
async def cast(march):
    """Persons whose names would be markup."""
    everybody = {key: await march.person(name, post) for key, (name, post) in POSTS.items()}
    for player in everybody.values():
        march.world.send(player.id, player.id, "/help")
    await march.settle()
    await everybody["office"].says("/lead 一季度 高<b>&局长")
    return everybody


async def submitted(cast: dict[str, Player]) -> None:
    await cast["head"].says("/submit")
    await cast["head"].presses("全部放过")
    await cast["head"].presses("✔ 提交")


def given_up(town: Town) -> list[tuple]:
    """What the bot failed at, and messages that Telegram did not take."""
    with town.beside() as db:
        failed = db.execute("SELECT error FROM inbox WHERE state = 'dead' OR error IS NOT NULL").fetchall()
        return failed + db.execute("SELECT text FROM push WHERE state <> 'sent'").fetchall()


async def test_the_steps_of_a_quarter(march, cast):
    with listening(march, cast["head"]) as heard:
        await submitted(cast)
    (text,) = heard.texts()
    assert text.startswith("李<b>&组长提交了派出所考核小组")
    with listening(march, cast["office"]) as heard:
        await cast["office"].says(f"/return {TYPED}")
    assert f"原因：{TYPED}\n" in cast["office"].sees()
    (text,) = heard.texts()
    assert f"原因：{TYPED}\n" in text
    await cast["second"].says("/return")
    assert f"被林<b>&主任退回，原因：{TYPED}。" in cast["second"].sees()
    await cast["head"].says("/progress")
    assert f"原因：{TYPED}" in cast["head"].sees()
    await submitted(cast)
    with listening(march, cast["office"]) as heard:
        await cast["office"].says("/confirm")
        assert "由李<b>&组长提交" in cast["office"].sees()
        assert "带队局领导：高<b>&局长\n" in cast["office"].sees()
        await cast["office"].presses("✔ 审定")
    assert "带队局领导：高<b>&局长。" in cast["office"].screen()
    (text,) = heard.texts()
    assert "带队局领导：高<b>&局长。" in text
    await cast["second"].says("/confirm")
    assert "由林<b>&主任审定（带队局领导：高<b>&局长）" in cast["second"].sees()
    await cast["office"].says("/publish")
    await cast["office"].presses("✔ 公布")
    await cast["liaison"].presses("签收")
    assert cast["liaison"].buttons() == ["✔ 城关派出所已签收（周<b>&联络 3月1日 09:00）"]
    assert "此前已由周<b>&联络签收" in await cast["liaison"].presses("✔ 城关派出所已签收")
    assert given_up(march) == []


async def test_an_extension(march, cast):
    with listening(march, cast["office"]) as heard:
        await cast["office"].says(f"/extend 派出所组 一季度 3-20 {TYPED}")
    assert f"原因：{TYPED}\n" in cast["office"].sees()
    (text,) = heard.texts()
    assert f"原因：{TYPED}\n" in text
    assert given_up(march) == []


async def test_a_deduction_its_undo_and_its_corrections(march, cast):
    wang, office = cast["wang"], cast["office"]
    with listening(march, wang) as heard:
        await wang.says(f"/deduct 城关所 治安管理 2 {TYPED}")
    assert f"原因：{TYPED}" in wang.sees()
    (text,) = heard.texts()
    assert f"\n原因：{TYPED}\n" in text
    await office.says("/correct 1")
    assert f"记录 1：城关派出所　治安管理 −2 分　{TYPED}\n" in office.sees()
    await office.presses("改成正确的")
    await office.says("1")
    with listening(march, office) as heard:
        await office.says(TYPED)
        assert f"\n理由：{TYPED}\n" in office.screen()
        await office.presses("✔ 更正")
    (text,) = heard.texts("周<b>&联络")
    assert text.endswith(f"\n理由：{TYPED}")
    (text,) = heard.texts("王<b>&伟")
    assert "已由林<b>&主任改为：治安管理 −1 分（记录 3）" in text
    assert text.endswith(f"\n理由：{TYPED}")
    with listening(march, office) as heard:
        await office.says(f"/correct 3 东门所 {TYPED}")
    assert heard.texts("周<b>&联络") == {
        f"城关派出所：记录 3（治安管理 −1 分）已撤销，不再扣本单位的分。\n理由：{TYPED}"
    }
    await wang.says("/deduct 城关所 治安管理 2")
    with listening(march, wang) as heard:
        await wang.says(TYPED)
    assert heard.texts() == {f"城关派出所：记录 6（治安管理 −2 分）补充了原因：{TYPED}"}
    with listening(march, office) as heard:
        await office.says(f"/correct 6 撤销 {TYPED}")
    assert heard.texts("周<b>&联络") == {
        f"城关派出所：记录 6（治安管理 −2 分）已撤销，不再扣分。\n理由：{TYPED}"
    }
    assert given_up(march) == []


async def test_several_lines(march, cast):
    wang = cast["wang"]
    await wang.says(f"/deduct\n城关所 治安管理 1 {TYPED}\n火星所 <i> 1 {TYPED}\n东门所 治安管理 2 乙")
    assert f"城关派出所　治安管理 −1　3月1日查　计入2027年第一季度　{TYPED}" in wang.sees()
    await wang.presses("只记入 2 条")
    assert f"城关派出所　治安管理 −1　{TYPED}" in wang.sees()
    assert given_up(march) == []


async def test_a_second_persons_part(march, cast):
    await cast["wang"].says(f"/deduct 城关所 执法质量 6 {TYPED}")
    with listening(march, cast["wang"]) as heard:
        await cast["wang"].says(f"/correct 1 2 {TYPED}")
    assert "核准人：林<b>&主任、孙<b>&主任、李<b>&组长、赵<b>&副组长，任一人" in cast["wang"].sees()
    (text,) = heard.texts()
    assert text == (
        f"请您核准一笔更正，由王<b>&伟提出：\n记录 1：城关派出所　执法质量 −6 分　{TYPED}（登记人 王<b>&伟）\n"
        f"改为：城关派出所　执法质量 −2 分　{TYPED}\n理由：{TYPED}"
    )
    with listening(march, cast["deputy"]) as heard:
        await cast["deputy"].presses("同意")
    assert heard.texts("王<b>&伟") == {"✔ 记录 1 的更正已核准生效（赵<b>&副组长）。"}
    assert given_up(march) == []


async def test_an_appeal_and_its_decision(march, cast):
    await cast["wang"].says(f"/deduct 城关所 治安管理 2 {TYPED}")
    with listening(march, cast["liaison"]) as heard:
        await cast["liaison"].says(f"/appeal 1 {TYPED}")
    (text,) = heard.texts("林<b>&主任", "孙<b>&主任")
    assert text.startswith(
        f"收到申诉：记录 1：城关派出所　治安管理 −2 分　{TYPED}（登记人 王<b>&伟）\n周<b>&联络 3月1日 09:00 提出：{TYPED}\n"
    )
    (text,) = heard.texts("王<b>&伟")
    assert f"\n被申诉：{TYPED}\n" in text
    await cast["office"].says("/appeals")
    assert f"申诉：{TYPED}（已等 0 天）" in cast["office"].sees()
    await cast["office"].presses("裁定：记录 1")
    await cast["office"].presses("维持")
    assert f"记录 1：城关派出所　治安管理 −2 分　{TYPED}\n" in cast["office"].sees()
    with listening(march, cast["office"]) as heard:
        await cast["office"].says(TYPED)
    assert heard.texts() == {
        f"城关派出所：对记录 1（治安管理 −2 分）的申诉，裁定维持，照旧扣分。\n理由：{TYPED}"
    }
    await cast["office"].says("/appeals")
    assert f"记录 1：维持，{TYPED}" in cast["office"].sees()
    assert given_up(march) == []


async def test_who_may_not_decide_is_told_who_may(march, cast):
    async with march.app.database.transaction() as session:
        second = await people.find(session, cast["second"].id)
        await people.appoint(
            session,
            person_id=second.id,
            post=Post(Role.UNIT_HEAD, unit="chengguan"),
            granted_by=None,
            now=march.clock(),
        )
    await cast["wang"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await cast["liaison"].says(f"/appeal 1 {TYPED}")
    assert "您不能裁定这件申诉。请由考评办的林<b>&主任裁定。" in cast["second"].screen()
    assert given_up(march) == []


async def test_the_trail(march, cast):
    await cast["wang"].says(f"/deduct 城关所 治安管理 2 {TYPED}")
    await cast["liaison"].says(f"/appeal 1 {TYPED}")
    await cast["office"].says(f"/extend 派出所组 一季度 3-20 {TYPED}")
    await cast["office"].says("/audit")
    assert f"王<b>&伟　登记扣分　记录 1　城关派出所　{TYPED}" in cast["office"].sees()
    assert f"周<b>&联络　提出申诉　记录 1　城关派出所　{TYPED}" in cast["office"].sees()
    assert f"林<b>&主任　延长考核期限　派出所考核小组 2027Q1 2027-03-20 {TYPED}" in cast["office"].sees()
