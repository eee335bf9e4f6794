"""Letting people in and out: /invite, /start, /people, /remove, /whoami."""

import secrets
from datetime import timedelta

from telegram.helpers import create_deep_linked_url

from handlers import menu, names, units
from handlers.answer import Button, Say, in_rows
from handlers.context import Context
from handlers.words import people as words
from rules.access import Deed, may, may_invite, may_remove
from rules.bureau import Unit
from rules.people import GROUP_ROLES, UNIT_ROLES, Person, Post, Role
from rules.refusals import EmptyCommand, MayNotInvite, MayNotRemove, NoSuchOfficer, NoSuchPerson
from rules.roster import roster_on
from storage import people, pushes, roster
from storage.people import Join

VALID_FOR = timedelta(hours=72)
"""How long an invitation opens."""

INVITED = (
    Role.OFFICE,
    Role.LEADER,
    Role.HEAD,
    Role.DEPUTY,
    Role.ASSESSOR,
    Role.LIAISON,
    Role.UNIT_HEAD,
    Role.OFFICER,
)


async def invite(context: Context) -> None:
    """/invite 考核员 派出所考核小组 [own unit]; what is missing is asked for with buttons."""
    role, rest = _role_of(context.words)
    if role is None:
        await context.reply(_ask_role(context))
        return
    _check_inviter(context, Post(role))
    if role in GROUP_ROLES:
        group, own = names.group_and_unit(context, rest)
        if group is None:
            await context.reply(_ask_group(context, role, rest))
            return
        await _make(context, Post(role, group=group.name, own_unit=own.code if own else None))
    elif role is Role.OFFICER:
        await _invite_officer(context, rest)
    elif role in UNIT_ROLES:
        if not rest:
            await context.reply(names.ask_sequence(context, f"invq:{role.name}"))
            return
        unit = names.unit(context, rest, then=f"invu:{role.name}")
        await _make(context, Post(role, unit=unit.code))
    else:
        await _make(context, Post(role))


async def _invite_officer(context: Context, text: str) -> None:
    """The officer of a name or badge number, in the liaison's own unit or in the one that is named first."""
    unit, name = units.split(context, text)
    if unit is None and may(context.person, Deed.ROSTER):
        unit = units.own(context, Deed.ROSTER)
    if unit is None and name:
        raise EmptyCommand("/invite 民警 城关所 张伟")
    if unit is None:
        await context.reply(names.ask_sequence(context, f"invq:{Role.OFFICER.name}"))
        return
    await _ask_officer(context, unit, name)


async def _ask_officer(context: Context, unit: Unit, name: str = "") -> None:
    """The officer is known by its name, or chosen by button among those of the name, or of the unit."""
    _check_inviter(context, Post(Role.OFFICER, unit=unit.code))
    async with context.database.reading() as session:
        found = roster_on(await roster.members(session, unit.code), unit.code, context.today)
    current = [officer for officer, _ in found.current]
    meant = [o for o in current if not name or name in (o.name, o.number)]
    if not meant:
        raise NoSuchOfficer(name, unit)
    if name and len(meant) == 1:
        await _make(context, Post(Role.OFFICER, unit=unit.code, officer=meant[0].id), meant[0].name)
        return
    buttons = [Button(words.officer(o), f"invp:{o.id}:{unit.code}") for o in meant]
    say = Say(words.ask_officer(unit), in_rows(buttons, 2))
    await (context.rewrite(say) if context.pressed else context.reply(say))


async def officer_pressed(context: Context) -> None:
    """The officer was chosen: make the invitation, if it is the unit's still."""
    unit, id_ = names.unit_of(context, context.argument(1)), names.number(context.argument(0))
    async with context.database.reading() as session:
        found = roster_on(await roster.members(session, unit.code), unit.code, context.today)
    officer = next((officer for officer, _ in found.current if officer.id == id_), None)
    if officer is None:
        raise names.stale()
    await _make(context, Post(Role.OFFICER, unit=unit.code, officer=id_), officer.name)


def _role_of(text: str) -> tuple[Role | None, str]:
    word, _, rest = text.strip().partition(" ")
    role = next((role for role in INVITED if role.value == word), None)
    return role, rest.strip() if role else text


def _check_inviter(context: Context, post: Post) -> None:
    if not may_invite(context.person, post):
        raise MayNotInvite(post.role.value)


def _ask_role(context: Context) -> Say:
    roles = [role for role in INVITED if may_invite(context.person, Post(role))]
    buttons = [Button(role.value, f"invr:{role.name}") for role in roles]
    return Say(words.ask_role(), in_rows(buttons, 2))


def _ask_group(context: Context, role: Role, typed: str) -> Say:
    buttons = [
        Button(group.name, f"invg:{role.name}:{names.short(group.name)}") for group in context.bureau.groups
    ]
    return Say(words.ask_group(role, typed), in_rows(buttons, 1))


async def role_pressed(context: Context) -> None:
    """The role was chosen: ask for its group or unit, or make the invitation."""
    role = _pressed_role(context)
    if role in GROUP_ROLES:
        await context.rewrite(_ask_group(context, role, ""))
    elif role is Role.OFFICER and may(context.person, Deed.ROSTER):
        await _ask_officer(context, units.own(context, Deed.ROSTER))
    elif role in UNIT_ROLES | {Role.OFFICER}:
        await context.rewrite(names.ask_sequence(context, f"invq:{role.name}"))
    else:
        await _make(context, Post(role))


async def group_pressed(context: Context) -> None:
    """The group was chosen: ask which unit the member comes from (R8, 回避)."""
    role = _pressed_role(context)
    group = names.group_of(context, context.argument(1))
    sequences = [
        Button(sequence.name, f"invo:{role.name}:{names.short(group.name)}:{names.short(sequence.name)}")
        for sequence in context.bureau.sequences
    ]
    none = Button("不属于被考核单位", f"inv:{role.name}:{names.short(group.name)}:")
    await context.rewrite(Say(words.ask_own_unit(role, group.name), (*in_rows(sequences, 2), (none,))))


async def own_sequence_pressed(context: Context) -> None:
    """The sequence of the unit that the member comes from was chosen: ask for the unit."""
    role = _pressed_role(context)
    group = names.group_of(context, context.argument(1))
    sequence = names.sequence_of(context, context.argument(2))
    units = [
        Button(unit.name, f"inv:{role.name}:{names.short(group.name)}:{unit.code}")
        for unit in context.bureau.units_of(sequence.name)
    ]
    await context.rewrite(Say(words.ask_own_unit(role, group.name), in_rows(units, 2)))


async def member_pressed(context: Context) -> None:
    """Group and own unit were chosen: make the invitation."""
    role = _pressed_role(context)
    group = names.group_of(context, context.argument(1))
    own = names.unit_of(context, context.argument(2)) if context.argument(2) else None
    await _make(context, Post(role, group=group.name, own_unit=own.code if own else None))


async def sequence_pressed(context: Context) -> None:
    """The sequence of a unit post was chosen: ask for the unit."""
    role = _pressed_role(context)
    sequence = names.sequence_of(context, context.argument(1))
    await context.rewrite(names.ask_unit(context, sequence, f"invu:{role.name}"))


async def unit_pressed(context: Context) -> None:
    """The unit of a post was chosen: make the invitation."""
    role = _pressed_role(context)
    if role is Role.OFFICER:
        await _ask_officer(context, names.unit_of(context, context.argument(1)))
        return
    await _make(context, Post(role, unit=names.unit_of(context, context.argument(1)).code))


def _pressed_role(context: Context) -> Role:
    role = next((role for role in INVITED if role.name == context.argument(0)), None)
    if role is None:
        raise names.stale()
    _check_inviter(context, Post(role))
    return role


async def _make(context: Context, post: Post, officer: str = "") -> None:
    _check_inviter(context, post)
    token = secrets.token_urlsafe(24)
    expires = context.now + VALID_FOR
    key = f"c:{context.query.id}" if context.pressed else context.deed_key()
    async with context.database.transaction() as session:
        await people.invite(
            session,
            key=key,
            token=token,
            post=post,
            made_by=context.person.id,
            now=context.now,
            expires_at=expires,
        )
    link = create_deep_linked_url(context.bot.username, token)
    say = Say(words.invitation(post, link, expires, context.bureau, officer))
    await (context.rewrite(say) if context.pressed else context.reply(say))


async def start(context: Context) -> None:
    """/start opens the bot; /start TOKEN joins with an invitation."""
    token = context.words.strip()
    if not context.in_private:
        await context.reply(Say(words.start_in_private()))
        return
    if not token:
        known = bool(context.person.posts)
        await context.reply(
            Say(words.welcome(context.person, context.bureau) if known else words.stranger(context.person))
        )
        return
    async with context.database.transaction() as session:
        joined = await people.join(
            session,
            token=token,
            telegram_id=context.person.telegram_id,
            name=context.person.name,
            now=context.now,
        )
    if joined.person is None or joined.post is None:
        known = bool(context.person.posts)
        await context.reply(
            Say(words.not_joined(joined.outcome, None if known else context.person.telegram_id))
        )
        return
    context.person = joined.person
    await context.reply(Say(words.joined(joined.person, joined.post, context.bureau)))
    if joined.outcome is Join.JOINED and joined.invited_by is not None:
        inviter = joined.invited_by
        told = words.somebody_joined(
            joined.person, joined.post, context.bureau, removes=may(inviter, Deed.REMOVE)
        )
        await context.notify(inviter, Say(told))


async def show_people(context: Context) -> None:
    """/people lists who is in, by role."""
    async with context.database.reading() as session:
        everyone = await people.everyone(session)
    await context.reply(Say(words.everyone(everyone, context.bureau)))


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
        Button(f"移除 {words.named(person, context.bureau)}"[:60], f"rm:{person.id}")
        for person in found
        if may_remove(context.person, person)
    ]
    await context.reply(Say(words.ask_removal(found if text else [], context.bureau), in_rows(buttons, 1)))


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
    await context.rewrite(Say(words.removed(other, again=not ended)))
    await menu.take_away(context, other)


def _check_remover(context: Context, other: Person) -> None:
    if not may_remove(context.person, other):
        raise MayNotRemove(other.name)


async def whoami(context: Context) -> None:
    """/whoami tells the own number, posts and what follows from them."""
    if context.person.posts:
        await context.reply(Say(words.whoami(context.person, context.bureau)))
    else:
        await context.reply(Say(words.stranger(context.person)))
