"""A typed line → a deduction as far as the line says it, or a typed refusal."""

from handlers.deduct import entry, line_text
from handlers.frame import names
from handlers.frame.context import Context
from handlers.frame.text_guards import check_reason
from rules.calendar import Quarter, Year
from rules.draft import DeductionDraft
from rules.periods import check_begun
from rules.reading import Doubt, Entry, Message, Setting, Slot, Why, read_answer, read_message
from rules.refusals import (
    AboutPoints,
    FutureInspection,
    NotADay,
    NotANumber,
    NotAQuarter,
    NothingDeducted,
    NotPlaced,
    OnlyDeducted,
    Refusal,
    TooManyTimes,
    TotalPoints,
    UnknownCriterion,
    UnknownName,
)


def setting(context: Context, *, command: bool = True) -> Setting:
    """Where and when the message is read."""
    return Setting(names.vocabulary(context), context.running, context.today, command)


def read(context: Context, text: str, *, command: bool = True) -> Message:
    """What a text says of deductions."""
    return read_message(text, setting(context, command=command))


def answer(context: Context, text: str, unit: str | None, item: str | None) -> Entry | None:
    """What a text adds to a deduction of which the unit, or the item too, is known."""
    return read_answer(text, setting(context), unit, item)


def understood(context: Context, said: Entry) -> DeductionDraft:
    """What was said; a typed refusal where something in it is unknown or not allowed.

    What buttons can ask for is left open in the draft.
    """
    for doubt in said.doubts:
        refusal = _refusal(context, said, doubt)
        if refusal is not None:
            raise refusal
    unit = said.doubt(Slot.UNIT)
    units = (said.unit,) if said.unit is not None and unit is None else unit.choices if unit is not None else ()
    if len(units) == 1 and unit is None:
        entry.check_scorable(context, context.bureau.unit(units[0]))
    times = 1 if said.times is None else said.times
    if not 1 <= times <= entry.MOST_TIMES:
        raise TooManyTimes(times)
    item, points, count = said.doubt(Slot.ITEM), said.doubt(Slot.POINTS), said.doubt(Slot.TIMES)
    either = points is not None and points.why is Why.EITHER
    return DeductionDraft(
        at=context.moment,
        units=() if unit is not None and unit.why is Why.UNKNOWN else units,
        items=_items(said, item),
        points=None if either or said.criterion is not None else said.points,
        quarter=named_quarter(context, said, units),
        inspected_on=said.inspected_on,
        reason=check_reason(context, said.reason) if said.reason else None,
        criterion=said.criterion,
        times=times,
        counted=said.criterion is not None and count is None,
        suggested=_suggested(said),
        note=line_text.note(unit, item, points, count, _unit_names(context, unit)),
    )


def _items(said: Entry, doubt: Doubt | None) -> tuple[str, ...]:
    if said.criterion is not None:
        return ()
    if doubt is not None:
        return doubt.choices if doubt.why is Why.SEVERAL else ()
    return (said.item,) if said.item is not None else ()


def _suggested(said: Entry) -> tuple[str, ...]:
    """What the first question offers: names that resemble the one that was said, or the two meanings of a number."""
    for slot in (Slot.UNIT, Slot.ITEM):
        doubt = said.doubt(slot)
        if doubt is not None and doubt.why is Why.UNKNOWN:
            return doubt.choices
    points, count = said.doubt(Slot.POINTS), said.doubt(Slot.TIMES)
    if points is not None and points.why is Why.EITHER:
        value = f"p:{said.points}" if said.points is not None else ""
        return tuple(filter(None, (f"c:{points.choices[0]}", value)))
    return tuple(c for c in count.choices if c.isdecimal()) if count is not None else ()


def _unit_names(context: Context, doubt: Doubt | None) -> tuple[str, ...]:
    return tuple(context.bureau.unit(code).name for code in doubt.choices) if doubt is not None else ()


_ASKED = {
    (Slot.UNIT, Why.MISSING), (Slot.UNIT, Why.SEVERAL), (Slot.ITEM, Why.MISSING), (Slot.ITEM, Why.UNKNOWN),
    (Slot.POINTS, Why.MISSING), (Slot.POINTS, Why.EITHER),
}  # fmt: skip
"""What is asked with buttons."""

_WHAT = {
    Slot.UNIT: "单位", Slot.ITEM: "项目", Slot.POINTS: "分值", Slot.TIMES: "次数", Slot.DAY: "检查日期", Slot.QUARTER: "季度",
    Slot.REASON: "原因",
}  # fmt: skip


def _refusal(context: Context, said: Entry, doubt: Doubt) -> Refusal | None:
    """The refusal of what no button can ask for."""
    slot, why = doubt.slot, doubt.why
    if (slot, why) in _ASKED or (slot is Slot.TIMES and len(doubt.choices) > 1):
        return None
    match slot, why:
        case Slot.UNIT, Why.UNKNOWN:
            return None if doubt.choices else UnknownName("单位", doubt.text, ())
        case Slot.ITEM, Why.SEVERAL:
            return NotPlaced("项目", doubt.text) if "、" in doubt.text else None
        case Slot.ITEM, Why.IMPOSSIBLE:
            return _unknown_criterion(context, said, doubt.text)
    return value_refusal(context, said, doubt)


def value_refusal(context: Context, said: Entry, doubt: Doubt) -> Refusal:
    """The refusal of a value that is none, or of words that there is no place for."""
    match doubt.slot, doubt.why:
        case Slot.POINTS, Why.MALFORMED:
            return NotANumber(doubt.text)
        case Slot.POINTS, Why.VAGUE:
            return AboutPoints(doubt.text)
        case Slot.POINTS, Why.PLUS:
            return OnlyDeducted(doubt.text)
        case Slot.POINTS, Why.TOTAL:
            return TotalPoints(doubt.text)
        case Slot.POINTS, Why.DENIED:
            return NothingDeducted(doubt.text)
        case Slot.DAY, Why.FUTURE if said.inspected_on is not None:
            return FutureInspection(said.inspected_on, context.today)
        case Slot.DAY, Why.IMPOSSIBLE:
            return NotADay(doubt.text)
    return NotPlaced(_WHAT[doubt.slot], doubt.text)


def _unknown_criterion(context: Context, said: Entry, code: str) -> Refusal:
    unit = context.bureau.unit(said.unit) if said.unit is not None else None
    scheme = context.bureau.scheme_for(unit, context.running.year) if unit is not None else None
    codes = tuple(c.code for item in scheme.items for c in item.criteria) if scheme is not None else ()
    return UnknownCriterion(code, codes[:12])


def named_quarter(context: Context, said: Entry, units: tuple[str, ...]) -> Quarter | None:
    """The quarter that is named. NotAQuarter, NotBegun, BeforeBeginning."""
    if said.quarter is None:
        return None
    if isinstance(said.quarter, Year):
        raise NotAQuarter(said.quarter)
    groups = context.groups_of(context.bureau.unit(code) for code in units)
    running = context.timetable.running(groups or context.person.groups, context.moment)
    check_begun(said.quarter, context.services.begins, running)
    return said.quarter
