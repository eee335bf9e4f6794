"""What shall be different of a record, and why; or that it shall be cancelled, or what has to be asked."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from rules.names import Ambiguous, Match, Names
from rules.reading import closed
from rules.reading.claims import Segment, fault_of
from rules.reading.days import day_at
from rules.reading.figures import TIMES_COUNTERS
from rules.reading.meaning import Doubt, Slot, Why
from rules.reading.message import Setting
from rules.reading.text import Text, as_read
from rules.reading.tokens import Scanner, Token
from rules.reading.vocabulary import Kind

_CANCEL = re.compile(
    r"[\s,，:：]*(?:撤销|取消|删除|作废|撤回|收回|删掉|注销|不算了?|去掉)(?:这一?[笔条]|该[笔条]|这个|掉|记录|了)*(?:吧)?[\s,，:：]*"
)
_CANCEL_BEHIND = re.compile(
    r"(?P<why>[^\n]{1,60}?)[,;。!\s]+(?:请|就|所以|先|把|这[笔条])*(?:撤销|取消|删除|作废|撤回|删掉|注销)(?:这一?[笔条]|该[笔条]|这个|掉|记录|了|吧|[\s。!])*"
)
"""Why, and that the record is to be cancelled: 记错了，取消这笔."""
_CHANGE = re.compile(
    r"应当?该?改?[为是成]|应(?:该)?扣|改[为成到]|更正为|调整为|变更为|换成|写成|正确的?[是为]?|实际(?:上)?[是为]?|改|应(?=\d)"
)
_LABELS = {
    Slot.UNIT: re.compile(r"被?(?:考核)?单位|所队"),
    Slot.ITEM: re.compile(r"(?:考核|扣分)?项目"),
    Slot.POINTS: re.compile(r"分值|分数|扣分值?|得分"),
    Slot.REASON: re.compile(r"(?:扣分)?(?:原因|理由|事由)"),
    Slot.DAY: re.compile(r"(?:检查)?(?:日期|时间)"),
    Slot.TIMES: re.compile(r"次数|数量"),
}
_WRONG = re.compile(r"(?:写|填|记|登|录|弄|搞)?(?:得|的)?(?:错|不对|有误|不准|不符|误)")
_TOO_MUCH = re.compile(r"扣多|多扣|少扣|扣少|多记|少记|扣重|扣轻|分[值数]?(?:错|不对|有误)|多了|少了")
_NEW_REASON = re.compile(
    r"(?:改|更正|修改|补充?)?(?:扣分)?(?:原因|理由|事由)(?:应当?该?)?\s*(?:改[为成]|应为|应是|应该是|更正为|写成|是|为|[::])?\s*[::]?\s*(?P<words>.+)",
    re.DOTALL,
)
_SIGNS = r"[ ,，;；。:、/|()\n]"
_LABEL = "|".join(pattern.pattern for pattern in _LABELS.values())
_LEAD = re.compile(
    rf"(?:{_SIGNS}+|{_CHANGE.pattern}|(?:{_LABEL})(?!错|不|有误|写|登|记|填)|由|从|原因|因为|由于|分(?=[\s,，]|$))+"
)
_TAIL = re.compile(rf"(?:(?:^|(?<={_SIGNS}))(?:{_LABEL}))?(?:{_SIGNS}|{_CHANGE.pattern}|由|从){0, 20}$")


@dataclass(frozen=True, slots=True)
class Standing:
    """The record as it stands: what is said about it is read against this."""

    unit: str
    item: str
    points: Decimal
    criterion: str | None = None
    times: int | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What a correction says. None is what stays as it is; `doubts` are what has to be asked first."""

    cancel: bool = False
    unit: str | None = None
    item: str | None = None
    points: Decimal | None = None
    criterion: str | None = None
    times: int | None = None
    inspected_on: date | None = None
    reason: str | None = None
    """The reason that shall stand there."""
    why: str | None = None
    """Why it is put right."""
    doubts: tuple[Doubt, ...] = field(default=())

    @property
    def changes(self) -> bool:
        """Whether anything shall stand there that is said."""
        return any(
            value is not None
            for value in (
                self.unit, self.item, self.points, self.criterion, self.times, self.inspected_on, self.reason,
            )
        )  # fmt: skip


def read_correction(text: str, standing: Standing, setting: Setting) -> Correction:
    """The words after /correct N: 撤销 and why, or what is right and why. What is unclear is a doubt, never a guess."""
    whole = as_read(text)
    plain = whole.plain.strip()
    if not plain:
        return Correction()
    cancel = _CANCEL.match(whole.plain)
    behind = _CANCEL_BEHIND.fullmatch(whole.plain)
    if behind is not None and _CHANGE.search(behind["why"]) is None:
        return Correction(cancel=True, why=_words(whole, *behind.span("why")))
    if cancel is not None:
        return Correction(cancel=True, why=_words(whole, cancel.end(), len(whole.plain)))
    reason = _NEW_REASON.fullmatch(plain)
    if reason is not None and not _WRONG.match(reason["words"]):
        offset = whole.plain.index(plain)
        start = offset + reason.start("words")
        return Correction(reason=_words(whole, start, offset + reason.end("words")))
    return _Changed(whole, standing, setting).read()


def _words(text: Text, start: int, end: int) -> str | None:
    """The words there without the signs around them; None where there are none."""
    words = text.words(start, end).strip(" \t\n,，;；。:：、/|()（）") if start < end else ""
    return words or None


class _Changed:
    """Reads what shall be different."""

    def __init__(self, text: Text, standing: Standing, setting: Setting) -> None:
        self.text, self.standing, self.setting = text, standing, setting
        tokens = Scanner(text, setting.vocabulary, setting.running, setting.today).tokens()
        self.segment = Segment(text, tokens, 0, len(text.plain), setting.vocabulary)
        self.doubts: list[Doubt] = []
        self.used: list[tuple[int, int]] = []
        turns = [match.start() for match in _CHANGE.finditer(text.plain)]
        self.turned = bool(turns)
        self.turn = turns[-1] if turns else 0
        """Where what is right begins: 由2分改为1分."""

    def read(self) -> Correction:
        """The correction with its doubts."""
        taken = self._taken()
        unit, item = self._unit(taken), self._item(taken)
        points, criterion, times = self._amount(taken, item)
        day = self._day(taken)
        why = self._why()
        said = any(value is not None for value in (unit, item, points, criterion, times, day))
        if not said and not self.doubts:
            self._ask(why)
        return Correction(
            unit=unit, item=item, points=points, criterion=criterion, times=times, inspected_on=day, why=why,
            doubts=tuple(self.doubts),
        )  # fmt: skip

    def _taken(self) -> list[Token]:
        """The tokens that say what is right: those behind 改为, or all, each as a word of its own."""
        segment = self.segment
        tokens = []
        for index, token in enumerate(segment.tokens):
            before_turn = self.turned and token.start < self.turn
            part = token.names and not any(name.sure for name in token.names) and not segment.alone(index)
            if part or (before_turn and not self._is_standing(token)):
                continue
            if before_turn:
                self._use(token)
                continue
            if token.kind in (Kind.UNIT, Kind.ITEM) or segment.left(index) or self._turned_here(token):
                tokens.append(token)
        return tokens

    def _turned_here(self, token: Token) -> bool:
        before = self.text.plain[: token.start].rstrip()
        return any(match.end() == len(before) for match in _CHANGE.finditer(before))

    def _is_standing(self, token: Token) -> bool:
        """Whether a token says what stands there now: 由城关所改为东门所."""
        standing = self.standing
        if token.names:
            return any(name.value in (standing.unit, standing.item) for name in token.names)
        return token.figure is not None and token.figure.value == standing.points

    def _use(self, token: Token) -> None:
        self.used.append((token.start, token.end))

    def _unit(self, tokens: list[Token]) -> str | None:
        named = [t for t in tokens if t.kind is Kind.UNIT]
        values = list(dict.fromkeys(name.value for t in named for name in t.names[:1]))
        for token in named:
            self._use(token)
        if len(values) > 1:
            others = [value for value in values if value != self.standing.unit]
            if len(others) != 1:
                self.doubts.append(
                    Doubt(Slot.UNIT, Why.SEVERAL, "、".join(map(self._said, named)), tuple(values))
                )
                return None
            values = others
        if values:
            return values[0]
        return self._by_sound(tokens, self.setting.vocabulary.units)

    def _by_sound(self, tokens: list[Token], names: Names[str]) -> str | None:
        """A first word that is a name by its sound or its initials."""
        first = next(self.segment.chunks(), None)
        if first is None or any(t.start < first[0] for t in tokens):
            return None
        found = names.find(self.text.plain[slice(*first)])
        if isinstance(found, Match) and found.how <= found.how.HOMOPHONE:
            self.used.append(first)
            return found.value
        return None

    def _item(self, tokens: list[Token]) -> str | None:
        table = self.setting.vocabulary.items_of(self.standing.unit)
        values = []
        for token in (t for t in tokens if t.kind is Kind.ITEM):
            found = table.find(self.text.plain[token.start : token.end])
            self._use(token)
            if isinstance(found, Match):
                values.append(found.value)
            else:
                choices = found.candidates if isinstance(found, Ambiguous) else found.suggestions
                self.doubts.append(Doubt(Slot.ITEM, Why.UNKNOWN, self._said(token), choices))
        values = list(dict.fromkeys(values))
        if len(values) > 1:
            self.doubts.append(Doubt(Slot.ITEM, Why.SEVERAL, "、".join(values), tuple(values)))
        return values[0] if len(values) == 1 else None

    def _amount(self, tokens: list[Token], item: str | None) -> tuple[Decimal | None, str | None, int | None]:
        points = criterion = times = None
        for place, token in enumerate(tokens):
            figure = token.figure
            if token.kind is Kind.CODE:
                criterion = token.code
                self._use(token)
            elif figure is not None and figure.counter:
                if (times is None and self._is_count(token, criterion)) or figure.times:
                    times = int(figure.value) if figure.value is not None else None
                    self._use(token)
            elif figure is not None and figure.fault is not None:
                self.doubts.append(Doubt(Slot.POINTS, fault_of(figure.fault), self._said(token)))
                self._use(token)
            elif figure is not None and token.code and not figure.marked and self._counted(tokens, place):
                criterion = token.code
                self._use(token)
            elif figure is not None and points is None and criterion is None:
                points = self._points(token, item)
                self._use(token)
            elif figure is not None and self._is_value(token):
                self.doubts.append(Doubt(Slot.POINTS, Why.LEFT, self._said(token)))
        if times is not None and criterion is None and self.standing.criterion is None and points is None:
            self.doubts.append(Doubt(Slot.TIMES, Why.LEFT, str(times)))
        return points, criterion, times

    def _is_value(self, token: Token) -> bool:
        """Whether a second number can be points as well."""
        figure = token.figure
        assert figure is not None
        return figure.marked or (figure.value != 0 and self.segment.alone(self.segment.tokens.index(token)))

    def _points(self, token: Token, item: str | None) -> Decimal | None:
        figure = token.figure
        assert figure is not None
        if not self.turned and self.text.plain.startswith("减", token.start):
            # 减1分: one less than there is, or one point in all?
            self.doubts.append(Doubt(Slot.POINTS, Why.LEFT, self._said(token)))
        standard = self.setting.vocabulary.standard(token.code, self.standing.unit) if token.code else None
        either = standard is not None and standard.item == (item or self.standing.item)
        if either and not figure.marked and not self._turned_here(token):
            self.doubts.append(Doubt(Slot.POINTS, Why.EITHER, self._said(token), (token.code,)))
        if figure.value is None:
            self.doubts.append(Doubt(Slot.POINTS, Why.MALFORMED, self._said(token)))
        return figure.value

    def _counted(self, tokens: list[Token], place: int) -> bool:
        following = tokens[place + 1].figure if place + 1 < len(tokens) else None
        return following is not None and bool(following.counter)

    def _is_count(self, token: Token, criterion: str | None) -> bool:
        """Whether a count is of the criterion's findings: right behind it, or behind 应为."""
        figure = token.figure
        assert figure is not None
        known = figure.counter in TIMES_COUNTERS or figure.counter in self.setting.vocabulary.counters
        first = self.segment.tokens.index(token) == 0 and not self.text.plain[: token.start].strip()
        return known and (
            criterion is not None or self._turned_here(token) or (first and self.standing.criterion is not None)
        )

    def _day(self, tokens: list[Token]) -> date | None:
        day = None
        plain = self.text.plain
        token = next((t for t in tokens if t.day is not None), None)
        found = token.day if token is not None else None
        start = token.start if token is not None else 0
        label = _LABELS[Slot.DAY].search(plain)
        if found is None and label is not None:
            for place in range(label.end(), len(plain)):
                found = day_at(plain, place, self.setting.today)
                if found is not None:
                    start = place
                    self.doubts = [d for d in self.doubts if d.slot is not Slot.POINTS]
                    break
        if found is None:
            return None
        self.used.append((start, found.end))
        text = self.text.words(start, found.end)
        if found.day is None:
            self.doubts.append(Doubt(Slot.DAY, Why.IMPOSSIBLE, text))
        elif found.day > self.setting.today:
            self.doubts.append(Doubt(Slot.DAY, Why.FUTURE, text))
        else:
            day = found.day
        return day

    def _said(self, token: Token) -> str:
        return self.segment.said(token)

    def _why(self) -> str | None:
        """What is left: why it is put right."""
        edges = [0, *(edge for span in sorted(self.used) for edge in span), len(self.text.plain)]
        pieces = []
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            words = _words(self.text, *self._trimmed(start, end))
            if words is not None:
                pieces.append(words)
        return "，".join(pieces) or None

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        """The words without 改为, 单位 and the like at their edges."""
        plain = self.text.plain
        begin = _LEAD.match(plain, start, end)
        start = begin.end() if begin is not None else start
        tail = _TAIL.search(plain[start:end])
        end = start + tail.start() if tail is not None else end
        words = plain[start:end]
        if closed.FILLER.is_all(words) or words in ("不是", "是", "而是"):
            return start, start
        return start, end

    def _ask(self, why: str | None) -> None:
        """Nothing is said that is right: which part of it is wrong?"""
        plain = self.text.plain
        if _TOO_MUCH.search(plain):
            self.doubts.append(Doubt(Slot.POINTS, Why.MISSING, why or ""))
            return
        for slot, label in _LABELS.items():
            if label.search(plain):
                self.doubts.append(Doubt(slot, Why.MISSING, why or ""))
                return
        # The new reason, or why it is wrong?
        self.doubts.append(Doubt(Slot.REASON, Why.LEFT, why or plain.strip()))


__all__ = ["Correction", "Standing", "read_correction"]
