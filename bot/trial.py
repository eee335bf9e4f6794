"""The trial: the bot on a local Telegram, with the config's bureau and one made-up person of each role."""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr

from bot.app import App
from bot.config.load import Config
from bot.fast_forward import Hurry
from bot.serve import forever, serving, until_stopped
from rules.bureau import Bureau
from rules.people import Post, Role
from sandbox.botapi import BotApi
from sandbox.server import SandboxServer
from sandbox.terminal import Terminal
from sandbox.world import World
from storage import people
from storage.database import Database

ADMIN_ID = 1001
PORT = 8700
PICTURES = Path(__file__).parent.parent / "charts" / "fonts"
FONTS = {400: PICTURES / "NotoSansSC-Regular.otf", 700: PICTURES / "NotoSansSC-Bold.otf"}
"""The pictures' font, lent to the page by weight."""


@dataclass(frozen=True, slots=True)
class Cast:
    """A made-up person of the trial."""

    telegram_id: int
    name: str
    post: Post


def cast(bureau: Bureau) -> tuple[Cast, ...]:
    """One person of each role, for whatever bureau the config states."""
    first_unit = bureau.units[0].code
    players = [
        ("陈管理", Post(Role.ADMIN)),
        ("林主任", Post(Role.OFFICE)),
        ("高局长", Post(Role.LEADER)),
        ("周联络", Post(Role.LIAISON, unit=first_unit)),
    ]
    surnames = iter("王李赵孙吴郑冯蒋")
    for group in bureau.groups[:2]:
        own = _foreign_unit(bureau, group.name)
        players += [
            (f"{next(surnames)}组长", Post(Role.HEAD, group=group.name, own_unit=own)),
            (f"{next(surnames)}副组长", Post(Role.DEPUTY, group=group.name)),
            (f"{next(surnames)}考核员", Post(Role.ASSESSOR, group=group.name)),
        ]
    return tuple(Cast(ADMIN_ID + i, name, post) for i, (name, post) in enumerate(players))


def _foreign_unit(bureau: Bureau, group: str) -> str | None:
    """A unit that the group's head comes from: as in the plan, one that the other group scores."""
    for unit in bureau.units:
        other = bureau.group_for(unit)
        if other is not None and other.name != group:
            return unit.code
    return None


def new_token() -> str:
    """A token for one start of the trial: what another page or program has read is of no use to it."""
    return f"1000000001:{secrets.token_urlsafe(32)}"


def for_trial(config: Config, folder: Path, base: str, token: str) -> Config:
    """The config with the local Telegram's addresses and token, a database of its own, and the made-up administrator."""
    return config.model_copy(
        update={
            "telegram": config.telegram.model_copy(
                update={
                    "token": SecretStr(token),
                    "base_url": f"{base}/bot",
                    "base_file_url": f"{base}/file/bot",
                    "proxy_url": "",
                    "mode": "polling",
                }
            ),
            "database": config.database.model_copy(
                update={"url": f"sqlite+aiosqlite:///{folder / 'kaoping.db'}"}
            ),
            "people": config.people.model_copy(update={"admins": (ADMIN_ID,)}),
        }
    )


async def give_posts(database: Database, bureau: Bureau, *, now: datetime) -> None:
    """Let the cast in, each once: who was removed in the trial stays removed."""
    async with database.transaction() as session:
        for player in cast(bureau):
            known = await people.find(session, player.telegram_id)
            if known is not None and known.name == player.name:
                continue
            row = await people.meet(session, telegram_id=player.telegram_id, name=player.name, now=now)
            if player.post.role is not Role.ADMIN:
                await people.appoint(session, person_id=row.id or 0, post=player.post, granted_by=None, now=now)


def _note(post: Post, bureau: Bureau) -> str:
    unit = bureau.find_unit(post.unit or "")
    return "·".join(part for part in (post.role.value, post.group or (unit.name if unit else "")) if part)


@asynccontextmanager
async def trial(config: Config, folder: Path, *, port: int = 0) -> AsyncIterator[tuple[App, World, str]]:
    """The local Telegram and the bot on it; the page's address. Started again, it goes on where it was."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    token = new_token()
    world = World(token=token, path=folder / "telegram.db", zone=config.organisation.calendar.zone)
    for player in cast(config.organisation):
        world.add_person(player.name, id=player.telegram_id, note=_note(player.post, config.organisation))
        world.open_chat(player.telegram_id)
    server = SandboxServer(world, BotApi(world), fonts=FONTS)
    address = await server.start(port=port)
    try:
        async with serving(for_trial(config, folder, address, token), clock=world.clock, limited=False) as app:
            await give_posts(app.database, config.organisation, now=world.now())
            world.clock.driver = hurry = Hurry(app, world.clock)
            try:
                yield app, world, address
            finally:
                await hurry.close()
    finally:
        await server.stop()
        world.close()


async def page(config: Config, folder: Path, *, port: int) -> None:
    """Serve the chat page until a signal."""
    await until_stopped(_page(config, folder, port))


async def _page(config: Config, folder: Path, port: int) -> int:
    async with trial(config, folder, port=port) as (_, _, address):
        sys.stdout.write(
            f"\n  本地试用已启动：{address}\n"
            "  用浏览器打开上面的地址，左边选一个人，就可以和机器人对话。\n"
            f"  数据都在 {folder}/，全部是虚构的；按 Ctrl+C 结束，下次启动接着用。\n\n"
        )
        sys.stdout.flush()
        await forever()
    return 0


async def terminal(config: Config, folder: Path) -> None:
    """The same in a terminal; piped lines are a script."""

    async with trial(config, folder) as (app, world, _):

        async def idle() -> None:
            await world.fetched()
            await app.intake.idle()
            await app.pusher.send_due()

        chat = Terminal(world, idle, pictures=folder / "pictures", out=sys.stdout)
        await chat.run(_lines())


async def _lines() -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        yield line
