"""What properties of the rules are tried on: workdays, extended deadlines, and how far the groups may be."""

from datetime import UTC, datetime, timedelta

from examples import BUREAU, CALENDAR
from hypothesis import strategies as st

from rules.calendar import Quarter, Year
from rules.stages import Course, Move, Step
from rules.timetable import Timetable

GROUPS = tuple(group.name for group in BUREAU.groups)
BEGINS = Quarter(2025, 4)
QUARTERS = (BEGINS, *Year(2026).quarters, *Year(2027).quarters)
"""The quarters that may have a step or another deadline."""
FIRST, LAST = CALENDAR.first_day(QUARTERS[0]), CALENDAR.last_day(QUARTERS[-1])
DAY = timedelta(days=1)

days = st.dates(FIRST, LAST)
moments = st.builds(
    lambda day, second: (
        datetime(day.year, day.month, day.day, tzinfo=CALENDAR.zone) + timedelta(seconds=second)
    ),
    days,
    st.integers(0, 86_399),
)


@st.composite
def workdays(draw):
    """Some weekdays on which nobody works, and weeks of holidays among the others."""
    weekdays = draw(st.sets(st.integers(0, 6), max_size=5))
    holidays = draw(st.lists(days, max_size=4))
    return lambda day: (
        day.weekday() not in weekdays and not any(first <= day < first + 7 * DAY for first in holidays)
    )


@st.composite
def extensions(draw):
    """Other last days, as the office may set them: after the deadline and before the next one."""
    found = {}
    for quarter in draw(st.sets(st.sampled_from(QUARTERS), max_size=4)):
        last, following = CALENDAR.last_day(quarter), CALENDAR.last_day(quarter.next)
        found[quarter] = draw(st.dates(last + DAY, following - DAY))
    return found


COURSES = (
    (Move.SUBMIT,),
    (Move.SUBMIT, Move.RETURN),
    (Move.SUBMIT, Move.CONFIRM),
    (Move.SUBMIT, Move.RETURN, Move.SUBMIT, Move.CONFIRM, Move.PUBLISH),
)


def course(group, quarter, *moves, at=datetime(2026, 3, 10, tzinfo=UTC)):
    """A group's quarter after these steps, one a day."""
    return Course(group, quarter, tuple(Step(move, at + n * DAY, "某") for n, move in enumerate(moves)))


@st.composite
def timetables(draw):
    """Two groups, some of whose quarters are extended, submitted, returned, confirmed or published."""
    extended = {(group, quarter): day for group in GROUPS for quarter, day in draw(extensions()).items()}
    places = draw(st.sets(st.tuples(st.sampled_from(GROUPS), st.sampled_from(QUARTERS)), max_size=10))
    courses = {place: course(*place, *draw(st.sampled_from(COURSES))) for place in sorted(places)}
    return Timetable(CALENDAR, BEGINS, extended, courses)
