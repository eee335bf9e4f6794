"""The register: every table is in it, in a chain, or said to decide nothing; what stood before it is registered, too."""

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from sandbox.world import Upload
from storage import evidence, register
from storage.chain_ends import EndsFolder, Memory
from storage.database import Database
from storage.hash_chain import KINDS, End
from storage.migrate import migrate
from storage.recount import recount
from storage.tables import (
    CardRow,
    ChainEndRow,
    DraftRow,
    InboxRow,
    LaneRow,
    LeadershipRow,
    PictureRow,
    PushRow,
    SettingRow,
    StrangerRow,
    TallyRow,
    WatchRow,
    WorkerRow,
)  # fmt: skip
from tests.backing import NOW, lived_in
from tests.conversation import ON_SERVER, Sketchbook, Town

PASSING = (
    CardRow, DraftRow, InboxRow, LaneRow, LeadershipRow, PictureRow, PushRow, SettingRow, WatchRow, WorkerRow,
    TallyRow, ChainEndRow, StrangerRow,
)  # fmt: skip
"""What decides nothing: messages and questions on their way, processes, choices; and what is compared otherwise."""


def test_every_table_is_registered_or_chained_or_decides_nothing():
    known = {row.__tablename__ for row in (*register.REGISTERED, *KINDS, *PASSING)}
    assert set(SQLModel.metadata.tables) == known


async def test_whatever_the_dialogs_write_is_registered(tmp_path):
    town = await lived_in(tmp_path)
    found = await recount(town.app.database.reading)
    assert found.faults == ()
    async with town.app.database.reading() as session:
        connection = await session.connection()
        for kind in register.REGISTERED:
            name = kind.__tablename__
            rows = (await connection.execute(sa.text(f'SELECT count(*) FROM "{name}"'))).scalar()
            query = sa.text("SELECT count(DISTINCT row_id) FROM register WHERE table_name = :name")
            assert (await connection.execute(query, {"name": name})).scalar() >= rows, name
        said = (await connection.execute(sa.text("SELECT content FROM register"))).scalars().all()
    for name in ("张三", "李四", "王五", "林主任", "王伟", "多扣了"):
        assert not any(name in (text or "") for text in said), name
    await town.close()


async def test_who_is_erased_can_no_longer_be_guessed_at_from_the_register(town):
    from tests import officers

    (officer,) = await officers.enlist(town, "chengguan", "张三")
    from storage import roster

    async with town.app.database.transaction() as session:
        await roster.erase(session, officer, key="erase", unit="chengguan", by=1, today=NOW.date(), now=NOW)
    with town.beside() as db:
        assert db.execute("SELECT name, salt FROM officer").fetchone() == ("", "")
    assert (await recount(town.app.database.reading)).faults == ()


@pytest.mark.skipif(ON_SERVER, reason="a file is taken back to an older migration")
async def test_what_stood_before_is_registered_on_migrating_and_watched_from_then_on(tmp_path):
    town = await lived_in(tmp_path)
    await town.close()
    url = town.config.database.url
    database = Database(url)

    def older(connection):
        from alembic import command

        from storage.migrate import alembic_config

        config = alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0012")

    await database.run_sync(older)
    old = await recount(database.reading)
    assert {verdict.table for verdict in old.verdicts} == {"entry", "officer_entry", "audit"}
    assert old.faults == ()
    await migrate(database)
    found = await recount(database.reading)
    assert found.faults == () and len(found.verdicts) == 4
    with town.beside() as db:
        db.unguard("post")
        db.execute("UPDATE post SET group_name = '别的' WHERE id = 1")
    (fault,) = (await recount(database.reading)).faults
    assert (fault.where, fault.columns) == ("post 1", ("group_name",))
    await database.close()


@pytest.mark.skipif(ON_SERVER, reason="a file is taken back to an older migration")
async def test_attachments_from_before_files_could_be_moved_hold_and_are_watched(tmp_path):
    town = await Town(tmp_path).open()
    wang = await town.assessor()
    await wang.uploads(
        Upload("a.png", Sketchbook.PNG), kind="photo", caption="/deduct 城关所 治安管理 2 台账缺失"
    )
    await town.close()
    database = Database(town.config.database.url)

    def older(connection):
        from alembic import command

        from storage.migrate import alembic_config

        config = alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0006")

    await database.run_sync(older)
    await migrate(database)
    assert (await recount(database.reading)).faults == ()
    async with database.reading() as session:
        assert await evidence.counts(session, [1]) == {1: 1}
    with town.beside() as db:
        db.unguard("attachment")
        db.execute("UPDATE attachment SET attached = 0")
    (fault,) = (await recount(database.reading)).faults
    assert (fault.where, fault.columns) == ("attachment 1", ("attached",))
    await database.close()


def test_ends_are_remembered_for_nobody_else_and_a_cut_line_costs_only_itself(tmp_path):
    folder = EndsFolder(tmp_path / "seals")
    assert folder.read() == Memory()
    one, two = End("entry", "甲", 1, "a" * 64), End("entry", "甲", 2, "b" * 64)
    folder.remember([one], NOW)
    with (tmp_path / "seals" / "ends.jsonl").open("a") as file:
        file.write('{"what":"ends","at":"20')
    folder.note_sound([two], NOW)
    memory = folder.read()
    assert [remembered.end for remembered in memory.ends] == [one, two]
    assert (memory.sound_at, memory.unreadable) == (NOW, 1)
    assert (tmp_path / "seals").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "seals" / "ends.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_restored_backup_need_not_have_what_came_after_it(tmp_path):
    folder = EndsFolder(tmp_path / "seals")
    one, two, other = (
        End("entry", "甲", 1, "a" * 64),
        End("entry", "甲", 2, "b" * 64),
        End("entry", "乙", 1, "c" * 64),
    )
    folder.remember([one, other], NOW)
    folder.keep_latest([two, other], NOW)
    folder.note_restored([one], NOW, made_at=NOW)
    memory = folder.read()
    assert [remembered.end for remembered in memory.ends] == [one]
    (restored,) = memory.restored
    assert (set(restored.before), restored.after) == ({two, other}, (one,))
