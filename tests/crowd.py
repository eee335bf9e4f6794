"""Random people at the bot: they say, press, press old buttons, edit, forge; and what must hold whatever they do."""

import tempfile
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from conversation import OFFICES, STATIONS, Player, Post, Role, Town
from hypothesis import strategies as st

from rules.people import Person
from rules.recusal import may_score
from sandbox.strict import Refused
from sandbox.world import Upload
from storage import hash_chain, inbox

LINES = (
    "/deduct", "/deduct 城关所", "/deduct 城关所 治安管理", "/deduct 城关所 治安管理 2", "/deduct 城关所 执法质量 6 卷宗",
    "/deduct 城关所 情报 4 迟报", "/deduct 东门所 2.1 x3 台账", "/deduct 城关所 4.2 追责", "/deduct 法制科 本职业务 3 迟报",
    "/deduct 城关所、东门所 治安管理 1 一起", "/deduct\n城关所 治安 1 甲\n火星所 治安 1 乙", "城关所 治安管理 1 丙",
    "/undo", "/correct", "/correct 1", "/correct 1 撤销 不属实", "/correct 1 1 多了", "/correct 2 东门所 写错", "/correct 3 执法质量 7 重",
    "/appeal", "/appeal 1 不服", "/appeal 2", "/appeals", "/mine", "/why 城关所", "/log 城关所", "/score 城关所", "/rank 派出所一序列",
    "/evidence 1", "/settings", "/audit", "/done 城关所", "台账缺失", "2", "0.5", "城关所", "取消", "3-10", "x3", "/help", "/start",
    "嫌疑人11010519491231002X", "<b>&", "/deduct 城关所 治安管理 2 13800138000",
)  # fmt: skip

Row = dict[str, Any]

action = st.one_of(
    st.tuples(st.just("says"), st.integers(0, 7), st.integers(0, len(LINES) - 1)),
    st.tuples(st.just("presses"), st.integers(0, 7), st.integers(0, 40)),
    st.tuples(st.just("presses"), st.integers(0, 7), st.integers(0, 5)),
    st.tuples(st.just("forges"), st.integers(0, 7), st.integers(0, 400)),
    st.tuples(st.just("edits"), st.integers(0, 7), st.integers(0, len(LINES) - 1)),
    st.tuples(st.just("sends"), st.integers(0, 7), st.integers(0, len(LINES) - 1)),
    st.tuples(st.just("restarts"), st.just(0), st.integers(0, 2)),
    st.tuples(st.just("waits"), st.just(0), st.integers(1, 40)),
)
"""What somebody does: who, and which of the things there are to do."""


class Crowd:
    """A bureau with somebody of every kind in it."""

    def __init__(self, folder: Path, town: Town | None = None) -> None:
        self.town = town or Town(folder)
        self.people: list[Player] = []
        self.posts: dict[int, tuple[Post, ...]] = {}

    async def open(self) -> None:
        """Let them in."""
        await self.town.open()
        for name, *posts in (
            ("王", Post(Role.ASSESSOR, group=STATIONS)),
            ("李", Post(Role.ASSESSOR, group=STATIONS, own_unit="chengguan")),
            ("组长", Post(Role.HEAD, group=STATIONS)),
            ("郑", Post(Role.ASSESSOR, group=OFFICES)),
            ("周", Post(Role.LIAISON, unit="chengguan")),
            ("林", Post(Role.OFFICE)),
            ("双", Post(Role.OFFICE), Post(Role.ASSESSOR, group=STATIONS)),
            ("路人",),
        ):
            self.people.append(await self.let_in(name, *posts))

    async def let_in(self, name: str, *posts: Post) -> Player:
        """Somebody with these posts, who has opened the bot's chat."""
        player = await self.town.person(name, *posts)
        self.posts[player.id] = tuple(posts)
        await player.says("/whoami")
        return player

    async def does(self, what: str, who: int, which: int) -> None:
        """One thing that one of them does."""
        player = self.people[who]
        if what == "says":
            await player.says(LINES[which])
        elif what == "sends":
            photo = Upload("a.png", self.town.studio.PNG)
            await player.uploads(photo, kind="photo", caption=LINES[which] if which % 2 else "")
        elif what == "restarts":
            await self.town.restart()
        elif what == "waits":
            self.town.clock.move(hours=which)
            await self.town.settle()
        elif what == "edits":
            own = [m for m in self._messages(player) if m["from"]["id"] == player.id and "text" in m]
            if own:
                await player.edits(own[which % len(own)], LINES[which])
        else:
            await self._presses(player, which, forged=what == "forges")

    def _messages(self, player: Player) -> list[dict[str, Any]]:
        return list(self.town.world.store.messages(player.id, limit=1000))

    async def _presses(self, player: Player, which: int, *, forged: bool) -> None:
        """A button of one's own chat, newest first; or one that somebody else was shown."""
        chats = self.people if forged else [player]
        buttons = [
            button["callback_data"]
            for chat in chats
            for message in reversed(self._messages(chat))
            for row in message.get("reply_markup", {}).get("inline_keyboard", [])
            for button in row
            if "callback_data" in button
        ]
        own = [m for m in self._messages(player) if m["from"]["is_bot"]]
        if not buttons or not own:
            return
        data = buttons[which % len(buttons)]
        holder = next(
            (
                m for m in reversed(own)
                for row in m.get("reply_markup", {}).get("inline_keyboard", []) for b in row if b.get("callback_data") == data
            ),
            own[-1],
        )  # fmt: skip
        try:
            await player.presses_data(holder, data, forged=True)
        except Refused:
            return

    async def check(self, *, unfit: bool = False) -> None:
        """What holds whatever they did; `unfit`, some sent what no update is, and that was given up."""
        rows = self._rows()
        await self._nobody_wrote_what_it_may_not(rows)
        _each_entry_ends_once(rows)
        await self._scores_are_a_recount(rows)
        async with self.town.app.database.reading() as session:
            assert all(verdict.broken is None for verdict in await hash_chain.verify(session))
            assert unfit or await inbox.dead_count(session) == 0, "an update could not be handled"
            assert await inbox.waiting(session) == []

    def _rows(self) -> list[Row]:
        with self.town.beside() as db:
            return db.rows(
                "SELECT entry.*, person.telegram_id FROM entry JOIN person ON person.id = author_id ORDER BY entry.id"
            )

    async def _nobody_wrote_what_it_may_not(self, rows: list[Row]) -> None:
        bureau = self.town.app.services.bureau
        for row in rows:
            person = Person(row["author_id"], row["telegram_id"], "", self.posts[row["telegram_id"]])
            unit = bureau.unit(row["unit_code"])
            if row["kind"] == "deduction" and row["replaces_id"] is None:
                assert may_score(person, unit, bureau), dict(row)
            elif row["kind"] == "deduction":
                office = person.has({Role.OFFICE}) and unit.code not in person.own_units
                assert office or may_score(person, unit, bureau), dict(row)
            assert "11010519491231002X" not in str(row["reason"])

    async def _scores_are_a_recount(self, rows: list[Row]) -> None:
        """The office's /score tells what a recount by hand gives."""
        reversed_ = {row["target_id"] for row in rows if row["kind"] == "reversal"}
        lost: defaultdict[str, Decimal] = defaultdict(Decimal)
        running = str(self.town.app.services.bureau.calendar.quarter_of(self.town.clock()))
        for row in rows:
            counts = row["kind"] == "deduction" and row["id"] not in reversed_ and row["quarter"] == running
            if counts and row["unit_code"] == "chengguan":
                lost[row["item"]] += Decimal(row["points"]) / 100
        scheme = self.town.app.services.bureau.scheme_for(self.town.app.services.bureau.unit("chengguan"), 2026)
        assert scheme is not None
        total = sum((max(Decimal(0), item.points - lost[item.name]) for item in scheme.items), Decimal(0))
        office = self.people[5]
        await office.says(f"/score 城关所 {running}")
        assert f"总分 {total.normalize():f}，" in office.sees()


def _each_entry_ends_once(rows: list[Row]) -> None:
    ended = [row["target_id"] for row in rows if row["kind"] == "reversal"]
    assert len(ended) == len(set(ended))
    by_id = {row["id"]: row for row in rows}
    for row in rows:
        if row["kind"] == "reversal":
            old = by_id[row["target_id"]]
            assert (old["points"], old["unit_code"], old["item"]) == (
                -row["points"],
                row["unit_code"],
                row["item"],
            )
        if row["replaces_id"] is not None:
            assert row["replaces_id"] in ended, "what is replaced was reversed"
            assert row["quarter"] == by_id[row["replaces_id"]]["quarter"]


async def live(actions: list[tuple[str, int, int]]) -> None:
    """Have the crowd do these things, then look whether everything holds."""
    with tempfile.TemporaryDirectory() as folder:
        crowd = Crowd(Path(folder))
        await crowd.open()
        try:
            for what, who, which in actions:
                await crowd.does(what, who, which)
            await crowd.check()
        finally:
            await crowd.town.close()
