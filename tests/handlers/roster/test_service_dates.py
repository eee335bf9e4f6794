"""R9: dates of service leave a trace, and another unit's month, or a returned one, moves only with consent."""

import pytest
import sqlalchemy as sa
from conversation import Post, Role, entries

from rules.months import Month
from storage import appeals, audit, evidence, officer_ledger, people, pushes, returns
from storage.pushes import Kind
from tests.officers import liaison, roster, rows, take
from tests.trail import told, trail


@pytest.fixture
def months(town):
    """The clock on 2027-02-10: the bureau began with the fourth quarter, and three months are over."""
    town.clock.move(days=92)


async def heard(player):
    """Somebody whom the bot may write to."""
    await player.says("/whoami")
    return player


async def both(town):
    return await heard(await liaison(town)), await heard(await liaison(town, "dongmen", "钱联络"))


async def returned(town, unit, month):
    """A unit's month that is with the office."""
    async with town.app.database.transaction() as session:
        await returns.send(
            session, key=f"r:{unit}:{month}", unit=unit, month=month, officers=(), reason=None, needs_signature=False,
            by=1, at=town.clock(), now=town.clock(),
        )  # fmt: skip


CAME = ("张伟", "", "", "chengguan", "2026-01-01", None)
MOVED = [
    ("张伟", "", "", "chengguan", "2026-01-01", "2027-01-15"),
    ("张伟", "", "", "dongmen", "2027-01-16", None),
]


@pytest.mark.usefixtures("months")
async def test_a_transfer_of_the_same_week_is_as_easy_as_ever(town):
    zhou, qian = await both(town)
    await zhou.says("/roster 张伟 2026-01-01")
    await zhou.says("/roster 调离 张伟 2027-02-05 东门所")
    assert "2月6日起在东门派出所" in zhou.sees()
    assert roster(town)[1][3:] == ("dongmen", "2027-02-06", None)
    assert "不要再登记" in qian.screen()


@pytest.mark.usefixtures("months")
async def test_a_move_into_a_month_of_another_unit_that_is_over_waits_for_that_unit(town):
    zhou, qian = await both(town)
    await zhou.says("/roster 张伟 2026-01-01")
    number = await take(town, 1, "chengguan", Month(2027, 1), "考勤纪律", "1")
    await zhou.says("/roster 调离 张伟 2027-01-15 东门所")
    assert "还没有登记张伟的调离" in zhou.sees()
    assert "要东门派出所或考评办同意" in zhou.sees()
    assert roster(town) == [CAME]
    assert "1月：原由城关派出所考核，改后由东门派出所考核" in qian.screen()
    assert "张伟" in qian.screen()
    assert "张伟" not in str(rows(town, "SELECT text FROM push"))
    await qian.presses("同意")
    assert roster(town) == MOVED
    assert "已同意（钱联络）" in qian.screen()
    assert "已同意（钱联络）" in zhou.screen()
    assert f"民警记录 {number} 在2027年1月" in zhou.screen()


@pytest.mark.usefixtures("months")
async def test_who_does_not_agree_leaves_everything_as_it_was_and_decides_once(town):
    zhou, qian = await both(town)
    await zhou.says("/roster 张伟 2026-01-01")
    await zhou.says("/roster 调离 张伟 2027-01-15 东门所")
    question = qian.answers()[-1]
    await qian.presses("不同意")
    assert roster(town) == [CAME]
    assert "不同意（钱联络）" in zhou.screen()
    await qian.presses_data(question, "ros:1:y", forged=True)
    assert roster(town) == [CAME]
    assert rows(town, "SELECT state FROM service_proposal") == [("declined",)]


@pytest.mark.usefixtures("months")
async def test_nobody_agrees_to_what_the_own_unit_wants_and_strangers_to_it_do_not_either(town):
    zhou, qian = await both(town)
    head = await town.person("孙所长", Post(Role.UNIT_HEAD, unit="chengguan"))
    other = await liaison(town, "xijie", "西联络")
    await zhou.says("/roster 张伟 2026-01-01")
    await zhou.says("/roster 调离 张伟 2027-01-15 东门所")
    question = qian.answers()[-1]
    for player in (zhou, head, other):
        await player.presses_data(question, "ros:1:y", forged=True)
        assert roster(town) == [CAME]
    await qian.presses_data(question, "ros:9:y", forged=True)
    assert rows(town, "SELECT state FROM service_proposal") == [("waiting",)]


@pytest.mark.usefixtures("months")
async def test_a_month_that_was_returned_moves_with_the_office_alone(town):
    zhou, qian = await both(town)
    office = await heard(await town.person("林主任", Post(Role.OFFICE)))
    await zhou.says("/roster 张伟 2026-01-01")
    await returned(town, "chengguan", Month(2027, 1))
    await zhou.says("/roster 调离 张伟 2027-01-15 东门所")
    assert "要考评办同意" in zhou.sees()
    assert "请决定" not in qian.screen()
    await qian.presses_data(office.answers()[-1], "ros:1:y", forged=True)
    assert roster(town) == [CAME]
    await office.presses("同意")
    assert roster(town) == MOVED
    assert "已同意（林主任）" in qian.screen(), "the other unit hears of it"


@pytest.mark.usefixtures("months")
async def test_where_the_other_unit_has_nobody_the_office_is_asked_and_where_that_has_none_it_is_refused(town):
    zhou = await liaison(town)
    await zhou.says("/roster 张伟 2026-01-01")
    await zhou.says("/roster 调离 张伟 2027-01-15 东门所")
    assert "还没有人能同意" in zhou.sees()
    assert rows(town, "SELECT * FROM service_proposal") == []
    office = await heard(await town.person("林主任", Post(Role.OFFICE)))
    await zhou.says("/roster 调离 张伟 2027-01-15 东门所")
    await office.presses("同意")
    assert roster(town) == MOVED


@pytest.mark.usefixtures("months")
async def test_what_changed_meanwhile_is_not_overwritten(town):
    zhou, qian = await both(town)
    await zhou.says("/roster 张伟 2026-01-01")
    await zhou.says("/roster 调离 张伟 2027-01-15 东门所")
    question = qian.answers()[-1]
    await zhou.says("/roster 调离 张伟 2027-02-01 东门所")
    before = roster(town)
    await qian.presses_data(question, "ros:1:y")
    assert "已经另有变动" in qian.screen()
    assert roster(town) == before


@pytest.mark.usefixtures("months")
async def test_the_dates_of_a_line_wait_where_a_returned_month_would_lose_the_officer_and_the_rest_is_written(
    town,
):
    zhou = await liaison(town)
    office = await heard(await town.person("林主任", Post(Role.OFFICE)))
    await zhou.says("/roster 张伟 012345 2026-01-01")
    await returned(town, "chengguan", Month(2027, 1))
    await zhou.says("/roster 张伟 012345 内勤 2027-02-01")
    assert "职务改为内勤" in zhou.sees()
    assert "日期还没有改：张伟" in zhou.sees()
    assert roster(town) == [("张伟", "012345", "内勤", "chengguan", "2026-01-01", None)]
    await office.presses("同意")
    assert roster(town) == [("张伟", "012345", "内勤", "chengguan", "2027-02-01", None)]


@pytest.mark.usefixtures("months")
async def test_nobody_is_registered_into_the_time_that_another_unit_had_him(town):
    zhou, qian = await both(town)
    await qian.says("/roster 张伟 012345 2026-01-01")
    await qian.says("/roster 调离 张伟 2027-01-31")
    await zhou.says("/roster 张伟 012345 2027-01-10")
    assert "警号 012345 已在东门派出所的花名册里" in zhou.sees()
    await zhou.says("/roster 张伟 012345 2027-02-01")
    assert "已登记" in zhou.sees()


async def test_the_history_shows_former_dates_who_changed_them_and_when(town):
    zhou, qian = await both(town)
    office = await town.person("林主任", Post(Role.OFFICE))
    await zhou.says("/roster 张伟 2025-01-01")
    await zhou.says("/roster 张伟 2026-10-31")
    await zhou.says("/roster 履历 张伟")
    assert "2025年1月1日到岗 → 10月31日到岗" in zhou.sees()
    assert "11月10日 09:00" in zhou.sees()
    assert "周联络" in zhou.sees()
    await office.says("/roster 城关所 张伟")
    assert "2025年1月1日到岗 → 10月31日到岗" in office.sees()
    await office.says("/audit 城关所")
    assert "民警 1：2025-01-01 起 → 2026-10-31 起" in office.sees()
    for line in ("/roster 履历 城关所 张伟", "/roster 城关所 履历 张伟"):
        await qian.says(line)
        assert "不在您的查看范围内" in qian.sees()
    await zhou.says("/roster 张伟")
    assert "登记和改动" in zhou.sees(), "as a line it would change nothing"
    await zhou.says("/roster 履历")
    assert "/roster 履历 张伟" in zhou.sees()
    await office.says("/roster 履历 张伟")
    assert "单位不清楚" in office.sees()
    assert len(roster(town)) == 1


@pytest.mark.parametrize("word", ["code", "派出所", "扣分", "治安管理"])
async def test_a_word_that_is_hardly_a_name_is_asked_about(town, word):
    zhou = await liaison(town)
    await zhou.says(f"/roster {word}")
    assert f"“{word}”不像姓名" in zhou.sees()
    assert roster(town) == []
    await zhou.presses("不登记")
    assert roster(town) == []
    await zhou.says(f"/roster {word} 内勤")
    await zhou.presses("是姓名，登记")
    assert [row[0] for row in roster(town)] == [word]


async def test_hardly_a_name_among_several_lines_is_pointed_out(town):
    zhou = await liaison(town)
    await zhou.says("/roster 张伟\n派出所")
    assert "“派出所”不像姓名" in zhou.sees()
    assert "“张伟”" not in zhou.sees()


@pytest.mark.parametrize("name", ["code", "unit", "派出所", "扣分", "登记", "王伟", "b2b"])
async def test_erasing_touches_nobody_elses_notice_and_no_open_question(town, name):
    zhou, qian = await both(town)
    wang = await town.assessor()
    async with town.app.database.transaction() as session:
        await session.exec(
            sa.text("INSERT INTO officer (name, number, duty) VALUES (:n, '', '')").bindparams(n=name)
        )
        await session.exec(
            sa.text("INSERT INTO service (officer_id, unit_code, since, removed, act)"
                    " VALUES (1, 'chengguan', '2026-01-01', false, '')")
        )  # fmt: skip
    await wang.says("/deduct 东门所 治安管理 2 派出所台账缺失")
    await wang.says("/deduct 城关所 治安管理 1 登记不全\n/deduct 东门所 治安管理 1 code unit")
    text = f"<b>东门派出所</b>被王伟登记扣分 code unit {name}"
    async with town.app.database.transaction() as session:
        for number, player in enumerate((zhou, qian)):
            due_at = town.clock()
            await pushes.plan(
                session, key=f"p{number}", chat_id=player.id, text=text, due_at=due_at, kind=Kind.STEP
            )
    before = rows(town, "SELECT text FROM push"), rows(town, "SELECT state, content FROM draft")
    await zhou.says(f"/roster 删除 {name}")
    await zhou.presses("删除个人信息")
    assert "已删除编号 1 的民警" in zhou.screen()
    assert (rows(town, "SELECT text FROM push"), rows(town, "SELECT state, content FROM draft")) == before
    await wang.presses("全部记入")
    assert len(entries(town)) == 3
    assert "（已删除）" not in qian.screen()


async def test_names_in_appeals_files_reasons_and_the_trail_go_with_the_officer(town):
    zhou, wang = await liaison(town), await town.assessor()
    office = await town.person("林主任", Post(Role.OFFICE))
    await zhou.says("/roster 张伟 2026-01-01")
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await zhou.says("/appeal 1 张伟当天休假，台账在他手里")
    async with town.app.database.transaction() as session:
        await evidence.received(
            session, key="f", digest="0" * 64, size=1, media="pdf", name="张伟脱岗.pdf", file_id="x", as_photo=False,
            album=None, person_id=1, at=town.clock(),
        )  # fmt: skip
    await take(town, 1, "chengguan", Month(2026, 11), "考勤纪律", "1", "张伟迟到")

    async def read():
        async with town.app.database.reading() as session:
            appeal = await appeals.of_entry(session, 1)
            file = await evidence.get(session, 1)
            trail = [trace.detail for trace in await audit.trail(session) if trace.act is audit.Act.APPEALED]
            (reason,) = [one.reason for one in await officer_ledger.of_officers(session, [1])]
        return appeal.text, file.name, *trail, reason

    assert await read() == (
        "张伟当天休假，台账在他手里",
        "张伟脱岗.pdf",
        "张伟当天休假，台账在他手里",
        "张伟迟到",
    )
    await zhou.says("/roster 删除 张伟")
    await zhou.presses("删除个人信息")
    gone = "（已删除）1"
    assert await read() == (
        f"{gone}当天休假，台账在他手里", f"{gone}脱岗.pdf", f"{gone}当天休假，台账在他手里", f"{gone}迟到",
    )  # fmt: skip
    with town.beside() as db:
        held = {
            t
            for t in db.tables()
            if t != "inbox" and "张伟" in str(db.execute(f"SELECT * FROM {t}").fetchall())
        }
    assert held == set()
    await office.says("/audit 城关所")
    assert "张伟" not in office.sees()


async def test_before_erasing_it_is_told_in_which_reasons_the_name_stays(town):
    zhou, wang = await liaison(town), await town.assessor()
    await zhou.says("/roster 张伟 2026-01-01")
    await wang.says("/deduct 城关所 治安管理 2 张伟脱岗")
    await zhou.says("/roster 删除 张伟")
    assert "记录 1的原因里写有“张伟”" in zhou.sees()
    assert "台账不能改" in zhou.sees()


async def two_of_everything(town):
    """城关派出所 and 东门派出所 with two liaisons and a head each, 西街派出所 with a liaison, two of the office."""
    posts = {
        "周联络": Post(Role.LIAISON, unit="chengguan"), "吴联络": Post(Role.LIAISON, unit="chengguan"),
        "郭所长": Post(Role.UNIT_HEAD, unit="chengguan"), "钱联络": Post(Role.LIAISON, unit="dongmen"),
        "冯联络": Post(Role.LIAISON, unit="dongmen"), "何所长": Post(Role.UNIT_HEAD, unit="dongmen"),
        "西联络": Post(Role.LIAISON, unit="xijie"), "林主任": Post(Role.OFFICE), "沈干事": Post(Role.OFFICE),
    }  # fmt: skip
    return {name: await heard(await town.person(name, post)) for name, post in posts.items()}


@pytest.mark.usefixtures("months")
async def test_everybody_of_the_other_unit_is_asked_and_who_wanted_it_and_its_liaisons_hear(town):
    cast = await two_of_everything(town)
    await cast["周联络"].says("/roster 张伟 2026-01-01")
    await cast["周联络"].says("/roster 调离 张伟 2027-01-15 东门所")
    buttons = ["同意", "不同意"]
    assert told(town, "请决定") == dict.fromkeys(("钱联络", "冯联络", "何所长"), buttons)
    await cast["何所长"].presses("同意")
    assert told(town, "已同意") == {"周联络": [], "钱联络": [], "冯联络": []}
    assert roster(town) == MOVED


@pytest.mark.usefixtures("months")
async def test_who_does_not_agree_is_told_to_who_wanted_it_alone(town):
    cast = await two_of_everything(town)
    await cast["吴联络"].says("/roster 张伟 2026-01-01")
    await cast["吴联络"].says("/roster 调离 张伟 2027-01-15 东门所")
    await cast["冯联络"].presses("不同意")
    assert told(town, "不同意") == {"吴联络": []}


@pytest.mark.usefixtures("months")
async def test_a_returned_month_is_asked_of_everybody_of_the_office_and_of_nobody_else(town):
    cast = await two_of_everything(town)
    await cast["周联络"].says("/roster 张伟 2026-01-01")
    await returned(town, "chengguan", Month(2027, 1))
    await cast["周联络"].says("/roster 调离 张伟 2027-01-15 东门所")
    assert told(town, "请决定") == {name: ["同意", "不同意"] for name in ("林主任", "沈干事")}


@pytest.mark.usefixtures("months")
async def test_the_officer_is_not_asked_about_itself(town):
    zhou = await heard(await liaison(town))
    await zhou.says("/roster 张伟 2026-01-01")
    itself = Post(Role.LIAISON, unit="dongmen"), Post(Role.OFFICER, unit="chengguan", officer=1)
    own = await heard(await town.person("张伟本人", *itself))
    qian = await heard(await liaison(town, "dongmen", "钱联络"))
    await zhou.says("/roster 调离 张伟 2027-01-15 东门所")
    assert told(town, "请决定") == {"钱联络": ["同意", "不同意"]}
    await own.presses_data(own.answers()[-1], "ros:1:y", forged=True)
    assert roster(town) == [CAME]
    assert "请决定" not in own.screen() and "请决定" in qian.screen()


@pytest.mark.usefixtures("months")
async def test_the_trail_tells_who_proposed_and_who_agreed_or_did_not(town):
    cast = await two_of_everything(town)
    await cast["周联络"].says("/roster 张伟 2026-01-01")
    for name, answer in (("何所长", "不同意"), ("冯联络", "同意")):
        await cast["周联络"].says("/roster 调离 张伟 2027-01-15 东门所")
        await cast[name].presses(answer)
    change = "2026-01-01 起 → 2026-01-01 至 2027-01-15；无 → 2027-01-16 起"
    ours, theirs = change.split("；")
    acts = ("roster_proposed", "roster_agreed", "roster_declined")
    assert [line[:3] + line[4:] for line in trail(town, *acts)] == [
        ("roster_proposed", "周联络", "chengguan", f"民警 1：{change}"),
        ("roster_declined", "何所长", "chengguan", "民警 1 declined"),
        ("roster_proposed", "周联络", "chengguan", f"民警 1：{change}"),
        ("roster_agreed", "冯联络", "chengguan", f"民警 1：{ours}"),
        ("roster_agreed", "冯联络", "dongmen", f"民警 1：{theirs}"),
    ]


@pytest.mark.usefixtures("months")
async def test_who_speaks_for_the_other_unit_no_more_agrees_to_nothing(town):
    cast = await two_of_everything(town)
    await cast["周联络"].says("/roster 张伟 2026-01-01")
    await cast["周联络"].says("/roster 调离 张伟 2027-01-15 东门所")
    async with town.app.database.transaction() as session:
        person = await people.find(session, cast["钱联络"].id)
        await people.remove(session, person_id=person.id, by=person.id, now=town.clock())
        await people.appoint(
            session,
            person_id=person.id,
            post=Post(Role.LIAISON, unit="xijie"),
            granted_by=None,
            now=town.clock(),
        )
    await cast["钱联络"].presses("同意")
    assert roster(town) == [CAME]
    assert rows(town, "SELECT state FROM service_proposal") == [("waiting",)]


@pytest.mark.usefixtures("months")
async def test_who_wanted_it_does_not_agree_to_it_whatever_it_has_become_meanwhile(town):
    cast = await two_of_everything(town)
    zhou = cast["周联络"]
    await zhou.says("/roster 张伟 2026-01-01")
    await zhou.says("/roster 调离 张伟 2027-01-15 东门所")
    message = zhou.answers()[-1]
    async with town.app.database.transaction() as session:
        person = await people.find(session, zhou.id)
        await people.remove(session, person_id=person.id, by=person.id, now=town.clock())
        await people.appoint(
            session, person_id=person.id, post=Post(Role.OFFICE), granted_by=None, now=town.clock()
        )
    await zhou.presses_data(message, "ros:1:y", forged=True)
    assert roster(town) == [CAME]
    await cast["林主任"].presses_data(cast["林主任"].answers()[-1], "ros:1:y", forged=True)
    assert roster(town) == MOVED, "somebody else of the office may"
