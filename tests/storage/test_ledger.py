"""The database itself holds the ledger: append-only, exact, once (R11)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from conversation import ON_SERVER, Beside, new_database
from postgres import cluster
from sqlmodel import SQLModel

from rules.calendar import Quarter
from storage import cards, ledger, people
from storage.database import Database, DatabaseInUse
from storage.migrate import migrate

NOW = datetime(2026, 11, 10, 1, tzinfo=UTC)


on_file = pytest.mark.skipif(ON_SERVER, reason="about SQLite's own ways")
on_server = pytest.mark.skipif(
    not ON_SERVER, reason="about PostgreSQL's own ways: KAOPING_TEST_DATABASE=postgresql"
)


@pytest.fixture
async def address(tmp_path):
    return await new_database(tmp_path)


@pytest.fixture
async def database(address):
    base = Database(address)
    yield base
    await base.close()


async def logged(database, key="m:1:1:0", points="2", unit="chengguan", now=NOW):
    async with database.transaction() as session:
        row = await people.meet(session, telegram_id=1, name="王", now=now)
        return await ledger.deduct(
            session,
            key=key,
            unit=unit,
            item="治安管理",
            points=Decimal(points),
            quarter=Quarter(2026, 4),
            inspected_on=now.date(),
            author_id=row.id,
            reason=None,
            at=now,
            now=now,
            group="派出所考核小组",
        )


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE entry SET points = 1",
        "DELETE FROM entry",
        pytest.param("INSERT OR REPLACE INTO entry SELECT * FROM entry", marks=on_file),
        pytest.param(
            "REPLACE INTO entry (id, key, kind, unit_code, item, points, quarter, author_id, at, recorded_at)"
            " SELECT id, key, kind, unit_code, item, 1, quarter, author_id, at, recorded_at FROM entry",
            marks=on_file,
        ),
        pytest.param("TRUNCATE entry CASCADE", marks=on_server),
        pytest.param(
            "INSERT INTO entry SELECT * FROM entry ON CONFLICT (id) DO UPDATE SET points = 1", marks=on_server
        ),
    ],
)
async def test_no_statement_changes_an_entry(database, address, sql):
    await logged(database)
    with Beside(address) as db:
        if not ON_SERVER:
            db.execute("PRAGMA recursive_triggers=ON")
        with pytest.raises(Exception, match="append-only"):
            db.execute(sql)
        db.undo()
    async with database.reading() as session:
        assert (await ledger.deduction(session, 1)).points == 2


async def test_the_same_deed_is_written_once(database):
    first, second = await logged(database), await logged(database)
    assert (first.number, first.fresh) == (1, True)
    assert (second.number, second.fresh) == (1, False)


async def test_points_are_exact_in_the_file_and_back(database, address):
    for number in range(3):
        await logged(database, key=f"k{number}", points="0.1")
    async with database.reading() as session:
        taken = await ledger.sums(session, Quarter(2026, 4), ["chengguan"])
    assert taken["chengguan"]["治安管理"] == Decimal("0.3")
    kind = ("pg_typeof(points)::text", "bigint") if ON_SERVER else ("typeof(points)", "integer")
    with Beside(address) as db:
        assert db.execute(f"SELECT points, {kind[0]} FROM entry").fetchall() == [(10, kind[1])] * 3


async def test_more_than_two_decimals_cannot_be_stored(database):
    with pytest.raises(Exception, match="not exact in hundredths"):
        await logged(database, points="0.125")


async def test_a_failed_transaction_leaves_nothing(database):
    with pytest.raises(RuntimeError):
        async with database.transaction() as session:
            await people.meet(session, telegram_id=5, name="x", now=NOW)
            raise RuntimeError
    async with database.reading() as session:
        assert await people.find(session, 5) is None


async def test_what_was_taken_back_leaves_no_gap_in_the_numbers(database):
    await logged(database, key="m:1:1:0")
    with pytest.raises(RuntimeError):
        async with database.transaction() as session:
            await ledger.deduct(
                session, key="m:1:2:0", unit="chengguan", item="治安管理", points=Decimal(1), quarter=Quarter(2026, 4),
                inspected_on=NOW.date(), author_id=1, reason=None, at=NOW, now=NOW, group="派出所考核小组",
            )  # fmt: skip
            raise RuntimeError
    assert (await logged(database, key="m:1:3:0")).number == 2


@on_server
async def test_what_durability_needs_holds_on_every_connection_to_a_server(database):
    for way in (database.transaction, database.keeping, database.reading):
        async with way() as session:
            connection = await session.connection()
            for name, value in (
                ("synchronous_commit", "on"),
                ("idle_in_transaction_session_timeout", "5s"),
                ("lock_timeout", "8s"),
                ("statement_timeout", "1min"),
                ("TimeZone", "UTC"),
            ):
                assert (await connection.exec_driver_sql(f"SHOW {name}")).scalar() == value
    async with database.reading() as session:
        connection = await session.connection()
        with pytest.raises(Exception, match="read-only"):
            await connection.exec_driver_sql("DELETE FROM picture")


@on_file
async def test_what_durability_needs_holds_on_every_connection(database):
    for way in (database.transaction, database.reading):
        async with way() as session:
            connection = await session.connection()
            for name, value in (
                ("journal_mode", "wal"),
                ("synchronous", 2),
                ("foreign_keys", 1),
                ("recursive_triggers", 1),
            ):
                assert (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar() == value


@on_file
async def test_a_second_process_is_refused(database):
    database.claim()
    other = Database(str(database.url))
    with pytest.raises(DatabaseInUse):
        other.claim()
    await other.close()


async def test_migrations_go_up_and_down_and_agree_with_the_models(tmp_path):
    database = Database(
        cluster().url(cluster().new()) if ON_SERVER else f"sqlite+aiosqlite:///{tmp_path / 'new.db'}"
    )
    await migrate(database)

    def differences(connection):
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, SQLModel.metadata)

    assert await database.run_sync(differences) == []
    from alembic import command

    from storage.migrate import alembic_config

    def downgrade(connection):
        config = alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")

    await database.run_sync(downgrade)
    await migrate(database)
    assert await database.run_sync(differences) == []
    await database.close()


async def test_a_card_that_is_told_twice_at_once_is_kept_as_the_last(database):
    numbers = [(await logged(database, key=f"k{n}")).number for n in (1, 2)]
    async with database.keeping() as session:
        await cards.remember_all(session, [(cards.Card(5, 7, number, asks=False), NOW) for number in numbers])
    async with database.reading() as session:
        assert await cards.find(session, 5, 7) == cards.Card(5, 7, numbers[1], asks=False)


async def test_what_was_written_at_midnight_is_of_the_new_day(database):
    midnight = datetime(2026, 11, 10, 16, tzinfo=UTC)
    moments = (midnight - timedelta(microseconds=1), midnight, midnight + timedelta(microseconds=1))
    for number, moment in enumerate(moments):
        await logged(database, key=f"k{number}", now=moment)
    async with database.reading() as session:
        ends = [
            await ledger.through(session, moment) for moment in (NOW, *moments, midnight + timedelta(days=1))
        ]
    assert ends == [0, 0, 1, 2, 3]
