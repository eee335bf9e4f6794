"""Words of the roster (花名册)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from handlers.frame import wording
from handlers.frame.reply import esc
from rules.bureau import Bureau, Unit
from rules.draft import RosterChange, RosterDraft
from rules.officers import Officer, OfficerDeduction, Service
from rules.roster import BACK, DUTY, NUMBER, SINCE, UNTIL, Entered, Kind, Plan
from rules.services import Roster, Version, since_of

EXAMPLE = "/roster 张伟 012345 社区民警 2026-01-01"


def roster(unit: Unit, found: Roster, today: date, *, writes: bool) -> str:
    """The unit's officers of today, who comes, who left lately; and how to change it."""
    lines = [f"<b>{esc(unit.name)}</b>民警花名册：现有 {len(found.here)} 人", ""]
    lines += [
        f"{place}. {_officer(officer)}　{wording.day(service.since, today.year)}到岗{_until(service, today)}"
        for place, (officer, service) in enumerate(found.here, start=1)
    ]
    if not found.here:
        lines.append("还没有登记民警。")
    if found.coming:
        lines += ["", "即将到岗："]
        lines += [f"· {_officer(o)}　{wording.day(s.since, today.year)}到岗" for o, s in found.coming]
    if found.left:
        lines += ["", "近三个月离岗："]
        lines += [f"· {_officer(o)}　{wording.day(s.until, today.year)}离岗" for o, s in found.left if s.until]
    return "\n".join([*lines, *(_how() if writes else [])])


def _how() -> list[str]:
    return [
        "",
        f"增加或修改：<code>{EXAMPLE}</code>（只有姓名必填，几个人就写几行）",
        "离岗：<code>/roster 调离 张伟 2026-03-15</code>，调到别的单位在后面写上单位",
        "看一个人的在岗日期和改动：<code>/roster 履历 张伟</code>",
        "名字写错了：<code>/roster 改名 张炜 张伟</code>",
        "登错了人，或删除个人信息：<code>/roster 删除 张伟</code>",
        "人多用 Excel：点下面取模板，填好直接发回来。",
    ]


def _officer(officer: Officer) -> str:
    return "　".join(esc(part) for part in (officer.name, officer.number, officer.duty) if part)


def _until(service: Service, today: date) -> str:
    return f"，{wording.day(service.until, today.year)}离岗" if service.until else ""


def template(unit: str, count: int) -> str:
    """Under the template."""
    return f"{unit}花名册模板，现有 {count} 人。填好后直接发回来，先核对再导入。"


def preview(
    unit: Unit,
    plans: Sequence[Plan],
    members: Mapping[int, Officer],
    today: date,
    notes: Sequence[str] = (),
    *,
    doubtful: Sequence[str],
) -> str:
    """What would be written; `doubtful` are new names that may as well be other words."""
    counts = "，".join(f"{kind.value} {n} 人" for kind in Kind if (n := sum(p.kind is kind for p in plans)))
    lines = [f"<b>{esc(unit.name)}</b>花名册，核对无误：{counts}。", ""]
    lines += [_planned(one, members, today) for one in plans if one.kind is not Kind.SAME]
    if all(one.kind is Kind.SAME for one in plans):
        same = f"<b>{esc(unit.name)}</b>花名册：{counts}，与现有的一样，不用登记。"
        return "\n".join([same, *map(esc, notes)])
    if doubtful:
        listed = "、".join(f"“{esc(name)}”" for name in doubtful[:10])
        lines += ["", f"⚠ {listed}不像姓名，请看清楚。不是人名的，请不要登记，改好后重新发送。"]
    return "\n".join([*lines, *(["", *map(esc, notes)] if notes else []), "", "还没有登记，请核对："])


def _planned(one: Plan, members: Mapping[int, Officer], today: date) -> str:
    days = _days(one.services[-1], today)
    if one.kind is Kind.NEW:
        return f"新增　{_officer(one.officer)}　{days}"
    before = members[one.officer.id]
    changes = {
        NUMBER: f"{NUMBER} {esc(before.number) or '无'} → {esc(one.officer.number)}",
        DUTY: f"{DUTY} {esc(before.duty) or '无'} → {esc(one.officer.duty)}",
        SINCE: days, UNTIL: days, BACK: f"{BACK}，{days}",
    }  # fmt: skip
    told = dict.fromkeys(changes[name] for name in one.fields)
    return f"变更　{esc(one.officer.name)}　{'，'.join(told)}"


def _days(service: Service, today: date) -> str:
    return f"{wording.day(service.since, today.year)}到岗{_until(service, today)}"


def hardly_a_name(line: Entered) -> str:
    """Is this somebody's name?"""
    return f"还没有登记：“{esc(line.name)}”不像姓名。确实是民警的姓名吗？写错的请选“不登记”，改好后重新发送。"


def which(line: Entered, number: str) -> str:
    """The same name with another number: the same person, or another?"""
    return (
        f"还没有登记：花名册里已有{esc(line.name)}（警号 {esc(number)}），您写的警号是 {esc(line.number)}。"
        "是给他改警号，还是另一位同名的民警？"
    )


def lines_wrong(total: int, found: Iterable[tuple[int, str, str]]) -> str:
    """Lines that cannot be written: number, text, why."""
    wrong = list(found)
    lines = [f"没有登记：共 {total} 行，<b>{len(wrong)} 行要改</b>。改好后重新发送全部：", ""]
    lines += [f"{number}. {esc(text[:40])}\n　　{why}" for number, text, why in wrong]
    return "\n".join(lines)


def done(
    unit: Unit,
    draft: RosterDraft,
    people: Mapping[int, tuple[Officer, Service]],
    outside: Sequence[OfficerDeduction],
    today: date,
) -> str:
    """What was written, as it stands now."""
    if not draft.written and not draft.waiting:
        return f"花名册没有变化：{esc(unit.name)}的这些内容已经登记过了。"
    lines = [
        _written(change, *people[change.officer], today) for change in draft.written if change.officer in people
    ]
    if draft.written and (not draft.single or len(lines) != 1):
        new = sum(change.new for change in draft.written)
        same = f"，不变 {draft.same} 人" if draft.same else ""
        head = (
            f"✔ 已登记<b>{esc(unit.name)}</b>花名册：新增 {new} 人，变更 {len(draft.written) - new} 人{same}。"
        )
        lines = [head, "", *lines]
    if draft.waiting:
        who = "、".join(esc(people[id_][0].name) for id_ in draft.waiting if id_ in people)
        lines.append(
            f"日期还没有改：{who}。改了会影响已报送的成绩或别的单位的考核，要考评办或对方同意；已送去征求意见，结果会通知您。"
        )
    return "\n".join([*lines, *no_longer(outside)])


def _written(change: RosterChange, officer: Officer, service: Service, today: date) -> str:
    if change.new:
        return f"✔ 已登记：{_officer(officer)}　{_days(service, today)}"
    now = {
        NUMBER: f"警号改为 {esc(officer.number)}",
        DUTY: f"职务改为{esc(officer.duty)}",
        SINCE: _days(service, today), UNTIL: _days(service, today), BACK: f"重新到岗，{_days(service, today)}",
    }  # fmt: skip
    told = dict.fromkeys(now[name] for name in change.fields)
    return f"✔ 已修改：{esc(officer.name)}　{'，'.join(told)}"


def no_longer(outside: Sequence[OfficerDeduction]) -> list[str]:
    """The entries that no longer count, because another unit, or none, assesses the officer in their month."""
    if not outside:
        return []
    months = "、".join(dict.fromkeys(f"{e.month.year}年{e.month.number}月" for e in outside))
    numbers = "、".join(str(entry.number) for entry in outside[:20])
    return ["", f"注意：民警记录 {numbers} 在{months}，那时他已不由登记的单位考核，不再计入成绩。"]


def renamed(old: str, officer: Officer) -> str:
    """A name was put right."""
    return f"✔ 已改名：{esc(old)} → {_officer(officer)}。警号、在岗日期、扣分和成绩不变。"


def dropped() -> str:
    """Nothing was written."""
    return "没有登记，花名册不变。"


def settled() -> str:
    """Over a button that was pressed before."""
    return "这一份花名册已经办过了，没有再改。"


def left(  # noqa: PLR0917  what there is to tell
    officer: Officer,
    unit: Unit,
    day: date,
    to: Unit | None,
    since: date | None,
    outside: Sequence[OfficerDeduction],
    today: date,
    *,
    reached: bool,
) -> str:
    """Somebody leaves the unit, and perhaps goes to another."""
    text = [f"✔ 已登记：{esc(officer.name)}在{esc(unit.name)}到 {wording.day(day, today.year)}为止（含当天）。"]
    if to is not None and since is not None:
        text.append(f"{wording.day(since, today.year)}起在{esc(to.name)}，对方不用再登记。")
        if since.month == day.month:
            text.append(f"{since.month}月的成绩由{esc(to.name)}考核。")
        text.append("已通知对方联络员。" if reached else f"{esc(to.name)}还没有联络员，请另行告知。")
    return "\n".join([*text, *no_longer(outside)])


def not_left_yet(officer: Officer, waits: str) -> str:
    """Somebody is to leave on a day that others have to agree to."""
    return f"还没有登记{esc(officer.name)}的调离。{waits}"


def history(officer: Officer, found: Sequence[Version], bureau: Bureau, today: date) -> str:
    """An officer's dates of service as they stand, and every change of them: when, by whom, from what to what."""
    over = {version.supersedes for version in found}
    by_id = {version.id: version for version in found}
    standing = [version.service for version in found if version.id not in over and not version.removed]
    lines = [f"<b>{_officer(officer)}</b>　编号 {officer.id}", "", "在岗："]
    lines += [
        f"· {_unit(bureau, service)}　{_days(service, today)}" for service in sorted(standing, key=since_of)
    ]
    lines += ["", "登记和改动："]
    for version in found:
        when = wording.moment(version.at, bureau.calendar.zone) if version.at else "早期登记"
        who = f"　{esc(version.who)}" if version.who else ""
        now = "撤销" if version.removed else _days(version.service, today)
        before = f"{_days(by_id[version.supersedes].service, today)} → " if version.supersedes else ""
        lines.append(f"· {when}{who}　{_unit(bureau, version.service)}　{before}{now}")
    return "\n".join(lines)


def _unit(bureau: Bureau, service: Service) -> str:
    unit = bureau.find_unit(service.unit)
    return esc(unit.name if unit is not None else service.unit)


def moved_in(source: Unit, to: Unit, since: date, today: date) -> str:
    """To the receiving liaison; no name, for names stand in the roster alone."""
    return (
        f"<b>{esc(to.name)}</b>：有一位民警从{esc(source.name)}调入，{wording.day(since, today.year)}起在本单位，"
        "已自动列入花名册，请不要再登记。发送 /roster 可查看。"
    )


def ask_erasure(
    officer: Officer, stays: Sequence[int], stays_on_officers: Sequence[int], *, serves: bool
) -> str:
    """Asked once more, with what it means, and with the numbers of the entries in whose reasons the name stays."""
    still = "他现在还在岗，删除后今天就算离岗。" if serves else ""
    lines = [
        f"确定删除 <b>{_officer(officer)}</b> 的个人信息？{still}",
        "姓名、警号、职务从系统里删去，不能恢复；扣分和成绩保留，只显示编号。他查看自己成绩的权限同时取消。",
    ]
    named = [
        f"{word} {_numbers(numbers)}"
        for word, numbers in (("记录", stays), ("民警记录", stays_on_officers))
        if numbers
    ]
    if named:
        lines.append(
            f"注意：{'，'.join(named)}的原因里写有“{esc(officer.name)}”。台账不能改，原因里的字会留下。"
        )
    return "\n".join(lines)


def _numbers(numbers: Sequence[int]) -> str:
    return "、".join(map(str, numbers[:20])) + (f"等 {len(numbers)} 条" if len(numbers) > 20 else "")


def erased(officer: int) -> str:
    """The personal data are gone."""
    return f"✔ 已删除编号 {officer} 的民警的个人信息。扣分和成绩保留，以后只显示编号。"


def kept() -> str:
    """Nothing was erased."""
    return "没有删除，花名册不变。"


def fault_column(refusal: object) -> str:
    """The column of the table that a refusal is about."""
    return COLUMNS.get(type(refusal).__name__, "姓名")


COLUMNS = {"NumberTaken": NUMBER, "DayBefore": UNTIL, "ServicesOverlap": SINCE}
