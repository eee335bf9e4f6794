"""Several processes on one PostgreSQL database: one leads, chats are shared, the dead and the frozen are replaced."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from conversation import Beside, new_database
from killing import run_in_company

from bot.crew import EVERY, SURE, Crew, NotCounted
from bot.delivery.rate_limit import UNLIMITED, AnswersFirst
from storage import crew as lanes
from storage import inbox, people
from storage.database import Buried, Database, DatabaseFault
from storage.inbox import Arrival

NOW = datetime(2026, 11, 10, 1, tzinfo=UTC)


@dataclass
class Process:
    """What of a process is of interest here."""

    database: Database
    crew: Crew
    lost: list[str]
    heard: list[str]
    ahead: float = 0.0
    """How far its seconds are ahead of ours."""

    def seconds(self) -> float:
        return time.monotonic() + self.ahead

    async def beats(self) -> None:
        """One beat at once, as the next second would bring it."""
        line = self.crew._line
        if not await self.crew._beat(line):
            await self.crew._come_back(line)

    async def freeze(self) -> None:
        """No beat comes any more, while every connection stays open."""
        self.crew._life.cancel()
        await asyncio.wait([self.crew._life])


@pytest.fixture
async def address(tmp_path):
    return await new_database(tmp_path, on_server=True)


@pytest.fixture
async def started(address):
    """Start a process that beats only when it is told to."""
    made = []

    async def start() -> Process:
        database = Database(address)
        process = Process(database, None, [], [])
        process.crew = Crew(database, seconds=process.seconds)
        process.crew.on_news(process.heard.append)

        async def lost() -> None:
            process.lost.append("lost")

        process.crew.on_lost(lost)
        await process.crew.join()
        await process.freeze()
        made.append(process)
        return process

    yield start
    for process in made:
        await process.crew.leave()
        await process.database.close()


async def hears_nothing_of(others, process):
    """To the others no new beat of the process has come for a minute."""
    await others.beats()
    others.ahead += 60


async def line_up(process, *chats):
    """An update in each of these chats, as they were taken in."""
    async with process.database.keeping(arriving=True) as session:
        kept = await inbox.keep(
            session, [Arrival(f"{chat}:{n}", chat, "{}") for n, chat in enumerate(chats)], now=NOW
        )
        await lanes.line_up(session, kept)
    return kept


async def test_one_leads_and_when_it_leaves_the_other_does(started):
    one, two = await started(), await started()
    assert (one.crew.leads, two.crew.leads) == (True, False)
    await one.crew.leave()
    await two.beats()
    assert two.crew.leads


async def test_the_duties_of_a_leader_begin_and_end_with_its_lead(started):
    one, two = await started(), await started()
    at_work = []

    async def duty() -> None:
        at_work.append("began")
        try:
            await asyncio.Event().wait()
        finally:
            at_work.append("ended")

    two.crew.duty(duty)
    await asyncio.sleep(0)
    assert at_work == []
    await one.crew.leave()
    await two.beats()
    await asyncio.sleep(0)
    assert at_work == ["began"]
    await two.crew.leave()
    assert at_work == ["began", "ended"]


async def test_who_is_killed_is_replaced_at_the_next_beat(started):
    one, two = await started(), await started()
    one.crew._line.cut()  # what the server sees of kill -9
    for _ in range(50):
        await two.beats()
        if two.crew.leads:
            break
        await asyncio.sleep(0.02)
    assert two.crew.leads


async def test_who_is_frozen_is_replaced_and_drops_everything_when_it_comes_back(started, address):
    one, two = await started(), await started()
    number = one.database.worker
    await hears_nothing_of(two, one)
    await two.beats()
    assert two.crew.leads
    await one.beats()
    assert one.lost == ["lost"] and not one.crew.leads
    assert one.database.worker != number, "it works under another number, so that nothing old passes for new"


@pytest.mark.parametrize("span", ["-1 year", "-1 hour", "1 hour", "1 year"])
async def test_the_servers_clock_may_be_set_to_anything(started, address, span):
    one, two = await started(), await started()
    await two.beats()
    with Beside(address) as db:
        db.execute("UPDATE worker SET seen_at = seen_at + ?::interval", (span,))
    for _ in range(3):
        await two.beats()
    assert one.crew.leads and not two.crew.leads, "it lives, whatever its last beat is dated"
    await hears_nothing_of(two, one)
    await two.beats()
    assert two.crew.leads, "it is dead, even with a last beat in the future"


async def test_what_a_buried_process_was_about_to_write_is_not_written(started, address):
    one, two = await started(), await started()
    await hears_nothing_of(two, one)
    await two.beats()
    for way in (one.database.transaction, one.database.keeping):
        with pytest.raises(Buried):
            async with way() as session:
                await people.meet(session, telegram_id=5, name="x", now=NOW)
    async with two.database.reading() as session:
        assert await people.find(session, 5) is None


async def test_nobody_is_buried_amid_a_write(started, address):
    one, two = await started(), await started()
    await hears_nothing_of(two, one)
    async with one.database.transaction() as session:
        await people.meet(session, telegram_id=5, name="x", now=NOW)
        await two.beats()
        assert not two.crew.leads
    async with two.database.reading() as session:
        assert await people.find(session, 5) is not None
    await two.beats()
    assert two.crew.leads


async def test_who_freezes_amid_a_write_is_cut_off_by_the_server(started, address):
    one, two = await started(), await started()
    with pytest.raises(DatabaseFault):
        async with one.database.transaction() as session:
            connection = await session.connection()
            await connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = '200ms'")
            await people.meet(session, telegram_id=5, name="x", now=NOW)
            await hears_nothing_of(two, one)
            for _ in range(100):
                await two.beats()
                if two.crew.leads:
                    break
                await asyncio.sleep(0.05)
            assert two.crew.leads
    async with two.database.transaction() as session:
        assert await people.find(session, 5) is None


async def test_chats_are_shared_and_each_is_one_process_s(started, address):
    one, two = await started(), await started()
    await line_up(one, 1, 2, 3, 1, 2, 1)

    async def take(process, places):
        async with process.database.keeping() as session:
            return await lanes.take(session, process.database.worker, places)

    first, second = await take(one, 2), await take(two, 5)
    assert [u.chat_id for u in first] == [1, 2, 1, 2, 1], "who waits longest first, each in order"
    assert [u.chat_id for u in second] == [3]
    assert await take(two, 5) == []


async def test_a_chat_is_left_only_when_nothing_came_in_meanwhile(started, address):
    one, two = await started(), await started()
    (update,) = await line_up(one, 7)
    async with one.database.keeping() as session:
        await lanes.take(session, one.database.worker, 5)
    async with two.database.keeping(arriving=True) as session:
        kept = await inbox.keep(session, [Arrival("7:later", 7, "{}")], now=NOW)
        await lanes.line_up(session, kept)
    async with one.database.keeping() as session:
        await inbox.mark_done(session, [update.id], now=NOW)
        assert await lanes.leave_lanes(session, one.database.worker, {7: update.id}) == [7]
        assert [u.id for u in await lanes.ahead(session, [7])] == [kept[0].id]
    async with one.database.keeping() as session:
        assert await lanes.leave_lanes(session, one.database.worker, {7: kept[0].id}) == []
    with Beside(address) as db:
        assert db.execute("SELECT count(*) FROM lane").fetchone() == (0,)


async def test_what_a_dead_process_had_in_hand_is_taken_over_and_says_so(started, address):
    one, two = await started(), await started()
    await line_up(one, 7, 7)
    async with one.database.keeping() as session:
        await lanes.take(session, one.database.worker, 5)
    await hears_nothing_of(two, one)
    await two.beats()
    assert "inbox" in two.heard
    async with two.database.keeping() as session:
        taken = await lanes.take(session, two.database.worker, 5)
    assert [u.tries for u in taken] == [1, 0], "the first may have been answered, the second not"


async def test_a_chat_in_which_nothing_waits_is_given_up_at_once(started, address):
    one = await started()
    (update,) = await line_up(one, 7)
    async with one.database.keeping() as session:
        await inbox.mark_failed(session, update.id, tries=5, error="x", dead=True, now=NOW)
    async with one.database.keeping() as session:
        assert await lanes.take(session, one.database.worker, 5) == []
    with Beside(address) as db:
        assert db.execute("SELECT count(*) FROM lane").fetchone() == (0,)


async def test_whoever_may_have_been_replaced_sends_nothing(started):
    now = [0.0]
    one = await started()
    one.crew._seconds = lambda: now[0]
    await one.beats()
    sent = []

    async def send() -> str:
        sent.append("sent")
        return "ok"

    limiter = AnswersFirst(counted=lambda: one.crew.counted, **UNLIMITED)
    await limiter.process_request(send, (), {}, "sendMessage", {}, None)
    now[0] += 60  # it was frozen
    with pytest.raises(NotCounted):
        await limiter.process_request(send, (), {}, "sendMessage", {}, None)
    assert sent == ["sent"]


async def test_a_process_stops_sending_before_the_others_bury_it(started):
    """It counts from before its beat, the others from after it; a beat may be late, and be looked at a beat later."""
    assert SURE + 2 * EVERY <= lanes.STALE
    now = [0.0]
    one = await started()
    one.crew._seconds = lambda: now[0]
    await one.beats()
    for seconds, counted in ((SURE - 0.1, True), (SURE, False), (lanes.STALE - EVERY, False)):
        now[0] = seconds
        assert one.crew.counted is counted, seconds
    await one.beats()
    assert one.crew.counted, "a beat that comes through in time makes it sure again"


async def test_a_beat_that_does_not_come_through_makes_nothing_sure(started):
    now = [0.0]
    one, two = await started(), await started()
    one.crew._seconds = lambda: now[0]
    await one.beats()
    await hears_nothing_of(two, one)
    await two.beats()
    now[0] = SURE - 1
    assert not await one.crew._beat(one.crew._line)
    now[0] = SURE
    assert not one.crew.counted


async def test_the_others_hear_of_news_at_once(started, address):
    one, two = await started(), await started()
    two.heard.clear()
    await line_up(one, 7)
    for _ in range(200):
        if two.heard:
            break
        await asyncio.sleep(0.01)
    assert two.heard == ["inbox"]


async def test_a_stop_that_comes_while_a_buried_process_comes_back_is_heard(started, address):
    one, two = await started(), await started()
    ending, let_go = asyncio.Event(), asyncio.Event()

    async def slow_to_end() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ending.set()
            await let_go.wait()

    one.crew.duty(slow_to_end)
    await asyncio.sleep(0)
    await hears_nothing_of(two, one)
    await two.beats()
    one.crew._life = asyncio.create_task(one.crew._come_back(one.crew._line))
    await ending.wait()
    leaving = asyncio.create_task(one.crew.leave())
    await asyncio.sleep(0)
    let_go.set()
    await asyncio.wait_for(leaving, 5)
    assert one.crew._life.cancelled()


async def test_alone_on_sqlite_it_leads_from_the_first_moment(tmp_path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'k.db'}")
    crew = Crew(database)
    began = []

    async def duty() -> None:
        began.append("began")

    crew.duty(duty)
    await crew.join()
    await asyncio.sleep(0)
    assert crew.leads and crew.counted and began == ["began"]
    await crew.leave()
    await database.close()


async def test_two_real_processes_one_killed_and_one_frozen(tmp_path):
    result = await run_in_company(tmp_path, updates=120, faults=2, frozen=0.5, seed=4)
    assert result["lost"] == result["doubled"] == result["out of order"] == result["unanswered"] == 0
    assert result["unmarked repeats"] == 0
