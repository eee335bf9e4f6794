"""Workbooks as offices make them: each is read as it says, or asked about, and never misread."""

from datetime import date

import pytest

from tests.corpus.tables.fresh import make_fresh
from tests.corpus.tables.make import make
from tests.corpus.tables.more import make_more
from tests.corpus.tables.play import play
from tests.corpus.tables.strange import make_strange
from tests.corpus.tables.strange_again import make_strange_again

CORPUS = make(date(2026, 11, 30))
MORE = make_more(date(2026, 11, 30))
STRANGE = make_strange(date(2026, 11, 30))
AGAIN = make_strange_again(date(2026, 11, 30))
FRESH = make_fresh(date(2026, 11, 30))


@pytest.mark.parametrize("case", CORPUS.cases, ids=lambda case: case["id"])
async def test_a_workbook_is_read_as_it_says_or_asked_about(tmp_path, case):
    assert not await play(tmp_path, CORPUS, case), case["what"]


@pytest.mark.parametrize("case", MORE.cases, ids=lambda case: case["id"])
async def test_a_further_workbook_is_read_as_it_says_or_asked_about(tmp_path, case):
    assert not await play(tmp_path, MORE, case), case["what"]


@pytest.mark.parametrize("case", STRANGE.cases, ids=lambda case: case["id"])
async def test_a_strange_workbook_is_read_as_it_says_or_asked_about(tmp_path, case):
    assert not await play(tmp_path, STRANGE, case), case["what"]


@pytest.mark.parametrize("case", AGAIN.cases, ids=lambda case: case["id"])
async def test_another_strange_workbook_is_read_as_it_says_or_asked_about(tmp_path, case):
    assert not await play(tmp_path, AGAIN, case), case["what"]


@pytest.mark.parametrize("case", FRESH.cases, ids=lambda case: case["id"])
async def test_a_fresh_workbook_is_read_as_it_says_or_asked_about(tmp_path, case):
    assert not await play(tmp_path, FRESH, case), case["what"]
