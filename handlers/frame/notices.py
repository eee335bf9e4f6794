"""What people are told of what happened: liaisons of each entry, correction and decision, at once or once a day (Told)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta

from handlers.frame.context import Context
from handlers.frame.reply import Rows
from rules.bureau import Unit
from rules.people import Person, Role
from storage import people, pushes, settings
from storage.database import Session

SETTING = "notices"
AT_ONCE, DAILY = "at_once", "daily"


async def plan(
    session: Session, context: Context, unit: Unit, text: str, *, key: str, entry: int, appeal: bool = True
) -> None:
    """Plan the notice to each liaison of the unit, in the transaction of what it tells of."""
    liaisons = await people.holding(session, {Role.LIAISON}, unit=unit.code)
    if not liaisons:
        return
    chosen = await settings.chosen(session, SETTING, [person.id for person in liaisons])
    for person in liaisons:
        daily = chosen.get(person.id) == DAILY
        buttons = ((("申诉", f"ap:{entry}"),),) if appeal and not daily else ()
        await pushes.plan(
            session,
            key=f"n:{key}:{person.id}",
            chat_id=person.telegram_id,
            text=text,
            due_at=_digest_time(context) if daily else context.now,
            buttons=buttons,
            together=daily,
            entry=entry,
        )
    context.services.wake()


async def plan_imported(
    session: Session, context: Context, told: Mapping[str, Sequence[tuple[int, str]]], *, letter: str = "e"
) -> None:
    """Plan one message to each liaison of all the entries of its unit that an import wrote or took back.

    `told` holds by the unit's code number and text of each. Every entry counts as told once the message is out.
    `letter` keeps the messages about the same entry apart: e for the entry itself, c for what followed.
    """
    liaisons = [
        (person, unit)
        for person in await people.holding(session, {Role.LIAISON})
        for unit in told
        if any(post.role is Role.LIAISON and post.unit == unit for post in person.posts)
    ]
    chosen = await settings.chosen(session, SETTING, [person.id for person, _ in liaisons])
    for person, unit in liaisons:
        lines = [(f"n:{letter}{number}:{person.id}", text, number) for number, text in told[unit]]
        due_at = _digest_time(context) if chosen.get(person.id) == DAILY else context.now
        await pushes.plan_digest(session, chat_id=person.telegram_id, lines=lines, due_at=due_at)
    context.services.wake()


async def tell(
    session: Session,
    context: Context,
    person: Person,
    text: str,
    *,
    key: str,
    buttons: Rows = (),
    kind: pushes.Kind = pushes.Kind.NOTICE,
    about: Collection[int] = (),
) -> None:
    """Plan a message to one person, at once; the officers whom it is `about` stand in it by their marks."""
    rows = tuple(tuple((button.label, button.data) for button in row) for row in buttons)
    await pushes.plan(
        session,
        key=f"{key}:{person.id}",
        chat_id=person.telegram_id,
        text=text,
        due_at=context.now,
        buttons=rows,
        kind=kind,
        about=about,
    )
    context.services.wake()


def _digest_time(context: Context) -> datetime:
    """The next time of the daily digest."""
    zone, at = context.bureau.calendar.zone, context.services.policy.digest_at
    return next_time(context.now, at, zone)


def next_time(now: datetime, at: time, zone: object) -> datetime:
    """The next moment, after an aware one, at which it is `at` in a zone."""
    local = now.astimezone(zone)  # type: ignore[arg-type]
    today = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return today if today > local else today + timedelta(days=1)
