"""What is kept beside the ledger is what its entries come to, whatever was written and however (R11)."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from alembic import command
from conversation import new_database
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.calendar import Quarter
from rules.entries import Basis
from storage import ledger, people, running_totals
from storage.database import Database
from storage.migrate import alembic_config, migrate

NOW = datetime(2026, 11, 10, 1, tzinfo=UTC)
QUARTERS = (Quarter(2026, 3), Quarter(2026, 4))
UNITS = ("chengguan", "dongmen", "xijie")
ITEMS = ("治安管理", "执法办案")
VETO = Basis("9.9", "一票否决", 1, veto=True)

places = st.tuples(st.sampled_from(QUARTERS), st.sampled_from(UNITS), st.sampled_from(ITEMS))
points = st.integers(0, 300).map(lambda hundredths: Decimal(hundredths).scaleb(-2))
lines = st.tuples(places, points, st.booleans())
which = st.integers(0, 99)
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("deduct"), lines),
        st.tuples(st.just("import"), st.lists(lines, min_size=1, max_size=4)),
        st.tuples(st.just("reverse"), which),
        st.tuples(st.just("correct"), which, lines),
        st.tuples(st.just("reason"), which),
    ),
    max_size=14,
)


class TakenBack(Exception):
    """An example is over; nothing of it stays."""


@pytest.fixture
async def database(tmp_path):
    base = Database(await new_database(tmp_path))
    yield base
    await base.close()


class Clerk:
    """Writes deeds into a ledger, and beside it what each row of it was."""

    def __init__(self, session, author):
        self.session, self.author, self.written, self.rows = session, author, [], []

    @property
    def now(self):
        # The clock may be set back: the last change is the latest, not the last that was written.
        number = len(self.rows)
        return NOW + timedelta(minutes=number if number % 5 else -number)

    def note(self, number, place, points_, living, veto):
        assert number == len(self.rows) + 1, "no gap, nothing twice"
        self.rows.append((place, points_, living, living if veto else 0, self.now))

    def new(self, line, **more):
        (quarter, unit, item), points_, veto = line
        basis = VETO if veto else None
        return ledger.New(
            key=f"k{len(self.rows)}", unit=unit, item=item, points=points_ if veto else points_ + Decimal("0.01"),
            quarter=quarter, inspected_on=NOW.date(), author_id=self.author, reason=None, at=NOW, group="组",
            basis=basis, **more,
        )  # fmt: skip

    async def keep(self, numbers, several):
        for number, new in zip(numbers, several, strict=True):
            self.note(number, (new.quarter, new.unit, new.item), new.points, 1, new.basis is not None)
            self.written.append(number)

    async def deduct(self, line, **more):
        new = self.new(line, **more)
        fields = {name: getattr(new, name) for name in ledger.New.__slots__}
        found = await ledger.deduct(self.session, **fields, now=self.now)
        await self.keep([found.number], [new])
        assert not (await ledger.deduct(self.session, **fields, now=self.now)).fresh, "handled twice"

    async def bring(self, several):
        news = [replace(self.new(line), key=f"k{len(self.rows)}.{n}") for n, line in enumerate(several)]
        now = self.now
        numbers = await ledger.deduct_all(self.session, news, now=now)
        for number, new in zip(numbers, news, strict=True):
            place = (new.quarter, new.unit, new.item)
            self.rows.append((place, new.points, 1, 1 if new.basis else 0, now))
            self.written.append(number)

    async def reverse(self, index):
        if not self.written:
            return None
        entry = await ledger.deduction(self.session, self.written[index % len(self.written)])
        found = await ledger.reverse(
            self.session,
            entry,
            key=f"k{len(self.rows)}",
            author_id=self.author,
            reason="误记",
            at=NOW,
            now=self.now,
        )
        if not found.fresh:
            return None
        place = (entry.quarter, entry.unit, entry.item)
        self.note(found.number, place, -entry.points, -1, entry.vetoes)
        return entry.number

    async def correct(self, index, line):
        replaced = await self.reverse(index)
        if replaced is not None:
            await self.deduct(line, replaces=replaced)

    async def give_reason(self, index):
        if not self.written:
            return
        entry = await ledger.deduction(self.session, self.written[index % len(self.written)])
        found = await ledger.give_reason(
            self.session,
            entry,
            key=f"k{len(self.rows)}",
            author_id=self.author,
            reason="原因",
            at=NOW,
            now=self.now,
        )
        if found.fresh:
            self.note(found.number, (entry.quarter, entry.unit, entry.item), Decimal(0), 0, False)

    def expected(self, through):
        sums, vetoes, changes = defaultdict(Decimal), defaultdict(int), {}
        for (quarter, unit, item), points_, _, veto, at in self.rows[:through]:
            sums[quarter, unit, item] += points_
            vetoes[quarter, unit] += veto
            changes[quarter, unit] = max(at, changes.get((quarter, unit), at))
        return dict(sums), {place for place, count in vetoes.items() if count > 0}, changes


def flat(taken):
    sums = {
        (q, u, i): p for q, units in taken.sums.items() for u, items in units.items() for i, p in items.items()
    }
    vetoed = {(quarter, unit) for quarter, units in taken.vetoed.items() for unit in units}
    return sums, vetoed, taken.changes


async def play(clerk, several):
    ways = {"deduct": clerk.deduct, "import": clerk.bring, "reverse": clerk.reverse, "correct": clerk.correct,
            "reason": clerk.give_reason}  # fmt: skip
    for deed, *told in several:
        await ways[deed](*told)


async def check(clerk):
    session, last = clerk.session, len(clerk.rows)
    assert flat(await ledger.taken(session, QUARTERS, UNITS)) == clerk.expected(last)
    for through in range(last + 1):
        expected = clerk.expected(through)
        assert flat(await ledger.taken(session, QUARTERS, UNITS, through=through)) == expected
        for quarter in QUARTERS:
            sums = await ledger.sums(session, quarter, UNITS[:2], through=through)
            found = {(quarter, u, i): p for u, items in sums.items() for i, p in items.items() if p}
            assert found == {
                place: p
                for place, p in expected[0].items()
                if p and place[0] == quarter and place[1] in UNITS[:2]
            }
    for quarter in QUARTERS:
        living = defaultdict(int)
        for (of, unit, _), _, count, _, _ in clerk.rows:
            living[unit] += count if of == quarter else 0
        logged = await ledger.logged(session, quarter, UNITS)
        assert logged == {unit: count for unit, count in living.items() if count}
        assert await ledger.last_change(session, quarter, UNITS) == max(
            (at for (of, *_), *_, at in clerk.rows if of == quarter), default=None
        )
        assert await running_totals.differences(session, quarter) == []
    assert await running_totals.quarters(session) == sorted({place[0] for place, *_ in clerk.rows})


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)  # fmt: skip
@given(several=deeds)
async def test_after_any_deeds_what_is_kept_is_what_the_entries_come_to_at_every_number(database, several):
    with pytest.MonkeyPatch.context() as patch:
        # Few enough that both ways to a sum as of a number are gone.
        patch.setattr(ledger, "FEW", 3)
        with pytest.raises(TakenBack):
            async with database.transaction() as session:
                author = (await people.meet(session, telegram_id=1, name="王", now=NOW)).id
                clerk = Clerk(session, author)
                await play(clerk, several)
                await check(clerk)
                raise TakenBack


A_LITTLE = [
    ("import", [((QUARTERS[0], "xijie", ITEMS[0]), Decimal(3), True), ((QUARTERS[1], "dongmen", ITEMS[1]), Decimal(1), False)]),
    ("deduct", ((QUARTERS[0], "xijie", ITEMS[0]), Decimal("0.1"), False)),
    ("reverse", 0),
    ("correct", 1, ((QUARTERS[1], "dongmen", ITEMS[0]), Decimal(2), True)),
    ("reason", 2),
]  # fmt: skip


async def written(database):
    async with database.transaction() as session:
        clerk = Clerk(session, (await people.meet(session, telegram_id=1, name="王", now=NOW)).id)
        await play(clerk, A_LITTLE)
    return clerk


async def test_a_ledger_that_was_there_before_is_counted_by_the_migration(database):
    clerk = await written(database)

    def back(connection):
        config = alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0005")

    await database.run_sync(back)
    await migrate(database)
    async with database.reading() as session:
        clerk.session = session
        await check(clerk)


async def test_what_is_kept_and_wrong_is_found_and_made_anew_from_the_ledger(database):
    import sqlalchemy as sa

    clerk = await written(database)
    async with database.transaction() as session:
        for sql in (
            "UPDATE tally SET points = points + 1 WHERE unit_code = 'xijie'",
            "DELETE FROM tally WHERE unit_code = 'dongmen' AND item = '执法办案'",
            "INSERT INTO tally SELECT '2026Q2', 'nanhu', item, points, living, vetoes, changed_at FROM tally"
            " WHERE unit_code = 'dongmen'",
        ):
            await session.exec(sa.text(sql))
    async with database.transaction() as session:
        wrong = {
            quarter: await running_totals.differences(session, quarter)
            for quarter in await running_totals.quarters(session)
        }
        assert wrong == {
            Quarter(2026, 2): [("nanhu", "治安管理")],
            Quarter(2026, 3): [("xijie", "治安管理")],
            Quarter(2026, 4): [("dongmen", "执法办案")],
        }
        for quarter in wrong:
            await running_totals.make_anew(session, quarter)
        clerk.session = session
        await check(clerk)
