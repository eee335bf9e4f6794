"""The pictures: what they say, that they never fail, and that they look as they did."""

import io
import subprocess
import sys
import warnings
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image, ImageChops, ImageStat

from charts import heat, lettering, losses, ranking, returns, score, style, trend
from charts.png import figure_of, render
from charts.values import (
    Board,
    CalendarBlock,
    CalendarCell,
    CalendarRow,
    CauseBar,
    CompareChart,
    CompareItem,
    Frame,
    HeatChart,
    HeatRow,
    ItemBar,
    LossesChart,
    ProgressChart,
    RankingChart,
    RankingRow,
    ReturnsChart,
    ScoreChart,
    Tile,
    TileState,
    TrendChart,
    TrendPoint,
    digest,
    packed,
    unpacked,
)
from rules.returns import ReturnState

REFERENCE = Path(__file__).parent / "reference"
FRAME = Frame("派出所第一序列：东门派出所第一", "2026年第四季度", "截至 11月23日 14:05", "暂定")
ITEMS = ("队伍日常管理", "治安管理", "打击、破案及追逃", "执法质量", "人口管理", "安全防范", "情报信息")


def row(place, unit, lost, *, shared=False, inspected=True):
    lost = tuple(Decimal(value) for value in lost)
    total = 100 - sum(lost)
    return RankingRow(str(place), shared, unit, f"{total}", total, lost, inspected)


RANKING = RankingChart(
    FRAME,
    ITEMS,
    (
        row(1, "东门派出所", (0, 0, 0, 0, 0, 0, 0)),
        row(2, "城关派出所", (0, 2, 0, 0, 0, 0, 0), shared=True),
        row(2, "南湖派出所", (0, 0, 1, 1, 0, 0, 0), shared=True, inspected=False),
        row(4, "西街派出所", (1, 1, "0.5", 1, 0, 0, 2)),
    ),
)
SCORE = ScoreChart(
    replace(FRAME, title="城关派出所　90 分"),
    (
        ItemBar("治安管理", Decimal(10), Decimal(5)),
        ItemBar("打击、破案及追逃", Decimal(40), Decimal(40)),
        ItemBar("情报信息", Decimal(5), Decimal(0), Decimal(3)),
    ),
)


PROGRESS = ProgressChart(
    replace(FRAME, title="派出所考核小组：完成 2 / 7", mark="进度"),
    (
        Board(
            "派出所第一序列",
            (
                Tile("城关派出所", TileState.DONE, "扣分 3 笔"),
                Tile("东门派出所", TileState.DONE, "无扣分"),
                Tile("西街派出所", TileState.BEGUN, "扣分 12 笔", "缺原因 1　申诉 1"),
                Tile("南湖派出所", TileState.NOTHING, "无扣分"),
                Tile("北关派出所", TileState.BEGUN, "扣分 2 笔"),
            ),
        ),
        Board("派出所第二序列", (Tile("一个名字特别长的开发区高新分局派出所", TileState.NOTHING, "无扣分"),)),
    ),
)


def year(unit, marks):
    """A row of the calendar: v in time, a digit so many days late, ? unsigned, x missing, . not due, - not asked."""
    states = {"v": ReturnState.IN, "?": ReturnState.UNSIGNED, "x": ReturnState.MISSING, ".": ReturnState.DUE}
    return CalendarRow(
        unit,
        tuple(
            CalendarCell(ReturnState.LATE, int(mark))
            if mark.isdigit()
            else CalendarCell(states.get(mark, ReturnState.NOT_ASKED))
            for mark in marks
        ),
    )


RETURNS = ReturnsChart(
    replace(
        FRAME, title="8月：2 / 4 个单位已报送", subtitle="2026年民警月度成绩报送情况", mark="每月 5 日前报上月"
    ),
    8,
    (
        CalendarBlock(
            "派出所第一序列",
            (
                year("城关派出所", "--vvvvvv.---"),
                year("东门派出所", "--v3x?v2.---"),
                year("南湖派出所", "--xxxxxx.---"),
            ),
        ),
        CalendarBlock("派出所第二序列", (year("一个名字特别长的开发区高新分局派出所", "--vvvvv?.---"),)),
    ),
)


def quarter(label, value, place=None, of=5, *, final=True, shared=False, note=""):
    shown = f"第 {place} 名{'并列' if shared else ''}" if place else ""
    return TrendPoint(label, "2026", Decimal(value), value, final, place, shown, of if place else 0, note)


TREND = TrendChart(
    replace(FRAME, title="城关派出所：四个季度三次进前三"),
    (
        quarter("一季度", "97.5", 2),
        quarter("二季度", "93.25", 4),
        quarter("三季度", "98", 1, shared=True),
        quarter("四季度", "99.5", 1, final=False, note="未检查"),
    ),
)


def heat_of(rows, columns=ITEMS):
    """A heat map of (unit, losses); places as they come."""
    cells = [(unit, tuple(None if v is None else Decimal(str(v)) for v in lost)) for unit, lost in rows]
    totals = tuple(sum((lost[i] or 0 for _, lost in cells), Decimal(0)) for i in range(len(columns)))
    return HeatChart(
        FRAME,
        columns,
        tuple(
            HeatRow(unit, str(n), lost, sum((v or 0 for v in lost), Decimal(0)))
            for n, (unit, lost) in enumerate(cells, start=1)
        ),
        totals,
    )


HEAT = heat_of(
    [
        ("东门派出所", (0, 0, 0, 0, 0, 0, 0)),
        ("城关派出所", (0, 2, 0, 0, 0.5, 0, 0)),
        ("一个名字特别长的开发区高新分局派出所", (1, 0, 4, 1, None, 0, 0.25)),
    ]
)


def losses_of(*causes):
    """A staircase of (label, points), the first two of them weighty."""
    total = sum(Decimal(str(points)) for _, points in causes)
    bars, so_far = [], Decimal(0)
    for n, (label, points) in enumerate(causes):
        so_far += Decimal(str(points))
        share = so_far / total
        bars.append(
            CauseBar(
                label, "3 笔", Decimal(str(points)), round(share, 4), f"{round(share * 100)}%", weighty=n < 2
            )
        )
    return LossesChart(replace(FRAME, title="派出所第二序列：两条细则占失分的 80%"), tuple(bars))


LOSSES = losses_of(
    ("2.1 巡查台账缺失或不完整（每处 0.5 分）", 5),
    ("4.1 卷宗材料不齐，内容特别特别特别特别特别特别特别特别特别长的一条", 3),
    ("治安管理（未引细则）", 2),
)


def compare_of(units, rows):
    """Units side by side; rows of (item, losses)."""
    return CompareChart(
        replace(FRAME, title="城关派出所高 3 分，差距最大在治安管理，差 2.5 分"),
        tuple((unit, "97 分") for unit in units),
        tuple(
            CompareItem(name, Decimal(10), tuple(None if v is None else Decimal(str(v)) for v in lost))
            for name, lost in rows
        ),
    )


COMPARE = compare_of(
    ("城关派出所", "东门派出所"), (("治安管理", (0.5, 3)), ("执法质量", (0, 0)), ("情报信息", (1, None)))
)


@pytest.fixture(autouse=True)
def missing_signs_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def texts(chart):
    return [text.get_text() for text in figure_of(chart).axes[0].texts]


def boxes(chart):
    return [
        (path.get_extents().width, tuple(round(float(c), 3) for c in colour[:3]))
        for collection in figure_of(chart).axes[0].collections
        for path, colour in zip(collection.get_paths(), collection.get_facecolors(), strict=True)
    ]


def test_a_ranking_says_places_names_scores_and_marks():
    said = texts(RANKING)
    for wanted in (
        "东门派出所",
        "城关派出所",
        "并列",
        "未检查",
        "没有失分",
        "暂定",
        "95.5" if "95.5" in said else "94.5",
        FRAME.as_of,
    ):
        assert wanted in said
    assert said.count("并列") == 2
    assert said.count("未检查") == 1
    assert "失分构成（最多 5.5 分）" in said


def test_a_bars_parts_are_as_long_as_what_was_lost():
    stacked = ranking.stack(RANKING)
    assert [name for name, _ in stacked.items] == [
        "队伍日常管理",
        "治安管理",
        "打击、破案及追逃",
        "执法质量",
        "情报信息",
    ]
    assert stacked.most == Decimal("5.5")
    widths = [round(width, 1) for width, _ in boxes(RANKING)]
    assert round(float(2 / stacked.most) * ranking.ROOM, 1) in widths


def test_items_beyond_the_colours_become_others():
    names = tuple(f"项目{n}" for n in range(12))
    chart = RankingChart(FRAME, names, (row(1, "甲", range(1, 13)),))
    stacked = ranking.stack(chart)
    assert len(stacked.items) == len(style.STACK)
    assert stacked.items[-1][0] == "其他"
    assert sum(stacked.lost[0]) == sum(range(1, 13))


def test_a_score_says_what_is_left_of_what_can_be_had():
    said = texts(SCORE)
    assert {"5 / 10", "40 / 40", "0 / 5", "已扣完，另有 3 分未计"} <= set(said)


def test_a_scores_bars_are_what_is_left():
    widths = [width for width, _ in boxes(SCORE)]
    room = score.RIGHT - score.LEFT
    assert widths.count(room / 2) == 2
    assert room in widths


@pytest.mark.parametrize(
    "chart",
    [
        RankingChart(FRAME, ITEMS, ()),
        RankingChart(FRAME, ITEMS, (row(1, "独一派出所", (0,) * 7),)),
        RankingChart(
            FRAME,
            ITEMS,
            tuple(row(1, f"名字特别特别特别长的第{n}派出所", (1,) * 7, shared=True) for n in range(60)),
        ),
        ScoreChart(FRAME, ()),
        replace(RANKING, frame=replace(FRAME, title="长" * 80)),
    ],
)
def test_hard_cases_are_pictures_that_telegram_takes(chart):
    image = Image.open(io.BytesIO(render(chart)))
    assert image.width == 1080
    assert image.width + image.height <= 10_000
    assert image.height <= 20 * image.width


def test_long_names_stay_apart_when_shortened():
    first, second = (style.shortened(f"江城市公安局直属派出所第{n}分所", 28, 200) for n in (1, 2))
    assert (first, second) == ("江城市…1分所", "江城市…2分所")
    assert style.text_width(first, 28) <= 200


def test_a_board_says_who_is_done_and_what_is_missing():
    said = texts(PROGRESS)
    for wanted in (
        "✔ 城关派出所",
        "2 / 5",
        "检查完毕 2",
        "有登记、未完毕 2",
        "还没有登记 2",
        "进度",
        "缺原因 1　申诉 1",
    ):
        assert wanted in said, wanted


@pytest.mark.parametrize("count", [0, 1, 60])
def test_a_board_is_drawn_for_none_one_and_sixty_units(count):
    tiles = tuple(Tile(f"第{n}派出所", TileState.NOTHING, "无扣分") for n in range(count))
    image = Image.open(io.BytesIO(render(ProgressChart(FRAME, (Board("序列", tiles),) if count else ()))))
    assert image.width == style.WIDTH
    assert image.height < 10 * image.width


def test_a_calendar_says_who_returned_what_and_what_is_missing():
    said = texts(RETURNS)
    for wanted in ("8月：2 / 4 个单位已报送", "8月 2 / 3", "8月 0 / 1", "+3", "+2", "待签字", "不用报送"):
        assert wanted in said, wanted
    assert said.count("✔") == 6 + 2 + 5
    assert said.count("缺") == 1 + 6
    assert said.count("签") == 2


def test_a_cell_is_coloured_by_its_state_and_the_month_asked_about_stands_out():
    cells = [colour for width, colour in boxes(RETURNS) if abs(width - (returns.CELL - returns.GAP)) < 0.01]
    assert len(cells) == 4 * 12
    colours = [
        tuple(round(int(c[i : i + 2], 16) / 255, 3) for i in (1, 3, 5)) for c in returns.COLOURS.values()
    ]
    assert {colour: cells.count(colour) for colour in colours} == dict(
        zip(colours, (13, 2, 2, 7, 4, 20), strict=True)
    )
    head = tuple(round(int(style.HEAD[i : i + 2], 16) / 255, 3) for i in (1, 3, 5))
    assert [colour for width, colour in boxes(RETURNS) if abs(width - returns.CELL) < 0.01] == [head, head]


@pytest.mark.parametrize("count", [0, 1, 41, 60])
@pytest.mark.parametrize("marks", ["xxxxxxxxxxxx", "vvvvvvvvvvvv", "------------"])
def test_a_calendar_is_drawn_for_any_number_of_units(count, marks):
    rows = tuple(year(f"江城市公安局经济技术开发区分局第{n}派出所", marks) for n in range(count))
    chart = replace(RETURNS, month=12, blocks=(CalendarBlock("序列", rows),) if count else ())
    image = Image.open(io.BytesIO(render(chart)))
    assert image.width == style.WIDTH
    assert image.width + image.height <= 10_000


def test_a_year_late_still_fits_its_cell():
    late = replace(RETURNS.blocks[0].rows[0], cells=(CalendarCell(ReturnState.LATE, 365),) * 12)
    chart = replace(RETURNS, blocks=(CalendarBlock("序列", (late,)),))
    texts_ = [text for text in figure_of(chart).axes[0].texts if text.get_text() == "+365"]
    assert len(texts_) == 12
    assert style.text_width("+365", texts_[0].get_fontsize() * style.DPI / 72) < returns.CELL


def test_a_trend_says_scores_places_and_what_is_not_final():
    said = texts(TREND)
    for wanted in ("97.5", "93.25", "第 1 名并列", "四季度", "2026　暂定", "未检查", "名次（第 1 名在上）"):
        assert wanted in said, wanted
    assert said.count("2026　已审定") == 3


def test_a_trends_dots_are_hollow_while_not_final_and_the_line_to_them_dashed():
    axes = figure_of(TREND).axes[0]
    dots = [patch for patch in axes.patches if hasattr(patch, "radius")]
    faces = [tuple(round(c, 2) for c in dot.get_facecolor()[:3]) for dot in dots]
    assert [face == (1, 1, 1) for face in faces] == [False, False, False, True] * 2
    assert [line.get_linestyle() for line in axes.lines] == ["-", "-", "--"] * 2


def test_a_trend_without_places_has_no_second_panel():
    chart = replace(TREND, points=tuple(replace(p, place=None, place_shown="") for p in TREND.points))
    assert "名次（第 1 名在上）" not in texts(chart)
    assert figure_of(chart).get_figheight() < figure_of(TREND).get_figheight()


@pytest.mark.parametrize(("least", "foot"), [("100", 90), ("90", 90), ("89.99", 85), ("71", 70), ("0", 0)])
def test_a_trends_axis_holds_every_score(least, foot):
    assert trend.lowest(TrendChart(FRAME, (quarter("一季度", "100"), quarter("二季度", least)))) == foot


def test_a_heat_map_says_every_loss_and_leaves_nothing_empty_where_there_is_no_such_item():
    said = texts(HEAT)
    for wanted in ("2", "0.5", "0.25", "—", "合计", "8.75", "东门派出所"):
        assert wanted in said, wanted
    assert (
        sum(style.text_width(line, 20) > 0 for line in said if line in "一个名字特别长的开发区高新分局派出所")
        == 2
    )


def test_the_more_was_lost_the_darker_a_cell():
    most = Decimal(5)
    shades = [heat.shade(Decimal(n) / 10, most) for n in range(51)]
    assert shades == sorted(shades)
    assert (shades[0], shades[1], shades[-1]) == (0, 1, len(heat.SHADES) - 1)
    assert (heat.shade(Decimal(1), most), heat.shade(Decimal("1.01"), most)) == (1, 2)
    grey = [sum(w * int(c[i : i + 2], 16) for w, i in ((0.3, 1), (0.59, 3), (0.11, 5))) for c in heat.SHADES]
    assert all(lighter > darker + 10 for lighter, darker in pairwise(grey))


def test_too_many_columns_become_others_and_add_up():
    names = tuple(f"项目{n}" for n in range(14))
    chart = heat_of([("甲", range(14)), ("乙", (None,) * 14)], names)
    narrow = heat.narrowed(chart)
    assert len(narrow.columns) == heat.MOST_COLUMNS
    assert narrow.columns[-1] == "其他"
    assert sum(narrow.totals) == sum(chart.totals)
    assert sum(narrow.rows[0].lost) == sum(range(14))


@pytest.mark.parametrize("name", ["治安管理", "打击、破案及追逃", "名字特别特别特别特别特别特别长的项目"])
def test_a_columns_name_is_folded_into_lines_that_fit(name):
    lines = heat.folded(name, 22, 90)
    assert len(lines) <= heat.LINES
    assert all(style.text_width(line, 22) <= 90 for line in lines)


def test_a_staircases_steps_are_as_long_as_their_shares_and_end_at_the_whole():
    steps = [
        (path.get_extents().x0, path.get_extents().x1)
        for collection in figure_of(LOSSES).axes[0].collections
        for path, colour in zip(collection.get_paths(), collection.get_facecolors(), strict=True)
        if tuple(round(float(c), 3) for c in colour[:3]) in {(0.122, 0.373, 0.659), (0.435, 0.718, 0.914)}
    ]
    assert [round((b - a) / losses.ROOM, 3) for a, b in steps] == [0.5, 0.3, 0.2]
    assert all(round(end, 1) == round(start, 1) for (_, end), (start, _) in pairwise(steps))
    assert round(steps[-1][1], 1) == losses.LEFT + losses.ROOM
    assert {"5 分", "50%", "80%", "100%"} <= set(texts(LOSSES))


def test_a_comparison_says_each_units_losses_and_what_there_is_none_of():
    said = texts(COMPARE)
    for wanted in ("城关派出所", "东门派出所", "−0.5", "−3", "没有失分", "没有这一项", "满分 10"):
        assert wanted in said, wanted


SIXTY = tuple(f"江城市公安局开发区直属第{n}派出所" for n in range(60))


@pytest.mark.parametrize(
    "chart",
    [
        TrendChart(FRAME, ()),
        TrendChart(FRAME, (quarter("一季度", "100"),)),
        TrendChart(FRAME, tuple(quarter("一季度", "0", 60, 60, shared=True) for _ in range(4))),
        TrendChart(FRAME, (quarter("一季度", "100", 1, 1), quarter("二季度", "100"))),
        heat_of([], ()),
        heat_of([("独一派出所", (0,) * 7)]),
        heat_of([(name, (n % 7,) * 7) for n, name in enumerate(SIXTY)]),
        heat_of([(name, (0,) * 7) for name in SIXTY]),
        LossesChart(FRAME, ()),
        losses_of(("治安管理（未引细则）", 0.01)),
        losses_of(*((f"{n}.1 " + "很长的细则" * 20, 1) for n in range(15))),
        compare_of(
            SIXTY[:4], [(f"名字很长很长很长很长很长很长很长很长的项目{n}", (9, 9, 9, 9)) for n in range(20)]
        ),
        compare_of(SIXTY[:2], [("治安管理", (0, 0))]),
        compare_of(SIXTY[:2], []),
    ],
)
def test_hard_cases_of_the_surveys_are_pictures_that_telegram_takes(chart):
    image = Image.open(io.BytesIO(render(chart)))
    assert image.width == style.WIDTH
    assert image.width + image.height <= 10_000
    assert image.height <= 20 * image.width


names = st.text(alphabet="派出所城关东门一二三ABC123、（）", min_size=1, max_size=20)
lost = st.lists(st.integers(0, 400).map(lambda n: Decimal(n).scaleb(-1)), min_size=7, max_size=7)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(names, lost), max_size=8))
def test_no_ranking_fails_to_be_drawn(rows):
    chart = RankingChart(
        FRAME, ITEMS, tuple(row(n, name, values) for n, (name, values) in enumerate(rows, start=1))
    )
    assert render(chart)[:4] == b"\x89PNG"


PICTURES = {
    "ranking": RANKING,
    "score": SCORE,
    "progress": PROGRESS,
    "returns": RETURNS,
    "trend": TREND,
    "heat": HEAT,
    "losses": LOSSES,
    "compare": COMPARE,
}


@pytest.mark.parametrize("chart", PICTURES.values(), ids=PICTURES)
def test_a_chart_is_the_same_after_it_was_packed(chart):
    assert unpacked(packed(chart)) == chart


@pytest.mark.parametrize(("name", "chart"), PICTURES.items())
def test_the_picture_looks_as_it_did(name, chart, request):
    """To renew: delete tests/charts/reference and run once; then look at what is new."""
    path = REFERENCE / f"{name}.png"
    image = Image.open(io.BytesIO(render(chart))).convert("L").resize((360, 360))
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        image.save(path)
        pytest.fail("there was no reference picture; one was made, look at it")
    difference = ImageStat.Stat(ImageChops.difference(image, Image.open(path))).mean[0]
    assert difference < 1.5


@pytest.mark.parametrize("chart", PICTURES.values(), ids=PICTURES)
def test_a_photo_with_lines_from_memory_is_to_the_pixel_what_matplotlib_draws_by_itself(chart):
    canvas = FigureCanvasAgg(figure_of(chart))
    canvas.draw()
    drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    for _ in ("set for the first time", "from memory"):
        photo = Image.open(io.BytesIO(render(chart)))
        assert (photo.mode, photo.size) == ("RGB", drawn.size)
        assert ImageChops.difference(photo, drawn).getbbox() is None


def test_a_picture_drawn_again_sets_no_line_anew():
    render(RANKING)
    before = lettering.stamp.cache_info()
    render(replace(RANKING, rows=RANKING.rows[:-1]))
    after = lettering.stamp.cache_info()
    assert after.hits > before.hits
    # What is new is over the bars: the most that was lost.
    assert after.misses == before.misses + 1


def simulated(colour, matrix):
    linear = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in linear]
    return [sum(m * c for m, c in zip(line, linear, strict=True)) for line in matrix]


# Viénot, Brettel and Mollon (1999), as matrices on linear RGB.
PROTAN = ((0.11238, 0.88762, 0), (0.11238, 0.88762, 0), (0.00401, -0.00401, 1))
DEUTAN = ((0.29275, 0.70725, 0), (0.29275, 0.70725, 0), (-0.02234, 0.02234, 1))


@pytest.mark.parametrize("matrix", [PROTAN, DEUTAN])
def test_neighbouring_colours_stay_apart_for_the_colour_blind(matrix):
    seen = [simulated(colour, matrix) for colour in style.STACK]
    for one, other in pairwise(seen):
        assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 > 0.1


def test_the_same_values_are_the_same_picture_and_others_are_not():
    assert digest(RANKING) == digest(replace(RANKING))
    assert digest(RANKING) != digest(replace(RANKING, frame=replace(FRAME, as_of="")))


def test_matplotlib_stays_out_of_the_bots_process():
    code = (
        "import asyncio, sys, pickle\n"
        "from charts.studio import Studio\nfrom charts.values import *\nimport bot.app\n"
        "async def main():\n"
        "    studio = Studio(); await studio.start()\n"
        "    png = await studio.draw(ScoreChart(Frame('a', 'b', 'c', 'd'), ()))\n"
        "    await studio.stop()\n"
        "    assert png[:4] == b'\\x89PNG'\n"
        "    assert 'matplotlib' not in sys.modules\n"
        "asyncio.run(main())\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2], timeout=60)
