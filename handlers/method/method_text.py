"""Words of the methods by which units assess their officers (民警考核办法)."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from handlers.frame import wording
from handlers.frame.reply import esc
from rules.bureau import Unit
from rules.draft import MethodDraft
from rules.methods import Method, Standing, Verdict
from rules.points import shown
from rules.scheme import FULL_MARKS, Item


def _total(items: Iterable[Item]) -> Decimal:
    return sum((item.points for item in items), Decimal(0))


def _items(items: Iterable[Item]) -> list[str]:
    return [
        f"· {esc(item.name)}　{shown(item.points)}"
        + (f"（也叫{esc('、'.join(item.aliases))}）" if item.aliases else "")
        for item in items
    ]


def method(
    unit: Unit, year: int, common_: Sequence[Item], found: Standing, zone: ZoneInfo, *, sends: bool
) -> str:
    """A unit's method of a year: the common part, the own one in force, what waits or was returned."""
    lines = [f"<b>{esc(unit.name)}</b>　{year}年民警考核办法", ""]
    if common_:
        lines += [f"共同部分 {shown(_total(common_))} 分：", *_items(common_), ""]
    else:
        lines += ["没有共同部分，整个办法由本单位制定。", ""]
    if found.in_force is not None:
        lines += [f"本单位部分（第 {found.in_force.version} 版，已通过）：", *_items(found.in_force.items)]
    else:
        lines.append("本单位部分：还没有通过的，暂时不能登记民警扣分。")
    if found.pending is not None:
        lines += ["", *_pending(found.pending, zone)]
    if sends:
        lines += ["", f"本单位部分要合计 <b>{shown(FULL_MARKS - _total(common_))}</b> 分。点下面取模板，填好直接发回来；"
                  f"别的年度在文件说明里写 <code>/method {year + 1}</code>。"]  # fmt: skip
    return "\n".join(lines)


def _pending(version: Method, zone: ZoneInfo) -> list[str]:
    if version.verdict is Verdict.RETURNED:
        return [f"第 {version.version} 版被退回：{esc(version.reason or '')}", "请改好后重新报送。"]
    when = wording.moment(version.at, zone)
    return [
        f"第 {version.version} 版已报送，待考评办审定（{esc(version.by)} {when}）：",
        *_items(version.items),
    ]


def template(unit: str, year: int, own: Decimal) -> str:
    """Under the template."""
    return f"{unit}{year}年民警考核办法模板，本单位部分要合计 {shown(own)} 分。填好后直接发回来，先核对再报送。"


def preview(draft: MethodDraft, unit: Unit, common_: Sequence[Item], gone: Sequence[str]) -> str:
    """What would be sent."""
    lines = [
        f"核对无误：<b>{esc(unit.name)}</b>　{draft.year}年民警考核办法（本单位部分）",
        "",
        *_items(draft.items),
        "",
        *map(esc, draft.notes),
    ]
    lines.append(
        f"共同部分 {shown(_total(common_))} 分，本单位部分 {shown(_total(draft.items))} 分，合计 100 分。"
    )
    if gone:
        lines.append(f"比现行的少了：{esc('、'.join(gone))}。")
    lines.append("还没有报送。报送后由考评办审定，通过后按新办法登记。")
    return "\n".join(lines)


def sent(made: Method, unit: Unit) -> str:
    """The version is with the office."""
    return f"✔ 已报送<b>{esc(unit.name)}</b>{made.year}年民警考核办法第 {made.version} 版，等考评办审定，结果会通知您。"


def not_sent() -> str:
    """Given up before it was sent."""
    return "没有报送，仍用原来的办法。"


def settled() -> str:
    """Over a button that was pressed before."""
    return "这一份已经办过了，没有再改。"


def please_decide(made: Method, unit: Unit, common_: Sequence[Item], gone: Sequence[str]) -> str:
    """To the office: a version waits."""
    lines = [
        f"<b>{esc(unit.name)}</b>报送{made.year}年民警考核办法第 {made.version} 版（{esc(made.by)}），请审定：",
        "",
    ]
    lines += _items(made.items)
    lines.append(f"共同部分 {shown(_total(common_))} 分，本单位部分 {shown(_total(made.items))} 分。")
    if gone:
        lines.append(f"比现行的少了：{esc('、'.join(gone))}。")
    return "\n".join(lines)


def ask_reason(unit: Unit, made: Method) -> str:
    """Why is it returned?"""
    return f"退回<b>{esc(unit.name)}</b>{made.year}年民警考核办法第 {made.version} 版，请写明理由："


def decided(made: Method, unit: Unit) -> str:
    """What the office said of a version; to the office itself, and to who pressed later."""
    what = f"<b>{esc(unit.name)}</b>{made.year}年民警考核办法第 {made.version} 版"
    if made.verdict is Verdict.ACCEPTED:
        return f"✔ {what}已通过（{esc(made.decided_by or '')}），已通知联络员。"
    return f"{what}已退回（{esc(made.decided_by or '')}）：{esc(made.reason or '')}\n已通知联络员。"


def told(made: Method, unit: Unit) -> str:
    """To the liaison: what the office said."""
    what = f"<b>{esc(unit.name)}</b>{made.year}年民警考核办法第 {made.version} 版"
    if made.verdict is Verdict.ACCEPTED:
        return f"{what}已通过，从现在起按它登记和计分。"
    return f"{what}被退回：{esc(made.reason or '')}\n请改好后重新报送，发送 /method 取模板。"


def not_returned() -> str:
    """The return was given up."""
    return "没有退回，仍在待审。"


def answered() -> str:
    """The question has its answer below."""
    return "理由已写明，见下面的消息。"


def overview(year: int, found: Mapping[str, Standing], units: Iterable[Unit]) -> str:
    """Where every unit stands, for the office."""
    groups: dict[str, list[str]] = {"待审": [], "已退回": [], "未报送": [], "已通过": []}
    for unit in units:
        groups[found[unit.code].word].append(esc(unit.name))
    counts = "，".join(f"{word} {len(some)}" for word, some in groups.items())
    lines = [f"<b>{year}年民警考核办法</b>　共 {sum(map(len, groups.values()))} 个单位：{counts}", ""]
    lines += [f"{word}：{'、'.join(some)}" for word, some in groups.items() if some]
    return "\n".join([*lines, "", "看一个单位：<code>/method 城关所</code>"])
