"""R9: the common part and a unit's own part, which add up to 100, and what becomes of versions."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from rules.methods import (
    CommonPart,
    Method,
    Standing,
    Verdict,
    check_in_use,
    check_method,
    common_part,
    scheme_of_unit,
    standing,
    taken_away,
    years_to_send,
)
from rules.refusals import ItemsInUse, MethodSum
from rules.scheme import Item


def items(**points):
    return tuple(Item(name, Decimal(p)) for name, p in points.items())


COMMON = items(学习=10, 考勤="29.5")
OWN = items(接处警="40.5", 社区=20)
FIRST = Method(1, "chengguan", 2026, 1, OWN, "周", datetime(2026, 1, 5, tzinfo=UTC))


def test_the_part_that_names_the_year_goes_before_the_one_for_every_year():
    always, named = CommonPart(("派出所",), COMMON), CommonPart(("派出所",), OWN, frozenset({2027}))
    assert common_part((always, named), "派出所", 2026) == COMMON
    assert common_part((always, named), "派出所", 2027) == OWN
    assert common_part((named,), "派出所", 2026) == ()
    assert common_part((always,), "机关科室", 2026) == ()
    assert always.points == Decimal("39.5")


def test_both_parts_add_up_to_100():
    check_method(COMMON, OWN)
    with pytest.raises(MethodSum) as refused:
        check_method(COMMON, items(接处警=60))
    assert (refused.value.common, refused.value.total) == (Decimal("39.5"), Decimal("99.5"))


def test_a_method_that_is_not_whole_scores_nobody():
    assert scheme_of_unit("chengguan", COMMON, None) is None
    scheme = scheme_of_unit("chengguan", COMMON, FIRST)
    assert scheme.items == (*COMMON, *OWN)
    assert scheme_of_unit("chengguan", (*COMMON, *OWN), None).total == 100


def verdict(version, word):
    return replace(FIRST, id=version, version=version, verdict=word)


@pytest.mark.parametrize(
    ("words", "in_force", "pending", "word"),
    [
        ("", None, None, "未报送"),
        ("W", None, 1, "待审"),
        ("R", None, 1, "已退回"),
        ("A", 1, None, "已通过"),
        ("AW", 1, 2, "待审"),
        ("AR", 1, 2, "已退回"),
        ("RA", 2, None, "已通过"),
        ("ARA", 3, None, "已通过"),
    ],
)
def test_where_the_versions_leave_a_unit(words, in_force, pending, word):
    kinds = {"W": Verdict.WAITING, "R": Verdict.RETURNED, "A": Verdict.ACCEPTED}
    found = standing(verdict(n, kinds[w]) for n, w in enumerate(words, start=1))
    assert (found.in_force and found.in_force.version, found.pending and found.pending.version) == (
        in_force,
        pending,
    )
    assert found.word == word
    assert (found == Standing()) is (words == "")


def test_what_is_taken_away_is_named_and_refused_from_under_entries():
    assert taken_away(COMMON, items(社区=60), OWN) == ("接处警",)
    check_in_use((*COMMON, *OWN), {"社区": [3], "学习": [4]})
    with pytest.raises(ItemsInUse) as refused:
        check_in_use(COMMON, {"社区": [3, 5], "学习": [4]})
    assert refused.value.items == (("社区", (3, 5)),)


def test_a_method_is_sent_for_about_now():
    assert years_to_send(date(2026, 12, 31)) == (2025, 2026, 2027)
