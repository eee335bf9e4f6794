"""The queue to Telegram: answers to people go before what nobody waits for."""

import asyncio
from datetime import timedelta

import pytest
from telegram.error import RetryAfter

from bot.crew import NotCounted
from bot.delivery import rate_limit
from bot.delivery.rate_limit import AnswersFirst, last_of_all, unhurried


class Line:
    """Requests that end when they are told to; the order in which they began."""

    def __init__(self) -> None:
        self.limiter = AnswersFirst()
        self.begun: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}

    def asks(self, name: str, endpoint: str = "sendMessage") -> "asyncio.Task[None]":
        return self.to(len(self.ends) + 1, name, endpoint)

    def to(self, chat: int, name: str, endpoint: str = "sendMessage") -> "asyncio.Task[None]":
        self.ends[name] = asyncio.Event()

        async def call() -> None:
            self.begun.append(name)
            await self.ends[name].wait()

        return asyncio.create_task(
            self.limiter.process_request(call, (), {}, endpoint, {"chat_id": chat}, None)
        )

    def pushes(self, name: str) -> "asyncio.Task[None]":
        with unhurried():
            return self.asks(name)

    def says_last(self, name: str) -> "asyncio.Task[None]":
        with last_of_all():
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
    monkeypatch.setattr(rate_limit, "LONGEST_WAIT", 0.01)
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


async def test_where_answers_never_cease_one_push_after_the_other_goes(line, monkeypatch):
    monkeypatch.setattr(rate_limit, "LONGEST_WAIT", 0.01)
    answer, first = line.asks("answer"), line.pushes("push")
    for _ in range(100):
        if "push" in line.begun:
            break
        await asyncio.sleep(0.01)
    monkeypatch.setattr(rate_limit, "LONGEST_WAIT", 1000)
    line.ends["push"].set()
    await first
    second = line.pushes("push 2")
    await turns()
    assert line.begun == ["answer", "push", "push 2"], "the answers have had their time"
    for name in ("push 2", "answer"):
        line.ends[name].set()
    await asyncio.gather(second, answer)


async def test_at_the_limit_an_answer_stands_behind_one_push_at_most(line):
    line.limiter = AnswersFirst(overall_max_rate=2, overall_time_period=0.1)
    sent = [line.pushes(f"push {number}") for number in range(6)]
    await turns()
    assert line.begun == ["push 0", "push 1"], "the limit is reached, and nothing has come back"
    answer = line.asks("answer")
    for end in line.ends.values():
        end.set()
    await asyncio.gather(answer, *sent)
    assert line.begun == ["push 0", "push 1", "push 2", "answer", "push 3", "push 4", "push 5"]


async def test_pushes_go_evenly_and_not_all_at_once_that_the_limit_allows(line):
    line.limiter = AnswersFirst(overall_max_rate=10, overall_time_period=100)
    waiting = [line.pushes(str(number)) for number in range(10)]
    await turns()
    assert line.begun == ["0"]
    answers = [line.asks(f"answer {number}") for number in range(9)]
    await turns()
    assert len(line.begun) == 10, "an answer goes as soon as the limit allows it"
    for task in waiting + answers:
        task.cancel()
    await asyncio.gather(*waiting, *answers, return_exceptions=True)


async def test_after_a_pause_pushes_make_up_for_little_and_all_go_in_the_end(line, monkeypatch):
    monkeypatch.setattr(rate_limit, "BEHIND", 20.0)
    line.limiter = AnswersFirst(overall_max_rate=10, overall_time_period=100)
    waiting = [line.pushes(str(number)) for number in range(6)]
    await turns()
    assert line.begun == ["0", "1", "2"], "ten seconds apart, and twenty to make up for"
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_pushes_to_groups_go_evenly_too(line):
    line.limiter = AnswersFirst(overall_max_rate=10, overall_time_period=100)
    with unhurried():
        waiting = [line.to(-number, str(number)) for number in range(1, 6)]
    await turns()
    assert line.begun == ["1"]
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_all_pushes_go_in_the_end(line):
    line.limiter = AnswersFirst(overall_max_rate=30, overall_time_period=1)
    waiting = [line.pushes(str(number)) for number in range(6)]
    for end in line.ends.values():
        end.set()
    await asyncio.wait_for(asyncio.gather(*waiting), 5)
    assert line.begun == ["0", "1", "2", "3", "4", "5"]


async def test_a_push_that_is_broken_off_while_it_waits_leaves_its_turn_to_the_next(line):
    line.limiter = AnswersFirst(overall_max_rate=5, overall_time_period=0.5)
    waiting = [line.pushes(str(number)) for number in range(4)]
    await asyncio.sleep(0.02)
    broken_off = next(task for task, name in zip(waiting, "0123", strict=True) if name not in line.begun)
    broken_off.cancel()
    for end in line.ends.values():
        end.set()
    done = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 5)
    assert [isinstance(result, asyncio.CancelledError) for result in done].count(True) == 1
    assert len(line.begun) == 3


async def test_what_waited_at_the_limit_goes_out_only_where_the_others_still_count_on_this_process(line):
    counted = True
    line.limiter = AnswersFirst(counted=lambda: counted, overall_max_rate=1, overall_time_period=0.2)
    first, second = line.asks("answer"), line.asks("answer 2")
    await turns()
    counted = False
    for end in line.ends.values():
        end.set()
    await first
    with pytest.raises(NotCounted):
        await second
    assert line.begun == ["answer"]


async def test_a_group_that_has_had_its_share_keeps_nobody_else_waiting(line):
    line.limiter = AnswersFirst(group_max_rate=1, group_time_period=1000)
    with unhurried():
        waiting = [line.to(-5, f"group {number}") for number in range(3)]
    await turns()
    push = line.pushes("push")
    await turns()
    assert "push" in line.begun and len([name for name in line.begun if name.startswith("group ")]) == 1
    line.ends["push"].set()
    await push
    for task in waiting:
        task.cancel()


async def test_what_telegram_asks_to_wait_is_kept_whatever_comes_back_meanwhile(line):
    line.limiter = AnswersFirst(max_retries=1)
    answer = line.asks("answer")
    await turns()
    tries = []

    async def too_many():
        tries.append(len(line.begun))
        if len(tries) == 1:
            raise RetryAfter(timedelta(seconds=0.3))

    refused = asyncio.create_task(
        line.limiter.process_request(too_many, (), {}, "sendMessage", {"chat_id": 99}, None)
    )
    await turns()
    line.ends["answer"].set()
    await answer
    other = line.asks("other")
    await turns()
    assert tries == [1] and line.begun == ["answer"], "nothing goes out before the time is over"
    line.ends["other"].set()
    await asyncio.gather(refused, other)
    assert len(tries) == 2 and line.begun == ["answer", "other"]


async def test_what_comes_last_waits_for_answers_and_pushes_and_keeps_neither_waiting(line):
    answer, push, last = line.asks("answer"), line.pushes("push"), line.says_last("last")
    line.ends["answer"].set()
    await answer
    await turns()
    assert line.begun == ["answer", "push"]
    line.ends["push"].set()
    await push
    await turns()
    assert line.begun == ["answer", "push", "last"]
    later, later_push = line.asks("later"), line.pushes("later push")
    line.ends["later"].set()
    line.ends["later push"].set()
    await asyncio.gather(later, later_push)
    line.ends["last"].set()
    await last


async def test_what_comes_last_leaves_most_of_what_telegram_allows_to_the_others(line, monkeypatch):
    monkeypatch.setattr(rate_limit, "LAST_APART", 60.0)
    first, second = line.says_last("first"), line.says_last("second")
    await turns()
    line.ends["first"].set()
    await first
    await turns()
    assert line.begun == ["first"]
    second.cancel()
