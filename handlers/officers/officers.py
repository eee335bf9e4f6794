"""/officer: a deduction on one of the unit's own officers, typed or step by step; and what puts it right (R9)."""

from dataclasses import replace

from handlers.deduct.drafting import GIVEN_UP
from handlers.frame import dialogs, names, wording
from handlers.frame.context import Context
from handlers.frame.reply import Button, Say, in_rows
from handlers.frame.text_guards import check_is_reason
from handlers.officers import (
    officer_batch,
    officer_corrections,
    officer_entry,
    officer_line,
    officer_marks,
    officers_text,
    staff,
)
from handlers.officers.officer_entry import Clear
from handlers.officers.staff import Staff
from rules.draft import Asks, OfficerBatchDraft, OfficerDraft
from rules.months import Month
from rules.names import Ambiguous, Match, Unknown
from rules.numbers import check_points, read_points
from rules.reading import Entry, Message, Outcome
from rules.recusal import PointMove, check_not_oneself
from rules.refusals import NotANumber, UnknownName
from storage import drafts, officer_ledger
from storage.drafts import DraftState, Kept

Draft = Kept[OfficerDraft]

A_PAGE = 12
COMMON_POINTS = ("0.5", "1", "2", "5")


async def officer(context: Context) -> None:
    """/officer 张伟 考勤纪律 1 迟到; 撤销, 更正 and 标记 lead on; what is missing is asked."""
    word, _, rest = context.words.strip().partition(" ")
    if word in officer_corrections.WORDS:
        await officer_corrections.typed(context, word, rest.strip())
        return
    if word in officer_marks.WORDS:
        await officer_marks.typed(context, rest.strip())
        return
    async with context.database.reading() as session:
        number = await officer_ledger.written_by(session, context.deed_key())
        kept = await drafts.opened_by(session, context.deed_key())
    if number is not None:
        await officer_entry.send_card(context, number)
    elif kept is not None and isinstance(kept.draft, OfficerBatchDraft):
        await officer_batch.send(context, kept)
    elif kept is not None:
        await dialogs.send(context, kept, await _ask(context, kept))
    else:
        await _begin(context)


async def _begin(context: Context) -> None:
    found, message = await _read(context)
    if len(message.lines) > 1 or len(message.entries) > 1:
        await officer_batch.preview(context, found, message)
        return
    said = message.entries[0] if message.entries else Entry()
    draft = officer_line.understood(context, found, said)
    asked = await _question(context, found, draft)
    if asked is None and message.entries and message.outcome is not Outcome.WRITE:
        asked = await _question(context, found, replace(draft, guided=True))
    if asked is not None:
        kept = await dialogs.opened(context, replace(asked, guided=True))
        await dialogs.send(context, kept, await _ask(context, kept))
        return
    async with context.database.transaction() as session:
        number = await officer_entry.write(session, context, draft, key=context.deed_key())
    await officer_entry.send_card(context, number)


async def _read(context: Context) -> tuple[Staff, Message]:
    """What the words say, read with the names of the month that they are about."""
    now = Month.of(context.today)
    async with context.database.reading() as session:
        found = await staff.of(session, context, now)
        message = officer_line.read(context, found, context.words)
        months = {said.month for said in message.entries}
        month = months.pop() if len(months) == 1 else None
        if month is not None and month != now:
            officer_entry.check_month(context, month)
            found = await staff.of(session, context, month)
            message = officer_line.read(context, found, context.words)
    return found, message


def _values(found: Match[str] | Ambiguous[str] | Unknown[str] | None) -> tuple[str, ...]:
    if isinstance(found, Match):
        return (found.value,)
    return found.candidates if isinstance(found, Ambiguous) else ()


async def _question(context: Context, found: Staff, draft: OfficerDraft) -> OfficerDraft | None:
    """The draft with what has to be asked next; None when it can be written. Refusals where it never can."""
    if len(draft.officers) != 1:
        ids = draft.officers or tuple(officer.id for officer, _ in found.officers)
        return replace(draft, asks=Asks.UNIT, choices=tuple(map(str, ids)))
    pair = found.find(draft.officers[0])
    if pair is None:
        raise names.stale()
    check_not_oneself(context.person, {pair[0].id}, PointMove.LOG)
    items = [item for item in found.scheme(pair[1]).items if not draft.items or item.name in draft.items]
    if len(items) != 1:
        return replace(draft, asks=Asks.ITEM, choices=tuple(item.name for item in items))
    if draft.points is None:
        points = tuple(p for p in COMMON_POINTS if read_points(p) <= items[0].points)  # type: ignore[operator]
        return replace(draft, asks=Asks.POINTS, choices=points)
    check_points(draft.points, items[0])
    if draft.month is None:
        async with context.database.reading() as session:
            open_ = await officer_entry.may_be_of_last_month(session, context, pair[1], pair[0])
        if open_:
            now = Month.of(context.today)
            return replace(draft, asks=Asks.QUARTER, choices=(str(now.previous), str(now)))
    if draft.guided and draft.reason is None and not draft.reason_asked:
        return replace(draft, asks=Asks.REASON, choices=())
    return replace(draft, asks=Asks.CONFIRM, choices=()) if draft.guided else None


async def _staff(context: Context, draft: OfficerDraft) -> Staff:
    month = draft.month or officer_entry.month_of(context, draft.at)
    async with context.database.reading() as session:
        return await staff.of(session, context, month)


async def _ask(context: Context, kept: Draft) -> Say:
    draft, data = kept.draft, f"o:{kept.id}:{kept.revision}"
    found = await _staff(context, draft)
    what: Clear | None = officer_entry.clear(context, found, draft) if draft.asks is Asks.CONFIRM else None
    start = draft.page * A_PAGE
    labels = [_label(draft.asks, choice, found) for choice in draft.choices]
    buttons = [Button(label, f"{data}:{start + i}") for i, label in enumerate(labels[start : start + A_PAGE])]
    rows: list[tuple[Button, ...]] = list(in_rows(buttons, 2))
    turn = [Button("‹ 上一页", f"{data}:p")] if draft.page else []
    if start + A_PAGE < len(labels):
        turn.append(Button("下一页 ›", f"{data}:n"))
    last = [Button("✔ 登记", f"{data}:ok")] if what else []
    if draft.asks is Asks.REASON:
        last.append(Button("先不写原因", f"{data}:s"))
    rows += [tuple(turn), (*last, Button("取消", f"{data}:x"))]
    return Say(officers_text.question(draft, found, what), tuple(row for row in rows if row))


def _label(asks: Asks | None, choice: str, found: Staff) -> str:
    if asks is Asks.UNIT:
        pair = found.find(int(choice))
        return officers_text.named(pair[0]) if pair is not None else choice
    if asks is Asks.POINTS:
        return f"−{choice} 分"
    return wording.month(Month.parse(choice)) if asks is Asks.QUARTER else choice


async def pressed(context: Context) -> None:
    """A button of the dialog: who, which draft and which revision are checked anew."""
    kept = await dialogs.pressed(context, OfficerDraft, shown_again, officers_text.settled())
    if kept is None:
        return
    choice = context.argument(2)
    draft = kept.draft
    if choice == "x":
        await dialogs.moved(context, kept, draft, DraftState.DROPPED)
        await context.rewrite(Say(officers_text.dropped()))
    elif choice == "ok" and draft.asks is Asks.CONFIRM:
        await _finish(context, kept)
    elif choice in {"n", "p"}:
        turned = replace(draft, page=max(0, draft.page + (1 if choice == "n" else -1)))
        kept = await dialogs.moved(context, kept, turned)
        await dialogs.show(context, kept, await _ask(context, kept))
    elif choice == "s" and draft.asks is Asks.REASON:
        await _go_on(context, kept, replace(draft, reason_asked=True))
    else:
        await _go_on(context, kept, _chosen(draft, choice))


def _chosen(draft: OfficerDraft, choice: str) -> OfficerDraft:
    index = names.number(choice)
    if draft.asks is None or index >= len(draft.choices):
        raise names.stale()
    value = draft.choices[index]
    match draft.asks:
        case Asks.UNIT:
            return replace(draft, officers=(int(value),))
        case Asks.ITEM:
            return replace(draft, items=(value,))
        case Asks.POINTS:
            return replace(draft, points=read_points(value))
        case _:
            return replace(draft, month=Month.parse(value))


async def feed(context: Context, kept: Draft, text: str) -> None:
    """A text while a question is open: its answer, read as such."""
    draft, found = kept.draft, await _staff(context, kept.draft)
    if text.strip(" 。.!！") in GIVEN_UP:
        await dialogs.moved(context, kept, draft, DraftState.DROPPED)
        await context.reply(Say(officers_text.dropped()))
        return
    await _go_on(context, kept, _answered(context, found, draft, text))


def _answered(context: Context, found: Staff, draft: OfficerDraft, text: str) -> OfficerDraft:
    """The draft with the answer that a text is, and what else the text says. UnknownName, NotANumber."""
    if draft.asks is Asks.REASON:
        reason = check_is_reason(context, text, officer_line.setting(context, found))
        return replace(draft, reason=reason, reason_asked=True)
    officer = str(draft.officers[0]) if len(draft.officers) == 1 else None
    item = draft.items[0] if len(draft.items) == 1 else None
    said = officer_line.answer(context, found, text, officer, item)
    new = officer_line.understood(context, found, said) if said is not None else OfficerDraft(draft.at)
    if draft.asks is Asks.UNIT and not new.officers:
        raise UnknownName("民警", text, ())
    if draft.asks is Asks.ITEM and not new.items:
        found_item = found.vocabulary().items[""].find(text)
        if isinstance(found_item, Unknown):
            raise UnknownName("项目", text, found_item.suggestions)
        return replace(draft, items=_values(found_item))
    if draft.asks is Asks.POINTS and new.points is None:
        raise NotANumber(text)
    known = {
        name: value
        for name in ("officers", "items", "points", "month", "found_on", "reason")
        if (value := getattr(new, name)) not in (None, ())
    }
    return replace(draft, **known)


async def _go_on(context: Context, kept: Draft, draft: OfficerDraft) -> None:
    asked = await _question(context, await _staff(context, draft), replace(draft, page=0))
    assert asked is not None
    kept = await dialogs.moved(context, kept, asked)
    await dialogs.show(context, kept, await _ask(context, kept))


async def _finish(context: Context, kept: Draft) -> None:
    async with context.database.transaction() as session:
        number = await officer_entry.write(session, context, kept.draft, key=kept.key)
        await drafts.advance(session, kept, kept.draft, DraftState.DONE, deed=context.deed())
    await context.rewrite(Say(officers_text.written(number)))
    await officer_entry.send_card(context, number)


async def shown_again(context: Context, kept: Draft) -> None:
    """Handled again: where it stands now."""
    if kept.state is DraftState.OPEN:
        await dialogs.show(context, kept, await _ask(context, kept))
        return
    if kept.state is DraftState.DROPPED:
        await dialogs.show(context, kept, Say(officers_text.dropped()))
        return
    async with context.database.reading() as session:
        number = await officer_ledger.written_by(session, kept.key)
    if number is not None:
        await officer_entry.send_card(context, number)
