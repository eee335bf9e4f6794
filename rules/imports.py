"""What a table of deductions means where it says a thing twice: points, and how often a criterion was found."""

import math
from decimal import Decimal
from fractions import Fraction

from rules.scheme import Criterion, Item

MOST_ROWS = 2_000
"""Rows of one file."""


def times_for(item: Item, criterion: Criterion, points: Decimal) -> int | None:
    """How often a criterion was found where it took so many points; None where it cannot take them."""
    if item.taken_by(criterion, 1) == points:
        return 1
    if not criterion.countable or criterion.points is None:
        return None
    times = math.ceil(Fraction(points) / Fraction(criterion.points))
    return times if times > 0 and item.taken_by(criterion, times) == points else None
