"""The leader of each quarter (带队局领导): as the config says, or as the office named with /lead."""

from collections.abc import Iterable
from dataclasses import dataclass

from handlers.frame import names
from handlers.frame.context import Context
from handlers.frame.reply import Button, Say, in_rows
from handlers.quarter import leads_text
from rules.calendar import Quarter
from rules.names import Names
from rules.people import Person, Role
from rules.periods import check_begun
from rules.policy import Policy
from rules.reading import read_order
from rules.refusals import LeadTooEarly, NotALeader, QuarterOnly
from storage import people, quarter_steps
from storage.database import Session


@dataclass(frozen=True, slots=True)
class Lead:
    """A quarter's lead by name; the person where the bot knows one of that name among the leaders."""

    name: str
    person: Person | None = None


async def of_quarter(session: Session, policy: Policy, quarter: Quarter) -> Lead | None:
    """The lead of a quarter; None where neither the office nor the config names one."""
    return (await of_quarters(session, policy, [quarter])).get(quarter)


async def of_quarters(session: Session, policy: Policy, quarters: Iterable[Quarter]) -> dict[Quarter, Lead]:
    """The leads of these quarters, as far as any is named."""
    named = await quarter_steps.leads(session)
    leaders = await people.holding(session, {Role.LEADER})
    by_id = {person.id: person for person in leaders}
    by_name = {person.name: person for person in leaders}
    found = {}
    for quarter in quarters:
        if quarter in named:
            person_id, name = named[quarter]
            found[quarter] = Lead(name, by_id.get(person_id))
        elif name := policy.leads[quarter.number - 1]:
            found[quarter] = Lead(name, by_name.get(name))
    return found


async def lead(context: Context) -> None:
    """/lead 一季度 姓名 names a quarter's lead; without a name it offers the leaders, without anything it shows the year."""
    order = read_order(context.words, Names(()), context.running)
    if order.period is None and not order.rest:
        await _overview(context)
        return
    quarter = order.period or context.running
    if not isinstance(quarter, Quarter):
        raise QuarterOnly(quarter)
    if quarter > context.running.next:
        raise LeadTooEarly(context.running)
    check_begun(quarter, context.services.begins, context.running.next)
    async with context.database.reading() as session:
        leaders = await people.holding(session, {Role.LEADER})
    if not order.rest:
        buttons = [Button(person.name, f"ld:{quarter}:{person.id}") for person in leaders]
        await context.reply(Say(leads_text.which(quarter, bool(leaders)), in_rows(buttons, 2)))
        return
    meant = [p for p in leaders if p.name == order.rest] or [p for p in leaders if order.rest in p.name]
    if len(meant) != 1:
        raise NotALeader(order.rest, tuple(person.name for person in meant or leaders))
    await _name(context, quarter, meant[0])


async def pressed(context: Context) -> None:
    """A leader was chosen."""
    try:
        quarter = Quarter.parse(context.argument(0))
    except ValueError:
        raise names.stale() from None
    async with context.database.reading() as session:
        person = await people.get(session, names.number(context.argument(1)))
    if person is None or not person.has({Role.LEADER}):
        raise names.stale()
    await _name(context, quarter, person)


async def _name(context: Context, quarter: Quarter, person: Person) -> None:
    async with context.database.transaction() as session:
        await quarter_steps.name_lead(
            session,
            key=context.deed(),
            quarter=quarter,
            person_id=person.id,
            by=context.person.id,
            now=context.now,
        )
    say = Say(leads_text.named(quarter, person.name))
    await (context.rewrite(say) if context.pressed else context.reply(say))


async def _overview(context: Context) -> None:
    quarters = [Quarter(context.running.year, number) for number in (1, 2, 3, 4)]
    async with context.database.reading() as session:
        found = await of_quarters(session, context.services.policy, quarters)
    names_ = {quarter: found[quarter].name if quarter in found else None for quarter in quarters}
    await context.reply(Say(leads_text.overview(names_)))
