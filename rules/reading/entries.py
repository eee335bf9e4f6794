"""What the slots of a deduction have claimed → the deduction, with its doubts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from rules.calendar import Period
from rules.months import Month
from rules.names import Ambiguous, Match
from rules.numbers import read_number
from rules.reading import closed
from rules.reading.claims import UNIT_HEAD, Draft, Segment, fault_of, foreign_word
from rules.reading.figures import TIMES_COUNTERS, Figure
from rules.reading.meaning import Doubt, Entry, Slot, Why
from rules.reading.tokens import Token
from rules.reading.vocabulary import Standard, Vocabulary

LONG_AGO = timedelta(days=92)
"""A day longer ago than a quarter may be a slip: the deduction is looked at first."""


@dataclass(frozen=True, slots=True)
class Given:
    """What was said for several lines: a unit as their heading, the day of an inspection."""

    units: tuple[str, ...] = ()
    item: str | None = None
    """As written: the units below may know it by different names."""
    inspected_on: date | None = None
    quarter: Token | None = None
    month: Month | None = None
    last: Entry | None = None
    """The deduction before, for 同上."""


def entries_of(segment: Segment, drafts: list[Draft], given: Given, today: date) -> list[Entry]:
    """The deductions of a segment, one for each unit and item."""
    last = drafts[-1]
    for_all = closed.FOR_ALL.match(last.reasons[-1]) if len(drafts) > 1 and last.reasons else None
    if for_all is not None and for_all.end() < len(last.reasons[-1]):
        last.reasons[-1], last.marked_reason = last.reasons[-1][for_all.end() :], True
    shared = last.reasons if last.marked_reason else []
    entries: list[Entry] = []
    for place, draft in enumerate(drafts):
        if not draft.reasons and shared:
            draft.reasons = shared
        doubts = segment.doubts if place == 0 else []
        entries += _Maker(segment, draft, given, today).entries(doubts)
    return entries


class _Maker:
    """Makes the deductions of one draft."""

    def __init__(self, segment: Segment, draft: Draft, given: Given, today: date) -> None:
        self.segment, self.draft, self.given, self.today = segment, draft, given, today
        self.vocabulary: Vocabulary = segment.vocabulary
        self.doubts: list[Doubt] = []

    def entries(self, unknown: list[Doubt]) -> Iterator[Entry]:
        draft = self.draft
        self.doubts = [*unknown, *draft.doubts]
        units = self._names(draft.units, Slot.UNIT)
        items = self._items(units[0] if units else next(iter(self.given.units), None))
        if not units and not draft.units and not self._unclear(Slot.UNIT):
            units = list(self.given.units)
            if not units and not (draft.same and self.given.last):
                self.doubts.append(Doubt(Slot.UNIT, Why.MISSING))
        self._count_units(units)
        figure = draft.number.figure if draft.number is not None else None
        code, either = self._criterion(units[0] if units else None, items)
        if not items and not draft.items and code is None and not self._unclear(Slot.ITEM) and self.given.item:
            found = self.vocabulary.items_of(units[0] if units else None).find(self.given.item)
            items = [found.value] if isinstance(found, Match) else []
        points = self._points(figure, code, either)
        if figure is not None and figure.total and len(units) * max(len(items), 1) > 1:
            self.doubts.append(Doubt(Slot.POINTS, Why.TOTAL, self._said(draft.number)))
        if figure is not None and figure.each and len(units) < 2 and len(items) < 2 and not draft.given_units:
            self._doubt_each()
        if len(items) > 1 and not (figure is not None and figure.each):
            self.doubts.append(Doubt(Slot.ITEM, Why.SEVERAL, "、".join(items), tuple(items)))
        if (
            not items
            and not draft.items
            and code is None
            and not either
            and not self._unclear(Slot.ITEM)
            and not draft.same
        ):
            self.doubts.append(Doubt(Slot.ITEM, Why.MISSING))
        reason, day = self._reason(figure), self._day()
        entry = Entry(
            unit=units[0] if len(units) == 1 else None,
            item=items[0] if len(items) == 1 else None,
            points=points,
            criterion=code[0] if code is not None else None,
            times=self._times(code[1] if code is not None else None, reason),
            inspected_on=day,
            quarter=draft.quarter.period if draft.quarter is not None else self._given_quarter(),
            month=draft.month.month if draft.month is not None else self.given.month,
            reason=reason,
            surely=draft.surely and (day is None or self.today - day <= LONG_AGO),
        )
        if points is not None and draft.times is not None and code is None:
            entry = self._multiplied(entry, points)
        if draft.same:
            entry = self._as_before(entry)
        self._doubt_words()
        for unit in units or (entry.unit,):
            for item in items or (entry.item,):
                whole = (
                    entry if unit == entry.unit and item == entry.item else replace(entry, unit=unit, item=item)
                )
                yield whole.but(*self.doubts)

    def _doubt_each(self) -> None:
        """各 of one unit: the other is one that nobody knows by the name, or is not said."""
        unknown = next((words for words in self.draft.reasons if UNIT_HEAD.fullmatch(words)), None)
        if unknown is None:
            self.doubts.append(Doubt(Slot.UNIT, Why.LEFT, self._said(self.draft.number)))
            return
        self.draft.reasons.remove(unknown)
        # No choices: whoever picks one of them would forget the unit that is known.
        self.doubts.append(Doubt(Slot.UNIT, Why.UNKNOWN, unknown))

    def _doubt_words(self) -> None:
        """Words in the place of a reason that take it back, only suppose or plan it, or tell who said it, are asked about."""
        reasons = self.draft.reasons
        undone = next((words for words in reasons if closed.UNDONE.fullmatch(words)), None)
        if undone is None and not self.draft.marked_reason:
            undone = next((words for words in reasons if closed.CONDITION.match(words)), None)
        if undone is not None:
            self.doubts.append(Doubt(Slot.POINTS, Why.DENIED, undone))
        quoted = next((words for words in reasons if closed.QUOTED.fullmatch(words)), None)
        if quoted is not None and not self.draft.marked_reason:
            self.doubts.append(Doubt(Slot.REASON, Why.LEFT, quoted))

    def _count_units(self, units: list[str]) -> None:
        """Take 三个所 out of the words; a number of units that is not named is asked about."""
        counts = {words: closed.ALL_OF_THEM.fullmatch(words) for words in self.draft.reasons}
        for words, match in counts.items():
            if match is not None and read_number(match["count"]) != len(units):
                self.doubts.append(Doubt(Slot.UNIT, Why.LEFT, words))
        self.draft.reasons = [words for words, match in counts.items() if match is None]

    def _said(self, token: Token | None) -> str:
        return self.segment.said(token) if token is not None else ""

    def _unclear(self, slot: Slot) -> bool:
        return any(doubt.slot is slot for doubt in self.doubts)

    def _names(self, tokens: list[Token], slot: Slot) -> list[str]:
        """The things that the tokens name; where one names several, which is meant is asked."""
        names: list[str] = []
        for token in tokens:
            values = tuple(name.value for name in token.names)
            if len(values) == 1:
                names.append(values[0])
            elif values:
                self.doubts.append(Doubt(slot, Why.SEVERAL, self._said(token), values))
        return list(dict.fromkeys(names))

    def _items(self, unit: str | None) -> list[str]:
        """The items that the tokens name, of those that the unit can lose points on."""
        table = self.vocabulary.items_of(unit)
        named: list[str] = []
        for token in self.draft.items:
            found = table.find(self.segment.plain[token.start : token.end])
            if isinstance(found, Match):
                named.append(found.value)
            elif isinstance(found, Ambiguous):
                self.doubts.append(Doubt(Slot.ITEM, Why.SEVERAL, self._said(token), found.candidates))
            elif not self._unclear(Slot.ITEM):
                self.doubts.append(Doubt(Slot.ITEM, Why.UNKNOWN, self._said(token), found.suggestions))
        return list(dict.fromkeys(named))

    def _criterion(self, unit: str | None, items: list[str]) -> tuple[tuple[str, Standard] | None, str]:
        """The criterion that is meant; and the code of one that may be meant instead of points."""
        draft = self.draft
        token = draft.code or draft.number
        if token is None or not token.code:
            return None, ""
        standard = self.vocabulary.standard(token.code, unit)
        if token.explicit:
            if standard is None:
                self.doubts.append(Doubt(Slot.ITEM, Why.IMPOSSIBLE, token.code))
                return None, ""
            if items and items != [standard.item]:
                self.doubts.append(Doubt(Slot.ITEM, Why.LEFT, "、".join(items), (standard.item,)))
            return (standard.criterion.code, standard), ""
        figure = token.figure
        if standard is None or figure is None or figure.marked:
            return None, ""
        whole = token.code.isdecimal()
        if draft.code is None and not draft.times and (whole or standard.item in items):
            # 2.1 points off this item, or its criterion 2.1?
            return None, standard.criterion.code
        if items and standard.item not in items:
            if draft.times is not None and draft.times.figure is not None and not draft.times.figure.times:
                # 治安管理4.1两卷: how often a criterion of another item?
                return None, standard.criterion.code
            return None, ""
        return (standard.criterion.code, standard), ""

    def _points(self, figure: Figure | None, code: tuple[str, Standard] | None, either: str) -> Decimal | None:
        number = self.draft.number
        if either:
            self.doubts.append(Doubt(Slot.POINTS, Why.EITHER, self._said(number), (either,)))
            return figure.value if figure is not None else None
        if code is not None:
            if self.draft.code is not None and figure is not None and not self._as_criterion(figure, code[1]):
                self.doubts.append(Doubt(Slot.POINTS, Why.EITHER, self._said(number), (code[0],)))
            return None
        if figure is None:
            if not self._unclear(Slot.POINTS) and not (self.draft.same and self.given.last):
                self._no_number()
            return None
        if figure.fault is not None:
            self.doubts.append(Doubt(Slot.POINTS, fault_of(figure.fault), self._said(number)))
            return None
        if figure.value is None:
            self.doubts.append(Doubt(Slot.POINTS, Why.MALFORMED, self._said(number)))
        return figure.value

    def _no_number(self) -> None:
        """Points are missing; a word of no Chinese in their place is pointed at."""
        counts = tuple(self._said(token) for token in self.draft.counts)
        words = next((r for r in self.draft.reasons if foreign_word(r) and not r.startswith(counts)), "")
        word = foreign_word(words) if self.draft.items and self.draft.units else ""
        if word and any(sign.isalnum() for sign in word):
            self.doubts.append(Doubt(Slot.POINTS, Why.MALFORMED, word))
        else:
            self.doubts.append(Doubt(Slot.POINTS, Why.MISSING))

    def _as_criterion(self, figure: Figure, standard: Standard) -> bool:
        """Whether the points that are said are what the criterion takes."""
        each = standard.criterion.points
        if each is None or figure.value is None:
            return False
        taken = each * self._count()
        cap = standard.criterion.max
        return figure.value == (taken if cap is None else min(taken, cap))

    def _count(self) -> int:
        figure = self.draft.times.figure if self.draft.times is not None else None
        return int(figure.value) if figure is not None and figure.value is not None else 1

    def _times(self, standard: Standard | None, reason: str | None) -> int | None:
        draft = self.draft
        figure = draft.times.figure if draft.times is not None else None
        if figure is not None:
            if figure.value is None or figure.fault is not None or figure.value % 1:
                self.doubts.append(Doubt(Slot.TIMES, Why.MALFORMED, self._said(draft.times)))
                return None
            if standard is not None and not self._counts(figure, standard):
                self.doubts.append(
                    Doubt(Slot.TIMES, Why.LEFT, self._said(draft.times), ("1", str(figure.value)))
                )
            return int(figure.value)
        for token in draft.counts:
            counted = token.figure
            assert counted is not None
            if standard is not None and self._may_be_times(counted, standard):
                text = self._said(token)
                several = counted.value is not None and not counted.each
                choices = ("1", str(counted.value)) if several else ("1",)
                self.doubts.append(Doubt(Slot.TIMES, Why.LEFT, text, choices))
            elif standard is None and reason is not None and reason == self._said(token) and counted.counter:
                self.doubts.append(Doubt(Slot.TIMES, Why.LEFT, reason, ()))
        return 1 if standard is not None and not standard.criterion.countable else None

    def _may_be_times(self, figure: Figure, standard: Standard) -> bool:
        criterion = standard.criterion
        one = figure.value == 1 and not figure.each
        return criterion.countable and not one and figure.counter in {*TIMES_COUNTERS, criterion.per}

    def _counts(self, figure: Figure, standard: Standard) -> bool:
        """Whether a count is by what the criterion is counted by."""
        return figure.times or figure.counter in {*TIMES_COUNTERS, standard.criterion.per}

    def _multiplied(self, entry: Entry, points: Decimal) -> Entry:
        """0.5 x3 is three times 0.5."""
        if entry.times is None:
            return entry
        return replace(entry, points=points * entry.times)

    def _day(self) -> date | None:
        token = self.draft.day
        if token is None or token.day is None:
            return self.given.inspected_on
        if token.day.day is None:
            self.doubts.append(Doubt(Slot.DAY, Why.IMPOSSIBLE, self._said(token)))
        elif token.day.day > self.today:
            self.doubts.append(Doubt(Slot.DAY, Why.FUTURE, self._said(token)))
        return token.day.day

    def _given_quarter(self) -> Period | None:
        return self.given.quarter.period if self.given.quarter is not None else None

    def _reason(self, figure: Figure | None) -> str | None:
        pieces = list(self.draft.reasons)
        doubt = next((d for d in self.doubts if d.slot is Slot.POINTS and d.why is Why.MALFORMED), None)
        if doubt is not None and self.draft.number is None:
            pieces = [p.removeprefix(doubt.text).strip(" ,，") for p in pieces]
        return "，".join(filter(None, pieces)) or None

    def _as_before(self, entry: Entry) -> Entry:
        """同上: what is not said is as in the deduction before."""
        last = self.given.last
        if last is None:
            self.doubts.append(Doubt(Slot.REASON, Why.LEFT, "同上"))
            return entry
        self.doubts += [doubt for doubt in last.doubts if not self._unclear(doubt.slot)]
        said = entry.points is not None or entry.criterion is not None
        what = entry if said else replace(
            entry, points=last.points, criterion=last.criterion, times=last.times
        )  # fmt: skip
        if not self.draft.items and what.criterion is None:
            what = replace(what, item=last.item)
        return replace(
            what,
            reason=entry.reason or last.reason,
            inspected_on=entry.inspected_on or last.inspected_on,
            surely=False,
        )
