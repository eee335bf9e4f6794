"""R10: which documents are filed each year, by whom, until when, and whom the reminders of it are for."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from examples import BUREAU, CALENDAR, person
from hypothesis import given
from hypothesis import strategies as st

from rules.access import files_for, sees_filing
from rules.calendar import Quarter
from rules.filings import (
    Asked,
    Filed,
    FilingKind,
    check_newest,
    check_year,
    due_date,
    is_document,
    named,
    owed,
    read_asked,
    read_year,
    with_verdict,
)
from rules.methods import Verdict
from rules.people import Post, Role
from rules.refusals import NotAFilingYear, Superseded, UnknownName
from rules.reminders import Duty, Facts, Kind, Occasion, Part, Rota, Schedule, parts
from rules.timetable import Timetable
from rules.workdays import is_workday

RATING = FilingKind("rating", "示例市公安局{year}年度派出所等级评定实施细则及检查方法", by_office=True)
COMMON = FilingKind(
    "common", "示例市公安局{year}年度派出所民警目标量化考核办法（总则及共同部分）", units=("zhian",)
)
OWN = FilingKind("own", "民警目标量化考核办法", categories=("机关科室", "实战所队"))
STATION = FilingKind("station", "民警业务考核细则", categories=("派出所",))
KINDS = (RATING, COMMON, OWN, STATION)
AT = datetime(2026, 1, 20, 2, tzinfo=UTC)

OFFICE = person(1, Post(Role.OFFICE))
LEADER = person(2, Post(Role.LEADER))
LIAISON = person(3, Post(Role.LIAISON, unit="chengguan"))
OF_TWO = person(4, Post(Role.LIAISON, unit="zhian"), Post(Role.LIAISON, unit="dongmen"))
UNIT_HEAD = person(5, Post(Role.UNIT_HEAD, unit="chengguan"))
ASSESSOR = person(6, Post(Role.ASSESSOR, group="派出所考核小组", own_unit="chengguan"))
NOBODYS = (ASSESSOR, person(7, Post(Role.ADMIN)), person(8, Post(Role.OFFICER, unit="chengguan", officer=1)))


def version(number=1, kind="station", unit="chengguan", verdict=Verdict.WAITING, **more):
    return Filed(number, kind, unit, 2026, number, 1, "a.pdf", "周", AT, verdict, **more)


def places(found):
    return [one.place for one in found]


# Who files what


def test_the_office_named_units_and_every_unit_of_a_category_file():
    assert places(owed(KINDS, BUREAU, [])) == [
        ("rating", None),
        ("common", "zhian"),
        ("own", "zhian"),
        ("own", "fazhi"),
        *[("station", code) for code in ("chengguan", "dongmen", "ximen", "nanhu", "beishan")],
    ]


def test_the_newest_version_counts_and_a_returned_one_is_owed_again():
    first, second = version(1), version(2, verdict=Verdict.RETURNED)
    found = {one.place: one for one in owed(KINDS, BUREAU, [second, first])}
    assert found["station", "chengguan"].newest == second
    assert not found["station", "chengguan"].settled
    assert not found["station", "dongmen"].settled
    assert found["station", "dongmen"].verdict is None


@pytest.mark.parametrize("verdict", [Verdict.WAITING, Verdict.ACCEPTED])
def test_what_waits_or_was_accepted_is_settled(verdict):
    (one,) = (o for o in owed(KINDS, BUREAU, [version(verdict=verdict)]) if o.newest)
    assert one.settled and one.verdict is verdict


def test_those_of_a_verdict_are_found():
    found = owed((STATION,), BUREAU, [version(verdict=Verdict.ACCEPTED), version(2, unit="ximen")])
    assert places(with_verdict(found, Verdict.ACCEPTED)) == [("station", "chengguan")]
    assert len(with_verdict(found, None)) == 3
    assert with_verdict(found, Verdict.WAITING, Verdict.ACCEPTED, None) == found


def test_a_liaison_files_for_its_unit_and_the_office_for_itself():
    assert files_for(LIAISON, "chengguan") and not files_for(LIAISON, "dongmen")
    assert files_for(OFFICE, None) and not files_for(OFFICE, "chengguan")
    assert not files_for(LIAISON, None) and not files_for(UNIT_HEAD, "chengguan")


def test_a_unit_sees_its_own_and_the_office_and_leaders_everything():
    for one in (OFFICE, LEADER):
        assert sees_filing(one, "chengguan") and sees_filing(one, None)
    for one in (LIAISON, UNIT_HEAD):
        assert sees_filing(one, "chengguan") and not sees_filing(one, "dongmen") and not sees_filing(one, None)
    assert not any(sees_filing(one, unit) for one in NOBODYS for unit in ("chengguan", None))


# How it is asked for


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", Asked("", 2026)),
        ("民警业务考核细则", Asked("民警业务考核细则", 2026)),
        ("民警业务考核细则 2027", Asked("民警业务考核细则", 2027)),
        ("２０２７年 细则", Asked("细则", 2027)),
        ("2027年度", Asked("", 2027)),
        ("示例市公安局2027年度派出所等级评定", Asked("示例市公安局2027年度派出所等级评定", 2027)),
        ("2026 示例市公安局2027年度派出所", Asked("示例市公安局2027年度派出所", 2026)),
    ],
)
def test_a_name_and_a_year_are_read_in_any_order(text, asked):
    assert read_asked(text, 2026) == asked


@pytest.mark.parametrize("text", ["细则 2025", "2028", "局2025年度细则"])
def test_documents_are_filed_for_this_year_and_the_next_only(text):
    with pytest.raises(NotAFilingYear) as refused:
        read_asked(text, 2026)
    assert refused.value.years == (2026, 2027)


@given(st.integers(1, 9999), st.integers(2000, 2999))
def test_a_year_is_this_one_the_next_or_refused(year, this_year):
    if 0 <= year - this_year <= 1:
        assert check_year(year, this_year) == year
    else:
        with pytest.raises(NotAFilingYear):
            check_year(year, this_year)


def test_any_year_can_be_looked_at_but_none_after_the_next():
    assert [read_year(text, 2026) for text in ("", "2027", "2025年", " 2026年度")] == [2026, 2027, 2025, 2026]
    for text in ("2028", "1999", "明年", "26"):
        with pytest.raises(NotAFilingYear):
            read_year(text, 2026)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("等级评定", {"rating"}),
        ("总则及共同部分", {"common"}),
        ("《民警目标量化考核办法》", {"own"}),
        ("量化考核", {"common", "own"}),
        ("业务考核细则", {"station"}),
        ("示例市公安局2026年度派出所等级评定实施细则及检查方法", {"rating"}),
        ("", {"rating", "common", "own", "station"}),
    ],
)
def test_any_part_of_a_title_names_it_and_what_is_unclear_is_several(name, codes):
    found = named(owed(KINDS, BUREAU, []), name, 2026)
    assert {one.kind.code for one in found} == codes


def test_a_title_longer_than_any_name_is_known_when_it_is_whole():
    kind = FilingKind("long", "细则" * 30, by_office=True)
    assert len(named(owed((kind, RATING), BUREAU, []), "细则" * 30, 2026)) == 1


def test_an_unknown_name_is_refused_with_what_there_is():
    with pytest.raises(UnknownName) as refused:
        named(owed((STATION,), BUREAU, []), "年终总结", 2026)
    assert refused.value.suggestions == ("民警业务考核细则",)


# Files and versions


@pytest.mark.parametrize(
    ("media", "fits"),
    [
        ("PDF", True),
        ("DOCX", True),
        ("XLSX", True),
        ("DOC", True),
        ("XLS", True),
        ("JPEG", False),
        ("ZIP", False),
        ("TEXT", False),
        ("PPTX", False),
        ("PPT", False),
    ],
)
def test_pdf_word_and_excel_are_documents(media, fits):
    assert is_document(media) is fits


def test_a_version_that_a_newer_one_replaced_is_not_decided_on():
    first, second = version(1), version(2)
    check_newest(second, [first, second])
    check_newest(first, [])
    with pytest.raises(Superseded) as refused:
        check_newest(first, [first, second])
    assert (refused.value.version, refused.value.newest) == (1, 2)


# When it is reminded of


def rota(workday=is_workday, **schedule):
    return Rota(Timetable(CALENDAR, Quarter(2026, 1)), (), Schedule(**schedule), workday)


def days(table, occasion, first, last):
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [(day.month, day.day) for day in span if occasion in table.occasions(day)]


def filing(year=2026):
    return Occasion(Kind.FILING, year=year)


def unfiled(year=2026):
    return Occasion(Kind.UNFILED, year=year)


YEAR = date(2025, 12, 2), date(2027, 1, 5)


def test_the_days_are_those_before_any_deadline_with_the_same_rest_day_rule():
    # 2026-01-17, 01-24 and 01-31 are Saturdays.
    found = days(rota(), filing(), *YEAR)
    assert found == [(1, 16), (1, 17), (1, 23), (1, 24), (1, 28), (1, 30), (1, 31)]
    assert days(rota(), unfiled(), *YEAR) == [(2, 2)]


def test_holidays_move_the_day_after():
    # From 2026-02-15 to 02-23 nobody works.
    assert days(rota(filings_due=(2, 15)), unfiled(), *YEAR) == [(2, 24)]


def test_documents_due_at_the_turn_of_the_year_are_of_their_own_year():
    early = rota(lambda day: True, filings_due=(1, 5))
    assert days(early, filing(2026), *YEAR) == [(12, 22), (12, 29), (1, 2), (1, 4), (1, 5)]
    assert days(early, unfiled(2026), *YEAR) == [(1, 6)]
    assert days(early, filing(2027), *YEAR) == [(12, 22), (12, 29), (1, 2), (1, 4), (1, 5)]
    late = rota(lambda day: True, filings_due=(12, 31))
    assert days(late, unfiled(2026), *YEAR) == [(1, 1)]
    assert days(late, filing(2026), *YEAR)[-1] == (12, 31)


def test_a_missed_day_is_made_up_for_until_the_due_day_and_the_list_afterwards():
    table = rota()
    assert table.still_useful(filing(), date(2026, 1, 31))
    assert not table.still_useful(filing(), date(2026, 2, 1))
    assert table.still_useful(unfiled(), date(2026, 3, 1))


# Whom it is for


def facts(day, *filed):
    return Facts(day, BUREAU, rota(), {}, {}, owed={2026: owed(KINDS, BUREAU, filed)})


def told(one, *occasions, on=date(2026, 1, 28), filed=(), muted=()):
    return [(part.duty, places(part.owed)) for part in parts(one, occasions, facts(on, *filed), muted)]


def test_everybody_hears_of_its_own_documents_before_the_day():
    assert told(LIAISON, filing()) == [(Duty.FILING, [("station", "chengguan")])]
    assert told(OF_TWO, filing()) == [
        (Duty.FILING, [("common", "zhian"), ("own", "zhian"), ("station", "dongmen")])
    ]
    assert told(OFFICE, filing()) == [(Duty.FILING, [("rating", None)])]
    assert not any(told(one, filing(), unfiled()) for one in (LEADER, UNIT_HEAD, *NOBODYS))


def test_who_is_done_is_left_alone_and_who_was_returned_is_not():
    assert told(LIAISON, filing(), filed=[version()]) == []
    returned = [version(), version(2, verdict=Verdict.RETURNED)]
    assert told(LIAISON, filing(), filed=returned) == [(Duty.FILING, [("station", "chengguan")])]


def test_after_the_day_the_office_hears_of_everybody_and_nobody_else_hears_anything():
    accepted = replace(version(), verdict=Verdict.ACCEPTED)
    (part,) = parts(OFFICE, [unfiled()], facts(date(2026, 2, 2), accepted))
    assert part == Part(Duty.UNFILED, left=-2, total=9, until=date(2026, 1, 31), year=2026, owed=part.owed)
    assert len(part.owed) == 8 and ("station", "chengguan") not in places(part.owed)
    assert told(LIAISON, unfiled()) == []
    every = [version(number, one.kind.code, one.place[1]) for number, one in enumerate(owed(KINDS, BUREAU, []))]
    assert told(OFFICE, unfiled(), filed=every) == []


@pytest.mark.parametrize(("day", "heard"), [(17, False), (27, False), (28, True), (31, True)])
def test_it_can_be_muted_until_three_days_before(day, heard):
    assert bool(told(LIAISON, filing(), on=date(2026, 1, day), muted={Duty.FILING})) is heard


def test_the_offices_list_is_not_muted():
    assert told(OFFICE, unfiled(), on=date(2026, 2, 2), muted={Duty.FILING, Duty.UNFILED})


def test_the_due_day_is_of_the_civil_year():
    assert due_date(2027, (1, 31)) == date(2027, 1, 31)
