"""The one gate of every text that is kept: reasons, appeals, decisions (R12, Guard)."""

from handlers.frame.context import Context
from rules.entries import LONGEST_REASON
from rules.policy import Guard
from rules.private_numbers import find_private, hinted, masked
from rules.reading import Setting, may_be_reason, reason_of
from rules.refusals import EmptyReason, NotAReason, PrivateNumberFound


def check_reason(context: Context, text: str) -> str:
    """The text as it is kept.

    EmptyReason for one without words or too long; PrivateNumberFound where it holds a number that must not be kept.
    """
    reason = text.strip()
    if not any(sign.isalnum() for sign in reason) or len(reason) > LONGEST_REASON:
        raise EmptyReason(LONGEST_REASON)
    guard = context.services.policy.guard
    if guard is Guard.ALLOW:
        return reason
    found = find_private(reason)
    if found and guard is Guard.REFUSE:
        raise PrivateNumberFound(tuple((number.kind.value, hinted(number)) for number in found))
    return masked(reason) if found else reason


def check_is_reason(context: Context, text: str, setting: Setting) -> str:
    """The words of a reason that a text is, as they are kept.

    Raises:
        EmptyReason: There are no words, or too many.
        NotAReason: They read as something else.
        PrivateNumberFound: They hold a number that must not be kept.
    """
    if any(sign.isalnum() for sign in text) and not may_be_reason(text, setting, context.services.bare_words):
        raise NotAReason(text)
    return check_reason(context, reason_of(text))


def forget_if_private(context: Context, text: str) -> None:
    """A message with such a number is cleared from the inbox once it is answered, whatever it was about."""
    if context.services.policy.guard is not Guard.ALLOW and find_private(text):
        context.forget()
