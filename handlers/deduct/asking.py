"""How a question of the dialog looks: its text, its choices page by page, and the ways on and back."""

from handlers.deduct import draft_text, entry, steps
from handlers.frame.context import Context
from handlers.frame.reply import Button, Rows, Say, in_rows
from rules.draft import Asks, DeductionDraft
from rules.points import shown
from rules.scheme import Criterion, Item
from rules.score import unit_score
from storage import evidence, ledger, quarters
from storage.drafts import Kept

A_PAGE = 10
"""Choices shown at once."""

CANCEL, BACK, NEXT, PREVIOUS, SKIP, CONFIRM, DAY, DONE = "x", "b", "n", "p", "s", "ok", "day", "done"
SAME, OTHER = "same", "other"
"""What a button carries that is no choice."""


async def ask(context: Context, kept: Kept[DeductionDraft]) -> Say:
    """The question as it stands in the message."""
    draft = kept.draft
    labels = await _labels(context, draft)
    start = draft.page * A_PAGE
    data = f"d:{kept.id}:{kept.revision}"
    buttons = [Button(label, f"{data}:{start + i}") for i, label in enumerate(labels[start : start + A_PAGE])]
    width = 1 if any(len(button.label) > 12 for button in buttons) else 2
    async with context.database.reading() as session:
        files = await evidence.of(session, draft=kept.id)
        repeated = await ledger.deduction(session, draft.repeats) if draft.repeats is not None else None
    what = None
    if draft.asks is Asks.CONFIRM:
        what = entry.clear(context, draft, context.moment)
    text = draft_text.question(
        draft, context.bureau, what=what, files=len(files), today=context.today,
        in_group=not context.in_private, repeated=repeated,
    )  # fmt: skip
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
    if draft.asks is Asks.ITEM and draft.guided and len(draft.units) == 1:
        rows.append((Button("✔ 没有扣分，检查完毕", f"{data}:{DONE}"),))
    if draft.asks is Asks.REASON:
        rows.append((Button("先不写原因", f"{data}:{SKIP}"),))
    if draft.asks is Asks.REPEATED:
        return (
            (Button("是同一件，不记", f"{data}:{SAME}"),),
            (Button("另一件，登记", f"{data}:{OTHER}"),),
        )
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
        item = steps.item_of(context, draft)
        return [_points_label(choice, item) for choice in draft.choices]
    if draft.asks is Asks.RESUME:
        return [draft_text.resume_label(choice) for choice in draft.choices]
    return [draft_text.label(draft.asks, choice, context.today) for choice in draft.choices]


async def _unit_labels(context: Context, draft: DeductionDraft) -> list[str]:
    quarter = draft.quarter or context.running
    async with context.database.reading() as session:
        done = await quarters.inspected(session, quarter, draft.choices)
    return [f"{'✔ ' if code in done else ''}{context.bureau.unit(code).name}" for code in draft.choices]


async def _item_labels(context: Context, draft: DeductionDraft) -> list[str]:
    """Each item with what is left of it, as far as it is one unit's."""
    unit = context.bureau.unit(draft.units[0])
    quarter = draft.quarter or context.quarter_for(unit)
    async with context.database.reading() as session:
        sums = await ledger.sums(session, quarter, [unit.code])
    score = unit_score(unit.code, steps.scheme_of(context, draft), sums.get(unit.code, {}))
    return [f"{choice}（余 {shown(score.item(choice).left)}）" for choice in draft.choices]


def _points_label(choice: str, item: Item) -> str:
    kind, _, value = choice.partition(":")
    if kind == "p":
        return f"−{value} 分"
    criterion = item.criterion(value)
    return draft_text.criterion_label(criterion) if isinstance(criterion, Criterion) else value
