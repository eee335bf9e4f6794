"""Alembic's entry: runs on the connection that is handed in, or draws up a script without one."""

import sqlalchemy as sa
from alembic import context
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  the models register themselves

target_metadata = SQLModel.metadata


def run_migrations() -> None:
    """Migrate with foreign keys off: a batch rebuild of a parent would delete its children by cascade."""
    connection: sa.Connection = context.config.attributes["connection"]
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        connection.exec_driver_sql("ROLLBACK") if connection.in_transaction() else None
        _foreign_keys(connection, on=False)
    context.configure(
        connection=connection,
        target_metadata=target_metadata,
        render_as_batch=sqlite,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    if sqlite:
        _foreign_keys(connection, on=True)


def _foreign_keys(connection: sa.Connection, *, on: bool) -> None:
    # SQLite ignores this pragma inside a transaction, and SQLAlchemy opens one with every statement: hence the driver.
    driver = connection.connection.dbapi_connection
    assert driver is not None
    cursor = driver.cursor()
    cursor.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
    cursor.close()


run_migrations()
