"""What is no command: a file, a reason, an answer to the open question, or lines that read as deductions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from handlers import uploads
from handlers.appeal import appeals
from handlers.audit import seals
from handlers.correct import correct, reason
from handlers.deduct import deduct, deduct_text, drafting, line
from handlers.evidence import files, files_text, placing, unplaced
from handlers.filings import filings
from handlers.frame import dialogs, plain_questions, wording
from handlers.frame.context import Context
from handlers.frame.reply import Say
from handlers.imports import import_reversal
from handlers.method import method_decision
from handlers.months import monthly, signing
from handlers.officers import officer_corrections, officers
from handlers.quarter import course
from rules.access import Deed, may
from rules.draft import (
    AppealDraft,
    Asks,
    CorrectionDraft,
    DeductionDraft,
    FilesDraft,
    FilingDraft,
    GiveBackDraft,
    MethodDraft,
    MonthlyDraft,
    NameDraft,
    OfficerDraft,
    OfficerNoteDraft,
    StepDraft,
    TableDraft,
    TakeBackDraft,
)
from rules.evidence import is_bare, record_named
from rules.reading import Entry, Message, Outcome, Slot, Why
from rules.refusals import NotAllowed, QuestionEnded
from rules.seals import is_seals
from storage import drafts
from storage.database import Session
from storage.drafts import Draft, DraftState, Kept

WAITING = frozenset({"content", "reason", "text", "points"})
"""What a draft asks for that a text answers."""


class Dialog(Protocol):
    """A feature whose questions wait for words."""

    async def feed(self, context: Context, kept: Kept[Any], text: str) -> None:
        """Take the words."""

    async def shown_again(self, context: Context, kept: Kept[Any]) -> None:
        """Handled again: where it stands."""


@dataclass(frozen=True, slots=True)
class Takes:
    """Who takes the words that a kind of question waits for, and what it asks for: one of the deeds."""

    dialog: Dialog
    deeds: tuple[Deed, ...]


DIALOGS: dict[type[Any], Takes] = {
    DeductionDraft: Takes(drafting, (Deed.DEDUCT,)),
    FilesDraft: Takes(unplaced, (Deed.DEDUCT, Deed.APPEAL)),
    CorrectionDraft: Takes(correct, (Deed.CORRECT,)),
    AppealDraft: Takes(appeals, (Deed.APPEAL, Deed.DECIDE)),
    StepDraft: Takes(course, (Deed.SUBMIT, Deed.CONFIRM, Deed.PUBLISH)),
    OfficerDraft: Takes(officers, (Deed.OFFICER_DEDUCT,)),
    OfficerNoteDraft: Takes(officer_corrections, (Deed.OFFICER_DEDUCT,)),
    MonthlyDraft: Takes(monthly, (Deed.MONTHLY,)),
    GiveBackDraft: Takes(signing, (Deed.SIGN,)),
    FilingDraft: Takes(filings, (Deed.FILE, Deed.FILING_DECIDE)),
    MethodDraft: Takes(method_decision, (Deed.METHOD_DECIDE,)),
    TableDraft: Takes(uploads, (Deed.IMPORT, Deed.OFFICER_DEDUCT)),
    TakeBackDraft: Takes(import_reversal, (Deed.IMPORT,)),
}


async def plain(context: Context) -> None:
    """The stations of a text, in order: the first that it belongs to takes it."""
    if context.in_private and is_seals(context.words):
        await seals.compare(context, context.words)
        return
    if files.has_file(context.message) and not _is_new_deduction(context) and await filings.taken(context):
        return
    if await uploads.taken(context):
        return
    if files.has_file(context.message):
        if _is_new_deduction(context):
            await _unasked(context)
            return
        kept = await _open_question(context)
        if await placing.plain(context, kept) or not context.words.strip():
            return
    else:
        kept = await _open_question(context)
    if kept is not None:
        await _feed(context, kept)
    elif not await reason.taken(context):
        if files.has_file(context.message):
            await context.reply(Say(files_text.unread()))
        else:
            await _unasked(context)


def _is_new_deduction(context: Context) -> bool:
    """A picture whose caption reads as a deduction, names no record, and answers nothing."""
    alone = context.message.reply_to_message is None and context.in_private
    return alone and record_named(context.words) is None and _says_deductions(context) is not None


def _says_deductions(context: Context) -> Message | None:
    """The deductions that a plain text says; None where it says none, or to somebody who logs none."""
    if not may(context.person, Deed.DEDUCT):
        return None
    message = line.read(context, context.words, command=False)
    return message if message.outcome is not Outcome.NOTHING else None


async def _open_question(context: Context) -> Kept[Any] | None:
    """The draft that the text answers: the one whose message it replies to, or the newest that waits for words. QuestionEnded."""
    reply = context.message.reply_to_message
    async with context.database.reading() as session:
        done = await drafts.of_deed(session, context.deed_key())
        if done is not None:
            return done
        if reply is not None:
            kept = await drafts.in_message(session, context.chat_id, reply.message_id)
            if kept is None or kept.person_id != context.person.id:
                return None
            drafts.check_going_on(kept.state)
            return kept
        if not context.in_private:
            return None
        return await _waiting(session, context, DraftState.OPEN)


async def _waiting(session: Session, context: Context, state: DraftState) -> Kept[Any] | None:
    """The newest question in this state that waits for words, or did."""
    found = await drafts.open_in(
        session,
        person_id=context.person.id,
        chat_id=context.chat_id,
        since=context.now - dialogs.OPEN_FOR,
        state=state,
    )
    dialog = next((kept for kept in found if _waits_for(context, kept.draft)), None)
    if record_named(context.words) is None or (dialog is not None and is_bare(context.words)):
        return dialog
    return next((kept for kept in found if isinstance(kept.draft, FilesDraft)), dialog)


def _waits_for(context: Context, draft: Draft) -> bool:
    """Whether the question waits for this text: one for a name waits for nothing else."""
    if isinstance(draft, NameDraft):
        return context.moment <= draft.until and plain_questions.answers(context)
    return _wants_text(draft, context.moment, context.words)


def _wants_text(draft: Draft, moment: datetime, text: str) -> bool:
    if isinstance(draft, DeductionDraft):
        return drafting.takes(draft, text)
    if isinstance(draft, OfficerDraft):
        return draft.wants_text
    if isinstance(draft, OfficerNoteDraft):
        return moment <= draft.until
    return type(draft) in DIALOGS and getattr(draft, "asks", "") in WAITING


async def _feed(context: Context, kept: Kept[Any]) -> None:
    """Answer the open question; text that reads as another deduction is none of it. NotAllowed."""
    text = context.words.strip()
    again = kept.last_deed == context.deed_key()
    takes = DIALOGS.get(type(kept.draft))
    if takes is not None and not any(may(context.person, deed) for deed in takes.deeds):
        raise NotAllowed(takes.deeds[0])
    other = None if again else _other_deduction(context, kept.draft)
    question = None if again or context.message.reply_to_message else plain_questions.asked(context)
    if isinstance(kept.draft, NameDraft):
        await plain_questions.feed(context, kept)
    elif other is not None:
        await deduct.take(context, other, confirm=True)
    elif question is not None and not question.bare:
        # The open question waits on.
        await plain_questions.answer(context, question)
    elif takes is not None:
        await (takes.dialog.shown_again(context, kept) if again else takes.dialog.feed(context, kept, text))
    elif kept.state is DraftState.OPEN:
        await reason.ask_again(context, kept)


def _other_deduction(context: Context, draft: Draft) -> Message | None:
    """Another deduction than the one that is being asked for: it names a unit, and the open question waits on."""
    if not isinstance(draft, DeductionDraft):
        return None
    message = _says_deductions(context)
    if message is None or not any(_names_a_unit(said) for said in message.entries):
        return None
    answers = draft.asks in (Asks.UNIT, Asks.SEQUENCE) and len(message.entries) == 1
    return None if answers else message


def _names_a_unit(said: Entry) -> bool:
    """Whether a unit is named, be it one that there is not."""
    doubt = said.doubt(Slot.UNIT)
    return said.unit is not None or (doubt is not None and doubt.why is Why.UNKNOWN)


async def _unasked(context: Context) -> None:
    """Text that nobody waits for: deductions are shown before they are written, all else gets a hint. QuestionEnded."""
    if not context.in_private:
        return
    message = _says_deductions(context)
    if message is not None:
        await deduct.take(context, message, confirm=True)
        return
    question = plain_questions.asked(context)
    if question is not None:
        await plain_questions.answer(context, question)
        return
    deducts = may(context.person, Deed.DEDUCT)
    if context.words.lstrip().startswith(("/", "／")):
        await context.reply(Say(deduct_text.like_command(deducts=deducts)))
    else:
        async with context.database.reading() as session:
            ended = await _waiting(session, context, DraftState.ENDED)
        if ended is not None:
            raise QuestionEnded
        await context.reply(Say(wording.plain_text(deducts=deducts)))
