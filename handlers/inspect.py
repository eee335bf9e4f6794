"""/done: a unit's inspection in the quarter is finished (R7)."""

from handlers import names
from handlers.answer import Say
from handlers.context import Context
from handlers.entry import check_still_open
from handlers.periods import choose
from handlers.words import inspect as words
from rules.bureau import Unit
from rules.calendar import Quarter, Year
from rules.reading import read_query
from rules.recusal import PointMove, check_scorer
from rules.refusals import EmptyCommand, QuarterOnly
from storage import quarters


async def done(context: Context) -> None:
    """/done 城关所 [一季度] marks the unit as inspected."""
    query = read_query(context.words, names.vocabulary(context), context.running, context.today)
    if query.unit is None and not query.leftover:
        raise EmptyCommand("/done 城关所")
    if isinstance(query.period, Year):
        raise QuarterOnly(query.period)
    after = str(query.period or "")
    if query.unit is None:
        unit = names.unit(context, query.leftover, then="done", after=after)
    else:
        unit = names.resolve_unit(
            context, query.unit, query.leftover or context.words, then="done", after=after
        )
    await context.reply(await mark(context, unit, query.period or _owed(context, unit)))


def _owed(context: Context, unit: Unit) -> Quarter:
    """The quarter that the unit's group is at: an earlier one as long as it is late (Late group)."""
    groups = context.groups_of((unit,))
    return context.timetable.due(groups[0], context.moment) if groups else context.running


async def pressed(context: Context) -> None:
    """The unit was chosen among several, or [检查完毕] was pressed on a card."""
    unit = names.unit_of(context, context.argument(0))
    try:
        quarter = Quarter.parse(context.argument(1)) if context.argument(1) else _owed(context, unit)
    except ValueError:
        raise names.stale() from None
    await context.reply(await mark(context, unit, quarter))


async def mark(context: Context, unit: Unit, quarter: Quarter) -> Say:
    """Mark the unit as inspected in the quarter, once; what is said of it. Barred, Recused (R8)."""
    choose(context, quarter, context.groups_of((unit,)))
    check_scorer(context.person, unit, context.bureau, PointMove.INSPECT)
    peers = [
        other
        for other in context.bureau.units
        if context.bureau.group_for(other) == context.bureau.group_for(unit)
    ]
    async with context.database.transaction() as session:
        if unit.code not in await quarters.inspected(session, quarter, [unit.code]):
            await check_still_open(session, unit, quarter, context)
        fresh = await quarters.mark_inspected(
            session, unit=unit.code, quarter=quarter, person_id=context.person.id, at=context.moment
        )
        inspected = await quarters.inspected(session, quarter, [peer.code for peer in peers])
    left = [peer for peer in peers if peer.code not in inspected]
    return Say(words.done(unit, quarter, left, len(peers), fresh=fresh or context.again))
