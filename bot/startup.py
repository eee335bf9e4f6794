"""What is put right, and what has to hold, before anything is served."""

from datetime import datetime

from bot.config.load import Config, ConfigInvalid, Problem
from rules.calendar import Quarter
from rules.periods import begun
from storage import ledger, people, quarters, results
from storage.database import Database, Session
from storage.ledger import Used
from storage.migrate import migrate


async def prepare(database: Database, config: Config, *, now: datetime) -> Quarter:
    """Bring the database up to date with the program and the config; the quarter that the bureau began with.

    ConfigInvalid where the config would leave entries of an open quarter without their unit or item (R13).
    """
    await migrate(database)
    running = config.organisation.calendar.quarter_of(now)
    async with database.transaction() as session:
        begins = await quarters.begin(session, running, now=now)
        quarters_ = begun(begins, running)
        confirmed = await results.of(session, quarters_)
        open_ = [u for u in await ledger.used(session, quarters_) if u.unit not in confirmed[u.quarter]]
        await _check_entries(session, config, open_)
        await people.sync_admins(session, config.people.admins, now=now)
    return begins


async def _check_entries(session: Session, config: Config, used: list[Used]) -> None:
    """Refuse a config that would take a unit or an item away from under entries of an open quarter (R13)."""
    problems = []
    for place in used:
        unit = config.organisation.find_unit(place.unit)
        scheme = config.organisation.scheme_for(unit, place.quarter.year) if unit else None
        if scheme is not None and scheme.item(place.item) is not None:
            continue
        what = f"{unit.name}的项目“{place.item}”" if unit else f"单位“{place.unit}”"
        first = await ledger.first_numbers(session, place, 11)
        numbers = "、".join(map(str, first[:10])) + (" 等" if len(first) > 10 else "")
        problems.append(
            Problem(
                "category" if unit else "unit",
                f"不能去掉{what}：{place.quarter} 还没有审定，其中记录 {numbers} 记在它上面。请改回来，等该季度审定后再去掉",
            )
        )
    if problems:
        raise ConfigInvalid(tuple(problems))
