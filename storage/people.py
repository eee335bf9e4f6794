"""Persons, their posts over time, and the invitations that let them in."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.access import may_invite
from rules.people import GROUP_ROLES, Person, Post, Role
from storage import audit, drafts
from storage.audit import Act
from storage.tables import InvitationRow, PersonRow, PostRow, ServiceRow


class Join(Enum):
    """How an invitation was taken."""

    JOINED = auto()
    AGAIN = auto()
    """The same person opened its own link once more."""
    UNKNOWN = auto()
    USED = auto()
    EXPIRED = auto()
    OWN = auto()
    """The person made it: nobody gives itself a post."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What came of opening an invitation; the person and the post where it let somebody in."""

    outcome: Join
    person: Person | None = None
    post: Post | None = None
    invited_by: Person | None = None


UnitName = Callable[[str], str]
"""What the trail calls the unit of a code."""


_PERSON: Any = PersonRow.__table__  # type: ignore[attr-defined]
_POST: Any = PostRow.__table__  # type: ignore[attr-defined]
_SERVICE: Any = ServiceRow.__table__  # type: ignore[attr-defined]
_LATER: Any = _SERVICE.alias()
_LAST_UNIT: Any = (
    sa.select(_SERVICE.c.unit_code)
    .where(
        _SERVICE.c.officer_id == _POST.c.officer_id,
        sa.not_(_SERVICE.c.removed),
        sa.not_(sa.exists().where(_LATER.c.supersedes_id == _SERVICE.c.id)),
    )
    .order_by(_SERVICE.c.since.desc())
    .limit(1)
    .scalar_subquery()
)
"""Where the roster has the officer last: no post is given anew when its officer moves."""
# Made once, of tables and not of the mapper's rows: it is asked with every update.
_WITH_POSTS: Any = sa.select(
    _PERSON.c.id, _PERSON.c.telegram_id, _PERSON.c.name,
    _POST.c.role, _POST.c.group_name, _POST.c.unit_code, _POST.c.own_unit_code, _POST.c.officer_id,
    _LAST_UNIT.label("last_unit"),
).outerjoin_from(_PERSON, _POST, sa.and_(_POST.c.person_id == _PERSON.c.id, _POST.c.until.is_(None)))  # fmt: skip
_FIND: Any = _WITH_POSTS.where(_PERSON.c.telegram_id == sa.bindparam("telegram_id")).order_by(_POST.c.id)
_GET: Any = _WITH_POSTS.where(_PERSON.c.id == sa.bindparam("person_id")).order_by(_POST.c.id)


def hashed(token: str) -> str:
    """What is stored of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


async def find(session: AsyncSession, telegram_id: int) -> Person | None:
    """The person of a Telegram account with the posts it holds now; None where it was never let in."""
    rows = (await session.exec(_FIND, params={"telegram_id": telegram_id})).all()
    return _person(rows) if rows else None


def _person(rows: Sequence[Any]) -> Person:
    """The person of one row a post, or of a single one without any."""
    posts = tuple(_post(row) for row in rows if row.role is not None)
    return Person(rows[0].id, rows[0].telegram_id, rows[0].name, posts)


def _post(row: Any) -> Post:
    """The post of a row; an officer who moved since it was given comes from where it serves now, too (R8, 回避)."""
    moved_to = row.last_unit if row.last_unit != row.unit_code else None
    return Post(row.role, row.group_name, row.unit_code, row.own_unit_code or moved_to, row.officer_id)


def _persons(rows: Iterable[Any]) -> list[Person]:
    """The persons of rows that are sorted by them."""
    return [_person(list(of_one)) for _, of_one in groupby(rows, key=attrgetter("id"))]


async def get(session: AsyncSession, person_id: int) -> Person | None:
    """The person of an id."""
    rows = (await session.exec(_GET, params={"person_id": person_id})).all()
    return _person(rows) if rows else None


async def everyone(session: AsyncSession) -> list[Person]:
    """Those who hold a post now, in the order they joined."""
    return [person for person in await all_ever(session) if person.posts]


async def all_ever(session: AsyncSession) -> list[Person]:
    """Everybody who was ever let in, with the posts held now."""
    return _persons(await session.exec(_WITH_POSTS.order_by(_PERSON.c.id, _POST.c.id)))


async def holding(
    session: AsyncSession, roles: Collection[Role], *, unit: str | None = None, group: str | None = None
) -> list[Person]:
    """Who holds a post in one of the roles now, of a unit or a group where one is given."""
    where: dict[str, Any] = {"roles": list(roles)}
    where |= {} if unit is None else {"unit": unit}
    where |= {} if group is None else {"group": group}
    rows = await session.exec(_holding(of_unit=unit is not None, of_group=group is not None), params=where)
    return _persons(rows)


@cache
def _holding(*, of_unit: bool, of_group: bool) -> Any:
    """All posts of who holds one of some roles, person by person. Made once, of tables: every deduction asks it."""
    held = sa.select(_POST.c.person_id).where(
        _POST.c.role.in_(sa.bindparam("roles", expanding=True)), _POST.c.until.is_(None)
    )
    if of_unit:
        held = held.where(_POST.c.unit_code == sa.bindparam("unit"))
    if of_group:
        held = held.where(_POST.c.group_name == sa.bindparam("group"))
    return _WITH_POSTS.where(_PERSON.c.id.in_(held)).order_by(_PERSON.c.id, _POST.c.id)


async def meet(session: AsyncSession, *, telegram_id: int, name: str, now: datetime) -> PersonRow:
    """The row of a Telegram account, made where there is none, with the name it has today."""
    row = (await session.exec(select(PersonRow).where(PersonRow.telegram_id == telegram_id))).one_or_none()
    if row is None:
        row = PersonRow(telegram_id=telegram_id, name=name, joined_at=now)
    row.name = name
    session.add(row)
    await session.flush()
    return row


async def appoint(
    session: AsyncSession,
    *,
    person_id: int,
    post: Post,
    granted_by: int | None,
    now: datetime,
    unit_name: UnitName = str,
) -> Post:
    """Give a person a post, which ends its open questions; the post as it is held from now on.

    No new post lifts an own unit (R8, 回避): given again without one, or with another, the post keeps those that it had.
    They end with the post itself, when the person is removed.
    """
    held = select(PostRow).where(
        PostRow.person_id == person_id,
        PostRow.role == post.role,
        PostRow.group_name == post.group,
        PostRow.unit_code == post.unit,
        PostRow.officer_id == post.officer,
        col(PostRow.until).is_(None),
    )
    rows = (await session.exec(held.order_by(col(PostRow.id)))).all()
    same = next((row for row in rows if post.own_unit in {None, row.own_unit_code}), None)
    kept = post if same is None else replace(post, own_unit=same.own_unit_code)
    already = "（原有，没有变动）" if same is not None else ""
    await audit.record(
        session,
        Act.JOINED,
        at=now,
        person_id=person_id,
        unit=kept.unit,
        detail=_given(kept, unit_name) + already,
    )
    if same is not None:
        return kept
    await drafts.end(session, [person_id])
    for row in rows:
        if row.own_unit_code is None:
            row.until, row.ended_by = now, granted_by
            session.add(row)
    session.add(
        PostRow(
            person_id=person_id,
            role=post.role,
            group_name=post.group,
            unit_code=post.unit,
            own_unit_code=post.own_unit,
            officer_id=post.officer,
            since=now,
            granted_by=granted_by,
        )
    )
    await session.flush()
    return kept


def _given(post: Post, unit_name: UnitName) -> str:
    """What the trail says of a post that is offered or given: role, group, unit, officer and own unit."""
    held = post.group or (unit_name(post.unit) if post.unit else "")
    parts = [f"{post.role.value} {held}".strip()]
    if post.officer is not None:
        parts.append(f"民警编号 {post.officer}")
    if post.role in GROUP_ROLES:
        parts.append(f"回避单位 {unit_name(post.own_unit) if post.own_unit else '无'}")
    return "，".join(parts)


async def sync_admins(session: AsyncSession, telegram_ids: Iterable[int], *, now: datetime) -> None:
    """Make exactly these accounts administrators, as the config says."""
    wanted = set(telegram_ids)
    query = (
        select(PersonRow.telegram_id, PostRow)
        .join(PostRow, col(PostRow.person_id) == PersonRow.id)
        .where(PostRow.role == Role.ADMIN, col(PostRow.until).is_(None))
    )
    for telegram_id, post in await session.exec(query):
        if telegram_id not in wanted:
            post.until = now
            session.add(post)
            await drafts.end(session, [post.person_id])
        wanted.discard(telegram_id)
    for telegram_id in sorted(wanted):
        known = await find(session, telegram_id)
        name = known.name if known else Role.ADMIN.value
        row = await meet(session, telegram_id=telegram_id, name=name, now=now)
        await appoint(session, person_id=row.id or 0, post=Post(Role.ADMIN), granted_by=None, now=now)


async def remove(session: AsyncSession, *, person_id: int, by: int, now: datetime) -> int:
    """End every post of a person, with its open questions and every invitation it made that nobody took; how many posts ended."""
    ended = await _end_posts(session, col(PostRow.person_id) == person_id, by=by, now=now)
    await drafts.end(session, [person_id])
    if ended:
        await audit.record(session, Act.REMOVED, at=now, person_id=by, detail=f"编号 {person_id}")
    await _void(session, col(InvitationRow.made_by) == person_id, now=now)
    return ended


async def _end_posts(session: AsyncSession, which: sa.ColumnElement[bool], *, by: int, now: datetime) -> int:
    """End these posts as far as they are held; how many were. Row by row, as the register keeps them."""
    rows = (await session.exec(select(PostRow).where(which, col(PostRow.until).is_(None)))).all()
    for row in rows:
        row.until, row.ended_by = now, by
        session.add(row)
    await session.flush()
    return len(rows)


async def _void(session: AsyncSession, which: sa.ColumnElement[bool], *, now: datetime) -> None:
    """Have these invitations expire, as far as nobody took them."""
    query = select(InvitationRow).where(which, col(InvitationRow.used_at).is_(None))
    for row in (await session.exec(query)).all():
        row.expires_at = min(row.expires_at, now)
        session.add(row)
    await session.flush()


async def of_officer(session: AsyncSession, officer: int) -> list[Person]:
    """Who holds a post as this officer (民警) now."""
    held = sa.select(_POST.c.person_id).where(_POST.c.officer_id == officer, _POST.c.until.is_(None))
    query: Any = _WITH_POSTS.where(_PERSON.c.id.in_(held)).order_by(_PERSON.c.id, _POST.c.id)
    return _persons(await session.exec(query))


async def end_officer(session: AsyncSession, officer: int, *, by: int, now: datetime) -> None:
    """End the posts held as this officer, and the invitations to them that nobody took; other posts stay.

    The holders' open questions end with them.
    """
    holders = await of_officer(session, officer)
    await drafts.end(session, [person.id for person in holders])
    for person in holders:
        await audit.record(session, Act.REMOVED, at=now, person_id=by, detail=f"编号 {person.id} 民警")
    await _end_posts(session, col(PostRow.officer_id) == officer, by=by, now=now)
    await _void(session, col(InvitationRow.officer_id) == officer, now=now)


async def invite(
    session: AsyncSession,
    *,
    key: str,
    token: str,
    post: Post,
    made_by: int,
    now: datetime,
    expires_at: datetime,
    unit_name: UnitName = str,
) -> None:
    """Keep an invitation. Handled twice, the link of the second answer is the one that opens."""
    row = (await session.exec(select(InvitationRow).where(InvitationRow.key == key))).one_or_none()
    if row is not None and row.used_at is not None:
        return
    if row is None:
        row = InvitationRow(
            key=key,
            token_hash="",
            role=post.role,
            group_name=post.group,
            unit_code=post.unit,
            own_unit_code=post.own_unit,
            officer_id=post.officer,
            made_by=made_by,
            made_at=now,
            expires_at=expires_at,
        )
        await audit.record(
            session, Act.INVITED, at=now, person_id=made_by, unit=post.unit, detail=_given(post, unit_name)
        )
    row.token_hash = hashed(token)
    session.add(row)
    await session.flush()


async def join(
    session: AsyncSession,
    *,
    token: str,
    telegram_id: int,
    name: str,
    now: datetime,
    unit_name: UnitName = str,
) -> Joined:
    """Open an invitation: once, by one account, before it expires, and never by who made it.

    Who may invite nobody to the post any more has let nobody in: such an invitation has expired, too.
    """
    query = select(InvitationRow).where(InvitationRow.token_hash == hashed(token))
    row = (await session.exec(query)).one_or_none()
    if row is None:
        return Joined(Join.UNKNOWN)
    post = Post(row.role, row.group_name, row.unit_code, row.own_unit_code, row.officer_id)
    inviter = await get(session, row.made_by)
    if row.used_at is not None:
        return await _taken(session, row, telegram_id, post, inviter)
    if row.expires_at <= now or inviter is None or not may_invite(inviter, post):
        return Joined(Join.EXPIRED)
    if inviter.telegram_id == telegram_id:
        return Joined(Join.OWN)
    person = await meet(session, telegram_id=telegram_id, name=name, now=now)
    row.used_by, row.used_at = person.id, now
    session.add(row)
    post = await appoint(
        session, person_id=person.id or 0, post=post, granted_by=row.made_by, now=now, unit_name=unit_name
    )
    return Joined(Join.JOINED, await find(session, telegram_id), post, inviter)


async def _taken(
    session: AsyncSession, row: InvitationRow, telegram_id: int, post: Post, inviter: Person | None
) -> Joined:
    """Who took it is told so again as long as it holds the post; to everybody else it is a used link."""
    person = await find(session, telegram_id)
    if person is None or person.id != row.used_by:
        return Joined(Join.USED)
    held = next((held for held in person.posts if replace(held, own_unit=post.own_unit) == post), None)
    return Joined(Join.USED) if held is None else Joined(Join.AGAIN, person, held, inviter)
