"""`run` as a process of its own with updates brought by webhook, on a local Telegram that lives on beside it."""

import asyncio

import pytest
from conversation import text_of
from hooked import OUTSIDE
from killing import COMMAND, ROOT, Station

from bot.intake.inbox_worker import ALLOWED


@pytest.fixture
async def station(tmp_path):
    here = Station(tmp_path, hooked=True)
    yield here
    await here.close()


async def answered(station, person, words):
    """Until the bot has answered a person so; all that it has said in the chat."""
    for _ in range(600):
        messages = station.world.store.messages(person, limit=1000)
        screen = "\n".join(text_of(message) for message in messages if message["from"]["is_bot"])
        if words in screen:
            return screen
        await asyncio.sleep(0.1)
    raise AssertionError(f"no {words!r} in {screen!r}")


def reasons(station):
    with station.beside() as db:
        return [reason for (reason,) in db.execute("SELECT reason FROM entry ORDER BY id")]


async def test_a_conversation_by_webhook_over_a_kill_and_a_stop(station):
    (wang,) = await station.open(assessors=1)
    station.world.send(wang, wang, "/deduct 城关所 治安管理 2 早到的")
    await station.start()
    assert "已登记" in await answered(station, wang, "早到的")
    info = station.api.webhook.info()
    assert (info["url"], info["allowed_updates"]) == (f"{OUTSIDE}/hook", ALLOWED)
    await station.drained()
    await station.kill()
    station.world.send(wang, wang, "/deduct 城关所 治安管理 1 死后的")
    await station.start()
    await answered(station, wang, "死后的")
    await station.drained()
    process = station.processes.pop()
    process.terminate()
    assert await process.wait() == 0
    assert station.api.webhook.url == f"{OUTSIDE}/hook"
    station.world.send(wang, wang, "/deduct 城关所 治安管理 1 停后的")
    await station.start()
    await answered(station, wang, "停后的")
    await station.drained()
    assert reasons(station) == ["早到的", "死后的", "停后的"]


async def test_who_goes_back_to_fetching_takes_the_webhook_away_and_gets_what_waits(station):
    (wang,) = await station.open(assessors=1)
    await station.api.call("setWebhook", {"url": f"{OUTSIDE}/hook"})
    station.world.send(wang, wang, "/deduct 城关所 治安管理 2 等着的")
    station.environment["KAOPING_TELEGRAM__MODE"] = "polling"
    await station.start()
    await answered(station, wang, "等着的")
    assert station.api.webhook.url == ""
    await station.drained()
    assert reasons(station) == ["等着的"]


async def said_on_refusal(station):
    """The exit code and what stands on standard error."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND, cwd=ROOT, env=station.environment, stderr=asyncio.subprocess.PIPE
    )
    _, error = await process.communicate()
    return process.returncode, error.decode()


async def test_a_port_in_use_is_told_of_and_ends_the_start(station):
    await station.open(assessors=1)
    other = await asyncio.start_server(lambda r, w: None, *station.listen.split(":"))
    code, said = await said_on_refusal(station)
    other.close()
    assert code == 2
    assert f"没有启动：telegram.webhook_listen：{station.listen} 已被另一个程序占用" in said
    assert "Traceback" not in said
    assert station.api.webhook.url == ""


async def test_an_address_of_another_machine_is_told_of_and_ends_the_start(station):
    await station.open(assessors=1)
    station.environment["KAOPING_TELEGRAM__WEBHOOK_LISTEN"] = "203.0.113.1:8080"
    code, said = await said_on_refusal(station)
    assert code == 2
    assert "没有启动：telegram.webhook_listen：这台机器不能在 203.0.113.1:8080 上监听" in said


async def test_an_address_that_telegram_does_not_take_is_told_of_and_ends_the_start(station):
    await station.open(assessors=1)
    station.environment["KAOPING_TELEGRAM__WEBHOOK_URL"] = "https://elsewhere.example/hook"
    code, said = await said_on_refusal(station)
    assert code == 2
    assert "没有启动：telegram.webhook_url：Telegram 不接受这个地址（" in said
    assert "Traceback" not in said
    assert "geheim" not in said
