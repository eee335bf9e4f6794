"""What people write is read right, asked or refused: every case of tests/corpus through the reader."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from cases import CORRECTIONS, LINES, WAITING, Said, are, cases, filled, lists, on_day, outcomes

from bot.config.load import load
from rules.calendar import Quarter
from rules.names import Match
from rules.numbers import check_points
from rules.private_numbers import find_private
from rules.reading import (
    Entry,
    Outcome,
    Setting,
    Standing,
    Vocabulary,
    Why,
    may_be_reason,
    read_correction,
    read_message,
    reason_of,
    split_command,
)
from rules.refusals import Refusal

BUREAU = load(Path(__file__).parent.parent.parent / "config.example.toml", {}).organisation
WORDS = Vocabulary.of(BUREAU, 2026)
TODAY, NOW = date(2026, 11, 30), Quarter(2026, 4)
BARE = frozenset({"扣分", "记分", "撤销", "更正", "成绩", "帮助"})
_BEFORE = re.compile(r"(?:/correct|更正) *(?:# *)?(?:\{1\})?[ ，]*")
"""What names the record that is put right."""
REFUSED = {Why.PLUS, Why.IMPOSSIBLE, Why.FUTURE, Why.DENIED}


def written(entry: Entry) -> Said | None:
    """The entry as the ledger would hold it; None where a rule refuses it."""
    unit = BUREAU.unit(entry.unit or "")
    scheme = BUREAU.scheme_for(unit, 2026)
    if unit.category != "派出所" or entry.quarter not in (None, NOW) or find_private(entry.reason or ""):
        return None
    times = 1 if entry.times is None else entry.times
    if entry.criterion is not None:
        item, criterion = scheme.find_criterion(entry.criterion)
        if (times != 1 and not criterion.countable) or times < 1:
            return None
        points, text = item.taken_by(criterion, times), criterion.text
    else:
        item, points, text = scheme.item(entry.item), entry.points, ""
        times = 1
    try:
        if points or entry.criterion is None:
            check_points(points, item)
    except Refusal:
        return None
    return Said(
        unit.name, item.name, points, entry.reason, entry.criterion, times, entry.inspected_on or TODAY, text
    )


def came_of(text: str) -> tuple[str, list[Said]]:
    """The outcome and the entries that may be written."""
    said = split_command(text, "kaoping_test_bot", BARE)
    if said is not None and said.name not in ("deduct", "扣分", "记分"):
        return ("ask" if text.startswith("/") else "none"), []
    message = read_message(said.args if said else text, Setting(WORDS, NOW, TODAY, command=said is not None))
    if message.outcome is Outcome.NOTHING:
        return "none", []
    good = [one for entry in message.entries if entry.clear and (one := written(entry)) is not None]
    if good:
        return ("write" if message.outcome is Outcome.WRITE else "confirm"), good
    refused = any(entry.clear or any(d.why in REFUSED for d in entry.doubts) for entry in message.entries)
    return ("refuse" if refused else "ask"), []


def right(case: dict, text: str) -> tuple[bool, object]:
    outcome, said = came_of(text)
    allowed = outcomes(case)
    if outcome in ("write", "confirm"):
        shown_first = outcome in allowed or (outcome == "confirm" and "write" in allowed)
        return shown_first and any(are(said, wanted, TODAY) for wanted in lists(case)), (outcome, said)
    asked = {"ask", "refuse"}
    return outcome in allowed or (outcome in asked and bool(allowed & asked)), outcome


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for name in LINES for case in cases(name)])
def test_a_line_is_read_right_or_asked(case):
    understood, got = right(case, filled(case["say"], TODAY))
    assert understood, (case["say"], got)


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case["id"]) for name in WAITING for case in cases(name)]
)
def test_while_a_reason_is_awaited_only_a_reason_is_taken_for_one(case):
    text = filled(case["say"], TODAY, (12,))
    command = split_command(text, "kaoping_test_bot", BARE) is not None
    reason = not command and may_be_reason(text, Setting(WORDS, NOW, TODAY, command=False), BARE)
    wanted = case["expect"].get("reason")
    assert reason == (wanted is not None)
    if wanted is not None:
        assert reason_of(text) in (wanted if isinstance(wanted, list) else [wanted])


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(c, id=c["id"])
        for name in CORRECTIONS
        for c in cases(name)
        if c["say"].startswith(("/correct {1}", "/correct #", "更正"))
    ],
)
def test_a_correction_is_read_right_or_asked(case):
    given, expect = case["given"], case["expect"]
    unit = WORDS.units.find(given["unit"])
    assert isinstance(unit, Match)
    standing = Standing(unit.value, given["item"], Decimal(given["points"]), given["criterion"], given["times"])
    words = filled(_BEFORE.sub("", case["say"]), TODAY)
    said = read_correction(words, standing, Setting(WORDS, NOW, TODAY))
    if said.doubts and "ask" in case.get("also", ()):
        return
    assert said.cancel == bool(expect.get("cancel"))
    change = expect.get("change", {})
    assert bool(said.doubts) == (
        ("ask" in expect and words != "") or (expect.get("refuse") is True and "+" in words)
    )
    if change:
        assert (said.unit and BUREAU.unit(said.unit).name) == change.get("unit")
        assert said.item == change.get("item")
        assert (said.criterion, said.times) == (change.get("criterion"), change.get("times"))
        assert said.points == (
            None if said.times else Decimal(change["points"]) if "points" in change else None
        )
        assert said.inspected_on == (on_day(change["inspected"], TODAY) if "inspected" in change else None)
        assert said.reason == (change["reason"] if isinstance(change.get("reason"), str) else None)
