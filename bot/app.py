"""Wires everything: the services, python-telegram-bot's Application, and what works beside it."""

import asyncio
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Application, ApplicationBuilder, ContextTypes, TypeHandler
from telegram.request import BaseRequest

from bot.clock import wind_up
from bot.commands import COMMANDS, PRESSES
from bot.config.load import Config
from bot.crew import Crew
from bot.delivery.http_client import request_by
from bot.delivery.pusher import Pusher
from bot.delivery.rate_limit import UNLIMITED, AnswersFirst
from bot.drawing import WatchedStudio
from bot.intake.admission import Admission
from bot.intake.inbox_worker import Intake
from bot.intake.strangers import Doorkeeper
from bot.ops.alarms import Alarms
from bot.ops.ends_folder import claim
from bot.ops.metrics import Metrics
from bot.ops.outside_acts import tell_of_restorations
from bot.ops.watch import Watch, keep_watch
from bot.scheduler import Rounds
from bot.startup import prepare
from handlers import free_text
from handlers.deduct import inline
from handlers.frame import menu
from handlers.frame.context import Context, Draws, Services
from handlers.frame.gate import Gate
from handlers.frame.routes import Routes
from handlers.groups import binding
from rules.calendar import Quarter
from storage import results, settings
from storage.chain_ends import EndsFolder
from storage.database import Database, DatabaseFault, plainly
from storage.file_store import Vault

log = logging.getLogger(__name__)

# Telegram's waits come as timedelta, as they will in python-telegram-bot's next major version, and without its warning.
os.environ.setdefault("PTB_TIMEDELTA", "true")


class KaopingApplication(Application[Any, Context, dict[Any, Any], dict[Any, Any], Services, Any]):
    """python-telegram-bot's Application, but a handler's error comes out of it, so that the update is tried again."""

    async def process_error(self, update: object, error: Exception, *args: Any, **kwargs: Any) -> NoReturn:
        """Pass the error on to the intake."""
        raise error


@dataclass
class App:
    """The running program's parts, for who starts and stops it."""

    application: KaopingApplication
    database: Database
    intake: Intake
    services: Services
    pusher: Pusher
    crew: Crew
    metrics: Metrics
    alarms: Alarms
    watch: Watch
    rounds: Rounds


def utc_now() -> datetime:
    """The time of day, aware."""
    return datetime.now(UTC)


async def services_of(
    config: Config, database: Database, studio: Draws, *, begins: Quarter, clock: Callable[[], datetime]
) -> Services:
    """What handlers and the clock work with: the config's bureau, and what was kept in the database since."""
    services = Services(
        database=database,
        bureau=config.organisation,
        studio=studio,
        clock=clock,
        begins=begins,
        vault=Vault(config.evidence_folder),
        policy=config.policy,
        commands=COMMANDS,
        bare_words=frozenset(word for command in COMMANDS for word in command.words),
        admins=tuple(config.people.admins),
        ends=await asyncio.to_thread(_ends, config),
    )
    async with database.reading() as session:
        services.bureau = services.bureau.with_former(await results.units(session))
    await _read_criteria(services)
    return services


def _ends(config: Config) -> EndsFolder:
    """Where this database's ends are remembered; what an earlier version left there is its own from now on."""
    if config.shared_ends_folder is not None:
        try:
            claim(config.shared_ends_folder, config.database.url)
        except OSError as error:
            log.warning("the folder of the chains' ends could not be marked: %s", error.strerror)
    return EndsFolder(config.ends_folder)


async def build(
    config: Config,
    database: Database,
    studio: Draws,
    *,
    request: BaseRequest | None = None,
    clock: Callable[[], datetime] = utc_now,
    limited: bool = True,
    **intake_options: Any,
) -> App:
    """Everything wired and the bot's own name asked for; nothing is fetched yet.

    Not `limited`, it sends faster than Telegram would allow.
    """
    begins = await prepare(database, config, now=clock())
    services = await services_of(config, database, studio, begins=begins, clock=clock)
    await tell_of_restorations(services, now=clock())
    metrics, alarms = Metrics(), Alarms(services)
    services.studio, services.looked_up = WatchedStudio(studio, metrics, alarms), metrics.looked_up
    services.vault_failed = alarms.vault_failed
    database.timed = metrics.committed
    crew = Crew(database)
    limiter = AnswersFirst(
        max_retries=3, counted=lambda: crew.counted, told_the_time=_compared(clock, metrics),
        **({} if limited else UNLIMITED),
    )  # fmt: skip
    request = request or request_by(
        config.telegram.proxy_url, base_url=config.telegram.base_url, counted=lambda: crew.counted
    )
    application = _application(config, services, request, limiter)
    routes = Routes(COMMANDS, PRESSES)
    gate = Gate(
        routes,
        plain=free_text.plain,
        inline=inline.look_up,
        chat_changed=binding.chat_changed,
    )
    application.add_handler(TypeHandler(Update, gate))
    pusher = Pusher(
        application.bot, database, services.studio, clock=clock, calendar=config.organisation.calendar,
        on_dropped=alarms.push_dropped, metrics=metrics,
    )  # fmt: skip
    services.wake = pusher.wake
    doorkeeper = Doorkeeper(application.bot, database, clock=clock, metrics=metrics)
    services.turned_away = doorkeeper.wake
    intake = Intake(
        application,
        database,
        crew,
        clock=clock,
        admission=Admission(routes, lambda: application.bot.username),
        doorkeeper=doorkeeper,
        on_dead=alarms.update_given_up,
        metrics=metrics,
        **intake_options,
    )
    _share_news(crew, services, pusher)
    await application.initialize()
    rounds = Rounds()
    wind_up(rounds, config, services, crew, on_backup_failed=alarms.backup_failed)
    watch = Watch(services, alarms, metrics)
    keep_watch(rounds, watch, crew)
    return App(application, database, intake, services, pusher, crew, metrics, alarms, watch, rounds)


def _share_news(crew: Crew, services: Services, pusher: Pusher) -> None:
    """What another process planned is sent, and criteria that came in through it count here, too."""
    reading: set[asyncio.Task[None]] = set()

    def hear(table: str) -> None:
        if table == "push":
            pusher.wake()
        elif table == "criteria":
            task = asyncio.create_task(_take_criteria(services), name="reading criteria")
            reading.add(task)
            task.add_done_callback(reading.discard)

    crew.on_news(hear)


async def _take_criteria(services: Services) -> None:
    try:
        await _read_criteria(services)
    except DatabaseFault as error:
        # The lifeline is cut at the same time, and all is heard anew once it holds again.
        log.warning("criteria could not be read: %s", plainly(error))


async def _read_criteria(services: Services) -> None:
    async with services.database.reading() as session:
        imported = await settings.imported_criteria(session)
    for category, criteria_ in imported.items():
        services.take_criteria(category, criteria_)


def _application(
    config: Config, services: Services, request: BaseRequest, limiter: AnswersFirst
) -> KaopingApplication:
    telegram = config.telegram
    # python-telegram-bot makes bot_data by calling its type: ours is made already.
    given: Any = lambda: services  # noqa: E731
    builder = (
        ApplicationBuilder()
        .application_class(KaopingApplication)
        .updater(None)
        .job_queue(None)
        .token(telegram.token.get_secret_value())
        .context_types(ContextTypes(context=Context, bot_data=given))
        .rate_limiter(limiter)
        .request(request)
        # Nothing goes through it: given none, python-telegram-bot would make a client of its own.
        .get_updates_request(request)
    )
    if telegram.base_url:
        builder = builder.base_url(telegram.base_url)
    if telegram.base_file_url:
        builder = builder.base_file_url(telegram.base_file_url)
    application = builder.build()
    assert isinstance(application, KaopingApplication)
    return application


def _compared(clock: Callable[[], datetime], metrics: Metrics) -> Callable[[datetime], None]:
    """Who is told Telegram's time, and compares it with ours."""

    def compare(theirs: datetime) -> None:
        metrics.told_the_time((clock() - theirs).total_seconds())

    return compare


async def set_menus(app: App) -> None:
    """The command menus of strangers and groups; the bot works without them too."""
    try:
        await menu.set_defaults(app.application.bot, COMMANDS)
    except TelegramError as error:
        log.warning("the command menus could not be set: %s", error.message)
