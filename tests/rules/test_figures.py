"""What the long runs found comes into docs/reliability.md whole: each figure in its place, the newest of each run."""

import json

import pytest

from tests.soak import figures

PAGE = f"前文\n\n{figures.BEGIN}\n上次的表\n{figures.END}\n\n后文\n"
NOTHING_WRONG = {"lost": 0, "doubled": 0, "repeats": 3, "held up": 20}


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    path = tmp_path / "record"
    monkeypatch.setenv("KAOPING_SOAK_RECORD", str(path))
    return path


def cells(page, run):
    what, command = figures.RUNS[run]
    (row,) = (line for line in page.splitlines() if line.startswith(f"| {what} |"))
    sqlite, postgresql, how = row.removeprefix(f"| {what} |").removesuffix(" |").split(" | ")
    assert command in how
    return sqlite.strip(), postgresql


def test_each_figure_stands_under_its_database(recorded):
    figures.record("kills", NOTHING_WRONG, on_server=False, begun=0.0, updates=10_000, kills=200)
    figures.record("kills", NOTHING_WRONG | {"repeats": 0}, on_server=True, begun=0.0, updates=9_000, kills=190)
    sqlite, postgresql = cells(figures.put_in(PAGE, figures.read(recorded)), "kills")
    assert sqlite.startswith("10,000 笔登记，200 次，") and sqlite.endswith(
        "丢失、重复登记都是 0；重发 3，都注明"
    )
    assert postgresql.startswith("9,000 笔登记，190 次，") and postgresql.endswith("丢失、重复登记都是 0")


def test_what_went_wrong_is_what_is_seen(recorded):
    figures.record("hostile", {"lost": 2, "doubled": 0}, on_server=False, begun=0.0, messages=100)
    sqlite, postgresql = cells(figures.put_in(PAGE, figures.read(recorded)), "hostile")
    assert sqlite.endswith("**丢失 2**") and postgresql == "—"


def test_the_newest_counts_and_the_rest_of_the_page_stays(recorded):
    for found in (1, 0):
        figures.record("company", {"lost": found}, on_server=True, begun=0.0, updates=10, times=1)
    once = figures.put_in(PAGE, figures.read(recorded))
    assert "**" not in once and "上次的表" not in once
    assert once.startswith("前文\n") and once.endswith("\n后文\n")
    assert figures.put_in(once, figures.read(recorded)) == once


def test_every_word_for_what_must_not_be_is_known(recorded):
    line = figures.record("old updates", dict.fromkeys(figures.WORDS, 1), on_server=True, begun=0.0)
    assert json.loads(recorded.read_text(encoding="utf-8")) == line
    _, postgresql = cells(figures.put_in(PAGE, [line]), "old updates")
    assert all(f"{word} 1" in postgresql for word in figures.WORDS.values())


def test_how_long_the_slowest_took_is_told():
    line = {"run": "taken over", "database": "PostgreSQL", "seconds": 50, "at": "2026-11-28", "length": {"times": 20},
            "result": {"lost": 0, "repeats": 0, "slowest ms": 1449}}  # fmt: skip
    _, postgresql = cells(figures.put_in(PAGE, [line]), "taken over")
    assert postgresql == "20 次，1 分钟：丢失都是 0；最慢 1.4 秒"


def test_the_page_shows_what_the_record_holds():
    page = figures.PAGE.read_text(encoding="utf-8")
    assert figures.put_in(page, figures.read(figures.KEPT)) == page


def test_the_page_has_its_place():
    assert figures.put_in(figures.PAGE.read_text(encoding="utf-8"), []).count(figures.BEGIN) == 1
