"""The local Telegram in a terminal: lines in, answers out; piped lines are a script."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TextIO

from sandbox.clock import day
from sandbox.strict import Refused
from sandbox.world import Event, Message, Person, Upload, World

HELP = """怎么用：
  王考核员> /deduct 城关所 治安管理 2    换人说话（名字写一部分即可），之后不写名字就还是这个人
  第一行\\n第二行                        几行的消息，换行写成 \\n
  [撤销]                               按最近一条有这个按钮的消息
  !people 看有哪些人   !new 名字 加一个新的人   !join 名字 让他打开刚生成的邀请链接
  !photo 文件 说明   !file 文件 说明   文件可以写几个，一起发出
  !inline 词 用机器人查，列出结果      !pick 1 发出第 1 个结果
  !reply 文字 回复机器人最近一条消息（!reply !photo 文件 也可以）
  clock 看时间   clock 2027-03-08 09:00 拨到那时   clock +1d 拨后一天（也可以 +14天、+2h）   clock 现在 回到真实时间
  clock 快进 2027-03-15 18:00 一天一天走到那时，路上该发的都发
  @群名 进群   @私聊 回来   !quit 结束"""

_SPEAKER = re.compile(r"([^\s/!@#\[>]{1,20})>\s*(.*)", re.S)
_CLOCK = re.compile(r"!?clock(?:\s+(?:(快进|fast)(?:\s+|$))?(.*))?", re.I)
_LINK = re.compile(r"https://t\.me/\w+\?start=([\w-]+)")


class Terminal:
    """One conversation after another. `idle` returns when the bot has done with everything."""

    def __init__(
        self, world: World, idle: Callable[[], Awaitable[None]], *, pictures: Path, out: TextIO
    ) -> None:
        self._world, self._idle, self._pictures, self._out = world, idle, pictures, out
        self._speaker: Person | None = None
        self._chat: int | None = None
        self._found: tuple[int, int, str, list[str]] | None = None
        self._date: date | None = None

    async def run(self, lines: AsyncIterator[str]) -> None:
        """Take lines until they end or one says !quit; a fault in one is told and ends nothing."""
        self._print("本地试用（终端）。输入 !help 看用法。")
        events = self._world.subscribe()
        try:
            async for line in lines:
                if line.strip() == "!quit":
                    break
                try:
                    await self._line(line.rstrip("\n"), events)
                except Refused as refused:
                    self._print(f"（没有发出：{refused.description}）")
                except OSError as error:
                    self._print(f"（文件读不了：{error.strerror}）")
        finally:
            self._world.unsubscribe(events)

    async def _line(self, line: str, events: "asyncio.Queue[Event]") -> None:
        text = line.strip()
        if not text or text.startswith("#"):
            self._print(text)
            return
        spoken = _SPEAKER.fullmatch(text)
        if spoken is not None and (person := self._person(spoken[1])) is not None:
            self._speaker, self._chat = person, None
            text = spoken[2]
        clock = _CLOCK.fullmatch(text)
        if clock is not None:
            await self._set_clock(clock[2] or "", events, fast=bool(clock[1]))
            return
        if not text or self._told(text):
            return
        if self._speaker is None:
            self._print("（还没有选人。请写成 名字> 内容；!people 看有哪些人）")
            return
        self._print(f"\n{self._speaker.first_name}> {text}")
        await self._act(self._speaker, text)
        await self._idle()
        self._show_new(events)

    def _told(self, text: str) -> bool:
        """Lines that are for the terminal, not for the bot."""
        if text == "!help":
            self._print(HELP)
        elif text == "!people":
            self._print("\n".join(f"  {p.first_name}　{p.note}" for p in self._world.people()))
        elif text.startswith("!new "):
            self._speaker, self._chat = self._world.add_person(text[5:].strip()[:64]), None
        elif text.startswith("@"):
            groups = [g for g in self._world.groups() if text[1:] in g.title]
            self._chat = groups[0].id if groups and text != "@私聊" else None
        else:
            return False
        return True

    async def _set_clock(self, words: str, events: "asyncio.Queue[Event]", *, fast: bool) -> None:
        """Move the clock, and show what the bot sent for it: each message with its time, each new day with its date."""
        clock = self._world.clock
        self._print(f"\nclock{' 快进' if fast else ''}{f' {words}' if words else ''}")
        try:
            if words or fast:
                moment = clock.read(words)
                moving = clock.hurry(moment) if fast else asyncio.ensure_future(clock.jump(moment))
                await self._follow(moving, events)
        except Refused as refused:
            self._print(f"（时钟没有动：{refused.description}）")
        else:
            self._print(f"时钟：{clock.shown()}")

    async def _follow(self, moving: "asyncio.Future[None]", events: "asyncio.Queue[Event]") -> None:
        self._date = None
        moving.add_done_callback(lambda _: events.put_nowait(Event("moved", 0)))
        while not (moving.done() and events.empty()):
            event = await events.get()
            if event.message and event.kind in ("message", "edited") and event.message["from"].get("is_bot"):
                self._show_dated(event.message, edited=event.kind == "edited")
        await moving

    def _show_dated(self, message: Message, *, edited: bool) -> None:
        stamp = message["edit_date"] if edited else message["date"]
        local = self._world.clock.local(datetime.fromtimestamp(stamp, UTC))
        if local.date() != self._date:
            self._date = local.date()
            self._print(f"\n── {day(local)} ──")
        self._print(f"{local:%H:%M}　{self._rendered(message, edited=edited)}")

    async def _act(self, person: Person, text: str) -> None:
        chat_id = self._chat if self._chat is not None else person.id
        button = re.fullmatch(r"\[(.+)\]", text)
        if button is not None:
            await self._press(person, chat_id, button[1])
        elif text.startswith("!join "):
            self._join(text[6:].strip())
        elif text == "!inline" or text.startswith("!inline "):
            await self._look_for(person, chat_id, text[8:].strip())
        elif text.startswith("!pick "):
            self._pick(person, chat_id, text[6:].strip())
        elif text.startswith("!reply "):
            await self._reply(person, chat_id, text[7:].strip())
        else:
            await self._say(person, chat_id, text)

    async def _say(self, person: Person, chat_id: int, text: str, reply_to: int | None = None) -> None:
        if text.startswith(("!photo ", "!file ")):
            word, rest = text.split(maxsplit=1)
            files, caption = await asyncio.to_thread(_files, rest)
            kind = "photo" if word == "!photo" else "document"
            self._world.upload(person.id, chat_id, files, kind=kind, caption=caption, reply_to=reply_to)
        else:
            self._world.send(person.id, chat_id, text.replace("\\n", "\n"), reply_to=reply_to)

    async def _reply(self, person: Person, chat_id: int, text: str) -> None:
        """To the bot's newest message in the chat."""
        for message in reversed(self._world.store.messages(chat_id, limit=200)):
            if message["from"]["id"] == self._world.bot["id"]:
                await self._say(person, chat_id, text, message["message_id"])
                return
        self._print("（这里还没有机器人的消息可以回复）")

    async def _look_for(self, person: Person, chat_id: int, words: str) -> None:
        """Ask the bot inline, and keep what it found for !pick."""
        query = self._world.inline(person.id, chat_id, words)
        results = await self._world.inline_answered(query)
        self._found = (person.id, chat_id, query, [result["id"] for result in results or []])
        if not results:
            self._print("　（没有结果）" if results is not None else "　（机器人没有回应）")
        for number, result in enumerate(results or [], start=1):
            about = result.get("description")
            self._print(f"　{number}. {result['title']}{f'　{about}' if about else ''}")

    def _pick(self, person: Person, chat_id: int, number: str) -> None:
        """Send one of the results that were listed last."""
        if self._found is None or self._found[:2] != (person.id, chat_id):
            self._print("（还没有结果可选；先用 !inline 词 查）")
            return
        _, _, query, ids = self._found
        if not number.isdecimal() or not 1 <= int(number) <= len(ids):
            self._print(f"（没有第 {number} 个结果，一共 {len(ids)} 个）")
            return
        self._world.pick(person.id, chat_id, query, ids[int(number) - 1])

    async def _press(self, person: Person, chat_id: int, label: str) -> None:
        for message in reversed(self._world.store.messages(chat_id, limit=200)):
            for button in (
                b for row in message.get("reply_markup", {}).get("inline_keyboard", []) for b in row
            ):
                if button["text"] == label and "switch_inline_query_current_chat" in button:
                    await self._look_for(person, chat_id, button["switch_inline_query_current_chat"])
                    return
                if button["text"] == label and "callback_data" in button:
                    query = self._world.press(
                        person.id, chat_id, message["message_id"], button["callback_data"]
                    )
                    answer = await self._world.answered(query)
                    if answer and answer["text"]:
                        self._print(f"　（提示：{answer['text']}）")
                    return
        self._print(f"（最近的消息里没有［{label}］这个按钮）")

    def _join(self, name: str) -> None:
        """Have somebody open the newest invitation link that anybody was given."""
        newest = [m for p in self._world.people() for m in self._world.store.messages(p.id, limit=30)]
        newest.sort(key=lambda m: (m["date"], m["message_id"]))
        tokens = [match[1] for m in newest if (match := _LINK.search(m.get("text", "")))]
        if not tokens:
            self._print("（还没有邀请链接）")
            return
        person = self._person(name) or self._world.add_person(name)
        self._speaker, self._chat = person, None
        self._print(f"{person.first_name}> （打开邀请链接）")
        self._world.send(person.id, person.id, f"/start {tokens[-1]}")

    def _person(self, name: str) -> Person | None:
        people = self._world.people()
        exact = [p for p in people if p.first_name == name]
        partly = [p for p in people if name in p.first_name]
        found = exact or partly
        return found[0] if len(found) == 1 or exact else None

    def _show_new(self, events: "asyncio.Queue[Event]") -> None:
        """What the bot said and changed since, once each, as it stands now."""
        changed: dict[tuple[int, int], str] = {}
        while not events.empty():
            event = events.get_nowait()
            message = event.message
            if message and event.kind in ("message", "edited") and message["from"].get("is_bot"):
                changed.setdefault((message["chat"]["id"], message["message_id"]), event.kind)
        for (chat_id, message_id), kind in changed.items():
            message = self._world.store.message(chat_id, message_id)
            if message is not None:
                self._print(self._rendered(message, edited=kind == "edited"))

    def _rendered(self, message: Message, *, edited: bool) -> str:
        chat = message["chat"]
        to = (
            ""
            if self._speaker and chat["id"] == self._speaker.id
            else f"→{chat.get('title') or chat['first_name']}"
        )
        lines = [f"考评助手{to}{'（改动了前面的消息）' if edited else ''}："]
        if "photo" in message:
            lines.append(self._picture(message["photo"][-1]))
        if "document" in message:
            lines.append(self._document(message["document"]))
        lines += (message.get("text") or message.get("caption") or "").splitlines()
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            lines.append(" ".join(f"[{button['text']}]" for button in row))
        return "\n".join(f"　{line}" if index else line for index, line in enumerate(lines))

    def _picture(self, photo: dict[str, int | str]) -> str:
        path = self._saved(str(photo["file_id"]), f"{photo['file_unique_id']}.png")
        return f"〔图片 {photo['width']}×{photo['height']} {path}〕"

    def _document(self, document: dict[str, int | str]) -> str:
        name = Path(str(document["file_name"])).name
        path = self._saved(str(document["file_id"]), f"{document['file_unique_id']}-{name}")
        return f"〔文件 {name} {path}〕"

    def _saved(self, file_id: str, name: str) -> Path:
        path = self._pictures / name
        found = self._world.store.file(file_id)
        if found is not None:
            self._pictures.mkdir(parents=True, exist_ok=True)
            path.write_bytes(found[2])
        return path

    def _print(self, text: str) -> None:
        self._out.write(text + "\n")
        self._out.flush()


def _files(text: str) -> tuple[list[Upload], str]:
    """The files that a line names first, one or more, and the caption that follows; OSError where none is there."""
    files: list[Upload] = []
    while text and (not files or Path(text.split(maxsplit=1)[0]).is_file()):
        word, *rest = text.split(maxsplit=1)
        files.append(Upload(Path(word).name, Path(word).read_bytes()))
        text = rest[0] if rest else ""
    return files, text
