"""[已报送] under a reminder: the unit's officers' results of a month are in, and it is left alone (R9)."""

from datetime import date

from handlers import names
from handlers.context import Context
from handlers.words import reminders as words
from rules.people import Role
from storage import courses


async def pressed(context: Context) -> None:
    """Mark a month of a unit as returned, once, by its liaison."""
    unit = names.unit_of(context, context.argument(0))
    try:
        month = date.fromisoformat(f"{context.argument(1)}-01")
    except ValueError:
        raise names.stale() from None
    if not any(post.role is Role.LIAISON and post.unit == unit.code for post in context.person.posts):
        raise names.stale()
    if month >= context.today.replace(day=1):
        raise names.stale()
    async with context.database.transaction() as session:
        fresh = await courses.report(
            session, month=month, unit=unit.code, person_id=context.person.id, now=context.now
        )
    await context.toast(words.reported(unit.name, month, fresh=fresh or context.again), alert=True)
