"""What the doctor says of Telegram: the token, the way in, the clock; each fault is made."""

from datetime import timedelta

import pytest
from answering import Answering
from made_up import TOKEN, WRONG_TOKEN

from bot.ops.check import telegram
from bot.ops.check.examine import checks
from bot.ops.check.finding import Level
from sandbox.botapi import BotApi
from sandbox.server import SandboxServer
from sandbox.world import World

GET_ME = (
    200,
    {"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "考评", "username": "kaoping_bot"}},
)
NOWHERE = "http://127.0.0.1:9/bot"


@pytest.fixture
async def sandbox():
    world = World(token=TOKEN)
    server = SandboxServer(world, BotApi(world))
    yield await server.start()
    await server.stop()


@pytest.fixture
async def server():
    async with Answering() as answering:
        answering.answers["getMe"] = GET_ME
        yield answering


@pytest.fixture
def at(case, server):
    """The case whose Telegram is the answering server."""
    return lambda **keys: case(telegram={"base_url": f"{server.address}/bot", **keys})


# The token


async def test_a_token_that_is_right_names_the_bot(case, sandbox):
    finding = await telegram.token(case(telegram={"base_url": f"{sandbox}/bot"}))
    assert finding.level is Level.FINE
    assert f"@{World(token=TOKEN).bot['username']}" in finding.text


async def test_a_token_that_is_wrong_is_a_fault_and_is_not_shown(case, sandbox):
    finding = await telegram.token(case(telegram={"base_url": f"{sandbox}/bot", "token": WRONG_TOKEN}))
    assert finding.level is Level.FAULT
    assert "不认这个令牌" in finding.text
    assert "wrong" not in finding.text


async def test_no_token_is_a_warning_since_the_sandbox_needs_none(case):
    finding = await telegram.token(case(telegram={"token": ""}))
    assert finding.level is Level.WARNING
    for other in (telegram.webhook, telegram.clock):
        assert (await other(case(telegram={"token": ""}))).level is Level.NOT_CHECKED


async def test_where_nobody_listens_telegram_cannot_be_reached(case):
    finding = await telegram.token(case(telegram={"base_url": NOWHERE}))
    assert finding.level is Level.FAULT
    assert "连接不上。请核对自建的服务器" in finding.text
    for other in (telegram.webhook, telegram.clock):
        assert (await other(case(telegram={"base_url": NOWHERE}))).level is Level.NOT_CHECKED


async def test_a_proxy_that_does_not_run_is_named_without_its_address(case, server):
    dead = {"base_url": f"{server.address}/bot", "proxy_url": "http://user:sesame@127.0.0.1:9"}
    finding = await telegram.token(case(telegram=dead))
    assert finding.level is Level.FAULT
    assert "请核对代理" in finding.text
    assert "sesame" not in finding.text


async def test_a_server_that_does_not_answer_is_told_after_its_time(at, server, monkeypatch):
    monkeypatch.setattr(telegram, "SECONDS", 0.2)
    server.silent = True
    finding = await telegram.token(at())
    assert finding.level is Level.FAULT
    assert "内没有回答" in finding.text


@pytest.mark.parametrize("answer", [(502, "Bad Gateway"), (200, []), (200, {"ok": True, "result": {}})])
async def test_an_answer_that_is_none_is_a_fault(at, server, answer):
    server.answers["getMe"] = answer
    finding = await telegram.token(at())
    assert finding.level is Level.FAULT
    assert "回答不对" in finding.text


# The way in

OURS = "https://bot.example.org/s3cret-path"


def info(**keys):
    return (200, {"ok": True, "result": {"url": "", "pending_update_count": 0, **keys}})


@pytest.mark.parametrize(
    ("mode", "keys", "level", "said"),
    [
        ("polling", {}, Level.FINE, "由程序去取"),
        ("polling", {"url": OURS}, Level.WARNING, "设着 webhook（bot.example.org）"),
        ("polling", {"pending_update_count": 101}, Level.WARNING, "还有 101 条消息没有取"),
        ("webhook", {"url": OURS}, Level.FINE, "由 Telegram 送来"),
        ("webhook", {"url": ""}, Level.WARNING, "没有设置"),
        ("webhook", {"url": "https://other.example.org/x"}, Level.WARNING, "另一个网址（other.example.org）"),
        ("webhook", {"url": OURS, "pending_update_count": 101}, Level.WARNING, "没有送到"),
        (
            "webhook",
            {
                "url": OURS,
                "pending_update_count": 3,
                "last_error_date": 1795000000,
                "last_error_message": "Connection refused",
            },
            Level.WARNING,
            "Connection refused。还有 3 条待送",
        ),
    ],
)
async def test_messages_come_in_as_the_config_says_or_it_is_told(at, server, mode, keys, level, said):
    server.answers["getWebhookInfo"] = info(**keys)
    finding = await telegram.webhook(at(mode=mode, webhook_url=OURS, webhook_secret="s"))
    assert finding.level is level
    assert said in finding.text
    assert "s3cret-path" not in finding.text


async def test_the_sandbox_has_no_webhook(case, sandbox):
    finding = await telegram.webhook(case(telegram={"base_url": f"{sandbox}/bot"}))
    assert finding.level is Level.FINE


async def test_a_refusal_of_the_question_is_no_finding_about_the_webhook(at, server):
    assert (await telegram.webhook(at())).level is Level.NOT_CHECKED


@pytest.mark.parametrize(
    ("status", "level", "said"),
    [
        (403, Level.FINE, "被拒绝"),
        (200, Level.FAULT, "不是本程序"),
        (502, Level.WARNING, "回答 502，应是 403"),
    ],
)
async def test_the_webhooks_address_has_to_refuse_who_lacks_the_secret(at, server, status, level, said):
    server.answers["hook"] = (status, {})
    finding = await telegram.doorway(at(mode="webhook", webhook_url=f"{server.address}/hook"))
    assert finding.level is level
    assert said in finding.text


async def test_a_webhook_address_that_nobody_serves_is_a_warning(case):
    finding = await telegram.doorway(
        case(telegram={"mode": "webhook", "webhook_url": "http://127.0.0.1:9/hook"})
    )
    assert finding.level is Level.WARNING
    assert "访问不了" in finding.text


async def test_who_polls_needs_no_address(case):
    assert (await telegram.doorway(case())).level is Level.NOT_CHECKED


@pytest.mark.parametrize(
    ("listen", "level", "said"),
    [
        ("127.0.0.1:8080", Level.FINE, "只监听本机"),
        ("[::1]:8080", Level.FINE, "只监听本机"),
        ("0.0.0.0:8080", Level.WARNING, "别的机器能绕过反向代理"),
        ("10.0.0.5:8080", Level.WARNING, "10.0.0.5:8080"),
    ],
)
async def test_a_webhook_that_other_machines_reach_without_the_proxy_is_told_of(case, listen, level, said):
    config = case(telegram={"mode": "webhook", "webhook_listen": listen})
    assert "监听" in [check.name for check in checks(config.config)]
    finding = await telegram.listening(config)
    assert finding.level is level
    assert said in finding.text


# The clock


async def test_the_sandboxs_clock_is_ours(case, sandbox):
    assert (await telegram.clock(case(telegram={"base_url": f"{sandbox}/bot"}))).level is Level.FINE


@pytest.mark.parametrize(
    ("ahead", "level", "said"),
    [
        (0, Level.FINE, "不到 2 秒"),
        (10, Level.WARNING, "慢了"),
        (-10, Level.WARNING, "快了"),
        (100, Level.FAULT, "慢了"),
        (-100, Level.FAULT, "快了"),
    ],
)
async def test_a_clock_that_is_off_is_told_with_its_direction(at, server, ahead, level, said):
    server.ahead = timedelta(seconds=ahead)
    finding = await telegram.clock(at())
    assert finding.level is level
    assert said in finding.text


async def test_without_a_date_the_clock_is_not_checked(at, server):
    server.ahead = None
    assert (await telegram.clock(at())).level is Level.NOT_CHECKED
