"""Words of /help."""

from handlers.answer import esc
from handlers.routes import Command
from handlers.words import common
from handlers.words.people import post
from rules.bureau import Bureau
from rules.people import Person

EXAMPLES = {
    "deduct": "/deduct 城关所 治安管理 2 巡查不到位",
    "undo": "/undo",
    "done": "/done 城关所",
    "score": "/score 城关所 一季度",
    "rank": "/rank 派出所一序列",
    "invite": "/invite 考核员 派出所考核小组",
    "remove": "/remove 姓名",
}

HINTS = {
    "deduct": "也可写：扣分 城关所 治安管理 2分。单位可写简称、拼音首字母；分值可写 0.5、半分、两分。",
    "undo": "撤销今天自己最后一笔；别的记录按卡片上的［撤销］。",
}


def overview(commands: list[Command], person: Person, bureau: Bureau) -> str:
    """Every command of the person with an example."""
    if not person.posts:
        return common.stranger(person.telegram_id)
    lines = [
        f"<b>{esc(bureau.name)}目标量化考核</b>",
        f"您的身份：{'；'.join(post(p, bureau) for p in person.posts)}",
        "",
    ]
    for command in commands:
        if not command.in_menu:
            continue
        also = f"（{'、'.join(command.words[:1])}）" if command.words else ""
        lines.append(f"/{command.name}{also}　{esc(command.description)}")
        if command.name in EXAMPLES:
            lines.append(f"　例：<code>{EXAMPLES[command.name]}</code>")
        if command.name in HINTS:
            lines.append(f"　{HINTS[command.name]}")
    return "\n".join(lines)
