"""What Telegram refuses, and in which words: lengths, keyboards, HTML, commands, pictures."""

import json
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit


class Refused(Exception):
    """An answer with ok=false, as the real server gives it."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def bad(description: str) -> Refused:
    """400 Bad Request."""
    return Refused(400, f"Bad Request: {description}")


def units(text: str) -> int:
    """Length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "a": "text_link", "tg-spoiler": "spoiler", "span": "spoiler", "blockquote": "blockquote",
}  # fmt: skip
"""The tags that Telegram's HTML knows, and the entities they become."""


LINKS = frozenset({"http", "https", "tg", "ton"})
"""What the link of a button may begin with."""


@dataclass
class _Open:
    tag: str
    offset: int
    attributes: dict[str, str]


class _Html(HTMLParser):
    """Telegram's HTML, no more forgiving than the real one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[dict[str, Any]] = []
        self.open: list[_Open] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise bad(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {self._byte()}')
        self.open.append(_Open(tag, units(self.text), {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open:
            raise bad(f"can't parse entities: Unexpected end tag at byte offset {self._byte()}")
        opened = self.open.pop()
        if opened.tag != tag:
            raise bad(
                f"can't parse entities: Unmatched end tag at byte offset {self._byte()}, "
                f'expected "</{opened.tag}>", found "</{tag}>"'
            )
        length = units(self.text) - opened.offset
        if length:
            self.entities.append(_entity(opened, length))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        raise bad(f'can\'t parse entities: Unsupported start tag "{tag}/" at byte offset {self._byte()}')

    def handle_comment(self, data: str) -> None:
        raise bad(f'can\'t parse entities: Unsupported start tag "!--" at byte offset {self._byte()}')

    def handle_decl(self, decl: str) -> None:
        raise bad(f'can\'t parse entities: Unsupported start tag "!" at byte offset {self._byte()}')

    def _byte(self) -> int:
        return len(self.text.encode("utf-8", "surrogatepass"))


def _entity(opened: _Open, length: int) -> dict[str, Any]:
    entity: dict[str, Any] = {"type": TAGS[opened.tag], "offset": opened.offset, "length": length}
    if opened.tag == "a":
        entity["url"] = opened.attributes.get("href", "")
    if opened.tag == "blockquote" and "expandable" in opened.attributes:
        entity["type"] = "expandable_blockquote"
    return entity


def parse_html(html: str) -> tuple[str, list[dict[str, Any]]]:
    """Text and entities of Telegram's HTML; Refused where the real server refuses it."""
    if re.search(r"<(?![a-zA-Z/!])", html):
        where = re.search(r"<(?![a-zA-Z/!])", html)
        assert where is not None
        raise bad(
            f'can\'t parse entities: Unsupported start tag "" at byte offset {len(html[: where.start()].encode())}'
        )
    parser = _Html()
    parser.feed(html)
    parser.close()
    if parser.open:
        raise bad(
            f"can't parse entities: Can't find end tag corresponding to start tag \"{parser.open[-1].tag}\""
        )
    stripped = parser.text.rstrip()
    lead = len(stripped) - len(stripped.lstrip())
    if lead:
        shift = units(stripped[:lead])
        for entity in parser.entities:
            entity["offset"] = max(0, entity["offset"] - shift)
    return stripped.strip(), sorted(parser.entities, key=lambda e: (e["offset"], -e["length"]))


def formatted(
    params: Mapping[str, Any], key: str, limit: int, *, required: bool
) -> tuple[str, list[dict[str, Any]]]:
    """A text or caption with its entities, as the parse mode or the list of entities says."""
    raw = str(params.get(key, ""))
    mode = str(params.get("parse_mode", ""))
    if mode and mode.upper() != "HTML":
        raise bad(f'unsupported parse_mode "{mode}": this local server reads HTML only')
    if mode:
        text, entities = parse_html(raw)
    else:
        text, entities = raw.strip(), jsoned(params, f"{'caption_' if key == 'caption' else ''}entities", [])
    if required and not text:
        raise bad("message text is empty")
    if units(text) > limit:
        raise bad("message is too long" if key == "text" else "message caption is too long")
    return text, [*entities, *natural_entities(text, entities)]


_COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?(?![\w])")
_MENTION = re.compile(r"(?<!\w)@[A-Za-z0-9_]{4,32}")
_URL = re.compile(r"https?://[^\s<>\"）]+")


def natural_entities(text: str, taken: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Commands, mentions and links that Telegram finds by itself."""
    found: list[dict[str, Any]] = []
    for kind, pattern in (("url", _URL), ("bot_command", _COMMAND), ("mention", _MENTION)):
        for match in pattern.finditer(text):
            start, length = units(text[: match.start()]), units(match[0])
            both = [*taken, *found]
            if any(
                e["offset"] < start + length and start < e["offset"] + e["length"]
                for e in both
                if e["type"] != "bold"
            ):
                continue
            found.append({"type": kind, "offset": start, "length": length})
    return sorted(found, key=lambda e: int(e["offset"]))


def jsoned(params: Mapping[str, Any], key: str, default: Any = None) -> Any:
    """A parameter that is JSON, as a form or as JSON brings it."""
    value = params.get(key, default)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad(f"can't parse {key}: Can't parse JSON object") from None


def integer(params: Mapping[str, Any], key: str, default: int | None = None) -> int:
    """A whole number that may come as text."""
    value = params.get(key, default)
    try:
        return int(value)
    except (TypeError, ValueError):
        raise bad(f'parameter "{key}" is required' if value is None else f"invalid {key} specified") from None


def markup(params: Mapping[str, Any]) -> dict[str, Any] | None:
    """A reply markup that holds: an inline keyboard, a forced reply, or the removal of a keyboard."""
    value = jsoned(params, "reply_markup")
    if not value:
        return None
    if not isinstance(value, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in value:
        _check_keyboard(value["inline_keyboard"])
    return value


def _check_keyboard(rows: Any) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" must be an Array of Arrays')
    if sum(map(len, rows)) > 100:
        raise bad("reply markup is too long")
    for button in (button for row in rows for button in row):
        if not isinstance(button, dict) or not str(button.get("text", "")).strip():
            raise bad("inline keyboard button text must be non-empty")
        data, url = button.get("callback_data"), button.get("url")
        if data is None and not url and "switch_inline_query_current_chat" not in button:
            raise bad("inline keyboard button must have exactly one of the optional fields")
        if data is not None and not 1 <= len(str(data).encode()) <= 64:
            raise bad("BUTTON_DATA_INVALID")
        if url and urlsplit(str(url)).scheme not in LINKS:
            raise bad(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")


def inline_results(params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The results of an answer to an inline query: at most 50 articles, each with a text that can be sent."""
    results = jsoned(params, "results") or []
    if not isinstance(results, list):
        raise bad("expected an Array of inline query results")
    if len(results) > 50:
        raise bad("too many inline query results specified")
    for result in results:
        _check_article(result)
    ids = [result["id"] for result in results]
    if len(set(ids)) < len(ids):
        raise bad("RESULT_ID_DUPLICATE")
    return results


def _check_article(result: Any) -> None:
    if not isinstance(result, dict):
        raise bad("can't parse InlineQueryResult: Inline query result must be an object")
    for field in ("type", "id", "title", "input_message_content"):
        if result.get(field) is None:
            raise bad(f"can't parse InlineQueryResult: Can't find field \"{field}\"")
    if result["type"] != "article" or "reply_markup" in result:
        raise bad(
            "can't parse InlineQueryResult: this local server takes results of type article without buttons only"
        )
    if not result["id"]:
        raise bad("RESULT_ID_EMPTY")
    if not isinstance(result["id"], str) or len(result["id"].encode()) > 64:
        raise bad("RESULT_ID_INVALID")
    if not str(result["title"]).strip():
        raise bad("ARTICLE_TITLE_EMPTY")
    inline_text(result)


def inline_text(result: Mapping[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """The text, with its entities, that an inline result becomes when it is picked."""
    content = result["input_message_content"]
    if not isinstance(content, dict) or "message_text" not in content:
        raise bad("can't parse InlineQueryResult: this local server takes an InputTextMessageContent only")
    try:
        text, entities = formatted({**content, "text": content["message_text"]}, "text", 4096, required=True)
    except Refused as refused:
        words = refused.description.removeprefix("Bad Request: ")
        raise bad(
            "MESSAGE_TOO_LONG" if words == "message is too long" else f"can't parse InlineQueryResult: {words}"
        ) from None
    return text, entities


def album(params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The media of an album: two to ten pictures, or two to ten files."""
    media = jsoned(params, "media")
    if media is None or media == "":
        raise bad('parameter "media" is required')
    if not isinstance(media, list):
        raise bad("expected an Array of InputMedia")
    if not media:
        raise bad("there are no messages to send")
    if len(media) > 10:
        raise bad("too many messages to send as an album")
    for item in media:
        if not isinstance(item, dict):
            raise bad("can't parse InputMedia: expected an Object")
        if item.get("type") not in ("photo", "document"):
            raise bad(f'can\'t parse InputMedia: type "{item.get("type", "")}" is unsupported')
    if len({item["type"] for item in media}) > 1:
        raise bad("document can't be mixed with other media types")
    if len(media) < 2:
        raise bad("an album has at least two messages, as the Bot API's manual says")
    return media


def check_commands(commands: Any) -> list[dict[str, str]]:
    """A list of commands that Telegram takes."""
    if not isinstance(commands, list):
        raise bad("expected an Array of BotCommand")
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", ""))):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= units(str(command.get("description", ""))) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return commands


def picture_size(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG or JPEG; Refused for anything else, and for sizes that Telegram does not take."""
    if len(content) > 10 * 1024 * 1024:
        raise bad("file is too big")
    size = _png_size(content) or _jpeg_size(content)
    if size is None:
        raise bad("IMAGE_PROCESS_FAILED")
    width, height = size
    if width + height > 10000 or max(size) > 20 * min(size):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return size


def _png_size(content: bytes) -> tuple[int, int] | None:
    if content[:8] != b"\x89PNG\r\n\x1a\n" or len(content) < 24:
        return None
    width, height = struct.unpack("!II", content[16:24])
    return (width, height) if width and height else None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    if content[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], struct.unpack("!H", content[at + 2 : at + 4])[0]
        if marker in range(0xC0, 0xD0) and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack("!HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
