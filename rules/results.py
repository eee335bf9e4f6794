"""Confirmed results: a unit's score of a quarter as it was stored, whatever the config becomes (R7)."""

from collections.abc import Mapping
from dataclasses import dataclass

from rules.bureau import Unit
from rules.calendar import Quarter
from rules.score import UnitScore


@dataclass(frozen=True, slots=True)
class Result:
    """A unit as it was in that quarter, with its score. `group` is the group that scored it."""

    unit: Unit
    group: str
    quarter: Quarter
    score: UnitScore
    inspected: bool
    vetoed: bool


Results = Mapping[str, Result]
"""The results of one quarter, by the unit's code."""
