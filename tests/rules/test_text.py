"""One way of writing for what is typed, filled in and configured."""

import pytest

from rules.text import name_key, person_name, plain


def test_width_and_invisible_signs_make_no_difference():
    assert plain("\ufeff单位\u200b ＡＢ１ \u2060") == "单位 AB1"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张 帆", "张帆"), ("孙\u3000丽", "孙丽"), ("欧 阳  敏\u200b", "欧阳敏"), ("古丽•热西提", "古丽·热西提"), ("古丽 ・ 热西提", "古丽·热西提"),
        ("古丽‧热西提", "古丽·热西提"), ("古丽●热西提", "古丽·热西提"), ("古丽∙热西提", "古丽·热西提"), ("古丽﹒热西提", "古丽·热西提"), ("John  Smith", "John Smith"),
    ],
)  # fmt: skip
def test_gaps_in_a_chinese_name_and_kinds_of_dots_make_no_other_name(written, name):
    assert person_name(written) == name


def test_one_person_is_known_however_the_name_is_written():
    assert (
        name_key("古丽·热西提")
        == name_key("古丽 热西提")
        == name_key("古丽．热西提")
        != name_key("古丽·买尔丹")
    )
    assert name_key("John Smith") == name_key("john smith")
