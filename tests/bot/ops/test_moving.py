"""A bureau is carried from SQLite to PostgreSQL: everything, once, compared; and goes on there."""

import sqlite3

import pytest
from conversation import ON_SERVER, Post, Role, numbers_of
from postgres import cluster
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.ops.move import differences, move
from storage.database import Database
from storage.moving import holding

pytestmark = pytest.mark.skipif(ON_SERVER, reason="moves from SQLite")


@pytest.fixture
def address():
    name = cluster().new()
    yield cluster().url(name)
    cluster().drop(name)


async def lived(town):
    """A little of everything."""
    wang, lin = await town.assessor(), await town.person("林主任", Post(Role.OFFICE))
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    for line in ("城关所 治安管理 2 台账缺失", "东门所 执法 0.35 卷宗", "城关所 情报 1 😀\u200b引号'\"\\%"):
        await wang.says(f"/deduct {line}")
    await wang.says("/correct 2 0.1 多扣了")
    await wang.says("/undo")
    await zhou.says("/roster 张伟 012345")
    return wang, lin


async def test_everything_is_carried_and_goes_on(town, address, capsys):
    wang, lin = await lived(town)
    await lin.says("/rank 派出所第一序列")
    before = lin.sees()
    await town.close()
    assert await move(town.config, address) == 0
    told = capsys.readouterr().out
    assert "两边完全一样" in told and str(town.config.evidence_folder) in told
    town._made = address
    town.config = town.config.model_copy(
        update={"database": town.config.database.model_copy(update={"url": address})}
    )
    await town.open()
    await lin.says("/rank 派出所第一序列")
    assert lin.sees() == before
    await lin.says("/log 城关所")
    assert "😀" in lin.sees()
    await wang.says("/deduct 西街所 情报 1 原因")
    (last,) = numbers_of(wang.sees())[:1]
    with town.beside() as db:
        assert db.execute("SELECT max(id) FROM entry").fetchone() == (last,)
        assert db.execute("SELECT count(*) FROM inbox WHERE state = 'waiting'").fetchone() == (0,)


async def test_what_still_waits_is_handled_after_the_move(town, address):
    wang = await town.assessor()
    town.world.send(wang.id, wang.id, "/deduct 城关所 治安管理 2 原因")
    town.app.intake._stopping = True
    await town.app.intake.accept(list(town.world.pending))
    town.world.confirm(town.world.pending[-1]["update_id"] + 1)
    await town.close()
    assert await move(town.config, address) == 0
    town._made = address
    town.config = town.config.model_copy(
        update={"database": town.config.database.model_copy(update={"url": address})}
    )
    await town.open()
    await town.app.intake.idle()
    assert "已登记" in wang.screen()


async def test_nothing_is_moved_while_the_program_runs(town, address, capsys):
    await lived(town)
    town.app.database.claim()
    assert await move(town.config, address) == 2
    assert "请先停掉程序" in capsys.readouterr().err


async def test_a_database_with_something_in_it_is_not_overwritten(town, address, capsys):
    await lived(town)
    await town.close()
    assert await move(town.config, address) == 0
    assert await move(town.config, address) == 2
    assert "不会覆盖" in capsys.readouterr().err


async def test_a_ledger_that_was_tampered_with_is_not_carried_on(town, address, capsys):
    await lived(town)
    await town.close()
    with town.beside() as db:
        db.unguard("entry")
        db.execute("UPDATE entry SET points = 100 WHERE id = 1")
    assert await move(town.config, address) == 2
    assert "台账（派出所考核小组）从编号 1 起与校验码不符" in capsys.readouterr().err


async def test_sums_that_are_not_what_the_ledger_says_are_not_carried_on(town, address, capsys):
    await lived(town)
    await town.close()
    with town.beside() as db:
        db.execute("UPDATE tally SET points = 500")
    assert await move(town.config, address) == 2
    assert "汇总与台账不符。请先查明原因，用 rebuild-sums" in capsys.readouterr().err


async def test_a_fault_half_way_leaves_the_new_database_empty(town, address, capsys):
    await lived(town)
    await town.close()
    with town.beside() as db:
        # SQLite keeps whatever it is given; PostgreSQL does not.
        db.execute(
            "UPDATE push SET error = ?, worker_id = 9223372036854775807, tries = 99999999999", ("长" * 200,)
        )
    assert await move(town.config, address) == 2
    assert "数据库出错" in capsys.readouterr().err
    database = Database(address)
    assert (await holding(database)).rows == 0
    await database.close()


async def test_a_difference_is_named(town, address):
    await lived(town)
    await town.close()
    assert await move(town.config, address) == 0
    source, target = Database(town.config.database.url), Database(address)
    one = await holding(source)
    with sqlite3.connect(str(source.url.database)) as db:
        db.execute("INSERT INTO picture VALUES ('x', 'y', '2026-01-01 00:00:00')")
    found = differences(await holding(source), await holding(target))
    assert found == ["表 picture：1 行变成 0 行"]
    assert differences(one, await holding(target)) == []
    await source.close()
    await target.close()


@pytest.mark.parametrize(
    ("to", "said"),
    [("mysql://x", "应以 sqlite"), ("postgresql+asyncpg://u:p@h:notaport/x", "地址看不懂"),
     ("postgresql+asyncpg://nobody:secret@127.0.0.1:1/none", "数据库服务器连不上")],
)  # fmt: skip
def test_an_address_that_is_none_is_told_without_its_password(tmp_path, to, said):
    from conversation import EXAMPLE

    (tmp_path / "config.toml").write_text(
        EXAMPLE.read_text(encoding="utf-8").replace("data/kaoping.db", f"{tmp_path}/k.db"), encoding="utf-8"
    )
    sqlite3.connect(tmp_path / "k.db").close()
    result = CliRunner().invoke(cli, ["move", "--to", to, "--config", str(tmp_path / "config.toml")])
    assert result.exit_code == 2
    assert said in result.output and "secret" not in result.output
