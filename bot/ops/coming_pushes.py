"""`pushes`: what will be sent to whom and when, by the same plan as the clock's, listed ahead."""

import sys
from collections.abc import Iterable
from datetime import date
from html import unescape
from re import sub

from bot.app import services_of, utc_now
from bot.config.load import Config
from charts.studio import ChartFailed
from charts.values import Chart, Kind
from handlers.frame import wording
from handlers.frame.context import Services
from handlers.reminders import reminders
from handlers.reminders.reminders import Planned
from rules.people import Role
from storage import people, quarters, settings
from storage.database import Database, DatabaseFault


class _NoStudio:
    """Nothing is drawn for a list."""

    async def draw(self, chart: Chart, kind: Kind | None = None) -> bytes:
        """Never a picture."""
        raise ChartFailed("no charts here")


async def list_pushes(config: Config, *, days: int, name: str = "", full: bool = False) -> int:
    """Print the reminders of the coming days, of everybody or of whose name has this in it; the exit code."""
    database = Database(config.database.url)
    try:
        if database.path is not None and not database.path.exists():
            return _say(f"找不到数据库 {database.path}。请用 --config 指明配置文件，或先启动一次程序")
        async with database.reading() as session:
            begins = await quarters.beginning(session)
        if begins is None:
            return _say("数据库还没有用过。请先启动一次程序")
        services = await services_of(config, database, _NoStudio(), begins=begins, clock=utc_now)
        await _list(services, days=days, name=name, full=full)
    except DatabaseFault:
        return _say("数据库打不开，或还没有升级到这个版本。请先启动一次程序")
    finally:
        await database.close()
    return 0


def _say(text: str) -> int:
    sys.stderr.write(f"没有列出：{text}。\n")
    return 2


async def _list(services: Services, *, days: int, name: str, full: bool) -> None:
    found = await reminders.ahead(services, services.clock(), days)
    async with services.database.reading() as session:
        chats = await settings.bindings(session)
        sealed = await people.holding(session, {Role.OFFICE, Role.LEADER})
    named = [(planned, _reader(planned, chats)) for planned in found]
    wanted = [(planned, reader) for planned, reader in named if name in reader]
    sys.stdout.write("".join(_lines(wanted, full=full)))
    if not wanted:
        sys.stdout.write(f"今后 {days} 天没有要发的提醒。\n")
    readers = "、".join(person.name for person in sealed if name in person.name)
    if readers:
        sys.stdout.write(f"\n此外每天 {services.policy.head_at:%H:%M} 把台账校验码发给：{readers}。\n")
    sys.stdout.write("按现在的配置和进度推算；检查、提交、延期以后会变。\n")


def _reader(planned: Planned, chats: dict[int, str]) -> str:
    recipient = planned.message.recipient
    if recipient.person is None:
        return f"{chats[recipient.chat_id]}的群"
    return recipient.person.name


def _lines(wanted: Iterable[tuple[Planned, str]], *, full: bool) -> Iterable[str]:
    day: date | None = None
    for planned, reader in wanted:
        if planned.day != day:
            day = planned.day
            yield f"\n{day}　{wording.weekday(day)}\n"
        message = planned.message
        yield f"  {message.recipient.at:%H:%M}　{reader}　{message.about}\n"
        if full:
            yield "".join(f"      {line}\n" for line in _plain(message.text).splitlines())


def _plain(html: str) -> str:
    return unescape(sub(r"<[^>]+>", "", html))
