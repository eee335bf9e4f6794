"""The queue to Telegram: answers to people go before what nobody waits for."""

import asyncio

import pytest

from bot import lanes
from bot.lanes import AnswersFirst, unhurried


class Line:
    """Requests that end when they are told to; the order in which they began."""

    def __init__(self) -> None:
        self.limiter = AnswersFirst()
        self.begun: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}

    def asks(self, name: str, endpoint: str = "sendMessage") -> "asyncio.Task[None]":
        self.ends[name] = asyncio.Event()

        async def call() -> None:
            self.begun.append(name)
            await self.ends[name].wait()

        return asyncio.create_task(
            self.limiter.process_request(call, (), {}, endpoint, {"chat_id": len(self.ends)}, None)
        )

    def pushes(self, name: str) -> "asyncio.Task[None]":
        with unhurried():
            return self.asks(name)


@pytest.fixture
async def line():
    line = Line()
    await line.limiter.initialize()
    yield line
    await line.limiter.shutdown()


async def turns() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_push_waits_until_every_answer_is_out(line):
    first, second, push = line.asks("answer"), line.asks("answer 2"), line.pushes("push")
    await turns()
    assert line.begun == ["answer", "answer 2"]
    line.ends["answer"].set()
    await first
    await turns()
    assert "push" not in line.begun
    line.ends["answer 2"].set()
    await second
    await turns()
    assert line.begun[-1] == "push"
    line.ends["push"].set()
    await push


async def test_an_answer_does_not_wait_for_a_push(line):
    push = line.pushes("push")
    await turns()
    answer = line.asks("answer")
    await turns()
    assert line.begun == ["push", "answer"]
    for name in ("push", "answer"):
        line.ends[name].set()
    await asyncio.gather(push, answer)


async def test_a_failed_answer_frees_the_lane(line):
    answer = line.asks("answer")
    await turns()
    push = line.pushes("push")
    answer.cancel()
    await turns()
    assert line.begun[-1] == "push"
    line.ends["push"].set()
    await push


async def test_polling_holds_nothing_up(line):
    polling = line.asks("poll", "getUpdates")
    await turns()
    push = line.pushes("push")
    await turns()
    assert line.begun == ["poll", "push"]
    for name in ("poll", "push"):
        line.ends[name].set()
    await asyncio.gather(polling, push)


async def test_where_answers_never_cease_a_push_goes_all_the_same(line, monkeypatch):
    monkeypatch.setattr(lanes, "LONGEST_WAIT", 0.01)
    answer = line.asks("answer")
    push = line.pushes("push")
    for _ in range(100):
        if "push" in line.begun:
            break
        await asyncio.sleep(0.01)
    assert line.begun == ["answer", "push"]
    for name in ("push", "answer"):
        line.ends[name].set()
    await asyncio.gather(push, answer)
