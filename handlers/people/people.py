"""Who is in: /start, /people, /remove, /whoami."""

from functools import partial

from handlers.frame import menu, names
from handlers.frame.context import Context
from handlers.frame.reply import Button, Say, in_rows
from handlers.frame.turning_away import turn_away
from handlers.people import people_text
from rules.access import Deed, may, may_remove
from rules.names import Match
from rules.people import Person, Role
from rules.refusals import MayNotRemove, NoSuchPerson
from rules.turning_away import Why
from storage import people, pushes
from storage.people import Join

WHY_NOT = {Join.UNKNOWN: Why.BAD_LINK, Join.USED: Why.USED_LINK, Join.EXPIRED: Why.OLD_LINK}


async def start(context: Context) -> None:
    """/start opens the bot; /start TOKEN joins with an invitation: without a post nothing else gets here."""
    token = context.words.strip()
    if not context.in_private:
        await context.reply(Say(people_text.start_in_private()))
        return
    if not token:
        await context.reply(Say(people_text.welcome(context.person, context.bureau)))
        return
    async with context.database.transaction() as session:
        joined = await people.join(
            session,
            token=token,
            telegram_id=context.person.telegram_id,
            name=context.person.name,
            now=context.now,
            unit_name=partial(people_text.unit_name, context.bureau),
        )
    if joined.person is None or joined.post is None:
        if context.person.posts:
            await context.reply(Say(people_text.not_joined(joined.outcome)))
        else:
            await turn_away(context, WHY_NOT[joined.outcome])
        return
    context.person = joined.person
    await context.reply(Say(people_text.joined(joined.person, joined.post, context.bureau)))
    if joined.outcome is Join.JOINED and joined.invited_by is not None:
        inviter = joined.invited_by
        told = people_text.somebody_joined(
            joined.person, joined.post, context.bureau, removes=may(inviter, Deed.REMOVE)
        )
        await context.notify(inviter, Say(told))


async def show_people(context: Context) -> None:
    """/people [name|unit|group|role]: who is in, by role. NotUnderstood where nobody is meant."""
    text = context.words.strip()
    async with context.database.reading() as session:
        everyone = await people.everyone(session)
    meant = [person for person in everyone if _is_meant(context, person, text)]
    if text and not meant:
        _check_place(context, text)
    await context.reply(Say(people_text.everyone(meant, context.bureau, text)))


def _is_meant(context: Context, person: Person, text: str) -> bool:
    """Whether a name, or a part of it, a number, a role, a unit or a group means the person."""
    if text in person.name or text == str(person.telegram_id) or text in {p.role.value for p in person.posts}:
        return True
    unit, group = names.vocabulary(context).units.find(text), names.groups(context).find(text)
    codes = {post.unit for post in person.posts} | {post.own_unit for post in person.posts}
    named = isinstance(unit, Match) and unit.value in codes
    return named or (isinstance(group, Match) and group.value in person.groups)


def _check_place(context: Context, text: str) -> None:
    """Nobody is there of a unit, a group or a role that exists; any other word is nobody's. NotUnderstood."""
    unit, group = names.vocabulary(context).units.find(text), names.groups(context).find(text)
    if not (isinstance(unit, Match) or isinstance(group, Match) or text in {role.value for role in Role}):
        names.check_understood(text)


async def remove(context: Context) -> None:
    """/remove NAME or number: asks once more, naming whom, before the access is taken away."""
    text = context.words.strip()
    async with context.database.reading() as session:
        everyone = await people.everyone(session)
    if not text:
        found = [person for person in everyone if may_remove(context.person, person)]
    else:
        found = [p for p in everyone if text in (p.name, str(p.telegram_id))] or [
            p for p in everyone if text in p.name
        ]
        if not found:
            raise NoSuchPerson(text)
        if len(found) == 1:
            _check_remover(context, found[0])
    buttons = [
        Button(f"移除 {people_text.named(person, context.bureau)}"[:60], f"rm:{person.id}")
        for person in found
        if may_remove(context.person, person)
    ]
    await context.reply(
        Say(people_text.ask_removal(found if text else [], context.bureau), in_rows(buttons, 1))
    )


async def remove_pressed(context: Context) -> None:
    """The access of a person ends at once."""
    async with context.database.transaction() as session:
        other = await people.get(session, names.number(context.argument(0)))
        if other is None:
            raise names.stale()
        if other.posts:
            _check_remover(context, other)
        ended = await people.remove(session, person_id=other.id, by=context.person.id, now=context.now)
        await pushes.withhold(session, other.telegram_id)
    await context.rewrite(Say(people_text.removed(other, again=not ended)))
    await menu.take_away(context, other)


def _check_remover(context: Context, other: Person) -> None:
    if not may_remove(context.person, other):
        raise MayNotRemove(other.name)


async def whoami(context: Context) -> None:
    """/whoami tells the own number, posts and what follows from them."""
    names.check_understood(context.words)
    await context.reply(Say(people_text.whoami(context.person, context.bureau)))
