"""Publishing a quarter: each sequence's ranking to its units, the leaders and the groups; and who acknowledged it (签收)."""

from collections.abc import Collection

from telegram.error import BadRequest

from charts.values import packed
from handlers.frame import names
from handlers.frame.context import Context, is_gone, keyboard
from handlers.frame.periods import Chosen
from handlers.frame.reply import Button, Rows, Say
from handlers.quarter import publishing_text
from handlers.reports import ranking_text
from rules.access import Deed, may, may_in
from rules.bureau import Bureau, Group, Sequence, Unit
from rules.calendar import Quarter
from rules.people import GROUP_ROLES, UNIT_ROLES, Person, Role
from rules.results import Results
from rules.stages import Course
from rules.table import Table
from storage import people, pushes, quarter_steps, results, settings, standings
from storage.database import Session


async def _tables(
    session: Session, context: Context, group: Group, quarter: Quarter, *, without: Collection[str] = ()
) -> list[tuple[Sequence, Table, tuple[str, ...]]]:
    """Each sequence that is whole once this group's results are out, with its table and the groups that score it.

    A sequence that another group scores, too, goes out with the last of them. The units `without` which it is, by their
    codes, have no place in it.
    """
    stored = (await results.of(session, [quarter]))[quarter]
    settled = {result.group for result in stored.values()}
    bureau = context.bureau.as_it_was([result.unit for result in stored.values()], settled)
    out = context.timetable.published(quarter) | {group.name}
    found = []
    for sequence in bureau.sequences:
        units = bureau.units_of(sequence.name)
        scored_by = _scored_by(units, stored, bureau, quarter)
        if group.name not in scored_by or not set(scored_by) <= out:
            continue
        ranked = [unit for unit in units if unit.code in stored and unit.code not in without]
        table = await standings.table(session, bureau, ranked, quarter, confirmed=stored)
        found.append((sequence, table, scored_by))
    return found


def _scored_by(units: tuple[Unit, ...], stored: Results, bureau: Bureau, quarter: Quarter) -> tuple[str, ...]:
    groups = []
    for unit in units:
        group = bureau.group_for(unit)
        name = stored[unit.code].group if unit.code in stored else group.name if group else None
        if name is not None and (unit.code in stored or bureau.scheme_for(unit, quarter.year) is not None):
            groups.append(name)
    return tuple(dict.fromkeys(groups))


async def preview(context: Context, group: Group, quarter: Quarter) -> str:
    """What is going to be sent, and to whom; without the reader's own units, which it sees once they are published."""
    seen = context.sight(quarter)
    own = [unit for unit in context.bureau.units if unit.code in seen.units - seen.scores]
    async with context.database.reading() as session:
        tables = await _tables(session, context, group, quarter, without={unit.code for unit in own})
        units = [row.unit for _, table, _ in tables for row in table.rows]
        unreached = await _unreached(session, [*units, *own])
    return publishing_text.preview(group.name, quarter, [(s, table) for s, table, _ in tables], unreached, own)


async def _unreached(session: Session, units: list[Unit]) -> list[Unit]:
    """The units that have neither a liaison nor a head."""
    reached = {code for person in await people.holding(session, UNIT_ROLES) for code in person.units}
    return [unit for unit in units if unit.code not in reached]


async def send(session: Session, context: Context, group: Group, quarter: Quarter) -> None:
    """Plan every message of the publication, in the transaction of the step."""
    everyone = await people.everyone(session)
    chats = await settings.bindings(session)
    for sequence, table, groups in await _tables(session, context, group, quarter):
        text = publishing_text.ranking(sequence, table)
        chart = packed(ranking_text.chart(sequence, table, context.bureau, Chosen(quarter)))
        places = {row.unit.code for row in table.rows}
        key = f"pub:{quarter}:{names.short(sequence.name)}"
        for person in everyone:
            units = person.units & places
            if not units and not _reads_along(person, groups):
                continue
            own = [row for row in table.rows if row.unit.code in units]
            await pushes.plan(
                session,
                key=f"{key}:{person.id}",
                chat_id=person.telegram_id,
                text=publishing_text.to_unit(text, own, len(table.rows)) if own else text,
                due_at=context.now,
                buttons=tuple(((f"签收：{r.unit.name}", f"ack:{quarter}:{r.unit.code}"),) for r in own),
                kind=pushes.Kind.PUBLICATION,
                chart=chart,
            )
        for chat_id, name in chats.items():
            if name in groups:
                await pushes.plan(
                    session, key=f"{key}:{chat_id}", chat_id=chat_id, text=text, due_at=context.now,
                    kind=pushes.Kind.PUBLICATION, chart=chart,
                )  # fmt: skip
    context.services.wake()


def _reads_along(person: Person, groups: tuple[str, ...]) -> bool:
    member = any(post.role in GROUP_ROLES and post.group in groups for post in person.posts)
    return member or person.has({Role.LEADER})


async def acknowledge_pressed(context: Context) -> None:
    """[签收] under a published ranking, once a unit."""
    unit = names.unit_of(context, context.argument(1))
    try:
        quarter = Quarter.parse(context.argument(0))
    except ValueError:
        raise names.stale() from None
    group = context.bureau.group_for(unit)
    known = group is not None and group.name in context.timetable.published(quarter)
    if not may_in(context.person, Deed.ACKNOWLEDGE, unit.code) or not known:
        raise names.stale()
    async with context.database.transaction() as session:
        fresh = await quarter_steps.acknowledge(
            session, quarter=quarter, unit=unit.code, person_id=context.person.id, now=context.now
        )
        who, at = (await quarter_steps.acknowledged(session, quarter))[unit.code]
    await context.toast(publishing_text.acknowledged(unit, quarter, who, fresh=fresh or context.again))
    await _mark(context, quarter, unit, publishing_text.mark(unit, who, at, context.bureau.calendar.zone))


async def _mark(context: Context, quarter: Quarter, unit: Unit, label: str) -> None:
    """The button says that it was pressed; those of other units under the same message stay."""
    data = f"ack:{quarter}:{unit.code}"
    markup = context.message.reply_markup
    rows: Rows = tuple(
        tuple(
            Button(label if button.callback_data == data else button.text, str(button.callback_data))
            for button in row
        )
        for row in (markup.inline_keyboard if markup is not None else ())
    )
    try:
        await context.bot.edit_message_reply_markup(
            context.chat_id, context.message.message_id, reply_markup=keyboard(rows)
        )
    except BadRequest as error:
        if "not modified" not in error.message and not is_gone(error):
            raise


async def tell_acknowledged(context: Context, found: list[Course], lines: list[str]) -> None:
    """Who has acknowledged a published quarter, and who has not."""
    parts, buttons = [], []
    async with context.database.reading() as session:
        for course, line in zip(found, lines, strict=False):
            units, done = await _units(session, course)
            parts.append(f"{line}\n{publishing_text.acknowledgements(units, done)}")
            if any(unit.code not in done for unit in units):
                group = context.bureau.group(course.group)
                data = f"ackr:{names.short(course.group)}:{course.quarter}"
                label = "提醒未签收单位" if len(found) == 1 else f"提醒未签收单位：{course.group}"
                buttons += [(Button(label, data),)] if group is not None else []
    await context.reply(Say("\n\n".join(parts), tuple(buttons)))


async def _units(session: Session, course: Course) -> tuple[list[Unit], dict[str, object]]:
    stored = (await results.of(session, [course.quarter]))[course.quarter]
    units = [result.unit for result in stored.values() if result.group == course.group]
    return units, dict(await quarter_steps.acknowledged(session, course.quarter))


async def remind_pressed(context: Context) -> None:
    """[提醒未签收单位]: the liaisons and heads of those units are asked again, once a day."""
    group = names.group_of(context, context.argument(0))
    try:
        quarter = Quarter.parse(context.argument(1))
    except ValueError:
        raise names.stale() from None
    if not may(context.person, Deed.PUBLISH) or group.name not in context.timetable.published(quarter):
        raise names.stale()
    asked: list[Unit] = []
    async with context.database.transaction() as session:
        units, done = await _units(session, context.timetable.course(group.name, quarter))
        missing = {unit.code: unit for unit in units if unit.code not in done}
        for person in await people.holding(session, UNIT_ROLES):
            for code in sorted(person.units & set(missing)):
                await pushes.plan(
                    session,
                    key=f"ackr:{quarter}:{code}:{person.id}:{context.today}",
                    chat_id=person.telegram_id,
                    text=publishing_text.please_acknowledge(missing[code], quarter),
                    due_at=context.now,
                    buttons=((("签收", f"ack:{quarter}:{code}"),),),
                    kind=pushes.Kind.STEP,
                )
                asked.append(missing[code])
    context.services.wake()
    unreached = [unit for unit in missing.values() if unit not in asked]
    await context.reply(Say(publishing_text.asked(asked, unreached)))
