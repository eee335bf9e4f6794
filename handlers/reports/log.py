"""Reading the ledger: /log a unit's entries, /why each point was lost, /mine what one logged oneself."""

from decimal import Decimal

from handlers.evidence import unplaced
from handlers.frame import names, periods, plain_questions, units
from handlers.frame.context import Context
from handlers.frame.periods import Chosen
from handlers.frame.reply import Button, Rows, Say
from handlers.reports import entries_text, figures, log_text, surveys
from rules.bureau import Unit
from rules.calendar import Quarter, Year
from rules.entries import Deduction
from rules.names import Match, Unknown
from rules.people import Role
from rules.reading import Query, read_log
from rules.refusals import (
    NotYoursToSee,
    QuarterOnly,
    UnknownName,
)
from rules.scheme import Scheme
from rules.score import beyond_floor, unit_score
from rules.stages import Stage
from storage import evidence, ledger

A_PAGE = 10


async def log(context: Context) -> None:
    """/log 城关所 [period] [item] [截至 3-10]: the unit's entries, newest first, page by page."""
    query = read_log(context.words, names.vocabulary(context), context.running, context.today)
    unit = await _unit(context, query, "log")
    if unit is not None:
        await _log(context, unit, _quarter(context, query, unit), _item(query), 0)


async def why(context: Context) -> None:
    """/why 城关所 [item] [截至 3-10]: every lost point with where it went."""
    query = read_log(context.words, names.vocabulary(context), context.running, context.today)
    unit = await _unit(context, query, "wy")
    if unit is not None:
        await _why(context, unit, _quarter(context, query, unit), _item(query))


async def _unit(context: Context, query: Query, then: str) -> Unit | None:
    """The unit that is asked about; the liaison's own where none is named, else it is asked."""
    if isinstance(query.item, Unknown):
        raise UnknownName("项目", query.item.text, query.item.suggestions)
    if query.unit is not None:
        period, _, day = periods.carried(context, query).partition(":")
        after = _after(then, period, day)
        return names.resolve_unit(context, query.unit, query.unit.text, then=then, after=after)
    seen = context.sight().units
    if len(seen) == 1:
        return context.bureau.unit(next(iter(seen)))
    what = "看哪个单位的扣分记录" if then == "log" else "看哪个单位的分扣在哪里"
    after = periods.carried(context, query)
    await plain_questions.ask(context, names.ask_seen_sequence(context, f"{then}q", log_text.ask(what), after))
    return None


def _after(then: str, period: str, day: str) -> str:
    """The period and the day as the buttons of /log, which carry page and item between them, and of /why carry both."""
    between = "::" if then == "log" else ""
    return f"{period}:{between}{day}" if day else period


def _item(query: Query) -> str | None:
    return query.item.value if isinstance(query.item, Match) else None


def _writing(context: Context) -> Quarter:
    """The quarter that the person's work goes into: a late one until it is submitted, else the running one."""
    due = [context.timetable.due(group, context.moment) for group in context.person.groups]
    return min(due, default=context.running)


def _may_be_explained(context: Context, entry: Deduction) -> bool:
    if entry.unit in context.person.own_units:
        return False
    unit = context.bureau.find_unit(entry.unit)
    return unit is not None and context.course_of(unit, entry.quarter).stage is Stage.OPEN


def _quarter(context: Context, query: Query, unit: Unit | None = None) -> Chosen:
    chosen = periods.asked(context, query, context.groups_of((unit,)) if unit else context.person.groups)
    if isinstance(chosen.period, Year):
        raise QuarterOnly(chosen.period)
    return chosen


async def sequence_pressed(context: Context) -> None:
    """A sequence was chosen for /log."""
    after = _after("log", context.argument(1), context.argument(2))
    await context.rewrite(names.ask_seen_unit(context, "log", after))


async def why_sequence_pressed(context: Context) -> None:
    """A sequence was chosen for /why."""
    after = _after("wy", context.argument(1), context.argument(2))
    await context.rewrite(names.ask_seen_unit(context, "wy", after))


async def pressed(context: Context) -> None:
    """A unit was chosen for /log, or another page."""
    unit = names.unit_of(context, context.argument(0))
    chosen = periods.pressed(context, context.argument(1), context.argument(4), context.groups_of((unit,)))
    page = names.number(context.argument(2) or "0")
    item = None
    if context.argument(3):
        scheme = (await figures.of_quarter(context, chosen)).scheme(unit)
        item = next((i.name for i in scheme.items if names.short(i.name) == context.argument(3)), None)
    await _log(context, unit, chosen, item, page, turned=bool(context.argument(2)))


async def why_pressed(context: Context) -> None:
    """A unit was chosen for /why."""
    unit = names.unit_of(context, context.argument(0))
    about = context.groups_of((unit,))
    chosen = periods.pressed(context, context.argument(1), context.argument(2), about)
    await _why(context, unit, chosen, None)


def _check_sight(context: Context, unit: Unit) -> None:
    if unit.code not in context.sight().units:
        raise NotYoursToSee(unit)


async def _figures(
    context: Context, unit: Unit, quarter: Quarter, scheme: Scheme, through: int | None = None
) -> tuple[list[Deduction], dict[int, Decimal], dict[int, int]]:
    async with context.database.reading() as session:
        entries = await ledger.of_unit(session, unit.code, quarter, through=through)
        files = await evidence.counts(session, [entry.number for entry in entries])
    living = [entry.taken for entry in entries if entry.lives and scheme.item(entry.item) is not None]
    return entries, beyond_floor(scheme, living), files


async def _log(
    context: Context, unit: Unit, chosen: Chosen, item: str | None, page: int, *, turned: bool = False
) -> None:
    _check_sight(context, unit)
    period = chosen.period
    assert isinstance(period, Quarter)
    surveys.check_entries(context.sight(period), unit)
    scheme = (await figures.of_quarter(context, Chosen(period))).scheme(unit)
    through = await periods.through(context, chosen)
    entries, beyond, files = await _figures(context, unit, period, scheme, through)
    wanted = [entry for entry in entries if item is None or entry.item == item]
    lines = entries_text.lines(wanted, context.bureau, beyond=beyond, files=files)[::-1]
    pages = max(1, -(-len(lines) // A_PAGE))
    page = min(page, pages - 1)
    shown = lines[page * A_PAGE : (page + 1) * A_PAGE]
    text = log_text.log(unit, period, item, shown, page=page, pages=pages, as_of=chosen.as_of)
    data = f"log:{unit.code}:{period}"
    tail = f"{names.short(item) if item else ''}:{chosen.as_of or ''}".removesuffix(":")
    say = Say(text, _turning(data, page, pages, tail))
    await (context.rewrite(say) if turned else context.reply(say))


def _turning(data: str, page: int, pages: int, tail: str) -> Rows:
    row = []
    if page > 0:
        row.append(Button("‹ 较新", f"{data}:{page - 1}:{tail}"))
    if page + 1 < pages:
        row.append(Button("较早 ›", f"{data}:{page + 1}:{tail}"))
    return (tuple(row),) if row else ()


async def _why(context: Context, unit: Unit, chosen: Chosen, item: str | None) -> None:
    _check_sight(context, unit)
    assert isinstance(chosen.period, Quarter)
    surveys.check_score(context.sight(chosen.period), unit)
    through = await periods.through(context, chosen)
    scheme = (await figures.of_quarter(context, chosen)).scheme(unit)
    entries, beyond, files = await _figures(context, unit, chosen.period, scheme, through)
    taken: dict[str, Decimal] = {}
    for entry in entries:
        if entry.lives:
            taken[entry.item] = taken.get(entry.item, Decimal(0)) + entry.points
    text = log_text.why(
        unit,
        chosen.period,
        unit_score(unit.code, scheme, taken),
        entries,
        context.bureau,
        beyond=beyond,
        files=files,
        only=item,
        as_of=chosen.as_of,
    )
    liaison = any(post.role is Role.LIAISON and post.unit == unit.code for post in context.person.posts)
    buttons = ((Button("对某一笔申诉", "apl"),),) if liaison and chosen.as_of is None and taken else ()
    await context.reply(Say(text, buttons))


async def mine(context: Context) -> None:
    """/mine [unit] [item] [period]: one's own entries; first those without a reason, of every quarter that is still open."""
    query = read_log(context.words, names.vocabulary(context), context.running, context.today)
    names.check_without_day(query)
    if isinstance(query.item, Unknown):
        raise UnknownName("项目", query.item.text, query.item.suggestions)
    unit = units.named(context, query.unit.text) if query.unit is not None else None
    item = surveys.item_named(context, query.item, (unit,) if unit else surveys.looked_over(context))
    quarter = _quarter(context, query).period if query.period else _writing(context)
    assert isinstance(quarter, Quarter)
    async with context.database.reading() as session:
        entries = await ledger.of_author(session, context.person.id, quarter)
        unexplained = await ledger.without_reason(session, context.person.id)
        files = await evidence.counts(session, [entry.number for entry in (*entries, *unexplained)])
        unplaced_files, placing = await unplaced.listed(session, context)
    seen = context.sight().units & ({unit.code} if unit else context.sight().units)
    wanted = [entry for entry in (*unexplained, *entries) if entry.unit in seen and item in (None, entry.item)]
    missing = [entry for entry in unexplained if entry in wanted and _may_be_explained(context, entry)]
    rest = [entry for entry in entries if entry in wanted and entry not in missing]

    def lines(some: list[Deduction]) -> list[str]:
        return entries_text.lines(some, context.bureau, beyond={}, files=files, with_unit=True)

    buttons = [Button(f"补记录 {entry.number} 的原因", f"why:{entry.number}") for entry in missing[:8]]
    of = "·".join(part for part in (unit.name if unit else "", item or "") if part)
    text = log_text.mine(quarter, of, lines(missing), lines(rest)[::-1])
    text = f"{text}\n\n{unplaced_files}" if unplaced_files else text
    say = Say(text, (*((button,) for button in buttons), *placing))
    await context.reply(say)
