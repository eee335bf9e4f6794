"""What is asked about a table that was sent before it is looked over: put, and shown again."""

from handlers.frame import dialogs, tables_text
from handlers.frame.context import Context
from handlers.frame.reply import Button, Say, in_rows
from rules.draft import TableDraft
from storage.drafts import Kept

Draft = Kept[TableDraft]


async def ask(context: Context, draft: TableDraft) -> None:
    """Keep the question, and put it."""
    kept = await dialogs.opened(context, draft)
    await dialogs.send(context, kept, _say(kept))


async def show(context: Context, kept: Draft) -> None:
    """The question where it stands."""
    await dialogs.show(context, kept, _say(kept))


def _say(kept: Draft) -> Say:
    draft, data = kept.draft, f"tb:{kept.id}:{kept.revision}"
    if draft.asks == "table":
        buttons = [Button(f"核对后导入 {draft.count} 行", f"{data}:y"), Button("作为证据", f"{data}:e")]
        return Say(tables_text.is_it_a_table(draft), in_rows(buttons, 1))
    choices = [Button(tables_text.choice(draft, code), f"{data}:{code}") for code in draft.choices]
    return Say(tables_text.question(draft), (*in_rows(choices, 1), (Button("不导入", f"{data}:x"),)))
