"""The dialog of a deduction: what is missing is asked step by step, in one message that is edited in place."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from handlers import card, entry, names, questions
from handlers.answer import Button, Rows, Say, in_rows
from handlers.context import Context
from handlers.texts import check_reason
from handlers.words import draft as words
from rules.access import bar_to_scoring
from rules.bureau import Sequence, Unit
from rules.calendar import Quarter
from rules.draft import Asks, DeductionDraft, answered, one_back
from rules.names import Ambiguous, Match, Unknown
from rules.numbers import check_points, read_points
from rules.periods import late_quarters
from rules.points import shown
from rules.reading import read_day
from rules.refusals import (
    FutureInspection,
    NotADay,
    NotANumber,
    TooManyTimes,
    UnknownName,
)
from rules.scheme import Criterion, Item, Scheme
from rules.score import unit_score
from storage import cards, drafts, evidence, ledger, quarters
from storage.cards import Card
from storage.drafts import DraftState, Kept

Draft = Kept[DeductionDraft]

OPEN_FOR = timedelta(hours=24)
"""After so long an unfinished draft is not offered again, and takes no text."""

A_PAGE = 10
"""Choices shown at once."""

COMMON_POINTS = (Decimal("0.5"), Decimal(1), Decimal(2))
DAYS_BACK = 4

CANCEL, BACK, NEXT, PREVIOUS, SKIP, CONFIRM, DAY = "x", "b", "n", "p", "s", "ok", "day"


def open_sequences(context: Context) -> list[Sequence]:
    """The sequences in which the person scores any unit."""
    return [s for s in context.bureau.sequences if _open_units(context, s.name)]


def _open_units(context: Context, sequence: str) -> list[Unit]:
    return [unit for unit in context.bureau.units_of(sequence) if open_to(context, unit.code)]


def open_to(context: Context, code: str) -> bool:
    """Whether the person may score the unit."""
    return bar_to_scoring(context.person, context.bureau.unit(code), context.bureau) is None


def question(context: Context, draft: DeductionDraft) -> DeductionDraft | None:
    """The draft with what has to be asked next; None when it can be written. Refusals where it never can."""
    if not draft.units:
        return _which_unit(context, draft)
    if len(draft.units) > 1:
        open_ones = tuple(code for code in draft.units if open_to(context, code))
        return replace(draft, asks=Asks.UNIT, choices=open_ones or draft.units)
    unit = context.bureau.unit(draft.units[0])
    entry.check_scorable(context, unit)
    quarter = draft.quarter or context.bureau.calendar.quarter_of(context.moment)
    scheme = entry.scheme_in(context, unit, quarter)
    open_item = _what(draft, scheme)
    if open_item is not None:
        return open_item
    entry.clear(context, draft, context.moment)
    late = late_quarters(context.services.begins, quarter)
    if draft.quarter is None and late:
        return replace(draft, asks=Asks.QUARTER, choices=tuple(str(q) for q in (*late[-3:], quarter)))
    if draft.guided and draft.reason is None and not draft.reason_asked:
        return replace(draft, asks=Asks.REASON, choices=())
    return replace(draft, asks=Asks.CONFIRM, choices=()) if draft.guided else None


def _which_unit(context: Context, draft: DeductionDraft) -> DeductionDraft:
    sequences = open_sequences(context)
    sequence = draft.sequence or (sequences[0].name if len(sequences) == 1 else None)
    if sequence is None:
        return replace(draft, asks=Asks.SEQUENCE, choices=tuple(s.name for s in sequences))
    units = tuple(unit.code for unit in _open_units(context, sequence))
    return replace(draft, sequence=sequence, asks=Asks.UNIT, choices=units)


def _what(draft: DeductionDraft, scheme: Scheme) -> DeductionDraft | None:
    """Item, criterion or points, times: what of these has to be asked; None where all is said."""
    if draft.criterion is not None:
        _, criterion = entry.criterion_of(scheme, draft.criterion)
        if draft.guided and criterion.countable and not draft.counted:
            return replace(draft, asks=Asks.TIMES, choices=("1", "2", "3", "4", "5"))
        return None
    if not draft.items:
        return replace(draft, asks=Asks.ITEM, choices=tuple(item.name for item in scheme.items))
    known = [name for name in draft.items if scheme.item(name) is not None]
    if not known:
        raise UnknownName("项目", draft.items[0], tuple(item.name for item in scheme.items))
    if len(known) > 1:
        return replace(draft, asks=Asks.ITEM, choices=tuple(known))
    item = scheme.item(known[0])
    assert item is not None
    if draft.points is None:
        return replace(draft, asks=Asks.POINTS, choices=())
    check_points(draft.points, item)
    return None


async def offered(context: Context, draft: DeductionDraft) -> DeductionDraft:
    """The draft with the choices that what people did before gives: points and reasons."""
    if draft.asks is Asks.POINTS:
        item = _item(context, draft)
        async with context.database.reading() as session:
            habits, _ = await ledger.habits(session, context.person.id, item.name)
        points = [p for p in dict.fromkeys((*habits, *COMMON_POINTS)) if p <= item.points]
        codes = [f"c:{criterion.code}" for criterion in item.criteria]
        return replace(draft, choices=(*codes, *(f"p:{shown(p)}" for p in sorted(points))))
    if draft.asks is Asks.REASON:
        item = _item(context, draft)
        async with context.database.reading() as session:
            _, reasons = await ledger.habits(session, context.person.id, item.name)
        criterion = item.criterion(draft.criterion) if draft.criterion else None
        texts = dict.fromkeys(([criterion.text] if criterion else []) + reasons)
        return replace(draft, choices=tuple(texts)[:4])
    if draft.asks is Asks.DAY:
        days = [context.today - timedelta(days=back) for back in range(DAYS_BACK)]
        return replace(draft, choices=tuple(day.isoformat() for day in days))
    return draft


def _item(context: Context, draft: DeductionDraft) -> Item:
    scheme = _scheme(context, draft)
    if draft.criterion is not None:
        return entry.criterion_of(scheme, draft.criterion)[0]
    return next(item for item in scheme.items if item.name in draft.items)


def _scheme(context: Context, draft: DeductionDraft) -> Scheme:
    quarter = draft.quarter or context.bureau.calendar.quarter_of(context.moment)
    return entry.scheme_in(context, context.bureau.unit(draft.units[0]), quarter)


async def ask(context: Context, kept: Draft) -> Say:
    """The question as it stands in the message."""
    draft = kept.draft
    labels = await _labels(context, draft)
    start = draft.page * A_PAGE
    data = f"d:{kept.id}:{kept.revision}"
    buttons = [Button(label, f"{data}:{start + i}") for i, label in enumerate(labels[start : start + A_PAGE])]
    width = 1 if any(len(button.label) > 12 for button in buttons) else 2
    async with context.database.reading() as session:
        files = await evidence.of(session, draft=kept.id)
    what = None
    if draft.asks is Asks.CONFIRM:
        what = entry.clear(context, draft, context.moment)
    text = words.question(
        draft, context.bureau, what=what, files=len(files), today=context.today, in_group=not context.in_private
    )
    return Say(text, (*in_rows(buttons, width), *_steering(draft, data, len(labels))))


def _steering(draft: DeductionDraft, data: str, count: int) -> Rows:
    """Turning pages, skipping, confirming, going back, giving up."""
    rows: list[tuple[Button, ...]] = []
    turn = []
    if draft.page > 0:
        turn.append(Button("‹ 上一页", f"{data}:{PREVIOUS}"))
    if (draft.page + 1) * A_PAGE < count:
        turn.append(Button("下一页 ›", f"{data}:{NEXT}"))
    rows.append(tuple(turn))
    if draft.asks is Asks.REASON:
        rows.append((Button("先不写原因", f"{data}:{SKIP}"),))
    if draft.asks is Asks.CONFIRM:
        rows.append((Button("✔ 登记", f"{data}:{CONFIRM}"), Button("改检查日期", f"{data}:{DAY}")))
    last = [Button("‹ 返回", f"{data}:{BACK}")] if draft.answered else []
    cancel = "取消" if draft.guided else "不记了"
    rows.append((*last, Button(cancel, f"{data}:{CANCEL}")))
    return tuple(row for row in rows if row)


async def _labels(context: Context, draft: DeductionDraft) -> list[str]:
    if draft.asks is Asks.UNIT:
        return await _unit_labels(context, draft)
    if draft.asks is Asks.ITEM:
        return await _item_labels(context, draft)
    if draft.asks is Asks.POINTS:
        item = _item(context, draft)
        return [_points_label(choice, item) for choice in draft.choices]
    if draft.asks is Asks.RESUME:
        return [words.resume_label(choice) for choice in draft.choices]
    return [words.label(draft.asks, choice, context.today) for choice in draft.choices]


async def _unit_labels(context: Context, draft: DeductionDraft) -> list[str]:
    quarter = draft.quarter or context.running
    async with context.database.reading() as session:
        done = await quarters.inspected(session, quarter, draft.choices)
    return [f"{'✔ ' if code in done else ''}{context.bureau.unit(code).name}" for code in draft.choices]


async def _item_labels(context: Context, draft: DeductionDraft) -> list[str]:
    """Each item with what is left of it, as far as it is one unit's."""
    unit = context.bureau.unit(draft.units[0])
    quarter = draft.quarter or context.bureau.calendar.quarter_of(context.moment)
    async with context.database.reading() as session:
        sums = await ledger.sums(session, quarter, [unit.code])
    score = unit_score(unit.code, _scheme(context, draft), sums.get(unit.code, {}))
    return [f"{choice}（余 {shown(score.item(choice).left)}）" for choice in draft.choices]


def _points_label(choice: str, item: Item) -> str:
    kind, _, value = choice.partition(":")
    if kind == "p":
        return f"−{value} 分"
    criterion = item.criterion(value)
    return words.criterion_label(criterion) if isinstance(criterion, Criterion) else value


async def begin(context: Context, draft: DeductionDraft, files: list[int]) -> None:
    """Ask the first question of a new draft; one that is still open is offered first."""
    async with context.database.reading() as session:
        earlier = await drafts.open_in(
            session, person_id=context.person.id, chat_id=context.chat_id, since=context.now - OPEN_FOR
        )
    old = next((k for k in earlier if isinstance(k.draft, DeductionDraft) and k.draft.guided), None)
    asked = question(context, draft)
    assert asked is not None
    if old is not None and draft.guided and old.draft.asks is not Asks.RESUME:
        asked = replace(draft, asks=Asks.RESUME, choices=(f"resume:{old.id}", f"drop:{old.id}"))
    asked = await offered(context, asked)
    await send(context, await questions.opened(context, asked, files))


async def send(context: Context, kept: Draft) -> None:
    """Put the question in a new message."""
    await questions.send(context, kept, await ask(context, kept))


async def show(context: Context, kept: Draft) -> None:
    """Put the question in the place of the one before."""
    await questions.show(context, kept, await ask(context, kept))


async def pressed(context: Context) -> None:
    """A button under a question of ours: who, which draft, which revision and which choice are all checked anew."""
    draft_id, revision, choice = (context.argument(i) for i in range(3))
    async with context.database.reading() as session:
        kept = await drafts.find(session, names.number(draft_id))
    if kept is None or not isinstance(kept.draft, DeductionDraft):
        raise names.stale()
    if kept.person_id != context.person.id:
        await context.toast(words.not_your_draft(), alert=True)
        return
    if kept.state is not DraftState.OPEN or str(kept.revision) != revision:
        await _settled_before(context, kept)
        return
    await _take(context, kept, choice)


async def _take(context: Context, kept: Draft, choice: str) -> None:
    draft = kept.draft
    if choice == CANCEL:
        await close(context, kept)
        await context.rewrite(Say(words.dropped()))
    elif choice == CONFIRM and draft.asks is Asks.CONFIRM:
        await write(context, kept, draft)
    elif choice == DAY and draft.asks is Asks.CONFIRM:
        await move(context, kept, await offered(context, replace(draft, asks=Asks.DAY)))
    elif choice in (NEXT, PREVIOUS):
        step = 1 if choice == NEXT else -1
        last = max(0, (len(draft.choices) - 1) // A_PAGE)
        await move(context, kept, replace(draft, page=min(max(0, draft.page + step), last)))
    elif choice == BACK:
        back = replace(draft, asks=None) if draft.asks is Asks.DAY else one_back(draft)
        await go_on(context, kept, back)
    elif choice == SKIP and draft.asks is Asks.REASON:
        await go_on(context, kept, answered(draft, Asks.REASON, reason_asked=True))
    elif draft.asks is Asks.RESUME:
        await _resume(context, kept, names.number(choice))
    else:
        await go_on(context, kept, _chosen(draft, names.number(choice)))


def _chosen(draft: DeductionDraft, index: int) -> DeductionDraft:
    if index >= len(draft.choices) or draft.asks is None:
        raise names.stale()
    choice = draft.choices[index]
    return _with(draft, draft.asks, choice)


def _with(draft: DeductionDraft, asks: Asks, choice: str) -> DeductionDraft:
    """The draft with the answer that a choice is."""
    kind, _, value = choice.partition(":")
    match asks:
        case Asks.SEQUENCE:
            return answered(draft, asks, sequence=choice)
        case Asks.UNIT:
            return answered(draft, asks, units=(choice,))
        case Asks.ITEM:
            return answered(draft, asks, items=(choice,))
        case Asks.POINTS if kind == "c":
            return answered(draft, asks, criterion=value)
        case Asks.POINTS:
            return answered(draft, asks, points=read_points(value))
        case Asks.TIMES:
            return answered(draft, asks, times=int(choice), counted=True)
        case Asks.QUARTER:
            return answered(draft, asks, quarter=Quarter.parse(choice))
        case Asks.DAY:
            return answered(draft, asks, inspected_on=date.fromisoformat(choice))
        case Asks.REASON:
            return answered(draft, asks, reason=choice, reason_asked=True)
    raise names.stale()


async def _resume(context: Context, kept: Draft, index: int) -> None:
    """The earlier draft goes on in this message, or is dropped for the new one."""
    if index >= len(kept.draft.choices):
        raise names.stale()
    kind, _, number = kept.draft.choices[index].partition(":")
    async with context.database.reading() as session:
        old = await drafts.find(session, int(number))
    if kind == "resume" and old is not None and old.state is DraftState.OPEN:
        async with context.database.transaction() as session:
            await drafts.advance(session, kept, kept.draft, DraftState.DROPPED, deed=context.deed())
            old = await drafts.advance(session, old, old.draft, DraftState.OPEN, deed=f"{context.deed()}:old")
            await drafts.placed(session, old, context.message.message_id)
        await context.rewrite(await ask(context, old))
        return
    if old is not None and old.state is DraftState.OPEN:
        await close(context, old, deed=f"{context.deed()}:old")
        if old.message_id is not None:
            await questions.replaced(context, Say(words.dropped()), old.message_id)
    await go_on(context, kept, replace(kept.draft, asks=None, choices=()))


async def go_on(context: Context, kept: Draft, draft: DeductionDraft) -> None:
    """The next question in the same message, or the entry."""
    asked = question(context, draft)
    if asked is None:
        await write(context, kept, draft)
        return
    await move(context, kept, await offered(context, asked))


async def move(context: Context, kept: Draft, draft: DeductionDraft) -> None:
    """Keep where the draft stands now, and show it."""
    await show(context, await questions.moved(context, kept, draft))


async def write(context: Context, kept: Draft, draft: DeductionDraft) -> None:
    """The draft becomes an entry; its message becomes the card."""
    async with context.database.transaction() as session:
        files = [file.id for file in await evidence.of(session, draft=kept.id)]
        number = await entry.write(session, context, draft, key=kept.key, moment=context.moment, files=files)
        kept = await drafts.advance(session, kept, draft, DraftState.DONE, deed=context.deed())
    await _become_card(context, kept, number)


async def _become_card(context: Context, kept: Draft, number: int) -> None:
    place = context.message.message_id if context.pressed else kept.message_id
    if place is None:
        await card.send(context, number)
        return
    await context.rewrite(await card.card(context, number), message_id=place)
    async with context.database.transaction() as session:
        await cards.remember(session, Card(context.chat_id, place, number, asks=False), now=context.now)


async def close(context: Context, kept: Draft, *, deed: str | None = None) -> None:
    """Give the draft up; nothing of it is written."""
    async with context.database.transaction() as session:
        await drafts.advance(session, kept, kept.draft, DraftState.DROPPED, deed=deed or context.deed())


async def _settled_before(context: Context, kept: Draft) -> None:
    """A press on an old button: what became of it; a press handled again shows where it led."""
    async with context.database.reading() as session:
        number = await ledger.written_by(session, kept.key)
    if kept.last_deed == context.deed():
        if number is not None:
            await _become_card(context, kept, number)
        elif kept.state is DraftState.OPEN:
            await show(context, kept)
        else:
            async with context.database.reading() as session:
                resumed = await drafts.of_deed(session, f"{context.deed()}:old")
            again = resumed if resumed is not None and resumed.state is DraftState.OPEN else None
            await context.rewrite(Say(words.dropped()) if again is None else await ask(context, again))
        return
    await context.toast(words.answered(number, dropped=kept.state is DraftState.DROPPED), alert=True)


async def shown_again(context: Context, kept: Draft) -> None:
    """A text handled again: where its draft stands now."""
    async with context.database.reading() as session:
        number = await ledger.written_by(session, kept.key)
    if number is not None:
        await _become_card(context, kept, number)
    elif kept.state is DraftState.OPEN:
        await show(context, kept)


async def feed(context: Context, kept: Draft, text: str) -> None:
    """A text while a question is open: its answer, read as such."""
    draft = kept.draft
    if draft.asks is Asks.CONFIRM:
        await context.reply(Say(words.confirm_first()))
        return
    await go_on(context, kept, _read(context, draft, text.strip()))


def _read(context: Context, draft: DeductionDraft, text: str) -> DeductionDraft:
    vocabulary = names.vocabulary(context)
    if draft.asks in (Asks.SEQUENCE, Asks.UNIT):
        found = vocabulary.units.find(text)
        if isinstance(found, Unknown):
            raise UnknownName("单位", text, names.unit_names(context, found))
        return answered(draft, Asks.UNIT, units=_all(found))
    if draft.asks is Asks.ITEM:
        table = vocabulary.items_of(vocabulary.units.find(context.bureau.unit(draft.units[0]).name))
        found = table.find(text)
        if isinstance(found, Unknown):
            raise UnknownName("项目", text, found.suggestions)
        return answered(draft, Asks.ITEM, items=_all(found))
    if draft.asks is Asks.POINTS:
        return _read_points(context, draft, text)
    if draft.asks is Asks.TIMES:
        times = read_points(text.lower().strip("x×次处起件人"))
        if times is None or times != int(times) or not 1 <= times <= entry.MOST_TIMES:
            raise TooManyTimes(0)
        return answered(draft, Asks.TIMES, times=int(times), counted=True)
    if draft.asks is Asks.DAY:
        day = read_day(text.removesuffix("查"), context.today)
        if day is None:
            raise NotADay(text)
        if day > context.today:
            raise FutureInspection(day, context.today)
        return answered(draft, Asks.DAY, inspected_on=day)
    if draft.asks is Asks.REASON:
        return answered(draft, Asks.REASON, reason=check_reason(context, text), reason_asked=True)
    raise names.stale()


def _read_points(context: Context, draft: DeductionDraft, text: str) -> DeductionDraft:
    item = _item(context, draft)
    points = read_points(text)
    code = next((c.code for c in item.criteria if c.code.casefold() == text.casefold()), None)
    if code is not None:
        return answered(draft, Asks.POINTS, criterion=code)
    if points is None:
        raise NotANumber(text)
    check_points(points, item)
    return answered(draft, Asks.POINTS, points=points)


def _all(found: Match[str] | Ambiguous[str]) -> tuple[str, ...]:
    return (found.value,) if isinstance(found, Match) else tuple(found.candidates)
