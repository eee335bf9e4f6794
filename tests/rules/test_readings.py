"""How Chinese is read: the same as by pypinyin, to the letter."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

from rules.pinyin import PLACE, initials, sound
from tests.readings import written

PHRASES = sorted(PHRASES_DICT)
SIGNS = sorted(map(chr, PINYIN_DICT))


@pytest.mark.parametrize(
    ("text", "read", "short"),
    [
        ("城关派出所", "chengguanpaichusuo", "cgpcs"),
        ("重庆路所", "chongqinglusuo", "cqls"),
        ("长安所", "changansuo", "cas"),
        ("绿园所", "lvyuansuo", "lys"),
        ("110指挥室ab", "110zhihuishiab", "110zhsab"),
        ("〇一", "lingyi", "ly"),
        ("", "", ""),
    ],
)
def test_a_name_is_read_as_people_say_it(text, read, short):
    assert (sound(text), initials(text)) == (read, short)


def test_the_file_is_what_pypinyin_knows():
    assert PLACE.read_text(encoding="utf-8") == written()


def test_every_sign_and_every_phrase_is_read_as_pypinyin_does():
    alike = [text for text in (*SIGNS, *PHRASES) if sound(text) == "".join(lazy_pinyin(text))]
    assert len(alike) == len(SIGNS) + len(PHRASES)


pieces = st.one_of(
    st.sampled_from(PHRASES),
    st.builds(lambda phrase, end: phrase[:end], st.sampled_from(PHRASES), st.integers(1, 4)),
    st.sampled_from(SIGNS),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=3),
    st.sampled_from(["110", "ab", "㐂", "\U0002b740", "\U000323af"]),
)


@given(st.lists(pieces, min_size=1, max_size=5).map("".join))
@example("一丘之")  # only begins a phrase
@example("不得而知道")
def test_a_text_is_read_as_pypinyin_does(text):
    assert sound(text) == "".join(lazy_pinyin(text))
    assert initials(text) == "".join(lazy_pinyin(text, style=Style.FIRST_LETTER))
