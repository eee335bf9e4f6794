"""Words of a publication and of its acknowledgement (签收)."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.frame import wording
from handlers.frame.reply import esc
from handlers.reports import ranking_text
from handlers.reports.score_text import place
from rules.bureau import Sequence, Unit
from rules.calendar import Quarter
from rules.table import Row, Table


def preview(
    group: str,
    quarter: Quarter,
    tables: list[tuple[Sequence, Table]],
    unreached: list[Unit],
    own: list[Unit],
) -> str:
    """What is going to be sent, the reader's `own` units left out."""
    lines = [f"<b>{esc(group)}</b>　{wording.period(quarter)}", ""]
    for sequence, table in tables:
        lines += [f"<b>{esc(sequence.name)}</b>", ranking_text.places(table), ""]
    if not tables:
        lines += ["这些单位所在的序列还有别的考核小组没有公布，排名会和最后一个小组一起发出。", ""]
    if own:
        lines.append(
            f"您应回避、未列入：{esc('、'.join(unit.name for unit in own))}（公布时照常列入，名次以公布的为准）。"
        )
    if unreached:
        lines.append(
            f"没有联络员和负责人、收不到也不能签收：{esc('、'.join(unit.name for unit in unreached))}。"
        )
    lines.append("还没有公布。公布后，排名发给各单位、领导和考核小组（包括绑定的群），各单位签收。请核对：")
    return "\n".join(lines)


def ranking(sequence: Sequence, table: Table) -> str:
    """A published ranking."""
    return f"<b>成绩公布</b>　{esc(sequence.name)}　{wording.period(table.quarter)}\n\n{ranking_text.places(table)}"


def to_unit(text: str, own: list[Row], count: int) -> str:
    """The same, with the reader's own unit first."""
    lines = [
        f"<b>{esc(row.unit.name)}</b>：{place(row)}，共 {count} 个单位，得分 {wording.exact(row.score.total)}"
        for row in own
    ]
    return "\n".join([*lines, "请点下面的按钮签收。", "", text])


def acknowledged(unit: Unit, quarter: Quarter, who: str, *, fresh: bool) -> str:
    """Over the pressed button."""
    if fresh:
        return f"{unit.name}{wording.period(quarter)}成绩已签收。"
    return f"{unit.name}此前已由{who}签收，无需再办。"


def mark(unit: Unit, who: str, at: datetime, zone: ZoneInfo) -> str:
    """On the button once it was pressed."""
    return f"✔ {unit.name}已签收（{who} {wording.moment(at, zone)}）"


def acknowledgements(units: list[Unit], done: Collection[str]) -> str:
    """Who has not acknowledged."""
    missing = [unit.name for unit in units if unit.code not in done]
    count = f"已签收 {len(units) - len(missing)} / {len(units)} 个单位"
    return f"{count}。" if not missing else f"{count}，未签收：{esc('、'.join(missing))}。"


def please_acknowledge(unit: Unit, quarter: Quarter) -> str:
    """To a liaison or head whose unit has not."""
    return f"<b>{esc(unit.name)}</b>{wording.period(quarter)}的成绩已经公布，考评办还在等本单位签收。成绩发送 /score 查看。"


def asked(units: list[Unit], unreached: list[Unit]) -> str:
    """To the office."""
    lines = [f"已提醒：{esc('、'.join(dict.fromkeys(unit.name for unit in units)))}。"] if units else []
    if unreached:
        lines.append(
            f"没有联络员和负责人、提醒不到：{esc('、'.join(unit.name for unit in unreached))}。请用 /invite 联络员 邀请。"
        )
    return "\n".join(lines) or "各单位都已签收，没有要提醒的。"
