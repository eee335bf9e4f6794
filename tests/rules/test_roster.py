"""R9: what a line does to the roster, who is meant by it, and that nobody serves in two places on one day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.entries import Reversal
from rules.months import Month
from rules.officers import Officer, OfficerDeduction, Service
from rules.refusals import (
    AlreadyThere,
    DayBefore,
    EmptyCommand,
    ListedTwice,
    NotADay,
    NotAnOfficer,
    NumberTaken,
    PrivateNumberFound,
    SameName,
    ServesElsewhere,
    ServicesOverlap,
)
from rules.roster import Entered, Kind, check_duty, check_number, find, plan, read_line, read_renaming
from rules.services import Member, check_own, check_services, ended, roster_on, stranded

TODAY, CAME = date(2026, 3, 10), date(2026, 1, 1)


def member(id=1, name="张伟", number="012345", duty="社区民警", *services):
    return Member(Officer(id, name, number, duty), services or (Service(id, "a", CAME),))


ZHANG = member()


@pytest.mark.parametrize(
    ("text", "entered"),
    [
        ("张伟", Entered("张伟")),
        ("张伟 012345 社区民警 2026-01-01", Entered("张伟", "012345", "社区民警", CAME)),
        ("张伟　2026年1月1日　社区民警　０１２３４５", Entered("张伟", "012345", "社区民警", CAME)),
        ("阿依·古丽 内勤 兼 户籍 今天", Entered("阿依·古丽", "", "内勤 兼 户籍", TODAY)),
        ("张伟 P-012 3-1", Entered("张伟", "P-012", "", date(2026, 3, 1))),
        ("张伟 012345 678", Entered("张伟", "012345", "678")),
    ],
)
def test_a_line_as_people_write_it(text, entered):
    assert read_line(text, TODAY) == entered


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", NotAnOfficer), ("张", NotAnOfficer), ("012345 张伟", NotAnOfficer), ("调离 张伟", NotAnOfficer),
        ("张伟 " + "长" * 21, NotAnOfficer), ("张伟 2026-02-30", NotADay), ("张伟 1026-02-03", NotADay),
        ("张伟 11010519491231002X", PrivateNumberFound), ("张伟 13812345678", PrivateNumberFound),
    ],
)  # fmt: skip
def test_what_is_no_line_is_refused(text, refusal):
    with pytest.raises(refusal):
        read_line(text, TODAY)


def test_a_badge_number_and_a_duty_may_be_left_out_but_not_be_anything():
    assert (check_number(""), check_duty("")) == ("", "")
    with pytest.raises(NotAnOfficer):
        check_number("一二三")


def one(line, *members):
    (found,) = plan([line], members or (ZHANG,), "a", TODAY)
    return found


def test_somebody_new_begins_today_unless_a_day_is_given():
    found = one(Entered("李强", "02"))
    assert (found.kind, found.officer, found.services) == (
        Kind.NEW,
        Officer(0, "李强", "02"),
        (Service(0, "a", TODAY),),
    )
    assert one(Entered("李强", since=CAME)).services == (Service(0, "a", CAME),)
    assert one(Entered("李强", until=CAME)).services == (Service(0, "a", CAME, CAME),)
    assert isinstance(one(Entered("李强", since=TODAY, until=CAME)), DayBefore)


def test_the_same_name_again_changes_what_is_given_and_nothing_else():
    assert one(Entered("张伟")).kind is Kind.SAME
    assert one(Entered("张伟", "012345", "社区民警", CAME)).kind is Kind.SAME
    found = one(Entered("张伟", duty="内勤"))
    assert (found.kind, found.officer, found.fields) == (
        Kind.CHANGED,
        replace(ZHANG.officer, duty="内勤"),
        ("职务",),
    )
    found = one(Entered("张伟", since=TODAY, until=TODAY + timedelta(9)))
    assert found.fields == ("到岗日期", "离岗日期")
    assert found.services == (Service(1, "a", TODAY, TODAY + timedelta(9)),)
    assert isinstance(one(Entered("张伟", until=CAME - timedelta(1))), DayBefore)


def test_another_number_is_asked_about_and_a_first_one_is_not():
    bare = member(number="")
    assert one(Entered("张伟", "77"), bare).fields == ("警号",)
    found = one(Entered("张伟", "77"))
    assert (found.name, found.numbers, found.number) == ("张伟", ("012345",), "77")
    assert isinstance(found, SameName)
    assert one(Entered("张伟", "77", another=False)).officer.id == 1
    assert one(Entered("张伟", "77", another=True)).kind is Kind.NEW


def test_two_of_a_name_are_told_apart_by_number():
    other = member(2, number="77")
    assert isinstance(one(Entered("张伟"), ZHANG, other), SameName)
    assert one(Entered("张伟", "77", "内勤"), ZHANG, other).officer == replace(other.officer, duty="内勤")
    assert isinstance(one(Entered("张伟", "88"), ZHANG, other), SameName)
    assert one(Entered("张伟", "88", another=True), ZHANG, other).kind is Kind.NEW


def test_in_one_table_who_stands_with_the_own_number_is_not_meant_by_another():
    known, new = plan([Entered("张伟", "012345"), Entered("张伟", "77")], [ZHANG], "a", TODAY)
    assert (known.kind, new.kind) == (Kind.SAME, Kind.NEW)
    known, unclear = plan([Entered("张伟", "012345"), Entered("张伟")], [ZHANG], "a", TODAY)
    assert isinstance(unclear, SameName)


def test_nobody_takes_the_number_of_another():
    assert isinstance(one(Entered("李强", "012345")), NumberTaken)


@pytest.mark.parametrize(
    "lines",
    [
        [Entered("李强"), Entered("李强")],
        [Entered("张伟"), Entered("张伟", duty="内勤")],
        [Entered("李强", "5"), Entered("王芳", "5")],
    ],
)
def test_two_lines_about_the_same_are_refused(lines):
    first, second = plan(lines, [ZHANG], "a", TODAY)
    assert not isinstance(first, ListedTwice)
    assert isinstance(second, ListedTwice)


def test_who_left_comes_back_and_keeps_the_id():
    gone = member(1, "张伟", "012345", "", Service(1, "a", CAME, date(2026, 2, 1)))
    found = one(Entered("张伟"), gone)
    assert (found.officer.id, found.fields) == (1, ("重新到岗",))
    assert found.services == (Service(1, "a", CAME, date(2026, 2, 1)), Service(1, "a", TODAY))
    moved = member(1, "张伟", "012345", "", *gone.services, Service(1, "b", date(2026, 2, 2)))
    assert isinstance(one(Entered("张伟"), moved), ServicesOverlap)


def test_leaving_ends_the_service_and_begins_the_next_the_day_after():
    day = date(2026, 3, 15)
    assert ended(ZHANG, "a", day) == (Service(1, "a", CAME, day),)
    moved = ended(ZHANG, "a", day, "b")
    assert moved == (Service(1, "a", CAME, day), Service(1, "b", date(2026, 3, 16)))
    again = Member(ZHANG.officer, moved)
    assert ended(again, "a", day, "b") == ended(again, "a", day) == moved
    assert ended(again, "a", date(2026, 3, 20))[1] == Service(1, "b", date(2026, 3, 21))
    with pytest.raises(ServicesOverlap):
        ended(again, "a", day, "c")


def test_leaving_is_refused_before_coming_and_to_where_one_is():
    with pytest.raises(DayBefore):
        ended(ZHANG, "a", date(2025, 12, 31))
    with pytest.raises(AlreadyThere):
        ended(ZHANG, "a", TODAY, "a")
    for own in (Service(1, "a", CAME), Service(1, "a", CAME, TODAY)):
        later = Member(ZHANG.officer, (own, Service(1, "b", TODAY + timedelta(9))))
        with pytest.raises(ServicesOverlap):
            ended(later, "a", TODAY + timedelta(9))


DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))


@given(st.lists(st.tuples(st.sampled_from("abc"), DAYS, st.sampled_from(("a", "b", "c", None))), max_size=8))
def test_however_people_move_nobody_is_in_two_places(moves):
    person = ZHANG
    for unit, day, to in moves:
        if not any(s.unit == unit for s in person.services):
            continue
        try:
            person = Member(person.officer, ended(person, unit, day, to))
        except (DayBefore, AlreadyThere, ServicesOverlap):
            continue
    check_services(person.services)
    for day in (date(2025, 1, 1) + timedelta(days=n) for n in range(0, 760, 7)):
        assert sum(service.covers(day) for service in person.services) <= 1


def test_only_the_latest_unit_sees_to_somebody():
    moved = Member(ZHANG.officer, ended(ZHANG, "a", TODAY, "b"))
    check_own(moved, "b")
    with pytest.raises(ServesElsewhere):
        check_own(moved, "a")


def test_entries_of_months_that_another_unit_assesses_count_no_more():
    at = datetime(2026, 3, 2, tzinfo=UTC)
    entry = OfficerDeduction(1, 1, "a", "考勤", Decimal(1), Month(2026, 3), at, 7, "周", "迟到")
    undone = replace(entry, number=2, reversal=Reversal(3, "周", at, "误记"))
    earlier = replace(entry, number=4, month=Month(2026, 2))
    assert stranded([entry, undone, earlier], ended(ZHANG, "a", TODAY, "b")) == [entry]
    assert stranded([entry, undone, earlier], ended(ZHANG, "a", TODAY)) == []


def test_people_are_found_by_name_or_number():
    other = member(2, number="77")
    assert find([ZHANG, other], "张伟") == [ZHANG, other]
    assert find([ZHANG, other], " ７７ ") == [other]
    assert find([ZHANG, member(2, number="")], "") == []


def test_the_roster_of_a_day_tells_who_is_there_who_comes_and_who_left_lately():
    people = [
        ZHANG,
        member(2, "李强", "2", "", Service(2, "b", CAME, TODAY), Service(2, "a", TODAY + timedelta(1))),
        member(3, "王芳", "3", "", Service(3, "a", CAME, TODAY - timedelta(1))),
        member(4, "赵敏", "4", "", Service(4, "a", CAME - timedelta(400), CAME - timedelta(300))),
        member(5, "孙浩", "5", "", Service(5, "a", CAME, TODAY), Service(5, "b", TODAY + timedelta(1))),
    ]
    found = roster_on(people, "a", TODAY)
    assert [o.name for o, _ in found.here] == ["张伟", "孙浩"]
    assert [o.name for o, _ in found.coming] == ["李强"]
    assert [o.name for o, _ in found.left] == ["王芳"]
    assert [o.name for o, _ in found.current] == ["张伟", "孙浩", "李强"]


@pytest.mark.parametrize(
    ("text", "name", "duty"),
    [("张 帆 民警", "张帆", "民警"), ("欧阳 敏 内勤", "欧阳敏", "内勤"), ("张　小明", "张小明", ""), ("张伟 所长", "张伟", "所长"), ("古丽•热西提 民警", "古丽·热西提", "民警")],
)  # fmt: skip
def test_a_padded_name_is_one_name(text, name, duty):
    entered = read_line(text, TODAY)
    assert (entered.name, entered.duty) == (name, duty)


def test_a_name_with_other_gaps_or_dots_is_the_same_person():
    member = Member(Officer(7, "古丽·热西提", "012345"), (Service(7, "a", CAME),))
    [same] = plan([Entered("古丽热西提", duty="内勤")], [member], "a", TODAY)
    assert same.kind is Kind.CHANGED and same.officer.id == 7
    assert find([member], "古丽 热西提") == find([member], "古丽・热西提") == [member]


def test_who_is_renamed_and_how():
    assert read_renaming("张炜 张伟") == ("张炜", "张伟") and read_renaming("张 炜 张 伟") == ("张炜", "张伟")
    for text in ("张炜", "张炜 张伟 张维", ""):
        with pytest.raises(EmptyCommand):
            read_renaming(text)
