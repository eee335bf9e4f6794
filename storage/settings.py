"""What people chose for themselves, which chats are bound to which group, and the criteria that were imported."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime

from pydantic import TypeAdapter
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.scheme import Criterion
from storage import audit
from storage.audit import Act
from storage.tables import BindingRow, CriteriaRow, SettingRow

Criteria = Mapping[str, tuple[Criterion, ...]]
"""By item."""

_CRITERIA: TypeAdapter[dict[str, tuple[Criterion, ...]]] = TypeAdapter(dict[str, tuple[Criterion, ...]])


async def chosen(session: AsyncSession, name: str, people: Collection[int]) -> dict[int, str]:
    """What these persons chose under a name; who chose nothing is not in it."""
    query = select(SettingRow.person_id, SettingRow.value).where(
        SettingRow.name == name, col(SettingRow.person_id).in_(sorted(people))
    )
    return dict((await session.exec(query)).all())


async def values(session: AsyncSession, name: str) -> set[str]:
    """Everything that anybody chose under a name."""
    return set((await session.exec(select(SettingRow.value).where(SettingRow.name == name).distinct())).all())


async def choose(session: AsyncSession, *, person_id: int, name: str, value: str, now: datetime) -> None:
    """Keep a person's choice."""
    await session.merge(SettingRow(person_id=person_id, name=name, value=value))
    await audit.record(session, Act.SETTING, at=now, person_id=person_id, detail=f"{name}={value}")


async def bind(session: AsyncSession, *, chat_id: int, group: str, by: int, now: datetime) -> None:
    """Make a group chat an assessment group's own."""
    await session.merge(BindingRow(chat_id=chat_id, group_name=group, bound_by=by, at=now))
    await audit.record(session, Act.BOUND, at=now, person_id=by, detail=f"{group} {chat_id}")


async def unbind(session: AsyncSession, *, chat_id: int, by: int | None, now: datetime) -> str | None:
    """Let a group chat go; the group that it was bound to."""
    row = await session.get(BindingRow, chat_id)
    if row is None:
        return None
    await session.delete(row)
    await audit.record(session, Act.UNBOUND, at=now, person_id=by, detail=f"{row.group_name} {chat_id}")
    return row.group_name


async def moved(session: AsyncSession, *, from_chat: int, to_chat: int, now: datetime) -> None:
    """A group became a supergroup: Telegram gives the same chat a new number."""
    row = await session.get(BindingRow, from_chat)
    if row is None:
        return
    await session.merge(
        BindingRow(chat_id=to_chat, group_name=row.group_name, bound_by=row.bound_by, at=row.at)
    )
    await session.delete(row)
    await audit.record(session, Act.BOUND, at=now, person_id=None, detail=f"{row.group_name} {to_chat}")


async def bound_to(session: AsyncSession, chat_id: int) -> str | None:
    """The group that a chat is bound to."""
    row = await session.get(BindingRow, chat_id)
    return None if row is None else row.group_name


async def bindings(session: AsyncSession) -> dict[int, str]:
    """Every bound group chat with its assessment group."""
    rows = await session.exec(select(BindingRow).order_by(col(BindingRow.chat_id)))
    return {row.chat_id: row.group_name for row in rows}


async def import_criteria(
    session: AsyncSession, *, key: str, category: str, criteria: Criteria, person_id: int, now: datetime
) -> None:
    """Keep the criteria of a category; from now on they count."""
    known = (await session.exec(select(CriteriaRow.id).where(CriteriaRow.key == key))).first()
    if known is not None:
        return
    content = _CRITERIA.dump_json(dict(criteria)).decode()
    session.add(CriteriaRow(key=key, category=category, content=content, person_id=person_id, at=now))
    await session.flush()
    number = sum(map(len, criteria.values()))
    await audit.record(session, Act.CRITERIA, at=now, person_id=person_id, detail=f"{category} {number} 条")


async def imported_criteria(session: AsyncSession) -> dict[str, Criteria]:
    """The newest criteria of each category that had any imported."""
    found: dict[str, Criteria] = {}
    for row in await session.exec(select(CriteriaRow).order_by(col(CriteriaRow.id))):
        found[row.category] = _CRITERIA.validate_python(json.loads(row.content))
    return found
