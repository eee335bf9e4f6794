"""/progress: how far a group's quarter is: who is inspected, what lacks a reason, which appeals are open, how long it has."""

from handlers.frame import names, periods, wording
from handlers.frame.context import Context
from handlers.frame.reply import Button, Say, Show
from handlers.quarter import progress_text
from rules.access import SEES_ALL
from rules.bureau import Bureau, Group, Unit
from rules.calendar import Quarter
from rules.entries import Deduction
from rules.progress import Progress, UnitProgress
from rules.reading import read_query
from rules.refusals import QuarterOnly
from storage import appeals, ledger, quarters
from storage.appeals import Appeal
from storage.database import Session


async def progress(context: Context) -> None:
    """/progress [group] [period]; of several groups it asks which."""
    query = read_query(context.words, names.vocabulary(context), context.running, context.today)
    names.check_without_day(query)
    named = periods.choose(context, query.period).period if query.period else None
    if named is not None and not isinstance(named, Quarter):
        raise QuarterOnly(named)
    groups = groups_seen(context)
    if query.leftover:
        groups = [names.group(context, query.leftover, then="prog", after=str(named or ""), among=groups)]
    if len(groups) == 1:
        await _answer(context, groups[0], named or context.timetable.default((groups[0].name,), context.moment))
        return
    await context.reply(Say(progress_text.which(), names.group_buttons(groups, "prog", str(named or ""))))


def groups_seen(context: Context) -> list[Group]:
    """The groups whose work the person may look at."""
    everything = context.person.has(SEES_ALL)
    return [g for g in context.bureau.groups if everything or g.name in context.person.groups]


async def pressed(context: Context) -> None:
    """A group was chosen."""
    group = names.group_of(context, context.argument(0))
    if group not in groups_seen(context):
        raise names.stale()
    quarter = periods.pressed(context, context.argument(1), about=(group.name,)).period
    assert isinstance(quarter, Quarter)
    await _answer(context, group, quarter)


async def _answer(context: Context, group: Group, quarter: Quarter) -> None:
    found = await look(context, group, quarter)
    calendar = context.timetable.of(group.name)
    course = context.timetable.course(group.name, quarter)
    clock = progress_text.clock(
        calendar.days_left(quarter, context.moment), calendar.last_day(quarter), course, context.bureau
    )
    await context.show(
        Show(
            chart=progress_text.chart(found, context.bureau),
            text=progress_text.progress(found, clock),
            more=progress_text.details(found),
            details=Button("看明细", f"progd:{names.short(group.name)}:{quarter}"),
            name=wording.file_name(f"{group.name}进度", quarter),
        )
    )


async def details_pressed(context: Context) -> None:
    """What did not fit under the picture."""
    group = names.group_of(context, context.argument(0))
    if group not in groups_seen(context):
        raise names.stale()
    quarter = periods.pressed(context, context.argument(1), about=(group.name,)).period
    assert isinstance(quarter, Quarter)
    await context.reply(Say(progress_text.details(await look(context, group, quarter))))


async def look(context: Context, group: Group, quarter: Quarter) -> Progress:
    """How far the group is with the quarter."""
    async with context.database.reading() as session:
        return await looked(session, context.bureau, group, quarter)


async def looked(session: Session, bureau: Bureau, group: Group, quarter: Quarter) -> Progress:
    """The same in an open session."""
    units = [u for u in bureau.units if u.category in group.categories]
    codes = [unit.code for unit in units]
    inspected = await quarters.inspected(session, quarter, codes)
    logged = await ledger.logged(session, quarter, codes)
    unexplained = await ledger.unexplained(session, quarter, codes)
    appealed = [a for a in await appeals.of_units(session, codes, [quarter]) if a.waits]
    changed = await ledger.last_change(session, quarter, codes)
    return Progress(
        group,
        quarter,
        tuple(_of(unit, inspected, logged, unexplained, appealed) for unit in units),
        tuple(unexplained),
        changed,
    )


def _of(
    unit: Unit,
    inspected: frozenset[str],
    logged: dict[str, int],
    unexplained: list[Deduction],
    appealed: list[Appeal],
) -> UnitProgress:
    return UnitProgress(
        unit,
        inspected=unit.code in inspected,
        entries=logged.get(unit.code, 0),
        unexplained=sum(entry.unit == unit.code for entry in unexplained),
        appeals=sum(appeal.unit == unit.code for appeal in appealed),
    )
