"""A message → its lines → the deductions in them: headings, lists, pasted chats, or one sentence."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from rules.calendar import Quarter
from rules.reading import closed
from rules.reading.claims import HARD, Draft, Segment, without_signs
from rules.reading.entries import Given, entries_of
from rules.reading.meaning import Doubt, Entry, Line, Message, Outcome, Slot, Why
from rules.reading.questions import read_question
from rules.reading.text import Text, as_read
from rules.reading.tokens import Scanner, Token
from rules.reading.vocabulary import Kind, Vocabulary

LONGEST_BATCH = 100
"""Lines of one message that are read as deductions."""

SHORT = 14
"""Signs of a text up to which 没有问题 is all that it says."""

_COMMAND = re.compile(r"\s*(?:/?(?:deduct|扣分|记分)(?:@\w+)?)(?=[\s::,，]|$)\s*[::,，]?\s*", re.ASCII)
_GLUED = re.compile(r"\s*/?(?:deduct|扣分|记分)\s*[::,，]?\s*")
_NUMBERED = re.compile(
    r"(?P<gap>(?<=[\s;；。,，:])|^)?(?:(?<![\d.])(\d{1,2})[、.)](?![\d])\s*|\((\d{1,2})\)\s*)|([①-⑳])\s*"
)
_ORDERED = re.compile(r"(?:(?<=[\s;；。,，:])|^)[一二三四五六七八九](?:、|是)")
_MAY_BE_LISTED = re.compile(r"[\d一二三四五六七八九][、.)是]|[①-⑳]")
_COLUMN = re.compile(r"^[ ]*(\d{1,3})[ ]*", re.ASCII | re.MULTILINE)
_CLAUSE_END = re.compile(r"[,，;；。\n]")
_VERB = re.compile(r"扣|减(?!少|速|免|刑)|罚")


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a message is read."""

    vocabulary: Vocabulary
    running: Quarter
    today: date
    """The bureau's day."""
    command: bool = True
    """It stands behind the command for deductions: it is meant as one."""


def read_message(text: str, setting: Setting) -> Message:
    """What the message means. What is no deduction at all is NOTHING; what is not clear is told in the entries' doubts."""
    whole = as_read(closed.MENTION.sub(" ", text))
    pieces = list(_lines(whole, setting))
    if not setting.command and _is_nothing(whole.plain, pieces):
        return Message(Outcome.NOTHING)
    lines = _Reader(whole, setting).lines(pieces)
    return Message(_outcome(lines, setting, whole.plain), tuple(lines))


def may_be_reason(text: str, setting: Setting, bare: Collection[str] = ()) -> bool:
    """Whether plain words can be why points were taken: no deduction, question, courtesy, command or wish (Reason).

    Behind 原因： anything is one that is more than a courtesy.
    """
    whole = as_read(closed.MENTION.sub(" ", text)).plain.strip()
    marked = closed.SAID_TO_BE_REASON.match(whole)
    if marked is not None:
        words = whole[marked.end() :]
        courtesy = closed.COURTESY.is_all(words) and any(sign.isalpha() for sign in words)
        return any(sign.isalnum() for sign in words) and not courtesy
    if whole.startswith("/") or whole in bare or not any(sign.isalpha() for sign in whole):
        return False
    silent = (closed.UNSAID, closed.PUT_OFF, closed.CLOSING)
    if closed.COURTESY.is_all(whole) or any(pattern.fullmatch(whole) for pattern in silent):
        return False
    if closed.QUESTION.search(whole):
        return False
    plain = replace(setting, command=False)
    asked = read_question(text, setting.vocabulary, setting.running, setting.today)
    if (
        asked is not None
        or _is_wish(text, plain)
        or (closed.denied(whole, 0, len(whole)) and len(whole) < SHORT)
    ):
        return False
    return not _says_deductions(text, plain)


def _says_deductions(text: str, setting: Setting) -> bool:
    """Whether a text says a deduction: one that is made, or that is denied, planned or taken back."""
    whole = as_read(closed.MENTION.sub(" ", text))
    pieces = list(_lines(whole, setting))
    named = {token.kind for piece in pieces for token in piece.tokens}
    if named >= {Kind.UNIT, Kind.ITEM} and closed.denied(whole.plain, 0, len(whole.plain)):
        return True
    return any(line.entries for line in _Reader(whole, setting).lines(pieces))


def reason_of(text: str) -> str:
    """The words of a reason, as typed, without 原因： before them and signs around them."""
    whole = as_read(text)
    start, end = 0, len(whole.plain)
    while (
        start < end and (lead := closed.LEAD.match(whole.plain, start, end)) is not None and lead.end() > start
    ):
        start = lead.end()
    return without_signs(whole, start, end)


def _is_wish(text: str, setting: Setting) -> bool:
    """城关所成绩, 排名, a bare 城关所, 改成1分: what is left without the names asks for something else, or is nothing."""
    whole = as_read(text)
    tokens = Scanner(whole, setting.vocabulary, setting.running, setting.today).tokens()
    places = [token for token in tokens if token.kind in (Kind.UNIT, Kind.SEQUENCE, Kind.QUARTER)]
    values = [token for token in tokens if token.kind is not Kind.COUNT]
    changed = bool(values) and closed.CHANGED.is_all(_without(whole.plain, values))
    return changed or closed.is_wish(_without(whole.plain, places))


def _without(plain: str, tokens: list[Token]) -> str:
    """The text with gaps in place of the tokens."""
    signs = list(plain)
    for token in tokens:
        signs[token.start : token.end] = " " * (token.end - token.start)
    return "".join(signs)


def read_answer(text: str, setting: Setting, unit: str | None = None, item: str | None = None) -> Entry | None:
    """What a text adds to a deduction whose unit, or item too, is known already; None where it says several."""
    whole = as_read(" ".join(closed.MENTION.sub(" ", text).split("\n")))
    reader = _Reader(whole, setting)
    reader.given = Given(units=(unit,) if unit else (), item=item)
    entries = [entry for piece in _lines(whole, setting) for entry in reader.line(piece).entries]
    return entries[0] if len(entries) == 1 else None


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line's place in the text, and its tokens."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    typed: tuple[int, int]

    def has(self, *kinds: Kind) -> bool:
        return any(token.kind in kinds for token in self.tokens)

    @property
    def amounts(self) -> int:
        return sum(token.kind in (Kind.NUMBER, Kind.CODE) for token in self.tokens)


def _lines(text: Text, setting: Setting) -> Iterator[_Piece]:
    """The lines without bullets, pasted names and times, and repeated commands."""
    several = "\n" in text.plain.strip()
    scanned = Scanner(text, setting.vocabulary, setting.running, setting.today).tokens()
    columns = _columns(text.plain, scanned) if several else {}
    at = 0
    for words in text.plain.split("\n"):
        start, end = at, at + len(words)
        at = end + 1
        begin = columns.get(start) or _begin(text.plain, start, end, several=several)
        said = text.plain[begin:end].strip(" ,，;；。、")
        if said and not (several and closed.CLOSING.fullmatch(said)):
            tokens = tuple(t for t in scanned if begin <= t.start and t.end <= end)
            cut = any(t.start < begin < t.end for t in scanned)
            if cut:
                tokens = tuple(_rescan(text, setting, begin, end))
            yield _Piece(begin, end, tokens, (start, end))


def _columns(plain: str, scanned: list[Token]) -> dict[int, int]:
    """Where the lines begin whose first word is their number, as in a table: 1, 2, 3 before a name."""
    names = {token.start for token in scanned if token.kind in (Kind.UNIT, Kind.ITEM)}
    numbered = [match for match in _COLUMN.finditer(plain) if match.end() in names]
    counted = [int(match[1]) for match in numbered] == list(range(1, len(numbered) + 1))
    return {match.start(): match.end() for match in numbered} if counted and len(numbered) > 1 else {}


def _rescan(text: Text, setting: Setting, start: int, end: int) -> list[Token]:
    """The tokens of a line whose first was cut by a bullet."""
    blank = replace(text, plain=" " * start + text.plain[start:end])
    return Scanner(blank, setting.vocabulary, setting.running, setting.today).tokens()


def _begin(plain: str, start: int, end: int, *, several: bool) -> int:
    """Where the words of a line begin."""
    line = plain[start:end]
    pasted = closed.PASTED.match(line) or (closed.SPEAKER.match(line) if several else None)
    if pasted is not None:
        start += pasted.end()
        line = plain[start:end]
    for pattern in (_COMMAND, closed.BULLET, _COMMAND):
        match = pattern.match(line)
        if match is not None and match.end():
            start += match.end()
            line = plain[start:end]
    return start


def _is_nothing(plain: str, pieces: list[_Piece]) -> bool:
    """Whether a text without a command is no deduction: a question, a courtesy, a denial, what was only supposed."""
    if closed.COURTESY.is_all(plain):
        return True
    if len(pieces) > 1:
        return False
    return _is_no_deduction(plain)


def _is_no_deduction(plain: str) -> bool:
    patterns = (closed.QUESTION, closed.TAKEN_BACK, closed.SUPPOSED)
    return any(pattern.search(plain) is not None for pattern in patterns)


_EDGES = " \t\n\u3000,，;；。、:："
"""What stands around a part of a line that is repeated to the person."""


class _Reader:
    """Reads the lines of a message in order; headings hold for those below."""

    def __init__(self, text: Text, setting: Setting) -> None:
        self.text, self.setting = text, setting
        self.given = Given()

    def lines(self, pieces: list[_Piece]) -> list[Line]:
        if self._is_one(pieces):
            joined = replace(self.text, plain=self.text.plain.replace("\n", "，"))
            tokens = [token for piece in pieces for token in piece.tokens]
            blank = _blanked(joined, pieces)
            whole = _Piece(0, len(blank.plain), tuple(tokens), (0, len(blank.plain)))
            self.text = blank
            return [self.line(whole)]
        return [self.line(piece) for piece in pieces]

    def _is_one(self, pieces: list[_Piece]) -> bool:
        """Whether several lines say one deduction between them."""
        if len(pieces) < 2:
            return False
        amounts = sum(piece.amounts for piece in pieces)
        units = sum(piece.has(Kind.UNIT) for piece in pieces)
        items = sum(piece.has(Kind.ITEM) for piece in pieces)
        same = any(piece.has(Kind.SAME) for piece in pieces)
        return amounts <= 1 and units <= 1 and items <= 1 and (units > 0 or items > 0) and not same

    def line(self, piece: _Piece) -> Line:
        typed = self.text.words(piece.start, piece.end).strip()
        segments = self._segments(piece)
        entries: list[Entry] = []
        self._denied = []
        self._led = Given()
        for segment in segments:
            entries += self._segment(segment)
        denied = tuple(self._denied)
        if entries:
            return Line(typed, tuple(entries), denied=denied)
        return Line(typed, note=self._noted, denied=denied)

    _noted = False
    _denied: list[str]
    _led = Given()
    """The day and the quarter that lead the line's first part hold for its others."""

    def _segments(self, piece: _Piece) -> list[Segment]:
        """The parts of a line between signs that end a deduction, where each of them says one."""
        text, tokens = self._numbered(piece)
        cuts = [m.start() for m in HARD.finditer(text.plain, piece.start, piece.end)]
        cuts = sorted({*cuts, *self._around_denied(text, piece, tokens)})
        cuts = [cut for cut in cuts if not any(t.start <= cut < t.end for t in tokens)]
        edges = [piece.start, *(cut + 1 for cut in cuts), piece.end]
        parts: list[tuple[int, int, list[Token]]] = []
        for start, end in pairwise(edges):
            own = [t for t in tokens if start <= t.start and t.end <= end]
            said = [t for t in own if t.kind is not Kind.COUNT]
            if parts and not said:
                parts[-1] = (parts[-1][0], end, parts[-1][2] + own)
            else:
                parts.append((start, end, own))
        if len(parts) > 1:
            whole = [_is_whole(own) or closed.denied(text.plain, start, end) for start, end, own in parts]
            if not all(whole[1:]) or not (whole[0] or _is_head(parts[0][2])):
                parts = [(piece.start, piece.end, tokens)]
        return [
            Segment(text, own, start, end, self.setting.vocabulary, commanded=self.setting.command)
            for start, end, own in parts
        ]

    def _around_denied(self, text: Text, piece: _Piece, tokens: Sequence[Token]) -> Iterator[int]:
        """The commas around 石门所没问题: only a unit, and that nothing is deducted. Another unit must follow, if anything."""
        starts = {token.start for token in tokens if token.kind is Kind.UNIT}
        ends = [*(m.start() for m in _CLAUSE_END.finditer(text.plain, piece.start, piece.end)), piece.end]
        begin = piece.start
        for end, after in zip(ends, [*ends[1:], piece.end], strict=True):
            own = [token for token in tokens if begin <= token.start and token.end <= end]
            only_units = bool(own) and all(token.kind is Kind.UNIT for token in own)
            led = own and closed.FILLER.is_all(text.plain[begin : own[0].start] or " ")
            goes_on = closed.FILLER.end(text.plain, min(end + 1, piece.end), after)
            ended = end == piece.end or not text.plain[end : piece.end].strip(_EDGES)
            if only_units and led and (ended or goes_on in starts) and closed.denied(text.plain, begin, end):
                yield from (place for place in (begin - 1, end) if piece.start <= place < piece.end)
            begin = end + 1

    def _numbered(self, piece: _Piece) -> tuple[Text, list[Token]]:
        """The line with the numbers of a list in it as ends of a line: 1、…；2、…"""
        plain = self.text.plain
        start = piece.typed[0]
        if _MAY_BE_LISTED.search(plain, start, piece.end) is None:
            return self.text, list(piece.tokens)
        names = {token.start for token in piece.tokens if token.kind in (Kind.UNIT, Kind.ITEM)}
        found = [
            match
            for match in _NUMBERED.finditer(plain, start, piece.end)
            if match["gap"] is not None or match[4] or match.end() in names
        ]
        numbers = [int(m[2] or m[3] or ord(m[4]) - 0x245F) for m in found]
        places = [m.span() for m in found]
        if len(numbers) < 2 or any(b != a + 1 for a, b in pairwise(numbers)):
            ordered = list(_ORDERED.finditer(plain, start, piece.end))
            places = [m.span() for m in ordered] if len(ordered) > 1 else []
        if not places:
            return self.text, list(piece.tokens)
        signs = list(plain)
        for begin, end in places:
            signs[begin:end] = ["\n"] * (end - begin)
        text = replace(self.text, plain="".join(signs))
        tokens = Scanner(text, self.setting.vocabulary, self.setting.running, self.setting.today).tokens()
        return text, [t for t in tokens if piece.start <= t.start and t.end <= piece.end]

    def _segment(self, segment: Segment) -> list[Entry]:
        """The deductions of a part of a line; a heading is kept for what comes below."""
        plain = segment.plain[segment.start : segment.end]
        several = self.text.plain.strip().count("\n") > 0
        denied = (closed.denied(plain, 0, len(plain)) and not _excludes(segment)) or _speaks(segment)
        if not self.setting.command and (denied or (several and _is_no_deduction(plain))):
            self._noted = True
            self._denied.append(self.text.words(segment.start, segment.end).strip(_EDGES))
            return []
        drafts = segment.read()
        given = replace(
            self.given,
            inspected_on=self._led.inspected_on or self.given.inspected_on,
            quarter=self._led.quarter or self.given.quarter,
        )
        entries = entries_of(segment, drafts, given, self.setting.today)
        if (
            len(drafts) == 1
            and not drafts[0].amount
            and not drafts[0].same
            and self._heads(segment, drafts[0], entries)
        ):
            return []
        if not self.setting.command and not any(_is_meant(entry, segment) for entry in entries):
            self._noted = False
            return []
        if denied:
            entries = [entry.but(Doubt(Slot.POINTS, Why.DENIED, plain.strip())) for entry in entries]
        units = tuple(dict.fromkeys(entry.unit for entry in entries if entry.unit is not None))
        self.given = replace(self.given, units=units or self.given.units, last=entries[-1])
        self._lead(drafts[0], entries[0])
        return entries

    def _lead(self, draft: Draft, entry: Entry) -> None:
        """Keep the day and the quarter that stand before everything else of a deduction."""
        others = [*draft.units, *draft.items, *filter(None, (draft.number, draft.code))]
        first = min((token.start for token in others), default=0)
        if draft.day is not None and draft.day.start < first and entry.doubt(Slot.DAY) is None:
            self._led = replace(self._led, inspected_on=entry.inspected_on)
        if draft.quarter is not None and draft.quarter.start < first:
            self._led = replace(self._led, quarter=draft.quarter)

    def _heads(self, segment: Segment, draft: Draft, entries: list[Entry]) -> bool:
        """Whether a line is a heading: a unit, an item, a day or a quarter, and nothing more."""
        several = self.text.plain.strip().count("\n") > 0 or segment.end < len(segment.plain)
        words = "".join(draft.reasons)
        empty = not words or closed.HEAD.fullmatch(as_read(words).plain) is not None
        said = bool(draft.units or draft.items or draft.day or draft.quarter or draft.month)
        if not several or not empty:
            return False
        if not said:
            self._noted = bool(closed.HEAD.fullmatch(segment.plain[segment.start : segment.end]))
            return True
        units = tuple(dict.fromkeys(entry.unit for entry in entries if entry.unit is not None and draft.units))
        unclear = any(
            d.slot in (Slot.UNIT, Slot.DAY) and d.why is not Why.MISSING for e in entries for d in e.doubts
        )
        if unclear:
            return False
        item = segment.said(draft.items[0]) if len(draft.items) == 1 else entries[0].item
        self.given = Given(
            units=units or (self.given.units if draft.items or not draft.units else ()),
            item=item if draft.items else (None if draft.units else self.given.item),
            inspected_on=entries[0].inspected_on or self.given.inspected_on,
            quarter=draft.quarter or self.given.quarter,
            month=entries[0].month,
            last=None,
        )
        self._noted = True
        return True


def _blanked(text: Text, pieces: list[_Piece]) -> Text:
    """The text with what stands before each line, bullets and commands, as gaps."""
    signs = [" "] * len(text.plain)
    for piece in pieces:
        # The last sign is the end of the line, or its comma.
        signs[piece.start : piece.end + 1] = text.plain[piece.start : piece.end + 1]
    return replace(text, plain="".join(signs))


def _excludes(segment: Segment) -> bool:
    """Whether one unit is said not to be meant, and another is: 不扣柳林所，扣桃花所."""
    units = [index for index, token in enumerate(segment.tokens) if token.kind is Kind.UNIT]
    return len(units) > 1 and any(closed.EXCLUDED.search(segment.before(index)) for index in units)


def _speaks(segment: Segment) -> bool:
    """Whether the unit itself says something about the points."""
    units = (token for token in segment.tokens if token.kind is Kind.UNIT)
    return any(closed.SPEECH.match(segment.plain, token.end, segment.end) for token in units)


def _is_whole(tokens: list[Token]) -> bool:
    """Whether a part says what and how much."""
    kinds = {token.kind for token in tokens}
    coded = Kind.CODE in kinds or any(token.code for token in tokens)
    return coded or (Kind.NUMBER in kinds and bool(kinds & {Kind.ITEM, Kind.UNIT})) or Kind.SAME in kinds


def _is_head(tokens: list[Token]) -> bool:
    kinds = {token.kind for token in tokens}
    return bool(kinds) and kinds <= {Kind.UNIT, Kind.ITEM, Kind.DAY, Kind.QUARTER, Kind.MONTH}


def _is_meant(entry: Entry, segment: Segment) -> bool:
    """Whether words without a command say a deduction: two of unit, item and amount, and a sign that points are taken."""
    plain = segment.plain[segment.start : segment.end]
    unit = entry.unit is not None or _has_doubt(entry, Slot.UNIT)
    item = entry.item is not None or _has_doubt(entry, Slot.ITEM)
    points = entry.points is not None or _has_doubt(entry, Slot.POINTS)
    verb = _VERB.search(plain) is not None
    if entry.criterion is not None:
        return unit or entry.times is not None
    if points:
        return unit or item or verb
    return unit and item and verb


def _has_doubt(entry: Entry, slot: Slot) -> bool:
    doubt = entry.doubt(slot)
    return doubt is not None and doubt.why is not Why.MISSING


def _outcome(lines: list[Line], setting: Setting, plain: str) -> Outcome:
    entries = [entry for line in lines for entry in line.entries]
    if not entries:
        return Outcome.ASK if setting.command else Outcome.NOTHING
    clear = [entry for entry in entries if entry.clear]
    single = len(entries) == 1 and not any(not line.entries and not line.note for line in lines)
    if not clear:
        return Outcome.ASK if len(entries) == 1 else Outcome.CONFIRM
    asking = plain.rstrip().endswith(("?", "？"))
    if single and setting.command and clear[0].surely and not asking:
        return Outcome.WRITE
    return Outcome.CONFIRM
