"""The card of an entry: one message that shows what it is, what it did to the score, and what can be done with it."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass

from handlers.deduct import deduct_text
from handlers.evidence import files_text
from handlers.frame import records
from handlers.frame.context import Context
from handlers.frame.reply import Button, Rows, Say
from rules.bureau import Unit
from rules.calendar import Quarter
from rules.corrections import may_correct
from rules.entries import Deduction, may_undo
from rules.recusal import may_score
from rules.stages import SETTLED, Stage
from rules.table import Table
from storage import cards, evidence, ledger, quarters, standings
from storage.cards import Card
from storage.database import Session


@dataclass(frozen=True, slots=True)
class Seen:
    """What a card shows, as it was at one moment."""

    entry: Deduction
    before: Table
    after: Table
    files: int
    inspected: bool
    found_before: int
    """How often the unit lost points by the same criterion in the quarter before."""


Look = Callable[[Session, int], Coroutine[None, None, Seen]]


async def send(context: Context, number: int) -> None:
    """Answer with the entry's card, and keep that this message is it."""
    await send_seen(context, number, await _seen(context, number))


async def send_seen(context: Context, number: int, seen: Seen) -> None:
    """The same of what was looked up already."""
    message = await context.reply(_shown(context, seen))
    context.remember(Card(message.chat_id, message.message_id, number, asks=False))


async def refresh(context: Context, number: int) -> bool:
    """Bring the entry's newest card up to date; False where there is none in this chat."""
    async with context.database.reading() as session:
        latest = await cards.latest(session, number)
    if latest is None or latest.chat_id != context.chat_id:
        return False
    await context.rewrite(await card(context, number), message_id=latest.message_id)
    return True


async def card(context: Context, number: int) -> Say:
    """The card of a deduction as it stands now. NoSuchEntry where there is none that the person sees."""
    return _shown(context, await _seen(context, number))


def looking(context: Context) -> Look:
    """What looks up all that the card of an entry shows. NoSuchEntry where there is none that the person sees."""

    async def look(session: Session, number: int) -> Seen:
        entry = await records.entry(session, context, number)
        before, after = await _tables(session, context, entry)
        files = (await evidence.counts(session, [number])).get(number, 0)
        inspected = bool(await quarters.inspected(session, entry.quarter, [entry.unit]))
        times = await ledger.times_found(session, entry) if entry.criterion and entry.lives else 1
        return Seen(entry, before, after, files, inspected, times - 1)

    return look


async def _seen(context: Context, number: int) -> Seen:
    look = looking(context)
    return await context.database.read(lambda session: look(session, number))


def _shown(context: Context, seen: Seen) -> Say:
    entry = seen.entry
    unit = context.bureau.unit(entry.unit)
    text = deduct_text.card(
        entry,
        unit,
        seen.before,
        seen.after,
        context.bureau,
        scores=unit.code in context.sight(entry.quarter).scores,
        places=_shows_place(context, unit, entry.quarter),
        private=context.in_private,
        files=seen.files,
        found_before=seen.found_before,
    )
    return Say(text, _buttons(context, entry, seen.files, inspected=seen.inspected))


async def _tables(session: Session, context: Context, entry: Deduction) -> tuple[Table, Table]:
    """Before and after what changed last: the entry, or its reversal."""
    units = compared(context, context.bureau.unit(entry.unit), entry.quarter)
    if entry.reversal is None:
        replaced = await ledger.deduction(session, entry.replaces) if entry.replaces is not None else None
        return await standings.around(
            session, context.bureau, units, entry, number=entry.number, replaced=replaced
        )
    return await standings.around(session, context.bureau, units, entry, number=entry.reversal.number, sign=-1)


def compared(context: Context, unit: Unit, quarter: Quarter) -> Sequence[Unit]:
    """The units among which the person sees the unit's place; the unit alone where it sees none (Sight)."""
    seen = context.sight(quarter).places
    if unit.code not in seen:
        return (unit,)
    return tuple(other for other in context.bureau.units_of(unit.sequence) if other.code in seen)


def _shows_place(context: Context, unit: Unit, quarter: Quarter) -> bool:
    return context.in_private and unit.code in context.sight(quarter).places


def _buttons(context: Context, entry: Deduction, files: int, *, inspected: bool) -> Rows:
    """What can be done; in a group by anybody there, in private by the person alone."""
    logged_on = context.bureau.calendar.day(entry.at)
    row: list[Button] = []
    unit = context.bureau.unit(entry.unit)
    stage = context.course_of(unit, entry.quarter).stage
    scores = not context.in_private or may_score(context.person, unit, context.bureau)
    corrects = not context.in_private or may_correct(context.person, entry, context.bureau, stage)
    today = context.bureau.calendar.day(context.now)
    if scores and stage is Stage.OPEN and may_undo(entry, entry.author_id, today, logged_on):
        row.append(Button("撤销", f"undo:{entry.number}"))
    explains = not context.in_private or unit.code not in context.person.own_units
    if explains and stage is Stage.OPEN and entry.lives and entry.reason is None:
        row.append(Button("补充原因", f"why:{entry.number}"))
    if corrects and entry.lives and stage not in SETTLED:
        row.append(Button("更正", f"fix:{entry.number}"))
    if files:
        row.append(Button(f"证据（{files}）", f"see:{entry.number}"))
    own = not context.in_private or (
        entry.author_id == context.person.id and unit.code not in context.person.own_units
    )
    move: tuple[Button, ...] = ()
    if files and own and stage is Stage.OPEN and entry.lives:
        move = (Button(files_text.MOVE, f"evm:{entry.number}"),)
    done = Button("检查完毕", f"done:{entry.unit}:{entry.quarter}")
    rows = (
        tuple(row),
        move,
        (done,) if scores and stage is Stage.OPEN and entry.lives and not inspected else (),
    )
    return tuple(row for row in rows if row)
