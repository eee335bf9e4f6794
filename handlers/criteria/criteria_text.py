"""Words of the import of criteria."""

from handlers.frame.reply import esc
from rules.draft import CriteriaDraft


def how() -> str:
    """How criteria are imported."""
    return (
        "导入扣分细则：\n1. 点下面的按钮取模板，模板里带着现有的细则；\n2. 在 Excel 里填好，另存为 .xlsx；\n"
        "3. 把文件发给我。\n先核对、不出错才导入；导入后按新细则登记，已登记的不变。"
    )


def template(category: str, count: int) -> str:
    """Under the template."""
    return f"{category}细则模板，现有 {count} 条。填好后直接发回来。"


def preview(draft: CriteriaDraft) -> str:
    """What would be imported."""
    count = sum(map(len, draft.criteria.values()))
    lines = [f"核对无误，可以导入<b>{esc(draft.category)}</b>细则 {count} 条：", ""]
    lines += [f"{esc(item)}　{len(some)} 条" for item, some in draft.criteria.items()]
    lines += ["", *map(esc, draft.notes)] if draft.notes else []
    return "\n".join([*lines, "", "还没有导入。导入后替换这一类单位原有的全部细则；已登记的记录不变。"])


def settled(draft: CriteriaDraft, *, done: bool) -> str:
    """What became of it."""
    count = sum(map(len, draft.criteria.values()))
    if done:
        return f"✔ 已导入{esc(draft.category)}细则 {count} 条，从现在起按新细则登记。"
    return "没有导入，仍用原来的细则。"
