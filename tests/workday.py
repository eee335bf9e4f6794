"""A day's work of an assessor, a liaison and the office, while the bot is killed; what must have come of it."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from conversation import ON_SERVER, text_of
from killing import PNG, Station

from sandbox.strict import Refused
from sandbox.world import Upload


def press(station: Station, person: int, label: str) -> None:
    """Press the newest button that begins so."""
    for message in reversed(station.world.store.messages(person, limit=1000)):
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                if button["text"].startswith(label):
                    station.world.press(person, person, message["message_id"], button["callback_data"])
                    return
    raise AssertionError(f"no button {label!r}")


async def days_work(folder: Path, *, share: float, seed: int, on_server: bool = ON_SERVER) -> None:
    """Go through the day; after a `share` of the steps the bot is killed, soon or while it handles them."""
    chance = random.Random(seed)
    station = Station(folder, on_server=on_server)
    (wang, *_), zhou, lin = await station.open(assessors=1), *await station.let_in()
    world = station.world
    for person in (wang, zhou, lin):
        world.send(person, person, "/whoami")
    steps: list[Callable[[], Any]] = [
        lambda: world.send(wang, wang, "/deduct 城关所"),
        lambda: press(station, wang, "治安管理"),
        lambda: world.upload(wang, wang, [Upload("a.png", PNG)], kind="photo"),
        lambda: press(station, wang, "−1 分"),
        lambda: world.send(wang, wang, "台账缺失"),
        lambda: press(station, wang, "✔ 登记"),
        lambda: world.send(wang, wang, "/deduct\n城关所 情报 1 甲\n火星所 情报 1 乙\n东门所 情报 2 丙"),
        lambda: press(station, wang, "只记入 2 条"),
        lambda: world.send(wang, wang, "/correct 3 1 多扣了"),
        lambda: press(station, zhou, "申诉"),
        lambda: world.send(zhou, zhou, "当天有记录"),
        lambda: press(station, lin, "取消"),
        lambda: world.send(lin, lin, "核实属实"),
    ]
    try:
        await station.start()
        await station.drained()
        for step in steps:
            try:
                step()
            except Refused as refused:
                raise AssertionError(refused.description) from None
            if chance.random() < share:
                await asyncio.sleep(chance.random() * 0.15)
                await station.kill()
                await station.start()
            await station.drained()
    finally:
        await station.close()
    with station.beside() as db:
        rows = db.execute("SELECT kind, unit_code, item, points, reason FROM entry ORDER BY id").fetchall()
        dead = db.execute("SELECT count(*) FROM inbox WHERE state = 'dead'").fetchone()
        sent = db.execute("SELECT count(*) FROM push WHERE state != 'sent'").fetchone()
    assert rows[:3] == [
        ("deduction", "chengguan", "治安管理", 100, "台账缺失"),
        ("deduction", "chengguan", "情报信息", 100, "甲"),
        ("deduction", "dongmen", "情报信息", 200, "丙"),
    ]
    assert [(kind, unit, points) for kind, unit, _, points, _ in rows[3:]] == [
        ("reversal", "dongmen", -200), ("deduction", "dongmen", 100), ("reversal", "chengguan", -100),
    ]  # fmt: skip
    assert (dead, sent) == ((0,), (0,))
    assert "已撤销，不再扣分" in "".join(text_of(m) for m in world.store.messages(zhou, limit=1000))
