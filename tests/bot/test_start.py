"""What has to hold before the bot starts."""

import gc
import subprocess
import sys

import pytest
from conversation import Town, new_database

from bot.config.load import ConfigInvalid
from bot.loading import loading
from bot.serve import serving
from rules.scheme import Item, Scheme
from sandbox.request import Fault


def without_its_items(town):
    """The config is another: the stations' scheme has an item that nobody knew."""
    organisation = town.config.organisation
    other = Scheme("派出所", (Item("别的项目", organisation.schemes[0].total),))
    town.config.__dict__["organisation"] = type(organisation)(
        **{
            **{f: getattr(organisation, f) for f in ("name", "calendar", "groups", "sequences", "units")},
            "schemes": (other,),
        }
    )


async def test_a_config_that_takes_an_item_from_under_entries_is_refused_with_the_entries_named(tmp_path):
    town = await Town(tmp_path).open()
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 原因")
    await town.close()
    without_its_items(town)
    with pytest.raises(ConfigInvalid) as refused:
        await town.open()
    (problem,) = refused.value.problems
    assert "城关派出所的项目“治安管理”" in problem.message
    assert "记录 1 " in problem.message


async def test_of_many_entries_under_a_lost_item_the_first_ten_are_named(tmp_path):
    town = await Town(tmp_path).open()
    wang = await town.assessor()
    for number in range(10):
        await wang.says(f"/deduct 城关所 治安管理 0.{number + 1} 原因{number}")
    await wang.says("/undo")
    await wang.says("/deduct 城关所 治安管理 2 原因")
    await town.close()
    without_its_items(town)
    with pytest.raises(ConfigInvalid) as refused:
        await town.open()
    (problem,) = refused.value.problems
    # The eleventh row takes the tenth back.
    assert "记录 1、2、3、4、5、6、7、8、9、10 等记在它上面" in problem.message.replace(" 等 ", " 等")


async def test_what_was_done_stays_done_over_a_restart(tmp_path):
    town = await Town(tmp_path).open()
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 原因")
    await town.restart()
    await wang.says("/score 城关所")
    assert "总分 98" in wang.sees()
    await town.close()


@pytest.mark.parametrize("fault", [Fault.NEVER_ARRIVED, Fault.BROKEN_JSON, Fault.BAD_GATEWAY, Fault.TOO_MANY])
async def test_while_telegram_gives_no_proper_answer_the_start_is_tried_again(tmp_path, fault):
    town = Town(tmp_path)
    town.config = town.config.model_copy(
        update={"database": town.config.database.model_copy(update={"url": await new_database(tmp_path)})}
    )
    town.request.fail_next("getMe", *[fault] * (4 if fault is Fault.TOO_MANY else 1))
    async with serving(town.config, request=town.request, limited=False) as app:
        assert app.application.bot.username == "kaoping_sandbox_bot"


def test_what_is_loaded_is_no_longer_looked_over_for_garbage():
    before = gc.get_freeze_count()
    with loading():
        assert not gc.isenabled()
        kept = [[] for _ in range(1000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(kept)
    gc.unfreeze()


def test_a_bot_that_fetches_and_keeps_a_file_loads_no_server_and_no_driver_of_another_database():
    needless = ("asyncpg", "uvicorn", "starlette", "xlsxwriter", "matplotlib", "pypinyin", "alembic")
    told = subprocess.run(
        [sys.executable, "-c", "import sys, bot.__main__, bot.run; print(*sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert not set(needless) & set(told.stdout.split())
