"""/returns: which units returned a month, by how much they were late, and what is missing, with the year as a calendar (R9)."""

from handlers.frame import names, records
from handlers.frame.context import Context
from handlers.frame.reply import Button, Rows, Say, Show, in_rows
from handlers.months import monthly_text, returning, returns_text
from handlers.months.returns_text import Overview
from rules.bureau import Unit
from rules.calendar import Year
from rules.months import Month, months_of, read_month
from rules.refusals import NotAMonth
from rules.returns import MonthReturns
from storage import returns


async def show(context: Context) -> None:
    """/returns [2026-03]: by default the last month."""
    text = context.words.strip()
    month = read_month(text, context.today) if text else _last(context)
    if month is None:
        raise NotAMonth(text)
    await _answer(context, month)


def _last(context: Context) -> Month:
    return max(Month.of(context.today).previous, returning.terms(context).begins)


async def month_pressed(context: Context) -> None:
    """The month before or after."""
    await _answer(context, returning.month_of(context.argument(0)))


async def _answer(context: Context, month: Month) -> None:
    found = await _overview(context, month)
    await context.show(
        Show(
            chart=returns_text.chart(found, context.bureau),
            text=returns_text.overview(found),
            more=returns_text.details(found),
            details=Button("看名单", f"mrtd:{month}"),
            buttons=_buttons(context, month),
        )
    )


async def _overview(context: Context, month: Month) -> Overview:
    """Every unit's months of the year, in one query."""
    async with context.database.reading() as session:
        year = await returns.of_year(session, month.year)
        headed = await returning.headed(session)
    known = {place: MonthReturns(versions, headed=place[0] in headed) for place, versions in year.items()}
    terms = returning.terms(context)
    units = tuple(
        (unit, {m: known.get((unit.code, m)) or MonthReturns() for m in months_of(Year(month.year))})
        for unit in context.bureau.units
    )
    return Overview(month, terms, units)


def _buttons(context: Context, month: Month) -> Rows:
    sequences = [
        Button(sequence.name, f"mrtq:{month}:{names.short(sequence.name)}")
        for sequence in context.bureau.sequences
        if context.bureau.units_of(sequence.name)
    ]
    terms = returning.terms(context)
    before, after = month.previous, month.next
    turn = [
        *([Button(f"‹ {before.number}月", f"mrt:{before}")] if before >= terms.begins else []),
        *([Button(f"{after.number}月 ›", f"mrt:{after}")] if after < Month.of(terms.today) else []),
    ]
    return (*in_rows(sequences, 2), *((tuple(turn),) if turn else ()))


async def details_pressed(context: Context) -> None:
    """What did not fit under the picture."""
    await context.reply(
        Say(returns_text.details(await _overview(context, returning.month_of(context.argument(0)))))
    )


async def sequence_pressed(context: Context) -> None:
    """The units of a sequence, each with where its month stands; a press opens its table."""
    month = returning.month_of(context.argument(0))
    sequence = names.sequence_of(context, context.argument(1))
    found = await _overview(context, month)
    units = context.bureau.units_of(sequence.name)
    buttons = [Button(returns_text.label(found, unit), f"mrtu:{unit.code}:{month}") for unit in units]
    await context.reply(Say(returns_text.which_unit(sequence, month), in_rows(buttons, 2)))


async def unit_pressed(context: Context) -> None:
    """The newest version that is in, as it was frozen."""
    unit, month = names.unit_of(context, context.argument(0)), returning.month_of(context.argument(1))
    async with context.database.reading() as session:
        found = await returning.of_month(session, unit, month)
    current = found.current
    if current is None:
        stand = returning.terms(context).stand(month, found)
        await context.toast(returns_text.nothing_in(unit, month, stand), alert=True)
    else:
        await _show_version(context, unit, current.id)


async def version_pressed(context: Context) -> None:
    """A version as it was frozen, for those who see the unit's officers."""
    number = names.number(context.argument(0))
    async with context.database.reading() as session:
        sent = await records.return_(session, context, number)
    await _show_version(context, names.unit_of(context, sent.unit), number)


async def _show_version(context: Context, unit: Unit, number: int) -> None:
    async with context.database.reading() as session:
        sent = await returns.find(session, number)
        assert sent is not None
        table = await returning.returned(session, sent)
    text = monthly_text.version(unit, sent, table.officers, table.names, returning.terms(context))
    await context.reply(Say(text))
