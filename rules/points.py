"""Points: exact decimals with two places, how they are checked and how they are shown (R2)."""

from decimal import ROUND_HALF_UP, Decimal

HUNDREDTH = Decimal("0.01")

ABSURD = Decimal(10**9)
"""No number of points comes near it; beyond it Decimal itself can fail."""


def has_two_places(points: Decimal) -> bool:
    """Whether the number is finite and exact in hundredths (R2)."""
    return points.is_finite() and abs(points) < ABSURD and points == points.quantize(HUNDREDTH)


def rounded(points: Decimal, places: int = 2) -> Decimal:
    """Rounded half up, only for showing (R4)."""
    return points.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def shown(points: Decimal, places: int = 2) -> str:
    """As people write it: 2, 0.5, 97.33; no exponent, no trailing zeros."""
    text = f"{rounded(points, places):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def places_needed(values: list[Decimal]) -> int:
    """The decimals, from two up to eight, at which different values also look different (Ties)."""
    distinct = set(values)
    for places in range(2, 8):
        if len({rounded(value, places) for value in distinct}) == len(distinct):
            return places
    return 8
