"""Days as people write them: 3月10日, 11-9, 昨天, 上周五; looking back for an inspection, forward for a deadline."""

import re
import unicodedata
from datetime import date, timedelta
from typing import NamedTuple

from rules.numbers import read_number

_DAY = re.compile(r"(?:(\d{4})[-年/.])?(\d{1,2})[-月/.](\d{1,2})[日号]?", re.ASCII)
_NEAR = {
    "今天": 0, "今日": 0, "今早": 0, "今晚": 0, "今晨": 0, "刚才": 0, "刚刚": 0, "昨天": 1, "昨日": 1, "昨晚": 1, "昨夜": 1,
    "昨早": 1, "前天": 2, "前日": 2, "前晚": 2, "前夜": 2, "大前天": 3, "明天": -1, "明日": -1, "后天": -2,
}  # fmt: skip
_WEEKDAYS = {sign: place for place, sign in enumerate("一二三四五六日")} | {"天": 6, "末": 6}
_NUMERAL = "[一二三四五六七八九十]{1,3}"
_CHECKED = (
    r"[ ]*(?:(?:在|到|去|对)?[ ]*(?:检查情况如下|检查情况|检查时发现|检查发现|"
    r"抽查发现|巡查发现|督查发现|检查时|检查中|查时|查发现|查出|"
    r"发现|(?:现场|实地)?(?:检查|抽查|督查|督导|巡查|考核)(?![不未没台记登制])|查(?![不未没岗房验处获看证阅台缉]))的?)"
)
_WRITTEN = re.compile(
    rf"(?P<y>\d{{4}})[ ]*年[ ]*(?P<m>\d{{1,2}})[ ]*月[ ]*(?P<d>\d{{1,2}})[ ]*[日号]?"
    rf"|(?P<m2>\d{{1,2}})[ ]*月[ ]*(?P<d2>\d{{1,2}})(?:[ ]*[日号]|(?!\d))"
    rf"|(?P<y3>\d{{4}})[-./](?P<m3>\d{{1,2}})[-./](?P<d3>\d{{1,2}})(?!\d)日?"
    rf"|(?P<m4>\d{{1,2}})(?P<sign>[-./])(?P<d4>\d{{1,2}})(?![\d./])[日号]?"
    rf"|(?<![字第号])(?P<d5>\d{{1,2}})[日号](?![楼院门])"
    rf"|(?P<y7>20\d\d)(?P<m7>0[1-9]|1[0-2])(?P<d7>0[1-9]|[12]\d|3[01])(?!\d)"
    rf"|(?P<of>本月|这个月|当月|上个?月)[ ]*(?P<d8>\d{{1,2}})[日号]"
    rf"|(?P<m6>{_NUMERAL})月(?P<d6>{_NUMERAL})[日号]"
    rf"|(?P<near>大前天|[今昨前明后][天日]|今[早晨晚]|昨[早晚夜]|前[晚夜]|刚才|刚刚)"
    rf"|(?P<week>下下?个?|上上个?|上个?|这个?|本)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])(?!次)",
    re.ASCII,
)
LATELY = timedelta(days=20)
"""How long ago a day without its month may be, where it is last month's."""

_PART = re.compile(r"[ ]*(?:上午|下午|中午|早上|早晨|晚上|夜里|夜间|凌晨|晚|夜)")
_AFTER = re.compile(_CHECKED)
_CLOCK = re.compile(
    r"[ ]*(?:\d{1,2}:\d{2}|(?:\d{1,2}|[一二三四五六七八九十两]{1,3})[点时](?:\d{1,2}分|半|整)?)(?:左右|许)?"
)
"""The time of day, which goes with the day where something was looked at then."""


class Day(NamedTuple):
    """A day in a text. `day` None: there is no such one. `sure`: it can be nothing else than a day."""

    end: int
    day: date | None
    checked: bool
    """It is said that something was looked at or found on it."""
    sure: bool


def day_at(text: str, place: int, today: date) -> Day | None:
    """The day that begins there; None where none does. `today` is the bureau's day."""
    match = _WRITTEN.match(text, place)
    if match is None:
        return None
    end = match.end()
    if (part := _PART.match(text, end)) is not None and match["sign"] is None:
        end = part.end()
    sure = match["sign"] is None
    clock = _CLOCK.match(text, end) if sure else None
    if clock is not None and _AFTER.match(text, clock.end()) is not None:
        end = clock.end()
    after = _AFTER.match(text, end) if sure or text[end : end + 1] != " " else None
    return Day(after.end() if after else end, _day_of(match, today), after is not None, sure)


def _day_of(match: re.Match[str], today: date) -> date | None:
    if match["near"]:
        return today - timedelta(days=_NEAR[match["near"]])
    if match["weekday"]:
        return _weekday(match["week"] or "", match["weekday"], today)
    if match["d8"]:
        named = today.replace(day=1)
        if match["of"].startswith("上"):
            named -= timedelta(days=1)
        return _date(named.year, named.month, int(match["d8"]))
    if match["d5"]:
        return _of_month(int(match["d5"]), today)
    if match["m6"]:
        return _latest(int(read_number(match["m6"]) or 0), int(read_number(match["d6"]) or 0), today)
    year = _said(match, "y", "y3", "y7")
    month, day = _said(match, "m", "m2", "m3", "m4", "m7"), _said(match, "d", "d2", "d3", "d4", "d7")
    return _date(int(year), int(month), int(day)) if year else _latest(int(month), int(day), today)


def _said(match: re.Match[str], *names: str) -> str:
    """What one of these groups holds; empty where none does."""
    return next((words for name in names if (words := match[name])), "")


def _weekday(week: str, sign: str, today: date) -> date:
    """周五 is the last one there was; 上周五 that of the week before this one."""
    monday = today - timedelta(days=today.weekday())
    day = monday + timedelta(days=_WEEKDAYS[sign])
    if week.startswith("上"):
        return day - timedelta(days=7 * week.count("上"))
    if week.startswith("下"):
        return day + timedelta(days=7 * week.count("下"))
    return day if week or day <= today else day - timedelta(days=7)


def _of_month(day: int, today: date) -> date | None:
    """27日: this month's, or last month's where that is still to come."""
    this = _date(today.year, today.month, day)
    if this is not None and this <= today:
        return this
    last = today.replace(day=1) - timedelta(days=1)
    of_last = _date(last.year, last.month, day)
    return of_last if of_last is not None and today - of_last <= LATELY else None


def _latest(month: int, day: int, today: date) -> date | None:
    """In January "12月28日" was last month; a day still to come this year is refused where it is checked."""
    this_year = _date(today.year, month, day)
    if this_year is not None and this_year > today + timedelta(days=180):
        return _date(today.year - 1, month, day)
    return this_year


def read_inspection_date(text: str, today: date) -> date | None:
    """3月10日查, 3-10查, 2026-03-10检查, 昨天查: the day of the inspection; None where a text is not just that."""
    plain = unicodedata.normalize("NFKC", text).strip()
    found = day_at(plain, 0, today)
    return found.day if found is not None and found.checked and found.end == len(plain) else None


def read_day(text: str, today: date) -> date | None:
    """The day that a text is (3月10日, 3-10, 2026-03-10, 昨天), None where it is none; without a year the likelier of two years."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    found = day_at(plain, 0, today)
    return found.day if found is not None and found.end == len(plain) else None


def read_coming_day(text: str, today: date) -> date | None:
    """3-20, 3月20日, 2027-03-20, 今天: a day; without a year the next such day of this year or the next, today included.

    None where it is none: 昨天 does not come again.
    """
    word = unicodedata.normalize("NFKC", text).strip()
    if word in {"今天", "今日"}:
        return today
    match = _DAY.fullmatch(word)
    if match is None:
        return None
    years = [int(match[1])] if match[1] else [today.year, today.year + 1]
    days = (_date(year, int(match[2]), int(match[3])) for year in years)
    return next((day for day in days if day is not None and (match[1] or day >= today)), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
