"""The Bot API as the bot meets it: one method here, one method there, refused as the real server refuses."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox import strict
from sandbox.strict import Refused, bad, integer, jsoned
from sandbox.webhook import Webhook
from sandbox.world import Message, Upload, World

Params = Mapping[str, Any]
Files = Mapping[str, Upload]

LONGEST_POLL = 50
WEBHOOK_ACTIVE = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP status with the body that the real server would give."""

    status: int
    body: dict[str, Any]


def _refusal(refused: Refused) -> Reply:
    body: dict[str, Any] = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return Reply(refused.code, body)


class BotApi:
    """Every method that the bot uses. Names are taken in any case, as by the real server."""

    def __init__(self, world: World, webhook: Webhook | None = None) -> None:
        self.world = world
        self.webhook = webhook or Webhook(world)
        self._poller = 0
        self._closing = False
        self._methods: dict[str, Callable[[Params, Files], Awaitable[Any]]] = {
            name.removeprefix("_do_").replace("_", ""): getattr(self, name)
            for name in dir(self)
            if name.startswith("_do_")
        }

    async def call(self, method: str, params: Params, files: Files | None = None) -> Reply:
        """Do one method; never raises."""
        handler = self._methods.get(method.lower())
        if handler is None:
            return _refusal(Refused(404, "Not Found"))
        try:
            return Reply(200, {"ok": True, "result": await handler(params, files or {})})
        except Refused as refused:
            return _refusal(refused)

    def close(self) -> None:
        """End the polls that wait."""
        self._closing = True
        self.world.arrived.set()

    async def _do_get_me(self, params: Params, files: Files) -> Any:
        return {
            **self.world.bot,
            "can_join_groups": True,
            "can_read_all_group_messages": not self.world.privacy_mode,
            "supports_inline_queries": True,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    async def _do_get_updates(self, params: Params, files: Files) -> Any:
        """A second poller ends the first with 409, as on the real server; only the offset confirms."""
        if self.webhook.url:
            raise Refused(409, WEBHOOK_ACTIVE)
        self._poller += 1
        mine = self._poller
        self.world.arrived.set()
        offset = integer(params, "offset", 0)
        if offset < 0:
            offset = self.world.pending[offset:][0]["update_id"] if self.world.pending else 0
        self.world.confirm(offset)
        timeout = min(integer(params, "timeout", 0), LONGEST_POLL)
        deadline = asyncio.get_running_loop().time() + timeout
        while not self.world.pending and not self._closing:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                break
            await self.world.wait_for_updates(left)
            if self.webhook.url:
                raise Refused(409, "Conflict: terminated by setWebhook request")
            if mine != self._poller:
                raise Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
        limit = min(max(integer(params, "limit", 100), 1), 100)
        return self._allowed(jsoned(params, "allowed_updates"))[:limit]

    def _allowed(self, kinds: Any) -> list[dict[str, Any]]:
        if not kinds:
            return self.world.pending
        return [update for update in self.world.pending if any(kind in update for kind in kinds)]

    async def _do_get_webhook_info(self, params: Params, files: Files) -> Any:
        return self.webhook.info()

    async def _do_set_webhook(self, params: Params, files: Files) -> Any:
        return self.webhook.set({**params, **files})

    async def _do_delete_webhook(self, params: Params, files: Files) -> Any:
        return self.webhook.delete(params)

    async def _do_send_message(self, params: Params, files: Files) -> Any:
        text, entities = strict.formatted(params, "text", 4096, required=True)
        content: dict[str, Any] = {"text": text}
        if entities:
            content["entities"] = entities
        return self._post(params, content)

    async def _do_send_photo(self, params: Params, files: Files) -> Any:
        return self._send_media(params, files, "photo")

    async def _do_send_document(self, params: Params, files: Files) -> Any:
        return self._send_media(params, files, "document")

    def _send_media(self, params: Params, files: Files, kind: str) -> Message:
        content = self._media(params.get(kind), files, kind) | self._captioned(params)
        return self._post(params, content)

    async def _do_send_media_group(self, params: Params, files: Files) -> Any:
        """Every item is looked at before the first is sent."""
        media = strict.album(params)
        chat_id = self._chat_id(params)
        contents = [self._input_media(item, files) for item in media]
        return self.world.post_album(chat_id, contents, self._reply_to(params, chat_id))

    def _input_media(self, item: Mapping[str, Any], files: Files) -> dict[str, Any]:
        value = str(item.get("media") or "")
        if not value or (value.startswith("attach://") and value.removeprefix("attach://") not in files):
            raise bad("can't parse InputMedia: media not found")
        return self._media(value, files, item["type"]) | self._captioned(item)

    def _media(self, value: Any, files: Files, kind: str) -> dict[str, Any]:
        if kind in files:
            return self.world.media(files[kind], kind)
        text = str(value or "")
        if text.startswith("attach://"):
            name = text.removeprefix("attach://")
            if name not in files:
                raise bad("can't find attached file")
            return self.world.media(files[name], kind)
        if not text:
            raise bad(f"there is no {kind} in the request")
        return self.world.known_media(text, kind)

    def _captioned(self, params: Params) -> dict[str, Any]:
        caption, entities = strict.formatted(params, "caption", 1024, required=False)
        content: dict[str, Any] = {}
        if caption:
            content["caption"] = caption
        if entities:
            content["caption_entities"] = entities
        return content

    def _post(self, params: Params, content: dict[str, Any]) -> Message:
        chat_id = self._chat_id(params)
        keyboard = strict.markup(params)
        if keyboard and "inline_keyboard" in keyboard:
            content["reply_markup"] = keyboard
        return self.world.post(chat_id, content, self._reply_to(params, chat_id))

    def _reply_to(self, params: Params, chat_id: int) -> int | None:
        reply = jsoned(params, "reply_parameters") or {}
        reply_to = reply.get("message_id")
        if reply_to and self.world.store.message(chat_id, int(reply_to)) is None:
            if not reply.get("allow_sending_without_reply"):
                raise bad("message to be replied not found")
            reply_to = None
        return int(reply_to) if reply_to else None

    def _chat_id(self, params: Params) -> int:
        value = params.get("chat_id")
        if value is None or value == "":
            raise bad("chat_id is empty")
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad("chat not found") from None

    async def _do_edit_message_text(self, params: Params, files: Files) -> Any:
        text, entities = strict.formatted(params, "text", 4096, required=True)
        message = self._own(params)
        if "text" not in message:
            raise bad("there is no text in the message to edit")
        return self._change(message, params, {"text": text, "entities": entities or None})

    async def _do_edit_message_caption(self, params: Params, files: Files) -> Any:
        message = self._own(params)
        if "text" in message:
            raise bad("there is no caption in the message to edit")
        empty: dict[str, Any] = {"caption": None, "caption_entities": None}
        return self._change(message, params, empty | self._captioned(params))

    async def _do_edit_message_media(self, params: Params, files: Files) -> Any:
        media = jsoned(params, "media")
        if not isinstance(media, dict) or media.get("type") not in ("photo", "document"):
            raise bad("can't parse InputMedia")
        message = self._own(params)
        content = self._media(media.get("media"), files, media["type"]) | self._captioned(media)
        empty: dict[str, Any] = dict.fromkeys(
            ("text", "entities", "caption", "caption_entities", "photo", "document")
        )
        return self._change(message, params, empty | content)

    async def _do_edit_message_reply_markup(self, params: Params, files: Files) -> Any:
        return self._change(self._own(params), params, {})

    def _own(self, params: Params) -> Message:
        return self.world.own(self._chat_id(params), integer(params, "message_id"))

    def _change(self, message: Message, params: Params, content: dict[str, Any]) -> Message:
        return self.world.change(message, content | {"reply_markup": strict.markup(params)})

    async def _do_delete_message(self, params: Params, files: Files) -> Any:
        self.world.delete(self._chat_id(params), integer(params, "message_id"))
        return True

    async def _do_answer_callback_query(self, params: Params, files: Files) -> Any:
        text = str(params.get("text") or "")
        if strict.units(text) > 200:
            raise bad("MESSAGE_TOO_LONG")
        alert = str(params.get("show_alert", "")).lower() == "true"
        answer = {"text": text, "show_alert": alert, "url": str(params.get("url") or "")}
        self.world.answer(str(params.get("callback_query_id", "")), answer)
        return True

    async def _do_answer_inline_query(self, params: Params, files: Files) -> Any:
        results = strict.inline_results(params)
        integer(params, "cache_time", 300)
        if len(str(params.get("next_offset", "")).encode()) > 64:
            raise bad("NEXT_OFFSET_INVALID")
        if jsoned(params, "button"):
            raise bad("this local server shows no button above inline results")
        self.world.answer_inline(str(params.get("inline_query_id", "")), results)
        return True

    async def _do_send_chat_action(self, params: Params, files: Files) -> Any:
        action = str(params.get("action", ""))
        if action not in ("typing", "upload_photo", "upload_document", "record_video", "find_location"):
            raise bad("wrong parameter action in request")
        self.world.act(self._chat_id(params), action)
        return True

    async def _do_set_my_commands(self, params: Params, files: Files) -> Any:
        self.world.set_commands(self._scope(params), strict.check_commands(jsoned(params, "commands", [])))
        return True

    async def _do_get_my_commands(self, params: Params, files: Files) -> Any:
        return self.world.commands.get(self._scope(params), [])

    async def _do_delete_my_commands(self, params: Params, files: Files) -> Any:
        self.world.set_commands(self._scope(params), None)
        return True

    def _scope(self, params: Params) -> str:
        scope = jsoned(params, "scope") or {"type": "default"}
        kind = scope.get("type")
        if kind == "chat":
            self.world.chat(int(scope.get("chat_id", 0)))
            return f"chat:{scope['chat_id']}"
        if kind not in ("default", "all_private_chats", "all_group_chats", "all_chat_administrators"):
            raise bad("can't parse BotCommandScope")
        return str(kind)

    async def _do_get_chat(self, params: Params, files: Files) -> Any:
        chat = self.world.reachable(self._chat_id(params))
        gifts = {
            "unlimited_gifts": False, "limited_gifts": False, "unique_gifts": False, "premium_subscription": False,
            "gifts_from_channels": False,
        }  # fmt: skip
        return {**chat, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}

    async def _do_get_chat_member(self, params: Params, files: Files) -> Any:
        user_id = integer(params, "user_id", 0)
        if user_id <= 0:
            raise bad("invalid user_id specified")
        return self.world.member(self._chat_id(params), user_id)

    async def _do_leave_chat(self, params: Params, files: Files) -> Any:
        self.world.leave(self._chat_id(params))
        return True

    async def _do_get_file(self, params: Params, files: Files) -> Any:
        file_id = str(params.get("file_id", ""))
        found = self.world.store.file(file_id)
        if found is None:
            raise bad("invalid file_id")
        if len(found[2]) > 20 * 1024 * 1024:
            raise bad("file is too big")
        unique = file_id[4:20]
        return {
            "file_id": file_id,
            "file_unique_id": unique,
            "file_size": len(found[2]),
            "file_path": f"files/{file_id}",
        }


def dumped(body: dict[str, Any]) -> bytes:
    """A body as the real server writes it."""
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode()
