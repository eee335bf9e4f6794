"""What was handled before is not done again: the bot dies before it has noted so, and the person sees where it stands."""

from datetime import UTC, datetime

import pytest

from tests.conversation import Player, Town
from tests.hearing import listening
from tests.staff import staff

TABLES = (
    "entry", "step", "extension", "lead", "result", "acknowledgement", "appeal", "proposal", "inspection", "push",
    "audit", "attachment",
)  # fmt: skip


@pytest.fixture
async def march(tmp_path):
    """A bureau in the first quarter of 2027, two weeks before its deadline."""
    town = await Town(tmp_path, now=datetime(2027, 3, 1, 1, tzinfo=UTC)).open()
    yield town
    await town.close()


@pytest.fixture
async def cast(march):
    """Two of each kind, and a lead for the first quarter."""
    everybody = await staff(march)
    await everybody["孙主任"].says("/lead 一季度 高局长")
    return everybody


def kept(town: Town) -> dict[str, int]:
    """How many rows of each kind there are."""
    with town.beside() as db:
        return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}


async def twice(player: Player, act: str) -> str:
    """Say it, or press the button that is meant by ▸; the bot dies before it has noted that this is done. What is seen then."""
    town, label = player.town, act.removeprefix("▸")
    if label == act:
        town.world.send(player.id, player.id, act)
    else:
        message, data = player._newest(player.id, label)
        town.world.press(player.id, player.id, message["message_id"], data)
    await town.settle()
    before = kept(town)
    with town.beside() as db:
        db.execute("UPDATE inbox SET state = 'waiting', done_at = NULL WHERE id = (SELECT max(id) FROM inbox)")
    player.seen[player.id] = town.world.store.last_message_id(player.id)
    with listening(town, player) as heard:
        await town.restart()
        await town.app.intake.idle()
        await town.settle()
    assert kept(town) == before
    assert heard.by_name == {}
    return player.sees()


async def prepare(cast: dict[str, Player], *steps: tuple[str, str]) -> None:
    for who, act in steps:
        await (cast[who].presses(act[1:]) if act.startswith("▸") else cast[who].says(act))


SMALL = ("王伟", "/deduct 城关所 治安管理 2 巡查不到位")
OTHER = ("王伟", "/deduct 东门所 治安管理 1 台账缺失")
LARGE = ("王伟", "/deduct 城关所 执法质量 6 卷宗")
SUBMITTED = (("李组长", "/submit"), ("李组长", "▸全部放过"), ("李组长", "▸✔ 提交"))
CONFIRMED = (*SUBMITTED, ("林主任", "/confirm"), ("林主任", "▸✔ 审定"))
APPEALED = (SMALL, ("周联络", "/appeal 1 当天有巡查记录"))

CASES = [
    ((OTHER, SMALL), "王伟", "/undo", "已撤销"),
    ((OTHER, SMALL), "王伟", "/undo 2", "已撤销"),
    ((OTHER, SMALL), "王伟", "▸撤销", ""),
    ((SMALL,), "王伟", "/correct 1 1 多扣了", "由记录 3 代替"),
    ((SMALL,), "王伟", "/correct 1 撤销 不属实", "记录 1 已撤销，不再扣分。"),
    ((SMALL, ("王伟", "/correct 1 撤销"), ("王伟", "▸误记")), "王伟", "▸✔ 更正", ""),
    ((LARGE,), "王伟", "/correct 1 2 多扣了", "更正已提请核准"),
    ((LARGE, ("王伟", "/correct 1 2 多扣了")), "赵副组长", "▸同意", ""),
    ((LARGE, ("王伟", "/correct 1 2 多扣了")), "赵副组长", "▸不同意", ""),
    ((SMALL,), "周联络", "/appeal 1 当天有巡查记录", "对记录 1 的申诉已提交考评办"),
    ((SMALL, ("周联络", "▸申诉")), "周联络", "当天有巡查记录", "对记录 1 的申诉已提交考评办"),
    ((*APPEALED, ("林主任", "▸维持")), "林主任", "证据充分", "已裁定：维持"),
    ((*APPEALED, ("林主任", "▸取消扣分")), "林主任", "不属实", "已裁定：取消扣分"),
    ((*APPEALED, ("林主任", "▸减轻"), ("林主任", "1")), "林主任", "一处", "已裁定：减轻为扣 1 分"),
    (
        (LARGE, ("周联络", "/appeal 1 不属实"), ("林主任", "▸取消扣分")),
        "林主任",
        "不属实",
        "申诉裁定已提请核准",
    ),
    (SUBMITTED[:2], "李组长", "▸✔ 提交", ""),
    (SUBMITTED, "林主任", "/return 台账没有附上", "被林主任退回，原因：台账没有附上"),
    ((*SUBMITTED, ("林主任", "/return")), "林主任", "台账没有附上", ""),
    ((*SUBMITTED, ("林主任", "/confirm")), "林主任", "▸✔ 审定", ""),
    ((*CONFIRMED, ("林主任", "/publish")), "林主任", "▸✔ 公布", ""),
    ((*CONFIRMED, ("林主任", "/publish"), ("林主任", "▸✔ 公布")), "周联络", "▸签收", ""),
    ((), "林主任", "/extend 派出所组 一季度 3-20 因防汛延长", "期限改为 2027年3月20日"),
    ((), "林主任", "/lead 一季度 马局长", "马局长"),
    ((), "王伟", "/done 城关所", "检查完毕"),
    ((), "王伟", "/deduct 城关所 治安管理 2 巡查不到位", "记录 1"),
    ((("王伟", "/deduct 城关所 治安管理 2"),), "王伟", "巡查不到位", "记录 1"),
    ((("王伟", "/deduct\n城关所 治安管理 1 甲\n东门所 治安管理 2 乙"),), "王伟", "▸全部记入", "已登记 2 笔"),
]


@pytest.mark.parametrize(("before", "who", "act", "seen"), CASES)
async def test_the_same_update_twice_does_it_once_and_tells_nobody_again(march, cast, before, who, act, seen):
    await prepare(cast, *before)
    assert seen in await twice(cast[who], act)


@pytest.mark.parametrize(
    ("before", "who", "act"),
    [
        (SUBMITTED, "林主任", "▸审定"),
        (SUBMITTED, "林主任", "▸退回"),
        (CONFIRMED, "林主任", "▸公布"),
        ((), "李组长", "/submit"),
        (SUBMITTED, "林主任", "/confirm"),
        ((SMALL,), "周联络", "▸申诉"),
        ((SMALL,), "周联络", "/appeal 1"),
        (APPEALED, "林主任", "▸维持"),
        ((SMALL,), "王伟", "▸更正"),
        ((SMALL,), "王伟", "/correct 1"),
    ],
)
async def test_a_question_is_kept_once_and_asked_again(march, cast, before, who, act):
    await prepare(cast, *before)
    with march.beside() as db:
        questions = db.execute("SELECT count(*) FROM draft").fetchone()[0]
    assert await twice(cast[who], act) != ""
    with march.beside() as db:
        assert db.execute("SELECT count(*) FROM draft").fetchone()[0] == questions + 1
