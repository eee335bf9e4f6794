"""What /monthly, the head's signature, /returns and the reminders share: a unit's month, its table, and who is told (R9)."""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.frame import names, notices
from handlers.frame.context import Context, Services
from handlers.frame.reply import Button, Rows
from handlers.months import monthly_text
from rules.bureau import Unit
from rules.mentions import mark
from rules.months import Month
from rules.officers import Officer, OfficerDeduction
from rules.people import Person, Role
from rules.refusals import Lack, NotReturnable
from rules.returns import (
    MonthFacts,
    MonthReturns,
    Return,
    ReturnedOfficer,
    Terms,
    first_month,
    frozen,
    unexplained,
)
from storage import months, officer_ledger, people, returns, roster
from storage.database import Session
from storage.pushes import Kind


@dataclass(frozen=True, slots=True)
class Table:
    """The officers of a unit's month, with their names as they are known today."""

    officers: tuple[ReturnedOfficer, ...]
    names: Mapping[int, Officer]
    unexplained: tuple[OfficerDeduction, ...] = ()
    """The living entries without a reason, which are in the way of a return (R12)."""

    @property
    def taken_from(self) -> frozenset[int]:
        """The ids of the officers with deductions: none of them vouches for the table (回避)."""
        return frozenset(one.officer for one in self.officers if any(item.deducted for item in one.items))


def terms(context: Context) -> Terms:
    """By what it is judged where months stand at the moment of the update."""
    services = context.services
    begins = first_month(services.bureau.calendar, services.begins)
    return Terms(services.bureau.calendar, begins, services.policy.schedule.monthly_day, context.today)


def units_of(context: Context, role: Role) -> list[Unit]:
    """The units of the bureau for which the person holds this role, in the config's order."""
    held = {post.unit for post in context.person.posts if post.role is role}
    return [unit for unit in context.bureau.units if unit.code in held]


def unit_for(context: Context, code: str, role: Role) -> Unit:
    """The unit of a code for which the person holds the role now; Stale for any other."""
    unit = next((unit for unit in units_of(context, role) if unit.code == code), None)
    if unit is None:
        raise names.stale()
    return unit


def month_of(text: str) -> Month:
    """The month of a button's data; Stale for anything else."""
    try:
        return Month.parse(text)
    except ValueError:
        raise names.stale() from None


async def headed(session: Session) -> frozenset[str]:
    """The units that have a head now."""
    heads = await people.holding(session, {Role.UNIT_HEAD})
    return frozenset(p.unit for head in heads for p in head.posts if p.role is Role.UNIT_HEAD and p.unit)


async def facts(session: Session, services: Services, month: Month) -> MonthFacts:
    """Where every unit's month stands, and what the units lack."""
    heads = await headed(session)
    found = await returns.in_month(session, month)
    whole = await months.schemes(session, services.bureau.units, month.year, services.policy.common_parts)
    return MonthFacts(
        {unit: MonthReturns(versions, headed=unit in heads) for unit, versions in found.items()},
        await months.staffed(session, month),
        frozenset(whole),
    )


async def of_month(session: Session, unit: Unit, month: Month) -> MonthReturns:
    """Where a unit's month stands."""
    heads = await people.holding(session, {Role.UNIT_HEAD}, unit=unit.code)
    return MonthReturns(await returns.of_month(session, unit.code, month), headed=bool(heads))


async def drawn_up(session: Session, context: Context, unit: Unit, month: Month) -> Table:
    """The unit's table as it stands now. NotReturnable where the unit has no officers or no whole method."""
    policy, begins = context.services.policy, terms(context).begins
    officers = await roster.in_month(session, unit.code, month)
    if not officers:
        raise NotReturnable(unit, month, Lack.NO_OFFICERS, begins)
    found = await months.unit_month(session, unit, month, common=policy.common_parts, duties=policy.duties)
    if found is None:
        raise NotReturnable(unit, month, Lack.NO_METHOD, begins)
    entries = await officer_ledger.of_month(session, unit.code, month)
    return Table(frozen(found), {officer.id: officer for officer in officers}, unexplained(entries))


async def returned(session: Session, sent: Return) -> Table:
    """The table of a version, as it was frozen; names are those of today's roster."""
    officers = await returns.content(session, sent.id)
    return Table(officers, await roster.officers(session, [one.officer for one in officers]))


async def changes(session: Session, context: Context, unit: Unit, sent: Return) -> int | None:
    """How many entries and marks made the unit's month another than this version; None where it is the same.

    0: it is another by the roster, the method or the coefficients.
    """
    try:
        now = await drawn_up(session, context, unit, sent.month)
    except NotReturnable:
        return None
    if now.officers == await returns.content(session, sent.id):
        return None
    return await returns.changes_since(session, unit.code, sent.month, sent.at)


def signing_buttons(sent: Return, table: Table, head: Person) -> Rows:
    """What a head can do about a version that waits."""
    signs = [Button("签字", f"mrs:{sent.id}")] if head.officers.isdisjoint(table.taken_from) else []
    return ((*signs, Button("退回联络员", f"mrf:{sent.id}")),)


async def ask_heads(session: Session, context: Context, unit: Unit, sent: Return) -> None:
    """Tell the unit's heads that a version waits for a signature, in the transaction in which it was sent."""
    found = await returned(session, sent)
    officers = found.officers
    marks = {one.officer: Officer(one.officer, mark(one.officer)) for one in officers}
    text = monthly_text.please_sign(unit, sent, officers, marks)
    for head in await people.holding(session, {Role.UNIT_HEAD}, unit=unit.code):
        await notices.tell(
            session,
            context,
            head,
            text,
            key=f"mrs{sent.id}",
            buttons=signing_buttons(sent, found, head),
            kind=Kind.STEP,
            about=marks,
        )


async def tell_liaisons(
    session: Session, context: Context, unit: Unit, text: str, *, key: str, buttons: Rows = ()
) -> None:
    """Tell the unit's liaisons what became of their return."""
    for person in await people.holding(session, {Role.LIAISON}, unit=unit.code):
        await notices.tell(session, context, person, text, key=key, buttons=buttons, kind=Kind.STEP)


async def lateness(session: Session, context: Context, sent: Return) -> int:
    """Days by which the month came late with this version; 0 for one that came after the first, and while it is not in."""
    found = MonthReturns(await returns.of_month(session, sent.unit, sent.month))
    if sent.in_at is None or sent.in_at != found.came:
        return 0
    return terms(context).late(sent.month, sent.in_at)


async def arrived(session: Session, context: Context, unit: Unit, sent: Return) -> None:
    """A version is in: the office is told where it is late, or another one than it has; the rest stands in /returns."""
    versions = await returns.of_month(session, unit.code, sent.month)
    another = any(version.is_in and version.id != sent.id for version in versions)
    late = await lateness(session, context, sent)
    if not another and not late:
        return
    text = monthly_text.told_office(unit, sent, late=late)
    button = ((Button("看成绩表", f"mrv:{sent.id}"),),)
    for person in await people.holding(session, {Role.OFFICE}):
        await notices.tell(session, context, person, text, key=f"mra{sent.id}", buttons=button, kind=Kind.STEP)
