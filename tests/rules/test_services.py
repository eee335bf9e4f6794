"""R9: what changes in an officer's dates, and whose consent that needs."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from rules.calendar import Quarter
from rules.draft import (
    BatchDraft,
    BatchLine,
    DeductionDraft,
    ImportDraft,
    ImportLine,
    MonthTableDraft,
    OfficerDraft,
    ReasonDraft,
    RosterDraft,
    TableDeduction,
)
from rules.draft import is_about as about
from rules.months import Month, months_between
from rules.officers import Officer, Service
from rules.people import Person, Post, Role
from rules.roster import Entered, Kind, Plan, is_doubtful, means, without_dates
from rules.services import Change, Consent, Member, changes, consent, may_agree, spelled

TODAY = date(2026, 11, 10)
MONTHS = months_between(Month(2026, 7), TODAY)
SEPTEMBER, OCTOBER, NOVEMBER = Month(2026, 9), Month(2026, 10), Month(2026, 11)
HERE = Service(1, "a", date(2026, 1, 1))


def moved(last, unit="b"):
    """Out of a after a day, and into another unit, if any."""
    out = Service(1, "a", HERE.since, last)
    return (out, Service(1, unit, date.fromordinal(last.toordinal() + 1))) if unit else (out,)


def asked(before, after, *, assessed=(), returned=(), unit="a"):
    return consent(before, after, unit, MONTHS, TODAY, assessed=assessed, returned=returned)


def test_the_months_between_include_both_ends():
    assert [Month(2026, 7), Month(2026, 8), SEPTEMBER, OCTOBER, NOVEMBER] == MONTHS
    assert months_between(NOVEMBER.next, TODAY) == []


@pytest.mark.parametrize("last", [date(2026, 10, 31), date(2026, 11, 2), TODAY, date(2026, 12, 31)])
def test_a_move_within_the_running_month_or_later_needs_nobody(last):
    assert asked((HERE,), moved(last)) == Consent()


def test_a_move_dated_back_into_another_units_month_needs_that_unit():
    assert asked((HERE,), moved(date(2026, 9, 15))) == Consent((SEPTEMBER, OCTOBER), "b")


def test_a_move_out_of_another_units_month_needs_that_unit():
    after = moved(date(2026, 11, 1))
    assert asked(moved(date(2026, 9, 30)), after) == Consent((OCTOBER,), "b")


def test_a_running_month_in_which_the_other_unit_assessed_already_needs_it_too():
    before, after = moved(date(2026, 11, 2)), moved(date(2026, 11, 30))
    assert asked(before, after) == Consent()
    assert asked(before, after, assessed={("b", NOVEMBER)}) == Consent((NOVEMBER,), "b")


def test_what_was_returned_moves_with_the_office_alone():
    assert asked((HERE,), moved(date(2026, 10, 15)), returned={("a", OCTOBER)}) == Consent((OCTOBER,))
    assert asked((HERE,), moved(date(2026, 10, 15)), returned={("b", OCTOBER)}) == Consent((OCTOBER,))
    later = (Service(1, "a", date(2026, 11, 1)),)
    assert asked((HERE,), later, returned={("a", OCTOBER)}) == Consent((OCTOBER,))


def test_the_own_months_that_nobody_returned_are_the_units_own_affair():
    later = (Service(1, "a", date(2026, 11, 1)),)
    assert asked((HERE,), later) == Consent()
    assert asked(later, (HERE,), returned={("a", OCTOBER)}) == Consent(), (
        "it is put right by returning it again"
    )


def test_where_several_units_would_be_asked_the_office_is():
    before = (Service(1, "b", date(2026, 8, 1), date(2026, 8, 31)), Service(1, "c", date(2026, 9, 1)))
    assert asked(before, (HERE,)).unit is None
    assert asked(before, (HERE,)).months == (Month(2026, 8), SEPTEMBER, OCTOBER)


def person(id_, *posts):
    return Person(id_, id_, "某", posts)


@pytest.mark.parametrize(
    ("who", "asked_unit", "may"),
    [
        (person(1, Post(Role.LIAISON, unit="b")), "b", True), (person(1, Post(Role.UNIT_HEAD, unit="b")), "b", True),
        (person(1, Post(Role.LIAISON, unit="b")), None, False), (person(1, Post(Role.OFFICE)), "b", True),
        (person(1, Post(Role.OFFICE)), None, True), (person(1, Post(Role.LIAISON, unit="c")), "b", False),
        (person(1, Post(Role.LIAISON, unit="a"), Post(Role.LIAISON, unit="b")), "b", False),
        (person(1, Post(Role.OFFICE), Post(Role.ASSESSOR, group="g", own_unit="a")), None, False),
        (person(1, Post(Role.LIAISON, unit="b"), Post(Role.OFFICER, unit="b", officer=1)), "b", False),
        (person(1, Post(Role.LIAISON, unit="b"), Post(Role.OFFICER, unit="b", officer=2)), "b", True),
        (person(1, Post(Role.OFFICE), Post(Role.OFFICER, unit="b", officer=1)), None, False),
    ],
)  # fmt: skip
def test_who_may_agree_to_what_unit_a_wants_for_officer_1(who, asked_unit, may):
    assert may_agree(who, 1, "a", asked_unit) is may


def test_other_dates_in_the_same_unit_take_the_former_ones_place():
    before, after = (HERE,), moved(date(2026, 11, 15))
    assert changes(before, after) == [Change(HERE, after[0]), Change(None, after[1])]
    assert [spelled(change) for change in changes(before, after)] == [
        "2026-01-01 起 → 2026-01-01 至 2026-11-15", "无 → 2026-11-16 起",
    ]  # fmt: skip
    (gone,) = changes(before, ())
    assert (gone, gone.stands, spelled(gone)) == (Change(HERE, None), HERE, "2026-01-01 起 → 撤销")
    assert changes(after, after) == []


VOCABULARY = ("城关派出所", "城关所", "治安管理", "派出所第一序列")


@pytest.mark.parametrize(
    "name",
    ["code", "unit", "派出所", "扣分", "城关", "治安管理", "联络员", "John", "领导班子", "社区中队", "一组"],
)
def test_a_word_of_the_office_or_of_the_bureau_is_asked_about(name):
    assert is_doubtful(name, VOCABULARY)


@pytest.mark.parametrize("name", ["张伟", "扎西", "阿依·古丽", "错别字"])
def test_what_is_written_like_a_name_is_taken(name):
    assert not is_doubtful(name, VOCABULARY)


def test_while_dates_wait_the_rest_of_a_line_is_written():
    officer = Officer(1, "张伟", "01", "内勤")
    both = without_dates(Plan(Kind.CHANGED, officer, moved(TODAY), ("职务", "离岗日期")), (HERE,))
    assert both == Plan(Kind.CHANGED, officer, (HERE,), ("职务",))
    assert without_dates(Plan(Kind.CHANGED, officer, moved(TODAY), ("离岗日期",)), (HERE,)).kind is Kind.SAME


ZHANG = Member(Officer(1, "张伟", "012345"), (HERE,))


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        (Entered("张伟"), True), (Entered("张伟", "012345"), True), (Entered("张伟", "099999"), True),
        (Entered("张伟", "077777"), False), (Entered("李强"), False), (Entered("李强", "012345"), True),
    ],
)  # fmt: skip
def test_whom_a_typed_line_is_about(line, meant):
    assert means(line, ZHANG.officer, ["077777"]) is meant
    assert is_about(RosterDraft("a", (line,)), others=["077777"]) is meant
    assert not is_about(RosterDraft("b", (line,)), others=["077777"])


def is_about(draft, member=ZHANG, others=(), *, shared=False):
    return about(draft, member, others, shared=shared)


NOW = datetime(2026, 11, 10, tzinfo=UTC)


def entry(unit, reason):
    return DeductionDraft(NOW, units=(unit,), reason=reason)


def test_a_question_is_about_an_officer_by_the_id():
    assert is_about(OfficerDraft(NOW, officers=(1, 2)))
    assert not is_about(OfficerDraft(NOW, officers=(2,), reason="张伟说的"))
    taken = TableDeduction(1, "考勤", Decimal(1), "迟到")
    assert is_about(MonthTableDraft("a", OCTOBER, NOW, (taken,), ()))
    assert is_about(MonthTableDraft("a", OCTOBER, NOW, (), ((1, "休假"),)))
    assert not is_about(MonthTableDraft("a", OCTOBER, NOW, (), ((2, "休假"),)))
    assert not is_about(ReasonDraft("张伟脱岗", (3,)))


def test_words_about_the_officers_unit_are_where_they_name_nobody_else():
    line = ImportLine(2, "a", "治安管理", Decimal(1), Quarter(2026, 4), None, "张伟脱岗")
    for draft in (
        entry("a", "张伟脱岗"),
        BatchDraft(NOW, (BatchLine(1, "x", None, "?"), BatchLine(2, "城关所 1 张伟脱岗", entry("a", None)))),
        ImportDraft("f", NOW, (line,)),
    ):
        assert is_about(draft)
        assert not is_about(draft, shared=True)
        assert not is_about(draft, Member(Officer(1, "李强"), (HERE,)))
    assert not is_about(entry("b", "张伟脱岗"))
    assert not is_about(entry("a", None))
