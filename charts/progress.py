"""The board of a group's quarter: every unit as a tile, inspected or not, with what is missing."""

from charts import style
from charts.sheet import FOOT, HEAD, Sheet, legend
from charts.values import Board, ProgressChart, Tile, TileState

COLUMNS = 4
GAP = 16
WIDTH = (style.WIDTH - 2 * style.MARGIN - GAP * (COLUMNS - 1)) / COLUMNS
HEIGHT = 112
NAME = 64
"""Pixels for a board's name."""

COLOURS = {TileState.DONE: "#cfe8e0", TileState.BEGUN: "#fbe6b8", TileState.NOTHING: "#e9edf1"}
EDGES = {TileState.DONE: "#0b8a72", TileState.BEGUN: "#b87800", TileState.NOTHING: "#7d8fa3"}
WORDS = {TileState.DONE: "检查完毕", TileState.BEGUN: "有登记、未完毕", TileState.NOTHING: "还没有登记"}


def draw(chart: ProgressChart) -> Sheet:
    """The picture, as high as its boards ask."""
    height = HEAD + 64 + sum(_height(board) for board in chart.boards) + FOOT
    sheet = Sheet(height=height)
    sheet.frame(chart.frame)
    counts = {state: sum(tile.state is state for b in chart.boards for tile in b.tiles) for state in TileState}
    legend(sheet, HEAD + 16, [(f"{WORDS[state]} {counts[state]}", EDGES[state]) for state in TileState])
    y = float(HEAD + 64)
    for board in chart.boards:
        _board(sheet, y, board)
        y += _height(board)
    if not chart.boards:
        sheet.text(style.WIDTH / 2, height - FOOT - 20, "没有考核单位", 28, colour=style.QUIET, at="center")
    return sheet


def _height(board: Board) -> int:
    rows = -(-len(board.tiles) // COLUMNS)
    return NAME + rows * (HEIGHT + GAP)


def _board(sheet: Sheet, top: float, board: Board) -> None:
    done = sum(tile.state is TileState.DONE for tile in board.tiles)
    sheet.text(style.MARGIN, top + NAME / 2, board.name, 30, colour=style.HEAD, bold=True)
    share = f"{done} / {len(board.tiles)}"
    sheet.text(style.WIDTH - style.MARGIN, top + NAME / 2, share, 28, colour=style.QUIET, at="right")
    for index, tile in enumerate(board.tiles):
        row, column = divmod(index, COLUMNS)
        _tile(sheet, style.MARGIN + column * (WIDTH + GAP), top + NAME + row * (HEIGHT + GAP), tile)


def _tile(sheet: Sheet, x: float, y: float, tile: Tile) -> None:
    sheet.box(x, y, WIDTH, HEIGHT, COLOURS[tile.state])
    sheet.box(x, y, 8, HEIGHT, EDGES[tile.state])
    mark = "✔ " if tile.state is TileState.DONE else ""
    name = style.shortened(mark + tile.unit, 26, WIDTH - 32)
    sheet.text(x + 20, y + 30, name, 26, bold=True)
    sheet.text(x + 20, y + 64, style.shortened(tile.note, 21, WIDTH - 32), 21, colour=style.QUIET)
    sheet.text(x + 20, y + 92, style.shortened(tile.alarm, 21, WIDTH - 32), 21, colour=style.WARN)
