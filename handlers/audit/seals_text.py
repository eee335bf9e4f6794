"""What is said of an old message of seals that was compared."""

from collections.abc import Sequence
from datetime import tzinfo

from handlers.frame import fault_text, wording
from handlers.frame.reply import esc
from rules.calendar import Quarter
from storage.chain_ends import Remembered, Restoration
from storage.hash_chain import End
from storage.recount import OF_CHAINS, Fault, Recount

Seals = Sequence[tuple[Remembered, bool]]

TELL = "请立即告诉系统管理员和分管领导：停用程序，数据库文件原样保留，用备份核对。这些成绩暂时不可作为依据。"


def trace(seals: Seals, recount: Recount) -> str:
    """For the trail: how much was compared, and what came of it."""
    wrong = sum(not stands for _, stands in seals)
    return (
        f"{len(seals)} 个，{wrong} 个对不上，另有 {len(_others(recount))} 处不符"
        if recount.faults
        else (f"{len(seals)} 个，都对得上")
    )


def compared(seals: Seals, recount: Recount, zone: tzinfo) -> str:
    """Each seal, whether it stands; then whatever else does not hold."""
    lines = ["<b>核对结果</b>", *(esc(line) for line in seal_lines(seals, recount, zone))]
    others = fault_text.lines(_others(recount), zone)
    lines += [esc(f"✗ {line}") for line in others]
    if recount.faults:
        return "\n".join([*lines, "", TELL])
    return "\n".join([*lines, "", "审定成绩、职务、提交和报送等登记以及汇总也一起核对了，没有发现改动。"])


def seal_lines(seals: Seals, recount: Recount, zone: tzinfo) -> list[str]:
    """A line for each seal that was handed in; what is wrong with its chain, once."""
    lines = []
    for one, stands in seals:
        of_chain = [fault for fault in recount.faults if _is_of(fault, one)]
        name = fault_text.chain_name(one.end.table, one.end.chain)
        if stands:
            lines.append(f"✔ {name}　第 {one.end.count} 条以前都没有改动，与这条消息一致。")
        else:
            why = "".join(fault_text.lines(of_chain, zone))
            lines.append(f"✗ {name}　第 {one.end.count} 条以前有改动，与这条消息不一致。{why}")
    return lines


def _is_of(fault: Fault, one: Remembered) -> bool:
    return fault.kind in OF_CHAINS and fault_text.place_of(fault) == (one.end.table, one.end.chain)


def _others(recount: Recount) -> list[Fault]:
    """What is not about a seal that was handed in and fails."""
    return [fault for fault in recount.faults if not any(_is_of(fault, one) for one in recount.failed)]


def restored(one: Restoration, zone: tzinfo) -> str:
    """A backup was put back: both ends of every chain that is not as it was."""
    before, after = ({(end.table, end.chain): end for end in ends} for ends in (one.before, one.after))
    places = sorted(place for place in {*before, *after} if before.get(place) != after.get(place))
    lines = [
        f"<b>数据库恢复过备份</b>　{fault_text.moment(one.at, zone)}",
        f"恢复的是 {fault_text.moment(one.made_at, zone)}做的备份，备份以后登记的内容不在里面，请对照聊天里的登记卡片补登。",
    ]
    for title, ends in (("恢复以前最后记下的校验码：", before), ("恢复以后：", after)):
        lines += ["", title, *(_end(place, ends.get(place)) for place in places)]
    lines += [
        "",
        "恢复以后的条数和校验码，应当与备份当天前后收到的“台账校验码”一致；不放心就把那条消息粘贴给我核对。",
    ]
    return "\n".join(lines)


def _end(place: tuple[str, str], end: End | None) -> str:
    name = esc(fault_text.chain_name(*place))
    return f"{name}　没有" if end is None else f"{name}　{end.count} 条\n<code>{end.seal}</code>"


def restored_in_short(one: Restoration, zone: tzinfo) -> str:
    """For the trail: both ends, each by the beginning of its seal."""
    before = {(end.table, end.chain): end for end in one.before}
    changed = [
        f"{end.chain} {_short(before.get((end.table, end.chain)))}→{_short(end)}"
        for end in one.after
        if before.get((end.table, end.chain)) != end
    ]
    return f"{fault_text.moment(one.made_at, zone)}的备份；" + "，".join(changed)


def _short(end: End | None) -> str:
    return "无" if end is None else f"{end.count}:{end.seal[:8]}"


def rebuilt(quarters: Sequence[tuple[Quarter, int]], reason: str) -> str:
    """The sums were made anew."""
    return "\n".join(
        [
            "<b>汇总已按台账重算</b>",
            *(f"{wording.period(quarter)}　{places} 处" for quarter, places in quarters),
            f"原因：{esc(reason)}",
            "重算以前查到的这些季度的成绩和名次可能不对，请重新查询，并核对已发出的图表。",
        ]
    )
