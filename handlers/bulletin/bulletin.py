"""/bulletin 一季度 or 年度: the bulletin (通报) as a .docx, from one state of the database, every number traceable."""

import logging
from dataclasses import replace
from pathlib import Path

from telegram.constants import ChatAction, ParseMode

from charts.studio import ChartFailed
from documents.papers.values import TemplateBroken, Unmade
from documents.papers.writer import write
from handlers.bulletin import bulletin_text
from handlers.frame import periods, wording
from handlers.frame.context import Context
from handlers.frame.reply import Button, Say, in_rows
from handlers.quarter import leads
from rules.access import sight
from rules.bulletin import Facts, Material
from rules.bulletin_facts import of_a_quarter, of_a_year
from rules.calendar import Period, Quarter, Year, read_period
from rules.months import Month
from rules.periods import begun
from rules.refusals import PlacesHidden, UnknownPeriod
from rules.returns import MonthReturns
from rules.timetable import Timetable
from storage import appeals, audit, ledger, quarter_steps, quarters, results, returns
from storage.audit import Act
from storage.database import Session

log = logging.getLogger(__name__)

STANDARD = "std"
"""On a button: not by the bureau's own template."""
OFFERED = 5
"""So many quarters back are offered by button."""


async def bulletin(context: Context) -> None:
    """/bulletin [period]; without one it asks. UnknownPeriod, NotBegun, BeforeBeginning."""
    said = context.words.strip()
    if not said:
        await context.reply(_ask(context))
        return
    period = read_period(said, context.running)
    if period is None:
        raise UnknownPeriod(said)
    await _answer(context, periods.choose(context, period).period)


def _ask(context: Context) -> Say:
    """The quarters that have begun, the newest first, and their years."""
    known = begun(context.services.begins, context.running)[-OFFERED:]
    years = dict.fromkeys(Year(quarter.year) for quarter in reversed(known))
    offered: list[Period] = [*reversed(known), *years]
    return Say(bulletin_text.which(), in_rows([Button(wording.period(p), f"bul:{p}") for p in offered], 2))


async def pressed(context: Context) -> None:
    """A period was chosen."""
    period = periods.pressed(context, context.argument(0)).period
    await _answer(context, period, standard=context.argument(1) == STANDARD)


async def _answer(context: Context, period: Period, *, standard: bool = False) -> None:
    facts = await _facts(context, period)
    if not facts.lines:
        told = bulletin_text.nothing_yet(period) if isinstance(period, Year) else bulletin_text.no_units(period)
        await context.reply(Say(told))
        return
    _check_sight(context, facts)
    await context.bot.send_chat_action(context.chat_id, ChatAction.UPLOAD_DOCUMENT)
    policy = context.services.policy
    pictures, lacking = await _pictures(context, facts)
    paper = bulletin_text.paper(facts, policy, pictures, context.today)
    template = Path(policy.bulletin_template) if policy.bulletin_template and not standard else None
    try:
        content = await write(paper, template)
    except TemplateBroken as broken:
        assert template is not None
        log.warning("the template of bulletins cannot be used: %r", broken.__cause__ or broken)
        instead = Button("用标准版式生成", f"bul:{period}:{STANDARD}")
        await context.reply(Say(bulletin_text.broken_template(template.name, str(broken)), ((instead,),)))
        return
    except Unmade as unmade:
        log.error("a bulletin was not made: %s", unmade)
        await context.reply(Say(bulletin_text.not_made()))
        return
    await _record(context, facts)
    caption = bulletin_text.caption(facts, lacking=lacking, own_template=template is not None)
    await context.bot.send_document(
        context.chat_id,
        content,
        filename=f"{bulletin_text.title(facts)}.docx",
        caption=wording.sent_again(caption) if context.again else caption,
        parse_mode=ParseMode.HTML,
    )


async def _facts(context: Context, period: Period) -> Facts:
    async with context.database.reading() as session:
        material = await _material(session, context, period)
    return of_a_quarter(material, period) if isinstance(period, Quarter) else of_a_year(material, period)


async def _material(session: Session, context: Context, period: Period) -> Material:
    """All that is told, read once each, whatever the number of units."""
    bureau, services = context.bureau, context.services
    wanted = [period] if isinstance(period, Quarter) else list(period.quarters)
    before = [period.previous] if isinstance(period, Quarter) else list(Year(period.year - 1).quarters)
    timetable = await quarter_steps.timetable(session, bureau.calendar, services.begins)
    stored = await results.of(session, [*wanted, *before])
    codes = {unit.code for unit in (*bureau.units, *bureau.former)}
    named = await leads.of_quarters(session, services.policy, wanted)
    sent = await returns.of_months(session, _months(wanted))
    return Material(
        bureau=bureau,
        timetable=timetable,
        results=stored,
        entries=await ledger.of_quarters(session, wanted),
        inspected={q: await quarters.inspected(session, q, codes) for q in wanted[:1] if q == period},
        now=context.now,
        leads={q: lead.name for q, lead in named.items()} | _confirmed_leads(timetable, wanted),
        appeals=[(a.unit, a.quarter, a.decision) for a in await appeals.of_units(session, codes, wanted)],
        arrivals={
            place: came for place, found in sent.items() if (came := MonthReturns(found).came) is not None
        },
        monthly_day=services.policy.schedule.monthly_day,
        changed=await ledger.last_change(session, period, codes) if isinstance(period, Quarter) else None,
    )


def _confirmed_leads(timetable: Timetable, wanted: list[Quarter]) -> dict[Quarter, str]:
    """The leads that confirmations bear: whoever is named later, they stay."""
    found = {}
    for (_, quarter), course in timetable.courses.items():
        for step in course.steps:
            if quarter in wanted and step.lead:
                found[quarter] = step.lead
    return found


def _months(wanted: list[Quarter]) -> list[Month]:
    """The civil months that can be due in these quarters, from the December before on."""
    months = [Month(wanted[0].year - 1, 11)]
    while months[-1] < Month(wanted[-1].year, 12):
        months.append(months[-1].next)
    return months


def _check_sight(context: Context, facts: Facts) -> None:
    """Several roles never lift recusal: who does not see a place does not get it in a document either. PlacesHidden."""
    told = {quarter for line in facts.lines for quarter, _ in line.quarters}
    entering = {facts.period} if isinstance(facts.period, Quarter) else told
    published = [context.timetable.published(quarter) for quarter in entering]
    there = replace(context.bureau, units=tuple(line.unit for line in facts.lines))
    seen = sight(context.person, there, frozenset.intersection(*published)).places
    for part in facts.parts:
        if any(line.unit.code not in seen for line in part.lines):
            raise PlacesHidden(part.sequence)


async def _pictures(context: Context, facts: Facts) -> tuple[dict[str, bytes], int]:
    """The charts that could be drawn, by name, and how many could not."""
    pictures, lacking = {}, 0
    for name, chart in bulletin_text.charts(facts, context.services.policy).items():
        try:
            pictures[name] = await context.services.studio.draw(chart)
        except ChartFailed as error:
            log.error("no chart for the bulletin: %s", error)
            lacking += 1
    return pictures, lacking


async def _record(context: Context, facts: Facts) -> None:
    state = "已审定" if facts.final else bulletin_text.MARK
    async with context.database.transaction() as session:
        await audit.record(
            session,
            Act.BULLETIN,
            at=context.now,
            person_id=context.person.id,
            detail=f"{facts.period} {state} {len(facts.lines)} 个单位",
            key=f"bulletin:{context.deed()}",
        )
