"""Tokens → deductions: slots claim their tokens, what is left of the words is the reason, and what fits nowhere is a doubt."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate, islice, pairwise

from rules.names import Ambiguous, Found, Match, Unknown
from rules.numbers import read_number
from rules.reading import closed
from rules.reading.figures import TIMES_COUNTERS, Fault
from rules.reading.meaning import Doubt, Entry, Slot, Why
from rules.reading.text import Text
from rules.reading.tokens import MARKS, Token
from rules.reading.vocabulary import UNIT_ENDINGS, Kind, Name, Vocabulary

HARD = re.compile(r"[;。\n]")
"""Signs that may end a deduction."""

NO_REASON = 3
"""Signs up to which a first word that nothing has the name of stands for a unit, and is no reason."""

FRAGMENT = 2
"""Signs up to which words between two parts of a deduction, without a gap, may be no reason: 执法质量暂扣1分."""

_MARKS = "".join(sorted(MARKS))
_CHUNK = re.compile(rf"[^{re.escape(_MARKS)}]+")
_UNTIL = frozenset({"至", "到", "-", "~"})
UNIT_HEAD = re.compile(r".{1,6}?(?:派出所|大队|支队|中队|所|科|室)(?!有)")
_COMPARED = ("与", "同", "跟", "和", "向", "从", "比", "由")
_GAP_IN_NAME = re.compile(r"[\u4e00-\u9fff] +[\u4e00-\u9fff]")
_VERB_END = ("扣", "扣分", "减", "给", "对", "另外", "还有", "然后", "以及")
_RATE = re.compile(r"[率度比例占][ ]*$")
_POINTS = frozenset("扣减罚加奖记分")
_FOREIGN = re.compile(r"[^\s\u4e00-\u9fff]+")
_SILENT = " \n,，;；。:、/|·…~-"
_OPEN, _CLOSE = "(", ")"


@dataclass
class Draft:
    """A deduction while its line is read: the tokens that its slots have claimed."""

    units: list[Token] = field(default_factory=list)
    items: list[Token] = field(default_factory=list)
    number: Token | None = None
    code: Token | None = None
    times: Token | None = None
    day: Token | None = None
    quarter: Token | None = None
    month: Token | None = None
    counts: list[Token] = field(default_factory=list)
    same: bool = False
    given_items: bool = False
    given_units: bool = False
    """Its units were said before, for several deductions."""
    reasons: list[str] = field(default_factory=list)
    marked_reason: bool = False
    doubts: list[Doubt] = field(default_factory=list)
    surely: bool = True

    @property
    def amount(self) -> bool:
        """Whether it is said how much."""
        return self.number is not None or self.code is not None


class Segment:
    """A part of a line in which one or several deductions are said."""

    def __init__(
        self,
        text: Text,
        tokens: Sequence[Token],
        start: int,
        end: int,
        vocabulary: Vocabulary,
        *,
        commanded: bool = False,
    ) -> None:
        self.text, self.plain, self.vocabulary = text, text.plain, vocabulary
        self.tokens = list(tokens)
        self.start, self.end = start, end
        self.commanded = commanded
        self.claimed: list[tuple[int, int, int]] = []
        """Start, end and the number of the draft that claimed it."""
        self.doubts: list[Doubt] = []
        self.drafts = [Draft()]

    # ── what stands beside a token ──────────────────────────────────────────

    def before(self, index: int) -> str:
        """The words between a token and the one before it."""
        return self.plain[self.tokens[index - 1].end if index else self.start : self.tokens[index].start]

    def behind(self, index: int) -> str:
        """The words between a token and the next."""
        last = index + 1 == len(self.tokens)
        return self.plain[self.tokens[index].end : self.end if last else self.tokens[index + 1].start]

    def left(self, index: int) -> bool:
        """Whether a token begins a word: a gap, a sign, another token or a small word stands before it."""
        words = self.before(index)
        if not words or words[-1] in MARKS or words.endswith(_VERB_END):
            return True
        return closed.FILLER.is_all(_last_chunk(words))

    def right(self, index: int) -> bool:
        """Whether a token ends a word."""
        words = self.behind(index)
        if not words or words[0] in MARKS:
            return True
        return closed.FILLER.is_all(_first_chunk(words))

    def alone(self, index: int) -> bool:
        """Whether a token is a word of its own."""
        return self.left(index) and self.right(index)

    def usable(self, index: int) -> bool:
        """Whether a name means its thing where it stands, and is no part of another word."""
        right = self.right(index)
        if right and self.left(index):
            return True
        if not any(name.sure for name in self.tokens[index].names):
            return False
        if closed.EXCLUDED.search(self.before(index)) is not None:
            return True
        compared = self.before(index).endswith(_COMPARED)
        return right or (self.left(index) and not compared)

    def said(self, token: Token) -> str:
        """A token as it was typed."""
        return self.text.words(token.start, token.end).strip()

    # ── names that are not written as they are known ────────────────────────

    def complete_names(self) -> None:
        """Find the unit and the item by sound, by initials or by a part of the name, where none is written as known."""
        units = [i for i, t in enumerate(self.tokens) if t.kind is Kind.UNIT]
        items = [i for i, t in enumerate(self.tokens) if t.kind is Kind.ITEM]
        coded = any(t.kind is Kind.CODE or t.code for t in self.tokens)
        if len(units) == 1 and not items and not coded and not self._is_sure(units[0]):
            self._find_unit()
            units = [i for i, t in enumerate(self.tokens) if t.kind is Kind.UNIT]
        if len(units) > 1 and not items:
            self._unit_that_is_an_item(units)
            items = [i for i, t in enumerate(self.tokens) if t.kind is Kind.ITEM]
        if not units:
            self._find_unit()
        if not items and not coded:
            self._find_item()

    def _is_sure(self, index: int) -> bool:
        return any(name.sure for name in self.tokens[index].names)

    def _unit_that_is_an_item(self, units: list[int]) -> None:
        """治安 beside another unit is 治安管理."""
        for index in reversed(units):
            token = self.tokens[index]
            others = [name for i in units if i != index for name in self.tokens[i].names]
            if self._is_sure(index) or not others:
                # A unit that several names could be has none yet.
                continue
            found = self.vocabulary.items_of(others[0].value).find(self.plain[token.start : token.end])
            if isinstance(found, Match):
                name = Name(Kind.ITEM, found.value, sure=False)
                self.tokens[index] = token._replace(kind=Kind.ITEM, names=(name,))
                return

    def chunks(self) -> Iterator[tuple[int, int]]:
        """The words that no token has, parted by gaps and signs, small words aside; where each begins and ends."""
        edges = [
            self.start,
            *(edge for t in self.tokens if not self._is_word(t) for edge in (t.start, t.end)),
            self.end,
        ]
        for begin, end in zip(edges[::2], edges[1::2], strict=True):
            for match in _CHUNK.finditer(self.plain, begin, end):
                if not closed.FILLER.is_all(match[0]):
                    yield match.span()

    def _is_word(self, token: Token) -> bool:
        """A token that counts things is a part of the words beside it."""
        return token.kind is Kind.COUNT and not (token.figure is not None and token.figure.times)

    def _find_unit(self) -> None:
        names = self.vocabulary.units
        for start, end in islice(self.chunks(), 2):
            for begin, stop in self._tries(start, end):
                found = names.find(self.plain[begin:stop])
                if isinstance(found, Unknown):
                    continue
                self._put(Kind.UNIT, found, begin, stop)
                return
            unknown = self._like_a_unit(start, end)
            if unknown is not None:
                begin, stop = unknown
                found = names.find(self.plain[begin:stop])
                self._put(Kind.UNIT, found, begin, stop)
                return

    def _tries(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The whole of some words; without small words before it; the part that ends as units do."""
        yield start, end
        begin = closed.FILLER.end(self.plain, start, end)
        if begin > start and begin < end:
            yield begin, end
        head = UNIT_HEAD.match(self.plain, begin, end)
        compared = self.plain[start:begin].endswith(_COMPARED)
        if head is not None and head.end() < end and not compared:
            yield begin, head.end()

    def _like_a_unit(self, start: int, end: int) -> tuple[int, int] | None:
        """The words that are meant as a unit's name, though there is none of it: 火星所."""
        lead = closed.FILLER.end(self.plain, start, end)
        begin = lead if lead < end else start
        if self.plain[start:begin].endswith(_COMPARED):
            return None
        head = UNIT_HEAD.match(self.plain, begin, end)
        if head is not None and head.end() == end:
            return begin, end
        first = not any(token.start < start for token in self.tokens)
        beside = self.plain[end : end + 1]
        if self.vocabulary.persons and first and end - begin <= 4:
            return begin, end
        latin = self.plain[begin:end].isascii() and self.plain[begin:end].isalpha()
        sudden = head is not None and first and any(token.start == head.end() for token in self.tokens)
        if first and (latin or (self.commanded and end - begin <= NO_REASON and self._before_item(end))):
            return begin, end
        return (begin, head.end()) if head is not None and (sudden or (first and beside == " ")) else None

    def _before_item(self, place: int) -> bool:
        """Whether an item is the next that is named."""
        following = next((t for t in self.tokens if t.start >= place), None)
        return following is not None and following.kind is Kind.ITEM

    def _find_item(self) -> None:
        unit = next((t.names[0].value for t in self.tokens if t.kind is Kind.UNIT and len(t.names) == 1), None)
        names = self.vocabulary.items_of(unit)
        chunks = list(self.chunks())
        for start, end in chunks[:1]:
            lead = closed.FILLER.end(self.plain, start, end)
            begin = lead if lead < end else start
            for first in dict.fromkeys((start, begin)):
                found = names.find(self.plain[first:end])
                if not isinstance(found, Unknown):
                    self._put(Kind.ITEM, found, first, end)
                    return
            found = names.find(self.plain[begin:end])
            in_place = self._before_amount(end) and (len(chunks) > 1 or bool(found.suggestions))  # type: ignore[union-attr]
            if in_place and end - begin <= 8:
                self._put(Kind.ITEM, found, begin, end)

    def _before_amount(self, place: int) -> bool:
        index = next((i for i, t in enumerate(self.tokens) if t.start >= place), None)
        following = self.tokens[index] if index is not None else None
        return (
            index is not None
            and following is not None
            and following.kind is Kind.NUMBER
            and self._is_amount(index)
            and closed.FILLER.is_all(self.plain[place : following.start] or " ")
        )

    def _put(self, kind: Kind, found: Found[str], start: int, end: int) -> None:
        """Make a token of words: of one name, of several, or of none where nothing has it."""
        if isinstance(found, Match):
            values: tuple[str, ...] = (found.value,)
        elif isinstance(found, Ambiguous):
            values = found.candidates
        else:
            values = ()
            slot = Slot.UNIT if kind is Kind.UNIT else Slot.ITEM
            words = self.text.words(start, end)
            self.doubts.append(Doubt(slot, Why.UNKNOWN, words, found.suggestions))
        names = tuple(Name(kind, value, sure=True) for value in values)
        inside = [t for t in self.tokens if not (start <= t.start and t.end <= end)]
        self.tokens = sorted([*inside, Token(kind, start, end, names=names)], key=lambda token: token.start)

    # ── which token goes where ──────────────────────────────────────────────

    def read(self) -> list[Draft]:
        """The deductions, in order."""
        if not any(token.names and token.kind is Kind.UNIT for token in self.tokens) or not any(
            token.kind is Kind.ITEM for token in self.tokens
        ):
            self._names_over_gaps()
        self._without_parts_of_words()
        self.complete_names()
        for index, token in enumerate(self.tokens):
            self._PUT[token.kind](self, index, token)
        self._soft_amounts()
        self._give_words()
        return self.drafts

    def _without_parts_of_words(self) -> None:
        """Drop the names that are parts of other words; those beside them may then be, too."""
        dropped = True
        while dropped:
            kept = [t for i, t in enumerate(self.tokens) if not t.names or self.usable(i)]
            dropped = len(kept) < len(self.tokens)
            self.tokens = kept

    def _names_over_gaps(self) -> None:
        """城关 派出所: a full name that a gap parts."""
        if _GAP_IN_NAME.search(self.plain, self.start, self.end) is None:
            return
        places = [i for i in range(self.start, self.end) if self.plain[i] != " "]
        packed = "".join(self.plain[i] for i in places)
        at = 0
        while at < len(packed):
            form = self.vocabulary.forms.at(packed, at)
            names = tuple(name for name in self.vocabulary.forms.names.get(form, ()) if name.sure)
            start, end = places[at], places[at + max(len(form), 1) - 1] + 1
            if names and not form.isascii() and " " in self.plain[start:end]:
                rest = [t for t in self.tokens if t.end <= start or t.start >= end]
                self.tokens = sorted(
                    [*rest, Token(names[0].kind, start, end, names=names)], key=lambda token: token.start
                )
            at += max(len(form), 1)

    @property
    def now(self) -> Draft:
        """The deduction that the tokens go to."""
        return self.drafts[-1]

    def _claim(self, token: Token) -> None:
        self.claimed.append((token.start, token.end, len(self.drafts) - 1))

    def _next(self, *, units: bool = True) -> Draft:
        """A new deduction; it has the units of the one before where none are named anew."""
        old = self.now
        new = Draft(day=old.day, quarter=old.quarter, month=old.month)
        if units:
            new.units, new.given_units = list(old.units), True
        elif old.items:
            # 治安管理：城关所1分，东门所2分; and 城关所治安管理1分，东门所2分: the same item, seen before it is written.
            new.items, new.given_items, new.surely = list(old.items), True, False
        self.drafts.append(new)
        return new

    def _amount_follows(self, index: int) -> bool:
        """Whether an amount comes after a token: points, or a criterion."""
        return any(
            token.kind is Kind.CODE or (token.kind is Kind.NUMBER and self._is_amount(place))
            for place, token in enumerate(self.tokens[index + 1 :], start=index + 1)
        )

    def _is_amount(self, index: int) -> bool:
        token = self.tokens[index]
        figure = token.figure
        if figure is None or self._of_reason(token):
            return False
        if "%" in self.plain[token.start : token.end]:
            # 登记率85%: of the words that it stands with.
            return figure.marked or (self.left(index) and _RATE.search(self.before(index)) is None)
        return figure.marked or figure.fault is not None or self.left(index)

    def _of_reason(self, token: Token) -> bool:
        """Whether a number stands behind 原因： and nothing says that it is points: 原因：=1+1."""
        figure = token.figure
        spare = self.now.amount or (figure is not None and figure.fault is not None)
        last = max((end for _, end, _ in self.claimed), default=self.start)
        return (
            spare
            and not _POINTS & set(self.plain[token.start : token.end])
            and closed.MARKED.search(self.plain, last, token.start) is not None
        )

    def _is_sum(self, token: Token) -> bool:
        """Whether a number only says what the deductions before it come to: 合计1.5分."""
        figures = [draft.number.figure for draft in self.drafts if draft.number is not None]
        plain = all(len(d.units) == 1 and len(d.items) == 1 and d.times is None for d in self.drafts)
        values = [figure.value for figure in figures if figure is not None and figure.value is not None]
        return (
            token.figure is not None
            and token.figure.total
            and plain
            and len(values) == len(self.drafts)
            and token.figure.value == sum(values)
        )

    def _listed(self, index: int, kind: Kind) -> bool:
        """Whether a token is one more of a list: only what joins stands between it and the one before."""
        last = self.tokens[index - 1] if index else None
        joined = last is not None and last.kind is kind and closed.JOINING.fullmatch(self.before(index))
        return bool(joined) and any(start == last.start for start, _, _ in self.claimed)  # type: ignore[union-attr]

    def _unit(self, index: int, token: Token) -> None:
        now = self.now
        if self._excluded(index, token, Slot.UNIT):
            return
        known = {t.names[0].value for t in now.units if t.names}
        if token.names and token.names[0].value in known:
            self._named_again(token)
            return
        if not now.units or (self._listed(index, Kind.UNIT) and not now.given_units):
            now.units.append(token)
        elif now.amount and self._amount_follows(index):
            self._next(units=False).units = [token]
        elif (
            self.alone(index)
            or closed.ALSO.match(self.behind(index))
            or (not self.right(index) and self._amount_follows(index) and not now.amount)
        ):
            now.doubts.append(Doubt(Slot.UNIT, Why.LEFT, self.said(token)))
        else:
            return
        self._claim(token)

    def _named_again(self, token: Token) -> None:
        """今天检查甲所、乙所，甲所扣1分: of several units the one that is named again is meant; the others are asked about."""
        now = self.now
        others = [t for t in now.units if t.names[:1] != token.names[:1]]
        if others and not now.amount:
            now.units = [t for t in now.units if t not in others]
            now.doubts += [Doubt(Slot.UNIT, Why.LEFT, self.said(other)) for other in others]
            self._claim(token)

    def _excluded(self, index: int, token: Token, slot: Slot) -> bool:
        """Whether it is said that a name is not what is meant: 不是柳林所，是桃花所. What is, is asked."""
        excluded = closed.EXCLUDED.search(self.before(index)) is not None
        if excluded:
            self.now.doubts.append(Doubt(slot, Why.LEFT, self.said(token)))
            self._claim(token)
        return excluded

    def _item(self, index: int, token: Token) -> None:
        now = self.now
        if self._excluded(index, token, Slot.ITEM):
            return
        known = {t.names[0].value for t in now.items if t.names}
        renamed = not now.amount or (self.alone(index) and not self._amount_follows(index))
        if not now.items or (now.given_items and renamed):
            now.items, now.given_items = [token], False
        elif token.names and token.names[0].value in known:
            return
        elif self._listed(index, Kind.ITEM) and not now.amount:
            now.items.append(token)
        elif now.amount and self._amount_follows(index) and self.left(index):
            self._next().items = [token]
        elif self.alone(index):
            now.doubts.append(Doubt(Slot.ITEM, Why.LEFT, self.said(token)))
        else:
            return
        self._claim(token)

    def _code(self, index: int, token: Token) -> None:
        now = self.now
        if now.code is not None or (now.number is not None and now.number.code and not now.items):
            now = self._next()
        now.code = token
        self._claim(token)

    def _number(self, index: int, token: Token) -> None:
        figure = token.figure
        now = self.now
        if figure is None or not self._is_amount(index):
            return
        if self._is_sum(token):
            self._claim(token)
            return
        waits = now.code or (
            now.number if now.number is not None and now.number.code and not now.items else None
        )
        if now.number is None and now.code is None:
            now.number = token
        elif waits is not None and figure.marked and (now.number is None or now.number.code):
            now.code, now.number = waits, token
        elif waits is not None and token.code and not figure.marked:
            self._next().number = token
        elif waits is not None and not figure.marked and figure.value is not None and now.times is None:
            text = self.said(token)
            now.doubts.append(Doubt(Slot.TIMES, Why.LEFT, text, ("1", text)))
        elif figure.marked or figure.fault is not None or self.alone(index):
            now.doubts.append(Doubt(Slot.POINTS, Why.LEFT, self.said(token)))
        else:
            return
        self._claim(token)

    def _count(self, index: int, token: Token) -> None:
        figure, now = token.figure, self.now
        assert figure is not None
        if figure.times and not self._of_reason(token):
            if now.times is None and now.amount:
                now.times = token
            else:
                now.doubts.append(Doubt(Slot.POINTS, Why.MALFORMED, self.said(token)))
            self._claim(token)
            return
        if now.times is None and self._counts(figure.counter) and self._beside_code(index):
            now.times = token
            self._claim(token)
        else:
            now.counts.append(token)

    def _beside_code(self, index: int) -> bool:
        """Whether a count stands right behind the criterion, or only names stand between."""
        code = self.now.code or self.now.number
        if code is None or not code.code:
            return False
        at = index
        while at and self.tokens[at] is not code:
            at -= 1
            if self.tokens[at] is not code and self.tokens[at].kind not in (Kind.UNIT, Kind.ITEM):
                return False
            if not closed.FILLER.is_all(self.behind(at) or " "):
                return False
        return self.tokens[at] is code

    def _counts(self, counter: str) -> bool:
        return counter in TIMES_COUNTERS or counter in self.vocabulary.counters

    def _day(self, index: int, token: Token) -> None:
        day = token.day
        last = self.tokens[index - 1] if index else None
        if last is not None and last.kind is Kind.DAY and self.before(index).strip() in _UNTIL:
            # 11月3日至5日检查: on which of them?
            words = self.text.words(last.start, token.end).strip()
            self.now.doubts.append(Doubt(Slot.DAY, Why.LEFT, words))
            self.claimed.append((last.start, token.end, len(self.drafts) - 1))
            return
        if day is None or not (
            day.checked or (self.left(index) and (self.right(index) or self._looked(index)))
        ):
            self.now.surely = False
            if day is not None and day.day is None:
                self.now.doubts.append(Doubt(Slot.DAY, Why.IMPOSSIBLE, self.said(token)))
            return
        if self.now.day is not None and self.now is self.drafts[0]:
            self.now.doubts.append(Doubt(Slot.DAY, Why.LEFT, self.said(token)))
        self.now.day = token
        self._claim(token)

    def _looked(self, index: int) -> bool:
        """Whether a unit was looked at on a day: 昨晚突击检查石门所."""
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        at_unit = following is not None and following.kind is Kind.UNIT
        return at_unit and closed.LOOKED.fullmatch(self.behind(index)) is not None

    def _after_words(self, token: Token) -> bool:
        """Whether words of a reason stand before a token: a period there may be a part of it."""
        return any(end <= token.start for _, end in self.chunks())

    def _quarter(self, index: int, token: Token) -> None:
        if not self.alone(index):
            return
        self.now.surely = self.now.surely and not self._after_words(token)
        if self.now.quarter is not None and self.now is self.drafts[0]:
            self.now.doubts.append(Doubt(Slot.QUARTER, Why.LEFT, self.said(token)))
        self.now.quarter = token
        self._claim(token)

    def _month(self, index: int, token: Token) -> None:
        if self.alone(index) and self.now.month is None:
            self.now.month = token
            self.now.surely = self.now.surely and not self._after_words(token)
            self._claim(token)

    def _same(self, index: int, token: Token) -> None:
        if self.alone(index):
            self.now.same = True
            self._claim(token)

    def _sequence(self, index: int, token: Token) -> None:
        if self.alone(index):
            self.now.doubts.append(Doubt(Slot.UNIT, Why.LEFT, self.said(token)))
            self._claim(token)

    _PUT = {  # noqa: RUF012 - one table of a class that is no data
        Kind.UNIT: _unit, Kind.ITEM: _item, Kind.CODE: _code, Kind.NUMBER: _number, Kind.COUNT: _count, Kind.DAY: _day,
        Kind.QUARTER: _quarter, Kind.MONTH: _month, Kind.SAME: _same, Kind.SEQUENCE: _sequence,
    }  # fmt: skip

    def _soft_amounts(self) -> None:
        """Where nothing else is the points: 1 处理不当 is 1 and 处理不当, a long number is one after all."""
        for number, draft in enumerate(self.drafts):
            soft = next((t for t in draft.counts if t.figure is not None and self._may_be_points(t)), None)
            if draft.amount or soft is None or soft.figure is None:
                continue
            start, end = soft.figure.number
            value = soft.figure.value
            text = self.plain[start:end]
            if value is None and text.isdecimal() and len(text) <= 24:
                value = Decimal(text)
            figure = soft.figure._replace(value=value, counter="", end=end)
            draft.number = soft._replace(kind=Kind.NUMBER, start=start, end=end, figure=figure)
            draft.counts.remove(soft)
            self.claimed.append((start, end, number))

    def _may_be_points(self, token: Token) -> bool:
        figure = token.figure
        if figure is None or not (figure.parted or not figure.counter):
            return False
        return self.left(self.tokens.index(token))

    # ── what is left are words ──────────────────────────────────────────────

    def _give_words(self) -> None:
        """Each stretch of words goes to the deduction that it stands with."""
        claimed = sorted(self.claimed)
        edges = [(self.start, self.start, claimed[0][2] if claimed else 0), *claimed, (self.end, self.end, -1)]
        reason_first = self._reason_first(claimed)
        for (_, begin, owner), (end, _, follower) in pairwise(edges):
            piece = self._reason(begin, end)
            if piece is None:
                continue
            words, marked = piece
            announced = self._announced(words, end)
            if announced is not None:
                self._check_announced(announced)
                continue
            fragment = end - begin <= FRAGMENT and not MARKS & set(self.plain[begin:end])
            to = follower if reason_first and follower > owner else owner
            draft = self.drafts[to]
            inside = fragment and end < self.end
            if inside and end - begin == 1:
                draft.doubts.append(Doubt(Slot.REASON, Why.LEFT, words))
            draft.surely = draft.surely and not inside
            draft.reasons.append(words)
            draft.marked_reason = draft.marked_reason or marked

    def _reason_first(self, claimed: list[tuple[int, int, int]]) -> bool:
        """Whether the first of several deductions says why before how much: so do the others."""
        if len(self.drafts) < 2:
            return False
        amount = self.drafts[0].number or self.drafts[0].code
        assert amount is not None
        edges = [self.start, *(edge for s, e, owner in claimed if owner == 0 for edge in (s, e))]
        places = zip(edges[::2], edges[1::2], strict=False)
        return any(end <= amount.start and self._says_why(begin, end) for begin, end in places)

    def _says_why(self, start: int, end: int) -> bool:
        """Whether words before an amount are its reason; not how many deductions come, nor that a unit was looked at."""
        piece = self._reason(start, end)
        if piece is None or self._announced(piece[0], end) is not None:
            return False
        before_unit = any(token.start == end for token in self.drafts[0].units)
        return not (before_unit and closed.LOOKED.fullmatch(piece[0]))

    def _announced(self, words: str, end: int) -> re.Match[str] | None:
        """Words before the first of several deductions that say how many there are."""
        amount = self.drafts[0].number or self.drafts[0].code
        if len(self.drafts) < 2 or amount is None or end > amount.start:
            return None
        return closed.ANNOUNCED.fullmatch(words)

    def _check_announced(self, announced: re.Match[str]) -> None:
        """Ask where more or fewer deductions come than were said to, or of more or fewer units."""
        units = {token.start for draft in self.drafts for token in draft.units}
        if announced["count"] and read_number(announced["count"]) not in (len(self.drafts), len(units)):
            self.drafts[0].doubts.append(Doubt(Slot.ITEM, Why.LEFT, announced[0]))

    def _reason(self, start: int, end: int) -> tuple[str, bool] | None:
        """The words there without what leads to them and what ends them; and whether they are marked as a reason."""
        marked = False
        if end - start == 0 or (end - start == 1 and self.plain[start] in MARKS):
            return None
        while start < end:
            lead = closed.LEAD.match(self.plain, start, end)
            if lead is None or lead.end() == start:
                break
            marked = marked or any(word in lead[0] for word in ("原因", "理由", "事由"))
            start = lead.end()
        start, end = self._without_tail(start, end)
        start, end = without_brackets(self.plain, start, end)
        words = self.plain[start:end]
        if not any(sign.isalnum() for sign in words):
            return None
        if (closed.FILLER.is_all(words) and not marked) or closed.CLOSING.fullmatch(words):
            return None
        return self.text.words(start, end).strip(), marked

    def _without_tail(self, start: int, end: int) -> tuple[int, int]:
        while start < end and self.plain[end - 1] in _SILENT:
            end -= 1
        endings = _LAST if end == self.end else _ENDINGS
        words = self.plain[start:end]
        closing = closed.CLOSING.fullmatch(_last_chunk(words))
        if closing is not None and closing.end() < len(words):
            return self._without_tail(start, end - closing.end())
        if words.endswith(endings):
            ending = next(ending for ending in endings if words.endswith(ending))
            if len(words) > len(ending):
                return self._without_tail(start, end - len(ending))
        return start, end


_LAST = ("谢谢", "请登记", "辛苦了")
"""What a message ends with after a reason."""

_ENDINGS = (
    "，对",
    ",对",
    ",在",
    ",将",
    ",给",
    "应扣",
    "要扣",
    "需扣",
    "拟扣",
    "被扣",
    "决定扣",
    "另外",
    "还有",
    "然后",
    "以及",
    "扣分",
    "扣除",
    "扣掉",
    "扣",
    "请给",
    "给",
    "请",
    "所以",
    "因此",
    "故",
    "被",
)
"""What stands between a reason and the next part of a line."""


def without_brackets(plain: str, start: int, end: int) -> tuple[int, int]:
    """The words without brackets, quotes and signs that stand around the whole or have no partner."""
    changed = True
    while changed and start < end:
        changed = False
        words = plain[start:end]
        opens, closes = words.count(_OPEN), words.count(_CLOSE)
        if words[0] in "\"'" and (words.count(words[0]) == 1 or words[-1] == words[0]):
            start, changed = start + 1, True
        elif words[-1] in "\"'" and words.count(words[-1]) == 1:
            end, changed = end - 1, True
        elif (words[0] == _OPEN and (closes < opens or _closes_at_end(words))) or words[0] == _CLOSE:
            start, changed = start + 1, True
        elif (words[-1] == _CLOSE and closes > opens) or words[-1] == _OPEN:
            end, changed = end - 1, True
        elif words[0] in _SILENT:
            start, changed = start + 1, True
        elif words[-1] in _SILENT:
            end, changed = end - 1, True
    return start, end


def without_signs(text: Text, start: int, end: int) -> str:
    """The words there, as typed, without the signs around them."""
    return text.words(*without_brackets(text.plain, start, end)).strip()


def _closes_at_end(words: str) -> bool:
    """Whether the bracket at the beginning is closed by the one at the end."""
    depths = list(accumulate((sign == _OPEN) - (sign == _CLOSE) for sign in words))
    return depths.index(0) == len(words) - 1


def _last_chunk(words: str) -> str:
    place = len(words)
    while place and words[place - 1] not in MARKS:
        place -= 1
    return words[place:]


def _first_chunk(words: str) -> str:
    place = 0
    while place < len(words) and words[place] not in MARKS:
        place += 1
    return words[:place]


def fault_of(fault: Fault) -> Why:
    """What is unclear about points whose number has a fault."""
    return {Fault.MALFORMED: Why.MALFORMED, Fault.VAGUE: Why.VAGUE, Fault.PLUS: Why.PLUS}[fault]


def foreign_word(words: str) -> str:
    """The first word, where it is none of Chinese: what stands in the place of a number."""
    match = _FOREIGN.match(words)
    return match[0] if match is not None else ""


__all__ = ["HARD", "UNIT_ENDINGS", "Draft", "Entry", "Segment", "fault_of", "foreign_word"]
