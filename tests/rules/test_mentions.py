"""R9: officers stand in kept texts by their ids; what is no name, or may be another's, is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.mentions import mark, marked, mentioned, names, resolved
from rules.officers import ERASED, Officer
from rules.person_names import is_plausible, is_written_like_one

ZHANG, WANG, LONGER = Officer(1, "张伟"), Officer(2, "王芳"), Officer(3, "张伟明")
KNOWN = {1: "张伟", 2: "王芳", 3: "张伟明"}


def test_a_text_is_kept_with_ids_and_read_with_todays_names():
    kept = marked("张伟与王芳争吵，张伟明劝阻", [ZHANG, WANG, LONGER])
    assert not any(name in kept for name in KNOWN.values())
    assert mentioned(kept) == {1, 2, 3}
    assert resolved(kept, KNOWN) == "张伟与王芳争吵，张伟明劝阻"
    assert resolved(kept, {2: "王芳"}) == f"{ERASED}1与王芳争吵，{ERASED}3劝阻"


def test_two_of_one_name_share_a_mark_until_both_are_erased():
    kept = marked("张伟脱岗", [ZHANG, Officer(7, "张伟")])
    assert resolved(kept, {7: "张伟"}) == "张伟脱岗"
    assert resolved(kept, {}) == f"{ERASED}1脱岗"


@pytest.mark.parametrize("name", ["code", "unit", "b", "派出所", "扣分", "登记", "管理", "", "张"])
def test_a_word_that_could_be_any_is_left_alone(name):
    text = "<b>东门派出所</b>登记扣分 code unit 治安管理"
    assert marked(text, [Officer(1, name)]) == text
    assert not names(text, Officer(1, name))


@pytest.mark.parametrize(
    ("text", "named"),
    [("东方派出所内务差", False), ("东方所脱岗", False), ("东方所长迟到", True), ("东方迟到", True)],
)
def test_a_place_is_no_officer(text, named):
    assert names(text, Officer(1, "东方")) is named
    assert (marked(text, [Officer(1, "东方")]) != text) is named


def test_nobody_types_himself_a_mark():
    assert marked(f"看{mark(5)}是谁", []) == "看是谁"
    assert marked(f"{mark(5)}{mark(6)}", [], about=[5]) == mark(5)
    assert mentioned("没有人") == set()


@given(
    st.text(alphabet="张伟王芳明所派出<b>&;code 。", max_size=30),
    st.sets(st.sampled_from([1, 2, 3]), max_size=3),
)
def test_marks_change_nothing_that_is_read(text, ids):
    officers = [Officer(id_, KNOWN[id_]) for id_ in ids]
    assert resolved(marked(text, officers), KNOWN) == text


@pytest.mark.parametrize(
    "name", ["张伟", "欧阳修", "司马相如", "阿依·古丽", "买买提·吐尔逊·阿不都", "范徐丽泰", "诸葛亮"]
)
def test_what_can_hardly_be_anything_but_a_name(name):
    assert is_plausible(name)
    assert is_written_like_one(name)


@pytest.mark.parametrize("name", ["扎西", "错别字", "张三丰大"])
def test_what_is_written_like_one_and_may_be_another_word(name):
    assert is_written_like_one(name)
    assert not is_plausible(name)


@pytest.mark.parametrize("name", ["code", "John·Smith", "张a", "张", "张三李四王"])
def test_what_is_written_like_none(name):
    assert not is_written_like_one(name)
    assert not is_plausible(name)
