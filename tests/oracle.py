"""A slow and obvious clerk who decides, day by day and person by person, which reminder each must get, word for word.

It shares nothing with the program but the calendar of rest days, and takes its rules from R6, R7, R9, R10 and Messages.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import chinese_calendar

GROUPS = ("派出所考核小组", "机关科室及实战所队考核小组")
DEADLINES = {1: (3, 15), 2: (6, 15), 3: (9, 15), 4: (12, 1)}
ORDINALS = {1: "一", 2: "二", 3: "三", 4: "四"}
BEFORE = (14, 7, 3, 1, 0)
ESCALATED = (1, 5)

Quarter = tuple[int, int]

OFFICE = "考评办"


def rests(day: date) -> bool:
    """Whether nobody works on that day."""
    if day.year > 2026:
        return day.weekday() >= 5
    return not chinese_calendar.is_workday(day)


def with_workdays(days: list[date]) -> set[date]:
    """Each day, and where it is a rest day the last workday before it, too."""
    found = set()
    for day in days:
        before = day
        while rests(before):
            before -= timedelta(days=1)
        found |= {day, before}
    return found


def previous(quarter: Quarter) -> Quarter:
    return (quarter[0], quarter[1] - 1) if quarter[1] > 1 else (quarter[0] - 1, 4)


def called(quarter: Quarter) -> str:
    return f"{quarter[0]}年第{ORDINALS[quarter[1]]}季度"


Reason = tuple[str, str, Quarter | date | int]


@dataclass
class Reader:
    """Somebody who may be reminded, or the chat of a group."""

    name: str
    role: str
    group: str = ""
    units: tuple[str, ...] = ()
    """The units that a liaison or a unit's head speaks for, in the bureau's order."""
    own: str = ""
    """The unit that an assessor comes from."""
    at: time = time(9)
    muted: bool = False
    """For a liaison: of the documents to file."""
    looked: date | None = None


@dataclass
class Clerk:
    """Everything that the clerk knows; the script of the year keeps it up to date."""

    units: dict[str, list[str]]
    """group → its units' names, in order."""
    begins: Quarter
    lead: str
    readers: list[Reader] = field(default_factory=list)
    extended: dict[tuple[str, Quarter], date] = field(default_factory=dict)
    submitted: set[tuple[str, Quarter]] = field(default_factory=set)
    inspected: set[tuple[str, Quarter]] = field(default_factory=set)
    unexplained: list[tuple[str, str, Quarter]] = field(default_factory=list)
    """(author, group, quarter) of each entry without a reason."""
    returned: set[tuple[str, date]] = field(default_factory=set)
    """(unit, first day of the month) whose officers' results the office has."""
    unsigned: set[tuple[str, date]] = field(default_factory=set)
    """Those that wait for the signature of the unit's head."""
    rosters: set[str] = field(default_factory=set)
    methods: set[tuple[str, int]] = field(default_factory=set)
    """(unit, year) with a method that adds up."""
    filed: dict[tuple[str, str], bool] = field(default_factory=dict)
    """(who, title) of each document that was filed → whether its newest version was returned."""
    stale: list[tuple[str, date]] = field(default_factory=list)
    """(reader, day) of each reminder that nobody got and that is of no use any more."""

    def deadline(self, group: str, quarter: Quarter) -> date:
        return self.extended.get((group, quarter)) or date(quarter[0], *DEADLINES[quarter[1]])

    def wake(self, now: datetime) -> dict[str, str]:
        """What goes out at this moment: reader → text. The moment is in the bureau's zone."""
        out = {}
        today = now.date()
        for reader in self.readers:
            if now.time() < reader.at or reader.looked == today:
                continue
            missed = []
            day = (reader.looked or today) + timedelta(days=1)
            while day < today:
                missed.append(day)
                day += timedelta(days=1)
            reader.looked = today
            reasons = self.reasons(today)
            for day in missed:
                late = []
                for reason in self.reasons(day):
                    if self.useful(reason, today):
                        reasons += [reason] if reason not in reasons else []
                    else:
                        late.append(reason)
                if late and self.text(reader, late, today):
                    self.stale.append((reader.name, day))
            text = self.text(reader, reasons, today)
            if text:
                out[reader.name] = text
        return out

    def reasons(self, day: date) -> list[Reason]:
        """(why, group, quarter or month or year) of a day."""
        found: list[Reason] = []
        for group in GROUPS:
            for year in range(self.begins[0], day.year + 2):
                for number in (1, 2, 3, 4):
                    quarter = (year, number)
                    if quarter >= self.begins and (group, quarter) not in self.submitted:
                        found += [(why, group, quarter) for why in self.why(day, group, quarter)]
        fifth = date(day.year, day.month, 5)
        first = date(day.year, day.month, 1)
        month = (first - timedelta(days=1)).replace(day=1)
        days = with_workdays([d for d in (fifth - timedelta(days=n) for n in BEFORE) if d >= first])
        workday = fifth + timedelta(days=1)
        while rests(workday):
            workday += timedelta(days=1)
        if month >= self.first_month():
            found += [("monthly", "", month)] if day in {d for d in days if first <= d <= fifth} else []
            found += [("over", "", month)] if day == workday else []
        # The documents of a civil year are due on its 31 January, so that every day of it falls into January.
        due = date(day.year, 1, 31)
        if day in with_workdays([due - timedelta(days=n) for n in BEFORE]):
            found.append(("filing", "", day.year))
        later = due + timedelta(days=1)
        while rests(later):
            later += timedelta(days=1)
        if day == later:
            found.append(("unfiled", "", day.year))
        return found

    def first_month(self) -> date:
        """The month in which the first quarter began."""
        last = previous(self.begins)
        return (date(last[0], *DEADLINES[last[1]]) + timedelta(days=1)).replace(day=1)

    def why(self, day: date, group: str, quarter: Quarter) -> list[str]:
        last, before = self.deadline(group, quarter), self.deadline(group, previous(quarter))
        found = []
        if day > last:
            if not rests(day):
                found.append("late")
            if day in {d for d in with_workdays([last + timedelta(days=n) for n in ESCALATED]) if d > last}:
                found.append("escalated")
        elif day > before and day in with_workdays([last - timedelta(days=n) for n in BEFORE]):
            found.append("before")
        return found

    def useful(self, reason: Reason, today: date) -> bool:
        why, group, about = reason
        if why == "before":
            assert isinstance(about, tuple)
            return today <= self.deadline(group, about)
        if why == "monthly":
            assert isinstance(about, date)
            return today <= (about + timedelta(days=31)).replace(day=5)
        if why == "filing":
            return today <= date(about, 1, 31)
        return why in {"escalated", "over", "unfiled"}

    def text(self, reader: Reader, reasons: list[Reason], today: date) -> str:
        """The message of a reader; empty for who has nothing to do."""
        parts: list[str] = []
        summary: list[str] = []
        for why, group, about in reasons:
            if isinstance(about, date):
                parts += self.monthly(reader, about, today) if why == "monthly" else self.over(reader, about)
                continue
            if why in {"filing", "unfiled"}:
                assert isinstance(about, int)
                parts += self.filings(reader, about, today, late=why == "unfiled")
                continue
            assert isinstance(about, tuple)
            if reader.role == "chat":
                if reader.group == group and why == "before":
                    return self.for_chat(group, about, today)
            elif reader.role in {"head", "assessor"} and reader.group == group:
                parts += self.to_member(reader, why, group, about, today)
            elif reader.role == "office" and why != "escalated":
                summary += self.state(group, about, today)
            elif reader.role == "leader" and why != "late" and (reader.name == self.lead or not reader.muted):
                summary += self.state(group, about, today)
                summary += ["　您是这个季度的带队局领导。"] if reader.name == self.lead else []
        if summary and reader.role == "office":
            summary.append("详细情况发送 /progress，确有特殊情况可用 /extend 延期。")
        if summary:
            parts.append("\n".join(summary))
        if (
            reader.role == "office"
            and summary
            and any(isinstance(a, tuple) and a[0] > 2026 for _, _, a in reasons)
        ):
            parts.append("注：2027年的放假安排还没有公布，暂按周一至周五是工作日提醒。")
        return "\n\n".join(["⏰ 考核提醒", *parts]) if parts else ""

    def left(self, group: str, quarter: Quarter) -> list[str]:
        return [unit for unit in self.units[group] if (unit, quarter) not in self.inspected]

    def until(self, group: str, quarter: Quarter, today: date) -> str:
        last = self.deadline(group, quarter)
        day = f"{last.month}月{last.day}日"
        days = (last - today).days
        if days > 0:
            return f"还有 {days} 天，{day}截止"
        return f"今天（{day}）截止" if days == 0 else f"已过期限 {-days} 天（{day}截止）"

    def to_member(self, reader: Reader, why: str, group: str, quarter: Quarter, today: date) -> list[str]:
        head = f"{group}　{called(quarter)}：{self.until(group, quarter, today)}"
        left = self.left(group, quarter)
        open_ = [author for author, g, q in self.unexplained if (g, q) == (group, quarter)]
        if reader.role == "head":
            if why == "escalated":
                return []
            lines = [f"{head}，还没有提交。"]
            if left:
                more = f"等 {len(left)} 个" if len(left) > 12 else ""
                lines.append(f"未检查 {len(left)} 个：{'、'.join(left[:12])}{more}")
            if open_:
                lines.append(f"⚠ {len(open_)} 笔没写原因，补齐前不能提交")
            if not left and not open_:
                lines.append("全部单位已检查完毕，原因也齐了，可以提交。")
            return ["\n".join(lines)]
        if why != "before" or (reader.muted and (self.deadline(group, quarter) - today).days > 3):
            return []
        mine = [unit for unit in left if unit != reader.own]
        lines = [f"{head}。"]
        if mine:
            lines.append(f"还有 {len(mine)} 个单位没有检查完毕，点单位可以登记扣分或标记检查完毕：")
        if reader.name in open_:
            lines.append(f"您有 {open_.count(reader.name)} 笔扣分没写原因，发送 /mine 补上。")
        return ["\n".join(lines)] if len(lines) > 1 else []

    def state(self, group: str, quarter: Quarter, today: date) -> list[str]:
        late = "　⚠" if today > self.deadline(group, quarter) else ""
        units, left = self.units[group], self.left(group, quarter)
        missing = sum((g, q) == (group, quarter) for _, g, q in self.unexplained)
        more = f"，{missing} 笔没写原因" if missing else ""
        return [
            f"{group}　{called(quarter)}：还没有提交，{self.until(group, quarter, today)}{late}",
            f"　检查完毕 {len(units) - len(left)} / {len(units)}{more}",
        ]

    def for_chat(self, group: str, quarter: Quarter, today: date) -> str:
        units, left = self.units[group], self.left(group, quarter)
        return (
            f"⏰ {group}　{called(quarter)}\n"
            f"检查完毕 {len(units) - len(left)} / {len(units)} 个单位，{self.until(group, quarter, today)}。"
        )

    def monthly(self, reader: Reader, month: date, today: date) -> list[str]:
        days = 5 - today.day
        day = f"{today.month}月5日"
        when = f"今天（{day}）" if days == 0 else f"还有 {days} 天，{day}前"
        found = []
        for unit in reader.units:
            what = f"{unit}：{month.year}年{month.month}月民警成绩，{when}要报考评办"
            waits = (unit, month) in self.unsigned
            if reader.role == "unithead" and waits:
                found.append(f"{what}，联络员已报送，等您签字。")
            elif reader.role == "liaison" and not waits and (unit, month) not in self.returned:
                if unit not in self.rosters:
                    then = "本单位还没有花名册，请先发送 /roster 导入。"
                elif (unit, month.year) not in self.methods:
                    then = "本单位的考核办法还不完整，请先发送 /method 报送。"
                else:
                    then = "点下面的按钮核对后报送。"
                found.append(f"{what}。{then}")
        return found

    def over(self, reader: Reader, month: date) -> list[str]:
        missing = [u for units in self.units.values() for u in units if (u, month) not in self.returned]
        if reader.role != "office" or not missing:
            return []
        waiting = sum((unit, month) in self.unsigned for unit in missing)
        more = f"（其中 {waiting} 个待本单位签字）" if waiting else ""
        return [
            f"{month.year}年{month.month}月民警成绩：还有 {len(missing)} 个单位没有报来{more}，发送 /returns 查看。"
        ]

    def documents(self, year: int) -> list[tuple[str, str]]:
        """(who, title) of all that must be filed in a year, as R10 lists it."""
        bureau = "江城市公安局"
        stations, others = (self.units[group] for group in GROUPS)
        return [
            (OFFICE, f"{bureau}{year}年度派出所等级评定实施细则及检查方法"),
            (OFFICE, f"{bureau}{year}年度机关科室所队目标量化考核实施细则及检查方法"),
            ("治安大队", f"{bureau}{year}年度派出所民警目标量化考核办法（总则及共同部分）"),
            *[(unit, "民警目标量化考核办法") for unit in others],
            *[(unit, "民警业务考核细则") for unit in stations],
        ]

    def filings(self, reader: Reader, year: int, today: date, *, late: bool) -> list[str]:
        due = date(year, 1, 31)
        days = (due - today).days
        missing = [one for one in self.documents(year) if self.filed.get(one, True)]
        head = f"备案文件　{year}年：{'今天（1月31日）截止' if days == 0 else f'还有 {days} 天，1月31日截止'}"
        if late:
            return [self.unfiled(missing, year, -days)] if missing and reader.role == "office" else []
        own = (OFFICE,) if reader.role == "office" else reader.units if reader.role == "liaison" else ()
        mine = [(who, title) for who, title in missing if who in own]
        if not mine or (reader.muted and days > 3):
            return []
        lines = [f"{head}。还没有报送："]
        for who, title in mine:
            again = "（已退回，请改好后重报）" if (who, title) in self.filed else ""
            lines.append(f"　{who}《{title}》{again}")
        return ["\n".join([*lines, "点下面的按钮，再发送文件。"])]

    def unfiled(self, missing: list[tuple[str, str]], year: int, days: int) -> str:
        names = []
        for who, _ in missing:
            names += [who] if who not in names else []
        again = len([one for one in missing if one in self.filed])
        returned = f"（其中已退回 {again} 份）" if again else ""
        more = f"等 {len(names)} 个" if len(names) > 12 else ""
        return (
            f"备案文件　{year}年：已过期限 {days} 天（1月31日截止），应报 {len(self.documents(year))} 份，"
            f"还缺 {len(missing)} 份{returned}：{'、'.join(names[:12])}{more}。详细情况发送 /filings {year}。"
        )
