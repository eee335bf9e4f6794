"""The one gate of every text that is kept: reasons, appeals, decisions (R12, Guard)."""

from handlers.context import Context
from rules.entries import LONGEST_REASON
from rules.policy import Guard
from rules.private_numbers import find_private, hinted, masked
from rules.refusals import EmptyReason, PrivateNumberFound


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


def forget_if_private(context: Context, text: str) -> None:
    """A message with such a number is cleared from the inbox once it is answered, whatever it was about."""
    if context.services.policy.guard is not Guard.ALLOW and find_private(text):
        context.forget()
