"""Rows of small words: told exactly, and in the time of reading a text once, whatever the text is made of."""

import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

from rules.reading.closed import COURTESY, FILLER, is_wish
from rules.reading.row import Row

ROOT = Path(__file__).parents[2]


def test_a_row_is_found_however_its_words_overlap():
    row = Row("不 不是 是的", ",", others=("a b",))
    assert [row.is_all(text) for text in ("不是的", "不是,不", "a b,", "是", "不是人", "")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    assert (row.end("不是人"), row.end("人"), row.end("x不是的", 1), row.end("不是的", 0, 2)) == (2, 0, 4, 2)


@pytest.mark.parametrize("words", list(product(["好的", "不是", "收到", "。"], repeat=3)))
def test_courtesies_make_a_courtesy(words):
    assert COURTESY.is_all("".join(words))


def test_the_small_words_before_a_reason_belong_to_the_line_where_a_colon_follows():
    assert FILLER.is_all("扣分原因:")
    assert not FILLER.is_all("扣分原因")


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("查一下本季度排名", True),
        ("成绩怎么样", True),
        ("", True),
        ("请看看", True),
        ("排名不对", False),
        ("台账排名", False),
    ],
)
def test_a_wish_asks_for_something_else_than_a_deduction(text, wish):
    assert is_wish(text) is wish


EACH_WORD_REPEATED = """
from datetime import date

from examples import BUREAU
from rules.calendar import Quarter
from rules.reading import Setting, Vocabulary, closed, may_be_reason, questions, read_message, read_question

here = Setting(Vocabulary.of(BUREAU, 2026), Quarter(2026, 4), date(2026, 11, 30))
rows = (closed.FILLER, closed.COURTESY, questions.FILLING)
words = {word for row in rows for word in row.words} | set(" 01,.。、（(:+-~/扣分每至到或共先查记第一半①") | {"2.1", "城关所", "同上", "x3", "3处"}
for word in sorted(words):
    text = word * (400 // len(word)) + "☒扣q"
    read_message(text, here)
    may_be_reason(text, here)
    read_question(text, here.vocabulary, here.running, here.today)
print(len(words))
"""


def test_no_word_that_is_said_again_and_again_holds_the_reader_up():
    # Where ways to cut a text double with each word, this would not end in a lifetime.
    done = subprocess.run(
        [sys.executable, "-c", EACH_WORD_REPEATED], cwd=ROOT, timeout=300, capture_output=True, text=True, check=True,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
    )  # fmt: skip
    assert int(done.stdout) > 700
