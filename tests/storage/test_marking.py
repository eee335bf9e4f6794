"""PostgreSQL's way of marking what is answered: one statement, that writes all or nothing."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from conversation import ON_SERVER, new_database

from rules.calendar import Quarter
from storage import inbox, ledger, marking, people
from storage.cards import Card
from storage.database import Database
from storage.inbox import Arrival
from storage.migrate import migrate
from storage.tables import CardRow, InboxRow, UpdateState, WorkerRow

NOW = datetime(2026, 11, 10, 1, tzinfo=UTC)

pytestmark = pytest.mark.skipif(
    not ON_SERVER, reason="about PostgreSQL's own ways: KAOPING_TEST_DATABASE=postgresql"
)


@pytest.fixture
async def base(tmp_path):
    """A database with one worker, 7, and three updates that wait: 1, 2, 3."""
    made = Database(await new_database(tmp_path))
    await migrate(made)
    async with made.transaction() as session:
        session.add(WorkerRow(id=7, seen_at=NOW))
    async with made.keeping() as session:
        await inbox.keep(session, [Arrival(f"k{n}", 100 + n, "{}") for n in range(3)], now=NOW)
    yield made
    await made.close()


@pytest.fixture
async def entry_number(base):
    """The number of an entry that a card may be of."""
    async with base.transaction() as session:
        row = await people.meet(session, telegram_id=1, name="王", now=NOW)
        written = await ledger.deduct(
            session, key="m:1:1:0", unit="chengguan", item="治安管理", points=Decimal(2), quarter=Quarter(2026, 4),
            inspected_on=NOW.date(), author_id=row.id, reason=None, at=NOW, now=NOW, group="派出所考核小组",
        )  # fmt: skip
        return written.number


async def states(base):
    async with base.reading() as session:
        return [
            (row.state, row.done_at, row.error)
            for row in await session.exec(sa.select(InboxRow.__table__).order_by(InboxRow.__table__.c.id))
        ]


async def cards(base):
    async with base.reading() as session:
        return [
            tuple(row)
            for row in await session.exec(sa.select(CardRow.__table__).order_by(CardRow.__table__.c.chat_id))
        ]


async def marked(base, ids, sent=(), worker=7, now=NOW):
    return await base.at_once(lambda session: marking.mark_done(session, worker, ids, sent, now=now))


async def test_what_is_answered_is_marked_and_nothing_else(base):
    first, second, third = [update.id for update in await base.read(inbox.waiting)]
    assert await marked(base, [first, third])
    done, waiting = (UpdateState.DONE, NOW, None), (UpdateState.WAITING, None, None)
    assert await states(base) == [done, waiting, done]
    assert await marked(base, [first, second], now=NOW + timedelta(hours=1))
    assert (await states(base))[0] == done, "once"


async def test_what_was_given_up_stays_given_up(base):
    first, *_ = [update.id for update in await base.read(inbox.waiting)]
    async with base.keeping() as session:
        await inbox.mark_failed(session, first, tries=5, error="E", dead=True, now=NOW)
    assert await marked(base, [first])
    assert (await states(base))[0] == (UpdateState.DEAD, NOW, "E")


async def test_a_process_that_was_buried_marks_nothing(base):
    first, *_ = [update.id for update in await base.read(inbox.waiting)]
    assert not await marked(base, [first], worker=8)
    assert {state for state, _, _ in await states(base)} == {UpdateState.WAITING}


async def test_a_card_is_remembered_with_it_the_newest_of_a_message(base, entry_number):
    at = NOW + timedelta(seconds=5)
    one, again = Card(101, 5, entry_number, asks=True), Card(101, 5, entry_number, asks=False)
    assert await marked(base, [], [(one, NOW), (again, at), (Card(102, 6, entry_number, asks=False), at)])
    assert await cards(base) == [(101, 5, entry_number, False, at), (102, 6, entry_number, False, at)]
    assert await marked(base, [], [(one, at)])
    assert (await cards(base))[0] == (101, 5, entry_number, True, at)
    assert not await marked(base, [], [(Card(103, 7, entry_number, asks=False), at)], worker=8)
    assert len(await cards(base)) == 2
