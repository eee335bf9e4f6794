"""What files are evidence of: told in a message of its own, asked with buttons where it is not clear, moved on demand (R11)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from handlers.deduct import card
from handlers.deduct.entry import check_still_open
from handlers.evidence import files_text
from handlers.frame import dialogs as questions
from handlers.frame import names, records
from handlers.frame.context import Context, Services
from handlers.frame.reply import Button, Rows, Say, in_rows
from rules.access import Deed, may
from rules.draft import AppealDraft, BatchDraft, DeductionDraft, FilesDraft
from rules.entries import Deduction
from rules.evidence import record_named
from rules.recusal import PointMove, check_recusal
from rules.refusals import FilesOfAppeal, NoEvidence, NotAllowed, NotYourEntry, Refusal
from storage import cards, drafts, evidence, ledger, pushes
from storage.database import Session
from storage.drafts import Draft, DraftState, Kept
from storage.evidence import Place

Sending = Kept[FilesDraft]

NONE, MOVE, STAY = "x", "m", "k"
CHOICES = 5


async def opened(session: Session, context: Context, ids: Collection[int], *, key: str) -> Sending:
    """Keep that these files were sent as one; an album is so however many of its messages have come yet."""
    draft = FilesDraft(tuple(sorted(ids)))
    kept = await drafts.open_(
        session,
        draft,
        key=key,
        person_id=context.person.id,
        chat_id=context.chat_id,
        now=context.now,
    )
    return kept if kept.draft == draft else await moved(session, context, kept, draft, kept.state)


async def moved(
    session: Session, context: Context, kept: Sending, draft: FilesDraft, state: DraftState
) -> Sending:
    """Keep where the files stand. The deed is not the message's own: its words may answer another question, too."""
    return await drafts.advance(session, kept, draft, state, deed=f"{context.deed()}:files")


async def ask(context: Context, ids: Collection[int], *, note: str = "") -> None:
    """Ask in a new message what files are evidence of that have no place yet."""
    async with context.database.transaction() as session:
        kept = await opened(session, context, ids, key=f"{context.deed()}:files")
    await questions.send(context, kept, await question(context, kept, note))


async def question(context: Context, kept: Sending, note: str = "") -> Say:
    """Of which record, or of what is being written, are the files evidence?"""
    buttons = await _choices(context, kept)
    text = files_text.of_what(len(kept.draft.files), any_=bool(buttons))
    rows = (*in_rows(buttons, 1), (Button(files_text.NO_EVIDENCE, f"ev:{kept.id}:{NONE}"),))
    return Say("\n".join(filter(None, (note, text))), rows)


async def _choices(context: Context, kept: Sending) -> list[Button]:
    """What the files can be moved to: the person's recent records, and what is being written. In a group only what it shows."""
    async with context.database.reading() as session:
        here = await evidence.places(session, kept.draft.files)
        recent = await ledger.of_author(session, context.person.id, context.running)
        entries = await of_chat(session, context, recent)
        dialogs = await dialogs_in(session, context)
    there = {place.entry for place in here}
    open_ = {place.draft for place in here}
    living = [entry for entry in entries if entry.number not in there][-CHOICES:]
    return [
        *(
            Button(files_text.dialog_target(dialog.draft, context.bureau), f"ev:{kept.id}:d{dialog.id}")
            for dialog in dialogs
            if dialog.id not in open_
        ),
        *(
            Button(files_text.target(entry, context.bureau.unit(entry.unit)), f"ev:{kept.id}:{entry.number}")
            for entry in reversed(living)
        ),
    ]


async def of_chat(session: Session, context: Context, entries: Sequence[Deduction]) -> list[Deduction]:
    """Those of the entries that live and that the person may add to; in a group only those that were logged there."""
    seen = context.sight().units - context.person.own_units
    living = [entry for entry in entries if entry.lives and entry.unit in seen]
    if context.in_private:
        return living
    shown = await cards.shown_in(session, context.chat_id, [entry.number for entry in living])
    return [entry for entry in living if entry.number in shown]


async def dialogs_in(session: Session, context: Context) -> list[Kept[Draft]]:
    """The person's open questions in this chat that take files, newest first."""
    found = await drafts.open_in(
        session,
        person_id=context.person.id,
        chat_id=context.chat_id,
        since=context.now - questions.OPEN_FOR,
    )
    return [kept for kept in found if takes_files(kept)]


def takes_files(kept: Kept[Draft]) -> bool:
    """Whether a file without a word may belong to this open question."""
    draft = kept.draft
    if isinstance(draft, AppealDraft):
        return not draft.decision
    return isinstance(draft, BatchDraft) or (isinstance(draft, DeductionDraft) and draft.guided)


async def own_entry(session: Session, context: Context, number: int) -> Deduction:
    """The entry, if it is the person's to add evidence to. NotAllowed, NoSuchEntry, NotYourEntry, Recused."""
    if not may(context.person, Deed.DEDUCT):
        raise NotAllowed(Deed.DEDUCT)
    entry = await records.entry(session, context, number)
    if entry.author_id != context.person.id:
        raise NotYourEntry(entry)
    check_recusal(context.person, context.bureau.unit(entry.unit), PointMove.EVIDENCE)
    return entry


async def put(session: Session, context: Context, place: Place, ids: Collection[int]) -> None:
    """Attach files where they belong. NotAllowed, NoSuchEntry, NotYourEntry, Recused."""
    if place.entry is not None:
        await own_entry(session, context, place.entry)
    await evidence.attach(
        session,
        ids,
        entry=place.entry,
        draft=place.draft,
        appeal=place.appeal,
        at=context.now,
        person_id=context.person.id,
    )


async def answer(context: Context, kept: Sending, note: str = "") -> Say:
    """Where the files are now, and the button that moves them."""
    if kept.state is DraftState.DROPPED:
        return Say(files_text.no_evidence(len(kept.draft.files)), ((_move_button(kept),),))
    async with context.database.reading() as session:
        # An attachment to a question that became an entry stands behind the entry's own.
        places = await evidence.places(session, kept.draft.files)
        place = next((p for p in places if p.entry is not None), places[0] if places else None)
        if place is None:
            return await question(context, kept, note)
        attached = await evidence.of(session, entry=place.entry, draft=place.draft, appeal=place.appeal)
        entry = await records.entry(session, context, place.entry) if place.entry is not None else None
        dialog = await drafts.find(session, place.draft) if place.draft is not None else None
    if entry is not None:
        text = files_text.attached(entry, context.bureau.unit(entry.unit), len(attached))
    else:
        text = files_text.with_draft(
            dialog.draft if dialog is not None else None, len(attached), context.bureau
        )
    return Say("\n".join(filter(None, (text, note))), ((_move_button(kept),),))


def _move_button(kept: Sending) -> Button:
    return Button(files_text.MOVE, f"ev:{kept.id}:{MOVE}")


async def pressed(context: Context) -> None:
    """A button under a question or an answer about files: where they go, whether they go elsewhere."""
    async with context.database.reading() as session:
        kept = await questions.own(session, context, FilesDraft)
    choice = context.argument(1)
    if choice == MOVE:
        await context.rewrite(await _where_to(context, kept))
    elif choice == STAY:
        await context.rewrite(await answer(context, kept))
    elif choice == NONE:
        await _place(context, kept, None)
    elif choice.startswith("d"):
        await _place(context, kept, Place(None, names.number(choice[1:]), None))
    else:
        await _place(context, kept, Place(names.number(choice), None, None))


async def begin_pressed(context: Context) -> None:
    """[附错了，改附] on a card: all its files are asked about together, in a new message; the card stays what it is.

    Raises: NotAllowed, NoSuchEntry, NotYourEntry, Recused, QuarterClosed, NoEvidence.
    """
    number = names.number(context.argument(0))
    async with context.database.transaction() as session:
        entry = await own_entry(session, context, number)
        await _check_open(session, context, entry)
        ids = [file.id for file in await evidence.of(session, entry=number)]
        if not ids:
            raise NoEvidence(number)
        kept = await opened(session, context, ids, key=f"{context.deed()}:files")
        kept = await moved(session, context, kept, kept.draft, DraftState.DONE)
    await questions.send(context, kept, await _where_to(context, kept))


async def _where_to(context: Context, kept: Sending) -> Say:
    """Where else can the files go? What has a place may also stay there."""
    say = await question(context, kept)
    stay = ((Button(files_text.STAY, f"ev:{kept.id}:{STAY}"),),) if kept.state is not DraftState.OPEN else ()
    return Say(files_text.move_where(len(kept.draft.files)), (*say.buttons, *stay))


async def _place(context: Context, kept: Sending, place: Place | None) -> None:
    """Move the files there, or say that they are no evidence; told in the place of the question."""
    async with context.database.transaction() as session:
        kept, left = await move(session, context, kept, place)
    for number in left:
        await card.refresh(context, number)
    if context.pressed:
        await context.rewrite(await answer(context, kept))
    else:
        await questions.send(context, kept, await answer(context, kept))


async def move(
    session: Session, context: Context, kept: Sending, place: Place | None
) -> tuple[Sending, list[int]]:
    """Move files from wherever they are, with a trace; also the entries whose evidence changed (R11).

    Raises: QuarterClosed, FilesOfAppeal where they stay; Stale where the question that is to take them is over; whatever
    refuses the person to attach.
    """
    ids = kept.draft.files
    before = [p for p in await evidence.places(session, ids) if p != place]
    entries = list(dict.fromkeys(p.entry for p in before if p.entry is not None))
    state = DraftState.DROPPED if place is None else DraftState.DONE
    if any(p.appeal is not None for p in before):
        raise FilesOfAppeal
    for number in entries:
        await _check_open(session, context, await own_entry(session, context, number))
    if place is not None and place.entry is not None and entries:
        await _check_open(session, context, await own_entry(session, context, place.entry))
    if place is not None and place.draft is not None:
        open_ = {dialog.id for dialog in await dialogs_in(session, context)}
        if place.draft not in open_:
            raise names.stale()
    await evidence.detach(session, ids, at=context.now, person_id=context.person.id, but=place)
    if place is not None:
        await put(session, context, place, ids)
        entries += [place.entry] if place.entry is not None else []
    return await moved(session, context, kept, kept.draft, state), entries


async def _check_open(session: Session, context: Context, entry: Deduction) -> None:
    await check_still_open(session, context.bureau.unit(entry.unit), entry.quarter, context)


async def feed(context: Context, kept: Sending, text: str) -> None:
    """A text in answer to the question: the number of the record, or it is asked again."""
    number = record_named(text)
    if number is None:
        await questions.send(context, kept, await question(context, kept, files_text.which_number()))
        return
    try:
        await _place(context, kept, Place(number, None, None))
    except Refusal as refusal:
        await questions.send(context, kept, await question(context, kept, files_text.refused(refusal)))


async def shown_again(context: Context, kept: Sending) -> None:
    """Handled again: the question, or where the files are."""
    await questions.show(context, kept, await answer(context, kept))


async def waiting(session: Session, context: Context) -> list[Sending]:
    """The person's files that wait in this chat for their place, oldest first."""
    found = await drafts.waiting_files(session, person_id=context.person.id)
    return [kept for kept in found if kept.chat_id == context.chat_id]


async def remind(context: Context) -> None:
    """After a deduction: files that wait for their place are offered again, with the new record among the choices."""
    found = await context.database.read(lambda session: waiting(session, context))
    if found:
        say = await question(context, found[-1], files_text.still_waiting(_count(found)))
        await questions.send(context, found[-1], say)


def _count(several: Iterable[Sending]) -> int:
    return sum(len(kept.draft.files) for kept in several)


async def listed(session: Session, context: Context) -> tuple[str, Rows]:
    """For a list of one's own records: how many files wait for their place, and a button for each sending."""
    found = await waiting(session, context)
    if not found:
        return "", ()
    zone = context.bureau.calendar.zone
    buttons = (
        (Button(files_text.place(len(kept.draft.files), kept.made_at, zone), f"ev:{kept.id}:{MOVE}"),)
        for kept in found[:CHOICES]
    )
    return files_text.still_waiting(_count(found)), tuple(buttons)


async def left_over(context: Context, draft_id: int) -> None:
    """A question was given up: the files that came with it wait for another place."""
    async with context.database.reading() as session:
        ids = [file.id for file in await evidence.of(session, draft=draft_id)]
    if ids:
        await ask(context, ids, note=files_text.left_over(len(ids)))


async def give_up(session: Session, services: Services, *, before: datetime) -> None:
    """Tell of files that found no place since an aware moment that they are waited for no longer; their question is over."""
    zone = services.bureau.calendar.zone
    for kept in await drafts.waiting_files(session, before=before):
        await pushes.plan(
            session,
            key=f"files:{kept.id}",
            chat_id=kept.chat_id,
            text=files_text.given_up(len(kept.draft.files), kept.made_at, zone),
            due_at=services.clock(),
        )
        services.wake()
