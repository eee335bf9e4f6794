"""Commands and buttons: the audit trail and the seals."""

from handlers.audit import audit
from handlers.frame.routes import Command, Feature, Press
from rules.access import Deed

AUDIT = Feature(
    commands=(
        Command(
            "audit",
            ("留痕",),
            audit.trail,
            "看操作留痕",
            Deed.AUDIT,
            private=True,
            example="/audit 城关所、/audit 王伟 或 /audit 城关所 3-10",
            hint="核对校验码：把以前收到的“台账校验码”消息整条粘贴或转发给我，或写在 /audit 核对 的后面。",
        ),
    ),
    presses=(Press("audit", audit.pressed, Deed.AUDIT),),
)
