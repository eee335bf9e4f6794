"""/criteria: the template of a category's criteria, and their import: looked over first, then all or nothing."""

from documents.workbooks import criteria_table
from documents.workbooks.tables import HEAD
from documents.workbooks.values import RowProblem, Workbook
from handlers.criteria import criteria_text
from handlers.frame import dialogs, names, tables_text, workbooks
from handlers.frame.context import Context
from handlers.frame.reply import Button, Say, in_rows
from rules.draft import CriteriaDraft
from rules.refusals import CategoryUnclear, UnknownName
from rules.scheme import Scheme
from rules.text import plain
from storage import drafts, settings
from storage.drafts import DraftState


async def criteria(context: Context) -> None:
    """/criteria gives the templates; with an .xlsx, as its caption, it looks the table over."""
    if workbooks.document(context) is None:
        if context.words.strip():
            _scheme(context, context.words.strip())
        buttons = [Button(f"{name} 模板", f"crt:{names.short(name)}") for name in _categories(context)]
        await context.reply(Say(criteria_text.how(), in_rows(buttons, 2)))
        return
    async with context.database.reading() as session:
        kept = await drafts.opened_by(session, context.deed_key())
    if kept is not None:
        await context.reply(_preview(kept.id, kept.draft))
        return
    await _look_over(context)


def _categories(context: Context) -> list[str]:
    return list(dict.fromkeys(scheme.category for scheme in context.bureau.schemes))


def _scheme(context: Context, category: str) -> Scheme:
    year = context.running.year
    held = [s for s in context.bureau.schemes if s.category == category and s.holds_in(year)]
    if not held:
        raise UnknownName("类别", category, tuple(_categories(context)))
    return held[0]


async def template_pressed(context: Context) -> None:
    """The template of a category, with the criteria that hold now."""
    category = next((n for n in _categories(context) if names.short(n) == context.argument(0)), None)
    if category is None:
        raise names.stale()
    scheme = _scheme(context, category)
    existing = [
        criteria_table.Row(item.name, criterion) for item in scheme.items for criterion in item.criteria
    ]
    content = criteria_table.template(category, [item.name for item in scheme.items], existing)
    await context.bot.send_document(
        context.chat_id,
        content,
        filename=f"{category}细则模板.xlsx",
        caption=criteria_text.template(category, len(existing)),
    )


async def _look_over(context: Context) -> None:
    workbook = await workbooks.sent(context)
    scheme = _scheme(context, context.words.strip()) if context.words.strip() else _guess(context, workbook)
    parsed = criteria_table.parse(workbook, {item.name: item.points for item in scheme.items})
    problems = (*_of_another_category(context, scheme, parsed.titles), *parsed.problems)
    if problems or not parsed.rows:
        await context.reply(Say(tables_text.problems(len(parsed.rows), problems, "细则", parsed.notes)))
        return
    draft = CriteriaDraft(scheme.category, criteria_table.by_item(parsed.rows), parsed.notes)
    kept = await dialogs.opened(context, draft)
    await context.reply(_preview(kept.id, draft))


def _of_another_category(context: Context, scheme: Scheme, titles: tuple[str, ...]) -> tuple[RowProblem, ...]:
    """What is wrong where a table's titles name another category than the one that it was sent for."""
    said = "".join(map(plain, titles))
    named = [category for category in _categories(context) if category in said]
    if not named or scheme.category in named:
        return ()
    message = f"标题写的是{named[0]}，现在导入的是{scheme.category}的细则。请核对是不是发错了"
    return (RowProblem(1, HEAD, message),)


def _guess(context: Context, workbook: Workbook) -> Scheme:
    """The category whose items the table names; it has to be written where that is not clear."""
    fitting = []
    for category in _categories(context):
        scheme = _scheme(context, category)
        parsed = criteria_table.parse(workbook, {item.name: item.points for item in scheme.items})
        if not any(problem.column == criteria_table.ITEM for problem in parsed.problems):
            fitting.append(scheme)
    if len(fitting) != 1:
        raise CategoryUnclear(tuple(_categories(context)))
    return fitting[0]


def _preview(draft_id: int, draft: CriteriaDraft) -> Say:
    data = f"cri:{draft_id}"
    row = (Button("导入", f"{data}:y"), Button("不导入", f"{data}:n"))
    return Say(criteria_text.preview(draft), (row,))


async def import_pressed(context: Context) -> None:
    """导入 or 不导入: once; from now on the new criteria count, entries keep the words they were made by."""
    async with context.database.transaction() as session:
        kept = await dialogs.own(session, context, CriteriaDraft)
        fresh = kept.state is DraftState.OPEN
        wanted = context.argument(1) == "y"
        if fresh and wanted:
            await settings.import_criteria(
                session,
                key=kept.key,
                category=kept.draft.category,
                criteria=kept.draft.criteria,
                person_id=context.person.id,
                now=context.now,
            )
        if fresh:
            state = DraftState.DONE if wanted else DraftState.DROPPED
            kept = await drafts.advance(session, kept, kept.draft, state, deed=context.deed())
    if fresh and wanted:
        context.services.take_criteria(kept.draft.category, kept.draft.criteria)
    await context.rewrite(Say(criteria_text.settled(kept.draft, done=kept.state is DraftState.DONE)))
