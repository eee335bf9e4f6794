"""Recusal (回避): nobody moves the points of a unit that it comes from, or gives grounds for them, by whatever post (R8)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from rules.access import Deed, may
from rules.bureau import Bureau, Unit
from rules.people import Person
from rules.refusals import Bar, Barred, Refusal


class PointMove(Enum):
    """A way in which somebody moves, settles or gives grounds for a unit's points; the value is the word on screen."""

    LOG = "登记"
    MARK = "标记"
    INSPECT = "标记检查完毕"
    WAVE = "放过"
    CORRECT = "更正"
    UNDO = "撤销"
    REASON = "补充原因"
    EVIDENCE = "补充证据"
    APPROVE = "核准"
    DECIDE = "裁定"
    SIGN = "签字"
    ROSTER = "改花名册"


@dataclass
class Recused(Refusal):
    """The person comes from the unit whose points would move (R8, 回避)."""

    unit: Unit
    move: PointMove


@dataclass
class Oneself(Refusal):
    """The officer whose points would move is the person (R9, 回避)."""

    move: PointMove


def check_recusal(person: Person, unit: Unit, move: PointMove) -> None:
    """Refuse whoever comes from the unit, by any of its posts; no other post lifts it. Recused."""
    if unit.code in person.own_units:
        raise Recused(unit, move)


def check_scorer(person: Person, unit: Unit, bureau: Bureau, move: PointMove = PointMove.LOG) -> None:
    """Let pass who writes entries for the unit now: a member of its group that does not come from it (R8).

    Raises: Barred, Recused.
    """
    group = bureau.group_for(unit)
    if not may(person, Deed.DEDUCT):
        raise Barred(Bar.NO_POST, unit, group, move.value)
    check_recusal(person, unit, move)
    if group is None or group.name not in person.groups:
        raise Barred(Bar.OTHER_GROUP, unit, group, move.value)


def may_score(person: Person, unit: Unit, bureau: Bureau) -> bool:
    """Whether the person may write an entry for the unit."""
    try:
        check_scorer(person, unit, bureau)
    except (Barred, Recused):
        return False
    return True


def check_not_oneself(person: Person, officers: Collection[int], move: PointMove) -> None:
    """Refuse whoever is one of the officers whose month would change, or be vouched for (R9). Oneself."""
    if not person.officers.isdisjoint(officers):
        raise Oneself(move)
