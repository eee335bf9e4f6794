"""/roster (花名册): the unit's officers, for who may see them; the liaison's lines and orders go on from here (R9)."""

from documents.workbooks import roster_table
from handlers.frame import names, plain_questions, units, workbooks
from handlers.frame.context import Context
from handlers.frame.reply import Button, Rows, Say
from handlers.roster import leaving, roster_lines, roster_text
from rules.access import Deed, may, may_in, sees_officers
from rules.bureau import Unit
from rules.refusals import EmptyCommand, SeveralMeant
from rules.roster import find
from rules.services import roster_on
from storage import drafts
from storage import roster as storage

HISTORY = "履历"
ORDERS = {"调离": leaving.leave, "删除": leaving.erase, "改名": leaving.rename}


async def roster(context: Context) -> None:
    """/roster shows; with lines, an order or a filled table after it, it changes."""
    if workbooks.document(context) is not None:
        unit, left = units.split(context, context.words)
        names.check_understood(left)
        await roster_lines.look_over(context, units.own(context, Deed.ROSTER, unit))
        return
    unit, rest = units.split(context, context.words)
    order, _, what = rest.partition(" ")
    if order == HISTORY:
        await _history(context, unit, what.strip())
    elif not may(context.person, Deed.ROSTER) and rest:
        if unit is not None:
            await _history(context, unit, rest)
        else:
            await _show(context, units.seen(context, names.unit(context, context.words, then="ro")))
    elif order in ORDERS:
        await ORDERS[order](context, units.own(context, Deed.ROSTER, unit), what.strip())
    elif rest:
        own = units.own(context, Deed.ROSTER, unit)
        if await _is_there(context, own, rest):
            await _history(context, own, rest)
        else:
            await roster_lines.enter(context, own, rest)
    elif unit is not None:
        await _show(context, units.seen(context, unit))
    else:
        asked = units.ask(context, "ro")
        await (_show(context, asked) if isinstance(asked, Unit) else plain_questions.ask(context, asked))


async def pressed(context: Context) -> None:
    """The unit was chosen."""
    await _show(context, units.seen(context, names.unit_of(context, context.argument(0))))


async def sequence_pressed(context: Context) -> None:
    """The sequence was chosen: ask for the unit."""
    await context.rewrite(names.ask_unit(context, names.sequence_of(context, context.argument(0)), "ro"))


async def _show(context: Context, unit: Unit) -> None:
    async with context.database.reading() as session:
        found = roster_on(await storage.members(session, unit.code), unit.code, context.today)
    writes = may_in(context.person, Deed.ROSTER, unit.code)
    buttons: Rows = ((Button("Excel 模板", f"rot:{unit.code}"),),) if writes else ()
    say = Say(roster_text.roster(unit, found, context.today, writes=writes), buttons)
    await context.reply(say)


async def _is_there(context: Context, unit: Unit, text: str) -> bool:
    """Whether this is the name or number alone of somebody who serves: as a line it would change nothing."""
    if len(text.split()) != 1:
        return False
    async with context.database.reading() as session:
        if await drafts.opened_by(session, context.deed_key()) is not None:
            return False
        found = find(await storage.members(session, unit.code), text)
    untils = [member.stint(unit.code).until for member in found]
    return len(untils) == 1 and (untils[0] is None or untils[0] >= context.today)


async def _history(context: Context, unit: Unit | None, text: str) -> None:
    """/roster 履历 张伟: when an officer came and went, and who changed these dates when."""
    if unit is None:
        unit, text = units.split(context, text)
    if unit is None:
        asked = units.ask(context, "ro")
        if not isinstance(asked, Unit):
            raise SeveralMeant(
                "单位", tuple(u.name for u in context.bureau.units if sees_officers(context.person, u.code))
            )
        unit = asked
    units.seen(context, unit)
    if not text:
        raise EmptyCommand("/roster 履历 张伟")
    async with context.database.reading() as session:
        member = await leaving.one(session, unit, text)
        found = await storage.history(session, member.officer.id)
    await context.reply(Say(roster_text.history(member.officer, found, context.bureau, context.today)))


async def template_pressed(context: Context) -> None:
    """The template with the officers there are already."""
    unit = units.pressed(context, Deed.ROSTER, context.argument(0))
    async with context.database.reading() as session:
        found = roster_on(await storage.members(session, unit.code), unit.code, context.today)
    await context.bot.send_document(
        context.chat_id,
        roster_table.template(unit.name, found.current),
        filename=f"{unit.name}花名册.xlsx",
        caption=roster_text.template(unit.name, len(found.current)),
    )
