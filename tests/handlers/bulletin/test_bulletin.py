"""/bulletin: a document whose numbers are those of /rank and /score, for the office and the leaders alone."""

import io
import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa
from docx import Document

from tests.conversation import OFFICES, STATIONS, Player, Post, Role, Town

Doc = tuple[str, str, list[list[list[str]]]]
"""The file's name, its text, its tables."""


@pytest.fixture
async def march(tmp_path):
    """A bureau in the first quarter of 2027, two weeks before its deadline."""
    town = await Town(tmp_path, now=datetime(2027, 3, 1, 1, tzinfo=UTC)).open()
    yield town
    await town.close()


async def cast(town: Town) -> dict[str, Player]:
    people = {
        "wang": await town.assessor("王伟"),
        "zheng": await town.assessor("郑明", OFFICES),
        "head": await town.person("李组长", Post(Role.HEAD, group=STATIONS)),
        "wu": await town.person("吴组长", Post(Role.HEAD, group=OFFICES)),
        "office": await town.person("林主任", Post(Role.OFFICE)),
        "leader": await town.person("高局长", Post(Role.LEADER)),
        "liaison": await town.person("周联络", Post(Role.LIAISON, unit="chengguan")),
    }
    for player in people.values():
        await player.says("/start")
    return people


async def deductions(people: dict[str, Player]) -> None:
    for line in (
        "城关所 2.1 x2 台账缺三天",
        "东门所 2.1 台账无签名",
        "城关所 情报信息 5 漏报",
        "城关所 情报信息 3 迟报",
        "西街所 执法质量 0.5 卷宗缺页",
        "南湖所 4.2 办案超期",
        "和平所 人口管理 1.25 流动人口登记不全",
    ):
        await people["wang"].says(f"/deduct {line}")
    await people["zheng"].says("/deduct 法制科 本职业务 1 报表迟报")


async def confirmed(town: Town, people: dict[str, Player], quarter: str) -> None:
    for head in (people["head"], people["wu"]):
        await head.says(f"/submit {quarter}")
        if any(label.startswith("全部放过") for label in head.buttons()):
            await head.presses("全部放过")
        await head.presses("✔ 提交")
    town.clock.move(days=7)
    for group in (STATIONS, OFFICES):
        await people["office"].says(f"/confirm {group} {quarter}")
        await people["office"].presses("✔ 审定")
        assert "已审定" in people["office"].screen()


async def bulletin(player: Player, words: str) -> Doc:
    await player.says(f"/bulletin {words}".strip())
    return received(player)


def received(player: Player) -> Doc:
    (message,) = [m for m in player.answers() if "document" in m]
    content = player.town.world.store.file(message["document"]["file_id"])[2]
    made = Document(io.BytesIO(content))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in made.tables]
    text = "\n".join(p.text for p in made.paragraphs)
    return message["document"]["file_name"], text, tables


def ranking(doc: Doc, sequence: int) -> list[tuple[str, str, str]]:
    """Place, unit and score of each row."""
    heads, *rows = doc[2][1 + sequence]
    score = heads.index("得分") if "得分" in heads else heads.index("平均分")
    return [(row[0].removesuffix("（并列）"), row[1], row[score]) for row in rows]


async def asked(player: Player, sequence: str, period: str) -> list[tuple[str, str, str]]:
    """The same as /rank says it."""
    await player.says(f"/rank {sequence} {period}")
    if any(label.startswith("全部名次") for label in player.buttons()):
        await player.presses("全部名次")
    return re.findall(r"^(\d+)\. (\S+?)　([\d.]+)", player.sees(), re.M)


SEQUENCES = ("派出所第一序列", "派出所第二序列", "机关第一序列", "机关第二序列")


async def test_the_numbers_are_those_of_rank_and_score(march):
    people = await cast(march)
    await deductions(people)
    office = people["office"]
    doc = await bulletin(office, "一季度")
    for number, sequence in enumerate(SEQUENCES):
        assert ranking(doc, number) == await asked(office, sequence, "一季度")
    assert ("5", "城关派出所", "94") in ranking(doc, 0)
    await office.says("/score 城关所 一季度")
    assert "总分 94" in office.sees()
    losses = next(table for table in doc[2] if table[0][0] == "项目")
    assert ["情报信息", "5", "1", "5", "0.23"] in losses
    assert ["治安管理", "10", "2", "1.5", "0.07"] in losses
    assert "另有3分超出项目满分" in doc[1]
    assert "有效扣分记录共8条，涉及6个单位" in doc[1]


async def test_it_names_faults_vetoes_and_who_has_most_to_do_with_record_numbers(march):
    people = await cast(march)
    await deductions(people)
    _, text, tables = await bulletin(people["leader"], "2027Q1")
    assert "巡查台账缺失或不完整（细则2.1，治安管理）。共2条，涉及2个单位，登记扣分1.5分。" in text
    assert "城关派出所“台账缺三天”（记录1）；东门派出所“台账无签名”（记录2）" in text
    assert "南湖派出所发生执法过错被追究责任（细则4.2，记录6），“办案超期”" in text
    assert next(row for row in tables[1] if row[1] == "南湖派出所")[-1] == "未检查，一票否决"
    assert "派出所第一序列末位的城关派出所（共失6分，情报信息失5分、治安管理失1分）" in text
    assert "“巡查台账缺失或不完整”在多个单位重复出现" in text
    assert text.startswith(
        "关于2027年第一季度\n目标量化考核情况的通报（暂定）\n\n各派出所、机关各科室、实战所队："
    )
    assert "在带队局领导高局长带领下" in text


async def test_the_groups_table_tells_units_inspections_and_entries_each_of_its_own_group(march):
    people = await cast(march)
    await deductions(people)
    await people["wang"].says("/done 城关所 东门所")
    await people["zheng"].says("/done 法制科")
    _, text, tables = await bulletin(people["office"], "一季度")
    assert tables[0] == [
        ["考核小组", "单位数", "已检查", "扣分记录", "提交", "审定"],
        [STATIONS, "22", "2", "7", "—", "—"],
        [OFFICES, "19", "1", "1", "—", "—"],
    ]
    assert "应检查单位41个，检查完毕3个，未检查38个（" in text
    assert {row[1]: row[-1] for row in tables[1][1:]} == {
        "西街派出所": "未检查", "北关派出所": "未检查", "南湖派出所": "未检查，一票否决", "东门派出所": "", "城关派出所": "",
    }  # fmt: skip


async def test_whoever_is_named_later_the_bulletin_bears_the_lead_of_the_confirmation(march):
    people = await cast(march)
    await deductions(people)
    await march.person("董局长", Post(Role.LEADER))
    await people["office"].says("/lead 一季度 董局长")
    _, text, _ = await bulletin(people["office"], "一季度")
    assert "在带队局领导董局长带领下" in text
    await people["office"].says("/lead 一季度 高局长")
    await confirmed(march, people, "一季度")
    await people["office"].says("/lead 一季度 董局长")
    _, text, _ = await bulletin(people["office"], "一季度")
    assert "在带队局领导高局长带领下" in text


async def test_appeals_are_told_by_what_came_of_them_and_records_without_a_reason_by_number(march):
    people = await cast(march)
    wang, zhou, lin = people["wang"], people["liaison"], people["office"]
    for points in (2, 1.5, 1, 0.5, 3):
        await wang.says(f"/deduct 城关所 治安管理 {points} 第{points}笔")
    await wang.says("/deduct 东门所 执法质量 1")
    for number in (1, 2, 3, 4):
        await zhou.says(f"/appeal {number} 不服")
    for label, *said in (("维持", "核实无误"), ("减轻", "0.5", "核实一处"), ("取消扣分", "不属实")):
        await lin.says("/appeals")
        await lin.presses("裁定：")
        await lin.presses(label)
        for words in said:
            await lin.says(words)
    _, text, _ = await bulletin(lin, "一季度")
    assert "收到申诉4件：维持1件、减轻1件、取消扣分1件、待裁定1件。" in text
    assert "共登记扣分记录7条，其中更正后由新记录代替1条、撤销1条，有效5条。" in text
    assert "有1条扣分记录没有写明原因（记录6），登记人要尽快补齐。" in text


async def test_until_everything_is_confirmed_it_is_marked(march):
    people = await cast(march)
    await deductions(people)
    office = people["office"]
    name, text, _ = await bulletin(office, "一季度")
    assert name == "关于2027年第一季度目标量化考核情况的通报（暂定）.docx"
    assert "本通报为暂定稿：派出所考核小组、机关科室及实战所队考核小组的成绩尚未审定。" in text
    assert "派出所考核小组、机关科室及实战所队考核小组尚未提交成绩，期限为3月15日" in text
    assert "暂定稿" in office.sees()
    await confirmed(march, people, "一季度")
    name, text, tables = await bulletin(office, "一季度")
    assert name == "关于2027年第一季度目标量化考核情况的通报.docx"
    assert "暂定" not in text
    assert "各考核小组均按期提交成绩。" in text
    assert tables[0][1][:1] + tables[0][1][-2:] == [STATIONS, "3月1日", "3月8日"]


async def test_confirmed_results_stand_whatever_the_config_becomes(march):
    people = await cast(march)
    await deductions(people)
    await confirmed(march, people, "一季度")
    before = await bulletin(people["office"], "一季度")
    units = [
        unit.model_copy(update={"sequence": SEQUENCES[1]}) if unit.code == "dongmen" else unit
        for unit in march.config.unit
    ]
    points = {"情报信息": 10, "队伍日常管理": 5}
    categories = [
        category.model_copy(
            update={
                "item": tuple(
                    item.model_copy(update={"points": Decimal(points.get(item.name, item.points))})
                    for item in category.item
                )
            }
        )
        if category.name == "派出所"
        else category
        for category in march.config.category
    ]
    march.config = march.config.model_copy(update={"unit": tuple(units), "category": tuple(categories)})
    march.config.__dict__.pop("organisation", None)
    await march.restart()
    after = await bulletin(people["office"], "一季度")
    assert after[1:] == before[1:]


async def test_it_compares_with_the_quarter_before(march):
    people = await cast(march)
    await deductions(people)
    await confirmed(march, people, "一季度")
    march.with_now(datetime(2027, 6, 1, 1, tzinfo=UTC))
    await people["wang"].says("/deduct 东门所 治安管理 3 台账缺失")
    _, text, tables = await bulletin(people["office"], "二季度")
    assert "与上季度比较" in text
    assert "升幅较大的有城关派出所（升6分）" in text
    assert "降幅较大的有东门派出所（降2.5分）" in text
    assert ["5", "东门派出所", "97", "99.5", "−2.5", "未检查"] in tables[1]
    # 94, 99.5, 99.5, 100 and 100 before, 97 and four times 100 now.
    assert "派出所第一序列平均分由上季度的98.6分到99.4分，上升0.8分" in text


async def test_a_year_is_the_mean_of_its_confirmed_quarters(march):
    people = await cast(march)
    office = people["office"]
    await office.says("/bulletin 年度")
    assert "没有生成：2027年度还没有审定的季度" in office.sees()
    await deductions(people)
    await confirmed(march, people, "一季度")
    march.with_now(datetime(2027, 6, 14, 1, tzinfo=UTC))
    await people["wang"].says("/deduct 东门所 治安管理 3 台账缺失")
    await confirmed(march, people, "二季度")
    await people["wang"].says("/deduct 西街所 治安管理 9 还没有审定")
    doc = await bulletin(office, "年度")
    for number, sequence in enumerate(SEQUENCES):
        assert ranking(doc, number) == await asked(office, sequence, "年度")
    assert doc[0] == "关于2027年度目标量化考核情况的通报（暂定）.docx"
    assert "三季度、四季度尚未审定，年度成绩按已审定的季度平均计算" in doc[1]
    assert "一季度、二季度由高局长带队" in doc[1]
    assert "还没有审定" not in doc[1].replace("还没有审定的成绩", "")
    assert doc[2][1][0][:5] == ["名次", "单位", "一季度", "二季度", "平均分"]
    assert "应检查单位82个次，均未标记检查完毕" in doc[1]


async def test_a_bureau_without_entries_gets_a_plain_document(march):
    people = await cast(march)
    _, text, tables = await bulletin(people["office"], "一季度")
    assert "没有扣分记录，各单位均为满分。" in text
    assert "共5个单位，均为100分，并列第1名。" in text
    assert "没有一票否决情形。" in text
    assert "普遍性问题" not in text
    assert "与上季度比较" not in text
    assert "附件" not in text
    assert {row[0] for row in tables[1][1:]} == {"1（并列）"}
    assert march.studio.charts == []


async def test_one_unit_alone_in_its_sequence_is_told_as_that(march):
    people = await cast(march)
    kept = [u for u in march.config.unit if u.sequence != SEQUENCES[0] or u.code == "chengguan"]
    march.config = march.config.model_copy(update={"unit": tuple(kept)})
    march.config.__dict__.pop("organisation", None)
    await march.restart()
    await people["wang"].says("/deduct 城关所 治安管理 2 台账缺失")
    _, text, _ = await bulletin(people["office"], "一季度")
    assert "本序列只有城关派出所1个单位有成绩，得98分。" in text
    assert "派出所第一序列的城关派出所（治安管理失2分），要对照失分项目" in text
    assert "没有重复出现的同类问题。扣分的有：城关派出所“台账缺失”（记录1），治安管理扣2分。" in text


async def test_what_was_late_taken_back_and_appealed_is_counted(march):
    people = await cast(march)
    wang, office = people["wang"], people["office"]
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    await people["liaison"].says("/appeal 1 当天有巡查记录")
    await office.says("/appeals")
    await office.presses("裁定：记录 1")
    await office.presses("维持")
    await office.says("核实无误")
    await wang.says("/deduct 东门所 治安管理 2 误记的")
    await wang.says("/undo")
    march.with_now(datetime(2027, 3, 18, 1, tzinfo=UTC))
    _, text, _ = await bulletin(office, "一季度")
    assert "收到申诉1件：维持1件。共登记扣分记录2条，其中当日撤销1条，有效1条。" in text
    assert "派出所考核小组、机关科室及实战所队考核小组已过期限3天，尚未提交成绩。" in text
    assert "派出所考核小组、机关科室及实战所队考核小组要严格按照考核期限完成考核、提交成绩。" in text


async def test_months_that_came_in_late_are_named(march):
    people = await cast(march)
    with march.beside() as db:
        for number, (unit, at) in enumerate(
            (("chengguan", "2027-02-08 01:00:00"), ("dongmen", "2027-02-05 01:00:00"))
        ):
            db.execute(
                "INSERT INTO month_return (key, unit_code, month, version, content, needs_signature, by, at)"
                " VALUES (?, ?, '2027-01', 1, '[]', FALSE, 1, ?)",
                (f"r{number}", unit, at),
            )
    _, text, _ = await bulletin(people["office"], "一季度")
    assert "1月份民警考核结果，逾期报送的有城关派出所1月份（逾期3天）；未报送的有西街派出所1月份" in text
    assert "等39个单位" in text


async def test_without_a_period_buttons_offer_them(march):
    people = await cast(march)
    await people["office"].says("/bulletin")
    assert people["office"].buttons() == ["2027年第一季度", "2027年度"]
    await people["office"].presses("2027年第一季度")
    assert received(people["office"])[0].startswith("关于2027年第一季度")


@pytest.mark.parametrize(
    ("words", "answer"), [("明天", "没看懂“明天”是哪个时期"), ("2027Q3", "还没有开始"), ("2020", "2027")]
)
async def test_a_period_that_is_none_is_refused(march, words, answer):
    people = await cast(march)
    await people["office"].says(f"/bulletin {words}")
    assert answer in people["office"].sees()
    assert not any("document" in m for m in people["office"].answers())


async def test_nobody_else_gets_it_by_command_or_by_a_forged_button(march):
    people = await cast(march)
    await people["office"].says("/bulletin")
    for name in ("wang", "head", "liaison"):
        player = people[name]
        await player.says("/bulletin 一季度")
        assert "没有办理：起草通报由领导、考评办办理" in player.sees()
        await player.says("/help")
        assert "没有办理" in await player.presses_data(player.answers()[-1], "bul:2027Q1", forged=True)
    chat = await march.bound("派出所组", [people["head"], people["office"]])
    await people["office"].says("/bulletin 一季度", chat=chat)
    assert not any("document" in m for m in people["office"].answers(chat))


async def test_recusal_holds_in_a_document_too(march):
    people = await cast(march)
    both = await march.person(
        "孙兼", Post(Role.OFFICE), Post(Role.ASSESSOR, group=STATIONS, own_unit="dongmen")
    )
    await both.says("/bulletin 一季度")
    assert "派出所第一序列的排名在公布前不在您的查看范围内" in both.sees()
    await people["office"].says("/audit")
    assert "PlacesHidden" in people["office"].sees()


async def test_it_stands_in_the_trail(march):
    people = await cast(march)
    await bulletin(people["leader"], "一季度")
    await people["office"].says("/audit 高局长")
    assert "起草通报　2027Q1 暂定 41 个单位" in people["office"].sees()


async def test_without_pictures_the_document_is_made_all_the_same(march):
    people = await cast(march)
    await deductions(people)
    march.studio.broken = True
    _, text, _ = await bulletin(people["office"], "一季度")
    assert "附件" not in text
    assert "张图没有画成" in people["office"].sees()


async def test_the_charts_show_what_the_tables_show(march):
    people = await cast(march)
    await deductions(people)
    _, text, _ = await bulletin(people["office"], "一季度")
    losses, *rankings = march.studio.charts
    assert [item.name for item in losses.items][:2] == ["情报信息（派出所）", "治安管理（派出所）"]
    assert [chart.frame.title.partition("：")[0] for chart in rankings] == [
        SEQUENCES[0],
        SEQUENCES[1],
        SEQUENCES[3],
    ]
    assert [f"图{n}" in text for n in (1, 2, 3, 4, 5)] == [True, True, True, True, False]


async def test_a_reading_of_41_units_asks_no_more_than_one_of_few(march):
    people = await cast(march)
    await deductions(people)
    counts = []

    def counting(connection, cursor, statement, *rest):
        counts[-1] += statement.lstrip().upper().startswith("SELECT")

    engine = march.app.database._readers.sync_engine
    sa.event.listen(engine, "before_cursor_execute", counting)
    try:
        counts.append(0)
        await bulletin(people["office"], "一季度")
    finally:
        sa.event.remove(engine, "before_cursor_execute", counting)
    assert counts[0] <= 25


async def test_the_bureaus_own_template_is_used_or_refused_in_a_sentence(march):
    people = await cast(march)
    path = march.folder / "通报.docx"
    made = Document()
    made.add_paragraph("文头 {{ 标题 }} {{ 表格[1].行[0][1] }}")
    made.save(path)
    policy = march.config.policy
    for file in (path, march.folder / "没有.docx"):
        march.config.__dict__.pop("policy", None)
        section = march.config.bulletin.model_copy(update={"template": str(file)})
        march.config = march.config.model_copy(update={"bulletin": section})
        march.config.__dict__.pop("policy", None)
        await march.restart()
        if file == path:
            _, text, _ = await bulletin(people["office"], "一季度")
            assert text == "文头 关于2027年第一季度目标量化考核情况的通报（暂定） 城关派出所"
        else:
            await people["office"].says("/bulletin 一季度")
            assert "没有生成：模板“没有.docx”用不了，文件不存在" in people["office"].sees()
            assert str(march.folder) not in people["office"].sees()
            await people["office"].presses("用标准版式生成")
            _, text, tables = received(people["office"])
            assert "特此通报" in text and len(tables) > 4
    assert policy.bulletin_template == ""
