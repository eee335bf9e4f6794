"""The sandbox's clock: real time, moved by whoever tries the bot. It shows and reads the bureau's local time."""

import re
import unicodedata
from asyncio import Task
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sandbox.store import Store
from sandbox.strict import Refused

MORNING = time(9)
"""The time of day that a date alone means."""

YEARS = range(2020, 2100)
"""The years that the clock can be set to."""

FARTHEST = timedelta(days=731)
"""How far ahead one step leads at most: the bot looks at every day that it missed."""

NOW = {"now", "现在"}

_MOMENT = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]*(\d{1,2})[:点](\d{1,2})?分?)?")
_STEP = re.compile(r"([+-]) ?(\d{1,4}) ?(分钟|分|小时|时|天|日|周|[mhdw])", re.I)
_HOURS = {"h": 1, "小时": 1, "时": 1, "m": 1 / 60, "分": 1 / 60, "分钟": 1 / 60}
_DAYS = {"d": 1, "天": 1, "日": 1, "w": 7, "周": 7}
_HOW = "请写成 2027-03-08 09:00，或 2027-03-08（当天 09:00），或 +1d、+14天、+2h。"


class Driver(Protocol):
    """Whoever has the bot do what is due when the clock has moved."""

    @property
    def until(self) -> datetime | None:
        """Where the clock is running fast to, UTC; None while it keeps real time."""

    async def jump(self, moment: datetime) -> None:
        """Set the clock to an aware moment, and have done once what is due then."""

    def hurry(self, moment: datetime) -> "Task[None]":
        """Run fast to an aware moment; the run, which can be waited for."""

    def stop(self) -> None:
        """End the run at the moment that it has reached."""


class SandboxClock:
    """Calls as the aware time of day in UTC. How far it was moved is kept, so that a restart goes on there."""

    def __init__(
        self, store: Store, zone: ZoneInfo, *, real: Callable[[], datetime], changed: Callable[[], None]
    ) -> None:
        self.zone, self.real, self._store, self._changed = zone, real, store, changed
        self._ahead = timedelta(microseconds=store.all("clock").get("ahead", 0))
        self.driver: Driver | None = None

    def __call__(self) -> datetime:
        """Now, UTC."""
        return self.real() + self._ahead

    def set(self, moment: datetime) -> None:
        """Go on from an aware moment, forward or back."""
        self._ahead = moment - self.real()
        self._store.put("clock", "ahead", round(self._ahead / timedelta(microseconds=1)))
        self.tell()

    def tell(self) -> None:
        """Have the pages look at the clock again."""
        self._changed()

    @property
    def until(self) -> datetime | None:
        """Where it is running fast to, UTC; None while it keeps real time."""
        return self.driver.until if self.driver is not None else None

    async def jump(self, moment: datetime) -> None:
        """Set it at once, as after a time in which the bot was down; Refused where that cannot be."""
        self._check(moment)
        if self.driver is None:
            self.set(moment)
        else:
            await self.driver.jump(moment)

    def hurry(self, moment: datetime) -> "Task[None]":
        """Run fast to a later moment, with everything that is due on the way; Refused where that cannot be."""
        self._check(moment)
        if self.driver is None:
            raise Refused(409, "机器人还没有启动好，不能快进，请稍等。")
        if moment <= self():
            raise Refused(400, f"快进只能往后，现在是 {self.shown()}。往回请直接拨过去。")
        return self.driver.hurry(moment)

    def stop(self) -> None:
        """End a fast run where it is."""
        if self.driver is not None:
            self.driver.stop()

    def _check(self, moment: datetime) -> None:
        if self.until is not None:
            raise Refused(409, f"正在快进到 {self.shown(self.until)}，请先停下。")
        if moment - self() > FARTHEST:
            raise Refused(400, f"一次最多往后两年，现在是 {self.shown()}。更远请分几次。")

    def state(self) -> dict[str, Any]:
        """What a page shows: moments as ISO 8601 in UTC, the zone's name; `taken` tells which of two is the later."""
        until = self.until
        return {
            "now": self().isoformat(),
            "until": until.isoformat() if until is not None else None,
            "zone": self.zone.key,
            "moved": abs(self._ahead) > timedelta(seconds=1),
            "taken": monotonic(),
        }

    def local(self, moment: datetime | None = None) -> datetime:
        """An aware moment, or now, in the bureau's zone."""
        return (moment or self()).astimezone(self.zone)

    def shown(self, moment: datetime | None = None) -> str:
        """An aware moment, or now, as people in the bureau write it."""
        local = self.local(moment)
        return f"{day(local)} {local:%H:%M}"

    def read(self, text: str) -> datetime:
        """The moment (UTC) that a local time, or a step from now, names; Refused with what would be right."""
        words = " ".join(unicodedata.normalize("NFKC", text).split())
        if words.lower() in NOW:
            return self.real()
        step, whole = _STEP.fullmatch(words), _MOMENT.fullmatch(words)
        if step is not None:
            moment = self._stepped(step)
        elif whole is not None:
            moment = self._written(whole)
        else:
            raise Refused(400, f"看不懂时间“{text.strip()}”。{_HOW}" if words else f"没有写时间。{_HOW}")
        if moment.astimezone(self.zone).year not in YEARS:
            raise Refused(400, f"年份请在 {YEARS[0]} 到 {YEARS[-1]} 之间。")
        return moment

    def _stepped(self, match: "re.Match[str]") -> datetime:
        many, unit = int(match[1] + match[2]), match[3].lower()
        if unit in _DAYS:
            # The same time of day, also where a day has 23 hours.
            return (self.local() + timedelta(days=many * _DAYS[unit])).astimezone(UTC)
        return self() + timedelta(hours=many * _HOURS[unit])

    def _written(self, match: "re.Match[str]") -> datetime:
        year, month, number = int(match[1]), int(match[2]), int(match[3])
        try:
            on = date(year, month, number)
        except ValueError:
            raise Refused(400, f"没有 {year}-{month:02}-{number:02} 这一天。{_HOW}") from None
        try:
            at = time(int(match[4]), int(match[5] or 0)) if match[4] else MORNING
        except ValueError:
            raise Refused(400, f"没有 {match[4]}:{match[5] or '00'} 这个时刻，请写 00:00 到 23:59。") from None
        return datetime.combine(on, at, tzinfo=self.zone).astimezone(UTC)


def day(local: datetime) -> str:
    """A local day as the clock shows it."""
    return f"{local.year}年{local.month}月{local.day}日 周{'一二三四五六日'[local.weekday()]}"
