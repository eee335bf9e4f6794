"""The monitoring address: a real bot, real HTTP; healthy or what is wrong, and numbers that move with what happens."""

import asyncio
import logging
import re
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from conversation import ON_SERVER, Post, Role, entries
from prometheus_client.parser import text_string_to_metric_families

from bot.commands import COMMANDS, PRESSES
from bot.ops.metrics import Metrics
from bot.ops.monitoring import SAMPLE_EVERY, sample, watched
from charts.studio import WorkerGone
from sandbox.request import Fault
from storage import pushes, queue_statistics


@pytest.fixture
async def ops(town):
    """A client of the monitoring address of a bot that polled just now."""
    async with watched(town.app, "127.0.0.1:0") as address, client_of(address) as client:
        town.app.intake.last_poll = town.clock()
        yield client


def client_of(address):
    return httpx.AsyncClient(base_url=address, trust_env=False, timeout=30)


async def health(ops):
    answer = await ops.get("/healthz")
    body = answer.json()
    assert body["healthy"] is (answer.status_code == 200)
    return answer.status_code, [problem["name"] for problem in body["problems"]]


async def numbers(ops):
    """Every sample by its name and label, as `name` or `name:label`."""
    answer = await ops.get("/metrics")
    assert answer.status_code == 200
    found = {}
    for family in text_string_to_metric_families(answer.text):
        for sampled in family.samples:
            labels = {key: value for key, value in sampled.labels.items() if key != "le"}
            if "le" not in sampled.labels:
                found[":".join([sampled.name, *labels.values()])] = sampled.value
    return found


@asynccontextmanager
async def moved(ops):
    """What moves meanwhile, and by how much."""
    before, change = await numbers(ops), {}
    yield change
    after = await numbers(ops)
    change.update(
        {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)}
    )


async def test_a_bot_at_work_is_healthy(town, ops):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert await health(ops) == (200, [])


async def test_a_bot_that_has_just_started_has_a_minute_for_its_first_poll(town, ops):
    town.app.intake.last_poll = None
    town.clock.move(seconds=59)
    assert await health(ops) == (200, [])
    town.clock.move(seconds=1)
    assert await health(ops) == (503, ["poll"])


async def test_a_poll_that_is_too_old_is_told_and_the_next_one_puts_it_right(town, ops):
    town.clock.move(seconds=60)
    assert await health(ops) == (503, ["poll"])
    wang = await town.assessor()
    town.world.send(wang.id, wang.id, "/help")
    polling = asyncio.create_task(town.app.intake.poll())
    await town.world.fetched()
    polling.cancel()
    assert await health(ops) == (200, [])


async def test_who_does_not_lead_need_not_hear_from_telegram_and_is_healthy(town, ops, monkeypatch):
    monkeypatch.setattr(town.app.crew, "leads", False, raising=False)
    town.clock.move(days=1)
    assert await health(ops) == (200, [])
    monkeypatch.setattr(town.app.crew, "leads", True, raising=False)
    assert await health(ops) == (503, ["poll"])


async def test_who_is_not_counted_on_any_more_is_not_healthy(town, ops, monkeypatch):
    monkeypatch.setattr(town.app.crew, "_sure_until", float("-inf"), raising=False)
    assert await health(ops) == (503, ["company"])


async def test_everything_that_is_wrong_is_told_at_once(town, ops):
    wang = await town.assessor()
    town.world.send(wang.id, wang.id, "/deduct 城关所 治安管理 2 原因")
    town.app.intake._stopping = True
    await town.app.intake.accept(list(town.world.pending))
    town.clock.move(seconds=60)
    assert await health(ops) == (503, ["poll", "waiting"])


async def test_an_update_that_waits_too_long_is_told(town, ops):
    wang = await town.assessor()
    town.world.send(wang.id, wang.id, "/deduct 城关所 治安管理 2 原因")
    town.app.intake._stopping = True
    await town.app.intake.accept(list(town.world.pending))
    assert await health(ops) == (200, [])
    town.clock.move(seconds=60)
    town.app.intake.last_poll = town.clock()
    assert await health(ops) == (503, ["waiting"])
    shown = await numbers(ops)
    assert (shown["kaoping_updates_waiting"], shown["kaoping_oldest_waiting_seconds"]) == (1, 60)


async def test_who_does_not_lead_shows_no_poll_whose_age_would_only_grow(town, ops, monkeypatch):
    town.app.intake.last_poll = town.clock()
    assert "kaoping_last_poll_age_seconds" in await numbers(ops)
    monkeypatch.setattr(town.app.crew, "leads", False, raising=False)
    assert "kaoping_last_poll_age_seconds" not in await numbers(ops)


async def test_a_database_that_another_holds_is_told_while_the_loop_goes_on(town, ops):
    beats = 0

    async def beat():
        nonlocal beats
        while True:
            beats += 1
            await asyncio.sleep(0.001)

    beating = asyncio.create_task(beat())
    with town.beside() as other:
        other.hold()
        asked = [asyncio.create_task(health(ops)) for _ in range(5)]
        for told in await asyncio.gather(*asked):
            assert told == (503, ["database"])
        assert (await numbers(ops))["kaoping_database_up"] == 1, "it can be read still"
        other.undo()
    beating.cancel()
    assert beats > 100
    assert await health(ops) == (200, [])
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert "已登记" in wang.sees()


async def test_a_database_that_hangs_holds_up_neither_page_and_is_asked_once(town, ops, monkeypatch):
    asked, free = [], asyncio.Event()
    read = queue_statistics.read

    async def hanging(session, *, now):
        asked.append(now)
        await free.wait()
        return await read(session, now=now)

    monkeypatch.setattr(queue_statistics, "read", hanging)
    assert await health(ops) == (503, ["database"])
    assert await health(ops) == (503, ["database"])
    assert len(asked) == 1
    await numbers(ops)
    shown = await numbers(ops)
    assert len(asked) == 2, "to write and to read, each once"
    assert shown["kaoping_database_up"] == 0
    assert "kaoping_updates_waiting" not in shown and "kaoping_last_poll_age_seconds" in shown
    free.set()
    if ON_SERVER:
        # It has cut off who idled amid a transaction, and that is heard once.
        await health(ops)
    assert await health(ops) == (200, [])
    assert (await numbers(ops))["kaoping_database_up"] == 1


async def test_what_an_answer_took_is_counted_under_its_command(town, ops):
    wang = await town.assessor()
    async with moved(ops) as change:
        await wang.says("/deduct 城关所 治安管理 2 原因")
    assert change["kaoping_updates_total:done"] == 1
    assert change["kaoping_answer_seconds_count:deduct"] == 1
    assert change["kaoping_transaction_seconds_count"] >= 3
    async with moved(ops) as change:
        await wang.says("扣分 城关所 治安管理 1")
        await wang.presses("撤销")
    assert change["kaoping_answer_seconds_count:deduct"] == 1
    assert change["kaoping_answer_seconds_count:press:undo"] == 1


async def test_an_answer_that_came_late_is_counted_from_when_its_update_was_taken_in(town, ops):
    wang = await town.assessor()
    through = town.request.do_request

    async def slow(*args, **kwargs):
        town.clock.move(seconds=7)
        return await through(*args, **kwargs)

    town.request.do_request = slow
    async with moved(ops) as change:
        await wang.says("/help")
    assert change["kaoping_answer_seconds_sum:help"] >= 7


async def test_failures_and_what_is_given_up_are_counted(town, ops, monkeypatch):
    from storage import ledger

    async def broken(*args, **kwargs):
        raise RuntimeError("on purpose")

    wang = await town.assessor()
    monkeypatch.setattr(ledger, "deduct", broken)
    async with moved(ops) as change:
        await wang.says("/deduct 城关所 治安管理 2 原因")
    assert (change["kaoping_updates_total:failed"], change["kaoping_updates_total:dead"]) == (4, 1)
    assert change["kaoping_updates_given_up"] == 1
    assert "kaoping_updates_total:done" not in change


async def test_planned_messages_are_counted_as_due_sent_put_back_and_dropped(town, ops):
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/whoami")

    async def plan(key):
        async with town.app.database.transaction() as session:
            await pushes.plan(session, key=key, chat_id=zhou.id, text=key, due_at=town.clock())

    async with moved(ops) as change:
        await plan("a")
    assert change["kaoping_pushes_due"] == 1
    town.request.fail_next("sendMessage", Fault.NEVER_ARRIVED)
    async with moved(ops) as change:
        await town.app.pusher.send_due()
    assert change["kaoping_pushes_total:put_back"] == 1
    town.clock.move(minutes=1)
    async with moved(ops) as change:
        await town.app.pusher.send_due()
    assert change["kaoping_pushes_total:sent"] == 1
    assert (await numbers(ops))["kaoping_pushes_due"] == 0
    town.world.block(zhou.id)
    await plan("b")
    async with moved(ops) as change:
        await town.app.pusher.send_due()
    assert change["kaoping_pushes_total:dropped"] == 1


async def test_drawing_and_what_is_not_drawn_and_found_pictures_are_counted(town, ops, monkeypatch):
    lin = await town.person("林主任", Post(Role.OFFICE))
    async with moved(ops) as change:
        await lin.says("/score 城关所")
    assert (change["kaoping_chart_seconds_count"], change["kaoping_pictures_total:miss"]) == (1, 1)
    async with moved(ops) as change:
        await lin.says("/score 城关所")
    assert change["kaoping_pictures_total:hit"] == 1 and "kaoping_chart_seconds_count" not in change
    town.studio.broken = True
    async with moved(ops) as change:
        await lin.says("/score 东门所")
    assert change["kaoping_chart_failures_total:chart"] == 1

    async def gone(chart, kind=None):
        raise WorkerGone

    monkeypatch.setattr(town.studio, "draw", gone)
    async with moved(ops) as change:
        await lin.says("/score 东门所")
    assert change["kaoping_chart_failures_total:worker"] == 1


async def test_how_long_the_loop_was_held_is_sampled():
    metrics, now = Metrics(), 0.0
    waits = iter([0.0, 2.0, None])

    async def pause(seconds):
        nonlocal now
        held = next(waits)
        if held is None:
            raise asyncio.CancelledError
        now += seconds + held

    with pytest.raises(asyncio.CancelledError):
        await sample(metrics, pause=pause, timer=lambda: now)
    assert now == 2 * SAMPLE_EVERY + 2
    registry = metrics.registry
    assert registry.get_sample_value("kaoping_loop_held_seconds_count") == 2
    assert registry.get_sample_value("kaoping_loop_held_seconds_sum") == 2


async def test_whatever_is_typed_or_pressed_there_are_no_more_labels_than_the_program_has_names(town, ops):
    wang = await town.assessor()
    stranger = await town.person("路人")
    for number in range(100):
        await wang.says(f"/command{number} 张三{number}")
    for number in range(20):
        await stranger.says(f"/strange{number}")
        await wang.says(f"随便说说{number}")
    message = await wang.says("/help")
    sent = town.world.store.messages(wang.id, limit=1)[-1]
    for number in range(20):
        await wang.presses_data(sent, f"zz{number}:李四", forged=True)
    await wang.edits(message, "/edited 王五")
    town.world.inline(wang.id, wang.id, "城关 赵六")
    await town.settle()
    text = (await ops.get("/metrics")).text
    labels = set(re.findall(r'command="([^"]*)"', text))
    known = {command.name for command in COMMANDS} | {f"press:{press.verb}" for press in PRESSES}
    ours = {"unknown", "plain", "inline", "other"}
    assert ours <= labels <= known | ours
    assert not re.search("张三|李四|王五|赵六|随便", text)


async def test_the_guide_names_every_metric_and_no_other(town, ops):
    guide = (Path(__file__).parents[3] / "docs" / "monitoring.md").read_text(encoding="utf-8")
    shown = set(
        re.findall(
            r"^# TYPE (kaoping_\w+) (?:counter|gauge|histogram)$", (await ops.get("/metrics")).text, re.M
        )
    )
    shown = {name for name in shown if not name.endswith("_created")}
    table = guide.split("## 指标")[1].split("## 接到")[0]
    assert set(re.findall(r"^\| `(kaoping_\w+)", table, re.M)) == shown
    rules = guide.split("## 接到")[1].split("## 聊天里的告警")[0]
    assert {re.sub("_bucket$", "", name) for name in re.findall(r"kaoping_\w+", rules)} <= shown


async def test_two_processes_on_one_address_cost_the_second_its_monitoring_only(town, ops):
    admin = await town.person("陈", Post(Role.ADMIN))
    await admin.says("/help")
    taken = ops.base_url.netloc.decode()
    async with watched(town.app, taken) as address:
        assert address is None
        await town.settle()
        assert "监控地址" in admin.screen() and "ops.listen" in admin.screen()
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert len(entries(town)) == 1


async def test_a_question_that_still_hangs_at_the_end_does_not_keep_the_bot_from_stopping(town, monkeypatch):
    async def hanging(session, *, now):
        await asyncio.Event().wait()

    monkeypatch.setattr(queue_statistics, "read", hanging)
    async with (
        asyncio.timeout(60),
        watched(town.app, "127.0.0.1:0") as address,
        client_of(address) as client,
    ):
        assert await health(client) == (503, ["database"])


async def test_what_the_other_web_servers_log_is_still_logged_beside_it(town, caplog):
    async with watched(town.app, "127.0.0.1:0"):
        logging.getLogger("uvicorn.error").error("Exception in ASGI application")
    assert [record.getMessage() for record in caplog.records if record.name == "uvicorn.error"][-1:] == [
        "Exception in ASGI application"
    ]
