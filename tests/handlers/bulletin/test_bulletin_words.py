"""The sentences and tables of a bulletin for two of everything: each figure under its own head, each unit with its own."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from documents.papers.values import Grid, Paragraph, SubHead
from handlers.bulletin import bulletin_ends, bulletin_parts, bulletin_text
from rules.bulletin import Facts, LateMonth, Losses, Part, Work
from rules.calendar import Quarter, Year
from rules.digest import Appealed, Fault, Handled, ItemLoss, Line
from rules.entries import Basis
from rules.months import Month
from rules.policy import Policy
from rules.stages import Course, Move, Step
from rules.table import Table
from tests.examples import BUREAU, ENTRY

Q1, Q2 = Quarter(2026, 1), Quarter(2026, 2)
STATIONS, OFFICES = BUREAU.groups
CHENGGUAN, DONGMEN, XIMEN, NANHU, BEISHAN, ZHIAN, FAZHI = BUREAU.units
POLICY = Policy()
NOTHING = Appealed(0, 0, 0, 0)
WHOLE = Handled(0, 0, 0, 0, 0)


def entry(number, unit="chengguan", item="治安管理", points="1", reason="台账缺失", **how):
    return replace(
        ENTRY, number=number, unit=unit, item=item, points=Decimal(points), reason=reason, quarter=Q1, **how
    )


def work(group, units, left, entries, *moves, quarter=Q1, late=0):
    at = {Move.SUBMIT: datetime(2026, 3, 14, 1, tzinfo=UTC), Move.CONFIRM: datetime(2026, 3, 20, 1, tzinfo=UTC)}
    steps = tuple(Step(move, at[move], "组长", late=late) for move in moves)
    return Work(
        group, quarter, date(2025, 12, 2), date(2026, 3, 15), units, left, entries, Course(group.name, quarter, steps), late
    )  # fmt: skip


def line(unit, place, score, before=None, lost=(), **how):
    before = None if before is None else Fraction(before)
    losses = tuple((item, Decimal(points)) for item, points in lost)
    return Line(unit, place, how.pop("shared", False), Fraction(score), before, losses, **how)


def part(sequence, *lines, unscored=()):
    return Part(sequence, lines, Table(Q1, (), (), None), unscored)


def facts(**said):
    usual = {
        "bureau": BUREAU, "period": Q1, "final": False, "missing": (), "leads": {}, "works": (), "parts": (), "losses": (),
        "entries": (), "vetoes": (), "handled": WHOLE, "appeals": NOTHING, "months": (), "late_months": (),
        "unexplained": (), "changed": None,
    }  # fmt: skip
    return Facts(**(usual | said))


def texts(blocks):
    return [block.text for block in blocks if isinstance(block, Paragraph | SubHead)]


def grid(blocks):
    (found,) = [block for block in blocks if isinstance(block, Grid)]
    return found


WORKS = (
    work(
        STATIONS,
        (CHENGGUAN, DONGMEN, XIMEN, NANHU, BEISHAN),
        (DONGMEN, NANHU),
        7,
        Move.SUBMIT,
        Move.CONFIRM,
        late=2,
    ),
    work(OFFICES, (ZHIAN, FAZHI), (), 3, Move.SUBMIT),
)


def test_each_groups_units_inspections_and_entries_stand_under_their_heads():
    found = facts(
        works=WORKS, handled=Handled(12, 10, 0, 0, 2), entries=(entry(1), entry(2, "dongmen"), entry(3))
    )
    told = bulletin_parts.organisation(found)
    assert grid(told).heads == ("考核小组", "单位数", "已检查", "扣分记录", "提交", "审定")
    assert grid(told).rows == (
        ("派出所考核小组", "5", "3", "7", "3月14日（逾期2天）", "3月20日"),
        ("机关科室及实战所队考核小组", "2", "2", "3", "3月14日", "—"),
    )
    assert texts(told) == [
        "考核期为2025年12月2日至2026年3月15日。应检查单位7个，检查完毕5个，未检查2个（东门派出所、南湖派出所），"
        "未检查的按已登记的扣分计算成绩。有效扣分记录共10条，涉及2个单位。"
    ]


def test_of_a_year_each_groups_quarters_stand_apart():
    works = (
        WORKS[0],
        replace(WORKS[1], left=(ZHIAN, FAZHI)),
        work(STATIONS, (CHENGGUAN,), (), 4, quarter=Q2, late=3),
    )
    told = bulletin_parts.organisation(
        facts(period=Year(2026), works=works, handled=Handled(9, 9, 0, 0, 0), entries=(entry(1),))
    )
    assert grid(told).heads[:2] == ("季度", "考核小组")
    assert [(row[0], *row[2:6]) for row in grid(told).rows] == [
        ("一季度", "5", "3", "7", "3月14日（逾期2天）"),
        ("一季度", "2", "0", "3", "3月14日"),
        ("二季度", "1", "1", "4", "逾期3天未提交"),
    ]
    assert texts(told) == [
        "应检查单位8个次，检查完毕4个次，未检查4个次（一季度东门派出所、南湖派出所；一季度机关科室及实战所队考核小组所负责的2个单位），"
        "未检查的按已登记的扣分计算成绩。有效扣分记录共9条，涉及1个单位。"
    ]


def test_groups_with_other_deadlines_have_their_own_spans():
    works = (WORKS[0], replace(WORKS[1], last_day=date(2026, 3, 20)))
    assert texts(bulletin_parts.organisation(facts(works=works)))[0].startswith(
        "考核期派出所考核小组为2025年12月2日至2026年3月15日；机关科室及实战所队考核小组为2025年12月2日至2026年3月20日。"
    )


def test_each_sequence_says_its_own_first_last_and_mean():
    first, second = BUREAU.sequences[:2]
    found = facts(
        parts=(
            part(
                first,
                line(CHENGGUAN, 1, "99.5", "98"),
                line(DONGMEN, 2, 97, "98.5", shared=True),
                line(XIMEN, 2, 97, shared=True, vetoed=True),
                line(NANHU, 4, "90.25", "90.25", unseen=(Q1,), vetoed=True),
            ),
            part(second, line(BEISHAN, 1, 96, 95), unscored=(FAZHI,)),
        )
    )
    told = bulletin_parts.places(found, POLICY)
    assert texts(told) == [
        "（一）派出所第一序列",
        "共4个单位，平均95.94分。第1名为城关派出所（99.5分），末位为南湖派出所（90.25分）。",
        "（二）派出所第二序列",
        "本序列只有北山派出所1个单位有成绩，得96分。法制科所属类别没有计分表，未评分。",
    ]
    tables = [block for block in told if isinstance(block, Grid)]
    assert tables[0].heads == ("名次", "单位", "得分", "上季度", "升降", "备注")
    assert tables[0].rows == (
        ("1", "城关派出所", "99.5", "98", "+1.5", ""),
        ("2（并列）", "东门派出所", "97", "98.5", "−1.5", ""),
        ("2（并列）", "西门派出所", "97", "—", "—", "一票否决"),
        ("4", "南湖派出所", "90.25", "90.25", "持平", "未检查，一票否决"),
    )
    assert [table.caption for table in tables] == ["派出所第一序列成绩", "派出所第二序列成绩"]


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ((1, 1, 3), "城关派出所、东门派出所并列第1名（99分），末位为西门派出所（98分）"),
        ((1, 2, 2), "第1名为城关派出所（99分），东门派出所、西门派出所并列末位（98分）"),
    ],
)
def test_who_shares_the_first_or_the_last_place_is_named(places, said):
    lines = [
        line(unit, place, 99 if place == 1 else 98)
        for unit, place in zip((CHENGGUAN, DONGMEN, XIMEN), places, strict=True)
    ]
    assert said in texts(bulletin_parts.places(facts(parts=(part(BUREAU.sequences[0], *lines),)), POLICY))[1]


def loss(name, points, lost, units, of=5):
    return ItemLoss(name, Decimal(points), Decimal(lost), units, of)


LOSSES = (
    Losses(
        "派出所", 5, 5,
        (loss("治安管理", 10, 4, 3), loss("执法质量", 20, "2.5", 1), loss("人口管理", 10, 0, 0), loss("情报信息", 5, 5, 2)),
        Decimal(3),
        (Fault("治安管理", "台账缺失（每处 0.5 分）", "2.1", (entry(1), entry(2, "dongmen", points="2"))),),
    ),
    Losses("机关科室", 2, 2, (loss("业务工作", 60, 0, 0, 2),), Decimal(0), ()),
    Losses("实战所队", 1, 1, (loss("业务工作", 60, 6, 1, 1),), Decimal(0), ()),
)  # fmt: skip


def test_each_item_has_its_marks_units_sum_and_mean():
    told = bulletin_parts.losses(facts(losses=LOSSES))
    tables = [block for block in told if isinstance(block, Grid)]
    assert tables[0].heads == ("项目", "满分", "失分单位数", "失分合计", "平均失分")
    assert tables[0].rows == (
        ("治安管理", "10", "3", "4", "0.8"),
        ("执法质量", "20", "1", "2.5", "0.5"),
        ("人口管理", "10", "0", "0", "0"),
        ("情报信息", "5", "2", "5", "1"),
    )
    assert tables[1].rows == (("业务工作", "60", "1", "6", "6"),)
    assert texts(told) == [
        "（一）派出所",
        "5个单位共失11.5分，每个单位平均失2.3分。失分较多的项目是情报信息（失5分，2个单位）、治安管理（失4分，3个单位）、"
        "执法质量（失2.5分，1个单位）。另有3分超出项目满分，按“扣完为止”未计入。",
        "按细则统计，扣分的有：细则2.1“台账缺失”，2条、登记扣分3分。",
        "（二）机关科室",
        "2个单位各项均为满分，没有失分。",
        "（三）实战所队",
        "1个单位，共失6分。失分的项目是业务工作（失6分，1个单位）。",
    ]


def test_the_picture_of_losses_shows_what_is_left_where_most_of_the_marks_went():
    chart = bulletin_text.charts(facts(losses=LOSSES), POLICY)[bulletin_text.LOSSES]
    assert [(bar.name, bar.points, bar.left) for bar in chart.items] == [
        ("情报信息（派出所）", 5, 4),
        ("业务工作（实战所队）", 60, 54),
        ("治安管理（派出所）", 10, Decimal("9.2")),
        ("执法质量（派出所）", 20, Decimal("19.5")),
    ]


def test_each_sequences_mean_moves_its_own_way_and_who_rose_or_fell_most_is_named():
    first, second, third = BUREAU.sequences
    found = facts(
        parts=(
            part(first, line(CHENGGUAN, 1, 99, 94), line(DONGMEN, 2, 98, 97), line(XIMEN, 3, 90)),
            part(second, line(BEISHAN, 1, 95, 97)),
            part(third, line(ZHIAN, 1, 96, 96)),
        )
    )
    assert texts(bulletin_parts.changes(found)) == [
        "派出所第一序列平均分由上季度的95.5分到98.5分，上升3分（按两期都有成绩的2个单位计算）；"
        "派出所第二序列平均分由上季度的97分到95分，下降2分；机关第一序列平均96分，与上季度持平。",
        "升幅较大的有城关派出所（升5分）、东门派出所（升1分）；降幅较大的有北山派出所（降2分）。",
    ]
    assert bulletin_parts.changes(facts(parts=(part(first, line(XIMEN, 3, 90)),))) == ()


def test_a_fault_has_its_own_counts_points_and_examples():
    basis = Basis("2.1", "台账缺失（每处 0.5 分）", 1, veto=False)
    entries = (
        entry(1, basis=basis, points="1.5", reason="缺三天"),
        entry(2, "dongmen", basis=basis, reason="缺“签名”"),
        entry(3, basis=basis, reason=None),
        entry(4, "ximen", item="情报信息", points="0.5", reason="迟报"),
        entry(5, "nanhu", item="情报信息", points="0.25", reason="迟报"),
    )
    lines = tuple(line(unit, 1, 100) for unit in BUREAU.units)
    found = facts(entries=entries, parts=(part(BUREAU.sequences[0], *lines),))
    assert texts(bulletin_parts.faults(found)) == [
        "1.台账缺失（细则2.1，治安管理）。共3条，涉及2个单位，登记扣分3.5分。如：城关派出所“缺三天”（记录1）；东门派出所“缺‘签名’”（记录2）。",
        "2.迟报（情报信息）。共2条，涉及2个单位，登记扣分0.75分。如：西门派出所（记录4）；南湖派出所（记录5）。",
    ]
    alone = facts(entries=(entries[3], entry(6, "dongmen", points="2", reason=None)), parts=found.parts)
    assert texts(bulletin_parts.faults(alone)) == [
        "没有重复出现的同类问题。扣分较多的有：东门派出所（记录6，未写原因），治安管理扣2分；西门派出所“迟报”（记录4），情报信息扣0.5分。"
    ]


# The ends


@pytest.mark.parametrize(
    ("appeals", "handled", "said"),
    [
        (Appealed(10, 1, 2, 3), Handled(20, 11, 2, 3, 4), "收到申诉10件：维持1件、减轻2件、取消扣分3件、待裁定4件。共登记扣分记录20条，其中当日撤销2条、更正后由新记录代替3条、撤销4条，有效11条。"),
        (Appealed(2, 0, 2, 0), Handled(3, 2, 0, 1, 0), "收到申诉2件：减轻2件。共登记扣分记录3条，其中更正后由新记录代替1条，有效2条。"),
        (NOTHING, Handled(3, 3, 0, 0, 0), "没有申诉。登记的3条扣分记录没有更正、撤销。"),
        (NOTHING, WHOLE, "没有申诉。没有扣分记录。"),
    ],
)  # fmt: skip
def test_appeals_and_corrections_are_counted_each_by_what_came_of_them(appeals, handled, said):
    assert texts(bulletin_ends.others(facts(appeals=appeals, handled=handled)))[-1] == said


def test_each_veto_has_its_own_unit_criterion_record_and_reason():
    basis = Basis("4.2", "执法过错（一票否决）", 1, veto=True)
    lines = tuple(line(unit, 1, 100) for unit in (CHENGGUAN, DONGMEN))
    found = facts(
        vetoes=(
            entry(3, basis=basis, reason="超期"),
            entry(8, "dongmen", basis=replace(basis, code="4.3"), reason=None),
        ),
        parts=(part(BUREAU.sequences[0], *lines),),
    )
    assert texts(bulletin_ends.others(found))[1] == (
        "一票否决情形2条，已在成绩表备注中标出：城关派出所执法过错（细则4.2，记录3），“超期”；东门派出所执法过错（细则4.3，记录8）。"
    )


def test_who_was_late_or_has_not_submitted_is_told_with_its_own_days():
    works = (WORKS[0], work(OFFICES, (ZHIAN,), (), 3, late=4))
    late = (
        LateMonth(CHENGGUAN, Month(2026, 1), 3),
        LateMonth(DONGMEN, Month(2026, 2), 1),
        LateMonth(XIMEN, Month(2026, 1), None),
    )
    found = facts(works=works, months=(Month(2026, 1), Month(2026, 2)), late_months=late)
    assert texts(bulletin_ends.others(found))[3] == (
        "派出所考核小组逾期2天提交成绩；机关科室及实战所队考核小组已过期限4天，尚未提交成绩。"
        "1月、2月份民警考核结果，逾期报送的有城关派出所1月份（逾期3天）、东门派出所2月份（逾期1天）；未报送的有西门派出所1月份。"
    )
    waiting = facts(works=(work(OFFICES, (ZHIAN,), (), 3),), months=(Month(2026, 1),))
    assert texts(bulletin_ends.others(waiting))[3] == (
        "机关科室及实战所队考核小组尚未提交成绩，期限为3月15日。1月份民警考核结果，各单位均按期报送。"
    )
    year = facts(period=Year(2026), works=(WORKS[0], replace(WORKS[0], quarter=Q2)))
    assert (
        texts(bulletin_ends.others(year))[3]
        == "派出所考核小组逾期2天提交一季度成绩；派出所考核小组逾期2天提交二季度成绩。"
    )


def test_each_demand_names_whom_it_is_for_and_its_cause():
    first, second = BUREAU.sequences[:2]
    lost = (("治安管理", "5"), ("执法质量", "2.5"), ("情报信息", "1"))
    found = facts(
        works=(WORKS[0], work(OFFICES, (ZHIAN, FAZHI), (FAZHI,), 3)),
        parts=(
            part(first, line(CHENGGUAN, 1, 100), line(DONGMEN, 2, "91.5", lost=lost)),
            part(second, line(BEISHAN, 1, 98, lost=(("治安管理", "2"),))),
        ),
        entries=(
            entry(1, reason="台账缺失"),
            entry(2, "dongmen", reason="台账缺失"),
            entry(3, item="执法质量", reason="超期"),
            entry(4, item="执法质量", reason="超期"),
        ),
        late_months=(LateMonth(XIMEN, Month(2026, 1), None), LateMonth(XIMEN, Month(2026, 2), 1)),
        unexplained=(entry(7, reason=None), entry(9, reason=None)),
    )
    assert texts(bulletin_ends.demands(found)) == [
        "1.派出所第一序列末位的东门派出所（共失8.5分，主要是治安管理失5分、执法质量失2.5分）；派出所第二序列的北山派出所（治安管理失2分），"
        "要对照失分项目逐条查找原因，落实整改。",
        "2.“台账缺失”在多个单位重复出现，各单位要对照开展自查，发现问题及时纠正。",
        "3.派出所考核小组本季度没有检查东门派出所、南湖派出所，下一季度应当安排检查。",
        "4.机关科室及实战所队考核小组要抓紧完成对法制科的本季度检查。",
        "5.派出所考核小组要严格按照考核期限完成考核、提交成绩。",
        "6.西门派出所要按时报送民警月度考核结果。",
        "7.有2条扣分记录没有写明原因（记录7、9），登记人要尽快补齐。",
    ]
    year = facts(period=Year(2026), works=(WORKS[0],))
    assert texts(bulletin_ends.demands(year)) == [
        "1.派出所考核小组一季度没有检查东门派出所、南湖派出所，今后要按季度完成检查。",
        "2.派出所考核小组要严格按照考核期限完成考核、提交成绩。",
    ]
    assert bulletin_ends.demands(facts()) == ()


def test_the_caption_says_how_final_it_is_and_what_is_lacking():
    lines = (line(CHENGGUAN, 1, 100), line(DONGMEN, 2, 98))
    found = facts(works=WORKS, handled=Handled(9, 7, 2, 0, 0), parts=(part(BUREAU.sequences[0], *lines),))
    said = bulletin_text.caption(found, lacking=2, own_template=False).split("\n")
    assert said == [
        "<b>关于2026年第一季度目标量化考核情况的通报（暂定）</b>",
        "2 个单位，有效扣分记录 7 条。",
        "⚠ 暂定稿：机关科室及实战所队考核小组的成绩尚未审定。",
        "上季度没有审定的成绩，没有作比较。",
        "有 2 张图没有画成，文中没有放；可稍后再生成一次。",
        "请核对文字后再签发。字体按公文格式指定，没有装的电脑上会换成别的。",
    ]
    assert bulletin_text.caption(replace(found, final=True), lacking=0, own_template=True).split("\n") == [
        "<b>关于2026年第一季度目标量化考核情况的通报</b>",
        "2 个单位，有效扣分记录 7 条。",
        "上季度没有审定的成绩，没有作比较。",
        "请核对文字后再签发。用的是本局模板。",
    ]
