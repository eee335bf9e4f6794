"""The cases of tests/corpus: what people write, and what is right."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "corpus"
WAITING = ("waiting", "fresh_waiting")
CORRECTIONS = ("corrections", "fresh_corrections")
LINES = ("lines", "more_lines", "further_lines", "office_lines", "fresh_lines", "fourth_lines")

_DAY = re.compile(r"\{d([+-]\d+)?:([^}]+)\}")


@dataclass(frozen=True)
class Said:
    """A deduction as it came out: unit and item by name."""

    unit: str
    item: str
    points: Decimal
    reason: str | None
    criterion: str | None
    times: int
    inspected: date
    text: str = ""
    """What the criterion says, which is a reason as well."""


def cases(name: str) -> Iterator[dict[str, Any]]:
    """The cases of a file."""
    for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)


def filled(text: str, today: date, numbers: tuple[int, ...] = ()) -> str:
    """The text with the days, quarters and record numbers that it names put in."""

    def day(match: re.Match[str]) -> str:
        when, form = today + timedelta(days=int(match[1] or 0)), match[2]
        forms = {
            "cn": f"{when.month}月{when.day}日", "day": str(when.day), "iso": when.isoformat(),
            **{sign: f"{when.month}{sign}{when.day}" for sign in "-./"},
        }  # fmt: skip
        return forms[form]

    text = _DAY.sub(day, text).replace("{q}", "2026Q4").replace("{q-1}", "2026Q3")
    for place, number in enumerate(numbers, start=1):
        text = text.replace(f"{{{place}}}", str(number))
    return text


def on_day(inspected: str | None, today: date) -> date:
    """The day that a case means."""
    if inspected is None:
        return today
    if inspected.startswith("上周"):
        monday = today - timedelta(days=today.weekday() + 7)
        return monday + timedelta(days=int(inspected[2:]) - 1)
    return today + timedelta(days=int(inspected[1:]))


def lists(case: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """The lists of entries that are right."""
    return [case["entries"], *case.get("alt", [])]


def outcomes(case: dict[str, Any]) -> set[str]:
    """The outcomes that are right."""
    return {case["outcome"], *case.get("also", [])}


def are(said: list[Said], wanted: list[dict[str, Any]], today: date) -> bool:
    """Whether these are the entries that were wanted."""
    return len(said) == len(wanted) and all(
        is_(one, want, today) for one, want in zip(said, wanted, strict=True)
    )


def is_(said: Said, wanted: dict[str, Any], today: date) -> bool:
    """Whether this is the entry that was wanted."""
    reasons = wanted["reason"] if isinstance(wanted["reason"], list) else [wanted["reason"]]
    words = {_bare(filled(reason, today)) for reason in reasons}
    right_reason = _bare(said.reason) in words or ("" in words and said.reason == said.text)
    return right_reason and (
        said.unit, said.item, said.points, said.criterion, said.times, said.inspected,
    ) == (
        wanted["unit"], wanted["item"], Decimal(wanted["points"]), wanted["criterion"], wanted["times"] or 1,
        on_day(wanted["inspected"], today),
    )  # fmt: skip


def _bare(reason: str | None) -> str:
    """A reason without the signs that do not count."""
    return re.sub(r"[\s，,、。；;]", "", reason or "").strip('：:.()（）/|-"“”')
