"""A whole import taken back in one step: each of its entries reversed with the reason, while their quarters are open (R11)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from handlers.correct import approval
from handlers.deduct import entry
from handlers.frame import dialogs, names, notices, notices_text
from handlers.frame.context import Context
from handlers.frame.reply import Button, Say, in_rows
from handlers.frame.text_guards import check_reason
from handlers.imports import importing_text
from rules.corrections import check_corrector, needs_second
from rules.draft import TakeBackDraft
from rules.entries import Deduction, may_undo
from rules.points import shown
from rules.refusals import NothingToUndo
from rules.stages import Stage
from storage import audit, drafts, ledger, proposals
from storage.audit import Act
from storage.database import Session
from storage.drafts import DraftState, Kept

Draft = Kept[TakeBackDraft]

REASONS = ("导错了表", "与已登记的重复", "计错了季度")


async def begin(context: Context) -> None:
    """/import 撤回: the last file that the person imported. NothingToUndo."""
    async with context.database.reading() as session:
        opened = await drafts.opened_by(session, context.deed())
        digest = await ledger.last_import(session, context.person.id)
    if opened is not None:
        await _show(context, opened)
    elif digest is None:
        raise NothingToUndo
    else:
        await _begin(context, digest)


async def begin_pressed(context: Context) -> None:
    """[整份撤回] under an import."""
    async with context.database.reading() as session:
        opened = await drafts.opened_by(session, context.deed())
    if opened is not None:
        await _show(context, opened)
    else:
        await _begin(context, context.argument(0))


async def _begin(context: Context, digest: str) -> None:
    async with context.database.reading() as session:
        own = await _living(session, context, digest)
    if not own:
        raise NothingToUndo
    for one in own:
        check_corrector(context.person, one, context.bureau, _stage(context, one))
    kept = await dialogs.opened(context, TakeBackDraft(digest))
    await dialogs.send(context, kept, await _question(context, kept))


async def _living(session: Session, context: Context, digest: str) -> list[Deduction]:
    """The living entries that the person imported from the file."""
    entries = await ledger.of_import(session, digest)
    return [one for one in entries if one.lives and one.author_id == context.person.id]


def _stage(context: Context, one: Deduction) -> Stage:
    return context.course_of(context.bureau.unit(one.unit), one.quarter).stage


async def _question(context: Context, kept: Draft) -> Say:
    async with context.database.reading() as session:
        own = await _living(session, context, kept.draft.digest)
    data = f"imb:{kept.id}:{kept.revision}"
    buttons = [Button(reason, f"{data}:r{index}") for index, reason in enumerate(REASONS)]
    second = [one.number for one in own if not _alone(context, one, _stage(context, one))]
    text = importing_text.ask_take_back(len(own), sum((one.points for one in own), Decimal(0)), second)
    return Say(text, (*in_rows(buttons, 1), (Button("不撤回", f"{data}:x"),)))


def _alone(context: Context, one: Deduction, stage: Stage) -> bool:
    """Whether nobody else has to agree: the same rule as for a single entry (Replacement)."""
    logged_on = context.bureau.calendar.day(one.at)
    same_day = stage is Stage.OPEN and may_undo(one, context.person.id, context.today, logged_on)
    return same_day or not needs_second(one, None, context.services.policy.approve_from, stage)


async def _show(context: Context, kept: Draft) -> None:
    if kept.state is DraftState.OPEN:
        await dialogs.show(context, kept, await _question(context, kept))
    else:
        await context.reply(Say(importing_text.taken_back(kept.draft, done=kept.state is DraftState.DONE)))


async def pressed(context: Context) -> None:
    """A reason, or [不撤回]."""
    kept = await dialogs.pressed(context, TakeBackDraft, shown_again, importing_text.take_back_settled())
    if kept is None:
        return
    choice = context.argument(2)
    if choice == "x":
        kept = await dialogs.moved(context, kept, replace(kept.draft, asks=""), DraftState.DROPPED)
        await context.rewrite(Say(importing_text.taken_back(kept.draft, done=False)))
    elif choice.startswith("r") and names.is_number(choice[1:]):
        await _take_back(context, kept, REASONS[int(choice[1:]) % len(REASONS)])
    else:
        raise names.stale()


async def feed(context: Context, kept: Draft, text: str) -> None:
    """The reason in the person's own words."""
    await _take_back(context, kept, check_reason(context, text))


async def shown_again(context: Context, kept: Draft) -> None:
    """Handled again: where it stands now."""
    await _show(context, kept)


async def _take_back(context: Context, kept: Draft, reason: str) -> None:
    """Every entry or none: reversed, or where a second person has to agree, proposed."""
    async with context.database.transaction() as session:
        own = await _living(session, context, kept.draft.digest)
        stages = {
            (unit, quarter): await entry.check_unsettled(session, context.bureau.unit(unit), quarter, context)
            for unit, quarter in dict.fromkeys((one.unit, one.quarter) for one in own)
        }
        alone: list[Deduction] = []
        second: list[Deduction] = []
        for one in own:
            stage = stages[one.unit, one.quarter]
            check_corrector(context.person, one, context.bureau, stage)
            (alone if _alone(context, one, stage) else second).append(one)
        await _reverse(session, context, kept, alone, reason)
        waiting = await _propose(session, context, kept, second, reason)
        draft = replace(
            kept.draft, asks="", reason=reason, reversed=len(alone), waiting=waiting,
            points=sum((one.points for one in alone), Decimal(0)),
        )  # fmt: skip
        kept = await drafts.advance(session, kept, draft, DraftState.DONE, deed=context.deed())
    say = Say(importing_text.taken_back(kept.draft, done=True))
    await (context.rewrite(say) if context.pressed else context.reply(say))


async def _reverse(
    session: Session, context: Context, kept: Draft, several: Sequence[Deduction], reason: str
) -> None:
    if not several:
        return
    person = context.person.id
    await ledger.reverse_all(
        session, several, key=kept.key, author_id=person, reason=reason, at=context.moment, now=context.now
    )
    by_unit: defaultdict[str, list[Deduction]] = defaultdict(list)
    for one in several:
        by_unit[one.unit].append(one)
    told = {}
    for code, its in by_unit.items():
        points = sum((one.points for one in its), Decimal(0))
        head = notices_text.import_reversed(context.bureau.unit(code), len(its), points, reason)
        lines = [
            (one.number, notices_text.imported_line(one.number, one.item, one.points, one.reason))
            for one in its
        ]
        told[code] = [(lines[0][0], f"{head}\n\n{lines[0][1]}"), *lines[1:]]
    await notices.plan_imported(session, context, told, letter="c")
    total = shown(sum((one.points for one in several), Decimal(0)))
    await audit.record(
        session, Act.IMPORT_REVERSED, at=context.now, person_id=person, entry=several[0].number,
        detail=f"{len(several)} 笔 {total} 分 文件 {kept.draft.digest} {reason}", key=f"import_reversed:{kept.key}",
    )  # fmt: skip


async def _propose(
    session: Session, context: Context, kept: Draft, several: Sequence[Deduction], reason: str
) -> tuple[int, ...]:
    """Have a second person look at these first; the ones that wait already are left alone. Their numbers."""
    known = set(await proposals.waiting(session, [one.number for one in several]))
    for one in several:
        if one.number not in known:
            await approval.propose(session, context, one, None, reason=reason, key=f"{kept.key}:{one.number}")
    return tuple(one.number for one in several)
