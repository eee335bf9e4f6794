"""Wires everything: the services, the ordered list of commands and buttons, and python-telegram-bot's Application."""

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

from bot.alarms import Alarms
from bot.clock import wind_up
from bot.config import Config, ConfigInvalid, Problem
from bot.crew import Crew
from bot.drawing import WatchedStudio
from bot.intake import Intake
from bot.lanes import UNLIMITED, AnswersFirst
from bot.metrics import Metrics
from bot.pusher import Pusher
from bot.requests import request_by
from bot.rounds import Rounds
from bot.watch import Watch, keep_watch
from handlers import (
    appeals,
    approval,
    audit,
    batch,
    binding,
    bulletin,
    choices,
    compare,
    correct,
    course,
    criteria,
    deduct,
    drafting,
    export,
    extension,
    files,
    filing_review,
    filings,
    heat,
    help,
    importing,
    inline,
    inspect,
    inviting,
    item_ranking,
    leads,
    leaving,
    losses,
    menu,
    method,
    method_decision,
    month_table,
    monthly,
    months,
    officer_corrections,
    officers,
    people,
    progress,
    publishing,
    ranking,
    reason,
    roster,
    roster_lines,
    score,
    sendings,
    signing,
    trend,
    undo,
)
from handlers import log as reading
from handlers import plain as plain_text
from handlers import returns as returned
from handlers.access import Gate
from handlers.context import Context, Draws, Services
from handlers.routes import Command, Press, Routes
from rules.access import Deed
from rules.calendar import Quarter
from rules.periods import begun
from storage import ledger, quarters, results, settings
from storage import people as people_storage
from storage.database import Database, DatabaseFault, Session, plainly
from storage.ledger import Used
from storage.migrate import migrate
from storage.vault import Vault

log = logging.getLogger(__name__)

# Telegram's waits come as timedelta, as they will in python-telegram-bot's next major version, and without its warning.
os.environ.setdefault("PTB_TIMEDELTA", "true")

COMMANDS = (
    Command("deduct", ("扣分", "记分"), deduct.deduct, "登记扣分", Deed.DEDUCT),
    Command("import", ("导入",), importing.import_, "用 Excel 表导入扣分", Deed.IMPORT, private=True),
    Command("undo", ("撤销",), undo.undo, "撤销今天最后一笔", Deed.DEDUCT),
    Command("correct", ("更正",), correct.correct, "更正一笔记录", Deed.CORRECT, private=True),
    Command("mine", ("我的登记",), reading.mine, "看自己登记的扣分", Deed.DEDUCT, private=True),
    Command("done", ("检查完毕",), inspect.done, "标记检查完毕", Deed.INSPECT),
    Command("progress", ("进度",), progress.progress, "看本组本季度的进度", Deed.PROGRESS, prints=True),
    Command("submit", ("提交",), course.submit, "提交本组的季度成绩", Deed.SUBMIT, private=True),
    Command("confirm", ("审定",), course.confirm, "审定一个小组的季度成绩", Deed.CONFIRM, private=True),
    Command("return", ("退回",), course.return_, "把季度成绩退回小组", Deed.CONFIRM, private=True),
    Command("publish", ("公布",), course.publish, "公布季度成绩，看谁没签收", Deed.PUBLISH, private=True),
    Command("extend", ("延期",), extension.extend, "延长一个小组的期限", Deed.EXTEND, private=True),
    Command("lead", ("带队",), leads.lead, "指定带队局领导", Deed.LEAD, private=True),
    Command("score", ("成绩", "得分"), score.score, "查一个单位的成绩", Deed.SCORE, private=True, prints=True),
    Command("rank", ("排名",), ranking.rank, "看一个序列的排名", Deed.RANK, private=True, prints=True),
    Command("trend", ("走势",), trend.trend, "看一个单位几个季度的走势", Deed.TREND, private=True, prints=True),
    Command("heat", ("分布",), heat.heat, "看一个序列的失分分布", Deed.HEAT, private=True, prints=True),
    Command("losses", ("失分",), losses.losses, "看分失在哪些细则上", Deed.LOSSES, private=True, prints=True),
    Command("compare", ("对比",), compare.compare, "几个单位逐项对比", Deed.COMPARE, private=True, prints=True),
    Command("why", ("为什么",), reading.why, "看一个单位的分扣在哪里", Deed.LOG, private=True),
    Command("log", ("明细",), reading.log, "看一个单位的扣分记录", Deed.LOG, private=True),
    Command("evidence", ("证据",), files.show, "看一笔记录的证据", Deed.LOG, private=True),
    Command("appeal", ("申诉",), appeals.appeal, "对一笔扣分申诉", Deed.APPEAL, private=True),
    Command("appeals", ("申诉情况",), appeals.show_appeals, "看申诉办得怎样", Deed.APPEALS, private=True),
    Command(
        "officer", ("民警扣分",), officers.officer, "给本单位民警登记扣分", Deed.OFFICER_DEDUCT, private=True
    ),
    Command("month", ("民警成绩",), months.month, "看民警月度成绩", Deed.MONTH, private=True),
    Command("monthly", ("月报", "报送"), monthly.monthly, "报送民警月度成绩", Deed.MONTHLY, private=True),
    Command("returns", ("报送情况",), returned.show, "看各单位报送民警成绩的情况", Deed.RETURNS, private=True),
    Command("roster", ("花名册",), roster.roster, "民警花名册", Deed.ROSTER_READ, private=True),
    Command("method", ("考核办法",), method.method, "民警考核办法", Deed.METHOD_READ, private=True),
    Command("export", ("导出",), export.export, "导出工作簿或台账", Deed.EXPORT, private=True),
    Command("bulletin", ("通报",), bulletin.bulletin, "起草季度或年度通报", Deed.BULLETIN, private=True),
    Command("settings", ("设置",), choices.show, "选通知方式和提醒时间", Deed.NOTICES, private=True),
    Command("pushes", ("推送",), sendings.show, "看推送发给了谁", Deed.PUSHES, private=True),
    Command("criteria", ("细则",), criteria.criteria, "导入扣分细则", Deed.CRITERIA, private=True),
    Command("file", ("备案",), filings.file, "报送备案文件", Deed.FILE, private=True),
    Command("filings", ("备案情况",), filing_review.show, "看备案情况", Deed.FILINGS, private=True),
    Command("bind", ("绑定",), binding.bind, "把群绑定给考核小组", Deed.BIND, anywhere=True),
    Command("audit", ("留痕",), audit.trail, "看操作留痕", Deed.AUDIT, private=True),
    Command("invite", ("邀请",), inviting.invite, "邀请人员加入", Deed.INVITE, private=True),
    Command("people", ("人员",), people.show_people, "看有哪些人员", Deed.PEOPLE, private=True),
    Command("remove", ("移除",), people.remove, "移除人员", Deed.REMOVE, private=True),
    Command(
        "whoami",
        ("我是谁",),
        people.whoami,
        "看自己的身份和编号",
        for_strangers=True,
        private=True,
        anywhere=True,
    ),
    Command("help", ("帮助",), help.show_help, "看自己能做什么", for_strangers=True, anywhere=True),
    Command("start", (), people.start, "开始", for_strangers=True, in_menu=False, anywhere=True),
)
"""Every command, in the order of the menu."""

PRESSES = (
    Press("d", drafting.pressed, Deed.DEDUCT),
    Press("b", batch.pressed, Deed.DEDUCT),
    Press("imt", importing.template_pressed, Deed.IMPORT),
    Press("imk", importing.pressed, Deed.IMPORT),
    Press("r", reason.which_pressed, Deed.DEDUCT),
    Press("ev", files.target_pressed, Deed.DEDUCT),
    Press("see", files.show_pressed, Deed.LOG),
    Press("fix", correct.begin_pressed, Deed.CORRECT),
    Press("k", correct.pressed, Deed.CORRECT),
    Press("pa", approval.decision_pressed, Deed.APPROVE),
    Press("ap", appeals.begin_pressed, Deed.APPEAL),
    Press("apl", appeals.list_pressed, Deed.APPEAL),
    Press("aq", appeals.cancel_pressed, Deed.APPEALS),
    Press("ad", appeals.decision_pressed, Deed.DECIDE),
    Press("ab", appeals.buttons_pressed, Deed.DECIDE),
    Press("ae", appeals.evidence_pressed, Deed.DECIDE),
    Press("log", reading.pressed, Deed.LOG),
    Press("logq", reading.sequence_pressed, Deed.LOG),
    Press("wy", reading.why_pressed, Deed.LOG),
    Press("wyq", reading.why_sequence_pressed, Deed.LOG),
    Press("o", officers.pressed, Deed.OFFICER_DEDUCT),
    Press("ou", officer_corrections.undo_pressed, Deed.OFFICER_DEDUCT),
    Press("of", officer_corrections.fix_pressed, Deed.OFFICER_DEDUCT),
    Press("ow", officer_corrections.why_pressed, Deed.OFFICER_DEDUCT),
    Press("mwt", month_table.template_pressed, Deed.OFFICER_DEDUCT),
    Press("mwk", month_table.pressed, Deed.OFFICER_DEDUCT),
    Press("mo", months.pressed, Deed.MONTH),
    Press("moq", months.sequence_pressed, Deed.MONTH),
    Press("mod", months.details_pressed, Deed.MONTH),
    Press("export", export.pressed, Deed.EXPORT),
    Press("set", choices.pressed, Deed.NOTICES),
    Press("ps", sendings.page_pressed, Deed.PUSHES),
    Press("psr", sendings.resend_pressed, Deed.PUSHES),
    Press("go", deduct.unit_pressed, Deed.DEDUCT),
    Press("crt", criteria.template_pressed, Deed.CRITERIA),
    Press("cri", criteria.import_pressed, Deed.CRITERIA),
    Press("fl", filings.begin_pressed, Deed.FILE),
    Press("fk", filings.pressed, Deed.FILE),
    Press("fd", filing_review.decision_pressed, Deed.FILING_DECIDE),
    Press("fv", filing_review.buttons_pressed, Deed.FILING_DECIDE),
    Press("fo", filing_review.open_pressed, Deed.FILINGS),
    Press("fs", filing_review.kind_pressed, Deed.FILINGS),
    Press("bind", binding.pressed, Deed.BIND, anywhere=True),
    Press("audit", audit.pressed, Deed.AUDIT),
    Press("undo", undo.undo_pressed, Deed.DEDUCT),
    Press("why", reason.ask_pressed, Deed.DEDUCT),
    Press("done", inspect.pressed, Deed.INSPECT),
    Press("prog", progress.pressed, Deed.PROGRESS),
    Press("progd", progress.details_pressed, Deed.PROGRESS),
    Press("st", course.pressed),
    Press("stb", course.begin_pressed),
    Press("ld", leads.pressed, Deed.LEAD),
    Press("ack", publishing.acknowledge_pressed, Deed.ACKNOWLEDGE),
    Press("ackr", publishing.remind_pressed, Deed.PUBLISH),
    Press("scoreq", score.sequence_pressed, Deed.SCORE),
    Press("score", score.pressed, Deed.SCORE),
    Press("took", score.details_pressed, Deed.SCORE),
    Press("bul", bulletin.pressed, Deed.BULLETIN),
    Press("rank", ranking.pressed, Deed.RANK),
    Press("places", ranking.places_pressed, Deed.RANK),
    Press("invr", inviting.role_pressed, Deed.INVITE),
    Press("invg", inviting.group_pressed, Deed.INVITE),
    Press("invo", inviting.own_sequence_pressed, Deed.INVITE),
    Press("inv", inviting.member_pressed, Deed.INVITE),
    Press("invq", inviting.sequence_pressed, Deed.INVITE),
    Press("invu", inviting.unit_pressed, Deed.INVITE),
    Press("ranki", item_ranking.pressed, Deed.RANK),
    Press("plcsi", item_ranking.places_pressed, Deed.RANK),
    Press("trendq", trend.sequence_pressed, Deed.TREND),
    Press("trend", trend.pressed, Deed.TREND),
    Press("heat", heat.pressed, Deed.HEAT),
    Press("heatd", heat.details_pressed, Deed.HEAT),
    Press("ls", losses.pressed, Deed.LOSSES),
    Press("lsu", losses.unit_pressed, Deed.LOSSES),
    Press("lsd", losses.details_pressed, Deed.LOSSES),
    Press("cp", compare.pressed, Deed.COMPARE),
    Press("cpd", compare.details_pressed, Deed.COMPARE),
    Press("rm", people.remove_pressed, Deed.REMOVE),
    Press("mrb", monthly.begin_pressed, Deed.MONTHLY),
    Press("mrd", monthly.pressed, Deed.MONTHLY),
    Press("mrh", signing.see_pressed, Deed.SIGN),
    Press("mrs", signing.sign_pressed, Deed.SIGN),
    Press("mrf", signing.give_back_pressed, Deed.SIGN),
    Press("mrq", signing.cancel_pressed, Deed.SIGN),
    Press("mrv", returned.version_pressed, Deed.MONTH),
    Press("mrt", returned.month_pressed, Deed.RETURNS),
    Press("mrtd", returned.details_pressed, Deed.RETURNS),
    Press("mrtq", returned.sequence_pressed, Deed.RETURNS),
    Press("mrtu", returned.unit_pressed, Deed.RETURNS),
    Press("invp", inviting.officer_pressed, Deed.INVITE),
    Press("ro", roster.pressed, Deed.ROSTER_READ),
    Press("roq", roster.sequence_pressed, Deed.ROSTER_READ),
    Press("rot", roster.template_pressed, Deed.ROSTER),
    Press("rok", roster_lines.pressed, Deed.ROSTER),
    Press("roe", leaving.erase_pressed, Deed.ROSTER),
    Press("mt", method.pressed, Deed.METHOD_READ),
    Press("mtt", method.template_pressed, Deed.METHOD),
    Press("mts", method.send_pressed, Deed.METHOD),
    Press("mtd", method_decision.pressed, Deed.METHOD_DECIDE),
    Press("mtq", method_decision.cancel_pressed, Deed.METHOD_DECIDE),
)
"""Every button by its verb."""


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


async def prepare(database: Database, config: Config, *, now: datetime) -> Quarter:
    """Bring the database up to date with the program and the config; the quarter that the bureau began with.

    ConfigInvalid where the config would leave entries of an open quarter without their unit or item (R13).
    """
    await migrate(database)
    running = config.organisation.calendar.quarter_of(now)
    async with database.transaction() as session:
        begins = await quarters.begin(session, running, now=now)
        quarters_ = begun(begins, running)
        confirmed = await results.of(session, quarters_)
        open_ = [u for u in await ledger.used(session, quarters_) if u.unit not in confirmed[u.quarter]]
        await _check_entries(session, config, open_)
        await people_storage.sync_admins(session, config.people.admins, now=now)
    return begins


async def _check_entries(session: Session, config: Config, used: list[Used]) -> None:
    """Refuse a config that would take a unit or an item away from under entries of an open quarter (R13)."""
    problems = []
    for place in used:
        unit = config.organisation.find_unit(place.unit)
        scheme = config.organisation.scheme_for(unit, place.quarter.year) if unit else None
        if scheme is not None and scheme.item(place.item) is not None:
            continue
        what = f"{unit.name}的项目“{place.item}”" if unit else f"单位“{place.unit}”"
        first = await ledger.first_numbers(session, place, 11)
        numbers = "、".join(map(str, first[:10])) + (" 等" if len(first) > 10 else "")
        problems.append(
            Problem(
                "category" if unit else "unit",
                f"不能去掉{what}：{place.quarter} 还没有审定，其中记录 {numbers} 记在它上面。请改回来，等该季度审定后再去掉",
            )
        )
    if problems:
        raise ConfigInvalid(tuple(problems))


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
    )
    async with database.reading() as session:
        services.bureau = services.bureau.with_former(await results.units(session))
    await _read_criteria(services)
    return services


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
    metrics, alarms = Metrics(), Alarms(services)
    services.studio, services.looked_up = WatchedStudio(studio, metrics, alarms), metrics.looked_up
    database.timed = metrics.committed
    crew = Crew(database)
    limiter = AnswersFirst(
        max_retries=3, counted=lambda: crew.counted, told_the_time=_compared(clock, metrics),
        **({} if limited else UNLIMITED),
    )  # fmt: skip
    application = _application(config, services, request, limiter)
    gate = Gate(
        Routes(COMMANDS, PRESSES),
        plain=plain_text.plain,
        inline=inline.look_up,
        chat_changed=binding.chat_changed,
    )
    application.add_handler(TypeHandler(Update, gate))
    pusher = Pusher(
        application.bot, database, services.studio, clock=clock, calendar=config.organisation.calendar,
        on_dropped=alarms.push_dropped, metrics=metrics,
    )  # fmt: skip
    services.wake = pusher.wake
    intake = Intake(
        application,
        database,
        crew,
        clock=clock,
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
    config: Config, services: Services, request: BaseRequest | None, limiter: AnswersFirst
) -> KaopingApplication:
    telegram = config.telegram
    # python-telegram-bot makes bot_data by calling its type: ours is made already.
    given: Any = lambda: services  # noqa: E731
    request = request or request_by(telegram.proxy_url, base_url=telegram.base_url)
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
