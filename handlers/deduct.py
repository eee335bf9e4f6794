"""/deduct: a line becomes an entry of the ledger, answered with one card; what is unclear is asked with buttons."""

from dataclasses import replace

from handlers import card, names
from handlers.answer import Button, Say, in_rows
from handlers.context import Context
from handlers.reason import check_reason
from handlers.words import common
from handlers.words import deduct as words
from rules.access import bar_to_scoring
from rules.bureau import Unit
from rules.calendar import Quarter, Year
from rules.draft import Asks, DeductionDraft
from rules.names import Ambiguous, Match, Unknown
from rules.numbers import check_points
from rules.periods import check_begun, late_quarters
from rules.reading import Reading, read_deduction
from rules.refusals import (
    Barred,
    FutureInspection,
    Missing,
    NoScheme,
    NotANumber,
    NotAQuarter,
    UnknownName,
)
from storage import drafts, ledger
from storage.drafts import DraftState


async def deduct(context: Context) -> None:
    """/deduct 城关所 治安管理 2 [原因…], in any order of unit and item."""
    async with context.database.reading() as session:
        number = await ledger.written_by(session, context.deed_key())
    if number is not None:
        await card.send(context, number)
        return
    draft = _draft(
        context, read_deduction(context.words, names.vocabulary(context), context.running, context.today)
    )
    question = _question(context, draft)
    if question is None:
        await _log(context, draft, key=context.deed_key())
        return
    async with context.database.transaction() as session:
        kept = await drafts.open_(
            session,
            question,
            key=context.deed_key(),
            person_id=context.person.id,
            chat_id=context.chat_id,
            now=context.now,
        )
    await context.reply(_ask(context, kept))


def _draft(context: Context, reading: Reading) -> DeductionDraft:
    """What was understood; a typed refusal where something is missing, unknown or not allowed."""
    if reading.unit is None:
        raise Missing(_missing(reading))
    if isinstance(reading.unit, Unknown):
        raise UnknownName("单位", reading.unit.text, names.unit_names(context, reading.unit))
    units = _codes(reading.unit)
    if len(units) == 1:
        _check_scorable(context, context.bureau.unit(units[0]))
    if isinstance(reading.item, Unknown):
        raise UnknownName("项目", reading.item.text, reading.item.suggestions)
    if reading.points is None and reading.points_text:
        raise NotANumber(reading.points_text)
    if reading.item is None or reading.points is None:
        raise Missing(_missing(reading))
    if reading.inspected_on is not None and reading.inspected_on > context.today:
        raise FutureInspection(reading.inspected_on, context.today)
    return DeductionDraft(
        at=context.moment,
        units=units,
        items=_codes(reading.item),
        points=reading.points,
        quarter=_named_quarter(context, reading),
        inspected_on=reading.inspected_on or context.today,
        reason=check_reason(reading.reason) if reading.reason else None,
    )


def _codes(found: Match[str] | Ambiguous[str]) -> tuple[str, ...]:
    return (found.value,) if isinstance(found, Match) else tuple(found.candidates)


def _missing(reading: Reading) -> tuple[str, ...]:
    parts = (("单位", reading.unit), ("项目", reading.item), ("分值", reading.points))
    return tuple(name for name, value in parts if value is None)


def _named_quarter(context: Context, reading: Reading) -> Quarter | None:
    if reading.period is None:
        return None
    if isinstance(reading.period, Year):
        raise NotAQuarter(reading.period)
    check_begun(reading.period, context.services.begins, context.running)
    return reading.period


def _check_scorable(context: Context, unit: Unit) -> None:
    bar = bar_to_scoring(context.person, unit, context.bureau)
    if bar is not None:
        raise Barred(bar, unit, context.bureau.group_for(unit))
    if context.bureau.scheme_for(unit, context.running.year) is None:
        raise NoScheme(unit, context.running.year)


def _question(context: Context, draft: DeductionDraft) -> DeductionDraft | None:
    """The draft with what has to be asked next; None when it can be written."""
    if len(draft.units) > 1:
        open_to = [code for code in draft.units if _open_to(context, code)]
        return replace(draft, asks=Asks.UNIT, choices=tuple(open_to or draft.units))
    unit = context.bureau.unit(draft.units[0])
    _check_scorable(context, unit)
    quarter = draft.quarter or context.bureau.calendar.quarter_of(draft.at)
    scheme = context.bureau.scheme_for(unit, quarter.year)
    if scheme is None:
        raise NoScheme(unit, quarter.year)
    items = [name for name in draft.items if scheme.item(name) is not None]
    if not items:
        raise UnknownName("项目", draft.items[0], tuple(item.name for item in scheme.items))
    if len(items) > 1:
        return replace(draft, asks=Asks.ITEM, choices=tuple(items))
    item = scheme.item(items[0])
    assert item is not None
    check_points(draft.points, item)
    late = late_quarters(context.services.begins, quarter)
    if draft.quarter is None and late:
        return replace(draft, asks=Asks.QUARTER, choices=tuple(str(q) for q in (*late[-3:], quarter)))
    return None


def _open_to(context: Context, code: str) -> bool:
    return bar_to_scoring(context.person, context.bureau.unit(code), context.bureau) is None


def _ask(context: Context, kept: drafts.Kept) -> Say:
    draft = kept.draft
    labels = [_label(context, draft, choice) for choice in draft.choices]
    buttons = [Button(label, f"d:{kept.id}:{kept.revision}:{i}") for i, label in enumerate(labels)]
    drop = Button("不记了", f"d:{kept.id}:{kept.revision}:x")
    return Say(words.question(draft, context.bureau), (*in_rows(buttons, 2), (drop,)))


def _label(context: Context, draft: DeductionDraft, choice: str) -> str:
    if draft.asks is Asks.UNIT:
        return context.bureau.unit(choice).name
    if draft.asks is Asks.QUARTER:
        return common.period(Quarter.parse(choice))
    return choice


async def choice_pressed(context: Context) -> None:
    """A button under a question of ours: who, which draft, which revision and which choice are all checked anew."""
    draft_id, revision, choice = (context.argument(i) for i in range(3))
    async with context.database.reading() as session:
        kept = await drafts.find(session, names.number(draft_id))
    if kept is None:
        raise names.stale()
    if kept.person_id != context.person.id:
        await context.toast(words.not_your_draft(), alert=True)
        return
    if kept.state is not DraftState.OPEN or str(kept.revision) != revision:
        await _already_answered(context, kept)
        return
    if choice == "x":
        await _close(context, kept, DraftState.DROPPED)
        await context.rewrite(Say(words.dropped()))
        return
    draft = _chosen(kept.draft, names.number(choice))
    question = _question(context, draft)
    if question is None:
        number = await _write(context, draft, key=kept.key, kept=kept)
        await context.rewrite(Say(words.settled(draft, context.bureau)))
        await card.send(context, number)
        return
    async with context.database.transaction() as session:
        kept = await drafts.advance(session, kept, question, DraftState.OPEN)
    await context.rewrite(_ask(context, kept))


def _chosen(draft: DeductionDraft, index: int) -> DeductionDraft:
    if index >= len(draft.choices):
        raise names.stale()
    choice = draft.choices[index]
    if draft.asks is Asks.UNIT:
        draft = replace(draft, units=(choice,))
    elif draft.asks is Asks.ITEM:
        draft = replace(draft, items=(choice,))
    else:
        draft = replace(draft, quarter=Quarter.parse(choice))
    return replace(draft, asks=None, choices=())


async def _already_answered(context: Context, kept: drafts.Kept) -> None:
    async with context.database.reading() as session:
        number = await ledger.written_by(session, kept.key)
    if number is not None and context.again:
        await card.send(context, number)
    await context.toast(words.answered(number, dropped=kept.state is DraftState.DROPPED), alert=True)


async def _close(context: Context, kept: drafts.Kept, state: DraftState) -> None:
    async with context.database.transaction() as session:
        await drafts.advance(session, kept, kept.draft, state)


async def _log(context: Context, draft: DeductionDraft, *, key: str) -> None:
    await card.send(context, await _write(context, draft, key=key))


async def _write(context: Context, draft: DeductionDraft, *, key: str, kept: drafts.Kept | None = None) -> int:
    quarter = draft.quarter or context.bureau.calendar.quarter_of(draft.at)
    scheme = context.bureau.scheme_for(context.bureau.unit(draft.units[0]), quarter.year)
    assert scheme is not None
    item = next(name for name in draft.items if scheme.item(name) is not None)
    async with context.database.transaction() as session:
        written = await ledger.deduct(
            session,
            key=key,
            unit=draft.units[0],
            item=item,
            points=draft.points,
            quarter=quarter,
            inspected_on=draft.inspected_on,
            author_id=context.person.id,
            reason=draft.reason,
            at=draft.at,
            now=context.now,
        )
        if kept is not None:
            await drafts.advance(session, kept, draft, DraftState.DONE)
    return written.number
