"""Writing a deduction with all that belongs to it: its files, its draft's end, and the notice to the unit."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from handlers.frame import notices, notices_text
from handlers.frame.context import Context
from rules.bureau import Unit
from rules.calendar import Quarter
from rules.draft import DeductionDraft
from rules.entries import Basis, Deduction
from rules.numbers import check_points
from rules.points import shown
from rules.recusal import check_scorer
from rules.refusals import NoScheme, NotCountable, TooManyTimes, UnknownCriterion, UnknownName
from rules.repetition import may_repeat
from rules.scheme import Criterion, Item, Scheme
from rules.stages import Stage, check_not_settled, check_open
from storage import evidence, ledger, quarter_steps
from storage.database import Session

MOST_TIMES = 999


@dataclass(frozen=True, slots=True)
class Clear:
    """A deduction in which nothing is open any more. `reason` None: it waits for one (R12)."""

    unit: Unit
    item: Item
    points: Decimal
    quarter: Quarter
    basis: Basis | None
    reason: str | None
    capped: bool = False
    """The criterion's maximum is less than its points times how often it was found."""


class LikelyRepeated(Exception):
    """The ledger has an entry that says the same as the one that was to be written; nothing was written."""

    def __init__(self, entry: Deduction) -> None:
        super().__init__(entry.number)
        self.entry = entry


def check_scorable(context: Context, unit: Unit) -> None:
    """Refuse a unit that the person may not score, or that has no scheme: Barred, Recused, NoScheme (R1, R8)."""
    check_scorer(context.person, unit, context.bureau)
    if context.bureau.scheme_for(unit, context.running.year) is None:
        raise NoScheme(unit, context.running.year)


def scheme_in(context: Context, unit: Unit, quarter: Quarter) -> Scheme:
    """The scheme that the unit is scored by in the quarter; NoScheme where there is none."""
    scheme = context.bureau.scheme_for(unit, quarter.year)
    if scheme is None:
        raise NoScheme(unit, quarter.year)
    return scheme


def criterion_of(scheme: Scheme, code: str, item: str | None = None) -> tuple[Item, Criterion]:
    """The criterion of a code and its item; UnknownCriterion where the scheme, or the named item, has none."""
    found = scheme.find_criterion(code)
    if found is None or (item is not None and found[0].name != item):
        raise UnknownCriterion(code, tuple(c.code for i in scheme.items for c in i.criteria)[:12])
    return found


def check_times(criterion: Criterion, times: int) -> None:
    """Refuse what cannot be counted so: NotCountable, TooManyTimes."""
    if times > 1 and not criterion.countable:
        raise NotCountable(criterion.code)
    if not 1 <= times <= MOST_TIMES:
        raise TooManyTimes(times)


def clear(context: Context, draft: DeductionDraft, moment: datetime) -> Clear:
    """The deduction that a draft has become. Every rule is asked again: hours may lie between the steps."""
    check_scorable(context, context.bureau.unit(draft.units[0]))
    what = resolve(context, draft, moment)
    check_open(context.course_of(what.unit, what.quarter))
    return what


def resolve(context: Context, draft: DeductionDraft, moment: datetime) -> Clear:
    """The same, whoever asks: unit, item, points, quarter and criterion, checked against the scheme."""
    unit = context.bureau.unit(draft.units[0])
    quarter = draft.quarter or context.quarter_for(unit, moment)
    scheme = scheme_in(context, unit, quarter)
    if draft.criterion is not None:
        item, criterion = criterion_of(scheme, draft.criterion)
        check_times(criterion, draft.times)
        points = item.taken_by(criterion, draft.times)
        if not (criterion.veto and points == 0):
            check_points(points, item)
        basis = Basis(criterion.code, criterion_text(criterion), draft.times, criterion.veto)
        # What a criterion says was found is a reason, where no better one is given.
        capped = (
            criterion.points is not None and not criterion.whole and points < criterion.points * draft.times
        )
        return Clear(unit, item, points, quarter, basis, draft.reason or criterion.text, capped)
    named = next((item for item in scheme.items if item.name in draft.items), None)
    if named is None:
        raise UnknownName("项目", draft.items[0], tuple(item.name for item in scheme.items))
    item = named
    assert draft.points is not None
    check_points(draft.points, item)
    return Clear(unit, item, draft.points, quarter, None, draft.reason)


def criterion_text(criterion: Criterion) -> str:
    """The criterion as it is kept with the entry."""
    if criterion.whole:
        rule = "该项不得分"
    elif criterion.points is None:
        rule = "一票否决"
    else:
        rule = f"每{criterion.per or '次'} {shown(criterion.points)} 分"
    return f"{criterion.text}（{rule}）"


async def check_still_open(session: Session, unit: Unit, quarter: Quarter, context: Context) -> None:
    """Look once more, in the transaction that writes, whether the quarter is open: QuarterClosed (R7)."""
    check_open(await quarter_steps.course(session, *_place(context, unit, quarter)))


async def check_unsettled(session: Session, unit: Unit, quarter: Quarter, context: Context) -> Stage:
    """The quarter's stage in this transaction, where its results can still change: QuarterClosed (R7)."""
    course = await quarter_steps.course(session, *_place(context, unit, quarter))
    check_not_settled(course)
    return course.stage


def _place(context: Context, unit: Unit, quarter: Quarter) -> tuple[str, Quarter]:
    return next(iter(context.groups_of((unit,))), ""), quarter


async def write(
    session: Session,
    context: Context,
    draft: DeductionDraft,
    *,
    key: str,
    moment: datetime,
    files: Collection[int] = (),
) -> int:
    """Add the deduction, once for its key, in the transaction that is open; its number.

    Raises: LikelyRepeated, where it is to be asked first whether it is the same finding as one in the ledger.
    """
    known = await ledger.written_by(session, key)
    if known is not None:
        return known
    what = clear(context, draft, moment)
    group = context.bureau.group_for(what.unit)
    await check_still_open(session, what.unit, what.quarter, context)
    (earlier,) = await repeated(session, context, [what], moment)
    if earlier is not None and earlier.number not in draft.others:
        raise LikelyRepeated(earlier)
    written = await ledger.deduct(
        session,
        key=key,
        unit=what.unit.code,
        item=what.item.name,
        points=what.points,
        quarter=what.quarter,
        inspected_on=draft.inspected_on or context.bureau.calendar.day(moment),
        author_id=context.person.id,
        reason=what.reason,
        at=moment,
        now=context.now,
        group=group.name if group else "",
        basis=what.basis,
        known_new=True,
    )
    number = written.number
    if files:
        await evidence.attach(session, files, entry=number, at=context.now, person_id=context.person.id)
    text = notices_text.entry(number, what.unit, what.item.name, what.points, what.reason)
    await notices.plan(session, context, what.unit, text, key=f"e{number}", entry=number)
    return number


async def repeated(
    session: Session, context: Context, several: Sequence[Clear], moment: datetime
) -> list[Deduction | None]:
    """For each deduction the newest entry of the last days that says the same; None where there is none (Same again)."""
    days = context.services.policy.same_within_days
    if not days or not several:
        return [None] * len(several)
    earlier = await ledger.logged_since(
        session,
        moment - timedelta(days=days),
        quarters={what.quarter for what in several},
        units={what.unit.code for what in several},
        items={what.item.name for what in several},
        points={what.points for what in several},
    )
    return [next((e for e in reversed(earlier) if _says_the_same(e, what)), None) for what in several]


def _says_the_same(earlier: Deduction, what: Clear) -> bool:
    return earlier.quarter == what.quarter and may_repeat(
        earlier,
        unit=what.unit.code,
        item=what.item.name,
        points=what.points,
        criterion=what.basis.code if what.basis else None,
        reason=what.reason,
    )
