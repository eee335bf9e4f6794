"""What the bot tells Telegram of its webhook, and how it notices that nothing comes through."""

import asyncio
import logging

import pytest
from hooked import OUTSIDE

from bot.intake.inbox_worker import ALLOWED
from bot.intake.subscription import EVERY, SIDE_BY_SIDE, Subscription, WebhookRefused, unsubscribe
from bot.intake.webhook import Webhook
from sandbox.request import Fault
from sandbox.webhook import Webhook as Theirs

OURS = "geheim-_0123456789-0123456789_0123"
URL = f"{OUTSIDE}/hook"


class Ties:
    """A town's bot and its webhook at the local Telegram; nothing is delivered by itself."""

    def __init__(self, town, url=URL):
        self.town = town
        self.theirs = town.api.webhook = Theirs(town.world, {OUTSIDE: "http://127.0.0.1:9"})
        self.ours = Webhook(town.app.intake, url=url, secret=OURS)
        self.bot = town.app.application.bot
        self.subscription = Subscription(
            self.bot, town.app.intake, self.ours, url=url, secret=OURS, pause=town._pause
        )
        town.app.intake.last_poll = None

    def calls(self, method):
        return [call.params for call in self.town.request.calls if call.method.lower() == method.lower()]

    async def looks(self):
        """A look; whether Telegram was well heard of."""
        self.town.app.intake.last_poll = None
        await self.subscription.look()
        return self.town.app.intake.last_poll is not None

    async def sends(self):
        wang = await self.town.assessor()
        self.town.world.send(wang.id, wang.id, "/help")


@pytest.fixture
def ties(town):
    return Ties(town)


async def test_the_webhook_is_set_with_its_secret_and_nothing_that_waits_is_dropped(ties):
    await ties.sends()
    await ties.subscription.begin()
    info = ties.theirs.info()
    assert (info["url"], info["allowed_updates"], info["max_connections"]) == (URL, ALLOWED, SIDE_BY_SIDE)
    assert ties.theirs.headers["X-Telegram-Bot-Api-Secret-Token"] == OURS
    assert info["pending_update_count"] == 1
    (params,) = ties.calls("setWebhook")
    assert params.get("drop_pending_updates", "false") == "false"
    assert ties.town.app.intake.last_poll == ties.town.clock()


async def test_while_telegram_is_away_the_webhook_is_set_later(ties):
    ties.town.request.fail_next("setWebhook", Fault.NEVER_ARRIVED, Fault.BAD_GATEWAY, Fault.ANSWER_LOST)
    await ties.subscription.begin()
    assert ties.theirs.url == URL
    assert ties.town.pauses == [1, 2, 4]


async def test_an_address_that_telegram_does_not_take_is_told_of_at_the_start(town):
    ties = Ties(town, url="https://elsewhere.example/hook")
    with pytest.raises(WebhookRefused, match="failed to resolve host"):
        await asyncio.wait_for(ties.subscription.begin(), 30)
    assert town.pauses == []


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"url": ""}, "the webhook is gone"),
        ({"url": f"{OUTSIDE}/another"}, "not ours any more"),
        ({"url": URL, "allowed_updates": '["message"]'}, "not ours any more"),
        ({"url": URL, "allowed_updates": "[]"}, "not ours any more"),
    ],
)
async def test_a_webhook_that_is_gone_or_changed_is_set_anew(ties, caplog, params, words):
    await ties.subscription.begin()
    assert await ties.looks()
    ties.theirs.set(params)
    assert not await ties.looks()
    assert words in caplog.text
    assert "another" not in caplog.text
    info = ties.theirs.info()
    assert (info["url"], info["allowed_updates"]) == (URL, ALLOWED)
    assert ties.theirs.headers["X-Telegram-Bot-Api-Secret-Token"] == OURS
    assert await ties.looks()


async def test_telegram_is_not_well_heard_of_while_what_waits_does_not_come_through(ties, caplog):
    await ties.subscription.begin()
    await ties.sends()
    assert await ties.looks()  # it is on its way
    ties.theirs.failed("Wrong response from the webhook: 502 Bad Gateway")
    assert not await ties.looks()
    assert "1 wait: Wrong response from the webhook: 502 Bad Gateway" in caplog.text
    caplog.clear()
    assert not await ties.looks()  # the next try is not due yet: still nothing came
    assert caplog.text == ""
    ties.ours.taken += 1
    assert await ties.looks()


async def test_an_error_after_which_nothing_waits_is_told_of_and_over(ties, caplog):
    await ties.subscription.begin()
    ties.theirs.failed("Connection refused")
    assert await ties.looks()
    assert "0 wait: Connection refused" in caplog.text


async def test_where_nothing_comes_through_the_secret_is_told_anew(ties):
    await ties.subscription.begin()
    ties.theirs.set({"url": URL, "secret_token": "another"})
    await ties.sends()
    ties.theirs.failed("Wrong response from the webhook: 403 Forbidden")
    assert not await ties.looks()
    assert ties.theirs.headers["X-Telegram-Bot-Api-Secret-Token"] == OURS


async def test_the_watch_goes_on_when_telegram_does_not_answer_and_when_it_answers_nonsense(
    ties, caplog, monkeypatch
):
    caplog.set_level(logging.WARNING)
    await ties.subscription.begin()
    looked, real = asyncio.Queue(), ties.subscription.look

    async def look():
        looked.put_nowait(None)
        if looked.qsize() == 2:
            raise RuntimeError("on purpose")
        await real()

    monkeypatch.setattr(ties.subscription, "look", look)
    ties.town.request.fail_next("getWebhookInfo", Fault.NEVER_ARRIVED)
    watch = asyncio.create_task(ties.subscription.watch())
    await asyncio.sleep(0)
    ties.town.app.intake.last_poll = None
    while ties.town.app.intake.last_poll is None:
        await asyncio.sleep(0)
    watch.cancel()
    assert looked.qsize() == 3
    assert ties.town.pauses[:3] == [EVERY] * 3
    assert "the line is down" in caplog.text
    assert "on purpose" in caplog.text
    assert OURS not in caplog.text


async def test_before_updates_are_fetched_a_webhook_that_is_set_is_taken_away_and_what_waits_stays(ties):
    ties.theirs.set({"url": URL})
    await ties.sends()
    ties.town.request.fail_next("getWebhookInfo", Fault.NEVER_ARRIVED)
    ties.town.request.fail_next("deleteWebhook", Fault.ANSWER_LOST)
    await unsubscribe(ties.bot, ties.town._pause)
    assert ties.theirs.url == ""
    assert len(ties.town.world.pending) == 1
    assert ties.town.pauses == [1, 2]
    assert ties.calls("deleteWebhook")[0].get("drop_pending_updates", "false") == "false"


async def test_where_no_webhook_is_set_none_is_taken_away(ties):
    await unsubscribe(ties.bot, ties.town._pause)
    assert ties.calls("deleteWebhook") == []
