"""What the words with a file say of its record (R11)."""

import pytest

from rules.evidence import is_bare, record_named, records_mentioned


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("１２", 12),
        ("#12", 12),
        ("记录12", 12),
        ("记录 12 的证据", 12),
        ("第12号记录", 12),
        ("附到记录 12。", 12),
        ("这是12的照片", 12),
        ("2分", None),
        ("1.5", None),
        ("记录缺失", None),
        ("巡防记录 12 处缺失", None),
        ("", None),
    ],
)
def test_a_text_that_names_a_record_and_says_nothing_else(text: str, number: int | None) -> None:
    assert record_named(text) == number


def test_a_number_alone_may_answer_another_question() -> None:
    assert [is_bare(text) for text in ("12", " １２ ", "记录12", "")] == [True, True, False, False]


def test_the_records_that_a_message_speaks_of() -> None:
    assert records_mentioned("已登记记录 12，与 记录12 相同，见 #7") == (12, 7)
    assert records_mentioned("没有记录") == ()
