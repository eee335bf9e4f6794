"""The local Telegram brings updates to the webhook as the real one does: in order, until each is taken."""

import asyncio

import aiogram.types
import pytest
from hooked import OUTSIDE, Receiver
from made_up import TOKEN

from sandbox.botapi import BotApi
from sandbox.server import SandboxServer
from sandbox.webhook import Webhook, line_of
from sandbox.world import World


class Local:
    """A local Telegram with two persons, and the bot's end of the webhook."""

    async def open(self, path=None) -> "Local":
        self.receiver = Receiver()
        self.world = World(token=TOKEN, path=path)
        self.world.add_person("王伟", id=5)
        self.world.add_person("李娜", id=6)
        self.api = BotApi(self.world, Webhook(self.world, {OUTSIDE: await self.receiver.open()}))
        self.server = SandboxServer(self.world, self.api, first_wait=0.01)
        await self.server.start()
        return self

    async def call(self, method, **params):
        reply = await self.api.call(method, params)
        assert reply.body["ok"], reply.body
        return reply.body["result"]

    async def close(self):
        self.receiver.let_go()
        await self.server.stop()
        await self.receiver.close()


@pytest.fixture
async def local():
    here = await Local().open()
    yield here
    await here.close()


def texts(brought):
    return [delivery.update["message"]["text"] for delivery in brought]


async def test_what_waits_is_brought_with_the_secret_to_the_path_once_a_webhook_is_set(local):
    local.world.send(5, 5, "早到")
    await local.call("setWebhook", url=f"{OUTSIDE}/hook/a?b=1", secret_token="s-1")
    (delivery,) = await local.receiver.until(1)
    assert delivery.headers["request"] == "POST /hook/a?b=1 HTTP/1.1"
    assert delivery.headers["x-telegram-bot-api-secret-token"] == "s-1"
    assert delivery.headers["content-type"] == "application/json"
    aiogram.types.Update.model_validate(delivery.update)
    await local.world.fetched()
    assert local.world.pending == []
    local.world.send(5, 5, "晚到")
    assert texts(await local.receiver.until(2)) == ["早到", "晚到"]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (503, "Wrong response from the webhook: 503 Said"),
        (302, "Wrong response from the webhook: 302 Said"),
        (0, "Webhook connection closed"),
    ],
)
async def test_what_is_not_taken_is_brought_again_before_what_follows_in_the_chat(local, status, words):
    local.receiver.statuses.extend([status] * 3)
    local.world.send(5, 5, "一")
    local.world.send(5, 5, "二")
    await local.call("setWebhook", url=f"{OUTSIDE}/hook")
    assert texts(await local.receiver.until(5)) == ["一", "一", "一", "一", "二"]
    await local.world.fetched()
    info = await local.call("getWebhookInfo")
    aiogram.types.WebhookInfo.model_validate(info)
    assert (info["pending_update_count"], info["last_error_message"]) == (0, words)
    assert info["last_error_date"] > 0


async def test_a_chat_waits_for_its_own_updates_and_for_nobody_elses(local):
    local.receiver.hold = True
    await local.call("setWebhook", url=f"{OUTSIDE}/hook")
    for person, text in ((5, "一"), (5, "二"), (6, "甲")):
        local.world.send(person, person, text)
    assert sorted(texts(await local.receiver.until(2))) == ["一", "甲"]
    local.receiver.let_go()
    assert texts(await local.receiver.until(3))[-1] == "二"


async def test_no_more_is_on_its_way_at_once_than_the_webhook_is_set_to(local):
    local.receiver.hold = True
    await local.call("setWebhook", url=f"{OUTSIDE}/hook", max_connections=1)
    local.world.send(5, 5, "一")
    local.world.send(6, 6, "甲")
    await local.receiver.until(1)
    for _ in range(300):  # turns of the loop in which a second one would have come
        await asyncio.sleep(0)
    assert len(local.receiver.brought) == 1
    local.receiver.let_go()
    assert sorted(texts(await local.receiver.until(2))) == ["一", "甲"]


async def test_where_nobody_listens_the_updates_wait_and_can_be_fetched_later(local):
    await local.receiver.close()
    local.world.send(5, 5, "一")
    await local.call("setWebhook", url=f"{OUTSIDE}/hook")
    while "last_error_date" not in (info := await local.call("getWebhookInfo")):
        await asyncio.sleep(0.01)
    assert (info["pending_update_count"], info["last_error_message"]) == (1, "Connection refused")
    await local.call("deleteWebhook")
    assert texts_of(await local.call("getUpdates")) == ["一"]
    assert "last_error_date" not in await local.call("getWebhookInfo")


def texts_of(updates):
    return [update["message"]["text"] for update in updates]


async def test_the_webhook_stays_set_over_a_restart(tmp_path):
    first = await Local().open(tmp_path / "telegram.db")
    await first.call("setWebhook", url=f"{OUTSIDE}/hook", secret_token="s", allowed_updates='["message"]')
    before = await first.call("getWebhookInfo")
    await first.close()
    first.world.close()
    second = await Local().open(tmp_path / "telegram.db")
    assert await second.call("getWebhookInfo") == before
    second.world.send(5, 5, "一")
    (delivery,) = await second.receiver.until(1)
    assert delivery.headers["x-telegram-bot-api-secret-token"] == "s"
    await second.close()
    second.world.close()


async def test_a_press_keeps_no_order_with_the_messages_of_its_chat(local):
    message = local.world.send(5, 5, "一")
    sent = await local.call(
        "sendMessage",
        chat_id=5,
        text="x",
        reply_markup='{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}',
    )
    local.world.edit(5, 5, message["message_id"], "二")
    local.world.press(5, 5, sent["message_id"], "b")
    local.world.press(6, 5, sent["message_id"], "b")
    local.world.press(5, 5, sent["message_id"], "b")
    one, other, press, anothers, again = map(line_of, local.world.pending)
    assert one == other
    assert press == again
    assert len({one, press, anothers}) == 3
