"""HTTP to Telegram: what is sent arrives as it is, and what goes wrong is told in python-telegram-bot's own errors."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from made_up import TOKEN
from telegram import Bot, InputFile
from telegram.error import NetworkError, RetryAfter, TimedOut
from telegram.request import HTTPXRequest

from bot.delivery.http_client import AiohttpRequest, request_by

Answers = Callable[[web.Request], Awaitable[web.StreamResponse]]
SENT = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}}


@asynccontextmanager
async def telegram(answers: Answers, counted: Callable[[], bool] = lambda: True) -> AsyncIterator[Bot]:
    """A bot whose Telegram answers so."""
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answers)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    request = AiohttpRequest(secure=False, counted=counted)
    await request.initialize()
    try:
        yield Bot(TOKEN, base_url=f"http://127.0.0.1:{port}/bot", request=request, get_updates_request=request)
    finally:
        await request.shutdown()
        await runner.cleanup()


async def test_a_text_arrives_as_it_was_sent() -> None:
    seen: dict[str, str] = {}

    async def answers(request: web.Request) -> web.Response:
        seen.update({k: str(v) for k, v in (await request.post()).items()})
        return web.json_response({"ok": True, "result": SENT})

    async with telegram(answers) as bot:
        await bot.send_message(5, "扣 2 分 & “原因”=a+b\n第二行")
    assert seen == {"chat_id": "5", "text": "扣 2 分 & “原因”=a+b\n第二行"}


async def test_what_another_process_does_by_now_is_not_written_even_at_the_last_moment() -> None:
    arrived: list[str] = []
    ours = iter([True, False, True])

    async def answers(request: web.Request) -> web.Response:
        arrived.append(str((await request.post())["text"]))
        return web.json_response({"ok": True, "result": SENT})

    async with telegram(answers, counted=lambda: next(ours)) as bot:
        await bot.send_message(5, "第1笔")
        with pytest.raises(NetworkError):
            await asyncio.wait_for(bot.send_message(5, "第2笔"), 2)
        await bot.send_message(5, "第3笔")
    assert arrived == ["第1笔", "第3笔"]


async def test_a_file_arrives_whole_under_its_chinese_name() -> None:
    raw: list[bytes] = []

    async def answers(request: web.Request) -> web.Response:
        raw.append(await request.read())
        return web.json_response({"ok": True, "result": SENT})

    content = bytes(range(256)) * 99
    async with telegram(answers) as bot:
        await bot.send_document(5, InputFile(content, filename="第一季度 台账.xlsx"), caption="台账")
    assert 'filename="第一季度 台账.xlsx"'.encode() in raw[0]
    assert content in raw[0]
    assert "台账".encode() in raw[0].replace("第一季度 台账.xlsx".encode(), b"")


async def test_what_telegram_refuses_is_its_own_error() -> None:
    async def answers(request: web.Request) -> web.Response:
        told = {"ok": False, "error_code": 429, "description": "slow", "parameters": {"retry_after": 7}}
        return web.json_response(told, status=429)

    async with telegram(answers) as bot:
        with pytest.raises(RetryAfter):
            await bot.send_message(5, "x")


async def test_who_does_not_answer_in_time_has_timed_out() -> None:
    async def answers(request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async with telegram(answers) as bot:
        with pytest.raises(TimedOut):
            await bot.send_message(5, "x", read_timeout=0.05)


async def test_a_line_that_is_cut_is_the_networks_fault_and_tells_no_token() -> None:
    async def answers(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with telegram(answers) as bot:
        with pytest.raises(NetworkError) as fault:
            await bot.send_message(5, "x")
    assert TOKEN not in str(fault.value)


async def test_nobody_listening_is_the_networks_fault() -> None:
    request = AiohttpRequest("http://user:sesame@127.0.0.1:9", secure=False)
    await request.initialize()
    try:
        with pytest.raises(NetworkError) as fault:
            await request.do_request("http://127.0.0.1:9/bot", "POST")
    finally:
        await request.shutdown()
    assert "sesame" not in str(fault.value)


async def test_a_proxy_is_asked_for_the_whole_address() -> None:
    seen: list[str] = []

    async def proxy(request: web.Request) -> web.Response:
        seen.append(f"{request.host}{request.path}")
        return web.json_response({"ok": True, "result": SENT})

    async with telegram(proxy) as bot:
        through = AiohttpRequest(bot.base_url.split("/bot")[0], secure=False)
        await through.initialize()
        status, _ = await through.do_request("http://telegram.invalid/botX/getMe", "POST")
        await through.shutdown()
    assert (status, seen) == (200, ["telegram.invalid/botX/getMe"])


def test_a_socks_proxy_is_left_to_the_client_that_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    made: list[str | None] = []
    monkeypatch.setattr(HTTPXRequest, "__init__", lambda self, **options: made.append(options["proxy"]))
    assert isinstance(request_by("socks5://127.0.0.1:1080"), HTTPXRequest)
    assert isinstance(request_by(""), AiohttpRequest)
    assert isinstance(request_by("http://127.0.0.1:7890"), AiohttpRequest)
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    assert isinstance(request_by(""), HTTPXRequest)
    assert isinstance(request_by("http://127.0.0.1:7890"), AiohttpRequest)
    assert made == ["socks5://127.0.0.1:1080", None]
