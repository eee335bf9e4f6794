"""The steps of a quarter: /submit by the group's head, /return and /confirm by the office, each told to who is next (R7)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from handlers.appeal.appeals import last_day_after
from handlers.frame import dialogs, names, notices
from handlers.frame.context import Context
from handlers.frame.reply import Button, Rows, Say, in_rows
from handlers.frame.text_guards import check_reason
from handlers.quarter import course_text, leads, publishing
from handlers.quarter.progress import looked
from rules.access import Deed, may
from rules.bureau import Bureau, Group
from rules.calendar import Quarter
from rules.draft import StepDraft
from rules.people import GROUP_ROLES, Person, Role
from rules.periods import begun, check_begun
from rules.reading import read_order
from rules.recusal import PointMove, check_recusal
from rules.refusals import NotAllowed, QuarterOnly, Stale
from rules.results import Result
from rules.stages import (
    FROM,
    Course,
    Move,
    Stage,
    Standing,
    Step,
    check_confirmation,
    check_move,
    check_submission,
    days_late,
)
from storage import appeals, drafts, ledger, people, proposals, quarter_steps, quarters, results, standings
from storage.database import Session
from storage.drafts import DraftState, Kept
from storage.pushes import Kind

Draft = Kept[StepDraft]

DEEDS = {
    Move.SUBMIT: Deed.SUBMIT,
    Move.RETURN: Deed.CONFIRM,
    Move.CONFIRM: Deed.CONFIRM,
    Move.PUBLISH: Deed.PUBLISH,
}

HEADS = frozenset({Role.HEAD, Role.DEPUTY})


async def submit(context: Context) -> None:
    """/submit [group] [quarter]: what is there and what is missing, then the submission."""
    await _step(context, Move.SUBMIT)


async def return_(context: Context) -> None:
    """/return [group] [quarter] 原因: back to the group."""
    await _step(context, Move.RETURN)


async def confirm(context: Context) -> None:
    """/confirm [group] [quarter]: the results are stored and never move again."""
    await _step(context, Move.CONFIRM)


async def publish(context: Context) -> None:
    """/publish [group] [quarter]: the rankings go out; published already, who has acknowledged them."""
    await _step(context, Move.PUBLISH)


async def _step(context: Context, move: Move) -> None:
    async with context.database.reading() as session:
        opened = await drafts.opened_by(session, context.deed_key())
        done = await quarter_steps.made_by(session, context.deed_key())
    if done is not None:
        _check_right(context, move, [done])
        await _tell_where(context, move, [done])
        return
    if opened is not None:
        await _send(context, opened)
        return
    reasoned = move is Move.RETURN
    order = read_order(context.words, names.groups(context), context.running, reasoned=reasoned)
    if not reasoned:
        names.check_understood(order.rest)
    if order.period is not None and not isinstance(order.period, Quarter):
        raise QuarterOnly(order.period)
    places = _places(context, move, order.groups, order.period)
    ready = [place for place in places if context.timetable.stage(*place) is FROM[move]]
    if not ready:
        await _tell_where(context, move, places)
        return
    reason = check_reason(context, order.rest) if order.rest else None
    draft = StepDraft(move.name, reason=reason, choices=tuple(ready))
    if len(ready) == 1:
        draft = _about(draft, ready[0])
    if draft.asks == "confirm" and move is Move.RETURN:
        await _do(context, draft, key=context.deed_key())
        return
    await _check(context, draft)
    await _send(context, await dialogs.opened(context, draft))


def _places(
    context: Context, move: Move, named: Collection[str], quarter: Quarter | None
) -> list[tuple[str, Quarter]]:
    """The quarters of groups that the person may mean: the named ones, else those that wait for this step or took it last.

    Raises:
        NotAllowed: A group was named whose quarter the person does not move.
        NotBegun, BeforeBeginning: A quarter was named that none of these groups has.
    """
    own = [g.name for g in context.bureau.groups if _may_move(context.person, move, g.name)]
    groups = [name for name in own if not named or name in named]
    if not groups:
        raise NotAllowed(DEEDS[move])
    if quarter is not None:
        _check_begun(context, groups, quarter)
        return [(name, quarter) for name in groups]
    if move is Move.SUBMIT:
        return [(name, context.timetable.due(name, context.moment)) for name in groups]
    running = context.timetable.running(own, context.moment)
    all_ = [(name, q) for q in begun(context.services.begins, running) for name in groups]
    ready = [place for place in all_ if context.timetable.stage(*place) is FROM[move]]
    return ready or [
        max((p for p in all_ if p[0] == name), key=lambda p: _weight(context, p)) for name in groups
    ]


def _check_begun(context: Context, groups: Collection[str], quarter: Quarter) -> None:
    """Refuse a quarter in which these groups did nothing yet: NotBegun, BeforeBeginning (R6, Beginning)."""
    check_begun(quarter, context.services.begins, context.timetable.running(groups, context.moment))


def _weight(context: Context, place: tuple[str, Quarter]) -> tuple[bool, Quarter]:
    """The latest quarter in which anything was done, else the latest."""
    return bool(context.timetable.course(*place).steps), place[1]


def _may_move(person: Person, move: Move, group: str) -> bool:
    if move is Move.SUBMIT:
        return any(post.role in HEADS and post.group == group for post in person.posts)
    return may(person, DEEDS[move])


def _check_right(context: Context, move: Move, places: Iterable[tuple[str, Quarter]]) -> None:
    """Whoever began it, the step is asked of who may take it now. NotAllowed."""
    if not all(_may_move(context.person, move, group) for group, _ in places):
        raise NotAllowed(DEEDS[move])


def _check_draft(context: Context, draft: StepDraft) -> None:
    chosen = ((draft.group, draft.quarter),) if draft.quarter is not None else draft.choices
    _check_right(context, Move[draft.move], chosen)


def _about(draft: StepDraft, place: tuple[str, Quarter]) -> StepDraft:
    asks = "reason" if draft.move == Move.RETURN.name and draft.reason is None else "confirm"
    return replace(draft, group=place[0], quarter=place[1], asks=asks)


async def _tell_where(context: Context, move: Move, places: Sequence[tuple[str, Quarter]]) -> None:
    """Nothing is to be done: where it stands, and who is next."""
    table = context.timetable
    async with context.database.reading() as session:
        found = [await quarter_steps.course(session, *place) for place in places]
    lines = [
        course_text.where(
            course, context.bureau, left=table.of(course.group).days_left(course.quarter, context.moment)
        )
        for course in found
    ]
    published = [course for course in found if course.stage is Stage.PUBLISHED]
    if move is Move.PUBLISH and published:
        await publishing.tell_acknowledged(context, published, lines)
        return
    await context.reply(Say(course_text.nothing_to_do(move, lines)))


async def _check(context: Context, draft: StepDraft) -> None:
    """What would refuse the step is said before anything is asked. Unexplained, AppealsStand, CorrectionsWait, NoLead."""
    if draft.quarter is None or draft.asks != "confirm":
        return
    group = _group(context.bureau, draft.group)
    async with context.database.reading() as session:
        if draft.move == Move.SUBMIT.name:
            found = await looked(session, context.bureau, group, draft.quarter)
            check_submission(found, [unit.unit.code for unit in found.left])
        elif draft.move == Move.CONFIRM.name:
            await _check_confirmation(session, context, group, draft.quarter)


def _group(bureau: Bureau, name: str) -> Group:
    group = bureau.group(name)
    if group is None:
        raise Stale
    return group


async def _send(context: Context, kept: Draft) -> None:
    await dialogs.send(context, kept, await _ask(context, kept))


async def _ask(context: Context, kept: Draft) -> Say:
    draft, data = kept.draft, f"st:{kept.id}:{kept.revision}"
    _check_draft(context, draft)
    move = Move[draft.move]
    cancel = Button("取消", f"{data}:x")
    if draft.asks == "which":
        labels = [course_text.place(group, quarter) for group, quarter in draft.choices]
        buttons = [Button(label, f"{data}:c{index}") for index, label in enumerate(labels)]
        return Say(course_text.ask_which(move), (*in_rows(buttons, 1), (cancel,)))
    if draft.asks == "reason":
        return Say(course_text.ask_reason(draft), ((cancel,),))
    assert draft.quarter is not None
    group = _group(context.bureau, draft.group)
    if move is Move.SUBMIT:
        return await _ask_submission(context, draft, group, data, cancel)
    if move is Move.CONFIRM:
        return await _ask_confirmation(context, draft, group, data, cancel)
    text = await publishing.preview(context, group, draft.quarter)
    return Say(text, ((Button("✔ 公布", f"{data}:ok"), cancel),))


async def _ask_submission(context: Context, draft: StepDraft, group: Group, data: str, cancel: Button) -> Say:
    assert draft.quarter is not None
    async with context.database.reading() as session:
        found = await looked(session, context.bureau, group, draft.quarter)
        table = await standings.table(
            session, context.bureau, [unit.unit for unit in found.units], draft.quarter
        )
    late = days_late(context.timetable.of(group.name), draft.quarter, context.moment)
    own = context.person.own_units
    left = [unit.unit for unit in found.left if unit.unit.code not in draft.waved]
    text = course_text.submission(found, table, draft, late=late, own=own)
    if not left:
        return Say(text, ((Button("✔ 提交", f"{data}:ok"), cancel),))
    waving = [Button(f"放过 {unit.name}", f"{data}:w:{unit.code}") for unit in left if unit.code not in own]
    every = [Button(f"全部放过（{len(waving)} 个）", f"{data}:wall")] if waving else []
    return Say(text, (*in_rows(waving, 2), (*every, cancel)))


async def _ask_confirmation(context: Context, draft: StepDraft, group: Group, data: str, cancel: Button) -> Say:
    assert draft.quarter is not None
    async with context.database.reading() as session:
        found = await _results(session, context, group, draft.quarter)
        lead = await leads.of_quarter(session, context.services.policy, draft.quarter)
        course = await quarter_steps.course(session, group.name, draft.quarter)
        untold = await _untold(session, context, group, draft.quarter)
    name = lead.name if lead is not None else ""
    seen = context.sight(draft.quarter)
    text = course_text.confirmation(
        course, found, context.bureau, lead=name, untold=untold, own=seen.units - seen.scores
    )
    return Say(text, ((Button("✔ 审定", f"{data}:ok"), cancel),))


async def begin_pressed(context: Context) -> None:
    """A button under the message that told of the step before: the next one begins."""
    move = Move.__members__.get(context.argument(0))
    group = names.group_of(context, context.argument(1))
    try:
        quarter = Quarter.parse(context.argument(2))
    except ValueError:
        raise names.stale() from None
    if move is None:
        raise names.stale()
    _check_right(context, move, [(group.name, quarter)])
    _check_begun(context, (group.name,), quarter)
    async with context.database.reading() as session:
        opened = await drafts.opened_by(session, context.press_key())
    if opened is not None:
        await _send(context, opened)
        return
    place = (group.name, quarter)
    if context.timetable.stage(*place) is not FROM[move]:
        await _tell_where(context, move, [place])
        return
    draft = _about(StepDraft(move.name, choices=(place,)), place)
    await _check(context, draft)
    await _send(context, await dialogs.opened(context, draft))


async def pressed(context: Context) -> None:
    """A button of the dialog: who, which draft and which revision are checked anew."""
    kept = await dialogs.pressed(context, StepDraft, shown_again, course_text.settled())
    if kept is None:
        return
    _check_draft(context, kept.draft)
    await _take(context, kept, context.argument(2))


async def _take(context: Context, kept: Draft, choice: str) -> None:
    draft = kept.draft
    if choice == "x":
        await dialogs.moved(context, kept, draft, DraftState.DROPPED)
        await context.rewrite(Say(course_text.dropped(Move[draft.move])))
    elif choice.startswith("c") and draft.asks == "which":
        index = names.number(choice[1:])
        if index >= len(draft.choices):
            raise names.stale()
        draft = _about(draft, draft.choices[index])
        await _go_on(context, kept, draft)
    elif choice in {"w", "wall"} and draft.move == Move.SUBMIT.name and draft.quarter is not None:
        async with context.database.reading() as session:
            group = _group(context.bureau, draft.group)
            found = await looked(session, context.bureau, group, draft.quarter)
        left = [unit.unit for unit in found.left]
        if choice == "wall":
            waved = [unit.code for unit in left if unit.code not in context.person.own_units]
        else:
            chosen = [unit for unit in left if unit.code == context.argument(3)]
            for unit in chosen:
                check_recusal(context.person, unit, PointMove.WAVE)
            waved = [unit.code for unit in chosen]
        await _go_on(context, kept, replace(draft, waved=tuple(dict.fromkeys((*draft.waved, *waved)))))
    elif choice == "ok" and draft.asks == "confirm":
        await _do(context, draft, key=kept.key, kept=kept)
    else:
        raise names.stale()


async def _go_on(context: Context, kept: Draft, draft: StepDraft) -> None:
    if draft.asks == "confirm" and draft.move == Move.RETURN.name:
        await _do(context, draft, key=kept.key, kept=kept)
        return
    await _check(context, draft)
    moved = await dialogs.moved(context, kept, draft)
    await dialogs.show(context, moved, await _ask(context, moved))


async def feed(context: Context, kept: Draft, text: str) -> None:
    """A text while the dialog waits for the reason of a return."""
    _check_draft(context, kept.draft)
    reason = check_reason(context, text)
    await _do(context, replace(kept.draft, reason=reason, asks="confirm"), key=kept.key, kept=kept)


async def shown_again(context: Context, kept: Draft) -> None:
    """Handled again: where it stands now."""
    _check_draft(context, kept.draft)
    if kept.state is DraftState.OPEN:
        await dialogs.show(context, kept, await _ask(context, kept))
    elif kept.state is DraftState.DROPPED:
        await dialogs.show(context, kept, Say(course_text.dropped(Move[kept.draft.move])))
    else:
        assert kept.draft.quarter is not None
        await _tell_done(context, Move[kept.draft.move], kept.draft.group, kept.draft.quarter, kept)


async def _do(context: Context, draft: StepDraft, *, key: str, kept: Draft | None = None) -> None:
    """Make the step, with all that follows from it, in one transaction. WrongStage, and what blocks it."""
    move, quarter = Move[draft.move], draft.quarter
    assert quarter is not None
    group = _group(context.bureau, draft.group)
    _check_right(context, move, [(group.name, quarter)])
    async with context.database.transaction() as session:
        course = await quarter_steps.course(session, group.name, quarter)
        check_move(course, move)
        step, detail = await _prepared(session, context, group, course, draft)
        await quarter_steps.move(
            session, course, step, key=key, by=context.person.id, now=context.now, detail=detail
        )
        if kept is not None:
            await drafts.advance(session, kept, draft, DraftState.DONE, deed=context.deed())
        after = replace(course, steps=(*course.steps, step))
        if move is Move.PUBLISH:
            await publishing.send(session, context, group, quarter)
        else:
            await _tell_next(session, context, group, after)
    await _tell_done(context, move, group.name, quarter, kept)


async def _prepared(
    session: Session, context: Context, group: Group, course: Course, draft: StepDraft
) -> tuple[Step, str]:
    """The step, checked by its rules, and what the trail says beside it."""
    move, quarter = Move[draft.move], course.quarter
    step = Step(move, context.moment, context.person.name, draft.reason)
    if move is Move.SUBMIT:
        found = await looked(session, context.bureau, group, quarter)
        waved = check_submission(found, draft.waved)
        for unit in waved:
            check_recusal(context.person, unit, PointMove.WAVE)
        late = days_late(context.timetable.of(group.name), quarter, context.moment)
        detail = "、".join(unit.name for unit in waved)
        return replace(
            step, waved=tuple(u.code for u in waved), late=late
        ), f"未检查放过：{detail}" if waved else ""
    if move is Move.CONFIRM:
        lead = await _check_confirmation(session, context, group, quarter)
        found_results = await _results(session, context, group, quarter)
        digest = await results.store(session, found_results, now=context.now)
        return replace(step, lead=lead), f"带队局领导 {lead}，{len(found_results)} 个单位，校验 {digest}"
    return step, ""


async def _check_confirmation(session: Session, context: Context, group: Group, quarter: Quarter) -> str:
    """The lead's name, where nothing stands in the way of the confirmation."""
    lead = await leads.of_quarter(session, context.services.policy, quarter)
    standing = await _standing(session, context, group, quarter)
    check_confirmation(standing, lead.name if lead is not None else None, quarter)
    assert lead is not None
    return lead.name


async def _standing(session: Session, context: Context, group: Group, quarter: Quarter) -> Standing:
    """Appeals, windows and proposals of the group's living entries."""
    codes = [unit.code for unit in context.bureau.units if unit.category in group.categories]
    living = await ledger.living(session, quarter, codes)
    made = await appeals.of_units(session, codes, [quarter])
    known = {appeal.entry for appeal in made}
    told = await appeals.told(session, [entry.number for entry in living])
    windows, days = [], []
    for entry in living:
        if entry.number in known or entry.number not in told:
            continue
        at = told[entry.number]
        until = last_day_after(context, at) if at is not None else None
        if until is None or context.today <= until:
            windows.append(entry.number)
            days += [until] if until is not None else []
    return Standing(
        appeals=tuple(appeal.entry for appeal in made if appeal.waits),
        windows=tuple(windows),
        until=max(days, default=None),
        proposals=tuple(await proposals.waiting(session, [entry.number for entry in living])),
    )


async def _untold(session: Session, context: Context, group: Group, quarter: Quarter) -> list[str]:
    """The units with living entries that nobody of the unit was told of: nobody there could appeal."""
    codes = [unit.code for unit in context.bureau.units if unit.category in group.categories]
    living = await ledger.living(session, quarter, codes)
    told = await appeals.told(session, [entry.number for entry in living])
    return list(dict.fromkeys(context.bureau.unit(e.unit).name for e in living if e.number not in told))


async def _results(session: Session, context: Context, group: Group, quarter: Quarter) -> list[Result]:
    """What is stored: every unit of the group that has a scheme, as it stands now."""
    units = [unit for unit in context.bureau.units if unit.category in group.categories]
    table = await standings.table(session, context.bureau, units, quarter)
    done = await quarters.inspected(session, quarter, [unit.code for unit in units])
    found = {
        row.unit.code: Result(row.unit, group.name, quarter, row.score, row.unit.code in done, row.vetoed)
        for row in table.rows
    }
    return [found[unit.code] for unit in units if unit.code in found]


async def _tell_next(session: Session, context: Context, group: Group, course: Course) -> None:
    """The step is told to who is next, and to who waited for it."""
    step = course.steps[-1]
    key = f"step:{group.name}:{course.quarter}:{len(course.steps)}"
    text = course_text.told(course, context.bureau)
    lead = await leads.of_quarter(session, context.services.policy, course.quarter)
    told: dict[int, tuple[Person, Rows]] = {}
    if step.move in {Move.SUBMIT, Move.CONFIRM}:
        next_ = Move.CONFIRM if step.move is Move.SUBMIT else Move.PUBLISH
        moves = (next_, Move.RETURN) if step.move is Move.SUBMIT else (next_,)
        row = tuple(Button(course_text.LABELS[move], _begin(move, group, course.quarter)) for move in moves)
        for person in await people.holding(session, {Role.OFFICE}):
            told[person.id] = (person, (row,))
        if lead is not None and lead.person is not None:
            told.setdefault(lead.person.id, (lead.person, ()))
    again = (
        ((Button("重新提交", _begin(Move.SUBMIT, group, course.quarter)),),) if step.move is Move.RETURN else ()
    )
    roles = GROUP_ROLES if step.move is Move.RETURN else HEADS
    for person in await people.holding(session, roles, group=group.name):
        heads = any(post.role in HEADS and post.group == group.name for post in person.posts)
        told.setdefault(person.id, (person, again if heads else ()))
    for person, buttons in _but(told.values(), context.person):
        await notices.tell(session, context, person, text, key=key, buttons=buttons, kind=Kind.STEP)


def _but(told: Iterable[tuple[Person, Rows]], person: Person) -> list[tuple[Person, Rows]]:
    return [(other, buttons) for other, buttons in told if other.id != person.id]


def _begin(move: Move, group: Group, quarter: Quarter) -> str:
    return f"stb:{move.name}:{names.short(group.name)}:{quarter}"


async def _tell_done(context: Context, move: Move, group: str, quarter: Quarter, kept: Draft | None) -> None:
    async with context.database.reading() as session:
        course = await quarter_steps.course(session, group, quarter)
    buttons: Rows = ()
    if move is Move.CONFIRM and course.stage is Stage.CONFIRMED:
        buttons = (
            (
                Button(
                    course_text.LABELS[Move.PUBLISH],
                    _begin(Move.PUBLISH, _group(context.bureau, group), quarter),
                ),
            ),
        )
    say = Say(course_text.done(move, course, context.bureau), buttons)
    if kept is None:
        await context.reply(say)
    else:
        await dialogs.show(context, kept, say)
