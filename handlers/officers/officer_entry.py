"""An entry on an officer: checked, written once, and shown on its card (R9, R11)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from handlers.frame import records
from handlers.frame.context import Context
from handlers.frame.reply import Button, Rows, Say
from handlers.months import returning
from handlers.officers import officers_text, staff
from handlers.officers.staff import Staff
from rules.bureau import Unit
from rules.draft import OfficerDraft, OfficerNoteDraft
from rules.entries import REASON_WAIT
from rules.months import Month, due_day
from rules.numbers import check_points
from rules.officers import Officer, OfficerDeduction
from rules.recusal import PointMove, check_not_oneself
from rules.refusals import MonthNotBegun, NotInService, UnknownName
from rules.scheme import Item
from rules.score import unit_score
from storage import drafts, months, officer_ledger, roster
from storage.database import Session
from storage.officer_ledger import Place


@dataclass(frozen=True, slots=True)
class Clear:
    """A deduction in which nothing is open any more. `reason` None: it waits for one (R12)."""

    officer: Officer
    unit: Unit
    month: Month
    item: Item
    points: Decimal
    reason: str | None

    @property
    def place(self) -> Place:
        """Where it goes in the ledger."""
        return Place(self.officer.id, self.unit.code, self.month)


def month_of(context: Context, moment: datetime) -> Month:
    """The month of an aware moment, in the bureau's zone."""
    return Month.of(context.bureau.calendar.day(moment))


def check_month(context: Context, month: Month) -> None:
    """Refuse a month that has not begun: MonthNotBegun."""
    if month > Month.of(context.today):
        raise MonthNotBegun(month)


async def may_be_of_last_month(session: Session, context: Context, unit: Unit, officer: Officer) -> bool:
    """Whether an entry without a month may belong to the last one: until it is due, while it is not returned."""
    last = Month.of(context.today).previous
    if context.today > due_day(last, context.services.policy.schedule.monthly_day):
        return False
    serving = {one.id for one in await roster.in_month(session, unit.code, last)}
    return officer.id in serving and not (await returning.of_month(session, unit, last)).sent


def clear(context: Context, found: Staff, draft: OfficerDraft) -> Clear:
    """The deduction that a draft has become, by every rule.

    Raises: NotInService, Oneself, NoMethod, UnknownName, and the refusals of points.
    """
    check_month(context, found.month)
    pair = found.find(draft.officers[0])
    if pair is None:
        raise NotInService("", found.month)
    officer, unit = pair
    check_not_oneself(context.person, {officer.id}, PointMove.LOG)
    scheme = found.scheme(unit)
    item = next((item for item in scheme.items if item.name in draft.items), None)
    if item is None:
        raise UnknownName("项目", draft.items[0], tuple(item.name for item in scheme.items))
    assert draft.points is not None
    check_points(draft.points, item)
    return Clear(officer, unit, found.month, item, draft.points, draft.reason)


async def write(session: Session, context: Context, draft: OfficerDraft, *, key: str) -> int:
    """Add the deduction, once for its key, in the transaction that is open; its number."""
    known = await officer_ledger.written_by(session, key)
    if known is not None:
        return known
    found = await staff.of(session, context, draft.month or month_of(context, draft.at))
    what = clear(context, found, draft)
    written = await officer_ledger.deduct(
        session,
        what.place,
        key=key,
        item=what.item.name,
        points=what.points,
        author_id=context.person.id,
        reason=what.reason,
        found_on=draft.found_on,
        at=draft.at,
        now=context.now,
    )
    return written.number


async def send_card(context: Context, number: int) -> None:
    """Answer with the entry's card; where it has no reason yet, the next words are it (R12, Reason)."""
    say, entry = await card(context, number)
    message = await context.reply(say)
    if entry.reason is None and entry.lives:
        note = OfficerNoteDraft(number, "reason", context.moment + REASON_WAIT)
        async with context.database.transaction() as session:
            kept = await drafts.open_(
                session,
                note,
                key=f"{context.deed()}:why",
                person_id=context.person.id,
                chat_id=context.chat_id,
                now=context.now,
            )
            await drafts.placed(session, kept, message.message_id)


async def card(context: Context, number: int) -> tuple[Say, OfficerDeduction]:
    """The card of an entry as it stands now. NoSuchOfficerEntry."""
    async with context.database.reading() as session:
        entry = await records.officer_entry(session, context, number)
        officer = (await roster.officers(session, [entry.officer]))[entry.officer]
        unit = context.bureau.unit(entry.unit)
        common = context.services.policy.common_parts
        scheme = (await months.schemes(session, [unit], entry.month.year, common)).get(unit.code)
        taken = (await officer_ledger.sums(session, unit.code, entry.month)).get(officer.id, {})
        sent = await returning.of_month(session, unit, entry.month)
    score = unit_score(officer.code, scheme, taken) if scheme is not None else None
    before = dict(taken)
    before[entry.item] = taken.get(entry.item, Decimal(0)) - (entry.points if entry.lives else -entry.points)
    was = unit_score(officer.code, scheme, before) if scheme is not None else None
    text = officers_text.card(
        entry, officer, unit, context.bureau, was=was, now=score, sent=sent.waiting or sent.current
    )
    return Say(text, _buttons(context, entry)), entry


def _buttons(context: Context, entry: OfficerDeduction) -> Rows:
    if not entry.lives:
        return ()
    row = [Button("更正", f"of:{entry.number}")]
    if entry.reason is None:
        row.insert(0, Button("补充原因", f"ow:{entry.number}"))
    if may_undo(context, entry):
        row.insert(0, Button("撤销", f"ou:{entry.number}"))
    return (tuple(row),)


def may_undo(context: Context, entry: OfficerDeduction) -> bool:
    """Whether the person may take the entry back by itself: its author, on the day it was logged, once (R11)."""
    day = context.bureau.calendar.day
    return entry.lives and entry.author_id == context.person.id and day(entry.at) == day(context.now)


WAIT = timedelta(hours=24)
"""How long a question that was asked for with a button waits for its words."""
