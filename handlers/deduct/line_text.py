"""What of a line was not understood, told in the person's own words."""

from collections.abc import Sequence

from rules.reading import Doubt, Why


def note(
    unit: Doubt | None, item: Doubt | None, points: Doubt | None, times: Doubt | None, near: Sequence[str]
) -> str:
    """What stands above the next question; empty where nothing has to be told."""
    if unit is not None and unit.why is Why.UNKNOWN:
        return f"没有叫“{unit.text[:30]}”的单位。您要找的可能是：{'、'.join(near)}。"
    if item is not None and item.why is Why.UNKNOWN:
        likely = f"您要找的可能是：{'、'.join(item.choices)}。" if item.choices else ""
        return f"没有叫“{item.text[:30]}”的项目。{likely}"
    if points is not None and points.why is Why.EITHER:
        return f"“{points.text}”是细则 {points.choices[0]}，还是扣 {points.text} 分？"
    if times is not None and len(times.choices) > 1:
        return f"“{times.text}”是按 {times.choices[-1]} 次计，还是只记 1 次？"
    return ""
