"""Corrections: who may put an entry right, and when a second person has to look at it (R11, Replacement)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.bureau import Bureau
from rules.entries import Basis, Deduction
from rules.people import Person, Role
from rules.recusal import PointMove, Recused, check_recusal, check_scorer
from rules.refusals import AlreadyReversed, Barred, MayNotApprove, NotYourEntry, QuarterClosed
from rules.stages import SETTLED, Stage


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What shall stand in the place of a corrected entry; it counts in the original's quarter."""

    unit: str
    item: str
    points: Decimal
    reason: str | None
    basis: Basis | None = None
    inspected_on: date | None = None
    """None: as it was."""

    @property
    def vetoes(self) -> bool:
        """Whether it is made by a criterion that is a veto (一票否决)."""
        return self.basis is not None and self.basis.veto


def check_corrector(person: Person, deduction: Deduction, bureau: Bureau, stage: Stage = Stage.OPEN) -> None:
    """The author, as long as it is of the unit's group, while the quarter is open; the office until it is confirmed.

    Raises: AlreadyReversed, QuarterClosed, NotYourEntry, Recused, Barred.
    """
    if not deduction.lives:
        raise AlreadyReversed(deduction)
    if stage in SETTLED:
        raise QuarterClosed(deduction.quarter, stage.value)
    of_office, unit = person.has({Role.OFFICE}), bureau.unit(deduction.unit)
    if not of_office and deduction.author_id != person.id:
        raise NotYourEntry(deduction)
    check_recusal(person, unit, PointMove.CORRECT)
    if of_office:
        return
    check_scorer(person, unit, bureau, PointMove.CORRECT)
    if stage is not Stage.OPEN:
        raise QuarterClosed(deduction.quarter, stage.value)


def may_correct(person: Person, deduction: Deduction, bureau: Bureau, stage: Stage = Stage.OPEN) -> bool:
    """Whether the person may propose a correction of the entry."""
    try:
        check_corrector(person, deduction, bureau, stage)
    except (AlreadyReversed, QuarterClosed, NotYourEntry, Recused, Barred):
        return False
    return True


def check_new_unit(person: Person, unit: str, bureau: Bureau) -> None:
    """A replacement on another unit is a deduction from it (R8); the office puts entries of every group right.

    Raises: Recused, Barred.
    """
    other = bureau.unit(unit)
    check_recusal(person, other, PointMove.CORRECT)
    if not person.has({Role.OFFICE}):
        check_scorer(person, other, bureau, PointMove.CORRECT)


def needs_second(
    deduction: Deduction, new: NewEntry | None, threshold: Decimal, stage: Stage = Stage.OPEN
) -> bool:
    """Whether a second person has to approve: from a threshold of points on, with a veto, or once the quarter is submitted."""
    points = max(deduction.points, new.points if new is not None else Decimal(0))
    vetoes = deduction.vetoes or (new is not None and new.vetoes)
    return points >= threshold or stage is Stage.SUBMITTED or vetoes


@dataclass(frozen=True, slots=True)
class Proposed:
    """A correction, or an appeal's decision, that a second person looks at.

    `proposer` and, where it decides an appeal, `appellant` are ids of persons; the appellant made the appeal.
    """

    deduction: Deduction
    new: NewEntry | None
    proposer: int
    appellant: int | None = None


def check_approver(person: Person, proposed: Proposed, bureau: Bureau) -> None:
    """A head of the group or the office; nobody who made any part of it, and nobody who comes from its units (R8).

    Raises: MayNotApprove, Recused.
    """
    deduction, new = proposed.deduction, proposed.new
    codes = (deduction.unit,) if new is None else (deduction.unit, new.unit)
    units = [bureau.unit(code) for code in dict.fromkeys(codes)]
    heads = {post.group for post in person.posts if post.role in {Role.HEAD, Role.DEPUTY}}
    groups = {group.name for unit in units if (group := bureau.group_for(unit)) is not None}
    of_group = bool(groups) and groups <= heads
    if not (person.has({Role.OFFICE}) or of_group):
        raise MayNotApprove(deduction.number)
    if person.id in {deduction.author_id, proposed.proposer, proposed.appellant}:
        raise MayNotApprove(deduction.number)
    for unit in units:
        check_recusal(person, unit, PointMove.APPROVE)


def may_approve(person: Person, proposed: Proposed, bureau: Bureau) -> bool:
    """Whether the person may be the second one."""
    try:
        check_approver(person, proposed, bureau)
    except (MayNotApprove, Recused):
        return False
    return True
