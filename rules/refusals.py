"""What the rules refuse, as typed errors that carry values; sentences are made of them in handlers/frame/refusal_text."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from typing import TYPE_CHECKING

from rules.access import Deed
from rules.bureau import Group, Sequence, Unit
from rules.calendar import Period, Quarter
from rules.entries import Deduction
from rules.months import Month
from rules.people import Role
from rules.scheme import Item

if TYPE_CHECKING:
    from rules.officers import Service


class Refusal(Exception):
    """Nothing was written, and the person is told why."""


class Bar(Enum):
    """Why a unit is not the person's to score (R8)."""

    NO_POST = auto()
    """Not a member of any group."""
    OTHER_GROUP = auto()
    """The unit's category is another group's."""


@dataclass
class Barred(Refusal):
    """The person is not a member of the group that scores this unit (R8); `move` is what it was about to do."""

    bar: Bar
    unit: Unit
    group: Group | None
    move: str = "登记"


@dataclass
class NoScheme(Refusal):
    """The unit's category has no scoring table in that year (R1)."""

    unit: Unit
    year: int


@dataclass
class NotAQuarter(Refusal):
    """A deduction belongs to a quarter, and a year was named (R6)."""

    period: Period


@dataclass
class QuarterOnly(Refusal):
    """A year was named where only a quarter can be meant."""

    period: Period


@dataclass
class LeadTooEarly(Refusal):
    """A lead is named for this quarter, the next one, and earlier ones."""

    running: Quarter


@dataclass
class NotBegun(Refusal):
    """The quarter named has not begun (R6)."""

    quarter: Quarter
    running: Quarter


@dataclass
class BeforeBeginning(Refusal):
    """The period named lies before the bureau's first quarter (Beginning)."""

    period: Period
    begins: Quarter


@dataclass
class FutureInspection(Refusal):
    """The inspection date lies in the future."""

    inspected_on: date
    today: date


@dataclass
class FutureDay(Refusal):
    """A question as of a day that has not come (截至)."""

    day: date


@dataclass
class UnknownName(Refusal):
    """No unit, item or sequence of that name; with what might have been meant."""

    kind: str
    text: str
    suggestions: tuple[str, ...]


@dataclass
class NotUnderstood(Refusal):
    """Words behind a command that it has no use for: told, never ignored. `usage` is an example of the command."""

    words: str
    usage: str = ""


@dataclass
class UnknownPeriod(Refusal):
    """What was said names neither a quarter nor a year."""

    text: str


@dataclass
class Missing(Refusal):
    """Words that a deduction needs and that were not there: 单位, 项目, 分值."""

    what: tuple[str, ...]


@dataclass
class NotANumber(Refusal):
    """Where the points should be stands something else."""

    text: str


@dataclass
class AboutPoints(Refusal):
    """A number that says about how much only: 两三分, 1~2分, 0.5分/处."""

    text: str


@dataclass
class OnlyDeducted(Refusal):
    """Points would be added (R2)."""

    text: str


@dataclass
class NotPlaced(Refusal):
    """Words that look like a unit, an item, a value or a count, and for which the rest of a line leaves no place."""

    what: str
    text: str


@dataclass
class Unasked(Refusal):
    """Something would have to be asked, where several lines are seen together."""

    note: str


@dataclass
class NothingDeducted(Refusal):
    """A line says that nothing is deducted, beside points."""

    text: str


@dataclass
class TotalPoints(Refusal):
    """Points of several units or items together: how much each loses is not said."""

    text: str


@dataclass
class NoSuchEntry(Refusal):
    """No deduction of that number that the person may know of."""

    number: int | None


@dataclass
class NotYours(Refusal):
    """Only the author, on the same day, takes an entry back by itself (R11)."""

    deduction: Deduction
    another_day: bool


@dataclass
class AlreadyReversed(Refusal):
    """The entry was taken back before."""

    deduction: Deduction


@dataclass
class HasReason(Refusal):
    """The entry has its reason; another one would be a change (R11)."""

    deduction: Deduction


@dataclass
class NotYoursToSee(Refusal):
    """The unit's score, or `what` else of it, is not for this person's eyes (Sight)."""

    unit: Unit
    what: str = "成绩"


@dataclass
class NoUnitOfYours(Refusal):
    """The unit of the person's post is none of the bureau's any more."""


@dataclass
class PlacesHidden(Refusal):
    """The sequence's places are not for this person's eyes before publication (Sight)."""

    sequence: Sequence


@dataclass
class SurveyHidden(Refusal):
    """What these units lost together is not for this person's eyes (Sight); `what` is the sequence's or item's name."""

    what: str


@dataclass
class SingleItemBarred(Refusal):
    """The config forbids ranking units by a single item."""

    sequence: Sequence
    item: str


@dataclass
class NotComparable(Refusal):
    """Units are compared from two to `most` at a time."""

    most: int


@dataclass
class SchemesDiffer(Refusal):
    """The units are scored by different schemes: item by item they have nothing to compare (R1, R5)."""

    units: tuple[Unit, ...]


@dataclass
class NothingToUndo(Refusal):
    """The person logged nothing today that still lives."""


@dataclass
class MayNotInvite(Refusal):
    """The person may not give that post."""

    role: Role


@dataclass
class MayNotRemove(Refusal):
    """The person may not take that one's access away."""

    name: str


@dataclass
class NoSuchPerson(Refusal):
    """Nobody of that name or number holds a post."""

    text: str


@dataclass
class EmptyReason(Refusal):
    """A reason without words, or one too long to keep."""

    longest: int


@dataclass
class NotAReason(Refusal):
    """Words where a reason was asked for that read as another deduction, a question or a command."""

    text: str


@dataclass
class PrivateOnly(Refusal):
    """The answer of the command, or of the pressed button, is for the person alone."""

    pressed: bool = False


@dataclass
class QuestionEnded(Refusal):
    """The question ended with the change of the person's posts: who was asked is not who would answer."""


@dataclass
class NotYourQuestion(Refusal):
    """A question that stands in a group is answered by who was asked."""


@dataclass
class Stale(Refusal):
    """The button is of an earlier config, or was never ours."""


@dataclass
class PointsNotPositive(Refusal):
    """A deduction is more than nothing (R2)."""

    points: Decimal


@dataclass
class TooManyDecimals(Refusal):
    """A deduction has at most two decimals (R2)."""

    points: Decimal


@dataclass
class AboveMaximum(Refusal):
    """No single entry takes more than its item has (Maximum)."""

    points: Decimal
    item: Item


@dataclass
class NotYourEntry(Refusal):
    """Only its author and the office put an entry right."""

    deduction: Deduction


@dataclass
class QuarterClosed(Refusal):
    """The quarter is submitted or confirmed: it is no longer written to in this way (R7)."""

    quarter: Quarter
    stage: str


@dataclass
class NotYourUnit(Refusal):
    """Only the unit's own liaison appeals."""

    deduction: Deduction


@dataclass
class AppealTooLate(Refusal):
    """The days for an appeal are over."""

    deduction: Deduction
    until: date


@dataclass
class AppealedBefore(Refusal):
    """There is an appeal against the entry already."""

    number: int


@dataclass
class OwnEntry(Refusal):
    """Nobody decides on an entry of its own."""

    deduction: Deduction


@dataclass
class OwnUnitHidden(Refusal):
    """A member of a group sees nothing of the unit it comes from before publication (Sight)."""

    unit: Unit


@dataclass
class OwnAppeal(Refusal):
    """Nobody decides an appeal of its own."""

    deduction: Deduction


@dataclass
class ReplacesAnother(Refusal):
    """An entry that stands in another's place is taken back by a correction, not by an undo (R11)."""

    number: int


@dataclass
class NotLess(Refusal):
    """A reduction leaves less than there was, and more than nothing."""

    points: Decimal
    deduction: Deduction


@dataclass
class MayNotApprove(Refusal):
    """The second person is a head of the group or the office, never who made the entry or the proposal."""

    number: int


@dataclass
class CorrectionWaits(Refusal):
    """A correction of the entry waits for its approval already."""

    number: int


@dataclass
class NothingChanged(Refusal):
    """What was typed as a correction is what stands there."""

    number: int


@dataclass
class PrivateNumberFound(Refusal):
    """A text holds an ID card, phone or bank card number (Guard)."""

    found: tuple[tuple[str, str], ...]
    """Kind and hint of each."""


@dataclass
class UnknownCriterion(Refusal):
    """No criterion of that code under the unit's scheme, or under the item."""

    code: str
    known: tuple[str, ...]


@dataclass
class TooManyRows(Refusal):
    """A table has more rows than are imported at once."""

    count: int
    most: int


@dataclass
class NotCountable(Refusal):
    """The criterion is taken once: 该项不得分, or a veto."""

    code: str


@dataclass
class TooManyTimes(Refusal):
    """A number of times that nobody finds."""

    times: int


@dataclass
class WrongChat(Refusal):
    """The group chat is not bound to the person's assessment group."""

    bound_to: str | None


@dataclass
class GroupOnly(Refusal):
    """The command is about a group chat and works in one only."""


@dataclass
class NotADay(Refusal):
    """A text that should be a day is none."""

    text: str


@dataclass
class NoMethod(Refusal):
    """The unit has no whole method for the year: its officers cannot be scored (R9)."""

    unit: Unit
    year: int


@dataclass
class NoOfficers(Refusal):
    """Nobody stands in the unit's roster in that month (R9)."""

    unit: Unit
    month: Month


@dataclass
class NotInService(Refusal):
    """The officer is not the unit's in that month."""

    name: str
    month: Month


@dataclass
class MonthNotBegun(Refusal):
    """A month that has not begun yet."""

    month: Month


@dataclass
class OfficersByMonth(Refusal):
    """Officers are assessed by the month, and a quarter or a year was named (R9)."""


@dataclass
class NotAMark(Refusal):
    """A month is marked with one of these words only."""

    text: str
    marks: tuple[str, ...]


@dataclass
class NoSuchOfficerEntry(Refusal):
    """No entry on an officer has this number, or it is not the person's to see."""

    number: int


@dataclass
class OfficerEntryReversed(Refusal):
    """The entry was taken back or put right before."""

    number: int


@dataclass
class NotThisDaysEntry(Refusal):
    """Only its author takes an entry back without a reason, on the day it was logged (R11)."""

    number: int


@dataclass
class NothingChanges(Refusal):
    """A correction that changes nothing, or says nothing of why."""

    number: int


@dataclass
class MethodSum(Refusal):
    """The common and the own part of a method do not add up to 100 (R9)."""

    common: Decimal
    total: Decimal


@dataclass
class NotAFilingYear(Refusal):
    """Documents are filed for this year or the next (R10)."""

    text: str
    years: tuple[int, ...]


@dataclass
class NothingToFile(Refusal):
    """The person files no document in that year (R10)."""

    year: int


@dataclass
class UnfitDocument(Refusal):
    """A file that is filed as no document, with why (R10)."""

    fault: str


@dataclass
class Superseded(Refusal):
    """A newer version was filed meanwhile: it is the one to decide on (R10)."""

    version: int
    newest: int


@dataclass
class NotATime(Refusal):
    """A text that should be a time of day is none."""

    text: str


@dataclass
class EmptyCommand(Refusal):
    """The command needs more words; with an example."""

    example: str


@dataclass
class NoSeal(Refusal):
    """No seal can be read in what was to be compared."""


@dataclass
class CategoryUnclear(Refusal):
    """A table of criteria fits no category, or several."""

    categories: tuple[str, ...]


@dataclass
class UnfitFile(Refusal):
    """A file that is not kept, with why."""

    fault: str


@dataclass
class FilesOfAppeal(Refusal):
    """The files were submitted with an appeal and stay with it."""


@dataclass
class NoEvidence(Refusal):
    """The entry has no evidence."""

    number: int


@dataclass
class TooManyLines(Refusal):
    """More lines in one message than are read at once."""

    count: int
    most: int


@dataclass
class SeveralMeant(Refusal):
    """Several things could be meant, where it cannot be asked which."""

    kind: str
    candidates: tuple[str, ...]


@dataclass
class WrongStage(Refusal):
    """A step that does not follow from where the group's quarter stands (R7)."""

    group: str
    quarter: Quarter
    stage: str
    move: str


@dataclass
class Unexplained(Refusal):
    """Entries without a reason block the submission (R7, R12)."""

    quarter: Quarter
    entries: "tuple[Deduction, ...]"


@dataclass
class NotWaved(Refusal):
    """Units that are not inspected and were not waved through by name (R7)."""

    units: "tuple[Unit, ...]"


@dataclass
class AppealsStand(Refusal):
    """Appeals are undecided, or can still be made (Appeals)."""

    undecided: tuple[int, ...]
    windows: tuple[int, ...]
    until: date | None


@dataclass
class CorrectionsWait(Refusal):
    """Corrections wait for their second person (Replacement)."""

    entries: tuple[int, ...]


@dataclass
class IncompleteOrder(Refusal):
    """What an order needs and lacks, with an example."""

    what: tuple[str, ...]
    example: str
    groups: tuple[str, ...]
    said: str = ""


@dataclass
class NoLead(Refusal):
    """The quarter has no lead (带队局领导) whose name the confirmation could bear."""

    quarter: Quarter


@dataclass
class NotALeader(Refusal):
    """Nobody of that name is among the leaders."""

    text: str
    leaders: tuple[str, ...]


@dataclass
class ExtensionTooShort(Refusal):
    """The new day does not lie after the deadline, or is over already."""

    day: date
    earliest: date


@dataclass
class ExtensionTooLate(Refusal):
    """The new day reaches the next quarter's deadline."""

    day: date
    before: date


class Lack(Enum):
    """Why a unit's month cannot be returned (R9)."""

    NOT_OVER = auto()
    NOT_BEGUN = auto()
    """It lies before the bureau's beginning."""
    NO_OFFICERS = auto()
    NO_METHOD = auto()
    """The common and the unit's own part do not add up to 100 yet."""


@dataclass
class NotReturnable(Refusal):
    """The unit's month cannot be returned (R9)."""

    unit: Unit
    month: Month
    lack: Lack
    begins: Month


@dataclass
class ReturnUnexplained(Refusal):
    """Entries on officers without a reason block the month's return (R9, R12)."""

    month: Month
    numbers: tuple[int, ...]


@dataclass
class NotAMonth(Refusal):
    """A text that should be a month is none."""

    text: str


@dataclass
class NotAllowed(Refusal):
    """The person's posts do not allow what it asked for there."""

    deed: Deed


@dataclass
class NotAnOfficer(Refusal):
    """What stands where an officer's name, badge number or duty should be is none."""

    what: str
    text: str


@dataclass
class NoSuchOfficer(Refusal):
    """Nobody of that name or badge number in the unit's roster."""

    text: str
    unit: Unit


@dataclass
class EmptyRoster(Refusal):
    """The unit has no officer in its roster today."""

    unit: Unit


@dataclass
class NumberTaken(Refusal):
    """The badge number is another officer's; `unit` where that one is in another unit, whose people are not named."""

    number: str
    name: str
    unit: Unit | None = None


@dataclass
class NameTaken(Refusal):
    """Somebody of the unit has the new name already, and badge numbers do not tell the two apart."""

    name: str
    number: str


@dataclass
class SameName(Refusal):
    """Officers of the unit have the name already, and the badge number does not tell which is meant."""

    name: str
    numbers: tuple[str, ...]
    number: str


@dataclass
class ListedTwice(Refusal):
    """Two lines are about the same officer."""

    text: str


@dataclass
class DayBefore(Refusal):
    """Somebody would leave before it came."""

    day: date
    since: date


@dataclass
class ServicesOverlap(Refusal):
    """Somebody would be in two places on one day."""

    earlier: "Service"
    later: "Service"


@dataclass
class AlreadyThere(Refusal):
    """Somebody would move to where it is."""

    name: str


@dataclass
class ServesElsewhere(Refusal):
    """Somebody is another unit's by now: that one's liaison sees to it."""

    name: str
    unit: str
    """Its code."""


@dataclass
class NobodyAgrees(Refusal):
    """Dates of service need a consent that nobody can give: neither the unit, by its code, nor the office has anyone (R9)."""

    unit: str | None


@dataclass
class NotYoursToAgree(Refusal):
    """Dates of service are agreed to by the unit that is asked, or by the office, never by who wants them (R9)."""


@dataclass
class ItemsInUse(Refusal):
    """A method would take items away from under living entries of months that are not returned (R9, R13)."""

    items: tuple[tuple[str, tuple[int, ...]], ...]
    """Each item with the numbers of its entries."""


@dataclass
class MethodSuperseded(Refusal):
    """A newer version was sent meanwhile."""

    version: int


@dataclass
class NotThatYear(Refusal):
    """A method is sent for about now."""

    year: int
    years: tuple[int, ...]


@dataclass
class NotAnExport(Refusal):
    """What was asked for is nothing that can be exported."""

    text: str


@dataclass
class NothingToExport(Refusal):
    """There is no unit whose figures the person sees."""


@dataclass
class ExportFailed(Refusal):
    """The file could not be made just now; nothing was sent."""
