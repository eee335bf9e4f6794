"""/invite: a one-time link to a post; what is missing is asked for with buttons (R8)."""

import secrets
from datetime import timedelta
from functools import partial

from telegram.helpers import create_deep_linked_url

from handlers.frame import names, units
from handlers.frame.context import Context
from handlers.frame.reply import Button, Say, in_rows
from handlers.people import people_text
from rules.access import Deed, may, may_invite
from rules.bureau import Unit
from rules.people import GROUP_ROLES, UNIT_ROLES, Post, Role
from rules.refusals import EmptyCommand, EmptyRoster, MayNotInvite, NoSuchOfficer
from rules.services import roster_on
from storage import people, roster

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
        names.check_understood(rest)
        await context.reply(_ask_role(context))
        return
    _check_inviter(context, Post(role))
    if role in GROUP_ROLES:
        group, own = names.group_and_unit(context, rest, role.name)
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
        names.check_understood(rest)
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
    if not current:
        raise EmptyRoster(unit)
    meant = [o for o in current if not name or name in (o.name, o.number)]
    if not meant:
        raise NoSuchOfficer(name, unit)
    if name and len(meant) == 1:
        await _make(context, Post(Role.OFFICER, unit=unit.code, officer=meant[0].id), meant[0].name)
        return
    buttons = [Button(people_text.officer(o), f"invp:{o.id}:{unit.code}") for o in meant]
    say = Say(people_text.ask_officer(unit), in_rows(buttons, 2))
    await (context.rewrite(say) if context.pressed else context.reply(say))


async def officer_pressed(context: Context) -> None:
    """The officer was chosen: make the invitation, if it is the unit's still."""
    unit, id_ = names.unit_of(context, context.argument(1)), names.number(context.argument(0))
    _check_inviter(context, Post(Role.OFFICER, unit=unit.code))
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
        raise MayNotInvite(post.role)


def _ask_role(context: Context) -> Say:
    roles = [role for role in INVITED if may_invite(context.person, Post(role))]
    buttons = [Button(role.value, f"invr:{role.name}") for role in roles]
    return Say(people_text.ask_role(), in_rows(buttons, 2))


def _ask_group(context: Context, role: Role, typed: str) -> Say:
    buttons = [
        Button(group.name, f"invg:{role.name}:{names.short(group.name)}") for group in context.bureau.groups
    ]
    return Say(people_text.ask_group(role, typed), in_rows(buttons, 1))


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
    await context.rewrite(Say(people_text.ask_own_unit(role, group.name), (*in_rows(sequences, 2), (none,))))


async def own_sequence_pressed(context: Context) -> None:
    """The sequence of the unit that the member comes from was chosen: ask for the unit."""
    role = _pressed_role(context)
    group = names.group_of(context, context.argument(1))
    sequence = names.sequence_of(context, context.argument(2))
    units = [
        Button(unit.name, f"inv:{role.name}:{names.short(group.name)}:{unit.code}")
        for unit in context.bureau.units_of(sequence.name)
    ]
    await context.rewrite(Say(people_text.ask_own_unit(role, group.name), in_rows(units, 2)))


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
            unit_name=partial(people_text.unit_name, context.bureau),
        )
    link = create_deep_linked_url(context.bot.username, token)
    say = Say(people_text.invitation(post, link, expires, context.bureau, officer))
    await (context.rewrite(say) if context.pressed else context.reply(say))
