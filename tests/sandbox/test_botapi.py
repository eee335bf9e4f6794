"""The local Bot API, held to the real one's shapes by aiogram's models, and to its refusals by its words."""

import asyncio
import io
import json
import time
from datetime import UTC, datetime, timedelta

import aiogram.methods
import aiogram.types
import pytest
from aiogram.methods.base import TelegramMethod
from made_up import TOKEN
from pydantic import TypeAdapter
from telegram import Bot, InlineQueryResultArticle, InputMediaPhoto, InputTextMessageContent
from telegram.request import HTTPXRequest

from sandbox.botapi import BotApi
from sandbox.server import SandboxServer
from sandbox.strict import Refused
from sandbox.terminal import Terminal
from sandbox.webhook import Webhook
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
    return BotApi(world, Webhook(world, {"https://bot.example": "http://127.0.0.1:9"}))


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
    "setWebhook": {"url": "https://bot.example/hook", "secret_token": "a-Z_9", "max_connections": 8,
                   "allowed_updates": '["message"]', "drop_pending_updates": "false"},
    "getWebhookInfo": {},
    "deleteWebhook": {"drop_pending_updates": False},
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
    "sendMediaGroup": {"chat_id": 5, "reply_parameters": '{"message_id":1}',
                       "media": '[{"type":"photo","media":"attach://p","caption":"<b>y</b>","parse_mode":"HTML"},{"type":"photo","media":"attach://p"}]'},
    "getChatMember": {"chat_id": -1001, "user_id": 5},
    "leaveChat": {"chat_id": -1001},
}  # fmt: skip

RESULT = {
    "type": "article",
    "id": "1",
    "title": "城关派出所",
    "description": "派出所一序列",
    "input_message_content": {"message_text": "/score <b>城关所</b>", "parse_mode": "HTML"},
}


def article(**changes):
    return {k: v for k, v in (RESULT | changes).items() if v is not None}


def saying(text, **more):
    return article(input_message_content={"message_text": text, **more})


async def test_every_method_takes_and_gives_what_the_real_one_does(world, api):
    world.add_group("群", [5], id=-1001)
    for name, params in CALLS.items():
        model = getattr(aiogram.methods, name[0].upper() + name[1:])
        assert issubclass(model, TelegramMethod)
        assert set(params) <= set(model.model_fields), name
        files = {"p": Upload("p.png", PNG)} if "attach" in str(params) else {}
        result = await ok(api, name, files, **params)
        TypeAdapter(model.__returning__).validate_python(result)
    implemented = {name.lower() for name in CALLS} | {"getfile", "answercallbackquery", "answerinlinequery"}
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
    query = world.inline(5, group.id, "城关")
    await ok(api, "answerInlineQuery", inline_query_id=query, results=json.dumps([RESULT]), cache_time=0)
    world.pick(5, group.id, query, "1")
    await ok(api, "leaveChat", chat_id=group.id)
    updates = await ok(api, "getUpdates")
    kinds = {next(k for k in update if k != "update_id") for update in updates}
    assert kinds == {"message", "edited_message", "callback_query", "inline_query", "my_chat_member"}
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
        ("setWebhook", {"url": "http://bot.example/hook"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ("setWebhook", {"url": "bot.example"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ("setWebhook", {"url": "https://bot.example:8080/hook"}, "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ("setWebhook", {"url": "https://bot.example:x/hook"}, "invalid webhook URL specified"),
        ("setWebhook", {"url": "https://elsewhere.example/hook"}, "bad webhook: Failed to resolve host"),
        ("setWebhook", {"url": "https://bot.example:8443/hook"}, "bad webhook: Failed to resolve host"),
        ("setWebhook", {"url": "https://bot.example/hook", "secret_token": "密语"}, "secret token contains unallowed characters"),
        ("setWebhook", {"url": "https://bot.example/hook", "secret_token": "x" * 257}, "secret token is too long"),
        ("setWebhook", {"url": "https://bot.example/hook", "allowed_updates": '"message"'}, "can't parse allowed_updates"),
        ("setWebhook", {"url": "https://bot.example/hook", "certificate": "x"}, "takes no certificate"),
        ("answerInlineQuery", {"inline_query_id": "1", "results": "[]"}, "query is too old and response timeout expired or query ID is invalid"),
        ("answerInlineQuery", {"inline_query_id": "1", "results": "{}x"}, "can't parse"),
        ("sendMediaGroup", {"chat_id": 5}, 'parameter "media" is required'),
        ("sendMediaGroup", {"chat_id": 5, "media": "[]"}, "there are no messages to send"),
        ("sendMediaGroup", {"chat_id": 5, "media": '[{"type":"photo","media":"x"}]'}, "at least two"),
        ("sendMediaGroup", {"chat_id": 5, "media": json.dumps([{"type": "photo", "media": "x"}] * 11)}, "too many messages to send as an album"),
        ("sendMediaGroup", {"chat_id": 5, "media": '[{"type":"photo","media":"x"},{"type":"document","media":"x"}]'}, "document can't be mixed with other media types"),
        ("sendMediaGroup", {"chat_id": 5, "media": '[{"type":"video","media":"x"},{"type":"video","media":"x"}]'}, "is unsupported"),
        ("sendMediaGroup", {"chat_id": 5, "media": '[{"type":"photo","media":"attach://q"},{"type":"photo","media":"x"}]'}, "media not found"),
        ("sendMediaGroup", {"chat_id": 5, "media": '[{"type":"photo","media":"x"},{"type":"photo","media":"x"}]'}, "wrong file identifier"),
        ("getChatMember", {"chat_id": 5}, "invalid user_id specified"),
        ("getChatMember", {"chat_id": 5, "user_id": 77}, "user not found"),
        ("leaveChat", {"chat_id": 5}, "chat member status can't be changed in private chats"),
        ("leaveChat", {"chat_id": -77}, "chat not found"),
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


async def test_who_has_a_webhook_cannot_fetch(world, api):
    polling = asyncio.create_task(api.call("getUpdates", {"timeout": 30}))
    await asyncio.sleep(0)
    await ok(api, "setWebhook", url="https://bot.example/hook")
    assert (await polling).body["description"] == "Conflict: terminated by setWebhook request"
    reply = await api.call("getUpdates", {"timeout": 0})
    assert (reply.status, reply.body["description"]) == (
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    )
    world.send(5, 5, "x")
    await ok(api, "deleteWebhook")
    assert len(await ok(api, "getUpdates")) == 1


async def test_an_empty_address_takes_the_webhook_away_and_what_waits_goes_only_when_asked(world, api):
    await ok(api, "setWebhook", url="https://bot.example/hook")
    world.send(5, 5, "x")
    assert (await ok(api, "getWebhookInfo"))["pending_update_count"] == 1
    await ok(api, "setWebhook", url="")
    assert await ok(api, "getWebhookInfo") == {
        "url": "", "has_custom_certificate": False, "pending_update_count": 1,
    }  # fmt: skip
    await ok(api, "deleteWebhook", drop_pending_updates="true")
    assert await ok(api, "getUpdates") == []


async def test_only_the_kinds_that_the_webhook_is_set_to_are_kept_until_it_is_set_to_others(world, api):
    await ok(api, "setWebhook", url="https://bot.example/hook", allowed_updates='["edited_message"]')
    await ok(api, "setWebhook", url="https://bot.example/other")
    first = world.send(5, 5, "x")
    world.edit(5, 5, first["message_id"], "y")
    assert [sorted(update) for update in world.pending] == [["edited_message", "update_id"]]
    assert (await ok(api, "getWebhookInfo"))["allowed_updates"] == ["edited_message"]
    await ok(api, "setWebhook", url="https://bot.example/other", allowed_updates="[]")
    world.send(5, 5, "z")
    assert len(world.pending) == 2


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


async def asked(api, query, *results):
    """The bot answers a query with these results."""
    return await api.call("answerInlineQuery", {"inline_query_id": query, "results": json.dumps(results)})


async def test_a_picked_result_is_the_persons_message_via_the_bot(world, api):
    group = world.add_group("群", [5]).id
    world.confirm(10**12)
    query = world.inline(5, group, "城关")
    (update,) = await ok(api, "getUpdates")
    assert update["inline_query"] == {
        "id": query, "from": world.person(5).user, "query": "城关", "offset": "", "chat_type": "supergroup",
    }  # fmt: skip
    assert await world.inline_answered(query, seconds=0.01) is None
    assert (await asked(api, query, article(id="0"), RESULT)).body["result"] is True
    assert await world.inline_answered(query) == [article(id="0"), RESULT]
    sent = world.pick(5, group, query, "1")
    assert (sent["from"]["id"], sent["via_bot"], sent["text"]) == (5, world.bot, "/score 城关所")
    assert {e["type"] for e in sent["entities"]} == {"bold", "bot_command"}
    assert world.pending[-1]["message"] == sent


async def test_a_message_via_the_bot_is_heard_in_a_group_and_one_via_another_is_not(world, api):
    group = world.add_group("群", [5]).id
    query = world.inline(5, group, "")
    await asked(api, query, saying("平常的话"))
    world.confirm(10**12)
    world.send(5, group, "平常的话", via_bot=True)
    assert world.pending == []
    world.pick(5, group, query, "1")
    assert len(world.pending) == 1


async def test_a_private_chat_with_the_bot_is_where_the_sender_is(world, api):
    query = world.inline(5, 5, "长" * 300)
    (update,) = await ok(api, "getUpdates")
    assert update["inline_query"]["chat_type"] == "sender"
    assert len(update["inline_query"]["query"]) == 256
    await asked(api, query, RESULT)
    message = world.send(5, 5, "原来的")
    picked = world.pick(5, 5, query, "1", reply_to=message["message_id"])
    assert picked["reply_to_message"]["text"] == "原来的"


async def test_an_inline_query_is_answered_once_and_in_time():
    time = datetime(2026, 11, 10, tzinfo=UTC)
    world = World(token=TOKEN, now=lambda: time)
    world.add_person("王伟", id=5)
    api = BotApi(world)
    query, late = world.inline(5, 5, "a"), world.inline(5, 5, "b")
    assert (await asked(api, query)).status == 200
    time += timedelta(seconds=11)
    for old in (query, late, "77"):
        reply = await asked(api, old)
        assert reply.body["description"] == (
            "Bad Request: query is too old and response timeout expired or query ID is invalid"
        )


async def test_a_result_is_picked_by_who_asked_where_it_was_asked(world, api):
    world.add_person("李娜", id=6)
    group = world.add_group("群", [5, 6]).id
    query = world.inline(5, group, "")
    with pytest.raises(Refused, match="QUERY_ID_INVALID"):
        world.pick(5, group, query, "1")
    await asked(api, query, RESULT)
    for person, chat in ((6, group), (5, 5)):
        with pytest.raises(Refused, match="QUERY_ID_INVALID"):
            world.pick(person, chat, query, "1")
    with pytest.raises(Refused, match="RESULT_ID_INVALID"):
        world.pick(5, group, query, "2")
    with pytest.raises(Refused, match="not a member"):
        world.inline(7, group, "")


@pytest.mark.parametrize(
    ("results", "words"),
    [
        ([article(id=str(n)) for n in range(51)], "too many inline query results specified"),
        ([RESULT, RESULT], "RESULT_ID_DUPLICATE"),
        ([article(id="")], "RESULT_ID_EMPTY"),
        ([article(id="长" * 22)], "RESULT_ID_INVALID"),
        ([article(id=None)], "Can't find field \"id\""),
        ([article(title=None)], "Can't find field \"title\""),
        ([article(title=" ")], "ARTICLE_TITLE_EMPTY"),
        ([article(input_message_content=None)], "Can't find field \"input_message_content\""),
        ([article(input_message_content={"phone_number": "1", "first_name": "x"})], "InputTextMessageContent only"),
        ([article(type="photo")], "type article without buttons only"),
        ([article(reply_markup={"inline_keyboard": []})], "type article without buttons only"),
        ([saying("")], "can't parse InlineQueryResult: message text is empty"),
        ([saying("长" * 4097)], "MESSAGE_TOO_LONG"),
        ([saying("<b>x", parse_mode="HTML")], "can't parse InlineQueryResult: can't parse entities"),
        ([7], "Inline query result must be an object"),
        ({"a": 1}, "expected an Array of inline query results"),
    ],
)  # fmt: skip
async def test_results_that_telegram_would_not_show_are_refused(world, api, results, words):
    query = world.inline(5, 5, "x")
    assert words in await refused(api, "answerInlineQuery", inline_query_id=query, results=json.dumps(results))
    fitting = [article(id=f"{n:064}") for n in range(49)] + [saying("长" * 4096)]
    await ok(api, "answerInlineQuery", inline_query_id=query, results=fitting)


async def test_what_else_an_inline_answer_can_get_wrong(world, api):
    query = world.inline(5, 5, "x")
    answer = {"inline_query_id": query, "results": "[]"}
    assert "NEXT_OFFSET_INVALID" in await refused(api, "answerInlineQuery", **answer, next_offset="x" * 65)
    assert "cache_time" in await refused(api, "answerInlineQuery", **answer, cache_time="soon")
    assert "no button" in await refused(
        api, "answerInlineQuery", **answer, button='{"text":"x","start_parameter":"y"}'
    )
    await ok(api, "answerInlineQuery", **answer, is_personal="true")


async def test_an_album_is_sent_from_new_files_and_known_ones(api):
    photo = await ok(api, "sendPhoto", {"photo": Upload("p.png", PNG)}, chat_id=5)
    known = photo["photo"][-1]["file_id"]
    media = [
        {"type": "photo", "media": "attach://a", "caption": "一<b>二</b>", "parse_mode": "HTML"},
        {"type": "photo", "media": known},
    ]
    first, second = await ok(
        api, "sendMediaGroup", {"a": Upload("a.png", PNG)}, chat_id=5, media=json.dumps(media)
    )
    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], first["caption_entities"][0]["type"]) == ("一二", "bold")
    assert "caption" not in second
    files = {"a": Upload("一.pdf", b"%PDF"), "b": Upload("二.pdf", b"%PDF-2")}
    media = [{"type": "document", "media": f"attach://{name}"} for name in files]
    sent = await ok(api, "sendMediaGroup", files, chat_id=5, media=media)
    assert [message["document"]["file_name"] for message in sent] == ["一.pdf", "二.pdf"]
    assert len({message["media_group_id"] for message in [first, *sent]}) == 2


async def test_an_album_with_one_bad_item_sends_nothing(world, api):
    files = {"a": Upload("a.png", PNG), "b": Upload("b.png", b"no picture")}
    media = [{"type": "photo", "media": f"attach://{name}"} for name in files]
    before = world.store.last_message_id(5)
    assert "IMAGE_PROCESS_FAILED" in await refused(api, "sendMediaGroup", files, chat_id=5, media=media)
    with pytest.raises(Refused, match="IMAGE_PROCESS_FAILED"):
        world.upload(5, 5, list(files.values()), kind="photo")
    assert world.store.last_message_id(5) == before


def test_more_than_ten_pictures_are_two_albums(world):
    sent = world.upload(5, 5, [Upload("a.png", PNG)] * 12, kind="photo", caption="说明")
    albums = [message["media_group_id"] for message in sent]
    assert (albums.count(albums[0]), albums.count(albums[11])) == (10, 2)
    assert [message.get("caption") for message in sent] == ["说明"] + [None] * 11
    alone = world.upload(5, 5, [Upload("a.png", PNG)] * 11, kind="photo")[-1]
    assert "media_group_id" not in alone


async def test_who_is_in_a_chat(world, api):
    world.add_person("李娜", id=6)
    group = world.add_group("群", [5]).id

    async def status(chat, user):
        member = await ok(api, "getChatMember", chat_id=chat, user_id=user)
        assert member["user"]["id"] == user
        return member["status"]

    assert await status(group, 5) == await status(group, world.bot["id"]) == await status(5, 5) == "member"
    assert await status(group, 6) == "left"
    assert "member not found" in await refused(api, "getChatMember", chat_id=5, user_id=6)


async def test_a_bot_hears_that_it_was_added_and_that_it_left_and_is_out_then(world, api):
    group = world.add_group("群", [5]).id
    card = await ok(api, "sendMessage", chat_id=group, text="x")
    moved = world.pending[0]["my_chat_member"]
    assert (moved["from"]["id"], moved["chat"]["id"]) == (5, group)
    assert (moved["old_chat_member"]["status"], moved["new_chat_member"]["status"]) == ("left", "member")
    assert moved["new_chat_member"]["user"] == world.bot
    world.add_group("群改名", [5], id=group)
    assert len(world.pending) == 1
    await ok(api, "leaveChat", chat_id=group)
    assert world.pending[1]["my_chat_member"]["new_chat_member"]["status"] == "left"
    world.send(5, group, "/start")
    assert len(world.pending) == 2
    for method, params in {
        "sendMessage": {"text": "x"},
        "sendChatAction": {"action": "typing"},
        "deleteMessage": {"message_id": card["message_id"]},
        "editMessageText": {"message_id": card["message_id"], "text": "y"},
        "getChat": {},
        "getChatMember": {"user_id": 5},
        "leaveChat": {},
    }.items():
        words = await refused(api, method, chat_id=group, **params)
        assert words == "Forbidden: bot is not a member of the supergroup chat"
    world.add_group("群", [5], id=group)
    assert len(world.pending) == 3
    await ok(api, "sendMessage", chat_id=group, text="x")


async def test_that_a_bot_left_is_kept(tmp_path):
    first = World(token=TOKEN, path=tmp_path / "telegram.db")
    first.add_person("王伟", id=5)
    group = first.add_group("群", [5]).id
    first.leave(group)
    first.close()
    with pytest.raises(Refused, match="not a member of the supergroup"):
        World(token=TOKEN, path=tmp_path / "telegram.db").post(group, {"text": "x"})


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
    assert [update["update_id"] for update in second.pending] == [number, number + 1]
    assert second.send(5, 5, "x")["message_id"] == 2
    assert second.pending[2]["update_id"] == number + 2


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
        album = await bot.send_media_group(
            5, [InputMediaPhoto(PNG, caption="一"), InputMediaPhoto(sent.photo[-1])]
        )
        assert [message.media_group_id for message in album] == [album[0].media_group_id] * 2
        query = world.inline(5, 5, "城关")
        (update,) = await bot.get_updates(offset=update.update_id + 1, timeout=1)
        text = InputTextMessageContent("<b>城关所</b>", parse_mode="HTML")
        await update.inline_query.answer([InlineQueryResultArticle("1", "城关派出所", text)], cache_time=0)
        assert world.pick(5, 5, query, "1")["text"] == "城关所"
        (update,) = await bot.get_updates(offset=update.update_id + 1, timeout=1)
        assert update.message.via_bot.id == bot.id
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


async def test_no_page_of_another_site_gets_anything_done(world, api):
    import httpx

    server = SandboxServer(world, api)
    address = await server.start()
    body = {"chat_id": 5, "text": "x"}
    foreign = (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
    )
    async with httpx.AsyncClient(base_url=address) as client:
        for headers in foreign:
            said = await client.post(f"/bot{TOKEN}/sendMessage", data=body, headers=headers)
            assert said.status_code == 403, headers
            read = await client.get("/api/state", headers=headers)
            assert read.status_code == 403, headers
        assert [message["text"] for message in world.store.messages(5)] == ["/start abc"]
        own = {"Sec-Fetch-Site": "same-origin", "Origin": address, "X-Sandbox": "1"}
        assert (await client.post("/api/people", json={"first_name": "新"}, headers=own)).status_code == 200
        page = await client.get("/", headers={"Sec-Fetch-Site": "cross-site"})
        assert (page.status_code, page.headers["content-security-policy"]) == (200, "frame-ancestors 'none'")
    await server.stop()


async def test_updates_are_fetched_so_many_at_once_and_of_the_kinds_that_are_asked_for(world, api):
    first = world.send(5, 5, "一")
    world.send(5, 5, "二")
    world.edit(5, 5, first["message_id"], "三")

    async def kinds(**params):
        found = await ok(api, "getUpdates", timeout=0, **params)
        return [next(key for key in update if key != "update_id") for update in found]

    assert await kinds() == ["message", "message", "edited_message"]
    assert await kinds(limit=2) == ["message", "message"]
    assert await kinds(limit=0) == ["message"]
    assert await kinds(allowed_updates='["edited_message"]') == ["edited_message"]
    assert await kinds(allowed_updates='["edited_message","message"]', limit=1) == ["message"]


async def test_the_first_of_a_new_groups_members_added_the_bot(world):
    world.add_person("李娜", id=6)
    world.add_group("群", [6, 5])
    assert world.pending[-1]["my_chat_member"]["from"]["id"] == 6


def test_the_newest_messages_of_a_chat_come_oldest_first(world):
    for text in "甲乙丙丁":
        world.send(5, 5, text)
    store = world.store
    assert [m["text"] for m in store.messages(5, limit=2)] == ["丙", "丁"]
    assert [m["text"] for m in store.messages(5, limit=2, before=4)] == ["甲", "乙"]
    assert [m["text"] for m in store.messages(5, after=3)] == ["丙", "丁"]


@pytest.mark.parametrize(
    ("commands", "refusal"),
    [
        ([{"command": f"c{n}", "description": "x"} for n in range(100)], None),
        ([{"command": f"c{n}", "description": "x"} for n in range(101)], "BOT_COMMANDS_TOO_MUCH"),
        ([{"command": "a" * 32, "description": "长" * 256}], None),
        ([{"command": "a" * 33, "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "Ab", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "a", "description": "长" * 257}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "a", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_a_menu_is_one_that_telegram_takes(api, commands, refusal):
    reply = await api.call("setMyCommands", {"commands": json.dumps(commands)})
    assert reply.body.get("description") == (f"Bad Request: {refusal}" if refusal else None)


async def test_a_page_hears_of_the_chats_of_its_person_only(world, api):
    import httpx

    world.add_person("李娜", id=6)
    server = SandboxServer(world, api)
    address = await server.start()
    async with (
        httpx.AsyncClient(base_url=address) as client,
        client.stream("GET", "/api/events?as=5") as events,
    ):
        lines = events.aiter_lines()
        assert await anext(lines) == ": here"
        world.send(6, 6, "不该听到")
        world.send(5, 5, "该听到")
        heard = [await asyncio.wait_for(anext(lines), 5) for _ in range(2)][1]
        assert json.loads(heard.removeprefix("data: "))["message"]["text"] == "该听到"
    await server.stop()


async def test_a_file_is_shown_as_what_can_do_no_harm(world, api):
    import httpx

    server = SandboxServer(world, api)
    address = await server.start()
    async with httpx.AsyncClient(base_url=address) as client:
        for kind, shown in (("application/pdf", "application/pdf"), ("text/html", "application/octet-stream")):
            (message,) = world.upload(5, 5, [Upload("a", kind.encode(), kind)])
            answer = await client.get(f"/api/files/{message['document']['file_id']}")
            assert (answer.content, answer.headers["content-type"]) == (kind.encode(), shown)
            assert answer.headers["x-content-type-options"] == "nosniff"
    await server.stop()


def button(data):
    return json.dumps({"inline_keyboard": [[{"text": "a", "callback_data": data}]]})


@pytest.mark.parametrize(
    ("data", "taken"), [("x" * 64, True), ("x" * 65, False), ("长" * 21, True), ("长" * 22, False), ("", False)]
)
async def test_a_buttons_data_are_at_most_64_bytes(api, data, taken):
    reply = await api.call("sendMessage", {"chat_id": 5, "text": "x", "reply_markup": button(data)})
    assert reply.status == (200 if taken else 400)
    if not taken:
        assert reply.body["description"] == "Bad Request: BUTTON_DATA_INVALID"


@pytest.mark.parametrize(
    ("method", "params", "taken"),
    [
        ("sendMessage", {"text": "😀" * 2048}, True),
        ("sendMessage", {"text": "<b>" + "长" * 4096 + "</b>", "parse_mode": "HTML"}, True),
        ("sendMessage", {"text": "<b>" + "长" * 4097 + "</b>", "parse_mode": "HTML"}, False),
        ("sendPhoto", {"photo": "attach://p", "caption": "😀" * 512}, True),
        ("sendPhoto", {"photo": "attach://p", "caption": "😀" * 513}, False),
        ("sendDocument", {"document": "attach://p", "caption": "长" * 1025}, False),
    ],
)
async def test_a_text_is_as_long_as_telegram_counts_it_without_its_tags(api, method, params, taken):
    reply = await api.call(method, {"chat_id": 5, **params}, {"p": Upload("p.png", PNG)})
    assert reply.status == (200 if taken else 400)


async def test_a_keyboard_has_at_most_a_hundred_buttons(api):
    for count, status in ((100, 200), (101, 400)):
        rows = [[{"text": str(n), "callback_data": "x"}] for n in range(count)]
        markup = json.dumps({"inline_keyboard": rows})
        assert (
            await api.call("sendMessage", {"chat_id": 5, "text": "x", "reply_markup": markup})
        ).status == status


@pytest.mark.parametrize(
    ("width", "height", "taken"),
    [(5000, 5000, True), (5000, 5001, False), (200, 10, True), (201, 10, False), (10, 201, False)],
)
async def test_a_photos_sides_are_bounded_in_all_and_to_one_another(api, width, height, taken):
    head = PNG[:16] + width.to_bytes(4, "big") + height.to_bytes(4, "big") + PNG[24:]
    reply = await api.call("sendPhoto", {"chat_id": 5, "photo": "attach://p"}, {"p": Upload("p.png", head)})
    assert reply.status == (200 if taken else 400)
    if not taken:
        assert reply.body["description"] == "Bad Request: PHOTO_INVALID_DIMENSIONS"


@pytest.mark.parametrize(
    ("words", "status", "refusal"),
    [("长" * 200, 200, None), ("长" * 201, 400, "MESSAGE_TOO_LONG"), ("😀" * 101, 400, "MESSAGE_TOO_LONG")],
)
async def test_what_stands_over_a_pressed_button_has_at_most_200_signs(world, api, words, status, refusal):
    sent = await ok(api, "sendMessage", chat_id=5, text="x", reply_markup=button("b"))
    query = world.press(5, 5, sent["message_id"], "b")
    reply = await api.call(
        "answerCallbackQuery", {"callback_query_id": query, "text": words, "show_alert": "true"}
    )
    assert (reply.status, reply.body.get("description")) == (
        status,
        f"Bad Request: {refusal}" if refusal else None,
    )
    if not refusal:
        assert await world.answered(query) == {"text": words, "show_alert": True, "url": ""}
        assert "query is too old" in await refused(api, "answerCallbackQuery", callback_query_id=query)


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("<b>甲</b>乙", "甲乙", [("bold", 0, 1)]),
        ("😀<i>甲</i><code>乙</code>", "😀甲乙", [("italic", 2, 1), ("code", 3, 1)]),
        (" \n<b>甲<s>乙</s></b> ", "甲乙", [("bold", 0, 2), ("strikethrough", 1, 1)]),
        ("a &lt; b &amp; c", "a < b & c", []),
        ("<b></b>甲", "甲", []),
        ("<blockquote expandable>甲</blockquote>", "甲", [("expandable_blockquote", 0, 1)]),
    ],
)
async def test_html_becomes_text_with_its_marks_where_they_stand(api, html, text, entities):
    sent = await ok(api, "sendMessage", chat_id=5, text=html, parse_mode="HTML")
    assert sent["text"] == text
    assert [(e["type"], e["offset"], e["length"]) for e in sent.get("entities", [])] == entities


async def test_the_menu_of_a_chat_goes_before_that_of_its_kind_and_the_default(world, api):
    group = world.add_group("群", [5]).id
    menus = {"default": "d", "all_private_chats": "p", "all_group_chats": "g"}
    for scope, name in menus.items():
        await ok(api, "setMyCommands", commands=[{"command": name, "description": "x"}], scope={"type": scope})
    own = {"type": "chat", "chat_id": 5}
    await ok(api, "setMyCommands", commands=[{"command": "c", "description": "x"}], scope=own)
    assert [c["command"] for c in world.commands_in(5)] == ["c"]
    assert [c["command"] for c in world.commands_in(group)] == ["g"]
    await ok(api, "deleteMyCommands", scope=own)
    assert [c["command"] for c in world.commands_in(5)] == ["p"]
    await ok(api, "deleteMyCommands", scope={"type": "all_private_chats"})
    assert [c["command"] for c in world.commands_in(5)] == ["d"]


async def test_messages_are_read_by_who_is_in_their_chat(world, api):
    import httpx

    world.add_person("李娜", id=6)
    group = world.add_group("群", [5]).id
    server = SandboxServer(world, api)
    address = await server.start()
    async with httpx.AsyncClient(base_url=address, headers={"X-Sandbox": "1"}) as client:
        world.send(5, group, "/start")
        seen = await client.get(f"/api/chats/{group}/messages?as=5")
        assert [message["text"] for message in seen.json()] == ["/start"]
        assert (await client.get(f"/api/chats/{group}/messages?as=6")).status_code == 403
        assert (await client.post(f"/api/chats/{group}/send", json={"as": 6, "text": "x"})).status_code == 400
        assert (await client.get(f"/file/bot{TOKEN}x/files/a")).status_code == 401
    await server.stop()


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "x"])
async def test_a_button_leads_to_no_script(api, link):
    keyboard = {"inline_keyboard": [[{"text": "看", "url": link}]]}
    answer = await api.call("sendMessage", {"chat_id": 5, "text": "x", "reply_markup": json.dumps(keyboard)})
    assert (answer.status, answer.body["description"]) == (
        400, f"Bad Request: inline keyboard button URL '{link}' is invalid: Unsupported URL protocol",
    )  # fmt: skip


async def test_the_page_asks_inline_and_picks(world, api):
    import httpx

    server = SandboxServer(world, api)
    address = await server.start()
    async with httpx.AsyncClient(base_url=address, headers={"X-Sandbox": "1"}) as client:
        asking = asyncio.create_task(
            client.post("/api/inline", json={"as": 5, "chat": 5, "query": "城关"}, timeout=10)
        )
        (update,) = await ok(api, "getUpdates", timeout=5)
        await asked(api, update["inline_query"]["id"], RESULT)
        found = (await asking).json()
        assert found["results"] == [RESULT]
        pick = {"as": 5, "chat": 5, "query": found["query"], "result": "1"}
        assert (await client.post("/api/pick", json=pick)).json()["text"] == "/score 城关所"
        wrong = await client.post("/api/pick", json=pick | {"result": "2"})
        assert (wrong.status_code, wrong.json()["error"]) == (400, "Bad Request: RESULT_ID_INVALID")
    await server.stop()


async def typed(world, folder, *lines, answer=None):
    """What the terminal writes for these lines; `answer` stands in for the bot."""
    out = io.StringIO()

    async def idle():
        await asyncio.sleep(0)
        world.confirm(10**12)

    async def given():
        for line in lines:
            yield line

    bot = asyncio.create_task(answer()) if answer else None
    await Terminal(world, idle, pictures=folder, out=out).run(given())
    if bot:
        bot.cancel()
    return out.getvalue()


async def test_the_terminal_lists_inline_results_and_picks_one(world, api, tmp_path):
    async def answer():
        while True:
            await asyncio.sleep(0.01)
            for update in world.pending:
                if "inline_query" in update:
                    await asked(api, update["inline_query"]["id"], RESULT, article(id="2", description=None))

    lines = ["王伟> !pick 1", "!inline 城关", "!pick 3", "!pick 2"]
    shown = await typed(world, tmp_path, *lines, answer=answer)
    assert "先用 !inline" in shown
    assert "1. 城关派出所　派出所一序列\n　2. 城关派出所\n" in shown
    assert "没有第 3 个结果，一共 2 个" in shown
    assert world.store.messages(5)[-1]["via_bot"] == world.bot


async def test_the_terminal_sends_several_files_as_an_album(world, tmp_path):
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(PNG)
    a, b = tmp_path / "a.png", tmp_path / "b.png"
    shown = await typed(
        world,
        tmp_path,
        "王伟> /x",
        f"!photo {a} {b} 门口 和  院内",
        f"!file {a}",
        f"!photo {tmp_path / 'c.png'} 说明",
    )
    first, second, alone = world.store.messages(5)[-3:]
    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], "caption" in second) == ("门口 和  院内", False)
    assert alone["document"]["file_name"] == "a.png"
    assert "media_group_id" not in alone
    assert "文件读不了" in shown


async def test_the_terminal_replies_to_the_bots_newest_message(world, api, tmp_path):
    assert "还没有机器人的消息" in await typed(world, tmp_path, "王伟> !reply 好")
    await ok(api, "sendMessage", chat_id=5, text="旧的")
    newest = await ok(api, "sendMessage", chat_id=5, text="新的")
    (tmp_path / "a.png").write_bytes(PNG)
    await typed(world, tmp_path, "王伟> !reply 收到", f"!reply !photo {tmp_path / 'a.png'} 见图")
    said, shown = world.store.messages(5)[-2:]
    assert (said["text"], shown["caption"]) == ("收到", "见图")
    assert {m["reply_to_message"]["message_id"] for m in (said, shown)} == {newest["message_id"]}


async def test_in_the_terminal_a_group_is_entered_by_its_name_and_left_again(world, tmp_path):
    world.add_group("机关组", [5])
    group = world.add_group("派出所组", [5]).id
    await typed(world, tmp_path, "王伟> @派出所", "/in", "@私聊", "/out")
    assert [message["text"] for message in world.store.messages(group)] == ["/in"]
    assert world.store.messages(5)[-1]["text"] == "/out"


async def test_in_the_terminal_the_newest_invitation_is_opened(world, api, tmp_path):
    for secret in ("old", "new"):
        await ok(api, "sendMessage", chat_id=5, text=f"https://t.me/kaoping_sandbox_bot?start={secret}")
    await typed(world, tmp_path, "王伟> !join 李娜", "在吗")
    (li,) = [person for person in world.people() if person.first_name == "李娜"]
    assert [message["text"] for message in world.store.messages(li.id)] == ["/start new", "在吗"]


async def test_the_terminal_saves_what_the_bot_sends(world, api, tmp_path):
    async def answer():
        await ok(api, "sendDocument", {"document": Upload("../台账.xlsx", b"PK")}, chat_id=5)

    shown = await typed(world, tmp_path / "kept", "王伟> 在吗", answer=answer)
    (kept,) = (tmp_path / "kept").iterdir()
    assert kept.read_bytes() == b"PK"
    assert f"〔文件 台账.xlsx {kept}〕" in shown
