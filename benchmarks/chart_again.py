"""The same ranking asked for again while nothing changed: through the real bot, from the update to the answer."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

from pydantic import SecretStr
from telegram.request import RequestData

from benchmarks.bots import TOKEN
from benchmarks.charts import studio
from benchmarks.table import Benchmark, Row, medians
from bot.app import App, build
from bot.config.load import Config, load
from charts.studio import Studio
from charts.values import Chart, Kind
from rules.people import Post, Role
from sandbox.botapi import BotApi
from sandbox.request import InProcessRequest
from sandbox.world import World
from storage import ledger, people
from storage.database import Database

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
GROUP, SEQUENCE = "派出所考核小组", "派出所第二序列"
NOW = datetime(2026, 11, 10, 1, tzinfo=UTC)
BAR = 0.05


class Telegram(InProcessRequest):
    """Telegram without a line: it notes when a photo was taken, and counts the files that came."""

    def __init__(self, world: World) -> None:
        super().__init__(BotApi(world))
        self.answered = 0.0
        self.uploaded = 0

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: Any, **kwargs: Any
    ) -> tuple[int, bytes]:
        """One call."""
        reply = await super().do_request(url, method, request_data, *args, **kwargs)
        if url.endswith("sendPhoto"):
            self.answered = perf_counter()
            files = (request_data.multipart_data or {}) if request_data else {}
            self.uploaded += len(files)
        return reply


class Counted:
    """The worker, and how many pictures it was asked for."""

    def __init__(self, worker: Studio) -> None:
        self._worker = worker
        self.drawn = 0

    async def draw(self, chart: Chart, kind: Kind | None = None) -> bytes:
        """As the worker draws."""
        self.drawn += 1
        return await self._worker.draw(chart, kind)


def bureau(folder: Path) -> Config:
    """The example's bureau with all of its 22 stations in one sequence."""
    file = folder / "config.toml"
    text = EXAMPLE.read_text(encoding="utf-8").replace(
        'sequence = "派出所第一序列"', f'sequence = "{SEQUENCE}"'
    )
    file.write_text(text.replace('[[sequence]]\nname = "派出所第一序列"\naliases = []\n', ""), encoding="utf-8")
    config = load(file, {})
    url = f"sqlite+aiosqlite:///{folder}/kaoping.db"
    return config.model_copy(
        update={
            "telegram": config.telegram.model_copy(update={"token": SecretStr(TOKEN)}),
            "database": config.database.model_copy(update={"url": url}),
        }
    )


class Bot:
    """The real bot with its bureau, somebody who asks it, and whoever draws for it."""

    def __init__(self, app: App, world: World, telegram: Telegram, counted: Counted, person: int) -> None:
        self.app, self.world, self.telegram, self.counted = app, world, telegram, counted
        self._person, self._number = person, 0

    async def deducts(self) -> None:
        """Something changes: every unit loses on every item."""
        self._number += 1
        database, config = self.app.database, self.app.services.bureau
        quarter = config.calendar.quarter_of(NOW)
        units = config.units_of(SEQUENCE)
        async with database.transaction() as session:
            for place, unit in enumerate(units):
                scheme = config.scheme_for(unit, quarter.year)
                assert scheme is not None
                for number, item in enumerate(scheme.items):
                    await ledger.deduct(
                        session, key=f"{self._number}:{unit.code}:{number}", unit=unit.code, item=item.name,
                        points=Decimal(1 + (place * 5 + number * 3 + self._number) % 4) / 4, quarter=quarter,
                        inspected_on=NOW.date(), author_id=1, reason="巡查台账缺失", at=NOW, now=NOW, group=GROUP,
                    )  # fmt: skip

    async def ranks(self) -> float:
        """Milliseconds from the update to the picture."""
        self.world.send(self._person, self._person, f"/rank {SEQUENCE}")
        batch = list(self.world.pending)
        began = perf_counter()
        await self.app.intake.accept(batch)
        await self.app.intake.idle()
        self.world.confirm(batch[-1]["update_id"] + 1)
        return (self.telegram.answered - began) * 1000


@asynccontextmanager
async def bot() -> AsyncIterator[Bot]:
    """The bot while the block lasts, on a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        config = bureau(Path(folder))
        world = World(token=TOKEN, now=lambda: NOW)
        telegram = Telegram(world)
        async with studio() as worker:
            counted = Counted(worker)
            app = await build(
                config,
                Database(config.database.url),
                counted,
                request=telegram,
                clock=lambda: NOW,
                limited=False,
            )
            await app.crew.join()
            await app.intake.resume()
            asking = world.add_person("王伟").id
            async with app.database.transaction() as session:
                row = await people.meet(session, telegram_id=asking, name="王伟", now=NOW)
                post = Post(Role.ASSESSOR, group=GROUP)
                await people.appoint(session, person_id=row.id or 0, post=post, granted_by=None, now=NOW)
            try:
                yield Bot(app, world, telegram, counted, asking)
            finally:
                await app.intake.stop()
                await app.crew.leave()
                await app.application.shutdown()
                await app.database.close()


async def measure(rounds: int, quick: bool) -> list[Row]:
    """A round: something changes, the ranking is asked for, and again."""
    pairs, uploads = [], []
    async with bot() as here:
        await here.ranks()
        for _ in range(1 if quick else rounds * 2):
            await here.deducts()
            first = await here.ranks()
            drawn, uploaded = here.counted.drawn, here.telegram.uploaded
            pairs.append((await here.ranks(), first))
            uploads.append((here.counted.drawn - drawn, here.telegram.uploaded - uploaded))
    again, first, ratio = medians(pairs)
    nothing = all(drawn == 0 and sent == 0 for drawn, sent in uploads)
    return [
        Row(
            what="同一张排名图再问一次，从收到消息到答复",
            ours=again,
            against="第一次问",
            theirs=first,
            unit="ms",
            wanted=f"不画图、不上传，≤ {BAR}",
            reached=nothing and ratio <= BAR,
            ratio=ratio,
            note="没有画图，没有上传" if nothing else "又画了图或又上传了",
        )
    ]


CHART_AGAIN = Benchmark("chart-again", measure)
