"""The local Bot API, held to the real one's shapes by aiogram's models, and to its refusals by its words."""

import asyncio
import time

import aiogram.methods
import aiogram.types
import pytest
from aiogram.methods.base import TelegramMethod
from pydantic import TypeAdapter
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.trial import TOKEN
from sandbox.botapi import BotApi
from sandbox.server import SandboxServer
from sandbox.world import Upload, World

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b8"
    "0000000049454e44ae426082"
)


@pytest.fixture
def world():
    here = World(token=TOKEN)
    here.add_person("王伟", id=5)
    here.send(5, 5, "/start abc")
    here.confirm(10**12)
    return here


@pytest.fixture
def api(world):
    return BotApi(world)


async def ok(api, method, files=None, **params):
    reply = await api.call(method, params, files)
    assert reply.body["ok"], reply.body
    return reply.body["result"]


async def refused(api, method, files=None, **params):
    reply = await api.call(method, params, files)
    assert not reply.body["ok"]
    assert reply.status == reply.body["error_code"]
    return reply.body["description"]


CALLS = {
    "getMe": {},
    "getUpdates": {"timeout": 0, "limit": 10, "offset": 0, "allowed_updates": '["message"]'},
    "getWebhookInfo": {},
    "deleteWebhook": {},
    "sendMessage": {"chat_id": 5, "text": "<b>x</b>", "parse_mode": "HTML", "reply_parameters": '{"message_id":1}',
                    "reply_markup": '{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}'},
    "sendPhoto": {"chat_id": 5, "photo": "attach://p", "caption": "y"},
    "sendDocument": {"chat_id": 5, "document": "attach://p"},
    "editMessageText": {"chat_id": 5, "message_id": 2, "text": "z"},
    "editMessageReplyMarkup": {"chat_id": 5, "message_id": 2, "reply_markup": '{"inline_keyboard":[[{"text":"c","callback_data":"d"}]]}'},
    "editMessageCaption": {"chat_id": 5, "message_id": 3, "caption": "new"},
    "editMessageMedia": {"chat_id": 5, "message_id": 3, "media": '{"type":"photo","media":"attach://p","caption":"n2"}'},
    "sendChatAction": {"chat_id": 5, "action": "upload_photo"},
    "setMyCommands": {"commands": '[{"command":"a","description":"b"}]', "scope": '{"type":"chat","chat_id":5}'},
    "getMyCommands": {"scope": '{"type":"chat","chat_id":5}'},
    "deleteMyCommands": {"scope": '{"type":"chat","chat_id":5}'},
    "getChat": {"chat_id": 5},
    "deleteMessage": {"chat_id": 5, "message_id": 4},
}  # fmt: skip


async def test_every_method_takes_and_gives_what_the_real_one_does(api):
    for name, params in CALLS.items():
        model = getattr(aiogram.methods, name[0].upper() + name[1:])
        assert issubclass(model, TelegramMethod)
        assert set(params) <= set(model.model_fields), name
        files = {"p": Upload("p.png", PNG)} if "attach" in str(params) else {}
        result = await ok(api, name, files, **params)
        TypeAdapter(model.__returning__).validate_python(result)
    implemented = {name.lower() for name in CALLS} | {"getfile", "answercallbackquery"}
    assert set(api._methods) == implemented


async def test_every_update_is_one_that_telegram_could_send(world, api):
    group = world.add_group("群", [5])
    first = world.send(5, 5, "/deduct@kaoping_sandbox_bot 城关所 2")
    world.edit(5, 5, first["message_id"], "改了")
    world.upload(5, 5, [Upload("a.png", PNG), Upload("b.png", PNG)], kind="photo", caption="说明")
    world.upload(5, 5, [Upload("a.pdf", b"%PDF", "application/pdf")], reply_to=first["message_id"])
    world.send(5, group.id, "/rank", forward=True)
    sent = await ok(api, "sendMessage", chat_id=5, text="x", reply_markup=CALLS["sendMessage"]["reply_markup"])
    world.press(5, 5, sent["message_id"], "b")
    updates = await ok(api, "getUpdates")
    kinds = {next(k for k in update if k != "update_id") for update in updates}
    assert kinds == {"message", "edited_message", "callback_query"}
    for update in updates:
        aiogram.types.Update.model_validate(update)


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("sendMessage", {"chat_id": 5, "text": ""}, "message text is empty"),
        ("sendMessage", {"chat_id": 5, "text": "长" * 4097}, "message is too long"),
        ("sendMessage", {"chat_id": 5, "text": "😀" * 2049}, "message is too long"),
        ("sendMessage", {"chat_id": 77, "text": "x"}, "chat not found"),
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 5, "text": "<b>x", "parse_mode": "HTML"}, "can't parse entities"),
        ("sendMessage", {"chat_id": 5, "text": "<x>x</x>", "parse_mode": "HTML"}, "Unsupported start tag"),
        ("sendMessage", {"chat_id": 5, "text": "a < b", "parse_mode": "HTML"}, "can't parse entities"),
        ("sendMessage", {"chat_id": 5, "text": "<b>x</i>", "parse_mode": "HTML"}, "Unmatched end tag"),
        ("sendMessage", {"chat_id": 5, "text": "x", "reply_markup": '{"inline_keyboard":[[{"text":"a","callback_data":"' + "x" * 65 + '"}]]}'}, "BUTTON_DATA_INVALID"),
        ("sendMessage", {"chat_id": 5, "text": "x", "reply_markup": '{"inline_keyboard":[[{"text":"a"}]]}'}, "exactly one"),
        ("sendMessage", {"chat_id": 5, "text": "x", "reply_markup": "{"}, "can't parse"),
        ("sendMessage", {"chat_id": 5, "text": "x", "reply_parameters": '{"message_id":99}'}, "message to be replied not found"),
        ("sendPhoto", {"chat_id": 5, "photo": "nonsense"}, "wrong file identifier"),
        ("sendPhoto", {"chat_id": 5, "photo": "nonsense", "caption": "长" * 1025}, "wrong file identifier"),
        ("editMessageText", {"chat_id": 5, "message_id": 1, "text": "x"}, "message can't be edited"),
        ("editMessageText", {"chat_id": 5, "message_id": 99, "text": "x"}, "message to edit not found"),
        ("answerCallbackQuery", {"callback_query_id": "1"}, "query is too old"),
        ("setMyCommands", {"commands": '[{"command":"扣分","description":"x"}]'}, "BOT_COMMAND_INVALID"),
        ("getFile", {"file_id": "x"}, "invalid file_id"),
    ],
)  # fmt: skip
async def test_what_the_real_one_refuses_is_refused_in_its_words(api, method, params, words):
    assert words in await refused(api, method, **params)


async def test_an_edit_that_changes_nothing_is_refused(api):
    sent = await ok(api, "sendMessage", chat_id=5, text="x")
    assert "message is not modified" in await refused(
        api, "editMessageText", chat_id=5, message_id=sent["message_id"], text="x"
    )


async def test_a_caption_is_at_most_1024(api):
    files = {"photo": Upload("p.png", PNG)}
    await ok(api, "sendPhoto", files, chat_id=5, caption="长" * 1024)
    assert "caption is too long" in await refused(api, "sendPhoto", files, chat_id=5, caption="长" * 1025)


async def test_a_photo_is_sent_again_by_its_file_id(api):
    sent = await ok(api, "sendPhoto", {"photo": Upload("p.png", PNG)}, chat_id=5)
    again = await ok(api, "sendPhoto", chat_id=5, photo=sent["photo"][-1]["file_id"])
    assert again["photo"] == sent["photo"]
    assert "IMAGE_PROCESS_FAILED" in await refused(
        api, "sendPhoto", {"photo": Upload("p.png", b"no picture")}, chat_id=5
    )


async def test_only_the_offset_confirms(world, api):
    for text in "abc":
        world.send(5, 5, text)
    first = await ok(api, "getUpdates")
    assert await ok(api, "getUpdates") == first
    assert len(await ok(api, "getUpdates", offset=first[1]["update_id"])) == 2
    assert len(await ok(api, "getUpdates", offset=-1)) == 1
    assert await ok(api, "getUpdates", offset=first[2]["update_id"] + 1) == []


async def test_a_second_poller_ends_the_first(world, api):
    waiting = asyncio.create_task(api.call("getUpdates", {"timeout": 30}))
    await asyncio.sleep(0)
    world.send(5, 5, "x")
    other = asyncio.create_task(api.call("getUpdates", {"timeout": 0}))
    replies = await asyncio.gather(waiting, other)
    assert {reply.status for reply in replies} <= {200, 409}
    world.confirm(10**12)
    first = asyncio.create_task(api.call("getUpdates", {"timeout": 30}))
    await asyncio.sleep(0.05)
    await api.call("getUpdates", {"timeout": 0})
    assert (await first).status == 409


async def test_a_bot_writes_to_nobody_who_blocked_it_or_never_wrote(world, api):
    world.add_person("新人", id=6)
    assert "can't initiate conversation" in await refused(api, "sendMessage", chat_id=6, text="x")
    world.block(5)
    assert "blocked by the user" in await refused(api, "sendMessage", chat_id=5, text="x")
    world.block(5, blocked=False)
    await ok(api, "sendMessage", chat_id=5, text="x")


async def test_in_a_group_a_bot_hears_commands_and_replies_only(world, api):
    group = world.add_group("群", [5]).id
    world.send(5, group, "/start")
    card = await ok(api, "sendMessage", chat_id=group, text="x")
    world.confirm(10**12)
    for text in ("你好", "扣分 城关所 2", "/deduct@other_bot x"):
        world.send(5, group, text)
    assert world.pending == []
    world.send(5, group, "/deduct 城关所")
    world.send(5, group, "原因", reply_to=card["message_id"])
    assert len(world.pending) == 2


def test_started_again_it_goes_on_where_it_was(tmp_path):
    first = World(token=TOKEN, path=tmp_path / "telegram.db")
    first.add_person("王伟", id=5)
    group = first.add_group("群", [5])
    first.send(5, 5, "/start")
    number = first.pending[0]["update_id"]
    first.close()
    second = World(token=TOKEN, path=tmp_path / "telegram.db")
    assert [p.first_name for p in second.people()] == ["王伟"]
    assert second.groups() == [group]
    assert second.pending[0]["update_id"] == number
    assert second.send(5, 5, "x")["message_id"] == 2
    assert second.pending[1]["update_id"] == number + 1


async def test_python_telegram_bot_talks_to_it_over_http(world, api):
    server = SandboxServer(world, api)
    address = await server.start()
    bot = Bot(TOKEN, base_url=f"{address}/bot", base_file_url=f"{address}/file/bot", request=HTTPXRequest())
    async with bot:
        sent = await bot.send_photo(5, PNG, caption="图")
        assert (await bot.get_file(sent.photo[-1].file_id)).file_path
        content = await (await bot.get_file(sent.photo[-1].file_id)).download_as_bytearray()
        assert bytes(content) == PNG
        world.send(5, 5, "你好")
        (update,) = await bot.get_updates(timeout=1)
        assert update.message.text == "你好"
    started = time.monotonic()
    polling = asyncio.create_task(api.call("getUpdates", {"timeout": 30, "offset": update.update_id + 1}))
    await asyncio.sleep(0)
    await server.stop()
    await polling
    assert time.monotonic() - started < 5


async def test_the_server_is_only_for_this_computer(world, api):
    import httpx

    server = SandboxServer(world, api)
    address = await server.start()
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{address}/botwrong/getMe")).status_code == 401
        assert (await client.get(f"{address}/bot{TOKEN}/nonsense")).status_code == 404
        assert (await client.get(f"{address}/api/state", headers={"Host": "evil.example"})).status_code == 403
        assert (await client.post(f"{address}/api/people", json={"first_name": "x"})).status_code == 403
        assert (
            await client.post(f"{address}/api/people", json={}, headers={"X-Sandbox": "1"})
        ).status_code == 400
        assert (await client.get(f"{address}/api/chats/5/messages?as=6")).status_code == 403
    await server.stop()
