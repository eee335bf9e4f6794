"""Whatever goes wrong around the bot: nothing is lost, doubled or out of order. The same at full length is in tests/soak."""

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from conversation import ON_SERVER, SharedTown, Town, entries, text_of
from faults import (
    assert_nothing_lost,
    folder_away,
    gone,
    locked,
    nothing_written,
    run_beside,
    run_on_a_bad_line,
    run_on_a_full_disk,
    run_with_old_updates,
)
from hostile import Siege
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wrong_clock import OffClock, run_by_a_wrong_clock


async def test_a_full_disk():
    result = await run_on_a_full_disk(updates=60, times=1, full=3)
    assert_nothing_lost(result)
    assert (result["held up"], result["files lost"]) == (1, 0)
    assert result["files"] + result["files refused"] >= 12, "a file is kept, or its sender hears that it is not"


@pytest.mark.skipif(ON_SERVER, reason="about SQLite's own ways")
async def test_a_file_that_is_locked_cannot_be_written_or_is_not_where_it_was(tmp_path):
    faults = ((locked, 5.5), (nothing_written, 1.5), (folder_away, 1))
    result = await run_beside(tmp_path / "there", *faults, updates=60)
    assert_nothing_lost(result)
    assert result["held up"] >= 2, "where only the folder is away, what is open goes on"
    assert result["repeats"] == 0


@pytest.mark.skipif(not ON_SERVER, reason="about PostgreSQL's own ways: KAOPING_TEST_DATABASE=postgresql")
async def test_a_server_that_is_locked_or_gone(tmp_path):
    result = await run_beside(tmp_path, (locked, 8.5), (gone, 1.5), updates=60)
    assert_nothing_lost(result)
    assert result["held up"] == 2
    assert result["repeats"] <= 8, (
        "an answer a chat, whose process was taken for dead while its database was gone"
    )


async def test_a_bad_line_to_telegram(tmp_path):
    result = await run_on_a_bad_line(tmp_path, updates=16, odds=0.25, notices=False)
    assert_nothing_lost(result)
    assert result["repeats"] <= result["doubtful"]


async def test_updates_that_come_again_late_and_in_another_order(tmp_path):
    result = await run_with_old_updates(tmp_path, updates=40)
    assert_nothing_lost(result)
    assert result["handed out again"] > 0
    assert result["repeats"] == 0


@st.composite
def deliveries(draw, chats=3):
    """Batches of (chat, number): each chat's in order, now and then with some that were there before."""
    left = {chat: draw(st.integers(1, 4)) for chat in range(chats)}
    come = dict.fromkeys(left, 0)
    order = draw(st.permutations([chat for chat, count in left.items() for _ in range(count)]))
    batches: list[list[tuple[int, int]]] = []
    before: list[tuple[int, int]] = []
    while order:
        size = draw(st.integers(1, 4))
        new = []
        for chat in order[:size]:
            new.append((chat, come[chat]))
            come[chat] += 1
        order = order[size:]
        old = draw(st.lists(st.sampled_from(before), max_size=3)) if before else []
        batches.append(draw(st.sampled_from([new + old, old + new, new])))
        if old and draw(st.booleans()):
            batches.append(old)
        before += new
    return batches


async def delivered(batches):
    """Have the bot take these batches in; each of the updates is a deduction."""
    with tempfile.TemporaryDirectory() as folder:
        town = await Town(Path(folder)).open()
        try:
            people = [await town.assessor(f"考核员{number}") for number in range(3)]
            updates = {}
            for chat, number in sorted({place for batch in batches for place in batch}):
                person = people[chat]
                town.world.send(person.id, person.id, f"/deduct 城关所 打击 0.01 第{chat * 10 + number}笔")
                updates[chat, number] = town.world.pending[-1]
            town.world.confirm(10**9)
            for batch in batches:
                await town.app.intake.accept([updates[place] for place in batch])
            await town.app.intake.idle()
            reasons = [row[5] for row in entries(town)]
            for chat, person in enumerate(people):
                wanted = [f"第{c * 10 + number}笔" for c, number in sorted(updates) if c == chat]
                assert [reason for reason in reasons if reason in wanted] == wanted
                cards = [
                    text_of(m) for m in town.world.store.messages(person.id, limit=1000) if m["from"]["is_bot"]
                ]
                assert len(cards) == len(wanted), "each is answered once"
                assert all(reason in card for reason, card in zip(wanted, cards, strict=True))
        finally:
            await town.close()


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(deliveries())
def test_however_updates_are_delivered_each_counts_once_and_in_order(batches):
    asyncio.run(delivered(batches))


async def test_a_clock_that_is_wrong_now_and_then(tmp_path):
    result = await run_by_a_wrong_clock(tmp_path, days=10)
    assert result.pop("days") == 10
    assert result.pop("days by a wrong clock") > 2
    assert set(result.values()) == {0}, result


async def test_processes_whose_clocks_are_years_apart_share_the_work_and_count_on_each_other(tmp_path):
    town = SharedTown(tmp_path)
    ahead, behind = OffClock(town.clock), OffClock(town.clock)
    ahead.off, behind.off = timedelta(days=366), timedelta(days=-366)
    town.bots_clock = ahead
    await town.open()
    try:
        town.other.services.clock = town.other.intake._clock = town.other.pusher._clock = behind
        numbers = {town.app.database.worker, town.other.database.worker}
        people = [await town.assessor(f"考核员{number}") for number in range(3)]
        for number in range(12):
            await people[number % 3].says(f"/deduct 城关所 打击 0.01 第{number}笔")
            await asyncio.sleep(0.2)
        assert [row[5] for row in entries(town)] == [f"第{number}笔" for number in range(12)]
        assert {row[4] for row in entries(town)} == {"2026Q4"}
        assert all("〔重发〕" not in person.screen() for person in people)
        with town.beside() as db:
            assert {number for (number,) in db.execute("SELECT id FROM worker")} == numbers, "nobody was buried"
    finally:
        await town.close()


async def test_hostile_messages(tmp_path):
    siege = Siege(tmp_path)
    await siege.open()
    try:
        await siege.go_on(1500)
        assert siege.faults() == []
        result = siege.result()
        assert result["honest"] == 60 and result["unreadable"] > 50
        assert result["lost"] == result["doubled"] == result["out of order"] == result["unanswered"] == 0
        await siege.crowd.check(unfit=True)
    finally:
        await siege.close()
