"""Places inside one sequence: highest score first, equal scores share a place (R5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Generic, TypeVar

Score = TypeVar("Score", Decimal, Fraction)


@dataclass(frozen=True, slots=True)
class Standing(Generic[Score]):
    """A unit's place by its code; `shared` says that another unit has the same place (并列)."""

    place: int
    shared: bool
    unit: str
    score: Score


def rank(scores: Sequence[tuple[str, Score]]) -> tuple[Standing[Score], ...]:
    """Places of (unit, exact score) pairs given in the config's order: 1, 2, 2, 4 (R5).

    Ties compare exact values (Ties); inside a place the given order stays.
    """
    ordered = sorted(scores, key=lambda pair: -pair[1])
    values = [score for _, score in ordered]
    return tuple(
        Standing(values.index(score) + 1, values.count(score) > 1, unit, score) for unit, score in ordered
    )
