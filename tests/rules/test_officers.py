"""R9: which unit assesses an officer in a month, and what the month comes to."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from examples import BUREAU
from hypothesis import given
from hypothesis import strategies as st

from rules.entries import Reversal
from rules.months import Month
from rules.officers import (
    Duties,
    Officer,
    OfficerDeduction,
    OfficerPeriod,
    Service,
    coefficient_of,
    tabulate_month,
    tabulate_period,
    unit_in,
)
from rules.scheme import Item, Scheme

MARCH = Month(2026, 3)
SCHEME = Scheme("chengguan", (Item("考勤", Decimal(40)), Item("办案", Decimal(60))))
ZHANG, LI, WANG = Officer(1, "张伟", duty="内勤"), Officer(2, "李强"), Officer(3, "王芳")


@st.composite
def services(draw):
    """The services of one officer: after one another, in changing units, with gaps or without, the last perhaps open."""
    day, found = date(2025, 1, 1), []
    for _ in range(draw(st.integers(0, 6))):
        since = day + timedelta(days=draw(st.integers(0, 70)))
        until = since + timedelta(days=draw(st.integers(0, 70)))
        found.append(Service(1, draw(st.sampled_from("abc")), since, until))
        day = until + timedelta(days=1)
    if found and draw(st.booleans()):
        found[-1] = Service(1, found[-1].unit, found[-1].since, None)
    return draw(st.permutations(found))


@given(services(), st.integers(0, 30))
def test_in_a_month_exactly_one_unit_assesses_whoever_serves_on_any_of_its_days(found, offset):
    month = Month(2025 + offset // 12, offset % 12 + 1)
    days = [month.first + timedelta(days=n) for n in range((month.last - month.first).days + 1)]
    units = [next((s.unit for s in found if s.covers(day)), None) for day in days]
    serving = [unit for unit in units if unit is not None]
    assert unit_in(found, month) == (serving[-1] if serving else None)


def test_who_moves_in_the_middle_is_assessed_by_the_new_unit_and_who_leaves_by_the_old():
    moved = [Service(1, "a", date(2026, 1, 1), date(2026, 3, 15)), Service(1, "b", date(2026, 3, 16))]
    assert [unit_in(moved, month) for month in (MARCH.previous, MARCH, MARCH.next)] == ["a", "b", "b"]
    left = [Service(1, "a", date(2026, 1, 1), date(2026, 3, 1))]
    assert [unit_in(left, month) for month in (MARCH, MARCH.next)] == ["a", None]


UNIT = BUREAU.unit("chengguan")


def tabulate(sums, marks=None, duties=None, month=MARCH, officers=(ZHANG, LI, WANG)):
    return tabulate_month(
        UNIT,
        month,
        SCHEME,
        officers,
        sums=sums,
        marks=marks or {},
        duties=duties or Duties(),
    )


def test_the_month_is_ranked_by_what_was_taken_with_the_floor_of_each_item():
    found = tabulate({1: {"考勤": Decimal("50")}, 2: {"办案": Decimal("0.5")}})
    assert [(row.officer.name, row.result, s.place) for row, s in found.rows] == [
        ("王芳", 100, 1), ("李强", Decimal("99.5"), 2), ("张伟", 60, 3),
    ]  # fmt: skip
    assert found.absent == ()
    assert found.of(1).score.total == 60
    assert found.of(9) is None
    assert ZHANG.code == "1"


def test_equal_results_share_a_place_in_the_rosters_order():
    found = tabulate({1: {"考勤": Decimal(1)}})
    assert [(row.officer.name, s.place) for row, s in found.rows] == [("李强", 1), ("王芳", 1), ("张伟", 3)]


def test_who_was_absent_stands_beside_the_places():
    found = tabulate({}, {2: "休假", 3: "出差"})
    assert [row.officer.name for row, _ in found.rows] == ["张伟", "王芳"]
    (absent,) = found.absent
    assert (absent.officer, absent.absence, absent.counts) == (LI, "休假", False)
    assert {month.officer.id for month in found.everybody} == {1, 2, 3}


def test_the_coefficient_is_that_of_the_mark_before_that_of_the_duty():
    duties = Duties(coefficients={"内勤": Decimal("0.95"), "专班": Decimal("1.05")})
    assert coefficient_of(ZHANG, None, duties) == Decimal("0.95")
    assert coefficient_of(ZHANG, "专班", duties) == Decimal("1.05")
    assert coefficient_of(ZHANG, "出差", duties) == Decimal("0.95")
    assert coefficient_of(LI, None, duties) == 1
    found = tabulate({2: {"考勤": Decimal(2)}}, {2: "专班"}, duties)
    assert [(row.officer.name, row.result) for row, _ in found.rows] == [
        ("李强", Decimal("102.90")), ("王芳", 100), ("张伟", Decimal("95.00")),
    ]  # fmt: skip


# A quarter or a year.

QUARTER = Month(2026, 1), Month(2026, 2), MARCH


def taking(points, marks=None, month=MARCH, officers=(ZHANG, LI, WANG)):
    """A month in which so many points were taken from each of these officers."""
    return tabulate({id_: {"办案": Decimal(n)} for id_, n in points.items()}, marks, None, month, officers)


def test_the_mean_is_exact_and_of_the_months_that_count():
    months = [taking({1: n}, month=month).of(1) for n, month in zip((0, 1, 1), QUARTER, strict=True)]
    assert OfficerPeriod(ZHANG, tuple(months), ()).mean == Fraction(298, 3)
    assert OfficerPeriod(ZHANG, tuple(months[:1]), tuple(months[1:])).mean == 100
    assert OfficerPeriod(ZHANG, (), tuple(months)).mean is None


def test_the_period_is_ranked_by_the_exact_means():
    january, february, march = QUARTER
    found = tabulate_period(
        UNIT,
        [
            taking({1: 3, 2: 1}, month=january),
            taking({1: 3, 2: 1, 3: "0.01"}, month=february),
            taking({2: 1}, month=march),
        ],
    )
    assert (found.unit, found.months, found.absent) == (UNIT, QUARTER, ())
    assert [(row.officer.name, s.place, s.shared, s.score) for row, s in found.rows] == [
        ("王芳", 1, False, 100 - Fraction(1, 300)), ("李强", 2, False, 99), ("张伟", 3, False, 98),
    ]  # fmt: skip
    assert all(s.score == row.mean and row.absent == () and len(row.counted) == 3 for row, s in found.rows)


def test_equal_means_share_a_place_in_the_order_of_the_roster_and_the_next_place_is_left_out():
    months = [
        taking({1: 1, 2: 5, 3: 3}, month=QUARTER[0]),
        taking({1: 3, 2: 5, 3: 1}, month=QUARTER[1]),
    ]
    for order in (months, months[::-1]):
        found = tabulate_period(UNIT, order)
        assert [(row.officer.name, s.place, s.shared) for row, s in found.rows] == [
            ("张伟", 1, True), ("王芳", 1, True), ("李强", 3, False),
        ]  # fmt: skip
        assert found.months == tuple(month.month for month in order)


def test_absent_months_stand_beside_the_mean_with_their_reason():
    found = tabulate_period(
        UNIT,
        [
            taking({1: 50}, {1: "休假"}, QUARTER[0]),
            taking({1: 1, 2: 2, 3: 2}, {1: "出差"}, QUARTER[1]),
            taking({1: 2, 2: 2, 3: 2}, {2: "借调", 3: "休假"}, QUARTER[2]),
        ],
    )
    rows = {row.officer.name: (row, s.place) for row, s in found.rows}
    zhang, place = rows["张伟"]
    assert (place, zhang.mean) == (3, Fraction(197, 2))
    assert [(month.month, month.absence) for month in zhang.absent] == [(QUARTER[0], "休假")]
    assert [month.month for month in zhang.counted] == [*QUARTER[1:]]
    assert [(rows[name][1], rows[name][0].absent[0].absence) for name in ("李强", "王芳")] == [
        (1, "借调"), (1, "休假"),
    ]  # fmt: skip


def test_who_has_no_month_that_counts_stands_beside_the_places():
    absent = {1: "休假", 2: "借调"}
    found = tabulate_period(UNIT, [taking({}, absent, month) for month in QUARTER])
    assert [(row.officer, s.place) for row, s in found.rows] == [(WANG, 1)]
    assert [(one.officer, one.mean, len(one.absent)) for one in found.absent] == [
        (ZHANG, None, 3),
        (LI, None, 3),
    ]
    nobody = tabulate_period(UNIT, [taking({}, {**absent, 3: "休假"}, month) for month in QUARTER])
    assert nobody.rows == () and [one.officer for one in nobody.absent] == [ZHANG, LI, WANG]
    assert tabulate_period(UNIT, ()).rows == tabulate_period(UNIT, ()).absent == ()


def test_who_came_or_left_within_the_period_has_the_mean_of_its_own_months():
    found = tabulate_period(
        UNIT,
        [
            taking({1: 4}, month=QUARTER[0], officers=(ZHANG,)),
            taking({1: 2, 2: 6}, month=QUARTER[1], officers=(ZHANG, LI)),
            taking({2: 5}, month=QUARTER[2], officers=(LI, WANG)),
        ],
    )
    assert [(row.officer.name, row.mean, [m.month.number for m in row.counted]) for row, _ in found.rows] == [
        ("王芳", 100, [3]), ("张伟", 97, [1, 2]), ("李强", Fraction(189, 2), [2, 3]),
    ]  # fmt: skip


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from((1, 2, 3)),
            st.tuples(st.integers(0, 6000), st.sampled_from((None, "休假", "出差"))),
        ),
        max_size=5,
    )
)
def test_every_officer_of_any_month_stands_once_by_place_or_beside(taken):
    by_id = {officer.id: officer for officer in (ZHANG, LI, WANG)}
    months = [
        taking(
            {id_: Decimal(points).scaleb(-2) for id_, (points, _) in of.items()},
            {id_: mark for id_, (_, mark) in of.items() if mark},
            Month(2026, number),
            [by_id[id_] for id_ in sorted(of)],
        )
        for number, of in enumerate(taken, 1)
    ]
    found = tabulate_period(UNIT, months)
    counted = {
        id_: values
        for id_ in by_id
        if (values := [100 - Fraction(of[id_][0], 100) for of in taken if id_ in of and of[id_][1] != "休假"])
    }
    means = {id_: sum(values) / len(values) for id_, values in counted.items()}
    assert {row.officer.id: row.mean for row, _ in found.rows} == means
    for row, standing in found.rows:
        assert standing.place == 1 + sum(mean > row.mean for mean in means.values())
        assert standing.shared == (list(means.values()).count(row.mean) > 1)
    places = [(standing.place, row.officer.id) for row, standing in found.rows]
    assert places == sorted(places)
    seen = {id_ for of in taken for id_ in of}
    assert [one.officer.id for one in found.absent] == sorted(seen - set(means))


def test_an_entry_lives_until_it_is_reversed():
    at = datetime(2026, 3, 2, tzinfo=UTC)
    entry = OfficerDeduction(1, 1, "chengguan", "考勤", Decimal(1), MARCH, at, 7, "周", "迟到")
    assert entry.lives
    undone = OfficerDeduction(
        1, 1, "chengguan", "考勤", Decimal(1), MARCH, at, 7, "周", "迟到",
        reversal=Reversal(2, "周", at, "误记"),
    )  # fmt: skip
    assert not undone.lives
