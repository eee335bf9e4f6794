"""/month: a unit's officers in a month, a quarter or a year, in order, with a chart; an officer sees the own result (R9)."""

from handlers.frame import names, plain_questions, units, wording, workbooks
from handlers.frame.context import Context
from handlers.frame.reply import Button, Rows, Say, Show
from handlers.months import month_table, months_text
from handlers.officers import officers_text
from rules.access import SEES_ALL, Deed, may_in, sees_officers
from rules.bureau import Unit
from rules.calendar import Quarter, Year, read_period
from rules.draft import TableDraft
from rules.months import Month, months_of, read_month
from rules.names import Ambiguous, Match, Named, Names
from rules.officers import UnitMonth, tabulate_period, unit_in
from rules.people import Role
from rules.refusals import (
    MonthNotBegun,
    NoMethod,
    NoOfficers,
    NotYoursToSee,
    OfficersByMonth,
    UnknownName,
)
from storage import months, officer_ledger, roster

Period = Month | Quarter | Year


async def month(context: Context) -> None:
    """/month [城关所] [2026-03|一季度|年度]; without a month it is the one that runs."""
    period, left = _period(context, context.words)
    file = workbooks.document(context)
    if file is not None:
        if not isinstance(period, Month):
            raise OfficersByMonth
        unit_, rest = units.split(context, left)
        names.check_understood(rest)
        named = len(left.split()) < len(context.words.split())
        told = TableDraft("month", file.file_id, "", month=period if named else None)
        await month_table.look_over(context, units.own(context, Deed.OFFICER_DEDUCT, unit_), told)
        return
    if context.person.officers and not (context.person.units or context.person.has(SEES_ALL)):
        names.check_understood(left)
        await _answer_own(context, period)
        return
    unit, name = units.split(context, left)
    own = [unit for unit in context.bureau.units if unit.code in context.person.units]
    if unit is None and name and not own:
        unit, name = names.unit(context, name, then="mo", after=str(period)), ""
    unit = unit or (own[0] if len(own) == 1 else None)
    if unit is None:
        buttons = tuple((Button(one.name, f"mo:{one.code}:{period}"),) for one in own)
        ask = names.ask_sequence(context, f"moq:{period}", what=months_text.ask())
        await plain_questions.ask(context, Say(months_text.ask(), buttons) if own else ask)
    elif name:
        await _answer_about(context, unit, name, period)
    else:
        await _answer(context, unit, period)


def _period(context: Context, text: str) -> tuple[Period, str]:
    """The month, quarter or year that is named, and what is left of the text."""
    running = Quarter(context.today.year, (context.today.month - 1) // 3 + 1)
    period: Period | None = None
    left = []
    for word in text.split():
        found = (read_month(word, context.today) or read_period(word, running)) if period is None else None
        period = period or found
        left += [] if found else [word]
    return period or Month.of(context.today), " ".join(left)


async def sequence_pressed(context: Context) -> None:
    """A sequence was chosen: which unit?"""
    sequence = names.sequence_of(context, context.argument(1))
    units = [
        (Button(unit.name, f"mo:{unit.code}:{context.argument(0)}"),)
        for unit in context.bureau.units_of(sequence.name)
    ]
    await context.rewrite(Say(months_text.ask(), tuple(units)))


async def pressed(context: Context) -> None:
    """A unit was chosen, or another period of it."""
    unit = names.unit_of(context, context.argument(0))
    await _answer(context, unit, _parsed(context.argument(1)))


async def details_pressed(context: Context) -> None:
    """Every officer, where they did not fit under the picture."""
    unit = names.unit_of(context, context.argument(0))
    period = _parsed(context.argument(1))
    await context.reply(Say("\n".join(await _lines(context, unit, period))))


def _parsed(code: str) -> Period:
    try:
        if code.isdecimal():
            return Year(int(code))
        return Quarter.parse(code) if "Q" in code else Month.parse(code)
    except ValueError:
        raise names.stale() from None


async def _answer(context: Context, unit: Unit, period: Period) -> None:
    if isinstance(period, Month):
        await _answer_month(context, unit, period)
        return
    found = tabulate_period(unit, await _months(context, unit, period))
    if not found.rows and not found.absent:
        raise NoOfficers(unit, months_of(period)[0])
    await context.show(
        Show(
            chart=months_text.period_chart(found, period),
            text=months_text.period_head(found, period),
            more="\n".join(months_text.period_lines(found)),
            details=Button("全部民警", f"mod:{unit.code}:{period}"),
        )
    )


async def _answer_month(context: Context, unit: Unit, value: Month) -> None:
    found, unexplained = await _month(context, unit, value)
    earlier = Button(f"‹ {wording.month(value.previous)}", f"mo:{unit.code}:{value.previous}")
    later = [Button(f"{wording.month(value.next)} ›", f"mo:{unit.code}:{value.next}")]
    await context.show(
        Show(
            chart=months_text.chart(found, context.bureau),
            text=months_text.head(found, context.bureau, unexplained),
            more="\n".join(months_text.lines(found)),
            details=Button("全部民警", f"mod:{unit.code}:{value}"),
            buttons=(
                (earlier, *(later if value < Month.of(context.today) else [])),
                *_table(context, unit, value),
            ),
        )
    )


def _table(context: Context, unit: Unit, value: Month) -> Rows:
    """To who logs entries on the unit's officers: the month as a table to fill in."""
    if not may_in(context.person, Deed.OFFICER_DEDUCT, unit.code):
        return ()
    return ((Button("考核表模板（可整月导入）", f"mwt:{unit.code}:{value}"),),)


async def _lines(context: Context, unit: Unit, period: Period) -> list[str]:
    if isinstance(period, Month):
        found, unexplained = await _month(context, unit, period)
        return [months_text.head(found, context.bureau, unexplained), "", *months_text.lines(found)]
    table = tabulate_period(unit, await _months(context, unit, period))
    return [months_text.period_head(table, period), "", *months_text.period_lines(table)]


async def _month(context: Context, unit: Unit, value: Month) -> tuple[UnitMonth, int]:
    """The unit's month, and how many living entries lack a reason. NotYoursToSee, MonthNotBegun, NoMethod, NoOfficers."""
    _check(context, unit, value)
    policy = context.services.policy
    async with context.database.reading() as session:
        found = await months.unit_month(session, unit, value, common=policy.common_parts, duties=policy.duties)
        entries = await officer_ledger.of_month(session, unit.code, value)
    if found is None:
        raise NoMethod(unit, value.year)
    if not found.everybody:
        raise NoOfficers(unit, value)
    return found, sum(entry.lives and entry.reason is None for entry in entries)


async def _months(context: Context, unit: Unit, period: Quarter | Year) -> list[UnitMonth]:
    """The unit's months of a period that have begun."""
    begun = _begun(context, period)
    _check(context, unit, begun[0])
    policy = context.services.policy
    async with context.database.reading() as session:
        found = [
            await months.unit_month(session, unit, value, common=policy.common_parts, duties=policy.duties)
            for value in begun
        ]
    if not any(found):
        raise NoMethod(unit, begun[0].year)
    return [one for one in found if one is not None]


def _check(context: Context, unit: Unit, value: Month) -> None:
    if not sees_officers(context.person, unit.code):
        raise NotYoursToSee(unit, "民警成绩")
    if value > Month.of(context.today):
        raise MonthNotBegun(value)


async def _answer_about(context: Context, unit: Unit, name: str, period: Period) -> None:
    """One officer of the unit, to who sees its officers. UnknownName."""
    months_ = _begun(context, period)
    _check(context, unit, months_[0])
    async with context.database.reading() as session:
        found = {o.id: o for value in months_ for o in await roster.in_month(session, unit.code, value)}
    meant = Names(Named(o.id, o.name, (o.number,) if o.number else ()) for o in found.values()).find(name)
    if not isinstance(meant, Match):
        ids = meant.candidates if isinstance(meant, Ambiguous) else meant.suggestions
        raise UnknownName("民警", name, tuple(officers_text.named(found[id_]) for id_ in ids))
    await _answer_officer(context, meant.value, months_, period, unit)


async def _answer_own(context: Context, period: Period) -> None:
    """An officer's own result, and nobody else's."""
    assert context.person.has({Role.OFFICER})
    await _answer_officer(context, next(iter(context.person.officers)), _begun(context, period), period)


def _begun(context: Context, period: Period) -> list[Month]:
    """The months of a period that have begun. MonthNotBegun."""
    wanted = (period,) if isinstance(period, Month) else months_of(period)
    begun = [value for value in wanted if value <= Month.of(context.today)]
    if not begun:
        raise MonthNotBegun(wanted[0])
    return begun


async def _answer_officer(
    context: Context, id_: int, begun: list[Month], period: Period, only: Unit | None = None
) -> None:
    """An officer's months, of one unit only where one is given, and each point that was lost."""
    policy = context.services.policy
    shown = []
    async with context.database.reading() as session:
        officer = (await roster.officers(session, [id_]))[id_]
        services = await roster.services_of(session, [id_])
        for value in begun:
            code = unit_in(services[id_], value)
            unit = context.bureau.find_unit(code or "")
            if unit is None or only not in {None, unit}:
                continue
            table = await months.unit_month(
                session, unit, value, common=policy.common_parts, duties=policy.duties
            )
            row = table.of(id_) if table is not None else None
            if row is not None:
                shown.append((unit, row, await officer_ledger.of_month(session, unit.code, value, id_)))
    text = months_text.own(
        officer, period, [(u, row, [e for e in entries if e.lives]) for u, row, entries in shown]
    )
    if len(shown) == 1:
        await context.show(Show(chart=months_text.own_chart(shown[0][1], shown[0][0]), text=text))
    else:
        await context.reply(Say(text))
