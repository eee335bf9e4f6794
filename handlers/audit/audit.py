"""/audit: who did what, for the office: by person, unit or day, newest first."""

from datetime import date

from handlers.audit import audit_text, seals
from handlers.frame import names, periods
from handlers.frame.context import Context
from handlers.frame.reply import Button, Say
from rules.bureau import Unit
from rules.names import Match
from rules.people import Person
from rules.reading import read_day
from rules.refusals import NoSuchPerson, Stale
from storage import audit, people
from storage.database import Session

A_PAGE = 20

COMPARE = "核对"


async def trail(context: Context) -> None:
    """/audit [who] [unit] [day], /audit 核对 with an old message of seals"""
    text = context.words.strip()
    if text.startswith(COMPARE):
        await seals.compare(context, text.removeprefix(COMPARE))
        return
    async with context.database.reading() as session:
        person, unit, day = await _meant(session, context, text)
    await _show(context, person.id if person else 0, unit.code if unit else "", day, 0)


async def pressed(context: Context) -> None:
    """Another page."""
    try:
        day = date.fromisoformat(context.argument(2)) if context.argument(2) else None
    except ValueError:
        raise Stale from None
    page = names.number(context.argument(3))
    await _show(context, names.number(context.argument(0)), context.argument(1), day, page)


async def _meant(
    session: Session, context: Context, text: str
) -> tuple[Person | None, Unit | None, date | None]:
    """The person, the unit and the day, in any order. NoSuchPerson names what is none of these."""
    person, unit, day = None, None, None
    everyone = await people.all_ever(session) if text else []
    for word in text.split():
        read = read_day(word, context.today) if day is None else None
        named = next((p for p in everyone if word in (p.name, str(p.telegram_id))), None)
        found = names.vocabulary(context).units.find(word)
        if read is not None:
            day = read
        elif person is None and named is not None:
            person = named
        elif unit is None and isinstance(found, Match):
            unit = context.bureau.unit(found.value)
        else:
            raise NoSuchPerson(word)
    return person, unit, day


async def _show(context: Context, person_id: int, unit: str, day: date | None, page: int) -> None:
    since = periods.begin_of(context, day) if day else None
    async with context.database.reading() as session:
        found = await audit.trail(
            session,
            person_id=person_id or None,
            unit=unit or None,
            since=since,
            # After today nothing can stand, and 9999-12-31 has no day after it.
            until=periods.end_of(context, day) if day and day < context.today else None,
            limit=A_PAGE + 1,
            offset=page * A_PAGE,
        )
    data = f"audit:{person_id}:{unit}:{day or ''}"
    row = []
    if page > 0:
        row.append(Button("‹ 较新", f"{data}:{page - 1}"))
    if len(found) > A_PAGE:
        row.append(Button("较早 ›", f"{data}:{page + 1}"))
    say = Say(audit_text.trail(found[:A_PAGE], context.bureau, page), (tuple(row),) if row else ())
    await (context.rewrite(say) if context.pressed else context.reply(say))
