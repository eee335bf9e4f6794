"""What stands where in a picture: each word beside what it is about, each bar as long and in the colour of its figure."""

from dataclasses import replace
from decimal import Decimal

import pytest
from matplotlib.colors import to_hex

from charts import compare, heat, losses, progress, ranking, score, style, trend
from charts.png import figure_of
from charts.values import (
    Board,
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
    ScoreChart,
    Tile,
    TileState,
    TrendChart,
    TrendPoint,
)

FRAME = Frame("某图", "2026年第四季度", "截至 11月23日 14:05", "暂定")


def points(*values):
    """Points as exact decimals; None where there is no such item."""
    return tuple(None if value is None else Decimal(str(value)) for value in values)


class Picture:
    """A chart as it is drawn, its words and boxes by their places in pixels from the upper left corner."""

    def __init__(self, chart):
        axes = figure_of(chart).axes[0]
        self.axes = axes
        self.words = [
            (text.get_text(), *text.get_position(), to_hex(text.get_color())) for text in axes.texts if text.get_text()
        ]  # fmt: skip
        self.boxes = [
            (path.get_extents(), to_hex(colour))
            for collection in axes.collections
            for path, colour in zip(collection.get_paths(), collection.get_facecolors(), strict=True)
        ]

    def place(self, text):
        """Where a text stands that is there once."""
        ((_, x, y, _),) = [word for word in self.words if word[0] == text]
        return x, y

    def line(self, text, within=6):
        """The texts beside one another in its line, from left to right, itself among them."""
        _, y = self.place(text)
        return [word for word, _, _, _ in sorted(self.row(y, within), key=lambda word: word[1])]

    def row(self, y, within=6):
        """The words that stand at a height."""
        return [word for word in self.words if abs(word[2] - y) <= within]

    def column(self, text, within=6):
        """The texts above one another with it, from above."""
        x, _ = self.place(text)
        above = sorted((word for word in self.words if abs(word[1] - x) <= within), key=lambda word: word[2])
        return [word for word, _, _, _ in above]

    def bars(self, top, bottom, *colours):
        """Left edge, width and colour of the boxes of these colours between two heights, in the order they are drawn."""
        return [
            (round(box.x0, 1), round(box.width, 1), colour)
            for box, colour in self.boxes
            if top <= box.y0 and box.y1 <= bottom and colour in colours
        ]

    def under(self, text):
        """The colour of the topmost box that a text stands on."""
        x, y = self.place(text)
        return [colour for box, colour in self.boxes if box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1][-1]

    def colour(self, text):
        """The colour of a text."""
        return next(colour for word, _, _, colour in self.words if word == text)


def test_around_every_picture_stand_its_title_period_state_and_last_change():
    shown = Picture(ScoreChart(FRAME, ()))
    assert [word for word, *_ in sorted(shown.words, key=lambda word: (word[2], word[1]))] == [
        "某图", "2026年第四季度", "暂定", "截至 11月23日 14:05",
    ]  # fmt: skip


# A score


def test_each_item_of_a_score_has_its_own_numbers_and_bar():
    chart = ScoreChart(
        FRAME,
        (
            ItemBar("治安管理", *points(10, 4)),
            ItemBar("执法质量", *points(20, 20)),
            ItemBar("情报信息", *points(5, 0, 3)),
        ),
    )
    shown = Picture(chart)
    assert shown.line("治安管理") == ["治安管理", "4 / 10"]
    assert shown.line("执法质量") == ["执法质量", "20 / 20"]
    assert shown.line("情报信息") == ["情报信息", "已扣完，另有 3 分未计", "0 / 5"]
    room = score.RIGHT - score.LEFT
    left, lost, whole = style.ACCENT, "#f3c9a5", style.FAINT
    wanted = [
        ("治安管理", [(score.LEFT, 0.4 * room, left), (score.LEFT + 0.4 * room, 0.6 * room, lost)]),
        ("执法质量", [(score.LEFT, room, left), (score.RIGHT, 0, whole)]),
        ("情报信息", [(score.LEFT, 0, left), (score.LEFT, room, lost)]),
    ]
    for name, bars in wanted:
        _, y = shown.place(name)
        drawn = shown.bars(y, y + score.ROW - 24, left, lost, whole)
        assert drawn == [(pytest.approx(x), pytest.approx(width), colour) for x, width, colour in bars], name


# A ranking


def row(place, unit, shown, lost, *, shared=False, inspected=True):
    lost = points(*lost)
    return RankingRow(place, shared, unit, shown, 100 - sum(lost), lost, inspected)


RANKING = RankingChart(
    FRAME,
    ("治安管理", "执法质量", "情报信息"),
    (
        row("1", "东门派出所", "99", (0, 1, 0)),
        row("2", "城关派出所", "94", (4, 0, 2), shared=True),
        row("2", "西街派出所", "93.99", (1, "3.01", 2), shared=True, inspected=False),
        row("4", "南湖派出所", "92", (8, 0, 0), inspected=False),
    ),
)


def test_each_line_of_a_ranking_has_its_own_place_marks_and_score():
    shown = Picture(RANKING)
    assert shown.line("东门派出所") == ["1", "东门派出所", "99"]
    assert shown.line("城关派出所") == ["2", "城关派出所", "并列", "94"]
    assert shown.line("西街派出所") == ["2", "西街派出所", "并列", "未检查", "93.99"]
    assert shown.line("南湖派出所") == ["4", "南湖派出所", "未检查", "92"]
    assert [shown.colour(place) for place in ("1", "4")] == [style.ACCENT, style.QUIET]
    assert shown.line("得分") == ["单位", "失分构成（最多 8 分）", "得分"]


def test_the_parts_of_a_rankings_bar_have_the_colours_of_their_items_and_stand_one_after_the_other():
    shown = Picture(RANKING)
    colours = dict(zip(RANKING.items, style.STACK, strict=False))
    names = [shown.place(name) for name in RANKING.items]
    for (x, y), colour in zip(names, colours.values(), strict=True):
        assert [c for box, c in shown.boxes if box.x0 < x <= box.x1 + 20 and box.y0 <= y <= box.y1][
            -1
        ] == colour
    unit = ranking.ROOM / 8
    for line in RANKING.rows:
        _, y = shown.place(line.unit)
        drawn = [bar for bar in shown.bars(y - 20, y + 20, *colours.values()) if bar[1]]
        wanted, at = [], float(ranking.LOSS)
        for name, lost in zip(RANKING.items, line.lost, strict=True):
            if lost:
                wanted.append(
                    (pytest.approx(at, abs=0.2), pytest.approx(float(lost) * unit, abs=0.2), colours[name])
                )
                at += float(lost) * unit
        assert drawn == wanted, line.unit


def test_the_items_that_cost_least_become_others_in_a_ranking():
    names = tuple(f"项目{n}" for n in range(10))
    chart = RankingChart(
        FRAME, names, (row("1", "甲", "1", (5, 1, 7, 2, 9, 3, 8, 4, 6, 10)), row("2", "乙", "0", (1,) * 10))
    )
    stacked = ranking.stack(chart)
    assert [name for name, _ in stacked.items] == ["项目0", "项目2", "项目4", "项目6", "项目7", "项目8", "项目9", "其他"]  # fmt: skip
    assert stacked.lost == (points(5, 7, 9, 8, 4, 6, 10, 6), points(1, 1, 1, 1, 1, 1, 1, 3))
    assert stacked.most == 55


# A heat map


HEAT = HeatChart(
    FRAME,
    ("治安管理", "执法质量", "情报信息"),
    (
        HeatRow("东门派出所", "1", points(0, 1, None), Decimal(1)),
        HeatRow("城关派出所", "2", points(4, 0, "0.25"), Decimal("4.25")),
        HeatRow("西街派出所", "3", points(1, 2, 5), Decimal(8)),
    ),
    points(5, 3, "5.25"),
)


def test_each_cell_of_a_heat_map_says_what_its_unit_lost_on_its_item():
    shown = Picture(HEAT)
    assert shown.line("单位") == ["单位", "治安管理", "执法质量", "情报信息", "失分"]
    assert shown.line("东门派出所") == ["1", "东门派出所", "1", "—", "1"]
    assert shown.line("城关派出所") == ["2", "城关派出所", "4", "0.25", "4.25"]
    assert shown.line("西街派出所") == ["3", "西街派出所", "1", "2", "5", "8"]
    assert shown.line("合计") == ["合计", "5", "3", "5.25", "13.25"]
    _, below = shown.place("合计")
    totals = [
        x for word, x, _, _ in sorted(shown.row(below), key=lambda word: word[1]) if word in {"5", "3", "5.25"}
    ]
    assert totals == [shown.place(name)[0] for name in HEAT.columns]


def test_a_cell_of_a_heat_map_is_as_dark_as_what_was_lost_there():
    shown = Picture(HEAT)
    for line in HEAT.rows:
        _, y = shown.place(line.unit)
        cells = [colour for box, colour in shown.boxes if box.x0 >= heat.CELLS and box.y0 < y < box.y1]
        wanted = [
            style.PAPER if lost is None else heat.SHADES[heat.shade(lost, Decimal(5))] for lost in line.lost
        ]
        assert cells == wanted, line.unit


def test_the_columns_that_cost_most_are_kept_and_the_others_are_told_in_one():
    names = tuple(f"项目{n}" for n in range(11))
    lost = points(5, 1, 7, 2, 9, 3, 8, 4, 6, "0.5", 11), points(1, 0, None, 2, 0, None, 0, 0, 0, "0.25", 2)
    totals = points(6, 1, 7, 4, 9, 3, 8, 4, 6, "0.75", 13)
    rows = tuple(
        HeatRow(*who, own, sum(filter(None, own)))
        for who, own in zip((("甲", "1"), ("乙", "2")), lost, strict=True)
    )
    narrow = heat.narrowed(HeatChart(FRAME, names, rows, totals))
    assert narrow.columns == (*(f"项目{n}" for n in (0, 2, 3, 4, 6, 7, 8, 10)), "其他")
    assert [row.lost for row in narrow.rows] == [
        points(5, 7, 2, 9, 8, 4, 6, 11, "4.5"),
        points(1, None, 2, 0, 0, 0, 0, 2, "0.25"),
    ]
    assert narrow.totals == points(6, 7, 4, 9, 8, 4, 6, 13, "4.75")
    assert [(row.unit, row.place, row.total) for row in narrow.rows] == [
        ("甲", "1", Decimal("56.5")),
        ("乙", "2", Decimal("5.25")),
    ]
    nine = HeatChart(FRAME, names[:9], (), totals[:9])
    assert heat.narrowed(nine) == nine


# A progress board


BOARDS = ProgressChart(
    FRAME,
    (
        Board(
            "派出所第一序列",
            (
                Tile("城关派出所", TileState.DONE, "扣分 3 笔", "申诉 1"),
                Tile("东门派出所", TileState.DONE, "无扣分"),
                Tile("西街派出所", TileState.BEGUN, "扣分 12 笔", "缺原因 1"),
                Tile("南湖派出所", TileState.NOTHING, "没有扣分"),
                Tile("北关派出所", TileState.DONE, "扣分 2 笔"),
            ),
        ),
        Board("派出所第二序列", (Tile("和平派出所", TileState.BEGUN, "扣分 1 笔"),)),
    ),
)


def test_each_tile_of_a_board_is_coloured_by_its_unit_and_says_what_is_its_own():
    shown = Picture(BOARDS)
    assert shown.line("派出所第一序列") == ["派出所第一序列", "3 / 5"]
    assert shown.line("派出所第二序列") == ["派出所第二序列", "0 / 1"]
    for board in BOARDS.boards:
        for tile in board.tiles:
            name = f"✔ {tile.unit}" if tile.state is TileState.DONE else tile.unit
            x, y = shown.place(name)
            own = sorted(
                (at, word)
                for word, left, at, _ in shown.words
                if left == x and y <= at < y + progress.HEIGHT - 40
            )
            assert [word for _, word in own] == [word for word in (name, tile.note, tile.alarm) if word]
            assert shown.under(name) == progress.COLOURS[tile.state]
    colours = {TileState.DONE: "#cfe8e0", TileState.BEGUN: "#fbe6b8", TileState.NOTHING: "#e9edf1"}
    assert colours == progress.COLOURS


def test_above_the_boards_stands_how_many_units_are_in_each_state():
    shown = Picture(BOARDS)
    assert shown.line("检查完毕 3") == ["检查完毕 3", "有登记、未完毕 2", "还没有登记 1"]
    for state, label in ((TileState.DONE, "检查完毕 3"), (TileState.BEGUN, "有登记、未完毕 2"), (TileState.NOTHING, "还没有登记 1")):  # fmt: skip
        x, y = shown.place(label)
        assert [c for box, c in shown.boxes if box.x0 < x - 20 < box.x1 and box.y0 < y < box.y1] == [
            progress.EDGES[state]
        ]


# A trend


def quarter(label, score_, place, of, *, final=True, note=""):
    return TrendPoint(label, "2026", Decimal(score_), score_, final, place, f"第 {place} 名", of, note)


TREND = TrendChart(
    FRAME,
    (
        quarter("一季度", "92.5", 4, 4),
        quarter("二季度", "96", 2, 5),
        quarter("三季度", "91", 5, 5, note="未检查"),
        quarter("四季度", "99.5", 1, 3, final=False),
    ),
)


def test_under_each_quarter_of_a_trend_stands_its_own_state_and_above_it_its_score_and_place():
    shown = Picture(TREND)
    assert shown.column("一季度") == ["92.5", "第 4 名", "一季度", "2026　已审定"]
    assert shown.column("二季度") == ["96", "第 2 名", "二季度", "2026　已审定"]
    assert shown.column("三季度") == ["91", "第 5 名", "三季度", "2026　已审定", "未检查"]
    assert shown.column("四季度") == ["99.5", "第 1 名", "四季度", "2026　暂定"]
    labels = [shown.place(point.label)[0] for point in TREND.points]
    assert labels == sorted(labels)


def test_a_trends_dots_stand_as_high_as_its_axes_say():
    shown = Picture(TREND)
    dots = [patch.center for patch in shown.axes.patches if hasattr(patch, "radius")]
    scores, places = dots[:4], dots[4:]
    (_, best), (_, least) = shown.place("100"), shown.place("90")
    assert [y for _, y in scores] == [
        pytest.approx(best + (100 - float(point.score)) / 10 * (least - best)) for point in TREND.points
    ]
    assert shown.place("95")[1] == pytest.approx((best + least) / 2)
    (_, first), (_, last) = shown.place("第 1"), shown.place("第 5")
    assert [y for _, y in places] == [
        pytest.approx(first + (point.place - 1) / 4 * (last - first)) for point in TREND.points
    ]
    assert first < last
    assert best < least


def test_a_trends_line_has_a_gap_where_no_place_is_seen():
    hidden = replace(TREND.points[1], place=None, place_shown="", of=0)
    shown = Picture(TrendChart(FRAME, (TREND.points[0], hidden, *TREND.points[2:])))
    dots = [patch.center for patch in shown.axes.patches if hasattr(patch, "radius")]
    assert len(dots) == 4 + 3
    assert [len(line.get_xdata()) for line in shown.axes.lines] == [2] * (3 + 1)


@pytest.mark.parametrize(
    ("ys", "aside"),
    [
        ([10, 50, 10], [-34, 36, -34]),
        ([50, 10, 50], [36, -34, 36]),
        ([10, 10], [-34, -34]),
        ([10, 20, 30], [-34, -34, 36]),
        ([None, 10], [-34, -34]),
    ],
)
def test_a_word_stands_beside_its_dot_and_off_the_line(ys, aside):
    assert [trend._aside(ys, index) for index in range(len(ys))] == aside


# What points were lost to


def test_each_cause_has_its_own_figures_and_the_weighty_ones_stand_out():
    chart = LossesChart(
        FRAME,
        (
            CauseBar("2.1 台账", "4 笔", *points(6, "0.6"), "60%", weighty=True),
            CauseBar("4.1 卷宗", "2 笔", *points(3, "0.9"), "90%", weighty=True),
            CauseBar("其余 2 类", "1 笔", *points(1, 1), "100%", weighty=False),
        ),
    )
    shown = Picture(chart)
    before = 0.0
    for cause in chart.causes:
        _, y = shown.place(cause.label)
        assert shown.line(cause.label) == [cause.label, cause.note, f"{cause.points} 分"]
        _, below = shown.place(cause.shown)
        assert 0 < below - y < losses.ROW
        colour = style.ACCENT if cause.weighty else style.STACK[5]
        start, end = (losses.LEFT + share * losses.ROOM for share in (before, float(cause.cumulated)))
        assert shown.bars(y, y + losses.ROW - 24, style.ACCENT, style.STACK[5]) == [
            (pytest.approx(start, abs=0.1), pytest.approx(end - start, abs=0.1), colour)
        ]
        before = float(cause.cumulated)


# Units side by side


def test_each_units_bar_in_a_comparison_has_its_colour_and_is_as_long_as_its_loss():
    chart = CompareChart(
        FRAME,
        (("城关派出所", "95.5 分"), ("东门派出所", "96 分"), ("西街派出所", "100 分")),
        (
            CompareItem("治安管理", Decimal(10), points("0.5", 4, 0)),
            CompareItem("执法质量", Decimal(20), points(4, 0, None)),
            CompareItem("人口管理", Decimal(8), points(1, 2, 3)),
        ),
    )
    shown = Picture(chart)
    colours = style.STACK[:3]
    for (unit, shown_), colour in zip(chart.units, colours, strict=True):
        assert shown.line(unit) == [unit, shown_]
        x, y = shown.place(unit)
        assert [c for box, c in shown.boxes if box.x0 < x - 20 < box.x1 and box.y0 < y < box.y1][-1] == colour
    wanted = {
        "治安管理": ("满分 10", ["−0.5", "−4", "没有失分"], [0.5, 4, 0]),
        "执法质量": ("满分 20", ["−4", "没有失分", "没有这一项"], [4, 0, 0]),
        "人口管理": ("满分 8", ["−1", "−2", "−3"], [1, 2, 3]),
    }
    for item, (full, said, lost) in wanted.items():
        assert shown.line(item) == [item, full]
        _, y = shown.place(item)
        below = y + compare.LINE * 3 + compare.NAME
        bars = shown.bars(y, below, *colours)
        assert [colour for _, _, colour in bars] == list(colours)
        assert [width for _, width, _ in bars] == [
            pytest.approx(max(3.0, value / 4 * compare.ROOM), abs=0.1) for value in lost
        ]
        words = sorted((at, word) for word, _, at, _ in shown.words if y + 20 < at < below - 20)
        assert [word for _, word in words] == said
