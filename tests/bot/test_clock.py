"""What the bot does by the clock: the process that leads does it, any other does nothing."""

import asyncio
from typing import Any

import pytest

from bot.clock import while_leading, wind_up
from bot.config.load import Config
from bot.ops.backup_folder import finished
from bot.ops.backups import Outcome
from bot.scheduler import Rounds
from tests.conversation import Post, Role, Town


async def everything_due(town: Town) -> None:
    """Something for every round to do."""
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    wang = await town.assessor()
    for player in (zhou, wang):
        await player.says("/start")
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await wang.says("/deduct 东门所")
    town.clock.move(days=400)


def state(town: Town) -> dict[str, Any]:
    """Everything in the database, table by table."""
    with town.beside() as db:
        return {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in db.tables()}


async def changed_by_each_round(town: Town) -> dict[str, set[str]]:
    """The tables that each round changes."""
    changed = {}
    for round_ in town.app.rounds.all:
        before = state(town)
        await round_.work()
        after = state(town)
        changed[round_.name] = {table for table in after if after[table] != before[table]}
    return changed


async def test_a_process_that_does_not_lead_does_nothing_by_the_clock(town, monkeypatch):
    await everything_due(town)
    kept = sorted(path.name for path in town.folder.rglob("*"))
    monkeypatch.setattr(town.app.crew, "leads", False, raising=False)
    assert await changed_by_each_round(town) == {
        name: set() for name in ("plan", "forget", "forget_sent", "look")
    }
    assert sorted(path.name for path in town.folder.rglob("*")) == kept, (
        "nor are ends kept outside the database"
    )


async def test_the_one_that_leads_plans_forgets_and_looks_over(town):
    await everything_due(town)
    changed = await changed_by_each_round(town)
    assert changed["plan"] != set()
    assert {"inbox", "draft"} <= changed["forget"]
    assert changed["forget_sent"] == {"push"}
    assert "audit" in changed["look"]


async def test_work_that_waits_for_the_lead_is_done_from_the_moment_it_has_it(town, monkeypatch):
    done = []

    async def work() -> None:
        done.append("done")

    guarded = while_leading(town.app.crew, work)
    for leads, expected in ((False, []), (True, ["done"]), (False, ["done"])):
        monkeypatch.setattr(town.app.crew, "leads", leads, raising=False)
        await guarded()
        assert done == expected


def with_backups(town: Town, every: int) -> Config:
    backup = town.config.backup.model_copy(update={"every": every, "folder": str(town.folder / "backups")})
    return town.config.model_copy(update={"backup": backup})


async def untold(outcome: Outcome) -> None:
    raise AssertionError(outcome)


@pytest.mark.parametrize(("every", "names"), [(0, []), (24, ["look"])])
async def test_backups_are_made_by_the_clock_where_the_config_wants_them(town, every, names):
    rounds = Rounds()
    wind_up(rounds, with_backups(town, every), town.app.services, town.app.crew, on_backup_failed=untold)
    assert [round_.name for round_ in rounds.all] == ["plan", "forget", "forget_sent", *names]


@pytest.mark.parametrize(("leads", "count"), [(False, 0), (True, 1)])
async def test_the_process_that_leads_makes_them(town, monkeypatch, leads, count):
    rounds = Rounds()
    config = with_backups(town, 24)
    wind_up(rounds, config, town.app.services, town.app.crew, on_backup_failed=untold)
    monkeypatch.setattr(town.app.crew, "leads", leads, raising=False)
    await rounds.all[-1].work()
    making = [task for task in asyncio.all_tasks() if task.get_name() == "backup"]
    assert len(making) == count
    await asyncio.gather(*making)
    assert len(finished(config.backup_folder)) == count
