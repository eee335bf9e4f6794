"""What a bulletin picks: losses, faults, changes, who is last, what was late; of a quarter and of a year."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import digest
from rules.appeals import Decision
from rules.bulletin import Material
from rules.bulletin_facts import of_a_quarter, of_a_year
from rules.bureau import Bureau, Group, Sequence, Unit
from rules.calendar import Calendar, Quarter, Year
from rules.digest import Line
from rules.entries import UNDO_REASON, Basis, Deduction, Reversal
from rules.months import Month
from rules.results import Result
from rules.scheme import Item, Scheme
from rules.score import ItemScore, UnitScore
from rules.stages import Course, Move, Step
from rules.timetable import Timetable

Q1 = Quarter(2026, 1)
NOW = datetime(2026, 3, 20, tzinfo=UTC)
ITEMS = (Item("治安", Decimal(10)), Item("执法", Decimal(90)))
UNITS = (
    Unit("a", "甲所", "派出所", "一序列"),
    Unit("b", "乙所", "派出所", "一序列"),
    Unit("c", "丙科", "机关", "二序列"),
    Unit("d", "丁队", "无表", "三序列"),
)
BUREAU = Bureau(
    "某局",
    Calendar(ZoneInfo("Asia/Shanghai")),
    (Group("所组", ("派出所",)), Group("科组", ("机关",))),
    (Scheme("派出所", ITEMS), Scheme("机关", ITEMS)),
    tuple(Sequence(name) for name in ("一序列", "二序列", "三序列", "空序列")),
    UNITS,
)


def entry(number, unit="a", item="治安", points="1", **how):
    values = {
        "quarter": Q1,
        "at": NOW,
        "inspected_on": date(2026, 3, 1),
        "author_id": 1,
        "author": "王伟",
        "reason": None,
        "group": "所组",
    }
    return Deduction(number=number, unit=unit, item=item, points=Decimal(points), **(values | how))


def gone(number, reason="查重", **how):
    return entry(number, reversal=Reversal(number + 100, "李", NOW, reason), **how)


def line(code, place, score, before=None, lost=(("治安", Decimal(1)),)):
    unit = Unit(code, code, "派出所", "一序列")
    return Line(unit, place, False, Fraction(score), None if before is None else Fraction(before), lost)


def course(group="所组", quarter=Q1, *moves, late=0):
    steps = tuple(
        Step(move, NOW, "组长", late=late if move is Move.SUBMIT else 0, lead="高局长") for move in moves
    )
    return Course(group, quarter, steps)


CONFIRMED = (Move.SUBMIT, Move.CONFIRM)


def table(*courses, begins=Q1.previous):
    return Timetable(BUREAU.calendar, begins, {}, {(c.group, c.quarter): c for c in courses})


def result(unit, quarter=Q1, lost="0", *, inspected=True, vetoed=False, group="所组"):
    score = UnitScore(unit.code, (ItemScore(ITEMS[0], Decimal(lost)), ItemScore(ITEMS[1], Decimal(0))))
    return Result(unit, group, quarter, score, inspected, vetoed)


def material(*entries, courses=(), results=None, **how):
    values = {
        "bureau": BUREAU,
        "timetable": table(*courses),
        "results": results or {},
        "entries": entries,
        "inspected": {Q1: frozenset("ab")},
        "now": NOW,
    }
    return Material(**(values | how))


# What is picked


def test_sums_are_of_living_entries_only():
    assert digest.sums_of([entry(1), entry(2), gone(3), entry(4, item="执法", points="0.5")]) == {
        "a": {"治安": Decimal(2), "执法": Decimal("0.5")}
    }


@given(st.lists(st.decimals(0, 100, places=2), max_size=8))
def test_a_mean_is_exact(values):
    found = digest.mean([Fraction(value) for value in values])
    assert found is None if not values else found * len(values) == sum(map(Fraction, values))


def test_losses_apply_the_floor_and_count_the_units():
    scores = [
        UnitScore("a", (ItemScore(ITEMS[0], Decimal(12)), ItemScore(ITEMS[1], Decimal(0)))),
        UnitScore("a", (ItemScore(ITEMS[0], Decimal(1)), ItemScore(ITEMS[1], Decimal(2)))),
        UnitScore("b", (ItemScore(ITEMS[0], Decimal(0)), ItemScore(ITEMS[1], Decimal(0)))),
    ]
    first, second = digest.losses(scores)
    assert (first.name, first.points, first.lost, first.units, first.of) == ("治安", 10, 11, 1, 3)
    assert first.mean == Fraction(11, 3)
    assert (second.lost, second.units) == (2, 1)
    assert digest.lost_by(scores[:2]) == (("治安", Decimal(11)), ("执法", Decimal(2)))
    assert digest.lost_by(scores[2:]) == ()


def test_a_fault_is_common_by_its_criterion_or_by_the_same_words():
    basis = Basis("2.1", "台账缺失", 1, False)
    entries = [
        entry(1, basis=basis, points="3", reason="缺三天"),
        entry(2, "b", basis=basis),
        entry(3, reason="迟报。"),
        entry(4, "b", reason="迟报"),
        entry(5, "b", reason="迟　报"),
        gone(6, reason="迟报"),
        entry(7, item="执法", reason="迟报"),
        entry(8),
        entry(9, basis=Basis("4.2", "过错", 1, True), points="0"),
    ]
    found = digest.faults(entries)
    assert [(f.code, f.text, [e.number for e in f.entries]) for f in found] == [
        ("2.1", "台账缺失", [1, 2]),
        (None, "迟报", [3, 4]),
    ]
    assert (found[0].points, found[0].units) == (4, 2)
    assert [f.code for f in digest.by_criterion(entries)] == ["2.1", "4.2"]
    assert [e.number for e in digest.heaviest(entries, 2)] == [1, 2]


def test_examples_are_of_different_units_and_have_reasons_where_there_are_any():
    fault = digest.Fault(
        "治安", "迟报", "2.1", (entry(1), entry(2, reason="一"), entry(3, reason="二"), entry(4, "b"))
    )
    assert [e.number for e in digest.examples(fault, 2)] == [2, 4]
    assert [e.number for e in digest.examples(fault, 3)] == [2, 4, 3]


def test_who_rose_and_fell_most_with_whoever_moved_as_much():
    lines = [
        line("a", 1, 99, 90),
        line("b", 2, 95, 93),
        line("c", 2, 95, 93),
        line("d", 4, 90, 99),
        line("e", 5, 80),
        line("f", 6, 70, 70),
    ]
    assert [x.unit.code for x in digest.risen(lines, 2)] == ["a", "b", "c"]
    assert [x.unit.code for x in digest.risen(lines, 3)] == ["a", "b", "c"]
    assert [x.unit.code for x in digest.fallen(lines, 3)] == ["d"]
    assert digest.risen([line("a", 1, 99)], 3) == ()


def test_the_last_place_is_named_only_where_it_tells_units_apart():
    assert [x.unit.code for x in digest.weakest([line("a", 1, 99), line("b", 2, 98), line("c", 2, 98)])] == [
        "b",
        "c",
    ]
    assert digest.weakest([line("a", 1, 99), line("b", 1, 99)]) == ()
    assert [x.unit.code for x in digest.weakest([line("a", 1, 99)])] == ["a"]
    assert digest.weakest([line("a", 1, 100, lost=())]) == ()
    assert digest.weakest([]) == ()
    assert digest.weakest([line("x", 1, 100, lost=()), *(line(c, 2, 99) for c in "abcd")]) == ()


def test_entries_that_were_taken_back_are_each_counted_once():
    found = digest.handled(
        [
            entry(1),
            gone(2, UNDO_REASON),
            gone(3, replaced_by=4),
            entry(4, replaces=3),
            gone(5),
            gone(6, UNDO_REASON, replaced_by=7),
        ]
    )
    assert (found.logged, found.living, found.undone, found.replaced, found.cancelled) == (6, 2, 1, 2, 1)
    assert found.logged == found.living + found.undone + found.replaced + found.cancelled


def test_appeals_are_counted_by_what_was_decided():
    found = digest.appealed([None, Decision.KEEP, Decision.REDUCE, Decision.CANCEL, Decision.CANCEL])
    assert (found.made, found.kept, found.reduced, found.cancelled, found.open) == (5, 1, 1, 2, 1)


# A quarter


def test_an_open_quarter_stands_as_it_is():
    facts = of_a_quarter(
        material(entry(1), entry(2, "c", points="0.5", reason="迟报"), entry(3, "d"), gone(4)), Q1
    )
    first, second, third = facts.parts
    assert [(x.unit.code, x.place, x.score, x.unseen) for x in first.lines] == [
        ("b", 1, 100, ()),
        ("a", 2, 99, ()),
    ]
    assert first.mean == Fraction(199, 2)
    assert second.lines[0].unseen == (Q1,)
    assert (third.lines, [unit.code for unit in third.unscored]) == ((), ["d"])
    assert (third.mean, facts.final) == (None, False)
    assert [e.number for e in facts.entries] == [1, 2], "the unit without a scheme has no score to lose of"
    assert [e.number for e in facts.unexplained] == [1]
    assert facts.handled.logged == 3
    stations, offices = facts.works
    assert (stations.entries, stations.left, stations.late) == (1, (), 5)
    assert ([u.code for u in offices.left], offices.submitted, offices.confirmed) == (["c"], None, None)
    assert (stations.first_day, stations.last_day) == (date(2025, 12, 2), date(2026, 3, 15))
    assert [(x.category, x.units, x.lost) for x in facts.losses] == [
        ("派出所", 2, 1),
        ("机关", 1, Decimal("0.5")),
    ]


def test_what_is_confirmed_stands_as_it_was_stored():
    results = {
        Q1: {"a": result(UNITS[0], lost="12", inspected=False, vetoed=True), "b": result(UNITS[1])},
        Q1.previous: {"a": result(UNITS[0], Q1.previous, "1"), "b": result(UNITS[1], Q1.previous, "3")},
    }
    courses = (course("所组", Q1, *CONFIRMED, late=2), course("所组", Q1.previous, *CONFIRMED))
    facts = of_a_quarter(material(entry(1, points="9"), courses=courses, results=results), Q1)
    best, last = facts.parts[0].lines
    assert (best.score, best.change) == (100, 3)
    assert (last.score, last.change, last.vetoed, last.unseen) == (90, -9, True, (Q1,))
    assert facts.losses[0].beyond == 2
    assert (facts.works[0].late, facts.works[0].confirmed.lead) == (2, "高局长")
    assert not facts.final, "the other group's is not confirmed"
    assert len(facts.lines) == 3


def test_results_count_only_once_their_group_confirmed_them():
    results = {Q1: {"a": result(UNITS[0], lost="5")}}
    facts = of_a_quarter(material(results=results, courses=[course("所组", Q1, Move.SUBMIT)]), Q1)
    assert {x.score for x in facts.lines} == {100}


def test_a_quarter_is_final_when_every_unit_with_a_score_is_confirmed():
    stored = {"a": result(UNITS[0]), "b": result(UNITS[1]), "c": result(UNITS[2], group="科组")}
    courses = (course("所组", Q1, *CONFIRMED), course("科组", Q1, *CONFIRMED))
    facts = of_a_quarter(material(results={Q1: stored}, courses=courses), Q1)
    assert facts.final
    nobody = replace(BUREAU, schemes=())
    assert not of_a_quarter(material(bureau=nobody), Q1).final


def test_appeals_count_where_their_entries_do():
    facts = of_a_quarter(material(entry(1), appeals=[("a", Q1, None), ("d", Q1, None), ("b", Q1, None)]), Q1)
    assert facts.appeals.made == 1


def test_a_unit_of_no_group_is_no_groups_work():
    lonely = replace(BUREAU, groups=BUREAU.groups[:1])
    facts = of_a_quarter(material(bureau=lonely), Q1)
    assert [work.group.name for work in facts.works] == ["所组"]
    assert [x.category for x in facts.losses] == ["派出所", "机关"]


# Months


def test_months_that_were_due_in_the_quarter_are_late_or_missing():
    arrivals = {
        ("a", Month(2025, 10)): NOW,
        ("a", Month(2026, 1)): datetime(2026, 2, 5, 3, tzinfo=UTC),
        ("b", Month(2026, 1)): datetime(2026, 2, 7, 3, tzinfo=UTC),
        ("a", Month(2026, 3)): NOW,
    }
    facts = of_a_quarter(material(arrivals=arrivals), Q1)
    assert facts.months == (Month(2026, 1),)
    assert [(x.unit.code, x.late) for x in facts.late_months] == [("b", 2), ("c", None)]
    early = of_a_quarter(material(arrivals=arrivals, now=datetime(2026, 2, 5, 3, tzinfo=UTC)), Q1)
    assert early.months == (), "the day itself is still in time"


# A year


def test_a_year_is_of_its_confirmed_quarters_alone():
    q2 = Q1.next
    moved = replace(UNITS[1], sequence="二序列")
    results = {
        Q1: {"a": result(UNITS[0], lost="1", inspected=False), "b": result(UNITS[1], lost="2", vetoed=True)},
        q2: {"a": result(UNITS[0], q2, "2"), "b": result(moved, q2)},
    }
    courses = (course("所组", Q1, *CONFIRMED), course("所组", q2, *CONFIRMED, late=1))
    entries = [entry(1), entry(2, "a", quarter=q2), entry(3, "c"), entry(4, "a", quarter=Quarter(2026, 3))]
    found = material(*entries, courses=courses, results=results, now=datetime(2026, 6, 20, tzinfo=UTC))
    facts = of_a_year(found, Year(2026))
    first, second, third = facts.parts
    assert [(x.unit.code, x.score) for x in first.lines] == [("a", Fraction(197, 2)), ("b", 98)]
    assert first.lines[0].unseen == (Q1,)
    assert first.lines[0].lost == (("治安", Decimal(3)),)
    assert (first.lines[1].vetoed, first.lines[1].quarters) == (True, ((Q1, Decimal(98)),))
    assert [x.unit.code for x in second.lines] == ["b"]
    assert [unit.code for unit in second.unscored] == ["c"]
    assert [unit.code for unit in third.unscored] == ["d"]
    assert [e.number for e in facts.entries] == [1, 2]
    assert [(w.quarter, w.late, len(w.units)) for w in facts.works] == [(Q1, 0, 2), (q2, 1, 2)]
    assert not facts.final
    assert facts.losses[0].scores == 4
    assert {Quarter(2026, 3), Quarter(2026, 4)} <= set(facts.missing)


@pytest.mark.parametrize(("before", "change"), [(4, Fraction(1)), (3, None)])
def test_a_whole_year_is_final_and_compared_with_a_whole_one(before, change):
    now, last = Year(2026), Year(2025)
    results = {q: {"a": result(UNITS[0], q, "1")} for q in now.quarters}
    results |= {q: {"a": result(UNITS[0], q, "2")} for q in last.quarters[:before]}
    courses = [course("所组", q, *CONFIRMED) for q in (*last.quarters, *now.quarters)]
    alone = replace(BUREAU, units=UNITS[:1])
    found = material(bureau=alone, courses=courses, results=results, now=datetime(2026, 12, 20, tzinfo=UTC))
    facts = of_a_year(replace(found, timetable=table(*courses, begins=Quarter(2025, 1))), now)
    assert facts.final
    assert facts.missing == ()
    assert facts.lines[0].change == change


def test_a_year_without_a_confirmed_quarter_has_no_lines():
    facts = of_a_year(material(entry(1)), Year(2026))
    assert (facts.lines, facts.final, facts.missing) == ((), False, Year(2026).quarters)
    assert facts.entries == ()
