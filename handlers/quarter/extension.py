"""/extend: the office gives one group another last day for one quarter, with a reason (R6, Extension)."""

from datetime import date

from handlers.frame import names, notices
from handlers.frame.context import Context
from handlers.frame.reply import Say
from handlers.frame.text_guards import check_reason
from handlers.quarter import extension_text
from rules.calendar import Quarter
from rules.people import GROUP_ROLES, Role
from rules.periods import check_begun
from rules.reading import Order, read_order
from rules.refusals import IncompleteOrder, QuarterOnly, SeveralMeant
from rules.stages import check_extension
from storage import people, quarter_steps
from storage.database import Session
from storage.pushes import Kind

EXAMPLE = "/extend 派出所考核小组 一季度 3-20 因防汛延长"


async def extend(context: Context) -> None:
    """/extend 派出所考核小组 一季度 3-20 原因; IncompleteOrder names what is missing."""
    async with context.database.reading() as session:
        done = await quarter_steps.extended_by(session, context.deed_key())
    if done is not None:
        await context.reply(Say(extension_text.extended(*done)))
        return
    order = read_order(context.words, names.groups(context), context.running, context.today)
    group, day, quarter = _complete(context, order)
    reason = check_reason(context, order.rest)
    async with context.database.transaction() as session:
        course = await quarter_steps.course(session, group, quarter)
        check_extension(course, context.bureau.calendar, day, context.today)
        await quarter_steps.extend(
            session,
            key=context.deed_key(),
            group=group,
            quarter=quarter,
            last_day=day,
            reason=reason,
            by=context.person.id,
            now=context.now,
        )
        await _tell(session, context, group, quarter, extension_text.told(group, quarter, day, reason))
    await context.reply(Say(extension_text.extended(group, quarter, day, reason)))


def _complete(context: Context, order: Order) -> tuple[str, date, Quarter]:
    missing = [
        what
        for what, there in (
            ("考核小组", bool(order.groups)),
            ("新的截止日期", order.day is not None),
            ("原因", bool(order.rest)),
        )
        if not there
    ]
    if missing:
        groups = tuple(group.name for group in context.bureau.groups)
        raise IncompleteOrder(tuple(missing), EXAMPLE, groups, order.rest)
    if len(order.groups) > 1:
        raise SeveralMeant("考核小组", order.groups)
    assert order.day is not None
    (group,) = order.groups
    quarter = order.period or context.timetable.due(group, context.moment)
    if not isinstance(quarter, Quarter):
        raise QuarterOnly(quarter)
    check_begun(quarter, context.services.begins, context.timetable.running((group,), context.moment))
    return group, order.day, quarter


async def _tell(session: Session, context: Context, group: str, quarter: Quarter, text: str) -> None:
    """The group and the leaders hear of it."""
    told = {p.id: p for p in await people.holding(session, GROUP_ROLES, group=group)}
    told |= {p.id: p for p in await people.holding(session, {Role.LEADER})}
    key = f"extend:{group}:{quarter}:{context.deed_key()}"
    for person in told.values():
        await notices.tell(session, context, person, text, key=key, kind=Kind.STEP)
