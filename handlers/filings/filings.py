"""/file (备案): a document of the year is filed: as a caption, as a reply to the document, or after a button (R10)."""

from collections.abc import Sequence
from dataclasses import replace

from telegram import Document

from documents.inspection import inspect
from documents.kinds import LARGEST, Unfit, UnfitKind
from handlers.evidence import files, unplaced
from handlers.filings import filing_review, filings_text
from handlers.frame import dialogs, names, notices
from handlers.frame.context import Context
from handlers.frame.reply import Button, Say, in_rows
from rules.access import Deed, files_for, may
from rules.draft import FilingDraft
from rules.filings import Owed, check_year, is_document, named, read_asked
from rules.people import Role
from rules.refusals import NothingToFile, UnfitDocument
from storage import drafts, filings, people
from storage.database import Session
from storage.drafts import DraftState, Kept
from storage.file_store import VaultFault
from storage.pushes import Kind

Draft = Kept[FilingDraft]


async def file(context: Context) -> None:
    """/file 名称 [2027], with a document or as a reply to one; without one it says how, and what is still to be filed."""
    async with context.database.reading() as session:
        made = await filings.made_by(session, context.deed_key())
        opened = await drafts.opened_by(session, context.deed_key())
    if made is not None:
        await context.reply(Say(filings_text.filed(filing_review.described(context, made), made.year)))
        return
    if opened is not None:
        await shown_again(context, opened)
        return
    asked = read_asked(context.words, context.today.year)
    document = _document(context)
    meant = named(await _mine(context, asked.year), asked.name, asked.year)
    if document is not None:
        await _take(context, asked.year, meant, document)
    elif asked.name and len(meant) == 1:
        await _begin(context, asked.year, meant[0])
    else:
        await context.reply(_how(context, asked.year, meant))


def _document(context: Context) -> Document | None:
    """The document that came with the words, or that they reply to. UnfitDocument where it is a photo or the like."""
    message, replied = context.message, context.message.reply_to_message
    if message.document is not None:
        return message.document
    if message.effective_attachment is not None:
        raise UnfitDocument(filings_text.wrong_kind())
    if replied is None or replied.document is not None:
        return replied.document if replied is not None else None
    by_a_bot = replied.from_user is not None and replied.from_user.is_bot
    if replied.effective_attachment is not None and not by_a_bot:
        raise UnfitDocument(filings_text.wrong_kind())
    return None


async def _mine(context: Context, year: int) -> tuple[Owed, ...]:
    """What the person files in a year. NothingToFile where that is nothing."""
    every = await filing_review.of_year(context, year)
    mine = tuple(one for one in every if files_for(context.person, one.place[1]))
    if not mine or not may(context.person, Deed.FILE):
        raise NothingToFile(year)
    return mine


def _how(context: Context, year: int, found: Sequence[Owed]) -> Say:
    buttons = [filings_text.to_file(one, year) for one in found if not one.settled]
    due = filing_review.due(context, year)
    return Say(filings_text.how(year, found, due), in_rows(buttons, 1))


async def _take(context: Context, year: int, meant: Sequence[Owed], document: Document) -> None:
    """The document is here: it is filed where it is clear which it is, else that is asked."""
    evidence = await _keep(context, document)
    draft = FilingDraft("which", year, evidence=evidence, choices=tuple(one.place for one in meant))
    if len(meant) == 1:
        await _submit(context, _chosen(draft, 0), key=context.deed_key())
    else:
        await _send(context, await dialogs.opened(context, draft))


def _chosen(draft: FilingDraft, index: int) -> FilingDraft:
    kind, unit = draft.choices[index]
    return replace(draft, asks="file", kind=kind, unit=unit)


async def _keep(context: Context, document: Document) -> int:
    """Keep the bytes of a PDF, Word or Excel file; the file's id. UnfitDocument for any other, and where there is no room."""
    if document.file_size and document.file_size > LARGEST:
        raise UnfitDocument(filings_text.unfit(Unfit(UnfitKind.TOO_BIG)))
    content = await files.download(context, document.file_id)
    try:
        media = await inspect(content, files.name_of(document))
        if not is_document(media.name):
            raise UnfitDocument(filings_text.wrong_kind())
        stored = await files.keep(context, content, media)
    except Unfit as unfit:
        raise UnfitDocument(filings_text.unfit(unfit)) from None
    except VaultFault as fault:
        raise UnfitDocument(filings_text.not_kept(fault.trouble)) from None
    return await files.remember(context, document, stored)


async def begin_pressed(context: Context) -> None:
    """A document was chosen under a list, a reminder or a return: its file is asked for."""
    year = check_year(names.number(context.argument(0)), context.today.year)
    place = (context.argument(1), context.argument(2) or None)
    async with context.database.reading() as session:
        opened = await drafts.opened_by(session, context.press_key())
    if opened is not None:
        await shown_again(context, opened)
        return
    one = next((one for one in await _mine(context, year) if one.place == place), None)
    if one is None:
        raise names.stale()
    await _begin(context, year, one)


async def _begin(context: Context, year: int, one: Owed) -> None:
    """Ask for the file; an earlier such question is given up, so that no later file answers it."""
    kind, unit = one.place
    async with context.database.transaction() as session:
        for old in await _open(session, context):
            if isinstance(old.draft, FilingDraft) and old.draft.asks == "file":
                deed = f"{context.deed()}:{old.id}"
                await drafts.advance(session, old, old.draft, DraftState.DROPPED, deed=deed)
    await _send(context, await dialogs.opened(context, FilingDraft("file", year, kind, unit)))


async def _open(session: Session, context: Context) -> list[drafts.Kept[drafts.Draft]]:
    since = context.now - dialogs.OPEN_FOR
    return await drafts.open_in(session, person_id=context.person.id, chat_id=context.chat_id, since=since)


async def taken(context: Context) -> bool:
    """A file that the newest open question waits for is filed; False where no question waits for it."""
    message = context.message
    async with context.database.reading() as session:
        done = await drafts.of_deed(session, context.deed_key())
        opened = await _open(session, context)
    if done is not None and isinstance(done.draft, FilingDraft):
        await shown_again(context, done)
        return True
    kept = _waiting(context, opened)
    if kept is None or (message.document is None and may(context.person, Deed.DEDUCT)):
        return False
    document = _document(context)
    assert document is not None
    await _one(context, kept.draft)
    evidence = await _keep(context, document)
    await _submit(context, replace(kept.draft, evidence=evidence), key=kept.key, kept=kept)
    return True


def _waiting(context: Context, opened: Sequence[drafts.Kept[drafts.Draft]]) -> Draft | None:
    """The question that the file answers: the one it replies to, else the newest that takes files."""
    reply = context.message.reply_to_message
    for kept in opened:
        is_ours = isinstance(kept.draft, FilingDraft) and kept.draft.asks == "file"
        if reply is not None:
            if is_ours and kept.message_id == reply.message_id:
                return kept  # type: ignore[return-value]
        elif is_ours:
            return kept  # type: ignore[return-value]
        elif unplaced.takes_files(kept):
            return None
    return None


async def _send(context: Context, kept: Draft) -> None:
    await dialogs.send(context, kept, await _ask(context, kept))


async def _ask(context: Context, kept: Draft) -> Say:
    draft, data = kept.draft, f"fk:{kept.id}:{kept.revision}"
    cancel = Button("取消", f"{data}:x")
    if draft.asks == "which":
        every = {one.place: one for one in await filing_review.of_year(context, draft.year)}
        buttons = [
            Button(filings_text.label("报送", every[place], draft.year), f"{data}:c{index}")
            for index, place in enumerate(draft.choices)
            if place in every
        ]
        return Say(filings_text.ask_which(draft.year), (*in_rows(buttons, 1), (cancel,)))
    if draft.asks == "reason":
        return Say(await filing_review.ask_reason(context, draft), ((cancel,),))
    one = await _one(context, draft)
    return Say(filings_text.ask_file(one, draft.year), ((cancel,),))


async def _one(context: Context, draft: FilingDraft) -> Owed:
    """The person's document that a draft is about. Stale where it is not the person's any more."""
    mine = await _mine(context, draft.year)
    one = next((one for one in mine if one.place == (draft.kind, draft.unit)), None)
    if one is None:
        raise names.stale()
    return one


async def pressed(context: Context) -> None:
    """A button of the dialog: who, which draft and which revision are checked anew."""
    kept = await dialogs.pressed(context, FilingDraft, shown_again, filings_text.settled())
    if kept is None:
        return
    choice = context.argument(2)
    if choice == "x":
        await dialogs.moved(context, kept, kept.draft, DraftState.DROPPED)
        await context.rewrite(Say(filings_text.dropped()))
    elif choice.startswith("c") and kept.draft.asks == "which":
        index = names.number(choice[1:])
        if index >= len(kept.draft.choices):
            raise names.stale()
        await _submit(context, _chosen(kept.draft, index), key=kept.key, kept=kept)
    else:
        raise names.stale()


async def feed(context: Context, kept: Draft, text: str) -> None:
    """The words that a return waits for; a question that waits for a press or a file is put again."""
    if kept.draft.asks == "reason":
        await filing_review.feed(context, kept, text)
    elif kept.state is DraftState.OPEN:
        await _send(context, kept)


async def shown_again(context: Context, kept: Draft) -> None:
    """Handled again: where it stands now."""
    if kept.state is DraftState.OPEN:
        await dialogs.show(context, kept, await _ask(context, kept))
    elif kept.state is DraftState.DROPPED:
        await dialogs.show(context, kept, Say(filings_text.dropped()))
    elif kept.draft.asks == "reason":
        await filing_review.shown_again(context, kept)
    else:
        await _answer(context, kept.draft, key=kept.key, kept=kept)


async def _submit(context: Context, draft: FilingDraft, *, key: str, kept: Draft | None = None) -> None:
    """File it, and tell the office, in one transaction; rights and year are looked at once more."""
    check_year(draft.year, context.today.year)
    await _one(context, draft)
    assert draft.evidence is not None
    async with context.database.transaction() as session:
        filed, fresh = await filings.submit(
            session,
            key=key,
            kind=draft.kind,
            unit=draft.unit,
            year=draft.year,
            evidence=draft.evidence,
            by=context.person.id,
            now=context.now,
        )
        if kept is not None:
            await drafts.advance(session, kept, draft, DraftState.DONE, deed=context.deed())
        if fresh and filed.unit is not None:
            one = filing_review.described(context, filed)
            text = filings_text.please_decide(one, filed.year, context.bureau.calendar.zone)
            for person in await people.holding(session, {Role.OFFICE}):
                await notices.tell(
                    session,
                    context,
                    person,
                    text,
                    key=f"filing{filed.id}",
                    buttons=filing_review.decisions(filed),
                    kind=Kind.STEP,
                )
    await _answer(context, draft, key=key, kept=kept)


async def _answer(context: Context, draft: FilingDraft, *, key: str, kept: Draft | None) -> None:
    """What came of it, told from what is kept: handled again it says the same."""
    assert draft.evidence is not None
    async with context.database.reading() as session:
        made = await filings.made_by(session, key)
        found = made or await filings.of_content(
            session, kind=draft.kind, unit=draft.unit, year=draft.year, evidence=draft.evidence
        )
    assert found is not None
    one = filing_review.described(context, found)
    said = filings_text.filed if made is not None else filings_text.same
    album = not context.pressed and context.message.media_group_id is not None
    say = Say(said(one, draft.year, album=album))
    if kept is not None and context.pressed:
        await dialogs.show(context, kept, say)
        return
    await context.reply(say)
    if kept is not None and kept.message_id is not None:
        await dialogs.replaced(context, Say(filings_text.closed(one, draft.year)), kept.message_id)
