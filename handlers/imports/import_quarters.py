"""Which quarter the rows of a table count in that name none: said with the file, by its title, or asked once for all (R6)."""

from collections.abc import Sequence
from dataclasses import replace

from documents.workbooks.deduction_table import Line, Listed
from handlers.frame.context import Context
from handlers.imports import importing_text
from rules.calendar import Calendar, Quarter
from rules.draft import TableDraft
from rules.imports import days_outside, named_days, named_quarters, named_years
from rules.stages import Stage


def of_tables(context: Context, listed: Listed, told: TableDraft) -> dict[int, Quarter] | TableDraft:
    """The quarter of each table by its number; or the question that has to be answered before."""
    lines = [line for line in listed.lines if not line.quarter]
    found: dict[int, Quarter] = dict.fromkeys(range(len(listed.titles)), told.quarter or context.running)
    if told.sure:
        return found
    for number, titles in enumerate(listed.titles):
        own = [line for line in lines if line.table == number]
        if not own:
            continue
        answer = _of_table(context, titles, own, told)
        if isinstance(answer, TableDraft):
            return replace(answer, count=len(lines))
        found[number] = answer
    return found


def _of_table(
    context: Context, titles: Sequence[str], lines: Sequence[Line], told: TableDraft
) -> Quarter | TableDraft:
    group = next(iter(sorted(context.person.groups)), "")
    calendar = context.timetable.of(group)
    running = calendar.quarter_of(context.moment)
    late = context.timetable.open_late(group, context.moment)
    still = (running,) if context.timetable.stage(group, running) is Stage.OPEN else ()
    writable = (*late, *still)
    named = named_quarters(titles, running, calendar)

    def ask(about: str, *meant: Quarter) -> TableDraft:
        choices = tuple(dict.fromkeys(str(quarter) for quarter in (*meant, *writable) if quarter in writable))
        return replace(told, asks="quarter", choices=choices, about=about)

    if told.quarter is not None:
        if named and told.quarter not in named:
            return ask(importing_text.caption_differs(told.quarter, named), told.quarter, *named)
        return told.quarter
    if len(named) > 1:
        return ask(importing_text.several_named(named), *named)
    if named:
        return named[0] if named[0] in writable else ask(importing_text.named_is_closed(named[0], running))
    years = named_years(titles)
    if years and running.year not in years:
        return ask(importing_text.another_year(years, running))
    made = named_days(titles)
    if made and max(made) < calendar.first_day(running):
        return ask(importing_text.made_before(max(made), running))
    if late:
        return ask(importing_text.late(late))
    return _by_days(lines, running, calendar, ask)


def _by_days(lines: Sequence[Line], running: Quarter, calendar: Calendar, ask) -> Quarter | TableDraft:  # type: ignore[no-untyped-def]
    """The running quarter, unless most of the days lie elsewhere."""
    days = [line.day for line in lines if line.day is not None]
    outside = [day for day in days if days_outside([day], running, calendar)]
    if 2 * len(outside) > len(days):
        question: TableDraft = ask(importing_text.days_elsewhere(min(outside), max(outside), running))
        return question
    return running
