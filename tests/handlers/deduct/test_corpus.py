"""What people write, said to the real bot: what is in the ledger afterwards."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from cases import CORRECTIONS, LINES, WAITING, Said, are, cases, filled, lists, outcomes
from conversation import Town

NOW = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
TODAY = NOW.date()
EVERY = 3
"""One of so many cases is said to the bot; all go through the reader in tests/rules."""

CHOSEN = [case for name in LINES for case in list(cases(name))[::EVERY]]
PARTS = [CHOSEN[start : start + 25] for start in range(0, len(CHOSEN), 25)]


def ledger(town: Town, author: int, *, after: int = 0) -> list[Said]:
    """The living deductions of an author."""
    with town.beside() as db:
        rows = db.execute(
            "SELECT e.id, e.unit_code, e.item, e.points, e.criterion, e.times, e.inspected_on, "
            "COALESCE(e.reason, (SELECT r.reason FROM entry r WHERE r.target_id = e.id AND r.kind = 'reason')), e.criterion_text "
            "FROM entry e WHERE e.kind = 'deduction' AND e.author_id = ? AND e.id > ? "
            "AND NOT EXISTS (SELECT 1 FROM entry v WHERE v.target_id = e.id AND v.kind = 'reversal') ORDER BY e.id",
            (author, after),
        ).fetchall()
    unit = town.config.organisation.unit
    return [
        Said(
            unit(code).name, item, Decimal(points) / 100, reason, criterion, times, datetime.fromisoformat(str(day)).date(),
            (text or "").partition("（")[0],
        )
        for _, code, item, points, criterion, times, day, reason, text in rows
    ]  # fmt: skip


async def person_id(town: Town, player) -> int:
    with town.beside() as db:
        return db.execute("SELECT id FROM person WHERE telegram_id = ?", (player.id,)).fetchone()[0]


def offered(town: Town, player, label: str) -> bool:
    """Whether a button of the chat begins so."""
    messages = town.world.store.messages(player.id, limit=20)
    rows = [row for message in messages for row in message.get("reply_markup", {}).get("inline_keyboard", [])]
    return any(button["text"].startswith(label) for row in rows for button in row)


async def confirmed(player, *, partial: bool) -> None:
    """Press what writes the deductions that are shown, where they are."""
    for _ in range(3):
        labels = player.buttons()
        for label in ("先不写原因", "✔ 登记", "全部记入", "只记入" if partial else "全部记入"):
            if any(text.startswith(label) for text in labels):
                await player.presses(label)
                break
        else:
            return


@pytest.mark.parametrize("part", [pytest.param(part, id=part[0]["id"]) for part in PARTS])
async def test_a_line_is_written_shown_asked_or_refused(town, part):
    town.with_now(NOW)
    wrong = []
    for case in part:
        wang = await town.assessor(f"王{case['id']}")
        me = await person_id(town, wang)
        await wang.says(filled(case["say"], TODAY).replace("kaoping_test_bot", "kaoping_sandbox_bot"))
        at_once = ledger(town, me)
        allowed = outcomes(case)
        answered = bool(wang.answers())
        if allowed & {"write", "confirm"}:
            await confirmed(wang, partial=bool(case.get("partial")))
        said = ledger(town, me)
        if said:
            good = (not at_once or "write" in allowed) and any(are(said, want, TODAY) for want in lists(case))
        else:
            good = answered and bool(allowed & {"ask", "refuse", "none"})
        if not good:
            wrong.append((case["id"], case["say"], case["outcome"], at_once, said, wang.sees()))
        town.clock.move(seconds=1)
    assert wrong == []


@pytest.mark.parametrize("case", [pytest.param(c, id=c["id"]) for name in CORRECTIONS for c in cases(name)])
async def test_a_correction_changes_what_it_says_or_asks(town, case):
    town.with_now(NOW)
    wang = await town.assessor()
    me = await person_id(town, wang)
    given = case["given"] if isinstance(case["given"], list) else [case["given"]]
    for one in given:
        what = f"{one['criterion']} x{one['times']}" if one["criterion"] else f"{one['item']} {one['points']}分"
        await wang.says(f"/deduct {one['unit']} {what} {one['reason']}")
    before = ledger(town, me)
    assert len(before) == len(given)
    town.clock.move(seconds=5)
    await wang.says(filled(case["say"], TODAY, tuple(range(1, len(given) + 1))))
    expect, sees = case["expect"], wang.sees()
    if "change" in expect or "cancel" in expect:
        if offered(town, wang, "误记"):
            await wang.says("核实")
        if offered(town, wang, "✔ 更正"):
            await wang.presses("✔ 更正")
    after = ledger(town, me)
    place = case.get("of", 1) - 1
    if after == before and "ask" in case.get("also", ()):
        assert sees != ""
    elif "cancel" in expect:
        assert after == before[:place] + before[place + 1 :]
    elif "change" in expect:
        old, change = before[0], expect["change"]
        (new,) = after
        assert new.unit == change.get("unit", old.unit)
        assert new.item == change.get("item", old.item)
        assert new.points == Decimal(change.get("points", old.points))
        assert (new.criterion, new.times) == (
            change.get("criterion", old.criterion),
            change.get("times", old.times),
        )
        assert new.inspected == (TODAY - timedelta(days=3) if "inspected" in change else old.inspected)
        reason = change.get("reason", old.reason)
        assert new.reason in (reason if isinstance(reason, list) else [reason])
    else:
        assert after == before
        assert sees != ""


@pytest.mark.parametrize("case", [pytest.param(c, id=c["id"]) for name in WAITING for c in cases(name)])
async def test_what_comes_while_a_reason_is_awaited(town, case):
    town.with_now(NOW)
    wang = await town.assessor()
    me = await person_id(town, wang)
    one = case["given"]
    await wang.says(f"/deduct {one['unit']} {one['item']} {one['points']}分")
    first = ledger(town, me)
    assert [entry.reason for entry in first] == [None]
    town.clock.move(seconds=5)
    await wang.says(filled(case["say"], TODAY, (1,)))
    expect = case["expect"]
    if "new" in expect:
        await confirmed(wang, partial=False)
        said = ledger(town, me)
        assert said[0] == first[0]
        assert are(said[1:], expect["new"], TODAY)
    elif "reason" in expect:
        wanted = expect["reason"] if isinstance(expect["reason"], list) else [expect["reason"]]
        assert [entry.reason in wanted for entry in ledger(town, me)] == [True]
    elif "cancel" in expect and "also" not in case:
        assert ledger(town, me) == []
    else:
        assert (
            ledger(town, me) in (first, [])
            if "cancel" in {*expect, *case.get("also", [])}
            else ledger(town, me) == first
        )
