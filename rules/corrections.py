"""Corrections: who may put an entry right, and when a second person has to look at it (R11, Replacement)."""

from dataclasses import dataclass
from decimal import Decimal

from rules.access import Bar, bar_to_scoring
from rules.bureau import Bureau
from rules.entries import Basis, Deduction
from rules.people import Person, Role
from rules.refusals import AlreadyReversed, Barred, NotYourEntry, QuarterClosed
from rules.stages import SETTLED, Stage


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What shall stand in the place of a corrected entry; it counts in the original's quarter."""

    unit: str
    item: str
    points: Decimal
    reason: str | None
    basis: Basis | None = None


def check_corrector(person: Person, deduction: Deduction, stage: Stage = Stage.OPEN) -> None:
    """The author while the quarter is open, the office until it is confirmed.

    AlreadyReversed, QuarterClosed, NotYourEntry.
    """
    if not deduction.lives:
        raise AlreadyReversed(deduction)
    if stage in SETTLED:
        raise QuarterClosed(deduction.quarter, stage.value)
    if person.has({Role.OFFICE}):
        return
    if deduction.author_id != person.id:
        raise NotYourEntry(deduction)
    if stage is not Stage.OPEN:
        raise QuarterClosed(deduction.quarter, stage.value)


def may_correct(person: Person, deduction: Deduction, stage: Stage = Stage.OPEN) -> bool:
    """Whether the person may propose a correction of the entry."""
    try:
        check_corrector(person, deduction, stage)
    except (AlreadyReversed, QuarterClosed, NotYourEntry):
        return False
    return True


def check_new_unit(person: Person, unit: str, bureau: Bureau) -> None:
    """A replacement on another unit is a deduction from it: one's own unit stays barred (R8). Barred.

    The office puts entries of every group right, and so is barred from its own unit alone.
    """
    found = bureau.unit(unit)
    bar = bar_to_scoring(person, found, bureau)
    if bar is None or (person.has({Role.OFFICE}) and found.code not in person.own_units):
        return
    raise Barred(Bar.OWN_UNIT if found.code in person.own_units else bar, found, bureau.group_for(found))


def needs_second(
    deduction: Deduction, new: NewEntry | None, threshold: Decimal, stage: Stage = Stage.OPEN
) -> bool:
    """Whether a second person has to approve: from a threshold of points on, or once the quarter is submitted."""
    points = max(deduction.points, new.points if new is not None else Decimal(0))
    return points >= threshold or stage is Stage.SUBMITTED or deduction.vetoes


def may_approve(person: Person, deduction: Deduction, proposer_id: int, bureau: Bureau) -> bool:
    """A head of the group or the office, never the author or the proposer, and none that comes from the unit (R8)."""
    if person.id in {deduction.author_id, proposer_id} or deduction.unit in person.own_units:
        return False
    group = bureau.group_for(bureau.unit(deduction.unit))
    heads = {Role.HEAD, Role.DEPUTY}
    return person.has({Role.OFFICE}) or any(
        post.role in heads and group is not None and post.group == group.name for post in person.posts
    )
