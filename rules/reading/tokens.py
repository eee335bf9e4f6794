"""A line → its tokens: names, codes, numbers, days and quarters where they stand; what is between them are words."""

import re
from datetime import date
from typing import NamedTuple

from rules.calendar import Period, Quarter, read_period
from rules.months import Month, read_month
from rules.reading.days import Day, day_at
from rules.reading.figures import Figure, figure_at
from rules.reading.text import Text
from rules.reading.vocabulary import Kind, Name, Vocabulary

_FIGURES = frozenset(
    "0123456789.-+零〇一二两三四五六七八九十百半点廿卅壹贰叁肆伍陆柒捌玖拾几若数每应需要拟被倒予给共合总各均都分再只先也扣减罚记加奖增x×*½⅓⅔¼¾多"
)
"""Signs that a number, with what is before it, can begin with."""
_DAYS = frozenset("0123456789今昨前明后大刚上下当本这周星礼一二三四五六七八九十")
_PERIODS = frozenset("20一二三四1234第q本这上年今全去")
_PERIOD = re.compile(
    r"(?:20\d\d年?度?\s*)?第?[一二三四1-4]季度?|(?:20\d\d)?[-/]?q[1-4]|(?:本|这个?|上个?)季度?|上年度|本年度|年度|今年|去年|全年|20\d\d年度",
    re.ASCII,
)
_MONTH = re.compile(
    r"(?:20\d\d[-/.年])?(?:1[0-2]|0?[1-9])月份?(?![ ]*\d)|20\d\d[-/.](?:1[0-2]|0?[1-9])(?![-/.\d])|(?:本|上个?|这个|当)月",
    re.ASCII,
)
_LATIN = re.compile(
    r"[a-z][a-z0-9_-]*|\d+[a-z][a-z0-9_-]*|\d{5,}[a-z0-9]*|\d{3,6}(?:[ -]\d{3,6}){2,}|(?<=\()(?:19|20)\d\d(?=\))",
    re.ASCII,
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?", re.ASCII)
_CODE = re.compile(
    r"(?P<mark>违反(?:第|细则)?|依据(?:第|细则)?|按照?(?:第|细则)?|细则编?号?:?\s*第?|第)?\s*(?P<code>[a-z0-9]{1,16}(?:[.-][a-z0-9]{1,8}){0,4})(?P<end>[条项款])?(?![a-z0-9])",
    re.ASCII,
)
_ORDER = re.compile(r"第\s*[\d一二三四五六七八九十百]+")
_SAME = re.compile(r"同上[一]?[条笔项]?|〃")
MARKS = frozenset(" ,，;；。:、/|!?！？·…\n()'\"~")
"""Signs that part words and say nothing."""


class Token(NamedTuple):
    """A part of a line that may fill a slot."""

    kind: Kind
    start: int
    end: int
    names: tuple[Name, ...] = ()
    figure: Figure | None = None
    code: str = ""
    """The criterion's code that it is, or may be."""
    explicit: bool = False
    """细则2.1, 第2.1条: it is said to be a criterion."""
    day: Day | None = None
    period: Period | None = None
    month: Month | None = None


class Scanner:
    """Looks a text over from its first sign to its last."""

    def __init__(self, text: Text, vocabulary: Vocabulary, running: Quarter, today: date) -> None:
        self.text, self.vocabulary, self.running, self.today = text, vocabulary, running, today
        self.plain = text.plain
        self.forms = vocabulary.forms
        self.codes = vocabulary.criteria.get("", {})

    def tokens(self) -> list[Token]:
        """The tokens in order; none overlaps another."""
        plain, found, at = self.plain, [], 0
        lengths, length = self.forms.lengths, len(self.plain)
        while at < length:
            sign = plain[at]
            if sign in lengths or sign in _INTERESTING or (sign.isascii() and sign.isalnum()):
                token, at = self._at(at)
                if token is not None:
                    found.append(token)
            else:
                at += 1
        return found

    def _at(self, at: int) -> tuple[Token | None, int]:
        """The token that begins there, if one does, and where to look on."""
        plain, sign = self.plain, self.plain[at]
        form = self.forms.at(plain, at)
        if form and (not form.isascii() or self._alone(at, at + len(form))):
            named = self.forms.names[form]
            return Token(named[0].kind, at, at + len(form), names=named), at + len(form)
        if sign == "同" and (same := _SAME.match(plain, at)):
            return Token(Kind.SAME, at, same.end()), same.end()
        day = day_at(plain, at, self.today) if sign in _DAYS and not self._inside_number(at) else None
        if day is not None and (end := self._end_of_day(at, day)) is not None:
            return Token(Kind.DAY, at, end, day=day), end
        if sign in _PERIODS and (match := _PERIOD.match(plain, at)) is not None and not self._inside_number(at):
            period = read_period(match[0].replace(" ", ""), self.running)
            if period is not None:
                return Token(Kind.QUARTER, at, match.end(), period=period), match.end()
        if self.vocabulary.persons and (month := self._month(at)) is not None:
            return month, month.end
        if (code := self._code(at)) is not None:
            return code, code.end
        if sign == "第" and (order := _ORDER.match(plain, at)) is not None:
            return None, order.end()
        if sign.isascii() and sign.isalnum():
            clock = _CLOCK.match(plain, at) or _LATIN.match(plain, at)
            if clock is not None and not self._times(at):
                return self._long(at, clock.end())
        if sign in _FIGURES and not (sign in "x×*" and not self._times(at)):
            figure = figure_at(plain, at)
            if figure is not None:
                return self._figure(figure)
        return None, at + 1

    def _end_of_day(self, start: int, day: Day) -> int | None:
        """Where a day ends with what goes with it; None where it is none. 11.6 is one as the heading of the lines below it."""
        begin = self.plain.rfind("\n", 0, start) + 1
        below = _BELOW.match(self.plain, day.end) if not self.plain[begin:start].strip() else None
        code = self.plain[start : day.end] in self.codes
        if below is not None and day.day is not None and (below["looked"] or not code):
            return below.end("words")
        return day.end if day.checked or day.sure else None

    def _month(self, at: int) -> Token | None:
        """A month of an officer's line: 3月, 上月, 2026-03."""
        match = _MONTH.match(self.plain, at) if not self._inside_number(at) else None
        month = read_month(match[0].replace(" ", ""), self.today) if match is not None else None
        return None if match is None or month is None else Token(Kind.MONTH, at, match.end(), month=month)

    def _times(self, at: int) -> bool:
        figure = figure_at(self.plain, at) if self.plain[at] in "x×*" else None
        return figure is not None and figure.times

    def _long(self, at: int, end: int) -> tuple[Token | None, int]:
        """A word of letters or a long number: nothing that is counted, unless nothing else is."""
        if self.plain[at:end].isdecimal():
            return Token(Kind.COUNT, at, end, figure=Figure(at, end, None, number=(at, end))), end
        return None, end

    def _figure(self, figure: Figure) -> tuple[Token, int]:
        kind = Kind.COUNT if figure.counter else Kind.NUMBER
        return Token(kind, figure.start, figure.end, figure=figure, code=self._known(figure)), figure.end

    def _known(self, figure: Figure) -> str:
        text = self.plain[slice(*figure.number)]
        return text if not figure.counter and figure.fault is None and text in self.codes else ""

    def _code(self, at: int) -> Token | None:
        """A word that can only be a criterion: one marked as such, or a code that is no number."""
        match = _CODE.match(self.plain, at)
        if match is None or self._inside_number(match.start("code")):
            return None
        explicit = bool(match["end"] or (match["mark"] or "").strip() not in ("", "第"))
        text, known = match["code"], match["code"] in self.codes
        number = text.replace(".", "", 1).isdecimal()
        counted = match["end"] is not None and not match["mark"] and not known
        if counted or (not known and (not explicit or not any(s.isdecimal() for s in text))):
            return None
        if not known and match["mark"] is not None and not match["end"] and "细则" not in match["mark"]:
            return None
        if number and not explicit:
            return None
        return Token(Kind.CODE, match.start(), match.end(), code=text, explicit=True)

    def _inside_number(self, at: int) -> bool:
        before = self.plain[at - 1] if at else " "
        return before.isascii() and (before.isalnum() or before == ".") and self.plain[at].isascii()

    def _alone(self, start: int, end: int) -> bool:
        """Whether a part of the text is a word of its own."""
        before = self.plain[start - 1] if start else " "
        behind = self.plain[end] if end < len(self.plain) else " "
        return before in MARKS and behind in MARKS


_BELOW = re.compile(
    r"(?P<words>[ ]*(?:上午|下午|晚上)?[ ]*(?:去|到|在|下所)?[ ]*"
    r"(?P<looked>(?:检查|抽查|督查|巡查|督导|考核|查|扣分)(?:了|的|情况|发现|结果|记录|如下|问题){0,3})?)[ ]*[:,。]?[ ]*\n"
)
_INTERESTING = _FIGURES | _DAYS | _PERIODS | frozenset("同违依按细第当")
