"""Whatever a hostile person, a foreign bot or a broken server could send: texts, and updates around them; and a run of them."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from conversation import OFFICES, ON_SERVER, STATIONS, Player, Town, text_of
from crowd import LINES, Crowd

from bot.commands import COMMANDS, PRESSES
from bot.intake.update_keys import arrival_of
from rules.people import Post, Role

Update = dict[str, Any]

BIG = (0, 1, -1, 2**31, -(2**31) - 1, 2**53 + 1, 2**63 - 1, -(2**63))
"""Numbers at and beyond what floats and Telegram's own fields hold."""

ZALGO = "城" + "\u0336\u0489\u0334\u0362" * 300 + "关所"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
TEXTS = (
    "\x00", "\ud800", "\udfff\ud800", "a\x00b", "\u202e扣分 城关所 2\u202c", "\u200b\u200b", "\ufeff/deduct", "\u2028\u2029", "\r\r\n",
    "\x1b[2J", "\x07\x08\x7f\x9f", "\ufffe\uffff", "\U0010ffff", ZALGO, FAMILY * 50, "深" * 4096, "9" * 4096, "/" * 4096, "/" + "a" * 4000,
    "\n" * 4000, "/deduct\n" * 500, "/deduct\n" + "城关所 治安管理 1 甲\n" * 200, "/deduct 城关所、东门所、" * 300,
    "/deduct /deduct /undo /deduct 城关所 2", "/deduct@other_bot 城关所 治安管理 2", "/deduct@kaoping_sandbox_bot", "／扣分　城关所　２",
    "'; DROP TABLE entry; --", "\" OR 1=1 --", "%s %d {0} {} %(x)s $1 ?", "\\", "\\u0000\\ud800", "</b><script>alert(1)</script>",
    "<b>&lt;&amp;&#0;&#x110000;&nbsp;", "<a href='tg://user?id=1'>x</a>", "]]>", "${jndi:ldap://x}", "=cmd|' /C calc'!A0", "../../etc/passwd",
    "1e400", "-1e400", "NaN", "Infinity", "0x7fffffff", "1.000000000000000000000000001", "٣٫٥", "①②", "²", "½", "十亿", "零点零零一", "−0",
    "2026-99-99", "0000-00-00", "9999-12-31", "截至 9999-12-31", "截至", "10000年第一季度", "第〇季度", "0年", "-1季度", "x99999", "x0", "x9",
    "\ufdfa" * 200, "ﷺ" * 100, "Ω≈ç√", "🏳️‍🌈", "é" * 500, "a" * 5000,
)  # fmt: skip
"""Hand-made; each is sent alone, after a command, and as a reason."""

SOUP = "城关所东门治安打击情报分次 \t\n/，、。:：'\"<>&%\\-−+×x.0123456789〇一二半\x00\x01\u200b\u200d\u202e\u0301\ud83d\udc00\ufffd😀ﷺ"

STICKER = {
    "file_id": "x",
    "file_unique_id": "x",
    "type": "regular",
    "width": 1,
    "height": 1,
    "is_animated": False,
    "is_video": False,
}

JUNK: tuple[Any, ...] = (
    None, True, "", "x", "\x00", "\ud800", [], {}, [[]], {"id": []}, -1, 1.5, float("inf"), *BIG, 2**63, 10**40, 10**400, -(10**5000), "9" * 300, [None] * 50,
)  # fmt: skip


MOVES = frozenset(("rm", "st", "stb"))
"""What ends the honest people's work where somebody presses it who may: removes them, or submits their quarter."""


def nested(depth: int) -> Any:
    """A list in a list in a list …"""
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


class Sender:
    """Hostile updates from these accounts in these chats, the same for the same seed."""

    def __init__(self, accounts: list[dict[str, Any]], groups: list[dict[str, Any]], seed: int) -> None:
        self.chance = random.Random(seed)
        self._accounts, self._groups = accounts, groups
        self._number = 10**6
        self.broken: set[int] = set()
        """The updates that have something of the wrong kind in them."""
        self._kinds: tuple[tuple[int, Callable[[], Update]], ...] = (
            (30, lambda: {"message": self._message()}),
            (8, lambda: {"message": self._captioned()}),
            (4, lambda: {"edited_message": self._message() | {"edit_date": self._stamp()}}),
            (3, lambda: {"channel_post": self._message()}),
            (6, lambda: {"message": self._message() | self._oddity()}),
            (20, lambda: {"callback_query": self._press()}),
            (6, lambda: {"inline_query": self._inline()}),
            (2, lambda: {"my_chat_member": self._moved()}),
            (3, self._unknown),
            (18, lambda: self._break(self.update())),
        )

    def update(self) -> Update:
        """The next one."""
        (make,) = self.chance.choices([make for _, make in self._kinds], [weight for weight, _ in self._kinds])
        self._number += 1
        return {"update_id": self._number, **make()}

    def text(self) -> str:
        """Something that is said."""
        pick, chance = self.chance.choice, self.chance.random()
        command = pick(COMMANDS)
        word = pick((f"/{command.name}", *command.words))
        if chance < 0.2:
            return pick(TEXTS)
        if chance < 0.35:
            return f"{word} {pick(TEXTS)}"[:4096]
        if chance < 0.5:
            return f"/deduct 城关所 治安管理 {pick(('1', '0.5', pick(TEXTS)))} {pick(TEXTS)}"[:4096]
        if chance < 0.6:
            return self._mangled(pick(LINES))
        soup = "".join(pick(SOUP) for _ in range(self.chance.randrange(1, 60)))
        return soup if chance < 0.8 else f"{word} {soup}"

    def _mangled(self, line: str) -> str:
        at = self.chance.randrange(len(line) + 1)
        return line[:at] + self.chance.choice(SOUP) * self.chance.choice((1, 1, 3, 500)) + line[at:]

    def _stamp(self) -> int:
        return 1_794_000_000 + self.chance.randrange(10**6)

    def _base(self) -> dict[str, Any]:
        account = self.chance.choice(self._accounts)
        chat = {"id": account["id"], "type": "private", "first_name": account["first_name"]}
        if self._groups and self.chance.random() < 0.2:
            chat = self.chance.choice(self._groups)
        self._number += 1
        return {"message_id": self._number, "from": account, "chat": chat, "date": self._stamp()}

    def _message(self) -> dict[str, Any]:
        message = self._base() | {"text": self.text()}
        if self.chance.random() < 0.2:
            message["entities"] = self._entities()
        return message

    def _entities(self) -> list[dict[str, Any]]:
        kinds = (
            "bot_command",
            "url",
            "text_link",
            "mention",
            "custom_emoji",
            "text_mention",
            "no such kind",
            "",
        )
        return [
            {"type": self.chance.choice(kinds), "offset": self.chance.choice((0, 5, -3, 10**6, *BIG)), "length": self.chance.choice((1, 0, -1, 10**9)),
             "url": self.chance.choice(TEXTS)}
            for _ in range(self.chance.randrange(1, 5))
        ]  # fmt: skip

    def _captioned(self) -> dict[str, Any]:
        message = self._base()
        if self.chance.random() < 0.8:
            message["caption"] = self.text()[:1024]
        if self.chance.random() < 0.3:
            message["media_group_id"] = self.chance.choice(("1", "\x00", "9" * 200, *TEXTS))
        name = self.chance.choice(("a.png", "\x00", "../../x", "\ud800.docx", "x" * 4000, "CON", ""))
        file = {"file_id": self.chance.choice(("AgACnone", "\x00", "x" * 3000)), "file_unique_id": "u",
                "file_size": self.chance.choice((1, 0, -1, *BIG))}  # fmt: skip
        if self.chance.random() < 0.5:
            return message | {"photo": [file | {"width": 1, "height": 1}]}
        return message | {"document": file | {"file_name": name, "mime_type": self.chance.choice(TEXTS)}}

    def _oddity(self) -> dict[str, Any]:
        """What makes a message none of the person's own, or none at all."""
        account = self.chance.choice(self._accounts)
        return self.chance.choice(
            (
                {"forward_origin": {"type": "hidden_user", "sender_user_name": "\x00", "date": 1}},
                {"forward_origin": {"type": "user", "sender_user": account, "date": 1}},
                {"via_bot": {"id": 99, "is_bot": True, "first_name": "别的", "username": "other_bot"}},
                {"sender_chat": {"id": -1_001_000_000_777, "type": "channel", "title": "\x00"}},
                {"reply_to_message": self._message()},
                {"quote": {"text": "x", "position": 0}, "reply_to_message": self._captioned()},
                {"text": None, "sticker": STICKER},
                {"text": None, "new_chat_title": "\x00\ud800"},
                {"text": None, "migrate_to_chat_id": self.chance.choice(BIG)},
                {"text": None, "pinned_message": self._message()},
                {"text": None, "contact": {"phone_number": "13800138000", "first_name": "x"}},
                {
                    "from": account
                    | {"first_name": self.chance.choice(TEXTS), "username": self.chance.choice(TEXTS)}
                },
                {"date": self.chance.choice((0, 1, 2**31, 4_102_444_800))},
            )
        )

    def _press(self) -> dict[str, Any]:
        self._number += 1
        verb = self.chance.choice(PRESSES).verb
        garbage = ("9" * 19, "9" * 60, "", "²", "\x00", "\ud800", "é", ":", "%", "x" * 64)
        parts = garbage if verb in MOVES else (
            "1", "2", "0", "-1", "9" * 18, "9" * 19, "9" * 60, "", "x", "y", "n", "ok", "all", "no", "chengguan", "2026-4", "2026-04", "2026-99",
            "20264", "2026", "0", "派出所", "派出所一序列", "治安管理", "派出所考核小组", "考核员", "r1", "r9", "²", "٣", "1.5", *garbage,
        )  # fmt: skip
        data = ":".join([verb, *self.chance.choices(parts, k=self.chance.randrange(0, 6))])
        data = self.chance.choice((data, data, data, data, self.chance.choice(TEXTS), data * 20))
        press = {
            "id": str(self._number),
            "from": self.chance.choice(self._accounts),
            "chat_instance": "1",
            "data": data,
        }
        base = self._base()
        base["message_id"] = self.chance.randrange(1, 40)
        return press | (
            {"message": base | {"text": "x"}} if self.chance.random() < 0.9 else {"inline_message_id": "x"}
        )

    def _inline(self) -> dict[str, Any]:
        self._number += 1
        query, offset = self.text()[:256], self.chance.choice(("", "x", "9" * 64))
        return {
            "id": str(self._number),
            "from": self.chance.choice(self._accounts),
            "query": query,
            "offset": offset,
        }

    def _moved(self) -> dict[str, Any]:
        base = self._base()
        statuses = ("member", "left", "no such status")
        who = {"id": 700001, "is_bot": True, "first_name": "考评助手"}
        old, new = ({"user": who, "status": self.chance.choice(statuses)} for _ in range(2))
        return base | {"old_chat_member": old, "new_chat_member": new}

    def _unknown(self) -> Update:
        self.broken.add(self._number)
        kind = self.chance.choice(
            ("poll", "message_reaction", "business_message", "chat_boost", "no_such_kind", "", "message")
        )
        return {
            kind: self.chance.choice(
                (*JUNK, {"id": "1"}, self._message(), nested(self.chance.choice((5, 300, 900))))
            )
        }

    def _break(self, update: Update) -> Update:
        """The same with something of the wrong kind somewhere in it, or missing; its number stays."""
        self.broken.add(update["update_id"])
        inside = [key for key in update if key != "update_id"]
        spot: Any = update
        keys: list[Any] = inside
        while keys:
            key = self.chance.choice(keys)
            value = spot[key]
            if isinstance(value, dict) and value and self.chance.random() < 0.7:
                spot[key] = spot = dict(value)
                keys = list(spot)
                continue
            if self.chance.random() < 0.2:
                del spot[key]
            else:
                spot[key] = self.chance.choice((*JUNK, nested(self.chance.choice((5, 200, 2000)))))
            break
        return update


class Siege:
    """A bureau under hostile messages, in which some go on with their work."""

    HONEST = 3

    def __init__(self, folder: Path, *, seed: int = 1, on_server: bool = ON_SERVER) -> None:
        self.crowd = Crowd(folder, Town(folder, on_server=on_server))
        self.seed = seed
        self.honest: list[Player] = []
        self.broken: set[str] = set()
        """The keys of the updates that are none of Telegram's."""
        self.sent = 0

    async def open(self) -> None:
        """Let everybody in: who works, who is known and hostile, and who is a stranger."""
        town = self.crowd.town
        await self.crowd.open()
        hostile = [player.id for player in self.crowd.people]
        for number in range(self.HONEST):
            player = await self.crowd.let_in(f"老实人{number}", Post(Role.ASSESSOR, group=STATIONS))
            self.honest.append(player)
        self._groups = [
            await town.bound("派出所组", [self.crowd.people[0], self.crowd.people[2]]),
            await town.bound("机关组", [self.crowd.people[3]], group=OFFICES),
            town.group("别的群", [self.crowd.people[7]]),
        ]
        await town.settle()
        world = town.world
        self.sender = Sender(
            [world.person(id_).user for id_ in hostile], [world.chat(id_) for id_ in self._groups], self.seed
        )

    async def go_on(self, hostile: int, *, every: int = 25) -> None:
        """So many hostile messages; after a few of them an honest deduction, which must be answered at once."""
        for start in range(0, hostile, every):
            batch = [self.sender.update() for _ in range(min(every, hostile - start))]
            self.broken |= {
                arrival_of(update).key for update in batch if update["update_id"] in self.sender.broken
            }
            await self.crowd.town.app.intake.accept(batch)
            await self.crowd.town.app.intake.idle()
            player = self.honest[self.sent % self.HONEST]
            await player.says(f"/deduct 城关所 打击 0.01 第{self.sent}笔")
            assert f"第{self.sent}笔" in player.sees(), batch
            self.sent += 1
        await self.crowd.town.settle()

    async def close(self) -> None:
        """Stop."""
        await self.crowd.town.close()

    def faults(self) -> list[str]:
        """What went wrong: an update waits for ever, or one that is as Telegram's are was given up or needed a second try."""
        with self.crowd.town.beside() as db:
            rows = db.rows(
                "SELECT key, state, tries, error, payload FROM inbox WHERE tries > 0 OR state != 'done' ORDER BY id"
            )
        return [
            f"{row['state']} after {row['tries']}: {row['error']}: {str(row['payload'])[:300]}"
            for row in rows
            if row["state"] == "waiting" or row["key"] not in self.broken
        ]

    def result(self) -> dict[str, int]:
        """What became of the honest deductions."""
        with self.crowd.town.beside() as db:
            ids = tuple(player.id for player in self.honest)
            marks = ",".join("?" * len(ids))
            rows = db.execute(
                f"SELECT p.telegram_id, e.reason FROM entry e JOIN person p ON p.id = e.author_id WHERE p.telegram_id IN ({marks})"
                " ORDER BY e.id",
                ids,
            ).fetchall()
            (unfit,) = db.execute("SELECT count(*) FROM inbox WHERE state = 'dead'").fetchone()
        reasons = [reason for _, reason in rows]
        order = {id_: [int(r[1:-1]) for who, r in rows if who == id_] for id_ in ids}
        wanted = {f"第{number}笔" for number in range(self.sent)}
        screen = "".join(
            text_of(m)
            for id_ in ids
            for m in self.crowd.town.world.store.messages(id_, limit=10**6)
            if m["from"]["is_bot"]
        )
        return {
            "honest": self.sent,
            "lost": len(wanted - set(reasons)),
            "doubled": len(reasons) - len(set(reasons)),
            "out of order": sum(numbers != sorted(numbers) for numbers in order.values()),
            "unanswered": sum(reason not in screen for reason in wanted),
            "unreadable": int(unfit),
            "faults": len(self.faults()),
        }
