"""A line about an officer → a deduction as far as the line says it, or a typed refusal (R9)."""

from handlers.deduct.line import value_refusal
from handlers.frame.context import Context
from handlers.frame.text_guards import check_reason
from handlers.officers import officer_entry
from handlers.officers.staff import Staff
from rules.calendar import Quarter
from rules.draft import OfficerDraft
from rules.reading import Doubt, Entry, Message, Setting, Slot, Why, read_answer, read_message
from rules.refusals import OfficersByMonth, UnknownName

_ANY = Quarter(2000, 1)
"""Any quarter does: whoever names one is told that officers are assessed by the month."""


def setting(context: Context, found: Staff) -> Setting:
    """Where and when a line is read."""
    return Setting(found.vocabulary(), _ANY, context.today)


def read(context: Context, found: Staff, text: str) -> Message:
    """What a text says of deductions on officers."""
    return read_message(text, setting(context, found))


def answer(context: Context, found: Staff, text: str, officer: str | None, item: str | None) -> Entry | None:
    """What a text adds to a deduction of which the officer, or the item too, is known."""
    return read_answer(text, setting(context, found), officer, item)


def understood(context: Context, found: Staff, said: Entry) -> OfficerDraft:
    """What was said; a typed refusal where something in it is unknown or not allowed."""
    if said.quarter is not None:
        raise OfficersByMonth
    if said.month is not None:
        officer_entry.check_month(context, said.month)
    for doubt in said.doubts:
        _check(context, found, said, doubt)
    unit, item = said.doubt(Slot.UNIT), said.doubt(Slot.ITEM)
    officers = (
        (said.unit,) if said.unit is not None and unit is None else unit.choices if unit is not None else ()
    )
    items = (said.item,) if said.item is not None and item is None else item.choices if item is not None else ()
    return OfficerDraft(
        at=context.moment,
        officers=tuple(int(code) for code in officers),
        items=items,
        points=said.points,
        month=said.month,
        found_on=said.inspected_on,
        reason=check_reason(context, said.reason) if said.reason else None,
    )


def _check(context: Context, found: Staff, said: Entry, doubt: Doubt) -> None:
    """Refuse what no button can ask for."""
    if doubt.why is Why.MISSING or (doubt.why is Why.SEVERAL and doubt.slot is not Slot.POINTS):
        return
    if doubt.why is Why.UNKNOWN and doubt.slot is Slot.UNIT:
        pairs = [found.find(int(code)) for code in doubt.choices]
        raise UnknownName("民警", doubt.text, tuple(pair[0].name for pair in pairs if pair is not None))
    if doubt.why is Why.UNKNOWN:
        raise UnknownName("项目", doubt.text, doubt.choices)
    raise value_refusal(context, said, doubt)
