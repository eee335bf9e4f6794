"""Officers, methods and entries as they would have been made, written straight into the bot's database."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from rules.months import Month
from rules.scheme import Item
from storage import officer_ledger, people
from storage.methods import ITEMS
from storage.officer_ledger import Place
from storage.tables import MethodRow, MethodVerdictRow, OfficerRow, ServiceRow
from tests.conversation import Player, Post, Role, Town

OWN = (Item("执法办案", Decimal(40)), Item("群众工作", Decimal(20)))
"""With the common part of the example's stations: 100."""

WHOLE = (Item("政治学习", Decimal(30)), Item("业务工作", Decimal(70)))
"""The method of a unit that has no common part."""

_NUMBERS = count(1)


def key() -> str:
    """A deed that nobody did before."""
    return f"test:{next(_NUMBERS)}"


async def somebody(town: Town) -> int:
    """The id of a person who stands for whoever wrote it."""
    async with town.app.database.transaction() as session:
        row = await people.meet(session, telegram_id=777, name="登记人", now=town.clock())
        return row.id or 0


async def enlist(
    town: Town,
    unit: str,
    *names: str,
    since: date = date(2020, 1, 1),
    until: date | None = None,
    duty: str = "",
) -> list[int]:
    """Officers of a unit; their ids."""
    ids = []
    async with town.app.database.transaction() as session:
        for name in names:
            row = OfficerRow(name=name, duty=duty)
            session.add(row)
            await session.flush()
            assert row.id is not None
            session.add(ServiceRow(officer_id=row.id, unit_code=unit, since=since, until=until))
            ids.append(row.id)
    return ids


async def move(town: Town, from_: str, to: str, day: date) -> int:
    """An officer who belongs to another unit from that day on; the id."""
    (officer,) = await enlist(town, from_, "张三", until=day - timedelta(days=1))
    async with town.app.database.transaction() as session:
        session.add(ServiceRow(officer_id=officer, unit_code=to, since=day))
    return officer


async def erase(town: Town, officer: int) -> None:
    """The officer's personal data are gone."""
    async with town.app.database.transaction() as session:
        row = await session.get(OfficerRow, officer)
        assert row is not None
        row.name, row.number, row.duty, row.erased_at = "", "", "", town.clock()
        session.add(row)


async def rule(town: Town, unit: str, year: int, items: tuple[Item, ...] = OWN, *, version: int = 1) -> None:
    """The unit's own part for a year, accepted by the office."""
    by = await somebody(town)
    async with town.app.database.transaction() as session:
        row = MethodRow(
            key=key(), unit_code=unit, year=year, version=version, items=ITEMS.dump_json(items).decode(), by=by,
            at=town.clock(),
        )  # fmt: skip
        session.add(row)
        await session.flush()
        session.add(MethodVerdictRow(key=key(), method_id=row.id, accepted=True, by=by, at=town.clock()))


async def take(
    town: Town, officer: int, unit: str, month: Month, item: str, points: str, reason: str | None = "台账缺失"
) -> int:
    """A deduction on an officer; its number."""
    by, now = await somebody(town), town.clock()
    async with town.app.database.transaction() as session:
        written = await officer_ledger.deduct(
            session, Place(officer, unit, month), key=key(), item=item, points=Decimal(points), author_id=by,
            reason=reason, at=now, now=now,
        )  # fmt: skip
    return written.number


async def explain(town: Town, number: int, reason: str) -> None:
    """The reason of a deduction that had none."""
    await _after(town, number, reason, officer_ledger.give_reason)


async def reverse(town: Town, number: int) -> None:
    """A deduction is taken back."""
    await _after(town, number, "误记", officer_ledger.reverse)


async def _after(town: Town, number: int, reason: str, write) -> None:
    by, now = await somebody(town), town.clock()
    async with town.app.database.transaction() as session:
        entry = await officer_ledger.entry(session, number)
        assert entry is not None
        await write(session, entry, key=key(), author_id=by, reason=reason, at=now, now=now)


async def mark(town: Town, officer: int, unit: str, month: Month, word: str) -> None:
    """An officer's month is marked."""
    by = await somebody(town)
    async with town.app.database.transaction() as session:
        await officer_ledger.mark(
            session, Place(officer, unit, month), key=key(), mark=word, by=by, now=town.clock()
        )


async def liaison(town: Town, unit: str = "chengguan", name: str = "周联络") -> Player:
    """A unit's liaison."""
    return await town.person(name, Post(Role.LIAISON, unit=unit))


def rows(town: Town, query: str) -> list[tuple]:
    """What a query finds in the bot's database."""
    with town.beside() as db:
        return db.execute(query).fetchall()


def roster(town: Town) -> list[tuple]:
    """Every officer with the services that stand; what they superseded is in `service` as well."""
    return rows(
        town,
        "SELECT name, number, duty, unit_code, since, until FROM officer JOIN service ON officer_id = officer.id "
        "WHERE NOT removed AND service.id NOT IN (SELECT supersedes_id FROM service WHERE supersedes_id IS NOT NULL) "
        "ORDER BY officer.id, since",
    )
