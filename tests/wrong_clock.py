"""A bureau whose computer has the wrong time now and then, by hours, days or a year; Telegram has the right one."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from conversation import ON_SERVER, STATIONS, Post, Role, Town, text_of

from bot.clock import look

WRONG = tuple(
    timedelta(hours=hours)
    for hours in (-24 * 366, -24 * 40, -24 * 5, -26, -3, 3, 26, 24 * 5, 24 * 40, 24 * 366)
)

FIRST = datetime(2026, 2, 20, 1, 30, tzinfo=UTC)
"""Half past nine in Shanghai: whoever is reminded on a day is by now."""


class OffClock:
    """The right time, and by how much it is missed."""

    def __init__(self, right: Callable[[], datetime]) -> None:
        self._right = right
        self.off = timedelta()

    def __call__(self) -> datetime:
        """What the computer takes for the time, UTC."""
        return self._right() + self.off


async def run_by_a_wrong_clock(
    folder: Path, *, days: int, odds: float = 0.4, seed: int = 1, on_server: bool = ON_SERVER
) -> dict[str, int]:
    """A deduction and whatever is due on each day, compared with the same days by the right clock."""
    chance = random.Random(seed)
    right = await _lived(folder / "right", days, on_server, timedelta)
    wrong = await _lived(
        folder / "wrong",
        days,
        on_server,
        lambda: chance.choice(WRONG) if chance.random() < odds else timedelta(),
    )
    told = {key for key, day in right.reminders if day in wrong.right_days}
    return {
        "days": days,
        "days by a wrong clock": days - len(wrong.right_days),
        "reminders missed": len(told - {key for key, _ in wrong.reminders}),
        "reminders doubled": wrong.doubled,
        "notices lost": wrong.notices_lost,
        "notices doubled": wrong.notices_doubled,
        "in a wrong quarter": wrong.misplaced,
        "unanswered": wrong.unanswered,
        "not sent": wrong.not_sent,
        "not done": wrong.not_done,
    }


class _Life:
    """What became of it."""

    def __init__(self) -> None:
        self.right_days: set[str] = set()
        """Those that ended with the right time."""
        self.reminders: set[tuple[str, str]] = set()
        self.doubled = self.notices_lost = self.notices_doubled = 0
        self.misplaced = self.unanswered = self.not_sent = self.not_done = 0


async def _lived(folder: Path, days: int, on_server: bool, missed: Callable[[], timedelta]) -> _Life:
    folder.mkdir()
    town, life = Town(folder, now=FIRST, on_server=on_server), _Life()
    town.bots_clock = clock = OffClock(town.clock)
    await town.open()
    try:
        wang = await town.assessor()
        zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
        others = [
            await town.person(name, post)
            for name, post in (
                ("组长", Post(Role.HEAD, group=STATIONS)),
                ("林", Post(Role.OFFICE)),
                ("高", Post(Role.LEADER)),
            )
        ]
        for person in (wang, zhou, *others):
            await person.says("/whoami")
        dated: dict[str, datetime] = {}
        calendar = town.app.services.bureau.calendar
        for number in range(days):
            town.with_now(FIRST + timedelta(days=number))
            # Wrong in the morning and put right at noon, or wrong all day; or never wrong.
            for hours in (0, 3):
                town.clock.move(hours=hours)
                clock.off = missed()
                await look(town.app.services)
                await town.app.pusher.send_due()
                reason = f"第{number * 2 + bool(hours)}笔"
                dated[reason] = town.clock()
                await wang.says(f"/deduct 城关所 打击 0.01 {reason}")
                if "计入哪个季度" in wang.sees():
                    quarter = calendar.quarter_of(town.clock())
                    await wang.presses(f"{quarter.year}年第{'一二三四'[quarter.number - 1]}季度")
                life.unanswered += reason not in text_of(town.world.store.messages(wang.id, limit=1)[0])
                await town.app.pusher.send_due()
            if not clock.off:
                life.right_days.add(str(calendar.day(town.clock())))
        clock.off = timedelta()
        for _ in range(3):
            town.clock.move(days=1)
            await look(town.app.services)
            await town.app.pusher.send_due()
        _looked_over(town, life, dated, zhou.id)
    finally:
        await town.close()
    return life


def _looked_over(town: Town, life: _Life, dated: dict[str, datetime], liaison: int) -> None:
    calendar = town.app.services.bureau.calendar
    with town.beside() as db:
        entries = db.rows("SELECT quarter, reason FROM entry")
        pushes = db.rows("SELECT key, kind, state, day, error FROM push")
        (life.not_done,) = db.execute("SELECT count(*) FROM inbox WHERE state != 'done'").fetchone()
    assert len(entries) == len(dated)
    life.misplaced = sum(row["quarter"] != str(calendar.quarter_of(dated[row["reason"]])) for row in entries)
    # A reminder of a day that has not come yet waits for it; one whose day went by is dropped as stale.
    last = calendar.day(town.clock())
    ahead = [row for row in pushes if row["day"] is not None and str(row["day"]) > str(last)]
    life.not_sent = sum(
        row["state"] != "sent" and row["error"] != "stale" and row not in ahead for row in pushes
    )
    life.reminders = {
        (row["key"].removeprefix("day:"), str(row["day"]))
        for row in pushes
        if row["kind"] == "reminder" and row["state"] == "sent"
    }
    shown = [text_of(message) for message in town.world.store.messages(liaison, limit=10**6)]
    counts = [sum(f"{reason}" in text for text in shown) for reason in dated]
    life.notices_lost, life.notices_doubled = counts.count(0), sum(count > 1 for count in counts)
    life.doubled = sum(
        _repeats([text_of(m) for m in town.world.store.messages(person.id, limit=10**6)])
        for person in town.world.people()
    )


def _repeats(texts: list[str]) -> int:
    """How many messages say that they are repeated: nothing here is ever sent twice."""
    return sum("〔重发〕" in text for text in texts)
