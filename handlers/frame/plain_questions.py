"""Plain words that ask what a command answers, and the typed name that answers its question which unit or sequence."""

from datetime import timedelta

from handlers.frame import dialogs, names
from handlers.frame.context import Context, in_hand
from handlers.frame.reply import Say
from handlers.frame.routes import Command, is_open_to
from rules.draft import NameDraft
from rules.reading import Question, read_question
from rules.refusals import NotAllowed
from storage.drafts import DraftState, Kept

WAIT = timedelta(minutes=10)
"""How long a typed name answers the question which unit or sequence; the buttons under it stay."""


async def ask(context: Context, say: Say) -> None:
    """Ask the command's question which unit or sequence, so that a typed name answers it as a button does."""
    kept = await dialogs.opened(context, NameDraft(in_hand.get().route, context.moment + WAIT, context.words))
    await dialogs.send(context, kept, say)


def asked(context: Context) -> Question | None:
    """What a plain text asks for; None where it asks nothing."""
    if context.message.effective_attachment is not None:
        return None
    return read_question(context.words, names.vocabulary(context), context.running, context.today)


async def answer(context: Context, question: Question) -> None:
    """Answer as the command does that is asked for. NotAllowed for whom it is not."""
    await _run(context, question.topic.value, question.words)


def answers(context: Context) -> bool:
    """Whether a plain text is no more than a name, and perhaps a period."""
    question = asked(context)
    return question is not None and question.bare


async def feed(context: Context, kept: Kept[NameDraft]) -> None:
    """The typed name that was asked for: the command goes on with it, once."""
    if kept.state is DraftState.OPEN:
        await dialogs.moved(context, kept, kept.draft, DraftState.DONE)
    question = asked(context)
    said = question.words if question is not None else context.words
    await _run(context, kept.draft.command, f"{kept.draft.words} {said}".strip())


async def _run(context: Context, name: str, words: str) -> None:
    command = _command(context, name)
    if command.deed is not None and not is_open_to(command, context.person):
        raise NotAllowed(command.deed)
    in_hand.get().route = command.name
    context.words = words
    await command.handle(context)


def _command(context: Context, name: str) -> Command:
    return next(command for command in context.services.commands if command.name == name)
