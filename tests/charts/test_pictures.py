"""The pictures: what they say, that they never fail, and that they look as they did."""

import io
import subprocess
import sys
import warnings
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from charts import ranking, returns, score, style
from charts.png import figure_of, render
from charts.values import (
    Board,
    CalendarBlock,
    CalendarCell,
    CalendarRow,
    Frame,
    ItemBar,
    ProgressChart,
    RankingChart,
    RankingRow,
    ReturnsChart,
    ScoreChart,
    Tile,
    TileState,
    digest,
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
    first, second = (style.shortened(f"江城市公安局直属第{n}派出所分所", 28, 200) for n in (1, 2))
    assert first != second or "…" in first
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


names = st.text(alphabet="派出所城关东门一二三ABC123、（）", min_size=1, max_size=20)
lost = st.lists(st.integers(0, 400).map(lambda n: Decimal(n).scaleb(-1)), min_size=7, max_size=7)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(names, lost), max_size=8))
def test_no_ranking_fails_to_be_drawn(rows):
    chart = RankingChart(
        FRAME, ITEMS, tuple(row(n, name, values) for n, (name, values) in enumerate(rows, start=1))
    )
    assert render(chart)[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    ("name", "chart"), [("ranking", RANKING), ("score", SCORE), ("progress", PROGRESS), ("returns", RETURNS)]
)
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
