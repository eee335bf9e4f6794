"""Before publication a member of a group learns nothing from which the own unit's place follows (R8, Sight)."""

import io

import openpyxl
import pytest

from tests.conversation import STATIONS, Post, Role, Town, text_of
from tests.handlers.reports.test_charts import chart, first_quarter, march  # noqa: F401

OWN = "城关派出所"
HIDDEN = "成绩公布以前，它的扣分和成绩不在您的查看范围内（回避）"


async def deductions(town: Town) -> None:
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 3.7 巡查不到位")
    await wang.says("/deduct 东门所 治安管理 2 台账缺失")


@pytest.fixture
async def li(town):
    await deductions(town)
    return await town.assessor("李", own="chengguan")


@pytest.mark.parametrize(
    "line",
    [
        "/score 城关所",
        "/trend 城关所",
        "/trend 城关所 年度",
        "/compare 城关所 东门所",
        "/losses 城关所",
        "/why 城关所",
        "/log 城关所",
    ],
)
async def test_what_tells_the_own_units_score_is_refused(town, li, line):
    await li.says(line)
    assert HIDDEN in li.sees()
    assert "3.7" not in li.sees() and "96.3" not in li.sees()
    assert town.studio.charts == []


@pytest.mark.parametrize(
    "line", ["/rank 派一", "/rank 派一 治安管理", "/heat 派一", "/losses 派一", "/losses 治安管理"]
)
async def test_what_tells_of_several_is_told_without_the_own_unit(town, li, line):
    await li.says(line)
    assert f"未列入：{OWN}" in li.sees()
    assert "96.3" not in repr(chart(town)) and "3.7" not in repr(chart(town))


async def test_places_are_counted_without_it(town, li):
    await li.says("/rank 派一")
    assert [row.place for row in chart(town).rows] == ["1", "1", "1", "4"]


@pytest.mark.parametrize(
    "data", ["score:chengguan", "took:chengguan:2026Q4", "log:chengguan:2026Q4:0:", "wy:chengguan"]
)
async def test_no_forged_button_tells_it_either(town, li, data):
    await li.says("/whoami")
    message = town.world.store.messages(li.id, limit=1)[0]
    told = await li.presses_data(message, data, forged=True)
    assert HIDDEN in told + li.sees()


async def test_neither_does_the_workbook_nor_the_ledger(town, li):
    await li.says("/export")
    book = openpyxl.load_workbook(io.BytesIO(sent_file(town, li)))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "3.7" not in cells and "96.3" not in cells
    await li.says("/export 台账 csv")
    assert OWN not in sent_file(town, li).decode()
    assert "东门派出所" in sent_file(town, li).decode()


def sent_file(town, player):
    document = next(m["document"] for m in reversed(player.answers()) if "document" in m)
    return town.world.store.file(document["file_id"])[2]


async def test_the_summary_before_a_submission_does_not_list_it(town):
    await deductions(town)
    boss = await town.person("王组长", Post(Role.HEAD, group=STATIONS, own_unit="chengguan"))
    await boss.says("/submit")
    assert "96.3" not in boss.sees() and "东门派出所　98 分" in boss.sees()


async def test_nor_do_the_summaries_before_the_office_confirms_and_publishes(town):
    """Somebody of the office is an assessor from 城关派出所, too."""
    await deductions(town)
    both = await town.person("林", Post(Role.OFFICE), Post(Role.ASSESSOR, group=STATIONS, own_unit="chengguan"))
    boss = await town.person("王组长", Post(Role.HEAD, group=STATIONS))
    await town.person("高局长", Post(Role.LEADER))
    await both.says("/lead 四季度 高局长")
    await boss.says("/submit")
    await boss.presses("全部放过")
    await boss.presses("✔ 提交")
    town.clock.move(days=20)
    await both.says("/confirm 派出所组")
    assert f"{OWN}　您应回避，不列成绩" in both.sees() and "东门派出所　98 分" in both.sees()
    await both.presses("✔ 审定")
    await both.says("/publish")
    assert f"您应回避、未列入：{OWN}" in both.sees() and "4. 东门派出所　98" in both.sees()
    await both.presses("取消")
    assert "96.3" not in both.screen()
    await both.says("/publish")
    await both.presses("✔ 公布")
    assert f"5. {OWN}　96.3" in both.screen(), "published with all others"


async def test_who_also_speaks_for_the_unit_sees_its_entries_and_no_total(town):
    await deductions(town)
    both = await town.person("周", Post(Role.ASSESSOR, group=STATIONS), Post(Role.LIAISON, unit="chengguan"))
    await both.says("/log 城关所")
    assert "−3.7" in both.sees()
    for line in ("/score 城关所", "/why 城关所", "/compare 城关所 东门所"):
        await both.says(line)
        assert HIDDEN in both.sees(), line


async def test_the_liaison_of_a_unit_that_another_group_scores_sees_its_score(town):
    await deductions(town)
    both = await town.person(
        "周", Post(Role.ASSESSOR, group="机关科室及实战所队考核小组"), Post(Role.LIAISON, unit="chengguan")
    )
    await both.says("/score 城关所")
    assert "96.3" in "\n".join(text_of(message) for message in both.answers())


async def test_the_card_of_what_one_logged_before_tells_no_newer_total(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 3.7")
    assert "总分 100 → 96.3" in wang.screen()
    admin = await town.person("陈", Post(Role.ADMIN))
    await admin.says("/invite 考核员 派出所考核小组 城关所")
    await wang.says("/start " + admin.sees().split("?start=")[1].split()[0])
    await wang.says("巡查不到位")
    assert "没有补充原因：城关派出所是您所在的单位" in wang.sees()
    office = await town.person("林主任", Post(Role.OFFICE))
    await office.says("/correct 1 原因：巡查不到位")
    await office.presses("误记")
    assert wang.screen().count("总分") == 1


async def test_once_it_is_published_all_of_it_is_seen(march):  # noqa: F811
    await first_quarter(march, published=True)
    li = await march.assessor("李", own="chengguan")
    await li.says("/score 城关所 一季度")
    assert "92.5" in li.sees() and "第 5 名" in li.sees()
    await li.says("/why 城关所 一季度")
    assert HIDDEN not in li.sees()
    await li.says("/rank 派出所一序列 一季度")
    assert f"5. {OWN}" in li.sees()


async def test_confirmed_and_not_yet_published_the_year_hides_it_too(march):  # noqa: F811
    people = await first_quarter(march, published=False)
    li = await march.assessor("李", own="chengguan")
    await li.says("/score 城关所 年度")
    assert HIDDEN in li.sees()
    await li.says("/rank 派一 年度")
    assert OWN not in [row.unit for row in chart(march).rows]
    assert [row.place for row in chart(march).rows][-1] == "4", "no gap where the own unit stands"
    await people["office"].says("/publish")
    await people["office"].presses("✔ 公布")
    await li.says("/score 城关所 年度")
    assert "92.5" in li.sees()
