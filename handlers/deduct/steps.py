"""The steps of a deduction's dialog: what has to be asked next, and what an answer adds to the draft."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from handlers.deduct import entry, line
from handlers.frame import names
from handlers.frame.context import Context
from handlers.frame.text_guards import check_is_reason
from rules.bureau import Sequence, Unit
from rules.calendar import Quarter, Year, read_period
from rules.draft import Asks, DeductionDraft, answered
from rules.entries import Deduction
from rules.names import Ambiguous, Match, Unknown
from rules.numbers import check_points, read_points
from rules.periods import check_begun
from rules.points import shown
from rules.reading import Entry, Slot, Why, read_day, read_inspection_date
from rules.recusal import may_score
from rules.refusals import (
    FutureInspection,
    NotADay,
    NotANumber,
    NotAQuarter,
    TooManyTimes,
    UnknownName,
    UnknownPeriod,
)
from rules.scheme import Item, Scheme
from rules.stages import Stage
from storage import ledger

COMMON_POINTS = (Decimal("0.5"), Decimal(1), Decimal(2))
"""Offered where neither a criterion nor a habit says better."""

DAYS_BACK = 4


def open_sequences(context: Context) -> list[Sequence]:
    """The sequences in which the person scores any unit."""
    return [s for s in context.bureau.sequences if _open_units(context, s.name)]


def _open_units(context: Context, sequence: str) -> list[Unit]:
    return [unit for unit in context.bureau.units_of(sequence) if open_to(context, unit.code)]


def open_to(context: Context, code: str) -> bool:
    """Whether the person may score the unit."""
    return may_score(context.person, context.bureau.unit(code), context.bureau)


def question(context: Context, draft: DeductionDraft) -> DeductionDraft | None:
    """The draft with what has to be asked next; None when it can be written. Refusals where it never can."""
    if not draft.units:
        return _which_unit(context, draft)
    if len(draft.units) > 1:
        open_ones = tuple(code for code in draft.units if open_to(context, code))
        return replace(draft, asks=Asks.UNIT, choices=open_ones or draft.units)
    unit = context.bureau.unit(draft.units[0])
    entry.check_scorable(context, unit)
    quarter = draft.quarter or context.quarter_for(unit)
    scheme = entry.scheme_in(context, unit, quarter)
    open_item = _what(draft, scheme)
    if open_item is not None:
        return open_item
    late = _late(context, unit) if draft.quarter is None else ()
    entry.clear(context, replace(draft, quarter=late[-1]) if late else draft, context.moment)
    if late:
        running = (quarter,) if context.course_of(unit, quarter).stage is Stage.OPEN else ()
        return replace(draft, asks=Asks.QUARTER, choices=tuple(str(q) for q in (*late[-3:], *running)))
    if draft.guided and draft.reason is None and not draft.reason_asked:
        return replace(draft, asks=Asks.REASON, choices=())
    return replace(draft, asks=Asks.CONFIRM, choices=()) if draft.guided else None


def repeating(draft: DeductionDraft, entry: Deduction) -> DeductionDraft:
    """The draft with the question whether it is the same finding as an entry of the ledger."""
    return replace(draft, asks=Asks.REPEATED, choices=(), repeats=entry.number, page=0)


def _late(context: Context, unit: Unit) -> tuple[Quarter, ...]:
    """The quarters of the unit's group that are past their deadline and still open (Late group)."""
    groups = context.groups_of((unit,))
    return context.timetable.open_late(groups[0], context.moment) if groups else ()


def _which_unit(context: Context, draft: DeductionDraft) -> DeductionDraft:
    near = tuple(code for code in draft.suggested if open_to(context, code))
    if near:
        return replace(draft, asks=Asks.UNIT, choices=near)
    sequences = open_sequences(context)
    sequence = draft.sequence or (sequences[0].name if len(sequences) == 1 else None)
    if sequence is None:
        return replace(draft, asks=Asks.SEQUENCE, choices=tuple(s.name for s in sequences))
    units = tuple(unit.code for unit in _open_units(context, sequence))
    return replace(draft, sequence=sequence, asks=Asks.UNIT, choices=units)


def _what(draft: DeductionDraft, scheme: Scheme) -> DeductionDraft | None:
    """Item, criterion or points, times: what of these has to be asked; None where all is said."""
    if draft.criterion is not None:
        _, criterion = entry.criterion_of(scheme, draft.criterion)
        if draft.guided and criterion.countable and not draft.counted:
            return replace(draft, asks=Asks.TIMES, choices=draft.suggested or ("1", "2", "3", "4", "5"))
        return None
    if not draft.items:
        return replace(draft, asks=Asks.ITEM, choices=tuple(item.name for item in scheme.items))
    known = [name for name in draft.items if scheme.item(name) is not None]
    if not known:
        raise UnknownName("项目", draft.items[0], tuple(item.name for item in scheme.items))
    if len(known) > 1:
        return replace(draft, asks=Asks.ITEM, choices=tuple(known))
    item = scheme.item(known[0])
    assert item is not None
    if draft.points is None:
        return replace(draft, asks=Asks.POINTS, choices=())
    check_points(draft.points, item)
    return None


async def offered(context: Context, draft: DeductionDraft) -> DeductionDraft:
    """The draft with the choices that what people did before gives: points and reasons."""
    if draft.asks is Asks.POINTS:
        item = item_of(context, draft)
        async with context.database.reading() as session:
            habits, _ = await ledger.habits(session, context.person.id, item.name)
        if draft.suggested:
            return replace(draft, choices=draft.suggested)
        points = [p for p in dict.fromkeys((*habits, *COMMON_POINTS)) if p <= item.points]
        codes = [f"c:{criterion.code}" for criterion in item.criteria]
        return replace(draft, choices=(*codes, *(f"p:{shown(p)}" for p in sorted(points))))
    if draft.asks is Asks.REASON:
        item = item_of(context, draft)
        async with context.database.reading() as session:
            _, reasons = await ledger.habits(session, context.person.id, item.name)
        criterion = item.criterion(draft.criterion) if draft.criterion else None
        texts = dict.fromkeys(([criterion.text] if criterion else []) + reasons)
        return replace(draft, choices=tuple(texts)[:4])
    if draft.asks is Asks.DAY:
        days = [context.today - timedelta(days=back) for back in range(DAYS_BACK)]
        return replace(draft, choices=tuple(day.isoformat() for day in days))
    return draft


def item_of(context: Context, draft: DeductionDraft) -> Item:
    """The item that the draft is about, named or through its criterion."""
    scheme = scheme_of(context, draft)
    if draft.criterion is not None:
        return entry.criterion_of(scheme, draft.criterion)[0]
    return next(item for item in scheme.items if item.name in draft.items)


def scheme_of(context: Context, draft: DeductionDraft) -> Scheme:
    """The scheme of the draft's unit in the quarter that it counts in."""
    unit = context.bureau.unit(draft.units[0])
    return entry.scheme_in(context, unit, draft.quarter or context.quarter_for(unit))


def with_choice(draft: DeductionDraft, asks: Asks, choice: str) -> DeductionDraft:
    """The draft with the answer that a choice is."""
    kind, _, value = choice.partition(":")
    match asks:
        case Asks.SEQUENCE:
            return answered(draft, asks, sequence=choice)
        case Asks.UNIT:
            return answered(draft, asks, units=(choice,))
        case Asks.ITEM:
            return answered(draft, asks, items=(choice,))
        case Asks.POINTS if kind == "c":
            return answered(draft, asks, criterion=value)
        case Asks.POINTS:
            return answered(draft, asks, points=read_points(value))
        case Asks.TIMES:
            return answered(draft, asks, times=int(choice), counted=True)
        case Asks.QUARTER:
            return answered(draft, asks, quarter=Quarter.parse(choice))
        case Asks.DAY:
            return answered(draft, asks, inspected_on=date.fromisoformat(choice))
        case Asks.REASON:
            return answered(draft, asks, reason=choice, reason_asked=True)
    raise names.stale()


def read(context: Context, draft: DeductionDraft, text: str) -> DeductionDraft:
    """The draft with the answer that a typed text is, and what else the text says; a typed refusal where it is none."""
    match draft.asks:
        case Asks.SEQUENCE | Asks.UNIT:
            return _read_unit(context, draft, text)
        case Asks.ITEM:
            return _read_item(context, draft, text)
        case Asks.POINTS:
            return _read_points(context, draft, text)
        case Asks.TIMES:
            return _read_times(draft, text)
        case Asks.QUARTER:
            return _read_quarter(context, draft, text)
        case Asks.DAY:
            return _read_day(context, draft, text)
        case Asks.REASON:
            reason = check_is_reason(context, text, line.setting(context))
            return answered(draft, Asks.REASON, reason=reason, reason_asked=True)
    raise names.stale()


def _read_unit(context: Context, draft: DeductionDraft, text: str) -> DeductionDraft:
    said = line.answer(context, text, None, None)
    if said is not None and (said.unit is not None or _told(said, Slot.UNIT)):
        return merged(draft, Asks.UNIT, line.understood(context, said))
    found = names.vocabulary(context).units.find(text)
    if isinstance(found, Unknown):
        raise UnknownName("单位", text, names.unit_names(context, found))
    return answered(draft, Asks.UNIT, units=_all(found))


def _read_item(context: Context, draft: DeductionDraft, text: str) -> DeductionDraft:
    unit = draft.units[0]
    found = names.vocabulary(context).items_of(unit).find(text)
    if not isinstance(found, Unknown):
        return answered(draft, Asks.ITEM, items=_all(found))
    said = line.answer(context, text, unit, None)
    if said is not None and (said.item is not None or said.criterion is not None or _told(said, Slot.ITEM)):
        return merged(draft, Asks.ITEM, line.understood(context, said))
    raise UnknownName("项目", text, found.suggestions)


def _read_points(context: Context, draft: DeductionDraft, text: str) -> DeductionDraft:
    item = item_of(context, draft)
    said = line.answer(context, text, draft.units[0], item.name)
    if said is None or not (said.points is not None or said.criterion is not None or _told(said, Slot.POINTS)):
        raise NotANumber(text)
    new = line.understood(context, said)
    if new.points is not None:
        check_points(new.points, item)
    return merged(draft, Asks.POINTS, new)


def _read_times(draft: DeductionDraft, text: str) -> DeductionDraft:
    number = text.lower().strip(" x×*✕共次处起件人家卷份个户项条名")
    times = read_points(number)
    if times is None or times != int(times) or not 1 <= times <= entry.MOST_TIMES:
        raise TooManyTimes(0)
    return answered(draft, Asks.TIMES, times=int(times), counted=True)


def _read_quarter(context: Context, draft: DeductionDraft, text: str) -> DeductionDraft:
    period = read_period(text, context.running)
    if period is None:
        raise UnknownPeriod(text)
    if isinstance(period, Year):
        raise NotAQuarter(period)
    check_begun(period, context.services.begins, context.running)
    return answered(draft, Asks.QUARTER, quarter=period)


def _read_day(context: Context, draft: DeductionDraft, text: str) -> DeductionDraft:
    day = read_day(text, context.today) or read_inspection_date(text, context.today)
    if day is None:
        raise NotADay(text)
    if day > context.today:
        raise FutureInspection(day, context.today)
    return answered(draft, Asks.DAY, inspected_on=day)


def _told(said: Entry, slot: Slot) -> bool:
    doubt = said.doubt(slot)
    return doubt is not None and doubt.why is not Why.MISSING


def merged(draft: DeductionDraft, step: Asks, said: DeductionDraft) -> DeductionDraft:
    """The draft with all that a text says, whatever was asked."""
    known: dict[str, object] = {}
    if said.units:
        known["units"] = said.units
    if said.items:
        known["items"] = said.items
    if said.criterion is not None:
        known |= {"criterion": said.criterion, "times": said.times, "counted": said.counted}
    for name in ("points", "quarter", "inspected_on", "reason"):
        value = getattr(said, name)
        if value is not None:
            known[name] = value
    return replace(answered(draft, step, **known), suggested=said.suggested, note=said.note)


def _all(found: Match[str] | Ambiguous[str]) -> tuple[str, ...]:
    return (found.value,) if isinstance(found, Match) else tuple(found.candidates)
