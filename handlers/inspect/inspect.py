"""/done: the inspection of units in the quarter is finished (R7), or is not after all."""

import re
from collections.abc import Sequence

from handlers.deduct.entry import check_still_open
from handlers.frame import names
from handlers.frame.context import Context
from handlers.frame.periods import choose
from handlers.frame.reply import Button, Rows, Say
from handlers.inspect import inspect_text
from rules.bureau import Unit
from rules.calendar import Quarter, Year
from rules.reading import read_units
from rules.recusal import PointMove, check_scorer, may_score
from rules.refusals import EmptyCommand, QuarterOnly
from storage import quarters
from storage.database import Session

TAKE_BACK = re.compile("撤回|撤销|取消")
"""What says, among the words after the command, that a mark is to be taken back."""

IN_LIST = "l"
"""What a button carries that stands in the list of units which are left."""


async def done(context: Context) -> None:
    """/done 城关所 东门所 [一季度] marks units as inspected, /done 撤回 城关所 takes it back.

    Without a unit it offers those that are left.
    """
    take_back = TAKE_BACK.search(context.words) is not None
    said = TAKE_BACK.sub(" ", context.words)
    found, query = read_units(said, names.vocabulary(context), context.running, context.today)
    names.check_without_day(query)
    if isinstance(query.period, Year):
        raise QuarterOnly(query.period)
    after = str(query.period or "")
    verb = "undone" if take_back else "done"
    units = [names.resolve_unit(context, name, name.text, then=verb, after=after) for name in found]
    if not units:
        await context.reply(await _offer(context, query.period, take_back=take_back))
        return
    quarter = query.period or _owed(context, units[0])
    say = await (unmark if take_back else mark)(context, list(dict.fromkeys(units)), quarter)
    await context.reply(say)


async def _offer(context: Context, quarter: Quarter | None, *, take_back: bool) -> Say:
    """The units that the person may mark, or whose mark it may take back, as buttons. Raises: EmptyCommand."""
    units = [u for u in context.bureau.units if may_score(context.person, u, context.bureau)]
    if not units:
        raise EmptyCommand("/done 城关所")
    of = quarter or _owed(context, units[0])
    async with context.database.reading() as session:
        inspected = await quarters.inspected(session, of, [unit.code for unit in units])
    left = [unit for unit in units if (unit.code in inspected) is take_back]
    buttons = names.unit_buttons(left, "undone" if take_back else "done", f"{of}:{IN_LIST}")
    return Say(inspect_text.offered(of, len(left), len(units), take_back=take_back), buttons)


def _owed(context: Context, unit: Unit) -> Quarter:
    """The quarter that the unit's group is at: an earlier one as long as it is late (Late group)."""
    groups = context.groups_of((unit,))
    return context.timetable.due(groups[0], context.moment) if groups else context.running


async def pressed(context: Context) -> None:
    """A unit was chosen, or [检查完毕] was pressed on a card."""
    unit, quarter = _pressed(context)
    await _answer(context, await mark(context, [unit], quarter), quarter, take_back=False)


async def take_back_pressed(context: Context) -> None:
    """The mark of a unit is to be taken back."""
    unit, quarter = _pressed(context)
    await _answer(context, await unmark(context, [unit], quarter), quarter, take_back=True)


async def _answer(context: Context, say: Say, quarter: Quarter, *, take_back: bool) -> None:
    if context.argument(2) == IN_LIST:
        # The list stays, so that one unit after the other can be pressed.
        offered = await _offer(context, quarter, take_back=take_back)
        await context.rewrite(
            Say(f"{say.text}\n\n{offered.text}" if offered.buttons else say.text, offered.buttons)
        )
        return
    await context.reply(say)


def _pressed(context: Context) -> tuple[Unit, Quarter]:
    unit = names.unit_of(context, context.argument(0))
    try:
        return unit, Quarter.parse(context.argument(1)) if context.argument(1) else _owed(context, unit)
    except ValueError:
        raise names.stale() from None


async def mark(context: Context, units: Sequence[Unit], quarter: Quarter) -> Say:
    """Mark the units as inspected in the quarter, each once; what is said of it. Raises: Barred, Recused (R8), QuarterClosed."""
    _check(context, units, quarter)
    async with context.database.transaction() as session:
        inspected = await quarters.inspected(session, quarter, [unit.code for unit in units])
        fresh = [unit for unit in units if unit.code not in inspected]
        for unit in fresh:
            await check_still_open(session, unit, quarter, context)
            await quarters.mark_inspected(
                session, unit=unit.code, quarter=quarter, person_id=context.person.id, at=context.moment
            )
        left, of = await _left(session, context, units[0], quarter)
    text = inspect_text.done(units, quarter, left, of, fresh=bool(fresh) or context.again)
    return Say(text, _way_back(units, quarter))


def _way_back(units: Sequence[Unit], quarter: Quarter) -> Rows:
    return ((Button("撤回检查完毕", f"undone:{units[0].code}:{quarter}"),),) if len(units) == 1 else ()


async def unmark(context: Context, units: Sequence[Unit], quarter: Quarter) -> Say:
    """Take the marks of the units in the quarter back; what is said of it. Raises: Barred, Recused (R8), QuarterClosed."""
    _check(context, units, quarter)
    async with context.database.transaction() as session:
        inspected = await quarters.inspected(session, quarter, [unit.code for unit in units])
        marked = [unit for unit in units if unit.code in inspected]
        for unit in marked:
            await check_still_open(session, unit, quarter, context)
            await quarters.take_mark_back(
                session, unit=unit.code, quarter=quarter, person_id=context.person.id, at=context.moment
            )
        left, of = await _left(session, context, units[0], quarter)
    return Say(inspect_text.undone(units, quarter, left, of, fresh=bool(marked) or context.again))


def _check(context: Context, units: Sequence[Unit], quarter: Quarter) -> None:
    choose(context, quarter, context.groups_of(units))
    for unit in units:
        check_scorer(context.person, unit, context.bureau, PointMove.INSPECT)


async def _left(session: Session, context: Context, unit: Unit, quarter: Quarter) -> tuple[list[Unit], int]:
    """The units of the same group that are not inspected yet, and how many it has."""
    group = context.bureau.group_for(unit)
    peers = [other for other in context.bureau.units if context.bureau.group_for(other) == group]
    inspected = await quarters.inspected(session, quarter, [peer.code for peer in peers])
    return [peer for peer in peers if peer.code not in inspected], len(peers)
