"""A deduction that is being made clear: what is known of it, what is asked next, and the way back."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from rules.calendar import Quarter
from rules.mentions import names
from rules.months import Month
from rules.roster import Entered, means
from rules.scheme import Criterion, Item
from rules.services import Member


class Asks(Enum):
    """What a draft waits for."""

    RESUME = "resume"
    SEQUENCE = "sequence"
    UNIT = "unit"
    ITEM = "item"
    POINTS = "points"
    TIMES = "times"
    QUARTER = "quarter"
    REASON = "reason"
    DAY = "day"
    CONFIRM = "confirm"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class DeductionDraft:
    """What a person said so far. `choices` are what may be pressed, in the buttons' order."""

    at: datetime
    """The moment of the message, UTC: it decides the quarter where none is named (R6)."""
    units: tuple[str, ...] = ()
    """The unit's code; several where it is not clear which."""
    items: tuple[str, ...] = ()
    points: Decimal | None = None
    quarter: Quarter | None = None
    inspected_on: date | None = None
    """None: the day it is logged."""
    reason: str | None = None
    asks: Asks | None = None
    choices: tuple[str, ...] = ()
    criterion: str | None = None
    times: int = 1
    counted: bool = False
    """How many times is said."""
    sequence: str | None = None
    page: int = 0
    guided: bool = False
    """It is asked for step by step, and written only when it was seen whole and confirmed."""
    suggested: tuple[str, ...] = ()
    """What may be meant by a name that is not known, or a number that may be two things: offered first, never taken."""
    note: str = ""
    """The words that were not understood; they are told with the next question."""
    reason_asked: bool = False
    answered: tuple[Asks, ...] = ()
    """The steps that were answered by button or text, in order: the way back."""
    repeats: int | None = None
    """The record that says the same, while it is asked whether this is another finding."""
    others: tuple[int, ...] = ()
    """The records that say the same, of which the person said that this is another finding."""

    @property
    def wants_text(self) -> bool:
        """Whether the next text of the person answers it."""
        return self.guided and self.asks is not None and self.asks not in (Asks.RESUME, Asks.REPEATED)


_CLEARED: dict[Asks, dict[str, object]] = {
    Asks.SEQUENCE: {"sequence": None},
    Asks.UNIT: {"units": ()},
    Asks.ITEM: {"items": ()},
    Asks.POINTS: {"points": None, "criterion": None, "times": 1, "counted": False},
    Asks.TIMES: {"points": None, "times": 1, "counted": False},
    Asks.QUARTER: {"quarter": None},
    Asks.REASON: {"reason": None, "reason_asked": False},
    Asks.DAY: {"inspected_on": None},
}
"""What goes with an answer that is taken back."""


def answered(draft: DeductionDraft, step: Asks, **known: object) -> DeductionDraft:
    """The draft with a step's answer; nothing is asked until the next question is put."""
    steps = (*(s for s in draft.answered if s is not step), step)
    return replace(draft, **known, answered=steps, asks=None, choices=(), page=0, suggested=(), note="")  # type: ignore[arg-type]


def one_back(draft: DeductionDraft) -> DeductionDraft:
    """The draft as it was before its last answer; the same where there is none."""
    if not draft.answered:
        return draft
    *earlier, last = draft.answered
    cleared = _CLEARED.get(last, {})
    return replace(draft, **cleared, answered=tuple(earlier), asks=None, choices=(), page=0)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One line of several: the deduction it was understood as, or why it was not."""

    number: int
    """Its place in the message, from 1."""
    text: str
    draft: DeductionDraft | None = None
    problem: str | None = None
    repeats: int | None = None
    """The record that says the same already."""


@dataclass(frozen=True, slots=True)
class BatchDraft:
    """Several deductions of one message, seen before they are written."""

    at: datetime
    lines: tuple[BatchLine, ...]
    quarters: tuple[Quarter, ...] = ()
    """The quarters that those may count in which name none, where it has to be asked (Late group)."""
    unlogged: tuple[str, ...] = ()
    """What the message says besides: that nothing is taken."""

    @property
    def understood(self) -> tuple[BatchLine, ...]:
        """The lines that can be written."""
        return tuple(line for line in self.lines if line.draft is not None)

    @property
    def new(self) -> tuple[BatchLine, ...]:
        """Those of them that no record says already."""
        return tuple(line for line in self.understood if line.repeats is None)


@dataclass(frozen=True, slots=True)
class OfficerDraft:
    """A deduction on an officer that is being made clear. `choices` are what may be pressed, in the buttons' order."""

    at: datetime
    """The moment of the message, UTC: it decides the month where none is named."""
    officers: tuple[int, ...] = ()
    """The officer's id; several where it is not clear which."""
    items: tuple[str, ...] = ()
    points: Decimal | None = None
    month: Month | None = None
    found_on: date | None = None
    reason: str | None = None
    asks: Asks | None = None
    choices: tuple[str, ...] = ()
    page: int = 0
    guided: bool = False
    """Something had to be asked: it is written only when it was seen whole and confirmed."""
    note: str = ""
    """The words that were not understood; they are told with the next question."""
    reason_asked: bool = False

    @property
    def wants_text(self) -> bool:
        """Whether the next text of the person answers it."""
        return self.asks in {Asks.UNIT, Asks.ITEM, Asks.POINTS, Asks.REASON}


@dataclass(frozen=True, slots=True)
class OfficerBatchLine:
    """One line of several on officers: the deduction it was understood as, or why it was not."""

    number: int
    """Its place in the message, from 1."""
    text: str
    draft: OfficerDraft | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class OfficerBatchDraft:
    """Several deductions on officers in one message, seen before they are written."""

    at: datetime
    lines: tuple[OfficerBatchLine, ...]
    months: tuple[Month, ...] = ()
    """The months that those may count in which name none, where it has to be asked."""

    @property
    def understood(self) -> tuple[OfficerBatchLine, ...]:
        """The lines that can be written."""
        return tuple(line for line in self.lines if line.draft is not None)


@dataclass(frozen=True, slots=True)
class OfficerNoteDraft:
    """Words that an officer's entry waits for: its reason, or what shall be put right."""

    number: int
    asks: str
    """reason or correction."""
    until: datetime
    """After this moment (UTC) a text is no answer any more."""


@dataclass(frozen=True, slots=True)
class ReasonDraft:
    """A text that may be the reason of one of several entries."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FilesDraft:
    """Files that were sent as one: they wait to be told what they are evidence of, or are placed and can be moved (R11)."""

    files: tuple[int, ...]
    """The ids of the kept files."""


@dataclass(frozen=True, slots=True)
class CorrectionDraft:
    """A correction on its way: of which entry, and what shall stand in its place, if anything (R11)."""

    number: int
    replace: bool | None = None
    unit: str | None = None
    item: str | None = None
    points: Decimal | None = None
    criterion: str | None = None
    times: int = 1
    inspected_on: date | None = None
    entry_reason: str | None = None
    """The reason that shall stand in the new entry; None: as it was."""
    reason: str | None = None
    asks: str = ""
    note: str = ""
    """What was said and not understood; it may be the new reason."""


@dataclass(frozen=True, slots=True)
class AppealDraft:
    """An appeal, or its decision, that waits for its words."""

    number: int
    decision: str = ""
    """Empty for the appeal itself; else what the office decides."""
    points: Decimal | None = None
    asks: str = ""


@dataclass(frozen=True, slots=True)
class CriteriaDraft:
    """A table of criteria that was looked over and waits for the word to import it; by item."""

    category: str
    criteria: dict[str, tuple[Criterion, ...]]
    notes: tuple[str, ...] = ()
    """What was read of the file and what was left out, in sentences."""


@dataclass(frozen=True, slots=True)
class FilingDraft:
    """A document to file whose kind, or whose file, is asked for; or the return of one that waits for its reason (R10)."""

    asks: str
    """which, file, or reason."""
    year: int = 0
    kind: str = ""
    """The code of the document's kind, empty until it is chosen."""
    unit: str | None = None
    evidence: int | None = None
    """The id of the kept file, None until it came."""
    choices: tuple[tuple[str, str | None], ...] = ()
    """The kinds and units that may be meant."""
    filing: int | None = None
    """The id of the version that is returned."""


@dataclass(frozen=True, slots=True)
class StepDraft:
    """A step of a quarter that waits to be confirmed: which one, whose quarter, and what was said to it."""

    move: str
    """The name of the step."""
    group: str = ""
    """Empty until it is chosen."""
    quarter: Quarter | None = None
    reason: str | None = None
    waved: tuple[str, ...] = ()
    """The codes of the units that were waved through uninspected."""
    asks: str = "which"
    """which, reason, or confirm."""
    choices: tuple[tuple[str, Quarter], ...] = ()
    """The quarters of groups that may be meant."""


@dataclass(frozen=True, slots=True)
class TableDeduction:
    """What a table of a month takes from an officer's item in all, and why."""

    officer: int
    item: str
    points: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class MonthTableDraft:
    """A unit's finished month that was looked over and waits for the word to import it."""

    unit: str
    month: Month
    at: datetime
    """The moment of the message, UTC."""
    taken: tuple[TableDeduction, ...]
    marks: tuple[tuple[int, str], ...]
    """Officers' ids with the marks of the month."""
    notes: tuple[str, ...] = ()
    """What was read of the file and what was left out, in sentences."""


@dataclass(frozen=True, slots=True)
class MonthlyDraft:
    """A unit's month that waits to be returned (R9)."""

    unit: str
    month: Month
    reason: str | None = None
    """Why it is sent again."""
    asks: str = "confirm"
    """reason, or confirm."""
    seen: str = ""
    """What names the figures that were shown: others are shown before they are sent."""


@dataclass(frozen=True, slots=True)
class GiveBackDraft:
    """A return that the unit's head gives back to the liaison, and that waits for the reason (R9)."""

    number: int
    """The return's id."""
    asks: str = "reason"


@dataclass(frozen=True, slots=True)
class RosterChange:
    """What became of an officer; by id, so that the person can be erased."""

    officer: int
    new: bool
    fields: tuple[str, ...] = ()
    """The heads of what changed."""


@dataclass(frozen=True, slots=True)
class RosterDraft:
    """Officers who were typed or filled in and wait for the word; once written, only what became of whom is kept."""

    unit: str
    lines: tuple[Entered, ...] = ()
    single: bool = False
    """One line of a chat: written at once, unless it has to be asked who is meant."""
    written: tuple[RosterChange, ...] = ()
    same: int = 0
    """How many lines changed nothing."""
    waiting: tuple[int, ...] = ()
    """The officers whose dates wait for somebody's consent."""
    sure: bool = False
    """Somebody said that what hardly looks like a name is one."""
    notes: tuple[str, ...] = ()
    """What was read of the file and what was left out, in sentences."""


@dataclass(frozen=True, slots=True)
class MethodDraft:
    """A unit's own part that waits to be sent, or its return that waits for a reason."""

    unit: str
    year: int
    items: tuple[Item, ...] = ()
    method: int = 0
    """The version that is to be returned; 0 where one is to be sent."""
    asks: str = ""
    """reason, or nothing that words answer."""
    notes: tuple[str, ...] = ()
    """What was read of the file and what was left out, in sentences."""


class ImportLine(NamedTuple):
    """A row of a table of deductions as it was understood. Its place in the draft says what is what: it is kept short."""

    row: int
    """Excel's number."""
    unit: str
    item: str
    points: Decimal
    quarter: Quarter
    inspected_on: date | None
    reason: str | None
    criterion: str | None = None
    times: int = 1
    table: int = 0
    """Which of the workbook's tables, from 0."""
    column: int = 0
    """In a table of units by items the column, from 1."""

    def deduction(self, at: datetime) -> DeductionDraft:
        """The deduction that it is, at the moment of the message (UTC)."""
        return DeductionDraft(
            at=at,
            units=(self.unit,),
            items=(self.item,),
            points=self.points,
            quarter=self.quarter,
            inspected_on=self.inspected_on,
            reason=self.reason,
            criterion=self.criterion,
            times=self.times,
        )


@dataclass(frozen=True, slots=True)
class ImportDraft:
    """A table of deductions that was looked over and waits for the word to import it; once settled its lines are gone."""

    digest: str
    """The file's SHA-256: with a row's number it names for ever what was imported."""
    at: datetime
    """The moment of the message, UTC."""
    lines: tuple[ImportLine, ...]
    left_out: int = 0
    """How many rows were taken back where they come from."""
    count: int = 0
    points: Decimal = Decimal(0)
    first: int = 0
    last: int = 0
    """The numbers of the first and the last entry that came of it."""
    before: bool = False
    """The same file had been imported already: nothing was added."""
    notes: tuple[str, ...] = ()
    """What was read of the file and what was left out, in sentences."""

    again: int = 0
    """How often the file was imported before and taken back as a whole."""

    def key(self, line: ImportLine) -> str:
        """The key of the entry that a line becomes."""
        return row_key(self.digest, line.row, line.table, line.column, self.again)


def row_key(digest: str, row: int, table: int = 0, column: int = 0, again: int = 0) -> str:
    """The key of the entry that a row of a file becomes, or a cell of it: the same file twice adds nothing.

    `again` counts the imports of the file that were taken back as a whole.
    """
    place = f"{row}.{column}" if column else str(row)
    return f"i:{digest[:32]}:{place}" + (f":{table}" if table else "") + (f"~{again}" if again else "")


@dataclass(frozen=True, slots=True)
class TableDraft:
    """A workbook that was sent, and what has to be known before it is looked over."""

    kind: str
    """import, or month."""
    file: str
    """Telegram's id of the file: it is read anew when the answer comes."""
    asks: str
    """table (is it one?), quarter, month, or reason."""
    choices: tuple[str, ...] = ()
    """The codes of the quarters or months that may be meant."""
    about: str = ""
    """Why it is asked, as a sentence."""
    unit: str = ""
    count: int = 0
    """How many deductions the table holds."""
    quarter: Quarter | None = None
    month: Month | None = None
    sure: bool = False
    """Quarter and month were chosen with the table's title in view."""
    reason: str | None = None
    """For every deduction, where the table gives none."""
    evidence: int | None = None
    """The id of the kept file, where it may be evidence instead."""


@dataclass(frozen=True, slots=True)
class NameDraft:
    """Which unit or sequence a command is asked of: a typed name answers it, as the buttons under it do."""

    command: str
    """The command's name."""
    until: datetime
    """UTC; a name that is typed later means nothing of it."""
    words: str = ""
    """What stood behind the command already."""


@dataclass(frozen=True, slots=True)
class TakeBackDraft:
    """A whole import that is to be taken back: it waits for why, and then tells what became of it (R11)."""

    digest: str
    """The first half of the file's SHA-256."""
    asks: str = "reason"
    reason: str = ""
    reversed: int = 0
    """How many entries were taken back."""
    points: Decimal = Decimal(0)
    """What they had taken in all."""
    waiting: tuple[int, ...] = ()
    """The numbers of the entries whose reversal waits for a second person."""


def is_about(draft: object, member: Member, others: Collection[str], *, shared: bool) -> bool:
    """Whether a question is about this officer: by the id, or by who was typed for a roster of its unit.

    A question about an entry on its unit is, where the words name it. `others` are the badge numbers of those of the same
    name; `shared`: somebody else bears it, so that words alone do not tell who is meant.
    """
    id_, units = member.officer.id, {service.unit for service in member.services}

    def named(units_: Collection[str], text: str | None) -> bool:
        return not shared and not units.isdisjoint(units_) and names(text or "", member.officer)

    if isinstance(draft, OfficerDraft):
        return id_ in draft.officers
    if isinstance(draft, OfficerBatchDraft):
        drafted = any(line.draft is not None and id_ in line.draft.officers for line in draft.lines)
        return drafted or (not shared and any(names(line.text, member.officer) for line in draft.lines))
    if isinstance(draft, MonthTableDraft):
        return id_ in {one.officer for one in draft.taken} | {officer for officer, _ in draft.marks}
    if isinstance(draft, RosterDraft):
        return draft.unit in units and any(means(line, member.officer, others) for line in draft.lines)
    if isinstance(draft, DeductionDraft):
        return named(draft.units, draft.reason)
    if isinstance(draft, BatchDraft):
        return any(named(line.draft.units, line.text) for line in draft.lines if line.draft is not None)
    return isinstance(draft, ImportDraft) and any(named([line.unit], line.reason) for line in draft.lines)
