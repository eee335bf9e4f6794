"""Commands and buttons: putting records right: undo, correction, the reason that was missing, the second person."""

from handlers.correct import approval, correct, reason, undo
from handlers.frame.routes import Command, Feature, Press
from rules.access import Deed

CORRECT = Feature(
    commands=(
        Command(
            "undo",
            ("撤销",),
            undo.undo,
            "撤销今天最后一笔",
            Deed.DEDUCT,
            example="/undo 或 /undo 12",
            hint="撤销今天自己最后一笔；别的记录用 /correct 更正。",
        ),
        Command(
            "correct",
            ("更正",),
            correct.correct,
            "更正一笔记录",
            Deed.CORRECT,
            private=True,
            example="/correct 128 执法质量 1 记错项目",
        ),
    ),
    presses=(
        Press("r", reason.which_pressed, Deed.DEDUCT),
        Press("fix", correct.begin_pressed, Deed.CORRECT),
        Press("k", correct.pressed, Deed.CORRECT),
        Press("pa", approval.decision_pressed, Deed.APPROVE),
        Press("undo", undo.undo_pressed, Deed.DEDUCT, private=False),
        Press("why", reason.ask_pressed, Deed.DEDUCT, private=False),
    ),
)
